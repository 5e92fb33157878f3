#include "conformance/verdicts/deviations.h"

#include <assert.h>
#include <string.h>

#include "conformance/language/outcome_text.h"
#include "conformance/language/printer.h"
#include "conformance/language/step_order.h"

/* --- words of an outcome ----------------------------------------------------------------------------------------- */

bool deviating_has_word(const struct deviating_step *deviating, const char *word) {
    assert(deviating != NULL && word != NULL);
    const struct observation *seen = deviating->seen;
    if (strcmp(word, "fails") == 0) return seen->word == OUTCOME_ERROR;
    if (strcmp(word, "fault") == 0) return seen->word == OUTCOME_FAULT;
    if (strcmp(word, "routine-ran") == 0) return seen->routines_count > 0;
    if (strcmp(word, "port=outside-dynamic-range") == 0) return deviating->port_is_outside;
    return outcome_text_has(deviating->outcome, word);
}

static bool was_observed(const struct deviating_step *deviating, const struct rule_observed *observed) {
    assert(observed->words_count > 0);
    for (unsigned i = 0; i < observed->words_count; i++) {
        if (!deviating_has_word(deviating, observed->words[i])) return false;
    }
    return true;
}

/* --- conditions -------------------------------------------------------------------------------------------------- */

/* The call that the thread of a `returns` is inside. */
static const struct step *call_behind(const struct scenario *instance, const struct step *step) {
    struct step_order order;
    if (step->kind != STEP_RETURNS) return step;
    step_order_fill(&order, instance);
    return step_order_call_of(&order, step);
}

const char *rule_call_name(const struct scenario *instance, const struct step *step) {
    assert(instance != NULL && step != NULL);
    if (step->kind == STEP_SHOW) return "show";
    if (step->kind == STEP_EXPECT) return "expect";
    const struct step *call = call_behind(instance, step);
    return call != NULL && call->kind == STEP_CALL ? call->signature->name : "";
}

static bool argument_is(const struct scenario *instance, const struct step *call,
                        const struct rule_condition *condition) {
    const struct expression *value = NULL;
    if (call == NULL || call->kind != STEP_CALL) return false;
    int parameter = signature_parameter(call->signature, condition->name, (unsigned)strlen(condition->name));
    if (parameter < 0) return false;
    for (uint32_t i = 0; i < call->arguments_count; i++) {
        if (call->arguments[i].parameter == parameter) value = call->arguments[i].value;
    }
    bool null = value == NULL || (value->kind == EXPRESSION_POINTER && value->number == POINTER_NULL);
    if (strcmp(condition->value, "given") == 0) return !null;
    if (strcmp(condition->value, "NULL") == 0 || value == NULL) return null && strcmp(condition->value, "NULL") == 0;
    struct text text = { 0 };
    expression_print(instance, value, &text);
    bool same = strcmp(text.bytes, condition->value) == 0;
    text_free(&text);
    return same;
}

/* [tcp.v4] has the values tcp and v4. */
static bool instance_has(const struct scenario *instance, const char *value) {
    const char *suffix = strchr(instance->name, '[');
    size_t length = strlen(value);
    assert(length > 0);
    while (suffix != NULL) {
        suffix++;
        size_t found = strcspn(suffix, ".]");
        if (found == length && memcmp(suffix, value, length) == 0) return true;
        suffix = suffix[found] == '.' ? suffix + found : NULL;
    }
    return false;
}

/* A fault is named without its code. */
static bool was_allowed(const struct deviating_step *deviating, const char *word) {
    bool fault = strcmp(word, "fault") == 0;
    for (unsigned i = 0; i < deviating->allowed_count; i++) {
        if (outcome_text_has(deviating->allowed[i], word)) return true;
        if (fault && strncmp(deviating->allowed[i], "fault(", strlen("fault(")) == 0) return true;
    }
    return false;
}

/* --- rules -------------------------------------------------------------------------------------------------------- */

bool rule_concerns(const struct deviation_rule *rule, const struct scenario *instance, const struct step *step) {
    assert(rule != NULL && rule->calls_count > 0);
    bool called = false;
    const char *name = rule_call_name(instance, step);
    for (unsigned i = 0; i < rule->calls_count; i++) called |= strcmp(rule->calls[i], name) == 0;
    if (!called) return false;
    const struct step *call = call_behind(instance, step);
    for (unsigned i = 0; i < rule->conditions_count; i++) {
        const struct rule_condition *condition = &rule->conditions[i];
        if (condition->kind == CONDITION_INSTANCE && !instance_has(instance, condition->value)) return false;
        if (condition->kind == CONDITION_ARGUMENT && !argument_is(instance, call, condition)) return false;
    }
    return true;
}

static bool rule_matches(const struct deviation_rule *rule, const struct deviating_step *deviating) {
    if (!rule_concerns(rule, deviating->instance, deviating->step)) return false;
    for (unsigned i = 0; i < rule->conditions_count; i++) {
        const struct rule_condition *condition = &rule->conditions[i];
        if (condition->kind == CONDITION_ALLOWED && !was_allowed(deviating, condition->value)) return false;
    }
    for (unsigned i = 0; i < rule->observed_count; i++) {
        if (was_observed(deviating, &rule->observed[i])) return true;
    }
    return false;
}

int deviations_match(const struct deviations *deviations, const struct deviating_step *deviating) {
    assert(deviations != NULL);
    assert(deviating != NULL && deviating->outcome != NULL);
    for (uint32_t i = 0; i < deviations->rules_count; i++) {
        if (rule_matches(&deviations->rules[i], deviating)) return (int)i;
    }
    return -1;
}

/* The same question before the step is played, of what its line allows. */
static bool line_allows(const struct scenario *instance, const struct step *step, const char *word) {
    for (uint32_t i = 0; i < step->outcomes_count; i++) {
        struct text text = { 0 };
        outcome_print(instance, &step->outcomes[i], &text);
        bool allows = outcome_text_has(text.bytes, word);
        text_free(&text);
        if (allows) return true;
    }
    return false;
}

static bool rule_expects_vain_wait(const struct deviation_rule *rule, const struct scenario *instance,
                                   const struct step *step) {
    const char *word = step->kind == STEP_EXPECT ? "none" : "blocks";
    bool observes = false;
    for (unsigned i = 0; i < rule->observed_count; i++)
        observes |= rule->observed[i].words_count == 1 && strcmp(rule->observed[i].words[0], word) == 0;
    if (!observes || !rule_concerns(rule, instance, step)) return false;
    for (unsigned i = 0; i < rule->conditions_count; i++) {
        const struct rule_condition *condition = &rule->conditions[i];
        if (condition->kind == CONDITION_ALLOWED && !line_allows(instance, step, condition->value)) return false;
    }
    return true;
}

bool deviations_expect_vain_wait(const struct deviations *deviations, const char *id, const struct scenario *instance,
                                 const struct step *step) {
    assert(deviations != NULL && id != NULL);
    for (uint32_t i = 0; i < deviations->rules_count; i++) {
        const struct deviation_rule *rule = &deviations->rules[i];
        if (rule_lists(rule, id) && rule_expects_vain_wait(rule, instance, step)) return true;
    }
    return false;
}

bool rule_lists(const struct deviation_rule *rule, const char *scenario) {
    assert(rule != NULL && scenario != NULL);
    for (unsigned i = 0; i < rule->scenarios_count; i++) {
        if (strcmp(rule->scenarios[i], scenario) == 0) return true;
    }
    return false;
}
