#include "stack/model/waits.h"

#include <assert.h>

#include "stack/errors.h"
#include "stack/io/requests.h"
#include "stack/sdk/wait_values.h"
#include "stack/system/handles.h"
#include "stack/transport/control.h"
#include "stack/transport/sockets.h"

static const uint64_t NANOSECONDS_PER_MILLISECOND = 1000000;

/* Win32 functions leave the last error alone when they succeed, or clear it: not promised either way. */
static void succeed_with(struct context *context, uint64_t value) { succeed(context, value); }

/* --- results of overlapped operations -------------------------------------------------------------------------- */

/* Everything that has to happen before a result can be told: a pending request completes. */
static void await_request(struct context *context, uint64_t overlapped_address) {
    unsigned request = request_find(context->world, context->process, overlapped_address);
    if (request != NO_ROW) control_complete(context, request);
    assert(request_find(context->world, context->process, overlapped_address) == NO_ROW);
}

static void store_u32_at(struct context *context, unsigned argument, uint32_t value) {
    uint8_t stored[4];
    store_u32(stored, value);
    result_write(context->result, context->call->arguments[argument], stored, sizeof stored);
}

/* A NULL or bad pointer for the count or the flags raises an exception since Vista (facts 9.2). */
static void fault(struct context *context) {
    context->result->status = RESULT_FAULT;
    context->result->error = STATUS_ACCESS_VIOLATION;
}

/* The status that the OVERLAPPED shows; after a wait, the one that has just been written. */
static uint64_t internal_of(const struct context *context, uint64_t *information) {
    const uint8_t *overlapped = call_read(context->call, 1, OVERLAPPED_SIZE);
    assert(overlapped != NULL);
    uint64_t status = load_u64(overlapped + OVERLAPPED_INTERNAL);
    *information = load_u64(overlapped + OVERLAPPED_INTERNAL_HIGH);
    for (unsigned i = 0; i < context->result->writes_count; i++) {
        const struct result_write *write = &context->result->writes[i];
        if (write->address != context->call->arguments[1] || write->length != 16) continue;
        status = load_u64(context->result->bytes + write->bytes_offset);
        *information = load_u64(context->result->bytes + write->bytes_offset + 8);
    }
    return status;
}

/* WSANOTINITIALISED, WSAENOTSOCK (W58), WSAEFAULT for a bad OVERLAPPED; WSA_IO_INCOMPLETE while pending (W71); then the
 * operation's own error through the status table (W60-W70). */
void call_WSAGetOverlappedResult(struct context *context) {
    const struct call *call = context->call;
    struct violations violations = { 0 };
    violate_if(&violations, !winsock_started(context), WSANOTINITIALISED);
    violate_if(&violations, context_socket(context, 0) == NO_ROW, WSAENOTSOCK);
    violate_if(&violations, call_read(call, 1, OVERLAPPED_SIZE) == NULL, WSAEFAULT);
    uint32_t error = violation_chosen(context, &violations);
    if (error != 0) {
        fail(context, FALSE, error);
        return;
    }
    if (!call_range_holds(call, 2, 4) || !call_range_holds(call, 4, 4)) {
        fault(context);
        return;
    }
    if (call->arguments[3] != 0) await_request(context, call->arguments[1]);
    uint64_t information = 0;
    uint64_t status = internal_of(context, &information);
    if (status == STATUS_PENDING) {
        fail(context, FALSE, WSA_IO_INCOMPLETE);
        return;
    }
    error = winsock_error_of_status((uint32_t)status);
    if (error != 0) { /* the count stays as it was: facts 9.2 */
        fail(context, FALSE, error);
        return;
    }
    store_u32_at(context, 2, (uint32_t)information);
    store_u32_at(context, 4, 0);
    succeed_with(context, TRUE);
}

/* --- events and files ------------------------------------------------------------------------------------------ */

static void open_and_return(struct context *context, enum handle_kind kind, unsigned object, uint64_t failure) {
    uint32_t number = object == NO_ROW ? 0 : handle_open(context->world, context->chooser, context->process, kind, object);
    if (number == 0) fail(context, failure, ERROR_NOT_ENOUGH_MEMORY);
    else succeed_with(context, number);
}

/* ERROR_NOT_ENOUGH_MEMORY. */
void call_CreateEventW(struct context *context) {
    const uint64_t *arguments = context->call->arguments;
    unsigned event = context->world->no_memory ? (unsigned)NO_ROW : event_create(context->world, arguments[1] != 0, arguments[2] != 0);
    open_and_return(context, HANDLE_EVENT, event, 0);
    if (event != NO_ROW && world_event(context->world, event)->references == 0) event_release(context->world, event);
}

/* The one file that there is, is the null device. ERROR_FILE_NOT_FOUND for any other name; ERROR_NOT_ENOUGH_MEMORY. */
void call_CreateFileW(struct context *context) {
    const uint8_t *name = call_read(context->call, 0, 3);
    bool is_null_device = name != NULL && context->call->ranges[0].length == 3 && name[0] == 'N' && name[1] == 'U' && name[2] == 'L';
    if (!is_null_device) {
        fail(context, UINT64_MAX, ERROR_FILE_NOT_FOUND);
        return;
    }
    unsigned file = context->world->no_memory ? (unsigned)NO_ROW : world_take(context->world, TABLE_FILES);
    open_and_return(context, HANDLE_FILE, file, UINT64_MAX);
    if (file != NO_ROW && world_file(context->world, file)->references == 0) world_free(context->world, TABLE_FILES, file);
}

