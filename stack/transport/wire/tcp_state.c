/* Opening, closing, and the one function that changes the state. */
#include <assert.h>
#include <string.h>

#include "stack/transport/wire/tcp_parts.h"

enum { SECOND_NS = 1000000000, MILLISECOND_NS = 1000000 };

const struct tcp_parameters *tcp_parameters_documented(void) {
    static const struct tcp_parameters parameters = {
        .segment_lifetime_ns = 120ull * SECOND_NS,           /* RFC 9293 3.4.2: two minutes */
        .retransmission_initial_ns = 1ull * SECOND_NS,       /* RFC 6298 2.1 */
        .retransmission_min_ns = 1ull * SECOND_NS,           /* RFC 6298 2.4 */
        .retransmission_max_ns = 60ull * SECOND_NS,          /* RFC 6298 2.5 */
        .acknowledgement_delay_ns = 200ull * MILLISECOND_NS, /* RFC 9293 3.8.6.3: less than 0.5 s */
        .keepalive_idle_ns = 7200ull * SECOND_NS,            /* RFC 9293 3.8.4: two hours at least */
        .keepalive_interval_ns = 75ull * SECOND_NS,
        .syn_retransmissions = 6,  /* RFC 9293 3.8.3: three minutes at least */
        .data_retransmissions = 8, /* likewise: 100 s at least */
        .keepalive_probes = 9,
    };
    return &parameters;
}

const struct tcp_parameters *tcp_parameters_windows(void) {
    static const struct tcp_parameters parameters = {
        .segment_lifetime_ns = 60ull * SECOND_NS, /* TcpTimedWaitDelay: 120 s, twice this */
        .retransmission_initial_ns = 1ull * SECOND_NS,
        .retransmission_min_ns = 300ull * MILLISECOND_NS,
        .retransmission_max_ns = 60ull * SECOND_NS,
        .acknowledgement_delay_ns = 40ull * MILLISECOND_NS,
        .refused_retry_ns = 500ull * MILLISECOND_NS,
        .keepalive_idle_ns = 7200ull * SECOND_NS,
        .keepalive_interval_ns = 1ull * SECOND_NS,
        .syn_retransmissions = 4,
        .data_retransmissions = 5,
        .refused_retries = 4, /* four times half a second: W152 */
        .keepalive_probes = 10,
    };
    return &parameters;
}

void tcp_init(struct tcp_connection *connection, const struct endpoint *local, const struct endpoint *remote,
              const struct tcp_parameters *parameters) {
    assert(local->family == remote->family);
    memset(connection, 0, sizeof *connection);
    connection->retransmit_at = connection->persist_at = connection->acknowledge_at = TCP_NEVER;
    connection->time_wait_at = connection->keepalive_at = connection->retry_at = TCP_NEVER;
    connection->retransmission_ns = parameters->retransmission_initial_ns;
    connection->keepalive_idle_ms = (uint32_t)(parameters->keepalive_idle_ns / MILLISECOND_NS);
    connection->keepalive_interval_ms = (uint32_t)(parameters->keepalive_interval_ns / MILLISECOND_NS);
    connection->keepalive_probes = parameters->keepalive_probes;
    connection->family = local->family;
    connection->local_port = local->port;
    connection->remote_port = remote->port;
    memcpy(connection->local_address, local->address.bytes, sizeof connection->local_address);
    memcpy(connection->remote_address, remote->address.bytes, sizeof connection->remote_address);
}

/* --- transitions -------------------------------------------------------------------------------------------------- */

void tcp_enter(struct tcp_connection *connection, enum tcp_state state) {
    assert(state < TCP_STATES_COUNT);
    assert(state != connection->state || state == TCP_TIME_WAIT);
    connection->state = (uint8_t)state;
    if (state != TCP_CLOSED && state != TCP_TIME_WAIT) return;
    connection->retransmit_at = connection->persist_at = connection->keepalive_at = connection->retry_at = TCP_NEVER;
    if (state == TCP_TIME_WAIT) return;
    connection->time_wait_at = connection->acknowledge_at = TCP_NEVER;
    connection->acknowledge_now = connection->probe_now = connection->resend_first = 0;
}

