#include "stack/transport/sockets.h"

#include <assert.h>
#include <string.h>

#include "stack/errors.h"
#include "stack/io/completion_ports.h"
#include "stack/io/handle_events.h"
#include "stack/io/requests.h"
#include "stack/ports/pool.h"
#include "stack/ports/port_index.h"
#include "stack/system/handles.h"
#include "stack/transport/wire/address.h"
#include "stack/transport/acceptors.h"
#include "stack/transport/connections.h"
#include "stack/transport/kept_options.h"
#include "stack/transport/network_events.h"
#include "stack/transport/socket_waits.h"
#include "stack/transport/wire/packets.h"

/* --- the beginning of calls ------------------------------------------------------------------------------------- */

unsigned begin_socket_call(struct context *context, unsigned argument) {
    unsigned socket = context_socket(context, argument);
    struct violations violations = { 0 };
    violate_if(&violations, !winsock_started(context), WSANOTINITIALISED);
    violate_if(&violations, socket == NO_ROW, WSAENOTSOCK);
    uint32_t error = violation_chosen(context, &violations);
    if (error == 0) return socket;
    fail_socket(context, error);
    return NO_ROW;
}

unsigned begin_transport_call(struct context *context, unsigned argument) {
    unsigned socket = begin_socket_call(context, argument);
    if (socket == NO_ROW || world_socket(context->world, socket)->protocol != PROTOCOLS_COUNT) return socket;
    not_modelled(context, not_modelled_function(context->call->function));
    return NO_ROW;
}

/* --- the end -------------------------------------------------------------------------------------------------- */

/* Its connection closes by itself, or (a linger of no seconds) is reset; where the machine restarts (no chooser), no
 * peer hears of it. */
static void leave_connections(struct world *world, struct chooser *chooser, unsigned socket, bool abort) {
    const struct socket_row *row = world_socket(world, socket);
    if (chooser != NULL && row->state == SOCKET_LISTENING) connections_leave_listener(world, chooser, socket);
    if (row->connection == NO_ROW) return;
    if (chooser == NULL || row->protocol == PROTOCOL_UDP) connection_forget(world, row->connection);
    else
        connection_leave(world, chooser, row->connection,
                         abort || (socket_lingers(world, socket) && socket_linger_seconds(world, socket) == 0));
}

/* What a call returns that is blocked on a socket which another thread closes (REM-21): Q106. */
static uint32_t error_of_blocked_call(struct world *world, struct chooser *chooser, unsigned socket) {
    static const uint32_t errors[] = {
        [Q106_INTR] = WSAEINTR, [Q106_OPERATION_ABORTED] = WSA_OPERATION_ABORTED, [Q106_NOTSOCK] = WSAENOTSOCK
    };
    if (chooser == NULL || !socket_has_blocked_call(world, socket)) return WSA_OPERATION_ABORTED;
    return errors[world_reading(world, chooser, Q106_CLOSED_MEANWHILE)];
}

/* How a receive ends that pends on a stream which closes: by tests run on Windows one way, by a report another. */
static uint32_t status_of_receive(struct world *world, struct chooser *chooser, unsigned socket) {
    bool shows = chooser != NULL && world_socket(world, socket)->protocol == PROTOCOL_TCP &&
                 socket_has_pending_receive(world, socket);
    bool aborted = shows && world_reading(world, chooser, Q140_CLOSED_WITH_RECEIVE) == Q140_CONNECTION_ABORTED;
    return aborted ? STATUS_CONNECTION_ABORTED : STATUS_NETWORK_NAME_DELETED;
}

/* One more, or one less, that is bound; by 1 or -1. */
static void count_bound(struct world *world, const struct socket_row *row, int by) {
    unsigned families = socket_families(row);
    if (families == FAMILY_BOTH) return;
    uint16_t *count = &world->bound[row->protocol][families == FAMILY_V6];
    *count = (uint16_t)(*count + by);
}

/* What its AcceptEx have is let go. */
static void leave_acceptors(struct world *world, struct chooser *chooser, unsigned listener) {
    for (unsigned i = 0; i < world_top(world, TABLE_REQUESTS); i++) {
        const struct request *row = world_request(world, i);
        bool accepts = row->state == REQUEST_PENDING && row->operation == OPERATION_ACCEPT_EX;
        if (accepts && row->socket == listener) socket_let_go(world, chooser, row);
    }
}

/* The accept socket of an AcceptEx closes (W172): Q133. */
static void end_accept(struct world *world, struct chooser *chooser, unsigned request, struct result *result) {
    struct request *row = world_request(world, request);
    bool connected = acceptor_has_connection(world, row) && !row->decided && chooser != NULL;
    bool aborted = connected && world_reading(world, chooser, Q133_ACCEPT_SOCKET_CLOSED) == Q133_CONNECTION_ABORTED;
    if (chooser != NULL) socket_let_go(world, chooser, row);
    request_complete(world, request, aborted ? STATUS_CONNECTION_ABORTED : STATUS_CANCELLED, 0, COMPLETED_LATER,
                     result);
}

