/* DuplicateHandle: two handles of one object, who may use which, and what ends with the last of them. */
#include "stack/system/handles.h"
#include "stack/tests/fixture_calls.h"
#include "stack/tests/fixture_waits.h"

void register_duplicate_handle_tests(void);

enum { KEY = 77 };

static uint64_t handed_to_tool(struct machine *m, uint64_t source) {
    uint64_t handle = 0;
    expect_ok(duplicate_handle(m, &(struct duplicating){ .source = source, .target = PROCESS_TOOL }, &handle));
    return handle;
}

static uint64_t new_port(struct machine *m) { return plain_call(m, FUNCTION_CreateIoCompletionPort, UINT64_MAX, 0, 0); }

static uint32_t attach(struct machine *m, uint64_t socket, uint64_t port) {
    return plain_call(m, FUNCTION_CreateIoCompletionPort, socket, port, KEY) == port ? 0 : m->result.error;
}

static uint64_t event_that_is_set(struct machine *m) { return new_event(m, true, true); }

/* A request of the speaker's that stays pending. */
static void issue_on(struct machine *m, uint64_t socket, unsigned which, uint64_t event) {
    control(m, socket, SIO_ADDRESS_LIST_CHANGE);
    with_overlapped(m, which, event);
    expect_error(WSA_IO_PENDING, perform(m));
}

static uint32_t take_one(struct machine *m, uint64_t port) {
    return take_packets(m, port, &(struct taking){ .room = 1 });
}

static void a_copy_is_the_same_object(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t s = tcp(&m), copy = copy_of(&m, s), event = new_event(&m, false, false), other = copy_of(&m, event);
    CU_ASSERT_NOT_EQUAL(copy, s);
    expect_ok(bind_at(&m, copy, LOOPBACK_V4, 50000));
    CU_ASSERT_EQUAL(port_of(&m, s), 50000);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_SetEvent, other, 0, 0), TRUE);
    CU_ASSERT_EQUAL(wait_for(&m, event, 0), WAIT_OK);
    CU_ASSERT_EQUAL(wait_for(&m, other, 0), WAIT_RAN_OUT);
    expect_ok(close_handle(&m, event));
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_SetEvent, other, 0, 0), TRUE);
    expect_ok(close_handle(&m, other));
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_EVENTS), 0);
}

static void a_number_means_something_in_its_process_alone(void) {
    struct machine m;
    machine_with_two_processes(&m);
    uint64_t event = new_event(&m, true, true), there = handed_to_tool(&m, event);
    speak_as(&m, TOOL);
    CU_ASSERT_EQUAL(wait_for(&m, there, 0), WAIT_OK);
    uint64_t back = 0;
    expect_ok(duplicate_handle(&m, &(struct duplicating){ .source = there, .target = PROCESS_APP }, &back));
    expect_error(ERROR_INVALID_HANDLE, close_handle(&m, back));
    speak_as(&m, APP);
    expect_ok(close_handle(&m, back));
    CU_ASSERT_EQUAL(wait_for(&m, event, 0), WAIT_OK);
}

static void what_names_nothing_is_refused(void) {
    struct machine m;
    uint64_t handle = 0;
    machine_with_two_processes(&m);
    uint64_t event = new_event(&m, true, false);
    const struct duplicating nothing = { .source = NOT_GIVEN, .target = PROCESS_APP };
    expect_error(ERROR_INVALID_HANDLE, duplicate_handle(&m, &nothing, &handle));
    const struct duplicating nowhere = { .source = event, .target = 3 };
    expect_error(ERROR_INVALID_HANDLE, duplicate_handle(&m, &nowhere, &handle));
    speak_as(&m, TOOL);
    const struct duplicating others = { .source = event, .target = PROCESS_TOOL };
    expect_error(ERROR_INVALID_HANDLE, duplicate_handle(&m, &others, &handle));
    model_no_memory(m.world, true);
    speak_as(&m, APP);
    const struct duplicating own = { .source = event, .target = PROCESS_APP };
    expect_error(ERROR_NOT_ENOUGH_MEMORY, duplicate_handle(&m, &own, &handle));
}

