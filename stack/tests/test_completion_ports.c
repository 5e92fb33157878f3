/* Completion ports: one packet for each end of a request, first in and first out; who waits, and what a thread leaves
 * behind. */
#include "stack/tests/fixture_waits.h"

void register_completion_ports_tests(void);

enum { KEY = 7 };
enum { BYTES_AT = 0x3000, KEY_AT = 0x3100, OVERLAPPED_AT = 0x3200 };

static uint64_t new_port(struct machine *m) { return plain_call(m, FUNCTION_CreateIoCompletionPort, UINT64_MAX, 0, 0); }

static void point_out(struct call *call, unsigned argument, uint64_t address, uint32_t length) {
    call->arguments[argument] = call->ranges[argument].address = address;
    call->ranges[argument].length = length;
    call->ranges[argument].state = RANGE_GOOD;
}

/* GetQueuedCompletionStatus by the speaker: the error, 0 for a success; WAIT_BLOCKS while it waits. */
static uint32_t take_packet(struct machine *m, uint64_t port, uint32_t milliseconds) {
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_GetQueuedCompletionStatus;
    call.arguments[GetQueuedCompletionStatus_CompletionPort] = port;
    call.arguments[GetQueuedCompletionStatus_dwMilliseconds] = milliseconds;
    point_out(&call, GetQueuedCompletionStatus_lpNumberOfBytesTransferred, BYTES_AT, 4);
    point_out(&call, GetQueuedCompletionStatus_lpCompletionKey, KEY_AT, 8);
    point_out(&call, GetQueuedCompletionStatus_lpOverlapped, OVERLAPPED_AT, 8);
    run_call(m, &call);
    if (m->result.status == RESULT_BLOCKED) return WAIT_BLOCKS;
    return m->result.value != 0 ? 0 : m->result.error;
}

static uint64_t stored(const struct machine *m, uint64_t address) {
    const uint8_t *bytes = written(m, address, 8);
    return bytes == NULL ? UNTOUCHED : load_u64(bytes);
}

/* A TCP socket with a port, and a request that pends there for ever. */
static uint64_t world_with_pending_request(struct machine *m, uint64_t *port) {
    uint64_t s = world_with_open_socket(m);
    *port = new_port(m);
    CU_ASSERT_EQUAL(plain_call(m, FUNCTION_CreateIoCompletionPort, s, *port, KEY), *port);
    control(m, s, SIO_ADDRESS_LIST_CHANGE);
    with_overlapped(m, 0, 0);
    expect_error(WSA_IO_PENDING, perform(m));
    return s;
}

/* Of a handle that is no file's only that is said, whatever else might be. */
static void modes_are_of_sockets_and_files(void) {
    for (uint64_t seed = 0; seed < 16; seed++) {
        struct machine m;
        uint64_t null = 0, s = world_with_open_socket(&m), event = new_event(&m, true, false);
        expect_ok(open_file(&m, "NUL", &null));
        simulating_chooser_init(&m.simulating, &m.profile, seed);
        static const enum function set_modes = FUNCTION_SetFileCompletionNotificationModes;
        CU_ASSERT_EQUAL(plain_call(&m, set_modes, event, FILE_SKIP_SET_EVENT_ON_HANDLE, 0), FALSE);
        CU_ASSERT_EQUAL(m.result.error, ERROR_INVALID_HANDLE);
        CU_ASSERT_EQUAL(plain_call(&m, set_modes, NOT_GIVEN, FILE_SKIP_SET_EVENT_ON_HANDLE, 0), FALSE);
        CU_ASSERT_EQUAL(m.result.error, ERROR_INVALID_HANDLE);
        CU_ASSERT_EQUAL(plain_call(&m, set_modes, null, FILE_SKIP_SET_EVENT_ON_HANDLE, 0), FALSE);
        CU_ASSERT_EQUAL(m.result.error, ERROR_INVALID_PARAMETER);
        CU_ASSERT_EQUAL(plain_call(&m, set_modes, s, 4, 0), FALSE);
        CU_ASSERT_EQUAL(m.result.error, ERROR_INVALID_PARAMETER);
        CU_ASSERT_EQUAL(plain_call(&m, set_modes, s, FILE_SKIP_SET_EVENT_ON_HANDLE, 0), TRUE);
    }
}

