/* Events, waits, parked threads; overlapped calls that succeed, pend and fail; routines in alertable waits. */
#include <string.h>

#include "stack/tests/fixture.h"

void register_model_waits_tests(void);

/* --- events and waits --- */

static void events_are_set_and_reset(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t manual = new_event(&m, true, false);
    CU_ASSERT_EQUAL(model_event_state(m.world, PROCESS_APP, manual), 0);
    CU_ASSERT_EQUAL(wait_for(&m, manual, 0), WAIT_RAN_OUT);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_SetEvent, manual, 0, 0), 1);
    CU_ASSERT_EQUAL(wait_for(&m, manual, 0), WAIT_OK);
    CU_ASSERT_EQUAL(wait_for(&m, manual, 1000), WAIT_OK);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_ResetEvent, manual, 0, 0), 1);
    CU_ASSERT_EQUAL(model_event_state(m.world, PROCESS_APP, manual), 0);
    uint64_t automatic = new_event(&m, false, true);
    CU_ASSERT_EQUAL(wait_for(&m, automatic, 0), WAIT_OK);
    CU_ASSERT_EQUAL(wait_for(&m, automatic, 0), WAIT_RAN_OUT);
}

static void what_is_no_event(void) {
    struct machine m;
    uint64_t file = 0;
    uint64_t s = world_with_open_socket(&m);
    expect_ok(open_file(&m, "NUL", &file));
    expect_error(ERROR_FILE_NOT_FOUND, open_file(&m, "CON", &(uint64_t){ 0 }));
    const uint64_t handles[] = { s, file, NOT_GIVEN, 0 };
    for (unsigned i = 0; i < 4; i++) {
        CU_ASSERT_EQUAL(model_event_state(m.world, PROCESS_APP, handles[i]), -1);
        wait_for(&m, handles[i], 0);
        bool waitable = handles[i] == s || handles[i] == file; /* Windows waits for these too, the model does not */
        CU_ASSERT_EQUAL(m.result.status, waitable ? RESULT_NOT_MODELLED : RESULT_RETURNED);
        if (!waitable) CU_ASSERT_EQUAL((uint32_t)m.result.value, WAIT_FAILED);
        if (!waitable) CU_ASSERT_EQUAL(m.result.error, ERROR_INVALID_HANDLE);
        CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_SetEvent, handles[i], 0, 0), 0);
        CU_ASSERT_EQUAL(m.result.error, ERROR_INVALID_HANDLE);
        CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_ResetEvent, handles[i], 0, 0), 0);
    }
    expect_ok(close_handle(&m, file));
    expect_error(ERROR_INVALID_HANDLE, close_handle(&m, file));
    expect_ok(close_handle(&m, s));
    expect_error(WSAENOTSOCK, listen_on(&m, s));
}

static void a_parked_thread_is_woken_by_its_event(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t event = new_event(&m, false, false);
    CU_ASSERT_EQUAL(wait_for(&m, event, UINT32_MAX), WAIT_BLOCKS);
    CU_ASSERT_EQUAL(model_next_timeout(m.world), UINT64_MAX);
    speak_as(&m, APP_SECOND);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_SetEvent, event, 0, 0), 1);
    CU_ASSERT_EQUAL_FATAL(m.result.returns_count, 1);
    CU_ASSERT_EQUAL(m.result.returns[0].thread, APP);
    CU_ASSERT_EQUAL(m.result.returns[0].value, WAIT_OK);
    CU_ASSERT_EQUAL(model_event_state(m.world, PROCESS_APP, event), 0);
    speak_as(&m, APP);
    CU_ASSERT_EQUAL(wait_for(&m, event, 0), WAIT_RAN_OUT);
}

