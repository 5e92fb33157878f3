/* Overlapped requests on their way through the edge: the model has events and routines of the edge's, and what becomes
 * of them reaches the client by upcalls. The request of these tests is a WSARecv on socket 7, by thread 5 of process 2,
 * unless they say otherwise. */
#include "stack/winsock/tests/edge_double.h"

#include <CUnit/CUnit.h>
#include <string.h>

#include "sim/memory/pages.h"
#include "stack/errors.h"
#include "stack/winsock/requests.h"

enum { BEFORE = 77, ROWS = 256, PENDING = WSA_IO_PENDING, LEFT_ALONE = 0x5EADE7A5 };

static INT stored;
static WSAOVERLAPPED overlapped, many[ROWS + 1]; /* of the request, and of those that fill the table */

/* --- the request -------------------------------------------------------------------------------------------------- */

/* What the model does while the call is inside it. */
static struct {
    bool stores, resets; /* the request's status; the event that it was given */
    uint64_t internal;
    bool completes, another_looks; /* runs the routine it was given; another thread's call returns */
    uint64_t routine_before;       /* the caller's */
} model;

/* The event in the record of the last call, and the routine. */
static uint64_t event_asked(void) {
    return load_u64(played.last.bytes + played.last.ranges[WSARecv_lpOverlapped].bytes_offset + OVERLAPPED_EVENT);
}
static uint64_t routine_asked(void) { return played.last.arguments[WSARecv_lpCompletionRoutine]; }

static void run_routine(uint64_t routine, uint32_t error, uint32_t bytes, uint32_t flags) {
    LPWSAOVERLAPPED_COMPLETION_ROUTINE run = (LPWSAOVERLAPPED_COMPLETION_ROUTINE)(uintptr_t)routine;
    run(error, bytes, &overlapped, flags);
}

static void receive(const struct call *call) {
    uint64_t address = call->arguments[WSARecv_lpOverlapped];
    if (address == ADDRESS(&overlapped)) CU_ASSERT_EQUAL(overlapped.Internal, LEFT_ALONE);
    if (model.stores) memcpy((void *)(uintptr_t)address, &model.internal, sizeof model.internal);
    if (model.resets) played_set_event(event_asked() & ~(uint64_t)1, false);
    if (model.completes) run_routine(routine_asked(), WSAEMSGSIZE, 3, 5);
    if (model.another_looks) requests_pass_on();
}

static void begin_requests(void) {
    played_begin();
    memset(&model, 0, sizeof model);
    played.answers[FUNCTION_WSARecv].meanwhile = receive;
}

/* The usual: it is stored that the request pends, and its event is reset. */
static void it_pends(void) {
    model.stores = true;
    model.internal = STATUS_PENDING;
    model.resets = true;
    played_says(FUNCTION_WSARecv, UINT64_MAX, PENDING);
    played.answers[FUNCTION_WSARecv].meanwhile = receive;
}

static int ask(unsigned event, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread) {
    memset(&overlapped, 0, sizeof overlapped);
    overlapped.Internal = BEFORE;
    overlapped.hEvent = EVENT(event);
    stored = UNTOUCHED;
    return edge.lpWSPRecv(CLIENTS(7), NULL, 0, NULL, NULL, &overlapped, routine, thread, &stored);
}

/* The model ends it. */
static void end_it(uint64_t status, uint64_t bytes, uint64_t own_event) {
    overlapped.Internal = (ULONG_PTR)status;
    overlapped.InternalHigh = (ULONG_PTR)bytes;
    if (own_event != 0) played_set_event(own_event, true);
}

static void look(void) {
    (void)edge.lpWSPListen(CLIENTS(8), 1, NULL);
    CU_ASSERT_EQUAL(played.self.process, 2);
    CU_ASSERT_EQUAL(played.self.thread, 5);
}

/* How many more requests find room, each with an event: the rows that are free. */
static unsigned free_rows(void) {
    unsigned count = 0;
    memset(&model, 0, sizeof model);
    it_pends();
    for (; count <= ROWS; count++) {
        many[count].hEvent = EVENT(60);
        if (edge.lpWSPRecv(CLIENTS(9), NULL, 0, NULL, NULL, &many[count], NULL, NULL, &stored) == SOCKET_ERROR &&
            stored == WSAENOBUFS)
            break;
    }
    played_skip();
    return count;
}

/* The client's routine, and what it was run with. */
static struct {
    unsigned runs;
    DWORD error, bytes, flags;
    LPWSAOVERLAPPED of;
} routine;

static void CALLBACK clients_routine(DWORD error, DWORD bytes, LPWSAOVERLAPPED of, DWORD flags) {
    CU_ASSERT_EQUAL(played.locked, 0);
    routine.runs++;
    routine.error = error;
    routine.bytes = bytes;
    routine.of = of;
    routine.flags = flags;
}

/* --- with an event ------------------------------------------------------------------------------------------------ */

