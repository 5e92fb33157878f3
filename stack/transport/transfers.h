/* Calls that may have to wait for the wire: connect, accept, receive, send.
 *
 * Such a call that cannot be answered at once parks its thread and leaves a synchronous request. When the connection or
 * a datagram has brought what it waits for, an internal step answers it: the thread resumes with the call's return. The
 * same functions answer at once and later, so that both give the same. */
#ifndef RESERVOIR_STACK_TRANSPORT_TRANSFERS_H
#define RESERVOIR_STACK_TRANSPORT_TRANSFERS_H

#include "stack/system/context.h"
#include "stack/wire_rows.h"

/* Ends the call at once, or parks the thread: a blocking socket. A non-blocking one that would wait fails with
 * WSAEWOULDBLOCK. `request` needs thread, socket, operation and what the operation reads. */
void transfer_begin(struct context *context, const struct request *request);

/* The Winsock error of a connection that has failed; 0 for one that has not. */
uint32_t connection_error(const struct tcp_connection *tcp);

/* Would the pending request be answered now? */
bool transfer_is_ready(const struct world *world, unsigned request);

/* Internal step: answers it. */
void transfer_finish(struct context *context, unsigned request);

#endif
