/* AcceptEx: what becomes of its accept socket, whatever ends it; and the conditions of WSAAccept. Each call is followed
 * by all invariants (fixture). */
#include "stack/model/model.h"
#include "stack/sdk/option_values.h"
#include "stack/sdk/socket_values.h"
#include "stack/system/handles.h"
#include "stack/tests/fixture_calls.h"
#include "stack/tests/fixture_wire.h"
#include "stack/transport/wire/packets.h"

void register_accept_ex_tests(void);

enum { ROOM_FOR_DATA = 8 };

/* A listener, and an AcceptEx that waits there for data; a client has connected. */
struct half_accepted {
    uint64_t listener, acceptor, client;
    unsigned port;
};

static struct half_accepted begin_half_accepted(struct machine *m) {
    struct half_accepted half = { 0 };
    half.listener = tcp(m);
    expect_ok(bind_at(m, half.listener, LOOPBACK_V4, 0));
    expect_ok(listen_on(m, half.listener));
    half.port = port_of(m, half.listener);
    half.acceptor = tcp(m);
    half.client = tcp(m);
    expect_error(WSA_IO_PENDING, accept_ex(m, half.listener, half.acceptor, ROOM_FOR_DATA));
    expect_ok(connect_to(m, half.client, LOOPBACK_V4, half.port));
    CU_ASSERT_EQUAL(world_top(m->world, TABLE_REQUESTS), 1);
    return half;
}

/* Three lengths that are more than 32 bits together have no buffer, whatever is left of their sum (W168). */
static void its_buffer_has_four_gigabytes_at_most(void) {
    enum { PART = SOCKADDR_IN_SIZE + 16 }; /* of each address */
    struct machine m;
    machine_begin(&m);
    uint64_t listener = tcp(&m);
    expect_ok(bind_at(&m, listener, LOOPBACK_V4, 0));
    expect_ok(listen_on(&m, listener));
    expect_error(WSAEFAULT, accept_ex(&m, listener, tcp(&m), UINT32_MAX - 2 * PART + 1));
    expect_error(WSA_IO_PENDING, accept_ex(&m, listener, tcp(&m), UINT32_MAX - 2 * PART));
}

static bool is_open(struct machine *m, uint64_t socket) {
    unsigned index = handle_find(m->world, PROCESS_APP, HANDLE_SOCKET, socket);
    return world_socket(m->world, index)->state == SOCKET_OPEN;
}

static void while_it_waits_for_data_no_one_uses_its_socket(void) {
    struct machine m;
    char heard[64];
    machine_begin(&m);
    struct half_accepted half = begin_half_accepted(&m);
    expect_error(WSAENOTCONN, send_text(&m, half.acceptor, "x"));
    expect_error(WSAENOTCONN, receive_text(&m, half.acceptor, heard));
    expect_error(WSAENOTCONN, update_accept_context(&m, half.acceptor, half.listener));
    expect_ok(send_text(&m, half.client, "hi"));
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_REQUESTS), 0);
    expect_ok(update_accept_context(&m, half.acceptor, half.listener));
    expect_ok(send_text(&m, half.acceptor, "x"));
}

/* It has its connection, so that the next one waits in line no longer (W170). */
static void while_it_waits_for_data_the_next_one_gets_the_next_connection(void) {
    struct machine m;
    char heard[64];
    machine_begin(&m);
    struct half_accepted half = begin_half_accepted(&m);
    uint64_t acceptor = tcp(&m), client = tcp(&m);
    expect_error(WSA_IO_PENDING, accept_ex(&m, half.listener, acceptor, 0));
    expect_ok(connect_to(&m, client, LOOPBACK_V4, half.port));
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_REQUESTS), 1);
    expect_ok(update_accept_context(&m, acceptor, half.listener));
    expect_ok(send_text(&m, client, "hi"));
    expect_ok(receive_text(&m, acceptor, heard));
    CU_ASSERT_STRING_EQUAL(heard, "hi");
}

