/* What people and CI expect of a test runner: selecting, stopping, repeating, and outputs that arrive whole or not at
 * all. */
#define _DEFAULT_SOURCE /* setenv, symlink */

#include <CUnit/CUnit.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conformance/base/text.h"
#include "conformance/runner/scenario_set.h"
#include "conformance/verdicts/deviations.h"
#include "reports/commands/commands.h"
#include "reports/formats/json.h"
#include "reports/tests/command_fixture.h"

/* Four scenarios in two themes, two instances each; those called bad fail on the model. */
static void given_a_tree(void) {
    static const char *const ids[] = { "red/good", "red/bad", "blue/good", "blue/worse-bad" };
    char cache[FOLDER_PATH_MAX];
    for (unsigned i = 0; i < 4; i++) {
        char name[60], text[300];
        bool bad = strstr(ids[i], "bad") != NULL;
        snprintf(name, sizeof name, "tree/%s.scn", ids[i]);
        snprintf(
            text, sizeof text,
            "scenario %s\n  variants transport=tcp|udp family=v4\n\nprocess app\n\napp: s = socket($socket) -> %s\n",
            path_base(ids[i]), bad ? "WSAEPROCLIM @REM-01" : "ok");
        command_text(name, text);
    }
    command_path("cache", cache);
    setenv("XDG_CACHE_HOME", cache, 1);
}

static void lists(const char *words, const char *expected) {
    char line[300];
    snprintf(line, sizeof line, "@/tree --list %s", words);
    CU_ASSERT_EQUAL(run_command(command_run, line), 0);
    CU_ASSERT_STRING_EQUAL(command_output(), expected);
}

static void instances_are_selected_by_words_and_filters(void) {
    given_a_tree();
    lists("-k good", "blue/good[tcp.v4]\nblue/good[udp.v4]\nred/good[tcp.v4]\nred/good[udp.v4]\n");
    lists("-k RED -k udp", "red/bad[udp.v4]\nred/good[udp.v4]\n");
    lists("--filter theme=red --filter !name=bad", "red/good[tcp.v4]\nred/good[udp.v4]\n");
    lists("--filter theme!=red --filter name=*[udp.v4]", "blue/good[udp.v4]\nblue/worse-bad[udp.v4]\n");
    lists("--filter clause!=REM-01 -k tcp", "blue/good[tcp.v4]\nred/good[tcp.v4]\n");
    lists("--shard 1/2", "blue/good[tcp.v4]\nblue/good[udp.v4]\nred/bad[tcp.v4]\nred/bad[udp.v4]\n");
    lists("--shard 2/2 -k tcp", "blue/worse-bad[tcp.v4]\nred/good[tcp.v4]\n");
}

