/* What a connection can do now, and how it has failed: for whoever reports it. Nothing is changed here. */
#ifndef RESERVOIR_STACK_TRANSPORT_STREAM_STATE_H
#define RESERVOIR_STACK_TRANSPORT_STREAM_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "stack/world.h"

/* The connection of a stream, or NULL. */
const struct connection_row *connection_of_stream(const struct world *world, unsigned socket);

/* The established connection that has waited longest at a listener, or NO_ROW. */
unsigned connection_waiting(const struct world *world, unsigned listener);

/* Would a send not have to wait? */
bool connection_has_room(const struct world *world, const struct tcp_connection *tcp);

/* The Winsock error of a connection that has failed; 0 for none. */
uint32_t connection_error(const struct tcp_connection *tcp);

/* The same of SO_ERROR: of the connection, or of the attempt before it. */
uint32_t connection_late_error(const struct connection_row *row);

#endif
