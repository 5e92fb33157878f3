/* The commands as scripts see them: exit status, standard output, standard error. */
#include <CUnit/CUnit.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "conformance/base/text.h"
#include "conformance/language/language_error.h"
#include "reports/commands/commands.h"
#include "reports/commands/options.h"
#include "reports/tests/command_fixture.h"

#define HEAD "process app\n\n"
static const char good[] = "scenario good\n\n" HEAD "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n";

/* --- bad input ---------------------------------------------------------------------------------------------------- */

static void a_missing_path(void) {
    CU_ASSERT_EQUAL(run_command(command_run, "@/nowhere"), 2);
    says(command_errors(), "/nowhere: no such file or folder; expected a scenario (*.scn)");
}

static void an_empty_folder(void) {
    char path[FOLDER_PATH_MAX];
    command_path("empty", path);
    mkdir(path, 0777);
    CU_ASSERT_EQUAL(run_command(command_run, "@/empty"), 2);
    says(command_errors(), "/empty: no scenario (*.scn) is in this folder or below it");
    CU_ASSERT_EQUAL(run_command(command_fmt, "@/empty"), 2);
    CU_ASSERT_EQUAL(run_command(command_judge, "@/empty"), 2);
}

static void a_misspelt_constant(void) {
    command_text("misspelt.scn",
                 "scenario misspelt\n\n" HEAD "app: s = socket(AF_INTE, SOCK_STREAM, IPPROTO_TCP) -> ok\n");
    CU_ASSERT_EQUAL(run_command(command_run, "@/misspelt.scn"), 2);
    says(command_errors(), "/misspelt.scn:5:17: ");
    says(command_errors(), "AF_INET");
}

static void a_missing_parenthesis(void) {
    command_text("open.scn", "scenario open\n\n" HEAD "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP -> ok\n");
    CU_ASSERT_EQUAL(run_command(command_run, "@/open.scn"), 2);
    says(command_errors(), "/open.scn:5:");
}

static void an_unknown_and_a_doubled_name(void) {
    command_text("unknown.scn", "scenario unknown\n\n" HEAD "app: closesocket(t) -> ok\n");
    CU_ASSERT_EQUAL(run_command(command_run, "@/unknown.scn"), 2);
    says(command_errors(), "/unknown.scn:5:18: ");
    command_text("doubled.scn", "scenario doubled\n\n" HEAD "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n"
                                "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n");
    CU_ASSERT_EQUAL(run_command(command_run, "@/doubled.scn"), 2);
    says(command_errors(), "/doubled.scn:6:6: ");
}

static void a_line_of_ten_megabytes(void) {
    size_t length = 10u << 20;
    char *bytes = malloc(length);
    CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
    memset(bytes, 'x', length);
    command_file("long.scn", bytes, length);
    free(bytes);
    CU_ASSERT_EQUAL(run_command(command_run, "@/long.scn"), 2);
    says(command_errors(), "/long.scn:1:");
}

static void a_nul_byte(void) {
    static const char bytes[] = "scenario nul\n\nprocess a\0pp\n";
    command_file("nul.scn", bytes, sizeof bytes - 1);
    CU_ASSERT_EQUAL(run_command(command_run, "@/nul.scn"), 2);
    says(command_errors(), "/nul.scn:3:");
}

static void broken_files_do_not_hide_the_others(void) {
    command_text("some/good.scn", good);
    command_text("some/one.scn", "scenario one\n\nprocess\n");
    command_text("some/two.scn", "scenario two\n\nprocess\n");
    CU_ASSERT_EQUAL(run_command(command_run, "@/some"), 2);
    says(command_errors(), "/some/one.scn:3:");
    says(command_errors(), "/some/two.scn:3:");
    says(command_output(), "some/good");
    says(command_output(), "1 conform");
    says(command_output(), "2 scenario files or paths could not be used");
}