static unsigned event_argument(struct context *context) {
    return handle_find(context->world, context->process, HANDLE_EVENT, context->call->arguments[0]);
}

/* ERROR_INVALID_HANDLE. */
void call_SetEvent(struct context *context) {
    unsigned event = event_argument(context);
    if (event == NO_ROW) {
        fail(context, FALSE, ERROR_INVALID_HANDLE);
        return;
    }
    event_set(context->world, event);
    succeed_with(context, TRUE);
}

/* ERROR_INVALID_HANDLE. */
void call_ResetEvent(struct context *context) {
    unsigned event = event_argument(context);
    if (event == NO_ROW) {
        fail(context, FALSE, ERROR_INVALID_HANDLE);
        return;
    }
    event_reset(context->world, event);
    succeed_with(context, TRUE);
}

/* ERROR_INVALID_HANDLE. A socket may be closed this way too (W115). */
void call_CloseHandle(struct context *context) {
    uint64_t number = context->call->arguments[0];
    enum handle_kind kind = handle_kind_of(context->world, context->process, number);
    unsigned object = NO_ROW;
    switch (kind) {
    case HANDLE_FREE: fail(context, FALSE, ERROR_INVALID_HANDLE); return;
    case HANDLE_SOCKET: socket_close(context, number); break;
    case HANDLE_EVENT:
        if (handle_close(context->world, context->process, number, &object) == 0) event_release(context->world, object);
        break;
    case HANDLE_FILE:
        if (handle_close(context->world, context->process, number, &object) == 0) world_free(context->world, TABLE_FILES, object);
        break;
    }
    succeed_with(context, TRUE);
}

/* --- waiting --------------------------------------------------------------------------------------------------- */

static uint64_t deadline_after(const struct world *world, uint32_t milliseconds) {
    if (milliseconds == INFINITE) return UINT64_MAX;
    return world->now_ns + milliseconds * NANOSECONDS_PER_MILLISECOND;
}

static void park(struct context *context, unsigned event, bool alertable, uint32_t milliseconds) {
    uint64_t deadline = deadline_after(context->world, milliseconds);
    thread_park(context->world, context->thread, context->call->function, event, alertable, deadline);
    context->result->status = RESULT_BLOCKED;
    context->result->error = ERROR_UNTOUCHED;
}

/* WAIT_FAILED with ERROR_INVALID_HANDLE; WAIT_TIMEOUT; blocks. */
void call_WaitForSingleObject(struct context *context) {
    unsigned event = event_argument(context);
    uint32_t milliseconds = (uint32_t)context->call->arguments[1];
    if (event == NO_ROW) {
        fail(context, WAIT_FAILED, ERROR_INVALID_HANDLE);
    } else if (world_event(context->world, event)->set) {
        event_consume(context->world, event);
        succeed_with(context, WAIT_OBJECT_0);
    } else if (milliseconds == 0) {
        succeed_with(context, WAIT_TIMEOUT);
    } else {
        park(context, event, false, milliseconds);
    }
}

/* WAIT_IO_COMPLETION when routines ran; blocks. */
void call_SleepEx(struct context *context) {
    uint32_t milliseconds = (uint32_t)context->call->arguments[0];
    bool alertable = context->call->arguments[1] != 0;
    if (alertable && routine_is_queued(context->world, context->thread)) {
        routine_deliver_all(context->world, context->thread, context->result);
        succeed_with(context, WAIT_IO_COMPLETION);
    } else if (milliseconds == 0) {
        succeed_with(context, 0);
    } else {
        park(context, NO_ROW, alertable, milliseconds);
    }
}

bool wait_is_over(const struct world *world, unsigned thread) {
    const struct thread *row = world_thread_at(world, thread);
    if (row->state != THREAD_WAITING) return false;
    if (row->deadline_ns <= world->now_ns) return true;
    if (row->object != NO_ROW && world_event_at(world, row->object)->set) return true;
    return row->alertable && routine_is_queued(world, thread);
}

void wait_finish(struct world *world, unsigned thread, struct result *result) {
    assert(wait_is_over(world, thread));
    struct thread row = *world_thread(world, thread);
    struct result_return back = { .thread = (uint16_t)thread, .status = RESULT_RETURNED, .error = ERROR_UNTOUCHED };
    bool signalled = row.object != NO_ROW && world_event(world, row.object)->set;
    if (row.alertable && routine_is_queued(world, thread)) {
        routine_deliver_all(world, thread, result);
        back.value = WAIT_IO_COMPLETION;
    } else if (signalled) {
        event_consume(world, row.object);
        back.value = WAIT_OBJECT_0;
    } else {
        back.value = row.function == FUNCTION_SleepEx ? 0 : WAIT_TIMEOUT;
    }
    thread_resume(world, thread);
    if (row.object != NO_ROW) event_release(world, row.object);
    result_return(result, &back);
}