void tcp_fail(struct tcp_connection *connection, enum tcp_error error) {
    connection->error = (uint8_t)error;
    connection->send_queued = 0;
    connection->send_unacknowledged = connection->send_first = connection->send_next = connection->send_highest;
    tcp_enter(connection, TCP_CLOSED);
}

void tcp_reset_with(struct tcp_connection *connection, uint32_t sequence, bool acknowledges) {
    connection->reset_now = 1;
    connection->reset_sequence = sequence;
    connection->reset_acknowledges = acknowledges;
}

/* --- opening ------------------------------------------------------------------------------------------------------ */

/* The least shift with which the whole buffer can be announced (RFC 7323 2.3). */
static uint8_t shift_for(uint32_t receive_bytes) {
    uint8_t shift = 0;
    while (shift < 14 && receive_bytes >> shift > UINT16_MAX) shift++;
    return shift;
}

static void begin_sending(struct tcp_connection *connection, const struct tcp_buffers *buffers, uint32_t initial,
                          uint16_t segment_bytes) {
    assert(connection->state == TCP_CLOSED && connection->error == TCP_NO_ERROR);
    assert(segment_bytes > 0);
    connection->own_segment_bytes = segment_bytes;
    connection->receive_shift = shift_for(buffers->receive_bytes);
    connection->send_initial = connection->send_unacknowledged = connection->send_next = connection->send_highest =
        initial;
    connection->send_first = initial + 1;
    connection->scaling = 1;
}

void tcp_connect(struct tcp_connection *connection, const struct tcp_buffers *buffers, uint32_t initial,
                 uint16_t segment_bytes) {
    begin_sending(connection, buffers, initial, segment_bytes);
    tcp_enter(connection, TCP_SYN_SENT);
}

void tcp_accept(struct tcp_connection *connection, const struct tcp_buffers *buffers, const struct segment *segment,
                uint32_t initial, uint16_t segment_bytes) {
    assert((segment->flags & (SEGMENT_SYN | SEGMENT_ACK | SEGMENT_RST)) == SEGMENT_SYN);
    begin_sending(connection, buffers, initial, segment_bytes);
    connection->passive = 1;
    tcp_take_syn(connection, segment);
    tcp_enter(connection, TCP_SYN_RECEIVED);
}

/* --- closing ------------------------------------------------------------------------------------------------------ */

void tcp_finish(struct tcp_connection *connection) {
    if (connection->finish_asked || connection->state == TCP_CLOSED) return;
    if (connection->state == TCP_SYN_SENT) { /* no answer came: nothing to finish */
        tcp_fail(connection, TCP_ABORTED);
        return;
    }
    connection->finish_asked = 1;
    if (connection->state == TCP_ESTABLISHED) tcp_enter(connection, TCP_FIN_WAIT_1);
    else if (connection->state == TCP_CLOSE_WAIT) tcp_enter(connection, TCP_LAST_ACK);
    /* SYN-RECEIVED: once it is established (RFC 9293 3.10.4). */
}

void tcp_abort(struct tcp_connection *connection) {
    switch ((enum tcp_state)connection->state) {
    case TCP_CLOSED: return;
    case TCP_SYN_RECEIVED:
    case TCP_ESTABLISHED:
    case TCP_FIN_WAIT_1:
    case TCP_FIN_WAIT_2:
    case TCP_CLOSE_WAIT: tcp_reset_with(connection, connection->send_highest, true); break;
    case TCP_SYN_SENT:
    case TCP_CLOSING:
    case TCP_LAST_ACK:
    case TCP_TIME_WAIT:
    case TCP_STATES_COUNT: break;
    }
    tcp_fail(connection, TCP_ABORTED);
}

bool tcp_refuse(const struct segment *segment, struct segment *reply) {
    if ((segment->flags & SEGMENT_RST) != 0) return false;
    *reply = (struct segment){ .source = segment->destination,
                               .destination = segment->source,
                               .protocol = PROTOCOL_TCP,
                               .flags = SEGMENT_RST,
                               .hop_limit = HOP_LIMIT_ORDINARY,
                               .window_scale = WINDOW_SCALE_NONE };
    if ((segment->flags & SEGMENT_ACK) != 0) {
        reply->sequence = segment->acknowledgement;
    } else {
        reply->flags |= SEGMENT_ACK;
        reply->acknowledgement = segment->sequence + segment_sequence_length(segment);
    }
    return true;
}

