/* Sockets from socket() to closesocket(): kinds, options, names, listening and connecting; startup counting. */
#include <string.h>

#include "stack/sdk/socket_values.h"
#include "stack/tests/fixture.h"

void register_model_sockets_tests(void);

/* --- creation: W94-W97 --- */

static void kinds_of_sockets(void) {
    enum { IPV6 = 23, IPX = 6, RDM = 4, SEQPACKET = 5 };
    static const struct {
        int family, type, protocol;
        uint32_t error;
    } rows[] = {
        { AF_V4, STREAM, TCP, 0 },
        { AF_V4, STREAM, 0, 0 },
        { AF_V4, DATAGRAM, UDP, 0 },
        { AF_V4, DATAGRAM, 0, 0 },
        { IPV6, STREAM, TCP, 0 },
        { IPV6, DATAGRAM, UDP, 0 },
        { AF_V4, 0, 0, 0 }, /* W94 */
        { AF_V4, 0, UDP, 0 },
        { AF_V4, RAW, ICMP, 0 },
        { 0, STREAM, 0, WSAEINVAL }, /* W95 */
        { 0, 0, 0, WSAEINVAL },
        { 0, STREAM, TCP, 0 },
        { 0, DATAGRAM, UDP, 0 },
        { AF_V4, STREAM, UDP, WSAEPROTONOSUPPORT }, /* W96 */
        { AF_V4, DATAGRAM, TCP, WSAEPROTONOSUPPORT },
        { AF_V4, 42, TCP, WSAESOCKTNOSUPPORT },
        { AF_V4, -1, TCP, WSAESOCKTNOSUPPORT },
        { 999, 42, TCP, WSAESOCKTNOSUPPORT }, /* the type is looked at before the family */
        { 999, STREAM, TCP, WSAEAFNOSUPPORT },
        { IPX, STREAM, TCP, WSAEAFNOSUPPORT },
        { AF_V4, RDM, 0, WSAESOCKTNOSUPPORT },
        { AF_V4, SEQPACKET, 0, WSAESOCKTNOSUPPORT },
    };
    struct machine m;
    machine_begin(&m);
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint64_t handle = 0;
        uint32_t error = make_socket(&m, rows[i].family, rows[i].type, rows[i].protocol, &handle);
        check_error("socket", rows[i].error, error, __FILE__, i);
        CU_ASSERT_EQUAL(handle == UINT64_MAX, rows[i].error != 0);
    }
}

/* W94: the SDN script acquires on socket(AF_INET, 0, 0) and gets TCP ports. */
static void the_default_socket_is_a_tcp_socket(void) {
    struct machine m;
    uint64_t s = 0;
    machine_begin(&m);
    expect_ok(make_socket(&m, AF_V4, 0, 0, &s));
    granted(&m, s, 50000, 1);
    expect_error(WSAEACCES, bind_port(&m, tcp(&m), 50000));
    expect_ok(bind_port(&m, udp(&m), 50000));
}

/* W94, W95, W96: the protocol says what a socket of no type is, and a raw one may be of a transport or not. */
static void what_a_new_socket_is(void) {
    enum { NOT_A_TRANSPORT = PROTOCOLS_COUNT };
    static const struct {
        int family, type, protocol;
        unsigned row_family, row_protocol, other;
    } rows[] = {
        { AF_INET, SOCK_STREAM, IPPROTO_TCP, 4, PROTOCOL_TCP, OTHER_NONE },
        { AF_INET, SOCK_STREAM, 0, 4, PROTOCOL_TCP, OTHER_NONE },
        { AF_INET, SOCK_DGRAM, IPPROTO_UDP, 4, PROTOCOL_UDP, OTHER_NONE },
        { AF_INET6, SOCK_DGRAM, 0, 6, PROTOCOL_UDP, OTHER_NONE },
        { AF_INET6, 0, 0, 6, PROTOCOL_TCP, OTHER_NONE },
        { AF_INET, 0, IPPROTO_TCP, 4, PROTOCOL_TCP, OTHER_NONE },
        { AF_INET, 0, IPPROTO_UDP, 4, PROTOCOL_UDP, OTHER_NONE },
        { AF_INET, SOCK_RAW, 1, 4, NOT_A_TRANSPORT, OTHER_RAW },
        { AF_INET6, SOCK_RAW, 58, 6, NOT_A_TRANSPORT, OTHER_RAW },
        { AF_INET, SOCK_RAW, IPPROTO_TCP, 4, NOT_A_TRANSPORT, OTHER_RAW_OF_TRANSPORT },
        { AF_INET, SOCK_RAW, IPPROTO_UDP, 4, NOT_A_TRANSPORT, OTHER_RAW_OF_TRANSPORT },
        { AF_UNIX, SOCK_STREAM, 0, 4, NOT_A_TRANSPORT, OTHER_UNIX },
    };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct machine m;
        uint64_t s = 0;
        machine_begin(&m);
        m.world->build = 17063; /* the first one with AF_UNIX */
        expect_ok(make_socket(&m, rows[i].family, rows[i].type, rows[i].protocol, &s));
        const struct socket_row *row = world_socket_at(m.world, 0);
        CU_ASSERT_EQUAL(row->state, SOCKET_OPEN);
        if (row->other != OTHER_UNIX) CU_ASSERT_EQUAL(row->family, rows[i].row_family);
        CU_ASSERT_EQUAL(row->protocol, rows[i].row_protocol);
        CU_ASSERT_EQUAL(row->other, rows[i].other);
        CU_ASSERT_EQUAL(row->v6only, rows[i].row_family == 6);
        CU_ASSERT_EQUAL(row->udp_connreset, rows[i].row_protocol == PROTOCOL_UDP);
        CU_ASSERT_TRUE(row->overlapped);
    }
}

