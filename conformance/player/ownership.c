#include "conformance/player/ownership.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "conformance/language/build.h"
#include "stack/call/signature.h"
#include "stack/sdk/error_values.h"
#include "stack/sdk/wait_values.h"

/* A misuse; the first one counts. `what` ends before the number of the other line, `then` stands after it. */
static void misused(struct ownership *ownership, uint32_t line, const char *what, uint32_t other, const char *then) {
    if (ownership->misuse_line != 0) return;
    ownership->misuse_line = line;
    reason_set(&ownership->misuse, "line %u %s line %u%s", (unsigned)line, what, (unsigned)other, then);
}

static bool is_of(const struct call *call, enum function function) { return call->function == function; }

/* The call's first argument of a kind; 0 where it has none. */
static uint64_t argument_of(const struct call *call, enum parameter_kind kind) {
    int parameter = signature_parameter_of_kind(signature_of((enum function)call->function), kind);
    return parameter < 0 ? 0 : call->arguments[parameter];
}

static void free_row(struct ownership *ownership, struct owned_memory *row) {
    memset(row, 0, sizeof *row);
    while (ownership->owned_used > 0 && ownership->owned[ownership->owned_used - 1].line == 0) ownership->owned_used--;
}

static void detach(struct ownership *ownership, struct attached_socket *row) {
    memset(row, 0, sizeof *row);
    while (ownership->attached_used > 0 && !ownership->attached[ownership->attached_used - 1].there)
        ownership->attached_used--;
}

static struct attached_socket *attached_of(struct ownership *ownership, uint64_t socket, int process) {
    for (unsigned i = 0; i < ownership->attached_used; i++) {
        struct attached_socket *row = &ownership->attached[i];
        if (row->there && row->socket == socket && row->process == process) return row;
    }
    return NULL;
}

/* --- what there is to follow -------------------------------------------------------------------------------------- */

/* Of the steps read so far: the threads that use each name, as bit sets, and whether a step closes it. */
struct uses {
    uint16_t users[NAMES_MAX];
    bool closed[NAMES_MAX];
};

enum { IN_ANY_ORDER = 1u << THREADS_MAX }; /* among the users: a line of a `together` */

/* Does it hand over an OVERLAPPED for a request to begin with? */
static bool begins_request(const struct step *step) {
    int place = signature_parameter_of_kind(step->signature, PARAMETER_OVERLAPPED);
    const struct expression *value =
        place >= 0 && signature_starts_request(step->signature) ? argument_value(step, place) : NULL;
    return value != NULL && (value->kind != EXPRESSION_POINTER || value->number != POINTER_NULL);
}

/* May a closed socket be used by this call, or by one above that is played later? Only steps of one thread outside a
 * `together` are played in the order in which they stand. */
static bool uses_closed(const struct step *step, bool in_together, struct uses *uses) {
    const unsigned ordered = in_together ? 0 : 1u << step->thread;
    const bool closes = step->signature->function == FUNCTION_closesocket;
    for (uint32_t i = 0; i < step->arguments_count; i++) {
        const struct expression *value = step->arguments[i].value;
        if (value->kind != EXPRESSION_NAME || value->name < 0) continue;
        if (uses->closed[value->name] || (closes && (uses->users[value->name] & ~ordered) != 0)) return true;
        uses->users[value->name] |= (uint16_t)(in_together ? IN_ANY_ORDER : ordered);
        uses->closed[value->name] = closes;
    }
    return false;
}

static bool can_misuse(const struct step *step, bool in_together, struct uses *uses) {
    if (step->kind == STEP_FREE) return true;
    if (step->kind == STEP_CALL) return begins_request(step) || uses_closed(step, in_together, uses);
    for (uint32_t i = 0; step->kind == STEP_TOGETHER && i < step->children_count; i++)
        if (can_misuse(&step->children[i], true, uses)) return true;
    return false;
}

