/* `show` and `list` of facts, tables and clients, over a small tree of scenarios. */
#include <CUnit/CUnit.h>

#include <stdio.h>
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
    shows("wsaeinval --scenarios @/tree", "WSAEINVAL  10022  Winsock error\n");
    shows("10022 --scenarios @/tree", "WSAEINVAL  10022  Winsock error\n");
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
    misses("wsaeinvall", "there is no error wsaeinvall; did you mean WSAEINVAL?");
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

static void a_function_tells_how_it_is_called_and_who_answered_it_how(void) {
    command_text("called/control/twice.scn",
                 "scenario twice\n\nprocess app\nthread app.t2\n\n"
                 "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n"
                 "app: bind(s, 0.0.0.0:0) -> ok\napp: bind(s, 0.0.0.0:0) -> WSAEINVAL @W77\n"
                 "app: e = CreateEventW() -> ok\n"
                 "app.t2: WaitForSingleObject(e, INFINITE) -> blocks @inferred\n"
                 "app: SetEvent(e) -> ok\napp.t2: returns -> ok\n");
    shows("function bind --scenarios @/called",
          "bind  ws2_32, ordinal 2; a provider's WSPBind\n  bind(s, name, [namelen])\n"
          "  succeeds    0; its errors are Winsock's\n  observed    port\n"
          "  answered, by whom how often, and where\n"
          "    WSAEINVAL: documented 1, windows 1\n      control/twice\n"
          "    ok: documented 1, windows 1\n      control/twice\n");
    shows("BIND --scenarios @/called", "bind  ws2_32");
    shows("WaitForSingleObject --scenarios @/called", "    blocks: documented 1, windows 1\n");
    says(command_output(), "    ok: documented 1, windows 1\n"); /* when it returned */
    shows("socket --scenarios @/called", "  brings      socket\n");
    shows("function WSAGetLastError --scenarios @/called", "  succeeds    any number\n  observed    value\n");
    says(command_output(), "  no scenario calls it\n");
    shows("TransmitFile", "TransmitFile\n  known, and not modelled");
    misses("function bnd", "there is no function bnd; did you mean bind?");
    misses("function Zzzzzzzzz", "`reservoir list functions` has them all");
}

/* The number of modelled ones is what the rows say. */
static void counts_rows(const char *list, const char *not_modelled) {
    unsigned rows = 0, not = 0, told_modelled = 0, told_rows = 0;
    CU_ASSERT_EQUAL(run_command(command_list, list), 0);
    const char *line = strchr(command_output(), '\n') + 1;
    for (; *line != '\n'; line = strchr(line, '\n') + 1) {
        const char *found = strstr(line, not_modelled);
        rows++;
        not += found != NULL && found < strchr(line, '\n');
    }
    CU_ASSERT_EQUAL(sscanf(line, "\n%u of %u are modelled", &told_modelled, &told_rows), 2);
    CU_ASSERT_EQUAL(told_rows, rows);
    CU_ASSERT_EQUAL(told_modelled, rows - not );
}

static void codes_and_options_say_whether_they_are_modelled(void) {
    counts_rows("codes", "  not modelled");
    says(command_output(), "SIO_ASSOCIATE_PORT_RESERVATION            0x98000066  modelled\n");
    says(command_output(), "SIO_TCP_INFO                              0xD8000027  not modelled\n");
    counts_rows("options", "  not modelled");
    says(command_output(), "SO_KEEPALIVE                0x00000008  modelled                          tcp\n");
    says(command_output(),
         "SO_EXCLUSIVEADDRUSE         0xFFFFFFFB  modelled, with rules of its own   tcp, udp, others\n");
    says(command_output(), "SO_RCVLOWAT                 0x00001004  not modelled\n");
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
    refuses(command_run, "@/slip/one.scn");
    refuses(command_run, "@/slip");
    refuses(command_fmt, "@/slip/one.scn");
    refuses(command_ports, "@/slip/one.scn");
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
    CU_add_test(suite, "a function tells how it is called and who answered it how",
                a_function_tells_how_it_is_called_and_who_answered_it_how);
    CU_add_test(suite, "codes and options say whether they are modelled",
                codes_and_options_say_whether_they_are_modelled);
    CU_add_test(suite, "verdicts are explained", verdicts_are_explained);
    CU_add_test(suite, "the verdicts of a run are explained", the_verdicts_of_a_run_are_explained);
    CU_add_test(suite, "facts are listed with scenarios or why there is none",
                facts_are_listed_with_scenarios_or_why_there_is_none);
}
