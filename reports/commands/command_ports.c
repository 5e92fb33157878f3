/* `reservoir ports`: the reserved ports of a modelled machine, as an administrator sees them. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"
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
#include "reports/commands/place.h"
#include "reports/commands/run_options.h"
#include "reports/formats/terminal.h"
#include "stack/readings.h"

struct ports_options { const char *profile_name, *scenarios; uint64_t seed; struct path_list paths; };

static const struct option_row option_rows[] = {
    { .kind = OPTION_TEXT, .name = "--profile", .value = "NAME", .member = offsetof(struct ports_options, profile_name),
      .choices = profile_names, .help = "documented, windows (when not said) or any" },
    { .kind = OPTION_NUMBER, .name = "--seed", .value = "N", .member = offsetof(struct ports_options, seed), .most = UINT64_MAX,
      .help = "for what the profile leaves open; 0 (when not said) is the ordinary machine" },
    { .kind = OPTION_TEXT, .name = "--scenarios", .value = "DIR", .member = offsetof(struct ports_options, scenarios),
      .offer = OFFER_FOLDERS, .help = "the tree in which names are looked for" },
};

static int take_path(void *target, struct options *options, const char *word) {
    struct ports_options *ports = target;
    (void)options;
    path_list_add(&ports->paths, word);
    return 0;
}

const struct command command_ports_is = {
    .name = "ports", .synopsis = "[OPTION...] SCENARIO...",
    .summary = "what netsh would list after each step of a scenario on the model",
    .description =
        "Plays scenarios on the model and shows, after each step that changed them, which port ranges are reserved or excluded: the "
        "tables that an administrator sees with `netsh interface ipv4 show excludedportrange`. A range marked with * is administered: "
        "bind may take its ports, another reservation may not. Whether reservations are listed, and how, is open question 36. "
        "Scenarios are named as in `reservoir run`; of variants the first instance is played, unless one is named.",
    .rows = option_rows, .rows_count = sizeof option_rows / sizeof option_rows[0],
    .examples = "reservoir ports runtime/canonical\nreservoir ports 'acquire/exclusion[udp.v6]'",
    .status = "0; 2 wrong usage, a file that cannot be read or parsed, or a scenario that the model cannot play.",
    .take_word = take_path, .run = command_ports,
};

struct showing {
    const struct profile *profile;
    uint64_t seed;
    unsigned broken;
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
    output_print(&line);
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
    struct player *player = memory_zeroed(sizeof *player);
    struct model_executor model;
    bool good = model_executor_init(&model, showing->profile, showing->seed);
    assert(instance->dimensions_count == 0);
    printf("%s\n", instance->name);
    if (good) {
        good = player_begin(player, instance, model_executor_interface(&model)) == STEP_DONE && play_all(player, &model);
        (void)player_end(player);
    }
    if (!good) {
        fprintf(stderr, "reservoir ports: %s: %s\n", instance->name, player->reason.text[0] == '\0' ? "cannot be played" : player->reason.text);
        showing->broken++;
    }
    model_executor_free(&model);
    free(player);
}

/* The first instance that was chosen. */
static void show_file(struct showing *showing, const struct scenario_file *file) {
    unsigned first = 0;
    if (scenario_file_count(file) == 0) return; /* a variant that it does not have */
    while (!scenario_file_has(file, first)) first++;
    struct scenario *instance = scenario_expand(file->scenario, first);
    show_instance(showing, instance);
    scenario_free(instance);
}

static void show_paths(struct showing *showing, const struct ports_options *options) {
    const char *tree = options->scenarios != NULL ? options->scenarios : place_of_scenarios();
    struct scenario_set set = { .count = 0 };
    for (size_t i = 0; i < options->paths.count; i++) place_add_named(&set, tree, options->paths.paths[i]);
    errors_print(&set.errors);
    for (size_t i = 0; i < set.count; i++) show_file(showing, &set.files[i]);
    showing->broken += set.broken_count;
    scenario_set_free(&set);
}

int command_ports(int count, char **arguments) {
    const struct options words = { .command = &command_ports_is };
    struct ports_options options = { .seed = 0 };
    int status = options_read(&command_ports_is, &options, count, arguments);
    struct showing showing = { .seed = options.seed };
    showing.profile = profile_for(options.profile_name == NULL ? "windows" : options.profile_name);
    if (status == 0 && options.paths.count == 0) status = options_wrong(&words, "nothing to play: name a scenario");
    if (status == 0) show_paths(&showing, &options);
    path_list_free(&options.paths);
    if (status != 0) return status < 0 ? 0 : status;
    return showing.broken > 0 ? 2 : 0;
}
