/* An observation against what a scenario asserts. What differs first is said in words. */
#include "conformance/session/session_match.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "conformance/language/printer.h"
#include "conformance/session/session_evaluate.h"
#include "conformance/session/session_print.h"
#include "conformance/session/session_refer.h"
#include "conformance/session/session_sets.h"
#include "stack/errors.h"

struct matching {
    const struct session *session;
    const struct scenario *scenario;
    const struct step *step;
    const struct observation *seen;
    struct text *why; /* or NULL */
};

/* --- words ---------------------------------------------------------------------------------------------------- */

static bool evaluate(const struct matching *matching, const struct expression *expression, uint64_t *value) {
    int needed = NO_NAME;
    return session_evaluate(matching->session, matching->scenario, expression, value, &needed);
}

/* WAIT_TIMEOUT is what some calls return, and the error of GetQueuedCompletionStatus. */
static bool is_wait_result(const struct expression *value, const struct observation *seen) {
    return seen->word == OUTCOME_ERROR && value->kind == EXPRESSION_CONSTANT;
}

/* The value that the call returned, as far as an observation shows it: not a new handle. */
static bool returned(const struct matching *matching, uint32_t *value) {
    const struct observation *seen = matching->seen;
    const struct step *call = session_call_of(matching->scenario, matching->step);
    const struct observed_value *shown = &seen->values[OBSERVABLE_value];
    if (call == NULL || seen->word == OUTCOME_PENDING || seen->word == OUTCOME_BLOCKS || seen->word == OUTCOME_FAULT)
        return false;
    enum returns returns = (enum returns)call->signature->returns;
    bool failed = seen->word == OUTCOME_ERROR;
    switch (returns) {
    case RETURNS_ERROR: *value = failed ? seen->code : 0; return true;
    case RETURNS_BOOL: *value = !failed; return true;
    case RETURNS_POINTER:
    case RETURNS_HANDLE: *value = 0; return failed;
    case RETURNS_SOCKET:
    case RETURNS_FILE: *value = UINT32_MAX; return failed;
    case RETURNS_COUNT:
    case RETURNS_NUMBER: *value = failed ? UINT32_MAX : (uint32_t)shown->number; return failed || shown->present;
    default: *value = failed ? UINT32_MAX : seen->code; return true; /* of OK it is 0 */
    }
}

static bool word_matches(const struct matching *matching, const struct outcome *expected) {
    const struct observation *seen = matching->seen;
    uint64_t number = 0;
    uint32_t value = 0;
    if (expected->value != NULL && !evaluate(matching, expected->value, &number)) return false;
    switch (expected->word) {
    case OUTCOME_ANY: return true;
    case OUTCOME_FAILS: return seen->word == OUTCOME_ERROR;
    case OUTCOME_ERROR: return seen->word == OUTCOME_ERROR && seen->code == (uint32_t)number;
    case OUTCOME_NUMBER:
        if (is_wait_result(expected->value, seen)) return seen->code == (uint32_t)number;
        return returned(matching, &value) && value == (uint32_t)number;
    case OUTCOME_FAULT:
        return seen->word == OUTCOME_FAULT && (expected->value == NULL || seen->code == (uint32_t)number);
    default: return seen->word == expected->word;
    }
}

/* The word as it was written, without the predicates. */
static void print_expected_word(const struct matching *matching, const struct outcome *expected, struct text *out) {
    struct outcome word = *expected;
    word.predicates_count = 0;
    word.sources_count = 0;
    word.guard.values_count = 0;
    outcome_print(matching->scenario, &word, out);
}

/* --- predicates ----------------------------------------------------------------------------------------------- */

static bool address_matches(const struct observation *seen, const struct expression *host) {
    const struct observed_value *value = &seen->values[OBSERVABLE_address];
    if (host->kind != EXPRESSION_HOST || host->bytes_count != value->number) return false;
    assert(value->number <= sizeof seen->address);
    return memcmp(host->bytes, seen->address, host->bytes_count) == 0;
}