void socket_end(struct world *world, struct chooser *chooser, unsigned socket, struct result *result) {
    assert(world_socket(world, socket)->references == 0);
    bool receives = socket_has_pending_receive(world, socket); /* its connection is reset then (W201) */
    unsigned accepting = acceptor_request(world, socket);
    if (accepting != NO_ROW) end_accept(world, chooser, accepting, result);
    if (world_socket(world, socket)->state == SOCKET_LISTENING && chooser != NULL)
        leave_acceptors(world, chooser, socket);
    uint32_t error = error_of_blocked_call(world, chooser, socket);
    uint32_t status = status_of_receive(world, chooser, socket);
    request_cancel_of_socket(world, socket, error, status, result);
    socket_wait_lose(world, socket);
    association_drop(world, socket);
    handle_event_drop(world, socket);
    network_events_drop(world, socket);
    reservation_drop_of_socket(world, socket);
    leave_connections(world, chooser, socket, receives);
    datagrams_drop_of_socket(world, socket);
    const struct socket_row *row = world_socket(world, socket);
    if (socket_holds_port(row)) socket_unbind(world, socket);
    else if (row->state >= SOCKET_BOUND) count_bound(world, row, -1); /* accepted: it has its listener's port */
    pool_associate(world, socket, NO_ROW);
    socket_drop_numbers(world, socket);
    world_free(world, TABLE_SOCKETS, socket);
}

/* Q62: the socket lives on in a duplicate, and the process that acquired on it closes its own last handle to it. Do its
 * reservations end? */
static bool owner_lets_go(struct world *world, struct chooser *chooser, unsigned process, unsigned socket) {
    if (chooser == NULL || world_socket(world, socket)->references == 1) return false;
    if (!reservation_held_on(world, process, socket) || handles_to_socket(world, process, socket) > 1) return false;
    return world_reading(world, chooser, Q62_DUPLICATES) == Q62_OWNER;
}

void socket_close_handle(struct world *world, struct chooser *chooser, unsigned process, uint64_t number,
                         struct result *result) {
    unsigned socket = handle_find(world, process, HANDLE_SOCKET, number);
    assert(socket != NO_ROW);
    bool reservations_end = owner_lets_go(world, chooser, process, socket);
    unsigned references_left = handle_close(world, process, number, &socket);
    if (references_left == 0) {
        socket_end(world, chooser, socket, result);
        return;
    }
    if (reservations_end) reservation_drop_of_owner(world, process, socket);
    if (handles_to_socket(world, process, socket) == 0) request_leave_socket(world, process, socket);
}

/* Sockets bound to ports of the reservations that end with this handle lose their binding under Q54=b: all that were
 * acquired on the socket, or (the socket lives on) those of `owner`. */
static void unbind_dependents(struct context *context, unsigned acquirer, unsigned owner) {
    struct world *world = context->world;
    for (unsigned r = pool_next_acquired(world, acquirer, NO_ROW); r != NO_ROW;
         r = pool_next_acquired(world, acquirer, r)) {
        if (owner != NO_ROW && world_reservation(world, r)->process != owner) continue;
        for (unsigned i = pool_next_associated(world, r, NO_ROW); i != NO_ROW; i = pool_next_associated(world, r, i)) {
            if (!socket_holds_port(world_socket(world, i)) || (i == acquirer && owner == NO_ROW)) continue;
            if (reading(context, Q54_RELEASE_WHILE_BOUND) == Q54_BINDING_LOST) socket_unbind(world, i);
        }
    }
}

void socket_close(struct context *context, unsigned process, uint64_t number) {
    unsigned socket = handle_find(context->world, process, HANDLE_SOCKET, number);
    assert(socket != NO_ROW);
    bool last = world_socket(context->world, socket)->references == 1;
    if (last) unbind_dependents(context, socket, NO_ROW);
    else if (owner_lets_go(context->world, context->chooser, process, socket))
        unbind_dependents(context, socket, process);
    socket_close_handle(context->world, context->chooser, process, number, context->result);
}

void socket_bind(struct world *world, unsigned socket, const struct local_address *address, unsigned port) {
    struct socket_row *row = world_socket(world, socket);
    assert(row->state == SOCKET_OPEN || row->state == SOCKET_PUT_OFF);
    assert(port >= 1 && port < PORTS_END);
    row->state = SOCKET_BOUND;
    count_bound(world, row, 1);
    row->address = *address;
    row->port = (uint16_t)port;
    struct holder holder = socket_holder(world, socket);
    port_index_add(world, &holder);
}