/* --- looking ------------------------------------------------------------------------------------------------------ */

bool tcp_is_synchronized(const struct tcp_connection *connection) { return connection->state >= TCP_ESTABLISHED; }

uint32_t tcp_data_end(const struct tcp_connection *connection) {
    return connection->send_first + connection->send_queued;
}

bool tcp_all_acknowledged(const struct tcp_connection *connection) {
    uint32_t end = tcp_data_end(connection) + (connection->finish_asked ? 1 : 0);
    return connection->send_unacknowledged == end;
}

const char *tcp_state_name(enum tcp_state state) {
    static const char *const names[TCP_STATES_COUNT] = {
        [TCP_CLOSED] = "CLOSED",           [TCP_SYN_SENT] = "SYN-SENT",     [TCP_SYN_RECEIVED] = "SYN-RECEIVED",
        [TCP_ESTABLISHED] = "ESTABLISHED", [TCP_FIN_WAIT_1] = "FIN-WAIT-1", [TCP_FIN_WAIT_2] = "FIN-WAIT-2",
        [TCP_CLOSE_WAIT] = "CLOSE-WAIT",   [TCP_CLOSING] = "CLOSING",       [TCP_LAST_ACK] = "LAST-ACK",
        [TCP_TIME_WAIT] = "TIME-WAIT",
    };
    assert((unsigned)state < TCP_STATES_COUNT);
    return names[state];
}

static const char *check_sending(const struct tcp_connection *connection, const struct tcp_buffers *buffers) {
    uint32_t sent = connection->send_highest - connection->send_unacknowledged;
    if (sent > INT32_MAX) return "T1: more is acknowledged than was sent";
    if (connection->send_next - connection->send_unacknowledged > sent)
        return "T1: send_next lies outside what was sent";
    if (connection->send_queued > buffers->send_bytes) return "T2: more is queued than the send buffer holds";
    if (tcp_is_synchronized(connection) && sent > connection->send_queued + 1u)
        return "T2: bytes in flight are not queued";
    return NULL;
}

static const char *check_receiving(const struct tcp_connection *connection, const struct tcp_buffers *buffers) {
    if (connection->receive_buffered > buffers->receive_bytes)
        return "T3: more is buffered than the receive buffer holds";
    uint32_t room = buffers->receive_bytes - connection->receive_buffered;
    uint32_t end = 0;
    for (unsigned i = 0; i < connection->ranges_count; i++) {
        uint32_t first = connection->ranges[i].first - connection->receive_next;
        uint32_t last = connection->ranges[i].end - connection->receive_next;
        if (last > room) return "T3: a range behind a hole lies outside the receive buffer";
        if (first <= end || last <= first) return "T4: ranges behind a hole touch each other, or receive_next";
        end = last;
    }
    return NULL;
}

static const char *check_timers(const struct tcp_connection *connection) {
    bool running = connection->retransmit_at != TCP_NEVER;
    bool unacknowledged = connection->send_highest != connection->send_unacknowledged;
    bool asked = connection->acknowledge_now || connection->probe_now || connection->resend_first;
    if (connection->state == TCP_CLOSED)
        return tcp_deadline(connection) == TCP_NEVER && !asked ? NULL : "T6: a closed connection has a timer or a turn";
    if (running != unacknowledged)
        return "T5: the retransmission timer does not run exactly while something is unacknowledged";
    if (running && connection->persist_at != TCP_NEVER)
        return "T5: the persist timer runs beside the retransmission timer";
    return NULL;
}

const char *tcp_check(const struct tcp_connection *connection, const struct tcp_buffers *buffers) {
    const char *broken = check_sending(connection, buffers);
    if (broken == NULL) broken = check_receiving(connection, buffers);
    if (broken == NULL) broken = tcp_urgent_check(connection);
    return broken != NULL ? broken : check_timers(connection);
}
