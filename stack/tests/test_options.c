/* Options that choose or share ports, exclusions of old builds, and a broadcast address. */
#include "stack/ports/exclusions.h"
#include "stack/ports/pool.h"
#include "stack/tests/fixture_calls.h"

void register_options_tests(void);

enum { SCALABILITY = 0x3006, REUSE_UNICASTPORT = 0x3007, REUSE_MULTICASTPORT = 0x3008, BROADCAST = 0x0020 };
enum { LOW = 50000, HIGH = 50001 };

/* A machine whose dynamic range has two ports. */
static void machine_with_two_ports(struct machine *m) {
    machine_begin(m);
    for (unsigned protocol = 0; protocol < PROTOCOLS_COUNT; protocol++) {
        m->world->dynamic_first[protocol] = LOW;
        m->world->dynamic_last[protocol] = HIGH;
    }
}

static uint64_t scalable(struct machine *m) {
    uint64_t s = tcp(m);
    expect_ok(set_option(m, s, SCALABILITY, 1));
    return s;
}

static void each_address_has_a_pool_of_its_own(void) {
    struct machine m;
    machine_with_two_ports(&m);
    uint64_t here[2] = { scalable(&m), scalable(&m) }, there[2] = { scalable(&m), scalable(&m) };
    for (unsigned i = 0; i < 2; i++) expect_ok(bind_at(&m, here[i], LOOPBACK_V4, 0));
    for (unsigned i = 0; i < 2; i++) expect_ok(bind_at(&m, there[i], OTHER_LOOPBACK_V4, 0));
    CU_ASSERT_NOT_EQUAL(port_of(&m, here[0]), port_of(&m, here[1]));
    CU_ASSERT_NOT_EQUAL(port_of(&m, there[0]), port_of(&m, there[1]));
    CU_ASSERT_NOT_EQUAL(bind_at(&m, scalable(&m), LOOPBACK_V4, 0), 0);
}

static void a_socket_without_the_option_gets_none_of_them(void) {
    struct machine m;
    machine_with_two_ports(&m);
    expect_ok(bind_at(&m, scalable(&m), LOOPBACK_V4, 0));
    expect_ok(bind_at(&m, scalable(&m), LOOPBACK_V4, 0));
    CU_ASSERT_NOT_EQUAL(bind_at(&m, tcp(&m), OTHER_LOOPBACK_V4, 0), 0);
    CU_ASSERT_NOT_EQUAL(bind_at(&m, tcp(&m), ANY_V4, 0), 0);
}

static void a_wildcard_bind_is_in_every_pool(void) {
    struct machine m;
    machine_with_two_ports(&m);
    expect_ok(bind_port(&m, tcp(&m), LOW));
    uint64_t s = scalable(&m);
    expect_ok(bind_at(&m, s, LOOPBACK_V4, 0));
    CU_ASSERT_EQUAL(port_of(&m, s), HIGH);
    CU_ASSERT_NOT_EQUAL(bind_at(&m, scalable(&m), LOOPBACK_V4, 0), 0);
}

static void on_the_wildcard_the_option_means_nothing(void) {
    struct machine m;
    machine_with_two_ports(&m);
    expect_ok(bind_at(&m, scalable(&m), LOOPBACK_V4, 0));
    expect_ok(bind_at(&m, scalable(&m), LOOPBACK_V4, 0));
    CU_ASSERT_NOT_EQUAL(bind_at(&m, scalable(&m), ANY_V4, 0), 0);
}

static void reserved_and_excluded_ports_are_in_no_pool(void) {
    struct machine m;
    machine_with_two_ports(&m);
    granted(&m, tcp(&m), LOW, 1);
    CU_ASSERT_NOT_EQUAL(exclusion_add(m.world, PROTOCOL_TCP, HIGH, HIGH, true), NO_ROW);
    CU_ASSERT_NOT_EQUAL(bind_at(&m, scalable(&m), LOOPBACK_V4, 0), 0);
}

static void options_are_stored(void) {
    static const int options[] = { SCALABILITY, REUSE_UNICASTPORT, REUSE_MULTICASTPORT, BROADCAST };
    struct machine m;
    machine_begin(&m);
    uint64_t s = udp(&m);
    for (unsigned i = 0; i < 4; i++) {
        uint32_t value = 7;
        expect_ok(get_option(&m, s, options[i], &value));
        CU_ASSERT_EQUAL(value, 0);
        expect_ok(set_option(&m, s, options[i], 5));
        expect_ok(get_option(&m, s, options[i], &value));
        CU_ASSERT_EQUAL(value, 1);
        struct machine before = m;
        before.world = (struct world *)before.memory;
        expect_ok(set_option(&m, s, options[i], 0));
        CU_ASSERT(!same_world(&before, &m));
    }
}

