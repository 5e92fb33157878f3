/* Runs all unit tests of the four code folders: `unit`; `unit SUITE...` for suites by name; `unit --not SUITE...` for
 * all others.
 *
 * The list of suites is written at build time from the names of the test files' functions (test_registry.sh).
 * Exit status: 0 all passed; 1 something failed; 2 CUnit did not start, or there is no such suite. */
#include <CUnit/Basic.h>

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Functions that add one suite each, and NULL at the end. */
extern void (*const test_registry[])(void);

enum { STATUS_PASSED = 0, STATUS_FAILED = 1, STATUS_USAGE = 2 };

static bool name_is_listed(const char *name, char *const *names, int names_count) {
    assert(name != NULL);
    for (int i = 0; i < names_count; i++) {
        if (strcmp(name, names[i]) == 0) return true;
    }
    return false;
}

/* Leaves active only the suites that are named, or all others. False, having said why, if no suite has such a name. */
static bool suites_select(char *const *names, int names_count, bool named_run) {
    assert(names_count > 0);
    CU_pTestRegistry registry = CU_get_registry();
    assert(registry != NULL);
    for (int i = 0; i < names_count; i++) {
        if (CU_get_suite(names[i]) != NULL) continue;
        fprintf(stderr, "unit: there is no suite '%s'. The suites are:\n", names[i]);
        for (CU_pSuite suite = registry->pSuite; suite != NULL; suite = suite->pNext) {
            fprintf(stderr, "    %s\n", suite->pName);
        }
        return false;
    }
    for (CU_pSuite suite = registry->pSuite; suite != NULL; suite = suite->pNext) {
        suite->fActive = name_is_listed(suite->pName, names, names_count) == named_run ? CU_TRUE : CU_FALSE;
    }
    /* An inactive suite was asked for here; it is no failure. */
    CU_set_fail_on_inactive(CU_FALSE);
    return true;
}

int main(int arguments_count, char **arguments) {
    if (CU_initialize_registry() != CUE_SUCCESS) {
        fprintf(stderr, "unit: %s\n", CU_get_error_msg());
        return STATUS_USAGE;
    }
    for (size_t i = 0; test_registry[i] != NULL; i++) {
        test_registry[i]();
        if (CU_get_error() == CUE_SUCCESS) continue;
        fprintf(stderr, "unit: a suite could not be added: %s\n", CU_get_error_msg());
        return STATUS_USAGE;
    }
    char *const *names = arguments + 1;
    int names_count = arguments_count - 1;
    bool named_run = names_count == 0 || strcmp(*names, "--not") != 0;
    if (!named_run) names++, names_count--;
    if (names_count > 0 && !suites_select(names, names_count, named_run)) return STATUS_USAGE;

    CU_basic_set_mode(CU_BRM_NORMAL);
    CU_ErrorCode error = CU_basic_run_tests();
    /* Not the count of failures: that one leaves out suites whose set-up or clean-up failed. */
    unsigned failure_records = CU_get_number_of_failure_records();
    unsigned tests_run = CU_get_number_of_tests_run();
    CU_cleanup_registry();
    return error == CUE_SUCCESS && failure_records == 0 && tests_run > 0 ? STATUS_PASSED : STATUS_FAILED;
}