/* --- wrong words -------------------------------------------------------------------------------------------------- */

static void wrong_options_are_reported(void) {
    CU_ASSERT_EQUAL(run_command(command_run, "--profil windows"), 2);
    says(command_errors(), "reservoir run: unknown option --profil; did you mean --profile?");
    CU_ASSERT_EQUAL(run_command(command_run, "--profile vista"), 2);
    says(command_errors(), "--profile: no vista; expected documented, windows or any");
    CU_ASSERT_EQUAL(run_command(command_run, "--on host"), 2);
    says(command_errors(), "--on host wants --host 'COMMAND' or --host-trace DIR");
    static const char *const of_a_host[] = { "--deviations x", "--host-name x",     "--step-limit 9",
                                             "--accept x",     "--accept-unseen x", "--unseen x" };
    for (unsigned i = 0; i < sizeof of_a_host / sizeof of_a_host[0]; i++) {
        char expected[80];
        snprintf(expected, sizeof expected, "%.*s requires --on host", (int)strcspn(of_a_host[i], " "), of_a_host[i]);
        CU_ASSERT_EQUAL(run_command(command_run, of_a_host[i]), 2);
        says(command_errors(), expected);
    }
    CU_ASSERT_EQUAL(run_command(command_run, "--seed x"), 2);
    says(command_errors(), "--seed wants a number");
    CU_ASSERT_EQUAL(run_command(command_run, "--repeat 0"), 2);
    CU_ASSERT_EQUAL(run_command(command_run, "--report html"), 2);
    CU_ASSERT_EQUAL(run_command(command_run, "--filter colour=red"), 2);
    says(
        command_errors(),
        "--filter: expected clause=ASC-02 or ERR-*, fact=W22, client=msquic, reading=Q38, name=GLOB or theme=GLOB, or `!=` in place of `=`, not colour=red");
    CU_ASSERT_EQUAL(run_command(command_run, "--filter clause=ASC-99"), 2);
    says(command_errors(), "--filter: there is no clause ASC-99; did you mean ASC-09?");
    CU_ASSERT_EQUAL(run_command(command_run, "--filter fact=W9999"), 2);
    says(command_errors(), "--filter: there is no fact W9999; did you mean W207?");
    CU_ASSERT_EQUAL(run_command(command_run, "--filter client=unheard"), 2);
    says(command_errors(), "--filter: there is no client unheard; `reservoir list clients` has them all");
    CU_ASSERT_EQUAL(run_command(command_run, "--filter reading=Q38=z"), 2);
    says(command_errors(), "--filter: there is no reading Q38=z; `reservoir list readings` has them all");
    CU_ASSERT_EQUAL(run_command(command_run, "--fail-on sadness"), 2);
    says(command_errors(), "--fail-on: no verdict sadness");
    CU_ASSERT_EQUAL(run_command(command_run, "--record"), 2);
    says(command_errors(), "--record wants a value");
    CU_ASSERT_EQUAL(run_command(command_list, "colours"), 2);
    CU_ASSERT_EQUAL(run_command(command_show, "reading"), 2);
    CU_ASSERT_EQUAL(run_command(command_show, "reading Q999"), 2);
    says(command_errors(), "there is no reading Q999");
    CU_ASSERT_EQUAL(run_command(command_show, "error WSAEINVALL"), 2);
    says(command_errors(), "did you mean WSAEINVAL?");
}

static void clauses_are_selected_by_a_pattern(void) {
    CU_ASSERT_EQUAL(run_command(command_run, "scenarios --filter clause=*NOTSOCK --report tap"), 0);
    says(command_output(), "errors/wsaenotsock[event]");
    CU_ASSERT_EQUAL(run_command(command_run, "--filter clause=*NOTSUCH"), 2);
    says(command_errors(), "--filter: there is no clause *NOTSUCH");
}

