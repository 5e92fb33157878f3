#include "conformance/tests/own_traces.h"

#include <stdio.h>

#include "conformance/judge/trace_judge.h"
#include "conformance/language/language_error.h"
#include "conformance/language/parser.h"
#include "conformance/runner/runner.h"
#include "stack/readings.h"

static void judge_one(struct own_traces *counts, const struct instance_record *instance) {
    struct language_error error;
    struct trace_verdict verdict;
    if (instance->trace.length == 0) return;
    counts->traces++;
    struct scenario *trace = scenario_parse("soak", instance->trace.bytes, instance->trace.length, &error);
    if (trace == NULL) {
        printf("%s\ncannot be read: line %u: %s\n", instance->trace.bytes, (unsigned)error.position.line,
               error.message);
        counts->wrong++;
        return;
    }
    trace_judge(trace, NULL, &verdict);
    counts->undecided += verdict.answer == TRACE_UNDECIDED;
    if (verdict.answer == TRACE_REJECTED || verdict.answer == TRACE_UNREADABLE) {
        printf("%s\n%s\n", instance->trace.bytes, verdict.report.bytes);
        counts->wrong++;
    }
    trace_verdict_free(&verdict);
    scenario_free(trace);
}

static void play(struct own_traces *counts, const struct scenario_set *set, const struct profile *profile,
                 uint64_t seed) {
    for (size_t i = 0; i < set->count; i++) {
        struct scenario_file copy = set->files[i];
        struct scenario_set one = { .files = &copy, .count = 1 };
        struct run_record record = { .count = 0 };
        struct run_plan plan = { .subjects = { subject_model(profile, seed) }, .subjects_count = 1, .repeat = 1 };
        runner_run(&plan, &one, &record);
        for (size_t k = 0; k < record.count; k++) judge_one(counts, record.instances[k]);
        run_record_free(&record);
        subject_free(plan.subjects[0]);
    }
}

/* Another candidate of a question that is asked, by a number. */
static void switch_one(struct profile *profile, unsigned number) {
    unsigned count = 0;
    const struct reading *rows = readings(&count);
    const struct reading *row = &rows[number % count];
    while (!row->modelled) row = &rows[++number % count];
    profile->answers[row->question] = (uint8_t)(1 + (number / count) % row->candidates_count);
}

void own_traces_round(const struct scenario_set *set, unsigned round, struct own_traces *counts) {
    static const struct profile any = { .name = "any" };
    struct profile switched = *profile_named("windows");
    unsigned drawn = round * 2654435761u;
    switch_one(&switched, drawn >> 4);
    switch_one(&switched, (drawn ^ 0x5bd1e995u) >> 7);
    play(counts, set, &any, round);
    play(counts, set, &switched, 0);
}
