#include "conformance/session/session_bind.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "conformance/language/layouts.h"
#include "conformance/session/session_evaluate.h"
#include "conformance/session/session_refer.h"
#include "stack/sdk/wait_values.h"

enum {
    LEARNED_HANDLES = 0x40000000, /* a trace does not report handles: ours get these numbers, above any real one */
};

void session_bind_output(struct session *session, const struct scenario *scenario, int name, enum unprinted unprinted) {
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
    live->unprinted = (uint8_t)unprinted;
    session_token_add(session, live->number);
}

bool session_reported_block(const struct session *session, const struct scenario *scenario, int name,
                            struct reported_block *block) {
    assert(name >= 0 && (uint32_t)name < scenario->names_count);
    const struct live_value *live = &session->live[name];
    if (scenario->names[name].kind != NAME_OUTPUT || live->state != LIVE_PRODUCED) return false;
    if (control_layout_of(scenario->names[name].control_code).output != LAYOUT_PORT_INSTANCE) return false;
    *block = (struct reported_block){ live->number, live->port_first, live->ports_count };
    return true;
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

static void bind_output(struct session *session, const struct scenario *scenario, int name,
                        const struct observation *seen) {
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
    session_bind_output(session, scenario, name, UNPRINTED_PORT);
}

/* A new handle: its own number, or in an observation from elsewhere the number that it is said to share. */
static uint64_t handle_number(const struct session *session, const struct observation *seen, int name,
                              uint64_t handle) {
    if (handle != 0) return handle;
    const struct observed_value *shared = value_of(seen, OBSERVABLE_handle);
    if (shared == NULL) return (uint64_t)LEARNED_HANDLES + (uint64_t)name * 4;
    assert(shared->number < NAMES_MAX);
    return session->live[shared->number].number;
}

/* What a call that makes a socket asks for: its type is the second argument of all functions that do, unless the fourth
 * names a socket to share. */
static uint8_t transport_asked(const struct session *session, const struct scenario *scenario,
                               const struct step *call) {
    enum { STREAM = 1, DATAGRAM = 2 };
    uint64_t type = 0;
    int needed = NO_NAME;
    if (call->signature->function == FUNCTION_DuplicateHandle) {
        const struct expression *source = session_argument(call, DuplicateHandle_hSourceHandle);
        return source->kind == EXPRESSION_NAME && source->name >= 0 ? session->live[source->name].transport : 0;
    }
    const struct expression *info =
        call->signature->function == FUNCTION_WSASocketW ? session_argument(call, WSASocketW_lpProtocolInfo) : NULL;
    if (info != NULL && info->kind == EXPRESSION_NAME && info->name >= 0) return session->live[info->name].transport;
    const struct expression *expression = session_argument(call, socket_type); /* the same of all three */
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
    case NAME_PORT:
    case NAME_THREAD:
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
    case NAME_PROTOCOL_INFO: /* its bytes are opaque: they came with the writes, and no trace reports them */
        live->transport = session_transport(session, scenario, call);
        live->state = LIVE_PRODUCED;
        return;
    default: return;
    }
}

/* DuplicateHandle closes its source whatever comes of it, where it is asked to. */
static void lose_source(struct session *session, const struct scenario *scenario, const struct step *call) {
    uint64_t options = 0;
    int needed = NO_NAME;
    if (call->signature->function != FUNCTION_DuplicateHandle) return;
    const struct expression *asked = session_argument(call, DuplicateHandle_dwOptions);
    const struct expression *source = session_argument(call, DuplicateHandle_hSourceHandle);
    if (asked == NULL || !session_evaluate(session, scenario, asked, &options, &needed)) return;
    bool named = source->kind == EXPRESSION_NAME && source->name >= 0;
    if ((options & DUPLICATE_CLOSE_SOURCE) == 0 || !named) return;
    struct live_value *live = &session->live[source->name];
    if (live->state == LIVE_PRODUCED) live->state = LIVE_STALE;
}

/* A packet that was found, where the line names it. */
static void bind_packet(struct session *session, const struct step *step, const struct observation *seen) {
    if (step->product == NO_NAME || seen->word != OUTCOME_OK) return;
    struct live_value *live = &session->live[step->product];
    live->state = LIVE_PRODUCED;
    live->number = (uint64_t)seen->acknowledgement << 32 | seen->sequence;
    live->port_first = (uint16_t)number_of(seen, OBSERVABLE_port);
}

void session_bind(struct session *session, const struct scenario *scenario, const struct step *step,
                  const struct observation *seen, uint64_t handle) {
    if (step->kind == STEP_EXPECT) bind_packet(session, step, seen);
    if (value_of(seen, OBSERVABLE_Token) != NULL) session_token_add(session, number_of(seen, OBSERVABLE_Token));
    const struct step *call =
        step->kind == STEP_SHOW || step->kind == STEP_EXPECT ? NULL : session_call_of(scenario, step);
    if (call == NULL) return;
    if (call->product != NO_NAME && scenario->names[call->product].kind == NAME_OUTPUT)
        session->live[call->product].transport = session_transport(session, scenario, call);
    bool succeeded = seen->word == OUTCOME_OK;
    lose_source(session, scenario, call);
    if (!succeeded && value_of(seen, OBSERVABLE_port) == NULL) return; /* a refused connect may have bound its socket */
    if (succeeded && session_child(call) != NO_NAME) session->running |= UINT32_C(1) << session_child(call);
    if (succeeded && call->product != NO_NAME) bind_product(session, scenario, call, seen, handle);
    if (call->signature->parameters_count == 0) return;
    int name = session_handle_name(scenario, call);
    if (name == NO_NAME) return;
    struct live_value *live = &session->live[name];
    const struct observed_value *port = value_of(seen, OBSERVABLE_port);
    bool own = signature_binds(call->signature, succeeded) || (call->signature->traits & TRAIT_OWN_ADDRESS) != 0;
    if (port != NULL && own && port->number != live->port_first) {
        live->port_first = (uint16_t)port->number;
        live->ports_count = 1;
        live->unprinted = UNPRINTED_PORT;
    }
    bool closes = succeeded && (call->signature->traits & TRAIT_CLOSES) != 0;
    if (closes && live->state == LIVE_PRODUCED) live->state = LIVE_STALE;
}

void session_learn(struct session *session, const struct scenario *scenario, const struct step *step,
                   const struct observation *seen) {
    assert(session != NULL && step != NULL);
    assert(seen->word < OUTCOME_ANY);
    session_bind(session, scenario, step, seen, 0);
}