static void the_source_is_closed_whatever_comes_of_it(void) {
    struct machine m;
    uint64_t handle = 0;
    machine_with_two_processes(&m);
    uint64_t s = tcp(&m), event = new_event(&m, true, true);
    const struct duplicating moves = { .source = s, .target = PROCESS_TOOL, .options = DUPLICATE_CLOSE_SOURCE };
    expect_ok(bind_at(&m, s, LOOPBACK_V4, 50000));
    expect_ok(duplicate_handle(&m, &moves, &handle));
    expect_error(WSAENOTSOCK, close_socket(&m, s));
    const struct duplicating fails = { .source = event, .target = 3, .options = DUPLICATE_CLOSE_SOURCE };
    uint64_t none = 0;
    expect_error(ERROR_INVALID_HANDLE, duplicate_handle(&m, &fails, &none));
    expect_error(ERROR_INVALID_HANDLE, close_handle(&m, event));
    speak_as(&m, TOOL);
    CU_ASSERT_EQUAL(port_of(&m, handle), 50000);
}

/* By it the executor knows the thread: it is no handle of the program's, which is the copy. */
static void what_names_a_thread_in_a_call_is_not_closed(void) {
    struct machine m;
    machine_begin(&m);
    const struct duplicating moves = { .source = THREAD_HANDLE_FIRST + APP_SECOND,
                                       .target = PROCESS_APP,
                                       .options = DUPLICATE_CLOSE_SOURCE };
    for (unsigned time = 0; time < 2; time++) {
        uint64_t handle = 0;
        expect_ok(duplicate_handle(&m, &moves, &handle));
        expect_ok(close_handle(&m, handle));
    }
}

static void what_is_not_modelled_changes_nothing(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t event = new_event(&m, true, false), s = tcp(&m);
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_DuplicateHandle;
    call.arguments[DuplicateHandle_hSourceProcessHandle] = call.arguments[DuplicateHandle_hTargetProcessHandle] =
        PROCESS_ID_FIRST + PROCESS_APP;
    call.arguments[DuplicateHandle_hSourceHandle] = s; /* with other access than the source has */
    run_call(&m, &call);
    CU_ASSERT_EQUAL(m.result.status, RESULT_NOT_MODELLED);
    call.arguments[DuplicateHandle_hSourceHandle] = event;
    call.arguments[DuplicateHandle_dwOptions] = DUPLICATE_SAME_ACCESS;
    call.arguments[DuplicateHandle_bInheritHandle] = TRUE;
    run_call(&m, &call);
    CU_ASSERT_EQUAL(m.result.status, RESULT_NOT_MODELLED);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_HANDLES), 2);
}

/* Each kind of object, each set of options: what is not modelled changes nothing, the rest makes a handle where there
 * is something to duplicate, and closes the source where that is asked for. */