static void an_event_is_the_models_until_the_request_ends(void) {
    begin_requests();
    it_pends();
    CU_ASSERT_EQUAL(ask(54, NULL, NULL), SOCKET_ERROR);
    CU_ASSERT_EQUAL(stored, PENDING);
    EXPECT_CALL(WSARecv, 7, 0, 0, 0, 0, ADDRESS(&overlapped), 0);
    CU_ASSERT_EQUAL(event_asked(), 302);
    CU_ASSERT_PTR_EQUAL(overlapped.hEvent, EVENT(54));
    CU_ASSERT_EQUAL(overlapped.Internal, STATUS_PENDING);
    EXPECT_JOURNAL("CreateEventW 0 1 1 0 = 302; WSARecv; reset 54");
    look();
    EXPECT_JOURNAL("listen");
    end_it(0, 16, 302);
    look();
    EXPECT_JOURNAL("listen; CloseHandle 302; complete 1007 0 16");
    CU_ASSERT_PTR_EQUAL(played.completed, &overlapped);
    look();
    EXPECT_JOURNAL("listen");
    CU_ASSERT_EQUAL(free_rows(), ROWS);
}

static void the_low_bit_of_an_event_is_the_models_too(void) {
    begin_requests();
    it_pends();
    CU_ASSERT_EQUAL(ask(54 * 2 + 1, NULL, NULL), SOCKET_ERROR);
    CU_ASSERT_EQUAL(event_asked(), 302 | 1);
    EXPECT_JOURNAL("CreateEventW 0 1 1 0 = 302; WSARecv; reset 108");
    CU_ASSERT_EQUAL(ask(54 * 2 + 1, NULL, NULL), SOCKET_ERROR);
    CU_ASSERT_EQUAL(event_asked(), 304 | 1);
    EXPECT_JOURNAL("CreateEventW 0 1 1 0 = 304; WSARecv; reset 108");
    CU_ASSERT_EQUAL(ask(50 * 2, NULL, NULL), SOCKET_ERROR);
    CU_ASSERT_EQUAL(ask(50 * 2, NULL, NULL), SOCKET_ERROR);
    CU_ASSERT_EQUAL(event_asked(), 308); /* none where there was none */
}

static void an_error_is_the_status_s(void) {
    begin_requests();
    it_pends();
    CU_ASSERT_EQUAL(ask(54, NULL, NULL), SOCKET_ERROR);
    end_it(STATUS_CANCELLED, 0, 302);
    played_skip();
    look();
    EXPECT_JOURNAL("listen; CloseHandle 302; complete 1007 995 0");
}

static void what_succeeds_at_once_is_a_request_as_well(void) {
    begin_requests();
    model.stores = true;
    CU_ASSERT_EQUAL(ask(54, NULL, NULL), 0);
    CU_ASSERT_EQUAL(stored, UNTOUCHED);
    EXPECT_JOURNAL("CreateEventW 0 1 1 0 = 302; WSARecv; CloseHandle 302; complete 1007 0 0");
    CU_ASSERT_EQUAL(overlapped.Internal, 0);
}

/* Whatever the model left alone is as it was before; only what it takes for a request is one. */
static void what_is_no_request_leaves_nothing(void) {
    static const struct {
        bool fails;
        uint32_t error;
        bool stores, resets, is_request;
    } rows[] = {
        { true, WSAENOTSOCK, false, false, false },      { true, WSAENOTSOCK, false, true, false },
        { true, WSAENOTSOCK, true, false, false },       { true, ERROR_UNTOUCHED, true, true, false },
        { false, ERROR_UNTOUCHED, false, false, false }, { false, ERROR_UNTOUCHED, false, true, false },
        { false, ERROR_UNTOUCHED, true, true, true },    { true, PENDING, false, true, true },
        { false, PENDING, false, true, true },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        begin_requests();
        model.stores = rows[i].stores;
        model.internal = STATUS_PENDING;
        model.resets = rows[i].resets;
        played_says(FUNCTION_WSARecv, rows[i].fails ? UINT64_MAX : 0, rows[i].error);
        played.answers[FUNCTION_WSARecv].meanwhile = receive;
        CU_ASSERT_EQUAL(ask(54, NULL, NULL), rows[i].fails ? SOCKET_ERROR : 0);
        CU_ASSERT_EQUAL(overlapped.Internal, rows[i].stores ? STATUS_PENDING : BEFORE);
        if (rows[i].is_request) EXPECT_JOURNAL("CreateEventW 0 1 1 0 = 302; WSARecv; reset 54");
        else if (rows[i].resets) EXPECT_JOURNAL("CreateEventW 0 1 1 0 = 302; WSARecv; reset 54; CloseHandle 302");
        else EXPECT_JOURNAL("CreateEventW 0 1 1 0 = 302; WSARecv; CloseHandle 302");
        CU_ASSERT_EQUAL(free_rows(), rows[i].is_request ? ROWS - 1 : ROWS);
    }
}

/* The client's stays as it is: no one looks at it. */
static void where_the_model_has_no_event_nothing_is_replaced(void) {
    begin_requests();
    it_pends();
    model.resets = false;
    played.has_no_event = true;
    CU_ASSERT_EQUAL(ask(54, NULL, NULL), SOCKET_ERROR);
    CU_ASSERT_EQUAL(event_asked(), 0);
    EXPECT_JOURNAL("CreateEventW 0 1 1 0 = 0; WSARecv");
    played.has_no_event = false;
    CU_ASSERT_EQUAL(free_rows(), ROWS);
}

