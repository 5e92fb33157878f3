/* What the parts of a TCP connection share; for tcp_*.c only. */
#ifndef RESERVOIR_STACK_TRANSPORT_WIRE_TCP_PARTS_H
#define RESERVOIR_STACK_TRANSPORT_WIRE_TCP_PARTS_H

#include "stack/transport/wire/tcp.h"

/* RFC 9293 3.7.1: where the peer announces none, over IPv4 and over IPv6. */
enum { TCP_SEGMENT_BYTES_ORDINARY = 536, TCP_SEGMENT_BYTES_ORDINARY_V6 = 1220 };

static const uint64_t TCP_NEVER = UINT64_MAX;

/* Sequence numbers go round: one lies before another when the way forward is shorter than half the circle. */
static inline bool sequence_before(uint32_t one, uint32_t other) { return (int32_t)(one - other) < 0; }
static inline bool sequence_within(uint32_t first, uint32_t sequence, uint32_t last) {
    return sequence - first <= last - first;
}

/* What is left of the window that was announced to the peer. FIN, or a peer that did not keep to it, may lie past its
 * edge. */
static inline uint32_t tcp_window_announced(const struct tcp_connection *connection) {
    if (sequence_before(connection->receive_edge, connection->receive_next)) return 0;
    return connection->receive_edge - connection->receive_next;
}

/* The one function that changes the state. Timers that the new state does not have stop. */
void tcp_enter(struct tcp_connection *connection, enum tcp_state state);

/* Closed for good, with the reason. */
void tcp_fail(struct tcp_connection *connection, enum tcp_error error);

/* A RST follows, with this sequence number. */
void tcp_reset_with(struct tcp_connection *connection, uint32_t sequence, bool acknowledges);

/* The peer's SYN: its sequence numbers, window and options. */
void tcp_take_syn(struct tcp_connection *connection, const struct segment *segment);

bool tcp_is_synchronized(
    const struct tcp_connection *connection); /* ESTABLISHED and all that follow, TIME-WAIT among them */
uint32_t tcp_data_end(const struct tcp_connection *connection); /* the sequence after the last queued byte */

/* --- congestion (tcp_congestion.c) --- */
void tcp_congestion_begin(struct tcp_connection *connection);
void tcp_congestion_acknowledged(struct tcp_connection *connection, uint32_t bytes);
void tcp_congestion_duplicate(struct tcp_connection *connection);
void tcp_congestion_timed_out(struct tcp_connection *connection);

/* --- timers (tcp_timers.c) --- */
void tcp_measure(struct tcp_connection *connection, const struct tcp_parameters *parameters, uint64_t now_ns);
void tcp_arm_retransmission(struct tcp_connection *connection, uint64_t now_ns);
void tcp_heard(struct tcp_connection *connection, uint64_t now_ns);

/* --- urgent data (tcp_urgent.c): each is called only where there is some (asserted), which is seldom --- */
/* The urgent pointer of a segment that was accepted, and has one. */
void tcp_take_urgent_pointer(struct tcp_connection *connection, const struct segment *segment);
/* receive_next has moved: the urgent byte may have come. */
void tcp_urgent_arrives(struct tcp_connection *connection, const struct tcp_buffers *buffers);
/* Marks a segment of data, of this length from its sequence number on, where urgent data lies ahead. */
void tcp_mark_urgent(const struct tcp_connection *connection, struct segment *segment);
/* So many bytes were taken from the stream. */
void tcp_urgent_passed(struct tcp_connection *connection, uint32_t count);
/* So much was acknowledged. */
void tcp_urgent_acknowledged(struct tcp_connection *connection);
const char *tcp_urgent_check(const struct tcp_connection *connection);

/* --- rings (tcp_rings.c) --- */
void tcp_ring_get(const uint8_t *ring, uint32_t ring_bytes, uint32_t at, uint8_t *bytes, uint32_t count);
/* Payload at `sequence` that lies within the window: stored; receive_next moves over what is whole now. */
void tcp_ring_take(struct tcp_connection *connection, const struct tcp_buffers *buffers, uint32_t sequence,
                   const uint8_t *payload, uint32_t count);

#endif
