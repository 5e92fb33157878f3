/* shutdown: one direction ends, or both. */
#include "stack/errors.h"
#include "stack/sdk/socket_values.h"
#include "stack/system/context.h"
#include "stack/transport/connections.h"
#include "stack/transport/sockets.h"

static void end_directions(struct context *context, struct socket_row *row, uint32_t how) {
    if (how != SD_SEND) row->shut_receive = 1;
    if (how == SD_RECEIVE) return;
    row->shut_send = 1;
    if (row->protocol != PROTOCOL_TCP) return;
    tcp_finish(&world_connection(context->world, row->connection)->tcp);
    connection_flush(context->world, context->chooser, row->connection);
}

/* WSANOTINITIALISED, WSAENOTSOCK; in any order WSAENETDOWN, WSAEINVAL (another `how`), WSAENOTCONN of a stream that is
 * not connected. May be repeated; a datagram socket always succeeds (W159). */
void call_shutdown(struct context *context) {
    unsigned socket = begin_socket_call(context, shutdown_s);
    if (socket == NO_ROW) return;
    struct socket_row *row = world_socket(context->world, socket);
    uint32_t how = (uint32_t)context->call->arguments[shutdown_how];
    struct violations violations = { 0 };
    violate_if(&violations, context->world->network_down, WSAENETDOWN);
    violate_if(&violations, how > SD_BOTH, WSAEINVAL);
    violate_if(&violations, row->protocol == PROTOCOL_TCP && row->state != SOCKET_CONNECTED, WSAENOTCONN);
    violate_if(&violations, connection_is_hidden(context->world, socket), WSAENOTCONN);
    uint32_t error = violation_chosen(context, &violations);
    if (error != 0) {
        fail_socket(context, error);
        return;
    }
    end_directions(context, row, how);
    succeed(context, 0);
}
