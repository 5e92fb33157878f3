/* Sockets on the wire: who gets a connection, what is said and heard, how it ends, and which port that costs. */
#include <string.h>

#include "stack/model/model.h"
#include "stack/ports/holder.h"
#include "stack/ports/pool.h"
#include "stack/sdk/socket_values.h"
#include "stack/tests/fixture_wire.h"
#include "stack/transport/connections.h"
#include "stack/transport/wire/packets.h"

void register_wire_tests(void);

static const uint64_t SECOND_NS = 1000000000;

static void what_one_says_the_other_hears(void) {
    struct machine m;
    char heard[64];
    machine_begin(&m);
    struct talk talk = talking(&m);
    expect_ok(send_text(&m, talk.client, "hello"));
    expect_ok(receive_text(&m, talk.server, heard));
    CU_ASSERT_STRING_EQUAL(heard, "hello");
    expect_ok(send_text(&m, talk.server, "and good bye"));
    expect_ok(receive_at_most(&m, talk.client, 3, heard));
    CU_ASSERT_STRING_EQUAL(heard, "and");
    expect_ok(receive_text(&m, talk.client, heard));
    CU_ASSERT_STRING_EQUAL(heard, " good bye");
}

/* recv with a length of 0, and therefore without a buffer: nothing is stored, and nothing is taken. */
static void a_receive_of_nothing_takes_nothing(void) {
    struct machine m;
    char heard[64];
    machine_begin(&m);
    struct talk talk = talking(&m);
    expect_ok(send_text(&m, talk.client, "hello"));
    plain_call(&m, FUNCTION_recv, talk.server, 0, 0);
    CU_ASSERT_EQUAL(m.result.value, 0);
    CU_ASSERT_EQUAL(m.result.writes_count, 0);
    expect_ok(receive_text(&m, talk.server, heard));
    CU_ASSERT_STRING_EQUAL(heard, "hello");
}

static void a_receive_waits_for_what_comes(void) {
    struct machine m;
    char heard[64];
    machine_begin(&m);
    struct talk talk = talking(&m);
    CU_ASSERT_EQUAL(receive_text(&m, talk.server, heard), STILL_INSIDE);
    speak_as(&m, APP_SECOND);
    expect_ok(send_text(&m, talk.client, "late"));
    CU_ASSERT_EQUAL(returned_to(&m, APP), 0);
}

static void an_accept_waits_and_a_listener_that_closes_ends_it(void) {
    struct machine m;
    uint64_t accepted = 0;
    machine_begin(&m);
    struct talk talk = talking(&m);
    CU_ASSERT_EQUAL(accept_on(&m, talk.listener, &accepted), STILL_INSIDE);
    speak_as(&m, APP_SECOND);
    expect_ok(close_socket(&m, talk.listener));
    CU_ASSERT_EQUAL(returned_to(&m, APP), WSAEINTR);
}

static void an_end_is_heard_after_the_last_word(void) {
    struct machine m;
    char heard[64];
    machine_begin(&m);
    struct talk talk = talking(&m);
    expect_ok(send_text(&m, talk.client, "last"));
    expect_ok(shut_down(&m, talk.client, SD_SEND));
    expect_ok(receive_text(&m, talk.server, heard));
    CU_ASSERT_STRING_EQUAL(heard, "last");
    expect_ok(receive_text(&m, talk.server, heard));
    CU_ASSERT_EQUAL(m.result.value, 0);
    expect_error(WSAESHUTDOWN, send_text(&m, talk.client, "more"));
    expect_ok(send_text(&m, talk.server, "half a connection goes on"));
    expect_ok(receive_text(&m, talk.client, heard));
    expect_ok(shut_down(&m, talk.client, SD_SEND)); /* may be said again (W159) */
}

static void a_close_with_unread_words_resets(void) {
    struct machine m;
    char heard[64];
    machine_begin(&m);
    struct talk talk = talking(&m);
    expect_ok(send_text(&m, talk.client, "never read"));
    expect_ok(close_socket(&m, talk.server));
    expect_error(WSAECONNRESET, receive_text(&m, talk.client, heard));
    expect_error(WSAECONNRESET, send_text(&m, talk.client, "anybody?"));
}

/* W162 */
static void a_word_to_a_peer_that_has_closed_ends_in_an_abort(void) {
    struct machine m;
    char heard[64];
    machine_begin(&m);
    struct talk talk = talking(&m);
    expect_ok(close_socket(&m, talk.server));
    expect_ok(send_text(&m, talk.client, "too late"));
    expect_error(WSAECONNABORTED, receive_text(&m, talk.client, heard));
}

