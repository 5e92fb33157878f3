/* Every modelled question: the situation in which it matters, and what each candidate makes of it.
 *
 * A situation plays on a machine whose profile has one reading switched, and returns what the question is about: an
 * error, a port, a count. Other readings that it depends on it switches itself. */
#include <string.h>

#include "stack/ports/exclusions.h"
#include "stack/tests/fixture_calls.h"
#include "stack/tests/situations.h"

void register_model_readings_tests(void);

enum { FIRST = 50000, COUNT = 4 };

/* What situations return besides errors and numbers; no Winsock error is as small. */
enum { LOWEST = 1, NEXT, ELSEWHERE, KEPT, LOST, INSIDE, OUTSIDE, THE_SAME, ANOTHER };

/* --- buffers and pointers --- */

static uint32_t short_output(struct machine *m) {
    control_acquire(m, tcp(m), 0, 1);
    with_output_room(m, PORT_INSTANCE_SIZE - 1);
    return perform(m);
}

static uint32_t no_output(struct machine *m) {
    control_acquire(m, tcp(m), 0, 1);
    with_output_state(m, RANGE_NULL, 0);
    return perform(m);
}

static uint32_t short_range(struct machine *m) {
    control_acquire(m, tcp(m), 0, 1);
    with_input(m, "\0\0\1", PORT_RANGE_SIZE - 1);
    return perform(m);
}

static uint32_t null_token(struct machine *m) {
    control(m, tcp(m), SIO_ASSOCIATE_PORT_RESERVATION);
    with_input_state(m, RANGE_NULL, PORT_TOKEN_SIZE);
    return perform(m);
}

static uint32_t long_range(struct machine *m) {
    control_acquire(m, tcp(m), 0, 1);
    with_input(m, "\0\0\1\0\0", PORT_RANGE_SIZE + 1);
    return perform(m);
}

static uint32_t associate_with_output(struct machine *m) {
    uint64_t s = tcp(m);
    control_token(m, s, SIO_ASSOCIATE_PORT_RESERVATION, granted(m, s, 0, COUNT).token);
    with_output_room(m, 4);
    return perform(m);
}

static uint32_t bytes_of_associate(struct machine *m) {
    uint64_t s = tcp(m);
    expect_ok(associate(m, s, granted(m, s, 0, COUNT).token));
    return bytes_returned(m);
}

static uint32_t bytes_of_release(struct machine *m) {
    uint64_t s = tcp(m);
    expect_ok(release(m, s, granted(m, s, 0, COUNT).token));
    return bytes_returned(m);
}

static uint32_t bytes_of_acquire(struct machine *m) {
    granted(m, tcp(m), 0, COUNT);
    return bytes_returned(m);
}

static uint32_t overlapped_without_bytes(struct machine *m) {
    control_acquire(m, tcp(m), 0, 1);
    with_overlapped(m, 0, 0);
    with_bytes_state(m, RANGE_NULL);
    return perform(m);
}

static uint32_t bytes_of_failure(struct machine *m) {
    expect_error(WSAEINVAL, associate(m, tcp(m), NOT_GIVEN));
    return bytes_returned(m);
}

static uint32_t release_with_bad_input(struct machine *m) {
    control(m, tcp(m), SIO_RELEASE_PORT_RESERVATION);
    with_input_state(m, RANGE_BAD, PORT_TOKEN_SIZE);
    return perform(m);
}

static uint32_t unaligned_range(struct machine *m) {
    control_acquire(m, tcp(m), 0, 1);
    with_input_at(m, 0x10001);
    return perform(m);
}

static uint32_t unaligned_instance(struct machine *m) {
    control_acquire(m, tcp(m), 0, 1);
    with_output_at(m, 0x20004);
    return perform(m);
}

static uint32_t unaligned_token(struct machine *m) {
    uint64_t s = tcp(m);
    control_token(m, s, SIO_RELEASE_PORT_RESERVATION, granted(m, s, 0, 1).token);
    with_input_at(m, 0x10004);
    return perform(m);
}

static uint32_t bad_unused_output(struct machine *m) {
    uint64_t s = tcp(m);
    control_token(m, s, SIO_RELEASE_PORT_RESERVATION, granted(m, s, 0, 1).token);
    with_output_state(m, RANGE_BAD, 0);
    return perform(m);
}

/* --- values --- */

static uint32_t port_of_bytes_1234(struct machine *m) {
    uint64_t s = tcp(m);
    control_acquire(m, s, 0, 1);
    with_input(m, "\x12\x34\1\0", PORT_RANGE_SIZE);
    expect_ok(perform(m));
    const uint8_t *token = written(m, 0x20000, PORT_INSTANCE_SIZE);
    return take_port(m, token == NULL ? 0 : load_u64(token + 8));
}

static uint32_t zero_ports(struct machine *m) {
    struct grant grant;
    uint32_t error = acquire(m, tcp(m), FIRST, 0, &grant);
    return error != 0 ? error : grant.count;
}

