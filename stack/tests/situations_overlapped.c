/* Situations that tell the candidates of the questions about overlapped and blocked calls apart. */
#include "stack/tests/fixture.h"
#include "stack/tests/fixture_calls.h"
#include "stack/tests/fixture_waits.h"
#include "stack/tests/fixture_wire.h"
#include "stack/tests/situations.h"

enum { KEY = 7, NO_PACKET = 0, A_PACKET = 1 };

/* A TCP socket that is associated with a new completion port. */
static uint64_t socket_with_port(struct machine *m, uint64_t *port) {
    uint64_t s = tcp(m);
    *port = plain_call(m, FUNCTION_CreateIoCompletionPort, UINT64_MAX, 0, 0);
    CU_ASSERT_EQUAL(plain_call(m, FUNCTION_CreateIoCompletionPort, s, *port, KEY), *port);
    return s;
}

static uint32_t packet_of_skipped_success(struct machine *m) {
    uint64_t port, s = socket_with_port(m, &port);
    plain_call(m, FUNCTION_SetFileCompletionNotificationModes, s, FILE_SKIP_COMPLETION_PORT_ON_SUCCESS, 0);
    control_acquire(m, s, 0, 1);
    with_overlapped(m, 0, 0);
    expect_ok(perform(m));
    return world_top(m->world, TABLE_COMPLETIONS) > 0 ? A_PACKET : NO_PACKET;
}

static uint32_t routine_beside_port(struct machine *m) {
    uint64_t port, s = socket_with_port(m, &port);
    control(m, s, CODE_UNKNOWN);
    with_overlapped(m, 0, 0);
    with_routine(m, RANGE_GOOD);
    return perform(m);
}

/* The second thread blocks, then the first one does this; what the second one's call returns. */
static uint32_t error_of_blocked(struct machine *m, enum function function) {
    uint64_t s = tcp(m);
    speak_as(m, APP_SECOND);
    control(m, s, SIO_ADDRESS_LIST_CHANGE);
    run_call(m, &m->call);
    CU_ASSERT_EQUAL(m->result.status, RESULT_BLOCKED);
    speak_as(m, APP);
    plain_call(m, function, s, 0, 0);
    CU_ASSERT_EQUAL(m->result.returns_count, 1);
    CU_ASSERT_EQUAL(m->result.returns[0].thread, APP_SECOND);
    return m->result.returns[0].error;
}

/* What becomes of a request when its socket is flushed. */
static uint32_t flushed(struct machine *m) {
    uint64_t s = tcp(m);
    control(m, s, SIO_ADDRESS_LIST_CHANGE);
    with_overlapped(m, 0, 0);
    expect_error(WSA_IO_PENDING, perform(m));
    control(m, s, SIO_FLUSH);
    perform(m);
    return overlapped_result(m, s, 0, false);
}

static uint32_t closed_meanwhile(struct machine *m) { return error_of_blocked(m, FUNCTION_closesocket); }
static uint32_t cancelled_meanwhile(struct machine *m) { return error_of_blocked(m, FUNCTION_CancelIoEx); }

/* What the call returns of a thread that another one stops. */
static uint32_t cancelled_by_thread(struct machine *m) {
    uint64_t s = tcp(m);
    speak_as(m, APP_SECOND);
    block_on(m, s);
    speak_as(m, APP);
    plain_call(m, FUNCTION_CancelSynchronousIo, THREAD_HANDLE_FIRST + APP_SECOND, 0, 0);
    if (m->result.returns_count == 1) return m->result.returns[0].error;
    expect_error(ERROR_NOT_FOUND, m->result.error);
    return WAIT_BLOCKS;
}

/* A Winsock 1.1 program whose call blocks, and has a hook. */
static void block_with_hook(struct machine *m) {
    uint64_t s = tcp(m);
    negotiate_1_1(m);
    expect_ok(set_blocking_hook(m, RANGE_GOOD));
    block_on(m, s);
}