/* A failure is the thread's last error, of a wait as of a look; a success leaves what was there. */
static void only_a_failure_is_the_last_error(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t port = new_port(&m);
    struct thread *row = world_thread(m.world, APP_SECOND);
    for (unsigned i = 0; i < 2; i++) {
        speak_as(&m, APP_SECOND);
        row->last_error = 77;
        expect_error(WAIT_BLOCKS, take_packet(&m, port, 10));
        speak_as(&m, APP);
        if (i == 0) plain_call(&m, FUNCTION_PostQueuedCompletionStatus, port, 1, KEY);
        else pass_time(&m, 10);
        CU_ASSERT_EQUAL_FATAL(m.result.returns_count, 1);
        CU_ASSERT_EQUAL(m.result.returns[0].value, i == 0);
        CU_ASSERT_EQUAL(row->last_error, i == 0 ? 77 : WAIT_TIMEOUT);
    }
    speak_as(&m, APP_SECOND);
    row->last_error = 77;
    expect_error(WAIT_BLOCKS, take_packet(&m, port, INFINITE));
    speak_as(&m, APP);
    expect_ok(close_handle(&m, port));
    CU_ASSERT_EQUAL(row->last_error, ERROR_ABANDONED_WAIT_0);
}

/* Answers CHOICE_LATER_ERROR, and leaves the rest to another. */
struct clearing {
    struct chooser chooser;
    struct chooser *inner;
    unsigned answer;
};

static unsigned clearing_choice(struct chooser *chooser, enum choice what, unsigned count) {
    struct clearing *self = (struct clearing *)chooser;
    return what == CHOICE_LATER_ERROR ? self->answer : choose(self->inner, what, count);
}

static uint64_t clearing_member(struct chooser *chooser, enum choice what, const struct choice_set *set) {
    return choose_member(((struct clearing *)chooser)->inner, what, set);
}

/* What a success makes of the last error no source tells: it is cleared (0), or left (1). */
static void a_later_success_clears_the_last_error_or_leaves_it(void) {
    for (unsigned answer = 0; answer < 2; answer++) {
        struct machine m;
        machine_begin(&m);
        struct clearing clearing = { { clearing_choice, clearing_member }, m.chooser, answer };
        m.chooser = &clearing.chooser;
        uint64_t port = new_port(&m);
        struct thread *row = world_thread(m.world, APP_SECOND);
        speak_as(&m, APP_SECOND);
        row->last_error = 77;
        const struct taking waits = { .room = 2, .milliseconds = INFINITE };
        expect_error(WAIT_BLOCKS, take_packets(&m, port, &waits));
        speak_as(&m, APP);
        plain_call(&m, FUNCTION_PostQueuedCompletionStatus, port, 1, KEY);
        CU_ASSERT_EQUAL_FATAL(m.result.returns_count, 1);
        CU_ASSERT_EQUAL(m.result.returns[0].value, TRUE);
        CU_ASSERT_EQUAL(row->last_error, answer == 0 ? 0 : 77);
    }
}

/* Where every row of the table of threads is one. */
static void no_thread_is_served_by_a_port_that_is_gone(void) {
    struct machine m;
    machine_begin(&m);
    for (unsigned thread = 0; thread < m.world->limits.threads; thread++)
        if (world_thread(m.world, thread)->state == THREAD_FREE) model_thread_start(m.world, thread, PROCESS_APP);
    uint64_t first = new_port(&m), second = new_port(&m);
    for (unsigned thread = 0; thread < m.world->limits.threads; thread++) {
        uint64_t port = thread % 2 == 0 ? first : second;
        CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_PostQueuedCompletionStatus, port, 1, KEY), TRUE);
        speak_as(&m, thread);
        expect_ok(take_packet(&m, port, 0));
    }
    expect_ok(close_handle(&m, first));
    for (unsigned thread = 0; thread < m.world->limits.threads; thread++)
        CU_ASSERT_EQUAL(world_thread(m.world, thread)->served_port, thread % 2 == 0 ? 0 : 2);
}

