/* Calls about another thread: QueueUserAPC, CancelSynchronousIo. */
#include "stack/call/catalogue.h"
#include "stack/errors.h"
#include "stack/io/requests.h"
#include "stack/sdk/wait_values.h"
#include "stack/system/context.h"

/* The live thread of the caller's process that argument `argument` names, or NO_ROW. */
static unsigned thread_of_argument(const struct context *context, unsigned argument) {
    uint64_t index = context->call->arguments[argument] - THREAD_HANDLE_FIRST;
    if (index >= world_top(context->world, TABLE_THREADS)) return NO_ROW;
    const struct thread *row = world_thread(context->world, (unsigned)index);
    return row->state != THREAD_FREE && row->process == context->process ? (unsigned)index : (unsigned)NO_ROW;
}

/* ERROR_INVALID_HANDLE; ERROR_NOT_ENOUGH_MEMORY. It runs in an alertable wait of that thread, after all that was queued
 * before it (T9.8.1). */
void call_QueueUserAPC(struct context *context) {
    const uint64_t *arguments = context->call->arguments;
    unsigned thread = thread_of_argument(context, QueueUserAPC_hThread);
    bool memory = thread != NO_ROW && !context->world->no_memory;
    if (memory)
        memory = apc_queue(context->world, thread, arguments[QueueUserAPC_pfnAPC], arguments[QueueUserAPC_dwData]);
    if (memory) succeed(context, TRUE);
    else fail(context, FALSE, thread == NO_ROW ? ERROR_INVALID_HANDLE : ERROR_NOT_ENOUGH_MEMORY);
}

/* ERROR_INVALID_HANDLE; ERROR_NOT_FOUND where the thread is in no call that blocks (T9.8.4), and where a call of
 * Winsock is none of those that are meant (Q129): then it blocks as before. Of select and WSAPoll no source tells. */
void call_CancelSynchronousIo(struct context *context) {
    unsigned thread = thread_of_argument(context, CancelSynchronousIo_hThread);
    unsigned request = thread == NO_ROW ? (unsigned)NO_ROW : request_of_blocked_call(context->world, thread);
    if (thread != NO_ROW && world_thread(context->world, thread)->awaited == AWAITED_SOCKETS) {
        not_modelled(context, not_modelled_function(context->call->function));
        return;
    }
    uint32_t error = thread == NO_ROW ? ERROR_INVALID_HANDLE : ERROR_NOT_FOUND;
    unsigned answer = request == NO_ROW ? (unsigned)Q129_NOT_FOUND : reading(context, Q129_CANCEL_SYNCHRONOUS);
    if (answer == Q129_NOT_FOUND) {
        fail(context, FALSE, error);
        return;
    }
    succeed(context, TRUE);
    request_cancel(context->world, request, answer == Q129_INTR ? WSAEINTR : WSA_OPERATION_ABORTED, context->result);
}