static uint32_t hook_cancels(struct machine *m) {
    block_with_hook(m);
    plain_call(m, FUNCTION_WSACancelBlockingCall, 0, 0, 0);
    return m->result.value == 0 ? 0 : m->result.error;
}

static uint32_t hook_runs(struct machine *m) {
    block_with_hook(m);
    return model_blocking_hook(m->world, m->chooser, APP) != 0;
}

static uint32_t another_thread_calls(struct machine *m) {
    uint64_t s = tcp(m);
    negotiate_1_1(m);
    speak_as(m, APP_SECOND);
    block_on(m, s);
    speak_as(m, APP);
    return set_blocking_hook(m, RANGE_GOOD);
}

/* A routine and a packet wait, and the thread has taken none from this port. */
static uint32_t packet_beside_routine(struct machine *m) {
    uint64_t s = tcp(m), port = plain_call(m, FUNCTION_CreateIoCompletionPort, UINT64_MAX, 0, 0);
    control(m, s, CODE_UNKNOWN);
    with_overlapped(m, 0, 0);
    with_routine(m, RANGE_GOOD);
    expect_error(WSA_IO_PENDING, perform(m));
    CU_ASSERT_EQUAL(plain_call(m, FUNCTION_PostQueuedCompletionStatus, port, 0, KEY), TRUE);
    return take_packets(m, port, &(struct taking){ .room = 1, .alertable = true });
}

/* A wait for one of three events, of which the second is set and in the array once more. */
static uint32_t one_handle_twice(struct machine *m) {
    uint64_t events[3];
    for (unsigned i = 0; i < 2; i++) events[i] = plain_call(m, FUNCTION_CreateEventW, 0, true, i == 1);
    events[2] = events[1];
    uint32_t place = wait_for_several(m, events, &(struct several){ .count = 3 });
    return place == WAIT_FAILED ? m->result.error : place;
}

/* A pending request, asked for by a handle that DuplicateHandle made, and by getsockname that handle's port. */
static uint32_t asked_by_duplicate(struct machine *m) {
    uint64_t s = tcp(m), copy = copy_of(m, s);
    expect_ok(bind_at(m, s, LOOPBACK_V4, 50000));
    control(m, s, SIO_ADDRESS_LIST_CHANGE);
    with_overlapped(m, 0, 0);
    expect_error(WSA_IO_PENDING, perform(m));
    if (port_of(m, copy) == 0) return WSAENOTSOCK;
    return overlapped_result(m, copy, 0, false) == WSAENOTSOCK ? WSAEINVAL : WSA_IO_INCOMPLETE;
}

static uint32_t result_of_nothing(struct machine *m) {
    uint64_t s = tcp(m);
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_WSAGetOverlappedResult;
    call.arguments[WSAGetOverlappedResult_s] = s;
    call.ranges[WSAGetOverlappedResult_ov].state = RANGE_NULL;
    run_call(m, &call);
    return m->result.error;
}

static uint32_t posted_by_duplicate(struct machine *m) {
    uint64_t port = plain_call(m, FUNCTION_CreateIoCompletionPort, UINT64_MAX, 0, 0);
    bool posted = plain_call(m, FUNCTION_PostQueuedCompletionStatus, copy_of(m, port), 0, KEY) != FALSE;
    return posted ? 0 : m->result.error;
}

/* How many APCs run in a call that has its answer at once. */
static uint32_t ran_in_accept(struct machine *m) {
    uint64_t accepted = 0;
    struct talk talk = talking(m);
    uint64_t client = tcp(m);
    expect_ok(connect_to(m, client, LOOPBACK_V4, talk.port));
    expect_ok(queue_apc(m, APP, 1));
    expect_ok(accept_on(m, talk.listener, &accepted));
    return m->result.routines_count;
}

