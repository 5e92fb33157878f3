/* What random sequences came to, all that were played together. */
#ifndef RESERVOIR_STACK_IO_TESTS_ERRANDS_TALLY_H
#define RESERVOIR_STACK_IO_TESTS_ERRANDS_TALLY_H

#include <stdint.h>

struct errands_tally {
    uint64_t sequences, events, requests, packets, routines, event_waits, results, datagrams, duplicates;
    uint64_t pending; /* sequences in which a request was pending that does not end by itself */
};

#endif
