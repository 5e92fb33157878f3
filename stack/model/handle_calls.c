#include "stack/model/handle_calls.h"

#include <assert.h>

#include "stack/call/catalogue.h"
#include "stack/errors.h"
#include "stack/io/completion_ports.h"
#include "stack/io/requests.h"
#include "stack/sdk/wait_values.h"
#include "stack/system/handles.h"
#include "stack/transport/sockets.h"

void return_new_handle(struct context *context, enum handle_kind kind, unsigned object, uint64_t failure) {
    uint32_t number = 0;
    if (object != NO_ROW) number = handle_open(context->world, context->chooser, context->process, kind, object);
    if (number == 0) fail(context, failure, ERROR_NOT_ENOUGH_MEMORY);
    else succeed(context, number);
}

void handle_release(struct world *world, struct chooser *chooser, unsigned process, uint64_t number,
                    struct result *result) {
    enum handle_kind kind = handle_kind_of(world, process, number);
    unsigned object = NO_ROW;
    assert(kind != HANDLE_FREE);
    if (kind == HANDLE_SOCKET) {
        socket_close_handle(world, chooser, process, number, result);
        return;
    }
    unsigned left = handle_close(world, process, number, &object);
    assert(object != NO_ROW);
    if (left > 0) return;
    if (kind == HANDLE_EVENT) event_release(world, object);
    else if (kind == HANDLE_PORT) completion_port_release(world, object);
    else world_free(world, TABLE_FILES, object);
}

/* ERROR_INVALID_HANDLE. A socket may be closed this way too (W115). */
void call_CloseHandle(struct context *context) {
    uint64_t number = context->call->arguments[CloseHandle_hObject];
    enum handle_kind kind = handle_kind_of(context->world, context->process, number);
    if (kind == HANDLE_FREE) {
        fail(context, FALSE, ERROR_INVALID_HANDLE);
        return;
    }
    if (kind == HANDLE_SOCKET) socket_close(context, number);
    else handle_release(context->world, context->chooser, context->process, number, context->result);
    succeed(context, TRUE);
}

/* ERROR_INVALID_HANDLE. Of a socket HANDLE_FLAG_INHERIT is modelled (F23); HANDLE_FLAG_PROTECT_FROM_CLOSE is not, nor
 * are events and files that children inherit. */
void call_SetHandleInformation(struct context *context) {
    uint64_t number = context->call->arguments[SetHandleInformation_hObject];
    uint32_t mask = (uint32_t)context->call->arguments[SetHandleInformation_dwMask];
    uint32_t flags = (uint32_t)context->call->arguments[SetHandleInformation_dwFlags] & mask;
    enum handle_kind kind = handle_kind_of(context->world, context->process, number);
    if (kind == HANDLE_FREE) {
        fail(context, FALSE, ERROR_INVALID_HANDLE);
        return;
    }
    bool inherits = (flags & HANDLE_FLAG_INHERIT) != 0;
    if ((mask & ~(uint32_t)HANDLE_FLAG_INHERIT) != 0 || (inherits && kind != HANDLE_SOCKET)) {
        not_modelled(context, not_modelled_function(FUNCTION_SetHandleInformation));
        return;
    }
    if (mask != 0 && kind == HANDLE_SOCKET) handle_set_inheritable(context->world, context->process, number, inherits);
    succeed(context, TRUE);
}
