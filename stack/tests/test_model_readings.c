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
enum { LOWEST = 1, NEXT, ELSEWHERE, KEPT, LOST, INSIDE, OUTSIDE };

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
    unsigned answered = m->profile.answers[17] - 1u;
    world_settle_reading(m->world, 17, answered);
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

static uint32_t over_bound_port(struct machine *m) {
    struct grant grant;
    expect_ok(bind_port(m, tcp(m), FIRST));
    return acquire(m, tcp(m), FIRST, 1, &grant);
}

static uint32_t over_reservation(struct machine *m) {
    struct grant grant;
    start_tool(m, 0);
    granted(m, tcp(m), FIRST, COUNT);
    speak_as(m, TOOL);
    return acquire(m, tcp(m), FIRST + 1, 1, &grant);
}

static void exclude(struct machine *m, unsigned first, unsigned last, bool administered) {
    CU_ASSERT_NOT_EQUAL(exclusion_add(m->world, PROTOCOL_TCP, first, last, administered), NONE);
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
    world_settle_reading(m->world, 47, m->profile.answers[47] - 1u);
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
    if (error == WSA_IO_PENDING) expect_error(WSAEFAULT, overlapped_result(m, m->call.arguments[0], 0, false));
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
    also_read(m, 87, B);
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
    also_read(m, 87, B);
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

static const struct question questions[] = {
    { 1, short_output, { WSAEINVAL, WSAEFAULT } },
    { 1, no_output, { WSAEINVAL, WSAEFAULT } },
    { 2, short_range, { WSAEFAULT, WSAEINVAL } },
    { 2, null_token, { WSAEFAULT, WSAEINVAL } },
    { 3, long_range, { 0, WSAEINVAL } },
    { 4, associate_with_output, { WSAEINVAL, 0 } },
    { 5, bytes_of_associate, { 0, 8 } },
    { 5, bytes_of_release, { 0, 8 } },
    { 6, bytes_of_acquire, { 16, 12 } },
    { 7, overlapped_without_bytes, { WSAEFAULT, 0 } },
    { 8, bytes_of_failure, { 0, UNTOUCHED } },
    { 9, release_with_bad_input, { WSAEFAULT, WSAEINVAL } },
    { 11, unaligned_range, { 0, WSAEFAULT } },
    { 11, unaligned_instance, { 0, WSAEFAULT } },
    { 11, unaligned_token, { 0, WSAEFAULT } },
    { 12, port_of_bytes_1234, { 0x1234, 0x3412 } },
    { 13, zero_ports, { WSAEINVAL, 0, 1 } },
    { 14, past_the_end, { WSAEINVAL, 2, WSAEADDRNOTAVAIL } },
    { 15, too_large_a_wildcard, { WSAEADDRINUSE, WSAENOBUFS, WSAEINVAL } },
    { 16, lowest_wildcard, { 49152, 1024 } },
    { 17, placement, { LOWEST, NEXT, ELSEWHERE } },
    { 19, port_below_1024, { 0, WSAEACCES } },
    { 24, over_bound_port, { WSAEADDRINUSE, WSAEACCES, 0 } },
    { 25, over_reservation, { WSAEADDRINUSE, WSAEACCES } },
    { 26, over_exclusion, { WSAEADDRINUSE, 0 } },
    { 27, partly_taken, { WSAEADDRINUSE, 2 } },
    { 28, identical_block, { WSAEADDRINUSE, 0 } },
    { 29, stranger_binds_reserved, { WSAEACCES, WSAEADDRINUSE, WSAEACCES } },
    { 29, owner_binds_reserved, { WSAEACCES, WSAEADDRINUSE, 0 } },
    { 30, reuse_binds_reserved, { WSAEACCES, 0 } },
    { 34, other_family_acquires, { WSAEADDRINUSE, 0 } },
    { 38, associate_after_bind, { WSAEINVAL, WSAEISCONN, 0 } },
    { 39, associate_twice, { 0, WSAEINVAL, WSAEINVAL } },
    { 39, associate_twice_with_the_same, { 0, WSAEINVAL, 0 } },
    { 40, associate_unknown, { WSAEINVAL, WSAEADDRNOTAVAIL, WSAEACCES } },
    { 40, associate_zero, { WSAEINVAL, WSAEADDRNOTAVAIL, WSAEACCES } },
    { 40, release_unknown, { WSAEINVAL, WSAEADDRNOTAVAIL, WSAEACCES } },
    { 41, associate_foreign, { WSAEACCES, WSAEINVAL } },
    { 42, associate_other_protocol, { WSAEINVAL, WSAEOPNOTSUPP, 0 } },
    { 43, associate_other_family, { 0, WSAEINVAL } },
    { 46, exhausted_block, { WSAEADDRINUSE, WSAENOBUFS, WSAEACCES, WSAEADDRNOTAVAIL } },
    { 47, order_of_ports, { LOWEST, NEXT, ELSEWHERE } },
    { 48, explicit_inside, { 2, 0 } },
    { 49, explicit_outside, { WSAEACCES, 0, WSAEADDRNOTAVAIL, WSAEINVAL } },
    { 50, two_on_one_port, { WSAEADDRINUSE, 0 } },
    { 52, association_after_failed_bind, { KEPT, LOST } },
    { 53, implicit_bind, { INSIDE, OUTSIDE } },
    { 54, release_while_bound, { KEPT, LOST, WSAEADDRINUSE } },
    { 54, close_while_bound, { KEPT, LOST, KEPT } },
    { 54, close_handle_while_bound, { KEPT, LOST, KEPT } },
    { 55, bind_without_reservation, { WSAEINVAL, 0 } },
    { 56, acquire_on_bound_socket, { 0, WSAEINVAL } },
    { 57, release_elsewhere, { 0, WSAEINVAL } },
    { 58, release_foreign, { WSAEACCES, WSAEINVAL } },
    { 60, release_twice, { WSAEINVAL, 0 } },
    { 61, release_through_other_protocol, { WSAEINVAL, 0 } },
    { 62, owner_closes_and_a_duplicate_lives, { 0, WSAEINVAL } },
    { 69, nonblocking_acquire, { 0, WSAEWOULDBLOCK } },
    { 70, overlapped_acquire, { 0, WSA_IO_PENDING } },
    { 72, overlapped_unknown_token, { WSAEINVAL, WSA_IO_PENDING } },
    { 72, overlapped_short_output, { WSAEFAULT, WSA_IO_PENDING } },
    { 73, bytes_of_overlapped, { UNTOUCHED, 16 } },
    { 74, routine_alone, { 0, WSAEINVAL } },
    { 76, raw_socket, { WSAEOPNOTSUPP, WSAEINVAL, WSAENOPROTOOPT } },
    { 77, unknown_code, { WSAEOPNOTSUPP, WSAEINVAL } },
    { 81, before_startup, { WSANOTINITIALISED, WSAENOTSOCK } },
    { 86, elevated_without_manifest, { 0, WSAEACCES } },
    { 87, standard_user_associates, { 0, WSAEACCES } },
    { 87, filtered_administrator_associates, { 0, WSAEACCES } },
    { 88, bad_unused_output, { 0, WSAEFAULT } },
    { QUESTION_IMPLEMENTED, implemented, { 0, WSAEOPNOTSUPP } },
    { 90, elevated_thread_impersonates_a_standard_user, { WSAEACCES, 0 } },
};

enum { OWN_COUNT = sizeof questions / sizeof questions[0] };

/* Those of this file, then those about persistent reservations; NULL behind the last. */
static const struct question *question_at(unsigned index) {
    unsigned persistent_count = 0, netsh_count = 0;
    const struct question *persistent = persistent_questions(&persistent_count), *netsh = netsh_questions(&netsh_count);
    if (index < OWN_COUNT) return &questions[index];
    index -= OWN_COUNT;
    if (index < persistent_count) return &persistent[index];
    index -= persistent_count;
    return index < netsh_count ? &netsh[index] : NULL;
}

static void each_candidate_has_its_outcome(void) {
    for (unsigned i = 0; question_at(i) != NULL; i++) {
        const struct question *question = question_at(i);
        for (unsigned candidate = 0; candidate < reading_of(question->number)->candidates_count; candidate++) {
            struct machine machine;
            machine_with_reading(&machine, question->number, candidate);
            uint32_t outcome = question->situation(&machine);
            check_error(reading_of(question->number)->title, question->outcomes[candidate], outcome, __FILE__, question->number);
        }
    }
}

static bool tells_apart(const struct question *question, unsigned number, unsigned one, unsigned other) {
    return question->number == number && question->outcomes[one] != question->outcomes[other];
}

/* No candidate is just a name for another one: some situation tells any two of them apart. */
static void candidates_are_told_apart(void) {
    unsigned count = 0;
    const struct reading *rows = readings(&count);
    for (unsigned i = 0; i < count; i++) {
        for (unsigned one = 0; rows[i].modelled && one < rows[i].candidates_count; one++) {
            for (unsigned other = 0; other < one; other++) {
                bool apart = false;
                for (unsigned k = 0; question_at(k) != NULL; k++) apart |= tells_apart(question_at(k), rows[i].question, one, other);
                CU_assertImplementation(apart, rows[i].question, rows[i].title, __FILE__, "", CU_FALSE);
            }
        }
    }
}

/* A situation asks its question, and the world keeps the answer. */
static void the_world_remembers_what_it_was_told(void) {
    for (unsigned i = 0; question_at(i) != NULL; i++) {
        struct machine machine;
        machine_with_reading(&machine, question_at(i)->number, B);
        question_at(i)->situation(&machine);
        CU_ASSERT_EQUAL(machine.world->readings[question_at(i)->number], B + 1);
    }
}

static void a_reading_is_asked_when_it_matters_and_not_before(void) {
    struct machine machine;
    uint64_t s = world_with_open_socket(&machine);
    CU_ASSERT_EQUAL(machine.world->readings[38], 0);
    struct grant grant = granted(&machine, s, 0, COUNT);
    expect_ok(associate(&machine, s, grant.token));
    CU_ASSERT_EQUAL(machine.world->readings[38], 0);
    expect_ok(bind_port(&machine, s, 0));
    expect_error(WSAEINVAL, associate(&machine, s, grant.token));
    CU_ASSERT_EQUAL(machine.world->readings[38], A + 1);
}

void register_model_readings_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/model readings", NULL, NULL);
    CU_add_test(suite, "each candidate has its outcome", each_candidate_has_its_outcome);
    CU_add_test(suite, "candidates are told apart", candidates_are_told_apart);
    CU_add_test(suite, "the world remembers what it was told", the_world_remembers_what_it_was_told);
    CU_add_test(suite, "a reading is asked when it matters and not before", a_reading_is_asked_when_it_matters_and_not_before);
}
