#include "conformance/session/session.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "conformance/language/layouts.h"
#include "conformance/session/executor.h"
#include "conformance/session/session_parts.h"

_Static_assert(sizeof(struct live_value) == 40, "live values have no hidden padding");
_Static_assert(sizeof(struct observed_value) == 16, "observed values have no hidden padding");
_Static_assert(offsetof(struct session, memory) + SESSION_MEMORY_MAX == sizeof(struct session), "memory comes last");
_Static_assert(offsetof(struct session, live) + NAMES_MAX * sizeof(struct live_value) == offsetof(struct session, memory),
               "names come before it");
_Static_assert(OBJECT_ADDRESSES + NAMES_MAX * PAGE_STRIDE < ROUTINE_ADDRESS, "pages of names do not meet the routine");

enum {
    LEARNED_HANDLES = 0x40000000, /* handles that a trace does not tell get numbers of our own, above any real one */
};

_Static_assert(PROCESSES_MAX <= 32, "a set of processes fits session.running");

/* Those that the runner starts. */
static uint32_t running_from_the_beginning(const struct scenario *scenario) {
    uint32_t running = 0;
    for (uint32_t i = 0; i < scenario->processes_count; i++)
        if (scenario->processes[i].parent == NULL) running |= UINT32_C(1) << i;
    return running;
}

void session_begin(struct session *session, const struct scenario *scenario, const uint16_t *ports_first) {
    assert(session != NULL && scenario != NULL);
    assert(scenario->ports_count == 0 || ports_first != NULL);
    memset(session, 0, offsetof(struct session, memory));
    session->running = running_from_the_beginning(scenario);
    for (uint32_t i = 0; i < scenario->ports_count; i++) {
        const struct ports_line *ports = &scenario->ports[i];
        assert(ports->name >= 0 && ports->name < NAMES_MAX);
        struct live_value *live = &session->live[ports->name];
        live->state = LIVE_PRODUCED;
        live->port_first = ports_first[i];
        live->ports_count = (uint16_t)ports->count;
        live->transport = strcmp(ports->transport, "udp") == 0 ? TRANSPORT_UDP : TRANSPORT_TCP;
    }
}

/* All before the memory, but for names that the scenario does not have. */
static size_t bytes_of_names(unsigned names_count) {
    assert(names_count <= NAMES_MAX);
    return offsetof(struct session, live) + names_count * sizeof(struct live_value);
}

void session_copy(struct session *to, const struct session *from, unsigned names_count) {
    assert(to != from && from->memory_used <= SESSION_MEMORY_MAX);
    memcpy(to, from, bytes_of_names(names_count));
    memcpy(to->memory, from->memory, from->memory_used);
}

bool session_equal(const struct session *one, const struct session *other, unsigned names_count) {
    if (memcmp(one, other, bytes_of_names(names_count)) != 0) return false;
    assert(one->memory_used == other->memory_used);
    return memcmp(one->memory, other->memory, one->memory_used) == 0;
}

/* --- names and addresses -------------------------------------------------------------------------------------- */

static int name_of_page(uint64_t address, uint64_t base, uint32_t *offset) {
    assert(offset != NULL);
    assert(base % PAGE_STRIDE == 0);
    if (address < base || address >= base + (uint64_t)NAMES_MAX * PAGE_STRIDE) return NO_NAME;
    *offset = (uint32_t)(address % PAGE_STRIDE);
    return (int)((address - base) / PAGE_STRIDE);
}

int session_object_at(uint64_t address, uint32_t *offset) { return name_of_page(address, OBJECT_ADDRESSES, offset); }

int session_output_at(uint64_t address, uint32_t *offset) { return name_of_page(address, OUTPUT_ADDRESSES, offset); }

void session_memory_take(struct session *session, struct live_value *live, uint32_t wanted) {
    assert(session->memory_used <= SESSION_MEMORY_MAX);
    uint32_t left = SESSION_MEMORY_MAX - session->memory_used;
    live->memory_offset = (uint16_t)session->memory_used;
    live->memory_length = (uint16_t)(wanted < left ? wanted : left);
    for (uint32_t i = 0; i < live->memory_length; i++) session->memory[session->memory_used + i] = poison_byte(i);
    session->memory_used += live->memory_length;
    assert(session->memory_used <= SESSION_MEMORY_MAX);
}

