/* An observation becomes text. */
#ifndef RESERVOIR_CONFORMANCE_SESSION_PRINT_H
#define RESERVOIR_CONFORMANCE_SESSION_PRINT_H

#include "conformance/base/text.h"
#include "conformance/session/session.h"

/* Prints the step with what was seen as its one outcome, its routines indented below, and `#~ r=50123 t1=0x...` for the
 * live values that this line shows first: a trace line. */
void session_print_answer(struct session *session, const struct scenario *scenario, const struct step *step,
                          const struct observation *seen, struct text *out);

/* Only the outcome, symbolic, one line, no routines: `ok error=0 bytes=16 StartPort=r NumberOfPorts=20 Token=t1`. */
void session_print_outcome(const struct session *session, const struct scenario *scenario, const struct step *step,
                           const struct observation *seen, struct text *out);

/* The value of one observable as a trace prints it; the word of the outcome. */
void session_print_value(const struct session *session, const struct scenario *scenario, const struct step *step,
                         const struct observation *seen, enum observable observable, struct text *out);
/* One line below a step, without its indentation and its end; and what one member of it has. */
void session_print_delivery(const struct scenario *scenario, const struct observed_routine *routine, struct text *out);
void session_print_member(enum member member, uint64_t value, struct text *out);

void session_print_word(const struct scenario *scenario, const struct step *step, const struct observation *seen,
                        struct text *out);

#endif