/* What becomes of wrong numbers, on both sides of each bound: a raw socket wants a protocol, and AF_UNIX a build that
 * has it, a stream, and none. */
static void what_is_no_socket(void) {
    enum { RDM = 4, SEQPACKET = 5, WITH_AF_UNIX = 17063 };
    static const struct {
        uint32_t build;
        int family, type, protocol;
        uint32_t error;
    } rows[] = {
        { 0, AF_INET, SOCK_RAW, 0, WSAEPROTONOSUPPORT },
        { 0, AF_INET, 0, 1, WSAEPROTONOSUPPORT },
        { 0, AF_INET, SOCK_STREAM, 1, WSAEPROTONOSUPPORT },
        { 0, AF_INET6, SOCK_DGRAM, 1, WSAEPROTONOSUPPORT },
        { 0, AF_INET, SEQPACKET, IPPROTO_TCP, WSAESOCKTNOSUPPORT },
        { 0, 999, SEQPACKET, IPPROTO_TCP, WSAEAFNOSUPPORT }, /* a type that there is, so that the family is looked at */
        { 0, 999, SEQPACKET + 1, IPPROTO_TCP, WSAESOCKTNOSUPPORT },
        { 0, 999, 0, IPPROTO_TCP, WSAEAFNOSUPPORT },
        { 0, 999, -1, IPPROTO_TCP, WSAESOCKTNOSUPPORT },
        { WITH_AF_UNIX - 1, AF_UNIX, SOCK_STREAM, 0, WSAEAFNOSUPPORT },
        { WITH_AF_UNIX - 1, AF_UNIX, SOCK_DGRAM, 0, WSAEAFNOSUPPORT },
        { WITH_AF_UNIX, AF_UNIX, SOCK_DGRAM, 0, WSAESOCKTNOSUPPORT },
        { WITH_AF_UNIX, AF_UNIX, RDM, 1, WSAESOCKTNOSUPPORT },
        { WITH_AF_UNIX, AF_UNIX, SOCK_STREAM, 1, WSAEPROTONOSUPPORT },
    };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct machine m;
        uint64_t s = 0;
        machine_begin(&m);
        m.world->build = rows[i].build;
        expect_error(rows[i].error, make_socket(&m, rows[i].family, rows[i].type, rows[i].protocol, &s));
        CU_ASSERT_EQUAL(s, UINT64_MAX);
        CU_ASSERT_EQUAL(world_top(m.world, TABLE_SOCKETS), 0);
    }
}

/* W95: the family of AF_UNSPEC changed with Windows 11. */
static void an_unspecified_family_depends_on_the_build(void) {
    static const struct {
        uint32_t build;
        unsigned family;
    } rows[] = { { 0, 4 }, { 19045, 4 }, { 21999, 4 }, { 22000, 6 }, { 22621, 6 } };
    for (unsigned i = 0; i < 5; i++) {
        struct machine m;
        uint64_t s = 0;
        machine_begin(&m);
        m.world->build = rows[i].build;
        expect_ok(make_socket(&m, 0, STREAM, TCP, &s));
        CU_ASSERT_EQUAL(world_socket_at(m.world, 0)->family, rows[i].family);
    }
}

