#include <assert.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "reports/formats/clean_text.h"
#include "reports/formats/json.h"

/* jansson takes its own errors along: a NULL member cannot be set, which is noticed here. */
struct document {
    const struct report *report;
    struct text *out;
    bool failed;
};

/* --- members ------------------------------------------------------------------------------------------------------ */

/* The member is taken over, and NULL when memory was exhausted. */
static void set(struct document *document, json_t *object, const char *key, json_t *member) {
    assert(key != NULL);
    document->failed |= json_object_set_new(object, key, member) < 0;
}

static json_t *text_member(const char *text) {
    struct text clean = { 0 };
    text_add(&clean, "%s", "");
    text_add_clean(&clean, text, CLEAN_KEEPS_CONTROLS);
    json_t *member = json_stringn(clean.bytes, clean.length);
    text_free(&clean);
    return member;
}

static void set_text(struct document *document, json_t *object, const char *key, const char *text) {
    set(document, object, key, text_member(text));
}

/* NULL is left out. */
static void set_text_if(struct document *document, json_t *object, const char *key, const char *text) {
    if (text != NULL) set_text(document, object, key, text);
}

static void set_number(struct document *document, json_t *object, const char *key, unsigned number) {
    set(document, object, key, json_integer(number));
}

static void set_flag_if(struct document *document, json_t *object, const char *key, bool flag) {
    if (flag) set(document, object, key, json_true());
}

static void append(struct document *document, json_t *array, json_t *element) {
    document->failed |= json_array_append_new(array, element) < 0;
}

/* --- the head ----------------------------------------------------------------------------------------------------- */

static json_t *environment(struct document *document) {
    const struct environment *found = &document->report->environment;
    json_t *object = json_object();
    set_text(document, object, "system", found->system);
    set_text(document, object, "machine", found->machine);
    set_text(document, object, "compiler", found->compiler);
    return object;
}

static json_t *verdict_counts(struct document *document, const unsigned counts[VERDICTS_COUNT]) {
    json_t *object = json_object();
    for (unsigned i = 0; i < VERDICTS_COUNT; i++)
        set_number(document, object, verdict_name((enum verdict)i), counts[i]);
    return object;
}

/* An object of two texts. */
static json_t *pair(struct document *document, const char *one, const char *text, const char *other,
                    const char *other_text) {
    json_t *object = json_object();
    set_text(document, object, one, text);
    set_text(document, object, other, other_text);
    return object;
}

static json_t *facts(struct document *document, const struct fact_list *list) {
    json_t *array = json_array();
    for (uint32_t i = 0; i < list->count; i++) {
        append(document, array, pair(document, "key", list->facts[i].key, "value", list->facts[i].value));
    }
    return array;
}

static json_t *subject(struct document *document, unsigned index) {
    const struct subject *described = document->report->record->subjects[index];
    struct run_counts counts;
    char label[SUBJECT_LABEL_MAX];
    json_t *object = json_object();
    run_record_count(document->report->record, index, &counts);
    set_text(document, object, "name", report_label(document->report, index, label));
    set_text(document, object, "kind", subject_kind_name(described->kind));
    set(document, object, "facts", facts(document, &described->facts));
    if (described->unusable_reason.text[0] != '\0')
        set_text(document, object, "trouble", described->unusable_reason.text);
    set_number(document, object, "instances", counts.instances);
    set(document, object, "verdicts", verdict_counts(document, counts.verdicts));
    set_number(document, object, "steps", counts.steps);
    set_number(document, object, "steps_sent", counts.steps_sent);
    set(document, object, "steps_verdicts", verdict_counts(document, counts.steps_verdicts));
    set_number(document, object, "not_implemented", counts.not_implemented);
    set_number(document, object, "unreviewed", counts.unreviewed);
    return object;
}

static json_t *head(struct document *document) {
    const struct report *report = document->report;
    char seed[32];
    json_t *object = json_object(), *subjects = json_array();
    set_text(document, object, "format", RUN_FORMAT_NAME);
    set_number(document, object, "format_version", RUN_FORMAT_VERSION);
    set_text(document, object, "reservoir", report->version);
    set_text(document, object, "reason", report->reason);
    set(document, object, "environment", environment(document));
    set_text(document, object, "profile", report->profile);
    set_text_if(document, object, "judged_by", report->judged_by);
    /* Many readers of JSON have no whole numbers of 64 bits. */
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)report->seed);
    set_text(document, object, "seed", seed);
    set_number(document, object, "repeat", report->repeat);
    set_number(document, object, "files_broken", report->files_broken);
    set_number(document, object, "status", (unsigned)report->status);
    if (report->record->started_s != 0) {
        set(document, object, "started", json_integer((json_int_t)report->record->started_s));
        set(document, object, "duration_us", json_integer((json_int_t)report->record->duration_us));
    }
    for (unsigned i = 0; i < report->record->subjects_count; i++) append(document, subjects, subject(document, i));
    set(document, object, "subjects", subjects);
    return object;
}

