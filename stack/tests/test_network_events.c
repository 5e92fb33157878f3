/* WSAEventSelect and WSAEnumNetworkEvents (transport/network_events.h). */
#include <string.h>

#include "stack/sdk/option_values.h"
#include "stack/sdk/socket_values.h"
#include "stack/tests/fixture_events.h"
#include "stack/tests/fixture_messages.h"

void register_network_events_tests(void);

static void a_connection_tells_its_story_once(void) {
    struct machine m;
    char heard[64];
    machine_begin(&m);
    struct talk talk = talking(&m);
    uint64_t event = new_event(&m, true, false);
    expect_ok(select_events(&m, talk.client, event, FD_ALL_EVENTS));
    CU_ASSERT_TRUE(is_signalled(&m, event));
    CU_ASSERT_EQUAL(take_events(&m, talk.client, event), FD_CONNECT | FD_WRITE);
    CU_ASSERT_FALSE(is_signalled(&m, event));
    CU_ASSERT_EQUAL(take_events(&m, talk.client, event), 0);
    expect_ok(send_text(&m, talk.server, "ab"));
    CU_ASSERT_TRUE(is_signalled(&m, event));
    CU_ASSERT_EQUAL(take_events(&m, talk.client, event), FD_READ);
    expect_ok(receive_at_most(&m, talk.client, 1, heard));
    CU_ASSERT_EQUAL(take_events(&m, talk.client, event), FD_READ);
    expect_ok(receive_at_most(&m, talk.client, 1, heard));
    CU_ASSERT_EQUAL(take_events(&m, talk.client, event), 0);
    expect_ok(close_socket(&m, talk.server));
    CU_ASSERT_EQUAL(take_events(&m, talk.client, event), FD_CLOSE);
    CU_ASSERT_EQUAL(code_of(&m, FD_CLOSE), 0);
    CU_ASSERT_EQUAL(code_of(&m, FD_READ), UINT32_MAX); /* W180: not its place */
}

/* A receive or an accept enables its event for what comes after it, as either reading of Q122 has it. */
static void what_was_taken_is_reported_anew(void) {
    for (unsigned candidate = 0; candidate < 2; candidate++) {
        struct machine m;
        char heard[64];
        uint64_t accepted;
        machine_with_reading(&m, Q122_MORE_OF_THE_SAME, candidate);
        struct talk talk = talking(&m);
        uint64_t event = new_event(&m, true, false), other = new_event(&m, true, false);
        expect_ok(select_events(&m, talk.client, event, FD_READ));
        expect_ok(select_events(&m, talk.listener, other, FD_ACCEPT));
        for (unsigned round = 0; round < 3; round++) {
            expect_ok(send_text(&m, talk.server, "ab"));
            pass_time(&m, 500); /* a small send waits for the acknowledgement of the one before */
            CU_ASSERT_EQUAL(take_events(&m, talk.client, event), FD_READ);
            expect_ok(receive_text(&m, talk.client, heard));
            CU_ASSERT_EQUAL(take_events(&m, talk.client, event), 0);
            expect_ok(connect_to(&m, tcp(&m), LOOPBACK_V4, talk.port));
            CU_ASSERT_EQUAL(take_events(&m, talk.listener, other), FD_ACCEPT);
            expect_ok(accept_on(&m, talk.listener, &accepted));
            CU_ASSERT_EQUAL(take_events(&m, talk.listener, other), 0);
            expect_ok(close_socket(&m, accepted));
        }
    }
}

static void a_listener_tells_of_each_connection(void) {
    struct machine m;
    uint64_t accepted;
    machine_begin(&m);
    struct talk talk = talking(&m);
    uint64_t event = new_event(&m, true, false), second = tcp(&m), third = tcp(&m);
    expect_ok(select_events(&m, talk.listener, event, FD_ACCEPT));
    CU_ASSERT_EQUAL(take_events(&m, talk.listener, event), 0);
    expect_ok(connect_to(&m, second, LOOPBACK_V4, talk.port));
    expect_ok(connect_to(&m, third, LOOPBACK_V4, talk.port));
    CU_ASSERT_EQUAL(take_events(&m, talk.listener, event), FD_ACCEPT);
    CU_ASSERT_FALSE(is_signalled(&m, event));
    expect_ok(accept_on(&m, talk.listener, &accepted));
    CU_ASSERT_TRUE(is_signalled(&m, event));
    CU_ASSERT_EQUAL(take_events(&m, talk.listener, event), FD_ACCEPT);
    expect_ok(accept_on(&m, talk.listener, &accepted));
    CU_ASSERT_EQUAL(take_events(&m, talk.listener, event), 0);
    expect_error(WSAEWOULDBLOCK, accept_on(&m, talk.listener, &accepted));
}