static void each_kind_is_duplicated_as_far_as_it_is_modelled(void) {
    enum { SOCKET_KIND, EVENT_KIND, FILE_KIND, PORT_KIND, NOTHING, KINDS };
    static const uint32_t options[] = { 0, DUPLICATE_SAME_ACCESS, DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE,
                                        DUPLICATE_CLOSE_SOURCE, DUPLICATE_SAME_ACCESS | 4 };
    for (unsigned i = 0; i < KINDS * 5 * 4; i++) {
        struct machine m;
        unsigned kind = i % KINDS, which = i / KINDS % 5;
        bool inherits = i / (KINDS * 5) % 2, other = i / (KINDS * 10) % 2;
        bool closes = (options[which] & DUPLICATE_CLOSE_SOURCE) != 0;
        machine_with_two_processes(&m);
        speak_as(&m, other ? TOOL : APP);
        uint64_t file = 0, sources[KINDS] = { udp(&m), event_that_is_set(&m), 0, new_port(&m), NOT_GIVEN };
        expect_ok(open_file(&m, "NUL", &file));
        sources[FILE_KIND] = file;
        speak_as(&m, APP);
        unsigned owner = other ? PROCESS_TOOL : PROCESS_APP, handles = world_top(m.world, TABLE_HANDLES);
        struct call call;
        call_clear(&call);
        call.function = FUNCTION_DuplicateHandle;
        call.arguments[DuplicateHandle_hSourceProcessHandle] = PROCESS_ID_FIRST + owner;
        call.arguments[DuplicateHandle_hTargetProcessHandle] = PROCESS_ID_FIRST + PROCESS_APP;
        call.arguments[DuplicateHandle_hSourceHandle] = sources[kind];
        call.arguments[DuplicateHandle_dwOptions] = options[which];
        call.arguments[DuplicateHandle_bInheritHandle] = inherits;
        run_call(&m, &call);
        bool known = which == 1 || which == 2, special = inherits || (closes && other);
        bool modelled = known && (!special || kind == SOCKET_KIND || kind == NOTHING);
        CU_ASSERT_EQUAL(m.result.status, modelled ? RESULT_RETURNED : RESULT_NOT_MODELLED);
        bool made = modelled && kind != NOTHING, gone = made && closes;
        if (modelled) CU_ASSERT_EQUAL(m.result.value != 0, made);
        if (modelled && !made) CU_ASSERT_EQUAL(m.result.error, ERROR_INVALID_HANDLE);
        CU_ASSERT_EQUAL(handle_kind_of(m.world, owner, sources[kind]) == HANDLE_FREE, gone || kind == NOTHING);
        if (!made) CU_ASSERT_EQUAL(world_top(m.world, TABLE_HANDLES), handles);
        if (made) CU_ASSERT_NOT_EQUAL(handle_kind_of(m.world, PROCESS_APP, m.result.value), HANDLE_FREE);
    }
}

static void a_request_outlives_one_of_two_handles(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t s = tcp(&m), copy = copy_of(&m, s), port = new_port(&m);
    expect_ok(attach(&m, copy, port));
    expect_error(ERROR_INVALID_PARAMETER, attach(&m, s, port));
    issue_on(&m, s, 0, 0);
    expect_ok(close_socket(&m, s));
    expect_error(WAIT_TIMEOUT, take_one(&m, port));
    expect_ok(close_handle(&m, copy));
    expect_ok(take_one(&m, port));
    CU_ASSERT_EQUAL(packet_taken(&m, 0).key, KEY);
    CU_ASSERT_EQUAL(packet_taken(&m, 0).status, STATUS_CANCELLED);
}

/* W111, for each way in which a request may be reported. */
static void the_last_handle_of_a_process_ends_what_a_packet_alone_reports(void) {
    static const struct {
        bool attached, event, by_tool, ends;
    } cases[] = {
        { true, false, false, true },
        { true, true, false, false },
        { false, false, false, false },
        { true, false, true, false }, /* it is the other process's own */
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct machine m;
        machine_with_two_processes(&m);
        uint64_t s = tcp(&m), port = new_port(&m), there = handed_to_tool(&m, s);
        if (cases[i].attached) expect_ok(attach(&m, s, port));
        if (cases[i].by_tool) speak_as(&m, TOOL);
        issue_on(&m, cases[i].by_tool ? there : s, 0, cases[i].event ? new_event(&m, true, false) : 0);
        speak_as(&m, APP);
        uint64_t second = copy_of(&m, s);
        expect_ok(close_socket(&m, s)); /* the process has another one */
        expect_error(WAIT_TIMEOUT, take_one(&m, port));
        expect_ok(close_handle(&m, second));
        expect_error(cases[i].ends ? 0 : WAIT_TIMEOUT, take_one(&m, port));
        CU_ASSERT_EQUAL(world_top(m.world, TABLE_REQUESTS), cases[i].ends ? 0 : 1);
    }
}

