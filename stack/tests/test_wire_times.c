/* What takes time on the wire: time-outs, closes that linger, keep-alives; and errors that are asked for later. */
#include <string.h>

#include "stack/model/model.h"
#include "stack/sdk/control_values.h"
#include "stack/sdk/option_values.h"
#include "stack/sdk/socket_values.h"
#include "stack/system/handles.h"
#include "stack/tests/fixture_wire.h"
#include "stack/transport/wire/tcp_parts.h"

void register_wire_times_tests(void);

static const uint64_t MILLISECOND_NS = 1000000;

static unsigned milliseconds_since(const struct machine *m, uint64_t before_ns) {
    return (unsigned)((m->world->now_ns - before_ns) / MILLISECOND_NS);
}

/* Sends until a call has waited for so long: the buffers of both sides are full then. */
static uint32_t fill(struct machine *m, uint64_t socket, unsigned milliseconds) {
    uint32_t error = 0;
    expect_ok(set_option(m, socket, SO_SNDTIMEO, milliseconds));
    for (unsigned i = 0; i < 4096 && error == 0; i++)
        error = send_text(m, socket, "a word and another word, and so on");
    return error;
}

static void a_receive_waits_as_long_as_its_option_says(void) {
    struct machine m;
    char heard[64];
    machine_begin(&m);
    struct talk talk = talking(&m);
    expect_ok(set_option(&m, talk.client, SO_RCVTIMEO, 1500));
    uint64_t before_ns = m.world->now_ns;
    expect_error(WSAETIMEDOUT, receive_text(&m, talk.client, heard));
    CU_ASSERT_EQUAL(milliseconds_since(&m, before_ns), 1500);
    expect_ok(send_text(&m, talk.server, "now"));
    expect_ok(receive_text(&m, talk.client, heard));
    CU_ASSERT_STRING_EQUAL(heard, "now");
    expect_ok(set_option(&m, talk.client, SO_RCVTIMEO, 0));
    CU_ASSERT_EQUAL(receive_text(&m, talk.client, heard), STILL_INSIDE);
}

static void datagrams_have_the_same_time_out(void) {
    struct machine m;
    char heard[64];
    machine_begin(&m);
    uint64_t s = udp(&m);
    expect_ok(bind_at(&m, s, LOOPBACK_V4, 20001));
    expect_ok(set_option(&m, s, SO_RCVTIMEO, 700));
    uint64_t before_ns = m.world->now_ns;
    expect_error(WSAETIMEDOUT, receive_text(&m, s, heard));
    CU_ASSERT_EQUAL(milliseconds_since(&m, before_ns), 700);
}

/* Q114 is about less than half a second, and is asked of nothing else. */
static void half_a_second_is_no_short_time_out(void) {
    static const uint32_t times_ms[] = { 499, 500, 501 };
    for (unsigned i = 0; i < 3; i++) {
        struct machine m;
        char heard[64];
        machine_with_reading(&m, Q114_SHORT_TIME_OUT, Q114_HALF_A_SECOND);
        struct talk talk = talking(&m);
        expect_ok(set_option(&m, talk.client, SO_RCVTIMEO, times_ms[i]));
        uint64_t before_ns = m.world->now_ns;
        expect_error(WSAETIMEDOUT, receive_text(&m, talk.client, heard));
        CU_ASSERT_EQUAL(milliseconds_since(&m, before_ns), i == 0 ? 500 : times_ms[i]);
        CU_ASSERT_EQUAL(world_asked(m.world, Q114_SHORT_TIME_OUT), i == 0);
    }
}

/* The page of the options: without WSA_FLAG_OVERLAPPED the time-out never takes effect. */
static void a_socket_without_the_attribute_never_times_out(void) {
    struct machine m;
    char heard[64];
    machine_begin(&m);
    uint64_t s = plain_call(&m, FUNCTION_WSASocketW, AF_INET, SOCK_DGRAM, IPPROTO_UDP);
    expect_ok(bind_at(&m, s, LOOPBACK_V4, 20001));
    expect_ok(set_option(&m, s, SO_RCVTIMEO, 700));
    CU_ASSERT_EQUAL(receive_text(&m, s, heard), STILL_INSIDE);
}