static void the_model_answers_by_several_profiles_at_once(void) {
    CU_ASSERT_EQUAL(
        run_command(command_run,
                    "arguments/unknown-code[tcp.v4] --on documented --on windows --on windows --report tap"),
        0);
    says(command_output(), "1..2\n");
    says(command_output(), "ok 1 - documented arguments/unknown-code[tcp.v4]");
    says(command_output(), "ok 2 - windows arguments/unknown-code[tcp.v4]");
    CU_ASSERT_EQUAL(run_command(command_run, "--on window"), 2);
    says(command_errors(), "--on wants model, host or the name of a profile, not window");
    CU_ASSERT_EQUAL(
        run_command(command_run, "--on documented --on windows --on any --on model --on host --host-trace @"), 2);
    says(command_errors(), "at most 4 can be asked in one run");
}

/* A provider without the codes refuses a raw socket as it refuses any other: that shows nothing of the socket. */
static void a_host_without_the_codes_shows_nothing_of_a_socket(void) {
    CU_ASSERT_EQUAL(
        run_command(command_run,
                    "errors --on windows --on host --host-trace scenarios/hosts/wine-8.0/traces --report errors"),
        0);
    says(command_output(),
         "    raw-icmp                 WSAEOPNOTSUPP conform         WSAEOPNOTSUPP not implemented\n");
    says(command_output(), "    provider                 WSAEOPNOTSUPP conform         WSAEOPNOTSUPP conform\n");
}

/* What the README shows of the errors by their causes is what the tree and Wine's recorded traces give. */
static void the_readme_shows_the_errors_as_they_are(void) {
    static const char begins[] = "    case  ";
    size_t length = 0;
    char *readme = file_read("README.md", FILE_BYTES_MAX, &length);
    CU_ASSERT_PTR_NOT_NULL_FATAL(readme);
    CU_ASSERT_EQUAL(run_command(command_run, "errors --on documented --on windows --on host --host-trace "
                                             "scenarios/hosts/wine-8.0/traces --report errors"),
                    0);
    char *at = strstr(readme, begins), *end = at == NULL ? NULL : strstr(at, "\n## ");
    CU_ASSERT_PTR_NOT_NULL_FATAL(end);
    *end = '\0';
    for (char *line = strtok(at, "\n"); line != NULL; line = strtok(NULL, "\n"))
        if (strcmp(line, "        ...") != 0) says(command_output(), line + 4);
    free(readme);
}

static void nothing_selected_is_an_error(void) {
    command_text("good.scn", good);
    CU_ASSERT_EQUAL(run_command(command_run, "@/good.scn --filter clause=asc-09"), 2);
    says(command_errors(), "nothing is selected");
}

static void help_is_no_error(void) {
    CU_ASSERT_EQUAL(run_command(command_run, "--help"), 0);
    says(command_output(), "Examples:");
    CU_ASSERT_EQUAL(run_command(command_judge, "--help"), 0);
    CU_ASSERT_EQUAL(run_command(command_list, "--help"), 0);
    CU_ASSERT_EQUAL(run_command(command_show, "--help"), 0);
    CU_ASSERT_EQUAL(run_command(command_fmt, "--help"), 0);
    says(command_output(), "Examples:");
}

/* --- what works --------------------------------------------------------------------------------------------------- */

static void a_trace_is_recorded_judged_and_run_again(void) {
    command_text("theme/good.scn", good);
    CU_ASSERT_EQUAL(run_command(command_run, "@/theme --record @/traces --twice --report tap=@/result.tap"), 0);
    CU_ASSERT_EQUAL(run_command(command_judge, "@/traces"), 0);
    says(command_output(), "/traces/theme/good.trace: allowed, 1 step\n");
    CU_ASSERT_EQUAL(run_command(command_run, "@/traces/theme/good.trace"), 0);
    CU_ASSERT_EQUAL(run_command(command_run, "@/theme --on host --host-trace @/traces"), 0);
    CU_ASSERT_EQUAL(run_command(command_run, "@/theme --on host --host-trace @/theme"), 2);
    says(command_output(), "no trace (*.trace) is below this folder");
}

