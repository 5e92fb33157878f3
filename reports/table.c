#include "reports/table.h"

#include <assert.h>
#include <string.h>

enum { CELL_WIDTH = 23, COORDINATES_WIDTH = 46 };

struct tally {
    unsigned cells, played, equal, approximated;
};

static bool is_table(const struct instance_record *instance) {
    const char *slash = strrchr(instance->scenario, '/');
    return strncmp(slash == NULL ? instance->scenario : slash + 1, "table-", 6) == 0;
}

/* The last step that asserts an outcome: the cell. NULL when the scenario asserts nothing. */
static const struct step *cell_step(const struct scenario *instance) {
    for (uint32_t i = instance->steps_count; i-- > 0;) {
        const struct step *step = &instance->steps[i];
        if (step->outcomes_count > 0 && step->outcomes[0].sources_count > 0) return step;
    }
    return NULL;
}

/* One word: what a table's cell holds. */
static void add_outcome_word(const struct scenario *scenario, const struct outcome *outcome, struct text *out) {
    struct outcome bare = *outcome;
    bare.predicates_count = 0;
    bare.sources_count = 0;
    outcome_print(scenario, &bare, out);
}

static const struct step_record *played_cell(const struct instance_record *instance, const struct step *cell) {
    for (unsigned i = 0; i < instance->steps_count; i++) {
        const struct step_record *record = &instance->steps[i];
        if (record->step == cell && record->result == STEP_SEEN && record->outcome != NULL) return record;
    }
    return NULL;
}

/* Were other accounts than the subject's own played by stand-ins, as its trace heads say? */
static bool is_approximated(const struct report *report, const struct instance_record *instance) {
    const struct fact_list *facts = &report->record->subjects[instance->subject]->facts;
    if (instance->instance->users_count == 0) return false;
    for (uint32_t i = 0; i < facts->count; i++)
        if (strcmp(facts->facts[i].key, "accounts") == 0 && strncmp(facts->facts[i].value, "approximated", 12) == 0) return true;
    return false;
}

static void add_padded(struct text *out, const char *text, size_t length, size_t width) {
    text_add(out, "%.*s", (int)length, text);
    for (size_t i = length; i < width; i++) text_add(out, " ");
}

static size_t first_word(const char *text) { return strcspn(text, " "); }

/* What this instance's subject answered in the cell, against the document's word. */
static void add_answer(const struct report *report, const struct instance_record *instance, const char *document, struct tally *tally,
                       struct text *out) {
    const struct step *cell = cell_step(instance->instance);
    const struct step_record *played = cell == NULL ? NULL : played_cell(instance, cell);
    tally->cells++;
    if (played == NULL) {
        add_padded(out, "  -", 3, CELL_WIDTH);
        return;
    }
    size_t length = first_word(played->outcome);
    bool equal = strlen(document) == length && memcmp(document, played->outcome, length) == 0;
    tally->played++;
    tally->equal += equal;
    bool approximated = is_approximated(report, instance);
    tally->approximated += approximated;
    text_add(out, "%s%s", equal ? " " : "!", approximated ? "~" : " ");
    add_padded(out, played->outcome, length, CELL_WIDTH - 2);
}

static const char *suffix_of(const struct instance_record *instance) {
    const char *bracket = strchr(instance->id, '[');
    return bracket == NULL ? "" : bracket + 1;
}

static void trim_line(struct text *out) {
    while (out->length > 0 && out->bytes[out->length - 1] == ' ') out->bytes[--out->length] = '\0';
    text_add(out, "\n");
}

static void add_head(const struct report *report, const struct instance_record *first, struct text *out) {
    char label[SUBJECT_LABEL_MAX];
    text_add(out, "%s\n", first->scenario);
    if (first->instance->title != NULL) text_add(out, "  %s\n", first->instance->title);
    text_add(out, "\n  ");
    add_padded(out, "cell", 4, COORDINATES_WIDTH);
    add_padded(out, "  document", 10, CELL_WIDTH);
    for (unsigned subject = 0; subject < report->record->subjects_count; subject++) {
        const char *name = report_label(report, subject, label);
        text_add(out, "  ");
        add_padded(out, name, strlen(name), CELL_WIDTH - 2);
    }
    trim_line(out);
}

/* One cell: the instances from `at` on that have the same id, one for each subject. Returns the next index. */
static size_t add_cell(const struct report *report, size_t at, struct tally *tallies, struct text *out) {
    const struct run_record *record = report->record;
    const struct instance_record *first = record->instances[at];
    const struct step *cell = cell_step(first->instance);
    struct text document = { 0 };
    if (cell != NULL) add_outcome_word(first->instance, &cell->outcomes[0], &document);
    const char *suffix = suffix_of(first);
    text_add(out, "  ");
    add_padded(out, suffix, strcspn(suffix, "]"), COORDINATES_WIDTH);
    text_add(out, "  ");
    add_padded(out, document.bytes == NULL ? "" : document.bytes, document.length, CELL_WIDTH - 2);
    for (; at < record->count && strcmp(record->instances[at]->id, first->id) == 0; at++)
        add_answer(report, record->instances[at], document.bytes == NULL ? "" : document.bytes, &tallies[record->instances[at]->subject], out);
    trim_line(out);
    text_free(&document);
    return at;
}

static void add_tallies(const struct report *report, const struct tally *tallies, struct text *out) {
    char label[SUBJECT_LABEL_MAX];
    for (unsigned subject = 0; subject < report->record->subjects_count; subject++) {
        const struct tally *tally = &tallies[subject];
        text_add(out, "  %s: %u of %u cells as documented", report_label(report, subject, label), tally->equal, tally->cells);
        if (tally->played < tally->cells) text_add(out, ", %u could not be played", tally->cells - tally->played);
        if (tally->approximated > 0) text_add(out, "; ~ %u by an account that a restricted token stands for", tally->approximated);
        text_add(out, "\n");
    }
    text_add(out, "\n");
}

void table_report(const struct report *report, struct text *out) {
    const struct run_record *record = report->record;
    assert(record != NULL && out != NULL);
    bool any = false;
    for (size_t at = 0; at < record->count;) {
        const struct instance_record *first = record->instances[at];
        if (!is_table(first)) {
            at++;
            continue;
        }
        struct tally tallies[SUBJECTS_MAX] = { { 0 } };
        any = true;
        add_head(report, first, out);
        while (at < record->count && strcmp(record->instances[at]->scenario, first->scenario) == 0) at = add_cell(report, at, tallies, out);
        add_tallies(report, tallies, out);
    }
    if (!any) text_add(out, "No table is among the selected scenarios: those whose names begin with table- are.\n");
}
