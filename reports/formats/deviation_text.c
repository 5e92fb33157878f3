#include "reports/formats/deviation_text.h"

#include <assert.h>
#include <string.h>

#include "reports/formats/report.h"

struct filling {
    const struct run_record *record;
    const struct instance_record *instance;
    const struct step_record *step;
    struct deviation_rows *rows;
};

static void add(struct filling *filling, const char *label, const char *text, const char *source) {
    assert(filling->rows->count < DEVIATION_ROWS_MAX);
    filling->rows->rows[filling->rows->count++] = (struct deviation_row){ label, text, source };
}

/* Adds a text that was put together; it is freed. */
static void add_made(struct filling *filling, const char *label, struct text *text) {
    add(filling, label, arena_text(filling->instance->arena, text->bytes, text->length), "");
    text_free(text);
}

static void add_observed(struct filling *filling) {
    const struct step_record *step = filling->step;
    if (step->outcome == NULL) return;
    add(filling, "observed", step_seen_text(step), "");
    for (uint32_t i = 0; i < step->seen.routines_count; i++) {
        struct text routine = { 0 };
        report_add_routine(filling->instance, &step->seen.routines[i], &routine);
        add_made(filling, "", &routine);
    }
}

static void add_allowed(struct filling *filling, unsigned most) {
    const struct step_record *step = filling->step;
    unsigned shown = step->allowed_count < most ? step->allowed_count : most;
    for (unsigned i = 0; i < shown; i++)
        add(filling, i == 0 ? "allowed" : "", step->allowed[i].outcome, step->allowed[i].why);
    if (step->allowed_count > shown) {
        struct text more = { 0 };
        text_add(&more, "(and %u more)", step->allowed_count - shown);
        add_made(filling, "", &more);
    }
    bool deviates = step->verdict == VERDICT_DEVIATE_NEW || step->verdict == VERDICT_DEVIATE_KNOWN;
    if (deviates && step->allowed_count == 0) add(filling, "allowed", "nothing that could be found", "");
    if (deviates && !step->exhaustive) add(filling, "", "(the search was cut short; there may be more)", "");
}

/* After a refusal by the judge: which world the run went on from. */
static void add_went_on(struct filling *filling) {
    const struct step_record *step = filling->step;
    struct text text = { 0 };
    assert(filling->instance->subject < filling->record->subjects_count);
    if (filling->record->subjects[filling->instance->subject]->kind == SUBJECT_MODEL) return;
    if (step->verdict != VERDICT_DEVIATE_NEW) return;
    report_add_continued(step, &text);
    add_made(filling, "went on", &text);
}

void deviation_rows_fill(const struct run_record *record, const struct instance_record *instance,
                         const struct step_record *step, unsigned allowed_max, struct deviation_rows *rows) {
    assert(record != NULL && instance != NULL && step != NULL && rows != NULL);
    struct filling filling = { .record = record, .instance = instance, .step = step, .rows = rows };
    rows->count = 0;
    add_observed(&filling);
    add_allowed(&filling, allowed_max);
    if (step->differs != NULL) add(&filling, "differs", step->differs, "");
    if (step->note != NULL) add(&filling, "because", step->note, "");
    if (step->says != NULL) add(&filling, "says", step->says, "");
    if (step->follows_how != NULL) add(&filling, "follows", step->follows_how, "");
    add_went_on(&filling);
}

bool deviations_teach_the_same(const struct step_record *one, const struct step_record *other) {
    assert(one->outcome != NULL && other->outcome != NULL);
    if (strcmp(one->outcome, other->outcome) != 0 || one->allowed_count != other->allowed_count) return false;
    if (one->seen.routines_count != other->seen.routines_count) return false;
    if ((one->follows == NULL) != (other->follows == NULL)) return false;
    for (unsigned i = 0; i < one->allowed_count; i++) {
        if (strcmp(one->allowed[i].outcome, other->allowed[i].outcome) != 0) return false;
        if (strcmp(one->allowed[i].why, other->allowed[i].why) != 0) return false;
    }
    return true;
}
