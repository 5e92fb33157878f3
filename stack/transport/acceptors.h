/* The accept sockets of AcceptEx: which request each belongs to.
 *
 * The request is one of the listener's (W172). Its accept socket is named by request.code; while it has no connection,
 * only the request knows of it. Once a connection waits, the accept socket gets it, and the request ends; with room for
 * data it lives until the first of it has come (W170).
 *
 * TRANSITIONS (the accept socket)
 *   open --acceptor_connect--> connected, unaware of it --SO_UPDATE_ACCEPT_CONTEXT--> connected
 *                              connected, unaware of it --socket_let_go (cancelled, failed)--> open, its peer is reset
 *
 * A thread that ends while its AcceptEx waits for data leaves the accept socket connected. */
#ifndef RESERVOIR_STACK_TRANSPORT_ACCEPTORS_H
#define RESERVOIR_STACK_TRANSPORT_ACCEPTORS_H

#include <stdbool.h>

#include "stack/world.h"

/* The pending AcceptEx that this socket is to be the accept socket of, or NO_ROW. */
unsigned acceptor_request(const struct world *world, unsigned socket);

/* Is its AcceptEx still waiting for data, although it has its connection? Until the end of the request the program
 * cannot use it. */
bool acceptor_waits_for_data(const struct world *world, unsigned socket);

/* Has the accept socket of this request its connection? */
bool acceptor_has_connection(const struct world *world, const struct request *request);

#endif
