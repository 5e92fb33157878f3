#include "conformance/verdicts/compare.h"

#include <assert.h>
#include <string.h>

#include "conformance/judge/judge.h"
#include "conformance/language/constants.h"
#include "conformance/language/outcome_text.h"
#include "conformance/language/printer.h"
#include "conformance/session/session_match.h"
#include "stack/errors.h"
#include "stack/readings.h"
#include "stack/world.h"

/* --- the document's line --------------------------------------------------------------------------------------- */

static bool readings_hold(const struct comparison *comparison, const struct outcome *outcome) {
    if (comparison->judge != NULL) return judge_readings_hold(comparison->judge, outcome->sources, outcome->sources_count);
    return subject_model_readings_hold(comparison->subject, outcome->sources, outcome->sources_count);
}

/* The alternative that matches, or -1 with what differs from the first whose readings hold. A line that asserts nothing
 * (`...`) says nothing about routines either. */
static int match_line(const struct comparison *comparison, const struct step_record *step, struct text *why) {
    const struct session *session = subject_session(comparison->subject);
    const struct scenario *instance = comparison->record->instance;
    assert(step->result == STEP_SEEN);
    for (uint32_t i = 0; i < step->step->outcomes_count; i++) {
        const struct outcome *outcome = &step->step->outcomes[i];
        struct text *reason = why->length == 0 ? why : NULL;
        if (!readings_hold(comparison, outcome)) continue;
        if (!session_matches(session, instance, step->step, outcome, &step->seen, reason)) continue;
        bool open = outcome->word == OUTCOME_ANY;
        if (open || session_matches_routines(session, instance, step->step, &step->seen, reason)) return (int)i;
    }
    return -1;
}

/* --- providers without the three codes -------------------------------------------------------------------------- */

static uint32_t control_code_of(const struct step *step) {
    if (step->kind != STEP_CALL || step->signature->function != FUNCTION_WSAIoctl) return 0;
    int parameter = signature_parameter(step->signature, "code", 4);
    for (uint32_t i = 0; i < step->arguments_count; i++) {
        if (step->arguments[i].parameter == parameter) return (uint32_t)step->arguments[i].value->number;
    }
    return 0;
}

static uint32_t code_named(const char *name) {
    const struct constant *constant = constant_named(name, (unsigned)strlen(name));
    assert(constant != NULL);
    return (uint32_t)constant->value;
}

static bool is_reservation_code(uint32_t code) {
    return code == code_named("SIO_ACQUIRE_PORT_RESERVATION") || code == code_named("SIO_ASSOCIATE_PORT_RESERVATION") ||
           code == code_named("SIO_RELEASE_PORT_RESERVATION");
}

/* Candidates of question 89 that are left, as a set of bits. */
static unsigned implemented_candidates(const struct comparison *comparison) {
    if (comparison->judge != NULL) return judge_candidates(comparison->judge, Q89_IMPLEMENTED);
    unsigned reading = subject_model_reading(comparison->subject, Q89_IMPLEMENTED);
    return reading == 0 ? 1u << Q89_YES | 1u << Q89_NO : 1u << (reading - 1);
}

/* Is this how a provider refuses a code that it does not have? */
static bool refuses_code(const struct step_record *step) {
    bool refused = step->seen.word == OUTCOME_PENDING || (step->seen.word == OUTCOME_ERROR && step->seen.code == WSAEOPNOTSUPP);
    return refused && is_reservation_code(control_code_of(step->step));
}

/* --- what was allowed --------------------------------------------------------------------------------------------- */

