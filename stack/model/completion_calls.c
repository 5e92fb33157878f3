#include "stack/model/completion_calls.h"

#include <assert.h>

#include "stack/errors.h"
#include "stack/io/completion_ports.h"
#include "stack/model/handle_calls.h"
#include "stack/model/park.h"
#include "stack/sdk/wait_values.h"
#include "stack/system/handles.h"

static unsigned port_of_argument(const struct context *context, unsigned argument) {
    return handle_find(context->world, context->process, HANDLE_PORT, context->call->arguments[argument]);
}

/* --- CreateIoCompletionPort --------------------------------------------------------------------------------------- */

/* Whatever is no socket here was not opened for overlapped use, or is no file at all. */
static uint32_t file_error(const struct context *context, unsigned *socket) {
    uint64_t number = context->call->arguments[CreateIoCompletionPort_FileHandle];
    *socket = handle_find(context->world, context->process, HANDLE_SOCKET, number);
    if (*socket == NO_ROW) {
        bool file = handle_kind_of(context->world, context->process, number) == HANDLE_FILE;
        return file ? ERROR_INVALID_PARAMETER : ERROR_INVALID_HANDLE;
    }
    bool taken = has_completion_port(context->world, *socket);
    return taken || !world_socket(context->world, *socket)->overlapped ? ERROR_INVALID_PARAMETER : 0;
}

static void create_port(struct context *context, unsigned *port) {
    *port = context->world->no_memory ? (unsigned)NO_ROW : completion_port_create(context->world);
    return_new_handle(context, HANDLE_PORT, *port, 0);
    if (*port == NO_ROW || world_completion_port(context->world, *port)->references > 0) return;
    completion_port_release(context->world, *port);
    *port = NO_ROW;
}

/* ERROR_INVALID_HANDLE for what is no file, or no port; ERROR_INVALID_PARAMETER for a port where no file is, a file
 * that was not opened for overlapped use (T9.6.1), or that has a port already; ERROR_NOT_ENOUGH_MEMORY. */
void call_CreateIoCompletionPort(struct context *context) {
    const uint64_t *arguments = context->call->arguments;
    bool no_file = arguments[CreateIoCompletionPort_FileHandle] == UINT64_MAX;
    bool no_port = arguments[CreateIoCompletionPort_ExistingCompletionPort] == 0;
    unsigned socket = NO_ROW, port = port_of_argument(context, CreateIoCompletionPort_ExistingCompletionPort);
    struct violations violations = { 0 };
    uint32_t error = no_file ? 0 : file_error(context, &socket);
    violate_if(&violations, error != 0, error);
    violate_if(&violations, !no_port && port == NO_ROW, ERROR_INVALID_HANDLE);
    violate_if(&violations, no_file && !no_port, ERROR_INVALID_PARAMETER);
    error = violation_chosen(context, &violations);
    unsigned association = error != 0 || socket == NO_ROW ? (unsigned)NO_ROW : association_take(context->world, socket);
    if (error == 0 && socket != NO_ROW && association == NO_ROW) error = ERROR_NOT_ENOUGH_MEMORY;
    if (error != 0) {
        fail(context, 0, error);
        return;
    }
    if (no_port) create_port(context, &port);
    else succeed(context, arguments[CreateIoCompletionPort_ExistingCompletionPort]);
    if (association == NO_ROW) return;
    if (port == NO_ROW && world_association(context->world, association)->modes == 0)
        association_drop(context->world, socket);
    if (port == NO_ROW) return;
    world_association(context->world, association)->port = (uint16_t)port;
    world_association(context->world, association)->key = arguments[CreateIoCompletionPort_CompletionKey];
}

/* ERROR_INVALID_HANDLE; ERROR_INVALID_PARAMETER for unknown flags and for what was not opened for overlapped use
 * (W129). What is set stays set (W129). */
void call_SetFileCompletionNotificationModes(struct context *context) {
    enum { KNOWN_MODES = FILE_SKIP_COMPLETION_PORT_ON_SUCCESS | FILE_SKIP_SET_EVENT_ON_HANDLE };
    const uint64_t *arguments = context->call->arguments;
    uint64_t number = arguments[SetFileCompletionNotificationModes_FileHandle];
    uint32_t modes = (uint32_t)arguments[SetFileCompletionNotificationModes_Flags];
    enum handle_kind kind = handle_kind_of(context->world, context->process, number);
    unsigned socket = context_socket(context, SetFileCompletionNotificationModes_FileHandle);
    struct violations violations = { 0 };
    violate_if(&violations, kind != HANDLE_SOCKET && kind != HANDLE_FILE, ERROR_INVALID_HANDLE);
    violate_if(&violations, (modes & ~(uint32_t)KNOWN_MODES) != 0, ERROR_INVALID_PARAMETER);
    bool overlapped = socket != NO_ROW && world_socket(context->world, socket)->overlapped;
    violate_if(&violations, (kind == HANDLE_SOCKET || kind == HANDLE_FILE) && !overlapped, ERROR_INVALID_PARAMETER);
    uint32_t error = violation_chosen(context, &violations);
    unsigned association = error == 0 ? association_take(context->world, socket) : (unsigned)NO_ROW;
    if (error == 0 && association == NO_ROW) error = ERROR_NOT_ENOUGH_MEMORY;
    if (error != 0) {
        fail(context, FALSE, error);
        return;
    }
    world_association(context->world, association)->modes |= (uint8_t)modes;
    succeed(context, TRUE);
}

