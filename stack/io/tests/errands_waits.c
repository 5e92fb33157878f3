#include <assert.h>
#include <string.h>

#include "stack/errors.h"
#include "stack/io/tests/errands_machine.h"
#include "stack/model/model.h"
#include "stack/readings.h"
#include "stack/sdk/socket_values.h"
#include "stack/sdk/wait_values.h"

/* Mostly not at all; for ever; or for some milliseconds. */
static uint32_t draw_milliseconds(struct errands *e) {
    unsigned drawn = errands_draw(e, 6);
    return drawn < 3 ? 0 : drawn < 5 ? INFINITE : 1 + errands_draw(e, 6);
}

/* The thread has parked. */
static void begin_wait(struct errands *e, unsigned thread, enum doing doing, unsigned object, uint32_t milliseconds) {
    errands_note_if(e, milliseconds == 0, "a call waits that is to look only");
    e->threads[thread].doing = doing;
    e->threads[thread].object = object;
    e->threads[thread].deadline_ns = UINT64_MAX;
    if (milliseconds != INFINITE) e->threads[thread].deadline_ns = e->world->now_ns + milliseconds * UINT64_C(1000000);
    if (doing == WAITS_AT_PORT) owed_wait_at(&e->owed, object, thread);
}

/* --- packets --- */

bool errands_take(struct errands *e, unsigned thread, unsigned port, uint32_t milliseconds) {
    const uint64_t page = PAGES_AT + (uint64_t)thread * PAGE;
    struct call call = errands_call_of(thread, FUNCTION_GetQueuedCompletionStatus);
    call.arguments[GetQueuedCompletionStatus_CompletionPort] = errands_handle_of(e, &e->ports[port], thread);
    call.arguments[GetQueuedCompletionStatus_dwMilliseconds] = milliseconds;
    errands_point(&call, GetQueuedCompletionStatus_lpNumberOfBytesTransferred, page + COUNT_IN_PAGE, 4);
    errands_point(&call, GetQueuedCompletionStatus_lpCompletionKey, page + KEY_IN_PAGE, 8);
    errands_point(&call, GetQueuedCompletionStatus_lpOverlapped, page + OVERLAPPED_IN_PAGE, 8);
    e->threads[thread].room = 0;
    e->threads[thread].alertable = false;
    uint64_t before = e->tally->packets;
    errands_make(e, &call, OWED_REQUESTS);
    if (e->result.status == RESULT_BLOCKED) {
        errands_note_if(e, errands_packet_is_there(e, port, thread, false), "a thread waits though a packet is there");
        begin_wait(e, thread, WAITS_AT_PORT, port, milliseconds);
        return false;
    }
    errands_note_if(e, milliseconds != 0 && e->result.error == WAIT_TIMEOUT, "a wait is over too early");
    errands_see_packet(e, port, thread, false, e->result.value, e->result.error);
    return e->tally->packets > before;
}

void errands_take_packet(struct errands *e, unsigned thread) {
    unsigned port = errands_pick_port(e, errands_process_of(thread));
    if (port != OWED_NONE) errands_take(e, thread, port, draw_milliseconds(e));
}

enum { ROOM_MAX = 4 }; /* entries of one GetQueuedCompletionStatusEx */

