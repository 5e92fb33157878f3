/* listen, connect, WSAConnect and ConnectEx. connect binds a socket that is not bound, through the same choice of a
 * port as bind. */
#include <assert.h>
#include <string.h>

#include "stack/call/catalogue.h"
#include "stack/errors.h"
#include "stack/sdk/network_event_values.h"
#include "stack/system/context.h"
#include "stack/transport/wire/address.h"
#include "stack/transport/acceptors.h"
#include "stack/transport/bind.h"
#include "stack/transport/connections.h"
#include "stack/transport/extensions.h"
#include "stack/transport/network_events.h"
#include "stack/transport/overlapped.h"
#include "stack/transport/sockets.h"
#include "stack/transport/transfers.h"

enum { BACKLOG_MAX = 200 }; /* SOMAXCONN means this much (W136: any number is taken) */

/* WSANOTINITIALISED, WSAENOTSOCK; WSAEOPNOTSUPP for a socket without connections; WSAEISCONN; WSAEINVAL unbound;
 * WSAENOBUFS. Once more on a listening socket: only the backlog changes (W137). */
void call_listen(struct context *context) {
    unsigned socket = begin_socket_call(context, listen_s);
    if (socket == NO_ROW) return;
    struct socket_row *row = world_socket(context->world, socket);
    if (row->other == OTHER_UNIX) { /* it has connections */
        not_modelled(context, not_modelled_function(FUNCTION_listen));
        return;
    }
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

/* The connection is one that ConnectEx or AcceptEx has made, or is about to make. */
static bool is_of_extension(const struct world *world, const struct socket_row *row) {
    return row->protocol == PROTOCOL_TCP && row->connection != NO_ROW &&
           world_connection_at(world, row->connection)->without_context;
}

static bool dissolves(const struct socket_row *row, const uint8_t *name) {
    return row->protocol == PROTOCOL_UDP && load_u16(name) == AF_UNSPEC; /* W154 */
}

/* Another connect while one is under way: WSAEALREADY (W144, F20), which Winsock 1.1 calls WSAEINVAL. */
/* What WSAConnect takes besides: no data goes with a connection over TCP. An argument that has no memory is WSAEFAULT;
 * data for the peer, by the page, WSAEPROTONOSUPPORT. */
static void violate_extras(const struct call *call, struct violations *violations) {
    static const unsigned extras[] = { WSAConnect_lpCallerData, WSAConnect_lpCalleeData, WSAConnect_lpSQOS,
                                       WSAConnect_lpGQOS };
    if (call->function != FUNCTION_WSAConnect) return;
    for (unsigned i = 0; i < sizeof extras / sizeof extras[0]; i++)
        violate_if(violations, call->ranges[extras[i]].state == RANGE_BAD, WSAEFAULT);
    violate_if(violations, call->ranges[WSAConnect_lpCallerData].state == RANGE_GOOD, WSAEPROTONOSUPPORT);
}

/* Is something asked for that no page answers: data of the peer's, a quality of service? */
static bool asks_for_more(const struct call *call) {
    return call->function == FUNCTION_WSAConnect &&
           (call->ranges[WSAConnect_lpCalleeData].state == RANGE_GOOD ||
            call->ranges[WSAConnect_lpSQOS].state == RANGE_GOOD || call->ranges[WSAConnect_lpGQOS].state == RANGE_GOOD);
}

static uint32_t connect_unfit(struct context *context, unsigned socket, const uint8_t *name) {
    const struct socket_row *row = world_socket(context->world, socket);
    struct violations violations = { 0 };
    bool winsock_1 = world_process(context->world, context->process)->startup_version == 0x0101;
    violate_if(&violations, context->world->network_down, WSAENETDOWN);
    violate_if(&violations, row->state == SOCKET_LISTENING, WSAEINVAL);
    bool otherwise = winsock_1 || is_of_extension(context->world, row); /* W147, W149 */
    violate_if(&violations, row->state == SOCKET_CONNECTED && row->protocol == PROTOCOL_TCP,
               is_of_extension(context->world, row) ? WSAEINVAL : WSAEISCONN);
    violate_if(&violations, socket_is_connecting(context->world, row), otherwise ? WSAEINVAL : WSAEALREADY);
    violate_if(&violations, acceptor_request(context->world, socket) != NO_ROW, WSAEINVAL); /* W171 */
    violate_extras(context->call, &violations);
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

/* The socket forgets its last attempt (W150) and begins a new one. Its connection, or NO_ROW with an error. */
static unsigned begin_connection(struct context *context, unsigned socket, const struct endpoint *local,
                                 const struct endpoint *remote, uint32_t *error) {
    const struct socket_row *row = world_socket(context->world, socket);
    uint8_t earlier_error = 0;
    if (row->connection != NO_ROW) {
        const struct connection_row *last = world_connection(context->world, row->connection);
        earlier_error = last->tcp.error != TCP_NO_ERROR ? last->tcp.error : last->earlier_error;
        connection_forget(context->world, row->connection);
    }
    *error = WSAEADDRINUSE; /* the last one is in TIME_WAIT still (F15) */
    if (connection_between(context->world, local, remote) != NO_ROW) return NO_ROW;
    *error = WSAENOBUFS;
    unsigned connection = connection_open(context->world, context->chooser, socket, local, remote);
    if (connection != NO_ROW) world_connection(context->world, connection)->earlier_error = earlier_error;
    return connection;
}

static void connect_stream(struct context *context, unsigned socket, const struct endpoint *local,
                           const struct endpoint *remote) {
    const struct transfer_call call = { .request = { .thread = (uint16_t)context->thread,
                                                     .socket = (uint16_t)socket,
                                                     .event = NO_ROW,
                                                     .operation = OPERATION_CONNECT } };
    uint32_t error = 0;
    unsigned connection = begin_connection(context, socket, local, remote, &error);
    if (connection == NO_ROW) fail_socket(context, error);
    else transfer_begin(context, &call);
}

static void dissolve(struct context *context, unsigned socket) {
    struct socket_row *row = world_socket(context->world, socket);
    if (row->connection != NO_ROW) connection_forget(context->world, row->connection);
    if (row->state == SOCKET_CONNECTED) row->state = SOCKET_BOUND;
    succeed(context, 0);
}

static bool leads_to_several(const struct socket_row *row, const uint8_t *name) {
    struct endpoint remote = endpoint_load(name, row->family);
    return endpoint_is_for_several(&remote);
}

/* connect and WSAConnect, whose first three parameters are the same. */
static void connect_socket(struct context *context) {
    unsigned socket = begin_transport_call(context, connect_s);
    if (socket == NO_ROW) return;
    struct socket_row *row = world_socket(context->world, socket);
    const uint8_t *name = sockaddr_given(context->call, row->family, connect_name, connect_namelen);
    uint32_t error = connect_unfit(context, socket, name);
    if (error == 0 && (row->reused || asks_for_more(context->call))) { /* its page has AcceptEx and ConnectEx alone */
        not_modelled(context, not_modelled_function(context->call->function));
        return;
    }
    if (error == 0 && dissolves(row, name)) {
        dissolve(context, socket);
        return;
    }
    if (error == 0 && leads_to_several(row, name)) {
        not_modelled(context, not_modelled_function(context->call->function));
        return;
    }
    if (error == 0 && row->protocol == PROTOCOL_TCP && !row->nonblocking && !may_block(context)) return;
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
    network_event_connected(context->world, socket, error);
    if (error != 0) fail_socket(context, error);
    else succeed(context, 0);
}

/* WSANOTINITIALISED, WSAENOTSOCK; in any order WSAENETDOWN, WSAEFAULT, WSAEAFNOSUPPORT, WSAEADDRNOTAVAIL (port 0, the
 * wildcard address), WSAEINVAL (listening), WSAEISCONN, WSAEALREADY; WSAENOBUFS; what an implicit bind gives (bind.h);
 * WSAENETUNREACH; WSAEADDRINUSE (the same two ends are connected, or were until lately); then what the peer gives:
 * WSAECONNREFUSED, WSAETIMEDOUT. WSAEWOULDBLOCK on a non-blocking socket. */
void call_connect(struct context *context) { connect_socket(context); }

/* As connect; WSAEFAULT, WSAEPROTONOSUPPORT for what it takes besides. */
void call_WSAConnect(struct context *context) {
    _Static_assert((int)WSAConnect_s == (int)connect_s && (int)WSAConnect_name == (int)connect_name &&
                       (int)WSAConnect_namelen == (int)connect_namelen,
                   "the same places");
    connect_socket(context);
}

/* --- ConnectEx ---------------------------------------------------------------------------------------------------- */

/* It never binds (W145): a socket that was associated with a block has been bound into it before. That a datagram
 * socket is WSAEOPNOTSUPP is inferred. */
static uint32_t connect_ex_unfit(struct context *context, const struct socket_row *row, const uint8_t *name) {
    const struct call *call = context->call;
    struct violations violations = { 0 };
    uint32_t length = (uint32_t)call->arguments[ConnectEx_dwSendDataLength];
    bool nothing = call->ranges[ConnectEx_lpOverlapped].state == RANGE_NULL;
    violate_if(&violations, context->world->network_down, WSAENETDOWN);
    violate_if(&violations, nothing, ERROR_INVALID_PARAMETER); /* W145 */
    violate_if(&violations, !nothing && call_read(call, ConnectEx_lpOverlapped, OVERLAPPED_SIZE) == NULL, WSAEFAULT);
    violate_if(&violations, row->protocol != PROTOCOL_TCP, WSAEOPNOTSUPP);
    violate_if(&violations, row->state == SOCKET_OPEN || row->state == SOCKET_LISTENING, WSAEINVAL);
    violate_if(&violations, row->state == SOCKET_CONNECTED, WSAEISCONN);
    violate_if(&violations, socket_is_connecting(context->world, row), WSAEINVAL); /* W147 */
    bool sends = call->ranges[ConnectEx_lpSendBuffer].state != RANGE_NULL;
    violate_if(&violations, sends && !call_range_holds(call, ConnectEx_lpSendBuffer, length), WSAEFAULT);
    if (name == NULL) {
        violate(&violations, WSAEFAULT);
    } else {
        violate_if(&violations, load_u16(name) != (row->family == 4 ? AF_INET : AF_INET6), WSAEAFNOSUPPORT);
        struct endpoint remote = endpoint_load(name, row->family);
        violate_if(&violations, remote.port == 0 || endpoint_is_wildcard(&remote), WSAEADDRNOTAVAIL);
    }
    return violation_chosen(context, &violations);
}

static bool data_is_cut(const struct call *call) {
    return call_range_is_cut(&call->ranges[ConnectEx_lpSendBuffer],
                             (uint32_t)call->arguments[ConnectEx_dwSendDataLength]);
}

/* The connection is on its way, and what is to be sent with it waits in its buffer. */
static uint32_t begin_connect_ex(struct context *context, unsigned socket, const uint8_t *name, uint32_t *sent) {
    const struct call *call = context->call;
    struct endpoint remote = endpoint_load(name, world_socket(context->world, socket)->family);
    struct endpoint local = { 0 };
    uint32_t error = 0;
    if (!socket_local_end(context->world, socket, &remote, &local)) return WSAENETUNREACH;
    struct endpoint plain = endpoint_unmapped(&remote);
    unsigned connection = begin_connection(context, socket, &local, &plain, &error);
    if (connection == NO_ROW) return error;
    struct connection_row *row = world_connection(context->world, connection);
    row->without_context = true;
    world_socket(context->world, socket)->reused = 0;
    if (call->ranges[ConnectEx_lpSendBuffer].state == RANGE_NULL) return 0;
    uint32_t length = (uint32_t)call->arguments[ConnectEx_dwSendDataLength];
    struct tcp_buffers buffers = connection_buffers(context->world, connection);
    *sent = tcp_write(&row->tcp, &buffers, call_read(call, ConnectEx_lpSendBuffer, length), length);
    return 0;
}

/* WSANOTINITIALISED, WSAENOTSOCK; in any order WSAENETDOWN, ERROR_INVALID_PARAMETER (no OVERLAPPED), WSAEFAULT,
 * WSAEOPNOTSUPP, WSAEINVAL (not bound, listening, under way), WSAEISCONN, WSAEAFNOSUPPORT, WSAEADDRNOTAVAIL;
 * WSAENETUNREACH, WSAEADDRINUSE, WSAENOBUFS. Then ERROR_IO_PENDING; its completion says what the peer says: W153. */
void call_ConnectEx(struct context *context) {
    unsigned socket = begin_extension_call(context, ConnectEx_s, ConnectEx_lpOverlapped);
    if (socket == NO_ROW) return;
    const struct socket_row *row = world_socket(context->world, socket);
    const uint8_t *name = sockaddr_given(context->call, row->family, ConnectEx_name, ConnectEx_namelen);
    struct transfer_call call = { .request = { .thread = (uint16_t)context->thread,
                                               .socket = (uint16_t)socket,
                                               .event = NO_ROW,
                                               .operation = OPERATION_CONNECT },
                                  .overlapped = ConnectEx_lpOverlapped,
                                  .of_extension = true };
    uint32_t error = connect_ex_unfit(context, row, name);
    uint32_t sent = 0;
    if (error == 0 && (leads_to_several(row, name) || data_is_cut(context->call))) {
        not_modelled(context, not_modelled_function(context->call->function));
        return;
    }
    if (error == 0) error = begin_connect_ex(context, socket, name, &sent);
    if (error != 0) {
        extension_fail(context, ConnectEx_lpOverlapped, error);
        return;
    }
    call.request.input_length = sent;
    overlapped_fill(context, ConnectEx_lpOverlapped, NO_PARAMETER, &call.request);
    transfer_begin(context, &call);
}
