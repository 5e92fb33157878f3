/* What the page's translations make of its clauses: each row's clause and scenario are there, and the scenario asserts
 * what refutes it, on a step that cites the clause. The tree: RESERVOIR_SCENARIOS, else "scenarios". */
#include <CUnit/CUnit.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/runner/scenario_set.h"
#include "reports/catalogue/catalogue.h"
#include "reports/catalogue/data.h"
#include "reports/catalogue/translations.h"
#include "reports/commands/commands.h"
#include "reports/tests/command_fixture.h"

static struct data data;
static struct answers answers;

static int read_tree(void) {
    const char *folder = getenv("RESERVOIR_SCENARIOS");
    if (folder == NULL) folder = "scenarios";
    if (!data_read_scenarios(&data, folder) || !data_read_planned(&data, folder)) return 1;
    answers_read_profiles(&answers, &data.set);
    return command_begin();
}

static int free_tree(void) {
    answers_free(&answers);
    data_free(&data);
    return command_end();
}

static bool scenario_exists(const char *id) {
    for (size_t i = 0; i < data.set.count; i++)
        if (strcmp(data.set.files[i].id, id) == 0) return true;
    return false;
}

/* Why the row is wrong, or NULL. A clause that a later part of the work will show has no scenario yet. */
static const char *wrong_with(const struct translation *row) {
    if (strcmp(row->refuted_by, "-") == 0) {
        bool planned = catalogue_find_planned(&data.catalogue, row->clause) != NULL;
        return planned ? NULL : "the clause is not planned any more: name the scenario that shows it";
    }
    if (!scenario_exists(row->refuted_by)) return "there is no such scenario";
    if (!translation_is_refuted(&answers, row)) return "no step of it cites the clause and is answered so by a profile";
    return NULL;
}

static void every_row_is_refuted_by_its_scenario(void) {
    unsigned count = 0, refuted = 0;
    const struct translation *rows = known_translations(&count);
    for (unsigned i = 0; i < count; i++) {
        const char *wrong = wrong_with(&rows[i]);
        if (wrong != NULL)
            printf("\n    %s in %s, %s: %s", rows[i].clause, rows[i].language, rows[i].refuted_by, wrong);
        CU_ASSERT_PTR_NULL(wrong);
        refuted += strcmp(rows[i].refuted_by, "-") != 0;
    }
    printf("\n    %u misreadings, %u refuted, the others' clauses are planned", count, refuted);
    CU_ASSERT_TRUE(refuted >= 57);
}

/* The test above can fail: the scenario is there and does not cite the clause, or is not there. */
static void a_row_with_another_scenario_is_found(void) {
    struct translation row = *known_translations(&(unsigned){ 0 });
    CU_ASSERT_PTR_NULL(wrong_with(&row));
    row.refuted_by = "control/bind-plain";
    CU_ASSERT_STRING_EQUAL(wrong_with(&row), "no step of it cites the clause and is answered so by a profile");
    row.refuted_by = "control/bind-plane";
    CU_ASSERT_STRING_EQUAL(wrong_with(&row), "there is no such scenario");
    row.refuted_by = "-";
    CU_ASSERT_PTR_NOT_NULL(strstr(wrong_with(&row), "not planned any more"));
}

static void show_clause_names_its_translations(void) {
    CU_ASSERT_EQUAL(run_command(command_show, "clause ASC-02"), 0);
    says(command_output(), "  translations, and what they make the reader believe\n    Portuguese  (");
    says(command_output(), "one verb stands for bind and for associate, so\n");
    says(command_output(), "      refuted by associate/after-bind\n");
    CU_ASSERT_EQUAL(run_command(command_show, "clause PAR-06"), 0);
    CU_ASSERT_PTR_NULL(strstr(command_output(), "translations"));
}

static void the_list_has_a_section_for_each_language(void) {
    CU_ASSERT_EQUAL(run_command(command_list, "translations"), 0);
    says(command_output(), "\nGerman, ");
    says(command_output(), "\nPortuguese, ");
    says(command_output(), "\nRussian, ");
    says(command_output(), "\nSpanish, ");
    says(command_output(), "\nTraditional Chinese, ");
    says(command_output(), "  REM-12\n    the page\n      A persistent reservation may be consumed by any process");
}

void register_translations_tests(void);
void register_translations_tests(void) {
    CU_pSuite suite = CU_add_suite("translations", read_tree, free_tree);
    CU_add_test(suite, "every row is refuted by its scenario", every_row_is_refuted_by_its_scenario);
    CU_add_test(suite, "a row with another scenario is found", a_row_with_another_scenario_is_found);
    CU_add_test(suite, "show clause names its translations", show_clause_names_its_translations);
    CU_add_test(suite, "the list has a section for each language", the_list_has_a_section_for_each_language);
}