unsigned session_token_number(const struct session *session, uint64_t token) {
    assert(session->tokens_count <= SESSION_TOKENS_MAX);
    for (unsigned i = 0; i < session->tokens_count; i++)
        if (session->tokens[i] == token) return i + 1;
    return 0;
}

void session_token_add(struct session *session, uint64_t token) {
    assert(session->tokens_count <= SESSION_TOKENS_MAX);
    if (token == 0 || session_token_number(session, token) != 0 || session->tokens_count == SESSION_TOKENS_MAX) return;
    session->tokens[session->tokens_count++] = token;
}

unsigned session_token_text(const char *text) {
    assert(text != NULL);
    if (text[0] != 't' || text[1] < '1' || text[1] > '9') return 0;
    unsigned number = 0;
    for (const char *c = text + 1; *c != '\0'; c++) {
        if (*c < '0' || *c > '9') return 0;
        number = number * 10 + (unsigned)(*c - '0');
        if (number > SESSION_TOKENS_MAX) return 0;
    }
    return number;
}

/* --- evaluation ----------------------------------------------------------------------------------------------- */

bool session_ports_of(const struct session *session, const struct scenario *scenario, int name, uint16_t *first,
                      uint16_t *count) {
    if (name < 0) return false;
    assert(name < NAMES_MAX && (uint32_t)name < scenario->names_count);
    const struct live_value *live = &session->live[name];
    *first = live->port_first;
    *count = live->ports_count;
    return live->port_first != 0;
}

static bool field_is(const struct expression *expression, const char *field) {
    return expression->field != NULL && strcmp(expression->field, field) == 0;
}

/* A number inside the image of an output, for the fields that are not those of a reservation. */
static bool evaluate_image(const struct session *session, const struct live_value *live, uint64_t *value) {
    if (live->state == LIVE_ABSENT || live->memory_length < 4) return false;
    assert(live->memory_offset + live->memory_length <= SESSION_MEMORY_MAX);
    *value = load_u32(session->memory + live->memory_offset);
    return true;
}

static bool evaluate_output(const struct session *session, const struct live_value *live,
                            const struct expression *expression, uint64_t *value) {
    if (field_is(expression, "Token")) {
        *value = live->number;
        return live->state != LIVE_ABSENT;
    }
    if (field_is(expression, "NumberOfPorts")) {
        *value = live->ports_count;
        return live->state != LIVE_ABSENT;
    }
    if (expression->field == NULL || field_is(expression, "StartPort")) {
        *value = live->port_first;
        return live->port_first != 0;
    }
    return evaluate_image(session, live, value);
}

static bool evaluate_name(const struct session *session, const struct scenario *scenario,
                          const struct expression *expression, uint64_t *value) {
    assert(expression->name >= 0 && (uint32_t)expression->name < scenario->names_count);
    const struct live_value *live = &session->live[expression->name];
    assert(live->state <= LIVE_PAST);
    bool is_port = field_is(expression, "port");
    switch (scenario->names[expression->name].kind) {
    case NAME_PORTS:
    case NAME_ADDRESS: is_port = true; break;
    case NAME_OUTPUT: return evaluate_output(session, live, expression, value);
    default: break;
    }
    *value = is_port ? live->port_first : live->number;
    return is_port ? live->port_first != 0 : live->state != LIVE_ABSENT;
}

bool session_evaluate(const struct session *session, const struct scenario *scenario,
                      const struct expression *expression, uint64_t *value, int *needed) {
    assert(expression != NULL);
    assert(value != NULL && needed != NULL);
    *needed = NO_NAME;
    if (expression->kind != EXPRESSION_NAME) {
        *value = expression->negative ? 0 - expression->number : expression->number;
        if (expression->kind == EXPRESSION_ANY_PORT) *value = 0;
        return true;
    }
    if (expression->name < 0) { /* t2, a token of a trace */
        unsigned token = session_token_text(expression->text);
        *value = token == 0 ? 0 : token <= session->tokens_count ? session->tokens[token - 1] : token;
        return token != 0;
    }
    if (!evaluate_name(session, scenario, expression, value)) {
        *needed = expression->name;
        return false;
    }
    *value += (uint64_t)expression->offset;
    return true;
}