static uint32_t past_the_end(struct machine *m) {
    struct grant grant;
    uint32_t error = acquire(m, tcp(m), 65534, 3, &grant);
    return error != 0 ? error : grant.count;
}

static uint32_t too_large_a_wildcard(struct machine *m) {
    struct grant grant;
    return acquire(m, tcp(m), 0, 65000, &grant);
}

static uint32_t lowest_wildcard(struct machine *m) { return granted(m, tcp(m), 0, COUNT).first; }

/* Two blocks were given, the first came back: where does the third lie? */
static uint32_t placement(struct machine *m) {
    uint64_t s = tcp(m);
    struct grant first = granted(m, s, 0, COUNT);
    struct grant second = granted(m, s, 0, COUNT);
    expect_ok(release(m, s, first.token));
    struct odometer odometer;
    unsigned answered = m->profile.answers[Q17_WILDCARD_PLACEMENT] - 1u;
    world_settle_reading(m->world, Q17_WILDCARD_PLACEMENT, answered);
    odometer_init(&odometer);
    odometer_name(&odometer, CHOICE_BLOCK_START, 60000);
    odometer_name(&odometer, CHOICE_TOKEN, 777);
    m->chooser = &odometer.chooser;
    struct grant third = granted(m, s, 0, COUNT);
    CU_ASSERT_FALSE(odometer.refused);
    if (third.first == first.first) return LOWEST;
    if (third.first == second.first + COUNT) return NEXT;
    return third.first == 60000 ? ELSEWHERE : 0u;
}

static uint32_t port_below_1024(struct machine *m) {
    struct grant grant;
    return acquire(m, tcp(m), 600, 1, &grant);
}

/* --- conflicts --- */

static uint32_t tokens_of_both(struct machine *m) {
    struct grant of_tcp = granted(m, tcp(m), FIRST, COUNT), of_udp = granted(m, udp(m), FIRST, COUNT);
    return of_tcp.token == of_udp.token ? THE_SAME : ANOTHER;
}

static uint32_t over_bound_port(struct machine *m) {
    struct grant grant;
    expect_ok(bind_port(m, tcp(m), FIRST));
    return acquire(m, tcp(m), FIRST, 1, &grant);
}

static uint32_t over_port_of_other_family(struct machine *m) {
    struct grant grant;
    expect_ok(bind_port(m, tcp(m), FIRST));
    return acquire(m, tcp_v6(m), FIRST, 1, &grant);
}

/* The lowest free run, where the other family has the first dynamic port. */
static uint32_t wildcard_beside_other_family(struct machine *m) {
    struct grant grant;
    expect_ok(bind_port(m, tcp(m), 49152));
    expect_ok(acquire(m, tcp_v6(m), 0, 1, &grant));
    return grant.first;
}

static uint32_t bind_broadcast(struct machine *m) { return bind_at(m, tcp(m), BROADCAST_V4, FIRST); }

/* A datagram socket that was never bound, where another one has the only dynamic port. */
static uint32_t connect_without_a_port_left(struct machine *m) {
    m->world->dynamic_last[PROTOCOL_UDP] = m->world->dynamic_first[PROTOCOL_UDP];
    expect_ok(bind_port(m, udp(m), 0));
    return connect_to(m, udp(m), LOOPBACK_V4, FIRST);
}

static uint32_t option_of_unknown_level(struct machine *m) {
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_setsockopt;
    call.arguments[setsockopt_s] = tcp(m);
    call.arguments[setsockopt_level] = UINT64_MAX;
    run_call(m, &call);
    CU_ASSERT_EQUAL(m->result.value, UINT64_MAX);
    return m->result.error;
}

static uint32_t over_reservation(struct machine *m) {
    struct grant grant;
    start_tool(m, 0);
    granted(m, tcp(m), FIRST, COUNT);
    speak_as(m, TOOL);
    return acquire(m, tcp(m), FIRST + 1, 1, &grant);
}

static void exclude(struct machine *m, unsigned first, unsigned last, bool administered) {
    CU_ASSERT_NOT_EQUAL(exclusion_add(m->world, PROTOCOL_TCP, first, last, administered), NO_ROW);
}

static uint32_t over_exclusion(struct machine *m) {
    struct grant grant;
    exclude(m, FIRST, FIRST + 9, true);
    return acquire(m, tcp(m), FIRST, 1, &grant);
}

static uint32_t partly_taken(struct machine *m) {
    struct grant grant;
    expect_ok(bind_port(m, tcp(m), FIRST + 2));
    uint32_t error = acquire(m, tcp(m), FIRST, COUNT, &grant);
    return error != 0 ? error : grant.count;
}

static uint32_t identical_block(struct machine *m) {
    struct grant again;
    uint64_t s = tcp(m);
    struct grant first = granted(m, s, FIRST, COUNT);
    uint32_t error = acquire(m, s, FIRST, COUNT, &again);
    if (error == 0) CU_ASSERT_EQUAL(first.token, again.token);
    return error;
}