static void an_event_that_is_gone_is_not_set(void) {
    begin_requests();
    it_pends();
    CU_ASSERT_EQUAL(ask(54, NULL, NULL), SOCKET_ERROR);
    played.self.process = 3; /* the event is process 2's, and so is the request */
    end_it(0, 1, 302);
    played_skip();
    (void)edge.lpWSPListen(CLIENTS(8), 1, NULL);
    EXPECT_JOURNAL("listen; CloseHandle 302; complete 1007 0 1");
    CU_ASSERT_EQUAL(played.self.process, 3);
}

static void an_overlapped_that_is_not_there_is_handed_over(void) {
    LPWSAOVERLAPPED nowhere = (LPWSAOVERLAPPED)(uintptr_t)0x100;
    begin_requests();
    played.answers[FUNCTION_WSARecv].meanwhile = NULL;
    CU_ASSERT_EQUAL(edge.lpWSPRecv(CLIENTS(7), NULL, 0, NULL, NULL, nowhere, NULL, NULL, &stored), 0);
    EXPECT_CALL(WSARecv, 7, 0, 0, 0, 0, 0x100, 0);
    EXPECT_JOURNAL("WSARecv");
    CU_ASSERT_EQUAL(edge.lpWSPGetOverlappedResult(CLIENTS(7), nowhere, NULL, FALSE, NULL, &stored), 0);
    EXPECT_CALL(WSAGetOverlappedResult, 7, 0x100, 0, 0, 0);
}

/* Where it ends before its event does, or in it, it is handed over as it is, and so is the routine. */
static void an_overlapped_is_there_with_all_its_bytes(void) {
    char *pages = pages_create(PAGE_BYTES, PAGE_BYTES);
    begin_requests();
    for (unsigned missing = 0; missing <= 16; missing += 8) {
        LPWSAOVERLAPPED cut = (LPWSAOVERLAPPED)(void *)(pages + PAGE_BYTES - OVERLAPPED_SIZE + missing);
        played.answers[FUNCTION_WSARecv].meanwhile = NULL;
        CU_ASSERT_EQUAL(edge.lpWSPRecv(CLIENTS(7), NULL, 0, NULL, NULL, cut, clients_routine, NULL, &stored), 0);
        CU_ASSERT_EQUAL(routine_asked() == ADDRESS((void *)(uintptr_t)clients_routine), missing > 0);
        CU_ASSERT_EQUAL(cut->Internal, 0);
        EXPECT_JOURNAL(missing > 0 ? "WSARecv" : "thread = 801; WSARecv");
    }
    pages_free(pages, (size_t)2 * PAGE_BYTES);
}

/* --- who waits ---------------------------------------------------------------------------------------------------- */

static uint64_t event_waited_for(LPWSAOVERLAPPED of) {
    played_says(FUNCTION_WSAGetOverlappedResult, 1, (uint32_t)ERROR_UNTOUCHED);
    CU_ASSERT_EQUAL(edge.lpWSPGetOverlappedResult(CLIENTS(7), of, NULL, TRUE, NULL, &stored), 1);
    CU_ASSERT_EQUAL(played.last.function, FUNCTION_WSAGetOverlappedResult);
    const struct range *range = &played.last.ranges[WSAGetOverlappedResult_ov];
    return load_u64(played.last.bytes + range->bytes_offset + OVERLAPPED_EVENT);
}

static void who_waits_for_a_request_waits_for_the_models_event(void) {
    WSAOVERLAPPED other = { .hEvent = EVENT(53) };
    begin_requests();
    it_pends();
    CU_ASSERT_EQUAL(event_waited_for(&overlapped), 0);
    CU_ASSERT_EQUAL(ask(50, NULL, NULL), SOCKET_ERROR);
    CU_ASSERT_EQUAL(ask(54, NULL, NULL), SOCKET_ERROR); /* the OVERLAPPED once more: the first request counts */
    CU_ASSERT_EQUAL(event_waited_for(&overlapped), 302);
    CU_ASSERT_EQUAL(event_waited_for(&other), 0);
    end_it(0, 0, 302);
    look();
    CU_ASSERT_EQUAL(event_waited_for(&overlapped), 304);
    end_it(0, 0, 304);
    look();
    CU_ASSERT_EQUAL(event_waited_for(&overlapped), 0);
}

static void wait_inside(const struct call *call) {
    (void)call;
    CU_ASSERT_EQUAL(event_waited_for(&overlapped), 302);
    CU_ASSERT_EQUAL(overlapped.Internal, LEFT_ALONE);
}

static void who_waits_while_the_call_has_not_returned(void) {
    begin_requests();
    played_says(FUNCTION_WSARecv, UINT64_MAX, PENDING);
    played.answers[FUNCTION_WSARecv].meanwhile = wait_inside;
    CU_ASSERT_EQUAL(ask(54, NULL, NULL), SOCKET_ERROR);
    EXPECT_JOURNAL("CreateEventW 0 1 1 0 = 302; WSARecv; WSAGetOverlappedResult; CloseHandle 302; complete 1007 0 0");
}

