/* recv, recvfrom, WSARecv and WSARecvFrom. */
#include <assert.h>

#include "stack/call/catalogue.h"
#include "stack/errors.h"
#include "stack/io/completion_ports.h"
#include "stack/sdk/network_event_values.h"
#include "stack/sdk/socket_values.h"
#include "stack/system/context.h"
#include "stack/system/handles.h"
#include "stack/transport/overlapped.h"
#include "stack/transport/wire/address.h"
#include "stack/transport/acceptors.h"
#include "stack/transport/kept_options.h"
#include "stack/transport/network_events.h"
#include "stack/transport/sockets.h"
#include "stack/transport/transfers.h"
#include "stack/transport/wire/tcp.h"

/* What a receive wants, whichever of the four functions asks. */
struct receiving {
    unsigned socket;
    uint32_t flags;
    bool memory_is_bad; /* buffers, their array, the flags, the count, or the OVERLAPPED */
    bool has_no_buffer;
    unsigned address, address_length; /* their places in the call, NO_PARAMETER: it has none */
    unsigned overlapped, routine;     /* the same */
    struct transfer_call call;
};

/* An address is wanted, and there is room for it. A stream gives none (W158). */
static bool address_is_wanted(const struct context *context, const struct socket_row *row,
                              const struct receiving *receiving) {
    if (receiving->address == NO_PARAMETER || row->protocol == PROTOCOL_TCP) return false;
    return context->call->ranges[receiving->address].state != RANGE_NULL &&
           context->call->ranges[receiving->address_length].state != RANGE_NULL;
}

static bool address_is_bad(const struct context *context, const struct socket_row *row,
                           const struct receiving *receiving) {
    if (!address_is_wanted(context, row, receiving)) return false;
    unsigned size = sockaddr_size(row->family);
    const uint8_t *given = call_read(context->call, receiving->address_length, 4);
    return given == NULL || load_u32(given) < size ||
           !call_range_holds(context->call, receiving->address, size); /* W157 */
}

/* MSG_WAITALL is for streams in blocking mode, and alone (the pages of recv and WSARecv). */
static bool waits_for_all_in_vain(const struct socket_row *row, uint32_t flags) {
    if ((flags & MSG_WAITALL) == 0) return false;
    return row->protocol == PROTOCOL_UDP || row->nonblocking || (flags & (MSG_OOB | MSG_PEEK | MSG_PARTIAL)) != 0;
}

/* MSG_OOB is for streams that do not have their urgent data in line (the page of recv). Where none is there: Q144. */
static void violate_if_not_urgent(struct context *context, const struct socket_row *row,
                                  struct violations *violations) {
    bool in_line = row->protocol == PROTOCOL_TCP && socket_flag(row, OPTION_SO_OOBINLINE);
    violate_if(violations, row->protocol != PROTOCOL_TCP, WSAEOPNOTSUPP);
    violate_if(violations, in_line, WSAEINVAL);
    if (row->protocol != PROTOCOL_TCP || in_line || row->state != SOCKET_CONNECTED) return;
    const struct tcp_connection *tcp = &world_connection(context->world, row->connection)->tcp;
    if (tcp_has_urgent(tcp) || tcp->error != TCP_NO_ERROR || row->shut_receive) return;
    violate_if(violations, reading(context, Q144_NO_URGENT_DATA) == Q144_INVAL, WSAEINVAL);
}

/* A datagram socket that another descriptor has bound since this one was opened: Q150. */
static bool seems_unbound(struct context *context, const struct socket_row *row) {
    if (row->protocol != PROTOCOL_UDP || row->state == SOCKET_OPEN) return false;
    if (!handle_is_unaware(context->world, context->process, context->call->arguments[recv_s])) return false;
    return reading(context, Q150_BOUND_BY_ANOTHER) == Q150_OWN_STATE;
}

