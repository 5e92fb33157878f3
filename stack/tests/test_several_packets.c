/* GetQueuedCompletionStatusEx and GetOverlappedResultEx: several packets at once, alertable waits, time. */
#include "stack/io/requests.h"
#include "stack/tests/fixture_waits.h"

void register_several_packets_tests(void);

enum { KEY = 7 };

static const struct taking at_once = { .room = 4 }, for_ever = { .room = 4, .milliseconds = INFINITE },
                           alertably = { .room = 1, .alertable = true };

static uint64_t new_port(struct machine *m) { return plain_call(m, FUNCTION_CreateIoCompletionPort, UINT64_MAX, 0, 0); }

static void post(struct machine *m, uint64_t port, uint64_t key) {
    CU_ASSERT_EQUAL(plain_call(m, FUNCTION_PostQueuedCompletionStatus, port, 3, key), TRUE);
}

static void packets_fill_the_room_in_their_order(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t port = new_port(&m);
    for (unsigned key = 1; key <= 6; key++) post(&m, port, key);
    expect_ok(take_packets(&m, port, &at_once));
    CU_ASSERT_EQUAL_FATAL(packets_taken(&m), 4);
    for (unsigned n = 0; n < 4; n++) CU_ASSERT_EQUAL(packet_taken(&m, n).key, n + 1);
    CU_ASSERT_EQUAL(packet_taken(&m, 0).bytes, 3);
    expect_ok(take_packets(&m, port, &for_ever)); /* it does not wait for more */
    CU_ASSERT_EQUAL_FATAL(packets_taken(&m), 2);
    CU_ASSERT_EQUAL(packet_taken(&m, 1).key, 6);
    expect_error(WAIT_TIMEOUT, take_packets(&m, port, &at_once));
}

/* Who has room for more than PACKETS_TAKEN_MAX takes so many, and the rest by another call. */
static void no_more_than_so_many_are_taken_at_once(void) {
    struct machine m;
    struct world_limits limits = world_limits_small();
    limits.completions = PACKETS_TAKEN_MAX + 1;
    machine_begin(&m);
    m.world = world_create(m.memory, &limits);
    model_process_start(m.world, PROCESS_APP, APP, 0, 0x0202);
    uint64_t port = new_port(&m);
    for (unsigned key = 1; key <= PACKETS_TAKEN_MAX + 1; key++) post(&m, port, key);
    expect_ok(take_packets(&m, port, &(struct taking){ .room = PACKETS_TAKEN_MAX + 2 }));
    CU_ASSERT_EQUAL_FATAL(packets_taken(&m), PACKETS_TAKEN_MAX);
    CU_ASSERT_EQUAL(packet_taken(&m, PACKETS_TAKEN_MAX - 1).key, PACKETS_TAKEN_MAX);
    expect_ok(take_packets(&m, port, &at_once));
    CU_ASSERT_EQUAL_FATAL(packets_taken(&m), 1);
    CU_ASSERT_EQUAL(packet_taken(&m, 0).key, PACKETS_TAKEN_MAX + 1);
}

static void a_failure_is_an_entry_like_the_others(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m), port = new_port(&m);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_CreateIoCompletionPort, s, port, KEY), port);
    control(&m, s, CODE_UNKNOWN);
    with_overlapped(&m, 0, 0);
    expect_error(WSA_IO_PENDING, perform(&m));
    expect_ok(take_packets(&m, port, &at_once));
    CU_ASSERT_EQUAL_FATAL(packets_taken(&m), 1);
    struct entry entry = packet_taken(&m, 0);
    CU_ASSERT_EQUAL(entry.status, STATUS_NOT_SUPPORTED);
    CU_ASSERT_EQUAL(entry.key, KEY);
    CU_ASSERT_NOT_EQUAL(entry.overlapped, 0);
}

static void a_wait_ends_by_a_packet_by_time_or_with_its_port(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t port = new_port(&m);
    speak_as(&m, APP_SECOND);
    CU_ASSERT_EQUAL(take_packets(&m, port, &for_ever), WAIT_BLOCKS);
    speak_as(&m, APP);
    post(&m, port, KEY);
    CU_ASSERT_EQUAL_FATAL(m.result.returns_count, 1);
    CU_ASSERT_EQUAL(m.result.returns[0].value, TRUE);
    CU_ASSERT_EQUAL(packet_taken(&m, 0).key, KEY);
    speak_as(&m, APP_SECOND);
    CU_ASSERT_EQUAL(take_packets(&m, port, &(struct taking){ .room = 1, .milliseconds = 50 }), WAIT_BLOCKS);
    pass_time(&m, 50);
    expect_error(WAIT_TIMEOUT, m.result.returns[0].error);
    CU_ASSERT_EQUAL(take_packets(&m, port, &for_ever), WAIT_BLOCKS);
    speak_as(&m, APP);
    expect_ok(close_handle(&m, port));
    expect_error(ERROR_ABANDONED_WAIT_0, m.result.returns[0].error);
    expect_error(ERROR_INVALID_HANDLE, take_packets(&m, port, &at_once));
}