static bool out_matches(const struct observation *seen, const struct expression *hex) {
    const struct observed_value *value = &seen->values[OBSERVABLE_out];
    if (hex->kind != EXPRESSION_HEX || hex->bytes_count != value->number) return false;
    assert(value->number <= OBSERVATION_OUT_MAX);
    return memcmp(hex->bytes, seen->out, hex->bytes_count) == 0;
}

static bool number_matches(const struct matching *matching, const struct predicate *predicate) {
    uint64_t seen = matching->seen->values[predicate->observable].number;
    uint64_t expected = 0;
    if (predicate->observable == OBSERVABLE_Token) {
        unsigned token = session_token_text(predicate->value->text == NULL ? "" : predicate->value->text);
        if (token != 0 && predicate->value->field == NULL)
            return session_token_number(matching->session, seen) == token;
    }
    if (session_is_set(predicate->observable)) {
        const struct step *call = session_call_of(matching->scenario, matching->step);
        return session_set_number(call, predicate->observable, predicate->value, &expected) && expected == seen;
    }
    if (predicate->observable == OBSERVABLE_overlapped) return session_overlapped_number(predicate->value) == seen;
    if (predicate->observable == OBSERVABLE_handle)
        return predicate->value->kind == EXPRESSION_NAME && predicate->value->name >= 0 &&
               (uint64_t)predicate->value->name == seen;
    if (!evaluate(matching, predicate->value, &expected)) return false;
    bool narrow = predicate->observable != OBSERVABLE_Token && predicate->observable != OBSERVABLE_InternalHigh &&
                  predicate->observable != OBSERVABLE_key;
    return narrow ? (uint32_t)expected == (uint32_t)seen : expected == seen;
}

static bool in_range(const struct matching *matching, const struct predicate *predicate) {
    uint16_t first = 0, count = 0;
    uint64_t seen = matching->seen->values[predicate->observable].number;
    if (predicate->value->kind != EXPRESSION_NAME) return false;
    if (!session_ports_of(matching->session, matching->scenario, predicate->value->name, &first, &count)) return false;
    return seen >= first && seen - first < count;
}

static bool predicate_matches(const struct matching *matching, const struct predicate *predicate) {
    assert(predicate->observable < OBSERVABLE_COUNT);
    const struct observed_value *value = &matching->seen->values[predicate->observable];
    if (!value->present) return false;
    if (predicate->value->kind == EXPRESSION_UNTOUCHED) return value->untouched != 0;
    if (value->untouched) return false;
    if (predicate->relation == RELATION_IN) return in_range(matching, predicate);
    if (predicate->observable == OBSERVABLE_address) return address_matches(matching->seen, predicate->value);
    if (predicate->observable == OBSERVABLE_out) return out_matches(matching->seen, predicate->value);
    return number_matches(matching, predicate);
}

static void explain_predicate(const struct matching *matching, const struct predicate *predicate) {
    if (matching->why == NULL) return;
    const char *name = observable_name(predicate->observable);
    if (!matching->seen->values[predicate->observable].present) {
        text_add(matching->why, "no %s was observed", name);
        return;
    }
    text_add(matching->why, "expected %s%s", name, predicate->relation == RELATION_IN ? " in " : "=");
    expression_print(matching->scenario, predicate->value, matching->why);
    text_add(matching->why, ", saw %s=", name);
    session_print_value(matching->session, matching->scenario, matching->step, matching->seen, predicate->observable,
                        matching->why);
}

bool session_matches(const struct session *session, const struct scenario *scenario, const struct step *step,
                     const struct outcome *expected, const struct observation *seen, struct text *why) {
    assert(expected != NULL && seen != NULL);
    struct matching matching = { session, scenario, step, seen, why };
    if (!word_matches(&matching, expected)) {
        if (why == NULL) return false;
        text_add(why, "expected ");
        print_expected_word(&matching, expected, why);
        text_add(why, ", saw ");
        session_print_word(scenario, step, seen, why);
        return false;
    }
    for (uint32_t i = 0; i < expected->predicates_count; i++) {
        if (predicate_matches(&matching, &expected->predicates[i])) continue;
        explain_predicate(&matching, &expected->predicates[i]);
        return false;
    }
    return true;
}

