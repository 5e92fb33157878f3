#include "reports/catalogue/error_table.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "conformance/base/folders.h"
#include "conformance/citations/citations.h"
#include "conformance/language/step_order.h"
#include "reports/catalogue/cites.h"
#include "reports/catalogue/data.h"
#include "reports/catalogue/numbered_reasons.h"
#include "reports/catalogue/step_about.h"
#include "stack/errors.h"
#include "stack/readings.h"

enum { CASE_WIDTH = 24, ANSWER_WIDTH = 14, VERDICT_WIDTH = 15 };

static const char theme[] = "errors/";

/* How one subject took the cases. */
struct tally {
    unsigned asked, as_named, by_reading, not_implemented, deviates, not_asked;
};

struct error_table {
    const struct report *report;
    const struct catalogue *planned;
    struct tally tallies[SUBJECTS_MAX];
    bool lacks_codes[SUBJECTS_MAX]; /* a host that refused a code somewhere because it does not implement it */
    struct path_list reasons;       /* why something was not asked: cells name them by number, from 1 */
    struct text *out;
};

/* --- which step of an instance is the case ---------------------------------------------------------------------- */

/* An ASSOCIATE, or what shows how one ended; or an unknown code, which is a cause of its own. */
static bool is_asking(const char *about) {
    return strcmp(about, "ASSOCIATE") == 0 || strcmp(about, "its-completion") == 0 || strcmp(about, "WSAIoctl") == 0;
}

/* The first such step that cites the clause in one of its alternatives; its index, or STEPS_MAX. */
static unsigned case_of(const struct scenario *instance, const char *clause) {
    struct step_order order;
    step_order_fill(&order, instance);
    for (unsigned i = 0; i < order.count; i++) {
        if (!is_asking(step_about(&order, i))) continue;
        for (uint32_t k = 0; k < order.steps[i]->outcomes_count; k++)
            if (outcome_cites(&order.steps[i]->outcomes[k], clause)) return i;
    }
    return STEPS_MAX;
}

static bool is_of_theme(const struct instance_record *instance) {
    bool whole = instance->instance != NULL; /* its file could be opened */
    return whole && strncmp(instance->scenario, theme, sizeof theme - 1) == 0;
}

/* --- cells ------------------------------------------------------------------------------------------------------ */

static void add_padded(struct text *out, const char *text, size_t length, size_t width) {
    text_add(out, "%.*s", (int)length, text);
    for (size_t i = length; i < width; i++) text_add(out, " ");
}

/* `text` and at least one blank, as wide as it has to be; returns how many bytes that were. */
static size_t add_answer(struct text *out, const char *text, size_t length) {
    size_t width = length < ANSWER_WIDTH ? ANSWER_WIDTH : length + 1;
    add_padded(out, text, length, width);
    return width;
}

/* `Q88=a`: the readings by which another alternative held. */
static void add_readings(const struct outcome *outcome, struct text *out) {
    bool any = false;
    for (uint32_t i = 0; i < outcome->sources_count; i++) {
        const struct source *source = &outcome->sources[i];
        if (source->kind != SOURCE_READING) continue;
        text_add(out, "%sQ%u=%c", any ? " " : "by ", source->number, (char)('a' + source->candidate));
        any = true;
    }
    if (!any) text_add(out, "conform");
}

static void add_not_asked(struct error_table *table, unsigned subject, const struct instance_record *instance,
                          const struct step_record *step) {
    const char *reason = instance->reason;
    char cell[32];
    if (step != NULL && step->note != NULL) reason = step->note;
    snprintf(cell, sizeof cell, "not asked (%u)",
             number_of_reason(&table->reasons, reason == NULL ? "the scenario ended before it" : reason));
    table->tallies[subject].not_asked++;
    add_padded(table->out, cell, strlen(cell), ANSWER_WIDTH + VERDICT_WIDTH);
}

