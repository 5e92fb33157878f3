/* Has the machine restarted? Each test has two looks at it. */
#include <CUnit/CUnit.h>
#include <string.h>

#include "conformance/agent/boot_mark.h"

enum { MINUTE_MS = 60000, DAY_MS = 24 * 60 * MINUTE_MS };

static const uint64_t BOOTED = UINT64_C(1790000000000);

/* What a machine says now to the mark that it made then. */
static enum boot_mark_answer then_and_now(struct boot then, struct boot now) {
    char mark[RESTART_MARK_MAX + 1];
    boot_mark_print(&then, 1, mark);
    CU_ASSERT_TRUE(restart_mark_is_good(mark));
    return boot_mark_ask(mark, &now);
}

static void a_machine_that_runs_on_has_not_restarted(void) {
    struct boot then = { BOOTED, MINUTE_MS, false }, now = { BOOTED, DAY_MS, false };
    CU_ASSERT_EQUAL(then_and_now(then, then), BOOT_MARK_SAME);
    CU_ASSERT_EQUAL(then_and_now(then, now), BOOT_MARK_SAME);
}

static void an_uptime_that_began_anew_is_a_restart(void) {
    struct boot then = { BOOTED, DAY_MS, false };
    struct boot soon = { BOOTED + DAY_MS + MINUTE_MS, MINUTE_MS, false };
    struct boot with_its_clock_set_back = { BOOTED, MINUTE_MS, false };
    CU_ASSERT_EQUAL(then_and_now(then, soon), BOOT_MARK_RESTARTED);
    CU_ASSERT_EQUAL(then_and_now(then, with_its_clock_set_back), BOOT_MARK_RESTARTED);
}

static void a_restart_long_ago_is_one_too(void) {
    struct boot then = { BOOTED, MINUTE_MS, false }, now = { BOOTED + 2 * MINUTE_MS, 3 * (uint64_t)DAY_MS, false };
    CU_ASSERT_EQUAL(then_and_now(then, now), BOOT_MARK_RESTARTED);
}

static void a_clock_that_is_set_right_is_none(void) {
    struct boot then = { BOOTED, MINUTE_MS, false };
    struct boot forward = { BOOTED + CLOCK_SET_MS, DAY_MS, false }, back = { BOOTED - CLOCK_SET_MS, DAY_MS, false };
    CU_ASSERT_EQUAL(then_and_now(then, forward), BOOT_MARK_SAME);
    CU_ASSERT_EQUAL(then_and_now(then, back), BOOT_MARK_SAME);
}

/* Wine: its server's start, and the uptime of the machine below. */
static void a_time_that_no_one_can_move_tells_to_the_millisecond(void) {
    struct boot then = { BOOTED, DAY_MS, true }, same = { BOOTED, DAY_MS + 5, true },
                other = { BOOTED + 1, DAY_MS + 5, true };
    CU_ASSERT_EQUAL(then_and_now(then, same), BOOT_MARK_SAME);
    CU_ASSERT_EQUAL(then_and_now(then, other), BOOT_MARK_RESTARTED);
}

static void a_mark_is_one_short_word(void) {
    char mark[RESTART_MARK_MAX + 1], other[RESTART_MARK_MAX + 1];
    const struct boot largest = { UINT64_MAX, UINT64_MAX, true };
    boot_mark_print(&largest, UINT64_MAX, mark);
    CU_ASSERT_TRUE(restart_mark_is_good(mark));
    CU_ASSERT_EQUAL(boot_mark_ask(mark, &largest), BOOT_MARK_SAME);
    boot_mark_print(&largest, 0, other);
    CU_ASSERT_STRING_NOT_EQUAL(mark, other); /* two stops in one boot */
}

static void other_words_are_no_marks(void) {
    static const char *const foreign[] = { "1", "1+2", "1+2.", "1+2.3x", "boot-1", "+2.3", "1.2+3" };
    static const char *const bad[] = { "",       " ",
                                       "1+2.3 ", "a\tb",
                                       "\x7f",   "0123456789012345678901234567890123456789012345678901234567890123x" };
    const struct boot now = { 1, 2, false };
    for (unsigned i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
        CU_ASSERT_TRUE(restart_mark_is_good(foreign[i]));
        CU_ASSERT_EQUAL(boot_mark_ask(foreign[i], &now), BOOT_MARK_FOREIGN);
    }
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) CU_ASSERT_FALSE(restart_mark_is_good(bad[i]));
}

void register_agent_boot_mark_tests(void);

void register_agent_boot_mark_tests(void) {
    CU_pSuite suite = CU_add_suite("agent: boot marks", NULL, NULL);
    CU_add_test(suite, "a machine that runs on has not restarted", a_machine_that_runs_on_has_not_restarted);
    CU_add_test(suite, "an uptime that began anew is a restart", an_uptime_that_began_anew_is_a_restart);
    CU_add_test(suite, "a restart long ago is one too", a_restart_long_ago_is_one_too);
    CU_add_test(suite, "a clock that is set right is none", a_clock_that_is_set_right_is_none);
    CU_add_test(suite, "a time that no one can move tells to the millisecond",
                a_time_that_no_one_can_move_tells_to_the_millisecond);
    CU_add_test(suite, "a mark is one short word", a_mark_is_one_short_word);
    CU_add_test(suite, "other words are no marks", other_words_are_no_marks);
}
