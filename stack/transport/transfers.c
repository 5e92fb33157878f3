#include "stack/transport/transfers.h"

#include <assert.h>

#include "stack/call/catalogue.h"
#include "stack/errors.h"
#include "stack/io/requests.h"
#include "stack/sdk/network_event_values.h"
#include "stack/sdk/socket_values.h"
#include "stack/system/handles.h"
#include "stack/transport/accepting.h"
#include "stack/transport/acceptors.h"
#include "stack/transport/connections.h"
#include "stack/transport/control_data.h"
#include "stack/transport/kept_options.h"
#include "stack/transport/network_events.h"
#include "stack/transport/overlapped.h"
#include "stack/transport/sockets.h"
#include "stack/transport/wire/packets.h"

/* What a call gives: an error, or a value. Of a datagram that did not fit both. */
struct outcome_of_transfer {
    bool waits;      /* not yet */
    uint32_t error;  /* a Winsock error, or 0 */
    uint32_t status; /* NTSTATUS of the same, as an OVERLAPPED shows it */
    uint64_t value;  /* of a call that succeeded */
    bool is_counted; /* the value is stored although it failed */
};

static const struct outcome_of_transfer waits = { .waits = true };

/* W165; the rest by the names of the statuses. */
static uint32_t status_of_error(uint32_t error) {
    switch (error) {
    case WSAECONNRESET: return STATUS_CONNECTION_RESET;
    case WSAECONNREFUSED: return STATUS_CONNECTION_REFUSED;
    case WSAECONNABORTED: return STATUS_CONNECTION_ABORTED;
    case WSAETIMEDOUT: return STATUS_IO_TIMEOUT;
    case WSAENETRESET: return STATUS_NETWORK_NAME_DELETED;
    case WSAEMSGSIZE: return STATUS_BUFFER_OVERFLOW;
    case WSAENOBUFS: return STATUS_INSUFFICIENT_RESOURCES;
    default: return STATUS_INVALID_PARAMETER;
    }
}

static struct outcome_of_transfer fails(uint32_t error) {
    return (struct outcome_of_transfer){ .error = error, .status = status_of_error(error) };
}
static struct outcome_of_transfer gives(uint64_t value) { return (struct outcome_of_transfer){ .value = value }; }

/* The TCP connection of a request's socket. */
static struct tcp_connection *tcp_of(struct world *world, const struct request *request) {
    unsigned connection = world_socket(world, request->socket)->connection;
    assert(connection != NO_ROW);
    return &world_connection(world, connection)->tcp;
}

/* Has the connection that a stream's request is about gone without it (Q54)? */
static bool tcp_is_lost(const struct world *world, const struct request *request) {
    const struct socket_row *row = world_socket_at(world, request->socket);
    return row->protocol == PROTOCOL_TCP && row->connection == NO_ROW;
}

/* --- connect ------------------------------------------------------------------------------------------------------ */

static struct outcome_of_transfer try_connect(struct context *context, const struct request *request) {
    const struct tcp_connection *tcp = tcp_of(context->world, request);
    if (tcp->error != TCP_NO_ERROR) return fails(connection_error(tcp));
    return tcp->state >= TCP_ESTABLISHED ? gives(request->input_length) : waits;
}

/* All that was sent has arrived, and so has the end; or there is no one any more who would say so. A socket that is to
 * be used again waits for the end of the connection: TIME_WAIT delays it (the page of DisconnectEx). */
static bool is_disconnected(const struct request *request, const struct tcp_connection *tcp) {
    if ((request->code & TF_REUSE_SOCKET) != 0) return tcp->state == TCP_CLOSED;
    return tcp_all_acknowledged(tcp);
}

static struct outcome_of_transfer try_disconnect(struct context *context, const struct request *request) {
    struct world *world = context->world;
    if (!is_disconnected(request, tcp_of(world, request))) return waits;
    if ((request->code & TF_REUSE_SOCKET) != 0) {
        connection_forget(world, world_socket(world, request->socket)->connection);
        socket_leave_connection(world, request->socket);
        world_socket(world, request->socket)->reused = 1;
    }
    return gives(0);
}

/* --- accept ------------------------------------------------------------------------------------------------------- */

