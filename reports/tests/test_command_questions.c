/* `list`, `show` and `diff`: what they answer about a small tree of scenarios. */
#include <CUnit/CUnit.h>

#include <string.h>

#include "reports/commands/commands.h"
#include "reports/formats/json.h"
#include "reports/tests/command_fixture.h"

static const char after_bind[] =
    "scenario after-bind\n"
    "  title A bound socket cannot be associated\n"
    "\n"
    "process app\n"
    "\n"
    "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP)                                               -> ok\n"
    "app: bind(s, 127.0.0.1:0)                                                                        -> ok\n"
    "app: WSAIoctl(s, SIO_ASSOCIATE_PORT_RESERVATION, in=7) -> WSAEINVAL @ASC-02 @Q38=a | ... @Q38=b | ... @Q38=c\n";

static void given_a_tree(void) {
    command_text("tree/associate/after-bind.scn", after_bind);
    command_text("tree/planned.tsv", "ASC-01\tD\tneeds a provider\n");
}

/* --- list --------------------------------------------------------------------------------------------------------- */

static void scenarios_are_listed_with_their_titles(void) {
    given_a_tree();
    CU_ASSERT_EQUAL(run_command(command_list, "--scenarios @/tree"), 0);
    says(command_output(),
         "associate/after-bind                       1      3  A bound socket cannot be associated\n");
    CU_ASSERT_EQUAL(run_command(command_list, "scenarios readings"), 2);
    says(command_errors(), "one table at a time");
    CU_ASSERT_EQUAL(run_command(command_list, "--scenarios @/nowhere"), 2);
    says(command_errors(), "/nowhere: no such file or folder");
}

static void clauses_are_listed_with_answers_or_with_why_there_are_none(void) {
    given_a_tree();
    CU_ASSERT_EQUAL(run_command(command_list, "clauses --scenarios @/tree"), 0);
    says(command_output(), "ASC-01");
    says(command_output(), "needs a provider");
    says(command_output(), "associate/after-bind");
    says(command_output(), "undecidable: a run sees no header");
    CU_ASSERT_EQUAL(run_command(command_list, "readings --scenarios @/tree"), 0);
    says(command_output(), "Q38");
}

static void errors_functions_and_profiles_are_listed(void) {
    CU_ASSERT_EQUAL(run_command(command_list, "errors"), 0);
    says(command_output(), "WSAEOPNOTSUPP                            10045  Winsock");
    says(command_output(), "ERROR_SHARING_VIOLATION                     32  Win32");
    CU_ASSERT_EQUAL(run_command(command_list, "functions"), 0);
    says(command_output(), "bind                                  ws2_32          2  Winsock  WSPBind\n");
    says(command_output(), "WSAIoctl                              ws2_32             Winsock  WSPIoctl\n");
    says(command_output(), "SetEvent                              kernel32           Win32\n");
    CU_ASSERT_EQUAL(run_command(command_list, "profiles"), 0);
    says(command_output(), "documented    the page read literally");
}

static void hosts_are_listed_by_their_traces(void) {
    given_a_tree();
    command_text(
        "tree/hosts/imagined-1/traces/associate/after-bind.trace",
        "trace associate/after-bind\n  by agent\n  host imagined\n  build 1\n  date 2026-01-02\n\nprocess app\n\n"
        "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok error=0\n");
    CU_ASSERT_EQUAL(run_command(command_list, "hosts --scenarios @/tree"), 0);
    says(command_output(),
         "imagined-1                 1           0           0\n    by agent, host imagined, build 1\n");
    command_text("tree/hosts/imagined-1/deviations", "deviation what\n");
    CU_ASSERT_EQUAL(run_command(command_list, "hosts --scenarios @/tree"), 2);
    says(command_errors(), "/hosts/imagined-1/deviations:1:");
    command_text("tree/hosts/imagined-1/deviations", "");
}

/* --- show --------------------------------------------------------------------------------------------------------- */

static void a_clause_is_shown_whole(void) {
    given_a_tree();
    CU_ASSERT_EQUAL(run_command(command_show, "clause ASC-02 --scenarios @/tree"), 0);
    says(
        command_output(),
        "ASC-02  (description)\n  It must be issued before the socket is bound.\n  see also  Q38\n  decidable\n  answers\n");
    says(command_output(), "  scenarios\n    associate/after-bind\n");
    CU_ASSERT_EQUAL(run_command(command_show, "clause ASC-01 --scenarios @/tree"), 0);
    says(command_output(), "  scenarios\n    none\n");
    CU_ASSERT_EQUAL(run_command(command_show, "clause ASC-20 --scenarios @/tree"), 2);
    says(command_errors(), "there is no clause ASC-20; did you mean ASC-0");
}