/* ERROR_INVALID_HANDLE; ERROR_NO_SYSTEM_RESOURCES. What is posted is not looked at. */
void call_PostQueuedCompletionStatus(struct context *context) {
    const uint64_t *arguments = context->call->arguments;
    unsigned port = port_of_argument(context, PostQueuedCompletionStatus_CompletionPort);
    bool has_row = completion_has_room(context->world), room = has_row && !context->world->no_memory;
    if (port != NO_ROW && !has_row) world_note_full(context->world, TABLE_COMPLETIONS);
    if (port == NO_ROW || !room) {
        fail(context, FALSE, port == NO_ROW ? ERROR_INVALID_HANDLE : ERROR_NO_SYSTEM_RESOURCES);
        return;
    }
    const struct completion packet = { .status = STATUS_SUCCESS,
                                       .information =
                                           (uint32_t)arguments[PostQueuedCompletionStatus_dwNumberOfBytesTransferred],
                                       .key = arguments[PostQueuedCompletionStatus_dwCompletionKey],
                                       .overlapped_address = arguments[PostQueuedCompletionStatus_lpOverlapped] };
    completion_queue(context->world, port, &packet);
    succeed(context, TRUE);
}

/* --- GetQueuedCompletionStatus ------------------------------------------------------------------------------------ */

/* What it stores, in the order of its parameters. */
enum { OUTPUT_BYTES, OUTPUT_KEY, OUTPUT_OVERLAPPED };

/* Stores a packet where the caller wants it. The error is the status in Win32's words (W5, W8); 0: it is a success. */
static uint32_t store_packet(struct result *result, const uint64_t *outputs, const struct completion *packet) {
    uint8_t bytes[4], key[8], overlapped[8];
    store_u32(bytes, packet->information);
    store_u64(key, packet->key);
    store_u64(overlapped, packet->overlapped_address);
    result_write(result, outputs[OUTPUT_BYTES], bytes, sizeof bytes);
    result_write(result, outputs[OUTPUT_KEY], key, sizeof key);
    result_write(result, outputs[OUTPUT_OVERLAPPED], overlapped, sizeof overlapped);
    return win32_error_of_status(packet->status);
}

/* Nothing was taken: *lpOverlapped says so (W45, W202). */
static void store_nothing(struct result *result, const uint64_t *outputs) {
    uint8_t none[8] = { 0 };
    result_write(result, outputs[OUTPUT_OVERLAPPED], none, sizeof none);
}

/* ERROR_INVALID_HANDLE; WAIT_TIMEOUT; ERROR_ABANDONED_WAIT_0 when the port is closed meanwhile (T9.6.5); else a packet:
 * a packet of a success leaves the last error as it was (W113), one of a failure returns FALSE with its error. */
void call_GetQueuedCompletionStatus(struct context *context) {
    const struct call *call = context->call;
    const uint64_t *arguments = call->arguments;
    unsigned port = port_of_argument(context, GetQueuedCompletionStatus_CompletionPort);
    uint32_t milliseconds = (uint32_t)arguments[GetQueuedCompletionStatus_dwMilliseconds];
    const struct wait wait = { .awaited = AWAITED_PORT,
                               .object = port,
                               .outputs = { arguments[GetQueuedCompletionStatus_lpNumberOfBytesTransferred],
                                            arguments[GetQueuedCompletionStatus_lpCompletionKey],
                                            arguments[GetQueuedCompletionStatus_lpOverlapped] } };
    if (!call_range_holds(call, GetQueuedCompletionStatus_lpNumberOfBytesTransferred, 4) ||
        !call_range_holds(call, GetQueuedCompletionStatus_lpCompletionKey, 8) ||
        !call_range_holds(call, GetQueuedCompletionStatus_lpOverlapped, 8)) {
        fault(context);
        return;
    }
    if (port != NO_ROW && completion_is_queued(context->world, port)) {
        struct completion packet = completion_take(context->world, port);
        uint32_t error = store_packet(context->result, wait.outputs, &packet);
        if (error != 0) fail(context, FALSE, error);
        else succeed_untouched(context, TRUE);
        return;
    }
    if (port != NO_ROW && milliseconds != 0) {
        wait_park(context, &wait, milliseconds);
        return;
    }
    store_nothing(context->result, wait.outputs);
    fail(context, FALSE, port == NO_ROW ? ERROR_INVALID_HANDLE : WAIT_TIMEOUT);
}

void packet_wait_finish(struct context *context, unsigned thread) {
    struct world *world = context->world;
    struct thread row = *world_thread(world, thread);
    bool closed = world_completion_port(world, row.object)->closed;
    struct result_return back = { .thread = (uint16_t)thread, .status = RESULT_RETURNED, .value = FALSE };
    assert(row.awaited == AWAITED_PORT);
    if (!closed && completion_is_queued(world, row.object)) {
        struct completion packet = completion_take(world, row.object);
        back.error = store_packet(context->result, row.outputs, &packet);
        back.value = back.error == 0;
        if (back.error == 0) back.error = ERROR_UNTOUCHED;
    } else {
        back.error = closed ? ERROR_ABANDONED_WAIT_0 : WAIT_TIMEOUT;
        store_nothing(context->result, row.outputs);
    }
    if (back.error != ERROR_UNTOUCHED) world_thread(world, thread)->last_error = back.error;
    thread_resume(world, thread);
    completion_port_leave(world, row.object);
    result_return(context->result, &back);
}