/* A request of a thread that has ended is its process's still, and ends with that, though the socket lasts (W110). */
static void what_outlived_its_thread_ends_with_the_process(void) {
    struct machine m;
    machine_with_two_processes(&m);
    speak_as(&m, TOOL);
    uint64_t s = udp(&m), kept = 0;
    const struct duplicating to_app = { .source = s, .target = PROCESS_APP };
    expect_ok(duplicate_handle(&m, &to_app, &kept));
    expect_ok(attach(&m, s, new_port(&m)));
    speak_as(&m, TOOL_SECOND);
    issue_on(&m, s, 0, 0);
    result_clear(&m.result);
    model_thread_end(m.world, TOOL_SECOND, &m.result);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_REQUESTS), 1);
    result_clear(&m.result);
    model_process_end(m.world, m.chooser, PROCESS_TOOL, &m.result);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_REQUESTS), 0);
    CU_ASSERT_PTR_NULL(model_check(m.world));
    speak_as(&m, APP);
    expect_ok(close_socket(&m, kept));
}

static void a_port_lives_as_long_as_one_of_its_handles(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t port = new_port(&m), copy = copy_of(&m, port);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_PostQueuedCompletionStatus, port, 0, KEY), TRUE);
    expect_ok(close_handle(&m, port));
    expect_ok(take_one(&m, copy));
    speak_as(&m, APP_SECOND);
    const struct taking waits = { .room = 1, .milliseconds = INFINITE };
    expect_error(WAIT_BLOCKS, take_packets(&m, copy, &waits));
    speak_as(&m, APP);
    uint64_t third = copy_of(&m, copy);
    expect_ok(close_handle(&m, third));
    CU_ASSERT_EQUAL(m.result.returns_count, 0);
    expect_ok(close_handle(&m, copy));
    CU_ASSERT_EQUAL_FATAL(m.result.returns_count, 1);
    CU_ASSERT_EQUAL(m.result.returns[0].error, ERROR_ABANDONED_WAIT_0);
}

static void what_winsock_does_not_recognise_kernel32_does(void) {
    struct machine m;
    machine_with_reading(&m, Q137_DUPLICATED_SOCKET, Q137_NOTSOCK);
    uint64_t s = tcp(&m), copy = copy_of(&m, s);
    struct grant grant = granted(&m, s, 0, 1);
    uint64_t other = copy_of(&m, tcp(&m));
    expect_error(WSAENOTSOCK, associate(&m, other, grant.token));
    expect_error(WSAENOTSOCK, close_socket(&m, copy));
    issue_on(&m, s, 0, 0);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_CancelIoEx, copy, 0, 0), TRUE);
    expect_ok(attach(&m, copy, new_port(&m)));
    CU_ASSERT_EQUAL(
        plain_call(&m, FUNCTION_SetFileCompletionNotificationModes, copy, FILE_SKIP_COMPLETION_PORT_ON_SUCCESS, 0),
        TRUE);
    plain_call(&m, FUNCTION_WSACleanup, 0, 0, 0);
    CU_ASSERT_EQUAL(handle_kind_of(m.world, PROCESS_APP, s), HANDLE_FREE);
    CU_ASSERT_EQUAL(handle_kind_of(m.world, PROCESS_APP, copy), HANDLE_SOCKET);
    expect_ok(close_handle(&m, copy));
}

/* An application that duplicates its acquiring socket: the block is there until both are closed. */
static void a_reservation_lasts_as_long_as_a_copy_of_its_socket(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t keeper = tcp(&m), copy = copy_of(&m, keeper);
    struct grant grant = granted(&m, keeper, 0, 1);
    expect_ok(close_socket(&m, keeper));
    CU_ASSERT_EQUAL(take_port(&m, grant.token), grant.first);
    expect_ok(close_handle(&m, copy));
    expect_error(WSAEINVAL, associate(&m, tcp(&m), grant.token));
}

