#include "reports/formats/github.h"

#include <assert.h>
#include <string.h>

#include "reports/formats/clean_text.h"

/* A message ends with its line; a property also at a comma or a colon. What would end them is written as %XX. */
static void add_escaped(const char *text, bool property, struct text *out) {
    struct text clean = { 0 };
    text_add(&clean, "%s", "");
    text_add_clean(&clean, text, CLEAN_KEEPS_LINES);
    for (const char *at = clean.bytes; *at != '\0'; at++) {
        bool ends = *at == '%' || *at == '\n' || *at == '\r' || (property && (*at == ',' || *at == ':'));
        if (ends) text_add(out, "%%%02X", (unsigned char)*at);
        else text_add_byte(out, *at);
    }
    text_free(&clean);
}

static void add_annotation(const struct report *report, const struct instance_record *instance, const char *level,
                           struct text *out) {
    char label[SUBJECT_LABEL_MAX];
    struct text title = { 0 }, why = { 0 };
    const struct step_record *culprit = instance_culprit(instance);
    text_add(&title, "%s on %s: %s", instance->scenario, report_label(report, instance->subject, label),
             verdict_name(instance->verdict));
    report_add_why(instance, &why);
    text_add(out, "::%s file=", level);
    add_escaped(instance->path, true, out);
    text_add(out, ",line=%u,title=", culprit == NULL ? 1 : (unsigned)culprit->step->position.line);
    add_escaped(title.bytes, true, out);
    text_add(out, "::");
    add_escaped(why.bytes, false, out);
    text_add(out, "\n");
    text_free(&title);
    text_free(&why);
}

static const char *level_of(const struct report *report, enum verdict verdict) {
    if (report_fails(report, verdict)) return "error";
    return verdict >= VERDICT_UNSUPPORTED && verdict <= VERDICT_INCONCLUSIVE ? "notice" : NULL;
}

void github_report(const struct report *report, struct text *out) {
    const struct run_record *record = report->record;
    assert(out != NULL);
    size_t last = 0, before_last = 0;
    for (size_t i = 0; i < record->count; i++) {
        const char *level = level_of(report, record->instances[i]->verdict);
        if (level == NULL) continue;
        before_last = last;
        last = out->length;
        add_annotation(report, record->instances[i], level, out);
        /* The variants of a scenario stand one after the other, and mostly say the same. */
        size_t length = out->length - last;
        bool same = last > 0 && last - before_last == length &&
                    memcmp(out->bytes + before_last, out->bytes + last, length) == 0;
        if (!same) continue;
        out->length = last;
        out->bytes[last] = '\0';
        last = before_last;
    }
}
