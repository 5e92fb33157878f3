/* What the judge keeps between two steps: the worlds that the observations so far allow, and the calls inside which
 * threads are parked. Only the files of the judge include this. */
#ifndef RESERVOIR_CONFORMANCE_JUDGE_WORLDS_H
#define RESERVOIR_CONFORMANCE_JUDGE_WORLDS_H

#include "conformance/judge/judge_states.h"
#include "conformance/session/observation.h"

enum { JUDGE_WORLDS_MAX = 4096 };

/* A child of a `together` that waits for its siblings. */
struct waiting_child {
    const struct step *step;
    enum step_result result;
    struct observation seen; /* when result is STEP_SEEN */
};

struct judge {
    const struct scenario *scenario;
    struct state_pool pool;
    struct state_list current; /* what the observations so far allow */
    bool exhaustive;           /* nothing was cut off since the beginning */
    bool learnt;               /* remembered readings have changed since they were last asked for */
    const struct step *parked_steps[THREADS_MAX]; /* the call in which each thread is parked, or NULL */
    struct waiting_child *waiting; /* room for all children of the group; owned; NULL before the first group */
    unsigned waiting_count;
    /* The records of those calls: the same in every state but for handle numbers. Last, as they are large and mean
     * nothing while no thread is parked. */
    struct call parked[THREADS_MAX];
};

/* From now on `next` is what is allowed; the judge owns it. */
void judge_continue_with(struct judge *judge, struct state_list next);

#endif