static void two_ways_to_choose_a_port_exclude_each_other(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t one = tcp(&m), other = tcp(&m);
    expect_ok(set_option(&m, one, REUSE_UNICASTPORT, 1));
    expect_error(WSAEINVAL, set_option(&m, one, RANDOMIZE_PORT, 1));
    expect_ok(set_option(&m, one, REUSE_UNICASTPORT, 0));
    expect_ok(set_option(&m, one, RANDOMIZE_PORT, 1));
    expect_ok(set_option(&m, other, RANDOMIZE_PORT, 1));
    expect_error(WSAEINVAL, set_option(&m, other, REUSE_UNICASTPORT, 1));
}

/* A machine with one port of the dynamic range, on which the choice is put off (Q124=b), and two listeners. */
static void machine_that_puts_off(struct machine *m, unsigned ports[2]) {
    machine_begin(m);
    world_settle_reading(m->world, Q124_REUSE_UNICASTPORT, Q124_PUT_OFF);
    for (unsigned i = 0; i < 2; i++) {
        uint64_t listener = tcp(m);
        ports[i] = 9000 + i;
        expect_ok(bind_at(m, listener, LOOPBACK_V4, ports[i]));
        expect_ok(listen_on(m, listener));
    }
    m->world->dynamic_first[PROTOCOL_TCP] = m->world->dynamic_last[PROTOCOL_TCP] = 50000;
}

static uint64_t put_off(struct machine *m) {
    uint64_t s = tcp(m);
    expect_ok(set_option(m, s, REUSE_UNICASTPORT, 1));
    expect_ok(bind_at(m, s, ANY_V4, 0));
    return s;
}

static void a_port_that_is_put_off_is_one_for_each_peer(void) {
    struct machine m;
    unsigned ports[2];
    machine_that_puts_off(&m, ports);
    uint64_t one = put_off(&m), other = put_off(&m), third = put_off(&m);
    CU_ASSERT_EQUAL(port_of(&m, one), 0);
    expect_error(WSAEINVAL, bind_at(&m, one, ANY_V4, 0));
    expect_ok(connect_to(&m, one, LOOPBACK_V4, ports[0]));
    expect_ok(connect_to(&m, other, LOOPBACK_V4, ports[1]));
    CU_ASSERT_EQUAL(port_of(&m, one), 50000);
    CU_ASSERT_EQUAL(port_of(&m, other), 50000);
    expect_error(WSAENOBUFS, connect_to(&m, third, LOOPBACK_V4, ports[0])); /* that peer has it */
    CU_ASSERT_EQUAL(port_of(&m, third), 0);
    expect_error(WSAENOBUFS, connect_to(&m, tcp(&m), LOOPBACK_V4, ports[0])); /* without the option it is not shared */
    expect_error(WSAEADDRINUSE, bind_at(&m, tcp(&m), LOOPBACK_V4, 50000));
}

/* Who has a port for himself does not share it. What listen does with a port that is put off, no source says. */
static void a_port_of_another_kind_is_not_shared(void) {
    struct machine m;
    unsigned ports[2];
    machine_that_puts_off(&m, ports);
    uint64_t plain = tcp(&m), s = put_off(&m), listener = put_off(&m);
    expect_ok(bind_at(&m, plain, ANY_V4, 0));
    expect_error(WSAENOBUFS, connect_to(&m, s, LOOPBACK_V4, ports[0]));
    plain_call(&m, FUNCTION_listen, listener, 5, 0);
    CU_ASSERT_EQUAL(m.result.status, RESULT_NOT_MODELLED);
    expect_ok(close_socket(&m, plain));
    expect_ok(connect_to(&m, s, LOOPBACK_V4, ports[0]));
}

static void a_block_is_taken_from_at_once(void) {
    struct machine m;
    unsigned ports[2];
    machine_that_puts_off(&m, ports);
    uint64_t s = tcp(&m);
    struct grant grant = granted(&m, tcp(&m), 0, 1);
    expect_ok(set_option(&m, s, REUSE_UNICASTPORT, 1));
    expect_ok(associate(&m, s, grant.token));
    expect_ok(bind_at(&m, s, ANY_V4, 0));
    CU_ASSERT_EQUAL(port_of(&m, s), grant.first);
    /* Put off, a socket is bound all the same (Q38). */
    expect_error(WSAEINVAL, associate(&m, put_off(&m), grant.token));
}

static void port_options_precede_bind(void) {
    struct machine m;
    uint64_t s = world_with_bound_socket(&m, LOW);
    expect_error(WSAEINVAL, set_option(&m, s, SCALABILITY, 1));
    expect_error(WSAEINVAL, set_option(&m, s, REUSE_UNICASTPORT, 1));
    expect_ok(set_option(&m, s, BROADCAST, 1));
}

