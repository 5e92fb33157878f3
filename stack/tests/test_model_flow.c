/* The life of a reservation: granted, consumed, exhausted, gone. Under the profile `windows`. */
#include "stack/tests/fixture.h"

void register_model_flow_tests(void);

/* Facts 5.1, step by step. */
static void canonical_runtime_flow(void) {
    struct machine m;
    uint64_t acquirer = world_with_open_socket(&m);
    struct grant grant = granted(&m, acquirer, 0, 20);
    CU_ASSERT_EQUAL(bytes_returned(&m), 16);
    CU_ASSERT_EQUAL(grant.count, 20);
    CU_ASSERT(grant.first >= 49152 && grant.first + 19 <= 65535);

    uint64_t user = tcp(&m);
    expect_ok(associate(&m, user, grant.token));
    CU_ASSERT_EQUAL(port_of(&m, user), 0);
    CU_ASSERT_EQUAL(m.result.error, WSAEINVAL);
    expect_ok(bind_port(&m, user, 0));
    unsigned port = port_of(&m, user);
    CU_ASSERT(port >= grant.first && port < grant.first + 20);

    expect_ok(close_socket(&m, user));
    expect_ok(release(&m, acquirer, grant.token));
    expect_ok(close_socket(&m, acquirer));
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_WSACleanup, 0, 0, 0), 0);
}

static void the_acquirer_may_use_its_own_block(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    struct grant grant = granted(&m, s, 5000, 20);
    CU_ASSERT_EQUAL(grant.first, 5000);
    expect_ok(associate(&m, s, grant.token));
    expect_ok(bind_port(&m, s, 0));
    CU_ASSERT_EQUAL(port_of(&m, s), 5000);
    expect_ok(release(&m, s, grant.token));
    CU_ASSERT_EQUAL(port_of(&m, s), 5000);
}

static void ten_wildcard_blocks_on_one_socket_lie_apart(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    struct grant grants[10];
    for (unsigned i = 0; i < 10; i++) grants[i] = granted(&m, s, 0, 64);
    for (unsigned i = 1; i < 10; i++)
        for (unsigned k = 0; k < i; k++) {
            CU_ASSERT(grants[i].first >= grants[k].first + 64 || grants[k].first >= grants[i].first + 64);
            CU_ASSERT_NOT_EQUAL(grants[i].token, grants[k].token);
        }
    expect_ok(close_socket(&m, s));
    CU_ASSERT_EQUAL(granted(&m, tcp(&m), grants[3].first, 64).first, grants[3].first);
}

static void a_wildcard_skips_what_is_held(void) {
    struct machine m;
    uint64_t s = world_with_bound_socket(&m, 49160);
    CU_ASSERT_EQUAL(granted(&m, s, 0, 8).first, 49152);
    CU_ASSERT_EQUAL(granted(&m, s, 0, 8).first, 49161);
    m.world->dynamic_first[PROTOCOL_TCP] = 33000;
    CU_ASSERT_EQUAL(granted(&m, s, 0, 8).first, 33000);
}

static void the_whole_dynamic_range_can_be_one_block(void) {
    struct machine m;
    struct grant grant;
    uint64_t s = world_with_open_socket(&m);
    expect_error(WSAENOBUFS, acquire(&m, s, 0, 16385, &grant));
    CU_ASSERT_FALSE(output_written(&m));
    CU_ASSERT_EQUAL(granted(&m, s, 0, 16384).first, 49152);
    expect_error(WSAENOBUFS, acquire(&m, s, 0, 1, &grant));
    expect_error(WSAENOBUFS, bind_port(&m, tcp(&m), 0));
}

static void a_block_is_exhausted_and_a_closed_socket_gives_its_port_back(void) {
    struct machine m;
    struct grant grant = granted(&m, world_with_open_socket(&m), 50000, 3);
    CU_ASSERT_EQUAL(take_port(&m, grant.token), 50000);
    uint64_t middle = tcp(&m);
    expect_ok(associate(&m, middle, grant.token));
    expect_ok(bind_port(&m, middle, 0));
    CU_ASSERT_EQUAL(port_of(&m, middle), 50001);
    CU_ASSERT_EQUAL(take_port(&m, grant.token), 50002);
    uint64_t late = tcp(&m);
    expect_ok(associate(&m, late, grant.token));
    expect_error(WSAEADDRINUSE, bind_port(&m, late, 0));
    expect_ok(close_socket(&m, middle));
    expect_ok(bind_port(&m, late, 0));
    CU_ASSERT_EQUAL(port_of(&m, late), 50001);
}

