/* A printed answer becomes the observation again. */
#ifndef RESERVOIR_CONFORMANCE_SESSION_READ_H
#define RESERVOIR_CONFORMANCE_SESSION_READ_H

#include "conformance/language/language_error.h"
#include "conformance/session/session.h"

/* The observation that a trace line reports: the step's single outcome and routines, with `live` resolving symbols.
 * False when a symbol cannot be resolved or the outcome is not a complete one; *error says where. */
bool session_read_answer(struct session *session, const struct scenario *scenario, const struct step *answered,
                         struct observation *seen, struct language_error *error);

#endif
