/* As much of CUnit as our unit tests use, for machines that Debian has no CUnit for (32-bit with gcc -m32).
 *
 * It is linked in place of libcunit and follows CUnit's own headers, so that no test knows the difference. It prints
 * every failure and CUnit's summary lines. Limits are fixed; going beyond one is our bug. */
#include <CUnit/Basic.h>

#include <assert.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { SUITES_MAX = 256, TESTS_MAX = 4096 };

struct counts {
    unsigned suites, suites_failed, suites_inactive;
    unsigned tests, tests_failed, tests_inactive;
    unsigned asserts, asserts_failed;
    unsigned failure_records;
};

static CU_Suite suites[SUITES_MAX];
static CU_Test tests[TESTS_MAX];
static CU_TestRegistry registry;
static struct counts counts;
static CU_ErrorCode last_error;
/* The test that runs, and where a fatal assertion goes. */
static CU_pSuite suite_running;
static CU_pTest test_running;
static jmp_buf test_end;

CU_ErrorCode CU_initialize_registry(void) {
    memset(&registry, 0, sizeof registry);
    memset(&counts, 0, sizeof counts);
    last_error = CUE_SUCCESS;
    return last_error;
}

void CU_cleanup_registry(void) { memset(&registry, 0, sizeof registry); }

CU_pTestRegistry CU_get_registry(void) { return &registry; }

CU_ErrorCode CU_get_error(void) { return last_error; }

const char *CU_get_error_msg(void) {
    switch (last_error) {
    case CUE_SUCCESS: return "No error.";
    case CUE_DUP_SUITE: return "Suite with the same name already registered.";
    case CUE_DUP_TEST: return "Test with the same name already registered.";
    default: return "Unexpected error.";
    }
}

CU_pSuite CU_get_suite(const char *name) {
    assert(name != NULL);
    for (CU_pSuite suite = registry.pSuite; suite != NULL; suite = suite->pNext) {
        if (strcmp(suite->pName, name) == 0) return suite;
    }
    return NULL;
}

CU_pSuite CU_add_suite_with_setup_and_teardown(const char *name, CU_InitializeFunc initialize, CU_CleanupFunc cleanup,
                                               CU_SetUpFunc set_up, CU_TearDownFunc tear_down) {
    assert(name != NULL);
    assert(registry.uiNumberOfSuites < SUITES_MAX);
    last_error = CU_get_suite(name) == NULL ? CUE_SUCCESS : CUE_DUP_SUITE;
    CU_pSuite suite = &suites[registry.uiNumberOfSuites];
    /* Names are literals in our tests and are never written to. */
    *suite = (CU_Suite){ .pName = (char *)(uintptr_t)name,
                         .fActive = CU_TRUE,
                         .pInitializeFunc = initialize,
                         .pCleanupFunc = cleanup,
                         .pSetUpFunc = set_up,
                         .pTearDownFunc = tear_down };
    if (registry.uiNumberOfSuites > 0) suites[registry.uiNumberOfSuites - 1].pNext = suite;
    registry.pSuite = suites;
    registry.uiNumberOfSuites++;
    return suite;
}

CU_pSuite CU_add_suite(const char *name, CU_InitializeFunc initialize, CU_CleanupFunc cleanup) {
    return CU_add_suite_with_setup_and_teardown(name, initialize, cleanup, NULL, NULL);
}

CU_pTest CU_add_test(CU_pSuite suite, const char *name, CU_TestFunc function) {
    assert(suite != NULL && name != NULL && function != NULL);
    assert(registry.uiNumberOfTests < TESTS_MAX);
    CU_pTest test = &tests[registry.uiNumberOfTests++];
    *test = (CU_Test){ .pName = (char *)(uintptr_t)name, .fActive = CU_TRUE, .pTestFunc = function };
    CU_pTest *link = &suite->pTest;
    last_error = CUE_SUCCESS;
    for (; *link != NULL; link = &(*link)->pNext) {
        if (strcmp((*link)->pName, name) == 0) last_error = CUE_DUP_TEST;
    }
    *link = test;
    suite->uiNumberOfTests++;
    return test;
}

CU_BOOL CU_assertImplementation(CU_BOOL value, unsigned int line, const char *condition, const char *file,
                                const char *function, CU_BOOL fatal) {
    (void)function;
    assert(suite_running != NULL && test_running != NULL);
    counts.asserts++;
    if (value) return value;
    counts.asserts_failed++;
    counts.failure_records++;
    printf("  %s, %s: %s:%u  - %s\n", suite_running->pName, test_running->pName, file, line, condition);
    if (fatal) longjmp(test_end, 1);
    return value;
}

static void test_run(CU_pSuite suite, CU_pTest test) {
    assert(suite != NULL && test != NULL);
    unsigned failed_before = counts.asserts_failed;
    suite_running = suite;
    test_running = test;
    counts.tests++;
    if (suite->pSetUpFunc != NULL) suite->pSetUpFunc();
    if (setjmp(test_end) == 0) test->pTestFunc();
    if (suite->pTearDownFunc != NULL) suite->pTearDownFunc();
    if (counts.asserts_failed != failed_before) counts.tests_failed++;
    test_running = NULL;
    suite_running = NULL;
}

static void suite_fail(CU_pSuite suite, const char *what) {
    printf("  %s: %s failed\n", suite->pName, what);
    counts.suites_failed++;
    counts.failure_records++;
}

static void suite_run(CU_pSuite suite) {
    assert(suite != NULL);
    if (!suite->fActive) {
        counts.suites_inactive++;
        return;
    }
    if (suite->pInitializeFunc != NULL && suite->pInitializeFunc() != 0) {
        suite_fail(suite, "set-up");
        return;
    }
    counts.suites++;
    for (CU_pTest test = suite->pTest; test != NULL; test = test->pNext) {
        if (test->fActive) test_run(suite, test);
        else counts.tests_inactive++;
    }
    if (suite->pCleanupFunc != NULL && suite->pCleanupFunc() != 0) suite_fail(suite, "clean-up");
}

CU_ErrorCode CU_basic_run_tests(void) {
    assert(registry.uiNumberOfTests > 0);
    for (CU_pSuite suite = registry.pSuite; suite != NULL; suite = suite->pNext) suite_run(suite);
    printf("\nRun Summary:    Type  Total    Ran Passed Failed Inactive\n");
    printf("              suites %6u %6u    n/a %6u %8u\n", registry.uiNumberOfSuites, counts.suites,
           counts.suites_failed, counts.suites_inactive);
    printf("               tests %6u %6u %6u %6u %8u\n", registry.uiNumberOfTests, counts.tests,
           counts.tests - counts.tests_failed, counts.tests_failed, counts.tests_inactive);
    printf("             asserts %6u %6u %6u %6u      n/a\n", counts.asserts, counts.asserts,
           counts.asserts - counts.asserts_failed, counts.asserts_failed);
    return CUE_SUCCESS;
}

/* There is one mode, and an inactive suite is never a failure. */
void CU_basic_set_mode(CU_BasicRunMode mode) { (void)mode; }
void CU_set_fail_on_inactive(CU_BOOL fail) { (void)fail; }

unsigned int CU_get_number_of_failure_records(void) { return counts.failure_records; }
unsigned int CU_get_number_of_tests_run(void) { return counts.tests; }
unsigned int CU_get_number_of_failures(void) { return counts.asserts_failed; }