/* --- what a step refers to ------------------------------------------------------------------------------------ */

const struct expression *session_argument(const struct step *step, unsigned parameter) {
    assert(step->kind == STEP_CALL);
    assert(parameter < CALL_ARGUMENTS_MAX);
    for (uint32_t i = 0; i < step->arguments_count; i++)
        if (step->arguments[i].parameter == (int)parameter) return step->arguments[i].value;
    return NULL;
}

int session_handle_name(const struct scenario *scenario, const struct step *step) {
    const struct expression *first = session_argument(step, 0);
    if (first == NULL || first->kind != EXPRESSION_NAME || first->name < 0 || first->field != NULL) return NO_NAME;
    assert((uint32_t)first->name < scenario->names_count);
    enum name_kind kind = scenario->names[first->name].kind;
    return kind == NAME_SOCKET || kind == NAME_EVENT || kind == NAME_FILE ? first->name : NO_NAME;
}

uint8_t session_transport(const struct session *session, const struct scenario *scenario, const struct step *call) {
    if (call != NULL && call->signature->parameters[0].kind == PARAMETER_TRANSPORT)
        return (uint8_t)session_argument(call, 0)->number;
    int name = call == NULL || call->arguments_count == 0 ? NO_NAME : session_handle_name(scenario, call);
    assert(name < NAMES_MAX);
    return name == NO_NAME ? 0 : session->live[name].transport;
}

uint32_t session_control_code(const struct session *session, const struct scenario *scenario, const struct step *step) {
    assert(step->signature != NULL);
    if (step->signature->function != FUNCTION_WSAIoctl) return 0;
    const struct expression *code = session_argument(step, 1);
    uint64_t value = 0;
    int needed = NO_NAME;
    if (code == NULL || !session_evaluate(session, scenario, code, &value, &needed)) return 0;
    return (uint32_t)value;
}

/* Looks through `steps` for the last call of `thread` before `end`; *found tells that `end` was reached. */
static const struct step *last_call(const struct step *steps, uint32_t count, const struct step *end, bool *found) {
    const struct step *last = NULL;
    for (uint32_t i = 0; i < count && !*found; i++) {
        const struct step *step = &steps[i];
        if (step == end) {
            *found = true;
        } else if (step->kind == STEP_TOGETHER) {
            const struct step *inner = last_call(step->children, step->children_count, end, found);
            if (inner != NULL) last = inner;
        } else if (step->kind == STEP_CALL && step->thread == end->thread) {
            last = step;
        }
    }
    return last;
}

const struct step *session_call_of(const struct scenario *scenario, const struct step *step) {
    assert(step != NULL);
    if (step->kind == STEP_CALL) return step;
    assert(step->kind == STEP_RETURNS);
    bool found = false;
    const struct step *call = last_call(scenario->steps, scenario->steps_count, step, &found);
    return found ? call : NULL;
}

enum error_family session_error_family(const struct step *call_step) {
    if (call_step == NULL || call_step->signature == NULL) return ERROR_FAMILY_WINSOCK;
    switch (call_step->signature->function) {
    case FUNCTION_CreateEventW:
    case FUNCTION_SetEvent:
    case FUNCTION_ResetEvent:
    case FUNCTION_WaitForSingleObject:
    case FUNCTION_SleepEx:
    case FUNCTION_CreateFileW:
    case FUNCTION_CloseHandle:
    case FUNCTION_CreateProcess:
    case FUNCTION_ImpersonateLoggedOnUser:
    case FUNCTION_RevertToSelf:
    case FUNCTION_CreatePersistentTcpPortReservation:
    case FUNCTION_CreatePersistentUdpPortReservation:
    case FUNCTION_DeletePersistentTcpPortReservation:
    case FUNCTION_DeletePersistentUdpPortReservation:
    case FUNCTION_LookupPersistentTcpPortReservation:
    case FUNCTION_LookupPersistentUdpPortReservation:
    case FUNCTION_netsh_add_excludedportrange:
    case FUNCTION_netsh_delete_excludedportrange:
    case FUNCTION_netsh_show_excludedportrange: return ERROR_FAMILY_WIN32;
    default: return ERROR_FAMILY_WINSOCK;
    }
}

