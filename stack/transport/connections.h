/* TCP connections of a world: who they belong to, and how their packets find them.
 *
 * A connection is a row of the world around struct tcp_connection (wire/tcp.h). It belongs to a socket, or waits at a
 * listening socket until accept() takes it, or closes alone after its socket has gone (FIN-WAIT, TIME-WAIT and so on).
 * Sockets never look into each other: everything between two of them crosses the queue of packets.
 *
 * INVARIANTS (connections_check)
 *   C1  A connection of a socket names an open socket, which names it in turn. One of a datagram socket is always
 *       closed: it only holds the two endpoints.
 *   C2  A connection that waits names a listening socket, and no socket of its own.
 *   C3  A connection without a socket is not closed: a closed one goes with its last owner.
 *   C4  T1-T6 of wire/tcp.h hold for each.
 *   C5  One that is held (SO_CONDITIONAL_ACCEPT) waits at a listener, in SYN-RECEIVED: its SYN was not answered.
 *
 * TRANSITIONS (row)
 *   free --connection_open--> of a socket --connection_leave--> of none --it is closed--> free
 *   free --a SYN arrives--> waiting at a listener --connection_take--> of a socket
 *                           waiting --connections_leave_listener, refused, reset--> free
 *   held is waiting with its SYN unanswered: --connection_take, connection_answer--> of a socket */
#ifndef RESERVOIR_STACK_TRANSPORT_CONNECTIONS_H
#define RESERVOIR_STACK_TRANSPORT_CONNECTIONS_H

#include "stack/choice.h"
#include "stack/transport/stream_state.h"
#include "stack/transport/wire/address.h"
#include "stack/transport/wire/tcp.h"
#include "stack/world.h"

/* The rings of a connection. */
struct tcp_buffers connection_buffers(struct world *world, unsigned connection);

/* Begins to connect a socket, which has none: both endpoints are of one family, the local one names no wildcard. The
 * SYN is on its way. NO_ROW when there is no room. */
unsigned connection_open(struct world *world, struct chooser *chooser, unsigned socket, const struct endpoint *local,
                         const struct endpoint *remote);

/* A datagram socket notes whom it is connected to; nothing is sent. NO_ROW when there is no room. */
unsigned connection_note(struct world *world, struct chooser *chooser, unsigned socket, const struct endpoint *local,
                         const struct endpoint *remote);

/* Sends what the connection has to send: after tcp_write(), tcp_read(), tcp_finish(), tcp_abort(). */
void connection_flush(struct world *world, struct chooser *chooser, unsigned connection);

/* The connection between two endpoints, or NO_ROW. */
unsigned connection_between(const struct world *world, const struct endpoint *local, const struct endpoint *remote);

/* How many connections wait at a listener or are being established. */
unsigned connections_at(const struct world *world, unsigned listener);

/* accept() takes a waiting connection: it belongs to this socket now. */
void connection_take(struct world *world, unsigned connection, unsigned socket);

/* Its condition has accepted it, and it has a socket: answers the SYN of one that was held. */
void connection_answer(struct world *world, struct chooser *chooser, unsigned connection);

/* Tells the connection of a socket, if it has one, of the options that it heeds: TCP_NODELAY, SO_KEEPALIVE and
 * the times of keep-alives. */
void connection_tune(struct world *world, unsigned socket);

/* ConnectEx has made the connection of a socket: the socket has not been told so until SO_UPDATE_CONNECT_CONTEXT. Until
 * then it has no peer's name, and cannot be shut down (the page of ConnectEx). */
bool connection_is_hidden(const struct world *world, unsigned socket);

/* The option tells it. False: the socket is not connected. */
bool connection_show(struct world *world, unsigned socket);

/* Its socket goes away. `abort`: by RST; else what is queued and FIN follow, and no one reads any more (what arrived
 * and was not read makes it a RST too). */
void connection_leave(struct world *world, struct chooser *chooser, unsigned connection, bool abort);

/* A listener goes away: what waits there is reset. */
void connections_leave_listener(struct world *world, struct chooser *chooser, unsigned listener);

/* The same without a word to the peer: the machine restarts. */
void connection_forget(struct world *world, unsigned connection);

/* Does a connection of this local port live that a listener there accepted, whoever has it now? One in TIME_WAIT does
 * not. */
bool connection_accepted_lives(const struct world *world, unsigned families, unsigned port);

/* A TCP segment has arrived at this machine. */
void connection_arrive(struct world *world, struct chooser *chooser, const struct segment *segment,
                       const uint8_t *payload);

/* Timers: is one due, let those that are happen, nanoseconds until the next (UINT64_MAX: none). */
bool connection_timer_is_due(const struct world *world);
void connections_advance(struct world *world, struct chooser *chooser);
uint64_t connection_timer_in_ns(const struct world *world);

struct endpoint connection_local(const struct world *world, unsigned connection);
struct endpoint connection_remote(const struct world *world, unsigned connection);

/* The invariants C1-C5; NULL, or the text of the broken one. */
const char *connections_check(const struct world *world);

#endif
