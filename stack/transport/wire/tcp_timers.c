/* Round-trip times and what falls due: RFC 6298; zero-window probes, keep-alives and TIME-WAIT of RFC 9293. */
#include "stack/transport/wire/tcp_parts.h"

static const uint64_t MILLISECOND_NS = 1000000;

static uint64_t bounded(uint64_t value, uint64_t least, uint64_t most) {
    if (value < least) return least;
    return value > most ? most : value;
}

void tcp_measure(struct tcp_connection *connection, const struct tcp_parameters *parameters, uint64_t now_ns) {
    uint64_t measured = now_ns - connection->measured_from_ns;
    if (measured == 0) measured = 1; /* 0 says that nothing was measured */
    if (connection->smoothed_ns == 0) {
        connection->smoothed_ns = measured;
        connection->variation_ns = measured / 2;
    } else {
        uint64_t off = measured > connection->smoothed_ns ? measured - connection->smoothed_ns
                                                          : connection->smoothed_ns - measured;
        connection->variation_ns = (3 * connection->variation_ns + off) / 4;
        connection->smoothed_ns = (7 * connection->smoothed_ns + measured) / 8;
    }
    connection->measuring = 0;
    connection->retransmission_ns = bounded(connection->smoothed_ns + 4 * connection->variation_ns,
                                            parameters->retransmission_min_ns, parameters->retransmission_max_ns);
}

void tcp_arm_retransmission(struct tcp_connection *connection, uint64_t now_ns) {
    bool unacknowledged = connection->send_highest != connection->send_unacknowledged;
    connection->retransmit_at = unacknowledged ? now_ns + connection->retransmission_ns : TCP_NEVER;
    if (unacknowledged) connection->persist_at = TCP_NEVER;
}

void tcp_heard(struct tcp_connection *connection, uint64_t now_ns) {
    connection->probes = 0;
    bool runs = connection->keepalive && tcp_is_synchronized(connection) && connection->state != TCP_TIME_WAIT;
    connection->keepalive_at = runs ? now_ns + connection->keepalive_idle_ms * MILLISECOND_NS : TCP_NEVER;
}

void tcp_keep_alive(struct tcp_connection *connection, const struct keepalive_times *keepalive, uint64_t now_ns) {
    bool same = connection->keepalive == keepalive->on && connection->keepalive_probes == keepalive->probes &&
                connection->keepalive_idle_ms == keepalive->idle_ms &&
                connection->keepalive_interval_ms == keepalive->interval_ms;
    if (same) return;
    connection->keepalive = keepalive->on;
    connection->keepalive_probes = keepalive->probes;
    connection->keepalive_idle_ms = keepalive->idle_ms;
    connection->keepalive_interval_ms = keepalive->interval_ms;
    tcp_heard(connection, now_ns);
}

static void back_off(struct tcp_connection *connection, const struct tcp_parameters *parameters) {
    connection->retransmission_ns = bounded(2 * connection->retransmission_ns, parameters->retransmission_min_ns,
                                            parameters->retransmission_max_ns);
    connection->measuring = 0; /* Karn: what is sent twice is not measured */
}

static void send_again(struct tcp_connection *connection, const struct tcp_parameters *parameters, uint64_t now_ns) {
    bool closed_window = tcp_is_synchronized(connection) && connection->send_window == 0;
    if (!closed_window) tcp_congestion_timed_out(connection);
    connection->retransmissions++;
    back_off(connection, parameters);
    tcp_arm_retransmission(connection, now_ns);
    connection->send_next = connection->send_unacknowledged;
    connection->probe_now = closed_window;
}

static void retransmission_due(struct tcp_connection *connection, const struct tcp_parameters *parameters,
                               uint64_t now_ns) {
    unsigned most =
        tcp_is_synchronized(connection) ? parameters->data_retransmissions : parameters->syn_retransmissions;
    if (connection->retransmissions >= most) tcp_fail(connection, TCP_TIMED_OUT);
    else send_again(connection, parameters, now_ns);
}

static void probe_silence(struct tcp_connection *connection, uint64_t now_ns) {
    connection->probes++;
    connection->probe_now = 1;
    connection->keepalive_at = now_ns + connection->keepalive_interval_ms * MILLISECOND_NS;
}

/* While something is unacknowledged its retransmissions ask, and no probe may (RFC 9293 3.8.4). */
static void keepalive_due(struct tcp_connection *connection, uint64_t now_ns) {
    if (connection->send_highest != connection->send_unacknowledged) tcp_heard(connection, now_ns);
    else if (connection->probes >= connection->keepalive_probes) tcp_fail(connection, TCP_SILENT);
    else probe_silence(connection, now_ns);
}

static void persist_due(struct tcp_connection *connection, const struct tcp_parameters *parameters) {
    connection->persist_at = TCP_NEVER;
    connection->probe_now = 1;
    back_off(connection, parameters);
}

void tcp_advance(struct tcp_connection *connection, const struct tcp_parameters *parameters, uint64_t now_ns) {
    if (connection->time_wait_at <= now_ns) tcp_enter(connection, TCP_CLOSED);
    if (connection->retry_at <= now_ns) connection->retry_at = TCP_NEVER; /* tcp_output sends the SYN once more */
    if (connection->retransmit_at <= now_ns) retransmission_due(connection, parameters, now_ns);
    if (connection->persist_at <= now_ns) persist_due(connection, parameters);
    if (connection->keepalive_at <= now_ns) keepalive_due(connection, now_ns);
    if (connection->acknowledge_at <= now_ns) connection->acknowledge_now = 1; /* which stops the timer */
}

uint64_t tcp_deadline(const struct tcp_connection *connection) {
    const uint64_t timers[] = { connection->persist_at, connection->acknowledge_at, connection->time_wait_at,
                                connection->keepalive_at, connection->retry_at };
    uint64_t next = connection->retransmit_at;
    for (unsigned i = 0; i < sizeof timers / sizeof timers[0]; i++)
        if (timers[i] < next) next = timers[i];
    return next;
}
