/* Calls that may have to wait for the wire: connect, accept, receive, send, and a close that lingers.
 *
 * Such a call that cannot be answered at once parks its thread and leaves a synchronous request. When the connection or
 * a datagram has brought what it waits for, an internal step answers it: the thread resumes with the call's return. The
 * same functions answer at once and later, so that both give the same. */
#ifndef RESERVOIR_STACK_TRANSPORT_TRANSFERS_H
#define RESERVOIR_STACK_TRANSPORT_TRANSFERS_H

#include "stack/system/context.h"
#include "stack/wire_rows.h"

/* What a call wants of the wire, and where its answer goes. */
struct transfer_call {
    struct request request;   /* thread, socket, operation and what that reads; with an OVERLAPPED also what
                                 overlapped_fill() fills in */
    struct transfer transfer; /* where data goes */
    unsigned overlapped;      /* the parameter that is the OVERLAPPED; meaningful with request.overlapped */
    uint64_t bytes_address;   /* where the count goes, and the call returns a status; 0: it returns the count */
    uint64_t flags_address;   /* where the flags go that a receive gives, or 0 */
    bool of_extension;        /* the call returns TRUE or FALSE: ConnectEx and kin */
    bool pends;               /* overlapped: it is not answered at once, whatever is there */
};

/* Ends the call at once, or leaves its request.
 *
 * Synchronous: a blocking socket parks its thread; a non-blocking one that would wait fails with WSAEWOULDBLOCK.
 * Overlapped: a success at once is a completion, too (W166); an error at once is none (W165); what would wait pends, be
 * the socket non-blocking or not. A datagram that did not fit is a warning of the kernel's and no error: WSAEMSGSIZE,
 * and a completion (inferred). */
void transfer_begin(struct context *context, const struct transfer_call *call);

/* The same for a call that is answered already: it gives so many bytes. */
void transfer_gave(struct context *context, const struct transfer_call *call, uint32_t count);

/* The same for a call that fails at once, without an effect. */
void transfer_refuse(struct context *context, const struct transfer_call *call, uint32_t error);

/* Can a receive with MSG_WAITALL wait for so many bytes? More than a ring, or a record, holds it cannot here. */
bool transfer_can_fill(const struct world *world, uint64_t wanted);

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
