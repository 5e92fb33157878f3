/* Events: created, set, reset. What waits for one is in waits.c. */
#include "stack/errors.h"
#include "stack/io/events.h"
#include "stack/model/handle_calls.h"
#include "stack/sdk/wait_values.h"
#include "stack/system/handles.h"

/* ERROR_NOT_ENOUGH_MEMORY. */
void call_CreateEventW(struct context *context) {
    const uint64_t *arguments = context->call->arguments;
    bool manual_reset = arguments[CreateEventW_bManualReset] != 0, set = arguments[CreateEventW_bInitialState] != 0;
    unsigned event = context->world->no_memory ? (unsigned)NO_ROW : event_create(context->world, manual_reset, set);
    return_new_handle(context, HANDLE_EVENT, event, 0);
    if (event != NO_ROW && world_event(context->world, event)->references == 0) event_release(context->world, event);
}

/* ERROR_INVALID_HANDLE. */
void call_SetEvent(struct context *context) {
    unsigned event = context_event(context, SetEvent_hEvent);
    if (event == NO_ROW) {
        fail(context, FALSE, ERROR_INVALID_HANDLE);
        return;
    }
    event_set(context->world, event);
    succeed(context, TRUE);
}

/* ERROR_INVALID_HANDLE. */
void call_ResetEvent(struct context *context) {
    unsigned event = context_event(context, ResetEvent_hEvent);
    if (event == NO_ROW) {
        fail(context, FALSE, ERROR_INVALID_HANDLE);
        return;
    }
    event_reset(context->world, event);
    succeed(context, TRUE);
}

/* --- Winsock's names for the same --------------------------------------------------------------------------------- */

/* WSANOTINITIALISED, WSAENETDOWN. */
static void violate_gate(const struct context *context, struct violations *violations) {
    violate_if(violations, !winsock_started(context), WSANOTINITIALISED);
    violate_if(violations, context->world->network_down, WSAENETDOWN);
}

/* The event of the only argument, or NO_ROW: then the call has ended. As violate_gate(); WSA_INVALID_HANDLE. */
static unsigned begin_event_call(struct context *context) {
    struct violations violations = { 0 };
    unsigned event = context_event(context, WSASetEvent_hEvent);
    violate_gate(context, &violations);
    violate_if(&violations, event == NO_ROW, WSA_INVALID_HANDLE);
    uint32_t error = violation_chosen(context, &violations);
    if (error != 0) fail(context, FALSE, error);
    return error == 0 ? event : (unsigned)NO_ROW;
}

/* As violate_gate(); WSA_NOT_ENOUGH_MEMORY. It has to be reset, and is not set (N1.9.12). */
void call_WSACreateEvent(struct context *context) {
    struct violations violations = { 0 };
    violate_gate(context, &violations);
    uint32_t error = violation_chosen(context, &violations);
    if (error != 0) {
        fail(context, 0, error);
        return;
    }
    bool room = !context->world->no_memory;
    unsigned event = room ? event_create(context->world, true, false) : (unsigned)NO_ROW;
    return_new_handle(context, HANDLE_EVENT, event, 0);
    if (event != NO_ROW && world_event(context->world, event)->references == 0) event_release(context->world, event);
}

void call_WSASetEvent(struct context *context) {
    unsigned event = begin_event_call(context);
    if (event == NO_ROW) return;
    event_set(context->world, event);
    succeed(context, TRUE);
}

void call_WSAResetEvent(struct context *context) {
    unsigned event = begin_event_call(context);
    if (event == NO_ROW) return;
    event_reset(context->world, event);
    succeed(context, TRUE);
}

void call_WSACloseEvent(struct context *context) {
    if (begin_event_call(context) == NO_ROW) return;
    uint64_t number = context->call->arguments[WSACloseEvent_hEvent];
    handle_release(context->world, context->chooser, context->process, number, context->result);
    succeed(context, TRUE);
}
