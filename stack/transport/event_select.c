/* WSAEventSelect and WSAEnumNetworkEvents. */
#include "stack/call/catalogue.h"
#include "stack/errors.h"
#include "stack/io/events.h"
#include "stack/sdk/network_event_values.h"
#include "stack/system/context.h"
#include "stack/transport/network_events.h"
#include "stack/transport/sockets.h"

/* What network events are of sockets that are neither TCP nor UDP is not modelled; nor what a bit means that is none of
 * FD_ALL_EVENTS. */
static bool is_modelled(const struct socket_row *row, unsigned mask) {
    return row->protocol < PROTOCOLS_COUNT && (mask & ~(unsigned)FD_ALL_EVENTS) == 0;
}

/* WSANOTINITIALISED, WSAENOTSOCK; in any order WSAENETDOWN, WSAEINVAL (events, and no event object: W187); WSAENOBUFS.
 * Without events the object is not looked at. The socket is non-blocking from here on, also after a selection of
 * nothing (N1.10.1). */
void call_WSAEventSelect(struct context *context) {
    unsigned socket = begin_socket_call(context, WSAEventSelect_s);
    if (socket == NO_ROW) return;
    unsigned mask = (uint32_t)context->call->arguments[WSAEventSelect_lNetworkEvents];
    unsigned event = context_event(context, WSAEventSelect_hEventObject);
    struct socket_row *row = world_socket(context->world, socket);
    if (!is_modelled(row, mask)) {
        not_modelled(context, not_modelled_function(FUNCTION_WSAEventSelect));
        return;
    }
    struct violations violations = { 0 };
    violate_if(&violations, context->world->network_down, WSAENETDOWN);
    violate_if(&violations, mask != 0 && event == NO_ROW, WSAEINVAL);
    uint32_t error = violation_chosen(context, &violations);
    if (error == 0 && !network_events_select(context->world, context->chooser, socket, event, mask)) error = WSAENOBUFS;
    if (error != 0) {
        fail_socket(context, error);
        return;
    }
    row->nonblocking = 1;
    succeed(context, 0);
}

/* The events, and the error of each that is among them; the other places stay as they are (W180). */
static void store_events(struct context *context, unsigned socket, unsigned taken) {
    enum { CODES_OFFSET = 4, CODE_BYTES = 4 };
    uint64_t address = context->call->arguments[WSAEnumNetworkEvents_lpNetworkEvents];
    uint8_t stored[4];
    store_u32(stored, taken);
    result_write(context->result, address, stored, sizeof stored);
    for (unsigned bit = 0; bit < FD_MAX_EVENTS; bit++) {
        if ((taken & 1u << bit) == 0) continue;
        store_u32(stored, network_event_error(context->world, socket, 1u << bit));
        result_write(context->result, address + CODES_OFFSET + CODE_BYTES * bit, stored, sizeof stored);
    }
}

/* WSANOTINITIALISED, WSAENOTSOCK; in any order WSAENETDOWN, WSAEINVAL (hEventObject is given and no event), WSAEFAULT.
 * The record is taken and the object reset in one (N1.10.4). */
void call_WSAEnumNetworkEvents(struct context *context) {
    unsigned socket = begin_socket_call(context, WSAEnumNetworkEvents_s);
    if (socket == NO_ROW) return;
    bool given = context->call->arguments[WSAEnumNetworkEvents_hEventObject] != 0;
    unsigned event = given ? context_event(context, WSAEnumNetworkEvents_hEventObject) : (unsigned)NO_ROW;
    if (!is_modelled(world_socket(context->world, socket), 0)) {
        not_modelled(context, not_modelled_function(FUNCTION_WSAEnumNetworkEvents));
        return;
    }
    struct violations violations = { 0 };
    bool room = call_range_holds(context->call, WSAEnumNetworkEvents_lpNetworkEvents, NETWORK_EVENTS_SIZE);
    violate_if(&violations, context->world->network_down, WSAENETDOWN);
    violate_if(&violations, given && event == NO_ROW, WSAEINVAL);
    violate_if(&violations, !room, WSAEFAULT);
    uint32_t error = violation_chosen(context, &violations);
    if (error != 0) {
        fail_socket(context, error);
        return;
    }
    unsigned taken = network_events_take(context->world, socket);
    if (event != NO_ROW) event_reset(context->world, event);
    store_events(context, socket, taken);
    succeed(context, 0);
}
