/* What the judge keeps between two steps: the worlds that the observations so far allow, and the calls inside which
 * threads are parked. Only the files of the judge include this. */
#ifndef RESERVOIR_CONFORMANCE_JUDGE_WORLDS_H
#define RESERVOIR_CONFORMANCE_JUDGE_WORLDS_H

#include "conformance/judge/judge_states.h"
#include "conformance/session/observation.h"
#include "conformance/session/session_bind.h"

enum { JUDGE_WORLDS_MAX = 4096 };

/* A child of a `together` that waits for its siblings. */
struct waiting_child {
    const struct step *step;
    enum step_result result;
    bool allowed;            /* in the history of a rewind: as it was judged then */
    struct observation seen; /* when result is STEP_SEEN */
};

/* What is known of a call whose outcome did not show it: a pending ACQUIRE's block, the port of a call that blocked. */
struct report {
    const struct step *step; /* the call */
    struct reported_block block;
    bool has_block; /* block is all of it, else what follows */
    bool has_port, has_start, has_token;
    uint64_t port, start, token;
};

struct judge;

/* Is it a call of a thread that is inside another one? Its blocking hook makes it. */
bool judge_calls_in_hook(const struct judge *judge, const struct step *step);

/* The states before the first step in which something had to be taken that nothing named as yet, and all steps from
 * that one on: when it is reported, they are judged anew. */
struct rewind {
    struct state_list states;
    bool taken, exhaustive;
    const struct step *parked_steps[THREADS_MAX];
    struct call *parked;         /* THREADS_MAX; owned */
    struct waiting_child *steps; /* owned */
    size_t steps_count, steps_capacity;
};

struct judge {
    const struct scenario *scenario;
    struct state_pool pool;
    struct state_list current;   /* what the observations so far allow */
    struct state_list otherwise; /* what a host may have done instead in otherwise_of, the last step that deviated */
    const struct step *otherwise_of;
    const struct step *strayed[NAMES_MAX]; /* the call that did to this name what no world does, or NULL */
    uint16_t dynamic_first[PROTOCOLS_COUNT], dynamic_last[PROTOCOLS_COUNT];       /* of the machine that answers */
    uint16_t dynamic_v6_first[PROTOCOLS_COUNT], dynamic_v6_last[PROTOCOLS_COUNT]; /* IPv6's own; 0: none */
    bool exhaustive;   /* nothing was cut off since the beginning */
    bool learnt;       /* remembered readings have changed since they were last asked for */
    bool all_followed; /* when they were asked for last, worlds had been dropped: all were left */
    const struct step *parked_steps[THREADS_MAX]; /* the call in which each thread is parked, or NULL */
    struct waiting_child *waiting; /* room for all children of the group; owned; NULL before the first group */
    unsigned waiting_count;
    struct report *reports; /* owned */
    size_t reports_count, reports_capacity;
    const struct step **unreported; /* pending calls whose output has not been reported; owned */
    size_t unreported_count, unreported_capacity;
    struct rewind rewind;
    bool judging_anew;
    const char *not_modelled; /* of the step that is being judged: what some world has no answer to; NULL: none */
    const char
        *after_not_modelled; /* such a call may have changed something, so that nothing is decided any more; NULL: no */
    bool unnamed;            /* of the step that is being judged: see struct odometer */
    const struct step *contradicted; /* a call of which was reported what cannot be; NULL: none */
    /* The records of those calls: the same in every state but for handle numbers. Last, as they are large and mean
     * nothing while no thread is parked. */
    struct call parked[THREADS_MAX];
};

/* From now on `next` is what is allowed; the judge owns it. */
void judge_continue_with(struct judge *judge, struct state_list next);

/* From now on `next` is what a host may have done otherwise (judge_otherwise.h); the judge owns it. */
void judge_continue_otherwise(struct judge *judge, struct state_list next);

#endif