static void protocols_do_not_meet(void) {
    struct machine m;
    uint64_t t = world_with_open_socket(&m);
    uint64_t u = udp(&m);
    granted(&m, t, 50000, 10);
    granted(&m, u, 50000, 10);
    expect_error(WSAEACCES, bind_port(&m, tcp(&m), 50000));
    expect_error(WSAEACCES, bind_port(&m, udp(&m), 50009));
    expect_ok(bind_port(&m, udp(&m), 50010));
}

static void a_wildcard_bind_keeps_out_of_blocks(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    granted(&m, s, 0, 100);
    uint64_t stranger = tcp(&m);
    expect_ok(bind_port(&m, stranger, 0));
    CU_ASSERT_EQUAL(port_of(&m, stranger), 49252);
}

static void a_closed_acquirer_takes_its_block_with_it(void) {
    struct machine m;
    uint64_t acquirer = world_with_open_socket(&m);
    struct grant grant = granted(&m, acquirer, 50000, 10);
    uint64_t early = tcp(&m);
    expect_ok(associate(&m, early, grant.token));
    expect_ok(close_socket(&m, acquirer));
    expect_error(WSAEINVAL, associate(&m, tcp(&m), grant.token));
    expect_error(WSAEINVAL, release(&m, early, grant.token));
    expect_error(WSAEINVAL, bind_port(&m, early, 0));
    expect_ok(bind_port(&m, tcp(&m), 50005));
}

static void a_released_block_is_free_again(void) {
    struct machine m;
    uint64_t acquirer = world_with_open_socket(&m);
    struct grant first = granted(&m, acquirer, 50000, 10);
    expect_ok(release(&m, acquirer, first.token));
    struct grant second = granted(&m, acquirer, 50000, 10);
    CU_ASSERT_NOT_EQUAL(first.token, second.token);
    expect_error(WSAEINVAL, associate(&m, tcp(&m), first.token));
    expect_ok(associate(&m, tcp(&m), second.token));
}

/* Q23=b: each socket means its own protocol's block, also when that is gone. */
static void both_protocols_may_have_one_token(void) {
    struct machine m;
    machine_with_reading(&m, Q23_TOKEN_VALUES, Q23_MAY_COLLIDE);
    uint64_t of_tcp = tcp(&m), of_udp = udp(&m);
    uint64_t token = granted(&m, of_tcp, 50000, 10).token;
    CU_ASSERT_EQUAL_FATAL(granted(&m, of_udp, 60000, 10).token, token);
    CU_ASSERT_NOT_EQUAL(granted(&m, of_udp, 61000, 10).token, token);
    expect_ok(release(&m, of_tcp, token));
    expect_ok(bind_port(&m, tcp(&m), 50000));
    expect_error(WSAEINVAL, release(&m, of_tcp, token));
    expect_error(WSAEINVAL, associate(&m, tcp(&m), token));
    uint64_t user = udp(&m);
    expect_ok(associate(&m, user, token));
    expect_ok(bind_port(&m, user, 0));
    unsigned port = port_of(&m, user);
    CU_ASSERT_TRUE(port >= 60000 && port < 60010);
    CU_ASSERT_PTR_NULL(model_check(m.world));
}

/* A row that was given anew is not the reservation that a socket was associated with before. */
static void an_association_does_not_move_to_the_next_block(void) {
    struct machine m;
    uint64_t acquirer = world_with_open_socket(&m);
    uint64_t user = tcp(&m);
    expect_ok(associate(&m, user, granted(&m, acquirer, 50000, 10).token));
    expect_ok(close_socket(&m, acquirer));
    granted(&m, tcp(&m), 51000, 10);
    expect_error(WSAEINVAL, bind_port(&m, user, 0));
}

