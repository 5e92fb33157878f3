/* One instance on one subject: played, recorded, judged. The runner decides which, how often, and what happens between. */
#ifndef RESERVOIR_CONFORMANCE_RUN_INSTANCE_H
#define RESERVOIR_CONFORMANCE_RUN_INSTANCE_H

#include "conformance/runner/runner.h"

/* Zero-initialise, set the plan and the judgement; then subject and record for each run. Free played with played_free. */
struct running {
    const struct run_plan *plan;
    unsigned subject;
    struct instance_record *record;
    struct judge *judge;          /* of hosts and traces; owned */
    struct judgement *judgement;  /* large; shared by all steps; borrowed */
    struct trace trace;
    char part[FOLDER_PATH_MAX];   /* the file that will take the place of a stopped trace; "": none */
    struct played played;
};

struct subject *running_subject(const struct running *running);

/* Expands an instance into the record and names it. */
void running_take(struct running *running, const struct scenario_file *file, unsigned instance);

/* Plays the instance in the record. With `keep` its trace is recorded where the plan says so, and a host that has to restart
 * is left so that it can go on; without it nothing of it stays. */
void running_play(struct running *running, bool keep);

/* Goes on with an instance that stopped: record->trace tells how far it came. What was played before is told, compared and
 * judged anew, so that the record is that of the whole instance. Where it is recorded, the new trace takes the place of
 * the old one once it is complete, or stopped again; a broken run changes nothing there. What the host refuses is
 * broken when it `has_restarted`, else it stays stopped. */
void running_resume(struct running *running, bool has_restarted);

/* Removes what a stopped instance left on the machine of its host: resumes it there and ends it at once. Its recorded trace
 * then tells that it was given up. False with `detail` (EXECUTOR_REASON_MAX bytes): nothing has changed. */
bool running_abandon(struct running *running, char *detail);

#endif
