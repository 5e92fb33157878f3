/* bind, explicit and implicit: where a socket gets its port from, and what stands in the way. */
#ifndef RESERVOIR_STACK_TRANSPORT_BIND_H
#define RESERVOIR_STACK_TRANSPORT_BIND_H

#include "stack/system/context.h"
#include "stack/ports/pool.h"
#include "stack/transport/wire/address.h"

/* Binds an open socket to the wildcard address and a port of its association or the dynamic range, as connect does.
 * Returns 0 or the Winsock error. */
uint32_t bind_implicitly(struct context *context, unsigned socket);

/* The port of a socket whose bind has put it off (SOCKET_PUT_OFF, asserted), to connect to `remote`: a free one, or one
 * that others have in the same way for other peers. Returns 0 or the Winsock error. */
uint32_t bind_put_off(struct context *context, unsigned socket, const struct endpoint *remote);

/* The part of the port space that a socket sees. Asks Q34 when a reservation of another family makes it matter. */
struct port_space bind_space(struct context *context, const struct socket_row *socket);

#endif