static void an_accepted_socket_has_its_listener_s_selection(void) {
    struct machine m;
    uint64_t accepted;
    char heard[64];
    machine_begin(&m);
    struct talk talk = talking(&m);
    uint64_t event = new_event(&m, true, false), client = tcp(&m);
    expect_ok(select_events(&m, talk.listener, event, FD_ACCEPT | FD_READ | FD_WRITE | FD_CONNECT));
    expect_ok(connect_to(&m, client, LOOPBACK_V4, talk.port));
    expect_ok(send_text(&m, client, "x"));
    expect_ok(accept_on(&m, talk.listener, &accepted));
    /* It has never connected: no FD_CONNECT. */
    CU_ASSERT_EQUAL(take_events(&m, accepted, event), FD_READ | FD_WRITE);
    expect_ok(receive_text(&m, accepted, heard));
    expect_error(WSAEWOULDBLOCK, receive_text(&m, accepted, heard));
    CU_ASSERT_EQUAL(take_events(&m, talk.server, event), 0); /* accepted before there was a selection */
}

/* No row is left for the selection that an accepted socket would have: accept fails, and the connection stays. */
static void without_room_for_its_selection_nothing_is_accepted(void) {
    struct machine m;
    uint64_t accepted;
    machine_begin(&m);
    struct talk talk = talking(&m);
    uint64_t event = new_event(&m, true, false), client = tcp(&m);
    expect_ok(connect_to(&m, client, LOOPBACK_V4, talk.port));
    expect_ok(select_events(&m, talk.listener, event, FD_ACCEPT));
    while (world_top(m.world, TABLE_SELECTIONS) < m.world->limits.selections)
        expect_ok(select_events(&m, udp(&m), event, FD_READ));
    expect_error(WSAENOBUFS, select_events(&m, client, event, FD_READ));
    expect_error(WSAENOBUFS, accept_on(&m, talk.listener, &accepted));
    CU_ASSERT_EQUAL(m.world->full, TABLE_SELECTIONS + 1);
    expect_ok(select_events(&m, talk.listener, 0, 0));
    expect_ok(accept_on(&m, talk.listener, &accepted));
}

/* A megabyte does not fit: FD_WRITE comes when the reader has made room. */
static void write_comes_again_when_there_is_room(void) {
    struct machine m;
    char heard[64], bytes[61];
    unsigned sent = 0;
    machine_begin(&m);
    struct talk talk = talking(&m);
    uint64_t event = new_event(&m, true, false);
    memset(bytes, 'x', sizeof bytes - 1);
    bytes[sizeof bytes - 1] = '\0';
    expect_ok(select_events(&m, talk.client, event, FD_WRITE));
    CU_ASSERT_EQUAL(take_events(&m, talk.client, event), FD_WRITE);
    while (send_text(&m, talk.client, bytes) == 0) sent++;
    CU_ASSERT_EQUAL(m.result.error, WSAEWOULDBLOCK);
    CU_ASSERT_EQUAL(take_events(&m, talk.client, event), 0);
    for (unsigned i = 0; i < sent; i++) expect_ok(receive_text(&m, talk.server, heard));
    for (unsigned i = 0; i < 10 && !is_signalled(&m, event); i++) pass_time(&m, 500);
    CU_ASSERT_EQUAL(take_events(&m, talk.client, event), FD_WRITE);
    CU_ASSERT_EQUAL(take_events(&m, talk.client, event), 0);
    expect_ok(send_text(&m, talk.client, "more"));
    CU_ASSERT_EQUAL(take_events(&m, talk.client, event), 0); /* W184 */
}

static void a_failed_connect_is_reported_with_its_error(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t event = new_event(&m, true, false), s = tcp(&m);
    expect_ok(select_events(&m, s, event, FD_CONNECT | FD_WRITE));
    expect_error(WSAEWOULDBLOCK, connect_to(&m, s, LOOPBACK_V4, 7));
    for (unsigned i = 0; i < 6 && !is_signalled(&m, event); i++) pass_time(&m, 500);
    CU_ASSERT_EQUAL(take_events(&m, s, event), FD_CONNECT);
    CU_ASSERT_EQUAL(code_of(&m, FD_CONNECT), WSAECONNREFUSED);
    CU_ASSERT_EQUAL(take_events(&m, s, event), 0);
    /* Another attempt is another event. */
    expect_error(WSAEWOULDBLOCK, connect_to(&m, s, LOOPBACK_V4, 7));
    for (unsigned i = 0; i < 6 && !is_signalled(&m, event); i++) pass_time(&m, 500);
    CU_ASSERT_EQUAL(take_events(&m, s, event), FD_CONNECT);
}