void socket_put_off(struct world *world, unsigned socket, const struct local_address *address) {
    struct socket_row *row = world_socket(world, socket);
    assert(row->state == SOCKET_OPEN && row->protocol == PROTOCOL_TCP);
    row->state = SOCKET_PUT_OFF;
    row->address = *address;
}

void socket_unbind(struct world *world, unsigned socket) {
    struct socket_row *row = world_socket(world, socket);
    struct holder holder = socket_holder(world, socket);
    port_index_remove(world, &holder);
    count_bound(world, row, -1);
    row->state = SOCKET_OPEN;
    row->address = (struct local_address){ { 0 } };
    row->port = 0;
    row->port_shared = 0;
    if (row->connection != NO_ROW) connection_forget(world, row->connection);
}

bool socket_local_end(const struct world *world, unsigned socket, const struct endpoint *remote,
                      struct endpoint *local) {
    const struct socket_row *row = world_socket_at(world, socket);
    struct endpoint held = socket_endpoint(row);
    if (!route_to(world, remote, local)) return false;
    if (!endpoint_is_wildcard(&held)) {
        held = endpoint_unmapped(&held);
        if (held.family != local->family) return false;
        local->address = held.address;
    }
    local->port = row->port;
    return true;
}

bool socket_is_connecting(const struct world *world, const struct socket_row *row) {
    if (row->protocol != PROTOCOL_TCP || row->connection == NO_ROW || row->state == SOCKET_CONNECTED) return false;
    return world_connection_at(world, row->connection)->tcp.state != TCP_CLOSED;
}

/* Is it connected, or connecting by connect? By ConnectEx it has none yet (W148). */
static bool socket_has_peer(const struct world *world, unsigned socket) {
    const struct socket_row *row = world_socket_at(world, socket);
    if (row->state == SOCKET_CONNECTED) return true;
    return socket_is_connecting(world, row) && !world_connection_at(world, row->connection)->without_context;
}

/* That peer (asserted to be there), as an address of the socket's family. */
static struct endpoint socket_peer(const struct world *world, unsigned socket) {
    const struct socket_row *row = world_socket_at(world, socket);
    assert(socket_has_peer(world, socket));
    struct endpoint remote = connection_remote(world, row->connection);
    return endpoint_for_family(&remote, row->family);
}

unsigned socket_accepted(struct world *world, unsigned listener, const struct endpoint *local) {
    unsigned index = world_take(world, TABLE_SOCKETS);
    if (index == NO_ROW) return NO_ROW;
    struct socket_row *row = world_socket(world, index);
    struct endpoint shown = endpoint_for_family(local, world_socket(world, listener)->family);
    *row = *world_socket(world, listener);
    row->state = SOCKET_CONNECTED;
    row->address = shown.address;
    row->accepted = 1;
    row->reused = 0;
    row->backlog = 0;
    row->references = 0;
    row->connection = row->reservation = row->numbers = NO_ROW;
    row->reservation_serial = 0;
    row->handle_event = row->handle_unknown = 0;
    socket_copy_numbers(world, index, listener);
    count_bound(world, row, 1);
    return index;
}

void socket_take_port_of(struct world *world, unsigned socket, unsigned listener, const struct endpoint *local) {
    struct socket_row *row = world_socket(world, socket);
    struct endpoint shown = endpoint_for_family(local, row->family);
    assert(row->state == SOCKET_OPEN);
    row->state = SOCKET_CONNECTED;
    row->address = shown.address;
    row->port = world_socket(world, listener)->port;
    row->accepted = 1;
    row->reused = 0;
    count_bound(world, row, 1);
}

void socket_leave_connection(struct world *world, unsigned socket) {
    struct socket_row *row = world_socket(world, socket);
    assert(row->state == SOCKET_CONNECTED && row->connection == NO_ROW);
    row->shut_receive = row->shut_send = 0;
    row->state = SOCKET_BOUND;
    if (!row->accepted) return;
    count_bound(world, row, -1);
    row->state = SOCKET_OPEN;
    row->address = (struct local_address){ { 0 } };
    row->port = 0;
    row->accepted = 0;
}

void socket_let_go(struct world *world, struct chooser *chooser, const struct request *accepting) {
    if (!acceptor_has_connection(world, accepting)) return;
    connection_leave(world, chooser, world_socket(world, accepting->code)->connection, true);
    socket_leave_connection(world, accepting->code);
}

void socket_inherit(struct world *world, unsigned socket, unsigned listener) {
    struct socket_row *row = world_socket(world, socket);
    const struct socket_row *from = world_socket(world, listener);
    row->flags = from->flags;
    row->reuse = from->reuse;
    row->exclusive = from->exclusive;
    row->no_delay = from->no_delay;
    socket_drop_numbers(world, socket);
    socket_copy_numbers(world, socket, listener);
    connection_tune(world, socket);
}

