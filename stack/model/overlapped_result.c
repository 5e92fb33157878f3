#include "stack/model/overlapped_result.h"

#include <assert.h>

#include "stack/call/catalogue.h"
#include "stack/errors.h"
#include "stack/io/events.h"
#include "stack/io/requests.h"
#include "stack/model/park.h"
#include "stack/sdk/wait_values.h"
#include "stack/system/handles.h"

static void store_u32_of(struct result *result, uint64_t address, uint32_t value) {
    uint8_t stored[4];
    store_u32(stored, value);
    result_write(result, address, stored, sizeof stored);
}

/* Where the answer goes, and in whose words an error is. */
struct answer_place {
    enum function function;
    uint64_t bytes_address, flags_address; /* flags: 0, GetOverlappedResult has none */
};

/* What a finished operation gives: its own error through the status table (W60-W70), and the count stays as it was
 * (T9.2.5); or the count and no flags. Returns the error, or 0. */
static uint32_t tell(struct result *result, uint32_t status, uint32_t information, const struct answer_place *place) {
    bool winsock = place->function == FUNCTION_WSAGetOverlappedResult;
    uint32_t error = winsock ? winsock_error_of_status(status) : win32_error_of_status(status);
    if (error != 0) return error;
    store_u32_of(result, place->bytes_address, information);
    if (winsock) store_u32_of(result, place->flags_address, 0);
    return 0;
}

/* How long a thread waits, and whether routines end that. */
struct patience {
    uint32_t milliseconds;
    bool alertable;
};

static const struct patience endless = { .milliseconds = INFINITE };

/* The set event of a pending request, or NO_ROW: the program has set it, for the end of a request frees its row. */
static unsigned event_set_before_end(const struct world *world, unsigned request) {
    unsigned event = world_request_at(world, request)->event;
    return event != NO_ROW && world_event_at(world, event)->set ? event : (unsigned)NO_ROW;
}

/* What is waited for is the event (W72), and of the functions of Windows that is asked: Q149. Then the call succeeds,
 * with the count that the OVERLAPPED has. */
static bool ends_by_event(struct context *context, unsigned request, enum function function) {
    if (event_set_before_end(context->world, request) == NO_ROW) return false;
    return function == FUNCTION_WSAGetOverlappedResult || reading(context, Q149_EVENT_BEFORE_END) == Q149_SUCCEEDS;
}

bool result_wait_ends_by_event(const struct world *world, unsigned thread) {
    const struct thread *row = world_thread_at(world, thread);
    if (row->awaited != AWAITED_REQUEST || event_set_before_end(world, row->request) == NO_ROW) return false;
    return row->function == FUNCTION_WSAGetOverlappedResult ||
           !world_remembers(world, Q149_EVENT_BEFORE_END, Q149_WAITS);
}

/* Parks the thread until the request has ended. With a routine no page says how that ends (T9.2.3). */
static void await(struct context *context, unsigned request, const struct answer_place *place,
                  const struct patience *patience, uint32_t information) {
    if (world_request(context->world, request)->routine_address != 0) {
        not_modelled(context, not_modelled_function(context->call->function));
        return;
    }
    if (ends_by_event(context, request, place->function)) {
        event_consume(context->world, world_request(context->world, request)->event);
        (void)tell(context->result, STATUS_SUCCESS, information, place);
        succeed(context, TRUE);
        return;
    }
    const struct wait wait = { .awaited = AWAITED_REQUEST,
                               .object = NO_ROW,
                               .alertable = patience->alertable,
                               .outputs = { place->bytes_address, place->flags_address, information } };
    if (!wait_park(context, &wait, patience->milliseconds)) return;
    world_thread(context->world, context->thread)->request = (uint16_t)request;
}

/* What the OVERLAPPED says: WSA_IO_INCOMPLETE, which is ERROR_IO_INCOMPLETE, while it is pending (W71). */
static void answer_now(struct context *context, const uint8_t *overlapped, const struct answer_place *place) {
    uint32_t status = (uint32_t)load_u64(overlapped + OVERLAPPED_INTERNAL);
    uint32_t information = (uint32_t)load_u64(overlapped + OVERLAPPED_INTERNAL_HIGH);
    uint32_t error =
        status == STATUS_PENDING ? (uint32_t)WSA_IO_INCOMPLETE : tell(context->result, status, information, place);
    if (error != 0) fail(context, FALSE, error);
    else succeed(context, TRUE);
}

/* The socket that WSAGetOverlappedResult is asked with. It looks at Winsock's own list of handles, where what
 * DuplicateHandle made does not stand (W59): Q137. */
static unsigned asked_socket(struct context *context) {
    uint64_t number = context->call->arguments[WSAGetOverlappedResult_s];
    unsigned socket = context_socket(context, WSAGetOverlappedResult_s);
    if (socket == NO_ROW || !handle_is_duplicated(context->world, context->process, number)) return socket;
    return reading(context, Q137_DUPLICATED_SOCKET) == Q137_LIKE_OTHERS ? socket : (unsigned)NO_ROW;
}

/* What is wrong with an OVERLAPPED that is not there. */
static uint32_t error_of_no_overlapped(struct context *context) {
    bool null = context->call->ranges[WSAGetOverlappedResult_ov].state == RANGE_NULL;
    bool unacceptable = null && reading(context, Q143_RESULT_OF_NOTHING) == Q143_INVALID_PARAMETER;
    return unacceptable ? WSA_INVALID_PARAMETER : WSAEFAULT;
}

/* WSANOTINITIALISED, WSAENOTSOCK (W58), WSAEFAULT for a bad OVERLAPPED; WSA_IO_INCOMPLETE while pending (W71), or
 * blocks until it is not; then the operation's own error. A NULL or bad pointer for the count or the flags raises an
 * exception since Vista (T9.2.7). */
