#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <libxml/xmlwriter.h>

#include "reports/formats/clean_text.h"
#include "reports/formats/deviation_text.h"
#include "reports/formats/junit.h"
#include "sim/late/late_library.h"

/* --- the library -------------------------------------------------------------------------------------------------- */

/* clang-format off */
#define FUNCTIONS(take) \
    take(xmlBufferContent) take(xmlBufferCreate) take(xmlBufferFree) take(xmlBufferLength) take(xmlFreeTextWriter) \
    take(xmlNewTextWriterMemory) take(xmlTextWriterEndDocument) take(xmlTextWriterEndElement) \
    take(xmlTextWriterSetIndent) take(xmlTextWriterStartDocument) take(xmlTextWriterStartElement) \
    take(xmlTextWriterWriteAttribute) take(xmlTextWriterWriteString)
/* clang-format on */

static struct { FUNCTIONS(LATE_MEMBER) } library;

static const char *const library_names[] = { "libxml2.so.2", "libxml2.so.16", NULL };
static const char *const function_names[] = { FUNCTIONS(LATE_NAME) };

bool junit_can_be_written(void) {
    return late_library_load(library_names, function_names, sizeof function_names / sizeof function_names[0], &library);
}

/* --- the writer --------------------------------------------------------------------------------------------------- */

/* The writer escapes; what XML cannot hold at all is replaced before it gets there. */
struct writer {
    const struct report *report;
    xmlTextWriterPtr xml;
    struct text clean; /* used again and again */
    bool failed;
};

/* --- elements ----------------------------------------------------------------------------------------------------- */

static const xmlChar *cleaned(struct writer *writer, const char *text, enum clean clean) {
    writer->clean.length = 0;
    text_add(&writer->clean, "%s", "");
    text_add_clean(&writer->clean, text, clean);
    return (const xmlChar *)writer->clean.bytes;
}

static void begin(struct writer *writer, const char *element) {
    assert(element != NULL);
    writer->failed |= library.xmlTextWriterStartElement(writer->xml, (const xmlChar *)element) < 0;
}

static void end(struct writer *writer) { writer->failed |= library.xmlTextWriterEndElement(writer->xml) < 0; }

static void attribute(struct writer *writer, const char *name, const char *value) {
    const xmlChar *clean = cleaned(writer, value, CLEAN_ONE_LINE);
    writer->failed |= library.xmlTextWriterWriteAttribute(writer->xml, (const xmlChar *)name, clean) < 0;
}

static void attribute_number(struct writer *writer, const char *name, unsigned value) {
    char digits[16];
    snprintf(digits, sizeof digits, "%u", value);
    attribute(writer, name, digits);
}

/* Seconds with six digits after the point; nothing when the run has no times. */
static void attribute_time(struct writer *writer, uint64_t duration_us) {
    char digits[40];
    if (writer->report->record->started_s == 0) return;
    snprintf(digits, sizeof digits, "%llu.%06u", (unsigned long long)(duration_us / 1000000),
             (unsigned)(duration_us % 1000000));
    attribute(writer, "time", digits);
}

static void content(struct writer *writer, const char *text) {
    writer->failed |= library.xmlTextWriterWriteString(writer->xml, cleaned(writer, text, CLEAN_KEEPS_LINES)) < 0;
}

static void property(struct writer *writer, const char *name, const char *value) {
    begin(writer, "property");
    attribute(writer, "name", name);
    attribute(writer, "value", value);
    end(writer);
}

/* --- counts ------------------------------------------------------------------------------------------------------- */

enum fate { FATE_PASSED, FATE_SKIPPED, FATE_FAILURE, FATE_ERROR, FATES_COUNT };

struct suite_counts {
    unsigned tests, fates[FATES_COUNT];
};

static enum fate fate_of(const struct report *report, enum verdict verdict) {
    if (verdict == VERDICT_HARNESS_BROKEN) return FATE_ERROR;
    if (report_fails(report, verdict)) return FATE_FAILURE;
    return verdict >= VERDICT_UNSUPPORTED && verdict <= VERDICT_INCONCLUSIVE ? FATE_SKIPPED : FATE_PASSED;
}

/* A theme is named by an instance that belongs to it. */
static bool same_theme(const char *one, const char *other) {
    unsigned length = theme_length(one);
    return theme_length(other) == length && memcmp(one, other, length) == 0;
}

static bool belongs(const struct instance_record *instance, unsigned subject, const char *theme) {
    return instance->subject == subject && same_theme(instance->scenario, theme);
}

/* Of one suite; of all with theme NULL. */
static struct suite_counts count(const struct report *report, unsigned subject, const char *theme) {
    struct suite_counts counts = { .tests = 0 };
    for (size_t i = 0; i < report->record->count; i++) {
        const struct instance_record *instance = report->record->instances[i];
        if (theme != NULL && !belongs(instance, subject, theme)) continue;
        counts.tests++;
        counts.fates[fate_of(report, instance->verdict)]++;
    }
    return counts;
}

