/* What netsh lists of a protocol's ports (`show excludedportrange`): ranges by their first port, some with the mark of
 * an administered exclusion. Ports that are merely bound are not listed.
 *
 * `active` lists what is in effect: exclusions, administered ones marked (T8.4.2), and reservations; `persistent` lists
 * what the store has. How reservations appear is question 36. */
#ifndef RESERVOIR_STACK_PORTS_LISTING_H
#define RESERVOIR_STACK_PORTS_LISTING_H

#include "stack/call/call.h"
#include "stack/world.h"

struct listing {
    const struct world *world;
    enum protocol protocol;
    enum netsh_store store;
    unsigned visibility; /* the candidate of Q36_NETSH_LIST */
};

struct listed_range {
    unsigned first, last;
    bool administered;
};

/* The range after *range, which is the one at *index; the first one when *index is -1. False when there is none. */
bool listing_next(const struct listing *listing, int *index, struct listed_range *range);

/* The first listed range that has the port; false when there is none. */
bool listing_find(const struct listing *listing, unsigned port, struct listed_range *range);

#endif
