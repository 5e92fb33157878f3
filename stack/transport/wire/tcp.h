/* One TCP connection: RFC 9293, with RFC 6298 (retransmission timer), RFC 5681 and 6582 (congestion control), RFC 5961
 * (what a blind attacker may not do), RFC 7323 2 (window scale).
 *
 * A connection is a row of plain data; its two stream buffers belong to whoever owns the row and are handed in with
 * each call. Nothing here sends or waits. Whoever drives a connection does three things:
 *
 *   a segment has arrived    tcp_receive()
 *   the program wants        tcp_connect(), tcp_accept(), tcp_write(), tcp_read(), tcp_finish(), tcp_abort()
 *   the clock has moved      tcp_advance()
 *
 * and after each of them calls tcp_output() until it returns false: that is where segments come from, all of them.
 * tcp_deadline() says when the clock matters next.
 *
 * STATES (enum tcp_state) AND TRANSITIONS
 *   closed       --tcp_connect--> syn-sent       --tcp_accept (a SYN came to a listener)--> syn-received
 *   syn-sent     --receive_in_syn_sent: SYN,ACK--> established    SYN alone--> syn-received    RST--> closed (refused)
 *   syn-received --take_acknowledgement--> established            RST--> closed
 *   established  --tcp_finish--> fin-wait-1                       take_finish--> close-wait
 *   fin-wait-1   --our FIN acknowledged--> fin-wait-2             take_finish--> closing, or time-wait when both
 *   fin-wait-2   --take_finish--> time-wait
 *   close-wait   --tcp_finish--> last-ack        closing --our FIN acknowledged--> time-wait
 *   last-ack     --our FIN acknowledged--> closed                 time-wait --tcp_advance, 2 MSL--> closed
 *   any          --RST, too many retransmissions, tcp_abort--> closed
 * One function, tcp_enter() in tcp_state.c, makes every transition.
 *
 * INVARIANTS (tcp_check)
 *   T1  send_unacknowledged <= send_next <= send_highest, in sequence space, and within 2^31 of each other.
 *   T2  The bytes queued in the send buffer fit it; those in flight are among them.
 *   T3  The bytes buffered for the program fit the receive buffer; so do the ranges that wait behind a hole.
 *   T4  Ranges behind a hole are in order, apart from each other, and none begins at receive_next.
 *   T5  A retransmission timer runs exactly while something is unacknowledged, the persist timer only while not.
 *   T6  A closed connection has no timer.
 *   T7  A mark lies within what is buffered; one in the stream has its byte there. No byte is kept that is not
 *   there. */
#ifndef RESERVOIR_STACK_TRANSPORT_WIRE_TCP_H
#define RESERVOIR_STACK_TRANSPORT_WIRE_TCP_H

#include <stdbool.h>
#include <stdint.h>

#include "stack/transport/wire/segment.h"
#include "stack/wire_rows.h"

enum tcp_state {
    TCP_CLOSED,
    TCP_SYN_SENT,
    TCP_SYN_RECEIVED,
    TCP_ESTABLISHED,
    TCP_FIN_WAIT_1,
    TCP_FIN_WAIT_2,
    TCP_CLOSE_WAIT,
    TCP_CLOSING,
    TCP_LAST_ACK,
    TCP_TIME_WAIT,
    TCP_STATES_COUNT
};

/* Why a connection was closed before its end. */
enum tcp_error {
    TCP_NO_ERROR,
    TCP_REFUSED,   /* the SYN was answered by RST */
    TCP_RESET,     /* the peer sent RST */
    TCP_TIMED_OUT, /* no acknowledgement after the last retransmission */
    TCP_ABORTED,   /* this side gave up: tcp_abort(), or data came for a program that had closed */
    TCP_SILENT,    /* no answer to keep-alives */
};

/* What a machine does where RFCs leave it free. Times in nanoseconds. */
struct tcp_parameters {
    uint64_t segment_lifetime_ns; /* MSL: TIME_WAIT lasts twice that */
    uint64_t retransmission_initial_ns;
    uint64_t retransmission_min_ns;
    uint64_t retransmission_max_ns;
    uint64_t acknowledgement_delay_ns; /* 0: acknowledge at once */
    uint64_t refused_retry_ns;         /* a SYN that was answered by RST is sent again after this */
    uint64_t keepalive_idle_ns;
    uint64_t keepalive_interval_ns;
    uint8_t syn_retransmissions;
    uint8_t data_retransmissions;
    uint8_t refused_retries;
    uint8_t keepalive_probes;
};

/* RFC 5961 7, with its numbers: challenges that a connection answers strangers with, in five seconds. */
#define TCP_CHALLENGES_NS UINT64_C(5000000000)
enum { TCP_CHALLENGES_MAX = 10 };

/* What RFCs recommend, without retries of what was refused. */
const struct tcp_parameters *tcp_parameters_documented(void);
/* What has been seen of Windows 10 and later: a refused connect on loopback takes two seconds (W152). */
const struct tcp_parameters *tcp_parameters_windows(void);

