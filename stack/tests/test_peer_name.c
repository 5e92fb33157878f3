#include <string.h>

#include "stack/tests/fixture.h"
#include "stack/tests/fixture_calls.h"

void register_peer_name_tests(void);

enum { NAME_ADDRESS = 0x1000, LENGTH_ADDRESS = 0x2000, NAME_PORT = 2 };

static void memory(struct call *call, unsigned argument, uint64_t address, uint32_t length) {
    call->arguments[argument] = call->ranges[argument].address = address;
    call->ranges[argument].state = length == 0 ? RANGE_BAD : RANGE_GOOD;
    call->ranges[argument].length = length;
}

/* getpeername with `room` bytes of memory, which the call says are `length`; no room: a bad pointer. */
static uint32_t peer_raw(struct machine *m, uint64_t socket, uint32_t room, uint32_t length) {
    uint8_t stored[4];
    struct call call;
    call_clear(&call);
    store_u32(stored, length);
    call.function = FUNCTION_getpeername;
    call.arguments[getpeername_s] = socket;
    memory(&call, getpeername_name, NAME_ADDRESS, room);
    memory(&call, getpeername_namelen, LENGTH_ADDRESS, sizeof stored);
    CU_ASSERT_TRUE(call_put_bytes(&call, getpeername_namelen, stored, sizeof stored));
    run_call(m, &call);
    return m->result.value == 0 ? 0 : m->result.error;
}

/* The port of the peer; 0 when there is none. */
static unsigned peer_port_of(struct machine *m, uint64_t socket) {
    if (peer_raw(m, socket, SOCKADDR_IN6_SIZE, SOCKADDR_IN6_SIZE) != 0) return 0;
    const uint8_t *name = written(m, NAME_ADDRESS, SOCKADDR_IN_SIZE);
    return name == NULL ? 0 : load_u16_network(name + NAME_PORT);
}

static uint64_t connected_socket(struct machine *m, unsigned port) {
    machine_begin(m);
    uint64_t server = tcp(m), s = tcp(m);
    expect_ok(bind_at(m, server, LOOPBACK_V4, port));
    expect_ok(listen_on(m, server));
    expect_ok(connect_to(m, s, LOOPBACK_V4, port));
    return s;
}

static void only_a_connected_socket_has_a_peer(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    expect_error(WSAENOTCONN, peer_raw(&m, s, 16, 16));
    expect_error(WSAENOTCONN, peer_raw(&m, s, 0, 0)); /* W83: state before pointers */
    expect_ok(bind_port(&m, s, 8000));
    expect_error(WSAENOTCONN, peer_raw(&m, s, 16, 16));
    expect_ok(listen_on(&m, s));
    expect_error(WSAENOTCONN, peer_raw(&m, s, 16, 16));
    expect_error(WSAENOTSOCK, peer_raw(&m, NOT_GIVEN, 16, 16));
    CU_ASSERT_EQUAL(m.result.writes_count, 0);
}

static void the_peer_is_the_whole_address(void) {
    static const uint8_t expected[SOCKADDR_IN_SIZE] = { 2, 0, 0x1f, 0x40, 127, 0, 0, 1 };
    struct machine m;
    uint64_t s = connected_socket(&m, 8000);
    expect_ok(peer_raw(&m, s, 64, 64));
    const uint8_t *name = written(&m, NAME_ADDRESS, SOCKADDR_IN_SIZE);
    CU_ASSERT_PTR_NOT_NULL_FATAL(name);
    CU_ASSERT_EQUAL(memcmp(name, expected, sizeof expected), 0);
    CU_ASSERT_EQUAL(load_u32(written(&m, LENGTH_ADDRESS, 4)), SOCKADDR_IN_SIZE);
}

static void a_buffer_that_is_bad_or_short_stays(void) {
    struct machine m;
    uint64_t s = connected_socket(&m, 8000);
    expect_error(WSAEFAULT, peer_raw(&m, s, 0, 16));
    expect_error(WSAEFAULT, peer_raw(&m, s, 16, 15));
    expect_error(WSAEFAULT, peer_raw(&m, s, 15, 16));
    CU_ASSERT_EQUAL(m.result.writes_count, 0);
}

static void without_a_network_nobody_is_named(void) {
    struct machine m;
    uint64_t s = connected_socket(&m, 8000);
    model_network_down(m.world, true);
    expect_error(WSAENETDOWN, peer_raw(&m, s, 16, 16));
}

