/* `explore`: what is reported of all orders of a scenario, and of one that is played again. */
#include <CUnit/CUnit.h>

#include "reports/commands/commands.h"
#include "reports/tests/command_fixture.h"

void register_command_explore_tests(void);

#define BUG "conformance/explorer/bugs/reused-overlapped.scn"

static void a_counterexample_is_named_and_plays_again(void) {
    CU_ASSERT_EQUAL(run_command(command_explore, BUG), 1);
    says(command_output(), "reused-overlapped: 4 orders, which are all; 2 outcomes, 1 not allowed\n");
    says(command_output(), "  not allowed: 1 order, the shortest is 1\n");
    says(command_output(), "    again: reservoir explore " BUG " --replay 1\n");
    CU_ASSERT_EQUAL(run_command(command_explore, BUG " --replay 1"), 0);
    says(command_output(), "  (what could happen now is put off)\n");
    says(command_output(), "  (which line 12 does not allow)\n");
}

static void a_cure_holds_in_every_order(void) {
    CU_ASSERT_EQUAL(run_command(command_explore, "conformance/explorer/bugs/failed-packet-cured.scn"), 0);
    says(command_output(), "15 orders, which are all; 2 outcomes, 0 not allowed\n");
}

static void what_was_left_out_is_said(void) {
    CU_ASSERT_EQUAL(run_command(command_explore, "conformance/explorer/bugs/failed-packet-cured.scn --orders 3"), 2);
    says(command_output(), "3 orders, not all;");
}

static void wrong_words_are_refused(void) {
    CU_ASSERT_EQUAL(run_command(command_explore, ""), 2);
    CU_ASSERT_EQUAL(run_command(command_explore, "@/nowhere.scn"), 2);
    CU_ASSERT_EQUAL(run_command(command_explore, BUG " --replay one"), 2);
    CU_ASSERT_EQUAL(run_command(command_explore, BUG " --orders 0"), 2);
    CU_ASSERT_EQUAL(run_command(command_explore, BUG " " BUG), 2);
}

void register_command_explore_tests(void) {
    CU_pSuite suite = CU_add_suite("command explore", command_begin, command_end);
    CU_add_test(suite, "a counterexample is named and plays again", a_counterexample_is_named_and_plays_again);
    CU_add_test(suite, "a cure holds in every order", a_cure_holds_in_every_order);
    CU_add_test(suite, "what was left out is said", what_was_left_out_is_said);
    CU_add_test(suite, "wrong words are refused", wrong_words_are_refused);
}
