/* `show` and `list` of facts, tables and clients, over a small tree of scenarios. */
#include <CUnit/CUnit.h>

#include <string.h>

#include "reports/commands/commands.h"
#include "reports/tests/command_fixture.h"

static void given_a_tree(void) {
    command_text("tree/control/short.scn", "scenario short\n\nprocess app\n\n"
                                           "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n"
                                           "app: closesocket(s) -> ok @W22 @client:msquic | fails @T8.2.1\n");
    command_text("tree/planned.tsv", "# nothing\n");
}

static void shows(const char *line, const char *expected) {
    CU_ASSERT_EQUAL(run_command(command_show, line), 0);
    says(command_output(), expected);
}

static void misses(const char *line, const char *expected) {
    CU_ASSERT_EQUAL(run_command(command_show, line), 2);
    says(command_errors(), expected);
}

static void a_fact_tells_evidence_place_and_who_cites_it(void) {
    given_a_tree();
    shows("fact W22 --scenarios @/tree", "W22  SIO_KEEPALIVE_VALS\n");
    says(command_output(), "  evidence  test\n  seen\n    Wine 9.0, dlls/ws2_32/tests/sock.c: test_keepalive_vals\n");
    says(command_output(), "  questions\n    Q2\n");
    says(command_output(), "  scenarios\n    control/short\n");
}

static void a_fact_that_no_scenario_cites_says_why(void) {
    given_a_tree();
    shows("W100 --scenarios @/tree", "  scenarios\n    none\n    not modelled yet: the AFD level\n");
}

static void a_table_is_shown_by_its_number(void) {
    given_a_tree();
    shows("table 8.2", "  T8.2.1   documented\n    SO_PORT_SCALABILITY");
    says(command_output(), "  T8.2.5   documented\n");
    CU_ASSERT_PTR_NULL(strstr(command_output(), "T8.3"));
    shows("table n4.3", "  N4.3.6   documented\n");
    shows("T8.2", "  T8.2.1   documented\n");
    misses("table 88", "there is no table 88; did you mean T");
}

static void a_client_tells_facts_and_scenarios(void) {
    given_a_tree();
    shows("client msquic --scenarios @/tree", "client:msquic  msquic\n");
    says(command_output(), "  facts\n    N1.1 (`reservoir show N1.1`)\n  scenarios\n    control/short\n");
}

static void case_and_kind_may_be_left_to_show(void) {
    given_a_tree();
    shows("w22 --scenarios @/tree", "W22  SIO_KEEPALIVE_VALS\n");
    shows("Client MSQUIC --scenarios @/tree", "client:msquic");
    shows("asc-02 --scenarios @/tree", "ASC-02  (description)\n");
    shows("q38 --scenarios @/tree", "Q38  ");
    shows("wsaeinval", "WSAEINVAL  10022  Winsock error\n");
    shows("10022", "WSAEINVAL  10022  Winsock error\n");
    shows("control/short --scenarios @/tree", "scenario short\n");
}

static void a_miss_reports_what_is_near(void) {
    given_a_tree();
    misses("W9999", "there is no fact W9999; did you mean W207?");
    misses("client msquick", "there is no client msquick; did you mean msquic?");
    misses("client nobody", "there is no client nobody; `reservoir list clients` has them all");
    misses("table Z1", "there is no table Z1; `reservoir list facts` has them all");
    misses("msquick", "there is no client msquick; did you mean msquic?");
    misses("asc-99", "there is no clause asc-99; did you mean ASC-0");
    misses("WSAEINVALL", "there is no error WSAEINVALL; did you mean WSAEINVAL?");
    misses("something --scenarios @/tree", "something");
}

static void an_error_tells_clauses_and_who_answers_it(void) {
    command_text("faults/control/twice.scn",
                 "scenario twice\n\nprocess app\n\n"
                 "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n"
                 "app: bind(s, 0.0.0.0:0) -> ok\napp: bind(s, 0.0.0.0:0) -> WSAEINVAL @W77\n"
                 "app: WSAIoctl(s, SIO_ASSOCIATE_PORT_RESERVATION, in={1}) -> WSAEINVAL @inferred\n");
    shows("error WSAEINVAL --scenarios @/faults", "WSAEINVAL  10022  Winsock error\n");
    says(command_output(), "  clauses\n    PAR-07\n");
    says(command_output(), "    ASSOCIATE: documented 1, windows 1\n      control/twice\n");
    says(command_output(), "    bind: documented 1, windows 1\n      control/twice\n");
    shows("einval --scenarios @/faults", "WSAEINVAL  10022  Winsock error\n");
    shows("error WSAEINTR --scenarios @/faults", "  answered to nothing, in any scenario\n");
    shows("0xC00000BB --scenarios @/faults", "STATUS_NOT_SUPPORTED  0xC00000BB  NTSTATUS\n");
    CU_ASSERT_PTR_NULL(strstr(command_output(), "answered to"));
}

