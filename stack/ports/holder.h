/* Who holds ports: a bound socket, a live reservation, an exclusion in effect. The ground floor of ports/: rows of the
 * world seen as holders, and nothing that changes them. */
#ifndef RESERVOIR_STACK_PORTS_HOLDER_H
#define RESERVOIR_STACK_PORTS_HOLDER_H

#include "stack/world.h"

enum { PORTS_END = 65536, FAMILY_V4 = 1, FAMILY_V6 = 2, FAMILY_BOTH = FAMILY_V4 | FAMILY_V6 };

enum holder_kind { HOLDER_SOCKET, HOLDER_RESERVATION, HOLDER_EXCLUSION };

struct holder {
    enum holder_kind kind;
    enum protocol protocol;
    unsigned families; /* set of FAMILY_* that it belongs to */
    unsigned first, count;
    unsigned row;    /* in the table of its kind */
    bool persistent; /* HOLDER_RESERVATION */
};

/* Which IP families a socket's ports belong to: a set of FAMILY_*. A dual-stack socket belongs to both. */
unsigned socket_families(const struct socket_row *socket);

/* Is it bound to a port that others may not have? A socket that accept() made is not: its port is its listener's. */
bool socket_holds_port(const struct socket_row *socket);

/* Runtime or persistent, not released. */
bool reservation_is_live(const struct reservation *reservation);

/* A bound socket (asserted), a live reservation (asserted), an exclusion, which belongs to both families. */
struct holder socket_holder(const struct world *world, unsigned socket);
struct holder reservation_holder(const struct world *world, unsigned reservation);
struct holder exclusion_holder(const struct exclusion *exclusion);

#endif