void ownership_begin(struct ownership *ownership, const struct scenario *scenario) {
    struct uses uses = { .users = { 0 } };
    bool follows = false;
    for (uint32_t i = 0; i < scenario->steps_count && !follows; i++)
        follows = can_misuse(&scenario->steps[i], false, &uses);
    memset(ownership, 0, follows ? sizeof *ownership : offsetof(struct ownership, owned));
    ownership->follows = follows;
}

/* --- before a call ------------------------------------------------------------------------------------------------ */

static void check_reuse(struct ownership *ownership, const struct step *step, const struct call *call) {
    for (unsigned i = 0; i < ownership->owned_used; i++) {
        const struct owned_memory *row = &ownership->owned[i];
        if (row->line == 0 || row->process != step->process) continue;
        if (kernel_memory_used_again(&row->memory, call))
            misused(ownership, step->position.line, "uses an OVERLAPPED again that belongs to the request of",
                    row->line, "");
        bool closes = is_of(call, FUNCTION_CloseHandle) || is_of(call, FUNCTION_WSACloseEvent);
        if (closes && row->event != 0 && argument_of(call, PARAMETER_HANDLE) == row->event)
            misused(ownership, step->position.line, "closes the event of the request of", row->line, "");
    }
}

static void check_freed(struct ownership *ownership, const struct step *step, int name) {
    if (name < 0 || ownership->freed_lines[name] == 0) return;
    misused(ownership, step->position.line, "uses memory that was given back in", ownership->freed_lines[name], "");
}

/* The names among the arguments, also inside records and pointers. */
static void check_freed_arguments(struct ownership *ownership, const struct step *step,
                                  const struct expression *value) {
    if (value->kind == EXPRESSION_NAME) check_freed(ownership, step, value->name);
    for (uint32_t i = 0; i < value->items_count; i++) check_freed_arguments(ownership, step, value->items[i]);
}

/* Input that is a buffer of the system's. */
static void check_input(struct ownership *ownership, const struct session *session, const struct scenario *scenario,
                        const struct step *step) {
    for (uint32_t i = 0; i < step->arguments_count; i++) {
        const struct expression *value = step->arguments[i].value;
        bool buffer =
            value->kind == EXPRESSION_NAME && value->name >= 0 && scenario->names[value->name].kind == NAME_BUFFER;
        bool input = step->signature->parameters[step->arguments[i].parameter].kind == PARAMETER_IN;
        if (!buffer || !input) continue;
        ownership_look(ownership, step, session->live[value->name].number, false);
    }
}

/* The line that made a handle of the process after this line; 0: none has. */
static uint32_t made_since(const struct session *session, const struct scenario *scenario, int process, uint32_t line) {
    for (uint32_t i = 0; i < scenario->names_count; i++) {
        const struct name *name = &scenario->names[i];
        bool made = name_is_handle(name->kind) && name->process == process && session->live[i].state != LIVE_ABSENT;
        if (made && name->line > line) return name->line;
    }
    return 0;
}

/* The name of a socket that was closed, when its value may have been given again. */
static void check_stale(struct ownership *ownership, const struct session *session, const struct scenario *scenario,
                        const struct step *step) {
    for (uint32_t i = 0; i < step->arguments_count; i++) {
        const struct expression *value = step->arguments[i].value;
        if (value->kind != EXPRESSION_NAME || value->name < 0) continue;
        uint32_t closed = ownership->closed_lines[value->name];
        bool own = scenario->names[value->name].process == step->process; /* a child has a handle of its own */
        if (closed == 0 || !own || session->live[value->name].state != LIVE_STALE) continue;
        uint32_t made = made_since(session, scenario, step->process, closed);
        if (made != 0)
            misused(ownership, step->position.line,
                    "uses a closed socket, whose value the system may have given to the "
                    "handle of",
                    made, "");
    }
}