static void a_request_ends_with_one_packet(void) {
    struct machine m;
    uint64_t port, s = world_with_pending_request(&m, &port);
    expect_error(WAIT_TIMEOUT, take_packet(&m, port, 0));
    CU_ASSERT_EQUAL(stored(&m, OVERLAPPED_AT), 0);
    expect_ok(close_socket(&m, s));
    expect_error(ERROR_OPERATION_ABORTED, take_packet(&m, port, 0));
    CU_ASSERT_EQUAL(stored(&m, KEY_AT), KEY);
    CU_ASSERT_NOT_EQUAL(stored(&m, OVERLAPPED_AT), 0);
    expect_error(WAIT_TIMEOUT, take_packet(&m, port, 0));
}

static void room_is_kept_for_what_pends(void) {
    struct machine m;
    uint64_t port, s = world_with_pending_request(&m, &port);
    unsigned posted = 0;
    while (plain_call(&m, FUNCTION_PostQueuedCompletionStatus, port, 0, posted + 1) == TRUE) posted++;
    CU_ASSERT_EQUAL(m.result.error, ERROR_NO_SYSTEM_RESOURCES);
    CU_ASSERT_EQUAL(posted, m.world->limits.completions - 1u);
    expect_ok(close_socket(&m, s));
    for (unsigned i = 0; i < posted; i++) {
        expect_ok(take_packet(&m, port, 0));
        CU_ASSERT_EQUAL(stored(&m, KEY_AT), i + 1); /* first in, first out */
    }
    expect_error(ERROR_OPERATION_ABORTED, take_packet(&m, port, 0));
}

static void a_closed_port_lets_its_waiters_go(void) {
    struct machine m;
    uint64_t port, s = world_with_pending_request(&m, &port);
    speak_as(&m, APP_SECOND);
    CU_ASSERT_EQUAL(take_packet(&m, port, INFINITE), WAIT_BLOCKS);
    speak_as(&m, APP);
    expect_ok(close_handle(&m, port));
    CU_ASSERT_EQUAL(m.result.returns_count, 1);
    CU_ASSERT_EQUAL(m.result.returns[0].error, ERROR_ABANDONED_WAIT_0);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_COMPLETION_PORTS), 0);
    expect_ok(close_socket(&m, s)); /* its packet has nowhere to go */
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_COMPLETIONS), 0);
}

static void the_last_in_line_is_served_first(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t port = new_port(&m);
    CU_ASSERT_EQUAL(take_packet(&m, port, INFINITE), WAIT_BLOCKS);
    speak_as(&m, APP_SECOND);
    CU_ASSERT_EQUAL(take_packet(&m, port, 50), WAIT_BLOCKS);
    start_tool(&m, 0);
    struct machine timed = m;
    timed.world = (struct world *)(void *)timed.memory;
    timed.chooser = &timed.simulating.chooser;
    pass_time(&timed, 50);
    CU_ASSERT_EQUAL(timed.result.returns_count, 1);
    CU_ASSERT_EQUAL(timed.result.returns[0].thread, APP_SECOND);
    CU_ASSERT_EQUAL(timed.result.returns[0].error, WAIT_TIMEOUT);
}

