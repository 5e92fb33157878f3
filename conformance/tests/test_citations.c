/* What can be cited: rows are found as they are written or in any case, and a miss reports what is near. */
#include <CUnit/CUnit.h>

#include <string.h>

#include "conformance/citations/citations.h"

static void rows_are_found_by_their_id(void) {
    CU_ASSERT_PTR_NOT_NULL(clause_of("ASC-02", 6));
    CU_ASSERT_PTR_NOT_NULL(fact_of("W22", 3));
    CU_ASSERT_PTR_NOT_NULL(fact_of("T8.2.1", 6));
    CU_ASSERT_PTR_NOT_NULL(client_of("msquic", 6));
    CU_ASSERT_PTR_NOT_NULL(fact_of("W22 and more", 3));
    CU_ASSERT_PTR_NULL(fact_of("W22 and more", 4));
}

static void a_beginning_is_no_row(void) {
    CU_ASSERT_PTR_NULL(clause_of("ASC-0", 5));
    CU_ASSERT_PTR_NULL(fact_of("W", 1));
    CU_ASSERT_PTR_NULL(fact_of("T8.2", 4));
    CU_ASSERT_PTR_NULL(fact_of("", 0));
    CU_ASSERT_PTR_NULL(client_of("msqui", 5));
}

static void case_matters_to_scenarios_only(void) {
    CU_ASSERT_PTR_NULL(fact_of("w22", 3));
    CU_ASSERT_PTR_EQUAL(fact_named("w22"), fact_of("W22", 3));
    CU_ASSERT_PTR_EQUAL(clause_named("asc-02"), clause_of("ASC-02", 6));
    CU_ASSERT_PTR_EQUAL(client_named("MsQuic"), client_of("msquic", 6));
}

static void a_group_ends_at_a_dot(void) {
    const struct fact *row = fact_of("T8.2.1", 6);
    CU_ASSERT_PTR_NOT_NULL_FATAL(row);
    CU_ASSERT_TRUE(fact_is_in(row, "T"));
    CU_ASSERT_TRUE(fact_is_in(row, "t8"));
    CU_ASSERT_TRUE(fact_is_in(row, "T8.2"));
    CU_ASSERT_FALSE(fact_is_in(row, "T8.2.1.1"));
    CU_ASSERT_FALSE(fact_is_in(row, "T8."));
    CU_ASSERT_FALSE(fact_is_in(row, ""));
    CU_ASSERT_TRUE(fact_group_exists("N4.3"));
    CU_ASSERT_FALSE(fact_group_exists("N4.9"));
    CU_ASSERT_FALSE(fact_is_in(fact_of("W22", 3), "W2"));
}

static void a_miss_reports_what_is_near(void) {
    CU_ASSERT_STRING_EQUAL(fact_nearest("W9999", 5), "W207");
    CU_ASSERT_STRING_EQUAL(fact_nearest("W208", 4), "W207");
    CU_ASSERT_STRING_EQUAL(fact_nearest("W0", 2), "W1");
    CU_ASSERT_STRING_EQUAL(fact_nearest("T8.2.9", 6), "T8.2.1");
    CU_ASSERT_PTR_NULL(fact_nearest("Z1", 2));
    CU_ASSERT_PTR_NULL(fact_nearest("", 0));
    CU_ASSERT_STRING_EQUAL(fact_nearest("n4.9", 4), "N4.1.1");
    CU_ASSERT_PTR_NOT_NULL_FATAL(clause_nearest("asc-99", 6));
    CU_ASSERT_STRING_EQUAL(clause_nearest("ASC-99", 6), "ASC-09");
    CU_ASSERT_STRING_EQUAL(clause_nearest("asc-99", 6), "ASC-09");
    CU_ASSERT_STRING_EQUAL(client_nearest("msquick", 7), "msquic");
    CU_ASSERT_PTR_NULL(client_nearest("unheard", 7));
}

static void a_client_names_facts_that_are_there(void) {
    unsigned count = 0;
    const struct client *rows = known_clients(&count);
    CU_ASSERT_TRUE(count >= 11);
    for (unsigned i = 0; i < count; i++) CU_ASSERT_TRUE(fact_group_exists(rows[i].facts));
}

static void all_facts_of_tests_are_there(void) {
    static const char *const ends[] = { "W1", "W129", "W130", "W207", "F01", "F67" };
    unsigned count = 0;
    known_facts(&count);
    for (unsigned i = 0; i < sizeof ends / sizeof ends[0]; i++) CU_ASSERT_PTR_NOT_NULL(fact_named(ends[i]));
    CU_ASSERT_TRUE(count >= 800);
}

void register_citations_tests(void);
void register_citations_tests(void) {
    CU_pSuite suite = CU_add_suite("citations", NULL, NULL);
    CU_add_test(suite, "rows are found by their id", rows_are_found_by_their_id);
    CU_add_test(suite, "a beginning is no row", a_beginning_is_no_row);
    CU_add_test(suite, "case matters to scenarios only", case_matters_to_scenarios_only);
    CU_add_test(suite, "a group ends at a dot", a_group_ends_at_a_dot);
    CU_add_test(suite, "a miss reports what is near", a_miss_reports_what_is_near);
    CU_add_test(suite, "a client names facts that are there", a_client_names_facts_that_are_there);
    CU_add_test(suite, "all facts of tests are there", all_facts_of_tests_are_there);
}
