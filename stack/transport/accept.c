/* accept and WSAAccept: the connection that has waited longest gets a socket of its own. */
#include <assert.h>

#include "stack/errors.h"
#include "stack/sdk/network_event_values.h"
#include "stack/system/context.h"
#include "stack/transport/wire/address.h"
#include "stack/transport/kept_options.h"
#include "stack/transport/network_events.h"
#include "stack/transport/sockets.h"
#include "stack/transport/transfers.h"

/* An address is wanted, but does not fit (W139). Without a length, or without a buffer, none is wanted. */
static bool address_is_bad(const struct context *context, const struct socket_row *row) {
    const struct range *address = &context->call->ranges[accept_addr];
    const struct range *length = &context->call->ranges[accept_addrlen];
    if (address->state == RANGE_NULL || length->state == RANGE_NULL) return false;
    unsigned size = sockaddr_size(row->family);
    const uint8_t *given = call_read(context->call, accept_addrlen, 4);
    return given == NULL || load_u32(given) < size || !call_range_holds(context->call, accept_addr, size);
}

static void begin_accept(struct context *context, unsigned socket, enum condition condition) {
    const struct socket_row *row = world_socket(context->world, socket);
    struct violations violations = { 0 };
    violate_if(&violations, context->world->network_down, WSAENETDOWN);
    violate_if(&violations, row->protocol != PROTOCOL_TCP, WSAEOPNOTSUPP);
    violate_if(&violations, row->protocol == PROTOCOL_TCP && row->state != SOCKET_LISTENING, WSAEINVAL);
    violate_if(&violations, address_is_bad(context, row), WSAEFAULT);
    uint32_t error = violation_chosen(context, &violations);
    if (error == 0 && context->world->no_handles) error = WSAEMFILE;
    if (error != 0) {
        fail_socket(context, error);
        return;
    }
    bool wanted = context->call->ranges[accept_addr].state == RANGE_GOOD &&
                  context->call->ranges[accept_addrlen].state == RANGE_GOOD;
    const uint64_t *arguments = context->call->arguments;
    const struct transfer_call call = { .request = { .thread = (uint16_t)context->thread,
                                                     .socket = (uint16_t)socket,
                                                     .event = NO_ROW,
                                                     .operation = OPERATION_ACCEPT,
                                                     .code = condition,
                                                     .address_address = wanted ? arguments[accept_addr] : 0 },
                                        .transfer = { .address_length_address =
                                                          wanted ? arguments[accept_addrlen] : 0 } };
    transfer_begin(context, &call);
}

/* Of a listener with SO_CONDITIONAL_ACCEPT one who names no condition: Q136. */
static enum condition condition_of_none(struct context *context, unsigned listener) {
    const struct socket_row *row = world_socket(context->world, listener);
    if (!socket_flag(row, OPTION_SO_CONDITIONAL_ACCEPT) || row->state != SOCKET_LISTENING) return CONDITION_NONE;
    return reading(context, Q136_ACCEPT_WITHOUT_CONDITION) == Q136_ACCEPTED ? CONDITION_ACCEPT : CONDITION_NONE;
}

/* accept and WSAAccept, whose first three parameters are the same. */
static void accept_with(struct context *context, enum condition condition) {
    unsigned socket = begin_socket_call(context, accept_s);
    if (socket == NO_ROW) return;
    if (world_socket(context->world, socket)->other == OTHER_UNIX) { /* it has connections */
        not_modelled(context, not_modelled_function(context->call->function));
        return;
    }
    if (condition == CONDITION_NONE) condition = condition_of_none(context, socket);
    begin_accept(context, socket, condition);
    bool deferred = context->result->status == RESULT_RETURNED && context->result->error == WSATRY_AGAIN;
    if (!deferred) network_event_reenabled(context->world, context->chooser, socket, FD_ACCEPT);
}

/* WSANOTINITIALISED, WSAENOTSOCK; in any order WSAENETDOWN, WSAEOPNOTSUPP (no stream), WSAEINVAL (not listening),
 * WSAEFAULT; WSAEMFILE; WSAEWOULDBLOCK on a non-blocking socket; WSAEINTR when the listener is closed meanwhile. */
void call_accept(struct context *context) { accept_with(context, CONDITION_NONE); }

/* As accept. Its condition answers once a connection has come: CF_REJECT resets that (WSAECONNREFUSED), CF_DEFER leaves
 * it where it is (WSATRY_AGAIN, W142), and enables no FD_ACCEPT (the page of WSAAsyncSelect). */
void call_WSAAccept(struct context *context) {
    _Static_assert((int)WSAAccept_s == (int)accept_s && (int)WSAAccept_addr == (int)accept_addr &&
                       (int)WSAAccept_addrlen == (int)accept_addrlen,
                   "the same places");
    uint32_t condition = (uint32_t)context->call->arguments[WSAAccept_lpfnCondition];
    if (condition > CONDITION_LOOK) not_modelled(context, not_modelled_function(FUNCTION_WSAAccept));
    else accept_with(context, (enum condition)condition);
}
