/* closesocket, at once or after it has lingered. */
#include "stack/errors.h"
#include "stack/system/context.h"
#include "stack/transport/connections.h"
#include "stack/transport/kept_options.h"
#include "stack/transport/sockets.h"
#include "stack/transport/transfers.h"

/* It waits until everything is acknowledged, or the seconds are over. What was received and not read resets the
 * connection at once. */
static bool close_waits(const struct world *world, unsigned socket) {
    const struct socket_row *row = world_socket_at(world, socket);
    if (row->references > 1 || row->connection == NO_ROW || row->protocol != PROTOCOL_TCP) return false;
    const struct tcp_connection *tcp = &world_connection_at(world, row->connection)->tcp;
    if (tcp->error != TCP_NO_ERROR || tcp->receive_buffered > 0) return false;
    return socket_lingers(world, socket) && socket_linger_seconds(world, socket) > 0 && !tcp_all_acknowledged(tcp);
}

/* WSANOTINITIALISED and WSAENOTSOCK (W99) in any order; WSAENETDOWN; WSAEWOULDBLOCK on a non-blocking socket that would
 * linger, which stays as it is (its page). */
void call_closesocket(struct context *context) {
    unsigned socket = begin_socket_call(context, closesocket_s);
    if (socket == NO_ROW) return;
    const struct socket_row *row = world_socket(context->world, socket);
    uint64_t handle = context->call->arguments[closesocket_s];
    if (!close_waits(context->world, socket)) {
        socket_close(context, context->process, handle);
        succeed(context, 0);
    } else if (row->nonblocking) {
        fail_socket(context, WSAEWOULDBLOCK);
    } else if (may_block(context)) {
        close_later(context, socket, handle, socket_linger_seconds(context->world, socket));
    }
}
