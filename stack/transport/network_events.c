#include "stack/transport/network_events.h"

#include <assert.h>

#include "stack/errors.h"
#include "stack/io/events.h"
#include "stack/sdk/network_event_values.h"
#include "stack/sdk/socket_values.h"
#include "stack/transport/stream_state.h"
#include "stack/transport/wire/packets.h"
#include "stack/transport/wire/tcp.h"

/* --- the record --------------------------------------------------------------------------------------------------- */

/* The selection of a socket, or NO_ROW. */
static unsigned selection_of(const struct world *world, unsigned socket) {
    for (unsigned i = 0; i < world_top(world, TABLE_SELECTIONS); i++) {
        const struct selection *row = world_selection_at(world, i);
        if (row->used && row->socket == socket) return i;
    }
    return NO_ROW;
}

static struct selection *row_of(struct world *world, unsigned socket) {
    unsigned index = selection_of(world, socket);
    return index == NO_ROW ? NULL : world_selection(world, index);
}

/* The one place where an event enters the record. */
static void record(struct world *world, struct selection *row, unsigned event_bit) {
    row->recorded = (uint16_t)(row->recorded | event_bit);
    row->disabled = (uint16_t)(row->disabled | event_bit);
    if ((row->mask & event_bit) != 0) event_set(world, row->event);
}

/* The two that come with an error, or with 0. */
static void record_connect(struct world *world, struct selection *row, unsigned error) {
    row->connect_error = (uint16_t)error;
    record(world, row, FD_CONNECT);
}
static void record_close(struct world *world, struct selection *row, unsigned error) {
    row->close_error = (uint16_t)error;
    record(world, row, FD_CLOSE);
}

/* --- what holds --------------------------------------------------------------------------------------------------- */

static bool can_read(const struct world *world, unsigned socket) {
    const struct connection_row *connection = connection_of_stream(world, socket);
    if (world_socket_at(world, socket)->protocol == PROTOCOL_UDP) return datagram_next(world, socket) != NO_ROW;
    return connection != NULL && connection->tcp.receive_buffered > 0;
}

static bool has_urgent(const struct world *world, unsigned socket) {
    const struct connection_row *connection = connection_of_stream(world, socket);
    return connection != NULL && tcp_has_urgent(&connection->tcp);
}

static bool can_accept(const struct world *world, unsigned socket) {
    return world_socket_at(world, socket)->state == SOCKET_LISTENING && connection_waiting(world, socket) != NO_ROW;
}

/* With what FD_CLOSE comes: the page of WSAEventSelect has WSAECONNRESET for a reset and WSAECONNABORTED for what else
 * ends a connection; W186 has the second for both. */
static unsigned close_error(struct world *world, struct chooser *chooser, const struct connection_row *connection) {
    if (connection->tcp.error == TCP_NO_ERROR) return 0;
    if (connection->tcp.error != TCP_RESET) return WSAECONNABORTED;
    return world_reading(world, chooser, Q121_CLOSE_AFTER_RESET) == Q121_CONNRESET ? WSAECONNRESET : WSAECONNABORTED;
}

/* Does FD_CLOSE wait until the data before it is read? */
static bool close_waits(struct world *world, struct chooser *chooser, const struct connection_row *connection) {
    if (connection->tcp.error != TCP_NO_ERROR || connection->tcp.receive_buffered == 0) return false;
    return world_reading(world, chooser, Q120_CLOSE_BEFORE_READ) == Q120_AFTER_THE_DATA;
}

static void record_stream(struct world *world, struct chooser *chooser, struct selection *row,
                          const struct connection_row *connection) {
    const struct socket_row *socket = world_socket_at(world, row->socket);
    if (socket->state != SOCKET_CONNECTED) {
        if (connection->tcp.error != TCP_NO_ERROR) record_connect(world, row, connection_late_error(connection));
        return;
    }
    row->send_blocked = !connection_has_room(world, &connection->tcp);
    if (!row->send_blocked) record(world, row, FD_WRITE);
    bool closed = connection->tcp.finish_received || connection->tcp.error != TCP_NO_ERROR;
    if (!closed || close_waits(world, chooser, connection)) return;
    record_close(world, row, close_error(world, chooser, connection));
}

/* The record as the state of the socket gives it. `anew`: by the page's rule, which has FD_CONNECT for whatever is
 * connected; else as it would have come to be, where an accepted socket has never connected. */
static void record_what_holds(struct world *world, struct chooser *chooser, struct selection *row, bool anew) {
    const struct socket_row *socket = world_socket_at(world, row->socket);
    const struct connection_row *connection = connection_of_stream(world, row->socket);
    if (can_read(world, row->socket)) record(world, row, FD_READ);
    if (has_urgent(world, row->socket)) record(world, row, FD_OOB);
    if (can_accept(world, row->socket)) record(world, row, FD_ACCEPT);
    if (socket->protocol == PROTOCOL_UDP) record(world, row, FD_WRITE); /* W175: it can always send */
    if (socket->state == SOCKET_CONNECTED && (anew || !socket->accepted)) record_connect(world, row, 0);
    if (connection != NULL) record_stream(world, chooser, row, connection);
}

