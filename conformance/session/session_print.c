/* An observation becomes text: symbols where names have the values, raw numbers only after `#~`. */
#include "conformance/session/session_print.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "conformance/language/constants.h"
#include "conformance/language/printer.h"
#include "conformance/session/session_refer.h"
#include "conformance/session/session_sets.h"

/* --- ports and tokens ----------------------------------------------------------------------------------------- */

/* A port as it was seen: of a transport, or of 0 when that is not known. */
struct seen_port {
    uint16_t number;
    uint8_t transport;
};

/* Is the port in the block of `name`? *distance from its first port. */
static bool holds_port(const struct session *session, int name, struct seen_port seen, unsigned *distance) {
    assert(name >= 0 && name < NAMES_MAX);
    const struct live_value *live = &session->live[name];
    uint16_t port = seen.number;
    if (live->transport != 0 && seen.transport != 0 && live->transport != seen.transport) return false;
    if (live->port_first == 0 || port < live->port_first || port - live->port_first >= live->ports_count) return false;
    *distance = (unsigned)(port - live->port_first);
    return true;
}

/* The name whose block a port is counted from: ports lines before reservations before sockets; NO_NAME without one. */
static int port_base(const struct session *session, const struct scenario *scenario, struct seen_port port,
                     unsigned *distance) {
    static const enum name_kind order[3] = { NAME_PORTS, NAME_OUTPUT, NAME_SOCKET };
    assert(distance != NULL);
    if (port.number == 0) return NO_NAME;
    for (unsigned k = 0; k < 3; k++)
        for (uint32_t i = 0; i < scenario->names_count; i++)
            if (scenario->names[i].kind == order[k] && holds_port(session, (int)i, port, distance)) return (int)i;
    return NO_NAME;
}

static void print_port(const struct session *session, const struct scenario *scenario, struct seen_port port,
                       struct text *out) {
    unsigned distance = 0;
    int base = port_base(session, scenario, port, &distance);
    if (base == NO_NAME) {
        text_add(out, "%u", (unsigned)port.number);
        return;
    }
    bool socket = scenario->names[base].kind == NAME_SOCKET;
    assert(!socket || distance == 0);
    text_add(out, "%s%s", scenario->names[base].text, socket ? ".port" : "");
    if (distance > 0) text_add(out, "+%u", distance);
}

static void print_token(const struct session *session, uint64_t token, struct text *out) {
    unsigned number = session_token_number(session, token);
    assert(number <= SESSION_TOKENS_MAX);
    if (number > 0) text_add(out, "t%u", number);
    else text_add(out, "0x%" PRIx64, token);
}

/* --- values --------------------------------------------------------------------------------------------------- */

static void print_address(const struct observation *seen, uint64_t length, struct text *out) {
    const uint8_t *bytes = seen->address;
    assert(length == 0 || length == 4 || length == 16);
    if (length == 0) {
        text_add(out, "none");
        return;
    }
    if (length == 4) {
        text_add(out, "%u.%u.%u.%u", bytes[0], bytes[1], bytes[2], bytes[3]);
        return;
    }
    /* the longest run of zero groups, the first of equals, becomes `::` when it is longer than one group */
    unsigned gap = 8, gap_length = 1;
    for (unsigned i = 0; i < 8; i++) {
        unsigned run = 0;
        while (i + run < 8 && load_u16(bytes + 2 * (i + run)) == 0) run++;
        if (run > gap_length) {
            gap = i;
            gap_length = run;
        }
    }
    text_add(out, "[");
    for (unsigned i = 0; i < 8; i++) {
        if (i == gap) {
            text_add(out, "::");
            i += gap_length - 1;
            continue;
        }
        bool first = i == 0 || i == gap + gap_length;
        text_add(out, "%s%x", first ? "" : ":", (unsigned)load_u16_network(bytes + 2 * i));
    }
    text_add(out, "]");
}

static void print_error(uint64_t error, enum error_family family, struct text *out) {
    const char *name = error == 0 || error > UINT32_MAX ? NULL : error_name((uint32_t)error, family);
    if (name != NULL) text_add(out, "%s", name);
    else text_add(out, "%" PRIu64, error);
}

