/* The connections of a world by their local port, and by what falls due first: so that neither a packet nor a port
 * choice nor the clock has to look at all of them. chains.h walks the first.
 *
 * INVARIANTS (connection_index_check)
 *   D1  Each connection in use is in the chain of its local port once, and nothing else is in a chain.
 *   D2  The urgency of each block of rows is the greatest one of its connections. (Urgency: UINT64_MAX less the
 *       deadline, so that 0, which a new world is full of, means that nothing is ever due.)
 *   D3  What was noted is what falls due: whoever changes a timer notes it. */
#ifndef RESERVOIR_STACK_TRANSPORT_CONNECTION_INDEX_H
#define RESERVOIR_STACK_TRANSPORT_CONNECTION_INDEX_H

#include <stdint.h>

#include "stack/world.h"

/* A connection, whose row is filled, is in use from now on; or is no more (its row has not been freed yet). */
void connection_index_add(struct world *world, unsigned connection);
void connection_index_remove(struct world *world, unsigned connection);

/* Its timers have changed. */
void connection_index_note(struct world *world, unsigned connection);

/* The first instant at which one falls due; UINT64_MAX: none does. */
uint64_t connection_index_deadline(const struct world *world);

/* The next connection from row `from` on that is due at this instant, or NO_ROW. */
unsigned connection_index_due(const struct world *world, unsigned from);

/* The invariants D1-D3; NULL, or the text of the broken one. */
const char *connection_index_check(const struct world *world);

#endif