/* Takes several, alertably or not. */
void errands_take_several(struct errands *e, unsigned thread) {
    const uint64_t page = PAGES_AT + (uint64_t)thread * PAGE;
    unsigned port = errands_pick_port(e, errands_process_of(thread)), room = 1 + errands_draw(e, ROOM_MAX);
    uint32_t milliseconds = draw_milliseconds(e);
    if (port == OWED_NONE) return;
    e->threads[thread].room = room;
    e->threads[thread].alertable = errands_draw(e, 2) == 0;
    struct call call = errands_call_of(thread, FUNCTION_GetQueuedCompletionStatusEx);
    call.arguments[GetQueuedCompletionStatusEx_CompletionPort] = errands_handle_of(e, &e->ports[port], thread);
    call.arguments[GetQueuedCompletionStatusEx_ulCount] = room;
    call.arguments[GetQueuedCompletionStatusEx_dwMilliseconds] = milliseconds;
    call.arguments[GetQueuedCompletionStatusEx_fAlertable] = e->threads[thread].alertable;
    errands_point(&call, GetQueuedCompletionStatusEx_lpCompletionPortEntries, page + ENTRIES_IN_PAGE,
                  room * OVERLAPPED_ENTRY_SIZE);
    errands_point(&call, GetQueuedCompletionStatusEx_ulNumEntriesRemoved, page + COUNT_IN_PAGE, 4);
    errands_make(e, &call, OWED_REQUESTS);
    bool comes = errands_packet_is_there(e, port, thread, false) || errands_routine_is_there(e, thread);
    if (e->result.status == RESULT_BLOCKED) {
        errands_note_if(e, comes, "a thread waits though a packet or a routine is there");
        begin_wait(e, thread, WAITS_AT_PORT, port, milliseconds);
        return;
    }
    errands_note_if(e, milliseconds != 0 && e->result.error == WAIT_TIMEOUT && e->result.value == FALSE,
                    "a wait is over too early");
    errands_see_packets(e, port, thread, false, e->result.value, e->result.error);
}

/* --- time and routines --- */

void errands_sleep(struct errands *e, unsigned thread, uint32_t milliseconds, bool alertable) {
    e->threads[thread].alertable = alertable;
    errands_plain(e, thread, FUNCTION_SleepEx, milliseconds, alertable, 0);
    if (e->result.status == RESULT_BLOCKED) {
        errands_note_if(e, errands_routine_is_there(e, thread), "a thread waits though a routine is there");
        begin_wait(e, thread, WAITS_FOR_ROUTINES, 0, milliseconds);
        return;
    }
    bool ran = e->result.routines_count > 0;
    errands_note_if(e, ran != (e->result.value == WAIT_IO_COMPLETION) || (ran && !alertable),
                    "a wait says that routines ran which did not, or the reverse");
    errands_note_if(e, !ran && (milliseconds != 0 || errands_routine_is_there(e, thread)), "a wait is over too early");
    if (ran) errands_see_routines(e, thread);
}

void errands_sleep_a_while(struct errands *e, unsigned thread) {
    uint32_t milliseconds = draw_milliseconds(e);
    errands_sleep(e, thread, milliseconds, milliseconds == INFINITE || errands_draw(e, 4) > 0);
}

/* --- events --- */

static struct call wait_for_one(struct errands *e, unsigned thread, uint32_t milliseconds) {
    struct call call = errands_call_of(thread, FUNCTION_WaitForSingleObjectEx);
    call.arguments[WaitForSingleObjectEx_hHandle] = e->events[e->threads[thread].waited[0]];
    call.arguments[WaitForSingleObjectEx_dwMilliseconds] = milliseconds;
    call.arguments[WaitForSingleObjectEx_bAlertable] = e->threads[thread].alertable;
    return call;
}

static struct call wait_for_several(struct errands *e, unsigned thread, uint32_t milliseconds) {
    bool by_winsock = errands_draw(e, 2) == 0;
    uint8_t handles[EVENTS_OF_ONE * POINTER_SIZE];
    unsigned count = e->threads[thread].count;
    for (unsigned i = 0; i < count; i++) store_u64(handles + i * POINTER_SIZE, e->events[e->threads[thread].waited[i]]);
    struct call call =
        errands_call_of(thread, by_winsock ? FUNCTION_WSAWaitForMultipleEvents : FUNCTION_WaitForMultipleObjectsEx);
    call.arguments[WaitForMultipleObjectsEx_nCount] = count;
    call.arguments[WaitForMultipleObjectsEx_bWaitAll] = e->threads[thread].all;
    call.arguments[WaitForMultipleObjectsEx_dwMilliseconds] = milliseconds;
    call.arguments[WaitForMultipleObjectsEx_bAlertable] = e->threads[thread].alertable;
    errands_point_in(&call, WaitForMultipleObjectsEx_lpHandles, EVENTS_AT, handles, count * POINTER_SIZE);
    return call;
}

