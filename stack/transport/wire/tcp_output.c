/* What a connection sends next. All of its segments come from here, one at a time. */
#include <assert.h>
#include <string.h>

#include "stack/transport/wire/tcp_parts.h"

/* --- the window that is announced --------------------------------------------------------------------------------- */

/* Moves the right edge where that is worth it, and never back (RFC 9293 3.8.6.2.2). In a SYN it is not shifted. */
static uint16_t announce_window(struct tcp_connection *connection, const struct tcp_buffers *buffers, bool in_syn) {
    uint32_t room = buffers->receive_bytes - connection->receive_buffered;
    uint32_t announced = tcp_window_announced(connection);
    uint32_t least =
        buffers->receive_bytes / 2 < connection->segment_bytes ? buffers->receive_bytes / 2 : connection->segment_bytes;
    uint32_t window = in_syn || room - announced >= least ? room : announced;
    unsigned shift = in_syn ? 0 : connection->receive_shift;
    uint32_t field = window >> shift;
    if (field > UINT16_MAX) field = UINT16_MAX;
    if (field << shift > announced) connection->receive_edge = connection->receive_next + (field << shift);
    return (uint16_t)field;
}

static void begin_segment(struct tcp_connection *connection, const struct tcp_buffers *buffers,
                          struct segment *segment) {
    memset(segment, 0, sizeof *segment);
    segment->source.family = segment->destination.family = connection->family;
    segment->source.port = connection->local_port;
    segment->destination.port = connection->remote_port;
    memcpy(segment->source.address.bytes, connection->local_address, sizeof connection->local_address);
    memcpy(segment->destination.address.bytes, connection->remote_address, sizeof connection->remote_address);
    segment->protocol = PROTOCOL_TCP;
    segment->hop_limit = HOP_LIMIT_ORDINARY;
    segment->window_scale = WINDOW_SCALE_NONE;
    segment->sequence = connection->send_next;
    if (connection->state == TCP_SYN_SENT) return;
    segment->flags = SEGMENT_ACK;
    segment->acknowledgement = connection->receive_next;
    segment->window = announce_window(connection, buffers, connection->state == TCP_SYN_RECEIVED);
    connection->acknowledge_now = 0;
    connection->acknowledge_at = TCP_NEVER;
    connection->unacknowledged_segments = 0;
}

/* After a segment of `length` positions from send_next on. */
static void sent(struct tcp_connection *connection, uint32_t length, uint64_t now_ns) {
    bool is_new = connection->send_next == connection->send_highest;
    connection->send_next += length;
    if (is_new && !connection->measuring) {
        connection->measuring = 1;
        connection->measured_from_ns = now_ns;
        connection->measured_sequence = connection->send_next;
    }
    if (sequence_before(connection->send_highest, connection->send_next))
        connection->send_highest = connection->send_next;
    if (connection->retransmit_at == TCP_NEVER) tcp_arm_retransmission(connection, now_ns);
}

/* --- RST, SYN ----------------------------------------------------------------------------------------------------- */

static bool output_reset(struct tcp_connection *connection, const struct tcp_buffers *buffers,
                         struct segment *segment) {
    if (!connection->reset_now) return false;
    begin_segment(connection, buffers, segment);
    segment->sequence = connection->reset_sequence;
    segment->flags = SEGMENT_RST | (connection->reset_acknowledges ? SEGMENT_ACK : 0);
    segment->acknowledgement = connection->reset_acknowledges ? connection->receive_next : 0;
    segment->window = 0;
    connection->reset_now = 0;
    return true;
}

static bool output_syn(struct tcp_connection *connection, const struct tcp_buffers *buffers, uint64_t now_ns,
                       struct segment *segment) {
    if (connection->state != TCP_SYN_SENT && connection->state != TCP_SYN_RECEIVED) return false;
    if (connection->retry_at != TCP_NEVER) return false;
    bool again = connection->acknowledge_now && connection->state == TCP_SYN_RECEIVED; /* the peer asks for it */
    if (connection->send_next != connection->send_initial && !again) return false;
    connection->send_next = connection->send_initial;
    begin_segment(connection, buffers, segment);
    segment->flags |= SEGMENT_SYN;
    segment->maximum_segment_bytes = connection->own_segment_bytes;
    if (connection->scaling) segment->window_scale = connection->receive_shift;
    if (connection->state == TCP_SYN_SENT)
        segment->window = buffers->receive_bytes > UINT16_MAX ? UINT16_MAX : (uint16_t)buffers->receive_bytes;
    sent(connection, 1, now_ns);
    return true;
}

/* --- data and FIN ------------------------------------------------------------------------------------------------- */

static bool may_send(const struct tcp_connection *connection) {
    return connection->state == TCP_ESTABLISHED || connection->state == TCP_CLOSE_WAIT ||
           connection->state == TCP_FIN_WAIT_1 || connection->state == TCP_CLOSING || connection->state == TCP_LAST_ACK;
}

/* Queued bytes from send_next on. */
static uint32_t unsent(const struct tcp_connection *connection) {
    uint32_t offset = connection->send_next - connection->send_first;
    return offset < connection->send_queued ? connection->send_queued - offset : 0;
}

static bool finish_is_next(const struct tcp_connection *connection, uint32_t count) {
    return connection->finish_asked && connection->send_next + count == tcp_data_end(connection);
}

