#include "conformance/verdicts/compare_allowed.h"

#include <assert.h>
#include <string.h>

#include "conformance/judge/difference.h"
#include "conformance/language/outcome_text.h"
#include "conformance/language/printer.h"
#include "conformance/language/source_text.h"
#include "conformance/session/session_match.h"
#include "conformance/verdicts/compare_line.h"
#include "stack/readings.h"

/* Its sources: the readings, or all else. Readings on which the answer hangs are reported with their provenance. */
static void add_sources(const struct outcome *outcome, bool readings, struct text *out) {
    for (uint32_t i = 0; i < outcome->sources_count; i++) {
        if ((outcome->sources[i].kind == SOURCE_READING) != readings) continue;
        if (out->length > 0) text_add(out, " ");
        source_print(&outcome->sources[i], out);
    }
}

static void add_reading(unsigned question, unsigned candidate, struct text *out) {
    const struct reading *reading = reading_of(question);
    text_add(out, "%s@Q%u=%c", out->length > 0 ? " " : "", question, (char)('a' + candidate));
    if (reading == NULL) return;
    const char *provenance = provenance_name((enum provenance)reading->provenance);
    if (candidate == reading->lean) text_add(out, " (%s)", provenance);
    else if (candidate == reading->documented) text_add(out, " (documented)");
}

/* The clauses of the line's alternative that this outcome matches, then the readings that it needs. Where an earlier
 * step has settled those, and nothing else says why, the readings that the only such alternative cites. */
static void add_why(const struct comparison *comparison, const struct step_record *step,
                    const struct allowed_outcome *allowed, struct text *out) {
    const struct outcome *matched = NULL;
    unsigned matches = 0;
    for (uint32_t i = 0; i < step->step->outcomes_count; i++) {
        const struct outcome *outcome = &step->step->outcomes[i];
        if (outcome->word == OUTCOME_ANY) continue;
        if (!session_matches(subject_session(comparison->subject), comparison->record->instance, step->step, outcome,
                             &allowed->observation, NULL))
            continue;
        if (matches++ == 0) matched = outcome;
    }
    if (matched != NULL) add_sources(matched, false, out);
    for (unsigned question = 1; question < READINGS_MAX; question++) {
        if (allowed->readings[question] != 0) add_reading(question, allowed->readings[question] - 1u, out);
    }
    if (out->length == 0 && matches == 1) add_sources(matched, true, out);
}

static unsigned keep_allowed(const struct comparison *comparison, struct step_record *step, const char *outcome,
                             const struct text *why) {
    assert(step->allowed_count < JUDGE_ALLOWED_MAX);
    struct allowed_text *allowed = &step->allowed[step->allowed_count];
    allowed->outcome = instance_record_text(comparison->record, outcome);
    allowed->why = instance_record_text(comparison->record, why->length == 0 ? "" : why->bytes);
    return step->allowed_count++;
}

/* Joins an outcome with one that was kept for the same reasons; -1 when there is none. A reader wants to see that the
 * last error may be anything once, and not every combination of values that do not matter. */
static int join_allowed(const struct comparison *comparison, struct step_record *step, const char *outcome,
                        const struct text *why) {
    for (unsigned i = 0; i < step->allowed_count; i++) {
        struct allowed_text *allowed = &step->allowed[i];
        struct text joined = { 0 };
        if (strcmp(allowed->why, why->length == 0 ? "" : why->bytes) != 0) continue;
        bool joins = outcome_text_join(allowed->outcome, outcome, &joined);
        if (joins) allowed->outcome = instance_record_text(comparison->record, joined.bytes);
        text_free(&joined);
        if (joins) return (int)i;
    }
    return -1;
}

void allowed_add_port(const struct observation *seen, const char *outcome, struct text *out) {
    static const enum observable ports[] = { OBSERVABLE_port, OBSERVABLE_StartPort };
    text_add(out, "%s", outcome);
    for (unsigned i = 0; i < 2; i++) {
        const struct observed_value *value = &seen->values[ports[i]];
        if (value->present && !value->untouched)
            text_add(out, " (%s %u)", observable_name(ports[i]), (unsigned)value->number);
    }
    const struct observed_value *token = &seen->values[OBSERVABLE_Token];
    if (token->present && !token->untouched && token->number == 0) text_add(out, " (Token 0)");
}

/* Joins again what joining has made equal: those after `i` into i. `kept` maps the judge's outcomes to ours. */
static bool join_kept(const struct comparison *comparison, struct step_record *step, int *kept, unsigned kept_count,
                      unsigned i) {
    for (unsigned j = i + 1; j < step->allowed_count; j++) {
        struct text joined = { 0 };
        bool joins = strcmp(step->allowed[i].why, step->allowed[j].why) == 0 &&
                     outcome_text_join(step->allowed[i].outcome, step->allowed[j].outcome, &joined);
        if (joins) {
            step->allowed[i].outcome = instance_record_text(comparison->record, joined.bytes);
            memmove(&step->allowed[j], &step->allowed[j + 1], (--step->allowed_count - j) * sizeof step->allowed[j]);
            for (unsigned k = 0; k < kept_count; k++) {
                if (kept[k] == (int)j) kept[k] = (int)i;
                else if (kept[k] > (int)j) kept[k]--;
            }
        }
        text_free(&joined);
        if (joins) return true;
    }
    return false;
}

