/* `reservoir ports`: the ports of a modelled machine, and who holds them. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "conformance/language/expand.h"
#include "reports/commands/commands.h"
#include "reports/commands/holders.h"
#include "reports/commands/options.h"
#include "reports/commands/place.h"
#include "reports/commands/played.h"
#include "reports/commands/run_options.h"
#include "reports/formats/terminal.h"
#include "stack/readings.h"

struct ports_options {
    const char *profile_name, *scenarios;
    bool tables;
    uint64_t seed;
    struct path_list paths;
};

/* clang-format off */
static const struct option_row option_rows[] = {
    { .kind = OPTION_FLAG, .name = "--netsh", .member = offsetof(struct ports_options, tables),
      .help = "the two tables that netsh would print, after each step that changed them" },
    { .kind = OPTION_TEXT, .name = "--profile", .value = "NAME", .member = offsetof(struct ports_options, profile_name),
      .choices = profile_names, .help = "documented, windows (when not said) or any" },
    { .kind = OPTION_NUMBER, .name = "--seed", .value = "N", .member = offsetof(struct ports_options, seed), .most = UINT64_MAX,
      .help = "for what the profile leaves open; 0 (when not said) is the ordinary machine" },
    { .kind = OPTION_TEXT, .name = "--scenarios", .value = "DIR", .member = offsetof(struct ports_options, scenarios),
      .offer = OFFER_FOLDERS, .help = "the tree in which names are looked for" },
};
/* clang-format on */

static int take_path(void *target, struct options *options, const char *word) {
    struct ports_options *ports = target;
    (void)options;
    path_list_add(&ports->paths, word);
    return 0;
}

const struct command command_ports_is = {
    .name = "ports",
    .synopsis = "[OPTION...] SCENARIO...",
    .summary = "who holds which ports after each step of a scenario on the model",
    .description =
        "Plays scenarios on the model and shows below each step what it changed, a line a range: a block and whose it is, an exclusion, "
        "a bound port, or that it is free again.\n"
        "With --netsh instead the tables that an administrator sees with `netsh interface ipv4 show excludedportrange`. A range marked "
        "with * is administered: bind may take its ports, another reservation may not. Whether reservations are listed, and how, is "
        "open question 36. Scenarios are named as in `reservoir run`; of variants the first instance is played, unless one is named.",
    .rows = option_rows,
    .rows_count = sizeof option_rows / sizeof option_rows[0],
    .examples = "reservoir ports runtime/canonical\nreservoir ports 'acquire/exclusion[udp.v6]'",
    .status = "0; 2 wrong usage, a file that cannot be read or parsed, or a scenario that the model cannot play.",
    .take_word = take_path,
    .run = command_ports,
};

struct showing {
    const struct profile *profile;
    bool tables;
    uint64_t seed;
    unsigned broken;
};

/* What changed between two steps; `before` is NULL for all that there is in the beginning. */
static void add_changes(const struct showing *showing, const struct played_step *before, const struct played_step *now,
                        struct text *out) {
    if (!showing->tables) holders_add_changes(before == NULL ? NULL : before->holders, now->holders, "    ", out);
    else if (before == NULL || strcmp(before->tables, now->tables) != 0) text_add(out, "\n%s\n", now->tables);
}

static void show_steps(const struct showing *showing, const struct played *played) {
    struct text text = { 0 };
    add_changes(showing, NULL, &played->before, &text);
    for (unsigned i = 0; i < played->count; i++) {
        const struct played_step *step = &played->steps[i];
        text_add(&text, "%s", step->call);
        if (step->answer != NULL) text_add(&text, " -> %s", step->answer);
        else if (step->unsent != NULL) text_add(&text, "  # %s", step->unsent);
        if (step->live[0] != '\0') text_add(&text, "  # %s", step->live);
        text_add(&text, "\n");
        text_add_indented(&text, "", step->routines);
        add_changes(showing, i == 0 ? &played->before : step - 1, step, &text);
    }
    if (text.length > 0) output_print(&text);
    text_free(&text);
}

static void show_instance(struct showing *showing, const struct scenario *instance) {
    struct played played;
    bool good = played_by(instance, showing->profile, showing->seed, &played);
    output_say("%s\n", instance->name);
    if (good) show_steps(showing, &played);
    if (!good || played.ended_early) {
        const char *why = good ? played.steps[played.count - 1].unsent : played.reason.text;
        errors_say("reservoir ports: %s: %s\n", instance->name, why);
        showing->broken++;
    }
    played_free(&played);
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
    struct showing showing = { .seed = options.seed, .tables = options.tables };
    showing.profile = profile_for(options.profile_name == NULL ? "windows" : options.profile_name);
    if (status == 0 && options.paths.count == 0) status = options_wrong(&words, "nothing to play: name a scenario");
    if (status == 0) show_paths(&showing, &options);
    path_list_free(&options.paths);
    if (status != 0) return status < 0 ? 0 : status;
    return showing.broken > 0 ? 2 : 0;
}