void ownership_before(struct ownership *ownership, const struct session *session, const struct scenario *scenario,
                      const struct step *step, const struct call *call) {
    if (!ownership->follows) return;
    for (uint32_t i = 0; i < step->arguments_count; i++)
        check_freed_arguments(ownership, step, step->arguments[i].value);
    check_reuse(ownership, step, call);
    check_input(ownership, session, scenario, step);
    check_stale(ownership, session, scenario, step);
}

void ownership_free(struct ownership *ownership, const struct step *step, uint64_t address) {
    assert(ownership->follows);
    for (unsigned i = 0; i < OWNED_MAX; i++) {
        const struct owned_memory *row = &ownership->owned[i];
        bool owned = row->line != 0 && kernel_memory_part(&row->memory, address, 1) != KERNEL_NOTHING;
        if (owned)
            misused(ownership, step->position.line, "frees memory that belongs to the request of", row->line, "");
    }
    check_freed(ownership, step, step->subject);
    ownership->freed_lines[step->subject] = step->position.line;
}

void ownership_look(struct ownership *ownership, const struct step *step, uint64_t address, bool pending) {
    if (!ownership->follows) return;
    if (step->kind == STEP_SHOW) check_freed(ownership, step, step->subject);
    for (unsigned i = 0; i < ownership->owned_used; i++) {
        struct owned_memory *row = &ownership->owned[i];
        enum kernel_part part = row->line == 0 ? KERNEL_NOTHING : kernel_memory_part(&row->memory, address, 1);
        if (part == KERNEL_OUTPUT)
            misused(ownership, step->position.line, "reads a buffer that belongs to the request of", row->line, "");
        bool ended = part == KERNEL_OVERLAPPED && !pending && !row->by_routine && !row->by_packet;
        if (ended) free_row(ownership, row);
    }
}

/* --- after a call ------------------------------------------------------------------------------------------------- */

static void begin(struct ownership *ownership, const struct step *step, const struct call *call,
                  const struct result *result) {
    struct kernel_memory memory;
    if (!kernel_memory_of(call, &memory)) return;
    const struct signature *signature = signature_of((enum function)call->function);
    bool at_once = signature_succeeds(signature, result->value);
    bool pends = !at_once && result->error == WSA_IO_PENDING;
    const struct attached_socket *attached = attached_of(ownership, call->arguments[WSAIoctl_s], step->process);
    int place = signature_parameter_of_kind(signature, PARAMETER_OVERLAPPED);
    const struct range *range = &call->ranges[place];
    uint64_t event =
        range->bytes_length >= OVERLAPPED_SIZE ? load_u64(call->bytes + range->bytes_offset + OVERLAPPED_EVENT) : 0;
    bool by_routine = argument_of(call, PARAMETER_ROUTINE) != 0;
    bool by_packet = !by_routine && attached != NULL && (event & 1) == 0 && !(at_once && attached->skips);
    if (!pends && !(at_once && (by_routine || by_packet))) return;
    for (unsigned i = 0; i < OWNED_MAX; i++) {
        struct owned_memory *row = &ownership->owned[i];
        if (row->line != 0) continue;
        if (i == ownership->owned_used) ownership->owned_used++;
        row->memory = memory;
        row->socket = call->arguments[WSAIoctl_s];
        row->event = event & ~UINT64_C(1);
        row->line = step->position.line;
        row->process = (uint16_t)step->process;
        row->by_routine = by_routine;
        row->by_packet = by_packet;
        return;
    }
}

static struct owned_memory *owned_at(struct ownership *ownership, uint64_t overlapped, int process) {
    for (unsigned i = 0; i < ownership->owned_used; i++) {
        struct owned_memory *row = &ownership->owned[i];
        if (row->line != 0 && row->process == process && row->memory.overlapped == overlapped) return row;
    }
    return NULL;
}

static void release(struct ownership *ownership, uint64_t overlapped, int process) {
    struct owned_memory *row = owned_at(ownership, overlapped, process);
    if (row != NULL) free_row(ownership, row);
}

