/* What would have been allowed, and how the judge continues after a deviation. */
#ifndef RESERVOIR_CONFORMANCE_JUDGE_ALLOWED_H
#define RESERVOIR_CONFORMANCE_JUDGE_ALLOWED_H

#include "conformance/judge/judge_worlds.h"
#include "conformance/judge/judgement.h"

/* Lists what the step could have come to, whatever was seen (NULL: nothing was). */
void judge_gather_allowed(struct judge *judge, const struct step *step, const struct observation *seen,
                          struct judgement *judgement);

/* Continues after what was not allowed: as if the nearest allowed outcome had been seen, or the call had not been
 * made. */
void judge_repair(struct judge *judge, const struct step *step, const struct observation *seen,
                  struct judgement *judgement);

/* Where an allowed outcome would print as what was seen does, adds in what the two differ: routines that ran, the
 * numbers that could have been taken. Call after judge_repair(). */
void judge_tell_apart(const struct judge *judge, const struct step *step, const struct observation *seen,
                      struct judgement *judgement);

/* Continues as if the call had not been made, but for what it brought. */
void judge_continue_as_if_not_made(struct judge *judge, const struct step *step, const struct observation *seen);

#endif
