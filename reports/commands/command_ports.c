#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "conformance/language/expand.h"
#include "conformance/language/parser.h"
#include "conformance/language/printer.h"
#include "conformance/language/step_order.h"
#include "conformance/player/play.h"
#include "conformance/session/session_print.h"
#include "conformance/stage/model_executor.h"
#include "conformance/stage/port_view.h"
#include "reports/commands/commands.h"
#include "reports/commands/options.h"
#include "reports/commands/run_options.h"
#include "stack/readings.h"

static const char help[] =
    "reservoir ports [--profile NAME] [--seed N] FILE...\n"
    "\n"
    "Plays scenarios on the model and shows, after each step that changed them, which port ranges are reserved or excluded:\n"
    "the tables that an administrator sees with `netsh interface ipv4 show excludedportrange`. A range marked with * is\n"
    "administered: bind may take its ports, another reservation may not. Whether reservations are listed, and how, is open\n"
    "question 36. Of variants the first instance is played.\n"
    "\n"
    "  --profile NAME   documented, windows (when not said) or any\n"
    "  --seed N         for what the profile leaves open; 0 (when not said) is the ordinary machine\n"
    "\n"
    "Examples:\n"
    "  reservoir ports scenarios/runtime/canonical.scn\n"
    "  reservoir ports scenarios/acquire/exclusion.scn\n"
    "\n"
    "Exit status: 0; 2 wrong usage, a file that cannot be read or parsed, or a scenario that the model cannot play.\n";

static const char *const known[] = { "--profile", "--seed", "--help", NULL };

struct showing {
    const struct profile *profile;
    uint64_t seed;
    unsigned files, broken;
};

/* The tables as they are now, when they are not what they were. */
static void show_change(const struct world *world, struct text *before) {
    struct text now = { 0 };
    port_view_print(world, &now);
    bool same = before->length == now.length && memcmp(before->bytes, now.bytes, now.length) == 0;
    if (!same) printf("\n%s\n", now.bytes);
    text_free(before);
    *before = now;
}

static bool play_step(struct player *player, const struct step *step) {
    struct observation seen;
    struct text line = { 0 };
    memset(&seen, 0, sizeof seen);
    enum step_result result = player_step(player, step, &seen);
    if (result == STEP_SEEN) {
        session_print_answer(&player->session, player->scenario, step, &seen, &line);
    } else {
        step_print_call(player->scenario, step, &line);
        text_add(&line, "%s\n", result == STEP_NEEDS ? "  # not sent: an input was never produced" : "");
    }
    fputs(line.bytes, stdout);
    text_free(&line);
    return result != STEP_UNSUPPORTED && result != STEP_BROKEN;
}

static bool play_all(struct player *player, const struct model_executor *model) {
    struct step_order order;
    struct text view = { 0 };
    bool good = true;
    step_order_fill(&order, player->scenario);
    show_change(model->world, &view);
    for (unsigned i = 0; i < order.count && good; i++) {
        good = play_step(player, order.steps[i]);
        show_change(model->world, &view);
    }
    text_free(&view);
    return good;
}

static void show_instance(struct showing *showing, const struct scenario *instance) {
    static struct player player; /* large */
    struct model_executor model;
    bool good = model_executor_init(&model, showing->profile, showing->seed);
    assert(instance->dimensions_count == 0);
    printf("%s\n", instance->name);
    if (good) {
        good = player_begin(&player, instance, model_executor_interface(&model)) == STEP_DONE && play_all(&player, &model);
        (void)player_end(&player);
    }
    if (!good) {
        fprintf(stderr, "reservoir ports: %s: %s\n", instance->name, player.reason[0] == '\0' ? "cannot be played" : player.reason);
        showing->broken++;
    }
    model_executor_free(&model);
}

static void show_file(struct showing *showing, const char *path) {
    static struct language_error error; /* large */
    struct scenario *scenario = scenario_parse_file(path, &error);
    showing->files++;
    if (scenario == NULL) {
        struct text message = { 0 };
        language_error_print(&error, &message);
        fputs(message.bytes, stderr);
        text_free(&message);
        showing->broken++;
        return;
    }
    struct scenario *instance = scenario_expand(scenario, 0);
    show_instance(showing, instance);
    scenario_free(instance);
    scenario_free(scenario);
}

/* One option. 0, or 2 having complained. */
static int take_option(struct showing *showing, struct options *options) {
    if (options_is(options, "--seed")) return options_number(options, UINT64_MAX, &showing->seed) ? 0 : 2;
    if (!options_is(options, "--profile")) return options_unknown(options, known);
    const char *name = options_value(options);
    if (name == NULL) return 2;
    showing->profile = profile_for(name);
    return showing->profile != NULL ? 0 : options_wrong(options, "unknown profile %s; expected documented, windows or any", name);
}

int command_ports(int count, char **arguments) {
    struct options options = { .command = "ports", .help = help, .count = count, .arguments = arguments };
    struct showing showing = { .profile = profile_named("windows") };
    while (options_next(&options)) {
        if (options_helped(&options)) return 0;
        if (!options.is_option) {
            show_file(&showing, options.word);
            continue;
        }
        int status = take_option(&showing, &options);
        if (status != 0) return status;
    }
    if (showing.files == 0) return options_wrong(&options, "nothing to play: name a scenario's file");
    return showing.broken > 0 ? 2 : 0;
}
