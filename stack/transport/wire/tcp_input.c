/* A segment arrives: RFC 9293 3.10.7, in its order, with the stricter checks of RFC 5961. */
#include <assert.h>
#include <string.h>

#include "stack/transport/wire/tcp_parts.h"

/* One segment on its way through the checks: what is left of it after trimming. */
struct arrival {
    struct tcp_connection *connection;
    const struct tcp_buffers *buffers;
    const struct tcp_parameters *parameters;
    const struct segment *segment;
    const uint8_t *payload;
    uint32_t sequence; /* of the first byte that is left */
    uint32_t payload_bytes;
    bool has_finish;
    uint64_t now_ns;
};

/* RFC 5961 7: so many challenges in so long a time, and no more, so that a stranger's segments do not become a flood of
 * ours. Counted for each connection: a count that all share tells strangers of connections that are not theirs. */
static void challenge(struct arrival *arrival) {
    struct tcp_connection *connection = arrival->connection;
    if (arrival->now_ns - connection->challenges_from_ns >= TCP_CHALLENGES_NS) connection->challenges = 0;
    if (connection->challenges == TCP_CHALLENGES_MAX) return;
    if (connection->challenges++ == 0) connection->challenges_from_ns = arrival->now_ns;
    connection->acknowledge_now = 1;
}

/* --- the peer's SYN ----------------------------------------------------------------------------------------------- */

void tcp_take_syn(struct tcp_connection *connection, const struct segment *segment) {
    assert((segment->flags & SEGMENT_SYN) != 0);
    uint16_t ordinary = connection->family == 4 ? TCP_SEGMENT_BYTES_ORDINARY : TCP_SEGMENT_BYTES_ORDINARY_V6;
    uint16_t offered = segment->maximum_segment_bytes == 0 ? ordinary : segment->maximum_segment_bytes;
    connection->segment_bytes = offered < connection->own_segment_bytes ? offered : connection->own_segment_bytes;
    connection->scaling = connection->scaling && segment->window_scale != WINDOW_SCALE_NONE;
    connection->send_shift = connection->scaling ? segment->window_scale : 0;
    if (!connection->scaling) connection->receive_shift = 0;
    connection->receive_initial = segment->sequence;
    connection->receive_next = connection->receive_edge = segment->sequence + 1;
    connection->send_window = connection->send_window_max = segment->window; /* a SYN's window is never shifted */
    connection->window_sequence = segment->sequence;
    connection->window_acknowledgement = segment->acknowledgement;
    connection->acknowledge_now = 1;
    tcp_congestion_begin(connection);
}

static void establish(struct arrival *arrival) {
    struct tcp_connection *connection = arrival->connection;
    tcp_enter(connection, TCP_ESTABLISHED);
    connection->retransmissions = 0;
    tcp_heard(connection, arrival->now_ns);
    if (connection->finish_asked) tcp_enter(connection, TCP_FIN_WAIT_1);
}

/* --- SYN-SENT ----------------------------------------------------------------------------------------------------- */

/* Windows tries a refused connect again; RFC 9293 gives it up. */
static void refused(struct arrival *arrival) {
    struct tcp_connection *connection = arrival->connection;
    if (connection->refusals >= arrival->parameters->refused_retries) {
        tcp_fail(connection, TCP_REFUSED);
        return;
    }
    connection->refusals++;
    connection->send_next = connection->send_highest = connection->send_unacknowledged = connection->send_initial;
    connection->retransmit_at = TCP_NEVER;
    connection->retry_at = arrival->now_ns + arrival->parameters->refused_retry_ns;
}

static void acknowledge_syn(struct arrival *arrival) {
    struct tcp_connection *connection = arrival->connection;
    connection->send_unacknowledged = connection->send_next = arrival->segment->acknowledgement;
    if (connection->measuring) tcp_measure(connection, arrival->parameters, arrival->now_ns);
    tcp_arm_retransmission(connection, arrival->now_ns);
    establish(arrival);
}

static void receive_in_syn_sent(struct arrival *arrival) {
    struct tcp_connection *connection = arrival->connection;
    const struct segment *segment = arrival->segment;
    bool acknowledges = (segment->flags & SEGMENT_ACK) != 0;
    if (acknowledges && (segment->acknowledgement != connection->send_initial + 1 ||
                         connection->send_highest == connection->send_initial)) {
        if ((segment->flags & SEGMENT_RST) == 0) tcp_reset_with(connection, segment->acknowledgement, false);
        return;
    }
    if ((segment->flags & SEGMENT_RST) != 0) {
        if (acknowledges) refused(arrival);
        return;
    }
    if ((segment->flags & SEGMENT_SYN) == 0) return;
    tcp_take_syn(connection, segment);
    if (acknowledges) {
        acknowledge_syn(arrival);
        return;
    }
    connection->retry_at = TCP_NEVER;
    connection->send_next = connection->send_initial; /* both opened: SYN goes out once more, with ACK */
    tcp_enter(connection, TCP_SYN_RECEIVED);
}

