/* Urgent data (RFC 9293 3.8.5), as Winsock's pages describe it: one byte, which the pointer names by the sequence
 * number after it. It is taken out of the stream when it arrives, and leaves a mark there, or stays in it where
 * SO_OOBINLINE is set. When another one arrives before it is read, it is lost, and never put back into the stream. */
#include <assert.h>

#include "stack/transport/wire/tcp_parts.h"

/* --- sending ------------------------------------------------------------------------------------------------------ */

uint32_t tcp_write_urgent(struct tcp_connection *connection, const struct tcp_buffers *buffers, const uint8_t *bytes,
                          uint32_t count) {
    uint32_t written = tcp_write(connection, buffers, bytes, count);
    if (written == 0) return 0;
    connection->urgent_sent = 1;
    connection->send_urgent = tcp_data_end(connection);
    return written;
}

void tcp_mark_urgent(const struct tcp_connection *connection, struct segment *segment) {
    uint32_t ahead = connection->send_urgent - segment->sequence;
    assert(connection->urgent_sent);
    if ((int32_t)ahead <= 0) return;
    segment->flags |= SEGMENT_URG;
    segment->urgent = ahead > UINT16_MAX ? UINT16_MAX : (uint16_t)ahead; /* a later segment says where it ends */
}

void tcp_urgent_acknowledged(struct tcp_connection *connection) {
    assert(connection->urgent_sent);
    if (sequence_before(connection->send_unacknowledged, connection->send_urgent)) return;
    connection->urgent_sent = 0;
    connection->send_urgent = 0;
}

/* --- receiving ---------------------------------------------------------------------------------------------------- */

/* One whose byte has come already says nothing new; nor does one that is older than what is known. */
void tcp_take_urgent_pointer(struct tcp_connection *connection, const struct segment *segment) {
    uint32_t end = segment->sequence + segment->urgent;
    assert((segment->flags & SEGMENT_URG) != 0);
    if (segment->urgent == 0 || !sequence_before(connection->receive_next, end)) return;
    if (connection->urgent_waits && !sequence_before(connection->receive_urgent, end)) return;
    connection->urgent_waits = 1;
    connection->receive_urgent = end;
}

/* Takes the byte at `place` of what is buffered out of the ring. All that stands there after it moves up, also what
 * came ahead of a hole. */
static uint8_t take_out(struct tcp_connection *connection, const struct tcp_buffers *buffers, uint32_t place) {
    uint32_t size = buffers->receive_bytes;
    uint8_t byte = buffers->receive[(connection->receive_head + place) % size];
    for (uint32_t i = place; i + 1 < size; i++)
        buffers->receive[(connection->receive_head + i) % size] =
            buffers->receive[(connection->receive_head + i + 1) % size];
    connection->receive_buffered--;
    return byte;
}

void tcp_urgent_arrives(struct tcp_connection *connection, const struct tcp_buffers *buffers) {
    assert(connection->urgent_waits);
    if (sequence_before(connection->receive_next, connection->receive_urgent)) return;
    uint32_t after = connection->receive_next - connection->receive_urgent;
    assert(after < connection->receive_buffered);
    uint32_t place = connection->receive_buffered - after - 1;
    connection->urgent_waits = 0;
    connection->receive_urgent = 0;
    connection->has_mark = 1;
    connection->urgent_mark = place;
    connection->mark_in_line = connection->urgent_in_line;
    if (connection->urgent_in_line) return;
    connection->urgent_byte = take_out(connection, buffers, place);
    connection->urgent_here = 1;
}

uint8_t tcp_read_urgent(struct tcp_connection *connection, bool keep) {
    assert(connection->urgent_here);
    uint8_t byte = connection->urgent_byte;
    if (keep) return byte;
    connection->urgent_here = 0;
    connection->urgent_byte = 0;
    return byte;
}

/* --- the mark ----------------------------------------------------------------------------------------------------- */

uint32_t tcp_readable_at_mark(const struct tcp_connection *connection) {
    assert(connection->has_mark);
    if (connection->urgent_mark > 0) return connection->urgent_mark;
    return connection->mark_in_line ? 1 : connection->receive_buffered;
}

void tcp_urgent_passed(struct tcp_connection *connection, uint32_t count) {
    assert(connection->has_mark);
    if (connection->urgent_mark > 0) {
        assert(count <= connection->urgent_mark);
        connection->urgent_mark -= count;
        return;
    }
    connection->has_mark = 0;
    connection->mark_in_line = 0;
}

const char *tcp_urgent_check(const struct tcp_connection *connection) {
    if (!connection->has_mark && (connection->mark_in_line || connection->urgent_mark != 0))
        return "T7: a place of a mark without a mark";
    if (connection->has_mark && connection->urgent_mark + connection->mark_in_line > connection->receive_buffered)
        return "T7: a mark lies past what is buffered";
    if (!connection->urgent_here && connection->urgent_byte != 0) return "T7: an urgent byte that is not there";
    return NULL;
}