static void an_expression_has_its_grammar(void) {
    struct filter filter;
    char wrong[80];
    static const char *const good[] = { "a",     "not a", "a and not b or c", "(a or b) and (not (c))", "not not a",
                                        "order", "band" };
    static const char *const bad[] = { "", "and", "a and", "a b", "(a", "a)", "not", "()", "a or or b" };
    for (unsigned i = 0; i < sizeof good / sizeof good[0]; i++)
        CU_ASSERT_TRUE(filter_read_expression(good[i], &filter, wrong));
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CU_ASSERT_FALSE(filter_read_expression(bad[i], &filter, wrong));
    char deep[400];
    memset(deep, '(', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    CU_ASSERT_FALSE(filter_read_expression(deep, &filter, wrong));
    struct scenario_file file = { .path = NULL };
    CU_ASSERT_TRUE(filter_read_expression("(pool or bind) and not udp", &filter, wrong));
    CU_ASSERT_TRUE(filter_selects(&filter, &file, NULL, "a/bind[tcp.v4]"));
    CU_ASSERT_FALSE(filter_selects(&filter, &file, NULL, "a/bind[udp.v4]"));
    CU_ASSERT_FALSE(filter_selects(&filter, &file, NULL, "a/connect[tcp.v4]"));
}

static void a_run_stops_when_enough_has_failed(void) {
    given_a_tree();
    CU_ASSERT_EQUAL(run_command(command_run, "@/tree -x --report text"), 1);
    says(command_output(), "1 deviate-new");
    says(command_output(), "5 runs were not played, because enough had failed");
    CU_ASSERT_EQUAL(run_command(command_run, "@/tree --max-failures 3"), 1);
    says(command_output(), "3 deviate-new");
    CU_ASSERT_EQUAL(run_command(command_run, "@/tree --max-failures 0"), 2);
}

static void what_failed_is_played_again(void) {
    given_a_tree();
    CU_ASSERT_EQUAL(run_command(command_run, "@/tree"), 1);
    lists("--last-failed", "blue/worse-bad[tcp.v4]\nblue/worse-bad[udp.v4]\nred/bad[tcp.v4]\nred/bad[udp.v4]\n");
    CU_ASSERT_EQUAL(run_command(command_run, "@/tree -k good"), 0);
    lists("--last-failed -k red", "red/bad[tcp.v4]\nred/bad[udp.v4]\nred/good[tcp.v4]\nred/good[udp.v4]\n");
    says(command_errors(), "nothing of this failed the last time; everything is played");
}

static char *tap_of(const char *words) {
    char line[300], path[FOLDER_PATH_MAX];
    size_t length = 0;
    snprintf(line, sizeof line, "@/tree --report tap=@/out.tap %s", words);
    run_command(command_run, line);
    command_path("out.tap", path);
    return file_read(path, 1 << 20, &length);
}

static void the_order_of_play_changes_no_report(void) {
    given_a_tree();
    char *straight = tap_of(""), *shuffled = tap_of("--shuffle 7");
    CU_ASSERT_STRING_EQUAL(straight, shuffled);
    free(straight);
    free(shuffled);
    CU_ASSERT_EQUAL(run_command(command_run, "@/tree --shuffle seven"), 2);
    CU_ASSERT_EQUAL(run_command(command_run, "@/tree --list --shuffle 18446744073709551615"), 0);
    CU_ASSERT_EQUAL(run_command(command_run, "@/tree --list --shuffle 18446744073709551616"), 2);
    says(command_errors(), "--shuffle wants a number from 0 to 18446744073709551615, not 18446744073709551616");
}

static void more_or_less_is_said(void) {
    given_a_tree();
    CU_ASSERT_EQUAL(run_command(command_run, "@/tree/red/good.scn -v"), 0);
    says(
        command_output(),
        "Steps\n  red/good[tcp.v4] on model: conform\n       6  app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP)  -> ok");
    CU_ASSERT_EQUAL(run_command(command_run, "@/tree -q"), 1);
    CU_ASSERT_PTR_NULL(strstr(command_output(), "scenario  "));
    says(command_output(), "New deviations");
    CU_ASSERT_EQUAL(run_command(command_run, "@/tree -qv"), 2);
    CU_ASSERT_EQUAL(run_command(command_run, "@/tree -k good --durations 2"), 0);
    const char *longest = strstr(command_output(), "Longest\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(longest);
    says(longest, " ms  ");
}

/* The first thing that anybody does: one scenario is played, and its answers are there, with numbers and sources. */
static void one_scenario_shows_its_answers(void) {
    command_text("one/two.scn",
                 "scenario two\n\nprocess app\n\n"
                 "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n"
                 "app: r = WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, in={any, 2}, cbOut=16) -> ok @REM-09\n"
                 "app: bind(s, 0.0.0.0:r+2) -> ...\n"
                 "app: bind(s, 0.0.0.0:0) -> WSAEINVAL @inferred\n");
    CU_ASSERT_EQUAL(run_command(command_run, "@/one/two.scn"), 0);
    says(command_output(), "Token=t1  @REM-09  # r=49152 t1=0x1\n");
    says(command_output(), "       7  app: bind(s, 0.0.0.0:r+2)  -> ok error=0 port=s.port  # s.port=49154\n");
    says(command_output(), "       8  app: bind(s, 0.0.0.0:0)  -> WSAEINVAL  @inferred\n");
    CU_ASSERT_EQUAL(run_command(command_run, "@/one/two.scn -q"), 0);
    CU_ASSERT_PTR_NULL(strstr(command_output(), "Steps"));
    given_a_tree();
    run_command(command_run, "@/tree");
    CU_ASSERT_PTR_NULL(strstr(command_output(), "Steps"));
}

static void annotations_stand_at_the_line(void) {
    given_a_tree();
    CU_ASSERT_EQUAL(run_command(command_run, "@/tree/red --report github"), 1);
    says(command_output(), "::error file=build/test-");
    says(command_output(), "/tree/red/bad.scn,line=6,title=red/bad on model%3A deviate-new::line 6: app: s = socket(");
}

static void reports_are_equal_without_times(void) {
    if (!json_is_built_in()) return;
    given_a_tree();
    CU_ASSERT_EQUAL(run_command(command_run, "@/tree -k good --report json"), 0);
    says(command_output(), "\"duration_us\": ");
    says(command_output(), "\"started\": ");
    CU_ASSERT_EQUAL(run_command(command_run, "@/tree -k good --report json --no-times"), 0);
    CU_ASSERT_PTR_NULL(strstr(command_output(), "duration_us"));
    CU_ASSERT_EQUAL(run_command(command_run, "@/tree -k good --report junit"), 0);
    says(command_output(), " timestamp=\"20");
    says(command_output(), " time=\"0.");
}

static void two_reports_do_not_share_a_place(void) {
    given_a_tree();
    CU_ASSERT_EQUAL(run_command(command_run, "@/tree --report tap --report text"), 2);
    says(command_errors(), "two reports go to standard output");
    CU_ASSERT_EQUAL(run_command(command_run, "@/tree --report tap=@/x --report text=@/x"), 2);
}

/* --- hosts -------------------------------------------------------------------------------------------------------- */

static void a_host_that_was_sent_nothing_is_not_green(void) {
    given_a_tree();
    CU_ASSERT_EQUAL(run_command(command_run, "@/tree --record @/elsewhere/deeper"), 1);
    CU_ASSERT_EQUAL(run_command(command_run, "@/tree --on host --host-trace @/elsewhere"), 2);
    says(command_errors(), "no step was sent to it; nothing was tested");
    says(command_output(), "Exit status 2.");
}

static const char host_rule[] =
    "deviation %s\n  call socket\n  observed WSAEPROCLIM\n  scenarios red/good\n  status unreviewed\n  reason Because.\n";

static void given_a_host_that_deviates(void) {
    char text[300];
    given_a_tree();
    command_text("traces/red/good[tcp.v4].trace",
                 "trace red/good[tcp.v4]\n  by agent\n\nprocess app\n\n"
                 "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> WSAEPROCLIM error=WSAEPROCLIM\n");
    snprintf(text, sizeof text, host_rule, "first");
    command_text("rules", text);
    snprintf(text, sizeof text, host_rule, "second");
    command_text("more-rules", text);
}

#define ON_HOST "@/tree/red/good.scn[tcp.v4] --on host --host-trace @/traces "

static void rules_come_from_files_that_are_named(void) {
    given_a_host_that_deviates();
    CU_ASSERT_EQUAL(run_command(command_run, ON_HOST), 1);
    CU_ASSERT_EQUAL(run_command(command_run, ON_HOST "--deviations @/rules --deviations @/more-rules"), 0);
    says(command_output(), "1 deviate-known");
    CU_ASSERT_EQUAL(run_command(command_run, ON_HOST "--deviations @/rules --fail-on unreviewed"), 1);
    CU_ASSERT_EQUAL(run_command(command_run, ON_HOST "--deviations @/rules --fail-on unsupported,unreviewed"), 1);
    CU_ASSERT_EQUAL(run_command(command_run, ON_HOST "--deviations @/nowhere"), 2);
    CU_ASSERT_EQUAL(run_command(command_run, ON_HOST "--fail-on unreviewd"), 2);
    says(command_errors(), "--fail-on: no verdict unreviewd; did you mean unreviewed?");
    CU_ASSERT_EQUAL(run_command(command_run, ON_HOST "--fail-on flaky,"), 2);
}

/* Would be refused with the nearest word. */
static void refuses(const char *words, const char *nearest) {
    struct deviations deviations = { .rules_count = 0 };
    struct language_error error;
    char text[400];
    snprintf(text, sizeof text,
             "deviation one\n  call bind\n  %s\n  scenarios a/b\n  status reviewed\n  reason Because.\n", words);
    CU_ASSERT_FALSE(deviations_parse(&deviations, "rules", text, strlen(text), &error));
    CU_ASSERT_EQUAL(error.position.line, 3);
    says(error.message, nearest);
    deviations_free(&deviations);
}

static void words_that_no_trace_prints_are_refused_in_rules(void) {
    refuses("observed WSAENOTSOK", "WSAENOTSOCK");
    refuses("observed pendign", "the nearest is pending");
    refuses("observed ok evnet=unset", "the nearest is event");
    refuses("observed error=WSAEINVALL", "the nearest is WSAEINVAL");
    refuses("observed Internal=STATUS_PENDNG", "the nearest is STATUS_PENDING");
    refuses("when allowed=WSAENOTSOK\n  observed ok", "WSAENOTSOCK");
}

static void a_hosts_words_do_not_reach_the_terminal_raw(void) {
    given_a_tree();
    CU_ASSERT_EQUAL(run_command(command_run, "@/tree/red/good.scn --on host --host printf\t'host\\040by\\040agent'"),
                    2);
    command_text("traces/red/good[tcp.v4].trace",
                 "trace red/good[tcp.v4]\n  by agent\n  build \033]0;pwned\007\033[31m1\n\nprocess app\n\n"
                 "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok error=0\n");
    (void)run_command(command_run, ON_HOST "-v");
    CU_ASSERT_PTR_NULL(strchr(command_output(), '\033'));
    CU_ASSERT_PTR_NULL(strchr(command_errors(), '\033'));
    (void)run_command(command_judge, "@/traces");
    CU_ASSERT_PTR_NULL(strchr(command_errors(), '\033'));
}

/* --- files with many errors ------------------------------------------------------------------- */

static void all_errors_of_a_file_are_reported_at_once(void) {
    command_text("many.scn", "scenario many\n\nprocess app\n\n"
                             "app: s = socket(AF_INTE, SOCK_STREAM, IPPROTO_TCP) -> ok\n"
                             "app: bind(s, 0.0.0.0:0) -> ok\n"
                             "app: closesocket(t) -> ok\n"
                             "together\n  app: closesocket(s) -> ok\n"
                             "app: closesocket(s) -> oke\n");
    CU_ASSERT_EQUAL(run_command(command_run, "@/many.scn"), 2);
    says(command_errors(), "/many.scn:5:17: unknown constant AF_INTE");
    says(command_errors(), "/many.scn:7:18: unknown name t");
    says(command_errors(), "/many.scn:10:");
    CU_ASSERT_PTR_NULL(strstr(command_errors(), "many.scn:6:")); /* s is only unknown because line 5 is wrong */
    CU_ASSERT_PTR_NULL(strstr(command_errors(), "many.scn:9:"));
    CU_ASSERT_EQUAL(run_command(command_fmt, "--check @/many.scn"), 2);
    says(command_errors(), "/many.scn:10:");
    CU_ASSERT_EQUAL(run_command(command_judge, "@/many.scn"), 2);
    says(command_errors(), "/many.scn:10:");
}

/* A line feed in the name of a file begins no line of what is said of the file. */
static void a_name_begins_no_line(void) {
    command_text("a\nforged.trace:1.trace",
                 "trace t\n\nprocess app\n\napp: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok error=0\n");
    CU_ASSERT_EQUAL(run_command(command_judge, "@/a\nforged.trace:1.trace"), 0);
    CU_ASSERT_PTR_NULL(strstr(command_output(), "\nforged"));
    says(command_output(), "/a\xE2\x90\x8A"
                           "forged.trace:1.trace: allowed, 1 step");
    command_text("b\nforged.trace", "trace t\n\nproces app\n");
    CU_ASSERT_EQUAL(run_command(command_judge, "@/b\nforged.trace"), 2);
    CU_ASSERT_PTR_NULL(strstr(command_errors(), "\nforged"));
    says(command_errors(), "/b\xE2\x90\x8A"
                           "forged.trace:3:1: ");
}

static void only_so_many_errors_are_reported(void) {
    struct text text = { 0 };
    text_add(&text, "scenario hopeless\n\nprocess app\n\n");
    for (unsigned i = 0; i < 200; i++) text_add(&text, "app: closesocket(nothing) -> ok\n");
    command_file("hopeless.scn", text.bytes, text.length);
    text_free(&text);
    CU_ASSERT_EQUAL(run_command(command_run, "@/hopeless.scn"), 2);
    says(command_errors(), "/hopeless.scn:5:");
    says(command_errors(), "/hopeless.scn: there are more errors than these 20\n");
    CU_ASSERT_PTR_NULL(strstr(command_errors(), "hopeless.scn:30:"));
    command_text("headless.scn", "scenari headless\n\nproces app\n");
    CU_ASSERT_EQUAL(run_command(command_run, "@/headless.scn"), 2);
    CU_ASSERT_PTR_NULL(strstr(command_errors(), "headless.scn:3:"));
}

/* --- bytes that are lost ------------------------------------------------------------------------------------------ */

static void a_report_that_cannot_be_written_leaves_the_old_one(void) {
    char path[FOLDER_PATH_MAX], next[FOLDER_PATH_MAX];
    size_t length = 0;
    struct stat status;
    given_a_tree();
    command_text("kept.tap", "the old one\n");
    command_path("kept.tap", path);
    command_path("kept.tap.new", next);
    CU_ASSERT_EQUAL(symlink("/dev/full", next), 0);
    CU_ASSERT_EQUAL(run_command(command_run, "@/tree -k good --report tap=@/kept.tap"), 2);
    says(command_errors(), "kept.tap: cannot write: No space left on device");
    char *kept = file_read(path, 1 << 20, &length);
    CU_ASSERT_STRING_EQUAL(kept, "the old one\n");
    free(kept);
    chmod(path, 0640);
    CU_ASSERT_EQUAL(run_command(command_run, "@/tree -k good --report tap=@/kept.tap"), 0);
    CU_ASSERT_EQUAL(stat(path, &status), 0);
    CU_ASSERT_EQUAL(status.st_mode & 0777, 0640);
    CU_ASSERT_EQUAL(run_command(command_run, "@/tree -k good --report tap=/dev/null"), 0);
    CU_ASSERT_EQUAL(run_command(command_run, "@/tree -k good --report tap=/dev/full"), 2);
}

void register_command_habits_tests(void);
void register_command_habits_tests(void) {
    CU_pSuite suite = CU_add_suite("command line: habits", command_begin, command_end);
    CU_add_test(suite, "instances are selected by words and filters", instances_are_selected_by_words_and_filters);
    CU_add_test(suite, "an expression has its grammar", an_expression_has_its_grammar);
    CU_add_test(suite, "a run stops when enough has failed", a_run_stops_when_enough_has_failed);
    CU_add_test(suite, "what failed is played again", what_failed_is_played_again);
    CU_add_test(suite, "the order of play changes no report", the_order_of_play_changes_no_report);
    CU_add_test(suite, "one scenario shows its answers", one_scenario_shows_its_answers);
    CU_add_test(suite, "more or less is said", more_or_less_is_said);
    CU_add_test(suite, "annotations stand at the line", annotations_stand_at_the_line);
    CU_add_test(suite, "reports are equal without times", reports_are_equal_without_times);
    CU_add_test(suite, "two reports do not share a place", two_reports_do_not_share_a_place);
    CU_add_test(suite, "a host that was sent nothing is not green", a_host_that_was_sent_nothing_is_not_green);
    CU_add_test(suite, "rules come from files that are named", rules_come_from_files_that_are_named);
    CU_add_test(suite, "words that no trace prints are refused in rules",
                words_that_no_trace_prints_are_refused_in_rules);
    CU_add_test(suite, "a host's words do not reach the terminal raw", a_hosts_words_do_not_reach_the_terminal_raw);
    CU_add_test(suite, "all errors of a file are reported at once", all_errors_of_a_file_are_reported_at_once);
    CU_add_test(suite, "a name begins no line", a_name_begins_no_line);
    CU_add_test(suite, "only so many errors are reported", only_so_many_errors_are_reported);
    CU_add_test(suite, "a report that cannot be written leaves the old one",
                a_report_that_cannot_be_written_leaves_the_old_one);
}