/* For one of the two events of the process, or for both, in either order. */
void errands_wait_for_events(struct errands *e, unsigned thread) {
    struct errands_thread *row = &e->threads[thread];
    uint32_t milliseconds = draw_milliseconds(e);
    row->count = 1 + (errands_draw(e, 3) > 0);
    row->all = errands_draw(e, 2) == 0;
    for (unsigned i = 0, other_first = errands_draw(e, 2); i < EVENTS_OF_ONE; i++)
        row->waited[i] = (uint8_t)(errands_process_of(thread) * EVENTS_OF_ONE + (i ^ other_first));
    row->alertable = errands_draw(e, 2) == 0;
    bool single = row->count == 1 && errands_draw(e, 2) == 0;
    struct call call = single ? wait_for_one(e, thread, milliseconds) : wait_for_several(e, thread, milliseconds);
    uint64_t value = errands_make(e, &call, OWED_REQUESTS);
    bool comes = errands_events_there(e, thread) != OWED_NONE || errands_routine_is_there(e, thread);
    if (e->result.status == RESULT_BLOCKED) {
        errands_note_if(e, comes, "a thread waits though its events are set, or a routine is there");
        begin_wait(e, thread, WAITS_FOR_EVENTS, 0, milliseconds);
    } else if (value == WAIT_TIMEOUT) {
        errands_note_if(e, milliseconds != 0 || comes, "a wait is over too early");
    } else {
        errands_see_wait(e, thread, value);
    }
}

void errands_set_event(struct errands *e, unsigned thread, unsigned event) {
    e->owed.set_events[event] = true;
    errands_note_if(e, errands_plain(e, thread, FUNCTION_SetEvent, e->events[event], 0, 0) == FALSE,
                    "SetEvent has failed");
}

static unsigned pick_event(struct errands *e, unsigned thread) {
    return errands_process_of(thread) * EVENTS_OF_ONE + errands_draw(e, EVENTS_OF_ONE);
}

void errands_set_some_event(struct errands *e, unsigned thread) { errands_set_event(e, thread, pick_event(e, thread)); }

void errands_reset_some_event(struct errands *e, unsigned thread) {
    unsigned event = pick_event(e, thread);
    e->owed.set_events[event] = false;
    errands_note_if(e, errands_plain(e, thread, FUNCTION_ResetEvent, e->events[event], 0, 0) == FALSE,
                    "ResetEvent has failed");
}

/* A number for an event that has lost its handle: one that nothing waits for and nothing is pending with. OWED_NONE:
 * there is none. */
static unsigned free_number(const struct errands *e) {
    for (unsigned event = OWED_EVENTS; event < OWED_EVENTS_ALL; event++) {
        bool used = false;
        for (unsigned i = 0; i < e->requests_count; i++)
            used = used || (e->owed.requests[i].state == OWED_PENDING && e->owed.requests[i].event == event);
        for (unsigned i = 0; i < THREADS; i++) {
            const struct errands_thread *row = &e->threads[i];
            bool waits = row->doing == WAITS_FOR_EVENTS;
            used = used || (waits && (row->waited[0] == event || (row->count > 1 && row->waited[1] == event)));
        }
        if (!used) return event;
    }
    return OWED_NONE;
}

