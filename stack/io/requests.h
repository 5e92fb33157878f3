/* Requests, events and completion routines: how a call travels from its issue to its completion.
 *
 * Every control call that reaches the transport is a request, a synchronous one too: it is decided (its effects take
 * place, its status becomes final) by the same function at the same place. A synchronous request is decided before its
 * call returns. An overlapped one is decided at once or in a later internal step; its completion then writes the
 * caller's OVERLAPPED, and signals its event or queues its routine.
 *
 * INVARIANTS
 *   R1  A pending request names an open socket and a live thread.
 *   R2  A synchronous request lives inside its call only, or while its thread is parked in that call.
 *   R3  A queued routine belongs to a live thread.
 *   R4  An event that nothing names (no handle) is named by a pending request, or free.
 *
 * TRANSITIONS (request)
 *   free --request_issue--> pending --request_complete--> free
 *                                   --request_cancel----> free   (STATUS_CANCELLED; the socket closed: ERR-ABORT-CLOSE)
 *                                   --request_return----> free   (synchronous: its thread goes on)
 * (routine)
 *   free --routine_queue--> queued --routine_deliver--> free */
#ifndef RESERVOIR_STACK_IO_REQUESTS_H
#define RESERVOIR_STACK_IO_REQUESTS_H

#include "stack/call/call.h"
#include "stack/world.h"

/* A new event object; NO_ROW when the table is full. The caller opens a handle to it. */
unsigned event_create(struct world *world, bool manual_reset, bool set);
void event_set(struct world *world, unsigned event);
void event_reset(struct world *world, unsigned event);
/* A handle to it was closed: frees it when nothing needs it any more. */
void event_release(struct world *world, unsigned event);
/* Consumes the signal of an event that resets itself. The event must be set (asserted). */
void event_consume(struct world *world, unsigned event);

/* A new pending request, a copy of `*request` with its state set; NO_ROW when there is no room for it or its routine. An overlapped request's
 * event is reset, as the I/O manager does (W126). */
unsigned request_issue(struct world *world, const struct request *request);

/* Ends an overlapped request with a final status: writes Internal and InternalHigh, signals the event or queues the
 * routine, and frees the row. `information` is the number of bytes stored. */
void request_complete(struct world *world, unsigned request, uint32_t status, uint32_t information, struct result *result);

/* Frees a synchronous request. */
void request_finish(struct world *world, unsigned request);

/* Parks the thread of a synchronous request in its call, until request_return(). */
void request_park(struct world *world, unsigned request, unsigned function);

/* Ends a synchronous request whose thread is parked: the call returns `value`, with this last error or ERROR_UNTOUCHED. */
void request_return(struct world *world, unsigned request, uint64_t value, uint32_t error, struct result *result);

/* Cancels what is pending on a socket that closes / of a thread that ends. A thread that is parked in a call on the socket
 * goes on: its call fails with WSAEINTR. */
void request_cancel_of_socket(struct world *world, unsigned socket, struct result *result);
void request_cancel_of_thread(struct world *world, unsigned thread, struct result *result);

/* The pending request that uses the OVERLAPPED at this user address in a process, or NO_ROW. */
unsigned request_find(const struct world *world, unsigned process, uint64_t overlapped_address);

/* Has this thread a queued routine? */
bool routine_is_queued(const struct world *world, unsigned thread);

/* Delivers all queued routines of a thread, oldest first: they ran, in result->routines. */
void routine_deliver_all(struct world *world, unsigned thread, struct result *result);

/* Drops the routines of a thread that ends. */
void routine_drop_of_thread(struct world *world, unsigned thread);

/* The invariants R1-R4; NULL, or the text of the broken one. */
const char *requests_check(const struct world *world);

#endif