static void who_was_served_here_takes_the_packet_first(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m), port = new_port(&m), other = new_port(&m);
    also_read(&m, Q127_PACKET_OR_ROUTINE, Q127_WHO_WAS_SERVED);
    queue_routine(&m, s, 0);
    post(&m, port, 1);
    post(&m, port, 2);
    expect_error(WAIT_IO_COMPLETION, take_packets(&m, port, &alertably));
    CU_ASSERT_EQUAL(m.result.routines_count, 1);
    expect_ok(take_packets(&m, port, &at_once)); /* both */
    post(&m, port, 3);
    queue_routine(&m, s, 0);
    expect_ok(take_packets(&m, port, &alertably));
    CU_ASSERT_EQUAL(packet_taken(&m, 0).key, 3);
    /* It is served by another port: here it is a stranger again. */
    post(&m, other, 4);
    expect_ok(take_packets(&m, other, &at_once));
    post(&m, port, 5);
    expect_error(WAIT_IO_COMPLETION, take_packets(&m, port, &alertably));
    CU_ASSERT_EQUAL(m.result.routines_count, 1);
}

static void a_port_that_has_gone_has_served_no_one(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t port = new_port(&m);
    post(&m, port, 1);
    expect_ok(take_packets(&m, port, &at_once));
    CU_ASSERT_NOT_EQUAL(world_thread(m.world, APP)->served_port, 0);
    expect_ok(close_handle(&m, port));
    CU_ASSERT_EQUAL(world_thread(m.world, APP)->served_port, 0);
}

static void a_routine_ends_an_alertable_wait_for_packets(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m), port = new_port(&m);
    control(&m, s, SIO_ADDRESS_LIST_CHANGE);
    with_overlapped(&m, 0, 0);
    with_routine(&m, RANGE_GOOD);
    expect_error(WSA_IO_PENDING, perform(&m));
    CU_ASSERT_EQUAL(take_packets(&m, port, &(struct taking){ .room = 1, .milliseconds = INFINITE, .alertable = true }),
                    WAIT_BLOCKS);
    speak_as(&m, APP_SECOND);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_CancelIoEx, s, 0, 0), TRUE);
    CU_ASSERT_EQUAL_FATAL(m.result.returns_count, 1);
    expect_error(WAIT_IO_COMPLETION, m.result.returns[0].error);
    CU_ASSERT_EQUAL(m.result.routines_count, 1);
}

static void memory_that_is_not_there_has_no_answer(void) {
    struct machine m;
    struct call call;
    machine_begin(&m);
    call_clear(&call);
    call.function = FUNCTION_GetQueuedCompletionStatusEx;
    call.arguments[GetQueuedCompletionStatusEx_CompletionPort] = new_port(&m);
    call.arguments[GetQueuedCompletionStatusEx_ulCount] = 1;
    run_call(&m, &call);
    CU_ASSERT_EQUAL(m.result.status, RESULT_NOT_MODELLED);
}

static void a_result_is_waited_for_as_long_as_is_said(void) {
    struct machine m;
    uint64_t s = world_with_pending_address_change(&m);
    expect_error(ERROR_IO_INCOMPLETE, result_within(&m, s, 0, 0, false));
    CU_ASSERT_EQUAL(result_within(&m, s, 0, 50, false), WAIT_BLOCKS);
    pass_time(&m, 49);
    CU_ASSERT_EQUAL(m.result.returns_count, 0);
    pass_time(&m, 1);
    CU_ASSERT_EQUAL_FATAL(m.result.returns_count, 1);
    CU_ASSERT_EQUAL(m.result.returns[0].value, FALSE);
    expect_error(WAIT_TIMEOUT, m.result.returns[0].error);
    CU_ASSERT_EQUAL(result_within(&m, s, 0, INFINITE, true), WAIT_BLOCKS);
    speak_as(&m, APP_SECOND);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_CancelIoEx, s, 0, 0), TRUE);
    expect_error(ERROR_OPERATION_ABORTED, m.result.returns[0].error);
}

static void routines_end_an_alertable_wait_for_a_result(void) {
    struct machine m;
    uint64_t s = world_with_pending_address_change(&m);
    queue_routine(&m, s, 1);
    CU_ASSERT_EQUAL(result_within(&m, s, 0, 50, false), WAIT_BLOCKS);
    pass_time(&m, 50);
    expect_error(WAIT_TIMEOUT, m.result.returns[0].error);
    CU_ASSERT_EQUAL(m.result.routines_count, 0);
    expect_error(ERROR_IO_INCOMPLETE, result_within(&m, s, 0, 0, true));
    CU_ASSERT_TRUE(routine_is_queued(m.world, APP));
    expect_error(WAIT_IO_COMPLETION, result_within(&m, s, 0, INFINITE, true));
    CU_ASSERT_EQUAL(m.result.routines_count, 1);
}

void register_several_packets_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/model several packets", NULL, NULL);
    CU_add_test(suite, "packets fill the room in their order", packets_fill_the_room_in_their_order);
    CU_add_test(suite, "no more than so many are taken at once", no_more_than_so_many_are_taken_at_once);
    CU_add_test(suite, "a failure is an entry like the others", a_failure_is_an_entry_like_the_others);
    CU_add_test(suite, "a wait ends by a packet, by time or with its port",
                a_wait_ends_by_a_packet_by_time_or_with_its_port);
    CU_add_test(suite, "who was served here takes the packet first", who_was_served_here_takes_the_packet_first);
    CU_add_test(suite, "a port that has gone has served no one", a_port_that_has_gone_has_served_no_one);
    CU_add_test(suite, "a routine ends an alertable wait for packets", a_routine_ends_an_alertable_wait_for_packets);
    CU_add_test(suite, "memory that is not there has no answer", memory_that_is_not_there_has_no_answer);
    CU_add_test(suite, "a result is waited for as long as is said", a_result_is_waited_for_as_long_as_is_said);
    CU_add_test(suite, "routines end an alertable wait for a result", routines_end_an_alertable_wait_for_a_result);
}
