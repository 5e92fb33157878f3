/* Winsock's extensions, as far as they are no connect: DisconnectEx. */
#include "stack/transport/extensions.h"

#include <assert.h>

#include "stack/errors.h"
#include "stack/call/catalogue.h"
#include "stack/sdk/socket_values.h"
#include "stack/sdk/wait_values.h"
#include "stack/transport/connections.h"
#include "stack/transport/overlapped.h"
#include "stack/transport/sockets.h"
#include "stack/transport/transfers.h"

unsigned begin_extension_call(struct context *context, unsigned argument, unsigned overlapped) {
    unsigned socket = context_socket(context, argument);
    struct violations violations = { 0 };
    violate_if(&violations, !winsock_started(context), WSANOTINITIALISED);
    violate_if(&violations, socket == NO_ROW, WSAENOTSOCK);
    uint32_t error = violation_chosen(context, &violations);
    if (error != 0) {
        extension_fail(context, overlapped, error);
        return NO_ROW;
    }
    if (world_socket(context->world, socket)->protocol != PROTOCOLS_COUNT) return socket;
    not_modelled(context, not_modelled_function(context->call->function));
    return NO_ROW;
}

void extension_fail(struct context *context, unsigned overlapped, uint32_t error) {
    bool there = call_range_holds(context->call, overlapped, OVERLAPPED_SIZE);
    if (there) overlapped_store_pending(context, context->call->arguments[overlapped]);
    fail(context, FALSE, error);
}

/* --- DisconnectEx ------------------------------------------------------------------------------------------------- */

static uint32_t disconnect_unfit(struct context *context, const struct socket_row *row, bool overlapped) {
    struct violations violations = { 0 };
    violate_if(&violations, context->world->network_down, WSAENETDOWN);
    violate_if(&violations, overlapped && call_read(context->call, DisconnectEx_lpOverlapped, OVERLAPPED_SIZE) == NULL,
               WSAEFAULT);
    violate_if(&violations, row->protocol != PROTOCOL_TCP || row->state != SOCKET_CONNECTED, WSAENOTCONN); /* W163 */
    return violation_chosen(context, &violations);
}

/* WSANOTINITIALISED, WSAENOTSOCK; in any order WSAENETDOWN, WSAEFAULT, WSAENOTCONN. The connection's end is sent.
 * Without an OVERLAPPED that is all, and may be repeated; with one ERROR_IO_PENDING, and a completion once the peer has
 * acknowledged all (W163). With TF_REUSE_SOCKET the completion comes when nothing is left of the connection, and the
 * socket can be given to AcceptEx or ConnectEx again; what other flags do, or that one without an OVERLAPPED, is not
 * modelled. */
void call_DisconnectEx(struct context *context) {
    unsigned socket = begin_extension_call(context, DisconnectEx_s, DisconnectEx_lpOverlapped);
    if (socket == NO_ROW) return;
    struct socket_row *row = world_socket(context->world, socket);
    bool overlapped = overlapped_counts(context, socket, DisconnectEx_lpOverlapped);
    uint32_t error = disconnect_unfit(context, row, overlapped);
    if (error != 0) {
        extension_fail(context, DisconnectEx_lpOverlapped, error);
        return;
    }
    uint32_t flags = (uint32_t)context->call->arguments[DisconnectEx_dwFlags];
    if (flags != 0 && (flags != TF_REUSE_SOCKET || !overlapped)) {
        not_modelled(context, not_modelled_function(context->call->function));
        return;
    }
    row->shut_send = 1;
    tcp_finish(&world_connection(context->world, row->connection)->tcp);
    connection_flush(context->world, context->chooser, row->connection);
    if (!overlapped) {
        succeed(context, TRUE);
        return;
    }
    struct transfer_call call = { .request = { .thread = (uint16_t)context->thread,
                                               .socket = (uint16_t)socket,
                                               .event = NO_ROW,
                                               .operation = OPERATION_DISCONNECT,
                                               .code = flags },
                                  .overlapped = DisconnectEx_lpOverlapped,
                                  .of_extension = true };
    overlapped_fill(context, DisconnectEx_lpOverlapped, NO_PARAMETER, &call.request);
    transfer_begin(context, &call);
}