/* --- processes ------------------------------------------------------------------------------------------------ */

bool session_runs(const struct session *session, int process) {
    assert(process >= NO_NAME && process < PROCESSES_MAX);
    return process == NO_NAME || (session->running >> process & 1) != 0;
}

int session_child(const struct step *step) {
    if (step->kind != STEP_CALL || step->signature->function != FUNCTION_CreateProcess) return NO_NAME;
    const struct expression *child = session_argument(step, 0);
    assert(child == NULL || child->kind == EXPRESSION_PROCESS);
    return child == NULL ? NO_NAME : (int)child->number;
}

/* The handles of a process that ended, or of all of them (NO_NAME), are of the past. */
static void end_handles(struct session *session, const struct scenario *scenario, int process) {
    for (uint32_t i = 0; i < scenario->names_count; i++) {
        const struct name *name = &scenario->names[i];
        bool is_handle = name->kind == NAME_SOCKET || name->kind == NAME_EVENT || name->kind == NAME_FILE;
        if (!is_handle || session->live[i].state == LIVE_ABSENT) continue;
        if (process == NO_NAME || name->process == process) session->live[i].state = LIVE_PAST;
    }
}

void session_note_event(struct session *session, const struct scenario *scenario, const struct step *step) {
    if (step->kind == STEP_REBOOT) {
        session->running = running_from_the_beginning(scenario);
        end_handles(session, scenario, NO_NAME);
    } else if (step->kind == STEP_EXITS || step->kind == STEP_CRASHES) {
        assert(step->process >= 0 && step->process < PROCESSES_MAX);
        session->running &= ~(UINT32_C(1) << step->process);
        end_handles(session, scenario, step->process);
    }
}

/* --- memory of names ------------------------------------------------------------------------------------------ */

enum session_answer session_declare(struct session *session, const struct scenario *scenario, const struct step *step,
                                    int *needed) {
    assert(step->kind == STEP_OVERLAPPED || step->kind == STEP_BUFFER);
    assert(step->product >= 0 && (uint32_t)step->product < scenario->names_count);
    *needed = NO_NAME;
    struct live_value *live = &session->live[step->product];
    uint64_t event = 0;
    if (step->kind == STEP_OVERLAPPED && step->subject != NO_NAME) {
        if (session->live[step->subject].state == LIVE_ABSENT) {
            *needed = step->subject;
            return SESSION_NEEDS;
        }
        event = session->live[step->subject].number;
    }
    uint32_t length = step->kind == STEP_OVERLAPPED ? OVERLAPPED_SIZE
                      : step->number < RANGE_LENGTH_MAX ? (uint32_t)step->number
                                                        : RANGE_LENGTH_MAX;
    session_memory_take(session, live, length);
    live->number = (uint64_t)OBJECT_ADDRESSES + (uint64_t)step->product * PAGE_STRIDE;
    live->state = LIVE_PRODUCED;
    if (step->kind == STEP_OVERLAPPED && live->memory_length == OVERLAPPED_SIZE) {
        /* Internal and InternalHigh stay poisoned, so that a store there can be told; the rest is well-formed. */
        uint8_t *image = session->memory + live->memory_offset;
        memset(image + OVERLAPPED_INTERNAL_HIGH + 8, 0, OVERLAPPED_SIZE - OVERLAPPED_INTERNAL_HIGH - 8);
        store_u64(image + OVERLAPPED_EVENT, event);
    }
    return SESSION_READY;
}