/* Does the line expect a failure that is no time-out? */
static bool expects_failure(const struct step *step, uint32_t error) {
    for (uint32_t i = 0; i < step->outcomes_count; i++) {
        const struct outcome *outcome = &step->outcomes[i];
        if (outcome->word == OUTCOME_FAILS || outcome->word == OUTCOME_ANY) return true;
        if (outcome->word == OUTCOME_ERROR && outcome->value != NULL && outcome->value->number == error) return true;
    }
    return false;
}

static void take_packet(struct ownership *ownership, const struct step *step, const struct call *call,
                        const struct result *result) {
    uint64_t overlapped = 0;
    for (unsigned i = 0; i < result->writes_count; i++) {
        const struct result_write *write = &result->writes[i];
        bool pointer = write->address == call->arguments[GetQueuedCompletionStatus_lpOverlapped] && write->length == 8;
        if (pointer) overlapped = load_u64(result->bytes + write->bytes_offset);
    }
    const struct owned_memory *row = owned_at(ownership, overlapped, step->process);
    if (row == NULL) return;
    if (result->value == 0 && !expects_failure(step, result->error))
        misused(ownership, step->position.line, "takes for a time-out the packet of the failed request of", row->line,
                "");
    release(ownership, overlapped, step->process);
}

/* Several packets at once: what became of each the caller reads from its entry. */
static void take_packets(struct ownership *ownership, const struct step *step, const struct call *call,
                         const struct result *result) {
    for (unsigned i = 0; i < result->writes_count; i++) {
        const struct result_write *write = &result->writes[i];
        if (write->address != call->arguments[GetQueuedCompletionStatusEx_lpCompletionPortEntries]) continue;
        const uint8_t *entries = result->bytes + write->bytes_offset;
        for (uint32_t at = 0; at + OVERLAPPED_ENTRY_SIZE <= write->length; at += OVERLAPPED_ENTRY_SIZE)
            release(ownership, load_u64(entries + at + ENTRY_OVERLAPPED), step->process);
    }
}

/* Failures of a question that say nothing of the request. */
static bool tells_nothing(uint32_t error) {
    return error == WSA_IO_INCOMPLETE || error == WSAENOTSOCK || error == ERROR_INVALID_HANDLE ||
           error == WAIT_TIMEOUT || error == WAIT_IO_COMPLETION;
}

/* Has the wait ended because this event was set? Of several it is the one whose place is returned, or all. */
static bool has_ended_wait(const struct call *call, const struct result *result, uint64_t event) {
    const struct signature *signature = signature_of((enum function)call->function);
    int handles = signature_parameter_of_kind(signature, PARAMETER_HANDLES);
    if (signature->returns != RETURNS_WAIT) return false;
    if (handles < 0) return argument_of(call, PARAMETER_HANDLE) == event && result->value == WAIT_OBJECT_0;
    const struct range *range = &call->ranges[handles];
    uint64_t count = range->bytes_length / POINTER_SIZE, place = (uint32_t)result->value - WAIT_OBJECT_0;
    bool all = argument_of(call, PARAMETER_BOOL) != 0;
    for (uint64_t i = 0; place < count && i < count; i++) {
        bool taken = all || i == place;
        if (taken && load_u64(call->bytes + range->bytes_offset + i * POINTER_SIZE) == event) return true;
    }
    return false;
}

/* An answer of a function that tells of a request, or of a wait for its event. */
static void learn(struct ownership *ownership, const struct step *step, const struct call *call,
                  const struct result *result) {
    const struct signature *signature = signature_of((enum function)call->function);
    bool asks = is_of(call, FUNCTION_WSAGetOverlappedResult) || is_of(call, FUNCTION_GetOverlappedResult) ||
                is_of(call, FUNCTION_GetOverlappedResultEx);
    bool ended = signature_succeeds(signature, result->value) || !tells_nothing(result->error);
    for (unsigned i = 0; i < ownership->owned_used; i++) {
        struct owned_memory *row = &ownership->owned[i];
        if (row->line == 0 || row->process != step->process || row->by_packet || row->by_routine) continue;
        bool asked = asks && ended && argument_of(call, PARAMETER_OVERLAPPED) == row->memory.overlapped;
        if (asked || (row->event != 0 && has_ended_wait(call, result, row->event))) free_row(ownership, row);
    }
}