static void another_process_neither_uses_nor_ends_it(void) {
    struct machine m;
    machine_with_two_processes(&m);
    uint64_t acquirer = tcp(&m);
    struct grant grant = granted(&m, acquirer, 50000, 10);
    speak_as(&m, TOOL);
    uint64_t foreign = tcp(&m);
    expect_error(WSAEINVAL, associate(&m, foreign, grant.token));
    expect_error(WSAEINVAL, release(&m, foreign, grant.token));
    struct grant other;
    expect_error(WSAEADDRINUSE, acquire(&m, foreign, 50009, 2, &other));
    speak_as(&m, APP);
    CU_ASSERT_EQUAL(take_port(&m, grant.token), 50000);
}

static void any_thread_of_the_process_may_use_it(void) {
    struct machine m;
    uint64_t acquirer = world_with_open_socket(&m);
    struct grant grant = granted(&m, acquirer, 50000, 1);
    speak_as(&m, APP_SECOND);
    CU_ASSERT_EQUAL(take_port(&m, grant.token), 50000);
    expect_ok(release(&m, acquirer, grant.token));
}

/* As many RELEASEd blocks as there are rows: the oldest tombstone makes room. */
static void tombstones_do_not_use_up_the_table(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    unsigned rows = m.world->limits.reservations;
    for (unsigned i = 0; i < 3 * rows; i++) {
        struct grant grant = granted(&m, s, 50000, 1);
        expect_ok(release(&m, s, grant.token));
        expect_error(WSAEINVAL, release(&m, s, grant.token));
    }
    for (unsigned i = 0; i < rows; i++) granted(&m, s, 51000 + i, 1);
    struct grant grant;
    expect_error(WSAENOBUFS, acquire(&m, s, 52000, 1, &grant));
}

static void the_last_port_can_be_reserved(void) {
    struct machine m;
    struct grant grant;
    uint64_t s = world_with_open_socket(&m);
    expect_error(WSAEINVAL, acquire(&m, s, 65535, 2, &grant));
    grant = granted(&m, s, 65535, 1);
    CU_ASSERT_EQUAL(take_port(&m, grant.token), 65535);
    expect_error(WSAEADDRINUSE, acquire(&m, s, 1, 65535, &grant));
}

/* msquic: one port acquired by its number, each socket associated, and bound by the number. */
static void msquic_pattern(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t s = udp(&m);
    struct grant grant = granted(&m, s, 4433, 1);
    expect_ok(associate(&m, s, grant.token));
    expect_ok(bind_port(&m, s, 4433));
    CU_ASSERT_EQUAL(port_of(&m, s), 4433);
    struct grant second;
    expect_error(WSAEADDRINUSE, acquire(&m, udp(&m), 4433, 1, &second));
}

void register_model_flow_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/model flow", NULL, NULL);
    CU_add_test(suite, "canonical runtime flow", canonical_runtime_flow);
    CU_add_test(suite, "the acquirer may use its own block", the_acquirer_may_use_its_own_block);
    CU_add_test(suite, "ten wildcard blocks on one socket lie apart", ten_wildcard_blocks_on_one_socket_lie_apart);
    CU_add_test(suite, "a wildcard skips what is held", a_wildcard_skips_what_is_held);
    CU_add_test(suite, "the whole dynamic range can be one block", the_whole_dynamic_range_can_be_one_block);
    CU_add_test(suite, "a block is exhausted, and a closed socket gives its port back",
                a_block_is_exhausted_and_a_closed_socket_gives_its_port_back);
    CU_add_test(suite, "protocols do not meet", protocols_do_not_meet);
    CU_add_test(suite, "a wildcard bind keeps out of blocks", a_wildcard_bind_keeps_out_of_blocks);
    CU_add_test(suite, "a closed acquirer takes its block with it", a_closed_acquirer_takes_its_block_with_it);
    CU_add_test(suite, "a released block is free again", a_released_block_is_free_again);
    CU_add_test(suite, "both protocols may have one token", both_protocols_may_have_one_token);
    CU_add_test(suite, "an association does not move to the next block",
                an_association_does_not_move_to_the_next_block);
    CU_add_test(suite, "another process neither uses nor ends it", another_process_neither_uses_nor_ends_it);
    CU_add_test(suite, "any thread of the process may use it", any_thread_of_the_process_may_use_it);
    CU_add_test(suite, "tombstones do not use up the table", tombstones_do_not_use_up_the_table);
    CU_add_test(suite, "the last port can be reserved", the_last_port_can_be_reserved);
    CU_add_test(suite, "msquic's pattern", msquic_pattern);
}