static void sockets_run_out(void) {
    struct machine m;
    uint64_t s = 0;
    machine_begin(&m);
    for (unsigned i = 0; i < m.world->limits.sockets; i++) tcp(&m);
    expect_error(WSAENOBUFS, make_socket(&m, AF_V4, STREAM, TCP, &s));
    CU_ASSERT_EQUAL(s, UINT64_MAX);
}

/* The socket table has room again, the table of handles has not. */
static void handles_run_out(void) {
    struct machine m;
    uint64_t s = 0, file = 0;
    machine_begin(&m);
    for (unsigned i = 0; i < m.world->limits.events; i++) new_event(&m, true, false);
    expect_ok(open_file(&m, "NUL", &file));
    for (unsigned i = m.world->limits.events + 1u; i < m.world->limits.handles; i++) tcp(&m);
    world_thread(m.world, APP)->last_error = 0;
    struct machine before = m;
    expect_error(WSAEMFILE, make_socket(&m, AF_V4, STREAM, TCP, &s));
    expect_error(ERROR_NOT_ENOUGH_MEMORY, open_file(&m, "NUL", &s));
    world_thread(m.world, APP)->last_error = 0;
    CU_ASSERT_TRUE(same_world(&before, &m));
    expect_ok(close_handle(&m, file));
    tcp(&m);
}

/* Numbers are multiples of 4, not 0, and a closed one is not given at once again: stale stays stale. */
static void handle_numbers(void) {
    struct machine m;
    uint64_t first = world_with_open_socket(&m);
    CU_ASSERT_EQUAL(first % 4, 0);
    expect_ok(close_socket(&m, first));
    expect_error(WSAENOTSOCK, close_socket(&m, first));
    uint64_t second = tcp(&m);
    CU_ASSERT_NOT_EQUAL(first, second);
    expect_error(WSAENOTSOCK, close_socket(&m, first));
}

/* --- bind and names: W73-W82 --- */

static uint32_t bind_raw(struct machine *m, uint64_t socket, const void *bytes, uint32_t there, uint32_t length) {
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_bind;
    call.arguments[bind_s] = socket;
    call.arguments[bind_namelen] = length;
    call.ranges[bind_name].state = bytes == NULL ? RANGE_NULL : RANGE_GOOD;
    if (bytes != NULL) {
        call.arguments[bind_name] = call.ranges[bind_name].address = 0x1000;
        call.ranges[bind_name].length = there;
        CU_ASSERT_TRUE(call_put_bytes(&call, bind_name, bytes, there));
    }
    run_call(m, &call);
    return m->result.value == 0 ? 0 : m->result.error;
}

/* Numbers count up; once they have come round, the next free one above is taken. */
static void handle_numbers_come_round(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t first = tcp(&m), second = tcp(&m), third = tcp(&m);
    world_process(m.world, PROCESS_APP)->handle_next = (uint32_t)first;
    CU_ASSERT_EQUAL(second, first + 4);
    CU_ASSERT_EQUAL(third, first + 8);
    CU_ASSERT_EQUAL(tcp(&m), first + 12);
}

static void addresses_of_bind(void) {
    static const uint8_t any[SOCKADDR_IN_SIZE] = { 2, 0, 0x1f, 0x40 };
    static const uint8_t bogus[SOCKADDR_IN_SIZE] = { 0xad, 0xde, 0x1f, 0x40 };
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    expect_error(WSAEFAULT, bind_raw(&m, s, NULL, 0, 0)); /* W73 */
    expect_error(WSAEFAULT, bind_raw(&m, s, NULL, 0, SOCKADDR_IN_SIZE));
    expect_error(WSAEFAULT, bind_raw(&m, s, any, SOCKADDR_IN_SIZE, 0));
    expect_error(WSAEFAULT, bind_raw(&m, s, any, SOCKADDR_IN_SIZE, SOCKADDR_IN_SIZE - 1));
    expect_error(WSAEFAULT, bind_raw(&m, s, any, SOCKADDR_IN_SIZE, UINT32_MAX)); /* -1 */
    expect_error(WSAEFAULT, bind_raw(&m, s, any, SOCKADDR_IN_SIZE - 1, SOCKADDR_IN_SIZE));
    expect_error(WSAEAFNOSUPPORT, bind_raw(&m, s, bogus, SOCKADDR_IN_SIZE, SOCKADDR_IN_SIZE));  /* W74 */
    expect_error(WSAEADDRNOTAVAIL, bind_at(&m, s, ELSEWHERE_V4, 8000));                         /* W75 */
    expect_error(WSAEFAULT, bind_raw(&m, tcp_v6(&m), any, SOCKADDR_IN_SIZE, SOCKADDR_IN_SIZE)); /* W79 */
    expect_ok(bind_raw(&m, s, any, SOCKADDR_IN_SIZE, SOCKADDR_IN_SIZE));
    CU_ASSERT_EQUAL(m.result.error, 0); /* W76 */
    CU_ASSERT_EQUAL(port_of(&m, s), 8000);
    expect_error(WSAEINVAL, bind_port(&m, s, 0)); /* W77 */
    expect_error(WSAEINVAL, bind_port(&m, s, 8000));
    expect_error(WSAENOTSOCK, bind_port(&m, NOT_GIVEN, 0));
}

