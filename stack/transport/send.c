/* send, sendto, WSASend, WSASendTo and WSASendMsg. Those with a destination bind a socket that is not bound yet, also
 * when they fail after that. */
#include <assert.h>
#include <string.h>

#include "stack/errors.h"
#include "stack/io/completion_ports.h"
#include "stack/sdk/socket_values.h"
#include "stack/system/context.h"
#include "stack/transport/wire/address.h"
#include "stack/transport/acceptors.h"
#include "stack/transport/bind.h"
#include "stack/transport/connections.h"
#include "stack/transport/control_data.h"
#include "stack/transport/network_events.h"
#include "stack/transport/overlapped.h"
#include "stack/transport/sockets.h"
#include "stack/transport/transfers.h"
#include "stack/transport/wire/packets.h"

/* What a send wants, whichever of the five functions asks. */
struct sending {
    unsigned socket;
    uint32_t flags, length;
    bool memory_is_bad;      /* data, its array, the count, or the OVERLAPPED */
    bool is_cut;             /* the record of the call has no room for all the data */
    const uint8_t *bytes;    /* `length` of them, unless the record is cut: in the call, or where they were gathered */
    const uint8_t *to;       /* the destination, or NULL */
    bool to_is_given;        /* it may be bad all the same */
    bool is_message;         /* WSASendMsg */
    bool control_is_unknown; /* its control data has what is not modelled */
    bool has_source;         /* it says where the datagram comes from: */
    struct endpoint source;
    struct transfer_call call;
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

/* WSASendMsg is for datagrams and raw sockets: of a stream Q151. Of a socket that no one has bound: Q152. */
static void violate_message(struct context *context, const struct socket_row *row, struct violations *violations) {
    if (row->protocol == PROTOCOL_TCP) {
        unsigned answer = reading(context, Q151_MESSAGE_OF_A_STREAM);
        violate_if(violations, answer == Q151_OPNOTSUPP, WSAEOPNOTSUPP);
        violate_if(violations, answer == Q151_INVAL, WSAEINVAL);
        return;
    }
    if (row->protocol != PROTOCOL_UDP || row->state != SOCKET_OPEN) return;
    violate_if(violations, reading(context, Q152_MESSAGE_BEFORE_BIND) == Q152_INVAL, WSAEINVAL);
}

/* 65,507 bytes, which is what an IPv4 packet of 65,535 has room for (the page of SO_MAX_MSG_SIZE's error, KB 822061).
 * IPv6 counts its own header apart (inferred). */
static bool is_too_long(const struct socket_row *row, const struct sending *sending) {
    enum { LONGEST_OF_V4 = 65535 - IPV4_HEADER_BYTES - UDP_HEADER_BYTES, LONGEST_OF_V6 = 65535 - UDP_HEADER_BYTES };
    uint32_t longest = row->family == 4 ? LONGEST_OF_V4 : LONGEST_OF_V6;
    return row->protocol == PROTOCOL_UDP && sending->length > longest;
}

static uint32_t send_unfit(struct context *context, const struct socket_row *row, const struct sending *sending) {
    struct violations violations = { 0 };
    violate_if(&violations, context->world->network_down, WSAENETDOWN);
    violate_if(&violations, sending->memory_is_bad, WSAEFAULT);
    violate_if(&violations, row->shut_send, WSAESHUTDOWN);
    violate_if(&violations, (sending->flags & MSG_PARTIAL) != 0, WSAEOPNOTSUPP); /* neither transport has it */
    if (sending->is_message) violate_message(context, row, &violations);
    if (row->protocol == PROTOCOL_UDP) {
        violate_if(&violations, (sending->flags & MSG_OOB) != 0, WSAEOPNOTSUPP);
        violate_if(&violations, is_too_long(row, sending), WSAEMSGSIZE);
        violate_destination(row, sending, &violations);
    } else { /* a stream has its destination already: `to` is not looked at (W158) */
        violate_if(&violations, row->protocol == PROTOCOL_TCP && row->state != SOCKET_CONNECTED, WSAENOTCONN);
        violate_if(&violations, acceptor_waits_for_data(context->world, sending->socket), WSAENOTCONN); /* inferred */
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
    struct segment segment = { .protocol = PROTOCOL_UDP,
                               .hop_limit = HOP_LIMIT_ORDINARY,
                               .window_scale = WINDOW_SCALE_NONE,
                               .destination = destination(context->world, row, sending),
                               .payload_bytes = sending->length };
    bool reachable = socket_local_end(context->world, sending->socket, &segment.destination, &segment.source);
    assert(reachable);
    (void)reachable;
    if (sending->has_source) segment.source.address = sending->source.address;
    packet_send(context->world, &segment, sending->bytes);
    transfer_gave(context, &sending->call, sending->length);
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

/* All of it goes into the buffer at once. A blocking caller waits until the buffer is back within its measure, and so
 * does an OVERLAPPED. */
static void send_stream(struct context *context, const struct sending *sending) {
    struct world *world = context->world;
    const struct socket_row *row = world_socket(world, sending->socket);
    struct tcp_connection *tcp = &world_connection(world, row->connection)->tcp;
    struct tcp_buffers buffers = connection_buffers(world, row->connection);
    bool at_once = row->nonblocking && sending->call.request.overlapped == NOTICE_CALLER;
    bool full = !connection_has_room(world, tcp);
    if (tcp->error == TCP_NO_ERROR && (tcp_room(tcp, &buffers) < sending->length || (full && at_once))) {
        if (at_once) network_events_send_blocked(world, sending->socket);
        else world_note_full(world, TABLE_TRANSFERS); /* Windows keeps what waits to be sent elsewhere */
        transfer_refuse(context, &sending->call, at_once ? WSAEWOULDBLOCK : WSAENOBUFS);
        return;
    }
    if ((sending->flags & MSG_OOB) != 0) tcp_write_urgent(tcp, &buffers, sending->bytes, sending->length);
    else tcp_write(tcp, &buffers, sending->bytes, sending->length);
    connection_flush(world, context->chooser, row->connection);
    if (at_once && tcp->error == TCP_NO_ERROR) transfer_gave(context, &sending->call, sending->length);
    else transfer_begin(context, &sending->call);
}

/* Does a datagram go to a broadcast or multicast address? */
static bool goes_to_several(const struct world *world, const struct socket_row *row, const struct sending *sending) {
    struct endpoint remote = destination(world, row, sending);
    return endpoint_is_for_several(&remote);
}

/* May the datagram come from where its control data says? What becomes of one that may not, no one says; and what is
 * between loopback and another address of the machine is not known. */
static bool source_fits(const struct world *world, const struct socket_row *row, const struct sending *sending) {
    if (!sending->has_source) return true;
    struct endpoint remote = destination(world, row, sending), held = { .family = row->family };
    if (row->state != SOCKET_OPEN) held = socket_endpoint(row);
    bool free = endpoint_is_wildcard(&held) || endpoint_same_address(&held, &sending->source);
    return free && remote.family == sending->source.family && endpoint_is_local(world, &sending->source) &&
           endpoint_is_loopback(&remote) == endpoint_is_loopback(&sending->source);
}

/* Is it longer than a packet of this world (a limit of ours)? */
static bool exceeds_packet(const struct world *world, const struct socket_row *row, const struct sending *sending) {
    struct endpoint remote = destination(world, row, sending);
    uint32_t headers = UDP_HEADER_BYTES + (remote.family == 4 ? IPV4_HEADER_BYTES : IPV6_HEADER_BYTES);
    return headers + sending->length > world->limits.packet_bytes;
}

/* What a datagram may want that has no answer here. */
static bool is_not_modelled(const struct world *world, const struct socket_row *row, const struct sending *sending) {
    return sending->control_is_unknown || !source_fits(world, row, sending) || goes_to_several(world, row, sending) ||
           exceeds_packet(world, row, sending);
}

static void send_from(struct context *context, struct sending *sending) {
    const struct socket_row *row = world_socket(context->world, sending->socket);
    if (sending->is_cut && !is_too_long(row, sending)) { /* a limit of ours */
        not_modelled(context, not_modelled_function(context->call->function));
        return;
    }
    struct request *request = &sending->call.request;
    request->thread = (uint16_t)context->thread;
    request->socket = (uint16_t)sending->socket;
    request->operation = OPERATION_SEND;
    request->input_length = sending->length;
    uint32_t error = send_unfit(context, row, sending);
    if (error == 0 && row->protocol == PROTOCOL_UDP && is_not_modelled(context->world, row, sending)) {
        not_modelled(context, not_modelled_function(context->call->function));
        return;
    }
    bool beside_port = request->routine_address != 0 && has_completion_port(context->world, sending->socket);
    if (error == 0 && beside_port) error = WSAEINVAL; /* as W117 */
    if (error == 0 && context->world->no_buffers) error = WSAENOBUFS;
    if (error == 0 && row->protocol == PROTOCOL_UDP) error = prepare_datagram(context, sending);
    if (error != 0) transfer_refuse(context, &sending->call, error);
    else if (row->protocol == PROTOCOL_UDP) send_datagram(context, sending);
    else send_stream(context, sending);
}

/* As sendto without a destination; an unconnected datagram socket is WSAENOTCONN (W154). */
static void send_to_peer(struct context *context, struct sending *sending) {
    const struct socket_row *row = world_socket(context->world, sending->socket);
    if (row->protocol == PROTOCOL_UDP && row->state != SOCKET_CONNECTED)
        transfer_refuse(context, &sending->call, WSAENOTCONN);
    else send_from(context, sending);
}

/* --- one buffer --------------------------------------------------------------------------------------------------- */

static void take_data(const struct call *call, unsigned buffer, unsigned length, struct sending *sending) {
    int32_t bytes = (int32_t)call->arguments[length];
    const uint8_t *data = bytes < 0 ? NULL : call_read(call, buffer, (uint32_t)bytes);
    sending->call.request.event = NO_ROW;
    sending->is_cut = bytes >= 0 && call_range_is_cut(&call->ranges[buffer], (uint32_t)bytes);
    sending->memory_is_bad = data == NULL && !sending->is_cut;
    if (sending->memory_is_bad) return;
    sending->length = (uint32_t)bytes;
    sending->bytes = data;
}

static void take_destination(const struct call *call, const struct socket_row *row, unsigned to, unsigned length,
                             struct sending *sending) {
    sending->to_is_given = call->ranges[to].state != RANGE_NULL;
    sending->to = sockaddr_given(call, row->family, to, length);
}

/* WSANOTINITIALISED, WSAENOTSOCK; in any order WSAENETDOWN, WSAEFAULT, WSAEOPNOTSUPP, WSAENOTCONN, WSAEDESTADDRREQ,
 * WSAEAFNOSUPPORT, WSAEADDRNOTAVAIL, WSAEACCES, WSAEMSGSIZE, WSAESHUTDOWN; WSAENOBUFS; WSAENETUNREACH; what an implicit
 * bind gives (bind.h); of a stream WSAECONNRESET, WSAETIMEDOUT, WSAECONNABORTED as the connection ended, and
 * WSAEWOULDBLOCK. */
void call_sendto(struct context *context) {
    struct sending sending = { .socket = begin_transport_call(context, sendto_s),
                               .flags = (uint32_t)context->call->arguments[sendto_flags] };
    if (sending.socket == NO_ROW) return;
    take_data(context->call, sendto_buf, sendto_len, &sending);
    take_destination(context->call, world_socket(context->world, sending.socket), sendto_to, sendto_tolen, &sending);
    send_from(context, &sending);
}

void call_send(struct context *context) {
    struct sending sending = { .socket = begin_transport_call(context, send_s),
                               .flags = (uint32_t)context->call->arguments[send_flags] };
    if (sending.socket == NO_ROW) return;
    take_data(context->call, send_buf, send_len, &sending);
    send_to_peer(context, &sending);
}

/* --- several buffers, and overlapped ------------------------------------------------------------------------------ */

/* The places of the parameters that WSASend and WSASendTo share. */
struct send_places {
    unsigned socket, buffers, count, bytes, flags, overlapped, routine;
};

/* The contents of all buffers: of one where they stand in the call, of several one after the other in `bytes`, which
 * has room for CALL_BYTES_MAX. False: they are not there. */
static bool gather(const struct call *call, const struct send_places *places, struct sending *sending, uint8_t *bytes) {
    uint32_t count = (uint32_t)call->arguments[places->count];
    if (!call_buffers_hold(call, places->buffers, count)) return false;
    sending->bytes = count == 1 ? call_bytes(call, call->buffers[0].range.bytes_offset) : bytes;
    for (uint32_t i = 0; i < count; i++) {
        const struct call_buffer *buffer = &call->buffers[i];
        bool fits = count == 1 || sending->length + (uint64_t)buffer->length <= CALL_BYTES_MAX;
        if (!fits || call_range_is_cut(&buffer->range, buffer->length)) sending->is_cut = true;
        else if (buffer->range.bytes_length < buffer->length) return false;
        else if (count > 1)
            memcpy(bytes + sending->length, call_bytes(call, buffer->range.bytes_offset), buffer->length);
        sending->length += buffer->length;
    }
    return true;
}

/* The beginning that WSASend and WSASendTo share; `bytes` as gather() wants it. False: the call has ended. The count of
 * a synchronous call has to be stored (W155); an overlapped one may do without it. */
static bool take_buffers(struct context *context, const struct send_places *places, struct sending *sending,
                         uint8_t *bytes) {
    const struct call *call = context->call;
    sending->socket = begin_transport_call(context, places->socket);
    if (sending->socket == NO_ROW) return false;
    bool overlapped = overlapped_counts(context, sending->socket, places->overlapped);
    bool overlapped_is_bad = overlapped && call_read(call, places->overlapped, OVERLAPPED_SIZE) == NULL;
    bool counted = call->ranges[places->bytes].state != RANGE_NULL;
    bool count_is_bad = counted ? !call_range_holds(call, places->bytes, 4) : !overlapped;
    sending->flags = (uint32_t)call->arguments[places->flags];
    sending->memory_is_bad = !gather(call, places, sending, bytes) || overlapped_is_bad || count_is_bad;
    sending->call = (struct transfer_call){ .request = { .event = NO_ROW },
                                            .overlapped = places->overlapped,
                                            .bytes_address = call->arguments[places->bytes] };
    if (overlapped && !overlapped_is_bad)
        overlapped_fill(context, places->overlapped, places->routine, &sending->call.request);
    return true;
}

/* As send. Without an OVERLAPPED that counts it is send of several buffers, and the count must be there (WSAEFAULT).
 * With one it pends while the buffer of the stream is beyond its measure. */
void call_WSASend(struct context *context) {
    static const struct send_places places = {
        WSASend_s,       WSASend_lpBuffers,    WSASend_dwBufferCount,      WSASend_lpNumberOfBytesSent,
        WSASend_dwFlags, WSASend_lpOverlapped, WSASend_lpCompletionRoutine
    };
    uint8_t bytes[CALL_BYTES_MAX];
    struct sending sending = { 0 };
    if (take_buffers(context, &places, &sending, bytes)) send_to_peer(context, &sending);
}

/* As WSASend and sendto. */
void call_WSASendTo(struct context *context) {
    static const struct send_places places = {
        WSASendTo_s,       WSASendTo_lpBuffers,    WSASendTo_dwBufferCount,      WSASendTo_lpNumberOfBytesSent,
        WSASendTo_dwFlags, WSASendTo_lpOverlapped, WSASendTo_lpCompletionRoutine
    };
    uint8_t bytes[CALL_BYTES_MAX];
    struct sending sending = { 0 };
    if (!take_buffers(context, &places, &sending, bytes)) return;
    take_destination(context->call, world_socket(context->world, sending.socket), WSASendTo_lpTo, WSASendTo_iTolen,
                     &sending);
    send_from(context, &sending);
}

/* The members of a WSAMSG that other sends do not have; false: they are not in memory that is there. A name that is
 * NULL has no length, and so has control data (the page of WSASendMsg). */
static bool take_message(const struct call *call, struct sending *sending) {
    uint32_t length = (uint32_t)call->arguments[WSASendMsg_ControlLen];
    const uint8_t *bytes = call_read(call, WSASendMsg_Control, length);
    bool nameless = call->ranges[WSASendMsg_name].state == RANGE_NULL;
    sending->is_message = true;
    sending->is_cut = sending->is_cut || call_range_is_cut(&call->ranges[WSASendMsg_Control], length);
    if (bytes == NULL || (nameless && call->arguments[WSASendMsg_namelen] != 0)) return false;
    enum control_wish wish = control_data_read(bytes, length, &sending->source);
    sending->control_is_unknown = wish == CONTROL_NOT_MODELLED;
    sending->has_source = wish == CONTROL_WISHES_SOURCE;
    return true;
}

/* As WSASendTo, of datagrams, from the address that its control data says; as WSASend, where there is no name. */
void call_WSASendMsg(struct context *context) {
    static const struct send_places places = {
        WSASendMsg_s,       WSASendMsg_lpBuffers,    WSASendMsg_dwBufferCount,      WSASendMsg_lpNumberOfBytesSent,
        WSASendMsg_dwFlags, WSASendMsg_lpOverlapped, WSASendMsg_lpCompletionRoutine
    };
    uint8_t bytes[CALL_BYTES_MAX];
    struct sending sending = { 0 };
    if (!take_buffers(context, &places, &sending, bytes)) return;
    if (!take_message(context->call, &sending)) sending.memory_is_bad = true;
    take_destination(context->call, world_socket(context->world, sending.socket), WSASendMsg_name, WSASendMsg_namelen,
                     &sending);
    if (sending.to_is_given) send_from(context, &sending);
    else send_to_peer(context, &sending);
}
