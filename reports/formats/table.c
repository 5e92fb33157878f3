#include "reports/formats/table.h"

#include <assert.h>
#include <string.h>

#include "conformance/language/printer.h"

enum { CELL_WIDTH = 23, COORDINATES_WIDTH = 46 };

/* How well founded a cell is: by the best of its sources. */
enum footing { FOOTING_DOCUMENTED, FOOTING_OBSERVED, FOOTING_INFERRED, FOOTINGS_COUNT };

static const char *const footing_names[FOOTINGS_COUNT] = { "documented", "observed", "inferred" };

struct tally {
    unsigned cells[FOOTINGS_COUNT], equal[FOOTINGS_COUNT];
    unsigned unplayed, approximated;
};

/* What a cell should hold, in the words of a trace, and where that comes from. */
struct expected {
    const struct step *step; /* NULL: the scenario asserts nothing */
    struct text word;        /* the outcome and what else is asserted of it: `ok bytes=0` */
    struct text sources;
    enum footing footing;
};

static bool is_table(const struct instance_record *instance) {
    if (instance->instance == NULL) return false; /* its file could not be opened any more */
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

static enum footing footing_of(const struct outcome *outcome) {
    enum footing best = FOOTING_INFERRED;
    for (uint32_t i = 0; i < outcome->sources_count; i++) {
        enum source_kind kind = outcome->sources[i].kind;
        if (kind == SOURCE_CLAUSE) return FOOTING_DOCUMENTED;
        if (kind == SOURCE_FACT || kind == SOURCE_CLIENT) best = FOOTING_OBSERVED;
    }
    return best;
}

/* It is the answer to no open question: it holds whatever the first alternative does. */
static bool is_unconditional(const struct outcome *outcome) {
    for (uint32_t i = 0; i < outcome->sources_count; i++)
        if (outcome->sources[i].kind == SOURCE_READING) return false;
    return true;
}

static void add_sources(const struct outcome *outcome, struct text *out) {
    for (uint32_t i = 0; i < outcome->sources_count; i++) {
        if (i > 0) text_add(out, " ");
        source_print(&outcome->sources[i], out);
    }
}

static void expect(const struct scenario *scenario, struct expected *expected) {
    *expected = (struct expected){ .step = cell_step(scenario), .footing = FOOTING_INFERRED };
    if (expected->step == NULL) return;
    assert(expected->step->outcomes_count > 0);
    struct outcome bare = expected->step->outcomes[0];
    expected->footing = footing_of(&bare);
    add_sources(&bare, &expected->sources);
    for (uint32_t i = 1; i < expected->step->outcomes_count; i++) {
        if (!is_unconditional(&expected->step->outcomes[i])) continue;
        text_add(&expected->sources, ", or as | by ");
        add_sources(&expected->step->outcomes[i], &expected->sources);
    }
    bare.sources_count = 0;
    outcome_print(scenario, &bare, &expected->word);
}

static void expected_free(struct expected *expected) {
    text_free(&expected->word);
    text_free(&expected->sources);
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
        if (strcmp(facts->facts[i].key, "accounts") == 0 && strncmp(facts->facts[i].value, "approximated", 12) == 0)
            return true;
    return false;
}

static void add_padded(struct text *out, const char *text, size_t length, size_t width) {
    text_add(out, "%.*s", (int)length, text);
    for (size_t i = length; i < width; i++) text_add(out, " ");
}

/* Of an answer the outcome word and, in the order of a trace, what the cell asserts of it. */
static void answer_print(const struct outcome *cell, const char *answer, struct text *out) {
    size_t word = strcspn(answer, " ");
    text_add_bytes(out, answer, word);
    for (const char *at = answer + word; *at != '\0'; at += strcspn(at, " ")) {
        at += strspn(at, " ");
        size_t length = strcspn(at, " "), name = strcspn(at, "=");
        for (uint32_t i = 0; name < length && i < cell->predicates_count; i++) {
            const char *asserted = observable_name(cell->predicates[i].observable);
            if (strlen(asserted) == name && memcmp(asserted, at, name) == 0) text_add(out, " %.*s", (int)length, at);
        }
    }
}

/* What this instance's subject answered in the cell, against the word that it should hold. */
static void add_answer(const struct report *report, const struct instance_record *instance,
                       const struct expected *expected, size_t width, struct tally *tally, struct text *out) {
    const struct step *cell = cell_step(instance->instance);
    const struct step_record *played = cell == NULL ? NULL : played_cell(instance, cell);
    tally->cells[expected->footing]++;
    if (played == NULL) {
        tally->unplayed++;
        add_padded(out, "  -", 3, width);
        return;
    }
    struct text answer = { 0 };
    bool first = played->alternative == 0; /* which may be spelt otherwise: WAIT_TIMEOUT is error(258) in a trace */
    if (first) text_add(&answer, "%s", expected->word.bytes);
    else answer_print(&cell->outcomes[0], played->outcome, &answer);
    bool equal = first || strcmp(expected->word.bytes, answer.bytes) == 0;
    bool other = !equal && played->alternative > 0 && is_unconditional(&cell->outcomes[played->alternative]);
    bool approximated = is_approximated(report, instance);
    tally->equal[expected->footing] += equal || other;
    tally->approximated += approximated;
    text_add(out, "%s%s", equal ? " " : other ? "|" : "!", approximated ? "~" : " ");
    add_padded(out, answer.bytes, answer.length, width - 2);
    text_free(&answer);
}

static const char *text_bytes(const struct text *text) { return text->bytes == NULL ? "" : text->bytes; }

static const char *suffix_of(const struct instance_record *instance) {
    const char *bracket = strchr(instance->id, '[');
    return bracket == NULL ? "" : bracket + 1;
}

/* As wide as the longest expectation. */
static size_t cell_width(const struct run_record *record, size_t at) {
    size_t width = CELL_WIDTH;
    const char *scenario = record->instances[at]->scenario;
    for (; at < record->count && strcmp(record->instances[at]->scenario, scenario) == 0; at++) {
        struct expected expected;
        expect(record->instances[at]->instance, &expected);
        if (expected.word.length + 4 > width) width = expected.word.length + 4;
        expected_free(&expected);
    }
    return width;
}

static void add_head(const struct report *report, const struct instance_record *first, size_t width, struct text *out) {
    char label[SUBJECT_LABEL_MAX];
    text_add(out, "%s\n", first->scenario);
    if (first->instance->title != NULL) text_add(out, "  %s\n", first->instance->title);
    text_add(out, "\n  ");
    add_padded(out, "cell", 4, COORDINATES_WIDTH);
    add_padded(out, "  expected", 10, width);
    for (unsigned subject = 0; subject < report->record->subjects_count; subject++) {
        const char *name = report_label(report, subject, label);
        text_add(out, "  ");
        add_padded(out, name, strlen(name), width - 2);
    }
    text_add(out, "  source\n");
}

/* One cell: the instances from `at` on that have the same id, one for each subject. Returns the next index. */
static size_t add_cell(const struct report *report, size_t at, size_t width, struct tally *tallies, struct text *out) {
    const struct run_record *record = report->record;
    const struct instance_record *first = record->instances[at];
    const char *suffix = suffix_of(first);
    struct expected expected;
    expect(first->instance, &expected);
    text_add(out, "  ");
    add_padded(out, suffix, strcspn(suffix, "]"), COORDINATES_WIDTH);
    text_add(out, "  ");
    add_padded(out, text_bytes(&expected.word), expected.word.length, width - 2);
    for (; at < record->count && strcmp(record->instances[at]->id, first->id) == 0; at++)
        add_answer(report, record->instances[at], &expected, width, &tallies[record->instances[at]->subject], out);
    text_add(out, "  %s\n", text_bytes(&expected.sources));
    expected_free(&expected);
    return at;
}

/* `24 of 24 documented and 8 of 8 inferred cells as expected` */
static void add_tally(const struct tally *tally, struct text *out) {
    bool any = false;
    for (unsigned footing = 0; footing < FOOTINGS_COUNT; footing++) {
        if (tally->cells[footing] == 0) continue;
        text_add(out, "%s%u of %u %s", any ? " and " : "", tally->equal[footing], tally->cells[footing],
                 footing_names[footing]);
        any = true;
    }
    assert(any);
    text_add(out, " cells as expected");
    if (tally->unplayed > 0) text_add(out, ", %u could not be played", tally->unplayed);
    if (tally->approximated > 0) text_add(out, "; ~ %u by a stand-in for the account", tally->approximated);
}

static void add_tallies(const struct report *report, const struct tally *tallies, struct text *out) {
    char label[SUBJECT_LABEL_MAX];
    for (unsigned subject = 0; subject < report->record->subjects_count; subject++) {
        text_add(out, "  %s: ", report_label(report, subject, label));
        add_tally(&tallies[subject], out);
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
        struct tally tallies[SUBJECTS_MAX] = { { { 0 }, { 0 }, 0, 0 } };
        any = true;
        size_t width = cell_width(record, at);
        add_head(report, first, width, out);
        while (at < record->count && strcmp(record->instances[at]->scenario, first->scenario) == 0)
            at = add_cell(report, at, width, tallies, out);
        add_tallies(report, tallies, out);
    }
    if (!any && out->length == 0)
        text_add(out, "No table is among the selected scenarios: those whose names begin with table- are.\n");
}
