/* Every clause of the catalogue and every question that the model asks is shown by a scenario, or is planned, or cannot
 * be decided; and nothing is planned any more that is shown. The tree: RESERVOIR_SCENARIOS, else "scenarios". */
#define _POSIX_C_SOURCE 200809L

#include <CUnit/CUnit.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conformance/base/folders.h"
#include "conformance/citations/citations.h"
#include "conformance/runner/scenario_set.h"
#include "reports/catalogue/catalogue.h"
#include "reports/catalogue/clause_shown.h"
#include "reports/catalogue/data.h"
#include "reports/catalogue/step_about.h"
#include "stack/readings.h"

static struct data data;
static struct language_error error;

static int read_tree(void) {
    const char *folder = getenv("RESERVOIR_SCENARIOS");
    if (folder == NULL) folder = "scenarios";
    bool good = data_read_scenarios(&data, folder);
    return good && data_read_planned(&data, folder) ? 0 : 1;
}

static int free_tree(void) {
    data_free(&data);
    return 0;
}

static void name_question(const struct reading *reading, char name[8]) {
    snprintf(name, 8, "Q%u", (unsigned)reading->question);
}

/* --- the tree --------------------------------------------------------------------------------------------------- */

static void every_clause_is_shown_or_planned(void) {
    unsigned count = 0, shown = 0, planned = 0, undecidable = 0;
    const struct clause *clauses = known_clauses(&count);
    for (unsigned i = 0; i < count; i++) {
        const struct clause *clause = &clauses[i];
        bool has_scenario =
            data_add_citing(&data, &(struct source){ .kind = SOURCE_CLAUSE, .text = clause->id }, "", NULL) > 0;
        bool is_planned = catalogue_find_planned(&data.catalogue, clause->id) != NULL;
        bool good = has_scenario || is_planned || !clause_is_decidable(clause);
        if (!good) printf("\n    %s has no scenario and is not planned: %s", clause->id, clause->statement);
        CU_ASSERT_TRUE(good);
        shown += has_scenario;
        planned += is_planned;
        undecidable += !clause_is_decidable(clause) && !has_scenario && !is_planned;
    }
    printf("\n    %u clauses: %u shown, %u planned, %u undecidable", count, shown, planned, undecidable);
}

static void every_undecidable_clause_says_why(void) {
    static const char words[] = "undecidable: ";
    unsigned count = 0;
    const struct clause *clauses = known_clauses(&count);
    for (unsigned i = 0; i < count; i++) {
        const struct clause *clause = &clauses[i];
        if (clause_is_decidable(clause)) continue;
        bool reported =
            strncmp(clause->decidable, words, strlen(words)) == 0 && strlen(clause->decidable) > strlen(words);
        if (!reported) printf("\n    %s: %s", clause->id, clause->decidable);
        CU_ASSERT_TRUE(reported);
    }
}

/* The calls that a sentence is about are calls that a step can have. */
static void every_clause_is_about_known_calls(void) {
    unsigned count = 0;
    const struct clause *clauses = known_clauses(&count);
    for (unsigned i = 0; i < count; i++) {
        if (strcmp(clauses[i].about, "-") == 0) continue;
        for (const char *at = clauses[i].about; *at != '\0'; at += strspn(at, " ")) {
            size_t length = strcspn(at, " ");
            bool known = is_step_word(at, length) || strncmp(at, "both-doors", length) == 0;
            if (!known) printf("\n    %s is about %.*s, which no step is", clauses[i].id, (int)length, at);
            CU_ASSERT_TRUE(known);
            at += length;
        }
    }
}

/* Shown means: a step of the call that the sentence is about cites the clause, and a named profile answers as that
 * alternative says. An undecidable clause need not be; a planned one must not be. */
static void every_clause_is_shown_on_the_call_that_it_is_about(void) {
    struct answers answers = { .count = 0 };
    unsigned count = 0, shown = 0;
    const struct clause *clauses = known_clauses(&count);
    answers_read_profiles(&answers, &data.set);
    for (unsigned i = 0; i < count; i++) {
        const struct clause *clause = &clauses[i];
        bool planned = catalogue_find_planned(&data.catalogue, clause->id) != NULL;
        bool is_shown = clause_is_shown(&answers, clause);
        bool good = is_shown || planned || !clause_is_decidable(clause);
        if (!good)
            printf("\n    %s is shown by no named profile on %s: %s", clause->id, clause->about, clause->statement);
        CU_ASSERT_TRUE(good);
        shown += is_shown && strcmp(clause->about, "-") != 0;
    }
    printf("\n    %u clauses shown by a named profile on the call that they are about", shown);
    answers_free(&answers);
}

/* A question that the model does not ask is planned where its note says that this is work still to come; else the note
 * says why it is none that a run answers. */
static void every_question_is_shown_or_planned(void) {
    unsigned count = 0, shown = 0, planned = 0, settled = 0;
    const struct reading *rows = readings(&count);
    for (unsigned i = 0; i < count; i++) {
        char name[8];
        name_question(&rows[i], name);
        bool has_scenario =
            data_add_citing(&data, &(struct source){ .kind = SOURCE_READING, .number = rows[i].question }, "", NULL) >
            0;
        bool is_planned = catalogue_find_planned(&data.catalogue, name) != NULL;
        bool to_come = strstr(rows[i].note, "not modelled yet") != NULL;
        bool good = has_scenario || is_planned || (!rows[i].modelled && !to_come);
        if (!good) printf("\n    %s has no scenario and is not planned: %s", name, rows[i].title);
        CU_ASSERT_TRUE(good);
        shown += has_scenario;
        planned += is_planned;
        settled += !has_scenario && !is_planned;
    }
    printf("\n    %u questions: %u shown, %u planned, %u that no run answers", count, shown, planned, settled);
}

