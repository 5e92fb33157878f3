/* A printed answer becomes the observation again. */
#ifndef RESERVOIR_CONFORMANCE_SESSION_READ_H
#define RESERVOIR_CONFORMANCE_SESSION_READ_H

#include "conformance/language/language_error.h"
#include "conformance/session/session.h"

/* The observation that a line reports: its single outcome and routines, with `live` resolving symbols. `step` is what
 * was asked, a step of the scenario; `answered` is the line, which in a trace is the step itself. False when a symbol
 * cannot be resolved or the outcome is not a complete one; *error says where. */
bool session_read_answer(struct session *session, const struct scenario *scenario, const struct step *step,
                         const struct step *answered, struct observation *seen, struct language_error *error);

#endif
