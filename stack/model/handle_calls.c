#include "stack/model/handle_calls.h"

#include <assert.h>

#include "stack/call/catalogue.h"
#include "stack/errors.h"
#include "stack/io/completion_ports.h"
#include "stack/io/events.h"
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
    assert(object != NO_ROW || kind == HANDLE_THREAD);
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
    if (kind == HANDLE_SOCKET) socket_close(context, context->process, number);
    else handle_release(context->world, context->chooser, context->process, number, context->result);
    succeed(context, TRUE);
}

/* What is to be duplicated. */
struct source {
    unsigned process; /* NO_ROW: there is none */
    uint64_t number;
    enum handle_kind kind; /* FREE: it names nothing */
    unsigned object;
};

static struct source source_of(const struct context *context) {
    const uint64_t *arguments = context->call->arguments;
    struct source source = { .process = process_of_id(context->world, arguments[DuplicateHandle_hSourceProcessHandle]),
                             .number = arguments[DuplicateHandle_hSourceHandle] };
    source.kind = handle_kind_of(context->world, source.process, source.number);
    if (source.kind != HANDLE_FREE) {
        source.object = handle_find(context->world, source.process, source.kind, source.number);
    } else if (source.process == context->process) {
        source.object = thread_of_handle(context->world, source.process, source.number);
        if (source.object != NO_ROW) source.kind = HANDLE_THREAD;
    }
    return source;
}

/* Other access than the source's is not, nor are events and files that children inherit, nor what hangs on a socket of
 * another process that loses its handle. */
static bool is_modelled(const struct context *context, const struct source *source, uint32_t options, bool inherits) {
    enum { KNOWN_OPTIONS = DUPLICATE_CLOSE_SOURCE | DUPLICATE_SAME_ACCESS };
    if ((options & DUPLICATE_SAME_ACCESS) == 0 || (options & ~(uint32_t)KNOWN_OPTIONS) != 0) return false;
    bool taken_away = (options & DUPLICATE_CLOSE_SOURCE) != 0 && source->process != context->process;
    return !(inherits || taken_away) || source->kind == HANDLE_SOCKET || source->kind == HANDLE_FREE;
}

/* A second handle of the source's object, with its access (T9.10.1), in the target process; 0: there is no room. */
static uint32_t duplicate(struct context *context, const struct source *source, unsigned target, bool inherits) {
    if (context->world->no_memory) return 0;
    uint32_t number = handle_open(context->world, context->chooser, target, source->kind, source->object);
    if (number == 0) return 0;
    handle_set_duplicated(context->world, target, number);
    handle_set_inheritable(context->world, target, number, inherits);
    return number;
}

/* ERROR_INVALID_HANDLE; ERROR_NOT_ENOUGH_MEMORY. DUPLICATE_CLOSE_SOURCE closes the source whatever comes of it
 * (T9.10.3). */
void call_DuplicateHandle(struct context *context) {
    const uint64_t *arguments = context->call->arguments;
    const struct source source = source_of(context);
    unsigned target = process_of_id(context->world, arguments[DuplicateHandle_hTargetProcessHandle]);
    uint32_t options = (uint32_t)arguments[DuplicateHandle_dwOptions];
    bool inherits = arguments[DuplicateHandle_bInheritHandle] != 0, closes = (options & DUPLICATE_CLOSE_SOURCE) != 0;
    if (!is_modelled(context, &source, options, inherits)) {
        not_modelled(context, not_modelled_function(FUNCTION_DuplicateHandle));
        return;
    }
    bool named = source.kind != HANDLE_FREE && target != NO_ROW;
    uint32_t number = named ? duplicate(context, &source, target, inherits) : 0;
    bool is_handle = source.kind != HANDLE_FREE && source.number - THREAD_HANDLE_FIRST >= THREAD_HANDLES;
    if (closes && is_handle && source.kind == HANDLE_SOCKET) socket_close(context, source.process, source.number);
    else if (closes && is_handle)
        handle_release(context->world, context->chooser, source.process, source.number, context->result);
    if (number != 0) succeed(context, number);
    else fail(context, 0, named ? ERROR_NOT_ENOUGH_MEMORY : ERROR_INVALID_HANDLE);
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
