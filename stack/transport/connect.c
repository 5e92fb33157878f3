/* listen and connect. connect binds a socket that is not bound, through the same choice of a port as bind. */
#include <assert.h>
#include <string.h>

#include "stack/call/catalogue.h"
#include "stack/errors.h"
#include "stack/sdk/network_event_values.h"
#include "stack/system/context.h"
#include "stack/transport/wire/address.h"
#include "stack/transport/bind.h"
#include "stack/transport/connections.h"
#include "stack/transport/network_events.h"
#include "stack/transport/sockets.h"
#include "stack/transport/transfers.h"

enum { BACKLOG_MAX = 200 }; /* SOMAXCONN means this much (W136: any number is taken) */

/* WSANOTINITIALISED, WSAENOTSOCK; WSAEOPNOTSUPP for a socket without connections; WSAEISCONN; WSAEINVAL unbound;
 * WSAENOBUFS. Once more on a listening socket: only the backlog changes (W137). */
void call_listen(struct context *context) {
    unsigned socket = begin_socket_call(context, listen_s);
    if (socket == NO_ROW) return;
    struct socket_row *row = world_socket(context->world, socket);
    struct violations violations = { 0 };
    violate_if(&violations, context->world->network_down, WSAENETDOWN);
    violate_if(&violations, row->protocol != PROTOCOL_TCP, WSAEOPNOTSUPP);
    violate_if(&violations, row->state == SOCKET_CONNECTED, WSAEISCONN);
    violate_if(&violations, row->state == SOCKET_OPEN && row->protocol == PROTOCOL_TCP, WSAEINVAL);
    uint32_t error = violation_chosen(context, &violations);
    if (error == 0 && context->world->no_buffers) error = WSAENOBUFS;
    if (error != 0) {
        fail_socket(context, error);
        return;
    }
    if (row->state == SOCKET_PUT_OFF) {
        not_modelled(context, not_modelled_function(FUNCTION_listen)); /* no source says what becomes of it */
        return;
    }
    int32_t backlog = (int32_t)context->call->arguments[listen_backlog];
    row->state = SOCKET_LISTENING;
    row->backlog = (uint8_t)(backlog < 1 ? 1 : backlog > BACKLOG_MAX ? BACKLOG_MAX : backlog);
    succeed(context, 0);
}

static bool dissolves(const struct socket_row *row, const uint8_t *name) {
    return row->protocol == PROTOCOL_UDP && load_u16(name) == AF_UNSPEC; /* W154 */
}

/* Another connect while one is under way: WSAEALREADY (W144, F20), which Winsock 1.1 calls WSAEINVAL. */
static uint32_t connect_unfit(struct context *context, const struct socket_row *row, const uint8_t *name) {
    struct violations violations = { 0 };
    bool winsock_1 = world_process(context->world, context->process)->startup_version == 0x0101;
    violate_if(&violations, context->world->network_down, WSAENETDOWN);
    violate_if(&violations, row->protocol == PROTOCOLS_COUNT, WSAEOPNOTSUPP);
    violate_if(&violations, row->state == SOCKET_LISTENING, WSAEINVAL);
    violate_if(&violations, row->state == SOCKET_CONNECTED && row->protocol == PROTOCOL_TCP, WSAEISCONN);
    violate_if(&violations, socket_is_connecting(context->world, row), winsock_1 ? WSAEINVAL : WSAEALREADY);
    if (name == NULL) {
        violate(&violations, WSAEFAULT);
    } else if (!dissolves(row, name)) {
        violate_if(&violations, load_u16(name) != (row->family == 4 ? AF_INET : AF_INET6), WSAEAFNOSUPPORT);
        struct endpoint remote = endpoint_load(name, row->family);
        violate_if(&violations, remote.port == 0 || endpoint_is_wildcard(&remote), WSAEADDRNOTAVAIL);
    }
    return violation_chosen(context, &violations);
}