static void verdicts_are_explained(void) {
    shows("verdict Inconclusive", "inconclusive\n  a step was not sent");
    shows("flaky", "flaky\n  several runs of it disagree");
    misses("verdict good", "there is no verdict good; `reservoir list verdicts` has them all");
    CU_ASSERT_EQUAL(run_command(command_list, "verdicts"), 0);
    says(command_output(), "deviate-new         1            something was answered that is not allowed");
    says(command_output(), "unsupported         0  ");
}

/* Of all that is used a line under the summary; of a run in which all conforms none. */
static void the_verdicts_of_a_run_are_explained(void) {
    command_text("legend/a.scn", "scenario a\n\nprocess app\n\napp: closesocket(1) -> ok\n");
    CU_ASSERT_EQUAL(run_command(command_run, "@/legend/a.scn"), 1);
    says(command_output(), "\n  deviate-new         something was answered that is not allowed, and no rule says so\n");
    given_a_tree();
    CU_ASSERT_EQUAL(run_command(command_run, "@/tree"), 0);
    CU_ASSERT_PTR_NULL(strstr(command_output(), "is allowed, by the line"));
}

static void facts_are_listed_with_scenarios_or_why_there_is_none(void) {
    given_a_tree();
    CU_ASSERT_EQUAL(run_command(command_list, "facts --scenarios @/tree"), 0);
    says(command_output(), " facts, 2 of them cited by scenarios.");
    says(command_output(), "W22  test\n    Sync, input size 0: WSAEFAULT, *bytes = 0.\n    cited by control/short\n");
    says(command_output(), "    not cited: not modelled yet: completion ports\n");
    CU_ASSERT_EQUAL(run_command(command_list, "clients --scenarios @/tree"), 0);
    says(command_output(), "msquic                            1  N1.1      ");
    says(command_output(), "demikernel                        0  N1.3      ");
}

static void a_run_can_be_of_what_cites_a_fact_or_a_client(void) {
    given_a_tree();
    CU_ASSERT_EQUAL(run_command(command_run, "@/tree --filter fact=w22 --filter client=MSQUIC --filter name=short"), 0);
    says(command_output(), "control/short");
    CU_ASSERT_EQUAL(run_command(command_run, "@/tree --filter fact=W23"), 2);
    says(command_errors(), "nothing is selected");
}

/* --- what is not there -------------------------------------------------------------------------------------------- */

static void refuses(int (*command)(int, char **), const char *line) {
    CU_ASSERT_EQUAL(run_command(command, line), 2);
    says(command_errors(), ":4:36: there is no fact W9999; the nearest is W207\n"
                           "    app: closesocket(1) -> WSAENOTSOCK @W9999\n");
}

static void every_command_refuses_a_slip_alike(void) {
    command_text("slip/one.scn", "scenario one\n\nprocess app\napp: closesocket(1) -> WSAENOTSOCK @W9999\n");
    command_text("slip/one.trace", "trace one\n\nprocess app\napp: closesocket(1) -> WSAENOTSOCK @W9999\n");
    refuses(command_run, "@/slip/one.scn");
    refuses(command_run, "@/slip");
    refuses(command_fmt, "@/slip/one.scn");
    refuses(command_ports, "@/slip/one.scn");
    refuses(command_judge, "@/slip/one.trace");
    refuses(command_list, "--scenarios @/slip");
}

void register_command_facts_tests(void);
void register_command_facts_tests(void) {
    CU_pSuite suite = CU_add_suite("show and list: facts", command_begin, command_end);
    CU_add_test(suite, "a fact tells evidence, place and who cites it", a_fact_tells_evidence_place_and_who_cites_it);
    CU_add_test(suite, "a fact that no scenario cites says why", a_fact_that_no_scenario_cites_says_why);
    CU_add_test(suite, "a table is shown by its number", a_table_is_shown_by_its_number);
    CU_add_test(suite, "a client tells facts and scenarios", a_client_tells_facts_and_scenarios);
    CU_add_test(suite, "case and kind may be left to show", case_and_kind_may_be_left_to_show);
    CU_add_test(suite, "a miss reports what is near", a_miss_reports_what_is_near);
    CU_add_test(suite, "a run can be of what cites a fact or a client", a_run_can_be_of_what_cites_a_fact_or_a_client);
    CU_add_test(suite, "every command refuses a slip alike", every_command_refuses_a_slip_alike);
    CU_add_test(suite, "an error tells clauses and who answers it", an_error_tells_clauses_and_who_answers_it);
    CU_add_test(suite, "verdicts are explained", verdicts_are_explained);
    CU_add_test(suite, "the verdicts of a run are explained", the_verdicts_of_a_run_are_explained);
    CU_add_test(suite, "facts are listed with scenarios or why there is none",
                facts_are_listed_with_scenarios_or_why_there_is_none);
}