/* A thread ends: what only a packet reports lives on (W110, W194), all else is cancelled (W109). */
static void what_a_thread_leaves_behind(void) {
    struct machine m;
    uint64_t port, s = world_with_pending_request(&m, &port);
    uint64_t event = new_event(&m, true, false);
    speak_as(&m, APP_SECOND);
    for (unsigned which = 1; which <= 2; which++) {
        control(&m, s, SIO_ADDRESS_LIST_CHANGE);
        with_overlapped(&m, which, which == 1 ? event : 0);
        expect_error(WSA_IO_PENDING, perform(&m));
    }
    struct result result;
    result_clear(&result);
    model_thread_end(m.world, APP_SECOND, &result);
    CU_ASSERT_PTR_NULL(model_check(m.world));
    speak_as(&m, APP);
    CU_ASSERT_EQUAL(wait_for(&m, event, 0), WAIT_OK);
    expect_error(ERROR_OPERATION_ABORTED, take_packet(&m, port, 0));
    expect_error(WAIT_TIMEOUT, take_packet(&m, port, 0));
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_CancelIoEx, s, 0, 0), TRUE);
    expect_error(ERROR_OPERATION_ABORTED, take_packet(&m, port, 0));
    expect_error(ERROR_OPERATION_ABORTED, take_packet(&m, port, 0));
    expect_error(WAIT_TIMEOUT, take_packet(&m, port, 0));
}

static void worlds_differ_by_what_is_queued(void) {
    struct machine one, other;
    uint64_t port_of_one, port_of_other;
    world_with_pending_request(&one, &port_of_one);
    world_with_pending_request(&other, &port_of_other);
    CU_ASSERT_TRUE(same_world(&one, &other));
    plain_call(&one, FUNCTION_PostQueuedCompletionStatus, port_of_one, 0, 1);
    CU_ASSERT_FALSE(same_world(&one, &other));
    plain_call(&other, FUNCTION_PostQueuedCompletionStatus, port_of_other, 0, 1);
    CU_ASSERT_TRUE(same_world(&one, &other));
}

static void a_request_needs_room_for_its_packet(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t port = new_port(&m), s = tcp(&m);
    while (plain_call(&m, FUNCTION_PostQueuedCompletionStatus, port, 0, 1) == TRUE) {
    }
    control(&m, s, SIO_ADDRESS_LIST_CHANGE);
    with_overlapped(&m, 0, 0);
    expect_error(WSAENOBUFS, perform(&m));
}

/* The page of SetFileCompletionNotificationModes: there are two modes. */
static void a_mode_that_there_is_not_is_refused(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    for (uint64_t modes = 0; modes < 0x200; modes++) {
        bool known = modes <= (FILE_SKIP_COMPLETION_PORT_ON_SUCCESS | FILE_SKIP_SET_EVENT_ON_HANDLE);
        CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_SetFileCompletionNotificationModes, s, modes, 0), known);
        if (!known) expect_error(ERROR_INVALID_PARAMETER, m.result.error);
    }
}

void register_completion_ports_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/io completion ports", NULL, NULL);
    CU_add_test(suite, "modes are of sockets and files", modes_are_of_sockets_and_files);
    CU_add_test(suite, "only a failure is the last error", only_a_failure_is_the_last_error);
    CU_add_test(suite, "a later success clears the last error or leaves it",
                a_later_success_clears_the_last_error_or_leaves_it);
    CU_add_test(suite, "no thread is served by a port that is gone", no_thread_is_served_by_a_port_that_is_gone);
    CU_add_test(suite, "a request ends with one packet", a_request_ends_with_one_packet);
    CU_add_test(suite, "a mode that there is not is refused", a_mode_that_there_is_not_is_refused);
    CU_add_test(suite, "room is kept for what pends", room_is_kept_for_what_pends);
    CU_add_test(suite, "a closed port lets its waiters go", a_closed_port_lets_its_waiters_go);
    CU_add_test(suite, "the last in line is served first", the_last_in_line_is_served_first);
    CU_add_test(suite, "what a thread leaves behind", what_a_thread_leaves_behind);
    CU_add_test(suite, "worlds differ by what is queued", worlds_differ_by_what_is_queued);
    CU_add_test(suite, "a request needs room for its packet", a_request_needs_room_for_its_packet);
}
