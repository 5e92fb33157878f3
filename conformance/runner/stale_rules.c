#include "conformance/runner/stale_rules.h"

#include <assert.h>
#include <string.h>

/* Did this instance send the rule's call conclusively; did the rule explain anything in it? */
static void look_for_rule(const struct instance_record *record, const struct deviation_rule *rule, bool *concerned,
                          bool *matched) {
    for (unsigned i = 0; i < record->steps_count; i++) {
        const struct step_record *step = &record->steps[i];
        if (step->result != STEP_SEEN || step->verdict == VERDICT_INCONCLUSIVE) continue;
        *concerned |= rule_concerns(rule, record->instance, step->step);
        *matched |= step->rule == rule;
    }
}

/* A machine may have any dynamic range, so such a rule need not happen. */
static bool is_about_the_range(const struct deviation_rule *rule) {
    bool all = true;
    for (unsigned i = 0; i < rule->observed_count; i++) {
        bool one = false;
        for (unsigned k = 0; k < rule->observed[i].words_count; k++)
            one |= strcmp(rule->observed[i].words[k], "port=outside-dynamic-range") == 0;
        all &= one;
    }
    return all;
}

/* Asks a part of the records whether a rule that is recorded for them happened. One that has not been played to its end
 * proves nothing. */
static void find_stale_rule(const struct deviation_rule *rule, unsigned subject, struct run_record *record,
                            size_t first, size_t end) {
    struct instance_record *witness = NULL;
    bool concerned = false, matched = false, unfinished = false;
    for (size_t i = first; i < end; i++) {
        struct instance_record *instance = record->instances[i];
        if (instance->subject != subject || !rule_lists(rule, instance->scenario)) continue;
        if (witness == NULL) witness = instance;
        unfinished |= instance->verdict == VERDICT_HARNESS_BROKEN || instance->stopped;
        look_for_rule(instance, rule, &concerned, &matched);
    }
    if (!concerned || matched || unfinished) return;
    struct text text = { 0 };
    text_add(&text, "the recorded deviation %s did not happen %s", rule->name, rule->sometimes ? "anywhere" : "here");
    instance_record_raise(witness, VERDICT_CONFORM_UNEXPECTED, instance_record_text(witness, text.bytes));
    text_free(&text);
}

void find_stale_rules(const struct run_plan *plan, bool sometimes, struct run_record *record, size_t first,
                      size_t end) {
    assert(first <= end && end <= record->count);
    for (unsigned subject = 0; subject < plan->subjects_count; subject++) {
        const struct deviations *deviations = plan->deviations[subject];
        for (uint32_t i = 0; deviations != NULL && i < deviations->rules_count; i++) {
            const struct deviation_rule *rule = &deviations->rules[i];
            if (rule->sometimes == sometimes && !rule->seldom && !is_about_the_range(rule))
                find_stale_rule(&deviations->rules[i], subject, record, first, end);
        }
    }
}