static void a_reading_is_shown_with_its_candidates(void) {
    given_a_tree();
    CU_ASSERT_EQUAL(run_command(command_show, "reading Q38 --scenarios @/tree"), 0);
    says(command_output(), "Q38  ");
    says(command_output(), "\n  a  ");
    says(command_output(), "[windows: ");
    says(command_output(), "  scenarios\n    associate/after-bind\n");
    CU_ASSERT_EQUAL(run_command(command_show, "reading 38 --scenarios @/tree"), 0);
    CU_ASSERT_EQUAL(run_command(command_show, "reading thirty --scenarios @/tree"), 2);
    says(command_errors(), "there is no reading thirty; `reservoir list readings` has them all");
}

static void an_error_is_shown_by_name_and_by_number(void) {
    given_a_tree();
    CU_ASSERT_EQUAL(run_command(command_show, "error WSAEOPNOTSUPP --scenarios @/tree"), 0);
    says(command_output(), "WSAEOPNOTSUPP  10045  Winsock error\n");
    CU_ASSERT_EQUAL(run_command(command_show, "error 10045 --scenarios @/tree"), 0);
    says(command_output(), "WSAEOPNOTSUPP  10045  Winsock error\n");
    CU_ASSERT_EQUAL(run_command(command_show, "error 0xC00000BB"), 0);
    says(command_output(), "STATUS_NOT_SUPPORTED  0xC00000BB  NTSTATUS\n");
    says(command_output(), "surfaces as WSAEOPNOTSUPP through Winsock, as ERROR_NOT_SUPPORTED through Win32\n");
}

static void a_scenario_is_shown_as_it_stands(void) {
    given_a_tree();
    CU_ASSERT_EQUAL(run_command(command_show, "scenario associate/after-bind --scenarios @/tree"), 0);
    says(command_output(), "/tree/associate/after-bind.scn\nscenario after-bind\n");
    CU_ASSERT_EQUAL(run_command(command_show, "scenario associate/after-bond --scenarios @/tree"), 2);
    says(command_errors(), "/tree; did you mean associate/after-bind?");
    CU_ASSERT_EQUAL(run_command(command_show, "colour red"), 2);
    says(command_errors(),
         "no kind colour; expected one of clause, reading, fact, table, client, error, function, verdict, scenario");
    CU_ASSERT_EQUAL(run_command(command_show, "error 10045 10048"), 2);
    says(command_errors(), "one thing at a time");
}

/* --- diff --------------------------------------------------------------------------------------------------------- */

static void what_got_worse_is_reported(void) {
    if (!json_is_built_in()) return;
    given_a_tree();
    CU_ASSERT_EQUAL(run_command(command_run, "@/tree/associate --report json=@/before.json"), 0);
    CU_ASSERT_EQUAL(run_command(command_diff, "@/before.json @/before.json"), 0);
    struct text worse = { 0 };
    text_add(&worse, "%s", after_bind);
    memcpy(strstr(worse.bytes, "WSAEINVAL @ASC"), "WSAEFAULT", 9);
    command_text("tree/associate/after-bind.scn", worse.bytes);
    text_free(&worse);
    CU_ASSERT_EQUAL(run_command(command_run, "@/tree/associate --report json=@/after.json"), 1);
    CU_ASSERT_EQUAL(run_command(command_diff, "@/before.json @/after.json"), 1);
    says(command_output(), "associate/after-bind");
    says(command_output(), "deviate-new");
    CU_ASSERT_EQUAL(run_command(command_diff, "@/after.json @/before.json"), 0);
}

static void two_runs_are_wanted(void) {
    CU_ASSERT_EQUAL(run_command(command_diff, "@/before.json"), 2);
    says(command_errors(), "name the earlier one and the later one");
    CU_ASSERT_EQUAL(run_command(command_diff, "one two three"), 2);
    says(command_errors(), "three is a third");
    CU_ASSERT_EQUAL(run_command(command_diff, "@/nowhere.json @/elsewhere.json"), 2);
    says(command_errors(), json_is_built_in() ? "nowhere.json" : "JSON");
    CU_ASSERT_EQUAL(run_command(command_diff, "--colour"), 2);
}

void register_command_questions_tests(void);
void register_command_questions_tests(void) {
    CU_pSuite suite = CU_add_suite("command line: questions", command_begin, command_end);
    CU_add_test(suite, "scenarios are listed with their titles", scenarios_are_listed_with_their_titles);
    CU_add_test(suite, "clauses are listed with answers, or with why there are none",
                clauses_are_listed_with_answers_or_with_why_there_are_none);
    CU_add_test(suite, "errors, functions and profiles are listed", errors_functions_and_profiles_are_listed);
    CU_add_test(suite, "hosts are listed by their traces", hosts_are_listed_by_their_traces);
    CU_add_test(suite, "a clause is shown whole", a_clause_is_shown_whole);
    CU_add_test(suite, "a reading is shown with its candidates", a_reading_is_shown_with_its_candidates);
    CU_add_test(suite, "an error is shown by name and by number", an_error_is_shown_by_name_and_by_number);
    CU_add_test(suite, "a scenario is shown as it stands", a_scenario_is_shown_as_it_stands);
    CU_add_test(suite, "what got worse is reported", what_got_worse_is_reported);
    CU_add_test(suite, "two runs are wanted", two_runs_are_wanted);
}
