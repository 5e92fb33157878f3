#include "conformance/session/session_evaluate.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "conformance/base/number.h"
#include "conformance/session/observation.h"

uint64_t session_overlapped_number(const struct expression *expression) {
    if (expression->kind == EXPRESSION_NAME && expression->name >= 0) return (uint64_t)expression->name + 1;
    if (expression->kind != EXPRESSION_POINTER || expression->number > POINTER_GOOD) return UINT64_MAX;
    return expression->number == POINTER_NULL ? 0 : OVERLAPPED_WITHOUT_NAME;
}

unsigned session_token_text(const char *text) {
    assert(text != NULL);
    if (text[0] != 't' || text[1] < '1' || text[1] > '9') return 0;
    uint64_t number = 0;
    return number_read(text + 1, SESSION_TOKENS_MAX, &number) ? (unsigned)number : 0;
}

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

static bool names_port(const struct scenario *scenario, const struct expression *expression) {
    switch (scenario->names[expression->name].kind) {
    case NAME_PORTS:
    case NAME_ADDRESS: return true;
    case NAME_OUTPUT: return expression->field == NULL || field_is(expression, "StartPort");
    default: return field_is(expression, "port");
    }
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
    case NAME_PACKET:
        if (is_port) break; /* a packet may come from port 0, which nothing can be sent to */
        *value = (uint32_t)(field_is(expression, "ack") ? live->number >> 32 : live->number);
        return live->state != LIVE_ABSENT;
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
    if (expression->offset == 0 || !names_port(scenario, expression) || (*value >= 1 && *value <= UINT16_MAX))
        return true;
    *needed = NEEDS_A_PORT;
    return false;
}