/* One signal of an automatic event wakes one of two threads: either. */
static void one_signal_wakes_one_thread(void) {
    bool woken[2] = { false, false };
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct machine m;
        machine_with_two_processes(&m);
        simulating_chooser_init(&m.simulating, &m.profile, seed);
        model_thread_start(m.world, 4, PROCESS_APP);
        uint64_t event = new_event(&m, false, false);
        CU_ASSERT_EQUAL(wait_for(&m, event, UINT32_MAX), WAIT_BLOCKS);
        speak_as(&m, APP_SECOND);
        CU_ASSERT_EQUAL(wait_for(&m, event, UINT32_MAX), WAIT_BLOCKS);
        speak_as(&m, 4);
        plain_call(&m, FUNCTION_SetEvent, event, 0, 0);
        CU_ASSERT_EQUAL_FATAL(m.result.returns_count, 1);
        woken[m.result.returns[0].thread] = true;
        plain_call(&m, FUNCTION_SetEvent, event, 0, 0);
        CU_ASSERT_EQUAL(m.result.returns_count, 1);
    }
    CU_ASSERT(woken[0] && woken[1]);
}

static void a_wait_runs_out(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t event = new_event(&m, true, false);
    CU_ASSERT_EQUAL(wait_for(&m, event, 10), WAIT_BLOCKS);
    CU_ASSERT_EQUAL(model_next_timeout(m.world), 10000000);
    pass_time(&m, 9);
    CU_ASSERT_EQUAL(m.result.returns_count, 0);
    pass_time(&m, 1);
    CU_ASSERT_EQUAL_FATAL(m.result.returns_count, 1);
    CU_ASSERT_EQUAL(m.result.returns[0].value, WAIT_RAN_OUT);
    CU_ASSERT_EQUAL(sleep_for(&m, 5, false), WAIT_BLOCKS);
    pass_time(&m, 5);
    CU_ASSERT_EQUAL_FATAL(m.result.returns_count, 1);
    CU_ASSERT_EQUAL(m.result.returns[0].value, 0);
}

/* Both are true at the same instant: the object is what the wait was for. */
static void an_event_that_is_set_in_time_beats_the_time_out(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t event = new_event(&m, true, false);
    CU_ASSERT_EQUAL(wait_for(&m, event, 10), WAIT_BLOCKS);
    model_tick(m.world, 10000000);
    speak_as(&m, APP_SECOND);
    plain_call(&m, FUNCTION_SetEvent, event, 0, 0);
    CU_ASSERT_EQUAL_FATAL(m.result.returns_count, 1);
    CU_ASSERT_EQUAL(m.result.returns[0].value, WAIT_OK);
}

static void an_event_closed_under_a_waiting_thread_lives_on(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t event = new_event(&m, true, false);
    CU_ASSERT_EQUAL(wait_for(&m, event, 10), WAIT_BLOCKS);
    speak_as(&m, APP_SECOND);
    expect_ok(close_handle(&m, event));
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_SetEvent, event, 0, 0), 0);
    CU_ASSERT_EQUAL(world_event_at(m.world, 0)->used, 1);
    pass_time(&m, 10);
    CU_ASSERT_EQUAL(m.result.returns_count, 1);
    CU_ASSERT_EQUAL(world_event_at(m.world, 0)->used, 0);
}

/* --- overlapped calls --- */

static void an_immediate_success_signals_its_event(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    uint64_t event = new_event(&m, true, false);
    control_acquire(&m, s, 0, 4);
    with_overlapped(&m, 0, event);
    expect_ok(perform(&m));
    CU_ASSERT_EQUAL(bytes_returned(&m), UNTOUCHED); /* W27 */
    CU_ASSERT_EQUAL(internal_of(&m, 0), STATUS_SUCCESS);
    CU_ASSERT_EQUAL(internal_high_of(&m, 0), 16);
    CU_ASSERT_EQUAL(wait_for(&m, event, 0), WAIT_OK);
    expect_ok(overlapped_result(&m, s, 0, false));
    CU_ASSERT_EQUAL(bytes_returned(&m), 16);
}

static void pend(struct machine *m, uint64_t socket, unsigned which, uint64_t event) {
    control_acquire(m, socket, 0, 4);
    with_overlapped(m, which, event);
    expect_error(WSA_IO_PENDING, issue(m));
    CU_ASSERT_EQUAL(internal_of(m, which), STATUS_PENDING);
    CU_ASSERT_EQUAL(internal_high_of(m, which), UINT64_C(0xA5A5A5A5A5A5A5A5)); /* W119 */
}

