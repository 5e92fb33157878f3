#include "conformance/verdicts/compare.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "conformance/verdicts/compare_allowed.h"
#include "conformance/verdicts/compare_line.h"
#include "stack/errors.h"

/* Is the port one that the scenario names: of a `ports` line, or written as a number? */
static bool port_is_named(const struct comparison *comparison, uint64_t port) {
    const struct scenario *instance = comparison->record->instance;
    const struct session *session = subject_session(comparison->subject);
    for (uint32_t i = 0; i < instance->names_count; i++) {
        const struct live_value *live = &session->live[i];
        bool ports = instance->names[i].kind == NAME_PORTS;
        if (ports && port >= live->port_first && port < (uint64_t)live->port_first + live->ports_count) return true;
    }
    for (uint32_t i = 0; i < instance->steps_count; i++)
        if (line_literal_port(&instance->steps[i]) == port) return true;
    return false;
}

/* The transport of the first socket that the step names. */
static enum transport transport_of(const struct comparison *comparison, const struct step *step) {
    const struct scenario *instance = comparison->record->instance;
    for (uint32_t i = 0; i < step->arguments_count; i++) {
        const struct expression *value = step->arguments[i].value;
        if (value->kind == EXPRESSION_NAME && instance->names[value->name].kind == NAME_SOCKET)
            return (enum transport)subject_session(comparison->subject)->live[value->name].transport;
    }
    return TRANSPORT_TCP;
}

/* Was such an outcome allowed, but for its values? */
static bool word_is_allowed(const struct step_record *step) {
    size_t length = strcspn(step->outcome, " ");
    for (unsigned i = 0; i < step->allowed_count; i++) {
        const char *allowed = step->allowed[i].outcome;
        if (strcspn(allowed, " ") == length && memcmp(allowed, step->outcome, length) == 0) return true;
    }
    return false;
}

/* Was a port seen that the machine chose, outside the dynamic range that its head tells? */
static bool port_is_outside(const struct comparison *comparison, const struct step_record *step) {
    const struct observed_value *port = &step->seen.values[OBSERVABLE_port];
    return comparison->judge != NULL && port->present && !port->untouched && port->number != 0 &&
           word_is_allowed(step) && !port_is_named(comparison, port->number) &&
           !judge_port_is_dynamic(comparison->judge, transport_of(comparison, step->step), port->number);
}

static void deviate(const struct comparison *comparison, struct step_record *step) {
    struct text seen = { 0 };
    allowed_add_port(&step->seen, step->outcome, &seen);
    step->seen_as = instance_record_text(comparison->record, seen.bytes);
    text_free(&seen);
    step->port_is_outside = port_is_outside(comparison, step);
    const char *allowed[JUDGE_ALLOWED_MAX];
    for (unsigned i = 0; i < step->allowed_count; i++) allowed[i] = step->allowed[i].outcome;
    struct deviating_step deviating = {
        .instance = comparison->record->instance,
        .step = step->step,
        .seen = &step->seen,
        .outcome = step->outcome,
        .allowed_count = step->allowed_count,
        .allowed = allowed,
        .port_is_outside = step->port_is_outside,
    };
    int rule = comparison->deviations == NULL ? -1 : deviations_match(comparison->deviations, &deviating);
    step->verdict = rule < 0 ? VERDICT_DEVIATE_NEW : VERDICT_DEVIATE_KNOWN;
    if (rule >= 0) step->rule = &comparison->deviations->rules[rule];
}

static void note(const struct comparison *comparison, struct step_record *step, const char *before,
                 const struct text *why) {
    struct text text = { 0 };
    text_add(&text, "%s%s", before, why == NULL || why->length == 0 ? "" : why->bytes);
    if (comparison->instead[0] != '\0') text_add(&text, "; %s", comparison->instead);
    step->note = instance_record_text(comparison->record, text.bytes);
    text_free(&text);
}

void compare_on_model(const struct comparison *comparison, struct step_record *step) {
    struct text why = { 0 };
    assert(comparison->judge == NULL);
    assert(step->result == STEP_SEEN);
    step->exhaustive = true;
    step->continued_with = CONTINUED_AS_IF_NOT_MADE;
    if (!line_conforms(comparison, step, &why)) {
        allowed_keep_written(comparison, step);
        note(comparison, step, "the line does not hold on the model: ", &why);
        deviate(comparison, step);
    }
    text_free(&why);
}

/* A conflict on a port that the scenario does not own proves nothing: another program on the host may have it. */
static bool is_foreign_conflict(const struct step_record *step) {
    bool conflict =
        step->seen.word == OUTCOME_ERROR && (step->seen.code == WSAEADDRINUSE || step->seen.code == WSAEACCES);
    return conflict && line_literal_port(step->step) != 0;
}

void compare_on_host(const struct comparison *comparison, struct step_record *step, const struct judgement *judgement) {
    struct text why = { 0 };
    assert(comparison->judge != NULL && judgement != NULL);
    assert(step->result == STEP_SEEN);
    step->exhaustive = true;
    step->continued_with = CONTINUED_AS_IF_NOT_MADE;
    if (judgement->not_modelled != NULL) {
        text_add(&why, "%s", judgement->not_modelled);
        step->verdict = VERDICT_INCONCLUSIVE;
        note(comparison, step, "not modelled: ", &why);
        text_free(&why);
        return;
    }
    bool conforms = line_conforms(comparison, step, &why);
    if (!judgement->allowed && !judgement->decided && judgement->after_not_modelled != NULL) {
        step->verdict = VERDICT_INCONCLUSIVE;
        text_free(&why);
        text_add(&why, "%s", judgement->after_not_modelled);
        note(comparison, step, "not decided, because an earlier call is not modelled: ", &why);
    } else if (!judgement->allowed && !judgement->decided) {
        step->verdict = VERDICT_INCONCLUSIVE;
        note(comparison, step,
             "the search for what is allowed was cut short: more was possible than the judge keeps in mind", NULL);
    } else if (!judgement->allowed) {
        allowed_keep_judged(comparison, step, judgement);
        step->not_implemented = false;
        if (is_foreign_conflict(step)) {
            step->verdict = VERDICT_INCONCLUSIVE;
            text_free(&why);
            text_add(&why, "port %u is not the scenario's own; another program may have it",
                     (unsigned)line_literal_port(step->step));
            note(comparison, step, "", &why);
        } else {
            deviate(comparison, step);
        }
    } else if (!conforms) {
        allowed_keep_written(comparison, step);
        note(comparison, step, "the model allows it, the line does not: ", &why);
        deviate(comparison, step);
    }
    text_free(&why);
}
