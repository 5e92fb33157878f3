#include "conformance/agent/child.h"

#include <assert.h>
#include <stdio.h>

#include "conformance/agent/functions.h"
#include "conformance/agent/native_executor.h"
#include "conformance/agent/system/process.h"

/* --- the parent's side -------------------------------------------------------------------------------------------- */

bool child_ask(struct child *child, struct reason *reason) {
    assert(child->frame != NULL);
    uint32_t limit_ms = child->frame->limit_ms + CHILD_GRACE_MS;
    child_give_question(child);
    if (child_await_answer(child, limit_ms, reason)) {
        child->frame->reason.text[REASON_BYTES - 1] = '\0';
        return true;
    }
    uint32_t died_of = child->died_of;
    child_destroy(child);
    child->died_of = died_of;
    return false;
}

/* --- the child's side --------------------------------------------------------------------------------------------- */

static void give_reason(struct child_frame *frame, const struct native_executor *executor) {
    frame->reason = executor->reason;
}

/* A restricted token without effect would make every answer about privilege a wrong one. */
static bool start(struct child_frame *frame, struct native_executor *executor) {
    const struct own_account *own = accounts_own();
    if (frame->restricted && (own->unknown || own->administrators_enabled)) {
        reason_set(&executor->reason,
                   own->unknown ? "its restricted token cannot be read, so whether it has any effect is unknown"
                                : "its restricted token has Administrators enabled all the same");
        return false;
    }
    if (!native_executor_start(executor, windows_functions(), frame->process, frame->thread, frame->startup))
        return false;
    for (unsigned i = 0; i < frame->start.inherited_count; i++)
        native_executor_inherit(executor, &frame->start.inherited[i]);
    return true;
}

void child_answer(struct child_frame *frame, struct native_executor *executor) {
    assert(frame->operation <= CHILD_EXIT);
    result_clear(&frame->result);
    switch ((enum child_operation)frame->operation) {
    case CHILD_START: frame->success = start(frame, executor); break;
    case CHILD_CALL:
        executor->start = &frame->start;
        native_executor_call(executor, &frame->call, frame->limit_ms, &frame->result);
        break;
    case CHILD_RETURNS: native_executor_returns(executor, frame->thread, frame->limit_ms, &frame->result); break;
    case CHILD_SHOW:
        native_executor_show(executor, frame->address, frame->event, frame->limit_ms, &frame->result);
        break;
    case CHILD_THREAD_END: frame->success = native_executor_thread_end(executor, frame->thread); break;
    case CHILD_END: frame->success = native_executor_end(executor, false) && !executor->tainted; break;
    case CHILD_EXIT: process_end(0);
    }
    give_reason(frame, executor);
}
