/* Why a number that was seen could not be taken: in words, of the world that the judge had before. */
#ifndef RESERVOIR_CONFORMANCE_JUDGE_WHY_H
#define RESERVOIR_CONFORMANCE_JUDGE_WHY_H

#include "conformance/judge/judge_worlds.h"
#include "conformance/judge/judgement.h"

/* Sets judgement->why when a port, a block or a token was refused. Call before the judge continues from `step`. */
void judge_explain_refused(const struct judge *judge, const struct step *step, struct judgement *judgement);

/* The same of an answer that prints as what was allowed does, though no member was refused by name: the port or the
 * block that was seen is taken for the one that could not be. */
void judge_explain_number(const struct judge *judge, const struct step *step, const struct observation *seen,
                          struct judgement *judgement);

#endif
