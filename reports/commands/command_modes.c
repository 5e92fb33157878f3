/* `reservoir modes`: scenarios by every way of learning how a control call ends. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"
#include "conformance/language/all_errors.h"
#include "conformance/language/expand.h"
#include "conformance/language/printer.h"
#include "conformance/modes/mode_cancel.h"
#include "conformance/modes/mode_compare.h"
#include "reports/commands/commands.h"
#include "reports/commands/options.h"
#include "reports/commands/place.h"
#include "reports/commands/run_options.h"
#include "reports/formats/terminal.h"

enum { RULES_COUNT_MAX = 16 };

struct modes_options {
    const char *profile_name, *scenarios, *host;
    bool verbose, uncancelled;
    struct path_list paths;
};

/* clang-format off */
static const struct option_row option_rows[] = {
    { .kind = OPTION_FLAG, .letter = 'v', .name = "--verbose", .member = offsetof(struct modes_options, verbose),
      .help = "each line that differs by a rule, and why an instance cannot be played by a mode" },
    { .kind = OPTION_TEXT, .name = "--profile", .value = "NAME", .member = offsetof(struct modes_options, profile_name),
      .choices = profile_names, .help = "documented, windows (when not said) or any" },
    { .kind = OPTION_TEXT, .name = "--host", .value = "COMMAND", .member = offsetof(struct modes_options, host),
      .offer = OFFER_COMMANDS, .help = "play on the host whose agent this command starts, not on the model; nothing is cancelled there" },
    { .kind = OPTION_FLAG, .name = "--no-cancel", .member = offsetof(struct modes_options, uncancelled),
      .help = "without cancelling each call in every order, which takes most of the time" },
    { .kind = OPTION_TEXT, .name = "--scenarios", .value = "DIR", .member = offsetof(struct modes_options, scenarios),
      .offer = OFFER_FOLDERS, .help = "the tree in which names are looked for" },
};
/* clang-format on */

static int take_path(void *target, struct options *options, const char *word) {
    struct modes_options *modes = target;
    (void)options;
    path_list_add(&modes->paths, word);
    return 0;
}

const struct command command_modes_is = {
    .name = "modes",
    .synopsis = "[OPTION...] [SCENARIO...]",
    .summary = "scenarios by event, routine, port and polling, and cancelled: is it the same?",
    .description =
        "Plays each scenario as it is written and again with every synchronous control call made overlapped: its end learnt by an "
        "event, by a completion routine, by a completion port, by polling. Every line has to be answered as before. Where an outcome "
        "may differ is a table of rules, each with its source; any other difference fails.\n"
        "Then each control call is cancelled at every point, on a provider that takes its time: in every order it ends as ever, and "
        "the rest goes as ever; or it ends with WSA_OPERATION_ABORTED, and the rest goes as if it had not been made.\n"
        "Without a scenario all of the tree are played. The lines are made from the scenario: it needs nothing for this.",
    .rows = option_rows,
    .rows_count = sizeof option_rows / sizeof option_rows[0],
    .examples =
        "reservoir modes\nreservoir modes associate runtime/canonical\nreservoir modes control --host 'wine build/agent.exe'",
    .status =
        "0 by every mode the same, but for the rules; 1 another difference; 2 wrong usage, or nothing that could be played.",
    .take_word = take_path,
    .run = command_modes,
};

struct counting {
    const struct modes_options *options;
    const struct profile *profile;
    struct subject *subject;
    unsigned scenarios, instances, wrong;
    struct mode_count {
        unsigned instances, calls, lines, by_rule, forbidden, unplayed;
    } modes[COMPLETIONS_COUNT];
    unsigned rules[RULES_COUNT_MAX];
    char seen[RULES_COUNT_MAX][96]; /* where each rule was seen first */
    unsigned cancelled_calls, cancelled_not;
    uint64_t orders, ended, aborted;
};

/* --- differences -------------------------------------------------------------------------------------------------- */

static void add_answer(const struct mode_answer *answer, struct text *out) {
    if (answer->is_control) learnt_print(&answer->learnt, out);
    else text_add(out, "%s", answer->text == NULL ? "not sent" : answer->text);
}

static void print_difference(const struct counting *counting, const struct scenario *instance,
                             const struct mode_lines *lines, const struct mode_played *sync,
                             const struct mode_played *other, unsigned original, const char *rule) {
    struct text call = { 0 }, one = { 0 }, two = { 0 };
    const struct step *step = sync->answers[original].step;
    (void)counting;
    step_print_call(lines->instance, other->answers[original].step, &call);
    add_answer(&sync->answers[original], &one);
    add_answer(&other->answers[original], &two);
    output_say("%s:%u: %s %s%s\n  %s\n  %-10s %s\n  %-10s %s\n", instance->file, (unsigned)step->position.line,
               instance->name, rule == NULL ? "differs" : "differs by the rule ", rule == NULL ? "" : rule, call.bytes,
               "sync", one.bytes, completion_name(lines->completion), two.bytes);
    text_free(&call);
    text_free(&one);
    text_free(&two);
}