/* An event is closed, whatever is pending with it and whoever waits for it, and another one takes its place. */
void errands_replace_event(struct errands *e, unsigned thread) {
    unsigned event = pick_event(e, thread), gone = free_number(e);
    bool set = errands_draw(e, 2) == 0;
    if (gone == OWED_NONE) return;
    owed_move_event(&e->owed, event, gone);
    e->auto_reset[gone] = e->auto_reset[event];
    for (unsigned i = 0; i < THREADS; i++)
        for (unsigned place = 0; place < EVENTS_OF_ONE; place++)
            if (e->threads[i].doing == WAITS_FOR_EVENTS && e->threads[i].waited[place] == event)
                e->threads[i].waited[place] = (uint8_t)gone;
    errands_note_if(e, errands_plain(e, thread, FUNCTION_CloseHandle, e->events[event], 0, 0) == FALSE,
                    "an event cannot be closed");
    struct call call = errands_call_of(thread, FUNCTION_CreateEventW);
    call.arguments[CreateEventW_bManualReset] = !e->auto_reset[event];
    call.arguments[CreateEventW_bInitialState] = set;
    e->events[event] = errands_make(e, &call, OWED_REQUESTS);
    e->owed.set_events[event] = set;
}

/* --- results --- */

static const enum function result_functions[] = { FUNCTION_WSAGetOverlappedResult, FUNCTION_GetOverlappedResult,
                                                  FUNCTION_GetOverlappedResultEx };

/* The call that asks for a request's result with a handle of its socket. */
static struct call result_call(struct errands *e, unsigned thread, unsigned number, uint32_t milliseconds) {
    const uint64_t page = PAGES_AT + (uint64_t)thread * PAGE;
    const struct owed_request *request = &e->owed.requests[number];
    struct errands_thread *row = &e->threads[thread];
    uint8_t overlapped[OVERLAPPED_SIZE] = { 0 };
    store_u64(overlapped + OVERLAPPED_INTERNAL, e->overlapped[number].internal);
    store_u64(overlapped + OVERLAPPED_INTERNAL_HIGH, e->overlapped[number].internal_high);
    struct call call = errands_call_of(thread, row->function);
    call.arguments[GetOverlappedResult_hFile] = errands_handle_of(e, &e->sockets[request->socket], thread);
    errands_point_in(&call, GetOverlappedResult_lpOverlapped, owed_address(number), overlapped, sizeof overlapped);
    errands_point(&call, GetOverlappedResult_lpNumberOfBytesTransferred, page + COUNT_IN_PAGE, 4);
    call.arguments[GetOverlappedResult_bWait] = milliseconds != 0; /* and fWait */
    if (row->function == FUNCTION_WSAGetOverlappedResult)
        errands_point(&call, WSAGetOverlappedResult_flags, page + FLAGS_IN_PAGE, 4);
    if (row->function != FUNCTION_GetOverlappedResultEx) return call;
    call.arguments[GetOverlappedResultEx_dwMilliseconds] = milliseconds;
    call.arguments[GetOverlappedResultEx_bAlertable] = row->alertable;
    return call;
}

/* Of one of the last requests of the process, ended or pending. A wait for one with a routine is not modelled. */
void errands_wait_for_result(struct errands *e, unsigned thread) {
    if (e->requests_count == 0) return;
    unsigned last = e->requests_count < 8 ? e->requests_count : 8;
    unsigned number = e->requests_count - 1 - errands_draw(e, last), process = errands_process_of(thread);
    const struct owed_request *request = &e->owed.requests[number];
    struct errands_thread *row = &e->threads[thread];
    uint32_t milliseconds = draw_milliseconds(e);
    bool pending = request->state == OWED_PENDING, waits = pending && milliseconds != 0;
    bool its = request->state != OWED_FREE && request->process == process;
    if (!its || (waits && request->by_routine) || held_by(&e->sockets[request->socket], process) == 0) return;
    row->function = result_functions[errands_draw(e, sizeof result_functions / sizeof result_functions[0])];
    bool timed = row->function == FUNCTION_GetOverlappedResultEx;
    if (!timed && milliseconds != 0) milliseconds = INFINITE;
    row->alertable = timed && errands_draw(e, 2) == 0;
    row->object = number;
    struct call call = result_call(e, thread, number, milliseconds);
    errands_make(e, &call, OWED_REQUESTS);
    bool no_socket = row->function == FUNCTION_WSAGetOverlappedResult && e->result.error == WSAENOTSOCK;
    if (no_socket) return; /* what DuplicateHandle made is none to it: question 137 */
    if (e->result.status == RESULT_BLOCKED) {
        errands_note_if(e, !waits || errands_routine_is_there(e, thread), "a thread waits for a result that is there");
        begin_wait(e, thread, WAITS_FOR_RESULT, number, milliseconds);
        return;
    }
    bool by_event = waits && e->result.value != FALSE;
    errands_note_if(e, waits && !by_event && e->result.error != WAIT_IO_COMPLETION, "a wait is over too early");
    errands_see_overlapped_result(e, thread, false, e->result.value, e->result.error);
}

