#include <CUnit/CUnit.h>

#include "reports/formats/json.h"
#include "reports/formats/run_file.h"
#include "reports/tests/report_fixture.h"

void register_json_tests(void);

static void test_refuses_to_write(void) {
    struct report_fixture fixture;
    given_nothing_new(&fixture);
    CU_ASSERT_FALSE(json_is_built_in());
    CU_ASSERT_FALSE(json_report(&fixture.report, &fixture.out));
    CU_ASSERT_EQUAL(fixture.out.length, 0);
    report_done(&fixture);
}

static void test_refuses_to_read(void) {
    struct run_file file = { .arena = NULL };
    struct text trouble = { 0 };
    CU_ASSERT_FALSE(run_file_read(&file, "a.json", &trouble));
    CU_ASSERT_STRING_EQUAL(trouble.bytes, "a.json: this build has no JSON: it was made without jansson");
    run_file_free(&file);
    text_free(&trouble);
}

void register_json_tests(void) {
    CU_pSuite suite = CU_add_suite("json", NULL, NULL);
    CU_add_test(suite, "a build without jansson writes none", test_refuses_to_write);
    CU_add_test(suite, "a build without jansson reads none", test_refuses_to_read);
}