/* --- routines ------------------------------------------------------------------------------------------------- */

/* What a line says of one member against what was seen. */
static bool member_matches(const struct matching *matching, const struct routine_line *line,
                           const struct observed_routine *ran, enum member member) {
    uint64_t value = 0;
    if (line->values[member] == NULL) return true;
    if (evaluate(matching, line->values[member], &value) && value == ran->values[member]) return true;
    if (matching->why == NULL) return false;
    text_add(matching->why, "expected ");
    delivery_print(matching->scenario, line->delivery, line->overlapped, line->number, matching->why);
    text_add(matching->why, " %s=", member_name(member));
    expression_print(matching->scenario, line->values[member], matching->why);
    text_add(matching->why, ", saw %s=", member_name(member));
    session_print_member(member, ran->values[member], matching->why);
    return false;
}

static bool routine_matches(const struct matching *matching, const struct routine_line *line,
                            const struct observed_routine *ran) {
    bool alike = line->delivery == (enum delivery)ran->delivery && line->overlapped == ran->overlapped &&
                 line->number == ran->number;
    if (!alike && matching->why != NULL) {
        text_add(matching->why, "expected ");
        delivery_print(matching->scenario, line->delivery, line->overlapped, line->number, matching->why);
        text_add(matching->why, ", saw ");
        delivery_print(matching->scenario, (enum delivery)ran->delivery, ran->overlapped, ran->number, matching->why);
    }
    for (unsigned member = 0; alike && member < MEMBERS_COUNT; member++)
        alike = member_matches(matching, line, ran, (enum member)member);
    return alike;
}

static void print_routines_count(uint32_t count, struct text *out) {
    if (count == 0) text_add(out, "none");
    else text_add(out, "%" PRIu32, count);
}

/* The end of the alternatives for one routine that begin with line `from`. */
static uint32_t alternatives_end(const struct step *step, uint32_t from) {
    const struct routine_line *first = &step->routines[from];
    uint32_t end = from + 1;
    while (first->sources_count > 0 && end < step->routines_count && step->routines[end].sources_count > 0 &&
           step->routines[end].delivery == first->delivery && step->routines[end].overlapped == first->overlapped)
        end++;
    return end;
}

static bool one_alternative_matches(const struct matching *matching, uint32_t from, uint32_t end,
                                    const struct observed_routine *ran) {
    struct matching silent = *matching;
    silent.why = NULL;
    for (uint32_t i = from + 1; i < end; i++)
        if (routine_matches(&silent, &matching->step->routines[i], ran)) return true;
    return routine_matches(matching, &matching->step->routines[from], ran);
}

static bool tells_of_packets(const struct step *step, const struct observation *seen) {
    if (step->routines_count > 0) return step->routines[0].delivery == DELIVERY_PACKET;
    return seen->routines_count > 0 && seen->routines[0].delivery == DELIVERY_PACKET;
}

bool session_matches_routines(const struct session *session, const struct scenario *scenario, const struct step *step,
                              const struct observation *seen, struct text *why) {
    assert(seen->routines_count <= RESULT_ROUTINES_MAX);
    struct matching matching = { session, scenario, step, seen, why };
    uint32_t expected = 0, line = 0;
    while (line < step->routines_count) {
        uint32_t end = alternatives_end(step, line);
        bool ran = expected < seen->routines_count;
        if (ran && !one_alternative_matches(&matching, line, end, &seen->routines[expected])) return false;
        expected++;
        line = end;
    }
    if (expected == seen->routines_count) return true;
    if (why == NULL) return false;
    text_add(why, tells_of_packets(step, seen) ? "expected packets: " : "expected completion routines to run: ");
    print_routines_count(expected, why);
    text_add(why, ", saw ");
    print_routines_count(seen->routines_count, why);
    return false;
}
