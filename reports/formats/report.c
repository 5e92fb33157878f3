#include "reports/formats/report.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "conformance/session/session_print.h"
#include "stack/errors.h"

const char *report_label(const struct report *report, unsigned subject, char *label) {
    const struct run_record *record = report->record;
    bool shared = false;
    assert(subject < record->subjects_count && label != NULL);
    const struct subject *named = record->subjects[subject];
    for (unsigned i = 0; i < record->subjects_count; i++)
        shared |= i != subject && strcmp(record->subjects[i]->name, named->name) == 0;
    const char *kind = subject_kind_name(named->kind);
    snprintf(label, SUBJECT_LABEL_MAX, "%s%s%s%s", named->name, shared ? " (" : "", shared ? kind : "",
             shared ? ")" : "");
    return label;
}

const char *subject_kind_name(enum subject_kind kind) {
    static const char *const names[] = {
        [SUBJECT_MODEL] = "model", [SUBJECT_HOST] = "host", [SUBJECT_TRACES] = "traces"
    };
    assert((unsigned)kind < sizeof names / sizeof names[0]);
    return names[kind];
}

const char *plural(unsigned count) { return count == 1 ? "" : "s"; }

const char *step_result_name(enum step_result result) {
    static const char *const names[] = {
        [STEP_SEEN] = "seen",
        [STEP_DONE] = "done",
        [STEP_NEEDS] = "needs",
        [STEP_UNSUPPORTED] = "unsupported",
        [STEP_NOT_MODELLED] = "not-modelled",
        [STEP_BROKEN] = "broken",
        [STEP_RESTART] = "restart",
    };
    assert((unsigned)result < sizeof names / sizeof names[0]);
    return names[result];
}

bool report_fails(const struct report *report, enum verdict verdict) {
    assert(verdict < VERDICTS_COUNT);
    unsigned counts[VERDICTS_COUNT] = { 0 };
    counts[verdict] = 1;
    return verdict_exit_status(counts, report->fail_on) != EXIT_STATUS_GOOD;
}

unsigned theme_length(const char *scenario) {
    assert(scenario != NULL);
    const char *slash = strrchr(scenario, '/');
    return slash == NULL ? 0 : (unsigned)(slash - scenario);
}

const char *step_subject_matter(const struct step *step) {
    assert(step != NULL);
    if (step->kind == STEP_RETURNS) return "a call that waited";
    if (step->kind == STEP_EXPECT) return "expect packet";
    if (step->kind != STEP_CALL) return "show";
    for (uint32_t i = 0; i < step->arguments_count; i++) {
        const struct argument *argument = &step->arguments[i];
        bool is_code = step->signature->parameters[argument->parameter].kind == PARAMETER_CODE;
        if (is_code && argument->value->kind == EXPRESSION_CONSTANT) return argument->value->text;
    }
    return step->signature->name;
}

const struct step_record *instance_culprit(const struct instance_record *instance) {
    assert(instance != NULL);
    for (unsigned i = 0; i < instance->steps_count; i++) {
        if (instance->steps[i].verdict == instance->verdict) return &instance->steps[i];
    }
    return NULL;
}

const char *step_seen_text(const struct step_record *step) {
    assert(step != NULL && step->outcome != NULL);
    return step->seen_as != NULL ? step->seen_as : step->outcome;
}

void report_add_continued(const struct step_record *step, struct text *out) {
    bool known = step->continued_with >= 0 && (unsigned)step->continued_with < step->allowed_count;
    const char *otherwise = step->continued_with == CONTINUED_AS_OBSERVED ? "as observed"
                            : step->continued_with == CONTINUED_OTHERWISE ? "as if that line had done so"
                                                                          : "as if the call had not been made";
    const char *outcome =
        step->continued_as != NULL || !known ? step->continued_as : step->allowed[step->continued_with].outcome;
    text_add(out, "%s%s", known ? "as if it had been " : otherwise, known ? outcome : "");
}

static void add_seen_and_allowed(const struct step_record *step, struct text *out) {
    assert(step->outcome != NULL);
    text_add(out, "line %u: %s answered %s", (unsigned)step->step->position.line, step->call, step_seen_text(step));
    for (unsigned i = 0; i < step->allowed_count; i++)
        text_add(out, "%s%s", i == 0 ? "; allowed: " : " | ", step->allowed[i].outcome);
}

void report_add_why(const struct instance_record *instance, struct text *out) {
    const struct step_record *culprit = instance_culprit(instance);
    assert(out != NULL);
    bool any = instance->verdict == VERDICT_FLAKY;
    if (any) text_add(out, "flaky (%u of %u runs went otherwise than most)", instance->runs_other, instance->runs);
    if (!any && culprit != NULL && culprit->outcome != NULL) {
        add_seen_and_allowed(culprit, out);
        any = true;
    }
    if (instance->reason != NULL) text_add(out, "%s%s", any ? "; " : "", instance->reason);
    else if (!any) text_add(out, "%s", verdict_name(instance->verdict));
}

void report_add_routine(const struct instance_record *instance, const struct observed_routine *routine,
                        struct text *out) {
    session_print_delivery(instance->instance, routine, out);
}