static uint32_t name_raw(struct machine *m, uint64_t socket, uint32_t room, uint32_t length) {
    uint8_t stored[4];
    struct call call;
    call_clear(&call);
    store_u32(stored, length);
    call.function = FUNCTION_getsockname;
    call.arguments[getsockname_s] = socket;
    call.arguments[getsockname_name] = call.ranges[getsockname_name].address = 0x1000;
    call.ranges[getsockname_name].state = room == 0 ? RANGE_BAD : RANGE_GOOD;
    call.ranges[getsockname_name].length = room;
    call.arguments[getsockname_namelen] = call.ranges[getsockname_namelen].address = 0x2000;
    call.ranges[getsockname_namelen].state = RANGE_GOOD;
    call.ranges[getsockname_namelen].length = 4;
    CU_ASSERT_TRUE(call_put_bytes(&call, getsockname_namelen, stored, 4));
    run_call(m, &call);
    return m->result.value == 0 ? 0 : m->result.error;
}

static void names_of_sockets(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    expect_error(WSAEINVAL, name_raw(&m, s, 16, 16)); /* W80 */
    CU_ASSERT_EQUAL(m.result.writes_count, 0);
    expect_error(WSAEINVAL, name_raw(&m, s, 0, 0)); /* W105: state before pointers */
    expect_ok(bind_at(&m, s, LOOPBACK_V4, 0));
    expect_error(WSAEFAULT, name_raw(&m, s, 16, 15)); /* W82 */
    CU_ASSERT_EQUAL(m.result.writes_count, 0);
    expect_error(WSAEFAULT, name_raw(&m, s, 0, 16));
    expect_ok(name_raw(&m, s, 64, 64)); /* W81 */
    static const uint8_t expected[16] = { 2, 0, 0xC0, 0x00, 127, 0, 0, 1 };
    const uint8_t *name = written(&m, 0x1000, 16);
    CU_ASSERT_PTR_NOT_NULL_FATAL(name);
    CU_ASSERT_EQUAL(memcmp(name, expected, 16), 0);
    CU_ASSERT_EQUAL(load_u32(written(&m, 0x2000, 4)), 16);
    expect_error(WSAENOTSOCK, name_raw(&m, NOT_GIVEN, 16, 16));
}

static void a_v6_name_is_28_bytes_long(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t s = dual_stack_tcp(&m);
    expect_ok(bind_at(&m, s, MAPPED_LOOPBACK, 8000));
    expect_error(WSAEFAULT, name_raw(&m, s, 28, 24));
    expect_ok(name_raw(&m, s, 28, 28));
    const uint8_t *name = written(&m, 0x1000, 28);
    CU_ASSERT_PTR_NOT_NULL_FATAL(name);
    CU_ASSERT(load_u16(name) == AF_V6 && name[18] == 0xff && name[20] == 127 && name[23] == 1);
    uint64_t v6only = tcp_v6(&m);
    expect_error(WSAEADDRNOTAVAIL, bind_at(&m, v6only, MAPPED_LOOPBACK, 8001));
}

/* --- options: W89, W93 --- */

static void sharing_options_exclude_each_other(void) {
    static const int options[] = { REUSE_ADDRESS, EXCLUSIVE_ADDRESS };
    for (unsigned i = 0; i < 2; i++) {
        struct machine m;
        uint32_t value = 9;
        uint64_t s = world_with_open_socket(&m);
        expect_ok(set_option(&m, s, options[i], 1));
        expect_error(WSAEINVAL, set_option(&m, s, options[1 - i], 1));
        expect_ok(get_option(&m, s, options[1 - i], &value));
        CU_ASSERT_EQUAL(value, 0);
        expect_ok(get_option(&m, s, options[i], &value));
        CU_ASSERT_EQUAL(value, 1);
        expect_ok(set_option(&m, s, options[i], 0));
        expect_ok(set_option(&m, s, options[1 - i], 1));
    }
}