static uint32_t stranger_binds_reserved(struct machine *m) {
    start_tool(m, 0);
    granted(m, tcp(m), FIRST, COUNT);
    speak_as(m, TOOL);
    return bind_port(m, tcp(m), FIRST);
}

static uint32_t owner_binds_reserved(struct machine *m) {
    granted(m, tcp(m), FIRST, COUNT);
    return bind_port(m, tcp(m), FIRST);
}

static uint32_t reuse_binds_reserved(struct machine *m) {
    granted(m, tcp(m), FIRST, COUNT);
    uint64_t s = tcp(m);
    expect_ok(set_option(m, s, REUSE_ADDRESS, 1));
    return bind_port(m, s, FIRST);
}

static uint32_t other_family_acquires(struct machine *m) {
    struct grant grant;
    granted(m, tcp(m), FIRST, COUNT);
    return acquire(m, tcp_v6(m), FIRST, COUNT, &grant);
}

/* --- association and bind --- */

static uint32_t associate_after_bind(struct machine *m) {
    uint64_t s = tcp(m);
    struct grant grant = granted(m, s, 0, COUNT);
    expect_ok(bind_port(m, s, 0));
    unsigned port = port_of(m, s);
    uint32_t error = associate(m, s, grant.token);
    CU_ASSERT_EQUAL(port_of(m, s), port);
    return error;
}

static uint32_t associate_twice(struct machine *m) {
    uint64_t s = tcp(m);
    struct grant first = granted(m, s, FIRST, 1);
    struct grant second = granted(m, s, FIRST + 10, 1);
    expect_ok(associate(m, s, first.token));
    uint32_t error = associate(m, s, second.token);
    expect_ok(bind_port(m, s, 0));
    CU_ASSERT_EQUAL(port_of(m, s), error == 0 ? second.first : first.first);
    return error;
}

static uint32_t associate_twice_with_the_same(struct machine *m) {
    uint64_t s = tcp(m);
    struct grant grant = granted(m, s, FIRST, 1);
    expect_ok(associate(m, s, grant.token));
    return associate(m, s, grant.token);
}

static uint32_t associate_unknown(struct machine *m) { return associate(m, tcp(m), NOT_GIVEN); }
static uint32_t associate_zero(struct machine *m) { return associate(m, tcp(m), 0); }
static uint32_t release_unknown(struct machine *m) { return release(m, tcp(m), NOT_GIVEN); }

static uint32_t associate_foreign(struct machine *m) {
    start_tool(m, 0);
    struct grant grant = granted(m, tcp(m), FIRST, COUNT);
    speak_as(m, TOOL);
    return associate(m, tcp(m), grant.token);
}

static uint32_t associate_other_protocol(struct machine *m) {
    struct grant grant = granted(m, tcp(m), FIRST, COUNT);
    uint64_t s = udp(m);
    uint32_t error = associate(m, s, grant.token);
    if (error == 0) expect_error(WSAEINVAL, bind_port(m, s, 0));
    return error;
}

static uint32_t associate_other_family(struct machine *m) {
    struct grant grant = granted(m, tcp(m), FIRST, COUNT);
    return associate(m, tcp_v6(m), grant.token);
}

static uint32_t exhausted_block(struct machine *m) {
    struct grant grant = granted(m, tcp(m), FIRST, 1);
    CU_ASSERT_EQUAL(take_port(m, grant.token), FIRST);
    uint64_t s = tcp(m);
    expect_ok(associate(m, s, grant.token));
    return bind_port(m, s, 0);
}

/* Ports 0 and 1 of a block were taken, 0 came back: which one is next? */
static uint32_t order_of_ports(struct machine *m) {
    struct grant grant = granted(m, tcp(m), FIRST, 10);
    uint64_t s = tcp(m);
    expect_ok(associate(m, s, grant.token));
    struct odometer odometer;
    world_settle_reading(m->world, Q47_PORT_OF_BLOCK, m->profile.answers[Q47_PORT_OF_BLOCK] - 1u);
    odometer_init(&odometer);
    odometer_name(&odometer, CHOICE_PORT, FIRST);
    m->chooser = &odometer.chooser;
    expect_ok(bind_port(m, s, 0));
    odometer_init(&odometer);
    odometer_name(&odometer, CHOICE_PORT, FIRST + 1);
    CU_ASSERT_EQUAL(take_port(m, grant.token), FIRST + 1);
    expect_ok(close_socket(m, s));
    odometer_init(&odometer);
    odometer_name(&odometer, CHOICE_PORT, FIRST + 7);
    unsigned port = take_port(m, grant.token);
    CU_ASSERT_FALSE(odometer.refused);
    if (port == FIRST) return LOWEST;
    return port == FIRST + 2 ? NEXT : port == FIRST + 7 ? ELSEWHERE : 0;
}

