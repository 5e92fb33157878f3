#include <CUnit/CUnit.h>

#include <string.h>

#include "conformance/base/reason.h"
#include "reports/formats/environment.h"

void register_environment_tests(void);

static void test_everything_is_reported(void) {
    struct environment environment, again;
    environment_find(&environment);
    environment_find(&again);
    CU_ASSERT(environment.system[0] != '\0' && environment.machine[0] != '\0');
    CU_ASSERT_PTR_NOT_NULL(strstr(environment.compiler, sizeof(void *) == 8 ? ", 64 bits" : ", 32 bits"));
    CU_ASSERT_EQUAL(memcmp(&environment, &again, sizeof again), 0);
}

static void test_reason(void) {
    struct reason reason;
    const struct ci_service none = { NULL, NULL }, unnamed = { "true", NULL }, push = { "true", "push" },
                            off = { "false", "push" };
    run_reason(NULL, &none, &reason);
    CU_ASSERT_STRING_EQUAL(reason.text, "by hand");
    run_reason(NULL, &off, &reason);
    CU_ASSERT_STRING_EQUAL(reason.text, "by hand");
    run_reason(NULL, &unnamed, &reason);
    CU_ASSERT_STRING_EQUAL(reason.text, "CI");
    run_reason(NULL, &push, &reason);
    CU_ASSERT_STRING_EQUAL(reason.text, "CI: push");
    run_reason("before the release", &push, &reason);
    CU_ASSERT_STRING_EQUAL(reason.text, "before the release");
}

static void test_long_reason_is_cut(void) {
    const struct ci_service none = { NULL, NULL };
    struct reason reason;
    char said[2 * REASON_BYTES];
    memset(said, 'a', sizeof said);
    said[sizeof said - 1] = '\0';
    run_reason(said, &none, &reason);
    CU_ASSERT_EQUAL(strlen(reason.text), REASON_BYTES - 1);
}

void register_environment_tests(void) {
    CU_pSuite suite = CU_add_suite("environment", NULL, NULL);
    CU_add_test(suite, "everything is reported, the same each time", test_everything_is_reported);
    CU_add_test(suite, "the reason: said, CI's, or by hand", test_reason);
    CU_add_test(suite, "a long reason is cut", test_long_reason_is_cut);
}