/* Stores an endpoint where the caller wants it; what is too short was refused before. */
static void store_peer(struct context *context, const struct request *request, uint64_t length_address,
                       const struct endpoint *peer, unsigned family) {
    uint8_t sockaddr[SOCKADDR_IN6_SIZE], length[4];
    struct endpoint shown = endpoint_for_family(peer, family);
    if (request->address_address == 0) return;
    endpoint_store(&shown, sockaddr);
    result_write(context->result, request->address_address, sockaddr, sockaddr_size(family));
    store_u32(length, sockaddr_size(family));
    if (length_address != 0) result_write(context->result, length_address, length, sizeof length);
}

/* WSAAccept's condition does not take the connection. */
static struct outcome_of_transfer refuse_connection(struct context *context, const struct request *request,
                                                    const struct transfer *transfer, unsigned connection) {
    struct world *world = context->world;
    struct endpoint remote = connection_remote(world, connection);
    if (request->code == CONDITION_REJECT) {
        connection_leave(world, context->chooser, connection, true);
        return fails(WSAECONNREFUSED);
    }
    if (request->code == CONDITION_LOOK)
        store_peer(context, request, transfer->address_length_address, &remote,
                   world_socket(world, request->socket)->family);
    return fails(WSATRY_AGAIN);
}

/* The connection that this request gets, or NO_ROW. One that is held wants a condition (Q136). */
static unsigned connection_for(const struct world *world, const struct request *request) {
    unsigned connection = connection_waiting(world, request->socket);
    bool held = connection != NO_ROW && world_connection_at(world, connection)->held;
    return held && request->code == CONDITION_NONE ? (unsigned)NO_ROW : connection;
}

/* A socket for a connection that waited: it has the listener's options, address and port (W143). One that was held is
 * answered only now; that no one waits until it is established is inferred. */
static struct outcome_of_transfer try_accept(struct context *context, const struct request *request,
                                             const struct transfer *transfer) {
    struct world *world = context->world;
    unsigned connection = connection_for(world, request);
    if (connection == NO_ROW || !request_is_first(world, request)) return waits;
    if (request->code > CONDITION_ACCEPT) return refuse_connection(context, request, transfer, connection);
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
    connection_answer(world, context->chooser, connection);
    network_events_begin(world, context->chooser, socket);
    store_peer(context, request, transfer->address_length_address, &remote, world_socket(world, socket)->family);
    return gives(number);
}

/* --- receive ------------------------------------------------------------------------------------------------------ */

static bool is_message(const struct transfer *transfer) { return transfer->message_flags_address != 0; }

/* Messages that are waited for. */
static unsigned messages_awaited(const struct world *world) {
    unsigned count = 0;
    for (unsigned i = 0; i < world_top(world, TABLE_TRANSFERS); i++)
        count += world_transfer_at(world, i)->used && is_message(world_transfer_at(world, i));
    return count;
}

/* What one record takes of data: beside it, it has to hold what all requests store that end at the same instant. */
static uint32_t room_for_data(const struct context *context) {
    enum { REQUESTS_AT_ONCE = 8, OF_EACH = 16 + SOCKADDR_IN6_SIZE + 4, OF_MESSAGE = CONTROL_DATA_MAX + 8 };
    uint32_t room = result_room(context->result);
    uint32_t kept = REQUESTS_AT_ONCE * OF_EACH + (messages_awaited(context->world) + 1) * OF_MESSAGE;
    return kept >= room ? 0 : room - kept;
}

bool transfer_can_fill(const struct world *world, uint64_t wanted) {
    enum { LEAST_OF_A_RECORD = 1024 };
    return wanted <= world->limits.stream_bytes && wanted <= LEAST_OF_A_RECORD;
}

static uint32_t bytes_wanted(const struct transfer *transfer) {
    uint64_t wanted = 0;
    for (unsigned i = 0; i < transfer->buffers_count; i++) wanted += transfer->buffers[i].length;
    return wanted > UINT32_MAX ? UINT32_MAX : (uint32_t)wanted;
}

/* Fills one buffer after the other. */
static void scatter(struct context *context, const struct transfer *transfer, const uint8_t *bytes, uint32_t count) {
    for (unsigned i = 0; count > 0; i++) {
        assert(i < transfer->buffers_count);
        const struct buffer *buffer = &transfer->buffers[i];
        uint32_t part = count < buffer->length ? count : buffer->length;
        if (part > 0) result_write(context->result, buffer->address, bytes, part);
        bytes += part;
        count -= part;
    }
}

/* Enough has come: anything, or with MSG_WAITALL all; a mark ends what one receive can have. With MSG_OOB it is the
 * urgent byte. */
