/* Calls that may have to wait for the wire: connect, accept, receive, send, and a close that lingers.
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

/* Would the pending request be answered now? */
bool transfer_is_ready(const struct world *world, unsigned request);

/* Internal step: answers it. */
void transfer_finish(struct context *context, unsigned request);

/* Internal step: its time is over. SO_RCVTIMEO, SO_SNDTIMEO: WSAETIMEDOUT. The seconds of SO_LINGER: the connection is
 * reset, and closesocket succeeds, as its page says. */
void transfer_time_out(struct context *context, unsigned request);

/* closesocket by a handle, on a socket that lingers while something is not acknowledged: the thread is parked until it
 * is, or until the seconds are over. The peer learns that nothing follows; the handle is closed at the end. */
void close_later(struct context *context, unsigned socket, uint64_t handle, unsigned seconds);

#endif
