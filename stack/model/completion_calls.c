#include "stack/model/completion_calls.h"

#include <assert.h>

#include "stack/call/catalogue.h"
#include "stack/errors.h"
#include "stack/io/completion_ports.h"
#include "stack/io/requests.h"
#include "stack/model/handle_calls.h"
#include "stack/model/park.h"
#include "stack/sdk/wait_values.h"
#include "stack/system/handles.h"

/* The port of a handle, or NO_ROW. Of one that DuplicateHandle made: Q138. */
static unsigned port_of_argument(struct context *context, unsigned argument) {
    uint64_t number = context->call->arguments[argument];
    unsigned port = handle_find(context->world, context->process, HANDLE_PORT, number);
    if (port == NO_ROW || !handle_is_duplicated(context->world, context->process, number)) return port;
    return reading(context, Q138_DUPLICATED_PORT) == Q138_INVALID_HANDLE ? (unsigned)NO_ROW : port;
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
    unsigned socket = handle_find(context->world, context->process, HANDLE_SOCKET, number);
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

/* --- GetQueuedCompletionStatus, and its Ex form ------------------------------------------------------------------- */

/* What they store, in the order of their parameters; Ex keeps there how many entries there is room for. */
enum { OUTPUT_BYTES, OUTPUT_KEY, OUTPUT_OVERLAPPED };
enum { OUTPUT_ENTRIES, OUTPUT_REMOVED, OUTPUT_ROOM };

/* Of the threads that wait at a port the one that was parked last takes the packet (T9.6.4). */
static bool is_first_in_line(const struct world *world, unsigned thread) {
    const struct thread *row = world_thread_at(world, thread);
    for (unsigned i = thread_next_waiting(world, NO_ROW); i != NO_ROW; i = thread_next_waiting(world, i)) {
        const struct thread *other = world_thread_at(world, i);
        bool same = other->awaited == AWAITED_PORT && other->object == row->object;
        if (same && other->parked_serial > row->parked_serial) return false;
    }
    return true;
}

bool packet_has_come(const struct world *world, unsigned thread) {
    const struct thread *row = world_thread_at(world, thread);
    assert(row->awaited == AWAITED_PORT);
    return completion_is_queued(world, row->object) && is_first_in_line(world, thread);
}

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

/* What only a packet is stored with. */
static bool holds_count_and_key(const struct call *call) {
    return call_range_holds(call, GetQueuedCompletionStatus_lpNumberOfBytesTransferred, 4) &&
           call_range_holds(call, GetQueuedCompletionStatus_lpCompletionKey, 8);
}

/* ERROR_INVALID_HANDLE; WAIT_TIMEOUT; ERROR_ABANDONED_WAIT_0 when the port is closed meanwhile (T9.6.5); else a packet:
 * a packet of a success leaves the last error as it was (W113), one of a failure returns FALSE with its error. Where
 * none can come, *lpOverlapped alone is stored (W45, W202), and a bad place of the others is not seen. */
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
    bool queued = port != NO_ROW && completion_is_queued(context->world, port);
    bool may_take = queued || (port != NO_ROW && milliseconds != 0);
    if (!call_range_holds(call, GetQueuedCompletionStatus_lpOverlapped, 8) ||
        (may_take && !holds_count_and_key(call))) {
        fault(context);
        return;
    }
    if (queued) {
        struct completion packet = completion_take(context->world, port, context->thread);
        uint32_t error = store_packet(context->result, wait.outputs, &packet);
        if (error != 0) fail(context, FALSE, error);
        else succeed_untouched(context, TRUE);
        return;
    }
    if (port != NO_ROW && milliseconds != 0) {
        (void)wait_park(context, &wait, milliseconds);
        return;
    }
    store_nothing(context->result, wait.outputs);
    fail(context, FALSE, port == NO_ROW ? ERROR_INVALID_HANDLE : WAIT_TIMEOUT);
}

/* Takes what is there, as far as there is room, and does not wait for more (W192). */
static void take_entries(struct context *context, unsigned thread, unsigned port, const uint64_t *outputs) {
    uint8_t entries[PACKETS_TAKEN_MAX * OVERLAPPED_ENTRY_SIZE] = { 0 }, removed[4];
    uint32_t count = 0, room = (uint32_t)outputs[OUTPUT_ROOM];
    while (count < room && count < PACKETS_TAKEN_MAX && completion_is_queued(context->world, port)) {
        struct completion packet = completion_take(context->world, port, thread);
        uint8_t *entry = entries + count++ * OVERLAPPED_ENTRY_SIZE;
        store_u64(entry + ENTRY_KEY, packet.key);
        store_u64(entry + ENTRY_OVERLAPPED, packet.overlapped_address);
        store_u64(entry + ENTRY_INTERNAL, packet.status);
        store_u32(entry + ENTRY_BYTES, packet.information);
    }
    assert(count > 0);
    store_u32(removed, count);
    result_write(context->result, outputs[OUTPUT_ENTRIES], entries, count * OVERLAPPED_ENTRY_SIZE);
    result_write(context->result, outputs[OUTPUT_REMOVED], removed, sizeof removed);
}