static uint32_t ran_in_poll(struct machine *m) {
    enum { EVENTS_ADDRESS = 0xd000 };
    static const uint8_t events[4];
    uint64_t s = udp(m);
    struct call call;
    expect_ok(bind_at(m, s, LOOPBACK_V4, 20000));
    expect_ok(queue_apc(m, APP, 1));
    call_clear(&call);
    call.function = FUNCTION_WSAPoll;
    put_set(&call, WSAPoll_fd, &s, 1);
    point_at_contents(&call, WSAPoll_events, EVENTS_ADDRESS, events, sizeof events);
    run_call(m, &call);
    CU_ASSERT_EQUAL(m->result.value, 0);
    return m->result.routines_count;
}

/* A descriptor that was there before the socket was bound receives a datagram. */
static uint32_t receive_unaware(struct machine *m) {
    char text[64];
    uint32_t sent;
    start_tool(m, 0);
    uint64_t s = udp(m), sender = udp(m), shared = shared_with_tool(m, s);
    expect_ok(bind_at(m, s, LOOPBACK_V4, 20000));
    expect_ok(send_byte(m, sender, TO_LOOPBACK, 20000, &sent));
    speak_as(m, TOOL);
    return receive_text(m, shared, text);
}

/* GetOverlappedResult of a pending request whose event the program sets. */
static uint32_t result_by_event(struct machine *m) {
    uint64_t s = tcp(m), event = new_event(m, true, false);
    control(m, s, SIO_ADDRESS_LIST_CHANGE);
    with_overlapped(m, 0, event);
    expect_error(WSA_IO_PENDING, perform(m));
    plain_call(m, FUNCTION_SetEvent, event, 0, 0);
    return result_within(m, s, 0, INFINITE, false);
}

const struct situation *overlapped_situations(unsigned *count) {
    static const struct situation situations[] = {
        { Q71_NOTICE_OF_SUCCESS, packet_of_skipped_success, { A_PACKET, NO_PACKET } },
        { Q79_CANCEL_BLOCKING_CALL, hook_cancels, { WSAEOPNOTSUPP, 0 } },
        { Q80_INPROGRESS, hook_runs, { false, true } },
        { Q105_ROUTINE_BESIDE_PORT, routine_beside_port, { WSAEINVAL, WSA_IO_PENDING } },
        { Q106_CLOSED_MEANWHILE, closed_meanwhile, { WSAEINTR, WSA_OPERATION_ABORTED, WSAENOTSOCK } },
        { Q113_TASK, another_thread_calls, { 0, WSAEINPROGRESS } },
        { Q110_FLUSH, flushed, { WSA_IO_INCOMPLETE, WSA_OPERATION_ABORTED } },
        { Q127_PACKET_OR_ROUTINE, packet_beside_routine, { WAIT_IO_COMPLETION, 0 } },
        { Q134_HANDLE_TWICE, one_handle_twice, { WAIT_OBJECT_0 + 1, ERROR_INVALID_PARAMETER } },
        { Q137_DUPLICATED_SOCKET, asked_by_duplicate, { WSAEINVAL, WSAENOTSOCK, WSA_IO_INCOMPLETE } },
        { Q138_DUPLICATED_PORT, posted_by_duplicate, { 0, ERROR_INVALID_HANDLE } },
        { Q143_RESULT_OF_NOTHING, result_of_nothing, { WSAEFAULT, WSA_INVALID_PARAMETER } },
        { Q150_BOUND_BY_ANOTHER, receive_unaware, { WSAEINVAL, 0 } },
        { Q149_EVENT_BEFORE_END, result_by_event, { 0, WAIT_BLOCKS } },
        { Q147_READY_ACCEPT, ran_in_accept, { 1, 0 } },
        { Q148_READY_POLL, ran_in_poll, { 1, 0 } },
        { Q129_CANCEL_SYNCHRONOUS, cancelled_by_thread, { WSA_OPERATION_ABORTED, WSAEINTR, WAIT_BLOCKS } },
        { Q107_CANCELLED_MEANWHILE, cancelled_meanwhile, { WSA_OPERATION_ABORTED, WSAEINTR } },
    };
    *count = sizeof situations / sizeof situations[0];
    return situations;
}
