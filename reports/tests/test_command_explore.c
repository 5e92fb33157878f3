/* `explore`: what is reported of all orders of a scenario, and of one that is played again. */
#include <CUnit/CUnit.h>

#include "reports/commands/commands.h"
#include "reports/tests/command_fixture.h"

void register_command_explore_tests(void);

#define BUG "conformance/explorer/bugs/failed-packet.scn"

static void a_counterexample_is_named_and_plays_again(void) {
    CU_ASSERT_EQUAL(run_command(command_explore, BUG), 1);
    says(command_output(), "failed-packet: 15 orders, which are all; 2 outcomes, 1 not allowed\n");
    says(command_output(), "failed-packet: 15 runs through ");
    says(command_output(), "  not allowed: 6 orders, the shortest is 1.0.1\n");
    says(command_output(), "    again: reservoir explore " BUG " --replay 1.0.1\n");
    CU_ASSERT_EQUAL(run_command(command_explore, BUG " --replay 1.0.1"), 0);
    says(command_output(), "  (what could happen now is put off)\n");
    says(command_output(), "  (which line 17 does not allow)\n");
}

static void misused_memory_is_named_with_both_lines(void) {
    CU_ASSERT_EQUAL(run_command(command_explore, BUG), 1);
    says(command_output(), "  (line 17 takes for a time-out the packet of the failed request of line 16)\n");
    CU_ASSERT_EQUAL(run_command(command_explore, "conformance/explorer/bugs/reused-overlapped.scn"), 1);
    says(command_output(), "reused-overlapped: 3 orders, which are all; 1 outcome, 1 not allowed\n");
    says(command_output(), "  (line 11 uses an OVERLAPPED again that belongs to the request of line 9)\n");
}

static void a_cure_holds_in_every_order(void) {
    CU_ASSERT_EQUAL(run_command(command_explore, "conformance/explorer/bugs/failed-packet-cured.scn"), 0);
    says(command_output(), "15 orders, which are all; 2 outcomes, 0 not allowed\n");
}

static void what_was_left_out_is_said(void) {
    CU_ASSERT_EQUAL(run_command(command_explore, "conformance/explorer/bugs/failed-packet-cured.scn --orders 3"), 2);
    says(command_output(), "3 orders, not all;");
}

static void a_scenario_goes_by_its_short_name(void) {
    CU_ASSERT_EQUAL(run_command(command_explore, "after-bind[udp.v6]"), 0);
    says(command_output(), "after-bind[udp.v6]: 1 order, which are all; 1 outcome, 0 not allowed\n");
    CU_ASSERT_PTR_NULL(strstr(command_output(), "tcp.v4"));
    CU_ASSERT_EQUAL(run_command(command_explore, "aftr-bind"), 2);
    says(command_errors(), "did you mean associate/after-bind?");
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
    CU_add_test(suite, "misused memory is named with both lines", misused_memory_is_named_with_both_lines);
    CU_add_test(suite, "a cure holds in every order", a_cure_holds_in_every_order);
    CU_add_test(suite, "what was left out is said", what_was_left_out_is_said);
    CU_add_test(suite, "a scenario goes by its short name", a_scenario_goes_by_its_short_name);
    CU_add_test(suite, "wrong words are refused", wrong_words_are_refused);
}