static void a_linger_of_no_seconds_resets(void) {
    struct machine m;
    char heard[64];
    machine_begin(&m);
    struct talk talk = talking(&m);
    expect_ok(linger_for(&m, talk.server, 0));
    expect_ok(close_socket(&m, talk.server));
    expect_error(WSAECONNRESET, receive_text(&m, talk.client, heard));
    talk = talking(&m);
    expect_ok(linger_for(&m, talk.server, 5)); /* nothing waits to be acknowledged: it closes as any other */
    expect_ok(close_socket(&m, talk.server));
    expect_ok(receive_text(&m, talk.client, heard));
}

static void what_is_not_connected_cannot_talk(void) {
    struct machine m;
    char heard[64];
    uint64_t accepted = 0;
    machine_begin(&m);
    uint64_t s = tcp(&m), u = udp(&m);
    expect_error(WSAENOTCONN, send_text(&m, s, "x"));
    expect_error(WSAENOTCONN, receive_text(&m, s, heard));
    expect_error(WSAENOTCONN, shut_down(&m, s, SD_BOTH));
    expect_error(WSAEINVAL, accept_on(&m, s, &accepted));
    expect_error(WSAEOPNOTSUPP, accept_on(&m, u, &accepted));
    expect_error(WSAENOTCONN, send_text(&m, u, "x"));
    expect_error(WSAEINVAL, receive_text(&m, u, heard)); /* not bound (F26) */
    expect_ok(shut_down(&m, u, SD_RECEIVE));
    expect_ok(bind_port(&m, u, 0));
    expect_error(WSAESHUTDOWN, receive_text(&m, u, heard));
    expect_error(WSAEINVAL, shut_down(&m, u, 3));
}

/* F20, W144: the second connect while the first is under way. */
static void a_nonblocking_connect_is_under_way_until_it_is_through(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t s = tcp(&m);
    expect_ok(set_nonblocking(&m, s));
    expect_error(WSAEWOULDBLOCK, connect_to(&m, s, LOOPBACK_V4, 7));
    expect_error(WSAEALREADY, connect_to(&m, s, LOOPBACK_V4, 7)); /* refused, and tried again for two seconds */
    struct talk talk = talking(&m);
    uint64_t other = tcp(&m);
    char heard[64];
    expect_ok(set_nonblocking(&m, other));
    expect_error(WSAEWOULDBLOCK, connect_to(&m, other, LOOPBACK_V4, talk.port));
    expect_error(WSAEISCONN, connect_to(&m, other, LOOPBACK_V4, talk.port));
    expect_error(WSAEWOULDBLOCK, receive_text(&m, other, heard));
}

/* Data for the peer, by the page; what the peer would have sent, or a quality of service, no page answers. */
static void what_no_page_answers_goes_with_no_connection(void) {
    static const uint8_t name[SOCKADDR_IN_SIZE] = { AF_INET, 0, 0x4e, 0x20, 127, 0, 0, 1 };
    static const unsigned extras[] = { WSAConnect_lpCallerData, WSAConnect_lpCalleeData, WSAConnect_lpSQOS,
                                       WSAConnect_lpGQOS };
    for (unsigned i = 0; i < 4; i++) {
        struct machine m;
        struct call call;
        machine_begin(&m);
        call_clear(&call);
        call.function = FUNCTION_WSAConnect;
        call.arguments[WSAConnect_s] = tcp(&m);
        call.arguments[WSAConnect_namelen] = sizeof name;
        call.ranges[WSAConnect_name] = (struct range){ .address = 0x1000, .length = sizeof name, .state = RANGE_GOOD };
        CU_ASSERT_TRUE_FATAL(call_put_bytes(&call, WSAConnect_name, name, sizeof name));
        for (unsigned k = 0; k < 4; k++)
            call.ranges[extras[k]] = (struct range){ .address = 0x2000, .length = 16, .state = RANGE_NULL };
        call.ranges[extras[i]].state = RANGE_GOOD;
        run_call(&m, &call);
        CU_ASSERT_EQUAL(m.result.status, i == 0 ? RESULT_RETURNED : RESULT_NOT_MODELLED);
        if (i == 0) CU_ASSERT_EQUAL(m.result.error, WSAEPROTONOSUPPORT);
    }
}