static void a_handle_of_a_thread_names_it_until_it_ends(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t thread = copy_of(&m, THREAD_HANDLE_FIRST + APP_SECOND), second = copy_of(&m, thread);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_CancelSynchronousIo, second, 0, 0), FALSE);
    CU_ASSERT_EQUAL(m.result.error, ERROR_NOT_FOUND);
    expect_ok(close_handle(&m, thread));
    plain_call(&m, FUNCTION_CancelSynchronousIo, thread, 0, 0);
    CU_ASSERT_EQUAL(m.result.error, ERROR_INVALID_HANDLE);
    result_clear(&m.result);
    model_thread_end(m.world, APP_SECOND, &m.result);
    model_thread_start(m.world, APP_SECOND, PROCESS_APP); /* another one */
    CU_ASSERT_PTR_NULL(model_check(m.world));
    plain_call(&m, FUNCTION_CancelSynchronousIo, second, 0, 0);
    CU_ASSERT_EQUAL(m.result.status, RESULT_NOT_MODELLED);
    expect_ok(close_handle(&m, second));
    uint64_t only = copy_of(&m, THREAD_HANDLE_FIRST + APP_SECOND); /* in the first row of the table */
    result_clear(&m.result);
    model_thread_end(m.world, APP_SECOND, &m.result);
    model_thread_start(m.world, APP_SECOND, PROCESS_APP);
    plain_call(&m, FUNCTION_CancelSynchronousIo, only, 0, 0);
    CU_ASSERT_EQUAL(m.result.status, RESULT_NOT_MODELLED);
}

static void a_copy_that_is_inheritable_is_inherited_as_one(void) {
    struct machine m;
    uint64_t handle = 0;
    machine_with_reading(&m, Q137_DUPLICATED_SOCKET, Q137_NOTSOCK);
    uint64_t s = tcp(&m);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_SetHandleInformation, s, HANDLE_FLAG_INHERIT, 0), TRUE);
    expect_ok(
        duplicate_handle(&m, &(struct duplicating){ .source = s, .target = PROCESS_APP, .inherits = true }, &handle));
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_CreateProcess, PROCESS_ID_FIRST + 2, TRUE, MANIFEST_AS_INVOKER), TRUE);
    CU_ASSERT_EQUAL(handle_kind_of(m.world, 2, s), HANDLE_FREE);
    CU_ASSERT_EQUAL(handle_kind_of(m.world, 2, handle), HANDLE_SOCKET);
    CU_ASSERT_TRUE(handle_is_duplicated(m.world, 2, handle));
}

void register_duplicate_handle_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/model DuplicateHandle", NULL, NULL);
    CU_add_test(suite, "a copy is the same object", a_copy_is_the_same_object);
    CU_add_test(suite, "a number means something in its process alone", a_number_means_something_in_its_process_alone);
    CU_add_test(suite, "what names nothing is refused", what_names_nothing_is_refused);
    CU_add_test(suite, "the source is closed whatever comes of it", the_source_is_closed_whatever_comes_of_it);
    CU_add_test(suite, "what names a thread in a call is not closed", what_names_a_thread_in_a_call_is_not_closed);
    CU_add_test(suite, "what is not modelled changes nothing", what_is_not_modelled_changes_nothing);
    CU_add_test(suite, "a request outlives one of two handles", a_request_outlives_one_of_two_handles);
    CU_add_test(suite, "the last handle of a process ends what a packet alone reports",
                the_last_handle_of_a_process_ends_what_a_packet_alone_reports);
    CU_add_test(suite, "each kind is duplicated as far as it is modelled",
                each_kind_is_duplicated_as_far_as_it_is_modelled);
    CU_add_test(suite, "what outlived its thread ends with the process",
                what_outlived_its_thread_ends_with_the_process);
    CU_add_test(suite, "a port lives as long as one of its handles", a_port_lives_as_long_as_one_of_its_handles);
    CU_add_test(suite, "what winsock does not recognise kernel32 does", what_winsock_does_not_recognise_kernel32_does);
    CU_add_test(suite, "a reservation lasts as long as a copy of its socket",
                a_reservation_lasts_as_long_as_a_copy_of_its_socket);
    CU_add_test(suite, "a handle of a thread names it until it ends", a_handle_of_a_thread_names_it_until_it_ends);
    CU_add_test(suite, "a copy that is inheritable is inherited as one",
                a_copy_that_is_inheritable_is_inherited_as_one);
}
