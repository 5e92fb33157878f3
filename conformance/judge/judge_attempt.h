/* Every way in which a step can go in one world. */
#ifndef RESERVOIR_CONFORMANCE_JUDGE_ATTEMPT_H
#define RESERVOIR_CONFORMANCE_JUDGE_ATTEMPT_H

#include "conformance/judge/judge_worlds.h"
#include "stack/choice.h"

/* What one attempt at a step came to. */
struct attempt {
    struct judged_state *state; /* after the step; owned by the file that made the attempt */
    struct observation observation;
    bool observed;                   /* the step has an outcome */
    bool possible;                   /* false: it could not be prepared in this world */
    bool refused;                    /* a member that the observation names is not in its set */
    bool unnamed, guessed;           /* something was taken that nothing names as yet (struct odometer) */
    const struct odometer *odometer; /* that answered */
};

/* May take attempt->state away by setting it to NULL. */
typedef void attempt_visitor(void *self, struct attempt *attempt);

/* Visits every way in which `step` can go in one state. What was seen (NULL: nothing is known of it) names ports,
 * blocks and tokens, and settles what it shows of incidental questions. Of a call that ended with another word or code
 * only these are observed: it cannot agree. What is cut off makes the judge not exhaustive. */
void judge_try_agreeing(struct judge *judge, const struct judged_state *from, const struct step *step,
                        const struct observation *seen, attempt_visitor *visit, void *self);

/* The same after a deviation: what was seen is taken for what came true, as far as the model can continue from
 * there. */
void judge_try_repairing(struct judge *judge, const struct judged_state *from, const struct step *step,
                         const struct observation *seen, attempt_visitor *visit, void *self);

/* The same with an odometer that the caller has prepared. What the observation lacks because it is of an older
 * recording the attempts lack, too: here and above. */
void judge_try_prepared(struct judge *judge, const struct odometer *prepared, const struct judged_state *from,
                        const struct step *step, const struct observation *seen, attempt_visitor *visit, void *self);

/* Answers the incidental questions as an observation shows them. */
void judge_settle_shown(struct odometer *odometer, const struct observation *seen);

#endif