/* --- packets ------------------------------------------------------------------------------------------------------ */

static void a_packet(uint64_t port, uint64_t of) {
    played.packets[played.packets_count++] =
        (struct played_packet){ .port = port, .key = CLIENTS(7), .overlapped = of };
}

static void associate(SOCKET s) { requests_associate(s); }

static void a_socket_with_a_port_has_one_of_the_models(void) {
    begin_requests();
    associate(CLIENTS(7));
    EXPECT_JOURNAL("CreateIoCompletionPort -1 0 0 0 = 201; CreateIoCompletionPort 7 201 1007 0 = 201");
    associate(CLIENTS(9));
    EXPECT_JOURNAL("CreateIoCompletionPort 9 201 1009 0 = 201");
    played.self.process = 63;
    associate(CLIENTS(7));
    EXPECT_JOURNAL("CreateIoCompletionPort -1 0 0 0 = 202; CreateIoCompletionPort 7 202 1007 0 = 202");
    played.self.process = 64; /* more are not known */
    associate(CLIENTS(7));
    EXPECT_JOURNAL("");
    played.self.process = 0;
    associate(CLIENTS(7));
    EXPECT_JOURNAL("CreateIoCompletionPort -1 0 0 0 = 203; CreateIoCompletionPort 7 203 1007 0 = 203");
    played.self.process = 2;
    look();
    EXPECT_JOURNAL("listen; GetQueuedCompletionStatus 203; GetQueuedCompletionStatus 201; "
                   "GetQueuedCompletionStatus 202");
    played.has_no_port = true;
    played.self.process = 5;
    associate(CLIENTS(7));
    played_skip();
    (void)edge.lpWSPListen(CLIENTS(8), 1, NULL);
    EXPECT_JOURNAL("listen; GetQueuedCompletionStatus 203; GetQueuedCompletionStatus 201; "
                   "GetQueuedCompletionStatus 202");
}

static void a_packet_ends_a_request_without_an_event(void) {
    begin_requests();
    associate(CLIENTS(7));
    played_skip();
    it_pends();
    model.resets = false;
    CU_ASSERT_EQUAL(ask(0, NULL, NULL), SOCKET_ERROR);
    CU_ASSERT_EQUAL(event_asked(), 0);
    EXPECT_JOURNAL("WSARecv; GetQueuedCompletionStatus 201");
    end_it(STATUS_BUFFER_OVERFLOW, 16, 0);
    a_packet(201, ADDRESS(&overlapped));
    look();
    EXPECT_JOURNAL("listen; GetQueuedCompletionStatus 201; complete 1007 10040 16; GetQueuedCompletionStatus 201");
    CU_ASSERT_PTR_EQUAL(played.completed, &overlapped);
    CU_ASSERT_EQUAL(free_rows(), ROWS); /* it had none */
}

static void a_packet_besides_an_event_says_nothing_new(void) {
    begin_requests();
    associate(CLIENTS(7));
    it_pends();
    CU_ASSERT_EQUAL(ask(54, NULL, NULL), SOCKET_ERROR);
    a_packet(201, ADDRESS(&overlapped));
    played_skip();
    look();
    EXPECT_JOURNAL("listen; GetQueuedCompletionStatus 201; GetQueuedCompletionStatus 201");
    end_it(0, 4, 302);
    look();
    EXPECT_JOURNAL("listen; GetQueuedCompletionStatus 201; CloseHandle 302; complete 1007 0 4");
}

static void a_packet_is_passed_on_when_its_call_has_returned(void) {
    begin_requests();
    associate(CLIENTS(7));
    played_skip();
    model.stores = true;
    model.another_looks = true;
    a_packet(201, ADDRESS(&overlapped));
    CU_ASSERT_EQUAL(ask(0, NULL, NULL), 0);
    EXPECT_JOURNAL("WSARecv; GetQueuedCompletionStatus 201; GetQueuedCompletionStatus 201; complete 1007 0 0; "
                   "GetQueuedCompletionStatus 201");
}

static void an_event_is_looked_at_when_its_call_has_returned(void) {
    begin_requests();
    model.stores = true;
    model.another_looks = true; /* and finds it set, as it is from the start */
    CU_ASSERT_EQUAL(ask(54, NULL, NULL), 0);
    EXPECT_JOURNAL("CreateEventW 0 1 1 0 = 302; WSARecv; CloseHandle 302; complete 1007 0 0");
}

/* --- with a routine ----------------------------------------------------------------------------------------------- */

static void begin_routine(void) {
    begin_requests();
    it_pends();
    model.resets = false;
    memset(&routine, 0, sizeof routine);
}

/* In the machine, as machine.h runs it. */
static void routine_is_due(uint32_t error, uint32_t bytes, uint32_t flags) {
    played.due[played.due_count++] = (struct played_routine){ .routine = routine_asked(),
                                                              .overlapped = ADDRESS(&overlapped),
                                                              .error = error,
                                                              .bytes = bytes,
                                                              .flags = flags,
                                                              .who = { .process = 2, .thread = 5 } };
}