static void a_send_into_full_buffers_times_out(void) {
    struct machine m;
    machine_begin(&m);
    struct talk talk = talking(&m);
    uint64_t before_ns = m.world->now_ns;
    expect_error(WSAETIMEDOUT, fill(&m, talk.client, 900));
    CU_ASSERT(milliseconds_since(&m, before_ns) >= 900);
}

static void a_close_lingers_until_all_is_acknowledged(void) {
    struct machine m;
    char heard[64];
    machine_begin(&m);
    struct talk talk = talking(&m);
    expect_ok(linger_for(&m, talk.client, 5));
    expect_ok(send_text(&m, talk.client, "last")); /* its acknowledgement is delayed */
    uint64_t before_ns = m.world->now_ns;
    plain_call(&m, FUNCTION_closesocket, talk.client, 0, 0);
    CU_ASSERT_EQUAL(m.result.status, RESULT_BLOCKED);
    CU_ASSERT_EQUAL(returned_to(&m, APP), 0);
    CU_ASSERT(milliseconds_since(&m, before_ns) < 1000);
    expect_error(WSAENOTSOCK, send_text(&m, talk.client, "more"));
    expect_ok(receive_text(&m, talk.server, heard));
    CU_ASSERT_STRING_EQUAL(heard, "last");
}

/* What was received and not read resets the connection at once, and what has failed has nothing to wait for. */
static void a_close_does_not_linger_over_a_connection_that_ends(void) {
    for (unsigned failed = 0; failed < 2; failed++) {
        struct machine m;
        machine_begin(&m);
        struct talk talk = talking(&m);
        expect_ok(linger_for(&m, talk.client, 5));
        expect_ok(send_text(&m, talk.client, "last")); /* its acknowledgement is delayed */
        if (failed) {
            expect_ok(linger_for(&m, talk.server, 0));
            expect_ok(close_socket(&m, talk.server));
        } else {
            expect_ok(send_text(&m, talk.server, "unread"));
            expect_ok(send_text(&m, talk.client, "more"));
        }
        plain_call(&m, FUNCTION_closesocket, talk.client, 0, 0);
        CU_ASSERT_EQUAL(m.result.status, RESULT_RETURNED);
        CU_ASSERT_EQUAL(m.result.value, 0);
    }
}

/* No one reads: the seconds pass, and the connection is reset. */
static void a_close_lingers_no_longer_than_its_seconds(void) {
    struct machine m;
    char heard[64];
    machine_begin(&m);
    struct talk talk = talking(&m);
    expect_error(WSAETIMEDOUT, fill(&m, talk.client, 500));
    expect_ok(linger_for(&m, talk.client, 3));
    plain_call(&m, FUNCTION_closesocket, talk.client, 0, 0);
    CU_ASSERT_EQUAL(m.result.status, RESULT_BLOCKED);
    CU_ASSERT_EQUAL(returned_to(&m, APP), STILL_INSIDE);
    pass_time(&m, 2999);
    CU_ASSERT_EQUAL(returned_to(&m, APP), STILL_INSIDE);
    pass_time(&m, 1);
    CU_ASSERT_EQUAL(returned_to(&m, APP), 0);
    uint32_t error = 0;
    while (error == 0) error = receive_text(&m, talk.server, heard);
    CU_ASSERT_EQUAL(error, WSAECONNRESET);
}