static void a_full_queue_refuses(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t listener = tcp(&m), first = tcp(&m), second = tcp(&m), accepted = 0;
    also_read(&m, Q103_REFUSED_CONNECT, Q103_AT_ONCE);
    expect_ok(bind_at(&m, listener, LOOPBACK_V4, 0));
    plain_call(&m, FUNCTION_listen, listener, 1, 0);
    unsigned port = port_of(&m, listener);
    expect_ok(connect_to(&m, first, LOOPBACK_V4, port));
    expect_error(WSAECONNREFUSED, connect_to(&m, second, LOOPBACK_V4, port));
    expect_ok(accept_on(&m, listener, &accepted));
    expect_ok(connect_to(&m, second, LOOPBACK_V4, port)); /* a failed connect may be followed by another (W150) */
}

/* F15: what is in TIME_WAIT does not keep a bind from the port, but the same two ends from connecting. */
static void time_wait_keeps_the_pair_not_the_port(void) {
    const struct port_space four = { .protocol = PROTOCOL_TCP, .families = FAMILY_V4 };
    struct machine m;
    machine_begin(&m);
    uint64_t listener = tcp(&m), client = tcp(&m), again = tcp(&m), accepted = 0;
    expect_ok(bind_at(&m, listener, LOOPBACK_V4, 0));
    expect_ok(listen_on(&m, listener));
    unsigned there = port_of(&m, listener);
    expect_ok(bind_at(&m, client, LOOPBACK_V4, 20000));
    expect_ok(connect_to(&m, client, LOOPBACK_V4, there));
    expect_ok(accept_on(&m, listener, &accepted));
    expect_ok(close_socket(&m, client));
    expect_ok(close_socket(&m, accepted));
    CU_ASSERT(pool_port_closing(m.world, four, 20000));
    expect_ok(bind_at(&m, again, LOOPBACK_V4, 20000));
    expect_error(WSAEADDRINUSE, connect_to(&m, again, LOOPBACK_V4, there));
    model_tick(m.world, 120 * SECOND_NS);
    settle(&m);
    CU_ASSERT(!pool_port_closing(m.world, four, 20000));
    expect_ok(connect_to(&m, again, LOOPBACK_V4, there));
}

static void datagrams_reach_the_socket_that_fits_best(void) {
    struct machine m;
    char heard[64];
    uint32_t sent = 0;
    machine_begin(&m);
    uint64_t receiver = udp(&m), sender = udp(&m);
    expect_ok(bind_at(&m, receiver, LOOPBACK_V4, 20001));
    CU_ASSERT_EQUAL(receive_text(&m, receiver, heard), STILL_INSIDE);
    speak_as(&m, APP_SECOND);
    expect_ok(send_byte(&m, sender, TO_LOOPBACK, 20001, &sent));
    CU_ASSERT_EQUAL(returned_to(&m, APP), 0);
}

/* W156: sends that no one receives still succeed; it is the next receive that hears of it (SIO_UDP_CONNRESET). */
static void a_datagram_that_no_one_receives_shows_at_the_next_receive(void) {
    struct machine m;
    char heard[64];
    uint32_t sent = 0;
    machine_begin(&m);
    uint64_t s = udp(&m);
    expect_ok(send_byte(&m, s, TO_LOOPBACK, 9, &sent));
    expect_ok(send_byte(&m, s, TO_LOOPBACK, 9, &sent));
    expect_error(WSAECONNRESET, receive_text(&m, s, heard));
}

/* A restart leaves nothing on the wire. */
static void a_restart_forgets_connections(void) {
    struct machine m;
    machine_begin(&m);
    struct talk talk = talking(&m);
    expect_ok(close_socket(&m, talk.client));
    model_reboot(m.world);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_CONNECTIONS), 0);
    CU_ASSERT_PTR_NULL(model_check(m.world));
}

