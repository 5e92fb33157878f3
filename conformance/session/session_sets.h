/* What select leaves in its sets, and what WSAPoll finds of each socket: {a,b} and {256,0} in a line, one number in an
 * observation. Of a set it is the places that are left, by their places in the argument (bit 0 is the first); a socket
 * that stands there twice has the first of them. Of events it is 16 bits for each socket, the first in the lowest. Only
 * where the argument is written {...} they are observed. */
#ifndef RESERVOIR_CONFORMANCE_SESSION_SETS_H
#define RESERVOIR_CONFORMANCE_SESSION_SETS_H

#include "conformance/base/text.h"
#include "conformance/language/tree.h"

enum {
    SET_HAS_ANOTHER = 63, /* the bit of a socket that was not in the argument: `good`, as it has no name */
    POLLED_EVENTS_BITS = 16,
};

/* Is it one of the three sets, or revents? */
bool session_is_set(enum observable observable);

/* The argument of the call that such an observable belongs to, where it is written {...}; else NULL. Of revents it is
 * the sockets. */
const struct expression *session_set_argument(const struct step *call, enum observable observable);

/* What {...} says, as the number of an observation. False: it is none that this call can leave. */
bool session_set_number(const struct step *call, enum observable observable, const struct expression *said,
                        uint64_t *number);

void session_set_print(const struct scenario *scenario, const struct step *call, enum observable observable,
                       uint64_t number, struct text *out);

#endif
