/* A printed answer becomes the observation again: the exact inverse of session_print.c.
 *
 * Live values after `#~` come first, because the outcome before them speaks in their names. */
#include "conformance/session/session_read.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "conformance/session/session_evaluate.h"
#include "conformance/session/session_refer.h"
#include "conformance/session/session_sets.h"

enum { TOKEN_LENGTH_MAX = 8 }; /* of the text t1 .. t32 */

struct reading_answer {
    struct session *session;
    const struct scenario *scenario;
    const struct step *step; /* in the scenario, whose order tells which call a `returns` ends */
    const struct step *answered;
    struct observation *seen;
    struct language_error *error;
};

static bool fail(struct reading_answer *reading, struct position position, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    language_error_set_list(reading->error, reading->scenario->file, position, NULL, 0, format, arguments);
    va_end(arguments);
    return false;
}

/* --- live values ---------------------------------------------------------------------------------------------- */

/* Decimal or 0x; false when `text` of `length` bytes is not all digits or does not fit. */
static bool number_of_text(const char *text, size_t length, uint64_t *number) {
    unsigned base = 10;
    size_t i = 0;
    if (length > 2 && text[0] == '0' && text[1] == 'x') {
        base = 16;
        i = 2;
    }
    *number = 0;
    for (; i < length; i++) {
        char c = text[i];
        unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                         : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
                         : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10
                                                : 16;
        if (digit >= base || *number > (UINT64_MAX - digit) / base) return false;
        *number = *number * base + digit;
    }
    return length > 0;
}

static int name_of_text(const struct scenario *scenario, const char *text, size_t length) {
    assert(text != NULL);
    for (uint32_t i = 0; i < scenario->names_count; i++)
        if (strncmp(scenario->names[i].text, text, length) == 0 && scenario->names[i].text[length] == '\0')
            return (int)i;
    return NO_NAME;
}

static void grow_tokens(struct session *session, unsigned number) {
    assert(number <= SESSION_TOKENS_MAX);
    for (; session->tokens_count < number; session->tokens_count++)
        session->tokens[session->tokens_count] = session->tokens_count + 1; /* its value was never reported */
}

/* What learns returns what is wrong with a number, or NULL. */
static const char *const other_value = "it had another value before";

static const char *learn_token(struct session *session, unsigned token, uint64_t number) {
    grow_tokens(session, token);
    uint64_t *known = &session->tokens[token - 1];
    if (*known != token && *known != number) return other_value;
    *known = number;
    return NULL;
}

/* A socket may have another port after another connect; a block stays where it is. */
static const char *learn_port(struct live_value *live, bool socket, uint64_t number) {
    if (number == 0 || number > 65535) return "a port is a number from 1 to 65535";
    if (!socket && live->port_first != 0 && live->port_first != number) return other_value;
    live->port_first = (uint16_t)number;
    if (live->ports_count == 0) live->ports_count = 1;
    return NULL;
}

/* r.Token and r.NumberOfPorts: a reservation whose output was written late. */
static const char *learn_field(struct session *session, struct live_value *live, const char *field, size_t length,
                               uint64_t number) {
    if (length == 13 && memcmp(field, "NumberOfPorts", 13) == 0) {
        if (number > 65535) return "NumberOfPorts is at most 65535";
        live->ports_count = (uint16_t)number;
        return NULL;
    }
    if (length != 5 || memcmp(field, "Token", 5) != 0) return "it has no such field";
    live->number = number;
    live->state = LIVE_PRODUCED;
    session_token_add(session, number);
    return NULL;
}

static const char *learn_one(struct reading_answer *reading, const char *key, size_t key_length, uint64_t number) {
    char text[TOKEN_LENGTH_MAX];
    struct session *session = reading->session;
    if (key_length < sizeof text) {
        memcpy(text, key, key_length);
        text[key_length] = '\0';
        unsigned token = session_token_text(text);
        if (token > 0) return learn_token(session, token, number);
    }
    const char *dot = memchr(key, '.', key_length);
    size_t name_length = dot == NULL ? key_length : (size_t)(dot - key);
    int name = name_of_text(reading->scenario, key, name_length);
    if (name == NO_NAME) return "no line gives this name";
    struct live_value *live = &session->live[name];
    const char *field = dot == NULL ? "" : dot + 1;
    size_t field_length = dot == NULL ? 0 : key_length - name_length - 1;
    bool socket = reading->scenario->names[name].kind == NAME_SOCKET;
    bool port = field_length == 0 || (field_length == 4 && memcmp(field, "port", 4) == 0);
    if (port) return learn_port(live, socket, number);
    if (reading->scenario->names[name].kind != NAME_OUTPUT) return "it has no such field";
    return learn_field(session, live, field, field_length, number);
}

