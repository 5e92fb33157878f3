/* Slow start, congestion avoidance, fast retransmit and fast recovery: RFC 5681, and RFC 6582 for partial
 * acknowledgements. */
#include "stack/transport/wire/tcp_parts.h"

enum { DUPLICATES_BEFORE_RESENDING = 3 };

void tcp_congestion_begin(struct tcp_connection *connection) {
    uint32_t segment = connection->segment_bytes;
    connection->congestion_window = (segment > 2190 ? 2 : segment > 1095 ? 3 : 4) * segment; /* RFC 5681 3.1 */
    connection->slow_start_threshold = UINT32_MAX;
}

static uint32_t half_of_flight(const struct tcp_connection *connection) {
    uint32_t half = (connection->send_highest - connection->send_unacknowledged) / 2;
    uint32_t least = 2u * connection->segment_bytes;
    return half > least ? half : least;
}

/* A partial acknowledgement: another segment of the same flight is lost too (RFC 6582 3.2 step 3). */
static void acknowledged_in_part(struct tcp_connection *connection, uint32_t bytes) {
    uint32_t window = connection->congestion_window;
    connection->congestion_window = (window > bytes ? window - bytes : 0) + connection->segment_bytes;
    connection->resend_first = 1;
}

void tcp_congestion_acknowledged(struct tcp_connection *connection, uint32_t bytes) {
    uint32_t segment = connection->segment_bytes;
    connection->duplicates = 0;
    if (connection->recovering) {
        if (sequence_before(connection->send_unacknowledged, connection->recover)) {
            acknowledged_in_part(connection, bytes);
            return;
        }
        connection->recovering = 0;
        connection->congestion_window = connection->slow_start_threshold;
        return;
    }
    uint32_t grown = bytes < segment ? bytes : segment;
    if (connection->congestion_window >= connection->slow_start_threshold) {
        grown = (uint32_t)((uint64_t)segment * segment / connection->congestion_window);
        if (grown == 0) grown = 1;
    }
    if (connection->congestion_window <= UINT32_MAX - grown) connection->congestion_window += grown;
}

void tcp_congestion_duplicate(struct tcp_connection *connection) {
    if (connection->duplicates < UINT8_MAX) connection->duplicates++;
    if (connection->recovering) {
        connection->congestion_window += connection->segment_bytes; /* one more has left the network */
        return;
    }
    if (connection->duplicates != DUPLICATES_BEFORE_RESENDING) return;
    connection->slow_start_threshold = half_of_flight(connection);
    connection->congestion_window =
        connection->slow_start_threshold + DUPLICATES_BEFORE_RESENDING * connection->segment_bytes;
    connection->recover = connection->send_highest;
    connection->recovering = 1;
    connection->resend_first = 1;
    connection->measuring = 0;
}

void tcp_congestion_timed_out(struct tcp_connection *connection) {
    if (connection->retransmissions == 0) connection->slow_start_threshold = half_of_flight(connection);
    connection->congestion_window = connection->segment_bytes;
    connection->recovering = 0;
    connection->duplicates = 0;
}
