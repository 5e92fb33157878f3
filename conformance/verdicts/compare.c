#include "conformance/verdicts/compare.h"

#include <assert.h>
#include <stddef.h>

#include "conformance/verdicts/compare_allowed.h"
#include "conformance/verdicts/compare_line.h"
#include "stack/errors.h"

static void deviate(const struct comparison *comparison, struct step_record *step) {
    struct text seen = { 0 };
    allowed_add_port(&step->seen, step->outcome, &seen);
    step->seen_as = instance_record_text(comparison->record, seen.bytes);
    text_free(&seen);
    const char *allowed[JUDGE_ALLOWED_MAX];
    for (unsigned i = 0; i < step->allowed_count; i++) allowed[i] = step->allowed[i].outcome;
    struct deviating_step deviating = {
        .instance = comparison->record->instance,
        .step = step->step,
        .seen = &step->seen,
        .outcome = step->outcome,
        .allowed_count = step->allowed_count,
        .allowed = allowed,
    };
    int rule = comparison->deviations == NULL ? -1 : deviations_match(comparison->deviations, &deviating);
    step->verdict = rule < 0 ? VERDICT_DEVIATE_NEW : VERDICT_DEVIATE_KNOWN;
    if (rule >= 0) step->rule = &comparison->deviations->rules[rule];
}

static void note(const struct comparison *comparison, struct step_record *step, const char *before,
                 const struct text *why) {
    struct text text = { 0 };
    text_add(&text, "%s%s", before, why == NULL || why->length == 0 ? "" : why->bytes);
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
