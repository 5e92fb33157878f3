#include "stack/model/waits.h"

#include <assert.h>

#include "stack/errors.h"
#include "stack/io/requests.h"
#include "stack/sdk/wait_values.h"
#include "stack/system/handles.h"

static const uint64_t NANOSECONDS_PER_MILLISECOND = 1000000;

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
    unsigned event = context_event(context, WaitForSingleObject_hHandle);
    uint32_t milliseconds = (uint32_t)context->call->arguments[WaitForSingleObject_dwMilliseconds];
    if (event == NO_ROW) {
        fail(context, WAIT_FAILED, ERROR_INVALID_HANDLE);
    } else if (world_event(context->world, event)->set) {
        event_consume(context->world, event);
        succeed(context, WAIT_OBJECT_0);
    } else if (milliseconds == 0) {
        succeed(context, WAIT_TIMEOUT);
    } else {
        park(context, event, false, milliseconds);
    }
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
