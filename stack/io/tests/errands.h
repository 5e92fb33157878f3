/* Random sequences of overlapped errands on the model, against a ledger of what is owed (owed.h): two programs of three
 * threads each issue, cancel, close, duplicate (by both functions), post, send datagrams and receive them, wait (for
 * packets, routines, events, results, with and without a limit), end, and let time pass. */
#ifndef RESERVOIR_STACK_IO_TESTS_ERRANDS_H
#define RESERVOIR_STACK_IO_TESTS_ERRANDS_H

#include <stdint.h>

#include "stack/io/tests/errands_tally.h"

enum { ERRANDS_MIN = 32, ERRANDS_MAX = 64 }; /* events of one sequence; what is done at its end to collect is none */

/* Plays the sequence of this seed, the same each time, and adds to the tally. NULL; or what went wrong, with *event the
 * number of the event after which that was seen. Static memory. */
const char *errands_play(uint64_t seed, struct errands_tally *tally, unsigned *event);

#endif
