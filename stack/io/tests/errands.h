/* Random sequences of overlapped errands on the model, against a ledger of what is owed (owed.h): two programs of three
 * threads each issue, cancel, close, duplicate (by both functions), post, wait (for packets, routines, events), end,
 * and let time pass. */
#ifndef RESERVOIR_STACK_IO_TESTS_ERRANDS_H
#define RESERVOIR_STACK_IO_TESTS_ERRANDS_H

#include <stdint.h>

enum { ERRANDS_MIN = 32, ERRANDS_MAX = 64 }; /* events of one sequence; what is done at its end to collect is none */

struct errands_tally {
    uint64_t sequences, events, requests, packets, routines, event_waits, duplicates;
    uint64_t pending; /* sequences in which a request was pending that does not end by itself */
};

/* Plays the sequence of this seed, the same each time, and adds to the tally. NULL; or what went wrong, with *event the
 * number of the event after which that was seen. Static memory. */
const char *errands_play(uint64_t seed, struct errands_tally *tally, unsigned *event);

#endif