static bool question_named(const char *id, unsigned *question) {
    if (id[0] != 'Q' || strspn(id + 1, "0123456789") != strlen(id + 1)) return false;
    *question = (unsigned)strtoul(id + 1, NULL, 10);
    return reading_of(*question) != NULL;
}

static void nothing_is_planned_that_is_shown(void) {
    for (uint32_t i = 0; i < data.catalogue.planned_count; i++) {
        const struct planned *row = &data.catalogue.planned[i];
        unsigned question = 0;
        bool is_question = question_named(row->id, &question);
        const struct clause *clause = clause_of(row->id, strlen(row->id));
        bool known = is_question || (clause != NULL && clause_is_decidable(clause));
        struct text scenarios = { 0 };
        struct source source = { .kind = is_question ? SOURCE_READING : SOURCE_CLAUSE,
                                 .number = question,
                                 .text = row->id };
        if (known) data_add_citing(&data, &source, " ", &scenarios);
        if (!known) printf("\n    %s is planned, and is no question and no decidable clause", row->id);
        if (scenarios.length > 0) printf("\n    %s is planned, and shown by%s", row->id, scenarios.bytes);
        CU_ASSERT_TRUE(known);
        CU_ASSERT_EQUAL(scenarios.length, 0);
        text_free(&scenarios);
    }
}

/* The reason must not outlive what it gives a reason for. */
static void a_fact_has_a_scenario_or_says_why_it_has_none(void) {
    unsigned count = 0, cited = 0;
    const struct fact *rows = known_facts(&count);
    for (unsigned i = 0; i < count; i++) {
        struct text scenarios = { 0 };
        struct source source = { .kind = SOURCE_FACT, .text = rows[i].id };
        bool has_scenario = data_add_citing(&data, &source, " ", &scenarios) > 0;
        bool says_why = strcmp(rows[i].uncited, "-") != 0;
        if (has_scenario && says_why)
            printf("\n    %s is cited by%s; its last field is to be -", rows[i].id, scenarios.bytes);
        if (!has_scenario && !says_why) printf("\n    %s is not cited, and does not say why", rows[i].id);
        CU_ASSERT_NOT_EQUAL(has_scenario, says_why);
        cited += has_scenario;
        text_free(&scenarios);
    }
    printf("\n    %u facts: %u shown, %u with the reason why not", count, cited, count - cited);
}

static void there_are_more_than_120_named_cases(void) {
    CU_ASSERT_TRUE(data.set.count > 120);
    printf("\n    %u named cases", (unsigned)data.set.count);
}

/* --- broken tables ---------------------------------------------------------------------------------------------- */

static const char *complaint_about_planned(const char *bytes) {
    char path[FOLDER_PATH_MAX]; /* ours alone: the tests of another build may run beside these */
    snprintf(path, sizeof path, "build/test-planned-%ld.tsv", (long)getpid());
    struct catalogue catalogue = { .planned_count = 0 };
    FILE *file = file_create(path);
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fputs(bytes, file);
    fclose(file);
    bool good = catalogue_read_planned(&catalogue, path, &error);
    catalogue_free(&catalogue);
    remove(path);
    return good ? "" : error.message;
}

static void a_broken_table_of_plans_is_refused(void) {
    CU_ASSERT_STRING_EQUAL(complaint_about_planned("# nothing\nQ35\tE\tneeds TIME_WAIT\n"), "");
    CU_ASSERT_STRING_EQUAL(complaint_about_planned("Q35\tE\n"),
                           "expected 3 fields with tabs between (id, part, reason), found 2");
    CU_ASSERT_STRING_EQUAL(complaint_about_planned("Q35\tF\tneeds TIME_WAIT\n"), "the part is to be C, D or E");
    CU_ASSERT_STRING_EQUAL(complaint_about_planned("Q35\tE\t\n"), "a reason is wanted");
    CU_ASSERT_STRING_EQUAL(complaint_about_planned("Q35\tE\tone\nQ35\tE\ttwo\n"), "this row is there already");
    CU_ASSERT_EQUAL(error.position.line, 2);
}

void register_catalogue_tests(void);
void register_catalogue_tests(void) {
    CU_pSuite suite = CU_add_suite("clauses and questions", read_tree, free_tree);
    CU_add_test(suite, "every clause is shown or planned", every_clause_is_shown_or_planned);
    CU_add_test(suite, "every clause is about known calls", every_clause_is_about_known_calls);
    CU_add_test(suite, "every clause is shown on the call that it is about",
                every_clause_is_shown_on_the_call_that_it_is_about);
    CU_add_test(suite, "every undecidable clause says why", every_undecidable_clause_says_why);
    CU_add_test(suite, "every question is shown or planned", every_question_is_shown_or_planned);
    CU_add_test(suite, "nothing is planned that is shown", nothing_is_planned_that_is_shown);
    CU_add_test(suite, "a fact has a scenario or says why it has none", a_fact_has_a_scenario_or_says_why_it_has_none);
    CU_add_test(suite, "there are more than 120 named cases", there_are_more_than_120_named_cases);
    CU_add_test(suite, "a broken table of plans is refused", a_broken_table_of_plans_is_refused);
}
