/* Options that programs set before they bind: which sockets know them, how long a value must be, what is read back. */
#include <string.h>

#include "stack/sdk/option_values.h"
#include "stack/tests/fixture_calls.h"
#include "stack/call/catalogue.h"

void register_socket_options_tests(void);

#define VALUE_ADDRESS UINT64_C(0x10000)
#define SIZE_ADDRESS UINT64_C(0x20000)

/* setsockopt with `there` bytes behind optval and this optlen. */
static uint32_t set(struct machine *m, uint64_t s, int level, int name, uint32_t value, uint32_t there,
                    int32_t length) {
    struct call call;
    uint8_t bytes[4];
    call_clear(&call);
    call.function = FUNCTION_setsockopt;
    call.arguments[setsockopt_s] = s;
    call.arguments[setsockopt_level] = (uint64_t)(int64_t)level;
    call.arguments[setsockopt_optname] = (uint64_t)(int64_t)name;
    call.arguments[setsockopt_optval] = VALUE_ADDRESS;
    call.arguments[setsockopt_optlen] = (uint64_t)(int64_t)length;
    call.ranges[setsockopt_optval] = (struct range){ .address = VALUE_ADDRESS, .length = there, .state = RANGE_GOOD };
    store_u32(bytes, value);
    call_put_bytes(&call, setsockopt_optval, bytes, there);
    run_call(m, &call);
    return m->result.value == 0 ? 0 : m->result.error;
}

static uint32_t set_whole(struct machine *m, uint64_t s, int level, int name, uint32_t value) {
    return set(m, s, level, name, value, 4, 4);
}

static uint32_t get(struct machine *m, uint64_t s, int level, int name, int32_t length, uint32_t *value) {
    struct call call;
    uint8_t bytes[4];
    call_clear(&call);
    call.function = FUNCTION_getsockopt;
    call.arguments[getsockopt_s] = s;
    call.arguments[getsockopt_level] = (uint64_t)(int64_t)level;
    call.arguments[getsockopt_optname] = (uint64_t)(int64_t)name;
    call.arguments[getsockopt_optval] = VALUE_ADDRESS;
    call.arguments[getsockopt_optlen] = SIZE_ADDRESS;
    call.ranges[getsockopt_optval] = (struct range){ .address = VALUE_ADDRESS, .length = 4, .state = RANGE_GOOD };
    call.ranges[getsockopt_optlen] = (struct range){ .address = SIZE_ADDRESS, .length = 4, .state = RANGE_GOOD };
    store_u32(bytes, (uint32_t)length);
    call_put_bytes(&call, getsockopt_optlen, bytes, 4);
    run_call(m, &call);
    if (m->result.value != 0) return m->result.error;
    const uint8_t *size = written(m, SIZE_ADDRESS, 4);
    CU_ASSERT_PTR_NOT_NULL_FATAL(size);
    uint32_t stored = load_u32(size);
    const uint8_t *stored_bytes = written(m, VALUE_ADDRESS, stored);
    CU_ASSERT_PTR_NOT_NULL_FATAL(stored_bytes);
    memset(bytes, 0, sizeof bytes);
    memcpy(bytes, stored_bytes, stored);
    *value = load_u32(bytes);
    return 0;
}

static uint32_t value_of(struct machine *m, uint64_t s, int level, int name) {
    uint32_t value = 0xdeadbeef;
    expect_ok(get(m, s, level, name, 4, &value));
    return value;
}

static void numbers_are_read_back(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t s = tcp(&m);
    static const struct {
        int level, name;
        uint32_t ordinary;
    } numbers[] = {
        { SOL_SOCKET, SO_SNDTIMEO, 0 },    { SOL_SOCKET, SO_RCVTIMEO, 0 },   { SOL_SOCKET, SO_LINGER, 0 },
        { SOL_SOCKET, SO_SNDBUF, 65536 },  { SOL_SOCKET, SO_RCVBUF, 65536 }, { IPPROTO_TCP, TCP_KEEPALIVE, 7200 },
        { IPPROTO_TCP, TCP_KEEPINTVL, 1 }, { IPPROTO_TCP, TCP_KEEPCNT, 10 }, { IPPROTO_IP, IP_TTL, 128 },
    };
    for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        CU_ASSERT_EQUAL(value_of(&m, s, numbers[i].level, numbers[i].name), numbers[i].ordinary);
        expect_ok(set_whole(&m, s, numbers[i].level, numbers[i].name, 100 + i));
        CU_ASSERT_EQUAL(value_of(&m, s, numbers[i].level, numbers[i].name), 100 + i);
    }
    for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        CU_ASSERT_EQUAL(value_of(&m, s, numbers[i].level, numbers[i].name), 100 + i);
    CU_ASSERT_EQUAL(value_of(&m, tcp(&m), IPPROTO_TCP, TCP_KEEPCNT), 10);
}