/* An answer to no question: the trace is of another scenario. */
static void a_trace_with_more_steps_is_of_another_scenario(void) {
    command_text("theme/good.scn", good);
    CU_ASSERT_EQUAL(run_command(command_run, "@/theme --record @/longer"), 0);
    command_text(
        "longer/theme/good.trace",
        "trace good\n  by someone\n\n" HEAD
        "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok error=0\napp: closesocket(s) -> ok error=0\n");
    CU_ASSERT_EQUAL(run_command(command_run, "@/theme --on host --host-trace @/longer"), 2);
    says(command_output(), "was recorded from another version of this scenario; record it anew");
}

/* An answer that was kept back: all is there that the step needs. */
static void a_step_that_could_be_sent_was_sent(void) {
    static const char kept_back[] =
        "trace two\n  by someone\n\n" HEAD "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> %s\n"
        "app: closesocket(s) -> ...  # not sent: needs s\n";
    char trace[sizeof kept_back + 20];
    command_text("theme/two.scn",
                 "scenario two\n  title t\n\n" HEAD "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n"
                 "app: closesocket(s) -> ok\n");
    snprintf(trace, sizeof trace, kept_back, "ok error=0");
    command_text("kept/theme/two.trace", trace);
    CU_ASSERT_EQUAL(run_command(command_run, "@/theme/two.scn --on host --host-trace @/kept --scenarios @"), 2);
    says(command_output(), "the trace says that this step was not sent, and all that it needs is there: line 7");
    snprintf(trace, sizeof trace, kept_back, "WSAEPROCLIM");
    command_text("kept/theme/two.trace", trace);
    (void)run_command(command_run, "@/theme/two.scn --on host --host-trace @/kept --scenarios @ -v");
    says(command_output(), "not sent: needs s, line ");
}

static void an_altered_trace_is_rejected(void) {
    command_text("altered.trace", "trace altered\n  by model\n\n" HEAD
                                  "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> WSAEPROCLIM\n");
    CU_ASSERT_EQUAL(run_command(command_judge, "@/altered.trace"), 1);
    says(command_output(), "/altered.trace:6: rejected, 1 of 1 step\n");
    says(command_output(), "observed  WSAEPROCLIM");
    says(command_output(), "allowed   ok");
}

#define CUT_HEAD "trace cut\n  by model\n\n" HEAD

static void a_trace_without_steps_is_not_allowed(void) {
    command_text("empty/empty.trace", CUT_HEAD "# unsupported: fault no-memory: not on a host\n");
    CU_ASSERT_EQUAL(run_command(command_judge, "@/empty"), 2);
    says(command_output(), "/empty.trace: nothing to judge, it has no steps\n");
    says(command_output(), "0 allowed, 0 rejected, 1 without steps, 0 could not be judged\n");
    command_text("empty/full.trace", CUT_HEAD "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok error=0\n");
    CU_ASSERT_EQUAL(run_command(command_judge, "@/empty"), 0);
    says(command_output(), "1 allowed, 0 rejected, 1 without steps, 0 could not be judged\n");
}

/* `value=1` of a recording that was cut off may have been `value=10`. */
static void a_trace_that_is_cut_off_is_not_judged(void) {
    static const char cut[] = CUT_HEAD "app: e = WSACreateEvent() -> ok error=0\napp: WSAGetLastError() -> ok value=1";
    command_text("cut.trace", cut);
    CU_ASSERT_EQUAL(run_command(command_judge, "@/cut.trace"), 2);
    says(command_errors(), "/cut.trace:7:37: the last line of a trace has no line end: it was cut off there");
    command_text("cut.trace", CUT_HEAD "app: e = WSACreateEvent() -> ok error=0\r\n");
    CU_ASSERT_EQUAL(run_command(command_judge, "@/cut.trace"), 0);
}