/* What has happened by the time of a first selection is in it, a failed connect and an end too. */
static void a_first_selection_finds_what_was(void) {
    struct machine m;
    machine_begin(&m);
    struct talk talk = talking(&m);
    uint64_t event = new_event(&m, true, false), s = tcp(&m);
    expect_ok(set_nonblocking(&m, s));
    expect_error(WSAEWOULDBLOCK, connect_to(&m, s, LOOPBACK_V4, 7));
    expect_ok(select_events(&m, s, event, FD_ALL_EVENTS)); /* while it still asks */
    CU_ASSERT_EQUAL(take_events(&m, s, event), 0);
    expect_ok(select_events(&m, s, 0, 0));
    for (unsigned i = 0; i < 6; i++) pass_time(&m, 500);
    expect_ok(select_events(&m, s, event, FD_ALL_EVENTS));
    CU_ASSERT_EQUAL(take_events(&m, s, event), FD_CONNECT);
    CU_ASSERT_EQUAL(code_of(&m, FD_CONNECT), WSAECONNREFUSED);
    expect_ok(send_text(&m, talk.client, "last"));
    expect_ok(close_socket(&m, talk.client));
    expect_ok(select_events(&m, talk.server, event, FD_ALL_EVENTS));
    CU_ASSERT_EQUAL(take_events(&m, talk.server, event), FD_READ | FD_WRITE | FD_CLOSE);
}

static void a_datagram_socket_can_be_written_and_read(void) {
    struct machine m;
    char heard[64];
    uint32_t sent;
    machine_begin(&m);
    uint64_t event = new_event(&m, true, false), s = udp(&m), other = udp(&m);
    expect_ok(bind_at(&m, s, LOOPBACK_V4, 9000));
    expect_ok(select_events(&m, s, event, FD_ALL_EVENTS));
    CU_ASSERT_EQUAL(take_events(&m, s, event), FD_WRITE);
    expect_ok(send_byte(&m, other, TO_LOOPBACK, 9000, &sent));
    CU_ASSERT_TRUE(is_signalled(&m, event));
    CU_ASSERT_EQUAL(take_events(&m, s, event), FD_READ);
    expect_ok(receive_text(&m, s, heard));
    CU_ASSERT_EQUAL(take_events(&m, s, event), 0);
    expect_ok(connect_to(&m, s, LOOPBACK_V4, 9001));
    CU_ASSERT_EQUAL(take_events(&m, s, event), FD_CONNECT);
}

static void a_selected_socket_does_not_block(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t event = new_event(&m, true, false), s = tcp(&m);
    expect_ok(select_events(&m, s, event, FD_READ));
    uint8_t no[4] = { 0 };
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_ioctlsocket;
    call.arguments[ioctlsocket_s] = s;
    call.arguments[ioctlsocket_cmd] = FIONBIO;
    call.ranges[ioctlsocket_argp] = (struct range){ .state = RANGE_GOOD, .length = 4 };
    CU_ASSERT_TRUE_FATAL(call_put_bytes(&call, ioctlsocket_argp, no, sizeof no));
    run_call(&m, &call);
    CU_ASSERT_EQUAL(m.result.error, WSAEINVAL);
    expect_ok(select_events(&m, s, 0, 0));
    run_call(&m, &call);
    CU_ASSERT_EQUAL(m.result.value, 0);
}

/* The event object lives as long as the selection, whoever closes its handle. */
static void a_selection_keeps_its_event(void) {
    struct machine m;
    machine_begin(&m);
    struct talk talk = talking(&m);
    uint64_t event = new_event(&m, true, false);
    expect_ok(select_events(&m, talk.client, event, FD_READ));
    plain_call(&m, FUNCTION_CloseHandle, event, 0, 0);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_EVENTS), 2);
    expect_ok(send_text(&m, talk.server, "x"));
    CU_ASSERT_EQUAL(take_events(&m, talk.client, 0), FD_READ);
    expect_ok(close_socket(&m, talk.client));
    CU_ASSERT_FALSE(world_event(m.world, 1)->used);
}