/* A machine in which two sockets can keep numbers: those of a socket that ends are another one's. */
static void numbers_end_with_their_socket(void) {
    struct machine m;
    struct world_limits limits = world_limits_small();
    limits.numbers = 2;
    machine_begin(&m);
    m.world = world_create(m.memory, &limits);
    model_process_start(m.world, PROCESS_APP, APP, 0, 0x0202);
    uint64_t first = tcp(&m), second = tcp(&m), third = tcp(&m);
    expect_ok(set_whole(&m, first, SOL_SOCKET, SO_SNDTIMEO, 1));
    expect_ok(set_whole(&m, second, SOL_SOCKET, SO_SNDTIMEO, 2));
    CU_ASSERT_EQUAL(m.world->full, 0);
    expect_error(WSAENOBUFS, set_whole(&m, third, SOL_SOCKET, SO_SNDTIMEO, 3));
    CU_ASSERT_EQUAL(m.world->full, TABLE_NUMBERS + 1); /* so that no one takes it for Windows's answer */
    m.world->full = 0;
    expect_ok(close_socket(&m, first));
    CU_ASSERT_EQUAL(value_of(&m, third, SOL_SOCKET, SO_SNDTIMEO), 0);
    expect_ok(set_whole(&m, third, SOL_SOCKET, SO_SNDTIMEO, 3));
    CU_ASSERT_EQUAL(value_of(&m, second, SOL_SOCKET, SO_SNDTIMEO), 2);
    CU_ASSERT_EQUAL(value_of(&m, third, SOL_SOCKET, SO_SNDTIMEO), 3);
    CU_ASSERT_PTR_NULL(model_check(m.world));
}

static void flags_are_0_or_1(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t s = tcp(&m);
    static const struct {
        int level, name;
    } flags[] = {
        { SOL_SOCKET, SO_DEBUG },     { SOL_SOCKET, SO_KEEPALIVE }, { SOL_SOCKET, SO_DONTROUTE },
        { SOL_SOCKET, SO_OOBINLINE }, { IPPROTO_TCP, TCP_NODELAY },
    };
    for (unsigned i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        CU_ASSERT_EQUAL(value_of(&m, s, flags[i].level, flags[i].name), 0);
        expect_ok(set_whole(&m, s, flags[i].level, flags[i].name, 0x100));
        CU_ASSERT_EQUAL(value_of(&m, s, flags[i].level, flags[i].name), 1);
    }
    expect_ok(set_whole(&m, s, SOL_SOCKET, SO_KEEPALIVE, 0));
    CU_ASSERT_EQUAL(value_of(&m, s, SOL_SOCKET, SO_KEEPALIVE), 0);
    CU_ASSERT_EQUAL(value_of(&m, s, SOL_SOCKET, SO_OOBINLINE), 1);
}

/* F02: a BOOLEAN of one byte; W195: none at all at SOL_SOCKET, and a negative length there. */
static void one_byte_of_a_flag_is_enough(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t s = tcp(&m);
    uint32_t value = 0;
    expect_ok(set(&m, s, SOL_SOCKET, SO_REUSEADDR, 1, 1, 1));
    expect_ok(get(&m, s, SOL_SOCKET, SO_REUSEADDR, 1, &value));
    CU_ASSERT_EQUAL(value, 1);
    expect_ok(set(&m, s, SOL_SOCKET, SO_REUSEADDR, 1, 4, 0));
    CU_ASSERT_EQUAL(value_of(&m, s, SOL_SOCKET, SO_REUSEADDR), 0);
    expect_ok(set(&m, s, SOL_SOCKET, SO_RCVTIMEO, 9, 4, -1));
    CU_ASSERT_EQUAL(value_of(&m, s, SOL_SOCKET, SO_RCVTIMEO), 9);
    expect_error(WSAEFAULT, set(&m, s, IPPROTO_TCP, TCP_NODELAY, 1, 4, 0));
}

