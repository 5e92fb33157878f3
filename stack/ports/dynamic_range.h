/* The dynamic range: the ports from which the system chooses one that no program names. netsh shows and sets one for
 * each protocol and each family (T8.3.4), in two stores: `active` is in effect until the next restart, `persistent` is
 * what every restart brings back. The world has IPv4's active one, IPv6's where it is another one, and of the stored
 * ones those that are not what is active.
 * Persistent blocks have no family: what is said of the dynamic range there (Q20, Q21) is IPv4's. */
#ifndef RESERVOIR_STACK_PORTS_DYNAMIC_RANGE_H
#define RESERVOIR_STACK_PORTS_DYNAMIC_RANGE_H

#include "stack/system/context.h"

struct dynamic_range {
    unsigned first, last;
};

/* The range that netsh shows for the family: the active one, and the stored one. */
struct dynamic_range dynamic_range_shown(const struct world *world, enum protocol protocol, bool v6);
struct dynamic_range dynamic_range_stored(const struct world *world, enum protocol protocol, bool v6);

/* The range from which a socket of the family takes a port, or a block. Asks Q130 where IPv6 has another one. */
struct dynamic_range dynamic_range_of(struct context *context, enum protocol protocol, bool v6);

/* Puts the family's range into effect, at once (F28), and with `stores` for every restart as well. What is bound or
 * reserved stays as it is. */
void dynamic_range_move(struct world *world, enum protocol protocol, bool v6, struct dynamic_range range, bool stores);

/* The machine starts: what is stored is in effect. */
void dynamic_range_boot(struct world *world);

#endif
