/* Calls about another thread: QueueUserAPC, CancelSynchronousIo. */
#include "stack/call/catalogue.h"
#include "stack/errors.h"
#include "stack/io/requests.h"
#include "stack/sdk/wait_values.h"
#include "stack/system/context.h"
#include "stack/system/handles.h"

/* A handle that DuplicateHandle made of a thread that has ended meanwhile, or of one of another process: no source
 * tells what becomes of that. */
static bool is_of_no_thread_here(const struct context *context, uint64_t number) {
    if (handle_kind_of(context->world, context->process, number) != HANDLE_THREAD) return false;
    unsigned thread = handle_find(context->world, context->process, HANDLE_THREAD, number);
    return thread == NO_ROW || world_thread(context->world, thread)->process != context->process;
}

/* The live thread of the caller's process that argument `argument` names, or NO_ROW. */
static unsigned thread_of_argument(const struct context *context, unsigned argument) {
    uint64_t number = context->call->arguments[argument];
    unsigned thread = handle_find(context->world, context->process, HANDLE_THREAD, number);
    return thread != NO_ROW ? thread : thread_of_handle(context->world, context->process, number);
}

/* ERROR_INVALID_HANDLE; ERROR_NOT_ENOUGH_MEMORY. It runs in an alertable wait of that thread, after all that was queued
 * before it (T9.8.1). */
void call_QueueUserAPC(struct context *context) {
    const uint64_t *arguments = context->call->arguments;
    unsigned thread = thread_of_argument(context, QueueUserAPC_hThread);
    if (is_of_no_thread_here(context, arguments[QueueUserAPC_hThread])) {
        not_modelled(context, not_modelled_function(context->call->function));
        return;
    }
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
    bool waits_for_sockets = thread != NO_ROW && world_thread(context->world, thread)->awaited == AWAITED_SOCKETS;
    if (waits_for_sockets || is_of_no_thread_here(context, context->call->arguments[CancelSynchronousIo_hThread])) {
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
