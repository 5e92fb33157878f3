/* soak_own_traces SEEDS [SCENARIOS]: the judge has to allow what the model does.
 *
 * Every scenario is played on the model with every question left to the seed, for SEEDS seeds; and under the profile windows with
 * two readings switched at once, drawn anew for each of SEEDS rounds. Each trace is judged with every question open. Exit status:
 * 0, or 1 with the traces that were not allowed on standard output. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/judge/trace_judge.h"
#include "conformance/language/language_error.h"
#include "conformance/language/parser.h"
#include "conformance/runner/runner.h"
#include "stack/readings.h"

struct soak { unsigned long traces, undecided, wrong; };

static void judge_one(struct soak *soak, const struct instance_record *instance) {
    struct language_error error;
    struct trace_verdict verdict;
    if (instance->trace.length == 0) return;
    soak->traces++;
    struct scenario *trace = scenario_parse("soak", instance->trace.bytes, instance->trace.length, &error);
    if (trace == NULL) {
        printf("%s\ncannot be read: line %u: %s\n", instance->trace.bytes, (unsigned)error.position.line, error.message);
        soak->wrong++;
        return;
    }
    trace_judge(trace, NULL, &verdict);
    soak->undecided += verdict.answer == TRACE_UNDECIDED;
    if (verdict.answer == TRACE_REJECTED || verdict.answer == TRACE_UNREADABLE) {
        printf("%s\n%s\n", instance->trace.bytes, verdict.report.bytes);
        soak->wrong++;
    }
    trace_verdict_free(&verdict);
    scenario_free(trace);
}

static void play(struct soak *soak, const struct scenario_set *set, const struct profile *profile, uint64_t seed) {
    for (size_t i = 0; i < set->count; i++) {
        struct scenario_file copy = set->files[i];
        struct scenario_set one = { .files = &copy, .count = 1 };
        struct run_record record = { .count = 0 };
        struct run_plan plan = { .subjects = { subject_model(profile, seed) }, .subjects_count = 1, .repeat = 1 };
        runner_run(&plan, &one, &record);
        for (size_t k = 0; k < record.count; k++) judge_one(soak, record.instances[k]);
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

int main(int count, char **arguments) {
    struct scenario_set set = { .count = 0 };
    const struct profile any = { .name = "any" };
    struct soak soak = { 0 };
    if (count < 2) return fputs("usage: soak_own_traces SEEDS [SCENARIOS]\n", stderr), 2;
    unsigned seeds = (unsigned)strtoul(arguments[1], NULL, 10);
    scenario_set_add(&set, count > 2 ? arguments[2] : "scenarios");
    if (set.count == 0) return fputs("soak_own_traces: no scenarios\n", stderr), 2;
    for (unsigned seed = 1; seed <= seeds; seed++) {
        struct profile switched = *profile_named("windows");
        unsigned drawn = seed * 2654435761u;
        switch_one(&switched, drawn >> 4);
        switch_one(&switched, (drawn ^ 0x5bd1e995u) >> 7);
        play(&soak, &set, &any, seed);
        play(&soak, &set, &switched, 0);
    }
    printf("%u seeds and as many pairs of readings: %lu traces of the model, %lu undecided, %lu not allowed\n", seeds, soak.traces,
           soak.undecided, soak.wrong);
    scenario_set_free(&set);
    return soak.wrong > 0;
}