static uint32_t explicit_inside(struct machine *m) {
    struct grant grant = granted(m, tcp(m), FIRST, COUNT);
    uint64_t s = tcp(m);
    expect_ok(associate(m, s, grant.token));
    expect_ok(bind_port(m, s, FIRST + 2));
    return port_of(m, s) - FIRST;
}

static uint32_t explicit_outside(struct machine *m) {
    struct grant grant = granted(m, tcp(m), FIRST, COUNT);
    uint64_t s = tcp(m);
    expect_ok(associate(m, s, grant.token));
    return bind_port(m, s, FIRST + 100);
}

static uint32_t two_on_one_port(struct machine *m) {
    struct grant grant = granted(m, tcp(m), FIRST, COUNT);
    CU_ASSERT_EQUAL(take_port(m, grant.token), FIRST);
    uint64_t s = tcp(m);
    expect_ok(associate(m, s, grant.token));
    return bind_port(m, s, FIRST);
}

static uint32_t association_after_failed_bind(struct machine *m) {
    struct grant grant = granted(m, tcp(m), FIRST, COUNT);
    uint64_t s = tcp(m);
    expect_ok(associate(m, s, grant.token));
    expect_error(WSAEACCES, bind_port(m, s, FIRST + 100));
    expect_ok(bind_port(m, s, 0));
    unsigned port = port_of(m, s);
    return port >= FIRST && port < FIRST + COUNT ? KEPT : LOST;
}

static uint32_t implicit_bind(struct machine *m) {
    uint64_t listener = tcp(m);
    expect_ok(bind_port(m, listener, 7000));
    expect_ok(listen_on(m, listener));
    struct grant grant = granted(m, tcp(m), FIRST, COUNT);
    uint64_t s = tcp(m);
    expect_ok(associate(m, s, grant.token));
    expect_ok(connect_to(m, s, LOOPBACK_V4, 7000));
    unsigned port = port_of(m, s);
    return port >= FIRST && port < FIRST + COUNT ? INSIDE : OUTSIDE;
}

static uint32_t release_while_bound(struct machine *m) {
    uint64_t acquirer = tcp(m);
    struct grant grant = granted(m, acquirer, FIRST, COUNT);
    uint64_t s = tcp(m);
    expect_ok(associate(m, s, grant.token));
    expect_ok(bind_port(m, s, 0));
    uint32_t error = release(m, acquirer, grant.token);
    if (error != 0) return error;
    return port_of(m, s) == FIRST ? KEPT : LOST;
}

static uint32_t close_while_bound(struct machine *m) {
    uint64_t acquirer = tcp(m);
    struct grant grant = granted(m, acquirer, FIRST, COUNT);
    uint64_t s = tcp(m);
    expect_ok(associate(m, s, grant.token));
    expect_ok(bind_port(m, s, 0));
    expect_ok(close_socket(m, acquirer));
    return port_of(m, s) == FIRST ? KEPT : LOST;
}

static uint32_t close_handle_while_bound(struct machine *m) {
    uint64_t acquirer = tcp(m);
    struct grant grant = granted(m, acquirer, FIRST, COUNT);
    uint64_t s = tcp(m);
    expect_ok(associate(m, s, grant.token));
    expect_ok(bind_port(m, s, 0));
    expect_ok(close_handle(m, acquirer));
    return port_of(m, s) == FIRST ? KEPT : LOST;
}

static uint32_t bind_without_reservation(struct machine *m) {
    uint64_t acquirer = tcp(m);
    struct grant grant = granted(m, acquirer, FIRST, COUNT);
    uint64_t s = tcp(m);
    expect_ok(associate(m, s, grant.token));
    expect_ok(release(m, acquirer, grant.token));
    return bind_port(m, s, 0);
}

static uint32_t acquire_on_bound_socket(struct machine *m) {
    struct grant grant;
    uint64_t s = tcp(m);
    expect_ok(bind_port(m, s, 0));
    return acquire(m, s, 0, 1, &grant);
}

/* --- lifetime --- */

static uint32_t release_elsewhere(struct machine *m) {
    struct grant grant = granted(m, tcp(m), FIRST, COUNT);
    return release(m, tcp(m), grant.token);
}

static uint32_t release_foreign(struct machine *m) {
    start_tool(m, 0);
    struct grant grant = granted(m, tcp(m), FIRST, COUNT);
    speak_as(m, TOOL);
    return release(m, tcp(m), grant.token);
}

static uint32_t release_twice(struct machine *m) {
    uint64_t s = tcp(m);
    struct grant grant = granted(m, s, FIRST, COUNT);
    expect_ok(release(m, s, grant.token));
    return release(m, s, grant.token);
}

static uint32_t release_through_other_protocol(struct machine *m) {
    struct grant grant = granted(m, tcp(m), FIRST, COUNT);
    return release(m, udp(m), grant.token);
}

/* --- modes --- */

static uint32_t nonblocking_acquire(struct machine *m) {
    struct grant grant;
    uint64_t s = tcp(m);
    control(m, s, CODE_FIONBIO);
    with_input(m, "\1\0\0", 4);
    expect_ok(perform(m));
    return acquire(m, s, 0, 1, &grant);
}

