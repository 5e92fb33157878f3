/* Sockets: what they are from their opening (open.c) to closesocket(), and their names. Everything that changes the
 * state of one, except listening and connecting (connect.c), is here.
 *
 * INVARIANTS
 *   S1  A socket has a port and an address exactly in the states bound, listening and connected; put off, it has an
 *       address alone.
 *   S2  SO_REUSEADDR and SO_EXCLUSIVEADDRUSE exclude each other (W89).
 *   S3  A listening socket is a TCP socket; a raw socket is never bound by this model.
 *   S4  A socket that is not free is named by at least one handle, or is a duplicate on its way.
 *   S5  A connected socket has a connection, which names its peer.
 *   S6  world.bound counts the bound sockets of one family.
 *
 * TRANSITIONS
 *   free --call_socket, call_WSASocketA, call_WSASocketW--> open --socket_bind--> bound --call_listen--> listening
 *   bound, open --call_connect--> connected (binding on the way: bind.h)
 *   open --socket_put_off--> put off --call_connect--> bound   (reading Q124=b only)
 *   open --socket_take_port_of (AcceptEx)--> connected
 *   connected --socket_leave_connection (DisconnectEx with TF_REUSE_SOCKET; an AcceptEx that fails)--> bound, open
 *   any --socket_end--> free         (its last handle closed; its reservations drop, its requests are cancelled)
 *   bound --socket_unbind--> open    (reading Q54=b only) */
#ifndef RESERVOIR_STACK_TRANSPORT_SOCKETS_H
#define RESERVOIR_STACK_TRANSPORT_SOCKETS_H

#include "stack/system/context.h"
#include "stack/call/catalogue.h"
#include "stack/transport/wire/address.h"

/* The stage that functions on a socket begin with: the socket of handle argument `argument`. NO_ROW: the call has ended
 * with WSANOTINITIALISED or WSAENOTSOCK. */
unsigned begin_socket_call(struct context *context, unsigned argument);

/* The same for functions of TCP and UDP. NO_ROW, too, for a raw socket or one of AF_UNIX, whose addresses and data are
 * not modelled: the call has ended so. */
unsigned begin_transport_call(struct context *context, unsigned argument);

/* Closes one socket handle of a process, as closesocket, WSACleanup and the end of the process do. The handle must be
 * there (asserted). Cancelled requests' writes go to *result. `chooser` is asked Q62 where a duplicate lives on; NULL
 * when the machine restarts and it makes no difference. */
void socket_close_handle(struct world *world, struct chooser *chooser, unsigned process, uint64_t number,
                         struct result *result);

/* Ends a socket that nothing names any more (asserted). */
void socket_end(struct world *world, struct chooser *chooser, unsigned socket, struct result *result);

/* A socket for a connection that waits at a listener: with the listener's options (W143) and its port, but not as one
 * that holds it. It has no handle and no connection yet. NO_ROW when the table is full. */
unsigned socket_accepted(struct world *world, unsigned listener, const struct endpoint *local);

/* AcceptEx connects an open socket: it has the port of the listener, but not as one that holds it. Its connection
 * follows (connection_take). */
void socket_take_port_of(struct world *world, unsigned socket, unsigned listener, const struct endpoint *local);

/* A socket whose connection has gone before it can have another one: it is bound, or, where it had its listener's port,
 * open. */
void socket_leave_connection(struct world *world, unsigned socket);

/* An AcceptEx that has its connection (acceptors.h) ends without success: the peer is reset, and the accept socket is
 * as it was. One that has none is not touched. */
void socket_let_go(struct world *world, struct chooser *chooser, const struct request *accepting);

/* SO_UPDATE_ACCEPT_CONTEXT: a socket gets the options of its listener (W143). */
void socket_inherit(struct world *world, unsigned socket, unsigned listener);

/* Takes it back: there was no handle left for it. */
void socket_not_accepted(struct world *world, unsigned socket);

/* The same by a call, closesocket, CloseHandle or DuplicateHandle, which may name another process's handle: what hangs
 * on the socket may lose its binding (Q54). */
void socket_close(struct context *context, unsigned process, uint64_t number);

/* Gives an open socket its address and port / takes them away again. */
void socket_bind(struct world *world, unsigned socket, const struct local_address *address, unsigned port);
void socket_unbind(struct world *world, unsigned socket);

/* Gives an open socket its address; the port is put off to connect. */
void socket_put_off(struct world *world, unsigned socket, const struct local_address *address);

/* What a bound socket talks to `remote` from: its own address, or, bound to the wildcard, the one that leads there.
 * False: no route does, or the socket is bound to an address of the other family (inferred). */
bool socket_local_end(const struct world *world, unsigned socket, const struct endpoint *remote,
                      struct endpoint *local);

/* Is a connect of this stream under way? */
bool socket_is_connecting(const struct world *world, const struct socket_row *row);

/* The invariants S1-S6; NULL, or the text of the broken one. */
const char *sockets_check(const struct world *world);

#endif
