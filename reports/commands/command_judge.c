/* `reservoir judge`: may a host answer what these traces report? */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "conformance/base/bundle.h"
#include "conformance/base/folders.h"
#include "conformance/judge/trace_judge.h"
#include "conformance/language/all_errors.h"
#include "conformance/language/parser_known.h"
#include "reports/commands/commands.h"
#include "reports/commands/options.h"
#include "reports/commands/run_options.h"
#include "reports/commands/workers.h"
#include "reports/formats/report.h"
#include "reports/formats/terminal.h"
#include "stack/readings.h"

struct judge_options {
    const char *profile_name;
    uint64_t jobs;
    struct readings_given readings;
    struct path_list paths;
};

static int take_reading(void *target, struct options *options, const char *value) {
    struct judge_options *judge = target;
    return readings_given_take(&judge->readings, options, value);
}

/* clang-format off */
static const struct option_row option_rows[] = {
    { .kind = OPTION_TEXT, .name = "--profile", .value = "NAME", .member = offsetof(struct judge_options, profile_name),
      .choices = profile_names,
      .help = "documented or windows: open questions are taken as answered so; any (when not said): all are open" },
    { .kind = OPTION_TAKEN, .name = "--reading", .value = "Q38=b", .take = take_reading,
      .help = "this question is taken as answered so, whatever the profile says; repeatable" },
    { .kind = OPTION_NUMBER, .letter = 'j', .name = "--jobs", .value = "N", .member = offsetof(struct judge_options, jobs), .least = 1,
      .most = WORKERS_MAX, .help = "processes that share the work when traces are many; when not said, one for each processor" },
};
/* clang-format on */

static int take_path(void *target, struct options *options, const char *word) {
    struct judge_options *judge = target;
    (void)options;
    path_list_add(&judge->paths, word);
    return 0;
}

const struct command command_judge_is = {
    .name = "judge",
    .synopsis = "[OPTION...] TRACE...",
    .summary = "may a host answer this?",
    .description =
        "Says of each trace whether a host may answer so. A folder stands for all *.trace below it, as does a result that `reservoir pack` wrote, `-` for standard input. Of a trace that is rejected every "
        "step that was not allowed is shown, with what was; judging continues from the nearest allowed world. Of one that is allowed "
        "the readings that it decides are named. What several machines did over links only the model plays, and it is not judged.",
    .rows = option_rows,
    .rows_count = sizeof option_rows / sizeof option_rows[0],
    .examples =
        "reservoir judge traces/associate/after-bind[tcp.v4].trace\nreservoir judge --profile documented traces\n"
        "reservoir judge --reading Q38=a --reading Q89=a traces",
    .status =
        "0 all are allowed; 1 one is not; 2 wrong usage, a trace that cannot be read, or of which more was possible than the judge keeps in mind, or no step in any of them.",
    .take_word = take_path,
    .run = command_judge,
};

/* A process of its own pays from so many traces on. */
enum { TRACES_OF_A_JOB = 100 };

/* EMPTY: a trace without a step, as of a scenario that its host could not play. */
enum tally { ALLOWED, REJECTED, UNDECIDED, BROKEN, NOT_JUDGED, EMPTY, TALLIES_COUNT };

struct judging {
    const struct profile *profile;
    uint64_t jobs;
    struct path_list traces; /* still to be judged */
    unsigned counts[TALLIES_COUNT];
};

/* Questions that more candidates are open in the profile than this trace leaves: `Q38=a Q89=b`. */
static void add_decided(const struct trace_verdict *verdict, const struct profile *profile, struct text *out) {
    bool any = false;
    for (unsigned question = 1; question < READINGS_MAX; question++) {
        if (profile != NULL && profile->answers[question] != 0) continue;
        const struct reading *reading = reading_of(question);
        if (reading == NULL || !reading->modelled) continue;
        unsigned all = (1u << reading->candidates_count) - 1, left = verdict->candidates[question] & all;
        if (left == all) continue;
        text_add_numbered(out, any ? " Q{}=" : "  decides Q{}=", question);
        bool first = true;
        for (unsigned i = 0; i < reading->candidates_count; i++) {
            if ((left & 1u << i) == 0) continue;
            if (!first) text_add_byte(out, '|');
            text_add_byte(out, (char)('a' + i));
            first = false;
        }
        any = true;
    }
    if (any) text_add_byte(out, '\n');
}

static void add_verdict(const struct judging *judging, const char *path, const struct trace_verdict *verdict,
                        unsigned *counts, struct text *out) {
    text_add_name(out, path);
    switch (verdict->answer) {
    case TRACE_ALLOWED: /* as most are; printf would take as long as judging a step */
        counts[verdict->steps == 0 ? EMPTY : ALLOWED]++;
        if (verdict->steps == 0) {
            text_add(out, ": nothing to judge, it has no steps\n");
            break;
        }
        text_add_numbered(out, verdict->steps == 1 ? ": allowed, {} step\n" : ": allowed, {} steps\n", verdict->steps);
        if (verdict->exhaustive) add_decided(verdict, judging->profile, out);
        else text_add(out, "  decides nothing: the search was cut short\n");
        break;
    case TRACE_REJECTED:
        counts[REJECTED]++;
        text_add(out, ":%u: rejected, %u of %u step%s\n%s", verdict->line, verdict->rejected, verdict->steps,
                 plural(verdict->steps), verdict->report.bytes);
        break;
    case TRACE_UNDECIDED:
        counts[UNDECIDED]++;
        text_add(out, ":%u: undecided, after %u step%s\n%s", verdict->line, verdict->steps, plural(verdict->steps),
                 verdict->report.bytes);
        break;
    case TRACE_NOT_JUDGED:
        counts[NOT_JUDGED]++;
        text_add(out, ":%u: not judged: several machines, which only the model plays\n", verdict->line);
        break;
    case TRACE_UNREADABLE:
        counts[BROKEN]++;
        text_add(out, ":%u: cannot be judged\n%s", verdict->line, verdict->report.bytes);
        break;
    }
}

