/* One instance on one subject: played, recorded, judged. The runner decides which, how often, and what happens
 * between. */
#ifndef RESERVOIR_CONFORMANCE_RUN_INSTANCE_H
#define RESERVOIR_CONFORMANCE_RUN_INSTANCE_H

#include "conformance/base/folders.h"
#include "conformance/base/reason.h"
#include "conformance/runner/run_plan.h"
#include "conformance/runner/scenario_set.h"

/* One instance under way. Zero-initialise, set the plan and the judgement; then subject and record for each run. End
 * with instance_run_end. */
struct instance_run {
    const struct run_plan *plan;
    unsigned subject;
    struct instance_record *record;
    const struct scenario_file *file; /* whose tree is open, or NULL; borrowed */
    struct scenario *scenario;        /* that tree */
    struct judge *judge;              /* of hosts and traces; owned */
    struct judgement *judgement;      /* large; shared by all steps; borrowed */
    struct trace trace;
    char trace_path_new[FOLDER_PATH_MAX]; /* the file that will replace a stopped trace; "": none */
    struct step_answer answer;
};

struct subject *instance_run_subject(const struct instance_run *run);

/* Closes the file, and frees all but the judgement. */
void instance_run_end(struct instance_run *run);

/* Expands an instance into the record and names it. The file stays open until another one is taken. False: it cannot be
 * opened any more; the record says so, and has no instance. */
bool instance_run_take(struct instance_run *run, const struct scenario_file *file, unsigned instance);

/* Plays the instance in the record. With `keep` its trace is recorded where the plan says so, and a host that has to
 * restart is left so that it can be resumed; otherwise everything is cleaned up. */
void instance_run_play(struct instance_run *run, bool keep);

/* Resumes an instance that stopped: record->trace holds what was recorded so far. It is replayed, compared and judged
 * again, so that the record is of the whole instance. Where it is recorded, the new trace replaces the old one
 * once it is complete, or stopped again; a broken run changes nothing there. What the host refuses is broken when it
 * `has_restarted`, else it stays stopped. */
void instance_run_resume(struct instance_run *run, bool has_restarted);

/* Removes what a stopped instance left on the machine of its host: resumes it there and ends it at once. Its recorded
 * trace then says that it was given up. False with `detail`: nothing has changed. */
bool instance_run_abandon(struct instance_run *run, struct reason *detail);

#endif