static void print_status(uint64_t status, struct text *out) {
    const char *name = status > UINT32_MAX ? NULL : error_name((uint32_t)status, ERROR_FAMILY_STATUS);
    if (name != NULL) text_add(out, "%s", name);
    else text_add(out, "0x%" PRIx64, status);
}

static void print_out(const struct observation *seen, uint64_t count, struct text *out) {
    assert(count <= OBSERVATION_OUT_MAX);
    text_add(out, "hex(");
    for (uint64_t i = 0; i < count; i++) text_add(out, "%s%02x", i == 0 ? "" : " ", seen->out[i]);
    text_add(out, ")");
}

static void print_value(const struct session *session, const struct scenario *scenario, const struct step *call,
                        const struct observation *seen, enum observable observable, struct text *out) {
    const struct observed_value *value = &seen->values[observable];
    struct seen_port port = { (uint16_t)value->number, session_transport(session, scenario, call) };
    assert(value->present);
    if (value->untouched) {
        text_add(out, "untouched");
        return;
    }
    switch (observable) {
    case OBSERVABLE_readfds:
    case OBSERVABLE_writefds:
    case OBSERVABLE_exceptfds:
    case OBSERVABLE_revents: session_set_print(scenario, call, observable, value->number, out); return;
    case OBSERVABLE_iErrorCode: print_error(value->number, ERROR_FAMILY_WINSOCK, out); return;
    case OBSERVABLE_error: print_error(value->number, session_error_family(call), out); return;
    case OBSERVABLE_address: print_address(seen, value->number, out); return;
    case OBSERVABLE_port:
    case OBSERVABLE_StartPort: print_port(session, scenario, port, out); return;
    case OBSERVABLE_row: text_add(out, "%s", netsh_row_name((enum netsh_row)value->number)); return;
    case OBSERVABLE_Token: print_token(session, value->number, out); return;
    case OBSERVABLE_out: print_out(seen, value->number, out); return;
    case OBSERVABLE_Internal: print_status(value->number, out); return;
    case OBSERVABLE_event: text_add(out, value->number ? "set" : "unset"); return;
    case OBSERVABLE_overlapped:
        if (value->number == 0) text_add(out, "NULL");
        else
            text_add(out, "%s",
                     value->number == OVERLAPPED_WITHOUT_NAME ? "good" : scenario->names[value->number - 1].text);
        return;
    case OBSERVABLE_handle:
        assert(value->number < scenario->names_count);
        text_add(out, "%s", scenario->names[value->number].text);
        return;
    default: text_add(out, "%" PRIu64, value->number); return;
    }
}

/* --- outcomes ------------------------------------------------------------------------------------------------- */

static void print_number(uint32_t number, const struct step *call, struct text *out) {
    bool wait = call != NULL && call->signature->returns == RETURNS_WAIT;
    const char *name = wait ? wait_result_name(number) : NULL;
    if (name != NULL) text_add(out, "%s", name);
    else text_add(out, "%" PRIu32, number);
}

static void print_word(const struct observation *seen, const struct step *call, struct text *out) {
    assert(seen->word < OUTCOME_ANY && seen->word != OUTCOME_FAILS);
    const char *name = seen->code == 0 ? NULL : error_name(seen->code, session_error_family(call));
    switch (seen->word) {
    case OUTCOME_NUMBER: print_number(seen->code, call, out); return;
    case OUTCOME_ERROR:
        if (name != NULL) text_add(out, "%s", name);
        else text_add(out, "error(%" PRIu32 ")", seen->code);
        return;
    case OUTCOME_FAULT:
        text_add(out, "fault");
        if (seen->code != 0) text_add(out, "(0x%" PRIX32 ")", seen->code);
        return;
    default: text_add(out, "%s", outcome_word_name((enum outcome_word)seen->word)); return;
    }
}

/* The call that a step is about, or NULL for `show`. What names a packet's ports is the step itself. */
static const struct step *call_behind(const struct scenario *scenario, const struct step *step) {
    if (step->kind == STEP_EXPECT) return step;
    return step->kind == STEP_SHOW ? NULL : session_call_of(scenario, step);
}

void session_print_outcome(const struct session *session, const struct scenario *scenario, const struct step *step,
                           const struct observation *seen, struct text *out) {
    const struct step *call = call_behind(scenario, step);
    assert(out != NULL);
    print_word(seen, call, out);
    for (unsigned i = 0; i < OBSERVABLE_COUNT; i++) {
        if (!seen->values[i].present) continue;
        text_add(out, " %s=", observable_name((enum observable)i));
        print_value(session, scenario, call, seen, (enum observable)i, out);
    }
}