/* Between the call and its completion. */
static void a_pending_request_signals_nothing_yet(void) {
    struct machine m;
    machine_with_reading(&m, Q70_OVERLAPPED_SUCCESS, Q70_PENDING);
    uint64_t s = tcp(&m);
    uint64_t event = new_event(&m, true, true);
    pend(&m, s, 0, event);
    CU_ASSERT_EQUAL(bytes_returned(&m), UNTOUCHED);                     /* W53 */
    CU_ASSERT_EQUAL(model_event_state(m.world, PROCESS_APP, event), 0); /* reset: W126 */
    CU_ASSERT_EQUAL(model_steps_enabled(m.world), 1);
    settle(&m);
    CU_ASSERT_EQUAL(model_event_state(m.world, PROCESS_APP, event), 1);
    CU_ASSERT_EQUAL(internal_of(&m, 0), STATUS_SUCCESS);
    CU_ASSERT_EQUAL(internal_high_of(&m, 0), 16);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_RESERVATIONS), 1);
    CU_ASSERT_EQUAL(model_steps_enabled(m.world), 0);
}

/* WSAGetOverlappedResult: incomplete while it pends; with wait it waits for the end. */
static void a_result_can_be_waited_for(void) {
    struct machine m;
    machine_with_reading(&m, Q70_OVERLAPPED_SUCCESS, Q70_PENDING);
    uint64_t s = tcp(&m);
    pend(&m, s, 0, 0);
    struct machine later = m;
    later.world = (struct world *)(void *)later.memory;
    later.chooser = &later.simulating.chooser;
    expect_ok(overlapped_result(&later, s, 0, true));
    CU_ASSERT_EQUAL(bytes_returned(&later), 16);
    CU_ASSERT_EQUAL(model_steps_enabled(later.world), 0);
    CU_ASSERT_TRUE(world_reservation_at(later.world, 0)->kind == RESERVATION_RUNTIME);
    expect_error(WSA_IO_INCOMPLETE, overlapped_result(&m, s, 0, false)); /* W71 */
    CU_ASSERT_EQUAL(bytes_returned(&m), UNTOUCHED);
    expect_ok(overlapped_result(&m, s, 0, false));
}

static void results_have_their_own_checks(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    control_acquire(&m, s, 0, 1);
    with_overlapped(&m, 0, 0);
    expect_ok(perform(&m));
    expect_error(WSAENOTSOCK, overlapped_result(&m, NOT_GIVEN, 0, false)); /* W58 */
    store_u64(m.overlapped[0], STATUS_ACCESS_DENIED);
    expect_error(WSAEACCES, overlapped_result(&m, s, 0, false)); /* W62 */
    CU_ASSERT_EQUAL(bytes_returned(&m), UNTOUCHED);              /* T9.2.4 */
    store_u64(m.overlapped[0], STATUS_ADDRESS_ALREADY_ASSOCIATED);
    expect_error(WSAEINVAL, overlapped_result(&m, s, 0, false)); /* W70 */
    store_u64(m.overlapped[0], 0xC0001234);
    expect_error(WSAEINVAL, overlapped_result(&m, s, 0, true));
}

/* Facts 9.2: without a place for the count, an exception since Vista. */
static void a_result_without_a_place_faults(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_WSAGetOverlappedResult;
    call.arguments[WSAGetOverlappedResult_s] = s;
    call.arguments[WSAGetOverlappedResult_ov] = call.ranges[WSAGetOverlappedResult_ov].address = 0x1000;
    call.ranges[WSAGetOverlappedResult_ov].state = RANGE_GOOD;
    call.ranges[WSAGetOverlappedResult_ov].length = OVERLAPPED_SIZE;
    CU_ASSERT_TRUE(call_put_bytes(&call, WSAGetOverlappedResult_ov, m.overlapped[0], OVERLAPPED_SIZE));
    call.ranges[WSAGetOverlappedResult_bytes].state = RANGE_NULL;
    call.ranges[WSAGetOverlappedResult_flags].state = RANGE_NULL;
    run_call(&m, &call);
    CU_ASSERT_EQUAL(m.result.status, RESULT_FAULT);
    CU_ASSERT_EQUAL(m.result.error, STATUS_ACCESS_VIOLATION);
    call.ranges[WSAGetOverlappedResult_ov].state = RANGE_BAD;
    run_call(&m, &call);
    CU_ASSERT_EQUAL(m.result.error, WSAEFAULT);
}

