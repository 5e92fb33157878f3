/* What an AcceptEx does with a connection that has come (acceptors.h). */
#ifndef RESERVOIR_STACK_TRANSPORT_ACCEPTING_H
#define RESERVOIR_STACK_TRANSPORT_ACCEPTING_H

#include "stack/system/context.h"

/* Is the buffer of this request long enough for both addresses? It is not looked at before a connection comes
 * (W169). */
bool acceptor_addresses_fit(const struct world *world, const struct request *request);

/* The accept socket of a pending request gets this connection, which waits at the listener. */
void acceptor_connect(struct world *world, const struct request *request, unsigned connection);

/* The request stores both addresses behind the data. */
void acceptor_store_addresses(struct context *context, const struct request *request);

/* The sockaddr in a part of such a buffer, of so many bytes, and how long it is; NULL where AcceptEx has stored
 * none. */
const uint8_t *accepted_sockaddr(const uint8_t *part, uint32_t length, uint32_t *size);

#endif