static void while_it_waits_for_a_connection_binding_its_socket_is_not_modelled(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t listener = tcp(&m), acceptor = tcp(&m);
    expect_ok(bind_at(&m, listener, LOOPBACK_V4, 0));
    expect_ok(listen_on(&m, listener));
    expect_error(WSA_IO_PENDING, accept_ex(&m, listener, acceptor, 0));
    static const uint8_t name[SOCKADDR_IN_SIZE] = { AF_INET, 0, 0, 0, 127, 0, 0, 1 };
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_bind;
    call.arguments[bind_s] = acceptor;
    call.arguments[bind_namelen] = sizeof name;
    call.ranges[bind_name] = (struct range){ .address = 0x1000, .length = sizeof name, .state = RANGE_GOOD };
    CU_ASSERT_TRUE_FATAL(call_put_bytes(&call, bind_name, name, sizeof name));
    run_call(&m, &call);
    CU_ASSERT_EQUAL(m.result.status, RESULT_NOT_MODELLED);
    CU_ASSERT_TRUE(is_open(&m, acceptor));
}

static void a_cancelled_one_leaves_its_socket_open(void) {
    struct machine m;
    char heard[64];
    machine_begin(&m);
    struct half_accepted half = begin_half_accepted(&m);
    plain_call(&m, FUNCTION_CancelIoEx, half.listener, 0, 0);
    CU_ASSERT_TRUE(is_open(&m, half.acceptor));
    expect_error(WSAECONNRESET, receive_text(&m, half.client, heard));
    expect_error(WSA_IO_PENDING, accept_ex(&m, half.listener, half.acceptor, 0));
    expect_ok(connect_to(&m, tcp(&m), LOOPBACK_V4, half.port));
    expect_ok(update_accept_context(&m, half.acceptor, half.listener));
}

static void the_listener_closes_while_it_waits_for_data(void) {
    struct machine m;
    machine_begin(&m);
    struct half_accepted half = begin_half_accepted(&m);
    expect_ok(close_socket(&m, half.listener));
    CU_ASSERT_TRUE(is_open(&m, half.acceptor));
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_REQUESTS), 0);
    expect_ok(bind_at(&m, half.acceptor, LOOPBACK_V4, 0));
}

static void the_accept_socket_closes_while_it_waits_for_data(void) {
    struct machine m;
    char heard[64];
    machine_begin(&m);
    struct half_accepted half = begin_half_accepted(&m);
    expect_ok(close_socket(&m, half.acceptor));
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_REQUESTS), 0);
    expect_error(WSAECONNRESET, receive_text(&m, half.client, heard));
}

static void the_process_ends_while_it_waits_for_data(void) {
    struct machine m;
    machine_begin(&m);
    begin_half_accepted(&m);
    struct result result;
    result_clear(&result);
    model_process_end(m.world, m.chooser, PROCESS_APP, &result);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_SOCKETS), 0);
    CU_ASSERT_PTR_NULL(model_check(m.world));
}

static void a_reset_before_data_is_its_end(void) {
    struct machine m;
    machine_begin(&m);
    struct half_accepted half = begin_half_accepted(&m);
    expect_ok(linger_for(&m, half.client, 0));
    expect_ok(close_socket(&m, half.client));
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_REQUESTS), 0);
    CU_ASSERT_TRUE(is_open(&m, half.acceptor));
}

/* The accept socket has its listener's port without holding it: when the block goes, its binding is none of the
 * block's. */
static void a_block_is_released_whose_associate_was_accepted(void) {
    struct machine m;
    machine_with_reading(&m, Q54_RELEASE_WHILE_BOUND, Q54_BINDING_LOST);
    struct talk talk = talking(&m);
    uint64_t acquirer = tcp(&m), acceptor = tcp(&m), client = tcp(&m);
    struct grant grant = granted(&m, acquirer, 0, 4);
    expect_ok(associate(&m, acceptor, grant.token));
    expect_error(WSA_IO_PENDING, accept_ex(&m, talk.listener, acceptor, 0));
    expect_ok(connect_to(&m, client, LOOPBACK_V4, talk.port));
    expect_ok(update_accept_context(&m, acceptor, talk.listener));
    expect_ok(release(&m, acquirer, grant.token));
    expect_ok(close_socket(&m, acquirer));
    expect_ok(send_text(&m, acceptor, "x"));
}

static void one_of_two_handles_to_an_accept_socket_closes(void) {
    struct machine m;
    machine_with_two_processes(&m);
    struct half_accepted half = begin_half_accepted(&m);
    (void)shared_with_tool(&m, half.acceptor);
    expect_ok(close_socket(&m, half.acceptor));
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_REQUESTS), 1); /* W134: there is another one */
    expect_ok(send_text(&m, half.client, "hi"));
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_REQUESTS), 0);
}