/* Three hundred traces, of which each seventh is rejected and each fiftieth cannot be read. */
static void write_many_traces(void) {
    for (unsigned i = 0; i < 300; i++) {
        char name[40], text[200];
        snprintf(name, sizeof name, "many/%03u.trace", i);
        snprintf(text, sizeof text,
                 "trace one\n  by model\n\n" HEAD "app: s = socket(AF_INET, SOCK_STREAM, %s) -> %s\n",
                 i % 50 == 0 ? "IPPROTO_TPC" : "IPPROTO_TCP", i % 7 == 0 ? "WSAEPROCLIM" : "ok error=0");
        command_text(name, text);
    }
}

static void how_many_judge_makes_no_difference(void) {
    struct text output_of_one = { 0 }, errors_of_one = { 0 };
    write_many_traces();
    CU_ASSERT_EQUAL(run_command(command_judge, "--jobs 1 @/many"), 2);
    says(command_output(), "252 allowed, 42 rejected, 6 could not be judged\n");
    text_add(&output_of_one, "%s", command_output());
    text_add(&errors_of_one, "%s", command_errors());
    CU_ASSERT_EQUAL(run_command(command_judge, "--jobs 3 @/many"), 2);
    CU_ASSERT_STRING_EQUAL(command_output(), output_of_one.bytes);
    CU_ASSERT_STRING_EQUAL(command_errors(), errors_of_one.bytes);
    says(command_errors(), "/many/250.trace:6:");
    text_free(&output_of_one);
    text_free(&errors_of_one);
    CU_ASSERT_EQUAL(run_command(command_judge, "--jobs 0 @/many"), 2);
    says(command_errors(), "reservoir judge: --jobs wants a number from 1 to 64, not 0");
}

/* Each run leaves its blocks in the store; a world without one has room for eight. */
static void a_kept_store_has_room_for_what_many_runs_leave(void) {
    struct text scenario = { 0 };
    text_add(
        &scenario,
        "scenario leaves\n\nports   p = 6 tcp\nuser    admin is administrator\nprocess tool as admin elevated\n\n");
    for (unsigned i = 0; i < 6; i++)
        text_add(&scenario, "tool: CreatePersistentTcpPortReservation(p+%u, 1) -> ok\n", i);
    command_text("leaves.scn", scenario.bytes);
    text_free(&scenario);
    for (unsigned i = 0; i < 5; i++) {
        CU_ASSERT_EQUAL(run_command(command_run, "@/leaves.scn --store @/machine.store"), 0);
        says(command_output(), "1 conform");
    }
}

static void formatting_is_done_once(void) {
    command_text("format.scn",
                 "scenario format\n\nprocess   app\n\napp:   s=socket( AF_INET,SOCK_STREAM,IPPROTO_TCP )->ok\n");
    CU_ASSERT_EQUAL(run_command(command_fmt, "--check @/format.scn"), 1);
    says(command_output(), "/format.scn");
    CU_ASSERT_EQUAL(run_command(command_fmt, "@/format.scn"), 0);
    CU_ASSERT_EQUAL(run_command(command_fmt, "--check @/format.scn"), 0);
}

static void a_broken_host_keeps_the_models_results(void) {
    command_text("good.scn", good);
    CU_ASSERT_EQUAL(run_command(command_run, "@/good.scn --on model --on host --host false"), 2);
    says(command_output(), "1 conform");
    says(command_output(), "1 harness-broken");
    says(command_output(), "the host ended with exit status 1");
}

