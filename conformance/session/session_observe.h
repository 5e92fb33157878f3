/* A result record becomes an observation. */
#ifndef RESERVOIR_CONFORMANCE_SESSION_OBSERVE_H
#define RESERVOIR_CONFORMANCE_SESSION_OBSERVE_H

#include "conformance/session/session.h"

/* Takes the result of a prepared call (or of `returns`, `show`): applies writes, binds the product's name when there is
 * one to bind, fills *seen, which the caller has cleared, with every observable of the step in full. `step` is one of
 * the scenario's steps. `call` is what session_prepare built; for `returns` the record of the call in which the thread
 * was parked (the caller keeps it); NULL for `show` and for steps without an outcome (advance, exits...), of which only
 * the writes count and *seen stays as it was. For `show` of an event result.value is its state: 1 set, 0 not, anything
 * else no such event. */
void session_observe(struct session *session, const struct scenario *scenario, const struct step *step,
                     const struct call *call, const struct result *result, struct observation *seen);

/* Of a STEP_CALL only what became of it, seen->word and seen->code. The session stays as it was. */
void session_observe_word(struct session *session, const struct scenario *scenario, const struct step *step,
                          const struct call *call, const struct result *result, struct observation *seen);

#endif
