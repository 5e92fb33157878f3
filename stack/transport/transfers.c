#include "stack/transport/transfers.h"

#include <assert.h>

#include "stack/errors.h"
#include "stack/io/requests.h"
#include "stack/sdk/network_event_values.h"
#include "stack/sdk/socket_values.h"
#include "stack/system/handles.h"
#include "stack/transport/connections.h"
#include "stack/transport/kept_options.h"
#include "stack/transport/network_events.h"
#include "stack/transport/sockets.h"
#include "stack/transport/wire/packets.h"

/* What a call gives: an error, or a value. */
struct outcome_of_transfer {
    bool waits;     /* not yet */
    uint32_t error; /* a Winsock error, or 0 */
    uint64_t value; /* of a call that succeeded */
};

static const struct outcome_of_transfer waits = { .waits = true };

static struct outcome_of_transfer fails(uint32_t error) { return (struct outcome_of_transfer){ .error = error }; }
static struct outcome_of_transfer gives(uint64_t value) { return (struct outcome_of_transfer){ .value = value }; }

/* The TCP connection of a request's socket. */
static struct tcp_connection *tcp_of(struct world *world, const struct request *request) {
    unsigned connection = world_socket(world, request->socket)->connection;
    assert(connection != NO_ROW);
    return &world_connection(world, connection)->tcp;
}

/* --- connect ------------------------------------------------------------------------------------------------------ */

static struct outcome_of_transfer try_connect(struct context *context, const struct request *request) {
    const struct tcp_connection *tcp = tcp_of(context->world, request);
    if (tcp->error != TCP_NO_ERROR) return fails(connection_error(tcp));
    return tcp->state >= TCP_ESTABLISHED ? gives(0) : waits;
}

/* --- accept ------------------------------------------------------------------------------------------------------- */

/* Stores an endpoint where the caller wants it; what is too short was refused before. */
static void store_peer(struct context *context, const struct request *request, const struct endpoint *peer,
                       unsigned family) {
    uint8_t sockaddr[SOCKADDR_IN6_SIZE], length[4];
    struct endpoint shown = endpoint_for_family(peer, family);
    if (request->address_address == 0) return;
    endpoint_store(&shown, sockaddr);
    result_write(context->result, request->address_address, sockaddr, sockaddr_size(family));
    store_u32(length, sockaddr_size(family));
    if (request->address_length_address != 0)
        result_write(context->result, request->address_length_address, length, sizeof length);
}

/* A socket for a connection that waited: it has the listener's options, address and port (W143). */
static struct outcome_of_transfer try_accept(struct context *context, const struct request *request) {
    struct world *world = context->world;
    unsigned connection = connection_waiting(world, request->socket);
    if (connection == NO_ROW) return waits;
    struct endpoint local = connection_local(world, connection);
    unsigned socket = socket_accepted(world, request->socket, &local);
    bool room = socket != NO_ROW && network_events_inherit(world, request->socket, socket);
    uint32_t number = !room ? 0 : handle_open(world, context->chooser, context->process, HANDLE_SOCKET, socket);
    if (number == 0) {
        if (socket != NO_ROW) socket_not_accepted(world, socket);
        return fails(WSAENOBUFS);
    }
    struct endpoint remote = connection_remote(world, connection);
    connection_take(world, connection, socket);
    network_events_begin(world, context->chooser, socket);
    store_peer(context, request, &remote, world_socket(world, socket)->family);
    return gives(number);
}

/* --- receive ------------------------------------------------------------------------------------------------------ */

static struct outcome_of_transfer receive_stream(struct context *context, const struct request *request) {
    struct world *world = context->world;
    struct tcp_connection *tcp = tcp_of(world, request);
    unsigned connection = world_socket(world, request->socket)->connection;
    if (tcp->receive_buffered == 0) {
        if (tcp->error != TCP_NO_ERROR) return fails(connection_error(tcp));
        return tcp->finish_received || request->output_length == 0 ? gives(0) : waits;
    }
    struct tcp_buffers buffers = connection_buffers(world, connection);
    uint32_t count = request->output_length < RESULT_BYTES_MAX ? request->output_length : RESULT_BYTES_MAX;
    if (count > tcp->receive_buffered) count = tcp->receive_buffered;
    if (count == 0) return gives(0); /* there may be no buffer */
    tcp_read(tcp, &buffers, result_write_place(context->result, request->output_address, count), count,
             (request->code & MSG_PEEK) != 0);
    if (tcp->acknowledge_now) connection_flush(world, context->chooser, connection); /* the window has opened */
    return gives(count);
}