/* A datagram socket only notes whom it talks to. */
static uint32_t connect_datagrams(struct context *context, unsigned socket, const struct endpoint *local,
                                  const struct endpoint *remote) {
    struct socket_row *row = world_socket(context->world, socket);
    struct endpoint shown = endpoint_for_family(local, row->family);
    if (row->connection != NO_ROW) connection_forget(context->world, row->connection);
    if (connection_note(context->world, context->chooser, socket, local, remote) == NO_ROW) return WSAENOBUFS;
    row->state = SOCKET_CONNECTED;
    row->address = shown.address;
    return 0;
}

/* The socket has left its last attempt behind (W150) and begins a new one. */
static void connect_stream(struct context *context, unsigned socket, const struct endpoint *local,
                           const struct endpoint *remote) {
    struct socket_row *row = world_socket(context->world, socket);
    const struct transfer_call call = { .request = { .thread = (uint16_t)context->thread,
                                                     .socket = (uint16_t)socket,
                                                     .event = NO_ROW,
                                                     .operation = OPERATION_CONNECT } };
    uint8_t earlier_error = 0;
    if (row->connection != NO_ROW) {
        const struct connection_row *last = world_connection(context->world, row->connection);
        earlier_error = last->tcp.error != TCP_NO_ERROR ? last->tcp.error : last->earlier_error;
        connection_forget(context->world, row->connection);
    }
    if (connection_between(context->world, local, remote) != NO_ROW) {
        fail_socket(context, WSAEADDRINUSE); /* the last one is in TIME_WAIT still (F15) */
        return;
    }
    unsigned connection = connection_open(context->world, context->chooser, socket, local, remote);
    if (connection == NO_ROW) {
        fail_socket(context, WSAENOBUFS);
        return;
    }
    world_connection(context->world, connection)->earlier_error = earlier_error;
    transfer_begin(context, &call);
}

static void dissolve(struct context *context, unsigned socket) {
    struct socket_row *row = world_socket(context->world, socket);
    if (row->connection != NO_ROW) connection_forget(context->world, row->connection);
    if (row->state == SOCKET_CONNECTED) row->state = SOCKET_BOUND;
    succeed(context, 0);
}

/* WSANOTINITIALISED, WSAENOTSOCK; in any order WSAENETDOWN, WSAEFAULT, WSAEAFNOSUPPORT, WSAEADDRNOTAVAIL (port 0, the
 * wildcard address), WSAEINVAL (listening), WSAEISCONN, WSAEALREADY; WSAENOBUFS; what an implicit bind gives (bind.h);
 * WSAENETUNREACH; WSAEADDRINUSE (the same two ends are connected, or were until lately); then what the peer gives:
 * WSAECONNREFUSED, WSAETIMEDOUT. WSAEWOULDBLOCK on a non-blocking socket. */
void call_connect(struct context *context) {
    unsigned socket = begin_socket_call(context, connect_s);
    if (socket == NO_ROW) return;
    struct socket_row *row = world_socket(context->world, socket);
    const uint8_t *name = sockaddr_given(context->call, row->family, connect_name, connect_namelen);
    uint32_t error = connect_unfit(context, row, name);
    if (error == 0 && dissolves(row, name)) {
        dissolve(context, socket);
        return;
    }
    if (error == 0 && context->world->no_buffers) error = WSAENOBUFS;
    if (error == 0 && row->state == SOCKET_OPEN) error = bind_implicitly(context, socket);
    struct endpoint remote = { 0 };
    if (error == 0) remote = endpoint_load(name, row->family);
    if (error == 0 && row->state == SOCKET_PUT_OFF) {
        struct endpoint plainly = endpoint_unmapped(&remote);
        error = bind_put_off(context, socket, &plainly);
    }
    struct endpoint local = { 0 };
    if (error == 0 && !socket_local_end(context->world, socket, &remote, &local)) error = WSAENETUNREACH;
    if (error != 0) {
        fail_socket(context, error);
        return;
    }
    struct endpoint plain = endpoint_unmapped(&remote);
    if (row->protocol == PROTOCOL_TCP) {
        connect_stream(context, socket, &local, &plain);
        return;
    }
    error = connect_datagrams(context, socket, &local, &plain);
    network_event_happened(context->world, context->chooser, socket, FD_CONNECT, error);
    if (error != 0) fail_socket(context, error);
    else succeed(context, 0);
}