static void an_immediate_failure_signals_nothing(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    uint64_t event = new_event(&m, true, false);
    control_token(&m, s, SIO_RELEASE_PORT_RESERVATION, NOT_GIVEN);
    with_overlapped(&m, 0, event);
    expect_error(WSAEINVAL, perform(&m));
    CU_ASSERT_EQUAL(bytes_returned(&m), UNTOUCHED);
    CU_ASSERT_EQUAL(wait_for(&m, event, 0), WAIT_RAN_OUT);
    with_routine(&m, RANGE_GOOD);
    expect_error(WSAEINVAL, perform(&m));
    CU_ASSERT_EQUAL(sleep_for(&m, 0, true), WAIT_OK);
}

/* Q72=b: the same failure, reported by the completion. */
static void a_pending_failure_signals_its_event(void) {
    struct machine m;
    machine_with_reading(&m, Q72_OVERLAPPED_FAILURE, Q72_PENDING);
    uint64_t s = tcp(&m);
    uint64_t event = new_event(&m, true, false);
    control_token(&m, s, SIO_RELEASE_PORT_RESERVATION, NOT_GIVEN);
    with_overlapped(&m, 0, event);
    expect_error(WSA_IO_PENDING, perform(&m));
    CU_ASSERT_EQUAL(bytes_returned(&m), UNTOUCHED);
    CU_ASSERT_EQUAL(internal_high_of(&m, 0), 0);
    CU_ASSERT_EQUAL(wait_for(&m, event, 0), WAIT_OK);
    expect_error(WSAEINVAL, overlapped_result(&m, s, 0, false));
}

/* W4, W6: pended though bound to fail. */
static void an_unknown_code_pends_and_fails(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    uint64_t event = new_event(&m, true, false);
    control(&m, s, CODE_UNKNOWN);
    with_overlapped(&m, 0, event);
    expect_error(WSA_IO_PENDING, perform(&m));
    CU_ASSERT_EQUAL(bytes_returned(&m), UNTOUCHED);
    CU_ASSERT_EQUAL(internal_of(&m, 0), STATUS_NOT_SUPPORTED);
    CU_ASSERT_EQUAL(internal_high_of(&m, 0), 0);
    CU_ASSERT_EQUAL(wait_for(&m, event, 0), WAIT_OK);
    expect_error(WSAEOPNOTSUPP, overlapped_result(&m, s, 0, false));
}

/* W7, W8: the routine runs once, in an alertable wait, with the Winsock error. */
static void an_unknown_code_runs_its_routine(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    uint64_t event = new_event(&m, true, false);
    control(&m, s, CODE_UNKNOWN);
    with_overlapped(&m, 0, event);
    with_routine(&m, RANGE_GOOD);
    expect_error(WSA_IO_PENDING, perform(&m));
    CU_ASSERT_EQUAL(m.result.routines_count, 0);
    CU_ASSERT_EQUAL(model_event_state(m.world, PROCESS_APP, event), 0); /* W116 */
    CU_ASSERT_EQUAL(sleep_for(&m, 0, false), WAIT_OK);
    CU_ASSERT_EQUAL(m.result.routines_count, 0);
    speak_as(&m, APP_SECOND);
    CU_ASSERT_EQUAL(sleep_for(&m, 0, true), WAIT_OK);
    speak_as(&m, APP);
    CU_ASSERT_EQUAL(sleep_for(&m, 0, true), WAIT_ROUTINES_RAN);
    CU_ASSERT_EQUAL_FATAL(m.result.routines_count, 1);
    const struct result_routine *ran = &m.result.routines[0];
    CU_ASSERT_EQUAL(ran->error, WSAEOPNOTSUPP);
    CU_ASSERT_EQUAL(ran->bytes, 0);
    CU_ASSERT_EQUAL(ran->flags, 0);
    CU_ASSERT_EQUAL(ran->overlapped, m.call.arguments[WSAIoctl_ov]);
    CU_ASSERT_EQUAL(ran->routine, m.call.arguments[WSAIoctl_routine]);
    CU_ASSERT_EQUAL(sleep_for(&m, 0, true), WAIT_OK);
}