static bool enough_is_there(const struct request *request, const struct tcp_connection *tcp, uint32_t wanted) {
    bool all = (request->code & MSG_WAITALL) != 0;
    if ((request->code & MSG_OOB) != 0) return tcp_has_urgent(tcp);
    if (all && tcp_readable(tcp) == tcp->receive_buffered) return tcp->receive_buffered >= wanted;
    return tcp->receive_buffered > 0;
}

static bool stream_is_ready(const struct request *request, const struct tcp_connection *tcp, uint32_t wanted) {
    return enough_is_there(request, tcp, wanted) || tcp->finish_received || tcp->error != TCP_NO_ERROR;
}

/* MSG_OOB: the urgent byte, which waits apart from the stream. */
static struct outcome_of_transfer receive_urgent(struct context *context, const struct request *request,
                                                 const struct transfer *transfer) {
    struct tcp_connection *tcp = tcp_of(context->world, request);
    if (!tcp_has_urgent(tcp)) {
        if (tcp->error != TCP_NO_ERROR) return fails(connection_error(tcp));
        return tcp->finish_received ? gives(0) : waits;
    }
    if (bytes_wanted(transfer) == 0) return gives(0);
    uint8_t byte = tcp_read_urgent(tcp, (request->code & MSG_PEEK) != 0);
    scatter(context, transfer, &byte, 1);
    return gives(1);
}

static struct outcome_of_transfer receive_stream(struct context *context, const struct request *request,
                                                 const struct transfer *transfer) {
    struct world *world = context->world;
    struct tcp_connection *tcp = tcp_of(world, request);
    unsigned connection = world_socket(world, request->socket)->connection;
    if ((request->code & MSG_OOB) != 0) return receive_urgent(context, request, transfer);
    uint32_t wanted = bytes_wanted(transfer), room = room_for_data(context);
    bool nothing_asked = wanted == 0 && request->overlapped == NOTICE_CALLER;
    if (!stream_is_ready(request, tcp, wanted)) return nothing_asked ? gives(0) : waits;
    if (tcp->receive_buffered == 0) return tcp->error != TCP_NO_ERROR ? fails(connection_error(tcp)) : gives(0);
    struct tcp_buffers buffers = connection_buffers(world, connection);
    uint8_t *bytes = result_next_bytes(context->result);
    uint32_t count = wanted < room ? wanted : room;
    if (count > tcp_readable(tcp)) count = tcp_readable(tcp);
    if (count == 0) return gives(0); /* there may be no buffer */
    tcp_read(tcp, &buffers, bytes, count, (request->code & MSG_PEEK) != 0);
    scatter(context, transfer, bytes, count);
    if (tcp->acknowledge_now) connection_flush(world, context->chooser, connection); /* the window has opened */
    return gives(count);
}

/* No one receives where a datagram was sent to. */
static struct outcome_of_transfer report_unreachable(struct world *world, unsigned datagram) {
    world_free(world, TABLE_DATAGRAMS, datagram);
    struct outcome_of_transfer outcome = fails(WSAECONNRESET);
    outcome.status = STATUS_PORT_UNREACHABLE;
    return outcome;
}

static void store_number(struct result *result, uint64_t address, uint32_t number) {
    uint8_t stored[4];
    store_u32(stored, number);
    result_write(result, address, stored, sizeof stored);
}

/* What a message has beside its data. `flags`: MSG_TRUNC, or 0. True: its control data did not fit; how much of that is
 * stored then no one says, so nothing is. `datagram`: NULL for bytes of a stream. */
static bool store_message(struct context *context, const struct transfer *transfer, const struct socket_row *row,
                          const struct datagram_row *datagram, uint32_t flags) {
    uint8_t bytes[CONTROL_DATA_MAX];
    uint32_t length = datagram == NULL ? 0 : control_data_of(context, row, datagram, bytes);
    uint32_t with_padding = control_data_padded(length);
    bool cut = with_padding > transfer->control_bytes;
    if (!cut && length > 0) result_write(context->result, transfer->control_address, bytes, length);
    store_number(context->result, transfer->control_length_address, cut ? 0 : with_padding);
    store_number(context->result, transfer->message_flags_address, flags | (cut ? MSG_CTRUNC : 0u));
    return cut;
}