static struct outcome_of_transfer receive_datagram(struct context *context, const struct request *request) {
    struct world *world = context->world;
    unsigned index = datagram_next(world, request->socket);
    if (index == NO_ROW) return waits;
    struct datagram_row row = *world_datagram(world, index);
    bool keep = (request->code & MSG_PEEK) != 0;
    uint32_t count = row.bytes < request->output_length ? row.bytes : request->output_length;
    if (row.unreachable) {
        world_free(world, TABLE_DATAGRAMS, index);
        return fails(WSAECONNRESET);
    }
    struct endpoint source = { .family = row.family, .port = row.source_port };
    for (unsigned i = 0; i < sizeof source.address.bytes; i++) source.address.bytes[i] = row.source_address[i];
    if (count > 0) result_write(context->result, request->output_address, world_datagram_slot(world, index), count);
    store_peer(context, request, &source, world_socket(world, request->socket)->family);
    if (!keep) world_free(world, TABLE_DATAGRAMS, index);
    return count < row.bytes ? fails(WSAEMSGSIZE) : gives(count);
}

static struct outcome_of_transfer try_receive(struct context *context, const struct request *request) {
    bool stream = world_socket(context->world, request->socket)->protocol == PROTOCOL_TCP;
    return stream ? receive_stream(context, request) : receive_datagram(context, request);
}

/* --- send --------------------------------------------------------------------------------------------------------- */

/* What was to be sent is in the buffer already, beyond its measure: the caller waits until that is met again. */
static struct outcome_of_transfer try_send(struct context *context, const struct request *request) {
    const struct tcp_connection *tcp = tcp_of(context->world, request);
    if (tcp->error != TCP_NO_ERROR) return fails(connection_error(tcp));
    return connection_has_room(context->world, tcp) ? gives(request->input_length) : waits;
}

/* --- at once, or later -------------------------------------------------------------------------------------------- */

/* Tries the operation of a request now, with its effects if it is answered. */
static struct outcome_of_transfer transfer_try(struct context *context, const struct request *request) {
    switch ((enum operation)request->operation) {
    case OPERATION_CONNECT: return try_connect(context, request);
    case OPERATION_ACCEPT: return try_accept(context, request);
    case OPERATION_RECEIVE: return try_receive(context, request);
    case OPERATION_SEND: return try_send(context, request);
    case OPERATION_CLOSE: return tcp_all_acknowledged(tcp_of(context->world, request)) ? gives(0) : waits;
    case OPERATION_IOCTL: break;
    }
    assert(!"a control call does not wait for the wire");
    return waits;
}

/* SOCKET_ERROR and INVALID_SOCKET, as a record has them. */
static const uint64_t FAILURE = UINT64_MAX;

static const uint64_t NANOSECONDS_PER_MILLISECOND = 1000000;

/* How long this request may wait, in milliseconds; 0: for ever. A socket without the overlapped attribute does not time
 * out (the page of the options). A time-out of less than half a second: Q114. */
static uint32_t time_limit_ms(struct context *context, const struct request *request) {
    enum { LEAST_MS = 500 };
    const struct socket_row *row = world_socket_at(context->world, request->socket);
    enum socket_option option = request->operation == OPERATION_RECEIVE ? OPTION_SO_RCVTIMEO
                                : request->operation == OPERATION_SEND  ? OPTION_SO_SNDTIMEO
                                                                        : OPTION_NONE;
    uint32_t limit_ms =
        option == OPTION_NONE || !row->overlapped ? 0 : socket_number(context->world, request->socket, option);
    if (limit_ms == 0 || limit_ms >= LEAST_MS) return limit_ms;
    return reading(context, Q114_SHORT_TIME_OUT) == Q114_HALF_A_SECOND ? (uint32_t)LEAST_MS : limit_ms;
}

/* Leaves the request, and parks the thread for at most so long; 0: for ever. */
static void wait_for_wire(struct context *context, const struct request *request, uint64_t limit_ns) {
    unsigned index = request_issue(context->world, request);
    if (index == NO_ROW) {
        fail(context, FAILURE, WSAENOBUFS);
        return;
    }
    uint64_t deadline_ns = limit_ns == 0 ? UINT64_MAX : context->world->now_ns + limit_ns;
    request_park(context->world, index, context->call->function, deadline_ns);
    context->result->status = RESULT_BLOCKED;
    context->result->error = ERROR_UNTOUCHED;
}

/* Keep-alives had found that the peer is gone before the call began: Q128. A call that waited then has WSAENETRESET. */
static uint32_t error_after_silence(struct context *context) {
    static const uint32_t errors[] = {
        [Q128_CONNRESET] = WSAECONNRESET, [Q128_NOTCONN] = WSAENOTCONN, [Q128_NETRESET] = WSAENETRESET
    };
    return errors[reading(context, Q128_AFTER_SILENCE)];
}