/* WSAAccept with a condition that answers so: its error. */
static uint32_t accept_if(struct machine *m, uint64_t listener, enum condition condition) {
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_WSAAccept;
    call.arguments[WSAAccept_s] = listener;
    call.arguments[WSAAccept_lpfnCondition] = condition;
    call.ranges[WSAAccept_addr].state = call.ranges[WSAAccept_addrlen].state = RANGE_NULL;
    run_to_return(m, &call);
    return m->result.value == UINT64_MAX ? m->result.error : 0;
}

static void a_deferred_client_goes_to_the_next_accept(void) {
    struct machine m;
    uint64_t accepted;
    machine_begin(&m);
    struct talk talk = talking(&m);
    expect_ok(connect_to(&m, tcp(&m), LOOPBACK_V4, talk.port));
    expect_error(WSATRY_AGAIN, accept_if(&m, talk.listener, CONDITION_DEFER));
    expect_error(WSATRY_AGAIN, accept_if(&m, talk.listener, CONDITION_LOOK));
    expect_ok(set_nonblocking(&m, talk.listener));
    expect_ok(accept_on(&m, talk.listener, &accepted));
    expect_error(WSAEWOULDBLOCK, accept_on(&m, talk.listener, &accepted));
}

/* Programs ask their condition themselves, with the address that they are shown. */
static void who_looks_is_shown_the_client(void) {
    struct machine m;
    struct call call;
    uint8_t name[SOCKADDR_IN_SIZE] = { 0 }, room[4] = { SOCKADDR_IN_SIZE };
    machine_begin(&m);
    struct talk talk = talking(&m);
    uint64_t client = tcp(&m);
    expect_ok(connect_to(&m, client, LOOPBACK_V4, talk.port));
    for (unsigned condition = CONDITION_DEFER; condition <= CONDITION_LOOK; condition++) {
        call_clear(&call);
        call.function = FUNCTION_WSAAccept;
        call.arguments[WSAAccept_s] = talk.listener;
        call.arguments[WSAAccept_lpfnCondition] = condition;
        point_at_contents(&call, WSAAccept_addr, 0xb000, name, sizeof name);
        point_at_contents(&call, WSAAccept_addrlen, 0xb100, room, sizeof room);
        run_to_return(&m, &call);
        expect_error(WSATRY_AGAIN, m.result.error);
        CU_ASSERT_EQUAL(m.result.writes_count, condition == CONDITION_LOOK ? 2 : 0);
    }
}

static void a_rejected_client_is_reset(void) {
    struct machine m;
    char heard[64];
    machine_begin(&m);
    struct talk talk = talking(&m);
    uint64_t client = tcp(&m);
    expect_ok(connect_to(&m, client, LOOPBACK_V4, talk.port));
    expect_error(WSAECONNREFUSED, accept_if(&m, talk.listener, CONDITION_REJECT));
    expect_error(WSAECONNRESET, receive_text(&m, client, heard));
}

/* A listener with SO_CONDITIONAL_ACCEPT, and a client that has asked it for a connection. */
struct held_request {
    uint64_t listener, client;
    unsigned port;
};

static struct held_request begin_held_request(struct machine *m) {
    struct held_request held = { .listener = tcp(m), .client = tcp(m) };
    expect_ok(bind_at(m, held.listener, LOOPBACK_V4, 0));
    expect_ok(set_option(m, held.listener, SO_CONDITIONAL_ACCEPT, 1));
    expect_ok(listen_on(m, held.listener));
    expect_ok(set_nonblocking(m, held.client));
    held.port = port_of(m, held.listener);
    expect_error(WSAEWOULDBLOCK, connect_to(m, held.client, LOOPBACK_V4, held.port));
    expect_error(WSAENOTCONN, send_text(m, held.client, "x"));
    return held;
}