void socket_not_accepted(struct world *world, unsigned socket) {
    network_events_drop(world, socket);
    count_bound(world, world_socket(world, socket), -1);
    socket_drop_numbers(world, socket);
    world_free(world, TABLE_SOCKETS, socket);
}

/* --- names ---------------------------------------------------------------------------------------------------- */

/* Ends a call with an address: WSAEFAULT for a bad or short buffer, length untouched (W82); or success. */
static void return_endpoint(struct context *context, const struct endpoint *endpoint, unsigned name, unsigned namelen) {
    unsigned size = sockaddr_size(endpoint->family);
    const uint8_t *length = call_read(context->call, namelen, 4);
    if (length == NULL || load_u32(length) < size || !call_range_holds(context->call, name, size)) {
        fail_socket(context, WSAEFAULT);
        return;
    }
    uint8_t sockaddr[SOCKADDR_IN6_SIZE];
    uint8_t stored[4];
    endpoint_store(endpoint, sockaddr);
    store_u32(stored, size);
    result_write(context->result, context->call->arguments[name], sockaddr, size);
    result_write(context->result, context->call->arguments[namelen], stored, sizeof stored);
    succeed(context, 0);
}

/* WSANOTINITIALISED, WSAENOTSOCK; WSAEINVAL unbound, buffer untouched (W80), before the buffer is looked at (W105);
 * WSAEFAULT for a bad or short buffer, length untouched (W82). */
void call_getsockname(struct context *context) {
    unsigned socket = begin_socket_call(context, getsockname_s);
    if (socket == NO_ROW) return;
    const struct socket_row *row = world_socket(context->world, socket);
    bool unaware = row->accepted && connection_is_hidden(context->world, socket); /* W171 */
    if (row->state == SOCKET_OPEN || unaware) {
        fail_socket(context, WSAEINVAL);
        return;
    }
    struct endpoint endpoint = socket_endpoint(row);
    return_endpoint(context, &endpoint, getsockname_name, getsockname_namelen);
}

/* WSANOTINITIALISED, WSAENOTSOCK; in any order WSAENETDOWN, WSAENOTCONN, before the buffer is looked at (W83);
 * WSAEFAULT for a bad or short buffer. Of a datagram socket the peer is what connect was given, never what a sendto was
 * (T7.5). */
void call_getpeername(struct context *context) {
    unsigned socket = begin_socket_call(context, getpeername_s);
    if (socket == NO_ROW) return;
    struct violations violations = { 0 };
    violate_if(&violations, context->world->network_down, WSAENETDOWN);
    violate_if(&violations, !socket_has_peer(context->world, socket) || connection_is_hidden(context->world, socket),
               WSAENOTCONN);
    uint32_t error = violation_chosen(context, &violations);
    if (error != 0) {
        fail_socket(context, error);
        return;
    }
    struct endpoint peer = socket_peer(context->world, socket);
    return_endpoint(context, &peer, getpeername_name, getpeername_namelen);
}

/* --- invariants ----------------------------------------------------------------------------------------------- */

const char *sockets_check(const struct world *world) {
    assert(world != NULL);
    unsigned bound[PROTOCOLS_COUNT][2] = { { 0 } };
    for (unsigned i = 0; i < world_top(world, TABLE_SOCKETS); i++) {
        const struct socket_row *row = world_socket_at(world, i);
        if (row->state == SOCKET_FREE) continue;
        if ((row->state >= SOCKET_BOUND) != (row->port != 0))
            return "S1: a socket has a port and is not bound, or the reverse";
        if (row->state == SOCKET_PUT_OFF && row->protocol != PROTOCOL_TCP) return "S1: a port that is put off, of UDP";
        if (row->reuse && row->exclusive) return "S2: a socket has both sharing options";
        if (row->state == SOCKET_LISTENING && row->protocol != PROTOCOL_TCP)
            return "S3: a listener that is no TCP socket";
        if (row->state >= SOCKET_BOUND && row->protocol == PROTOCOLS_COUNT) return "S3: a raw socket is bound";
        if (row->state == SOCKET_CONNECTED && row->connection == NO_ROW) return "S5: a connected socket has no peer";
        if (row->references == 0) return "S4: a socket that no handle names";
        if (row->state >= SOCKET_BOUND && socket_families(row) != FAMILY_BOTH)
            bound[row->protocol][socket_families(row) == FAMILY_V6]++;
    }
    for (unsigned i = 0; i < PROTOCOLS_COUNT * 2; i++)
        if (bound[i / 2][i % 2] != world->bound[i / 2][i % 2]) return "S6: world.bound is wrong";
    return NULL;
}