static void a_number_needs_all_its_bytes(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t s = tcp(&m);
    uint32_t value;
    for (int32_t length = 0; length < 4; length++) {
        expect_error(WSAEFAULT, set(&m, s, SOL_SOCKET, SO_RCVBUF, 1, 4, length));
        expect_error(WSAEFAULT, get(&m, s, SOL_SOCKET, SO_RCVBUF, length, &value));
    }
    expect_error(WSAEFAULT, set(&m, s, SOL_SOCKET, SO_RCVBUF, 1, 3, 4));
    expect_error(WSAEFAULT, get(&m, s, SOL_SOCKET, SO_ERROR, 1, &value));
    expect_error(WSAEFAULT, get(&m, s, SOL_SOCKET, SO_KEEPALIVE, 0, &value));
    expect_error(WSAEFAULT, get(&m, s, SOL_SOCKET, SO_KEEPALIVE, -1, &value));
}

/* W195: the build decides. */
static void a_negative_length_elsewhere_depends_on_the_build(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t s = tcp(&m);
    m.world->build = 19043;
    expect_error(WSAEFAULT, set(&m, s, IPPROTO_TCP, TCP_KEEPCNT, 1, 4, -1));
    m.world->build = 22621;
    expect_error(WSAENOBUFS, set(&m, s, IPPROTO_TCP, TCP_KEEPCNT, 1, 4, -1));
}

/* Of a machine whose build is not known either may be true. */
static void a_negative_length_elsewhere_may_be_either_where_the_build_is_unknown(void) {
    bool fault = false, no_buffers = false;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct machine m;
        machine_begin(&m);
        simulating_chooser_init(&m.simulating, &m.profile, seed);
        uint32_t error = set(&m, tcp(&m), IPPROTO_TCP, TCP_KEEPCNT, 1, 4, -1);
        CU_ASSERT(error == WSAEFAULT || error == WSAENOBUFS);
        fault = fault || error == WSAEFAULT;
        no_buffers = no_buffers || error == WSAENOBUFS;
    }
    CU_ASSERT(fault && no_buffers);
    static const struct {
        uint32_t build, error;
    } rows[] = { { 7599, WSAENOBUFS }, { 7600, WSAEFAULT }, { 19043, WSAEFAULT }, { 19044, WSAENOBUFS } };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct machine m;
        machine_begin(&m);
        m.world->build = rows[i].build;
        expect_error(rows[i].error, set(&m, tcp(&m), IPPROTO_TCP, TCP_KEEPCNT, 1, 4, -1));
    }
}

static void keep_alive(struct machine *m, uint64_t s, uint32_t time_ms, uint32_t interval_ms) {
    uint8_t values[12];
    store_u32(values, 1);
    store_u32(values + 4, time_ms);
    store_u32(values + 8, interval_ms);
    control(m, s, CODE_KEEPALIVE);
    with_input(m, values, sizeof values);
    expect_ok(perform(m));
}

static void expect_keepalive_times(struct machine *m, uint64_t s, uint32_t time_s, uint32_t interval_s) {
    CU_ASSERT_EQUAL(value_of(m, s, IPPROTO_TCP, TCP_KEEPALIVE), time_s);
    CU_ASSERT_EQUAL(value_of(m, s, IPPROTO_TCP, TCP_KEEPINTVL), interval_s);
}

/* SIO_KEEPALIVE_VALS keeps milliseconds, and the options show whole seconds (inferred). */
static void keepalive_times_in_milliseconds_are_shown_in_seconds(void) {
    static const uint32_t MOST_MS = 0x7fffffff;
    struct machine m;
    machine_begin(&m);
    uint64_t s = tcp(&m);
    keep_alive(&m, s, 3500, 2999);
    expect_keepalive_times(&m, s, 3, 2);
    CU_ASSERT_EQUAL(value_of(&m, s, SOL_SOCKET, SO_KEEPALIVE), 1);
    expect_ok(set_whole(&m, s, IPPROTO_TCP, TCP_KEEPALIVE, 9));
    expect_keepalive_times(&m, s, 9, 2);
    keep_alive(&m, s, 0, 0); /* the machine's own times again */
    expect_keepalive_times(&m, s, 7200, 1);
    keep_alive(&m, s, MOST_MS, MOST_MS + 1); /* more than is kept is as much as is kept (a limit of ours) */
    expect_keepalive_times(&m, s, MOST_MS / 1000, MOST_MS / 1000);
    keep_alive(&m, s, UINT32_MAX, 1000);
    expect_keepalive_times(&m, s, MOST_MS / 1000, 1);
}

