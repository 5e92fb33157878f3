/* The two stream buffers: rings of bytes. */
#include <assert.h>
#include <string.h>

#include "stack/transport/wire/tcp_parts.h"

static void tcp_ring_put(uint8_t *ring, uint32_t ring_bytes, uint32_t at, const uint8_t *bytes, uint32_t count) {
    assert(count <= ring_bytes);
    if (count == 0) return;
    at %= ring_bytes;
    uint32_t whole = count < ring_bytes - at ? count : ring_bytes - at;
    memcpy(ring + at, bytes, whole);
    memcpy(ring, bytes + whole, count - whole);
}

void tcp_ring_get(const uint8_t *ring, uint32_t ring_bytes, uint32_t at, uint8_t *bytes, uint32_t count) {
    assert(count <= ring_bytes);
    if (count == 0) return;
    at %= ring_bytes;
    uint32_t whole = count < ring_bytes - at ? count : ring_bytes - at;
    memcpy(bytes, ring + at, whole);
    memcpy(bytes + whole, ring, count - whole);
}

uint32_t tcp_room(const struct tcp_connection *connection, const struct tcp_buffers *buffers) {
    return buffers->send_bytes - connection->send_queued;
}

static bool may_write(const struct tcp_connection *connection) {
    if (connection->finish_asked) return false;
    return connection->state == TCP_ESTABLISHED || connection->state == TCP_CLOSE_WAIT ||
           connection->state == TCP_SYN_SENT || connection->state == TCP_SYN_RECEIVED;
}

uint32_t tcp_write(struct tcp_connection *connection, const struct tcp_buffers *buffers, const uint8_t *bytes,
                   uint32_t count) {
    if (!may_write(connection)) return 0;
    uint32_t room = tcp_room(connection, buffers);
    if (count > room) count = room;
    tcp_ring_put(buffers->send, buffers->send_bytes, connection->send_head + connection->send_queued, bytes, count);
    connection->send_queued += count;
    return count;
}

/* The window may have opened: the peer learns of it once that is worth a segment (RFC 9293 3.8.6.2.2). */
static void open_window(struct tcp_connection *connection, const struct tcp_buffers *buffers) {
    if (connection->finish_received || !tcp_is_synchronized(connection)) return;
    uint32_t edge = connection->receive_next + buffers->receive_bytes - connection->receive_buffered;
    uint32_t worth =
        buffers->receive_bytes / 2 < connection->segment_bytes ? buffers->receive_bytes / 2 : connection->segment_bytes;
    bool nearly_closed = tcp_window_announced(connection) < buffers->receive_bytes / 2;
    if (nearly_closed && edge - connection->receive_edge >= worth) connection->acknowledge_now = 1;
}

uint32_t tcp_read(struct tcp_connection *connection, const struct tcp_buffers *buffers, uint8_t *bytes, uint32_t count,
                  bool keep) {
    uint32_t readable = tcp_readable(connection);
    if (count > readable) count = readable;
    tcp_ring_get(buffers->receive, buffers->receive_bytes, connection->receive_head, bytes, count);
    if (keep || count == 0) return count;
    connection->receive_head = (connection->receive_head + count) % buffers->receive_bytes;
    connection->receive_buffered -= count;
    if (connection->has_mark) tcp_urgent_passed(connection, count);
    open_window(connection, buffers);
    return count;
}

/* --- what arrives out of order ------------------------------------------------------------------------------------ */

static void range_remove(struct tcp_connection *connection, unsigned index) {
    for (unsigned i = index; i + 1 < connection->ranges_count; i++) connection->ranges[i] = connection->ranges[i + 1];
    connection->ranges_count--;
    connection->ranges[connection->ranges_count] = (struct tcp_range){ 0, 0 };
}

/* Joins [first, end) with the ranges that it touches. False when there is no row left for a new one. */
static bool range_add(struct tcp_connection *connection, uint32_t first, uint32_t end) {
    unsigned at = 0;
    while (at < connection->ranges_count && sequence_before(connection->ranges[at].end, first)) at++;
    while (at < connection->ranges_count && !sequence_before(end, connection->ranges[at].first)) {
        if (sequence_before(connection->ranges[at].first, first)) first = connection->ranges[at].first;
        if (sequence_before(end, connection->ranges[at].end)) end = connection->ranges[at].end;
        range_remove(connection, at);
    }
    if (connection->ranges_count == TCP_RANGES_MAX) return false;
    for (unsigned i = connection->ranges_count; i > at; i--) connection->ranges[i] = connection->ranges[i - 1];
    connection->ranges[at] = (struct tcp_range){ first, end };
    connection->ranges_count++;
    return true;
}

/* receive_next has reached the first range, or has not. */
static void close_hole(struct tcp_connection *connection) {
    if (connection->ranges_count == 0 || sequence_before(connection->receive_next, connection->ranges[0].first)) return;
    uint32_t gained = connection->ranges[0].end - connection->receive_next;
    if ((int32_t)gained > 0) {
        connection->receive_next += gained;
        connection->receive_buffered += gained;
    }
    range_remove(connection, 0);
    close_hole(connection);
}

void tcp_ring_take(struct tcp_connection *connection, const struct tcp_buffers *buffers, uint32_t sequence,
                   const uint8_t *payload, uint32_t count) {
    uint32_t offset = sequence - connection->receive_next;
    assert(offset + count <= buffers->receive_bytes - connection->receive_buffered);
    if (offset != 0 && !range_add(connection, sequence, sequence + count)) return; /* it will be sent again */
    tcp_ring_put(buffers->receive, buffers->receive_bytes,
                 connection->receive_head + connection->receive_buffered + offset, payload, count);
    if (offset != 0) return;
    connection->receive_next += count;
    connection->receive_buffered += count;
    close_hole(connection);
    if (connection->urgent_waits) tcp_urgent_arrives(connection, buffers);
}
