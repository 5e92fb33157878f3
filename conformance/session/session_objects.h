/* The objects of a scenario that live in memory: overlapped() and buffer(), and what `show` looks at. */
#ifndef RESERVOIR_CONFORMANCE_SESSION_OBJECTS_H
#define RESERVOIR_CONFORMANCE_SESSION_OBJECTS_H

#include "conformance/session/session.h"

/* STEP_OVERLAPPED, STEP_BUFFER: gives the name its user address and poisoned image. */
enum session_answer session_declare(struct session *session, const struct scenario *scenario, const struct step *step,
                                    int *needed);

/* The user address and the event handle of what a `show` step looks at; false (with *needed) when it was never
 * produced. */
bool session_subject(const struct session *session, const struct scenario *scenario, const struct step *step,
                     uint64_t *address, uint64_t *event, int *needed);

#endif