static void note_socket(struct ownership *ownership, const struct step *step, const struct call *call,
                        const struct result *result) {
    const struct signature *signature = signature_of((enum function)call->function);
    if (!signature_succeeds(signature, result->value)) return;
    uint64_t handle = argument_of(call, PARAMETER_HANDLE);
    struct attached_socket *row = attached_of(ownership, handle, step->process);
    if (is_of(call, FUNCTION_SetFileCompletionNotificationModes) && row != NULL)
        row->skips |=
            (call->arguments[SetFileCompletionNotificationModes_Flags] & FILE_SKIP_COMPLETION_PORT_ON_SUCCESS) != 0;
    for (unsigned i = 0; is_of(call, FUNCTION_CreateIoCompletionPort) && row == NULL && i < ATTACHED_MAX; i++) {
        if (ownership->attached[i].there) continue;
        if (i == ownership->attached_used) ownership->attached_used++;
        row = &ownership->attached[i];
        *row = (struct attached_socket){ .socket = handle, .process = (uint16_t)step->process, .there = 1 };
    }
    if (!is_of(call, FUNCTION_closesocket)) return;
    const struct expression *socket = argument_value(step, closesocket_s);
    if (socket != NULL && socket->kind == EXPRESSION_NAME && socket->name >= 0)
        ownership->closed_lines[socket->name] = step->position.line;
    if (row != NULL) detach(ownership, row);
    for (unsigned i = 0; i < ownership->owned_used; i++) {
        struct owned_memory *owned = &ownership->owned[i];
        bool its = owned->line != 0 && owned->process == step->process && owned->socket == handle;
        if (its) owned->closed_line = step->position.line;
    }
}

void ownership_after(struct ownership *ownership, const struct step *step, const struct call *call,
                     const struct result *result) {
    if (!ownership->follows) return;
    if (is_of(call, FUNCTION_GetQueuedCompletionStatus)) take_packet(ownership, step, call, result);
    if (is_of(call, FUNCTION_GetQueuedCompletionStatusEx)) take_packets(ownership, step, call, result);
    learn(ownership, step, call, result);
    note_socket(ownership, step, call, result);
    begin(ownership, step, call, result);
    ownership_ran(ownership, step, result);
}

void ownership_ran(struct ownership *ownership, const struct step *step, const struct result *result) {
    for (unsigned i = 0; i < result->routines_count; i++)
        if (result->routines[i].kind == RAN_ROUTINE) release(ownership, result->routines[i].overlapped, step->process);
}

/* --- ends --------------------------------------------------------------------------------------------------------- */

void ownership_event(struct ownership *ownership, const struct step *step) {
    for (unsigned i = 0; i < ownership->owned_used; i++) {
        struct owned_memory *row = &ownership->owned[i];
        bool process = step->kind == STEP_REBOOT ||
                       ((step->kind == STEP_EXITS || step->kind == STEP_CRASHES) && row->process == step->process);
        bool thread = step->kind == STEP_THREAD_EXITS && row->memory.thread == step->thread && row->by_routine;
        if (process || thread) free_row(ownership, row);
    }
}

void ownership_end(struct ownership *ownership) {
    for (unsigned i = 0; i < ownership->owned_used; i++) {
        const struct owned_memory *row = &ownership->owned[i];
        if (row->line != 0 && row->closed_line != 0)
            misused(ownership, row->closed_line, "closes the socket of the request of", row->line,
                    ", and no line learns of its end");
    }
}
