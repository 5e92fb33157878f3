#include <CUnit/CUnit.h>

#include "reports/formats/junit.h"
#include "reports/tests/report_fixture.h"

void register_junit_tests(void);

static void test_refuses(void) {
    struct report_fixture fixture;
    given_nothing_new(&fixture);
    CU_ASSERT_FALSE(junit_can_be_written());
    CU_ASSERT_FALSE(junit_report(&fixture.report, &fixture.out));
    CU_ASSERT_EQUAL(fixture.out.length, 0);
    report_done(&fixture);
}

void register_junit_tests(void) {
    CU_pSuite suite = CU_add_suite("junit", NULL, NULL);
    CU_add_test(suite, "a build without libxml2 writes none", test_refuses);
}
