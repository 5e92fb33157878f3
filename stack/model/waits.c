#include "stack/model/waits.h"

#include <assert.h>

#include "stack/call/catalogue.h"
#include "stack/errors.h"
#include "stack/io/requests.h"
#include "stack/model/completion_calls.h"
#include "stack/model/overlapped_result.h"
#include "stack/model/park.h"
#include "stack/model/readiness_calls.h"
#include "stack/sdk/wait_values.h"
#include "stack/system/handles.h"
#include "stack/transport/transfers.h"

/* Sockets and files can be waited for on Windows: what signals them is not modelled, and no answer is given. */
static bool is_waitable_elsewhere(const struct context *context, uint64_t number) {
    enum handle_kind kind = handle_kind_of(context->world, context->process, number);
    return kind == HANDLE_SOCKET || kind == HANDLE_FILE || kind == HANDLE_PORT;
}

static void wait_for_object(struct context *context, uint64_t number, uint32_t milliseconds, bool alertable) {
    unsigned event = handle_find(context->world, context->process, HANDLE_EVENT, number);
    if (event == NO_ROW && is_waitable_elsewhere(context, number)) {
        not_modelled(context, not_modelled_function(context->call->function));
    } else if (event == NO_ROW) {
        fail(context, WAIT_FAILED, ERROR_INVALID_HANDLE);
    } else if (world_event(context->world, event)->set) {
        event_consume(context->world, event);
        succeed(context, WAIT_OBJECT_0);
    } else if (alertable && routine_is_queued(context->world, context->thread)) {
        routine_deliver_all(context->world, context->thread, context->result);
        succeed(context, WAIT_IO_COMPLETION);
    } else if (milliseconds == 0) {
        succeed(context, WAIT_TIMEOUT);
    } else {
        wait_park(context, &(struct wait){ .awaited = AWAITED_EVENT, .object = event, .alertable = alertable },
                  milliseconds);
    }
}

/* WAIT_FAILED with ERROR_INVALID_HANDLE; WAIT_TIMEOUT; blocks. */
void call_WaitForSingleObject(struct context *context) {
    const uint64_t *arguments = context->call->arguments;
    wait_for_object(context, arguments[WaitForSingleObject_hHandle],
                    (uint32_t)arguments[WaitForSingleObject_dwMilliseconds], false);
}

/* The same, and WAIT_IO_COMPLETION when routines ran. */
void call_WaitForSingleObjectEx(struct context *context) {
    const uint64_t *arguments = context->call->arguments;
    wait_for_object(context, arguments[WaitForSingleObjectEx_hHandle],
                    (uint32_t)arguments[WaitForSingleObjectEx_dwMilliseconds],
                    arguments[WaitForSingleObjectEx_bAlertable] != 0);
}

/* WAIT_IO_COMPLETION when routines ran; blocks. */
void call_SleepEx(struct context *context) {
    uint32_t milliseconds = (uint32_t)context->call->arguments[SleepEx_dwMilliseconds];
    bool alertable = context->call->arguments[SleepEx_bAlertable] != 0;
    if (alertable && routine_is_queued(context->world, context->thread)) {
        routine_deliver_all(context->world, context->thread, context->result);
        succeed(context, WAIT_IO_COMPLETION);
    } else if (milliseconds == 0) {
        succeed(context, 0);
    } else {
        wait_park(context, &(struct wait){ .object = NO_ROW, .alertable = alertable }, milliseconds);
    }
}

/* Has come what the thread waits for, apart from time and routines? */
static bool has_come(const struct world *world, unsigned thread) {
    const struct thread *row = world_thread_at(world, thread);
    switch ((enum awaited)row->awaited) {
    case AWAITED_EVENT: return world_event_at(world, row->object)->set;
    case AWAITED_PORT: return world_completion_port_at(world, row->object)->closed || packet_has_come(world, thread);
    case AWAITED_RESULT: return true;
    case AWAITED_SOCKETS: return readiness_has_come(world, thread);
    case AWAITED_REQUEST:
    case AWAITED_NOTHING: break;
    }
    return false;
}

bool wait_is_over(const struct world *world, unsigned thread) {
    const struct thread *row = world_thread_at(world, thread);
    if (row->state != THREAD_WAITING) return false;
    if (row->deadline_ns <= world->now_ns || has_come(world, thread)) return true;
    return row->alertable && routine_is_queued(world, thread);
}

/* A wait of Windows' own kind: for an event, or for nothing. */
static void finish_wait(struct world *world, unsigned thread, struct result *result) {
    struct thread row = *world_thread(world, thread);
    struct result_return back = { .thread = (uint16_t)thread, .status = RESULT_RETURNED, .error = ERROR_UNTOUCHED };
    bool signalled = row.awaited == AWAITED_EVENT && world_event(world, row.object)->set;
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
    if (row.awaited == AWAITED_EVENT) event_release(world, row.object);
    result_return(result, &back);
}

void wait_finish(struct context *context, unsigned thread) {
    assert(wait_is_over(context->world, thread));
    const struct thread *row = world_thread(context->world, thread);
    switch ((enum awaited)row->awaited) {
    case AWAITED_NOTHING:
        if (row->request != NO_ROW) transfer_time_out(context, row->request);
        else finish_wait(context->world, thread, context->result);
        break;
    case AWAITED_PORT: packet_wait_finish(context, thread); break;
    case AWAITED_REQUEST:
    case AWAITED_RESULT: result_wait_finish(context, thread); break;
    case AWAITED_SOCKETS: readiness_wait_finish(context, thread); break;
    default: finish_wait(context->world, thread, context->result); break;
    }
}
