#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "conformance/base/folders.h"
#include "conformance/judge/trace_judge.h"
#include "conformance/language/parser.h"
#include "reports/commands/commands.h"
#include "reports/commands/options.h"
#include "reports/commands/run_options.h"
#include "reports/commands/workers.h"
#include "stack/readings.h"

static const char help[] =
    "reservoir judge [--profile NAME] [--jobs N] TRACE...\n"
    "\n"
    "Says of each trace whether a host may answer so. A folder stands for all *.trace below it. Of a trace that is rejected\n"
    "every step that was not allowed is shown, with what was; judging goes on from the nearest allowed world. Of one that is\n"
    "allowed the readings that it decides are named.\n"
    "\n"
    "  --profile NAME   documented or windows: open questions are taken as answered so; any (when not said): all are open\n"
    "  --jobs N         processes that share the work when traces are many; when not said, one for each processor\n"
    "\n"
    "Examples:\n"
    "  reservoir judge traces/associate/after-bind[tcp.v4].trace\n"
    "  reservoir judge --profile documented traces\n"
    "\n"
    "Exit status: 0 all are allowed; 1 one is not; 2 wrong usage, or a trace that cannot be read.\n";

static const char *const known[] = { "--profile", "--jobs", "--help", NULL };

/* A process of its own pays from so many traces on. */
enum { TRACES_OF_A_JOB = 100 };

enum tally { ALLOWED, REJECTED, BROKEN, TALLIES_COUNT };

struct judging {
    const struct profile *profile;
    uint64_t jobs;
    struct path_list traces;         /* still to be judged */
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
        text_add(out, "%sQ%u=", any ? " " : "  decides ", question);
        bool first = true;
        for (unsigned i = 0; i < reading->candidates_count; i++) {
            if ((left & 1u << i) == 0) continue;
            text_add(out, "%s%c", first ? "" : "|", (char)('a' + i));
            first = false;
        }
        any = true;
    }
    if (any) text_add(out, "\n");
}

static void print_verdict(const struct judging *judging, const char *path, const struct trace_verdict *verdict,
                          unsigned *counts) {
    struct text out = { 0 };
    switch (verdict->answer) {
    case TRACE_ALLOWED:
        counts[ALLOWED]++;
        text_add(&out, "%s: allowed, %u steps\n", path, verdict->steps);
        add_decided(verdict, judging->profile, &out);
        break;
    case TRACE_REJECTED:
        counts[REJECTED]++;
        text_add(&out, "%s:%u: rejected, %u of %u steps\n%s", path, verdict->line, verdict->rejected, verdict->steps, verdict->report.bytes);
        break;
    case TRACE_UNREADABLE:
        counts[BROKEN]++;
        text_add(&out, "%s:%u: cannot be judged\n%s", path, verdict->line, verdict->report.bytes);
        break;
    }
    fputs(out.bytes, stdout);
    text_free(&out);
}

static void judge_file(const struct judging *judging, const char *path, unsigned *counts) {
    static struct language_error error; /* large */
    struct trace_verdict verdict;
    assert(path != NULL);
    struct scenario *trace = scenario_parse_file(path, &error);
    if (trace == NULL) {
        struct text message = { 0 };
        language_error_print(&error, &message);
        fputs(message.bytes, stderr);
        text_free(&message);
        counts[BROKEN]++;
        return;
    }
    trace_judge(trace, judging->profile, &verdict);
    print_verdict(judging, path, &verdict, counts);
    trace_verdict_free(&verdict);
    scenario_free(trace);
}

static void judge_part(void *self, size_t from, size_t to, unsigned *counts) {
    const struct judging *judging = self;
    for (size_t i = from; i < to; i++) judge_file(judging, judging->traces.paths[i], counts);
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
    if (path_kind_of(path) != PATH_FOLDER) {
        path_list_add(&judging->traces, path);
        return;
    }
    if (!folder_find(path, ".trace", &list, trouble) || list.count == 0) {
        judge_all(judging); /* complaints stand where the traces would */
        fprintf(stderr, "%s: no trace (*.trace) is in this folder or below it\n", path);
        judging->counts[BROKEN]++;
    }
    path_list_sort(&list);
    for (size_t i = 0; i < list.count; i++) path_list_add(&judging->traces, list.paths[i]);
    path_list_free(&list);
}

static int take_profile(struct judging *judging, struct options *options) {
    const char *value = options_value(options);
    if (value == NULL) return 2;
    judging->profile = profile_for(value);
    return judging->profile != NULL ? 0 : options_wrong(options, "no profile %s; expected documented, windows or any", value);
}

static int take_jobs(struct judging *judging, struct options *options) {
    if (!options_number(options, WORKERS_MAX, &judging->jobs)) return 2;
    return judging->jobs > 0 ? 0 : options_wrong(options, "--jobs: at least one process is needed");
}

int command_judge(int count, char **arguments) {
    struct options options = { .command = "judge", .help = help, .count = count, .arguments = arguments };
    struct judging judging = { .jobs = workers_of_machine() };
    struct path_list paths = { 0 };
    int status = 0;
    while (status == 0 && options_next(&options)) {
        if (options_helped(&options)) return 0;
        if (!options.is_option) path_list_add(&paths, options.word);
        else if (options_is(&options, "--profile")) status = take_profile(&judging, &options);
        else if (options_is(&options, "--jobs")) status = take_jobs(&judging, &options);
        else status = options_unknown(&options, known);
    }
    if (status == 0 && paths.count == 0) status = options_wrong(&options, "which traces?");
    for (size_t i = 0; status == 0 && i < paths.count; i++) list_path(&judging, paths.paths[i]);
    path_list_free(&paths);
    if (status != 0) return status;
    judge_all(&judging);
    const unsigned *counts = judging.counts;
    printf("%u allowed, %u rejected, %u could not be judged\n", counts[ALLOWED], counts[REJECTED], counts[BROKEN]);
    return counts[BROKEN] > 0 ? 2 : counts[REJECTED] > 0 ? 1 : 0;
}