/* Its page: WSAEWOULDBLOCK, the handle stays valid, and nothing has begun to close. */
static void a_nonblocking_socket_does_not_linger(void) {
    struct machine m;
    char heard[64];
    machine_begin(&m);
    struct talk talk = talking(&m);
    expect_ok(set_nonblocking(&m, talk.client));
    expect_ok(linger_for(&m, talk.client, 5));
    expect_ok(send_text(&m, talk.client, "one"));
    expect_error(WSAEWOULDBLOCK, close_socket(&m, talk.client));
    expect_ok(send_text(&m, talk.client, ", two"));
    expect_ok(receive_text(&m, talk.server, heard));
    CU_ASSERT_STRING_EQUAL(heard, "one");
    pass_time(&m, 500); /* Nagle has held the second word back until the first was acknowledged */
    expect_ok(receive_text(&m, talk.server, heard));
    CU_ASSERT_STRING_EQUAL(heard, ", two");
    pass_time(&m, 500);
    expect_ok(close_socket(&m, talk.client));
}

/* --- keep-alives -------------------------------------------------------------------------------------------------- */

static const struct tcp_connection *connection_to(const struct machine *m, unsigned port) {
    for (unsigned i = 0; i < world_top(m->world, TABLE_CONNECTIONS); i++) {
        const struct connection_row *row = world_connection_at(m->world, i);
        if (row->used && row->tcp.remote_port == port) return &row->tcp;
    }
    return NULL;
}

static uint32_t keep_alive(struct machine *m, uint64_t socket, uint32_t idle_ms, uint32_t interval_ms) {
    uint8_t values[12] = { 1 };
    store_u32(values + 4, idle_ms);
    store_u32(values + 8, interval_ms);
    control(m, socket, SIO_KEEPALIVE_VALS);
    with_input(m, values, sizeof values);
    return perform(m);
}

static void keepalives_begin_when_they_are_switched_on(void) {
    struct machine m;
    machine_begin(&m);
    struct talk talk = talking(&m);
    const struct tcp_connection *tcp = connection_to(&m, talk.port);
    CU_ASSERT_EQUAL(tcp->keepalive_at, UINT64_MAX);
    expect_ok(set_option(&m, talk.client, SO_KEEPALIVE, 1));
    CU_ASSERT_EQUAL(tcp->keepalive_at - m.world->now_ns, 7200000 * MILLISECOND_NS);
    expect_ok(keep_alive(&m, talk.client, 1500, 250));
    CU_ASSERT_EQUAL(tcp->keepalive_at - m.world->now_ns, 1500 * MILLISECOND_NS);
    CU_ASSERT_EQUAL(tcp->keepalive_interval_ms, 250);
    uint32_t serial = m.world->packet_serial;
    pass_time(&m, 1499);
    CU_ASSERT_EQUAL(m.world->packet_serial, serial);
    pass_time(&m, 1); /* the probe and its answer */
    CU_ASSERT_EQUAL(m.world->packet_serial, serial + 2);
    expect_ok(set_option(&m, talk.client, SO_KEEPALIVE, 0));
    CU_ASSERT_EQUAL(tcp->keepalive_at, UINT64_MAX);
}

/* The page of recv: WSAENETRESET for a connection that keep-alives found broken. */
static void a_peer_that_went_silent_is_given_up(void) {
    static const uint8_t here[16] = { 10, 0, 0, 1 };
    struct machine m;
    char heard[64];
    machine_begin(&m);
    CU_ASSERT_TRUE_FATAL(model_add_address(m.world, 4, here));
    struct talk talk = talking(&m);
    expect_ok(keep_alive(&m, talk.client, 1000, 1000));
    struct tcp_connection *tcp = (struct tcp_connection *)(uintptr_t)connection_to(&m, talk.port);
    tcp->remote_address[0] = 198; /* whoever answers for it now is not there: what is sent waits for a link */
    tcp->remote_address[1] = 51;
    for (unsigned i = 0; i < 12; i++) {
        uint32_t bytes = 0;
        pass_time(&m, 1000);
        while (model_packet(m.world, &bytes) != NULL) model_packet_taken(m.world);
        settle(&m);
    }
    expect_error(WSAENETRESET, receive_text(&m, talk.client, heard));
}

/* --- errors that are asked for later ------------------------------------------------------------------------------ */