static void routines_run_in_their_order(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    for (unsigned i = 0; i < 3; i++) {
        control_acquire(&m, s, 0, 1);
        with_overlapped(&m, i, 0);
        with_routine(&m, RANGE_GOOD);
        expect_ok(perform(&m));
    }
    CU_ASSERT_EQUAL(sleep_for(&m, 1000, true), WAIT_ROUTINES_RAN);
    CU_ASSERT_EQUAL_FATAL(m.result.routines_count, 3);
    for (unsigned i = 1; i < 3; i++) CU_ASSERT(m.result.routines[i - 1].overlapped < m.result.routines[i].overlapped);
    CU_ASSERT_EQUAL(m.result.routines[0].bytes, 16);
}

/* More routines than the table holds are refused before anything happens, not lost afterwards. */
static void routines_run_out(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    for (unsigned i = 0; i < m.world->limits.routines; i++) {
        control(&m, s, CODE_UNKNOWN);
        with_overlapped(&m, 0, 0);
        with_routine(&m, RANGE_GOOD);
        expect_error(WSA_IO_PENDING, perform(&m));
    }
    expect_error(WSAENOBUFS, perform(&m));
    CU_ASSERT_EQUAL(sleep_for(&m, 0, true), WAIT_ROUTINES_RAN);
    CU_ASSERT_EQUAL(m.result.routines_count, m.world->limits.routines);
    expect_error(WSA_IO_PENDING, perform(&m));
}

static void closing_cancels_what_pends(void) {
    struct machine m;
    machine_with_reading(&m, Q70_OVERLAPPED_SUCCESS, Q70_PENDING);
    uint64_t s = tcp(&m);
    uint64_t event = new_event(&m, true, false);
    m.world->provider_delay_ns = UINT64_MAX;
    pend(&m, s, 0, event);
    expect_ok(close_socket(&m, s));
    CU_ASSERT_EQUAL(internal_of(&m, 0), STATUS_CANCELLED);
    CU_ASSERT_EQUAL(wait_for(&m, event, 0), WAIT_OK);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_RESERVATIONS), 0);
    expect_error(WSA_OPERATION_ABORTED, overlapped_result(&m, tcp(&m), 0, false));
}

/* An event whose handle was closed stays until its request is done. */
static void a_pending_request_keeps_its_event(void) {
    struct machine m;
    machine_with_reading(&m, Q70_OVERLAPPED_SUCCESS, Q70_PENDING);
    uint64_t s = tcp(&m);
    uint64_t event = new_event(&m, true, false);
    pend(&m, s, 0, event);
    call_clear(&m.call);
    m.call.function = FUNCTION_CloseHandle;
    m.call.arguments[CloseHandle_hObject] = event;
    issue(&m);
    CU_ASSERT_EQUAL(world_event_at(m.world, 0)->used, 1);
    settle(&m);
    CU_ASSERT_EQUAL(world_event_at(m.world, 0)->used, 0);
}