static void a_held_client_is_connected_once_it_is_accepted(void) {
    struct machine m;
    char heard[64];
    machine_begin(&m);
    struct held_request held = begin_held_request(&m);
    expect_error(WSATRY_AGAIN, accept_if(&m, held.listener, CONDITION_DEFER));
    expect_error(WSAENOTCONN, send_text(&m, held.client, "x"));
    expect_ok(accept_if(&m, held.listener, CONDITION_ACCEPT));
    uint64_t server = m.result.value;
    expect_ok(send_text(&m, held.client, "hi"));
    expect_ok(receive_text(&m, server, heard));
    CU_ASSERT_STRING_EQUAL(heard, "hi");
}

static void a_held_client_that_is_rejected_is_refused(void) {
    struct machine m;
    uint32_t error;
    machine_with_reading(&m, Q103_REFUSED_CONNECT, Q103_AT_ONCE);
    struct held_request held = begin_held_request(&m);
    expect_error(WSAECONNREFUSED, accept_if(&m, held.listener, CONDITION_REJECT));
    expect_ok(get_option(&m, held.client, SO_ERROR, &error));
    CU_ASSERT_EQUAL(error, WSAECONNREFUSED);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_CONNECTIONS), 1); /* the client's own */
}

static void held_clients_have_no_backlog_and_go_with_their_listener(void) {
    enum { CLIENTS = 6 }; /* the fixture listens with a backlog of 5 */
    struct machine m;
    uint32_t error;
    machine_with_reading(&m, Q103_REFUSED_CONNECT, Q103_AT_ONCE);
    struct held_request held = begin_held_request(&m);
    for (unsigned i = 1; i < CLIENTS; i++) {
        uint64_t client = tcp(&m);
        expect_ok(set_nonblocking(&m, client));
        expect_error(WSAEWOULDBLOCK, connect_to(&m, client, LOOPBACK_V4, held.port));
    }
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_CONNECTIONS), 2 * CLIENTS);
    expect_ok(close_socket(&m, held.listener));
    expect_ok(get_option(&m, held.client, SO_ERROR, &error));
    CU_ASSERT_EQUAL(error, WSAECONNREFUSED);
}

static void a_held_client_asks_again_in_vain(void) {
    struct machine m;
    uint32_t error;
    machine_begin(&m);
    struct held_request held = begin_held_request(&m);
    pass_time(&m, 4000); /* its SYN was sent again */
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_CONNECTIONS), 2);
    for (unsigned i = 0; i < 4; i++) pass_time(&m, 60000);
    expect_ok(get_option(&m, held.client, SO_ERROR, &error));
    CU_ASSERT_EQUAL(error, WSAETIMEDOUT);
    expect_ok(accept_if(&m, held.listener, CONDITION_ACCEPT)); /* no one has told the listener */
    char heard[64];
    expect_error(WSAECONNRESET, receive_text(&m, m.result.value, heard));
}

/* A segment from another machine's port 5555 to the listener, as the wire brings it. */
static void bring(struct machine *m, unsigned port, uint8_t flags, uint32_t sequence) {
    uint8_t packet[200];
    struct segment segment = { .protocol = PROTOCOL_TCP,
                               .flags = flags,
                               .hop_limit = HOP_LIMIT_ORDINARY,
                               .window_scale = WINDOW_SCALE_NONE,
                               .window = 8192,
                               .sequence = sequence };
    segment.source = (struct endpoint){ .family = 4, .port = 5555, .address = { { 192, 0, 2, 9 } } };
    segment.destination = (struct endpoint){ .family = 4, .port = (uint16_t)port, .address = { { 192, 0, 2, 1 } } };
    uint32_t length = segment_write(&segment, NULL, packet);
    CU_ASSERT_TRUE(packet_put(m->world, packet, length));
    settle(m);
}

/* The first sequence number of the connection that waits, held, or 0: there is none. */
static uint32_t held_from(const struct machine *m) {
    uint32_t found = 0;
    for (unsigned i = 0; i < world_top(m->world, TABLE_CONNECTIONS); i++) {
        const struct connection_row *row = world_connection_at(m->world, i);
        if (row->used && row->held && row->tcp.remote_port == 5555) found = row->tcp.receive_initial;
    }
    return found;
}