static struct outcome_of_transfer receive_datagram(struct context *context, const struct request *request,
                                                   const struct transfer *transfer) {
    struct world *world = context->world;
    unsigned index = datagram_next(world, request->socket);
    if (index == NO_ROW) return waits;
    struct datagram_row row = *world_datagram(world, index);
    if (row.unreachable) return report_unreachable(world, index);
    uint32_t wanted = bytes_wanted(transfer), room = room_for_data(context);
    uint32_t count = row.bytes < wanted ? row.bytes : wanted;
    if (count > room) { /* Windows has no such limit */
        world_note_full(world, TABLE_TRANSFERS);
        count = room;
    }
    struct endpoint source = { .family = row.family, .port = row.source_port };
    for (unsigned i = 0; i < sizeof source.address.bytes; i++) source.address.bytes[i] = row.source_address[i];
    scatter(context, transfer, world_datagram_slot(world, index), count);
    store_peer(context, request, transfer->address_length_address, &source,
               world_socket(world, request->socket)->family);
    bool cut = count < row.bytes;
    if (is_message(transfer) &&
        store_message(context, transfer, world_socket(world, request->socket), &row, cut ? MSG_TRUNC : 0u))
        cut = true;
    if ((request->code & MSG_PEEK) == 0) world_free(world, TABLE_DATAGRAMS, index);
    struct outcome_of_transfer outcome = cut ? fails(WSAEMSGSIZE) : gives(count);
    outcome.value = count;
    outcome.is_counted = cut && count == row.bytes;
    return outcome;
}

static struct outcome_of_transfer try_receive(struct context *context, const struct request *request,
                                              const struct transfer *transfer) {
    bool stream = world_socket(context->world, request->socket)->protocol == PROTOCOL_TCP;
    if (!request_is_first(context->world, request)) return waits;
    if (!stream) return receive_datagram(context, request, transfer);
    struct outcome_of_transfer outcome = receive_stream(context, request, transfer);
    bool ended = !outcome.waits && outcome.error == 0;
    if (ended && is_message(transfer)) (void)store_message(context, transfer, NULL, NULL, 0);
    return outcome;
}

/* --- AcceptEx ----------------------------------------------------------------------------------------------------- */

/* The accept socket receives for it. */
static struct outcome_of_transfer receive_with_accept(struct context *context, const struct request *request,
                                                      const struct transfer *transfer) {
    struct request receive = *request;
    receive.socket = (uint16_t)request->code;
    receive.code = 0;
    return request->output_length == 0 ? gives(0) : receive_stream(context, &receive, transfer);
}

/* The connection that has waited longest belongs to the accept socket from here on. */
static struct outcome_of_transfer try_accept_ex(struct context *context, const struct request *request,
                                                const struct transfer *transfer) {
    struct world *world = context->world;
    if (!acceptor_has_connection(world, request)) {
        unsigned connection = connection_waiting(world, request->socket);
        if (connection == NO_ROW || !request_is_first(world, request)) return waits;
        if (!acceptor_addresses_fit(world, request))
            return (struct outcome_of_transfer){ .error = ERROR_INSUFFICIENT_BUFFER,
                                                 .status = STATUS_BUFFER_TOO_SMALL };
        acceptor_connect(world, request, connection);
    }
    struct outcome_of_transfer outcome = receive_with_accept(context, request, transfer);
    if (outcome.waits) return outcome;
    if (outcome.error != 0) socket_let_go(world, context->chooser, request);
    else acceptor_store_addresses(context, request);
    return outcome;
}