/* F06, and what is inferred from it. */
static void datagrams_know_nothing_of_streams(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t s = udp(&m);
    uint32_t value;
    static const struct {
        int level, name;
    } streams[] = {
        { SOL_SOCKET, SO_KEEPALIVE },   { SOL_SOCKET, SO_LINGER },     { SOL_SOCKET, SO_DONTLINGER },
        { SOL_SOCKET, SO_OOBINLINE },   { SOL_SOCKET, SO_ACCEPTCONN }, { IPPROTO_TCP, TCP_NODELAY },
        { IPPROTO_TCP, TCP_KEEPALIVE },
    };
    for (unsigned i = 0; i < sizeof streams / sizeof streams[0]; i++) {
        expect_error(WSAENOPROTOOPT, set_whole(&m, s, streams[i].level, streams[i].name, 1));
        expect_error(WSAENOPROTOOPT, get(&m, s, streams[i].level, streams[i].name, 4, &value));
    }
    CU_ASSERT_EQUAL(value_of(&m, s, SOL_SOCKET, SO_TYPE), SOCK_DGRAM);
    CU_ASSERT_EQUAL(value_of(&m, s, SOL_SOCKET, SO_ERROR), 0);
}

/* F04, W137. */
static void a_listener_says_so_and_cannot_be_made_one(void) {
    struct machine m;
    uint64_t s = world_with_bound_socket(&m, 5000);
    CU_ASSERT_EQUAL(value_of(&m, s, SOL_SOCKET, SO_ACCEPTCONN), 0);
    expect_error(WSAENOPROTOOPT, set_whole(&m, s, SOL_SOCKET, SO_ACCEPTCONN, 1));
    expect_ok(listen_on(&m, s));
    CU_ASSERT_EQUAL(value_of(&m, s, SOL_SOCKET, SO_ACCEPTCONN), 1);
    expect_error(WSAENOPROTOOPT, set_whole(&m, s, SOL_SOCKET, SO_ACCEPTCONN, 0));
    expect_error(WSAENOPROTOOPT, set_whole(&m, s, SOL_SOCKET, SO_TYPE, 1));
}

static void dont_linger_is_the_other_side_of_linger(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t s = tcp(&m);
    CU_ASSERT_EQUAL(value_of(&m, s, SOL_SOCKET, SO_DONTLINGER), 1);
    expect_ok(set_whole(&m, s, SOL_SOCKET, SO_LINGER, 5u << 16 | 1));
    CU_ASSERT_EQUAL(value_of(&m, s, SOL_SOCKET, SO_DONTLINGER), 0);
    expect_ok(set_whole(&m, s, SOL_SOCKET, SO_DONTLINGER, 1));
    CU_ASSERT_EQUAL(value_of(&m, s, SOL_SOCKET, SO_LINGER), 5u << 16);
    expect_ok(set_whole(&m, s, SOL_SOCKET, SO_DONTLINGER, 0));
    CU_ASSERT_EQUAL(value_of(&m, s, SOL_SOCKET, SO_LINGER), 5u << 16 | 1);
}

/* F07. */
static void server_2003_knows_no_keepalive_times(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t s = tcp(&m);
    m.world->build = 3790;
    expect_error(WSAENOPROTOOPT, set_whole(&m, s, IPPROTO_TCP, TCP_KEEPALIVE, 60));
    expect_ok(set_whole(&m, s, SOL_SOCKET, SO_KEEPALIVE, 1));
    m.world->build = 6000;
    expect_ok(set_whole(&m, s, IPPROTO_TCP, TCP_KEEPIDLE, 60));
}

static void ttl_is_a_byte_above_0(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t s = udp(&m), v6 = tcp_v6(&m);
    expect_ok(set(&m, s, IPPROTO_IP, IP_TTL, 7, 1, 1));
    CU_ASSERT_EQUAL(value_of(&m, s, IPPROTO_IP, IP_TTL), 7);
    expect_error(WSAEINVAL, set_whole(&m, s, IPPROTO_IP, IP_TTL, 0));
    expect_error(WSAEINVAL, set_whole(&m, s, IPPROTO_IP, IP_TTL, 256));
    expect_ok(set_whole(&m, v6, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 255));
    CU_ASSERT_EQUAL(value_of(&m, v6, IPPROTO_IPV6, IPV6_UNICAST_HOPS), 255);
    expect_error(WSAENOPROTOOPT, set_whole(&m, s, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 1));
}

