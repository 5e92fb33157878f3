/* The runner: every selected scenario, each of its instances, on every subject; played, compared, judged.
 *
 * The model has to match what the document's line asserts under the readings that it remembers or was given. A host has to
 * pass two comparisons: the judge has to allow what it answered, and the line has to, under readings that some world of
 * the judge's still allows. One exception holds for both: where a provider does not implement the three codes (question
 * 89, reading b), their WSAEOPNOTSUPP, or WSA_IO_PENDING with an OVERLAPPED, conforms although the line does not say so. */
#ifndef RESERVOIR_CONFORMANCE_RUNNER_H
#define RESERVOIR_CONFORMANCE_RUNNER_H

#include "conformance/runner/recording.h"
#include "conformance/verdicts/run_record.h"
#include "conformance/runner/scenario_set.h"

struct run_plan {
    struct subject *subjects[SUBJECTS_MAX];                /* borrowed */
    const struct deviations *deviations[SUBJECTS_MAX];     /* of hosts and traces; NULL: none known. Borrowed */
    unsigned subjects_count;
    const struct profile *judged_by;  /* readings that the judge takes as given; NULL leaves all open */
    unsigned repeat;                  /* runs of each instance, at least 1 */
    bool compare_traces;              /* the traces of all runs have to be the same (--twice) */
    const char *record;               /* folder for traces, or NULL. With several subjects each has a folder of its own */
    const char *restart;              /* a command that restarts the machine of the host and returns when it is up; or NULL */
    void (*progress)(void *context, size_t done, size_t total, const char *id); /* or NULL */
    void *progress_context;
};

/* Runs everything. `record` is zero-initialised and outlives neither the plan's subjects nor its deviations.
 *
 * An instance at whose `reboot` a host has to restart stops there, inconclusive; what a restart would not take away is left on
 * the machine when a folder for traces or a command that restarts was given, and only then it can go on. With such
 * a command it does: when all other instances are played, the agents quit, the command is run once, and all that stopped are
 * resumed; again, as long as one of them stops. A stopped instance is played once, whatever `repeat` says. */
void runner_run(const struct run_plan *plan, const struct scenario_set *set, struct run_record *record);

/* Goes on with instances that stopped in an earlier run on the plan's one subject, a host; those that stop again as in
 * runner_run. Rules are asked whether they happened only where all instances of a scenario are among these. */
void runner_resume(const struct run_plan *plan, const struct stopped_list *stopped, struct run_record *record);

/* Removes what one stopped instance left on the machine of the plan's one subject, and marks its trace as given up. False with
 * `detail` (EXECUTOR_REASON_MAX bytes): nothing has changed. */
bool runner_abandon(const struct run_plan *plan, const struct stopped_instance *stopped, char *detail);

#endif