/* --- selecting ---------------------------------------------------------------------------------------------------- */

static struct selection *take_row(struct world *world, unsigned socket) {
    unsigned index = world_take(world, TABLE_SELECTIONS);
    if (index == NO_ROW) return NULL;
    struct selection *row = world_selection(world, index);
    *row = (struct selection){ .used = 1, .socket = (uint16_t)socket, .event = NO_ROW };
    return row;
}

static void aim(struct world *world, struct selection *row, unsigned event, unsigned mask) {
    unsigned before = row->event;
    row->event = (uint16_t)(mask == 0 ? (unsigned)NO_ROW : event);
    row->mask = (uint16_t)mask;
    if (before != NO_ROW && before != row->event) event_release(world, before);
}

bool network_events_select(struct world *world, struct chooser *chooser, unsigned socket, unsigned event,
                           unsigned mask) {
    assert(mask == 0 || event != NO_ROW);
    struct selection *row = row_of(world, socket);
    bool first = row == NULL;
    if (first) row = take_row(world, socket);
    if (row == NULL) return false;
    aim(world, row, event, mask);
    bool anew = world_reading(world, chooser, Q119_SELECTED_AGAIN) == Q119_RECORDED_ANEW;
    if (anew) row->recorded = row->disabled = 0;
    if (first || anew) record_what_holds(world, chooser, row, anew);
    if ((row->recorded & mask) != 0) event_set(world, row->event);
    return true;
}

bool network_events_are_selected(const struct world *world, unsigned socket) {
    unsigned index = selection_of(world, socket);
    return index != NO_ROW && world_selection_at(world, index)->mask != 0;
}

unsigned network_events_take(struct world *world, unsigned socket) {
    struct selection *row = row_of(world, socket);
    if (row == NULL) return 0;
    unsigned taken = row->recorded & row->mask;
    row->recorded = (uint16_t)(row->recorded & ~taken);
    return taken;
}

unsigned network_event_error(const struct world *world, unsigned socket, unsigned event_bit) {
    unsigned index = selection_of(world, socket);
    assert(index != NO_ROW);
    const struct selection *row = world_selection_at(world, index);
    return event_bit == FD_CONNECT ? row->connect_error : event_bit == FD_CLOSE ? row->close_error : 0;
}

bool network_events_inherit(struct world *world, unsigned listener, unsigned socket) {
    if (!network_events_are_selected(world, listener)) return true;
    struct selection *row = take_row(world, socket);
    const struct selection *theirs = row_of(world, listener);
    assert(theirs != NULL);
    if (row != NULL) aim(world, row, theirs->event, theirs->mask);
    return row != NULL;
}

void network_events_begin(struct world *world, struct chooser *chooser, unsigned socket) {
    struct selection *row = row_of(world, socket);
    if (row != NULL) record_what_holds(world, chooser, row, false);
}

void network_events_drop(struct world *world, unsigned socket) {
    unsigned index = selection_of(world, socket);
    if (index == NO_ROW) return;
    aim(world, world_selection(world, index), NO_ROW, 0);
    world_free(world, TABLE_SELECTIONS, index);
}

/* --- what happens ------------------------------------------------------------------------------------------------- */

/* A receive that waits takes what arrives: FD_READ is for the next (W185); FD_OOB likewise. */
static bool receive_waits(const struct world *world, unsigned socket, bool urgent) {
    for (unsigned i = 0; i < world_top(world, TABLE_REQUESTS); i++) {
        const struct request *row = world_request_at(world, i);
        bool receives = row->state == REQUEST_PENDING && row->socket == socket && row->operation == OPERATION_RECEIVE;
        if (receives && ((row->code & MSG_OOB) != 0) == urgent) return true;
    }
    return false;
}

/* An AcceptEx that waits takes the next connection: FD_ACCEPT is for those that no one takes so (W185). */
static bool accept_ex_waits(const struct world *world, unsigned listener) {
    unsigned takers = 0, waiting = 0;
    for (unsigned i = 0; i < world_top(world, TABLE_REQUESTS); i++) {
        const struct request *row = world_request_at(world, i);
        bool accepts = row->state == REQUEST_PENDING && row->operation == OPERATION_ACCEPT_EX && !row->decided;
        takers += accepts && row->socket == listener && world_socket_at(world, row->code)->connection == NO_ROW;
    }
    for (unsigned i = 0; takers > 0 && i < world_top(world, TABLE_CONNECTIONS); i++) {
        const struct connection_row *row = world_connection_at(world, i);
        waiting += row->used && row->listener == listener && row->serial != 0;
    }
    return takers > 0 && waiting <= takers;
}