/* All but readings, which are told with their provenance. */
static void add_sources(const struct outcome *outcome, struct text *out) {
    for (uint32_t i = 0; i < outcome->sources_count; i++) {
        if (outcome->sources[i].kind == SOURCE_READING) continue;
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

/* The clauses of the line's alternative that this outcome matches, then the readings that it needs. */
static void add_why(const struct comparison *comparison, const struct step_record *step, const struct allowed_outcome *allowed,
                    struct text *out) {
    for (uint32_t i = 0; i < step->step->outcomes_count; i++) {
        const struct outcome *outcome = &step->step->outcomes[i];
        if (outcome->word == OUTCOME_ANY) continue;
        if (!session_matches(subject_session(comparison->subject), comparison->record->instance, step->step, outcome,
                             &allowed->observation, NULL))
            continue;
        add_sources(outcome, out);
        break;
    }
    for (unsigned question = 1; question < READINGS_MAX; question++) {
        if (allowed->readings[question] != 0) add_reading(question, allowed->readings[question] - 1u, out);
    }
}

static unsigned keep_allowed(const struct comparison *comparison, struct step_record *step, const char *outcome, const struct text *why) {
    assert(step->allowed_count < JUDGE_ALLOWED_MAX);
    struct allowed_text *allowed = &step->allowed[step->allowed_count];
    allowed->outcome = instance_record_text(comparison->record, outcome);
    allowed->why = instance_record_text(comparison->record, why->length == 0 ? "" : why->bytes);
    return step->allowed_count++;
}

/* Joins an outcome with one that was kept for the same reasons; -1 when there is none. A reader wants to see that the last
 * error may be anything once, and not every combination of what nobody cares about. */
static int join_allowed(const struct comparison *comparison, struct step_record *step, const char *outcome, const struct text *why) {
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

/* A number behind a symbol: `port=s.port (36137)`. */
static void add_port(const struct observation *seen, const char *outcome, struct text *out) {
    static const enum observable ports[] = { OBSERVABLE_port, OBSERVABLE_StartPort };
    text_add(out, "%s", outcome);
    for (unsigned i = 0; i < 2; i++) {
        const struct observed_value *value = &seen->values[ports[i]];
        if (value->present && !value->untouched) text_add(out, " (%s %u)", observable_name(ports[i]), (unsigned)value->number);
    }
}

/* Joins again what joining has made alike: those behind `i` into i. `kept` maps the judge's outcomes to ours. */
static bool join_kept(const struct comparison *comparison, struct step_record *step, int *kept, unsigned kept_count, unsigned i) {
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

/* A number hides behind its name: where the words are the same, the number was what was not allowed. */
static void note_refused(const struct comparison *comparison, struct step_record *step, const struct judgement *judgement) {
    if (!judgement->refused || step->note != NULL) return;
    struct text text = { 0 };
    unsigned long long member = judgement->refused_member;
    bool token = judgement->refused_what == CHOICE_TOKEN, handle = judgement->refused_what == CHOICE_HANDLE;
    if (token) text_add(&text, "the token 0x%llx is 0, or that of another live reservation", member);
    else if (handle) text_add(&text, "the handle %llu is open already", member);
    else text_add(&text, "port %llu is none that it could take: free ones of %llu-%llu", member,
                  (unsigned long long)judgement->refused_first, (unsigned long long)judgement->refused_last);
    step->note = instance_record_text(comparison->record, text.bytes);
    text_free(&text);
}

static void keep_judged(const struct comparison *comparison, struct step_record *step, const struct judgement *judgement) {
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
    struct text continued = { 0 };
    if (on >= 0) add_port(&judgement->outcomes[on].observation, judgement->outcomes[on].text, &continued);
    if (on >= 0) step->continued_as = instance_record_text(comparison->record, continued.bytes);
    text_free(&continued);
}

/* The line's alternatives whose readings hold, as they are written. */
static void keep_written(const struct comparison *comparison, struct step_record *step) {
    for (uint32_t i = 0; i < step->step->outcomes_count && step->allowed_count < JUDGE_ALLOWED_MAX; i++) {
        struct outcome outcome = step->step->outcomes[i];
        struct text text = { 0 }, why = { 0 };
        if (!readings_hold(comparison, &outcome)) continue;
        add_sources(&outcome, &why);
        for (uint32_t j = 0; j < outcome.sources_count; j++) {
            if (outcome.sources[j].kind == SOURCE_READING) add_reading(outcome.sources[j].number, outcome.sources[j].candidate, &why);
        }
        outcome.sources_count = 0;
        outcome_print(comparison->record->instance, &outcome, &text);
        keep_allowed(comparison, step, text.bytes, &why);
        text_free(&text);
        text_free(&why);
    }
}

/* --- verdicts ------------------------------------------------------------------------------------------------------ */

static void deviate(const struct comparison *comparison, struct step_record *step) {
    struct text seen = { 0 };
    add_port(&step->seen, step->outcome, &seen);
    step->seen_as = instance_record_text(comparison->record, seen.bytes);
    text_free(&seen);
    const char *allowed[JUDGE_ALLOWED_MAX];
    for (unsigned i = 0; i < step->allowed_count; i++) allowed[i] = step->allowed[i].outcome;
    struct deviating_step deviating = {
        .instance = comparison->record->instance, .step = step->step, .seen = &step->seen, .outcome = step->outcome,
        .allowed_count = step->allowed_count, .allowed = allowed,
    };
    int rule = comparison->deviations == NULL ? -1 : deviations_match(comparison->deviations, &deviating);
    step->verdict = rule < 0 ? VERDICT_DEVIATE_NEW : VERDICT_DEVIATE_KNOWN;
    if (rule >= 0) step->rule = &comparison->deviations->rules[rule];
}

static void note(const struct comparison *comparison, struct step_record *step, const char *before, const struct text *why) {
    struct text text = { 0 };
    text_add(&text, "%s%s", before, why == NULL || why->length == 0 ? "" : why->bytes);
    step->note = instance_record_text(comparison->record, text.bytes);
    text_free(&text);
}

/* Compares with the line; true when it conforms, or asserts nothing. */
static bool line_conforms(const struct comparison *comparison, struct step_record *step, struct text *why) {
    unsigned candidates = implemented_candidates(comparison);
    bool refuses = refuses_code(step);
    step->alternative = match_line(comparison, step, why);
    bool missing = step->alternative < 0 && refuses && (candidates & 1u << Q89_NO) != 0;
    step->not_implemented = missing || (refuses && candidates == 1u << Q89_NO);
    return step->alternative >= 0 || missing || step->step->outcomes_count == 0;
}

void compare_on_model(const struct comparison *comparison, struct step_record *step) {
    struct text why = { 0 };
    assert(comparison->judge == NULL);
    assert(step->result == STEP_SEEN);
    step->exhaustive = true;
    step->continued_with = CONTINUED_AS_IF_NOT_MADE;
    if (!line_conforms(comparison, step, &why)) {
        keep_written(comparison, step);
        note(comparison, step, "the line does not hold on the model: ", &why);
        deviate(comparison, step);
    }
    text_free(&why);
}

/* The number of a port that is written as such: bind(s, $any:5000), in={5000, 4}; 0 when there is none. */
static uint64_t literal_port(const struct step *step) {
    if (step->kind != STEP_CALL) return 0;
    bool binds = step->signature->function == FUNCTION_bind;
    bool acquires = control_code_of(step) == code_named("SIO_ACQUIRE_PORT_RESERVATION");
    for (uint32_t i = 0; i < step->arguments_count; i++) {
        const struct expression *value = step->arguments[i].value;
        const struct expression *port = NULL;
        if (binds && value->kind == EXPRESSION_ADDRESS && value->items_count == 2) port = value->items[1];
        if (acquires && value->kind == EXPRESSION_RECORD && value->items_count > 0) port = value->items[0];
        if (port != NULL && port->kind == EXPRESSION_NUMBER && !port->negative) return port->number;
    }
    return 0;
}

/* A conflict on a port that the scenario does not own proves nothing: somebody else on the host may have it. */
static bool is_foreign_conflict(const struct step_record *step) {
    bool conflict = step->seen.word == OUTCOME_ERROR && (step->seen.code == WSAEADDRINUSE || step->seen.code == WSAEACCES);
    return conflict && literal_port(step->step) != 0;
}

void compare_on_host(const struct comparison *comparison, struct step_record *step, const struct judgement *judgement) {
    struct text why = { 0 };
    assert(comparison->judge != NULL && judgement != NULL);
    assert(step->result == STEP_SEEN);
    step->exhaustive = true;
    step->continued_with = CONTINUED_AS_IF_NOT_MADE;
    bool conforms = line_conforms(comparison, step, &why);
    if (!judgement->allowed) {
        keep_judged(comparison, step, judgement);
        step->not_implemented = false;
        if (is_foreign_conflict(step)) {
            step->verdict = VERDICT_INCONCLUSIVE;
            text_free(&why);
            text_add(&why, "port %u is not the scenario's own; somebody else may have it", (unsigned)literal_port(step->step));
            note(comparison, step, "", &why);
        } else {
            deviate(comparison, step);
        }
    } else if (!conforms) {
        keep_written(comparison, step);
        note(comparison, step, "the model allows it, the line does not: ", &why);
        deviate(comparison, step);
    }
    text_free(&why);
}
