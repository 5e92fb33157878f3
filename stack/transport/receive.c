/* recv and recvfrom. */
#include <assert.h>

#include "stack/errors.h"
#include "stack/sdk/network_event_values.h"
#include "stack/sdk/socket_values.h"
#include "stack/system/context.h"
#include "stack/transport/wire/address.h"
#include "stack/transport/network_events.h"
#include "stack/transport/sockets.h"
#include "stack/transport/transfers.h"

/* Where the parameters of a receive stand in its call. Without an address both of those are the buffer. */
struct receiving {
    unsigned socket;
    unsigned buffer, length, flags;
    unsigned address, address_length;
    bool has_address;
};

/* An address is wanted, and there is room for it. A stream gives none (W158). */
static bool address_is_wanted(const struct context *context, const struct socket_row *row,
                              const struct receiving *receiving) {
    if (!receiving->has_address || row->protocol == PROTOCOL_TCP) return false;
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

static uint32_t receive_unfit(struct context *context, const struct socket_row *row,
                              const struct receiving *receiving) {
    int32_t length = (int32_t)context->call->arguments[receiving->length];
    uint64_t flags = context->call->arguments[receiving->flags];
    struct violations violations = { 0 };
    violate_if(&violations, context->world->network_down, WSAENETDOWN);
    violate_if(&violations, length < 0 || !call_range_holds(context->call, receiving->buffer, (uint32_t)length),
               WSAEFAULT);
    violate_if(&violations, address_is_bad(context, row, receiving), WSAEFAULT);
    violate_if(&violations, row->protocol == PROTOCOLS_COUNT, WSAEOPNOTSUPP);
    violate_if(&violations, row->protocol == PROTOCOL_TCP && row->state != SOCKET_CONNECTED, WSAENOTCONN);
    violate_if(&violations, row->protocol == PROTOCOL_UDP && row->state == SOCKET_OPEN, WSAEINVAL); /* W154, F26 */
    violate_if(&violations, (flags & MSG_OOB) != 0, row->protocol == PROTOCOL_UDP ? WSAEOPNOTSUPP : WSAEINVAL);
    violate_if(&violations, row->shut_receive, WSAESHUTDOWN); /* W160 */
    return violation_chosen(context, &violations);
}

static void begin_receive(struct context *context, const struct receiving *receiving) {
    const struct socket_row *row = world_socket(context->world, receiving->socket);
    uint32_t error = receive_unfit(context, row, receiving);
    if (error != 0) {
        fail_socket(context, error);
        return;
    }
    const uint64_t *arguments = context->call->arguments;
    bool wanted = address_is_wanted(context, row, receiving);
    const struct request request = { .thread = (uint16_t)context->thread,
                                     .socket = (uint16_t)receiving->socket,
                                     .event = NO_ROW,
                                     .operation = OPERATION_RECEIVE,
                                     .code = (uint32_t)arguments[receiving->flags],
                                     .output_address = arguments[receiving->buffer],
                                     .output_length = (uint32_t)arguments[receiving->length],
                                     .address_address = wanted ? arguments[receiving->address] : 0,
                                     .address_length_address = wanted ? arguments[receiving->address_length] : 0 };
    transfer_begin(context, &request);
}

static void receive(struct context *context, const struct receiving *receiving) {
    begin_receive(context, receiving);
    network_event_reenabled(context->world, context->chooser, receiving->socket, FD_READ);
}

/* WSANOTINITIALISED, WSAENOTSOCK; in any order WSAENETDOWN, WSAEFAULT, WSAEOPNOTSUPP, WSAENOTCONN, WSAEINVAL,
 * WSAESHUTDOWN; WSAEWOULDBLOCK on a non-blocking socket; WSAECONNRESET, WSAETIMEDOUT, WSAECONNABORTED as the connection
 * ended; WSAEMSGSIZE for a datagram that does not fit: what fits is stored. WSAEINTR when the socket is closed
 * meanwhile. */
void call_recv(struct context *context) {
    const struct receiving receiving = { .socket = begin_socket_call(context, recv_s),
                                         .buffer = recv_buf,
                                         .length = recv_len,
                                         .flags = recv_flags,
                                         .address = recv_buf,
                                         .address_length = recv_buf };
    if (receiving.socket != NO_ROW) receive(context, &receiving);
}

/* As recv; and WSAEFAULT for an address that does not fit, which leaves the datagram where it is. */
void call_recvfrom(struct context *context) {
    const struct receiving receiving = { .socket = begin_socket_call(context, recvfrom_s),
                                         .buffer = recvfrom_buf,
                                         .length = recvfrom_len,
                                         .flags = recvfrom_flags,
                                         .address = recvfrom_from,
                                         .address_length = recvfrom_fromlen,
                                         .has_address = true };
    if (receiving.socket != NO_ROW) receive(context, &receiving);
}
