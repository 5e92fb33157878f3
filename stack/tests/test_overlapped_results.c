/* Winsock's names for events, and GetOverlappedResult beside its Winsock twin. */
#include "stack/tests/fixture.h"

void register_overlapped_results_tests(void);

enum { BYTES_AT = 0x7000, OVERLAPPED_AT = 0x40000 };

static uint32_t on_event(struct machine *m, enum function function, uint64_t event) {
    return plain_call(m, function, event, 0, 0) != FALSE ? 0 : m->result.error;
}

static void events_by_winsocks_names(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t event = plain_call(&m, FUNCTION_WSACreateEvent, 0, 0, 0);
    CU_ASSERT_NOT_EQUAL(event, 0);
    CU_ASSERT_EQUAL(wait_for(&m, event, 0), WAIT_RAN_OUT);
    expect_ok(on_event(&m, FUNCTION_WSASetEvent, event));
    CU_ASSERT_EQUAL(wait_for(&m, event, 0), WAIT_OK);
    CU_ASSERT_EQUAL(wait_for(&m, event, 0), WAIT_OK);
    expect_ok(on_event(&m, FUNCTION_WSAResetEvent, event));
    CU_ASSERT_EQUAL(wait_for(&m, event, 0), WAIT_RAN_OUT);
    expect_error(WSA_INVALID_HANDLE, on_event(&m, FUNCTION_WSASetEvent, NOT_GIVEN));
    expect_ok(on_event(&m, FUNCTION_WSACloseEvent, event));
    expect_error(WSA_INVALID_HANDLE, on_event(&m, FUNCTION_WSACloseEvent, event));
}

static void what_winsocks_events_need(void) {
    struct machine m;
    machine_begin(&m);
    model_no_memory(m.world, true);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_WSACreateEvent, 0, 0, 0), 0);
    expect_error(WSA_NOT_ENOUGH_MEMORY, m.result.error);
    model_no_memory(m.world, false);
    model_network_down(m.world, true);
    expect_error(WSAENETDOWN, on_event(&m, FUNCTION_WSACreateEvent, 0));
    model_network_down(m.world, false);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_WSACleanup, 0, 0, 0), 0);
    expect_error(WSANOTINITIALISED, on_event(&m, FUNCTION_WSACreateEvent, 0));
}

/* GetOverlappedResult of OVERLAPPED 0: the error; WAIT_BLOCKS while it waits. */
static uint32_t win32_result(struct machine *m, uint64_t file, bool wait) {
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_GetOverlappedResult;
    call.arguments[GetOverlappedResult_hFile] = file;
    call.arguments[GetOverlappedResult_bWait] = wait;
    struct range *overlapped = &call.ranges[GetOverlappedResult_lpOverlapped];
    struct range *bytes = &call.ranges[GetOverlappedResult_lpNumberOfBytesTransferred];
    call.arguments[GetOverlappedResult_lpOverlapped] = overlapped->address = OVERLAPPED_AT;
    call.arguments[GetOverlappedResult_lpNumberOfBytesTransferred] = bytes->address = BYTES_AT;
    overlapped->state = bytes->state = RANGE_GOOD;
    overlapped->length = OVERLAPPED_SIZE;
    bytes->length = 4;
    call_put_bytes(&call, GetOverlappedResult_lpOverlapped, m->overlapped[0], OVERLAPPED_SIZE);
    run_call(m, &call);
    if (m->result.status == RESULT_BLOCKED) return WAIT_BLOCKS;
    return m->result.value != FALSE ? 0 : m->result.error;
}

