/* Expressions: the number that a value of a scenario stands for, as far as the session knows it. */
#ifndef RESERVOIR_CONFORMANCE_SESSION_EVALUATE_H
#define RESERVOIR_CONFORMANCE_SESSION_EVALUATE_H

#include "conformance/session/session.h"

/* *needed where a port that is counted on from a name is none: 0 or less, or above 65535. */
enum { NEEDS_A_PORT = -2 };

/* The 64-bit value of a scalar expression. False with *needed when it names what was never produced, or
 * NEEDS_A_PORT. */
bool session_evaluate(const struct session *session, const struct scenario *scenario,
                      const struct expression *expression, uint64_t *value, int *needed);

/* The block of ports that a name stands for; false when it has none. */
bool session_ports_of(const struct session *session, const struct scenario *scenario, int name, uint16_t *first,
                      uint16_t *count);

/* tN -> N for 1..SESSION_TOKENS_MAX, else 0. */
/* What OBSERVABLE_overlapped is as a number (observation.h) for a name, NULL or good; UINT64_MAX for anything else. */
uint64_t session_overlapped_number(const struct expression *expression);

unsigned session_token_text(const char *text);

#endif
