/* In what an answer differs from what was allowed: in words, with the numbers that names stand for. */
#ifndef RESERVOIR_CONFORMANCE_DIFFERENCE_H
#define RESERVOIR_CONFORMANCE_DIFFERENCE_H

#include <stdbool.h>

#include "conformance/base/text.h"
#include "conformance/session/observation.h"

/* One answer: as a trace prints it, and the observation that it was printed from, or NULL where there is only text.
 * Borrowed. */
struct answer {
    const char *text;
    const struct observation *observation;
};

/* How far the two are apart: 0 when they print alike; another word (an error where ok was allowed) counts more than
 * any number of values. */
unsigned difference_size(const char *seen, const char *allowed);

/* Adds what differs from the first of what was allowed, and what the others allow in the same place:
 *     bytes: 77 instead of 0 or 8
 *     port: s.port (49153) instead of r (49152)
 *     event: set instead of nothing
 *     ok instead of WSAEADDRINUSE, WSAENOBUFS or WSAEACCES
 * Nothing where the two print alike, or nothing was allowed. */
void difference_add(const struct answer *seen, const struct answer *allowed, unsigned allowed_count, struct text *out);

/* Adds what left a queue, in words: a routine runs, with error 0 and 16 bytes. */
void difference_add_delivery(const struct observed_routine *routine, struct text *out);

/* Adds `text` with `begin` before and `end` after each of its words that `other` does not have. */
void difference_mark(const char *text, const char *other, const char *begin, const char *end, struct text *out);

#endif
