/* What a wait for a socket's handle waits for, and a wait for a result whose event the program has set. */
#include "stack/io/events.h"
#include "stack/io/handle_events.h"
#include "stack/tests/fixture_calls.h"
#include "stack/tests/fixture_waits.h"

void register_handle_events_tests(void);

/* A request on the socket that nothing but a cancellation ends; `event` may be 0. */
static void pend_on(struct machine *m, uint64_t socket, unsigned which, uint64_t event) {
    control(m, socket, SIO_ADDRESS_LIST_CHANGE);
    with_overlapped(m, which, event);
    expect_error(WSA_IO_PENDING, perform(m));
}

static void cancel(struct machine *m, uint64_t socket) {
    CU_ASSERT_EQUAL(plain_call(m, FUNCTION_CancelIoEx, socket, 0, 0), TRUE);
}

static uint32_t wait_status(struct machine *m, uint64_t handle) {
    plain_call(m, FUNCTION_WaitForSingleObject, handle, 0, 0);
    return m->result.status;
}

static void a_request_without_an_event_signals_the_handle(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    pend_on(&m, s, 0, 0);
    CU_ASSERT_EQUAL(wait_for(&m, s, 0), WAIT_RAN_OUT);
    cancel(&m, s);
    CU_ASSERT_EQUAL(wait_for(&m, s, 0), WAIT_OK);
    CU_ASSERT_EQUAL(wait_for(&m, s, 0), WAIT_OK);
    pend_on(&m, s, 1, 0);
    CU_ASSERT_EQUAL(wait_for(&m, s, 0), WAIT_RAN_OUT);
}

static void one_with_an_event_leaves_it_alone(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m), event = new_event(&m, true, false);
    pend_on(&m, s, 0, 0);
    cancel(&m, s);
    pend_on(&m, s, 1, event);
    CU_ASSERT_EQUAL(wait_for(&m, s, 0), WAIT_OK);
    pend_on(&m, s, 2, 0);
    cancel(&m, s);
    CU_ASSERT_EQUAL(wait_for(&m, event, 0), WAIT_OK);
}

static void its_state_is_not_known_before_nor_after_a_routine(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    CU_ASSERT_EQUAL(wait_status(&m, s), RESULT_NOT_MODELLED);
    pend_on(&m, s, 0, 0);
    CU_ASSERT_EQUAL(wait_status(&m, s), RESULT_RETURNED);
    queue_routine(&m, s, 1);
    CU_ASSERT_EQUAL(wait_status(&m, s), RESULT_NOT_MODELLED);
    cancel(&m, s);
    pend_on(&m, s, 2, 0);
    CU_ASSERT_EQUAL(wait_for(&m, s, 0), WAIT_RAN_OUT);
}

static void a_closed_socket_signals_who_waits_for_its_handle(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    pend_on(&m, s, 0, 0);
    speak_as(&m, APP_SECOND);
    CU_ASSERT_EQUAL(wait_for(&m, s, INFINITE), WAIT_BLOCKS);
    speak_as(&m, APP);
    expect_ok(close_socket(&m, s));
    CU_ASSERT_EQUAL_FATAL(m.result.returns_count, 1);
    CU_ASSERT_EQUAL(m.result.returns[0].value, WAIT_OBJECT_0);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_EVENTS), 0);
}

static void without_room_for_its_event_it_stays_unknown(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    for (unsigned i = 0; i < m.world->limits.events; i++) new_event(&m, true, false);
    pend_on(&m, s, 0, 0);
    CU_ASSERT_EQUAL(m.world->full, 0);
    CU_ASSERT_EQUAL(wait_status(&m, s), RESULT_NOT_MODELLED);
}

static void worlds_differ_by_the_state_of_a_handle(void) {
    struct machine one, other;
    uint64_t s = world_with_open_socket(&one), t = world_with_open_socket(&other);
    pend_on(&one, s, 0, 0);
    cancel(&one, s);
    pend_on(&other, t, 0, 0);
    cancel(&other, t);
    CU_ASSERT_TRUE(same_world(&one, &other));
    event_reset(other.world, handle_event_of(other.world, 0));
    CU_ASSERT_FALSE(same_world(&one, &other));
}

/* --- W72 ---------------------------------------------------------------------------------------------------------- */

static void a_wait_for_a_result_ends_when_the_program_sets_its_event(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m), event = new_event(&m, false, false);
    pend_on(&m, s, 0, event);
    speak_as(&m, APP_SECOND);
    CU_ASSERT_EQUAL(result_within(&m, s, 0, INFINITE, false), WAIT_BLOCKS);
    speak_as(&m, APP);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_SetEvent, event, 0, 0), TRUE);
    CU_ASSERT_EQUAL_FATAL(m.result.returns_count, 1);
    CU_ASSERT_EQUAL(m.result.returns[0].value, TRUE);
    CU_ASSERT_EQUAL(internal_of(&m, 0), STATUS_PENDING);
    CU_ASSERT_EQUAL(wait_for(&m, event, 0), WAIT_RAN_OUT); /* it has been taken */
}

static void or_at_once_where_it_is_set_already(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m), event = new_event(&m, true, false);
    pend_on(&m, s, 0, event);
    expect_error(WSA_IO_INCOMPLETE, overlapped_result(&m, s, 0, false));
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_SetEvent, event, 0, 0), TRUE);
    expect_error(WSA_IO_INCOMPLETE, overlapped_result(&m, s, 0, false));
    expect_ok(overlapped_result(&m, s, 0, true));
}

/* Q149 */
static void of_windows_own_functions_it_is_asked(void) {
    struct machine m;
    machine_with_reading(&m, Q149_EVENT_BEFORE_END, Q149_WAITS);
    uint64_t s = tcp(&m), event = new_event(&m, true, false);
    pend_on(&m, s, 0, event);
    speak_as(&m, APP_SECOND);
    CU_ASSERT_EQUAL(result_within(&m, s, 0, INFINITE, false), WAIT_BLOCKS);
    speak_as(&m, APP);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_SetEvent, event, 0, 0), TRUE);
    CU_ASSERT_EQUAL(m.result.returns_count, 0);
    CU_ASSERT_EQUAL(model_steps_enabled(m.world), 0);
    cancel(&m, s);
    CU_ASSERT_EQUAL_FATAL(m.result.returns_count, 1);
    expect_error(ERROR_OPERATION_ABORTED, m.result.returns[0].error);
}

void register_handle_events_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/io waits for a handle", NULL, NULL);
    CU_add_test(suite, "a request without an event signals the handle", a_request_without_an_event_signals_the_handle);
    CU_add_test(suite, "one with an event leaves it alone", one_with_an_event_leaves_it_alone);
    CU_add_test(suite, "its state is not known before, nor after a routine",
                its_state_is_not_known_before_nor_after_a_routine);
    CU_add_test(suite, "a closed socket signals who waits for its handle",
                a_closed_socket_signals_who_waits_for_its_handle);
    CU_add_test(suite, "without room for its event it stays unknown", without_room_for_its_event_it_stays_unknown);
    CU_add_test(suite, "worlds differ by the state of a handle", worlds_differ_by_the_state_of_a_handle);
    CU_add_test(suite, "a wait for a result ends when the program sets its event",
                a_wait_for_a_result_ends_when_the_program_sets_its_event);
    CU_add_test(suite, "or at once where it is set already", or_at_once_where_it_is_set_already);
    CU_add_test(suite, "of Windows' own functions it is asked", of_windows_own_functions_it_is_asked);
}