static void v6only_is_the_default_and_fixed_by_bind(void) {
    struct machine m;
    uint32_t value = 9;
    machine_begin(&m);
    uint64_t s = tcp_v6(&m);
    expect_ok(get_option(&m, s, V6_ONLY, &value));
    CU_ASSERT_EQUAL(value, 1);
    expect_ok(bind_port(&m, s, 8000));
    expect_error(WSAEINVAL, set_option(&m, s, V6_ONLY, 0));
    expect_error(WSAENOPROTOOPT, set_option(&m, tcp(&m), V6_ONLY, 0));
}

static void other_options(void) {
    struct machine m;
    uint32_t value = 0;
    uint64_t s = world_with_open_socket(&m);
    expect_error(WSAENOPROTOOPT, set_option(&m, s, 0x7777, 1));
    expect_error(WSAENOPROTOOPT, get_option(&m, s, 0x7777, &value));
    expect_ok(get_option(&m, s, SOCKET_TYPE, &value));
    CU_ASSERT_EQUAL(value, STREAM);
    expect_error(WSAENOPROTOOPT, set_option(&m, s, SOCKET_TYPE, 2));
    expect_ok(get_option(&m, udp(&m), SOCKET_TYPE, &value));
    CU_ASSERT_EQUAL(value, DATAGRAM);
    expect_ok(set_option(&m, s, RANDOMIZE_PORT, 1));
    expect_ok(bind_port(&m, s, 0));
    expect_error(WSAEINVAL, set_option(&m, s, RANDOMIZE_PORT, 0));
    expect_error(WSAENOTSOCK, set_option(&m, NOT_GIVEN, REUSE_ADDRESS, 1));
}

/* --- listening and connecting --- */

static void listening(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    expect_error(WSAEINVAL, listen_on(&m, s));
    expect_error(WSAEOPNOTSUPP, listen_on(&m, udp(&m)));
    expect_ok(bind_port(&m, s, 8000));
    expect_ok(listen_on(&m, s));
    expect_ok(listen_on(&m, s));
    expect_error(WSAEINVAL, bind_port(&m, s, 8001));
    expect_error(WSAEINVAL, connect_to(&m, s, LOOPBACK_V4, 8000));
    expect_error(WSAENOTSOCK, listen_on(&m, NOT_GIVEN));
}

static void connecting(void) {
    struct machine m;
    uint64_t listener = world_with_bound_socket(&m, 8000);
    expect_ok(listen_on(&m, listener));
    uint64_t s = tcp(&m);
    expect_error(WSAEADDRNOTAVAIL, connect_to(&m, s, LOOPBACK_V4, 0));
    expect_error(WSAEAFNOSUPPORT, connect_to(&m, s, LOOPBACK_V6, 8000));
    CU_ASSERT_EQUAL(port_of(&m, s), 0);
    expect_ok(connect_to(&m, s, LOOPBACK_V4, 8000));
    CU_ASSERT_EQUAL(port_of(&m, s), 49152);
    expect_error(WSAEISCONN, connect_to(&m, s, LOOPBACK_V4, 8000));
    expect_error(WSAEISCONN, listen_on(&m, s));
    expect_error(WSAECONNREFUSED, connect_to(&m, tcp(&m), LOOPBACK_V4, 8001));
    expect_error(WSAENETUNREACH, connect_to(&m, tcp(&m), ELSEWHERE_V4, 8000));
    uint64_t datagram = udp(&m);
    expect_ok(connect_to(&m, datagram, LOOPBACK_V4, 9000));
    expect_ok(connect_to(&m, datagram, LOOPBACK_V4, 9001));
    expect_error(WSAENOTSOCK, connect_to(&m, NOT_GIVEN, LOOPBACK_V4, 8000));
}

static void a_dual_stack_listener_is_reached_from_both_families(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t listener = dual_stack_tcp(&m);
    expect_ok(bind_port(&m, listener, 8000));
    expect_ok(listen_on(&m, listener));
    expect_ok(connect_to(&m, tcp(&m), LOOPBACK_V4, 8000));
    expect_ok(connect_to(&m, tcp_v6(&m), LOOPBACK_V6, 8000));
    uint64_t v6only = tcp_v6(&m);
    expect_ok(bind_port(&m, v6only, 8001));
    expect_ok(listen_on(&m, v6only));
    expect_error(WSAECONNREFUSED, connect_to(&m, tcp(&m), LOOPBACK_V4, 8001));
}

