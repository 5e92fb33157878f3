/* recv, recvfrom, WSARecv, WSARecvFrom and WSARecvMsg. */
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
#include "stack/transport/control_data.h"
#include "stack/transport/kept_options.h"
#include "stack/transport/network_events.h"
#include "stack/transport/sockets.h"
#include "stack/transport/transfers.h"
#include "stack/transport/wire/tcp.h"

/* What a receive wants, whichever of the five functions asks. */
struct receiving {
    unsigned socket;
    uint32_t flags;
    bool memory_is_bad; /* buffers, their array, the flags, the count, or the OVERLAPPED */
    bool has_no_buffer;
    bool is_message;                  /* WSARecvMsg */
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

/* WSARecvMsg is for datagrams and raw sockets: of a stream Q151, and with MSG_PEEK as its page says (T16.3). */
static void violate_if_no_message(struct context *context, const struct socket_row *row, uint32_t flags,
                                  struct violations *violations) {
    if (row->protocol != PROTOCOL_TCP) return;
    if ((flags & MSG_PEEK) != 0) {
        violate(violations, WSAEOPNOTSUPP);
        return;
    }
    unsigned answer = reading(context, Q151_MESSAGE_OF_A_STREAM);
    violate_if(violations, answer == Q151_OPNOTSUPP, WSAEOPNOTSUPP);
    violate_if(violations, answer == Q151_INVAL, WSAEINVAL);
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
    violate_if(&violations, row->protocol == PROTOCOL_TCP && row->state != SOCKET_CONNECTED, WSAENOTCONN);
    violate_if(&violations, acceptor_waits_for_data(context->world, receiving->socket), WSAENOTCONN); /* inferred */
    violate_if(&violations, row->protocol == PROTOCOL_UDP && row->state == SOCKET_OPEN, WSAEINVAL);   /* W154, F26 */
    violate_if(&violations, seems_unbound(context, row), WSAEINVAL);                                  /* W132 */
    if ((receiving->flags & MSG_OOB) != 0) violate_if_not_urgent(context, row, &violations);
    if (receiving->is_message) violate_if_no_message(context, row, receiving->flags, &violations);
    violate_if(&violations, waits_for_all_in_vain(row, receiving->flags), WSAEOPNOTSUPP);
    violate_if(&violations, row->shut_receive, WSAESHUTDOWN); /* W160 */
    return violation_chosen(context, &violations);
}

/* More than the model can gather, or what it does not know of a message: no answer. Flags of a message other than
 * MSG_PEEK are none that its page has. */
static bool wants_too_much(const struct context *context, const struct receiving *receiving) {
    uint64_t wanted = 0;
    const struct socket_row *row = world_socket_at(context->world, receiving->socket);
    if (receiving->is_message && (receiving->flags & ~(uint32_t)MSG_PEEK) != 0) return true;
    if (receiving->is_message && !control_data_is_known(context->world, row)) return true;
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
    struct receiving receiving = { .socket = begin_transport_call(context, recv_s),
                                   .flags = (uint32_t)context->call->arguments[recv_flags],
                                   .address = NO_PARAMETER,
                                   .overlapped = NO_PARAMETER };
    if (receiving.socket == NO_ROW) return;
    take_buffer(context, recv_buf, recv_len, &receiving);
    receive(context, &receiving);
}

/* As recv; and WSAEFAULT for an address that does not fit, which leaves the datagram where it is. */
void call_recvfrom(struct context *context) {
    struct receiving receiving = { .socket = begin_transport_call(context, recvfrom_s),
                                   .flags = (uint32_t)context->call->arguments[recvfrom_flags],
                                   .address = recvfrom_from,
                                   .address_length = recvfrom_fromlen,
                                   .overlapped = NO_PARAMETER };
    if (receiving.socket == NO_ROW) return;
    take_buffer(context, recvfrom_buf, recvfrom_len, &receiving);
    receive(context, &receiving);
}

/* --- several buffers, and overlapped ------------------------------------------------------------------------------ */

/* The places of the parameters that WSARecv, WSARecvFrom and WSARecvMsg share; what one does not have is
 * NO_PARAMETER. */
struct receive_places {
    unsigned socket, buffers, count, bytes, flags, overlapped, routine, address, address_length, control,
        control_length;
};

/* The array may be longer than dwBufferCount says. */
static void take_buffers(const struct call *call, uint32_t count, struct transfer *transfer) {
    transfer->buffers_count = (uint8_t)count;
    for (unsigned i = 0; i < count; i++)
        transfer->buffers[i] =
            (struct buffer){ .address = call->buffers[i].range.address, .length = call->buffers[i].length };
}

/* The count of a synchronous call has to be stored (W155); an overlapped one may do without it. */
static bool count_is_bad(const struct call *call, unsigned bytes, bool overlapped) {
    if (call->ranges[bytes].state == RANGE_NULL) return !overlapped;
    return !call_range_holds(call, bytes, 4);
}

/* The members of a WSAMSG that other receives do not have; false: they are not in memory that is there. A name that is
 * NULL has no length, and so has control data (the page of WSARecvMsg). */
static bool take_message(const struct call *call, const struct receive_places *places, struct receiving *receiving) {
    const uint8_t *length = call_read(call, places->control_length, 4);
    const uint8_t *name_length = call_read(call, places->address_length, 4);
    if (length == NULL || name_length == NULL) return false;
    struct transfer *transfer = &receiving->call.transfer;
    uint32_t room = load_u32(length);
    transfer->control_bytes = (uint16_t)(room < UINT16_MAX ? room : UINT16_MAX);
    transfer->control_address = call->arguments[places->control];
    transfer->control_length_address = call->arguments[places->control_length];
    transfer->message_flags_address = receiving->call.flags_address;
    receiving->call.flags_address = 0;
    bool nameless = call->ranges[places->address].state == RANGE_NULL;
    return call_range_holds(call, places->control, room) && (!nameless || load_u32(name_length) == 0);
}

static void receive_into_buffers(struct context *context, const struct receive_places *places) {
    const struct call *call = context->call;
    struct receiving receiving = { .socket = begin_transport_call(context, places->socket),
                                   .address = places->address,
                                   .address_length = places->address_length,
                                   .overlapped = NO_PARAMETER,
                                   .routine = places->routine,
                                   .is_message = places->control != NO_PARAMETER };
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
    if (!receiving.memory_is_bad) take_buffers(call, count, &receiving.call.transfer);
    if (receiving.is_message && !take_message(call, places, &receiving)) receiving.memory_is_bad = true;
    if (overlapped && !overlapped_is_bad) receiving.overlapped = places->overlapped;
    receive(context, &receiving);
}

/* As recv. Without an OVERLAPPED that counts it is recv in several buffers, and the count must be there (WSAEFAULT).
 * With one: WSA_IO_PENDING, whether the socket is non-blocking or not; WSAEINVAL for a routine beside a completion port
 * (W117). */
void call_WSARecv(struct context *context) {
    static const struct receive_places places = { WSARecv_s,
                                                  WSARecv_lpBuffers,
                                                  WSARecv_dwBufferCount,
                                                  WSARecv_lpNumberOfBytesRecvd,
                                                  WSARecv_lpFlags,
                                                  WSARecv_lpOverlapped,
                                                  WSARecv_lpCompletionRoutine,
                                                  NO_PARAMETER,
                                                  NO_PARAMETER,
                                                  NO_PARAMETER,
                                                  NO_PARAMETER };
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
                                                  WSARecvFrom_lpFromlen,
                                                  NO_PARAMETER,
                                                  NO_PARAMETER };
    receive_into_buffers(context, &places);
}

/* As WSARecvFrom, of datagrams; with the control data that the socket's options want. WSAEMSGSIZE, with MSG_TRUNC or
 * MSG_CTRUNC among the flags, where the datagram or its control data does not fit (the page of WSAMSG): with an
 * OVERLAPPED WSA_IO_PENDING also then (T16.6). */
void call_WSARecvMsg(struct context *context) {
    static const struct receive_places places = {
        WSARecvMsg_s,       WSARecvMsg_lpBuffers,    WSARecvMsg_dwBufferCount,       WSARecvMsg_lpdwNumberOfBytesRecvd,
        WSARecvMsg_dwFlags, WSARecvMsg_lpOverlapped, WSARecvMsg_lpCompletionRoutine, WSARecvMsg_name,
        WSARecvMsg_namelen, WSARecvMsg_Control,      WSARecvMsg_ControlLen
    };
    receive_into_buffers(context, &places);
}
