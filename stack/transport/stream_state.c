#include "stack/transport/stream_state.h"

#include <assert.h>

#include "stack/call/call.h"
#include "stack/errors.h"
#include "stack/transport/wire/tcp.h"

const struct connection_row *connection_of_stream(const struct world *world, unsigned socket) {
    const struct socket_row *row = world_socket_at(world, socket);
    bool has = row->protocol == PROTOCOL_TCP && row->connection != NO_ROW;
    return has ? world_connection_at(world, row->connection) : NULL;
}

unsigned connection_waiting(const struct world *world, unsigned listener) {
    unsigned found = NO_ROW;
    for (unsigned i = 0; i < world_top(world, TABLE_CONNECTIONS); i++) {
        const struct connection_row *row = world_connection_at(world, i);
        if (!row->used || row->listener != listener || row->serial == 0) continue;
        if (found == NO_ROW || row->serial < world_connection_at(world, found)->serial) found = i;
    }
    return found;
}

/* Bytes that may be queued before a sender has to wait; the rest of the ring is for the send that goes beyond. */
static uint32_t send_measure(const struct world *world) {
    assert(world->limits.stream_bytes > CALL_BYTES_MAX);
    return world->limits.stream_bytes - CALL_BYTES_MAX;
}

bool connection_has_room(const struct world *world, const struct tcp_connection *tcp) {
    return tcp->send_queued <= send_measure(world);
}

static uint32_t winsock_error_of(unsigned error) {
    switch ((enum tcp_error)error) {
    case TCP_REFUSED: return WSAECONNREFUSED;
    case TCP_RESET: return WSAECONNRESET;
    case TCP_TIMED_OUT: return WSAETIMEDOUT;
    case TCP_ABORTED: return WSAECONNABORTED;
    case TCP_SILENT: return WSAENETRESET; /* the page of recv: broken by keep-alives that found a failure */
    case TCP_NO_ERROR: break;
    }
    return 0;
}

/* A peer that had said its last word and resets what came after that: WSAECONNABORTED (W162). One that was accepted
 * before it was connected, and is not there any more, has refused nothing: it is reset (inferred). */
uint32_t connection_error(const struct tcp_connection *tcp) {
    bool after_end = tcp->error == TCP_RESET && tcp->finish_received;
    if (tcp->error == TCP_REFUSED && tcp->passive) return WSAECONNRESET;
    return after_end ? (uint32_t)WSAECONNABORTED : winsock_error_of(tcp->error);
}

uint32_t connection_late_error(const struct connection_row *row) {
    return winsock_error_of(row->tcp.error != TCP_NO_ERROR ? row->tcp.error : row->earlier_error);
}