/* Several requests pend at once: they complete in any order, and each order is a run of its own. */
static void pending_requests_complete_in_any_order(void) {
    struct odometer odometer;
    unsigned first_done[2] = { 0, 0 };
    odometer_init(&odometer);
    do {
        struct machine m;
        machine_with_reading(&m, Q70_OVERLAPPED_SUCCESS, Q70_PENDING);
        uint64_t s = tcp(&m);
        unsigned count = 0;
        const struct reading *rows = readings(&count);
        for (unsigned i = 0; i < count; i++)
            if (rows[i].modelled)
                world_settle_reading(m.world, rows[i].question, m.profile.answers[rows[i].question] - 1u);
        pend(&m, s, 0, 0);
        pend(&m, s, 1, 0);
        m.chooser = &odometer.chooser;
        result_clear(&m.result);
        model_step(m.world, m.chooser, &m.result);
        first_done[world_request_at(m.world, 0)->state == REQUEST_FREE ? 0 : 1]++;
        model_settle(m.world, m.chooser, &m.result);
        CU_ASSERT_EQUAL(world_top(m.world, TABLE_REQUESTS), 0);
    } while (odometer_next(&odometer));
    CU_ASSERT(first_done[0] > 0 && first_done[1] > 0);
}

/* --- codes that are answered in user mode --- */

static void keepalive_values(void) {
    static const uint8_t values[12] = { 1 };
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    control(&m, s, CODE_KEEPALIVE);
    expect_error(WSAEFAULT, perform(&m)); /* W22 */
    CU_ASSERT_EQUAL(bytes_returned(&m), 0);
    with_input_state(&m, RANGE_NULL, 12);
    expect_error(WSAEFAULT, perform(&m)); /* W23 */
    CU_ASSERT_EQUAL(bytes_returned(&m), 0);
    with_input(&m, values, 12);
    expect_ok(perform(&m)); /* W24 */
    CU_ASSERT_EQUAL(bytes_returned(&m), 0);
    CU_ASSERT_EQUAL(m.result.error, 0);
    uint64_t event = new_event(&m, true, false);
    with_overlapped(&m, 0, event);
    expect_ok(perform(&m)); /* W27 */
    CU_ASSERT_EQUAL(bytes_returned(&m), UNTOUCHED);
    CU_ASSERT_EQUAL(internal_of(&m, 0), 0);
    CU_ASSERT_EQUAL(internal_high_of(&m, 0), 0);
    CU_ASSERT_EQUAL(wait_for(&m, event, 0), WAIT_OK);
    with_routine(&m, RANGE_GOOD);
    expect_ok(perform(&m)); /* W28 */
    CU_ASSERT_EQUAL(bytes_returned(&m), 0);
    CU_ASSERT_EQUAL(sleep_for(&m, 0, true), WAIT_ROUTINES_RAN);
    control(&m, s, CODE_KEEPALIVE);
    with_input(&m, values, 11);
    with_overlapped(&m, 1, 0);
    expect_error(WSAEFAULT, perform(&m)); /* W26 */
    CU_ASSERT_EQUAL(bytes_returned(&m), UNTOUCHED);
}

/* As many routines wait as one result has room for, and all of them run in one wait. */
static void as_many_routines_run_as_a_result_holds(void) {
    struct machine m;
    machine_begin(&m);
    CU_ASSERT_EQUAL(m.world->limits.requests, RESULT_ROUTINES_MAX);
    for (unsigned i = 0; i < RESULT_ROUTINES_MAX; i++) {
        control(&m, udp(&m), CODE_UNKNOWN);
        with_overlapped(&m, i % OVERLAPPEDS_MAX, 0);
        with_routine(&m, RANGE_GOOD);
        expect_error(WSA_IO_PENDING, perform(&m));
    }
    CU_ASSERT_EQUAL(m.world->full, 0);
    CU_ASSERT_EQUAL(sleep_for(&m, 0, true), WAIT_ROUTINES_RAN);
    CU_ASSERT_EQUAL(m.result.routines_count, RESULT_ROUTINES_MAX);
    CU_ASSERT_EQUAL(sleep_for(&m, 0, true), WAIT_OK);
}