/* Nothing was taken: the count is not reliable (W192). */
static void store_no_entries(struct context *context, const uint64_t *outputs) {
    enum { LEFT, ZERO, ONE, OUTCOMES };
    uint8_t removed[4];
    unsigned outcome = choose(context->chooser, CHOICE_REMOVED, OUTCOMES);
    store_u32(removed, outcome == ONE);
    if (outcome != LEFT) result_write(context->result, outputs[OUTPUT_REMOVED], removed, sizeof removed);
}

/* Packet and routine are there: Q127. */
static bool prefers_packet(struct context *context, unsigned thread, unsigned port) {
    if (reading(context, Q127_PACKET_OR_ROUTINE) == Q127_PACKET) return true;
    return world_thread(context->world, thread)->served_port == port + 1;
}

/* ERROR_INVALID_HANDLE; WAIT_TIMEOUT; ERROR_ABANDONED_WAIT_0 when the port is closed meanwhile; WAIT_IO_COMPLETION when
 * routines ran; else as many packets as there are, whatever their status (T9.6.7, W202). What becomes of a bad pointer
 * or of no room no source tells. */
void call_GetQueuedCompletionStatusEx(struct context *context) {
    const struct call *call = context->call;
    const uint64_t *arguments = call->arguments;
    unsigned port = port_of_argument(context, GetQueuedCompletionStatusEx_CompletionPort);
    uint32_t milliseconds = (uint32_t)arguments[GetQueuedCompletionStatusEx_dwMilliseconds];
    uint32_t room = (uint32_t)arguments[GetQueuedCompletionStatusEx_ulCount];
    uint32_t needed = (room < PACKETS_TAKEN_MAX ? room : (uint32_t)PACKETS_TAKEN_MAX) * OVERLAPPED_ENTRY_SIZE;
    const struct wait wait = { .awaited = AWAITED_PORT,
                               .object = port,
                               .alertable = arguments[GetQueuedCompletionStatusEx_fAlertable] != 0,
                               .outputs = { arguments[GetQueuedCompletionStatusEx_lpCompletionPortEntries],
                                            arguments[GetQueuedCompletionStatusEx_ulNumEntriesRemoved], room } };
    if (room == 0 || !call_range_holds(call, GetQueuedCompletionStatusEx_lpCompletionPortEntries, needed) ||
        !call_range_holds(call, GetQueuedCompletionStatusEx_ulNumEntriesRemoved, 4)) {
        not_modelled(context, not_modelled_function(call->function));
        return;
    }
    bool packet = port != NO_ROW && completion_is_queued(context->world, port);
    bool routine = port != NO_ROW && wait.alertable && routine_is_queued(context->world, context->thread);
    if (packet && (!routine || prefers_packet(context, context->thread, port))) {
        take_entries(context, context->thread, port, wait.outputs);
        succeed(context, TRUE);
        return;
    }
    if (port != NO_ROW && !routine && milliseconds != 0) {
        (void)wait_park(context, &wait, milliseconds);
        return;
    }
    if (routine) routine_deliver_all(context->world, context->thread, context->result);
    store_no_entries(context, wait.outputs);
    fail(context, FALSE, port == NO_ROW ? ERROR_INVALID_HANDLE : routine ? WAIT_IO_COMPLETION : WAIT_TIMEOUT);
}

/* Of GetQueuedCompletionStatus: the error, or ERROR_UNTOUCHED after a success. */
static uint32_t finish_single(struct context *context, unsigned thread, bool packet, uint32_t error) {
    const struct thread *row = world_thread(context->world, thread);
    if (!packet) {
        store_nothing(context->result, row->outputs);
        return error;
    }
    struct completion taken = completion_take(context->world, row->object, thread);
    error = store_packet(context->result, row->outputs, &taken);
    return error != 0 ? error : (uint32_t)ERROR_UNTOUCHED;
}

/* Of the Ex form, likewise. */
static uint32_t finish_several(struct context *context, unsigned thread, bool packet, uint32_t error) {
    const struct thread row = *world_thread(context->world, thread);
    bool routine = row.alertable && routine_is_queued(context->world, thread);
    if (packet && (!routine || prefers_packet(context, thread, row.object))) {
        take_entries(context, thread, row.object, row.outputs);
        return ERROR_UNTOUCHED;
    }
    if (routine) routine_deliver_all(context->world, thread, context->result);
    store_no_entries(context, row.outputs);
    return routine ? WAIT_IO_COMPLETION : error;
}

void packet_wait_finish(struct context *context, unsigned thread) {
    struct world *world = context->world;
    const struct thread row = *world_thread(world, thread);
    bool closed = world_completion_port(world, row.object)->closed, packet = !closed && packet_has_come(world, thread);
    bool several = row.function == FUNCTION_GetQueuedCompletionStatusEx;
    const uint32_t failure = closed ? ERROR_ABANDONED_WAIT_0 : WAIT_TIMEOUT;
    struct result_return back = { .thread = (uint16_t)thread, .status = RESULT_RETURNED };
    back.error =
        several ? finish_several(context, thread, packet, failure) : finish_single(context, thread, packet, failure);
    back.value = back.error == ERROR_UNTOUCHED;
    if (several && back.value != FALSE) back.error = last_error_of_later_success(context);
    if (back.error != ERROR_UNTOUCHED) world_thread(world, thread)->last_error = back.error;
    thread_resume(world, thread);
    completion_port_leave(world, row.object);
    result_return(context->result, &back);
}