void call_WSAGetOverlappedResult(struct context *context) {
    const struct call *call = context->call;
    struct violations violations = { 0 };
    violate_if(&violations, !winsock_started(context), WSANOTINITIALISED);
    violate_if(&violations, asked_socket(context) == NO_ROW, WSAENOTSOCK);
    const uint8_t *overlapped = call_read(call, WSAGetOverlappedResult_ov, OVERLAPPED_SIZE);
    if (overlapped == NULL) violate(&violations, error_of_no_overlapped(context));
    uint32_t error = violation_chosen(context, &violations);
    if (error != 0) {
        fail(context, FALSE, error);
        return;
    }
    bool storable = call_range_holds(call, WSAGetOverlappedResult_bytes, 4);
    if (!storable || !call_range_holds(call, WSAGetOverlappedResult_flags, 4)) {
        fault(context);
        return;
    }
    const struct answer_place place = { FUNCTION_WSAGetOverlappedResult, call->arguments[WSAGetOverlappedResult_bytes],
                                        call->arguments[WSAGetOverlappedResult_flags] };
    unsigned request = request_find(context->world, context->process, call->arguments[WSAGetOverlappedResult_ov]);
    bool waits = request != NO_ROW && call->arguments[WSAGetOverlappedResult_wait] != 0;
    uint32_t information = (uint32_t)load_u64(overlapped + OVERLAPPED_INTERNAL_HIGH);
    if (waits) await(context, request, &place, &endless, information);
    else answer_now(context, overlapped, &place);
}

/* ERROR_INVALID_HANDLE where the file has to be waited for and is none; ERROR_IO_INCOMPLETE while pending, or blocks
 * until it is not; then the operation's own error. A bad pointer raises an exception, as it is looked at by the
 * caller's own thread. Both functions begin with the same three parameters. */
static void win32_result(struct context *context, const struct patience *patience) {
    const struct call *call = context->call;
    const uint8_t *overlapped = call_read(call, GetOverlappedResult_lpOverlapped, OVERLAPPED_SIZE);
    if (overlapped == NULL || !call_range_holds(call, GetOverlappedResult_lpNumberOfBytesTransferred, 4)) {
        fault(context);
        return;
    }
    const struct answer_place place = { .function = (enum function)call->function,
                                        .bytes_address =
                                            call->arguments[GetOverlappedResult_lpNumberOfBytesTransferred] };
    unsigned request =
        request_find(context->world, context->process, call->arguments[GetOverlappedResult_lpOverlapped]);
    bool waits = request != NO_ROW && patience->milliseconds != 0;
    uint64_t file = call->arguments[GetOverlappedResult_hFile];
    bool no_file = handle_find(context->world, context->process, HANDLE_SOCKET, file) == NO_ROW;
    if (waits && no_file && world_request(context->world, request)->event == NO_ROW) {
        fail(context, FALSE, ERROR_INVALID_HANDLE);
    } else if (waits && patience->alertable && routine_is_queued(context->world, context->thread)) {
        routine_deliver_all(context->world, context->thread, context->result);
        fail(context, FALSE, WAIT_IO_COMPLETION);
    } else if (waits) {
        await(context, request, &place, patience, (uint32_t)load_u64(overlapped + OVERLAPPED_INTERNAL_HIGH));
    } else {
        answer_now(context, overlapped, &place);
    }
}

void call_GetOverlappedResult(struct context *context) {
    bool waits = context->call->arguments[GetOverlappedResult_bWait] != 0;
    win32_result(context, &(struct patience){ .milliseconds = waits ? INFINITE : 0 });
}

/* The same; and WAIT_TIMEOUT when the time is over, WAIT_IO_COMPLETION when routines ran. */
void call_GetOverlappedResultEx(struct context *context) {
    const uint64_t *arguments = context->call->arguments;
    win32_result(context, &(struct patience){ .milliseconds = (uint32_t)arguments[GetOverlappedResultEx_dwMilliseconds],
                                              .alertable = arguments[GetOverlappedResultEx_bAlertable] != 0 });
}

void result_wait_finish(struct context *context, unsigned thread) {
    struct thread row = *world_thread(context->world, thread);
    struct result_return back = { .thread = (uint16_t)thread, .status = RESULT_RETURNED };
    uint32_t status = (uint32_t)(row.outputs[THREAD_STATUS] >> 32), information = (uint32_t)row.outputs[THREAD_STATUS];
    const struct answer_place place = { (enum function)row.function, row.outputs[0], row.outputs[1] };
    bool pending = row.awaited == AWAITED_REQUEST;
    bool runs = pending && row.alertable && routine_is_queued(context->world, thread);
    assert(pending || row.awaited == AWAITED_RESULT);
    bool by_event = pending && !runs && result_wait_ends_by_event(context->world, thread);
    if (by_event && !ends_by_event(context, row.request, place.function)) return; /* Q149: it waits on */
    if (by_event) event_consume(context->world, world_request(context->world, row.request)->event);
    if (runs) routine_deliver_all(context->world, thread, context->result);
    uint32_t error = runs       ? WAIT_IO_COMPLETION
                     : by_event ? tell(context->result, STATUS_SUCCESS, information, &place)
                     : pending  ? WAIT_TIMEOUT
                                : tell(context->result, status, information, &place);
    back.value = error == 0;
    back.error = error != 0 ? error : last_error_of_success(context);
    if (back.error != ERROR_UNTOUCHED) world_thread(context->world, thread)->last_error = back.error;
    thread_resume(context->world, thread);
    result_return(context->result, &back);
}