static bool is_taken(const struct world *world, unsigned socket, unsigned event_bit) {
    if (event_bit == FD_READ || event_bit == FD_OOB) return receive_waits(world, socket, event_bit == FD_OOB);
    return event_bit == FD_ACCEPT && accept_ex_waits(world, socket);
}

void network_event_happened(struct world *world, struct chooser *chooser, unsigned socket, unsigned event_bit) {
    struct selection *row = row_of(world, socket);
    if (row == NULL || is_taken(world, socket, event_bit)) return;
    bool again = (row->disabled & event_bit) != 0;
    if (again && world_reading(world, chooser, Q122_MORE_OF_THE_SAME) == Q122_NOT_BEFORE) return;
    record(world, row, event_bit);
}

void network_event_connected(struct world *world, unsigned socket, unsigned error) {
    struct selection *row = row_of(world, socket);
    if (row != NULL) record_connect(world, row, error);
}

void network_event_reenabled(struct world *world, struct chooser *chooser, unsigned socket, unsigned event_bit) {
    struct selection *row = row_of(world, socket);
    if (row == NULL) return;
    row->disabled = (uint16_t)(row->disabled & ~event_bit);
    bool gone =
        (row->recorded & event_bit) != 0 && world_reading(world, chooser, Q123_TAKEN_BEFORE_LOOKED_AT) == Q123_GONE;
    if (gone) row->recorded = (uint16_t)(row->recorded & ~event_bit);
    bool holds = event_bit == FD_READ  ? can_read(world, socket)
                 : event_bit == FD_OOB ? has_urgent(world, socket)
                                       : can_accept(world, socket);
    if (holds) record(world, row, event_bit);
    const struct connection_row *connection = connection_of_stream(world, socket);
    bool last = event_bit == FD_READ && !holds && connection != NULL && connection->tcp.finish_received &&
                (row->disabled & FD_CLOSE) == 0;
    if (last) record_close(world, row, 0);
}

void network_events_send_blocked(struct world *world, unsigned socket) {
    struct selection *row = row_of(world, socket);
    if (row != NULL) row->send_blocked = 1;
}

struct stream_state stream_state_of(const struct world *world, unsigned connection) {
    const struct connection_row *row = world_connection_at(world, connection);
    bool connected = row->socket != NO_ROW && world_socket_at(world, row->socket)->state == SOCKET_CONNECTED;
    return (struct stream_state){ .buffered = row->tcp.receive_buffered,
                                  .connected = connected,
                                  .finished = row->tcp.finish_received,
                                  .failed = row->tcp.error != TCP_NO_ERROR,
                                  .urgent = tcp_has_urgent(&row->tcp) };
}

/* The peer has said its last word, or the connection has died. */
static void record_end(struct world *world, struct chooser *chooser, struct selection *row,
                       const struct connection_row *connection) {
    if ((row->disabled & FD_CLOSE) != 0 || close_waits(world, chooser, connection)) return;
    record_close(world, row, close_error(world, chooser, connection));
}

void network_events_of_stream(struct world *world, struct chooser *chooser, unsigned connection,
                              const struct stream_state *before) {
    const struct connection_row *stream = world_connection(world, connection);
    unsigned socket = stream->socket;
    struct selection *row = socket == NO_ROW ? NULL : row_of(world, socket);
    if (row == NULL) return;
    struct stream_state now = stream_state_of(world, connection);
    if (now.connected && !before->connected) {
        record_connect(world, row, 0);
        record(world, row, FD_WRITE);
    }
    if (now.buffered > before->buffered) network_event_happened(world, chooser, socket, FD_READ);
    if (now.urgent && !before->urgent) network_event_happened(world, chooser, socket, FD_OOB);
    if (now.failed && !before->failed && !now.connected) record_connect(world, row, connection_late_error(stream));
    bool ended = (now.finished && !before->finished) || (now.failed && !before->failed);
    if (ended && now.connected) record_end(world, chooser, row, stream);
    if (row->send_blocked && now.connected && !now.failed && connection_has_room(world, &stream->tcp)) {
        row->send_blocked = 0;
        record(world, row, FD_WRITE);
    }
}

/* --- invariants --------------------------------------------------------------------------------------------------- */

const char *network_events_check(const struct world *world) {
    for (unsigned i = 0; i < world_top(world, TABLE_SELECTIONS); i++) {
        const struct selection *row = world_selection_at(world, i);
        if (!row->used) continue;
        const struct socket_row *socket = world_socket_at(world, row->socket);
        if (socket->state == SOCKET_FREE || selection_of(world, row->socket) != i)
            return "E1: a selection of no socket, or a second one";
        if ((row->mask != 0) != (row->event != NO_ROW)) return "E2: a selection without an event, or the reverse";
        if (row->mask != 0 && !world_event_at(world, row->event)->used) return "E2: a selected event is not there";
        if (row->mask != 0 && !socket->nonblocking) return "E2: a socket with a selection blocks";
    }
    return NULL;
}