static void nonblocking_mode(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    control(&m, s, CODE_FIONBIO);
    with_input(&m, "\1\0\0", 3);
    expect_error(WSAEFAULT, perform(&m)); /* W16 */
    with_overlapped(&m, 0, 0);
    expect_error(WSAEFAULT, perform(&m));
    CU_ASSERT_EQUAL(world_socket_at(m.world, 0)->nonblocking, 0);
    control(&m, s, CODE_FIONBIO);
    with_input(&m, "\1\0\0\0\0\0\0", 8);
    with_output_state(&m, RANGE_BAD, 4);
    expect_ok(perform(&m)); /* W17, W18, W19 */
    CU_ASSERT_EQUAL(bytes_returned(&m), 0);
    CU_ASSERT_EQUAL(world_socket_at(m.world, 0)->nonblocking, 1);
    with_overlapped(&m, 0, 0);
    expect_ok(perform(&m)); /* W20 */
    CU_ASSERT_EQUAL(bytes_returned(&m), 0);
    CU_ASSERT_EQUAL(internal_of(&m, 0), 0);
}

static void bytes_to_read(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    control(&m, s, CODE_FIONREAD);
    with_output_room(&m, 3);
    expect_error(WSAEFAULT, perform(&m)); /* W11 */
    CU_ASSERT_EQUAL(bytes_returned(&m), UNTOUCHED);
    with_output_room(&m, 4);
    expect_ok(perform(&m));
    CU_ASSERT_EQUAL(bytes_returned(&m), 4);
    with_overlapped(&m, 0, 0);
    expect_ok(perform(&m)); /* W12 */
    CU_ASSERT_EQUAL(bytes_returned(&m), 4);
    CU_ASSERT_EQUAL(internal_of(&m, 0), 0);
    CU_ASSERT_EQUAL(internal_high_of(&m, 0), 0);
    with_routine(&m, RANGE_GOOD);
    expect_ok(perform(&m)); /* W14 */
    CU_ASSERT_EQUAL(sleep_for(&m, 0, true), WAIT_ROUTINES_RAN);
    CU_ASSERT_EQUAL(m.result.routines[0].bytes, 0);
}

void register_model_waits_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/model waits", NULL, NULL);
    CU_add_test(suite, "events are set and reset", events_are_set_and_reset);
    CU_add_test(suite, "what is no event", what_is_no_event);
    CU_add_test(suite, "a parked thread is woken by its event", a_parked_thread_is_woken_by_its_event);
    CU_add_test(suite, "one signal wakes one thread", one_signal_wakes_one_thread);
    CU_add_test(suite, "a wait runs out", a_wait_runs_out);
    CU_add_test(suite, "an event that is set in time beats the time-out",
                an_event_that_is_set_in_time_beats_the_time_out);
    CU_add_test(suite, "an event closed under a waiting thread lives on",
                an_event_closed_under_a_waiting_thread_lives_on);
    CU_add_test(suite, "an immediate success signals its event", an_immediate_success_signals_its_event);
    CU_add_test(suite, "a pending request signals nothing yet", a_pending_request_signals_nothing_yet);
    CU_add_test(suite, "a result can be waited for", a_result_can_be_waited_for);
    CU_add_test(suite, "results have their own checks", results_have_their_own_checks);
    CU_add_test(suite, "a result without a place faults", a_result_without_a_place_faults);
    CU_add_test(suite, "an immediate failure signals nothing", an_immediate_failure_signals_nothing);
    CU_add_test(suite, "a pending failure signals its event", a_pending_failure_signals_its_event);
    CU_add_test(suite, "an unknown code pends and fails", an_unknown_code_pends_and_fails);
    CU_add_test(suite, "an unknown code runs its routine", an_unknown_code_runs_its_routine);
    CU_add_test(suite, "routines run in their order", routines_run_in_their_order);
    CU_add_test(suite, "routines run out", routines_run_out);
    CU_add_test(suite, "closing cancels what pends", closing_cancels_what_pends);
    CU_add_test(suite, "a pending request keeps its event", a_pending_request_keeps_its_event);
    CU_add_test(suite, "pending requests complete in any order", pending_requests_complete_in_any_order);
    CU_add_test(suite, "SIO_KEEPALIVE_VALS", keepalive_values);
    CU_add_test(suite, "as many routines as a result holds", as_many_routines_run_as_a_result_holds);
    CU_add_test(suite, "FIONBIO", nonblocking_mode);
    CU_add_test(suite, "FIONREAD", bytes_to_read);
}
