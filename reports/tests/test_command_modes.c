/* `modes`: the table of modes, the rules, what was cancelled; and wrong words. */
#include <CUnit/CUnit.h>

#include "reports/commands/commands.h"
#include "reports/tests/command_fixture.h"

void register_command_modes_tests(void);

static void a_scenario_is_the_same_by_every_mode(void) {
    CU_ASSERT_EQUAL(run_command(command_modes, "runtime/canonical[tcp.v4]"), 0);
    says(command_output(), "1 scenarios with control calls, 1 instances\n");
    says(command_output(), "  routine             1");
    says(command_output(), "Cancelled at every point: ");
}

static void a_difference_by_a_rule_is_shown_with_its_rule(void) {
    CU_ASSERT_EQUAL(run_command(command_modes, "--no-cancel -v control/base-handle"), 0);
    says(command_output(), "base-handle.scn:10: base-handle[tcp.v4] differs by the rule user-mode\n");
    says(command_output(), "  sync       ok bytes=8\n  routine    WSAEOPNOTSUPP\n");
    says(command_output(), "@W34 @W35\n");
}

static void wrong_words_are_refused(void) {
    CU_ASSERT_EQUAL(run_command(command_modes, "no-such-scenario"), 2);
    CU_ASSERT_EQUAL(run_command(command_modes, "--profile none"), 2);
    CU_ASSERT_EQUAL(run_command(command_modes, "connections/refused"), 2);
    CU_ASSERT_EQUAL(run_command(command_modes, "runtime/canonical --host true"), 2);
}

void register_command_modes_tests(void) {
    CU_pSuite suite = CU_add_suite("command modes", command_begin, command_end);
    CU_add_test(suite, "a scenario is the same by every mode", a_scenario_is_the_same_by_every_mode);
    CU_add_test(suite, "a difference by a rule is shown with its rule", a_difference_by_a_rule_is_shown_with_its_rule);
    CU_add_test(suite, "wrong words are refused", wrong_words_are_refused);
}
