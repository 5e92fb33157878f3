/* An observation against what a scenario asserts. */
#ifndef RESERVOIR_CONFORMANCE_SESSION_MATCH_H
#define RESERVOIR_CONFORMANCE_SESSION_MATCH_H

#include "conformance/base/text.h"
#include "conformance/session/session.h"

/* Does what was seen satisfy the word and every predicate of this alternative? Readings are not looked at. When not,
 * `why` (if not NULL) receives the first part that differs, in words. Call after session_observe or session_learn. */
bool session_matches(const struct session *session, const struct scenario *scenario, const struct step *step,
                     const struct outcome *expected, const struct observation *seen, struct text *why);

/* Asserted routine lines against those that ran. A step without routine lines asserts that none ran. */
bool session_matches_routines(const struct session *session, const struct scenario *scenario, const struct step *step,
                              const struct observation *seen, struct text *why);

#endif