static void ports_shows_a_block_come_and_go(void) {
    command_text("block.scn", "scenario block\n\n" HEAD "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n"
                              "app: r = WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, in={6000, 10}, cbOut=16) -> ok\n"
                              "app: closesocket(s) -> ok\n");
    CU_ASSERT_EQUAL(run_command(command_ports, "@/block.scn"), 0);
    says(command_output(), "# r=6000 t1=0x1\n    tcp 6000-6009    block of app, acquired on s, token t1\n");
    says(command_output(), "app: closesocket(s) -> ok error=0\n    tcp 6000-6009    no longer reserved\n");
    CU_ASSERT_EQUAL(run_command(command_ports, "@/block.scn --netsh"), 0);
    const char *acquired = strstr(command_output(), "SIO_ACQUIRE_PORT_RESERVATION");
    CU_ASSERT_PTR_NOT_NULL_FATAL(acquired);
    const char *row = strstr(acquired, "6000        6009\n"); /* no mark: no one administers it */
    CU_ASSERT_PTR_NOT_NULL_FATAL(row);
    CU_ASSERT_PTR_NULL(strstr(strstr(row, "closesocket"), "6009"));
    CU_ASSERT_EQUAL(run_command(command_ports, ""), 2);
    says(command_errors(), "reservoir ports: nothing to play");
    CU_ASSERT_EQUAL(run_command(command_ports, "@/nowhere.scn"), 2);
    says(command_errors(), "/nowhere.scn: no such file or folder");
}

void register_command_line_tests(void);
void register_command_line_tests(void) {
    CU_pSuite suite = CU_add_suite("command line", command_begin, command_end);
    CU_add_test(suite, "a missing path", a_missing_path);
    CU_add_test(suite, "an empty folder", an_empty_folder);
    CU_add_test(suite, "a misspelt constant", a_misspelt_constant);
    CU_add_test(suite, "a missing parenthesis", a_missing_parenthesis);
    CU_add_test(suite, "an unknown and a doubled name", an_unknown_and_a_doubled_name);
    CU_add_test(suite, "a line of ten megabytes", a_line_of_ten_megabytes);
    CU_add_test(suite, "a NUL byte", a_nul_byte);
    CU_add_test(suite, "broken files do not hide the others", broken_files_do_not_hide_the_others);
    CU_add_test(suite, "wrong options are reported", wrong_options_are_reported);
    CU_add_test(suite, "clauses are selected by a pattern", clauses_are_selected_by_a_pattern);
    CU_add_test(suite, "the model answers by several profiles at once", the_model_answers_by_several_profiles_at_once);
    CU_add_test(suite, "a host without the codes shows nothing of a socket",
                a_host_without_the_codes_shows_nothing_of_a_socket);
    CU_add_test(suite, "the readme shows the errors as they are", the_readme_shows_the_errors_as_they_are);
    CU_add_test(suite, "nothing selected is an error", nothing_selected_is_an_error);
    CU_add_test(suite, "help is no error", help_is_no_error);
    CU_add_test(suite, "a trace is recorded, judged and run again", a_trace_is_recorded_judged_and_run_again);
    CU_add_test(suite, "a trace with more steps is of another scenario",
                a_trace_with_more_steps_is_of_another_scenario);
    CU_add_test(suite, "a step that could be sent was sent", a_step_that_could_be_sent_was_sent);
    CU_add_test(suite, "an altered trace is rejected", an_altered_trace_is_rejected);
    CU_add_test(suite, "a trace without steps is not allowed", a_trace_without_steps_is_not_allowed);
    CU_add_test(suite, "a trace that is cut off is not judged", a_trace_that_is_cut_off_is_not_judged);
    CU_add_test(suite, "how many judge makes no difference", how_many_judge_makes_no_difference);
    CU_add_test(suite, "a kept store has room for what many runs leave",
                a_kept_store_has_room_for_what_many_runs_leave);
    CU_add_test(suite, "formatting is done once", formatting_is_done_once);
    CU_add_test(suite, "ports shows a block come and go", ports_shows_a_block_come_and_go);
    CU_add_test(suite, "a broken host keeps the model's results", a_broken_host_keeps_the_models_results);
}