/* A number is printed as a name. Where the words are the same it was the number that was not allowed: a note says
 * so. */
static void note_refused(const struct comparison *comparison, struct step_record *step,
                         const struct judgement *judgement) {
    if (!judgement->refused || step->note != NULL) return;
    step->note = instance_record_text(comparison->record, judgement->why);
}

/* --- what the deviation teaches ----------------------------------------------------------------------------------- */

/* The nearest first; equal ones stay in their order. */
static void sort_by_nearness(struct step_record *step, struct answer answers[JUDGE_ALLOWED_MAX]) {
    for (unsigned i = 1; i < step->allowed_count; i++) {
        for (unsigned j = i; j > 0; j--) {
            unsigned size = difference_size(step->outcome, step->allowed[j].outcome);
            unsigned before = difference_size(step->outcome, step->allowed[j - 1].outcome);
            if (size >= before || before == 1) break; /* what prints alike differs in a number */
            struct allowed_text allowed = step->allowed[j];
            struct answer answer = answers[j];
            step->allowed[j] = step->allowed[j - 1];
            answers[j] = answers[j - 1];
            step->allowed[j - 1] = allowed;
            answers[j - 1] = answer;
            if (step->continued_with == (int)j) step->continued_with = (int)j - 1;
            else if (step->continued_with == (int)j - 1) step->continued_with = (int)j;
        }
    }
}

/* `answers` are the observations of what is kept. */
static void teach(const struct comparison *comparison, struct step_record *step,
                  struct answer answers[JUDGE_ALLOWED_MAX]) {
    struct text differs = { 0 }, says = { 0 };
    const struct answer seen = { step->outcome, &step->seen };
    sort_by_nearness(step, answers);
    for (unsigned i = 0; i < step->allowed_count; i++) answers[i].text = step->allowed[i].outcome;
    difference_add(&seen, answers, step->allowed_count, &differs);
    if (differs.length > 0) step->differs = instance_record_text(comparison->record, differs.bytes);
    for (unsigned i = 0; i < step->allowed_count && says.length == 0; i++)
        if (source_text_add(step->allowed[i].why, &says))
            step->says = instance_record_text(comparison->record, says.bytes);
    text_free(&differs);
    text_free(&says);
}

void allowed_keep_judged(const struct comparison *comparison, struct step_record *step,
                         const struct judgement *judgement) {
    int kept[JUDGE_ALLOWED_MAX];
    assert(judgement->allowed_count <= JUDGE_ALLOWED_MAX);
    for (unsigned i = 0; i < judgement->allowed_count; i++) {
        struct text why = { 0 };
        const char *outcome = judgement->outcomes[i].text;
        add_why(comparison, step, &judgement->outcomes[i], &why);
        kept[i] = join_allowed(comparison, step, outcome, &why);
        if (kept[i] < 0) kept[i] = (int)keep_allowed(comparison, step, outcome, &why);
        text_free(&why);
    }
    for (unsigned i = 0; i < step->allowed_count;) {
        if (!join_kept(comparison, step, kept, judgement->allowed_count, i)) i++;
    }
    int on = judgement->continued_with;
    assert(on < (int)judgement->allowed_count);
    step->exhaustive = judgement->exhaustive;
    step->continued_with = on < 0 ? on : kept[on];
    note_refused(comparison, step, judgement);
    struct text follows = { 0 };
    step->follows = judgement->follows;
    judgement_add_follows(judgement, &follows);
    if (follows.length > 0) step->follows_how = instance_record_text(comparison->record, follows.bytes);
    text_free(&follows);
    struct answer answers[JUDGE_ALLOWED_MAX] = { { NULL, NULL } };
    for (unsigned i = judgement->allowed_count; i-- > 0;)
        answers[kept[i]].observation = &judgement->outcomes[i].observation;
    teach(comparison, step, answers);
    struct text continued = { 0 };
    if (on >= 0) allowed_add_port(&judgement->outcomes[on].observation, judgement->outcomes[on].text, &continued);
    if (on >= 0) step->continued_as = instance_record_text(comparison->record, continued.bytes);
    text_free(&continued);
}

void allowed_keep_written(const struct comparison *comparison, struct step_record *step) {
    for (uint32_t i = 0; i < step->step->outcomes_count && step->allowed_count < JUDGE_ALLOWED_MAX; i++) {
        struct outcome outcome = step->step->outcomes[i];
        struct text text = { 0 }, why = { 0 };
        if (!line_readings_hold(comparison, &outcome)) continue;
        add_sources(&outcome, false, &why);
        for (uint32_t j = 0; j < outcome.sources_count; j++) {
            if (outcome.sources[j].kind == SOURCE_READING)
                add_reading(outcome.sources[j].number, outcome.sources[j].candidate, &why);
        }
        outcome.sources_count = 0;
        outcome_print(comparison->record->instance, &outcome, &text);
        keep_allowed(comparison, step, text.bytes, &why);
        text_free(&text);
        text_free(&why);
    }
    struct answer answers[JUDGE_ALLOWED_MAX] = { { NULL, NULL } };
    teach(comparison, step, answers);
}
