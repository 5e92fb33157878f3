#include "stack/model/blocking.h"

#include <assert.h>

#include "stack/call/catalogue.h"
#include "stack/call/signature.h"
#include "stack/errors.h"
#include "stack/io/requests.h"
#include "stack/sdk/wait_values.h"

/* What WSASetBlockingHook gives back where there was no hook: the default one, which lies in a DLL. */
enum { DEFAULT_HOOK = 0x10000 };

static bool negotiated_1_1(const struct world *world, unsigned process) {
    const struct process *row = world_process_at(world, process);
    return row->startup_count > 0 && (row->startup_version & 0xff) == 1;
}

/* Is the thread inside a call that waits for its socket? */
static bool is_blocking(const struct world *world, unsigned thread) {
    const struct thread *row = world_thread_at(world, thread);
    return row->state == THREAD_WAITING && row->awaited == AWAITED_NOTHING && row->request != NO_ROW;
}

uint64_t blocking_hook_running(struct world *world, struct chooser *chooser, unsigned thread) {
    const struct thread *row = world_thread(world, thread);
    if (row->blocking_hook == 0 || !is_blocking(world, thread) || !negotiated_1_1(world, row->process)) return 0;
    unsigned socket = world_request(world, row->request)->socket;
    if (world_socket(world, socket)->nonblocking) return 0;
    return world_reading(world, chooser, Q80_INPROGRESS) == Q80_EMULATED ? row->blocking_hook : 0;
}

/* The thread whose blocking call belongs to the caller's task: its own, where a hook calls, or another one's (Q80,
 * Q113). NO_ROW: none. Nothing is asked where no thread blocks. */
static unsigned blocked_thread(struct context *context) {
    if (is_blocking(context->world, context->thread)) return context->thread;
    for (unsigned i = 0; i < world_top(context->world, TABLE_THREADS); i++) {
        if (world_thread(context->world, i)->process != context->process || !is_blocking(context->world, i)) continue;
        if (reading(context, Q80_INPROGRESS) == Q80_NEVER) return NO_ROW;
        return reading(context, Q113_TASK) == Q113_PROCESS ? i : (unsigned)NO_ROW;
    }
    return NO_ROW;
}

static void fail_as_function(struct context *context, const struct signature *signature, uint32_t error) {
    uint64_t failure = signature_failure(signature, error);
    if (signature->returns == RETURNS_ERROR) succeed_untouched(context, failure); /* its value says all */
    else fail(context, failure, error);
}

bool blocking_refuses(struct context *context) {
    const struct call *call = context->call;
    const struct signature *signature = signature_of((enum function)call->function);
    bool nested = is_blocking(context->world, context->thread);
    if (!negotiated_1_1(context->world, context->process)) return false;
    bool always = call->function == FUNCTION_WSAIsBlocking || call->function == FUNCTION_WSACancelBlockingCall ||
                  call->function == FUNCTION_WSAGetLastError;
    if (always) return false;
    if (signature->family != ERROR_FAMILY_WINSOCK || call->function == FUNCTION_WSPIoctl) {
        if (nested) not_modelled(context, not_modelled_function(call->function));
        return nested;
    }
    if (blocked_thread(context) == NO_ROW) return false;
    fail_as_function(context, signature, WSAEINPROGRESS);
    return true;
}

/* WSANOTINITIALISED, WSAENETDOWN; WSAEOPNOTSUPP for a program that negotiated 2.0 or later (T10.3). */
static uint32_t gate(struct context *context, bool bad_argument) {
    struct violations violations = { 0 };
    violate_if(&violations, !winsock_started(context), WSANOTINITIALISED);
    violate_if(&violations, context->world->network_down, WSAENETDOWN);
    bool other = winsock_started(context) && !negotiated_1_1(context->world, context->process);
    violate_if(&violations, other, WSAEOPNOTSUPP);
    violate_if(&violations, bad_argument, WSAEFAULT);
    return violation_chosen(context, &violations);
}

/* As gate(); WSAEFAULT for a function that is not there. */
void call_WSASetBlockingHook(struct context *context) {
    struct thread *row = world_thread(context->world, context->thread);
    uint32_t error = gate(context, !call_range_holds(context->call, WSASetBlockingHook_lpBlockFunc, 1));
    if (error != 0) {
        fail(context, 0, error);
        return;
    }
    uint64_t before = row->blocking_hook != 0 ? row->blocking_hook : (uint64_t)DEFAULT_HOOK;
    row->blocking_hook = context->call->arguments[WSASetBlockingHook_lpBlockFunc];
    succeed(context, before);
}

/* As gate(). */
void call_WSAUnhookBlockingHook(struct context *context) {
    uint32_t error = gate(context, false);
    if (error != 0) {
        fail_socket(context, error);
        return;
    }
    world_thread(context->world, context->thread)->blocking_hook = 0;
    succeed(context, 0);
}

/* As gate(); WSAEINVAL where nothing blocks (T10.4). The call that blocks ends with WSAEINTR (Q79). */
void call_WSACancelBlockingCall(struct context *context) {
    uint32_t error = gate(context, false);
    unsigned blocked = error == 0 ? blocked_thread(context) : (unsigned)NO_ROW;
    if (error == 0 && blocked == NO_ROW) error = WSAEINVAL;
    else if (error == 0 && reading(context, Q79_CANCEL_BLOCKING_CALL) == Q79_NEVER) error = WSAEOPNOTSUPP;
    if (error != 0) {
        fail_socket(context, error);
        return;
    }
    unsigned request = world_thread(context->world, blocked)->request;
    succeed(context, 0);
    request_cancel(context->world, request, WSAEINTR, context->result); /* the last error of all is its call's */
}

/* Is this thread, or another one of its task, inside a call that blocks? */
void call_WSAIsBlocking(struct context *context) {
    bool asks = negotiated_1_1(context->world, context->process);
    context->result->value = asks && blocked_thread(context) != NO_ROW ? TRUE : FALSE;
    context->result->error = ERROR_UNTOUCHED;
    assert(context->result->status == RESULT_RETURNED);
}