void transfer_begin(struct context *context, const struct request *request) {
    struct outcome_of_transfer outcome = transfer_try(context, request);
    if (outcome.error == WSAENETRESET) outcome = fails(error_after_silence(context));
    if (outcome.waits && world_socket(context->world, request->socket)->nonblocking) outcome = fails(WSAEWOULDBLOCK);
    if (outcome.error != 0) {
        fail(context, FAILURE, outcome.error);
        return;
    }
    if (!outcome.waits) {
        succeed(context, outcome.value);
        return;
    }
    wait_for_wire(context, request, time_limit_ms(context, request) * NANOSECONDS_PER_MILLISECOND);
}

void close_later(struct context *context, unsigned socket, uint64_t handle, unsigned seconds) {
    struct world *world = context->world;
    struct socket_row *row = world_socket(world, socket);
    const struct request request = { .thread = (uint16_t)context->thread,
                                     .socket = (uint16_t)socket,
                                     .event = NO_ROW,
                                     .operation = OPERATION_CLOSE,
                                     .token = handle };
    assert(row->connection != NO_ROW && seconds > 0);
    row->shut_send = row->shut_receive = 1;
    struct tcp_connection *tcp = &world_connection(world, row->connection)->tcp;
    tcp->reader_gone = 1;
    tcp_finish(tcp);
    connection_flush(world, context->chooser, row->connection);
    wait_for_wire(context, &request, seconds * 1000 * NANOSECONDS_PER_MILLISECOND);
}

bool transfer_is_ready(const struct world *world, unsigned index) {
    const struct request *request = world_request_at(world, index);
    const struct socket_row *socket = world_socket_at(world, request->socket);
    if (request->operation == OPERATION_ACCEPT) return connection_waiting(world, request->socket) != NO_ROW;
    if (socket->protocol == PROTOCOL_UDP) return datagram_next(world, request->socket) != NO_ROW;
    assert(socket->connection != NO_ROW);
    const struct tcp_connection *tcp = &world_connection_at(world, socket->connection)->tcp;
    if (tcp->error != TCP_NO_ERROR) return true;
    switch ((enum operation)request->operation) {
    case OPERATION_CONNECT: return tcp->state >= TCP_ESTABLISHED;
    case OPERATION_RECEIVE: return tcp->receive_buffered > 0 || tcp->finish_received;
    case OPERATION_SEND: return connection_has_room(world, tcp);
    case OPERATION_CLOSE: return tcp_all_acknowledged(tcp);
    default: return false;
    }
}

/* The close that waited takes place. The handle may be closed already, by another thread. */
static void finish_close(struct context *context, unsigned index) {
    struct request request = *world_request(context->world, index);
    bool there = handle_find(context->world, request.process, HANDLE_SOCKET, request.token) == request.socket;
    request_return(context->world, index, there ? 0 : FAILURE, there ? last_error_of_success(context) : WSAENOTSOCK,
                   context->result);
    if (there) socket_close(context, request.token);
}

void transfer_time_out(struct context *context, unsigned index) {
    struct world *world = context->world;
    struct request request = *world_request(world, index);
    unsigned connection = world_socket(world, request.socket)->connection;
    if (request.operation == OPERATION_CLOSE) {
        connection_leave(world, context->chooser, connection, true);
        finish_close(context, index);
        return;
    }
    bool over = world_socket(world, request.socket)->protocol == PROTOCOL_TCP &&
                reading(context, Q115_AFTER_TIME_OUT) == Q115_OVER;
    if (over) {
        tcp_abort(&world_connection(world, connection)->tcp);
        connection_flush(world, context->chooser, connection);
    }
    request_return(world, index, FAILURE, WSAETIMEDOUT, context->result);
}

void transfer_finish(struct context *context, unsigned index) {
    struct request request = *world_request(context->world, index);
    assert(request.state == REQUEST_PENDING && !request.overlapped);
    if (request.operation == OPERATION_CLOSE) {
        finish_close(context, index);
        return;
    }
    struct outcome_of_transfer outcome = transfer_try(context, &request);
    assert(!outcome.waits);
    if (request.operation == OPERATION_CONNECT &&
        outcome.error != 0) /* told at once: SO_ERROR is 0 afterwards (W151) */
        connection_forget(context->world, world_socket(context->world, request.socket)->connection);
    uint64_t value = outcome.error != 0 ? FAILURE : outcome.value;
    uint32_t error = outcome.error != 0 ? outcome.error : last_error_of_success(context);
    request_return(context->world, index, value, error, context->result);
    if (request.operation == OPERATION_RECEIVE)
        network_event_reenabled(context->world, context->chooser, request.socket, FD_READ);
    if (request.operation == OPERATION_ACCEPT)
        network_event_reenabled(context->world, context->chooser, request.socket, FD_ACCEPT);
}
