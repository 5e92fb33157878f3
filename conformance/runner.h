/* The runner: every selected scenario, each of its instances, on every subject; played, compared, judged.
 *
 * The model has to match what the document's line asserts under the readings that it remembers or was given. A host has to
 * pass two comparisons: the judge has to allow what it answered, and the line has to, under readings that some world of
 * the judge's still allows. One exception holds for both: where a provider does not implement the three codes (question
 * 89, reading b), their WSAEOPNOTSUPP, or WSA_IO_PENDING with an OVERLAPPED, conforms although the line does not say so. */
#ifndef RESERVOIR_CONFORMANCE_RUNNER_H
#define RESERVOIR_CONFORMANCE_RUNNER_H

#include "conformance/run_record.h"
#include "conformance/scenario_set.h"

struct run_plan {
    struct subject *subjects[SUBJECTS_MAX];                /* borrowed */
    const struct deviations *deviations[SUBJECTS_MAX];     /* of hosts and traces; NULL: none known. Borrowed */
    unsigned subjects_count;
    const struct profile *judged_by;  /* readings that the judge takes as given; NULL leaves all open */
    unsigned repeat;                  /* runs of each instance, at least 1 */
    bool compare_traces;              /* the traces of all runs have to be the same (--twice) */
    const char *record;               /* folder for traces, or NULL. With several subjects each has a folder of its own */
    void (*progress)(void *context, size_t done, size_t total, const char *id); /* or NULL */
    void *progress_context;
};

/* Runs everything. `record` is zero-initialised and outlives neither the plan's subjects nor its deviations. */
void runner_run(const struct run_plan *plan, const struct scenario_set *set, struct run_record *record);

#endif
