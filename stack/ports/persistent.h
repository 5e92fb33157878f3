/* Persistent reservations: the six functions of iphlpapi, and how their blocks, tokens and store hang together.
 *
 * A block stands in the store of its protocol (system/store.h) and, while the machine runs, in a reservation row of
 * kind RESERVATION_PERSISTENT: of no process, of both families. Create and Delete change both; whoever has the token
 * and the privilege associates sockets with it (REM-12).
 *
 * ONE REASON FOR EACH STEP. Create answers ERROR_INVALID_PARAMETER (Q20, Q21, Q91), ERROR_ACCESS_DENIED (Q22 says which
 * of these two comes first), ERROR_SHARING_VIOLATION (a port in use, or another block: Q31, Q32, Q33),
 * ERROR_NOT_ENOUGH_MEMORY (our tables are full, or the machine is out of it). Delete: the first two, then
 * ERROR_NOT_FOUND (Q63, Q100) and ERROR_SHARING_VIOLATION (Q64). Lookup: ERROR_INVALID_PARAMETER, ERROR_ACCESS_DENIED
 * (Q66), ERROR_NOT_FOUND (Q67). Neither needs WSAStartup. Whether they set the last error is unknown: a success may
 * clear it, a failure leaves it.
 *
 * TRANSITIONS (token of a persistent reservation)
 *   changed --Create, Lookup--> reported --restart--> old --asked for (Q93)--> reported or changed */
#ifndef RESERVOIR_STACK_PORTS_PERSISTENT_H
#define RESERVOIR_STACK_PORTS_PERSISTENT_H

#include "stack/system/context.h"
#include "stack/ports/pool.h"

/* As pool_find_token; but a token from before the restart is asked for first (Q93). */
unsigned persistent_find_token(struct context *context, enum protocol protocol, uint64_t token);

/* Takes a persistent reservation out of the pool and out of the store. */
void persistent_delete(struct context *context, unsigned reservation);

/* Deletes a block as Delete does, once the caller may and the numbers are good: 0, ERROR_NOT_FOUND (Q63) or
 * ERROR_SHARING_VIOLATION (Q64). */
uint32_t persistent_delete_ports(struct context *context, enum protocol protocol, unsigned first, unsigned count);

/* Q33: is a socket bound to the port in such a way that it is in use for a block of both families? */
bool persistent_port_is_bound(struct context *context, enum protocol protocol, unsigned port);

#endif
