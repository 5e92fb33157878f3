#include "conformance/verdicts/compare_line.h"

#include <assert.h>
#include <stddef.h>

#include "conformance/session/session_match.h"
#include "stack/errors.h"
#include "stack/readings.h"
#include "stack/sdk/control_values.h"

static bool readings_hold(const struct comparison *comparison, const struct source *sources, uint32_t count) {
    if (comparison->judge != NULL) return judge_readings_hold(comparison->judge, sources, count);
    return subject_model_readings_hold(comparison->subject, sources, count);
}

bool line_readings_hold(const struct comparison *comparison, const struct outcome *outcome) {
    return readings_hold(comparison, outcome->sources, outcome->sources_count);
}

/* The step with those of its routine lines alone whose readings hold; they are put into `held`. */
static struct step with_held_routines(const struct comparison *comparison, const struct step *step,
                                      struct routine_line held[ROUTINE_LINES_MAX]) {
    struct step narrowed = *step;
    narrowed.routines = held;
    narrowed.routines_count = 0;
    for (uint32_t i = 0; i < step->routines_count; i++) {
        const struct routine_line *line = &step->routines[i];
        if (readings_hold(comparison, line->sources, line->sources_count)) held[narrowed.routines_count++] = *line;
    }
    return narrowed;
}

/* The alternative that matches, or -1 with what differs from the first whose readings hold. A line that asserts nothing
 * (`...`) says nothing about routines either. */
static int match_line(const struct comparison *comparison, const struct step_record *step, struct text *why) {
    const struct session *session = subject_session(comparison->subject);
    const struct scenario *instance = comparison->record->instance;
    struct routine_line held[ROUTINE_LINES_MAX];
    const struct step narrowed = with_held_routines(comparison, step->step, held);
    assert(step->result == STEP_SEEN);
    for (uint32_t i = 0; i < step->step->outcomes_count; i++) {
        const struct outcome *outcome = &step->step->outcomes[i];
        struct text *reason = why->length == 0 ? why : NULL;
        if (!line_readings_hold(comparison, outcome)) continue;
        if (!session_matches(session, instance, step->step, outcome, &step->seen, reason)) continue;
        bool open = outcome->word == OUTCOME_ANY;
        if (open || session_matches_routines(session, instance, &narrowed, &step->seen, reason)) return (int)i;
    }
    return -1;
}

static uint32_t control_code_of(const struct step *step) {
    if (step->kind != STEP_CALL || !signature_is_control(step->signature)) return 0;
    int parameter = signature_parameter(step->signature, "code", 4);
    for (uint32_t i = 0; i < step->arguments_count; i++) {
        if (step->arguments[i].parameter == parameter) return (uint32_t)step->arguments[i].value->number;
    }
    return 0;
}

static bool is_reservation_code(uint32_t code) {
    return code == SIO_ACQUIRE_PORT_RESERVATION || code == SIO_ASSOCIATE_PORT_RESERVATION ||
           code == SIO_RELEASE_PORT_RESERVATION;
}

/* Candidates of question 89 (does the provider implement the three codes?) that are left, as a set of bits. */
static unsigned implemented_candidates(const struct comparison *comparison) {
    if (comparison->judge != NULL) return judge_candidates(comparison->judge, Q89_IMPLEMENTED);
    unsigned reading = subject_model_reading(comparison->subject, Q89_IMPLEMENTED);
    return reading == 0 ? 1u << Q89_YES | 1u << Q89_NO : 1u << (reading - 1);
}

/* Is this how a provider refuses a code that it does not have? */
static bool refuses_code(const struct step_record *step) {
    bool refused =
        step->seen.word == OUTCOME_PENDING || (step->seen.word == OUTCOME_ERROR && step->seen.code == WSAEOPNOTSUPP);
    return refused && is_reservation_code(control_code_of(step->step));
}

bool line_conforms(const struct comparison *comparison, struct step_record *step, struct text *why) {
    unsigned candidates = implemented_candidates(comparison);
    bool refuses = refuses_code(step);
    step->alternative = match_line(comparison, step, why);
    bool missing = step->alternative < 0 && refuses && (candidates & 1u << Q89_NO) != 0;
    step->not_implemented = missing || (refuses && candidates == 1u << Q89_NO);
    return step->alternative >= 0 || missing || step->step->outcomes_count == 0;
}

uint64_t line_literal_port(const struct step *step) {
    if (step->kind != STEP_CALL) return 0;
    bool binds = step->signature->function == FUNCTION_bind;
    bool acquires = control_code_of(step) == SIO_ACQUIRE_PORT_RESERVATION;
    for (uint32_t i = 0; i < step->arguments_count; i++) {
        const struct expression *value = step->arguments[i].value;
        const struct expression *port = NULL;
        if (binds && value->kind == EXPRESSION_ADDRESS && value->items_count == 2) port = value->items[1];
        if (acquires && value->kind == EXPRESSION_RECORD && value->items_count > 0) port = value->items[0];
        if (port != NULL && port->kind == EXPRESSION_NUMBER && !port->negative) return port->number;
    }
    return 0;
}