/* --- first: is it acceptable? (RFC 9293 3.10.7.4) ----------------------------------------------------------------- */

static uint32_t receive_room(const struct arrival *arrival) {
    return arrival->buffers->receive_bytes - arrival->connection->receive_buffered;
}

static void cut_front(struct arrival *arrival) {
    uint32_t old = arrival->connection->receive_next - arrival->sequence;
    if ((int32_t)old <= 0) return;
    uint32_t cut = old < arrival->payload_bytes ? old : arrival->payload_bytes;
    arrival->payload += cut;
    arrival->payload_bytes -= cut;
    arrival->sequence += cut;
}

static void cut_back(struct arrival *arrival) {
    uint32_t offset = arrival->sequence - arrival->connection->receive_next;
    uint32_t room = receive_room(arrival);
    uint32_t fits = offset < room ? room - offset : 0;
    if (arrival->payload_bytes <= fits) return;
    arrival->payload_bytes = fits;
    arrival->has_finish = false; /* it stands behind what was cut off */
    arrival->connection->acknowledge_now = 1;
}

static bool acceptable(const struct arrival *arrival) {
    const struct tcp_connection *connection = arrival->connection;
    uint32_t room = receive_room(arrival);
    uint32_t first = arrival->segment->sequence - connection->receive_next;
    uint32_t length = segment_sequence_length(arrival->segment);
    if (first == 0) return true; /* with a closed window too: what it acknowledges counts */
    if (first < room) return true;
    uint32_t last = first + length - 1;
    return length > 0 && last < room;
}

static void refuse_unacceptable(struct arrival *arrival) {
    struct tcp_connection *connection = arrival->connection;
    if ((arrival->segment->flags & SEGMENT_RST) != 0) return;
    connection->acknowledge_now = 1;
    if (connection->state == TCP_TIME_WAIT && (arrival->segment->flags & SEGMENT_FIN) != 0)
        connection->time_wait_at = arrival->now_ns + 2 * arrival->parameters->segment_lifetime_ns;
}

/* --- second and fourth: RST and SYN (RFC 5961 3 and 4) ------------------------------------------------------------ */

static void take_reset(struct arrival *arrival) {
    struct tcp_connection *connection = arrival->connection;
    if (arrival->segment->sequence != connection->receive_next) {
        challenge(arrival);
        return;
    }
    switch ((enum tcp_state)connection->state) {
    case TCP_SYN_RECEIVED: tcp_fail(connection, TCP_REFUSED); break;
    case TCP_CLOSING:
    case TCP_LAST_ACK:
    case TCP_TIME_WAIT: tcp_fail(connection, TCP_NO_ERROR); break;
    default: tcp_fail(connection, TCP_RESET); break;
    }
}

/* A listener that is not connected yet listens on: this connection is nothing any more. */
static void take_another_syn(struct arrival *arrival) {
    struct tcp_connection *connection = arrival->connection;
    if (connection->state == TCP_SYN_RECEIVED && connection->passive) tcp_fail(connection, TCP_REFUSED);
    else challenge(arrival);
}

/* --- fifth: ACK --------------------------------------------------------------------------------------------------- */

static void update_window(struct arrival *arrival) {
    struct tcp_connection *connection = arrival->connection;
    const struct segment *segment = arrival->segment;
    bool newer = sequence_before(connection->window_sequence, segment->sequence) ||
                 (connection->window_sequence == segment->sequence &&
                  !sequence_before(segment->acknowledgement, connection->window_acknowledgement));
    if (!newer) return;
    uint32_t before = connection->send_window;
    connection->send_window = (uint32_t)segment->window << connection->send_shift;
    if (connection->send_window > connection->send_window_max) connection->send_window_max = connection->send_window;
    connection->window_sequence = segment->sequence;
    connection->window_acknowledgement = segment->acknowledgement;
    if (connection->send_window == 0) return;
    connection->persist_at = TCP_NEVER;
    if (before == 0)
        connection->send_next = connection->send_unacknowledged; /* the probe's byte may have been dropped */
}

static void forget_acknowledged(struct tcp_connection *connection, const struct tcp_buffers *buffers,
                                uint32_t acknowledgement) {
    uint32_t bytes = acknowledgement - connection->send_first;
    if (bytes > connection->send_queued) bytes = connection->send_queued; /* the rest is FIN */
    connection->send_first += bytes;
    connection->send_head = (connection->send_head + bytes) % buffers->send_bytes;
    connection->send_queued -= bytes;
}