/* A provider without the codes refuses whatever the cause, so that its answer shows nothing but that. */
static bool is_refusal_of_code(const struct step_record *step, const char *clause) {
    bool unknown = step->seen.word == OUTCOME_ERROR && step->seen.code == WSAEOPNOTSUPP;
    return unknown && strcmp(clause, "ERR-OPNOTSUPP-PROVIDER") != 0 && strcmp(clause, "ERR-OPNOTSUPP-CODE") != 0 &&
           strcmp(clause, "ERR-INVAL-CODE") != 0;
}

static void add_verdict(struct error_table *table, unsigned subject, const struct step_record *step, const char *clause,
                        size_t width) {
    struct tally *tally = &table->tallies[subject];
    struct text verdict = { 0 };
    bool deviates = step->verdict == VERDICT_DEVIATE_KNOWN || step->verdict == VERDICT_DEVIATE_NEW;
    const struct outcome *kept = step->alternative < 0 ? NULL : &step->step->outcomes[step->alternative];
    if (deviates) {
        text_add(&verdict, step->verdict == VERDICT_DEVIATE_KNOWN ? "known deviation" : "deviates");
        tally->deviates++;
    } else if (table->lacks_codes[subject] && is_refusal_of_code(step, clause)) {
        text_add(&verdict, "not implemented");
        tally->not_implemented++;
    } else if (kept != NULL && outcome_cites(kept, clause)) {
        text_add(&verdict, "conform");
        tally->as_named++;
    } else if (step->not_implemented) {
        text_add(&verdict, "not implemented");
        tally->not_implemented++;
    } else {
        if (kept != NULL) add_readings(kept, &verdict);
        else text_add(&verdict, "not decided");
        tally->by_reading++;
    }
    add_padded(table->out, verdict.bytes, verdict.length, width);
    text_free(&verdict);
}

static void add_cell(struct error_table *table, const struct instance_record *instance, const char *clause) {
    unsigned index = case_of(instance->instance, clause);
    const struct step_record *step = index < instance->steps_count ? &instance->steps[index] : NULL;
    assert(index < STEPS_MAX);
    if (step == NULL || step->result != STEP_SEEN) {
        add_not_asked(table, instance->subject, instance, step);
        return;
    }
    size_t length = strcspn(step->outcome, " (");
    table->tallies[instance->subject].asked++;
    size_t taken = add_answer(table->out, step->outcome, length); /* a long one takes from the verdict's room */
    add_verdict(table, instance->subject, step, clause, ANSWER_WIDTH + VERDICT_WIDTH - taken);
}

/* --- rows ------------------------------------------------------------------------------------------------------- */

/* One case: the instances from `at` on that have the same id, one for each subject. Returns the next index. */
static size_t add_case(struct error_table *table, size_t at, const char *clause) {
    const struct run_record *record = table->report->record;
    const struct instance_record *first = record->instances[at];
    const char *bracket = strchr(first->id, '[');
    const char *label = bracket == NULL ? first->scenario + sizeof theme - 1 : bracket + 1;
    text_add(table->out, "    ");
    add_padded(table->out, label, strcspn(label, "]"), CASE_WIDTH);
    for (; at < record->count && strcmp(record->instances[at]->id, first->id) == 0; at++) {
        text_add(table->out, " ");
        add_cell(table, record->instances[at], clause);
    }
    while (table->out->length > 0 && table->out->bytes[table->out->length - 1] == ' ')
        table->out->bytes[--table->out->length] = '\0';
    text_add(table->out, "\n");
    return at;
}

/* All cases of a clause; how many. */
static unsigned add_cases(struct error_table *table, const char *clause) {
    const struct run_record *record = table->report->record;
    unsigned count = 0;
    for (size_t at = 0; at < record->count;) {
        const struct instance_record *instance = record->instances[at];
        if (!is_of_theme(instance) || case_of(instance->instance, clause) == STEPS_MAX) {
            at++;
            continue;
        }
        at = add_case(table, at, clause);
        count++;
    }
    return count;
}