static void a_pending_operation_is_incomplete(void) {
    struct machine m;
    uint64_t s = world_with_pending_address_change(&m);
    expect_error(ERROR_IO_INCOMPLETE, win32_result(&m, s, false));
    expect_error(ERROR_INVALID_HANDLE, win32_result(&m, NOT_GIVEN, true));
    CU_ASSERT_EQUAL(win32_result(&m, s, true), WAIT_BLOCKS);
    speak_as(&m, APP_SECOND);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_CancelIoEx, s, 0, 0), TRUE);
    CU_ASSERT_EQUAL_FATAL(m.result.returns_count, 1);
    CU_ASSERT_EQUAL(m.result.returns[0].thread, APP);
    expect_error(ERROR_OPERATION_ABORTED, m.result.returns[0].error);
    expect_error(ERROR_OPERATION_ABORTED, win32_result(&m, NOT_GIVEN, true));
}

static void an_error_is_in_win32s_words(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    control(&m, s, CODE_UNKNOWN);
    with_overlapped(&m, 0, 0);
    expect_error(WSA_IO_PENDING, perform(&m));
    expect_error(ERROR_NOT_SUPPORTED, win32_result(&m, s, true));
    expect_error(WSAEOPNOTSUPP, overlapped_result(&m, s, 0, true));
}

static void a_success_has_a_count_and_no_flags(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    control_acquire(&m, s, 0, 1);
    with_overlapped(&m, 0, 0);
    expect_ok(perform(&m));
    expect_ok(win32_result(&m, s, false));
    const uint8_t *bytes = written(&m, BYTES_AT, 4);
    CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
    CU_ASSERT_EQUAL(load_u32(bytes), PORT_INSTANCE_SIZE);
    CU_ASSERT_EQUAL(m.result.writes_count, 1);
}

static void a_wait_for_a_result_leaves_its_error_behind(void) {
    struct machine m;
    uint64_t s = world_with_pending_address_change(&m);
    struct thread *row = world_thread(m.world, APP_SECOND);
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_WSAGetOverlappedResult;
    call.arguments[WSAGetOverlappedResult_s] = s;
    call.arguments[WSAGetOverlappedResult_ov] = OVERLAPPED_AT;
    call.ranges[WSAGetOverlappedResult_ov] =
        (struct range){ .state = RANGE_GOOD, .address = OVERLAPPED_AT, .length = OVERLAPPED_SIZE };
    CU_ASSERT(call_put_bytes(&call, WSAGetOverlappedResult_ov, m.overlapped[0], OVERLAPPED_SIZE));
    call.arguments[WSAGetOverlappedResult_bytes] = BYTES_AT;
    call.ranges[WSAGetOverlappedResult_bytes] = (struct range){ .state = RANGE_GOOD, .address = BYTES_AT, .length = 4 };
    call.arguments[WSAGetOverlappedResult_flags] = BYTES_AT + 8;
    call.ranges[WSAGetOverlappedResult_flags] =
        (struct range){ .state = RANGE_GOOD, .address = BYTES_AT + 8, .length = 4 };
    call.arguments[WSAGetOverlappedResult_wait] = TRUE;
    speak_as(&m, APP_SECOND);
    row->last_error = 77;
    run_call(&m, &call);
    CU_ASSERT_EQUAL_FATAL(m.result.status, RESULT_BLOCKED);
    speak_as(&m, APP);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_CancelIoEx, s, 0, 0), TRUE);
    CU_ASSERT_EQUAL_FATAL(m.result.returns_count, 1);
    CU_ASSERT_EQUAL(m.result.returns[0].value, FALSE);
    CU_ASSERT_EQUAL(row->last_error, WSA_OPERATION_ABORTED);
}

void register_overlapped_results_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/model events and results", NULL, NULL);
    CU_add_test(suite, "a wait for a result leaves its error behind", a_wait_for_a_result_leaves_its_error_behind);
    CU_add_test(suite, "events by Winsock's names", events_by_winsocks_names);
    CU_add_test(suite, "what Winsock's events need", what_winsocks_events_need);
    CU_add_test(suite, "a pending operation is incomplete", a_pending_operation_is_incomplete);
    CU_add_test(suite, "an error is in Win32's words", an_error_is_in_win32s_words);
    CU_add_test(suite, "a success has a count and no flags", a_success_has_a_count_and_no_flags);
}