/* The two rings of a connection. The sizes stay as they are while it lives. */
struct tcp_buffers {
    uint8_t *send;
    uint8_t *receive;
    uint32_t send_bytes;
    uint32_t receive_bytes;
};

/* Makes `*connection` a closed connection between two endpoints of one family. */
void tcp_init(struct tcp_connection *connection, const struct endpoint *local, const struct endpoint *remote,
              const struct tcp_parameters *parameters);

/* Active open: from closed to SYN-SENT. `initial` is the initial sequence number, `segment_bytes` what a link can
 * carry. */
void tcp_connect(struct tcp_connection *connection, const struct tcp_buffers *buffers, uint32_t initial,
                 uint16_t segment_bytes);

/* Passive open: `segment` is a SYN without ACK and RST (asserted) that came to a listener. From closed to
 * SYN-RECEIVED. */
void tcp_accept(struct tcp_connection *connection, const struct tcp_buffers *buffers, const struct segment *segment,
                uint32_t initial, uint16_t segment_bytes);

/* Puts bytes into the send buffer: how many fitted. 0 too where nothing may be sent any more. */
uint32_t tcp_write(struct tcp_connection *connection, const struct tcp_buffers *buffers, const uint8_t *bytes,
                   uint32_t count);

/* The same for MSG_OOB: the last byte is urgent, as 4.2BSD and RFC 9293 3.8.5 have it: the urgent pointer names the
 * sequence number after it. */
uint32_t tcp_write_urgent(struct tcp_connection *connection, const struct tcp_buffers *buffers, const uint8_t *bytes,
                          uint32_t count);

/* Is an urgent byte there, apart from the stream? Takes it (asserted that it is), or leaves it there with `keep`. */
static inline bool tcp_has_urgent(const struct tcp_connection *connection) { return connection->urgent_here != 0; }
uint8_t tcp_read_urgent(struct tcp_connection *connection, bool keep);

/* How many bytes one tcp_read() can take: none of them lies past a mark, where an urgent byte stands or stood, and one
 * that stands in the stream (SO_OOBINLINE) is read by itself. */
uint32_t tcp_readable_at_mark(const struct tcp_connection *connection);
static inline uint32_t tcp_readable(const struct tcp_connection *connection) {
    return connection->has_mark ? tcp_readable_at_mark(connection) : connection->receive_buffered;
}

/* Takes bytes that arrived: how many. `keep` leaves them there (MSG_PEEK). */
uint32_t tcp_read(struct tcp_connection *connection, const struct tcp_buffers *buffers, uint8_t *bytes, uint32_t count,
                  bool keep);

/* The program sends no more: FIN follows what is queued. Nothing happens where it was said before. */
void tcp_finish(struct tcp_connection *connection);

/* Closed at once, by RST where the peer knows of the connection (RFC 9293 3.10.5). */
void tcp_abort(struct tcp_connection *connection);

/* Keep-alives: off, or on with these times. The first probe follows that much silence from now on. Nothing happens
 * where they are so already. */
struct keepalive_times {
    bool on;
    uint8_t probes;
    uint32_t idle_ms, interval_ms;
};
void tcp_keep_alive(struct tcp_connection *connection, const struct keepalive_times *keepalive, uint64_t now_ns);

/* A segment for this connection has arrived; `payload` is segment->payload_bytes long. */
void tcp_receive(struct tcp_connection *connection, const struct tcp_buffers *buffers,
                 const struct tcp_parameters *parameters, const struct segment *segment, const uint8_t *payload,
                 uint64_t now_ns);

/* It is `now_ns`: what is due happens. */
void tcp_advance(struct tcp_connection *connection, const struct tcp_parameters *parameters, uint64_t now_ns);

/* The next instant at which tcp_advance() has something to do; UINT64_MAX: never. */
uint64_t tcp_deadline(const struct tcp_connection *connection);

/* The next segment to send, if there is one: fills `*segment`, and `payload` (room for connection->segment_bytes) with
 * its payload. */
bool tcp_output(struct tcp_connection *connection, const struct tcp_buffers *buffers,
                const struct tcp_parameters *parameters, uint64_t now_ns, struct segment *segment, uint8_t *payload);

/* What a segment that belongs to no connection is answered with (RFC 9293 3.10.7.1): false for a RST, which gets
 * none. */
bool tcp_refuse(const struct segment *segment, struct segment *reply);

/* Room in the send buffer. */
uint32_t tcp_room(const struct tcp_connection *connection, const struct tcp_buffers *buffers);

/* Everything that was ever queued, and FIN if it was asked for, has been acknowledged. */
bool tcp_all_acknowledged(const struct tcp_connection *connection);

/* The invariants T1-T7; NULL, or the text of the broken one. */
const char *tcp_check(const struct tcp_connection *connection, const struct tcp_buffers *buffers);

const char *tcp_state_name(enum tcp_state state);

#endif