static void count_rule(struct counting *counting, int rule, const struct scenario *instance, const struct step *step) {
    if (counting->rules[rule]++ > 0) return;
    snprintf(counting->seen[rule], sizeof counting->seen[rule], "%.70s line %u", instance->name,
             (unsigned)step->position.line);
}

/* Compares line by line; what follows a difference may follow from it, so that it ends there. */
static void compare(struct counting *counting, const struct scenario *instance, const struct mode_lines *lines,
                    const struct mode_played *sync, const struct mode_played *other) {
    unsigned count = 0;
    const struct mode_rule *table = mode_rules(&count);
    struct mode_count *mode = &counting->modes[lines->completion];
    for (unsigned i = 0; i < sync->count && i < other->count; i++) {
        int rule = mode_compare(lines, sync, other, i);
        if (sync->answers[i].step != NULL) mode->lines++;
        if (rule == MODE_EQUAL) continue;
        if (rule == MODE_FORBIDDEN) {
            mode->forbidden++;
            counting->wrong++;
            print_difference(counting, instance, lines, sync, other, i, NULL);
            return;
        }
        mode->by_rule++;
        count_rule(counting, rule, instance, sync->answers[i].step);
        if (counting->options->verbose) print_difference(counting, instance, lines, sync, other, i, table[rule].name);
    }
}

static void count_unplayed(struct counting *counting, const struct scenario *instance, enum completion completion,
                           const struct reason *reason) {
    counting->modes[completion].unplayed++;
    if (counting->options->verbose)
        output_say("%s: not by %s: %s\n", instance->name, completion_name(completion), reason->text);
}

/* --- instances ---------------------------------------------------------------------------------------------------- */

static void play_mode(struct counting *counting, const struct scenario *instance, enum completion completion,
                      const struct mode_played *sync) {
    struct mode_lines *lines = memory_zeroed(sizeof *lines);
    struct mode_played played = { .count = 0 };
    struct reason reason = { "" };
    if (!mode_lines_make(instance, completion, lines, &reason)) {
        count_unplayed(counting, instance, completion, &reason);
    } else {
        mode_play(counting->subject, lines, instance->name, &played);
        if (played.trouble.text[0] != '\0') count_unplayed(counting, instance, completion, &played.trouble);
        else {
            counting->modes[completion].instances++;
            counting->modes[completion].calls += played.calls;
            compare(counting, instance, lines, sync, &played);
        }
        mode_played_free(&played);
    }
    mode_lines_free(lines);
    free(lines);
}

static void cancel_calls(struct counting *counting, const struct scenario *instance) {
    for (uint32_t i = 0; i < instance->steps_count; i++) {
        struct mode_cancelled cancelled;
        if (!mode_changes(instance, &instance->steps[i])) continue;
        mode_cancel(instance, counting->profile, i, &cancelled);
        counting->orders += cancelled.orders;
        counting->ended += cancelled.ended;
        counting->aborted += cancelled.aborted;
        if (cancelled.trouble.text[0] != '\0') counting->cancelled_not++;
        else counting->cancelled_calls++;
        if (cancelled.trouble.text[0] != '\0' && counting->options->verbose)
            output_say("%s: line %u is not cancelled: %s\n", instance->name, (unsigned)instance->steps[i].position.line,
                       cancelled.trouble.text);
        if (cancelled.wrong.length > 0) {
            counting->wrong++;
            output_say("%s:%u: %s: cancelled, it neither ended as ever nor left everything as it was\n%s",
                       instance->file, (unsigned)instance->steps[i].position.line, instance->name,
                       cancelled.wrong.bytes);
        }
        mode_cancelled_free(&cancelled);
    }
}

static void play_instance(struct counting *counting, const struct scenario *instance) {
    struct mode_lines *lines = memory_zeroed(sizeof *lines);
    struct mode_played sync = { .count = 0 };
    struct reason reason = { "" };
    if (mode_lines_make(instance, COMPLETION_SYNC, lines, &reason) && lines->calls > 0) {
        mode_play(counting->subject, lines, instance->name, &sync);
        bool played = sync.trouble.text[0] == '\0';
        if (!played) count_unplayed(counting, instance, COMPLETION_SYNC, &sync.trouble);
        else {
            counting->instances++;
            counting->modes[COMPLETION_SYNC].instances++;
            counting->modes[COMPLETION_SYNC].calls += sync.calls;
            for (unsigned i = COMPLETION_EVENT; i < COMPLETIONS_COUNT; i++)
                play_mode(counting, instance, (enum completion)i, &sync);
            if (counting->options->host == NULL && !counting->options->uncancelled) cancel_calls(counting, instance);
        }
        mode_played_free(&sync);
    } else if (reason.text[0] != '\0') {
        count_unplayed(counting, instance, COMPLETION_SYNC, &reason);
    }
    mode_lines_free(lines);
    free(lines);
}

