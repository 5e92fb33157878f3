#include "stack/transport/readiness.h"

#include "stack/sdk/poll_values.h"
#include "stack/sdk/socket_values.h"
#include "stack/transport/stream_state.h"
#include "stack/transport/wire/packets.h"
#include "stack/transport/wire/tcp.h"

enum { BUILD_10 = 10240 };

static unsigned stream_readiness(const struct world *world, unsigned socket) {
    const struct socket_row *row = world_socket_at(world, socket);
    const struct connection_row *connection = connection_of_stream(world, socket);
    if (connection == NULL) return 0;
    const struct tcp_connection *tcp = &connection->tcp;
    if (row->state != SOCKET_CONNECTED) return tcp->error != TCP_NO_ERROR ? READY_EXCEPT : 0; /* W151, W152 */
    if (tcp->error != TCP_NO_ERROR) return READY_READ | READY_WRITE;                          /* W165 */
    bool reads = tcp->receive_buffered > 0 || tcp->finish_received;
    return (reads ? READY_READ : 0u) | (connection_has_room(world, tcp) ? READY_WRITE : 0u) |
           (tcp_has_urgent(tcp) ? READY_EXCEPT : 0u);
}

unsigned socket_readiness(const struct world *world, unsigned socket) {
    const struct socket_row *row = world_socket_at(world, socket);
    if (row->protocol == PROTOCOL_UDP)
        return READY_WRITE | (datagram_next(world, socket) != NO_ROW ? READY_READ : 0u); /* W175 */
    if (row->state == SOCKET_LISTENING) return connection_waiting(world, socket) != NO_ROW ? READY_READ : 0;
    return stream_readiness(world, socket);
}

/* A connect that failed is not noticed before Windows 10 (W152). */
static uint32_t events_of_failed_connect(const struct world *world) {
    bool noticed = world->build == 0 || world->build >= BUILD_10;
    return noticed ? POLLWRNORM | POLLHUP | POLLERR : 0;
}

static uint32_t events_of_connection(const struct world *world, const struct tcp_connection *tcp) {
    if (tcp->error != TCP_NO_ERROR) return POLLERR | POLLHUP | POLLWRNORM; /* W165 */
    return (tcp->receive_buffered > 0 ? POLLRDNORM : 0u) | (connection_has_room(world, tcp) ? POLLWRNORM : 0u) |
           (tcp_has_urgent(tcp) ? POLLRDBAND : 0u) | (tcp->finish_received ? POLLHUP : 0u); /* W178 */
}

uint32_t socket_events(const struct world *world, unsigned socket) {
    const struct socket_row *row = world_socket_at(world, socket);
    const struct connection_row *connection = connection_of_stream(world, socket);
    if (row->state != SOCKET_LISTENING && connection != NULL) {
        if (row->state == SOCKET_CONNECTED) return events_of_connection(world, &connection->tcp);
        return connection->tcp.error != TCP_NO_ERROR ? events_of_failed_connect(world) : 0;
    }
    unsigned ready = socket_readiness(world, socket);
    return ((ready & READY_READ) != 0 ? POLLRDNORM : 0u) | ((ready & READY_WRITE) != 0 ? POLLWRNORM : 0u);
}
