/* What the files of the judge share; nobody else includes this.
 *
 *   judge.c           the course of a judgement: which worlds go on after each step; `together`; readings that are left
 *   judge_attempt.c   every way in which a step can go in one world
 *   judge_allowed.c   what would have been allowed, and how to go on after a deviation
 *   judge_states.c    the worlds themselves */
#ifndef RESERVOIR_CONFORMANCE_JUDGE_PARTS_H
#define RESERVOIR_CONFORMANCE_JUDGE_PARTS_H

#include "conformance/judge/judge.h"
#include "conformance/judge/judge_states.h"
#include "stack/model/model.h"

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
    bool learnt;               /* remembered readings have changed since somebody asked */
    const struct step *parked_steps[THREADS_MAX]; /* the call in which each thread is parked, or NULL */
    struct waiting_child *waiting; /* room for all children of the group; owned; NULL before the first group */
    unsigned waiting_count;
    /* The records of those calls: the same in every state but for handle numbers. Last, as they are large and mean nothing
     * while no thread is parked. */
    struct call parked[THREADS_MAX];
};

/* What one attempt at a step came to. */
struct attempt {
    struct judged_state *state; /* after the step; owned by who made the attempt */
    struct observation observation;
    bool observed;              /* the step has an outcome */
    bool possible;              /* false: it could not be prepared in this world */
    bool refused;               /* a member that the observation names is not in its set */
    const struct odometer *odometer; /* that answered */
};

/* May take attempt->state away by setting it to NULL. */
typedef void attempt_visitor(void *self, struct attempt *attempt);

/* Visits every way in which `step` can go in one state. What was seen (NULL: nothing is known of it) names ports, blocks and
 * tokens, and settles what it shows of incidental questions. What is cut off makes the judge not exhaustive. */
void judge_try_all(struct judge *judge, const struct judged_state *from, const struct step *step, const struct observation *seen,
                   attempt_visitor *visit, void *self);

/* The same with an odometer that somebody has prepared. */
void judge_try_prepared(struct judge *judge, const struct odometer *prepared, const struct judged_state *from,
                        const struct step *step, attempt_visitor *visit, void *self);

/* Answers the incidental questions as an observation shows them. */
void judge_settle_shown(struct odometer *odometer, const struct observation *seen);

/* `next` becomes what is allowed; the judge owns it. */
void judge_go_on_with(struct judge *judge, struct state_list next);

/* Empties a judgement; outcomes are large: those from allowed_count on are left as they are. */
void judge_clear_judgement(struct judgement *judgement);

/* Lists what the step could have come to, whatever was seen (NULL: nothing was). */
void judge_gather_allowed(struct judge *judge, const struct step *step, const struct observation *seen,
                          struct judgement *judgement);

/* Goes on after what was not allowed: as if the nearest allowed outcome had been seen, or the call not been made. */
void judge_repair(struct judge *judge, const struct step *step, const struct observation *seen, struct judgement *judgement);

#endif