/* Asks for the result at an address where the other process has an OVERLAPPED, pending or not: in this one's memory,
 * which says that all is done. */
void errands_ask_beside_other(struct errands *e, unsigned thread) {
    static const uint8_t done[OVERLAPPED_SIZE];
    const uint64_t page = PAGES_AT + (uint64_t)thread * PAGE;
    if (e->requests_count == 0) return;
    unsigned number = e->requests_count - 1 - errands_draw(e, e->requests_count < 8 ? e->requests_count : 8);
    const struct owed_request *request = &e->owed.requests[number];
    if (request->process == errands_process_of(thread)) return;
    struct call call = errands_call_of(thread, FUNCTION_GetOverlappedResult);
    errands_point_in(&call, GetOverlappedResult_lpOverlapped, owed_address(number), done, sizeof done);
    errands_point(&call, GetOverlappedResult_lpNumberOfBytesTransferred, page + COUNT_IN_PAGE, 4);
    call.arguments[GetOverlappedResult_bWait] = errands_draw(e, 2) == 0;
    uint64_t value = errands_make(e, &call, OWED_REQUESTS);
    errands_note_if(e, value == FALSE || e->result.status == RESULT_BLOCKED,
                    "a process waits for a request of another one");
}

/* --- what threads do to each other --- */

/* To any thread of the process, which may be waiting. */
void errands_queue_apc(struct errands *e, unsigned thread) {
    unsigned process = errands_process_of(thread), target = process * THREADS_OF_ONE + errands_draw(e, THREADS_OF_ONE);
    if (errands_routines_needed(e) >= RESULT_ROUTINES_MAX - 1) return;
    bool room = errands_world_has_room(e, true);
    const struct owed_notice apc = { .overlapped = 0x5000000 + errands_draw(e, 1000) };
    struct call call = errands_call_of(thread, FUNCTION_QueueUserAPC);
    errands_point(&call, QueueUserAPC_pfnAPC, APC_AT, 1);
    call.arguments[QueueUserAPC_hThread] = THREAD_HANDLE_FIRST + target;
    call.arguments[QueueUserAPC_dwData] = apc.overlapped;
    if (room) owed_queue_apc(&e->owed, target, &apc);
    errands_note_if(e, (errands_make(e, &call, OWED_REQUESTS) != FALSE) != room,
                    "QueueUserAPC has failed, or found room where there is none");
}

/* Of any thread of the process: the call that it blocks in returns, in two readings of three. */
void errands_cancel_synchronous(struct errands *e, unsigned thread) {
    unsigned target = errands_process_of(thread) * THREADS_OF_ONE + errands_draw(e, THREADS_OF_ONE);
    bool blocks = e->threads[target].doing == BLOCKS && e->threads[target].released == NOT_RELEASED;
    struct call call = errands_call_of(thread, FUNCTION_CancelSynchronousIo);
    call.arguments[CancelSynchronousIo_hThread] = THREAD_HANDLE_FIRST + target;
    if (blocks) e->threads[target].released = THREAD_CANCELLED; /* its return comes with the call's */
    bool done = errands_make(e, &call, OWED_REQUESTS) != FALSE;
    bool found = blocks && !world_remembers(e->world, Q129_CANCEL_SYNCHRONOUS, Q129_NOT_FOUND);
    errands_note_if(e, done != found, "CancelSynchronousIo has found what is not there, or missed it");
    if (blocks && !found) e->threads[target].released = NOT_RELEASED;
}