static void add_counts(struct writer *writer, const struct suite_counts *counts) {
    assert(counts->tests >= counts->fates[FATE_PASSED]);
    attribute_number(writer, "tests", counts->tests);
    attribute_number(writer, "failures", counts->fates[FATE_FAILURE]);
    attribute_number(writer, "errors", counts->fates[FATE_ERROR]);
    attribute_number(writer, "skipped", counts->fates[FATE_SKIPPED]);
}

/* --- a test case -------------------------------------------------------------------------------------------------- */

static void describe_rows(const struct report *report, const struct instance_record *instance,
                          const struct step_record *step, struct text *out) {
    struct deviation_rows rows;
    deviation_rows_fill(report->record, instance, step, JUDGE_ALLOWED_MAX, &rows);
    for (unsigned i = 0; i < rows.count; i++) {
        const struct deviation_row *row = &rows.rows[i];
        text_add(out, "  %-9s %s%s%s\n", row->label, row->text, row->source[0] == '\0' ? "" : "  ", row->source);
    }
}

static void describe_step(const struct report *report, const struct instance_record *instance,
                          const struct step_record *step, struct text *out) {
    text_add(out, "%s:%u: %s\n", instance->path, (unsigned)step->step->position.line, step->call);
    text_add(out, "  verdict   %s\n", verdict_name(step->verdict));
    describe_rows(report, instance, step, out);
}

/* Everything that speaks for the verdict: its reason, then each step as bad as the instance. */
static void describe_instance(const struct report *report, const struct instance_record *instance, struct text *out) {
    if (instance->reason != NULL) text_add(out, "%s\n", instance->reason);
    if (instance->runs > 1)
        text_add(out, "%u of %u runs went otherwise than most\n", instance->runs_other, instance->runs);
    for (unsigned i = 0; i < instance->steps_count; i++) {
        if (instance->steps[i].verdict == instance->verdict) describe_step(report, instance, &instance->steps[i], out);
    }
}

static void add_fate(struct writer *writer, const struct instance_record *instance, enum fate fate) {
    static const char *const elements[FATES_COUNT] = { NULL, "skipped", "failure", "error" };
    struct text why = { 0 }, description = { 0 };
    if (fate == FATE_PASSED) return;
    assert(fate < FATES_COUNT);
    report_add_why(instance, &why);
    begin(writer, elements[fate]);
    if (fate == FATE_SKIPPED) {
        text_add(&description, "%s: %s", verdict_name(instance->verdict), why.bytes);
        attribute(writer, "message", description.bytes);
    } else {
        describe_instance(writer->report, instance, &description);
        attribute(writer, "message", why.bytes);
        attribute(writer, "type", verdict_name(instance->verdict));
        if (description.length > 0) content(writer, description.bytes);
    }
    end(writer);
    text_free(&why);
    text_free(&description);
}

/* What passed, but not silently. */
static void add_remarks(struct writer *writer, const struct instance_record *instance) {
    struct text remarks = { 0 };
    unsigned refused = 0;
    for (unsigned i = 0; i < instance->steps_count; i++) {
        const struct step_record *step = &instance->steps[i];
        refused += step->not_implemented;
        if (step->rule == NULL) continue;
        text_add(&remarks, "line %u: known deviation %s%s: %s\n", (unsigned)step->step->position.line, step->rule->name,
                 step->rule->reviewed ? "" : " (unreviewed)", step->rule->reason);
        describe_rows(writer->report, instance, step, &remarks);
    }
    if (refused > 0)
        text_add(&remarks, "%u call%s refused as not implemented, which conforms\n", refused,
                 refused == 1 ? " was" : "s were");
    if (remarks.length > 0) {
        begin(writer, "system-out");
        content(writer, remarks.bytes);
        end(writer);
    }
    text_free(&remarks);
}

/* SUBJECT.THEME */
static void add_suite_name(struct writer *writer, const char *key, unsigned subject, const char *scenario) {
    char label[SUBJECT_LABEL_MAX];
    struct text name = { 0 };
    text_add(&name, "%s", report_label(writer->report, subject, label));
    if (theme_length(scenario) > 0) text_add(&name, ".%.*s", (int)theme_length(scenario), scenario);
    attribute(writer, key, name.bytes);
    text_free(&name);
}

static void add_case(struct writer *writer, const struct instance_record *instance) {
    begin(writer, "testcase");
    attribute(writer, "name", instance->id);
    add_suite_name(writer, "classname", instance->subject, instance->scenario);
    attribute(writer, "file", instance->path);
    attribute_time(writer, instance->duration_us);
    add_fate(writer, instance, fate_of(writer->report, instance->verdict));
    add_remarks(writer, instance);
    end(writer);
}

