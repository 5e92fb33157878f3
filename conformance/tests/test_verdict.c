#include <CUnit/CUnit.h>

#include <string.h>

#include "conformance/verdicts/verdict.h"

static void names_are_read_back(void) {
    for (unsigned i = 0; i < VERDICTS_COUNT; i++) {
        const char *name = verdict_name((enum verdict)i);
        CU_ASSERT_EQUAL(verdict_named(name, (unsigned)strlen(name)), i);
    }
    CU_ASSERT_EQUAL(verdict_named("conforms", 8), VERDICTS_COUNT);
}

static void the_worst_step_decides(void) {
    CU_ASSERT_EQUAL(verdict_worst(VERDICT_CONFORM, VERDICT_INCONCLUSIVE), VERDICT_INCONCLUSIVE);
    CU_ASSERT_EQUAL(verdict_worst(VERDICT_DEVIATE_KNOWN, VERDICT_INCONCLUSIVE), VERDICT_DEVIATE_KNOWN);
    CU_ASSERT_EQUAL(verdict_worst(VERDICT_DEVIATE_NEW, VERDICT_HARNESS_BROKEN), VERDICT_HARNESS_BROKEN);
}

static int status_with(enum verdict verdict, unsigned fail_on) {
    unsigned counts[VERDICTS_COUNT] = { 0 };
    counts[VERDICT_CONFORM] = 3;
    counts[verdict]++;
    return verdict_exit_status(counts, fail_on);
}

static void exit_status_follows_the_design(void) {
    unsigned nothing[VERDICTS_COUNT] = { 0 };
    CU_ASSERT_EQUAL(verdict_exit_status(nothing, 0), 2);
    CU_ASSERT_EQUAL(status_with(VERDICT_CONFORM, 0), 0);
    CU_ASSERT_EQUAL(status_with(VERDICT_UNSUPPORTED, 0), 0);
    CU_ASSERT_EQUAL(status_with(VERDICT_INCONCLUSIVE, 0), 0);
    CU_ASSERT_EQUAL(status_with(VERDICT_DEVIATE_KNOWN, 0), 0);
    CU_ASSERT_EQUAL(status_with(VERDICT_CONFORM_UNEXPECTED, 0), 1);
    CU_ASSERT_EQUAL(status_with(VERDICT_FLAKY, 0), 1);
    CU_ASSERT_EQUAL(status_with(VERDICT_DEVIATE_NEW, 0), 1);
    CU_ASSERT_EQUAL(status_with(VERDICT_HARNESS_BROKEN, 0), 2);
}

static void broken_wins_over_deviating(void) {
    unsigned counts[VERDICTS_COUNT] = { 0 };
    counts[VERDICT_DEVIATE_NEW] = counts[VERDICT_HARNESS_BROKEN] = 1;
    CU_ASSERT_EQUAL(verdict_exit_status(counts, 0), 2);
}

static void fail_on_adds_verdicts(void) {
    unsigned set = 1u << VERDICT_UNSUPPORTED | 1u << VERDICT_INCONCLUSIVE;
    CU_ASSERT_EQUAL(status_with(VERDICT_UNSUPPORTED, set), 1);
    CU_ASSERT_EQUAL(status_with(VERDICT_INCONCLUSIVE, set), 1);
    CU_ASSERT_EQUAL(status_with(VERDICT_DEVIATE_KNOWN, set), 0);
    CU_ASSERT_EQUAL(verdict_failures(set) & set, set);
    CU_ASSERT_EQUAL(verdict_failures(0) & 1u << VERDICT_CONFORM, 0);
}

void register_verdict_tests(void);
void register_verdict_tests(void) {
    CU_pSuite suite = CU_add_suite("verdicts", NULL, NULL);
    CU_add_test(suite, "names are read back", names_are_read_back);
    CU_add_test(suite, "the worst step decides", the_worst_step_decides);
    CU_add_test(suite, "the exit status follows the design", exit_status_follows_the_design);
    CU_add_test(suite, "broken wins over deviating", broken_wins_over_deviating);
    CU_add_test(suite, "fail-on adds verdicts", fail_on_adds_verdicts);
}