bool session_subject(const struct session *session, const struct scenario *scenario, const struct step *step,
                     uint64_t *address, uint64_t *event, int *needed) {
    assert(step->kind == STEP_SHOW);
    assert(step->subject >= 0 && (uint32_t)step->subject < scenario->names_count);
    const struct live_value *live = &session->live[step->subject];
    *address = 0;
    *event = 0;
    *needed = NO_NAME;
    if (live->state == LIVE_ABSENT) {
        *needed = step->subject;
        return false;
    }
    enum name_kind kind = scenario->names[step->subject].kind;
    if (kind == NAME_EVENT) *event = live->number;
    if (kind == NAME_OVERLAPPED) {
        *address = live->number;
        if (live->memory_length == OVERLAPPED_SIZE)
            *event = load_u64(session->memory + live->memory_offset + OVERLAPPED_EVENT);
    }
    return true;
}

/* --- binding -------------------------------------------------------------------------------------------------- */

void session_bind_output(struct session *session, const struct scenario *scenario, int name, enum untold untold) {
    assert(name >= 0 && (uint32_t)name < scenario->names_count);
    assert(scenario->names[name].kind == NAME_OUTPUT);
    struct live_value *live = &session->live[name];
    live->state = LIVE_PRODUCED;
    const uint8_t *image = session->memory + live->memory_offset;
    if (control_layout_of(scenario->names[name].control_code).output != LAYOUT_PORT_INSTANCE) return;
    if (live->memory_length < PORT_INSTANCE_SIZE) return;
    live->port_first = load_u16_network(image);
    live->ports_count = load_u16(image + 2);
    live->number = load_u64(image + 8);
    live->untold = (uint8_t)untold;
    session_token_add(session, live->number);
}

static const struct observed_value *value_of(const struct observation *seen, enum observable observable) {
    assert(observable < OBSERVABLE_COUNT);
    const struct observed_value *value = &seen->values[observable];
    return value->present && !value->untouched ? value : NULL;
}

static uint64_t number_of(const struct observation *seen, enum observable observable) {
    const struct observed_value *value = value_of(seen, observable);
    return value == NULL ? 0 : value->number;
}

/* The memory of an output name, at least `length` bytes of it unless session.memory is used up. */
static uint8_t *output_image(struct session *session, struct live_value *live, uint32_t length) {
    if (live->memory_length < length) session_memory_take(session, live, length);
    assert(live->memory_offset + live->memory_length <= SESSION_MEMORY_MAX);
    return live->memory_length < length ? NULL : session->memory + live->memory_offset;
}

static void bind_output(struct session *session, const struct scenario *scenario, int name, const struct observation *seen) {
    assert(name >= 0 && name < NAMES_MAX);
    struct live_value *live = &session->live[name];
    if (value_of(seen, OBSERVABLE_Token) != NULL) {
        uint8_t *image = output_image(session, live, PORT_INSTANCE_SIZE);
        if (image == NULL) return;
        store_u16_network(image, (uint16_t)number_of(seen, OBSERVABLE_StartPort));
        store_u16(image + 2, (uint16_t)number_of(seen, OBSERVABLE_NumberOfPorts));
        if (value_of(seen, OBSERVABLE_padding) != NULL)
            store_u32(image + 4, (uint32_t)number_of(seen, OBSERVABLE_padding));
        store_u64(image + 8, number_of(seen, OBSERVABLE_Token));
    } else if (value_of(seen, OBSERVABLE_out) != NULL) {
        uint32_t length = (uint32_t)number_of(seen, OBSERVABLE_out);
        assert(length <= OBSERVATION_OUT_MAX);
        uint8_t *image = output_image(session, live, length);
        if (image == NULL) return;
        memcpy(image, seen->out, length);
    }
    session_bind_output(session, scenario, name, UNTOLD_PORT);
}

/* A new handle: its own number, or for an observation of somebody else's the number that it is said to share. */
static uint64_t handle_number(const struct session *session, const struct observation *seen, int name, uint64_t handle) {
    if (handle != 0) return handle;
    const struct observed_value *shared = value_of(seen, OBSERVABLE_handle);
    if (shared == NULL) return (uint64_t)LEARNED_HANDLES + (uint64_t)name * 4;
    assert(shared->number < NAMES_MAX);
    return session->live[shared->number].number;
}

/* What a call that makes a socket asks for: its type is the second argument of all functions that do, unless the fourth
 * names a socket to share. */