static uint32_t receive_unfit(struct context *context, const struct socket_row *row,
                              const struct receiving *receiving) {
    struct violations violations = { 0 };
    violate_if(&violations, context->world->network_down, WSAENETDOWN);
    violate_if(&violations, receiving->memory_is_bad, WSAEFAULT);
    violate_if(&violations, address_is_bad(context, row, receiving), WSAEFAULT);
    violate_if(&violations, receiving->has_no_buffer, WSAEINVAL); /* W122 */
    violate_if(&violations, row->protocol == PROTOCOLS_COUNT, WSAEOPNOTSUPP);
    violate_if(&violations, row->protocol == PROTOCOL_TCP && row->state != SOCKET_CONNECTED, WSAENOTCONN);
    violate_if(&violations, acceptor_waits_for_data(context->world, receiving->socket), WSAENOTCONN); /* inferred */
    violate_if(&violations, row->protocol == PROTOCOL_UDP && row->state == SOCKET_OPEN, WSAEINVAL);   /* W154, F26 */
    violate_if(&violations, seems_unbound(context, row), WSAEINVAL);                                  /* W132 */
    if ((receiving->flags & MSG_OOB) != 0) violate_if_not_urgent(context, row, &violations);
    violate_if(&violations, waits_for_all_in_vain(row, receiving->flags), WSAEOPNOTSUPP);
    violate_if(&violations, row->shut_receive, WSAESHUTDOWN); /* W160 */
    return violation_chosen(context, &violations);
}

/* More than the model can gather: no answer. */
static bool wants_too_much(const struct context *context, const struct receiving *receiving) {
    uint64_t wanted = 0;
    const struct transfer *transfer = &receiving->call.transfer;
    for (unsigned i = 0; i < transfer->buffers_count; i++) wanted += transfer->buffers[i].length;
    return (receiving->flags & MSG_WAITALL) != 0 && !transfer_can_fill(context->world, wanted);
}

static void begin_receive(struct context *context, struct receiving *receiving) {
    const struct socket_row *row = world_socket(context->world, receiving->socket);
    struct request *request = &receiving->call.request;
    const uint64_t *arguments = context->call->arguments;
    *request = (struct request){ .thread = (uint16_t)context->thread,
                                 .socket = (uint16_t)receiving->socket,
                                 .event = NO_ROW,
                                 .operation = OPERATION_RECEIVE,
                                 .code = receiving->flags };
    if (receiving->overlapped != NO_PARAMETER)
        overlapped_fill(context, receiving->overlapped, receiving->routine, request);
    if (address_is_wanted(context, row, receiving)) {
        request->address_address = arguments[receiving->address];
        receiving->call.transfer.address_length_address = arguments[receiving->address_length];
    }
    uint32_t error = receive_unfit(context, row, receiving);
    bool beside_port =
        request->routine_address != 0 && has_completion_port(context->world, receiving->socket); /* W117 */
    if (error == 0 && beside_port) error = WSAEINVAL;
    if (error != 0) transfer_refuse(context, &receiving->call, error);
    else if (wants_too_much(context, receiving)) not_modelled(context, not_modelled_function(context->call->function));
    else transfer_begin(context, &receiving->call);
}

static void receive(struct context *context, struct receiving *receiving) {
    begin_receive(context, receiving);
    if (context->result->status == RESULT_NOT_MODELLED) return;
    network_event_reenabled(context->world, context->chooser, receiving->socket, FD_READ);
    network_event_reenabled(context->world, context->chooser, receiving->socket, FD_OOB);
}

/* --- one buffer --------------------------------------------------------------------------------------------------- */

static void take_buffer(const struct context *context, unsigned buffer, unsigned length, struct receiving *receiving) {
    int32_t bytes = (int32_t)context->call->arguments[length];
    receiving->memory_is_bad = bytes < 0 || !call_range_holds(context->call, buffer, (uint32_t)bytes);
    receiving->call.transfer.buffers_count = 1;
    receiving->call.transfer.buffers[0] =
        (struct buffer){ .address = context->call->arguments[buffer], .length = (uint32_t)bytes };
}

/* WSANOTINITIALISED, WSAENOTSOCK; in any order WSAENETDOWN, WSAEFAULT, WSAEOPNOTSUPP, WSAENOTCONN, WSAEINVAL,
 * WSAESHUTDOWN; WSAEWOULDBLOCK on a non-blocking socket; WSAECONNRESET, WSAETIMEDOUT, WSAECONNABORTED as the connection
 * ended; WSAEMSGSIZE for a datagram that does not fit: what fits is stored. WSAEINTR when the socket is closed
 * meanwhile. */
void call_recv(struct context *context) {
    struct receiving receiving = { .socket = begin_socket_call(context, recv_s),
                                   .flags = (uint32_t)context->call->arguments[recv_flags],
                                   .address = NO_PARAMETER,
                                   .overlapped = NO_PARAMETER };
    if (receiving.socket == NO_ROW) return;
    take_buffer(context, recv_buf, recv_len, &receiving);
    receive(context, &receiving);
}