static void a_peer_of_ipv6_keeps_its_form(void) {
    static const uint8_t one[16] = { [15] = 1 }, mapped[16] = { [10] = 0xff, 0xff, 127, 0, 0, 1 };
    struct machine m;
    machine_begin(&m);
    uint64_t server = dual_stack_tcp(&m), plain = tcp_v6(&m), dual = dual_stack_tcp(&m);
    expect_ok(bind_at(&m, server, ANY_V6, 8000));
    expect_ok(listen_on(&m, server));
    expect_ok(connect_to(&m, plain, LOOPBACK_V6, 8000));
    expect_ok(peer_raw(&m, plain, SOCKADDR_IN6_SIZE, SOCKADDR_IN6_SIZE));
    CU_ASSERT_EQUAL(memcmp(written(&m, NAME_ADDRESS, SOCKADDR_IN6_SIZE) + 8, one, sizeof one), 0);
    expect_ok(connect_to(&m, dual, MAPPED_LOOPBACK, 8000));
    expect_ok(peer_raw(&m, dual, SOCKADDR_IN6_SIZE, SOCKADDR_IN6_SIZE));
    CU_ASSERT_EQUAL(memcmp(written(&m, NAME_ADDRESS, SOCKADDR_IN6_SIZE) + 8, mapped, sizeof mapped), 0);
}

static void a_datagram_socket_has_the_peer_of_its_connect(void) {
    struct machine m;
    uint32_t sent = 0;
    machine_begin(&m);
    uint64_t s = udp(&m);
    expect_ok(send_byte(&m, s, TO_LOOPBACK, 8000, &sent));
    CU_ASSERT_EQUAL(peer_port_of(&m, s), 0); /* T7.5: no sendto makes one */
    expect_ok(connect_to(&m, s, LOOPBACK_V4, 8000));
    CU_ASSERT_EQUAL(peer_port_of(&m, s), 8000);
    expect_ok(connect_to(&m, s, LOOPBACK_V4, 9000));
    CU_ASSERT_EQUAL(peer_port_of(&m, s), 9000);
    expect_ok(send_byte(&m, s, TO_LOOPBACK, 8000, &sent));
    CU_ASSERT_EQUAL(peer_port_of(&m, s), 9000);
}

static void a_connection_outlives_its_listener(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t server = tcp(&m), s = tcp(&m);
    expect_ok(bind_at(&m, server, LOOPBACK_V4, 8000));
    expect_ok(listen_on(&m, server));
    expect_ok(connect_to(&m, s, LOOPBACK_V4, 8000));
    expect_ok(close_socket(&m, server));
    CU_ASSERT_EQUAL(peer_port_of(&m, s), 8000);
}

/* connect to AF_UNSPEC (W154): with a peer, and without one; and nothing is left of it. */
static uint32_t dissolve(struct machine *m, uint64_t s) {
    static const uint8_t nothing[SOCKADDR_IN_SIZE];
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_connect;
    call.arguments[connect_s] = s;
    call.arguments[connect_name] = 0x1000;
    call.arguments[connect_namelen] = sizeof nothing;
    call.ranges[connect_name] = (struct range){ .address = 0x1000, .length = sizeof nothing, .state = RANGE_GOOD };
    CU_ASSERT(call_put_bytes(&call, connect_name, nothing, sizeof nothing));
    run_call(m, &call);
    return m->result.value == 0 ? 0 : m->result.error;
}

static void a_peer_that_is_dissolved_is_gone(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t other = udp(&m), s = udp(&m);
    expect_ok(connect_to(&m, other, LOOPBACK_V4, 7000));
    expect_ok(bind_at(&m, s, LOOPBACK_V4, 7001));
    expect_ok(dissolve(&m, s)); /* it never had one */
    for (unsigned i = 0; i < 2 * m.world->limits.connections; i++) {
        expect_ok(connect_to(&m, s, LOOPBACK_V4, 8000));
        CU_ASSERT_EQUAL(peer_port_of(&m, s), 8000);
        CU_ASSERT_EQUAL(world_top(m.world, TABLE_CONNECTIONS), 2);
        expect_ok(dissolve(&m, s));
        CU_ASSERT_EQUAL(peer_port_of(&m, s), 0);
        CU_ASSERT_EQUAL(port_of(&m, s), 7001);
        CU_ASSERT_EQUAL(world_top(m.world, TABLE_CONNECTIONS), 1);
    }
    CU_ASSERT_EQUAL(peer_port_of(&m, other), 7000);
}

void register_peer_name_tests(void) {
    CU_pSuite suite = CU_add_suite("getpeername", NULL, NULL);
    CU_add_test(suite, "only a connected socket has a peer", only_a_connected_socket_has_a_peer);
    CU_add_test(suite, "the peer is the whole address", the_peer_is_the_whole_address);
    CU_add_test(suite, "a buffer that is bad or short stays", a_buffer_that_is_bad_or_short_stays);
    CU_add_test(suite, "without a network", without_a_network_nobody_is_named);
    CU_add_test(suite, "a peer of IPv6 keeps its form", a_peer_of_ipv6_keeps_its_form);
    CU_add_test(suite, "a datagram socket has the peer of its connect", a_datagram_socket_has_the_peer_of_its_connect);
    CU_add_test(suite, "a peer that is dissolved is gone", a_peer_that_is_dissolved_is_gone);
    CU_add_test(suite, "a connection outlives its listener", a_connection_outlives_its_listener);
}