/* --- SIO_CPU_AFFINITY: T8.2.5, T3.4.9 --- */

static uint32_t pin(struct machine *m, uint64_t socket, unsigned processor) {
    uint8_t bytes[2];
    store_u16(bytes, (uint16_t)processor);
    control(m, socket, UINT32_C(0x98000015));
    with_input(m, bytes, sizeof bytes);
    return perform(m);
}

/* msquic: a reservation of one port, a socket for each processor, all of them on it. */
static void one_port_for_each_processor(void) {
    enum { PROCESSORS = 254 }; /* as many as a row of ours tells apart */
    struct machine m;
    machine_begin(&m);
    struct grant grant = granted(&m, udp(&m), 4433, 1);
    for (unsigned processor = 0; processor < 4; processor++) {
        uint64_t s = udp(&m);
        expect_ok(pin(&m, s, processor));
        expect_ok(associate(&m, s, grant.token));
        expect_ok(bind_port(&m, s, 4433));
    }
    uint64_t same = udp(&m), none = udp(&m);
    expect_ok(pin(&m, same, 2));
    expect_ok(associate(&m, same, grant.token));
    expect_error(WSAEADDRINUSE, bind_port(&m, same, 4433));
    expect_ok(associate(&m, none, grant.token));
    expect_error(WSAEADDRINUSE, bind_port(&m, none, 4433));
    expect_error(WSAEOPNOTSUPP, pin(&m, tcp(&m), 0));
    expect_ok(pin(&m, udp(&m), PROCESSORS - 1));
    expect_error(WSAEINVAL, pin(&m, udp(&m), PROCESSORS));
    uint64_t bound = udp(&m);
    expect_ok(bind_port(&m, bound, 0));
    expect_error(WSAEINVAL, pin(&m, bound, 0));
    control(&m, udp(&m), UINT32_C(0x98000015));
    expect_error(WSAEFAULT, perform(&m));
}

/* --- ioctlsocket: W9, W16, W17 --- */

static uint32_t ioctl_raw(struct machine *m, uint64_t socket, uint32_t command, enum range_state state) {
    static const uint8_t one[4] = { 1 };
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_ioctlsocket;
    call.arguments[ioctlsocket_s] = socket;
    call.arguments[ioctlsocket_cmd] = command;
    call.arguments[ioctlsocket_argp] = call.ranges[ioctlsocket_argp].address = state == RANGE_NULL ? 0 : 0x1000;
    call.ranges[ioctlsocket_argp].state = (uint8_t)state;
    uint32_t length = state == RANGE_GOOD ? 4 : state == RANGE_PARTLY_BAD ? 3 : 0;
    call.ranges[ioctlsocket_argp].length = length;
    if (length > 0) CU_ASSERT_TRUE(call_put_bytes(&call, ioctlsocket_argp, one, length));
    run_call(m, &call);
    return m->result.value == 0 ? 0 : m->result.error;
}

static void ioctlsocket_commands(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    expect_ok(ioctl_raw(&m, s, CODE_FIONBIO, RANGE_GOOD));
    CU_ASSERT_EQUAL(world_socket_at(m.world, 0)->nonblocking, 1);
    expect_error(WSAEFAULT, ioctl_raw(&m, s, CODE_FIONBIO, RANGE_BAD));
    expect_error(WSAEFAULT, ioctl_raw(&m, s, CODE_FIONBIO, RANGE_PARTLY_BAD));
    expect_error(WSAEFAULT, ioctl_raw(&m, s, CODE_FIONREAD, RANGE_NULL));
    expect_ok(ioctl_raw(&m, s, CODE_FIONREAD, RANGE_GOOD));
    CU_ASSERT_EQUAL(load_u32(written(&m, 0x1000, 4)), 0);
    expect_error(WSAEOPNOTSUPP, ioctl_raw(&m, s, CODE_UNKNOWN, RANGE_GOOD));
    expect_error(WSAENOTSOCK, ioctl_raw(&m, NOT_GIVEN, CODE_FIONBIO, RANGE_GOOD));
}

/* Windows binds, connects and hears raw sockets, and those of AF_UNIX: what it answers there is not modelled, whatever
 * else is wrong with the call. */
