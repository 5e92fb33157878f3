/* The dynamic range: the ports from which the system chooses one that no program names. netsh shows and sets one for
 * each protocol and each family (T8.3.4). The world has IPv4's, and IPv6's where it is another one.
 * Persistent blocks have no family: what is said of the dynamic range there (Q20, Q21) is IPv4's. */
#ifndef RESERVOIR_STACK_PORTS_DYNAMIC_RANGE_H
#define RESERVOIR_STACK_PORTS_DYNAMIC_RANGE_H

#include "stack/system/context.h"

struct dynamic_range {
    unsigned first, last;
};

/* The range that netsh shows for the family. */
struct dynamic_range dynamic_range_shown(const struct world *world, enum protocol protocol, bool v6);

/* The range from which a socket of the family takes a port, or a block. Asks Q130 where IPv6 has another one. */
struct dynamic_range dynamic_range_of(struct context *context, enum protocol protocol, bool v6);

#endif