/* Each print asks whether it goes to a terminal, which takes as long as judging a step does. */
enum { PRINTED_TOGETHER = 4096 };

static void print_verdicts(struct text *verdicts) {
    output_print(verdicts);
    text_free(verdicts);
}

static void judge_file(const struct judging *judging, const char *path, struct known_parts *known, unsigned *counts,
                       struct text *verdicts) {
    struct trace_verdict verdict;
    struct text errors = { 0 };
    assert(path != NULL);
    struct scenario *trace = scenario_parse_file_all(path, known, &errors, NULL);
    if (trace == NULL) {
        print_verdicts(verdicts); /* complaints stand where the trace would */
        errors_print(&errors);
        text_free(&errors);
        counts[BROKEN]++;
        return;
    }
    trace_judge(trace, judging->profile, &verdict);
    add_verdict(judging, path, &verdict, counts, verdicts);
    if (verdicts->length >= PRINTED_TOGETHER) print_verdicts(verdicts);
    trace_verdict_free(&verdict);
    scenario_free(trace);
}

static void judge_part(void *self, size_t from, size_t to, unsigned *counts) {
    const struct judging *judging = self;
    struct text verdicts = { 0 };
    struct known_parts *known = known_parts_create();
    for (size_t i = from; i < to; i++) judge_file(judging, judging->traces.paths[i], known, counts, &verdicts);
    known_parts_free(known);
    print_verdicts(&verdicts);
}

static void judge_all(struct judging *judging) {
    work_in_parts(judging->traces.count, TRACES_OF_A_JOB, (unsigned)judging->jobs, judge_part, judging, judging->counts,
                  TALLIES_COUNT);
    path_list_free(&judging->traces);
}

/* Adds the traces that a path stands for. */
static void list_path(struct judging *judging, const char *path) {
    struct path_list list = { 0 };
    char trouble[FOLDER_PATH_MAX];
    char folder[FOLDER_PATH_MAX];
    struct reason reason;
    if (path_kind_of(path) == PATH_FILE && bundle_is(path)) { /* what `reservoir pack` wrote is unpacked beside it */
        snprintf(folder, sizeof folder, "%.900s.unpacked", path);
        if (!bundle_unpack(path, folder, &reason)) {
            errors_say("reservoir judge: %s\n", reason.text);
            judging->counts[BROKEN]++;
            return;
        }
        path = folder;
    }
    if (path_kind_of(path) != PATH_FOLDER) {
        path_list_add(&judging->traces, path);
        return;
    }
    if (!folder_find(path, ".trace", &list, trouble) || list.count == 0) {
        judge_all(judging); /* complaints stand where the traces would */
        errors_say("%s: no trace (*.trace) is in this folder or below it\n", path);
        judging->counts[BROKEN]++;
    }
    path_list_sort(&list);
    for (size_t i = 0; i < list.count; i++) path_list_add(&judging->traces, list.paths[i]);
    path_list_free(&list);
}

/* Where nothing at all was judged, nothing is allowed. */
static int status_of(const unsigned *counts) {
    if (counts[BROKEN] + counts[UNDECIDED] > 0) return 2;
    if (counts[REJECTED] > 0) return 1;
    return counts[EMPTY] > 0 && counts[ALLOWED] + counts[NOT_JUDGED] == 0 ? 2 : 0;
}

int command_judge(int count, char **arguments) {
    const struct options words = { .command = &command_judge_is };
    struct judge_options options = { .jobs = workers_of_machine() };
    int status = options_read(&command_judge_is, &options, count, arguments);
    struct judging judging = { .jobs = options.jobs };
    struct switched_profile switched;
    readings_given_switch(&options.readings, profile_for(options.profile_name == NULL ? "any" : options.profile_name),
                          &switched);
    if (options.profile_name != NULL || options.readings.count > 0) judging.profile = &switched.profile;
    if (status == 0 && options.paths.count == 0) status = options_wrong(&words, "which traces?");
    for (size_t i = 0; status == 0 && i < options.paths.count; i++) list_path(&judging, options.paths.paths[i]);
    path_list_free(&options.paths);
    if (status != 0) return status < 0 ? 0 : status;
    judge_all(&judging);
    const unsigned *counts = judging.counts;
    struct text text = { 0 };
    text_add(&text, "%u allowed, %u rejected, ", counts[ALLOWED], counts[REJECTED]);
    if (counts[UNDECIDED] > 0) text_add(&text, "%u undecided, ", counts[UNDECIDED]);
    if (counts[NOT_JUDGED] > 0) text_add(&text, "%u of several machines, ", counts[NOT_JUDGED]);
    if (counts[EMPTY] > 0) text_add(&text, "%u without steps, ", counts[EMPTY]);
    text_add(&text, "%u could not be judged\n", counts[BROKEN]);
    print_verdicts(&text);
    return status_of(counts);
}