static void find_missing_codes(struct error_table *table) {
    const struct run_record *record = table->report->record;
    for (size_t i = 0; i < record->count; i++) {
        const struct instance_record *instance = record->instances[i];
        if (record->subjects[instance->subject]->kind == SUBJECT_MODEL) continue;
        for (unsigned k = 0; k < instance->steps_count; k++)
            table->lacks_codes[instance->subject] |= instance->steps[k].not_implemented;
    }
}

static void add_head(struct error_table *table) {
    char label[SUBJECT_LABEL_MAX];
    text_add(table->out, "The errors of SIO_ASSOCIATE_PORT_RESERVATION by their causes\n\n    ");
    add_padded(table->out, "case", 4, CASE_WIDTH);
    for (unsigned i = 0; i < table->report->record->subjects_count; i++) {
        const char *name = report_label(table->report, i, label);
        text_add(table->out, " ");
        bool last = i + 1 == table->report->record->subjects_count;
        add_padded(table->out, name, strlen(name), last ? 0 : ANSWER_WIDTH + VERDICT_WIDTH);
    }
    text_add(table->out, "\n");
}

static size_t error_length(const char *statement) { return strcspn(statement, ": "); }

/* The error and the cause of a statement such as `WSAEINVAL: the control code is not a valid command.` */
static void add_clause(struct error_table *table, const struct clause *clause, const char *error_before) {
    size_t length = error_length(clause->statement);
    const char *cause = clause->statement + length;
    bool same = error_before != NULL && error_length(error_before) == length &&
                strncmp(error_before, clause->statement, length) == 0;
    if (!same) text_add(table->out, "\n%.*s\n", (int)length, clause->statement);
    cause += strspn(cause, ": ");
    struct text line = { 0 };
    text_add(&line, "%s @%s", cause, clause->id);
    text_add_wrapped(table->out, "  ", line.bytes);
    text_free(&line);
    if (add_cases(table, clause->id) > 0) return;
    const struct planned *planned = table->planned == NULL ? NULL : catalogue_find_planned(table->planned, clause->id);
    if (planned == NULL) text_add(table->out, "    no case in this run\n");
    else text_add(table->out, "    not asked yet: %s\n", planned->reason);
}

static void add_tallies(struct error_table *table) {
    char label[SUBJECT_LABEL_MAX];
    text_add(table->out, "\n");
    for (unsigned i = 0; i < table->report->record->subjects_count; i++) {
        const struct tally *tally = &table->tallies[i];
        text_add(table->out, "  %-12s asked %u: %u with that error", report_label(table->report, i, label),
                 tally->asked, tally->as_named);
        if (tally->by_reading > 0) text_add(table->out, ", %u otherwise by a reading", tally->by_reading);
        if (tally->not_implemented > 0) text_add(table->out, ", %u refused as not implemented", tally->not_implemented);
        if (tally->deviates > 0) text_add(table->out, ", %u deviating", tally->deviates);
        if (tally->not_asked > 0) text_add(table->out, "; %u not asked", tally->not_asked);
        text_add(table->out, "\n");
    }
}

void error_table_report(const struct report *report, const struct catalogue *planned, struct text *out) {
    struct error_table table = { .report = report, .planned = planned, .out = out };
    unsigned count = 0;
    bool any = false;
    const struct clause *clauses = known_clauses(&count);
    const char *error_before = NULL;
    assert(report != NULL && out != NULL);
    for (size_t i = 0; i < report->record->count; i++) any |= is_of_theme(report->record->instances[i]);
    if (!any) return;
    find_missing_codes(&table);
    add_head(&table);
    for (unsigned i = 0; i < count; i++) {
        if (strcmp(clauses[i].section, "errors") != 0) continue;
        add_clause(&table, &clauses[i], error_before);
        error_before = clauses[i].statement;
    }
    add_numbered_reasons(&table.reasons, "Not asked, because", out);
    add_tallies(&table);
    text_add(out, "\n");
    path_list_free(&table.reasons);
}