/* Can its request take a step: get its connection, or end? One that wants no data ends with its connection. */
static bool accept_ex_is_ready(const struct world *world, const struct request *request) {
    if (!acceptor_has_connection(world, request)) return connection_waiting(world, request->socket) != NO_ROW;
    const struct socket_row *acceptor = world_socket_at(world, request->code);
    const struct request receive = { .operation = OPERATION_RECEIVE };
    const struct tcp_connection *tcp = &world_connection_at(world, acceptor->connection)->tcp;
    return stream_is_ready(&receive, tcp, request->output_length);
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
static struct outcome_of_transfer transfer_try(struct context *context, const struct request *request,
                                               const struct transfer *transfer) {
    switch ((enum operation)request->operation) {
    case OPERATION_CONNECT: return try_connect(context, request);
    case OPERATION_ACCEPT: return try_accept(context, request, transfer);
    case OPERATION_RECEIVE: return try_receive(context, request, transfer);
    case OPERATION_SEND: return try_send(context, request);
    case OPERATION_DISCONNECT: return try_disconnect(context, request);
    case OPERATION_ACCEPT_EX: return try_accept_ex(context, request, transfer);
    case OPERATION_CLOSE:
    case OPERATION_IOCTL: break;
    }
    assert(!"neither a close nor a control call is tried here");
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
    bool is_short = limit_ms > 0 && limit_ms < LEAST_MS;
    return is_short && reading(context, Q114_SHORT_TIME_OUT) == Q114_HALF_A_SECOND ? (uint32_t)LEAST_MS : limit_ms;
}

/* The count and the flags of a call that has them; there are no flags to give. */
static void store_counts(struct result *result, uint64_t bytes_address, uint64_t flags_address, uint64_t count) {
    uint8_t stored[4];
    store_u32(stored, (uint32_t)count);
    if (bytes_address != 0) result_write(result, bytes_address, stored, sizeof stored);
    store_u32(stored, 0);
    if (flags_address != 0) result_write(result, flags_address, stored, sizeof stored);
}

/* A warning of the kernel's: the call fails, but what it gives is given. */
static bool has_count(const struct outcome_of_transfer *outcome) {
    return outcome->error == 0 || outcome->error == WSAEMSGSIZE;
}

/* Is the count stored that a call gives to its caller? Of a datagram that did not fit no page says so; it is where that
 * did, and control data did not (T16.6). */
static bool is_counted(struct context *context, const struct outcome_of_transfer *outcome, uint64_t bytes_address) {
    enum { LEFT, STORED, OUTCOMES };
    if (outcome->error == 0 || !has_count(outcome) || bytes_address == 0) return outcome->error == 0;
    if (outcome->is_counted) return true;
    return choose(context->chooser, CHOICE_BYTES, OUTCOMES) == STORED;
}

/* Leaves the request, and parks the thread for at most so long; 0: for ever. */
static void wait_for_wire(struct context *context, const struct transfer_call *call, uint64_t limit_ns) {
    if (!may_block(context)) return;
    unsigned index = request_issue_transfer(context->world, &call->request, &call->transfer);
    if (index == NO_ROW) {
        fail(context, FAILURE, WSAENOBUFS);
        return;
    }
    uint64_t deadline_ns = limit_ns == 0 ? UINT64_MAX : context->world->now_ns + limit_ns;
    request_park(context->world, index, context->call->function, deadline_ns);
    struct thread *thread = world_thread(context->world, context->thread);
    thread->outputs[0] = call->bytes_address;
    thread->outputs[1] = call->flags_address;
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

/* An accept that has its answer at once: are routines of its thread run before it returns? Q147. Not asked where none
 * is queued. Other calls run none unless they wait (W118). */
static void run_routines_of_accept(struct context *context, const struct request *request) {
    bool accepts = request->operation == OPERATION_ACCEPT;
    if (!accepts || world_socket(context->world, request->socket)->nonblocking) return;
    if (!routine_is_queued(context->world, context->thread)) return;
    if (reading(context, Q147_READY_ACCEPT) == Q147_RUNS)
        routine_deliver_all(context->world, context->thread, context->result);
}

static void begin_synchronous(struct context *context, const struct transfer_call *call) {
    const struct request *request = &call->request;
    struct outcome_of_transfer outcome = transfer_try(context, request, &call->transfer);
    if (outcome.error == WSAENETRESET) outcome = fails(error_after_silence(context));
    if (outcome.waits && world_socket(context->world, request->socket)->nonblocking) outcome = fails(WSAEWOULDBLOCK);
    if (outcome.waits) {
        wait_for_wire(context, call, time_limit_ms(context, request) * NANOSECONDS_PER_MILLISECOND);
        return;
    }
    run_routines_of_accept(context, request);
    if (is_counted(context, &outcome, call->bytes_address))
        store_counts(context->result, call->bytes_address, call->flags_address, outcome.value);
    if (outcome.error != 0) fail(context, FAILURE, outcome.error);
    else succeed(context, call->bytes_address != 0 ? 0 : outcome.value);
}

static uint64_t failure_of(const struct transfer_call *call) { return call->of_extension ? 0 : FAILURE; }
static uint64_t success_of(const struct transfer_call *call) { return call->of_extension ? 1 : 0; }

static void begin_overlapped(struct context *context, const struct transfer_call *call) {
    struct world *world = context->world;
    unsigned index = request_issue_transfer(world, &call->request, &call->transfer);
    if (index == NO_ROW) {
        overlapped_fail_at_once(context, call->overlapped, failure_of(call), WSAENOBUFS);
        return;
    }
    const struct request request = *world_request(world, index);
    struct outcome_of_transfer outcome = waits;
    if (!call->pends) outcome = transfer_try(context, &request, &call->transfer);
    if (outcome.error == WSAENETRESET) outcome = fails(error_after_silence(context));
    if (outcome.waits) {
        overlapped_return_pending(context, index, failure_of(call));
        return;
    }
    if (!has_count(&outcome)) {
        request_withdraw(world, index);
        overlapped_fail_at_once(context, call->overlapped, failure_of(call), outcome.error);
        return;
    }
    if (outcome.error != 0 && is_message(&call->transfer)) { /* T16.6 */
        request_complete(world, index, outcome.status, (uint32_t)outcome.value, COMPLETED_LATER, context->result);
        fail(context, failure_of(call), WSA_IO_PENDING);
        return;
    }
    if (is_counted(context, &outcome, call->bytes_address))
        store_counts(context->result, call->bytes_address, call->flags_address, outcome.value);
    request_complete(world, index, outcome.status, (uint32_t)outcome.value,
                     outcome.error == 0 ? COMPLETED_AT_ONCE : COMPLETED_LATER, context->result);
    if (outcome.error != 0) fail(context, failure_of(call), outcome.error);
    else succeed(context, success_of(call));
}

void transfer_begin(struct context *context, const struct transfer_call *call) {
    if (call->request.overlapped == NOTICE_CALLER) begin_synchronous(context, call);
    else begin_overlapped(context, call);
}

void transfer_gave(struct context *context, const struct transfer_call *call, uint32_t count) {
    struct world *world = context->world;
    if (call->request.overlapped != NOTICE_CALLER) {
        unsigned index = request_issue_transfer(world, &call->request, &call->transfer);
        if (index == NO_ROW) {
            overlapped_fail_at_once(context, call->overlapped, FAILURE, WSAENOBUFS);
            return;
        }
        request_complete(world, index, STATUS_SUCCESS, count, COMPLETED_AT_ONCE, context->result);
    }
    store_counts(context->result, call->bytes_address, call->flags_address, count);
    succeed(context, call->request.overlapped != NOTICE_CALLER || call->bytes_address != 0 ? 0 : count);
}

void transfer_refuse(struct context *context, const struct transfer_call *call, uint32_t error) {
    if (call->request.overlapped == NOTICE_CALLER) fail(context, failure_of(call), error);
    else overlapped_fail_at_once(context, call->overlapped, failure_of(call), error);
}

void close_later(struct context *context, unsigned socket, uint64_t handle, unsigned seconds) {
    struct world *world = context->world;
    struct socket_row *row = world_socket(world, socket);
    const struct transfer_call call = { .request = { .thread = (uint16_t)context->thread,
                                                     .socket = (uint16_t)socket,
                                                     .event = NO_ROW,
                                                     .operation = OPERATION_CLOSE,
                                                     .token = handle } };
    assert(row->connection != NO_ROW && seconds > 0);
    row->shut_send = row->shut_receive = 1;
    struct tcp_connection *tcp = &world_connection(world, row->connection)->tcp;
    tcp->reader_gone = 1;
    tcp_finish(tcp);
    connection_flush(world, context->chooser, row->connection);
    wait_for_wire(context, &call, seconds * 1000 * NANOSECONDS_PER_MILLISECOND);
}

bool transfer_is_ready(const struct world *world, unsigned index) {
    const struct request *request = world_request_at(world, index);
    const struct socket_row *socket = world_socket_at(world, request->socket);
    if (request->decided) return true;
    if (!request_is_first(world, request)) return false;
    if (request->operation == OPERATION_ACCEPT_EX) return accept_ex_is_ready(world, request);
    if (request->operation == OPERATION_ACCEPT) return connection_for(world, request) != NO_ROW;
    if (socket->protocol == PROTOCOL_UDP) return datagram_next(world, request->socket) != NO_ROW;
    if (socket->connection == NO_ROW) return true; /* it has lost its port, and its connection with it (Q54) */
    const struct tcp_connection *tcp = &world_connection_at(world, socket->connection)->tcp;
    if (tcp->error != TCP_NO_ERROR) return true;
    switch ((enum operation)request->operation) {
    case OPERATION_CONNECT: return tcp->state >= TCP_ESTABLISHED;
    case OPERATION_RECEIVE: return stream_is_ready(request, tcp, bytes_wanted(request_transfer(world, request)));
    case OPERATION_SEND: return connection_has_room(world, tcp);
    case OPERATION_CLOSE: return tcp_all_acknowledged(tcp);
    case OPERATION_DISCONNECT: return is_disconnected(request, tcp);
    default: return false;
    }
}

/* The close that waited takes place. The handle may be closed already, by another thread. */
static void finish_close(struct context *context, unsigned index) {
    struct request request = *world_request(context->world, index);
    bool there = handle_find(context->world, request.process, HANDLE_SOCKET, request.token) == request.socket;
    request_return(context->world, index, there ? 0 : FAILURE, there ? last_error_of_success(context) : WSAENOTSOCK,
                   context->result);
    if (there) socket_close(context, request.process, request.token);
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
    bool over = connection != NO_ROW && world_socket(world, request.socket)->protocol == PROTOCOL_TCP &&
                reading(context, Q115_AFTER_TIME_OUT) == Q115_OVER;
    if (over) {
        tcp_abort(&world_connection(world, connection)->tcp);
        connection_flush(world, context->chooser, connection);
    }
    request_return(world, index, FAILURE, WSAETIMEDOUT, context->result);
}

/* The parked thread resumes. */
static void return_to_caller(struct context *context, unsigned index, const struct outcome_of_transfer *outcome) {
    const struct request *request = world_request(context->world, index);
    const struct thread *thread = world_thread(context->world, request->thread);
    bool counts = thread->outputs[0] == 0;
    uint64_t value = outcome->error != 0 ? FAILURE : counts ? outcome->value : 0;
    uint32_t error = outcome->error != 0 ? outcome->error : last_error_of_later_success(context);
    if (is_counted(context, outcome, thread->outputs[0]))
        store_counts(context->result, thread->outputs[0], thread->outputs[1], outcome->value);
    request_return(context->world, index, value, error, context->result);
}

/* A ConnectEx was cancelled: nothing has been answered to its SYN, so nothing more is said to the peer. */
static void give_up_connect(struct world *world, const struct request *request) {
    const struct socket_row *row = world_socket(world, request->socket);
    bool open = row->connection != NO_ROW && row->state != SOCKET_CONNECTED;
    if (open) connection_forget(world, row->connection);
}

void transfer_finish(struct context *context, unsigned index) {
    const struct request request = *world_request(context->world, index);
    assert(request.state == REQUEST_PENDING);
    if (request.decided) {
        if (request.operation == OPERATION_CONNECT) give_up_connect(context->world, &request);
        if (request.operation == OPERATION_ACCEPT_EX) socket_let_go(context->world, context->chooser, &request);
        request_complete(context->world, index, request.status, request.information, COMPLETED_LATER, context->result);
        return;
    }
    if (request.operation == OPERATION_CLOSE) {
        finish_close(context, index);
        return;
    }
    const struct transfer transfer = *request_transfer(context->world, &request);
    bool accepts = request.operation == OPERATION_ACCEPT || request.operation == OPERATION_ACCEPT_EX;
    bool lost = !accepts && tcp_is_lost(context->world, &request);
    struct outcome_of_transfer outcome = lost ? fails(WSAECONNABORTED) : transfer_try(context, &request, &transfer);
    if (outcome.waits && request.operation == OPERATION_ACCEPT_EX) return; /* it has its connection, and no data yet */
    assert(!outcome.waits);
    if (request.operation == OPERATION_CONNECT && outcome.error != 0 &&
        !lost) /* told at once: SO_ERROR is 0 afterwards (W151) */
        connection_forget(context->world, world_socket(context->world, request.socket)->connection);
    if (request.overlapped == NOTICE_CALLER) return_to_caller(context, index, &outcome);
    else
        request_complete(context->world, index, outcome.status, (uint32_t)outcome.value, COMPLETED_LATER,
                         context->result);
    if (request.operation == OPERATION_RECEIVE)
        network_event_reenabled(context->world, context->chooser, request.socket, FD_READ);
    if (request.operation == OPERATION_ACCEPT && outcome.error != WSATRY_AGAIN)
        network_event_reenabled(context->world, context->chooser, request.socket, FD_ACCEPT);
}
