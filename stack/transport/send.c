/* send and sendto. sendto binds a socket that is not bound yet, also when it fails after that. */
#include <assert.h>

#include "stack/errors.h"
#include "stack/sdk/socket_values.h"
#include "stack/system/context.h"
#include "stack/transport/wire/address.h"
#include "stack/transport/bind.h"
#include "stack/transport/connections.h"
#include "stack/transport/network_events.h"
#include "stack/transport/sockets.h"
#include "stack/transport/transfers.h"
#include "stack/transport/wire/packets.h"

/* Where the parameters of a send stand in its call. */
struct sending {
    unsigned socket;
    unsigned buffer, length, flags;
    const uint8_t *to; /* the destination, or NULL */
    bool to_is_given;  /* it may be bad all the same */
};

static void violate_destination(const struct socket_row *row, const struct sending *sending,
                                struct violations *violations) {
    if (!sending->to_is_given) {
        violate_if(violations, row->state != SOCKET_CONNECTED, WSAEDESTADDRREQ);
        return;
    }
    if (sending->to == NULL) {
        violate(violations, WSAEFAULT);
        return;
    }
    violate_if(violations, load_u16(sending->to) != (row->family == 4 ? AF_INET : AF_INET6), WSAEAFNOSUPPORT);
    struct endpoint remote = endpoint_load(sending->to, row->family);
    violate_if(violations, remote.port == 0 || endpoint_is_wildcard(&remote), WSAEADDRNOTAVAIL);
    violate_if(violations, endpoint_is_broadcast(&remote) && !row->broadcast, WSAEACCES);
}

static uint32_t send_unfit(struct context *context, const struct socket_row *row, const struct sending *sending) {
    int32_t length = (int32_t)context->call->arguments[sending->length];
    struct violations violations = { 0 };
    violate_if(&violations, context->world->network_down, WSAENETDOWN);
    violate_if(&violations, length < 0 || call_read(context->call, sending->buffer, (uint32_t)length) == NULL,
               WSAEFAULT);
    violate_if(&violations, row->shut_send, WSAESHUTDOWN);
    if (row->protocol == PROTOCOL_UDP) {
        violate_if(&violations, (context->call->arguments[sending->flags] & MSG_OOB) != 0, WSAEOPNOTSUPP);
        violate_destination(row, sending, &violations);
    } else { /* a stream has its destination already: `to` is not looked at (W158) */
        violate_if(&violations, row->protocol == PROTOCOLS_COUNT, WSAEOPNOTSUPP); /* raw sockets go no further here */
        violate_if(&violations, row->protocol == PROTOCOL_TCP && row->state != SOCKET_CONNECTED, WSAENOTCONN);
    }
    return violation_chosen(context, &violations);
}

/* Where the datagram goes: `to`, or the peer of a connected socket. */
static struct endpoint destination(const struct world *world, const struct socket_row *row,
                                   const struct sending *sending) {
    struct endpoint remote =
        sending->to != NULL ? endpoint_load(sending->to, row->family) : connection_remote(world, row->connection);
    return endpoint_unmapped(&remote);
}

static void send_datagram(struct context *context, const struct sending *sending) {
    const struct socket_row *row = world_socket(context->world, sending->socket);
    uint32_t length = (uint32_t)context->call->arguments[sending->length];
    struct segment segment = { .protocol = PROTOCOL_UDP,
                               .hop_limit = HOP_LIMIT_ORDINARY,
                               .window_scale = WINDOW_SCALE_NONE,
                               .destination = destination(context->world, row, sending),
                               .payload_bytes = length };
    bool reachable = socket_local_end(context->world, sending->socket, &segment.destination, &segment.source);
    assert(reachable);
    (void)reachable;
    packet_send(context->world, &segment, call_read(context->call, sending->buffer, length));
    succeed(context, length);
}

