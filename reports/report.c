#include "reports/report.h"

#include <assert.h>
#include <string.h>

const struct subject *report_subject(const struct report *report, const struct instance_record *instance) {
    assert(report != NULL && instance != NULL);
    assert(instance->subject < report->record->subjects_count);
    return report->record->subjects[instance->subject];
}

const char *subject_kind_name(enum subject_kind kind) {
    static const char *const names[] = { [SUBJECT_MODEL] = "model", [SUBJECT_HOST] = "host", [SUBJECT_TRACES] = "traces" };
    assert((unsigned)kind < sizeof names / sizeof names[0]);
    return names[kind];
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

static void add_seen_and_allowed(const struct step_record *step, struct text *out) {
    assert(step->outcome != NULL);
    text_add(out, "line %u: %s answered %s", (unsigned)step->step->position.line, step->call, step->outcome);
    for (unsigned i = 0; i < step->allowed_count; i++) text_add(out, "%s%s", i == 0 ? "; allowed: " : " | ", step->allowed[i].outcome);
}

void report_add_why(const struct instance_record *instance, struct text *out) {
    const struct step_record *culprit = instance_culprit(instance);
    assert(out != NULL);
    bool told = instance->verdict == VERDICT_FLAKY;
    if (told) text_add(out, "flaky (%u of %u runs went otherwise than the first)", instance->runs_other, instance->runs);
    if (!told && culprit != NULL && culprit->outcome != NULL) {
        add_seen_and_allowed(culprit, out);
        told = true;
    }
    if (instance->reason != NULL) text_add(out, "%s%s", told ? "; " : "", instance->reason);
    else if (!told) text_add(out, "%s", verdict_name(instance->verdict));
}

void report_add_routine(const struct instance_record *instance, const struct observed_routine *routine, struct text *out) {
    bool named = routine->overlapped >= 0;
    assert(!named || (uint32_t)routine->overlapped < instance->instance->names_count);
    text_add(out, "routine(%s) error=%u bytes=%u", named ? instance->instance->names[routine->overlapped].text : "NULL",
             (unsigned)routine->error, (unsigned)routine->bytes);
}