/* What is at its place has no time to wait for, and what no one takes is no matter of time. */
static void packets_are_due_when_they_arrive(void) {
    struct machine m;
    machine_begin(&m);
    CU_ASSERT_EQUAL(packet_due_in_ns(m.world), UINT64_MAX);
    CU_ASSERT_FALSE(packet_is_due(m.world));
    CU_ASSERT_TRUE(packet_put(m.world, (const uint8_t *)"x", 1));
    struct packet_row *packet = world_packet(m.world, m.world->packets_head);
    CU_ASSERT_EQUAL(packet_due_in_ns(m.world), 0);
    CU_ASSERT_TRUE(packet_is_due(m.world));
    packet->arrives_ns = m.world->now_ns + 5;
    CU_ASSERT_EQUAL(packet_due_in_ns(m.world), 5);
    CU_ASSERT_FALSE(packet_is_due(m.world));
    m.world->now_ns += 5;
    CU_ASSERT_EQUAL(packet_due_in_ns(m.world), 0);
    CU_ASSERT_TRUE(packet_is_due(m.world));
    m.world->now_ns += 5;
    CU_ASSERT_EQUAL(packet_due_in_ns(m.world), 0);
    packet->outbound = 1;
    CU_ASSERT_EQUAL(packet_due_in_ns(m.world), UINT64_MAX);
    CU_ASSERT_FALSE(packet_is_due(m.world));
    packet->outbound = 0;
    packet_drop_oldest(m.world);
    CU_ASSERT_FALSE(packet_put(m.world, (const uint8_t *)"x", 0));
    CU_ASSERT_EQUAL(packet_due_in_ns(m.world), UINT64_MAX);
}

static void a_wire_for_one_packet_is_a_wire(void) {
    static struct world world;
    for (world.limits.packets = 0; world.limits.packets < 3; world.limits.packets++)
        CU_ASSERT_EQUAL(packets_have_a_wire(&world), world.limits.packets != 0);
}

/* What finds no room among the packets is lost, as on any link, and sent again. The first one is another machine's and
 * waits to be taken, so that those after it stay where they are. */
static void what_finds_the_wire_full_is_sent_again(void) {
    struct machine m;
    char heard[64];
    machine_begin(&m);
    struct talk talk = talking(&m);
    CU_ASSERT_TRUE_FATAL(packet_put(m.world, (const uint8_t *)"?", 1));
    world_packet(m.world, m.world->packets_head)->outbound = 1;
    while (packet_put(m.world, (const uint8_t *)"?", 1)) continue;
    expect_ok(send_text(&m, talk.client, "again"));
    CU_ASSERT_EQUAL(m.world->packets_count, m.world->limits.packets);
    model_packet_taken(m.world);
    expect_ok(receive_text(&m, talk.server, heard));
    CU_ASSERT_STRING_EQUAL(heard, "again");
}

void register_wire_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/transport on the wire", NULL, NULL);
    CU_add_test(suite, "what one says the other hears", what_one_says_the_other_hears);
    CU_add_test(suite, "a receive of nothing takes nothing", a_receive_of_nothing_takes_nothing);
    CU_add_test(suite, "a receive waits for what comes", a_receive_waits_for_what_comes);
    CU_add_test(suite, "an accept waits", an_accept_waits_and_a_listener_that_closes_ends_it);
    CU_add_test(suite, "an end is heard after the last word", an_end_is_heard_after_the_last_word);
    CU_add_test(suite, "a close with unread words resets", a_close_with_unread_words_resets);
    CU_add_test(suite, "a word to a peer that has closed", a_word_to_a_peer_that_has_closed_ends_in_an_abort);
    CU_add_test(suite, "a linger of no seconds resets", a_linger_of_no_seconds_resets);
    CU_add_test(suite, "what is not connected cannot talk", what_is_not_connected_cannot_talk);
    CU_add_test(suite, "a nonblocking connect is under way", a_nonblocking_connect_is_under_way_until_it_is_through);
    CU_add_test(suite, "what no page answers goes with no connection", what_no_page_answers_goes_with_no_connection);
    CU_add_test(suite, "a full queue refuses", a_full_queue_refuses);
    CU_add_test(suite, "TIME_WAIT keeps the pair, not the port", time_wait_keeps_the_pair_not_the_port);
    CU_add_test(suite, "datagrams reach the socket that fits best", datagrams_reach_the_socket_that_fits_best);
    CU_add_test(suite, "a datagram that no one receives", a_datagram_that_no_one_receives_shows_at_the_next_receive);
    CU_add_test(suite, "packets are due when they arrive", packets_are_due_when_they_arrive);
    CU_add_test(suite, "a wire for one packet is a wire", a_wire_for_one_packet_is_a_wire);
    CU_add_test(suite, "what finds the wire full is sent again", what_finds_the_wire_full_is_sent_again);
    CU_add_test(suite, "a restart forgets connections", a_restart_forgets_connections);
}