static void unknown_is_not_the_same_as_not_modelled(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t s = tcp(&m);
    expect_error(WSAENOPROTOOPT, set_whole(&m, s, SOL_SOCKET, 0x5555, 1));
    expect_error(WSAENOPROTOOPT, set_whole(&m, s, IPPROTO_TCP, 0x5555, 1));
    struct world *world = m.world;
    static const struct {
        int level, name;
        const char *words;
    } known[] = {
        { SOL_SOCKET, SO_MAX_MSG_SIZE, "SO_MAX_MSG_SIZE" },
        { IPPROTO_TCP, TCP_FASTOPEN, "TCP_FASTOPEN" },
        { IPPROTO_UDP, UDP_SEND_MSG_SIZE, "UDP_SEND_MSG_SIZE" },
        { IPPROTO_IP, IP_ADD_MEMBERSHIP, "IP_ADD_MEMBERSHIP" },
        { IPPROTO_IPV6, IPV6_PROTECTION_LEVEL, "IPV6_PROTECTION_LEVEL" },
    };
    for (unsigned i = 0; i < sizeof known / sizeof known[0]; i++) {
        (void)set_whole(&m, s, known[i].level, known[i].name, 1);
        CU_ASSERT_EQUAL(m.result.status, RESULT_NOT_MODELLED);
        CU_ASSERT_STRING_EQUAL(not_modelled_words(m.result.value), known[i].words);
    }
    CU_ASSERT_PTR_EQUAL(world, m.world);
}

static void a_name_stands_in_the_catalogue_once(void) {
    for (unsigned i = OPTION_NONE + 1; i < OPTIONS_END; i++) {
        const struct option_row *row = option_row((enum socket_option)i);
        CU_ASSERT_EQUAL(option_of(row->level, row->name), i);
        CU_ASSERT_TRUE(option_level_is_known(row->level));
    }
    unsigned count = 0;
    const struct code_row *rows = code_rows(&count);
    for (unsigned i = 0; i < count; i++) CU_ASSERT_PTR_EQUAL(code_row(rows[i].code), &rows[i]);
    CU_ASSERT_PTR_NULL(code_row(CODE_UNKNOWN));
    CU_ASSERT_FALSE(option_level_is_known(77));
}

void register_socket_options_tests(void) {
    CU_pSuite suite = CU_add_suite("socket options", NULL, NULL);
    if (suite == NULL) return;
    CU_add_test(suite, "numbers are read back", numbers_are_read_back);
    CU_add_test(suite, "numbers end with their socket", numbers_end_with_their_socket);
    CU_add_test(suite, "flags are 0 or 1", flags_are_0_or_1);
    CU_add_test(suite, "one byte of a flag is enough", one_byte_of_a_flag_is_enough);
    CU_add_test(suite, "a number needs all its bytes", a_number_needs_all_its_bytes);
    CU_add_test(suite, "a negative length elsewhere depends on the build",
                a_negative_length_elsewhere_depends_on_the_build);
    CU_add_test(suite, "a negative length where the build is unknown",
                a_negative_length_elsewhere_may_be_either_where_the_build_is_unknown);
    CU_add_test(suite, "keep-alive times in milliseconds", keepalive_times_in_milliseconds_are_shown_in_seconds);
    CU_add_test(suite, "datagrams know nothing of streams", datagrams_know_nothing_of_streams);
    CU_add_test(suite, "a listener says so, and cannot be made one", a_listener_says_so_and_cannot_be_made_one);
    CU_add_test(suite, "SO_DONTLINGER is the other side of SO_LINGER", dont_linger_is_the_other_side_of_linger);
    CU_add_test(suite, "Server 2003 knows no keep-alive times", server_2003_knows_no_keepalive_times);
    CU_add_test(suite, "a TTL is a byte above 0", ttl_is_a_byte_above_0);
    CU_add_test(suite, "unknown is not the same as not modelled", unknown_is_not_the_same_as_not_modelled);
    CU_add_test(suite, "a name stands in the catalogue once", a_name_stands_in_the_catalogue_once);
}