static uint32_t overlapped_acquire(struct machine *m) {
    control_acquire(m, tcp(m), 0, 1);
    with_overlapped(m, 0, 0);
    uint32_t error = perform(m);
    CU_ASSERT_EQUAL(internal_of(m, 0), STATUS_SUCCESS);
    CU_ASSERT_TRUE(output_written(m));
    return error;
}

static uint32_t overlapped_unknown_token(struct machine *m) {
    control_token(m, tcp(m), SIO_ASSOCIATE_PORT_RESERVATION, NOT_GIVEN);
    with_overlapped(m, 0, 0);
    uint32_t error = perform(m);
    if (error == WSA_IO_PENDING) CU_ASSERT_EQUAL(internal_of(m, 0), STATUS_INVALID_PARAMETER);
    return error;
}

static uint32_t overlapped_short_output(struct machine *m) {
    control_acquire(m, tcp(m), 0, 1);
    with_output_room(m, PORT_INSTANCE_SIZE - 1);
    with_overlapped(m, 0, 0);
    uint32_t error = perform(m);
    if (error == WSA_IO_PENDING) expect_error(WSAEFAULT, overlapped_result(m, m->call.arguments[WSAIoctl_s], 0, false));
    return error;
}

static uint32_t bytes_of_overlapped(struct machine *m) {
    control_acquire(m, tcp(m), 0, 1);
    with_overlapped(m, 0, 0);
    expect_ok(perform(m));
    return bytes_returned(m);
}

static uint32_t routine_alone(struct machine *m) {
    control_acquire(m, tcp(m), 0, 1);
    with_routine(m, RANGE_GOOD);
    return perform(m);
}

static uint32_t raw_socket(struct machine *m) {
    struct grant grant;
    uint64_t s = 0;
    expect_ok(make_socket(m, AF_V4, RAW, ICMP, &s));
    return acquire(m, s, 0, 1, &grant);
}

static uint32_t raw_socket_of_udp(struct machine *m) {
    struct grant grant;
    uint64_t s = 0;
    expect_ok(make_socket(m, AF_V4, RAW, UDP, &s));
    return acquire(m, s, 0, 1, &grant);
}

static uint32_t owner_closes_and_a_duplicate_lives(struct machine *m) {
    start_tool(m, 0);
    uint64_t keeper = tcp(m);
    struct grant grant = granted(m, keeper, 0, COUNT);
    shared_with_tool(m, keeper);
    expect_ok(close_socket(m, keeper));
    return associate(m, tcp(m), grant.token);
}

static uint32_t unknown_code(struct machine *m) {
    control(m, tcp(m), CODE_UNKNOWN);
    return perform(m);
}

/* What it is to the thread: untouched, or the error. */
static uint32_t last_error_of_wspioctl(struct machine *m) {
    control(m, tcp(m), CODE_UNKNOWN);
    m->call.function = FUNCTION_WSPIoctl;
    m->call.ranges[WSPIoctl_lpThreadId].state = RANGE_NULL;
    m->call.ranges[WSPIoctl_lpErrno] = (struct range){ .address = 0x90000, .length = 4, .state = RANGE_GOOD };
    m->call.arguments[WSPIoctl_lpErrno] = 0x90000;
    run_call(m, &m->call);
    return m->result.error;
}

static uint32_t before_startup(struct machine *m) {
    model_process_start(m->world, PROCESS_TOOL, TOOL, 0, 0);
    speak_as(m, TOOL);
    control_acquire(m, NOT_GIVEN, 0, 1);
    return perform(m);
}

/* --- privilege --- */

static uint32_t associate_as_tool(struct machine *m) {
    speak_as(m, TOOL);
    uint64_t s = tcp(m);
    return associate(m, s, granted(m, s, FIRST, COUNT).token);
}

static uint32_t elevated_without_manifest(struct machine *m) {
    also_read(m, Q87_ASSOCIATE_UNPRIVILEGED, Q87_ACCES);
    start_tool_as(m, ACCOUNT_ADMINISTRATOR, MANIFEST_AS_INVOKER, true);
    return associate_as_tool(m);
}

static uint32_t standard_user_associates(struct machine *m) {
    start_tool_as(m, ACCOUNT_STANDARD_USER, MANIFEST_AS_INVOKER, false);
    return associate_as_tool(m);
}

static uint32_t filtered_administrator_associates(struct machine *m) {
    start_tool_as(m, ACCOUNT_ADMINISTRATOR, MANIFEST_AS_INVOKER, false);
    return associate_as_tool(m);
}