/* With SO_RANDOMIZE_PORT no one asks in which order a block gives its ports. */
static void randomizing_lifts_the_order_of_a_block(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    struct grant grant = granted(&m, s, 0, 4);
    expect_ok(set_option(&m, s, RANDOMIZE_PORT, 1));
    expect_ok(associate(&m, s, grant.token));
    expect_ok(bind_port(&m, s, 0));
    CU_ASSERT(port_of(&m, s) >= grant.first && port_of(&m, s) < grant.first + grant.count);
    CU_ASSERT_FALSE(world_asked(m.world, Q47_PORT_OF_BLOCK));
    take_port(&m, grant.token);
    CU_ASSERT_TRUE(world_asked(m.world, Q47_PORT_OF_BLOCK));
}

static uint32_t second_reuse_bind(unsigned build, bool administered) {
    struct machine m;
    machine_begin(&m);
    m.world->build = build;
    CU_ASSERT_NOT_EQUAL(exclusion_add(m.world, PROTOCOL_TCP, LOW, LOW, administered), NO_ROW);
    uint64_t first = tcp(&m), second = tcp(&m);
    expect_ok(set_option(&m, first, REUSE_ADDRESS, 1));
    expect_ok(set_option(&m, second, REUSE_ADDRESS, 1));
    if (administered) expect_ok(bind_port(&m, first, LOW));
    return bind_port(&m, second, LOW);
}

static void old_builds_lost_the_mark_of_reuse(void) {
    expect_error(WSAEACCES, second_reuse_bind(7600, true));
    expect_error(WSAEACCES, second_reuse_bind(9600, true));
    expect_ok(second_reuse_bind(9601, true));
    expect_ok(second_reuse_bind(7599, true));
    expect_ok(second_reuse_bind(0, true));
    expect_error(WSAEACCES, second_reuse_bind(22621, false));
}

static void broadcast_is_asked_for(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t s = udp(&m);
    uint32_t sent = 0;
    expect_error(WSAEACCES, send_byte(&m, s, TO_BROADCAST, 9, &sent));
    expect_ok(set_option(&m, s, BROADCAST, 1));
}

/* Whom it reaches is not modelled: 255.255.255.255 with SO_BROADCAST, and 224.0.0.1, by sendto and by connect. */
static void what_goes_to_several_is_not_modelled(void) {
    enum { NAME = 0x7000 };
    static const uint8_t names[][SOCKADDR_IN_SIZE] = { { AF_INET, 0, 0, 9, 255, 255, 255, 255 },
                                                       { AF_INET, 0, 0, 9, 224, 0, 0, 1 } };
    for (unsigned i = 0; i < 4; i++) {
        struct machine m;
        struct call call;
        machine_begin(&m);
        uint64_t s = udp(&m);
        expect_ok(set_option(&m, s, BROADCAST, 1));
        call_clear(&call);
        bool connects = i >= 2;
        call.function = connects ? FUNCTION_connect : FUNCTION_sendto;
        call.arguments[connects ? connect_s : sendto_s] = s;
        call.arguments[connects ? connect_namelen : sendto_tolen] = SOCKADDR_IN_SIZE;
        point_at_contents(&call, connects ? connect_name : sendto_to, NAME, names[i % 2], SOCKADDR_IN_SIZE);
        if (!connects) point_at_contents(&call, sendto_buf, NAME + SOCKADDR_IN_SIZE, "x", 1);
        if (!connects) call.arguments[sendto_len] = 1;
        run_call(&m, &call);
        CU_ASSERT_EQUAL(m.result.status, RESULT_NOT_MODELLED);
    }
}

void register_options_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/options", NULL, NULL);
    CU_add_test(suite, "each address has a pool of its own", each_address_has_a_pool_of_its_own);
    CU_add_test(suite, "a socket without the option gets none of them", a_socket_without_the_option_gets_none_of_them);
    CU_add_test(suite, "a wildcard bind is in every pool", a_wildcard_bind_is_in_every_pool);
    CU_add_test(suite, "on the wildcard the option means nothing", on_the_wildcard_the_option_means_nothing);
    CU_add_test(suite, "reserved and excluded ports are in no pool", reserved_and_excluded_ports_are_in_no_pool);
    CU_add_test(suite, "options are stored", options_are_stored);
    CU_add_test(suite, "two ways to choose a port exclude each other", two_ways_to_choose_a_port_exclude_each_other);
    CU_add_test(suite, "port options precede bind", port_options_precede_bind);
    CU_add_test(suite, "randomizing lifts the order of a block", randomizing_lifts_the_order_of_a_block);
    CU_add_test(suite, "old builds lost the mark of reuse", old_builds_lost_the_mark_of_reuse);
    CU_add_test(suite, "a port that is put off is one for each peer", a_port_that_is_put_off_is_one_for_each_peer);
    CU_add_test(suite, "a port of another kind is not shared", a_port_of_another_kind_is_not_shared);
    CU_add_test(suite, "a block is taken from at once", a_block_is_taken_from_at_once);
    CU_add_test(suite, "broadcast is asked for", broadcast_is_asked_for);
    CU_add_test(suite, "what goes to several is not modelled", what_goes_to_several_is_not_modelled);
}
