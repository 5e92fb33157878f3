/* sendto: counts, what is wrong with a destination, and the bind that comes with it. */
#include "stack/tests/fixture_calls.h"

void register_sendto_tests(void);

static void a_datagram_to_no_one_is_sent_and_binds(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t s = udp(&m);
    uint32_t sent = 0;
    expect_ok(send_byte(&m, s, TO_LOOPBACK, 9, &sent));
    CU_ASSERT_EQUAL(sent, 1);
    unsigned port = port_of(&m, s);
    CU_ASSERT(port >= 49152);
    expect_ok(send_byte(&m, s, TO_LOOPBACK, 9, &sent));
    CU_ASSERT_EQUAL(port_of(&m, s), port);
    expect_error(WSAEINVAL, bind_port(&m, s, 0));
}

static void what_goes_nowhere_does_not_bind(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t s = udp(&m);
    uint32_t sent = 0;
    expect_error(WSAENETUNREACH, send_byte(&m, s, TO_ELSEWHERE, 9, &sent));
    expect_error(WSAEADDRNOTAVAIL, send_byte(&m, s, TO_LOOPBACK, 0, &sent));
    expect_error(WSAEADDRNOTAVAIL, send_byte(&m, s, TO_WILDCARD, 9, &sent));
    expect_error(WSAEDESTADDRREQ, send_byte(&m, s, TO_NULL, 9, &sent));
    expect_error(WSAEFAULT, send_byte(&m, s, TO_SHORT, 9, &sent));
    CU_ASSERT_EQUAL(port_of(&m, s), 0);
    expect_error(WSAENOTSOCK, send_byte(&m, NOT_GIVEN, TO_LOOPBACK, 9, &sent));
}

static void a_connected_datagram_socket_knows_where_to(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t s = udp(&m);
    uint32_t sent = 0;
    expect_ok(connect_to(&m, s, LOOPBACK_V4, 9));
    expect_ok(send_byte(&m, s, TO_NULL, 0, &sent));
    CU_ASSERT_EQUAL(sent, 1);
}

static void streams_have_to_be_connected(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t server = tcp(&m), client = tcp(&m);
    uint32_t sent = 0;
    expect_error(WSAENOTCONN, send_byte(&m, client, TO_LOOPBACK, 9, &sent));
    CU_ASSERT_EQUAL(port_of(&m, client), 0);
    expect_ok(bind_at(&m, server, LOOPBACK_V4, 0));
    expect_ok(listen_on(&m, server));
    expect_ok(connect_to(&m, client, LOOPBACK_V4, port_of(&m, server)));
    expect_ok(send_byte(&m, client, TO_ELSEWHERE, 9, &sent)); /* the destination is not looked at */
}

static void an_association_gives_the_port(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t s = udp(&m);
    struct grant grant = granted(&m, s, 0, 1);
    uint32_t sent = 0;
    expect_ok(associate(&m, s, grant.token));
    expect_ok(send_byte(&m, s, TO_LOOPBACK, 9, &sent));
    CU_ASSERT_EQUAL(port_of(&m, s), grant.first);
    expect_error(WSAEINVAL, associate(&m, s, grant.token)); /* Q38: it is bound now */
}

static void or_the_dynamic_range_does(void) {
    struct machine m;
    machine_with_reading(&m, Q53_IMPLICIT_BIND, Q53_DYNAMIC_RANGE);
    uint64_t s = udp(&m);
    struct grant grant = granted(&m, s, 0, 1);
    uint32_t sent = 0;
    expect_ok(associate(&m, s, grant.token));
    expect_ok(send_byte(&m, s, TO_LOOPBACK, 9, &sent));
    CU_ASSERT_NOT_EQUAL(port_of(&m, s), grant.first);
}

static void a_used_up_block_sends_nothing(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t keeper = udp(&m), s = udp(&m);
    struct grant grant = granted(&m, keeper, 0, 1);
    uint32_t sent = 0;
    expect_ok(associate(&m, keeper, grant.token));
    expect_ok(bind_port(&m, keeper, 0));
    expect_ok(associate(&m, s, grant.token));
    expect_error(WSAEADDRINUSE, send_byte(&m, s, TO_LOOPBACK, 9, &sent));
}

/* Bytes that are not there are of no length, also where the number would be too long for a datagram. */
static void data_that_is_not_there_is_not_too_long(void) {
    static const struct profile open = { .name = "open" };
    enum { DATA_AT = 0x30000, NAME_AT = 0x31000, SEEDS = 12 };
    static const uint8_t name[SOCKADDR_IN_SIZE] = { AF_INET, 0, 0, 9, 127, 0, 0, 1 };
    static const int64_t lengths[] = { -1, INT32_MIN, 70000 };
    for (uint64_t seed = 1; seed <= SEEDS; seed++)
        for (unsigned i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
            struct machine m;
            struct call call;
            machine_begin(&m);
            uint64_t s = udp(&m);
            m.profile = open;
            simulating_chooser_init(&m.simulating, &m.profile, seed);
            call_clear(&call);
            call.function = FUNCTION_sendto;
            call.arguments[sendto_s] = s;
            call.arguments[sendto_buf] = DATA_AT;
            call.arguments[sendto_len] = (uint64_t)lengths[i];
            call.ranges[sendto_buf] = (struct range){ .address = DATA_AT, .state = RANGE_BAD };
            point_at_contents(&call, sendto_to, NAME_AT, name, sizeof name);
            call.arguments[sendto_tolen] = sizeof name;
            run_call(&m, &call);
            CU_ASSERT_EQUAL(m.result.error, WSAEFAULT);
        }
}

/* A dual-stack socket that is bound to an address of one family has no way to the other (inferred: no route begins
 * there). */
static void who_is_bound_in_one_family_does_not_reach_the_other(void) {
    static const struct {
        enum address own, other;
        uint32_t error;
    } rows[] = {
        { LOOPBACK_V6, MAPPED_LOOPBACK, WSAENETUNREACH },
        { MAPPED_LOOPBACK, LOOPBACK_V6, WSAENETUNREACH },
        { LOOPBACK_V6, LOOPBACK_V6, 0 },
        { MAPPED_LOOPBACK, MAPPED_LOOPBACK, 0 },
        { ANY_V6, LOOPBACK_V6, 0 },
        { ANY_V6, MAPPED_LOOPBACK, 0 },
    };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct machine m;
        machine_begin(&m);
        uint64_t s = dual_stack_udp(&m);
        expect_ok(bind_at(&m, s, rows[i].own, 20000));
        expect_error(rows[i].error, connect_to(&m, s, rows[i].other, 9));
    }
}

void register_sendto_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/sendto", NULL, NULL);
    CU_add_test(suite, "a datagram to no one is sent, and binds", a_datagram_to_no_one_is_sent_and_binds);
    CU_add_test(suite, "what goes nowhere does not bind", what_goes_nowhere_does_not_bind);
    CU_add_test(suite, "a connected datagram socket knows where to", a_connected_datagram_socket_knows_where_to);
    CU_add_test(suite, "streams have to be connected", streams_have_to_be_connected);
    CU_add_test(suite, "an association gives the port", an_association_gives_the_port);
    CU_add_test(suite, "or the dynamic range does", or_the_dynamic_range_does);
    CU_add_test(suite, "data that is not there is not too long", data_that_is_not_there_is_not_too_long);
    CU_add_test(suite, "who is bound in one family", who_is_bound_in_one_family_does_not_reach_the_other);
    CU_add_test(suite, "a used-up block sends nothing", a_used_up_block_sends_nothing);
}