static uint32_t elevated_thread_impersonates_a_standard_user(struct machine *m) {
    also_read(m, Q87_ASSOCIATE_UNPRIVILEGED, Q87_ACCES);
    start_tool_as(m, ACCOUNT_ADMINISTRATOR, MANIFEST_REQUIRE_ADMINISTRATOR, true);
    security_name_account(m->world, 2, ACCOUNT_STANDARD_USER);
    speak_as(m, TOOL);
    CU_ASSERT_EQUAL(plain_call(m, FUNCTION_ImpersonateLoggedOnUser, 2, 0, 0), 1);
    return associate_as_tool(m);
}

static uint32_t implemented(struct machine *m) {
    struct grant grant;
    return acquire(m, tcp(m), 0, 1, &grant);
}

/* --- the table --- */

/* Milliseconds until a connect to a port without a listener is refused. */
static uint32_t time_to_refuse(struct machine *m) {
    uint64_t s = tcp(m);
    expect_error(WSAECONNREFUSED, connect_to(m, s, LOOPBACK_V4, 7));
    return (uint32_t)(m->world->now_ns / 1000000);
}

/* clang-format off */
static const struct situation situations[] = {
    { Q1_SHORT_OUTPUT, short_output, { WSAEINVAL, WSAEFAULT } },
    { Q1_SHORT_OUTPUT, no_output, { WSAEINVAL, WSAEFAULT } },
    { Q108_ACQUIRE_OVER_OTHER_FAMILY, over_port_of_other_family, { WSAEADDRINUSE, 0 } },
    { Q108_ACQUIRE_OVER_OTHER_FAMILY, wildcard_beside_other_family, { 49153, 49152 } },
    { Q109_BIND_TO_BROADCAST, bind_broadcast, { WSAEADDRNOTAVAIL, WSAEACCES } },
    { Q111_IMPLICIT_EXHAUSTED, connect_without_a_port_left, { WSAENOBUFS, WSAEADDRINUSE } },
    { Q112_UNKNOWN_OPTION_LEVEL, option_of_unknown_level, { WSAENOPROTOOPT, WSAEINVAL, WSAEOPNOTSUPP } },
    { Q103_REFUSED_CONNECT, time_to_refuse, { 0, 2000 } },
    { Q2_SHORT_INPUT, short_range, { WSAEFAULT, WSAEINVAL } },
    { Q2_SHORT_INPUT, null_token, { WSAEFAULT, WSAEINVAL } },
    { Q3_LONG_INPUT, long_range, { 0, WSAEINVAL } },
    { Q4_OUTPUT_SIZE_GIVEN, associate_with_output, { WSAEINVAL, 0 } },
    { Q5_BYTES_WITHOUT_OUTPUT, bytes_of_associate, { 0, 8 } },
    { Q5_BYTES_WITHOUT_OUTPUT, bytes_of_release, { 0, 8 } },
    { Q6_BYTES_OF_ACQUIRE, bytes_of_acquire, { 16, 12 } },
    { Q7_NULL_BYTES, overlapped_without_bytes, { WSAEFAULT, 0 } },
    { Q8_BYTES_AFTER_FAILURE, bytes_of_failure, { 0, UNTOUCHED } },
    { Q9_RELEASE_BAD_INPUT, release_with_bad_input, { WSAEFAULT, WSAEINVAL } },
    { Q11_UNALIGNED_INPUT, unaligned_range, { 0, WSAEFAULT } },
    { Q11_UNALIGNED_INPUT, unaligned_instance, { 0, WSAEFAULT } },
    { Q11_UNALIGNED_INPUT, unaligned_token, { 0, WSAEFAULT } },
    { Q12_BYTE_ORDER, port_of_bytes_1234, { 0x1234, 0x3412 } },
    { Q13_ZERO_PORTS, zero_ports, { WSAEINVAL, 0, 1 } },
    { Q14_PAST_65535, past_the_end, { WSAEINVAL, 2, WSAEADDRNOTAVAIL } },
    { Q15_NO_FREE_RUN, too_large_a_wildcard, { WSAEADDRINUSE, WSAENOBUFS, WSAEINVAL } },
    { Q16_WILDCARD_RANGE, lowest_wildcard, { 49152, 1024 } },
    { Q17_WILDCARD_PLACEMENT, placement, { LOWEST, NEXT, ELSEWHERE } },
    { Q19_BELOW_1024, port_below_1024, { 0, WSAEACCES } },
    { Q23_TOKEN_VALUES, tokens_of_both, { ANOTHER, THE_SAME } },
    { Q24_ACQUIRE_OVER_SOCKET, over_bound_port, { WSAEADDRINUSE, WSAEACCES, 0 } },
    { Q25_ACQUIRE_OVER_RESERVATION, over_reservation, { WSAEADDRINUSE, WSAEACCES } },
    { Q26_ACQUIRE_OVER_EXCLUSION, over_exclusion, { WSAEADDRINUSE, 0 } },
    { Q27_ACQUIRE_PARTLY_TAKEN, partly_taken, { WSAEADDRINUSE, 2 } },
    { Q28_ACQUIRE_OWN_BLOCK, identical_block, { WSAEADDRINUSE, 0 } },
    { Q29_BIND_INTO_RESERVATION, stranger_binds_reserved, { WSAEACCES, WSAEADDRINUSE, WSAEACCES } },
    { Q29_BIND_INTO_RESERVATION, owner_binds_reserved, { WSAEACCES, WSAEADDRINUSE, 0 } },
    { Q30_REUSE_INTO_RESERVATION, reuse_binds_reserved, { WSAEACCES, 0 } },
    { Q34_FAMILIES, other_family_acquires, { WSAEADDRINUSE, 0 } },
    { Q38_ASSOCIATE_AFTER_BIND, associate_after_bind, { WSAEINVAL, WSAEISCONN, 0 } },
    { Q39_SECOND_ASSOCIATE, associate_twice, { 0, WSAEINVAL, WSAEINVAL } },
    { Q39_SECOND_ASSOCIATE, associate_twice_with_the_same, { 0, WSAEINVAL, 0 } },
    { Q40_UNKNOWN_TOKEN, associate_unknown, { WSAEINVAL, WSAEADDRNOTAVAIL, WSAEACCES } },
    { Q40_UNKNOWN_TOKEN, associate_zero, { WSAEINVAL, WSAEADDRNOTAVAIL, WSAEACCES } },
    { Q40_UNKNOWN_TOKEN, release_unknown, { WSAEINVAL, WSAEADDRNOTAVAIL, WSAEACCES } },
    { Q41_ASSOCIATE_FOREIGN_TOKEN, associate_foreign, { WSAEACCES, WSAEINVAL } },
    { Q42_ASSOCIATE_OTHER_PROTOCOL, associate_other_protocol, { WSAEINVAL, WSAEOPNOTSUPP, 0 } },
    { Q43_ASSOCIATE_OTHER_FAMILY, associate_other_family, { 0, WSAEINVAL } },
    { Q46_BLOCK_EXHAUSTED, exhausted_block, { WSAEADDRINUSE, WSAENOBUFS, WSAEACCES, WSAEADDRNOTAVAIL } },
    { Q47_PORT_OF_BLOCK, order_of_ports, { LOWEST, NEXT, ELSEWHERE } },
    { Q48_EXPLICIT_INSIDE, explicit_inside, { 2, 0 } },
    { Q49_EXPLICIT_OUTSIDE, explicit_outside, { WSAEACCES, 0, WSAEADDRNOTAVAIL, WSAEINVAL } },
    { Q50_TWO_ON_ONE_PORT, two_on_one_port, { WSAEADDRINUSE, 0 } },
    { Q52_FAILED_BIND, association_after_failed_bind, { KEPT, LOST } },
    { Q53_IMPLICIT_BIND, implicit_bind, { INSIDE, OUTSIDE } },
    { Q54_RELEASE_WHILE_BOUND, release_while_bound, { KEPT, LOST, WSAEADDRINUSE } },
    { Q54_RELEASE_WHILE_BOUND, close_while_bound, { KEPT, LOST, KEPT } },
    { Q54_RELEASE_WHILE_BOUND, close_handle_while_bound, { KEPT, LOST, KEPT } },
    { Q55_RESERVATION_GONE, bind_without_reservation, { WSAEINVAL, 0 } },
    { Q56_ACQUIRE_BOUND, acquire_on_bound_socket, { 0, WSAEINVAL } },
    { Q57_RELEASE_OTHER_SOCKET, release_elsewhere, { 0, WSAEINVAL } },
    { Q58_RELEASE_FOREIGN_TOKEN, release_foreign, { WSAEACCES, WSAEINVAL } },
    { Q60_RELEASE_TWICE, release_twice, { WSAEINVAL, 0 } },
    { Q61_RELEASE_OTHER_PROTOCOL, release_through_other_protocol, { WSAEINVAL, 0 } },
    { Q62_DUPLICATES, owner_closes_and_a_duplicate_lives, { 0, WSAEINVAL } },
    { Q69_NONBLOCKING, nonblocking_acquire, { 0, WSAEWOULDBLOCK } },
    { Q70_OVERLAPPED_SUCCESS, overlapped_acquire, { 0, WSA_IO_PENDING } },
    { Q72_OVERLAPPED_FAILURE, overlapped_unknown_token, { WSAEINVAL, WSA_IO_PENDING } },
    { Q72_OVERLAPPED_FAILURE, overlapped_short_output, { WSAEFAULT, WSA_IO_PENDING } },
    { Q73_OVERLAPPED_BYTES, bytes_of_overlapped, { UNTOUCHED, 16 } },
    { Q74_ROUTINE_ALONE, routine_alone, { 0, WSAEINVAL } },
    { Q76_OTHER_KIND_OF_SOCKET, raw_socket, { WSAEOPNOTSUPP, WSAEINVAL, WSAENOPROTOOPT } },
    { Q77_UNKNOWN_CODE, unknown_code, { WSAEOPNOTSUPP, WSAEINVAL } },
    { Q84_WSPIOCTL_ERROR, last_error_of_wspioctl, { ERROR_UNTOUCHED, WSAEOPNOTSUPP } },
    { Q81_BEFORE_STARTUP, before_startup, { WSANOTINITIALISED, WSAENOTSOCK } },
    { Q86_ADMINISTRATOR, elevated_without_manifest, { 0, WSAEACCES } },
    { Q87_ASSOCIATE_UNPRIVILEGED, standard_user_associates, { 0, WSAEACCES } },
    { Q87_ASSOCIATE_UNPRIVILEGED, filtered_administrator_associates, { 0, WSAEACCES } },
    { Q88_UNUSED_OUTPUT_POINTER, bad_unused_output, { 0, WSAEFAULT } },
    { Q89_IMPLEMENTED, implemented, { 0, WSAEOPNOTSUPP } },
    { Q102_RAW_SOCKET_OF_TCP_OR_UDP, raw_socket_of_udp, { WSAEINVAL, WSAEOPNOTSUPP } },
    { Q90_IMPERSONATION, elevated_thread_impersonates_a_standard_user, { WSAEACCES, 0 } },
};
/* clang-format on */

