/* Requests and completion routines: how a call travels from its issue to its completion.
 *
 * Every control call that reaches the transport is a request, a synchronous one too: it is decided (its effects take
 * place, its status becomes final) by the same function at the same place. A synchronous request is decided before its
 * call returns, which may park its thread. An overlapped one is decided at once or in a later internal step; its
 * completion then writes the caller's OVERLAPPED, and tells by one of three ways: it queues its routine; or it signals
 * its event and, where its socket has a completion port, queues a packet there (completion_ports.h).
 *
 * INVARIANTS
 *   R1  A pending request names an open socket (AcceptEx's two) and a live thread; without its thread, a live
 *       process and a socket with a completion port.
 *   R2  A synchronous request lives inside its call only, or while its thread is parked in that call.
 *   R3  A queued routine belongs to a live thread.
 *   R5  A transfer is named by exactly one pending request, which is none of a control call.
 *
 * TRANSITIONS (request)
 *   free --request_issue--> pending --request_complete--> free
 *                                   --request_cancel----> decided: STATUS_CANCELLED, to be completed; or, synchronous,
 *                                   free
 *                                   --request_withdraw--> free   (it was refused at once: no one learns of it by a
 *                                                                completion)
 *                                   --request_return----> free   (synchronous: its thread resumes)
 *                                   --request_finish----> free   (synchronous: its call returns, or its thread ends)
 * (routine)
 *   free --routine_queue, apc_queue--> queued --routine_deliver_all--> free
 *                           queued --routine_drop_of_thread--> free */
#ifndef RESERVOIR_STACK_IO_REQUESTS_H
#define RESERVOIR_STACK_IO_REQUESTS_H

#include "stack/call/call.h"
#include "stack/world.h"

/* A new pending request, a copy of `*request` with its state and its process set; NO_ROW when there is no room for it,
 * its routine or its packet. An overlapped request's event is reset, as the I/O manager does (W126). */
unsigned request_issue(struct world *world, const struct request *request);

/* Is there room for an overlapped request, its routine or its packet? Notes the full table where there is not. For what
 * is answered before the I/O manager learns of the call: it may issue the request after its effects. */
bool request_has_room(struct world *world, const struct request *request);

/* The same as request_issue() for a request of the wire, with a copy of `*transfer` whose serial is set: it comes after
 * those that wait for the same on its socket. */
unsigned request_issue_transfer(struct world *world, const struct request *request, const struct transfer *transfer);

/* The transfer of a request that has one (asserted). */
const struct transfer *request_transfer(const struct world *world, const struct request *request);

/* Does no earlier request wait on its socket for the same? One without a transfer is the latest: it is not issued
 * yet. */
bool request_is_first(const struct world *world, const struct request *request);

/* Has the call that issued a request returned WSA_IO_PENDING before it ended? */
enum completion_time { COMPLETED_AT_ONCE, COMPLETED_LATER };

/* Ends an overlapped request with a final status: writes Internal and InternalHigh, queues the routine, or signals the
 * event and queues a packet, and frees the row. `information` is the number of bytes stored. A success at once queues
 * no packet where FILE_SKIP_COMPLETION_PORT_ON_SUCCESS is set (W124). */
void request_complete(struct world *world, unsigned request, uint32_t status, uint32_t information,
                      enum completion_time time, struct result *result);

/* Frees an overlapped request that was refused at once: no completion follows (W26, W112). */
void request_withdraw(struct world *world, unsigned request);

/* Frees a synchronous request. */
void request_finish(struct world *world, unsigned request);

/* Parks the thread of a synchronous request in its call, until request_return(), or until the wait is over at
 * `deadline_ns` (UINT64_MAX: never). Its routines run meanwhile (model/inside.h). */
void request_park(struct world *world, unsigned request, unsigned function, uint64_t deadline_ns);

/* Ends a synchronous request whose thread is parked: the call returns `value`, with this last error or
 * ERROR_UNTOUCHED. */
void request_return(struct world *world, unsigned request, uint64_t value, uint32_t error, struct result *result);

/* Cancels one pending request. An overlapped one is decided: it ends with STATUS_CANCELLED, in an internal step to
 * come; where it was decided before it ends as it was (T10.2). A synchronous one, whose thread is parked, returns this
 * Winsock error. */
void request_cancel(struct world *world, unsigned request, uint32_t winsock_error, struct result *result);

/* Cancels what is pending on a socket that closes. A thread that is parked in a call on the socket resumes: its call
 * fails with this error. A receive that pends on a stream ends with this NTSTATUS. */
void request_cancel_of_socket(struct world *world, unsigned socket, uint32_t winsock_error, uint32_t receive_status,
                              struct result *result);

/* A process has closed its last handle to a socket that lives on in another one: what it has issued there ends as
 * cancelled where a packet and no event reports it; all else stays pending (W111). */
void request_leave_socket(struct world *world, unsigned process, unsigned socket);

/* Is a thread parked in a call on this socket? */
bool socket_has_blocked_call(const struct world *world, unsigned socket);

/* Is an overlapped receive pending on this socket, which no one has cancelled? */
bool socket_has_pending_receive(const struct world *world, unsigned socket);

/* Cancels what a thread has issued that ends (W109). On a socket with a completion port a request without an event
 * outlives its thread (W110, W194). */
void request_cancel_of_thread(struct world *world, unsigned thread, struct result *result);

/* Cancels what threads of a process that ends have issued and left behind, whenever they ended. */
void request_cancel_of_process(struct world *world, unsigned process, struct result *result);

/* The pending request that uses the OVERLAPPED at this user address in a process, or NO_ROW. */
unsigned request_find(const struct world *world, unsigned process, uint64_t overlapped_address);

/* Queues a function of the program's to a thread, with a number that it is given (QueueUserAPC). False when there is no
 * room. Here and below an APC is a routine like those of requests: they run in the order in which they were queued. */
bool apc_queue(struct world *world, unsigned thread, uint64_t address, uint64_t number);

/* The synchronous request whose call a thread is parked in, or NO_ROW. */
unsigned request_of_blocked_call(const struct world *world, unsigned thread);

/* Has this thread a queued routine? */
bool routine_is_queued(const struct world *world, unsigned thread);

/* Delivers all queued routines of a thread, oldest first: they ran, in result->routines. In a world with more of them
 * than one result tells the rest stays queued, for whoever asks again. */
void routine_deliver_all(struct world *world, unsigned thread, struct result *result);

/* Drops the routines of a thread that ends. */
void routine_drop_of_thread(struct world *world, unsigned thread);

/* The invariants R1, R2, R3 and R5; NULL, or the text of the broken one. */
const char *requests_check(const struct world *world);

#endif