static bool is_blank(char c) { return c == ' ' || c == '\t'; }

/* Is this key among the words before it? */
static bool is_said_before(const char *live, const char *key, size_t length) {
    for (const char *at = live; at < key; at += at < key) {
        if (memcmp(at, key, length) == 0 && at[length] == '=') return true;
        while (at < key && !is_blank(*at)) at++;
    }
    return false;
}

/* NAME=NUMBER, separated by blanks. */
static bool learn_live(struct reading_answer *reading) {
    const char *at = reading->answered->live;
    while (at != NULL && *at != '\0') {
        while (is_blank(*at)) at++;
        const char *start = at;
        while (*at != '\0' && !is_blank(*at)) at++;
        size_t length = (size_t)(at - start);
        if (length == 0) break;
        const char *equals = memchr(start, '=', length), *wrong = NULL;
        uint64_t number = 0;
        int shown = length > 60 ? 60 : (int)length;
        if (equals == NULL || !number_of_text(equals + 1, length - (size_t)(equals - start) - 1, &number))
            return fail(reading, reading->answered->position,
                        "expected live values as NAME=NUMBER after #~, found %.*s", shown, start);
        if (is_said_before(reading->answered->live, start, (size_t)(equals - start)))
            return fail(reading, reading->answered->position, "%.*s after #~: it is said twice", shown, start);
        wrong = learn_one(reading, start, (size_t)(equals - start), number);
        if (wrong != NULL) return fail(reading, reading->answered->position, "%.*s after #~: %s", shown, start, wrong);
    }
    return true;
}

/* --- the outcome ---------------------------------------------------------------------------------------------- */

static bool evaluate(struct reading_answer *reading, const struct expression *expression, uint64_t *number) {
    int needed = NO_NAME;
    if (expression->kind == EXPRESSION_NAME && expression->name < 0 && expression->field == NULL)
        grow_tokens(reading->session, session_token_text(expression->text));
    if (session_evaluate(reading->session, reading->scenario, expression, number, &needed)) return true;
    if (needed == NEEDS_A_PORT)
        return fail(reading, expression->position, "%s counts on to a port beyond 65535, or down to 0",
                    expression->text);
    return fail(reading, expression->position, "nothing has reported the value of %s%s%s", expression->text,
                expression->field == NULL ? "" : ".", expression->field == NULL ? "" : expression->field);
}

/* The number that the call's documented success returns. Of a handle it is not known, and a count is shown apart. */
static bool is_plain_success(const struct reading_answer *reading, uint32_t number) {
    const struct step *call =
        reading->step->kind == STEP_SHOW ? NULL : session_call_of(reading->scenario, reading->step);
    if (call == NULL) return false;
    switch ((enum returns)call->signature->returns) {
    case RETURNS_STATUS:
    case RETURNS_ERROR:
    case RETURNS_WAIT: return number == 0;
    case RETURNS_BOOL: return number == 1;
    default: return false;
    }
}

static bool read_word(struct reading_answer *reading, const struct outcome *outcome) {
    struct observation *seen = reading->seen;
    uint64_t code = 0;
    if (outcome->word == OUTCOME_FAILS || outcome->word == OUTCOME_ANY)
        return fail(reading, outcome->position,
                    "an answer names its outcome; expected ok, an error, pending, blocks or fault, found %s",
                    outcome_word_name(outcome->word));
    if (outcome->value != NULL && !evaluate(reading, outcome->value, &code)) return false;
    seen->word = outcome->word;
    seen->code = (uint32_t)code;
    if (seen->word == OUTCOME_NUMBER && is_plain_success(reading, seen->code)) {
        seen->word = OUTCOME_OK;
        seen->code = 0;
    }
    return true;
}

static bool read_bytes(struct reading_answer *reading, const struct predicate *predicate,
                       struct observed_value *value) {
    const struct expression *expression = predicate->value;
    bool address = predicate->observable == OBSERVABLE_address;
    if (expression->kind != (address ? EXPRESSION_HOST : EXPRESSION_HEX))
        return fail(reading, predicate->position, "expected %s", address ? "an address" : "hex(...) or untouched");
    if (expression->bytes_count > (address ? sizeof reading->seen->address : sizeof reading->seen->out))
        return fail(reading, predicate->position, "more than %d bytes of output", OBSERVATION_OUT_MAX);
    value->number = expression->bytes_count;
    if (expression->bytes_count > 0)
        memcpy(address ? reading->seen->address : reading->seen->out, expression->bytes, expression->bytes_count);
    return true;
}

