/* Completion ports: sockets are associated with them, packets wait at them, threads take packets.
 *
 * Port and key belong to the shared socket and not to the handle: what is issued on a duplicate completes at the port
 * that was attached through the original (W134). A port is looked up when a request ends, not when it was issued
 * (W114).
 * Once its last handle is closed a port takes no packet any more; its sockets stay associated with nothing.
 *
 * EXACTLY ONCE. Every end of a request is one call of request_complete(), which queues at most one packet; a packet is
 * freed by the one thread that takes it. None is lost for want of room, since room is kept for every pending request
 * that may need a packet (C3).
 *
 * INVARIANTS
 *   C1  A queued packet waits at a port that has a handle.
 *   C2  A socket has one association at most, for the whole of its life.
 *   C3  Packets queued, and pending requests that may need one, are together no more than there are rows.
 *   C4  A closed port is there only while a thread waits at it.
 *   C5  The port that has served a thread last is there; none once it has gone.
 *
 * TRANSITIONS (port)
 *   free --completion_port_create--> open --completion_port_release (threads wait)--> closed --completion_port_leave-->
 *                                    free open --completion_port_release--> free
 * (packet)
 *   free --completion_queue--> queued --completion_take--> free
 *                              queued --completion_port_release--> free
 * (association)
 *   free --association_set--> port or modes --association_drop--> free */
#ifndef RESERVOIR_STACK_IO_COMPLETION_PORTS_H
#define RESERVOIR_STACK_IO_COMPLETION_PORTS_H

#include "stack/world.h"

/* A new port without handles; NO_ROW when there is no room. */
unsigned completion_port_create(struct world *world);

/* Its last handle was closed: what waits there is lost, who waits there leaves by himself (wait_is_over). */
void completion_port_release(struct world *world, unsigned port);

/* A thread that waited at a closed port has left. */
void completion_port_leave(struct world *world, unsigned port);

/* The association of a socket, or NO_ROW. */
unsigned association_of(const struct world *world, unsigned socket);

/* The association of a socket, made where there is none (with neither port nor modes); NO_ROW when there is no room. */
unsigned association_take(struct world *world, unsigned socket);

/* The socket is gone. */
void association_drop(struct world *world, unsigned socket);

/* Has the socket been associated with a port, be that there or gone? */
bool has_completion_port(const struct world *world, unsigned socket);

/* Is there a row for one packet more, beside those that pending requests may need? */
bool completion_has_room(const struct world *world);

/* Queues a packet at a port, which is open (asserted). Room was made sure of before (asserted). */
void completion_queue(struct world *world, unsigned port, const struct completion *packet);

/* Does a packet wait at the port? */
bool completion_is_queued(const struct world *world, unsigned port);

/* A thread takes the oldest packet of a port, which has one (asserted): the port is the one that served it last. */
struct completion completion_take(struct world *world, unsigned port, unsigned thread);

/* C1-C5; NULL, or the text of the broken one. */
const char *completion_ports_check(const struct world *world);

#endif