/* It has been told nothing, so that it is not known to have a connection: a new SYN of its own is a new request. */
static void a_held_client_may_begin_anew_or_give_up(void) {
    struct machine m;
    machine_begin(&m);
    static const struct own_address own = { .family = 4, .address = { { 192, 0, 2, 1 } } };
    *world_own_address(m.world, world_take(m.world, TABLE_ADDRESSES)) = own;
    uint64_t listener = tcp(&m);
    expect_ok(bind_at(&m, listener, ANY_V4, 0));
    expect_ok(set_option(&m, listener, SO_CONDITIONAL_ACCEPT, 1));
    expect_ok(listen_on(&m, listener));
    const unsigned port = port_of(&m, listener);
    bring(&m, port, SEGMENT_SYN, 100);
    CU_ASSERT_EQUAL(held_from(&m), 100);
    bring(&m, port, SEGMENT_SYN, 100); /* the same once more */
    CU_ASSERT_EQUAL(held_from(&m), 100);
    bring(&m, port, SEGMENT_SYN | SEGMENT_ACK, 300); /* what answers nothing */
    CU_ASSERT_EQUAL(held_from(&m), 100);
    bring(&m, port, SEGMENT_SYN, 200);
    CU_ASSERT_EQUAL(held_from(&m), 200);
    bring(&m, port, SEGMENT_RST, 200); /* not where the next byte is */
    bring(&m, port, SEGMENT_RST, 202);
    bring(&m, port, SEGMENT_ACK, 201);
    CU_ASSERT_EQUAL(held_from(&m), 200);
    bring(&m, port, SEGMENT_RST, 201);
    CU_ASSERT_EQUAL(held_from(&m), 0);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_CONNECTIONS), 0);
}

static void the_option_is_late_once_it_listens(void) {
    struct machine m;
    machine_begin(&m);
    struct talk talk = talking(&m);
    expect_error(WSAEINVAL, set_option(&m, talk.listener, SO_CONDITIONAL_ACCEPT, 1));
    expect_error(WSAENOPROTOOPT, set_option(&m, udp(&m), SO_CONDITIONAL_ACCEPT, 1));
}

void register_accept_ex_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/transport AcceptEx", NULL, NULL);
    CU_add_test(suite, "its buffer has four gigabytes at most", its_buffer_has_four_gigabytes_at_most);
    CU_add_test(suite, "while it waits for a connection, binding its socket is not modelled",
                while_it_waits_for_a_connection_binding_its_socket_is_not_modelled);
    CU_add_test(suite, "while it waits for data no one uses its socket",
                while_it_waits_for_data_no_one_uses_its_socket);
    CU_add_test(suite, "while it waits for data the next one gets the next connection",
                while_it_waits_for_data_the_next_one_gets_the_next_connection);
    CU_add_test(suite, "a cancelled one leaves its socket open", a_cancelled_one_leaves_its_socket_open);
    CU_add_test(suite, "its listener closes while it waits for data", the_listener_closes_while_it_waits_for_data);
    CU_add_test(suite, "its accept socket closes while it waits for data",
                the_accept_socket_closes_while_it_waits_for_data);
    CU_add_test(suite, "its process ends while it waits for data", the_process_ends_while_it_waits_for_data);
    CU_add_test(suite, "a reset before data is its end", a_reset_before_data_is_its_end);
    CU_add_test(suite, "a block is released whose associate was accepted",
                a_block_is_released_whose_associate_was_accepted);
    CU_add_test(suite, "a deferred client goes to the next accept", a_deferred_client_goes_to_the_next_accept);
    CU_add_test(suite, "who looks is shown the client", who_looks_is_shown_the_client);
    CU_add_test(suite, "a rejected client is reset", a_rejected_client_is_reset);
    CU_add_test(suite, "a held client is connected once it is accepted",
                a_held_client_is_connected_once_it_is_accepted);
    CU_add_test(suite, "a held client that is rejected is refused", a_held_client_that_is_rejected_is_refused);
    CU_add_test(suite, "held clients have no backlog, and go with their listener",
                held_clients_have_no_backlog_and_go_with_their_listener);
    CU_add_test(suite, "a held client asks again in vain", a_held_client_asks_again_in_vain);
    CU_add_test(suite, "a held client may begin anew, or give up", a_held_client_may_begin_anew_or_give_up);
    CU_add_test(suite, "the option is late once it listens", the_option_is_late_once_it_listens);
    CU_add_test(suite, "one of two handles to an accept socket closes", one_of_two_handles_to_an_accept_socket_closes);
}