static uint32_t late_error(struct machine *m, uint64_t socket) {
    uint32_t value = 1;
    expect_ok(get_option(m, socket, SO_ERROR, &value));
    return value;
}

/* W151: reading it does not clear it, nor does another attempt; one that succeeds does. */
static void a_failed_connect_is_remembered_until_another_succeeds(void) {
    struct machine m;
    machine_begin(&m);
    also_read(&m, Q103_REFUSED_CONNECT, Q103_AT_ONCE);
    struct talk talk = talking(&m);
    uint64_t s = tcp(&m);
    expect_ok(set_nonblocking(&m, s));
    expect_error(WSAEWOULDBLOCK, connect_to(&m, s, LOOPBACK_V4, 7));
    CU_ASSERT_EQUAL(late_error(&m, s), WSAECONNREFUSED);
    CU_ASSERT_EQUAL(late_error(&m, s), WSAECONNREFUSED);
    expect_error(WSAEWOULDBLOCK, connect_to(&m, s, LOOPBACK_V4, 9));
    CU_ASSERT_EQUAL(late_error(&m, s), WSAECONNREFUSED);
    expect_error(WSAEWOULDBLOCK, connect_to(&m, s, LOOPBACK_V4, talk.port));
    CU_ASSERT_EQUAL(late_error(&m, s), 0);
}

/* W151: a connect that was waited for has said so itself. */
static void a_failed_connect_that_was_waited_for_leaves_nothing(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t s = tcp(&m);
    expect_error(WSAECONNREFUSED, connect_to(&m, s, LOOPBACK_V4, 7));
    CU_ASSERT_EQUAL(late_error(&m, s), 0);
}

/* Keep-alives get no answer: who waits learns so. Who calls later: Q128. */
static void a_receive_in_progress_learns_that_the_peer_is_gone(void) {
    struct machine m;
    char heard[64];
    machine_begin(&m);
    struct talk talk = talking(&m);
    unsigned socket = handle_find(m.world, PROCESS_APP, HANDLE_SOCKET, talk.client);
    CU_ASSERT_EQUAL(receive_text(&m, talk.client, heard), STILL_INSIDE);
    tcp_fail(&world_connection(m.world, world_socket(m.world, socket)->connection)->tcp, TCP_SILENT);
    pass_time(&m, 1);
    CU_ASSERT_EQUAL(returned_to(&m, APP), WSAENETRESET);
}

void register_wire_times_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/transport times on the wire", NULL, NULL);
    CU_add_test(suite, "a connection that ends", a_close_does_not_linger_over_a_connection_that_ends);
    CU_add_test(suite, "half a second is no short time-out", half_a_second_is_no_short_time_out);
    CU_add_test(suite, "a receive times out", a_receive_waits_as_long_as_its_option_says);
    CU_add_test(suite, "a datagram's receive times out", datagrams_have_the_same_time_out);
    CU_add_test(suite, "without the attribute it never does", a_socket_without_the_attribute_never_times_out);
    CU_add_test(suite, "a send times out", a_send_into_full_buffers_times_out);
    CU_add_test(suite, "a close lingers until all is acknowledged", a_close_lingers_until_all_is_acknowledged);
    CU_add_test(suite, "a close lingers no longer than its seconds", a_close_lingers_no_longer_than_its_seconds);
    CU_add_test(suite, "a nonblocking socket does not linger", a_nonblocking_socket_does_not_linger);
    CU_add_test(suite, "keep-alives begin when switched on", keepalives_begin_when_they_are_switched_on);
    CU_add_test(suite, "a silent peer is given up", a_peer_that_went_silent_is_given_up);
    CU_add_test(suite, "a failed connect is remembered", a_failed_connect_is_remembered_until_another_succeeds);
    CU_add_test(suite, "a receive in progress learns that the peer is gone",
                a_receive_in_progress_learns_that_the_peer_is_gone);
    CU_add_test(suite, "one that was waited for is not", a_failed_connect_that_was_waited_for_leaves_nothing);
}