/* --- suites ------------------------------------------------------------------------------------------------------- */

static void add_run_properties(struct writer *writer) {
    const struct report *report = writer->report;
    char number[32];
    property(writer, "reservoir.version", report->version);
    property(writer, "run.reason", report->reason);
    property(writer, "run.profile", report->profile);
    property(writer, "run.judged-by", report->judged_by == NULL ? "every reading is open" : report->judged_by);
    snprintf(number, sizeof number, "%llu", (unsigned long long)report->seed);
    property(writer, "run.seed", number);
    snprintf(number, sizeof number, "%u", report->repeat);
    property(writer, "run.repeat", number);
    property(writer, "environment.system", report->environment.system);
    property(writer, "environment.machine", report->environment.machine);
    property(writer, "environment.compiler", report->environment.compiler);
}

static void add_properties(struct writer *writer, const struct subject *subject) {
    begin(writer, "properties");
    add_run_properties(writer);
    property(writer, "subject.kind", subject_kind_name(subject->kind));
    for (uint32_t i = 0; i < subject->facts.count; i++) {
        char name[64];
        snprintf(name, sizeof name, "subject.%s", subject->facts.facts[i].key);
        property(writer, name, subject->facts.facts[i].value);
    }
    if (subject->unusable_reason.text[0] != '\0') property(writer, "subject.trouble", subject->unusable_reason.text);
    end(writer);
}

/* How long its cases took, and when the run began. */
static void add_suite_times(struct writer *writer, unsigned subject, const char *theme) {
    const struct run_record *record = writer->report->record;
    uint64_t duration_us = 0;
    char stamp[32];
    time_t started = (time_t)record->started_s;
    if (started == 0) return;
    for (size_t i = 0; i < record->count; i++) {
        if (belongs(record->instances[i], subject, theme)) duration_us += record->instances[i]->duration_us;
    }
    attribute_time(writer, duration_us);
    strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ", gmtime(&started));
    attribute(writer, "timestamp", stamp);
}

static void add_suite(struct writer *writer, unsigned subject, const char *theme) {
    const struct run_record *record = writer->report->record;
    struct suite_counts counts = count(writer->report, subject, theme);
    assert(counts.tests > 0);
    begin(writer, "testsuite");
    add_suite_name(writer, "name", subject, theme);
    add_counts(writer, &counts);
    add_suite_times(writer, subject, theme);
    add_properties(writer, record->subjects[subject]);
    for (size_t i = 0; i < record->count; i++) {
        if (belongs(record->instances[i], subject, theme)) add_case(writer, record->instances[i]);
    }
    end(writer);
}

/* Does the suite of this instance begin with it? */
static bool is_first(const struct run_record *record, size_t index) {
    const struct instance_record *instance = record->instances[index];
    for (size_t i = 0; i < index; i++) {
        if (belongs(record->instances[i], instance->subject, instance->scenario)) return false;
    }
    return true;
}

static void add_document(struct writer *writer) {
    const struct run_record *record = writer->report->record;
    struct suite_counts counts = count(writer->report, 0, NULL);
    begin(writer, "testsuites");
    attribute(writer, "name", "reservoir");
    add_counts(writer, &counts);
    attribute_time(writer, record->duration_us);
    for (unsigned subject = 0; subject < record->subjects_count; subject++) {
        for (size_t i = 0; i < record->count; i++) {
            if (record->instances[i]->subject == subject && is_first(record, i))
                add_suite(writer, subject, record->instances[i]->scenario);
        }
    }
    end(writer);
}

bool junit_report(const struct report *report, struct text *out) {
    assert(report != NULL && out != NULL);
    if (!junit_can_be_written()) return false;
    struct writer writer = { .report = report };
    xmlBufferPtr buffer = library.xmlBufferCreate();
    writer.xml = buffer == NULL ? NULL : library.xmlNewTextWriterMemory(buffer, 0);
    if (writer.xml == NULL) {
        library.xmlBufferFree(buffer);
        return false;
    }
    writer.failed |= library.xmlTextWriterSetIndent(writer.xml, 1) < 0;
    writer.failed |= library.xmlTextWriterStartDocument(writer.xml, NULL, "UTF-8", NULL) < 0;
    add_document(&writer);
    writer.failed |= library.xmlTextWriterEndDocument(writer.xml) < 0;
    library.xmlFreeTextWriter(writer.xml);
    if (!writer.failed)
        text_add_bytes(out, (const char *)library.xmlBufferContent(buffer), (size_t)library.xmlBufferLength(buffer));
    library.xmlBufferFree(buffer);
    text_free(&writer.clean);
    return !writer.failed;
}