/* --- instances ---------------------------------------------------------------------------------------------------- */

static json_t *allowed(struct document *document, const struct step_record *step) {
    json_t *array = json_array();
    for (unsigned i = 0; i < step->allowed_count; i++) {
        append(document, array, pair(document, "outcome", step->allowed[i].outcome, "why", step->allowed[i].why));
    }
    return array;
}

static json_t *rule(struct document *document, const struct deviation_rule *explaining) {
    json_t *object = json_object();
    set_text(document, object, "name", explaining->name);
    set_text(document, object, "reason", explaining->reason);
    set(document, object, "reviewed", json_boolean(explaining->reviewed));
    set_flag_if(document, object, "sometimes", explaining->sometimes);
    return object;
}

static json_t *routines(struct document *document, const struct instance_record *instance,
                        const struct observation *seen) {
    json_t *array = json_array();
    for (uint32_t i = 0; i < seen->routines_count; i++) {
        struct text text = { 0 };
        report_add_routine(instance, &seen->routines[i], &text);
        append(document, array, text_member(text.bytes));
        text_free(&text);
    }
    return array;
}

/* Of the judge's: what it would have allowed, and how it went on. */
static void set_judgement(struct document *document, json_t *object, const struct step_record *step) {
    if (step->allowed_count == 0) return;
    set(document, object, "allowed", allowed(document, step));
    set(document, object, "exhaustive", json_boolean(step->exhaustive));
    if (step->continued_with >= 0) set_number(document, object, "continued_with", (unsigned)step->continued_with);
    set_text_if(document, object, "continued_as", step->continued_as);
    set_text_if(document, object, "differs", step->differs);
    set_text_if(document, object, "says", step->says);
    if (step->follows != NULL)
        set_number(document, object, "follows_from_line", (unsigned)step->follows->position.line);
}

static json_t *step(struct document *document, const struct instance_record *instance,
                    const struct step_record *record) {
    json_t *object = json_object();
    set_number(document, object, "line", (unsigned)record->step->position.line);
    if (record->together != NULL) set_number(document, object, "together", (unsigned)record->together->position.line);
    set_text(document, object, "call", record->call);
    set_text(document, object, "result", step_result_name(record->result));
    set_text_if(document, object, "outcome", record->outcome);
    set_text_if(document, object, "seen_as", record->seen_as);
    if (record->seen.routines_count > 0) set(document, object, "routines", routines(document, instance, &record->seen));
    set_text(document, object, "verdict", verdict_name(record->verdict));
    set_flag_if(document, object, "not_implemented", record->not_implemented);
    if (record->alternative >= 0) set_number(document, object, "alternative", (unsigned)record->alternative);
    set_text_if(document, object, "note", record->note);
    set_judgement(document, object, record);
    if (record->rule != NULL) set(document, object, "rule", rule(document, record->rule));
    return object;
}

static json_t *instance(struct document *document, const struct instance_record *record) {
    char label[SUBJECT_LABEL_MAX];
    json_t *object = json_object(), *steps = json_array();
    set_text(document, object, "id", record->id);
    set_text(document, object, "scenario", record->scenario);
    set_text(document, object, "path", record->path);
    set_text(document, object, "subject", report_label(document->report, record->subject, label));
    set_text(document, object, "verdict", verdict_name(record->verdict));
    set_text_if(document, object, "reason", record->reason);
    set_number(document, object, "runs", record->runs);
    set_number(document, object, "runs_other", record->runs_other);
    set_number(document, object, "steps_sent", record->steps_sent);
    if (document->report->record->started_s != 0)
        set(document, object, "duration_us", json_integer((json_int_t)record->duration_us));
    for (unsigned i = 0; i < record->steps_count; i++)
        append(document, steps, step(document, record, &record->steps[i]));
    set(document, object, "steps", steps);
    if (record->trace.length > 0) set_text(document, object, "trace", record->trace.bytes);
    return object;
}

/* --- the document ------------------------------------------------------------------------------------------------- */

static int take_bytes(const char *bytes, size_t length, void *context) {
    text_add_bytes(context, bytes, length);
    return 0;
}

static void dump(struct document *document, json_t *json, size_t flags) {
    document->failed |= json == NULL || json_dump_callback(json, take_bytes, document->out, flags) < 0;
    json_decref(json);
}

bool json_is_built_in(void) { return true; }

/* One tree for each instance, never one for all: a long run does not need much memory. */
bool json_report(const struct report *report, struct text *out) {
    struct document document = { .report = report, .out = out };
    assert(report != NULL && report->record != NULL);
    assert(out != NULL);
    text_add(out, "{");
    dump(&document, head(&document), JSON_INDENT(2) | JSON_EMBED);
    text_add(out, ",\n\"instances\": [");
    for (size_t i = 0; i < report->record->count; i++) {
        text_add(out, "%s\n", i == 0 ? "" : ",");
        dump(&document, instance(&document, report->record->instances[i]), 0);
    }
    text_add(out, "\n]\n}\n");
    return !document.failed;
}