void session_print_value(const struct session *session, const struct scenario *scenario, const struct step *step,
                         const struct observation *seen, enum observable observable, struct text *out) {
    print_value(session, scenario, call_behind(scenario, step), seen, observable, out);
}

void session_print_word(const struct scenario *scenario, const struct step *step, const struct observation *seen,
                        struct text *out) {
    print_word(seen, call_behind(scenario, step), out);
}

/* --- live values ---------------------------------------------------------------------------------------------- */

static void begin_live(struct text *out, bool *any) {
    text_add(out, "%s", *any ? " " : "  #~ ");
    *any = true;
}

/* A name whose first port is counted from itself has to say where it lies; from another's block it needs not. */
static void tell_name(struct session *session, const struct scenario *scenario, int name, struct text *out, bool *any) {
    struct live_value *live = &session->live[name];
    const char *text = scenario->names[name].text;
    unsigned distance = 0;
    if (live->unprinted == UNPRINTED_NOTHING) return;
    bool late = live->unprinted == UNPRINTED_LATE;
    live->unprinted = UNPRINTED_NOTHING;
    struct seen_port first = { live->port_first, live->transport };
    if (!late && port_base(session, scenario, first, &distance) != name) return;
    begin_live(out, any);
    bool socket = scenario->names[name].kind == NAME_SOCKET;
    text_add(out, "%s%s=%u", text, socket ? ".port" : "", (unsigned)live->port_first);
    if (!late) return;
    assert(scenario->names[name].kind == NAME_OUTPUT);
    text_add(out, " %s.NumberOfPorts=%u %s.Token=0x%" PRIx64, text, (unsigned)live->ports_count, text, live->number);
}

static void tell_all(struct session *session, const struct scenario *scenario, struct text *out) {
    bool any = false;
    assert(session->tokens_printed <= session->tokens_count);
    for (uint32_t i = 0; i < scenario->names_count; i++) tell_name(session, scenario, (int)i, out, &any);
    for (; session->tokens_printed < session->tokens_count; session->tokens_printed++) {
        begin_live(out, &any);
        text_add(out, "t%u=0x%" PRIx64, (unsigned)session->tokens_printed + 1,
                 session->tokens[session->tokens_printed]);
    }
}

void session_print_member(enum member member, uint64_t value, struct text *out) {
    switch (member) {
    case MEMBER_ERROR: print_error(value, ERROR_FAMILY_WINSOCK, out); return;
    case MEMBER_INTERNAL: print_status(value, out); return;
    default: text_add(out, "%" PRIu64, value); return;
    }
}

void session_print_delivery(const struct scenario *scenario, const struct observed_routine *routine, struct text *out) {
    enum delivery delivery = (enum delivery)routine->delivery;
    assert(routine->overlapped < (int)scenario->names_count);
    delivery_print(scenario, delivery, routine->overlapped, routine->number, out);
    for (unsigned member = 0; member < MEMBERS_COUNT; member++) {
        if ((delivery_members(delivery) & 1u << member) == 0) continue;
        text_add(out, " %s=", member_name((enum member)member));
        session_print_member((enum member)member, routine->values[member], out);
    }
}

static void print_routines(const struct scenario *scenario, const struct observation *seen, struct text *out) {
    assert(seen->routines_count <= RESULT_ROUTINES_MAX);
    for (uint32_t i = 0; i < seen->routines_count; i++) {
        const struct observed_routine *routine = &seen->routines[i];
        text_add(out, "  ");
        session_print_delivery(scenario, routine, out);
        text_add(out, "\n");
    }
}

void session_print_answer(struct session *session, const struct scenario *scenario, const struct step *step,
                          const struct observation *seen, struct text *out) {
    assert(step->kind == STEP_CALL || step->kind == STEP_RETURNS || step->kind == STEP_SHOW ||
           step->kind == STEP_EXPECT);
    step_print_call(scenario, step, out);
    text_add(out, " -> ");
    session_print_outcome(session, scenario, step, seen, out);
    tell_all(session, scenario, out);
    text_add(out, "\n");
    print_routines(scenario, seen, out);
}
