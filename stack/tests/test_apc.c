/* QueueUserAPC and CancelSynchronousIo: what one thread does to another. */
#include "stack/io/requests.h"
#include "stack/tests/fixture_calls.h"
#include "stack/tests/fixture_waits.h"

void register_apc_tests(void);

static uint32_t cancel_blocked_call(struct machine *m, uint64_t thread) {
    plain_call(m, FUNCTION_CancelSynchronousIo, thread, 0, 0);
    return m->result.value != FALSE ? 0 : m->result.error;
}

static void what_is_queued_runs_in_its_order(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    expect_ok(queue_apc(&m, APP, 1));
    queue_routine(&m, s, 0);
    expect_ok(queue_apc(&m, APP, 2));
    CU_ASSERT_EQUAL(sleep_for(&m, 0, false), 0);
    CU_ASSERT_EQUAL(m.result.routines_count, 0);
    CU_ASSERT_EQUAL(sleep_for(&m, 0, true), WAIT_ROUTINES_RAN);
    CU_ASSERT_EQUAL_FATAL(m.result.routines_count, 3);
    CU_ASSERT_EQUAL(m.result.routines[0].kind, RAN_APC);
    CU_ASSERT_EQUAL(m.result.routines[0].overlapped, 1);
    CU_ASSERT_EQUAL(m.result.routines[1].kind, RAN_ROUTINE);
    CU_ASSERT_EQUAL(m.result.routines[2].overlapped, 2);
    CU_ASSERT_EQUAL(sleep_for(&m, 0, true), 0);
}

static void it_ends_the_wait_of_its_thread_and_no_other(void) {
    struct machine m;
    machine_begin(&m);
    speak_as(&m, APP_SECOND);
    CU_ASSERT_EQUAL(sleep_for(&m, INFINITE, true), WAIT_BLOCKS);
    speak_as(&m, APP);
    expect_ok(queue_apc(&m, APP, 1));
    CU_ASSERT_EQUAL(m.result.returns_count, 0);
    expect_ok(queue_apc(&m, APP_SECOND, 2));
    CU_ASSERT_EQUAL_FATAL(m.result.returns_count, 1);
    CU_ASSERT_EQUAL(m.result.returns[0].thread, APP_SECOND);
    CU_ASSERT_EQUAL(m.result.returns[0].value, WAIT_IO_COMPLETION);
    CU_ASSERT_EQUAL_FATAL(m.result.routines_count, 1);
    CU_ASSERT_EQUAL(m.result.routines[0].overlapped, 2);
    CU_ASSERT_TRUE(routine_is_queued(m.world, APP));
}

static void a_thread_that_ends_takes_it_along(void) {
    struct machine m;
    machine_begin(&m);
    expect_ok(queue_apc(&m, APP_SECOND, 1));
    result_clear(&m.result);
    model_thread_end(m.world, APP_SECOND, &m.result);
    CU_ASSERT_EQUAL(m.result.routines_count, 0);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_ROUTINES), 0);
    expect_error(ERROR_INVALID_HANDLE, queue_apc(&m, APP_SECOND, 2));
}

static void a_thread_of_another_process_is_not_named_so(void) {
    struct machine m;
    machine_with_two_processes(&m);
    expect_error(ERROR_INVALID_HANDLE, queue_apc(&m, TOOL, 1));
    expect_error(ERROR_INVALID_HANDLE, cancel_blocked_call(&m, THREAD_HANDLE_FIRST + TOOL));
    expect_error(ERROR_INVALID_HANDLE, cancel_blocked_call(&m, NOT_GIVEN));
}

static void there_is_no_memory_for_it(void) {
    struct machine m;
    machine_begin(&m);
    model_no_memory(m.world, true);
    expect_error(ERROR_NOT_ENOUGH_MEMORY, queue_apc(&m, APP, 1));
    CU_ASSERT_FALSE(routine_is_queued(m.world, APP));
}

static void worlds_differ_by_the_number_that_waits(void) {
    struct machine one, other;
    machine_begin(&one);
    machine_begin(&other);
    expect_ok(queue_apc(&one, APP, 1));
    expect_ok(queue_apc(&other, APP, 2));
    CU_ASSERT_FALSE(same_world(&one, &other));
}

static void a_call_that_blocks_is_cancelled(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    also_read(&m, Q129_CANCEL_SYNCHRONOUS, Q129_OPERATION_ABORTED);
    expect_error(ERROR_NOT_FOUND, cancel_blocked_call(&m, THREAD_HANDLE_FIRST + APP_SECOND));
    speak_as(&m, APP_SECOND);
    block_on(&m, s);
    speak_as(&m, APP);
    expect_error(ERROR_NOT_FOUND, cancel_blocked_call(&m, THREAD_HANDLE_FIRST + APP));
    expect_ok(cancel_blocked_call(&m, THREAD_HANDLE_FIRST + APP_SECOND));
    CU_ASSERT_EQUAL_FATAL(m.result.returns_count, 1);
    expect_error(WSA_OPERATION_ABORTED, m.result.returns[0].error);
    expect_error(ERROR_NOT_FOUND, cancel_blocked_call(&m, THREAD_HANDLE_FIRST + APP_SECOND));
}

static void what_is_overlapped_is_left_alone(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    control(&m, s, SIO_ADDRESS_LIST_CHANGE);
    with_overlapped(&m, 0, 0);
    expect_error(WSA_IO_PENDING, perform(&m));
    CU_ASSERT_EQUAL(result_within(&m, s, 0, INFINITE, false), WAIT_BLOCKS);
    speak_as(&m, APP_SECOND);
    expect_error(ERROR_NOT_FOUND, cancel_blocked_call(&m, THREAD_HANDLE_FIRST + APP));
    CU_ASSERT_EQUAL(m.result.returns_count, 0);
}

void register_apc_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/model calls about another thread", NULL, NULL);
    CU_add_test(suite, "what is queued runs in its order", what_is_queued_runs_in_its_order);
    CU_add_test(suite, "it ends the wait of its thread and no other", it_ends_the_wait_of_its_thread_and_no_other);
    CU_add_test(suite, "a thread that ends takes it along", a_thread_that_ends_takes_it_along);
    CU_add_test(suite, "a thread of another process is not named so", a_thread_of_another_process_is_not_named_so);
    CU_add_test(suite, "there is no memory for it", there_is_no_memory_for_it);
    CU_add_test(suite, "worlds differ by the number that waits", worlds_differ_by_the_number_that_waits);
    CU_add_test(suite, "a call that blocks is cancelled", a_call_that_blocks_is_cancelled);
    CU_add_test(suite, "what is overlapped is left alone", what_is_overlapped_is_left_alone);
}
