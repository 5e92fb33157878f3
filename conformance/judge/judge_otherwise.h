/* What follows from an earlier deviation.
 *
 * After a deviation the judge continues from one guess: the nearest allowed outcome, or as if the call had not been
 * made. A host may have done something else: what it answered and what it did need not be the same. So all that it may
 * have done is kept beside the guess, and sees what is observed from then on. When the guess allows a later answer no
 * more, but one of those worlds does, then that answer is no second fault: it follows from the first. The judge
 * continues with the worlds that explain both. */
#ifndef RESERVOIR_CONFORMANCE_JUDGE_OTHERWISE_H
#define RESERVOIR_CONFORMANCE_JUDGE_OTHERWISE_H

#include "conformance/judge/judge_worlds.h"
#include "conformance/judge/judgement.h"

/* Keeps what the host may have done in `step`, which deviates, instead of what the judge is about to guess. Call while
 * the judge still has the worlds from before the step. */
void judge_keep_otherwise(struct judge *judge, const struct step *step, const struct observation *seen);

/* A host that answered `ok` where every world fails has done something that no world shows, and so has one that gave a
 * number which could not be taken. Notes it of the names that the call is about. */
void judge_note_strayed(struct judge *judge, const struct step *step, const struct observation *seen,
                        const struct judgement *judgement);

/* Who uses such a name together with another one has done to that what no world shows, too. */
void judge_spread_strayed(struct judge *judge, const struct step *step);

/* The call after which no world knows what became of a name that `step` uses; NULL when there is none. */
const struct step *judge_strayed_before(const struct judge *judge, const struct step *step);

#endif