static void advance_acknowledged(struct arrival *arrival, uint32_t acknowledgement) {
    struct tcp_connection *connection = arrival->connection;
    uint32_t bytes = acknowledgement - connection->send_unacknowledged;
    if (connection->measuring && !sequence_before(acknowledgement, connection->measured_sequence))
        tcp_measure(connection, arrival->parameters, arrival->now_ns);
    connection->send_unacknowledged = acknowledgement;
    if (sequence_before(connection->send_next, acknowledgement)) connection->send_next = acknowledgement;
    forget_acknowledged(connection, arrival->buffers, acknowledgement);
    if (connection->urgent_sent) tcp_urgent_acknowledged(connection);
    connection->retransmissions = 0;
    tcp_congestion_acknowledged(connection, bytes);
    tcp_arm_retransmission(connection, arrival->now_ns);
}

/* RFC 5681 2: nothing new, no data, no FIN, the same window, and something in flight. What a closed window's probe is
 * answered with says nothing of lost segments. */
static bool is_duplicate(const struct arrival *arrival) {
    const struct tcp_connection *connection = arrival->connection;
    const struct segment *segment = arrival->segment;
    return segment->acknowledgement == connection->send_unacknowledged && segment_sequence_length(segment) == 0 &&
           connection->send_highest != connection->send_unacknowledged && connection->send_window != 0 &&
           (uint32_t)segment->window << connection->send_shift == connection->send_window;
}

static void our_finish_is_acknowledged(struct arrival *arrival) {
    struct tcp_connection *connection = arrival->connection;
    if (connection->state == TCP_FIN_WAIT_1) {
        tcp_enter(connection, TCP_FIN_WAIT_2);
    } else if (connection->state == TCP_CLOSING) {
        tcp_enter(connection, TCP_TIME_WAIT);
        connection->time_wait_at = arrival->now_ns + 2 * arrival->parameters->segment_lifetime_ns;
    } else if (connection->state == TCP_LAST_ACK) {
        tcp_enter(connection, TCP_CLOSED);
    }
}

/* False: the segment ends here. */
static bool take_acknowledgement(struct arrival *arrival) {
    struct tcp_connection *connection = arrival->connection;
    const struct segment *segment = arrival->segment;
    uint32_t acknowledgement = segment->acknowledgement;
    if (connection->state == TCP_SYN_RECEIVED) {
        if (acknowledgement != connection->send_initial + 1) {
            tcp_reset_with(connection, acknowledgement, false);
            return false;
        }
        establish(arrival);
        connection->window_sequence = segment->sequence - 1; /* whatever it tells is newer */
    }
    uint32_t oldest = connection->send_unacknowledged - connection->send_window_max;
    if (!sequence_within(oldest, acknowledgement, connection->send_highest)) { /* RFC 5961 5 */
        challenge(arrival);
        return false;
    }
    bool duplicate = is_duplicate(arrival);
    if (sequence_before(connection->send_unacknowledged, acknowledgement))
        advance_acknowledged(arrival, acknowledgement);
    else if (duplicate) tcp_congestion_duplicate(connection);
    update_window(arrival);
    if (connection->send_window == 0 && !sequence_before(acknowledgement, connection->send_unacknowledged))
        connection->retransmissions = 0;
    if (connection->finish_asked && connection->send_unacknowledged == tcp_data_end(connection) + 1)
        our_finish_is_acknowledged(arrival);
    return connection->state != TCP_CLOSED;
}

/* --- sixth to eighth: urgent data, payload and FIN ---------------------------------------------------------------- */

static bool may_receive(const struct tcp_connection *connection) {
    return connection->state == TCP_ESTABLISHED || connection->state == TCP_FIN_WAIT_1 ||
           connection->state == TCP_FIN_WAIT_2;
}

static void acknowledge_soon(struct arrival *arrival, bool in_order) {
    struct tcp_connection *connection = arrival->connection;
    connection->unacknowledged_segments++;
    if (!in_order || connection->unacknowledged_segments >= 2 || arrival->parameters->acknowledgement_delay_ns == 0)
        connection->acknowledge_now = 1; /* RFC 9293 3.8.6.3, RFC 5681 4.2 */
    else if (connection->acknowledge_at == TCP_NEVER)
        connection->acknowledge_at = arrival->now_ns + arrival->parameters->acknowledgement_delay_ns;
}