static void what_is_wrong_with_a_call_is_said(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t event = new_event(&m, true, false), s = tcp(&m);
    expect_error(WSAENOTSOCK, select_events(&m, event, event, FD_READ));
    expect_error(WSAEINVAL, select_events(&m, s, 0, FD_READ));
    expect_error(WSAEINVAL, select_events(&m, s, s, FD_READ));
    expect_ok(select_events(&m, s, s, 0));
    CU_ASSERT_EQUAL(take_events(&m, s, s), UINT32_MAX);
    CU_ASSERT_EQUAL(m.result.error, WSAEINVAL);
    CU_ASSERT_EQUAL(take_events(&m, event, 0), UINT32_MAX);
    CU_ASSERT_EQUAL(m.result.error, WSAENOTSOCK);
    model_network_down(m.world, true);
    expect_error(WSAENETDOWN, select_events(&m, s, event, FD_READ));
    model_network_down(m.world, false);
    plain_call(&m, FUNCTION_WSAEventSelect, s, event, 0x400);
    CU_ASSERT_EQUAL(m.result.status, RESULT_NOT_MODELLED);
    uint64_t raw = 0;
    expect_ok(make_socket(&m, AF_V4, RAW, ICMP, &raw)); /* what happens to it no source says */
    plain_call(&m, FUNCTION_WSAEventSelect, raw, event, FD_READ);
    CU_ASSERT_EQUAL(m.result.status, RESULT_NOT_MODELLED);
    plain_call(&m, FUNCTION_WSAEnumNetworkEvents, raw, 0, 0);
    CU_ASSERT_EQUAL(m.result.status, RESULT_NOT_MODELLED);
}

/* A receive that has no answer enables no event again. */
static void what_is_not_modelled_leaves_the_record(void) {
    struct machine m;
    static struct machine before;
    struct message message = { .flags = MSG_CTRUNC, .control_room = 64, .name_length = 16 };
    uint32_t sent;
    machine_begin(&m);
    uint64_t event = new_event(&m, true, false), s = udp(&m), other = udp(&m);
    expect_ok(bind_at(&m, s, LOOPBACK_V4, 9000));
    expect_ok(select_events(&m, s, event, FD_READ));
    expect_ok(send_byte(&m, other, TO_LOOPBACK, 9000, &sent));
    CU_ASSERT_EQUAL(take_events(&m, s, event), FD_READ);
    before = m;
    before.world = (void *)before.memory;
    (void)receive_message(&m, s, &message);
    CU_ASSERT_EQUAL(m.result.status, RESULT_NOT_MODELLED);
    CU_ASSERT_TRUE(same_world(&before, &m));
    CU_ASSERT_EQUAL(take_events(&m, s, event), 0);
}

static void records_are_part_of_the_world(void) {
    struct machine one, other;
    machine_begin(&one);
    machine_begin(&other);
    struct talk of_one = talking(&one), of_other = talking(&other);
    uint64_t event = new_event(&one, true, false), same = new_event(&other, true, false);
    expect_ok(select_events(&one, of_one.client, event, FD_READ));
    expect_ok(select_events(&other, of_other.client, same, FD_READ));
    CU_ASSERT_TRUE(same_world(&one, &other));
    expect_ok(select_events(&one, of_one.client, event, FD_READ | FD_WRITE));
    CU_ASSERT_FALSE(same_world(&one, &other));
    take_events(&one, of_one.client, event);
    expect_ok(select_events(&one, of_one.client, event, FD_READ));
    CU_ASSERT_FALSE(same_world(&one, &other));
}

void register_network_events_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/transport network events", NULL, NULL);
    CU_add_test(suite, "a connection tells its story once", a_connection_tells_its_story_once);
    CU_add_test(suite, "what was taken is reported anew", what_was_taken_is_reported_anew);
    CU_add_test(suite, "a listener tells of each connection", a_listener_tells_of_each_connection);
    CU_add_test(suite, "an accepted socket inherits", an_accepted_socket_has_its_listener_s_selection);
    CU_add_test(suite, "without room nothing is accepted", without_room_for_its_selection_nothing_is_accepted);
    CU_add_test(suite, "write comes again when there is room", write_comes_again_when_there_is_room);
    CU_add_test(suite, "a failed connect is reported", a_failed_connect_is_reported_with_its_error);
    CU_add_test(suite, "a first selection finds what was", a_first_selection_finds_what_was);
    CU_add_test(suite, "a datagram socket", a_datagram_socket_can_be_written_and_read);
    CU_add_test(suite, "a selected socket does not block", a_selected_socket_does_not_block);
    CU_add_test(suite, "a selection keeps its event", a_selection_keeps_its_event);
    CU_add_test(suite, "what is wrong with a call is said", what_is_wrong_with_a_call_is_said);
    CU_add_test(suite, "what is not modelled leaves the record", what_is_not_modelled_leaves_the_record);
    CU_add_test(suite, "records are part of the world", records_are_part_of_the_world);
}