enum { OWN_COUNT = sizeof situations / sizeof situations[0] };

/* Those of this file, then those of the others; NULL behind the last. */
static const struct situation *situation_at(unsigned index) {
    static const struct situation *(*const others[])(unsigned *) = { persistent_situations, netsh_situations,
                                                                     overlapped_situations, wire_situations,
                                                                     events_situations };
    if (index < OWN_COUNT) return &situations[index];
    index -= OWN_COUNT;
    for (unsigned i = 0; i < sizeof others / sizeof others[0]; i++) {
        unsigned count = 0;
        const struct situation *those = others[i](&count);
        if (index < count) return &those[index];
        index -= count;
    }
    return NULL;
}

static void each_candidate_has_its_outcome(void) {
    for (unsigned i = 0; situation_at(i) != NULL; i++) {
        const struct situation *situation = situation_at(i);
        for (unsigned candidate = 0; candidate < reading_of(situation->question)->candidates_count; candidate++) {
            struct machine machine;
            machine_with_reading(&machine, situation->question, candidate);
            uint32_t outcome = situation->play(&machine);
            check_error(reading_of(situation->question)->title, situation->outcomes[candidate], outcome, __FILE__,
                        situation->question);
        }
    }
}

static bool tells_apart(const struct situation *situation, enum question question, unsigned one, unsigned other) {
    return situation->question == question && situation->outcomes[one] != situation->outcomes[other];
}