/* As recv; and WSAEFAULT for an address that does not fit, which leaves the datagram where it is. */
void call_recvfrom(struct context *context) {
    struct receiving receiving = { .socket = begin_socket_call(context, recvfrom_s),
                                   .flags = (uint32_t)context->call->arguments[recvfrom_flags],
                                   .address = recvfrom_from,
                                   .address_length = recvfrom_fromlen,
                                   .overlapped = NO_PARAMETER };
    if (receiving.socket == NO_ROW) return;
    take_buffer(context, recvfrom_buf, recvfrom_len, &receiving);
    receive(context, &receiving);
}

/* --- several buffers, and overlapped ------------------------------------------------------------------------------ */

/* The places of the parameters that WSARecv and WSARecvFrom share; one without an address says NO_PARAMETER. */
struct receive_places {
    unsigned socket, buffers, count, bytes, flags, overlapped, routine, address, address_length;
};

static void take_buffers(const struct call *call, struct transfer *transfer) {
    transfer->buffers_count = (uint8_t)call->buffers_count;
    for (unsigned i = 0; i < call->buffers_count; i++)
        transfer->buffers[i] =
            (struct buffer){ .address = call->buffers[i].range.address, .length = call->buffers[i].length };
}

/* The count of a synchronous call has to be stored (W155); an overlapped one may do without it. */
static bool count_is_bad(const struct call *call, unsigned bytes, bool overlapped) {
    if (call->ranges[bytes].state == RANGE_NULL) return !overlapped;
    return !call_range_holds(call, bytes, 4);
}

static void receive_into_buffers(struct context *context, const struct receive_places *places) {
    const struct call *call = context->call;
    struct receiving receiving = { .socket = begin_socket_call(context, places->socket),
                                   .address = places->address,
                                   .address_length = places->address_length,
                                   .overlapped = NO_PARAMETER,
                                   .routine = places->routine };
    if (receiving.socket == NO_ROW) return;
    const uint8_t *flags = call_read(call, places->flags, 4);
    bool overlapped = overlapped_counts(context, receiving.socket, places->overlapped);
    bool overlapped_is_bad = overlapped && call_read(call, places->overlapped, OVERLAPPED_SIZE) == NULL;
    uint32_t count = (uint32_t)call->arguments[places->count];
    receiving.memory_is_bad = flags == NULL || overlapped_is_bad || !call_buffers_hold(call, places->buffers, count) ||
                              count_is_bad(call, places->bytes, overlapped);
    receiving.flags = flags == NULL ? 0 : load_u32(flags);
    receiving.has_no_buffer = count == 0;
    receiving.call = (struct transfer_call){ .overlapped = places->overlapped,
                                             .bytes_address = call->arguments[places->bytes],
                                             .flags_address = call->arguments[places->flags] };
    if (!receiving.memory_is_bad) take_buffers(call, &receiving.call.transfer);
    if (overlapped && !overlapped_is_bad) receiving.overlapped = places->overlapped;
    receive(context, &receiving);
}

/* As recv. Without an OVERLAPPED that counts it is recv in several buffers, and the count must be there (WSAEFAULT).
 * With one: WSA_IO_PENDING, whether the socket is non-blocking or not; WSAEINVAL for a routine beside a completion port
 * (W117). */
void call_WSARecv(struct context *context) {
    static const struct receive_places places = {
        WSARecv_s,       WSARecv_lpBuffers,    WSARecv_dwBufferCount,       WSARecv_lpNumberOfBytesRecvd,
        WSARecv_lpFlags, WSARecv_lpOverlapped, WSARecv_lpCompletionRoutine, NO_PARAMETER,
        NO_PARAMETER
    };
    receive_into_buffers(context, &places);
}

/* As WSARecv and recvfrom. The address and its length are stored when the request ends. */
void call_WSARecvFrom(struct context *context) {
    static const struct receive_places places = { WSARecvFrom_s,
                                                  WSARecvFrom_lpBuffers,
                                                  WSARecvFrom_dwBufferCount,
                                                  WSARecvFrom_lpNumberOfBytesRecvd,
                                                  WSARecvFrom_lpFlags,
                                                  WSARecvFrom_lpOverlapped,
                                                  WSARecvFrom_lpCompletionRoutine,
                                                  WSARecvFrom_lpFrom,
                                                  WSARecvFrom_lpFromlen };
    receive_into_buffers(context, &places);
}