static void write_data(struct tcp_connection *connection, const struct tcp_buffers *buffers, uint32_t count,
                       bool finish, uint64_t now_ns, struct segment *segment, uint8_t *payload) {
    uint32_t offset = connection->send_next - connection->send_first;
    begin_segment(connection, buffers, segment);
    segment->payload_bytes = count;
    tcp_ring_get(buffers->send, buffers->send_bytes, connection->send_head + offset, payload, count);
    if (finish) segment->flags |= SEGMENT_FIN;
    if (connection->urgent_sent) tcp_mark_urgent(connection, segment);
    if (count > 0 && offset + count == connection->send_queued) segment->flags |= SEGMENT_PSH;
    sent(connection, count + (finish ? 1 : 0), now_ns);
}

/* Is a segment that is not full worth it? (RFC 9293 3.7.4 Nagle, 3.8.6.2.1 silly windows) */
static bool worth_sending(const struct tcp_connection *connection, uint32_t count, uint32_t waiting, bool finish) {
    if (count == connection->segment_bytes || finish) return true;
    if (sequence_before(connection->send_next, connection->send_highest)) return true; /* once more */
    bool in_flight = connection->send_next != connection->send_unacknowledged;
    if (count == waiting) return connection->no_delay || !in_flight;
    return !in_flight || count >= connection->send_window_max / 2;
}

static bool output_data(struct tcp_connection *connection, const struct tcp_buffers *buffers, uint64_t now_ns,
                        struct segment *segment, uint8_t *payload) {
    if (!may_send(connection)) return false;
    uint32_t window = connection->send_window < connection->congestion_window ? connection->send_window
                                                                              : connection->congestion_window;
    uint32_t flight = connection->send_next - connection->send_unacknowledged;
    uint32_t usable = window > flight ? window - flight : 0;
    uint32_t waiting = unsent(connection);
    uint32_t count = waiting < usable ? waiting : usable;
    if (count > connection->segment_bytes) count = connection->segment_bytes;
    bool finish = count < usable && finish_is_next(connection, count);
    if ((count == 0 && !finish) || !worth_sending(connection, count, waiting, finish)) return false;
    write_data(connection, buffers, count, finish, now_ns, segment, payload);
    return true;
}

/* Fast retransmit: the oldest segment once more; send_next stays where it was. */
static bool output_first_again(struct tcp_connection *connection, const struct tcp_buffers *buffers, uint64_t now_ns,
                               struct segment *segment, uint8_t *payload) {
    if (!connection->resend_first) return false;
    connection->resend_first = 0;
    assert(may_send(connection) && connection->send_highest != connection->send_unacknowledged);
    uint32_t next = connection->send_next;
    connection->send_next = connection->send_unacknowledged;
    uint32_t count = unsent(connection) < connection->segment_bytes ? unsent(connection) : connection->segment_bytes;
    uint32_t in_flight = connection->send_highest - connection->send_unacknowledged;
    if (count > in_flight) count = in_flight;
    bool finish = finish_is_next(connection, count) && count < in_flight;
    write_data(connection, buffers, count, finish, now_ns, segment, payload);
    if (sequence_before(connection->send_next, next)) connection->send_next = next;
    return true;
}

/* --- probes and plain acknowledgements ---------------------------------------------------------------------------- */

/* Into a closed window: one byte, or FIN. Else it is a keep-alive: a byte that was acknowledged long ago. */
static bool output_probe(struct tcp_connection *connection, const struct tcp_buffers *buffers, uint64_t now_ns,
                         struct segment *segment, uint8_t *payload) {
    if (!connection->probe_now) return false;
    connection->probe_now = 0;
    assert(tcp_is_synchronized(connection));
    connection->send_next = connection->send_unacknowledged;
    bool finish = finish_is_next(connection, 0);
    if (may_send(connection) && (unsent(connection) > 0 || finish)) {
        write_data(connection, buffers, finish ? 0 : 1, finish, now_ns, segment, payload);
        return true;
    }
    begin_segment(connection, buffers, segment);
    segment->sequence = connection->send_unacknowledged - 1;
    return true;
}

static bool output_acknowledgement(struct tcp_connection *connection, const struct tcp_buffers *buffers,
                                   struct segment *segment) {
    if (!connection->acknowledge_now) return false;
    assert(tcp_is_synchronized(connection)); /* before that a SYN is what acknowledges */
    begin_segment(connection, buffers, segment);
    segment->sequence = connection->send_highest; /* where the peer's window stands, also while we go back */
    return true;
}

/* Something waits, nothing is in flight, and the window is closed: a probe will ask (RFC 9293 3.8.6.1). */
static void arm_persist(struct tcp_connection *connection, uint64_t now_ns) {
    bool waits = may_send(connection) && (unsent(connection) > 0 || finish_is_next(connection, 0));
    if (!waits || connection->send_highest != connection->send_unacknowledged || connection->persist_at != TCP_NEVER)
        return;
    connection->persist_at = now_ns + connection->retransmission_ns;
}

bool tcp_output(struct tcp_connection *connection, const struct tcp_buffers *buffers,
                const struct tcp_parameters *parameters, uint64_t now_ns, struct segment *segment, uint8_t *payload) {
    assert(parameters != NULL);
    if (output_reset(connection, buffers, segment)) return true;
    if (output_syn(connection, buffers, now_ns, segment)) return true;
    if (output_first_again(connection, buffers, now_ns, segment, payload)) return true;
    if (output_data(connection, buffers, now_ns, segment, payload)) return true;
    if (output_probe(connection, buffers, now_ns, segment, payload)) return true;
    if (output_acknowledgement(connection, buffers, segment)) return true;
    arm_persist(connection, now_ns);
    return false;
}