/* No candidate is just a name for another one: some situation tells any two of them apart. */
static void candidates_are_distinguished(void) {
    unsigned count = 0;
    const struct reading *rows = readings(&count);
    for (unsigned i = 0; i < count; i++) {
        for (unsigned one = 0; rows[i].modelled && one < rows[i].candidates_count; one++) {
            for (unsigned other = 0; other < one; other++) {
                bool apart = false;
                for (unsigned k = 0; situation_at(k) != NULL; k++)
                    apart |= tells_apart(situation_at(k), rows[i].question, one, other);
                CU_assertImplementation(apart, rows[i].question, rows[i].title, __FILE__, "", CU_FALSE);
            }
        }
    }
}

/* A situation asks its question, and the world keeps the answer. */
static void the_world_remembers_what_was_settled(void) {
    enum { SECOND = 1 }; /* each question has a second candidate */
    for (unsigned i = 0; situation_at(i) != NULL; i++) {
        struct machine machine;
        machine_with_reading(&machine, situation_at(i)->question, SECOND);
        situation_at(i)->play(&machine);
        CU_ASSERT_TRUE(world_remembers(machine.world, situation_at(i)->question, SECOND));
    }
}

static void a_reading_is_asked_when_it_matters_and_not_before(void) {
    struct machine machine;
    uint64_t s = world_with_open_socket(&machine);
    CU_ASSERT_FALSE(world_asked(machine.world, Q38_ASSOCIATE_AFTER_BIND));
    struct grant grant = granted(&machine, s, 0, COUNT);
    expect_ok(associate(&machine, s, grant.token));
    CU_ASSERT_FALSE(world_asked(machine.world, Q38_ASSOCIATE_AFTER_BIND));
    expect_ok(bind_port(&machine, s, 0));
    expect_error(WSAEINVAL, associate(&machine, s, grant.token));
    CU_ASSERT_TRUE(world_remembers(machine.world, Q38_ASSOCIATE_AFTER_BIND, Q38_INVAL));
}

void register_model_readings_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/model readings", NULL, NULL);
    CU_add_test(suite, "each candidate has its outcome", each_candidate_has_its_outcome);
    CU_add_test(suite, "candidates are distinguished", candidates_are_distinguished);
    CU_add_test(suite, "the world remembers what was settled", the_world_remembers_what_was_settled);
    CU_add_test(suite, "a reading is asked when it matters and not before",
                a_reading_is_asked_when_it_matters_and_not_before);
}
