/* A line that answers a step, from a host's pipe or from a recorded trace, becomes an observation. */
#ifndef RESERVOIR_CONFORMANCE_ANSWER_H
#define RESERVOIR_CONFORMANCE_ANSWER_H

#include "conformance/base/reason.h"
#include "conformance/language/tree.h"
#include "conformance/session/session.h"

/* Reads `text` (the line, routine lines below it) as the answer to `step` of the expanded `instance`; the session
 * learns from it. False with a reason. What was read lives in the instance's arena. */
bool answer_read(struct scenario *instance, struct session *session, const struct step *step, const char *text,
                 size_t length, struct observation *seen, struct reason *reason);

#endif