static void run_apc(unsigned i) { played.apcs[i].function(played.apcs[i].context); }

static void a_routine_runs_on_the_thread_that_was_named(void) {
    WSATHREADID thread = { .ThreadHandle = EVENT(66), .Reserved = 9 };
    begin_routine();
    CU_ASSERT_EQUAL(ask(54, clients_routine, &thread), SOCKET_ERROR);
    CU_ASSERT_EQUAL(stored, PENDING);
    CU_ASSERT_NOT_EQUAL(routine_asked(), ADDRESS((void *)(uintptr_t)clients_routine));
    CU_ASSERT_EQUAL(played.last.ranges[WSARecv_lpCompletionRoutine].address, routine_asked());
    CU_ASSERT_EQUAL(event_asked(), 54); /* which no one signals */
    memset(&thread, 0xA5, sizeof thread);
    EXPECT_JOURNAL("WSARecv; routines 2.5");
    routine_is_due(WSAEMSGSIZE, 3, 5);
    look();
    EXPECT_JOURNAL("listen; routines 2.5; apc 66");
    CU_ASSERT_EQUAL(played.apcs[0].thread.Reserved, 9);
    CU_ASSERT_EQUAL(routine.runs, 0);
    look();
    EXPECT_JOURNAL("listen");
    CU_ASSERT_EQUAL(event_waited_for(&overlapped), 0);
    run_apc(0);
    CU_ASSERT_EQUAL(routine.runs, 1);
    CU_ASSERT_EQUAL(routine.error, WSAEMSGSIZE);
    CU_ASSERT_EQUAL(routine.bytes, 3);
    CU_ASSERT_PTR_EQUAL(routine.of, &overlapped);
    CU_ASSERT_EQUAL(routine.flags, 5);
    CU_ASSERT_EQUAL(played.locked, 0);
    CU_ASSERT_EQUAL(free_rows(), ROWS);
}

static void a_thread_that_was_not_named_is_opened_and_closed(void) {
    begin_routine();
    CU_ASSERT_EQUAL(ask(0, clients_routine, NULL), SOCKET_ERROR);
    EXPECT_JOURNAL("thread = 801; WSARecv; routines 2.5");
    routine_is_due(0, 3, 0);
    look();
    EXPECT_JOURNAL("listen; routines 2.5; apc 801");
    run_apc(0);
    CU_ASSERT_EQUAL(ask(0, clients_routine, NULL), SOCKET_ERROR); /* in the same row */
    EXPECT_JOURNAL("thread 801 closed; thread = 802; WSARecv; routines 2.5");
    routine_is_due(0, 3, 0);
    look();
    run_apc(1);
    played_skip();
    model.resets = true;
    CU_ASSERT_EQUAL(ask(54, NULL, NULL), SOCKET_ERROR);
    EXPECT_JOURNAL("thread 802 closed; CreateEventW 0 1 1 0 = 302; WSARecv; reset 54");
    end_it(0, 0, 302);
    look();
    played_skip();
    CU_ASSERT_EQUAL(ask(54, NULL, NULL), SOCKET_ERROR);
    EXPECT_JOURNAL("CreateEventW 0 1 1 0 = 302; WSARecv; reset 54"); /* none is closed twice */
}

static void a_named_thread_is_not_ours_to_close(void) {
    WSATHREADID thread = { .ThreadHandle = EVENT(66), .Reserved = 9 };
    begin_routine();
    CU_ASSERT_EQUAL(ask(0, clients_routine, &thread), SOCKET_ERROR);
    routine_is_due(0, 3, 0);
    look();
    run_apc(0);
    played_skip();
    CU_ASSERT_EQUAL(ask(0, clients_routine, &thread), SOCKET_ERROR);
    EXPECT_JOURNAL("WSARecv; routines 2.5");
}

static void a_routine_without_a_thread_does_not_run(void) {
    begin_routine();
    played.error_of_thread = WSAENOBUFS;
    CU_ASSERT_EQUAL(ask(0, clients_routine, NULL), SOCKET_ERROR);
    CU_ASSERT_EQUAL(stored, PENDING);
    EXPECT_JOURNAL("no thread; WSARecv; routines 2.5");
    routine_is_due(0, 3, 0);
    look();
    EXPECT_JOURNAL("listen; routines 2.5");
    CU_ASSERT_EQUAL(free_rows(), ROWS);
}

static void a_thread_that_is_gone_runs_nothing(void) {
    WSATHREADID thread = { .ThreadHandle = EVENT(66), .Reserved = 9 };
    begin_routine();
    CU_ASSERT_EQUAL(ask(0, clients_routine, &thread), SOCKET_ERROR);
    routine_is_due(0, 3, 0);
    played.error_of_queue = WSAEINVAL;
    played_skip();
    look();
    EXPECT_JOURNAL("listen; routines 2.5; apc 66 refused");
    look();
    EXPECT_JOURNAL("listen");
    CU_ASSERT_EQUAL(free_rows(), ROWS);
}