static void sockets_of_other_kinds_have_no_answer(void) {
    static const struct {
        int family, type, protocol;
    } kinds[] = { { AF_INET, SOCK_RAW, 1 }, { AF_INET, SOCK_RAW, 17 }, { AF_UNIX, SOCK_STREAM, 0 } };
    static const enum function calls[] = { FUNCTION_bind,      FUNCTION_connect,      FUNCTION_send,
                                           FUNCTION_sendto,    FUNCTION_recv,         FUNCTION_recvfrom,
                                           FUNCTION_ConnectEx, FUNCTION_DisconnectEx, FUNCTION_AcceptEx };
    for (unsigned i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct machine m;
        uint64_t s = 0;
        machine_begin(&m);
        expect_ok(make_socket(&m, kinds[i].family, kinds[i].type, kinds[i].protocol, &s));
        for (unsigned k = 0; k < sizeof calls / sizeof calls[0]; k++) {
            plain_call(&m, calls[k], s, 0, 0);
            CU_ASSERT_EQUAL(m.result.status, RESULT_NOT_MODELLED);
        }
        plain_call(&m, FUNCTION_listen, s, 5, 0);
        bool connects = kinds[i].family == AF_UNIX;
        CU_ASSERT_EQUAL(m.result.status, connects ? RESULT_NOT_MODELLED : RESULT_RETURNED);
        if (!connects) CU_ASSERT_EQUAL(m.result.error, WSAEOPNOTSUPP); /* its page: of no type that listens */
        plain_call(&m, FUNCTION_accept, s, 0, 0);
        CU_ASSERT_EQUAL(m.result.status, connects ? RESULT_NOT_MODELLED : RESULT_RETURNED);
        if (!connects) CU_ASSERT_EQUAL(m.result.error, WSAEOPNOTSUPP);
    }
}

/* A socket that does not block: the handshake continues after the call has returned. */
static void a_nonblocking_connect_would_block(void) {
    struct machine m;
    uint64_t listener = world_with_bound_socket(&m, 8000);
    expect_ok(listen_on(&m, listener));
    uint64_t s = tcp(&m);
    expect_ok(ioctl_raw(&m, s, CODE_FIONBIO, RANGE_GOOD));
    expect_error(WSAEWOULDBLOCK, connect_to(&m, s, LOOPBACK_V4, 8000));
    expect_error(WSAEISCONN, connect_to(&m, s, LOOPBACK_V4, 8000));
}

/* --- startup: W97, W98 --- */

static uint32_t startup(struct machine *m, uint32_t version) {
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_WSAStartup;
    call.arguments[WSAStartup_wVersionRequested] = version;
    call.arguments[WSAStartup_lpWSAData] = call.ranges[WSAStartup_lpWSAData].address = 0x1000;
    call.ranges[WSAStartup_lpWSAData].state = RANGE_GOOD;
    call.ranges[WSAStartup_lpWSAData].length = 408;
    run_call(m, &call);
    CU_ASSERT_EQUAL(m->result.error, ERROR_UNTOUCHED);
    return (uint32_t)m->result.value;
}

static uint32_t cleanup(struct machine *m) {
    plain_call(m, FUNCTION_WSACleanup, 0, 0, 0);
    return m->result.value == 0 ? 0 : m->result.error;
}

static void before_startup_nothing_works(void) {
    struct machine m;
    uint64_t s = 0;
    uint32_t value = 0;
    machine_begin(&m);
    model_process_start(m.world, PROCESS_TOOL, TOOL, 0, 0);
    speak_as(&m, TOOL);
    expect_error(WSANOTINITIALISED, make_socket(&m, AF_V4, STREAM, TCP, &s)); /* W97 */
    expect_error(WSANOTINITIALISED, make_socket(&m, 999, 42, 99, &s));
    expect_error(WSANOTINITIALISED, cleanup(&m));
    expect_error(WSANOTINITIALISED, bind_at(&m, NOT_GIVEN, ANY_V4, 0));
    expect_error(WSANOTINITIALISED, get_option(&m, NOT_GIVEN, REUSE_ADDRESS, &value));
    plain_call(&m, FUNCTION_DisconnectEx, NOT_GIVEN, 0, 0);
    expect_error(WSANOTINITIALISED, m.result.error);
    expect_ok(startup(&m, 0x0202));
    tcp(&m);
}