static void play_file(struct counting *counting, const struct scenario_file *file) {
    unsigned before = counting->instances;
    for (unsigned i = 0; i < scenario_instances_count(file->scenario); i++) {
        if (!scenario_file_has(file, i)) continue;
        struct scenario *instance = scenario_expand(file->scenario, i);
        play_instance(counting, instance);
        scenario_free(instance);
    }
    counting->scenarios += counting->instances > before;
}

/* --- the report --------------------------------------------------------------------------------------------------- */

static void print_modes(const struct counting *counting) {
    output_say("%u scenarios with control calls, %u instances\n\n", counting->scenarios, counting->instances);
    output_say("  %-10s %10s %10s %10s %10s %10s %10s\n", "mode", "instances", "calls", "lines", "by a rule",
               "different", "not played");
    for (unsigned i = 0; i < COMPLETIONS_COUNT; i++) {
        const struct mode_count *mode = &counting->modes[i];
        const char *name = completion_name((enum completion)i);
        if (i == COMPLETION_SYNC)
            output_say("  %-10s %10u %10u %10s %10s %10s %10u\n", name, mode->instances, mode->calls, "", "", "",
                       mode->unplayed);
        else
            output_say("  %-10s %10u %10u %10u %10u %10u %10u\n", name, mode->instances, mode->calls, mode->lines,
                       mode->by_rule, mode->forbidden, mode->unplayed);
    }
}

static void print_rules(const struct counting *counting) {
    unsigned count = 0;
    const struct mode_rule *table = mode_rules(&count);
    output_say("\nWhere outcomes may differ\n\n");
    for (unsigned i = 0; i < count; i++) {
        output_say("  %-14s %u lines%s%s\n", table[i].name, counting->rules[i],
                   counting->rules[i] > 0 ? ", the first in " : "", counting->rules[i] > 0 ? counting->seen[i] : "");
        output_say("    %s. %s\n", table[i].what, table[i].sources);
    }
}

static void print_cancelled(const struct counting *counting) {
    if (counting->options->host != NULL || counting->options->uncancelled) return;
    output_say(
        "\nCancelled at every point: %u calls in %" PRIu64 " orders; in %" PRIu64 " the call ended as ever, in %" PRIu64
        " it was aborted\nand had no effect. %u calls cannot be cancelled so.\n",
        counting->cancelled_calls, counting->orders, counting->ended, counting->aborted, counting->cancelled_not);
}

static int play_all(struct counting *counting, const struct modes_options *options) {
    const char *tree = options->scenarios != NULL ? options->scenarios : place_of_scenarios();
    struct scenario_set set = { .count = 0 };
    if (options->paths.count == 0) scenario_set_add(&set, tree);
    for (size_t i = 0; i < options->paths.count; i++) place_add_named(&set, tree, options->paths.paths[i]);
    errors_print(&set.errors);
    for (size_t i = 0; i < set.count; i++) play_file(counting, &set.files[i]);
    bool broken = set.broken_count > 0;
    scenario_set_free(&set);
    if (counting->instances == 0 && !broken) errors_say("reservoir modes: no control call could be played\n");
    if (broken || counting->instances == 0) return 2;
    print_modes(counting);
    print_rules(counting);
    print_cancelled(counting);
    return counting->wrong > 0 ? 1 : 0;
}

int command_modes(int count, char **arguments) {
    struct modes_options options = { .verbose = false };
    int status = options_read(&command_modes_is, &options, count, arguments);
    struct counting counting = { .options = &options };
    counting.profile = profile_for(options.profile_name == NULL ? "windows" : options.profile_name);
    if (status == 0) {
        const struct host_command host = { .command = options.host };
        counting.subject =
            options.host == NULL ? subject_model(counting.profile, 0) : subject_host(&host, 1, host_limits_ordinary());
        const char *unusable = counting.subject->unusable_reason.text;
        if (unusable[0] == '\0') status = play_all(&counting, &options);
        else errors_say("reservoir modes: %s\n", unusable);
        if (unusable[0] != '\0') status = 2;
        subject_free(counting.subject);
    }
    path_list_free(&options.paths);
    return status < 0 ? 0 : status;
}