static void a_routine_that_runs_early_is_queued_when_its_call_has_returned(void) {
    WSATHREADID thread = { .ThreadHandle = EVENT(66), .Reserved = 9 };
    begin_routine();
    model.completes = true;
    CU_ASSERT_EQUAL(ask(0, clients_routine, &thread), SOCKET_ERROR);
    EXPECT_JOURNAL("WSARecv; apc 66");
    run_apc(0);
    CU_ASSERT_EQUAL(routine.runs, 1);
    CU_ASSERT_EQUAL(routine.error, WSAEMSGSIZE);
    played_says(FUNCTION_WSARecv, UINT64_MAX, WSAENOTSOCK); /* a machine that lies: it was no request */
    played.answers[FUNCTION_WSARecv].meanwhile = receive;
    CU_ASSERT_EQUAL(ask(0, clients_routine, &thread), SOCKET_ERROR);
    EXPECT_JOURNAL("WSARecv");
    CU_ASSERT_EQUAL(free_rows(), ROWS);
}

static void a_routine_may_come_from_outside_of_any_call(void) {
    WSATHREADID thread = { .ThreadHandle = EVENT(66), .Reserved = 9 };
    begin_routine();
    CU_ASSERT_EQUAL(ask(0, clients_routine, &thread), SOCKET_ERROR);
    played_skip();
    run_routine(routine_asked(), 0, 3, 5);
    EXPECT_JOURNAL("apc 66");
    run_apc(0);
    CU_ASSERT_EQUAL(routine.flags, 5);
}

static void what_cannot_be_called_is_no_routine(void) {
    begin_routine();
    model.resets = true;
    CU_ASSERT_EQUAL(ask(54, (LPWSAOVERLAPPED_COMPLETION_ROUTINE)(uintptr_t)0x100, NULL), SOCKET_ERROR);
    EXPECT_JOURNAL("CreateEventW 0 1 1 0 = 302; WSARecv; reset 54");
    CU_ASSERT_EQUAL(routine_asked(), 0x100);
}

static void a_routine_of_a_call_that_succeeds_runs_as_well(void) {
    WSATHREADID thread = { .ThreadHandle = EVENT(66), .Reserved = 9 };
    begin_routine();
    played.answers[FUNCTION_WSARecv].value = 0;
    played.answers[FUNCTION_WSARecv].error = ERROR_UNTOUCHED;
    CU_ASSERT_EQUAL(ask(0, clients_routine, &thread), 0);
    EXPECT_JOURNAL("WSARecv; routines 2.5");
}

/* --- room, and an end --------------------------------------------------------------------------------------------- */

static void there_is_room_for_256_requests(void) {
    begin_requests();
    CU_ASSERT_EQUAL(free_rows(), ROWS);
    played_skip();
    CU_ASSERT_EQUAL(ask(54, NULL, NULL), SOCKET_ERROR);
    CU_ASSERT_EQUAL(stored, WSAENOBUFS);
    CU_ASSERT_EQUAL(overlapped.Internal, BEFORE);
    CU_ASSERT_EQUAL(ask(0, clients_routine, NULL), SOCKET_ERROR);
    CU_ASSERT_EQUAL(stored, WSAENOBUFS);
    EXPECT_JOURNAL("");
    CU_ASSERT_EQUAL(edge.lpWSPRecv(CLIENTS(7), NULL, 0, NULL, NULL, &overlapped, clients_routine, NULL, NULL),
                    SOCKET_ERROR);
    stored = UNTOUCHED;
    overlapped.hEvent = EVENT(54);
    CU_ASSERT_EQUAL(edge.lpWSPIoctl(CLIENTS(7), 1, NULL, 0, NULL, 0, NULL, &overlapped, NULL, NULL, &stored),
                    SOCKET_ERROR);
    CU_ASSERT_EQUAL(stored, WSAENOBUFS);
    EXPECT_JOURNAL("");
    played.answers[FUNCTION_WSARecv].meanwhile = NULL;
    CU_ASSERT_EQUAL(ask(0, NULL, NULL), SOCKET_ERROR); /* what needs no row */
    CU_ASSERT_EQUAL(stored, PENDING);
    EXPECT_JOURNAL("WSARecv");
    many[0].Internal = many[ROWS - 1].Internal = 0;
    played_set_event(PLAYED_EVENTS + 2 * ROWS, true); /* the last one ends */
    look();
    EXPECT_JOURNAL("listen; CloseHandle 812; complete 1009 0 0");
    played_set_event(PLAYED_EVENTS + 2, true); /* and the first one */
    look();
    EXPECT_JOURNAL("listen; CloseHandle 302; complete 1009 0 0");
    CU_ASSERT_EQUAL(free_rows(), 2);
}

/* Four requests: of process 2 one with an event, one with a routine of thread 5, one whose routine is queued; and of
 * process 3 one with a routine of its thread 6. */