/* A datagram needs a route before it binds the socket, so that one that goes nowhere leaves the socket as it was. */
static uint32_t prepare_datagram(struct context *context, const struct sending *sending) {
    const struct socket_row *row = world_socket(context->world, sending->socket);
    struct endpoint remote = destination(context->world, row, sending);
    struct endpoint local = { 0 };
    if (row->state == SOCKET_OPEN)
        return route_to(context->world, &remote, &local) ? bind_implicitly(context, sending->socket) : WSAENETUNREACH;
    return socket_local_end(context->world, sending->socket, &remote, &local) ? 0 : WSAENETUNREACH;
}

/* All of it goes into the buffer at once; a blocking caller waits until the buffer is back within its measure. */
static void send_stream(struct context *context, const struct sending *sending) {
    struct world *world = context->world;
    const struct socket_row *row = world_socket(world, sending->socket);
    struct tcp_connection *tcp = &world_connection(world, row->connection)->tcp;
    struct tcp_buffers buffers = connection_buffers(world, row->connection);
    uint32_t length = (uint32_t)context->call->arguments[sending->length];
    const struct request request = { .thread = (uint16_t)context->thread,
                                     .socket = (uint16_t)sending->socket,
                                     .event = NO_ROW,
                                     .operation = OPERATION_SEND,
                                     .input_length = length };
    bool full = !connection_has_room(world, tcp);
    if (tcp->error == TCP_NO_ERROR && (tcp_room(tcp, &buffers) < length || (full && row->nonblocking))) {
        if (row->nonblocking) network_events_send_blocked(world, sending->socket);
        fail_socket(context, row->nonblocking ? WSAEWOULDBLOCK : WSAENOBUFS);
        return;
    }
    tcp_write(tcp, &buffers, call_read(context->call, sending->buffer, length), length);
    connection_flush(world, context->chooser, row->connection);
    if (row->nonblocking && tcp->error == TCP_NO_ERROR) succeed(context, length);
    else transfer_begin(context, &request);
}

static void send_from(struct context *context, const struct sending *sending) {
    const struct socket_row *row = world_socket(context->world, sending->socket);
    uint32_t error = send_unfit(context, row, sending);
    if (error == 0 && context->world->no_buffers) error = WSAENOBUFS;
    if (error == 0 && row->protocol == PROTOCOL_UDP) error = prepare_datagram(context, sending);
    if (error != 0) fail_socket(context, error);
    else if (row->protocol == PROTOCOL_UDP) send_datagram(context, sending);
    else send_stream(context, sending);
}

/* WSANOTINITIALISED, WSAENOTSOCK; in any order WSAENETDOWN, WSAEFAULT, WSAEOPNOTSUPP, WSAENOTCONN, WSAEDESTADDRREQ,
 * WSAEAFNOSUPPORT, WSAEADDRNOTAVAIL, WSAEACCES, WSAESHUTDOWN; WSAENOBUFS; WSAENETUNREACH; what an implicit bind gives
 * (bind.h); of a stream WSAECONNRESET, WSAETIMEDOUT, WSAECONNABORTED as the connection ended, and WSAEWOULDBLOCK. */
void call_sendto(struct context *context) {
    struct sending sending = { .socket = begin_socket_call(context, sendto_s),
                               .buffer = sendto_buf,
                               .length = sendto_len,
                               .flags = sendto_flags };
    if (sending.socket == NO_ROW) return;
    sending.to_is_given = context->call->ranges[sendto_to].state != RANGE_NULL;
    const struct socket_row *row = world_socket(context->world, sending.socket);
    sending.to = sockaddr_given(context->call, row->family, sendto_to, sendto_tolen);
    send_from(context, &sending);
}

/* As sendto without a destination; an unconnected datagram socket is WSAENOTCONN (W154). */
void call_send(struct context *context) {
    const struct sending sending = {
        .socket = begin_socket_call(context, send_s), .buffer = send_buf, .length = send_len, .flags = send_flags
    };
    if (sending.socket == NO_ROW) return;
    const struct socket_row *row = world_socket(context->world, sending.socket);
    if (row->protocol == PROTOCOL_UDP && row->state != SOCKET_CONNECTED) fail_socket(context, WSAENOTCONN);
    else send_from(context, &sending);
}