/* False: no one is left to read it, and the connection was reset. */
static bool take_payload(struct arrival *arrival) {
    struct tcp_connection *connection = arrival->connection;
    if (arrival->payload_bytes == 0 || !may_receive(connection)) return true;
    if (connection->reader_gone) {
        tcp_abort(connection);
        return false;
    }
    bool in_order = arrival->sequence == connection->receive_next && connection->ranges_count == 0;
    tcp_ring_take(connection, arrival->buffers, arrival->sequence, arrival->payload, arrival->payload_bytes);
    acknowledge_soon(arrival, in_order);
    return true;
}

static void take_finish(struct arrival *arrival) {
    struct tcp_connection *connection = arrival->connection;
    connection->receive_next++;
    connection->ranges_count = 0; /* a peer that went on past its FIN */
    memset(connection->ranges, 0, sizeof connection->ranges);
    connection->finish_received = 1;
    connection->finish_waits = 0;
    connection->acknowledge_now = 1;
    if (connection->state == TCP_ESTABLISHED) {
        tcp_enter(connection, TCP_CLOSE_WAIT);
    } else if (connection->state == TCP_FIN_WAIT_1) {
        tcp_enter(connection, TCP_CLOSING); /* our FIN is not acknowledged, or it would be FIN-WAIT-2 */
    } else if (connection->state == TCP_FIN_WAIT_2) {
        tcp_enter(connection, TCP_TIME_WAIT);
        connection->time_wait_at = arrival->now_ns + 2 * arrival->parameters->segment_lifetime_ns;
    }
}

static void take_end(struct arrival *arrival) {
    struct tcp_connection *connection = arrival->connection;
    if (!may_receive(connection)) return;
    if (arrival->has_finish) {
        connection->finish_waits = 1;
        connection->finish_sequence = arrival->segment->sequence + segment_sequence_length(arrival->segment) - 1;
        connection->acknowledge_now = 1;
    }
    if (connection->finish_waits && connection->finish_sequence == connection->receive_next) take_finish(arrival);
}

/* --- all of it ---------------------------------------------------------------------------------------------------- */

/* Both sides opened at once: the other's SYN comes again, now with ACK (RFC 9293 3.5, figure 8). The SYN is known. */
static void take_known_syn(struct arrival *arrival, struct segment *rest) {
    *rest = *arrival->segment;
    rest->flags &= (uint8_t)~SEGMENT_SYN;
    rest->sequence++;
    arrival->segment = rest;
    arrival->sequence = rest->sequence;
}

static bool is_known_syn(const struct arrival *arrival) {
    const struct tcp_connection *connection = arrival->connection;
    const uint8_t both = SEGMENT_SYN | SEGMENT_ACK;
    return connection->state == TCP_SYN_RECEIVED && !connection->passive && (arrival->segment->flags & both) == both &&
           arrival->segment->sequence == connection->receive_initial;
}

static void receive_synchronizing(struct arrival *arrival) {
    struct tcp_connection *connection = arrival->connection;
    struct segment rest;
    if (is_known_syn(arrival)) take_known_syn(arrival, &rest);
    uint8_t flags = arrival->segment->flags;
    if (!acceptable(arrival)) {
        refuse_unacceptable(arrival);
        return;
    }
    cut_front(arrival);
    cut_back(arrival);
    if ((flags & SEGMENT_RST) != 0) {
        take_reset(arrival);
        return;
    }
    if ((flags & SEGMENT_SYN) != 0) {
        take_another_syn(arrival);
        return;
    }
    if ((flags & SEGMENT_ACK) == 0) return;
    tcp_heard(connection, arrival->now_ns);
    if (!take_acknowledgement(arrival)) return;
    if ((flags & SEGMENT_URG) != 0 && may_receive(connection)) tcp_take_urgent_pointer(connection, arrival->segment);
    if (take_payload(arrival)) take_end(arrival);
}

void tcp_receive(struct tcp_connection *connection, const struct tcp_buffers *buffers,
                 const struct tcp_parameters *parameters, const struct segment *segment, const uint8_t *payload,
                 uint64_t now_ns) {
    assert(segment->protocol == PROTOCOL_TCP);
    struct arrival arrival = { .connection = connection,
                               .buffers = buffers,
                               .parameters = parameters,
                               .segment = segment,
                               .payload = payload,
                               .sequence = segment->sequence,
                               .payload_bytes = segment->payload_bytes,
                               .has_finish = (segment->flags & SEGMENT_FIN) != 0,
                               .now_ns = now_ns };
    if (connection->state == TCP_CLOSED) return;
    if (connection->state == TCP_SYN_SENT) receive_in_syn_sent(&arrival);
    else receive_synchronizing(&arrival);
}