static void four_requests(void) {
    static WSAOVERLAPPED others[2];
    WSATHREADID thread = { .ThreadHandle = EVENT(66), .Reserved = 9 };
    begin_routine();
    CU_ASSERT_EQUAL(ask(0, clients_routine, &thread), SOCKET_ERROR);
    routine_is_due(0, 3, 0);
    look();
    CU_ASSERT_EQUAL(edge.lpWSPRecv(CLIENTS(7), NULL, 0, NULL, NULL, &others[0], clients_routine, &thread, &stored),
                    SOCKET_ERROR);
    played.self = (struct machine_thread){ .process = 3, .thread = 6 };
    CU_ASSERT_EQUAL(edge.lpWSPRecv(CLIENTS(7), NULL, 0, NULL, NULL, &others[1], clients_routine, &thread, &stored),
                    SOCKET_ERROR);
    associate(CLIENTS(7));
    played.self = (struct machine_thread){ .process = 2, .thread = 5 };
    model.resets = true;
    CU_ASSERT_EQUAL(ask(54, NULL, NULL), SOCKET_ERROR);
    associate(CLIENTS(7));
    end_it(0, 0, 0);
    played_skip();
    look();
    EXPECT_JOURNAL("listen; GetQueuedCompletionStatus 202; GetQueuedCompletionStatus 201; routines 2.5; routines 3.6");
}

static void forget(uint32_t process, bool all, uint32_t thread) {
    requests_pause();
    CU_ASSERT_EQUAL(played.locked, 1);
    if (all) requests_forget_all();
    else if (process != 0) requests_forget(process);
    else requests_forget_thread(thread);
    requests_resume();
    CU_ASSERT_EQUAL(played.locked, 0);
    played_skip();
    look();
}

static void a_process_that_is_gone_is_forgotten(void) {
    four_requests();
    played_set_event(302, true);
    forget(2, false, 0);
    EXPECT_JOURNAL("listen; GetQueuedCompletionStatus 201; routines 3.6");
    run_apc(0); /* what was queued is the client's */
    CU_ASSERT_EQUAL(routine.runs, 1);
    four_requests();
    forget(3, false, 0);
    EXPECT_JOURNAL("listen; GetQueuedCompletionStatus 202; routines 2.5");
    CU_ASSERT_EQUAL(free_rows(), ROWS - 3);
    four_requests();
    forget(2, false, 0);
    CU_ASSERT_EQUAL(free_rows(), ROWS - 2);
}

static void processes_beyond_those_with_ports_are_forgotten(void) {
    begin_requests();
    it_pends();
    CU_ASSERT_EQUAL(ask(54, NULL, NULL), SOCKET_ERROR); /* another process's, in the first row */
    for (uint32_t process = 63; process <= 64; process++) {
        played.self.process = process;
        CU_ASSERT_EQUAL(ask(54, NULL, NULL), SOCKET_ERROR);
        requests_pause();
        requests_forget(process);
        requests_resume();
    }
    played.self.process = 2;
    CU_ASSERT_EQUAL(free_rows(), ROWS - 1);
}

static void a_port_of_process_63_is_forgotten(void) {
    begin_requests();
    played.self.process = 63;
    associate(CLIENTS(7));
    played.self.process = 2;
    forget(63, false, 0);
    EXPECT_JOURNAL("listen");
}

static void a_process_that_cleans_up_is_forgotten(void) {
    four_requests();
    CU_ASSERT_EQUAL(edge.lpWSPCleanup(&stored), 0);
    EXPECT_JOURNAL("WSACleanup; GetQueuedCompletionStatus 202; GetQueuedCompletionStatus 201; routines 2.5; "
                   "routines 3.6; CloseHandle 302; CloseHandle 202");
    look();
    EXPECT_JOURNAL("listen; GetQueuedCompletionStatus 201; routines 3.6");
    four_requests();
    played_says(FUNCTION_WSACleanup, UINT64_MAX, WSANOTINITIALISED);
    CU_ASSERT_EQUAL(edge.lpWSPCleanup(&stored), SOCKET_ERROR);
    played_skip();
    look();
    EXPECT_JOURNAL("listen; GetQueuedCompletionStatus 202; GetQueuedCompletionStatus 201; routines 2.5; routines 3.6");
}

static void a_thread_that_is_gone_takes_its_routines_along(void) {
    four_requests();
    forget(0, false, 5);
    EXPECT_JOURNAL("listen; GetQueuedCompletionStatus 202; GetQueuedCompletionStatus 201; routines 3.6");
    run_apc(0);
    CU_ASSERT_EQUAL(routine.runs, 1);
    played_set_event(302, true);
    look();
    EXPECT_JOURNAL("listen; GetQueuedCompletionStatus 202; GetQueuedCompletionStatus 201; routines 3.6; "
                   "CloseHandle 302; complete 1007 0 0");
    CU_ASSERT_EQUAL(free_rows(), ROWS - 1);
}

static void a_routine_in_the_first_row_goes_as_well(void) {
    WSATHREADID thread = { .ThreadHandle = EVENT(66), .Reserved = 9 };
    begin_routine();
    CU_ASSERT_EQUAL(ask(0, clients_routine, &thread), SOCKET_ERROR);
    forget(0, false, 6);
    EXPECT_JOURNAL("listen; routines 2.5");
    forget(0, false, 5);
    EXPECT_JOURNAL("listen");
}