static uint8_t transport_asked(const struct session *session, const struct scenario *scenario, const struct step *call) {
    enum { STREAM = 1, DATAGRAM = 2 };
    uint64_t type = 0;
    int needed = NO_NAME;
    const struct expression *info = call->signature->function == FUNCTION_WSASocketW ? session_argument(call, 3) : NULL;
    if (info != NULL && info->kind == EXPRESSION_NAME && info->name >= 0) return session->live[info->name].transport;
    const struct expression *expression = session_argument(call, 1);
    if (expression == NULL || !session_evaluate(session, scenario, expression, &type, &needed)) return 0;
    return type == STREAM ? TRANSPORT_TCP : type == DATAGRAM ? TRANSPORT_UDP : 0;
}

static void bind_product(struct session *session, const struct scenario *scenario, const struct step *call,
                         const struct observation *seen, uint64_t handle) {
    int name = call->product;
    assert(name >= 0 && (uint32_t)name < scenario->names_count);
    struct live_value *live = &session->live[name];
    switch (scenario->names[name].kind) {
    case NAME_SOCKET: live->transport = transport_asked(session, scenario, call); /* fall through */
    case NAME_EVENT:
    case NAME_FILE:
        live->number = handle_number(session, seen, name, handle);
        live->state = LIVE_PRODUCED;
        return;
    case NAME_OUTPUT: bind_output(session, scenario, name, seen); return;
    case NAME_ADDRESS:
        live->port_first = (uint16_t)number_of(seen, OBSERVABLE_port);
        live->number = number_of(seen, OBSERVABLE_address);
        memcpy(live->address, seen->address, sizeof live->address);
        live->state = LIVE_PRODUCED;
        return;
    case NAME_VALUE:
        live->number = number_of(seen, OBSERVABLE_value);
        live->state = LIVE_PRODUCED;
        return;
    case NAME_TOKEN:
        live->number = number_of(seen, OBSERVABLE_Token);
        live->state = LIVE_PRODUCED;
        return;
    case NAME_PROTOCOL_INFO: /* its bytes are opaque: they came with the writes, and no trace tells them */
        live->transport = session_transport(session, scenario, call);
        live->state = LIVE_PRODUCED;
        return;
    default: return;
    }
}

void session_bind(struct session *session, const struct scenario *scenario, const struct step *step,
                  const struct observation *seen, uint64_t handle) {
    if (value_of(seen, OBSERVABLE_Token) != NULL) session_token_add(session, number_of(seen, OBSERVABLE_Token));
    const struct step *call = step->kind == STEP_SHOW ? NULL : session_call_of(scenario, step);
    if (call == NULL) return;
    if (call->product != NO_NAME && scenario->names[call->product].kind == NAME_OUTPUT)
        session->live[call->product].transport = session_transport(session, scenario, call);
    bool succeeded = seen->word == OUTCOME_OK;
    if (!succeeded && value_of(seen, OBSERVABLE_port) == NULL) return; /* a refused connect may have bound its socket */
    if (succeeded && session_child(call) != NO_NAME) session->running |= UINT32_C(1) << session_child(call);
    if (succeeded && call->product != NO_NAME) bind_product(session, scenario, call, seen, handle);
    if (call->signature->parameters_count == 0) return;
    int name = session_handle_name(scenario, call);
    if (name == NO_NAME) return;
    struct live_value *live = &session->live[name];
    const struct observed_value *port = value_of(seen, OBSERVABLE_port);
    if (port != NULL && port->number != live->port_first) {
        live->port_first = (uint16_t)port->number;
        live->ports_count = 1;
        live->untold = UNTOLD_PORT;
    }
    bool closes = succeeded && (call->signature->function == FUNCTION_closesocket || call->signature->function == FUNCTION_CloseHandle);
    if (closes && live->state == LIVE_PRODUCED) live->state = LIVE_STALE;
}

void session_learn(struct session *session, const struct scenario *scenario, const struct step *step,
                   const struct observation *seen) {
    assert(session != NULL && step != NULL);
    assert(seen->word < OUTCOME_ANY);
    session_bind(session, scenario, step, seen, 0);
}
