/* The runner: every selected scenario, each of its instances, on every subject; played, compared, judged.
 *
 * The model has to match what the document's line asserts under the readings that it remembers or was given. A host has
 * to pass two comparisons: the judge has to allow what it answered, and so has the line, under readings that some world
 * of the judge still allows. One exception holds for both: where a provider does not implement the three codes
 * (question 89, reading b), their WSAEOPNOTSUPP, or WSA_IO_PENDING with an OVERLAPPED, conforms although the line does
 * not say so. */
#ifndef RESERVOIR_CONFORMANCE_RUNNER_H
#define RESERVOIR_CONFORMANCE_RUNNER_H

#include "conformance/base/reason.h"
#include "conformance/runner/recording.h"
#include "conformance/runner/run_plan.h"
#include "conformance/runner/scenario_set.h"

/* Runs everything. `record` is zero-initialised and outlives neither the plan's subjects nor its deviations.
 *
 * An instance at whose `reboot` a host has to restart stops there, inconclusive; what a restart would not take away is
 * left on the machine when a folder for traces or a command that restarts was given, and only then can it be resumed.
 * With such a command it is: when all other instances are played, the agents quit, the command is run once, and all
 * that stopped are resumed; again, as long as one of them stops. A stopped instance is played once, whatever `repeat`
 * says. */
void runner_run(const struct run_plan *plan, const struct scenario_set *set, struct run_record *record);

/* How many instances runner_run() would play, on all subjects. */
size_t runner_jobs_count(const struct run_plan *plan, const struct scenario_set *set);

/* Plays the instances that runner_run() would play as its from-th to (to - 1)-th, and reports those that conform and
 * may be forgotten, with what would be left of each. */
void runner_run_part(const struct run_plan *plan, const struct scenario_set *set, size_t from, size_t to,
                     void (*report)(void *context, size_t number, const struct instance_record *left), void *context);

/* Instances, numbered likewise, for which another process may ask the host: all but those that restart its machine,
 * as what they leave there is resumed where it was left. Free with host_jobs_free. */
struct host_jobs {
    uint32_t *numbers; /* ascending */
    size_t count;
};
struct host_jobs runner_host_jobs(const struct run_plan *plan, const struct scenario_set *set);
void host_jobs_free(struct host_jobs *jobs);

/* Plays the instances whose numbers `next` gives, until it gives none, and keeps what the host said of each in `said`,
 * which `played` gets and may use up. The plan records nothing. */
void runner_ask_host(const struct run_plan *plan, const struct scenario_set *set,
                     bool (*next)(void *, uint32_t *number),
                     void (*played)(void *, uint32_t number, uint64_t duration_us, struct said *said), void *context);

/* Resumes instances that stopped in an earlier run on the plan's one subject, a host; those that stop again as in
 * runner_run. Stale rules are reported only for scenarios resumed in full. */
void runner_resume(const struct run_plan *plan, const struct stopped_list *stopped, struct run_record *record);

/* Removes what one stopped instance left on the machine of the plan's one subject, and marks its trace as given up.
 * False with `detail`: nothing has changed. */
bool runner_abandon(const struct run_plan *plan, const struct stopped_instance *stopped, struct reason *detail);

#endif
