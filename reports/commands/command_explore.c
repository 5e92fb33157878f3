/* `reservoir explore`: every order of one scenario, named as `reservoir run` names it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "conformance/base/text.h"
#include "conformance/explorer/explore.h"
#include "conformance/language/expand.h"
#include "conformance/runner/scenario_set.h"
#include "reports/commands/commands.h"
#include "reports/commands/options.h"
#include "reports/commands/place.h"
#include "reports/formats/terminal.h"
#include "stack/readings.h"

enum { ORDERS_MOST = 1000000 };

struct explore_options {
    const char *profile, *order, *path;
    uint64_t most;
    bool one_by_one;
};

static const char *const profiles[] = { "documented", "windows", NULL };

/* clang-format off */
static const struct option_row option_rows[] = {
    { .kind = OPTION_TEXT, .name = "--profile", .value = "NAME", .member = offsetof(struct explore_options, profile), .choices = profiles,
      .help = "how open questions are answered: windows, where nothing is said, or documented" },
    { .kind = OPTION_NUMBER, .name = "--orders", .value = "N", .member = offsetof(struct explore_options, most), .least = 1,
      .most = ORDERS_MOST, .help = "nothing more is played of an instance that has so many; 1,000,000 where nothing is said" },
    { .kind = OPTION_FLAG, .name = "--one-by-one", .member = offsetof(struct explore_options, one_by_one),
      .help = "play each order to its end, also from a state that another one has come to: slower, with the same result" },
    { .kind = OPTION_TEXT, .name = "--replay", .value = "ORDER", .member = offsetof(struct explore_options, order),
      .help = "play this one order, as a report names it, and show what happens when" },
};
/* clang-format on */

static int take_path(void *target, struct options *options, const char *word) {
    struct explore_options *explore = target;
    if (explore->path != NULL) return options_wrong(options, "one scenario at a time, not %s as well", word);
    explore->path = word;
    return 0;
}

const struct command command_explore_is = {
    .name = "explore",
    .synopsis = "[OPTION...] SCENARIO",
    .summary = "all orders of completions, wakes and `together` lines of a scenario",
    .description =
        "Plays a scenario on the model in every order: each request may complete, each thread wake and each packet arrive at once or "
        "later, until something waits for it; of several that could happen any may be first; lines of a `together` come in any order. "
        "Reports how many orders there are, the different outcomes, the shortest order to each, and how much was played: where orders "
        "lead to the same state, what follows is played once.\n"
        "An outcome that some order gives and the scenario does not allow is a counterexample. So is an order in which the scenario "
        "misuses memory that belongs to the system: both lines are named. Its order can be played again with "
        "--replay.",
    .rows = option_rows,
    .rows_count = sizeof option_rows / sizeof option_rows[0],
    .examples = "reservoir explore cancel/associate-pending\nreservoir explore race.scn --replay 0.1",
    .status =
        "0 every order gives what the scenario allows; 1 a counterexample; 2 a file that cannot be read or played, or more orders "
        "than were tried.",
    .take_word = take_path,
    .run = command_explore,
};

static void print_outcome(const char *path, const struct scenario *instance, const struct profile *profile,
                          const struct explored_outcome *outcome) {
    struct text order = { 0 }, account = { 0 };
    order_print(&outcome->first, &order);
    output_say("  %s: %" PRIu64 " order%s, the shortest is %s\n",
               outcome->forbidden_line > 0 ? "not allowed" : "allowed", outcome->orders,
               outcome->orders == 1 ? "" : "s", order.bytes);
    explore_tell(instance, profile, &outcome->first, &account);
    text_add_byte(&account, '\n');
    for (const char *at = account.bytes; *at != '\0' && at[1] != '\0'; at = strchr(at, '\n') + 1)
        output_say("    %.*s\n", (int)strcspn(at, "\n"), at);
    if (outcome->forbidden_line > 0) output_say("    again: reservoir explore %s --replay %s\n", path, order.bytes);
    text_free(&order);
    text_free(&account);
}

/* 0, 1 or 2: the exit status. */
static int explore_instance(const struct explore_options *options, const struct scenario *instance,
                            const struct profile *profile) {
    struct exploration exploration;
    unsigned forbidden = 0;
    const struct explore_limits limits = { .orders_most = options->most, .one_by_one = options->one_by_one };
    explore(instance, profile, &limits, &exploration);
    if (exploration.trouble.length > 0) {
        output_say("%s: cannot be played: %s\n", instance->name, exploration.trouble.bytes);
        exploration_free(&exploration);
        return 2;
    }
    for (unsigned i = 0; i < exploration.outcomes_count; i++) forbidden += exploration.outcomes[i].forbidden_line > 0;
    output_say("%s: %" PRIu64 " order%s, %s; %u outcome%s, %u not allowed\n", instance->name, exploration.orders,
               exploration.orders == 1 ? "" : "s", exploration.exhaustive ? "which are all" : "not all",
               exploration.outcomes_count, exploration.outcomes_count == 1 ? "" : "s", forbidden);
    output_say("%s: %" PRIu64 " run%s through %" PRIu64 " states\n", instance->name, exploration.runs,
               exploration.runs == 1 ? "" : "s", exploration.states);
    for (unsigned i = 0; i < exploration.outcomes_count; i++)
        print_outcome(options->path, instance, profile, &exploration.outcomes[i]);
    bool exhaustive = exploration.exhaustive;
    exploration_free(&exploration);
    return forbidden > 0 ? 1 : exhaustive ? 0 : 2;
}

static int replay_instance(const struct explore_options *options, const struct scenario *instance,
                           const struct profile *profile) {
    struct order order;
    struct text account = { 0 };
    if (!order_parse(options->order, &order)) {
        errors_say("reservoir explore: --replay: expected an order such as 0.1.2, found %s\n", options->order);
        return 2;
    }
    explore_tell(instance, profile, &order, &account);
    output_say("%s\n%s", instance->name, account.length > 0 ? account.bytes : "");
    text_free(&account);
    return 0;
}

static int explore_file(const struct explore_options *options, const struct scenario_file *file) {
    const struct profile *profile = profile_named(options->profile);
    int status = 0;
    for (unsigned i = 0; i < file->instances_count; i++) {
        if (!scenario_file_has(file, i)) continue;
        struct scenario *instance = scenario_expand(file->scenario, i);
        int worst = options->order != NULL ? replay_instance(options, instance, profile)
                                           : explore_instance(options, instance, profile);
        if (worst > status) status = worst;
        scenario_free(instance);
    }
    return status;
}

int command_explore(int count, char **arguments) {
    const struct options words = { .command = &command_explore_is };
    struct explore_options options = { .profile = "windows", .most = ORDERS_MOST };
    struct scenario_set set = { .count = 0 };
    int status = options_read(&command_explore_is, &options, count, arguments);
    if (status != 0) return status < 0 ? 0 : status;
    if (options.path == NULL) return options_wrong(&words, "which scenario?");
    place_add_named(&set, place_of_scenarios(), options.path);
    errors_print(&set.errors);
    if (set.broken_count > 0) status = 2;
    for (size_t i = 0; i < set.count; i++) {
        int worst = explore_file(&options, &set.files[i]);
        if (worst > status) status = worst;
    }
    scenario_set_free(&set);
    return status;
}
