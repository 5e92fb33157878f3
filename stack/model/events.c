/* Events: created, set, reset. What waits for one is in waits.c. */
#include "stack/errors.h"
#include "stack/io/requests.h"
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
