/* A step becomes a call record. */
#ifndef RESERVOIR_CONFORMANCE_SESSION_PREPARE_H
#define RESERVOIR_CONFORMANCE_SESSION_PREPARE_H

#include "conformance/session/session.h"

/* Builds the call record of a STEP_CALL. For STEP_OVERLAPPED and STEP_BUFFER use session_declare
 * (session_objects.h). */
enum session_answer session_prepare(struct session *session, const struct scenario *scenario, const struct step *step,
                                    struct call *call, int *needed);

/* Is all there that a step needs which a trace says was not sent? Then its host has kept an answer back. */
bool session_could_send(const struct session *session, const struct scenario *scenario, const struct step *step);

#endif