static void all_are_forgotten(void) {
    four_requests();
    forget(0, true, 0);
    EXPECT_JOURNAL("listen");
    CU_ASSERT_EQUAL(free_rows(), ROWS);
}

/* --- a client that has no WPUCompleteOverlappedRequest ------------------------------------------------------------ */

static void without_an_upcall_for_it_the_event_is_set(void) {
    begin_requests();
    played_begin_silent();
    played.answers[FUNCTION_WSARecv].meanwhile = receive;
    it_pends();
    CU_ASSERT_EQUAL(ask(54, NULL, NULL), SOCKET_ERROR);
    EXPECT_JOURNAL("CreateEventW 0 1 1 0 = 302; WSARecv; reset 54");
    end_it(0, 16, 302);
    look();
    EXPECT_JOURNAL("listen; CloseHandle 302; set 54");
    look();
    EXPECT_JOURNAL("listen");
}

void register_edge_requests_tests(void);

void register_edge_requests_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/winsock requests", NULL, NULL);
    CU_add_test(suite, "an event is the model's until the request ends", an_event_is_the_models_until_the_request_ends);
    CU_add_test(suite, "the low bit of an event is the model's too", the_low_bit_of_an_event_is_the_models_too);
    CU_add_test(suite, "an error is the status's", an_error_is_the_status_s);
    CU_add_test(suite, "what succeeds at once is a request as well", what_succeeds_at_once_is_a_request_as_well);
    CU_add_test(suite, "what is no request leaves nothing", what_is_no_request_leaves_nothing);
    CU_add_test(suite, "where the model has no event nothing is replaced",
                where_the_model_has_no_event_nothing_is_replaced);
    CU_add_test(suite, "a request is looked at in the name of its process", an_event_that_is_gone_is_not_set);
    CU_add_test(suite, "an OVERLAPPED that is not there is handed over",
                an_overlapped_that_is_not_there_is_handed_over);
    CU_add_test(suite, "an OVERLAPPED is there with all its bytes", an_overlapped_is_there_with_all_its_bytes);
    CU_add_test(suite, "who waits for a request waits for the model's event",
                who_waits_for_a_request_waits_for_the_models_event);
    CU_add_test(suite, "who waits while the call has not returned", who_waits_while_the_call_has_not_returned);
    CU_add_test(suite, "a socket with a port has one of the model's", a_socket_with_a_port_has_one_of_the_models);
    CU_add_test(suite, "a packet ends a request without an event", a_packet_ends_a_request_without_an_event);
    CU_add_test(suite, "a packet besides an event says nothing new", a_packet_besides_an_event_says_nothing_new);
    CU_add_test(suite, "a packet is passed on when its call has returned",
                a_packet_is_passed_on_when_its_call_has_returned);
    CU_add_test(suite, "an event is looked at when its call has returned",
                an_event_is_looked_at_when_its_call_has_returned);
    CU_add_test(suite, "a routine runs on the thread that was named", a_routine_runs_on_the_thread_that_was_named);
    CU_add_test(suite, "a thread that was not named is opened and closed",
                a_thread_that_was_not_named_is_opened_and_closed);
    CU_add_test(suite, "a named thread is not ours to close", a_named_thread_is_not_ours_to_close);
    CU_add_test(suite, "a routine without a thread does not run", a_routine_without_a_thread_does_not_run);
    CU_add_test(suite, "a thread that is gone runs nothing", a_thread_that_is_gone_runs_nothing);
    CU_add_test(suite, "a routine that runs early is queued when its call has returned",
                a_routine_that_runs_early_is_queued_when_its_call_has_returned);
    CU_add_test(suite, "a routine may come from outside of any call", a_routine_may_come_from_outside_of_any_call);
    CU_add_test(suite, "what cannot be called is no routine", what_cannot_be_called_is_no_routine);
    CU_add_test(suite, "a routine of a call that succeeds runs as well",
                a_routine_of_a_call_that_succeeds_runs_as_well);
    CU_add_test(suite, "there is room for 256 requests", there_is_room_for_256_requests);
    CU_add_test(suite, "a process that is gone is forgotten", a_process_that_is_gone_is_forgotten);
    CU_add_test(suite, "processes beyond those with ports are forgotten",
                processes_beyond_those_with_ports_are_forgotten);
    CU_add_test(suite, "a port of process 63 is forgotten", a_port_of_process_63_is_forgotten);
    CU_add_test(suite, "a process that cleans up is forgotten", a_process_that_cleans_up_is_forgotten);
    CU_add_test(suite, "a thread that is gone takes its routines along",
                a_thread_that_is_gone_takes_its_routines_along);
    CU_add_test(suite, "a routine in the first row goes as well", a_routine_in_the_first_row_goes_as_well);
    CU_add_test(suite, "all are forgotten", all_are_forgotten);
    CU_add_test(suite, "without an upcall for it the event is set", without_an_upcall_for_it_the_event_is_set);
}