static void startups_are_counted(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    struct grant grant = granted(&m, s, 50000, 10);
    expect_ok(startup(&m, 0x0202));
    expect_ok(cleanup(&m));
    expect_ok(bind_port(&m, s, 0));
    expect_ok(cleanup(&m));
    expect_error(WSANOTINITIALISED, listen_on(&m, s));
    expect_error(WSANOTINITIALISED, cleanup(&m));
    expect_ok(startup(&m, 0x0202)); /* W98: old handles are gone, and so is what hung on them */
    expect_error(WSAENOTSOCK, listen_on(&m, s));
    expect_error(WSAEINVAL, associate(&m, tcp(&m), grant.token));
    expect_ok(bind_port(&m, tcp(&m), 50000));
}

static void cleanup_leaves_events_alone(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t event = new_event(&m, true, true);
    expect_ok(cleanup(&m));
    CU_ASSERT_EQUAL(wait_for(&m, event, 0), WAIT_OK);
}

static void versions_of_startup(void) {
    static const struct {
        uint32_t wanted, error, granted;
    } rows[] = {
        { 0x0202, 0, 0x0202 },
        { 0x0101, 0, 0x0101 },
        { 0x0001, 0, 0x0001 },
        { 0x0303, 0, 0x0202 },
        { 0x0000, WSAVERNOTSUPPORTED, 0 },
    };
    struct machine m;
    machine_begin(&m);
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        expect_error(rows[i].error, startup(&m, rows[i].wanted));
        const uint8_t *data = written(&m, 0x1000, 4);
        CU_ASSERT_EQUAL(data != NULL, rows[i].error == 0);
        if (data == NULL) continue;
        CU_ASSERT_EQUAL(load_u16(data), rows[i].granted);
        CU_ASSERT_EQUAL(load_u16(data + 2), 0x0202);
    }
    model_network_down(m.world, true);
    expect_error(WSASYSNOTREADY, startup(&m, 0x0202));
}

static void each_process_counts_for_itself(void) {
    struct machine m;
    machine_with_two_processes(&m);
    uint64_t s = tcp(&m);
    speak_as(&m, TOOL);
    expect_ok(cleanup(&m));
    expect_error(WSANOTINITIALISED, make_socket(&m, AF_V4, STREAM, TCP, &(uint64_t){ 0 }));
    speak_as(&m, APP);
    expect_ok(bind_port(&m, s, 0));
}

void register_model_sockets_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/model sockets", NULL, NULL);
    CU_add_test(suite, "kinds of sockets", kinds_of_sockets);
    CU_add_test(suite, "the default socket is a TCP socket", the_default_socket_is_a_tcp_socket);
    CU_add_test(suite, "what a new socket is", what_a_new_socket_is);
    CU_add_test(suite, "what is no socket", what_is_no_socket);
    CU_add_test(suite, "an unspecified family depends on the build", an_unspecified_family_depends_on_the_build);
    CU_add_test(suite, "sockets run out", sockets_run_out);
    CU_add_test(suite, "handles run out", handles_run_out);
    CU_add_test(suite, "handle numbers", handle_numbers);
    CU_add_test(suite, "handle numbers come round", handle_numbers_come_round);
    CU_add_test(suite, "addresses of bind", addresses_of_bind);
    CU_add_test(suite, "names of sockets", names_of_sockets);
    CU_add_test(suite, "a v6 name is 28 bytes long", a_v6_name_is_28_bytes_long);
    CU_add_test(suite, "sharing options exclude each other", sharing_options_exclude_each_other);
    CU_add_test(suite, "v6only is the default and fixed by bind", v6only_is_the_default_and_fixed_by_bind);
    CU_add_test(suite, "other options", other_options);
    CU_add_test(suite, "listening", listening);
    CU_add_test(suite, "connecting", connecting);
    CU_add_test(suite, "a dual-stack listener is reached from both families",
                a_dual_stack_listener_is_reached_from_both_families);
    CU_add_test(suite, "one port for each processor", one_port_for_each_processor);
    CU_add_test(suite, "ioctlsocket's commands", ioctlsocket_commands);
    CU_add_test(suite, "sockets of other kinds have no answer", sockets_of_other_kinds_have_no_answer);
    CU_add_test(suite, "a non-blocking connect would block", a_nonblocking_connect_would_block);
    CU_add_test(suite, "before startup nothing works", before_startup_nothing_works);
    CU_add_test(suite, "startups are counted", startups_are_counted);
    CU_add_test(suite, "cleanup leaves events alone", cleanup_leaves_events_alone);
    CU_add_test(suite, "versions of startup", versions_of_startup);
    CU_add_test(suite, "each process counts for itself", each_process_counts_for_itself);
}