static bool read_overlapped(struct reading_answer *reading, const struct predicate *predicate,
                            struct observed_value *value) {
    value->number = session_overlapped_number(predicate->value);
    return value->number != UINT64_MAX ||
           fail(reading, predicate->position, "expected the name of an overlapped, NULL or good");
}

static bool read_set(struct reading_answer *reading, const struct predicate *predicate, struct observed_value *value) {
    const struct step *call =
        reading->step->kind == STEP_SHOW ? NULL : session_call_of(reading->scenario, reading->step);
    return session_set_number(call, predicate->observable, predicate->value, &value->number) ||
           fail(reading, predicate->position, "expected %s",
                predicate->observable == OBSERVABLE_revents ? "the events of each socket of the call in {...}"
                                                            : "sockets that the call has in this set, in {...}");
}

static bool read_predicate(struct reading_answer *reading, const struct predicate *predicate) {
    assert(predicate->observable < OBSERVABLE_COUNT);
    struct observed_value *value = &reading->seen->values[predicate->observable];
    const struct expression *expression = predicate->value;
    if (predicate->relation != RELATION_EQUALS)
        return fail(reading, predicate->position, "an answer names the value of %s, not a range",
                    observable_name(predicate->observable));
    value->present = 1;
    if (expression->kind == EXPRESSION_UNTOUCHED) {
        value->untouched = 1;
        return true;
    }
    switch (predicate->observable) {
    case OBSERVABLE_address:
    case OBSERVABLE_out: return read_bytes(reading, predicate, value);
    case OBSERVABLE_readfds:
    case OBSERVABLE_writefds:
    case OBSERVABLE_exceptfds:
    case OBSERVABLE_revents: return read_set(reading, predicate, value);
    case OBSERVABLE_overlapped: return read_overlapped(reading, predicate, value);
    case OBSERVABLE_handle:
        if (expression->kind != EXPRESSION_NAME || expression->name < 0)
            return fail(reading, predicate->position, "expected the name that had this handle before");
        value->number = (uint64_t)expression->name;
        return true;
    case OBSERVABLE_port:
    case OBSERVABLE_StartPort:
        if (!evaluate(reading, expression, &value->number)) return false;
        return value->number <= 65535 || fail(reading, predicate->position, "a port is at most 65535");
    default: return evaluate(reading, expression, &value->number);
    }
}

static bool read_routines(struct reading_answer *reading) {
    const struct step *answered = reading->answered;
    if (answered->routines_count > RESULT_ROUTINES_MAX)
        return fail(reading, answered->position, "more than %d completion routines in one step", RESULT_ROUTINES_MAX);
    reading->seen->routines_count = answered->routines_count;
    for (uint32_t i = 0; i < answered->routines_count; i++) {
        const struct routine_line *line = &answered->routines[i];
        struct observed_routine *routine = &reading->seen->routines[i];
        routine->delivery = line->delivery;
        routine->overlapped = line->overlapped;
        routine->number = line->number;
        for (unsigned member = 0; member < MEMBERS_COUNT; member++) {
            if ((delivery_members(line->delivery) & 1u << member) == 0) continue;
            if (line->values[member] == NULL)
                return fail(reading, line->position, "an answer reports the %s of a %s too",
                            member_name((enum member)member), delivery_name(line->delivery));
            if (!evaluate(reading, line->values[member], &routine->values[member])) return false;
        }
    }
    return true;
}

bool session_read_answer(struct session *session, const struct scenario *scenario, const struct step *step,
                         const struct step *answered, struct observation *seen, struct language_error *error) {
    assert(session != NULL && step != NULL && answered != NULL);
    assert(seen != NULL && error != NULL);
    struct reading_answer reading = { session, scenario, step, answered, seen, error };
    memset(seen, 0, sizeof *seen);
    if (answered->outcomes_count != 1)
        return fail(&reading, answered->position, "an answer has one outcome, found %u",
                    (unsigned)answered->outcomes_count);
    if (!learn_live(&reading)) return false;
    const struct outcome *outcome = &answered->outcomes[0];
    if (!read_word(&reading, outcome)) return false;
    for (uint32_t i = 0; i < outcome->predicates_count; i++)
        if (!read_predicate(&reading, &outcome->predicates[i])) return false;
    return read_routines(&reading);
}
