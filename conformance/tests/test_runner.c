/* The runner with the model, and with hosts that are shell commands. */
#include <CUnit/CUnit.h>

#include <stdio.h>
#include <string.h>

#include "conformance/tests/run_fixture.h"
#include "stack/readings.h"

#define HEAD "scenario tiny\n\nprocess app\n\n"
#define SOCKET "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n"
/* A host that says hello and takes one scenario; what follows answers its steps, and `end`. */
#define HELLO "printf 'host fake\\nready\\n'; "
#define BEGIN "read word count; head -c $((count + 1)) >/dev/null; echo ready; "
#define ANSWER(text) "read word number; printf '" text "\\n.\\n'; "
#define END "read word; echo clean; "
#define SOCKET_ANSWER ANSWER("app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok error=0")

static struct run_fixture fixture;

static int clean_up(void) {
    fixture_free(&fixture);
    return 0;
}

/* --- the model ---------------------------------------------------------------------------------------------------- */

static void the_model_conforms(void) {
    fixture_scenario(&fixture, HEAD SOCKET "app: getsockname(s) -> WSAEINVAL @W79\n");
    fixture_on_model(&fixture, "windows");
    const struct instance_record *record = fixture_run(&fixture);
    CU_ASSERT_EQUAL(record->verdict, VERDICT_CONFORM);
    CU_ASSERT_EQUAL(record->steps_count, 2);
    CU_ASSERT_EQUAL(record->steps_sent, 2);
    CU_ASSERT_EQUAL(record->steps[1].alternative, 0);
    CU_ASSERT_STRING_EQUAL(record->id, "tests/tiny");
    CU_ASSERT_PTR_NOT_NULL(strstr(record->trace.bytes, "app: getsockname(s) -> WSAEINVAL"));
    CU_ASSERT_EQUAL(fixture_status(&fixture), 0);
    clean_up();
}

static void misused(const char *steps, const char *reason) {
    char text[600];
    snprintf(text, sizeof text,
             HEAD SOCKET "app: o = overlapped()\n"
                         "app: WSAIoctl(s, SIO_ADDRESS_LIST_CHANGE, ov=o) -> pending @W43\n%s",
             steps);
    fixture_scenario(&fixture, text);
    fixture_on_model(&fixture, "windows");
    const struct instance_record *record = fixture_run(&fixture);
    CU_ASSERT_EQUAL(record->verdict, reason == NULL ? VERDICT_CONFORM : VERDICT_HARNESS_BROKEN);
    CU_ASSERT_EQUAL(fixture_status(&fixture), reason == NULL ? 0 : 2);
    if (reason != NULL) CU_ASSERT_STRING_EQUAL(record->reason, reason);
    clean_up();
}

/* Both lines are named; where the scenario was not played to its end, no one can say that a request was forgotten. */
static void a_scenario_that_misuses_memory_is_broken(void) {
    misused("app: free o\n", "the scenario misuses memory: line 8 frees memory that belongs to the request of line 7");
    misused(
        "app: closesocket(s) -> ok\n",
        "the scenario misuses memory: line 8 closes the socket of the request of line 7, and no line learns of its end");
    misused("app: closesocket(s) -> ok\napp: show o -> ok Internal=STATUS_CANCELLED @W43\napp: free o\n", NULL);
    fixture_scenario(&fixture, HEAD SOCKET
                     "app: o = overlapped()\n"
                     "app: WSAIoctl(s, SIO_ADDRESS_LIST_CHANGE, ov=o) -> pending @W43\n"
                     "app: closesocket(s) -> ok\napp: WaitForSingleObject(s, 0) -> ERROR_INVALID_HANDLE @W99\n"
                     "app: t = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n"
                     "app: WaitForSingleObject(t, 0) -> ... @W99\n");
    fixture_on_model(&fixture, "windows");
    CU_ASSERT_EQUAL(fixture_run(&fixture)->verdict, VERDICT_NOT_MODELLED);
    clean_up();
}

/* The counts are as before; what deviates is whole. */
static void what_conforms_is_forgotten_where_no_one_asks(void) {
    struct run_counts counts;
    fixture_scenario(&fixture, HEAD SOCKET "app: getsockname(s) -> WSAEINVAL @W79\n");
    fixture_scenario(&fixture, HEAD SOCKET "app: getsockname(s) -> WSAEFAULT @W79\n");
    fixture_on_model(&fixture, "windows");
    fixture.plan.forgets = true;
    const struct instance_record *record = fixture_run(&fixture);
    CU_ASSERT_TRUE(record->forgotten);
    CU_ASSERT_STRING_EQUAL(record->id, "tests/tiny");
    CU_ASSERT_EQUAL(record->verdict, VERDICT_CONFORM);
    CU_ASSERT_EQUAL(record->steps_count, 0);
    CU_ASSERT_EQUAL(record->trace.length, 0);
    CU_ASSERT_EQUAL_FATAL(fixture.record.count, 2);
    CU_ASSERT_FALSE(fixture.record.instances[1]->forgotten);
    CU_ASSERT_EQUAL(fixture.record.instances[1]->steps_count, 2);
    run_record_count(&fixture.record, SUBJECTS_MAX, &counts);
    CU_ASSERT_EQUAL(counts.steps, 4);
    CU_ASSERT_EQUAL(counts.steps_sent, 4);
    CU_ASSERT_EQUAL(counts.steps_verdicts[VERDICT_CONFORM], 3);
    CU_ASSERT_EQUAL(counts.instances, 2);
    clean_up();
}

static void a_line_that_does_not_hold_is_a_new_deviation(void) {
    fixture_scenario(&fixture, HEAD SOCKET "app: getsockname(s) -> WSAEFAULT @W79\n");
    fixture_on_model(&fixture, "windows");
    const struct instance_record *record = fixture_run(&fixture);
    const struct step_record *step = &record->steps[1];
    CU_ASSERT_EQUAL(record->verdict, VERDICT_DEVIATE_NEW);
    CU_ASSERT_STRING_EQUAL(step->note, "the line does not hold on the model: expected WSAEFAULT, saw WSAEINVAL");
    CU_ASSERT_EQUAL_FATAL(step->allowed_count, 1);
    CU_ASSERT_STRING_EQUAL(step->allowed[0].outcome, "WSAEFAULT");
    CU_ASSERT_STRING_EQUAL(step->allowed[0].why, "@W79");
    CU_ASSERT_EQUAL(fixture_status(&fixture), 1);
    clean_up();
}

/* A call that pends and fails; its routine gets the error of question 77. */
#define ROUTINE(lines) \
    HEAD "app: o = overlapped()\n" SOCKET "app: WSAIoctl(s, 0x98000FFF, ov=o, routine=good) -> pending @W4\n" \
         "app: SleepEx(0, TRUE) -> WAIT_IO_COMPLETION @W7\n" lines
#define EITHER "  routine(o) error=WSAEINVAL bytes=0 @Q77=b\n  routine(o) error=WSAEOPNOTSUPP bytes=0 @Q77=a\n"

static void a_routine_line_holds_under_its_reading(void) {
    static const char *const profiles[] = { "documented", "windows" };
    for (unsigned i = 0; i < sizeof profiles / sizeof profiles[0]; i++) {
        fixture_scenario(&fixture, ROUTINE(EITHER));
        fixture_on_model(&fixture, profiles[i]);
        CU_ASSERT_EQUAL(fixture_run(&fixture)->verdict, VERDICT_CONFORM);
        clean_up();
    }
}

static void a_routine_line_of_another_reading_does_not_count(void) {
    fixture_scenario(&fixture,
                     ROUTINE("  routine(o) error=WSAEINVAL @Q77=a\n  routine(o) error=WSAEOPNOTSUPP @Q77=b\n"));
    fixture_on_model(&fixture, "windows");
    const struct instance_record *record = fixture_run(&fixture);
    CU_ASSERT_EQUAL(record->verdict, VERDICT_DEVIATE_NEW);
    CU_ASSERT_STRING_EQUAL(
        record->steps[3].note,
        "the line does not hold on the model: expected routine(o) error=WSAEINVAL, saw error=WSAEOPNOTSUPP");
    clean_up();
}

static void a_routine_that_no_reading_expects_has_run_too_often(void) {
    fixture_scenario(&fixture, ROUTINE("  routine(o) @Q77=b\n"));
    fixture_on_model(&fixture, "windows");
    const struct instance_record *record = fixture_run(&fixture);
    CU_ASSERT_EQUAL(record->verdict, VERDICT_DEVIATE_NEW);
    CU_ASSERT_STRING_EQUAL(record->steps[3].note,
                           "the line does not hold on the model: expected completion routines to run: none, saw 1");
    clean_up();
}

static const char acquire[] =
    HEAD SOCKET "app: r = WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, in={any, 1}, cbOut=16) -> ok @REM-09\n"
                "app: bind(s, 0.0.0.0:r) -> ...\n";

static void a_provider_without_the_codes_conforms(void) {
    struct profile profile = { .name = "without the codes" };
    profile.answers[Q89_IMPLEMENTED] = Q89_NO + 1;
    fixture_scenario(&fixture, acquire);
    fixture.plan.subjects[fixture.plan.subjects_count++] = subject_model(&profile, 0);
    const struct instance_record *record = fixture_run(&fixture);
    CU_ASSERT_EQUAL(record->steps[1].verdict, VERDICT_CONFORM);
    CU_ASSERT_TRUE(record->steps[1].not_implemented);
    CU_ASSERT_EQUAL(record->steps[2].verdict, VERDICT_INCONCLUSIVE);
    CU_ASSERT_STRING_EQUAL(record->steps[2].note, "not sent: needs r, line 7");
    CU_ASSERT_EQUAL(record->verdict, VERDICT_INCONCLUSIVE);
    clean_up();
}

static void two_runs_of_the_model_are_the_same_bytes(void) {
    fixture_scenario(&fixture, acquire);
    fixture_on_model(&fixture, "windows");
    fixture.plan.repeat = 2;
    fixture.plan.compare_traces = true;
    const struct instance_record *record = fixture_run(&fixture);
    CU_ASSERT_EQUAL(record->runs, 2);
    CU_ASSERT_EQUAL(record->runs_other, 0);
    CU_ASSERT_EQUAL(record->verdict, VERDICT_CONFORM);
    clean_up();
}

/* --- hosts -------------------------------------------------------------------------------------------------------- */

static void a_host_that_answers_as_it_may_conforms(void) {
    fixture_scenario(&fixture, HEAD SOCKET "app: closesocket(s) -> ok\n");
    fixture_on_command(&fixture, HELLO BEGIN SOCKET_ANSWER ANSWER("app: closesocket(s) -> ok error=0") END);
    const struct instance_record *record = fixture_run(&fixture);
    CU_ASSERT_EQUAL(record->verdict, VERDICT_CONFORM);
    CU_ASSERT_STRING_EQUAL(fixture.plan.subjects[0]->name, "fake");
    CU_ASSERT_EQUAL(record->steps_sent, 2);
    clean_up();
}

static const char unbound[] = HEAD SOCKET "app: getsockname(s) -> WSAEINVAL @W79\n";
static const char answers_fault[] = HELLO BEGIN SOCKET_ANSWER ANSWER("app: getsockname(s) -> WSAEFAULT") END;
static const char rule[] = "deviation looks-at-the-pointer-first\n"
                           "  call       getsockname\n"
                           "  when       allowed=WSAEINVAL\n"
                           "  observed   WSAEFAULT\n"
                           "  scenarios  tests/tiny\n"
                           "  status     reviewed\n"
                           "  reason     It looks at the pointer first.\n";

/* The first time it ends before it is ready; what it leaves tells the second time from the first. Its parent is this
 * program, beside which the tests of another build may run. */
#define SHY "f=build/test-shy-$PPID; if test -e $f; then rm $f; else : >$f; exit 1; fi; "

static void a_host_that_does_not_come_up_gets_a_second_try(void) {
    fixture_scenario(&fixture, HEAD SOCKET "app: closesocket(s) -> ok\n");
    fixture_on_command(&fixture, SHY HELLO BEGIN SOCKET_ANSWER ANSWER("app: closesocket(s) -> ok error=0") END);
    CU_ASSERT_EQUAL(fixture_run(&fixture)->verdict, VERDICT_CONFORM);
    clean_up();
}

static void a_host_that_answers_otherwise_deviates(void) {
    fixture_scenario(&fixture, unbound);
    fixture_on_command(&fixture, answers_fault);
    const struct instance_record *record = fixture_run(&fixture);
    CU_ASSERT_EQUAL(record->verdict, VERDICT_DEVIATE_NEW);
    CU_ASSERT_EQUAL_FATAL(record->steps_count, 2);
    CU_ASSERT_TRUE(record->steps[1].allowed_count > 0);
    CU_ASSERT_NSTRING_EQUAL(record->steps[1].allowed[0].outcome, "WSAEINVAL", 9);
    CU_ASSERT_EQUAL(fixture_status(&fixture), 1);
    clean_up();
}

static void a_rule_makes_the_deviation_known(void) {
    fixture_scenario(&fixture, unbound);
    fixture_deviations(&fixture, rule);
    fixture_on_command(&fixture, answers_fault);
    const struct instance_record *record = fixture_run(&fixture);
    CU_ASSERT_EQUAL(record->verdict, VERDICT_DEVIATE_KNOWN);
    CU_ASSERT_PTR_NOT_NULL_FATAL(record->steps[1].rule);
    CU_ASSERT_STRING_EQUAL(record->steps[1].rule->reason, "It looks at the pointer first.");
    CU_ASSERT_EQUAL(fixture_status(&fixture), 0);
    clean_up();
}

/* Says of its last line that it blocks where the text that it got lets it; in the time that others have it would
 * return. */
#define LISTENING "read word count; t=$(head -c $((count + 1))); echo ready; "
#define BLOCKS_WHERE_IT_MAY \
    "read word number; case $t in *'accept(l)'*'| blocks'*) printf 'app: a = accept(l) -> blocks\n.\n' ;; " \
    "*) printf 'app: a = accept(l) -> WSAEWOULDBLOCK\n.\n' ;; esac; "
static const char accepting[] = HEAD "app: l = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n"
                                     "app: a = accept(l) -> WSAEINVAL @W79\n";
static const char may_block[] =
    HELLO LISTENING ANSWER("app: l = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok error=0") BLOCKS_WHERE_IT_MAY END;

static const char *accept_on(const char *rules) {
    static char outcome[64];
    fixture_scenario(&fixture, accepting);
    if (rules != NULL) fixture_deviations(&fixture, rules);
    fixture_on_command(&fixture, may_block);
    const struct instance_record *record = fixture_run(&fixture);
    CU_ASSERT_EQUAL_FATAL(record->steps_count, 2);
    snprintf(outcome, sizeof outcome, "%s", record->steps[1].outcome);
    CU_ASSERT_EQUAL(record->steps[1].step->outcomes_count, 1);
    clean_up();
    return outcome;
}

#define WAITS(when, scenario) \
    "deviation waits\n  call accept\n" when "  observed blocks\n  scenarios " scenario "\n" \
    "  status reviewed\n  reason It waits.\n"

static void a_host_is_not_waited_for_where_it_is_known_to_block(void) {
    CU_ASSERT_STRING_EQUAL(accept_on(NULL), "WSAEWOULDBLOCK");
    CU_ASSERT_STRING_EQUAL(accept_on(WAITS("", "tests/tiny")), "blocks");
    CU_ASSERT_STRING_EQUAL(accept_on(WAITS("  when allowed=WSAEINVAL\n", "tests/tiny")), "blocks");
    CU_ASSERT_STRING_EQUAL(accept_on(WAITS("  when allowed=ok\n", "tests/tiny")), "WSAEWOULDBLOCK");
    CU_ASSERT_STRING_EQUAL(accept_on(WAITS("", "tests/other")), "WSAEWOULDBLOCK");
}

/* Which of its steps a rule is about is asked at the end. */
static void what_rules_are_asked_about_is_kept(void) {
    fixture_scenario(&fixture, unbound);
    fixture_deviations(&fixture, rule);
    fixture_on_command(&fixture, HELLO BEGIN SOCKET_ANSWER ANSWER("app: getsockname(s) -> WSAEINVAL") END);
    fixture.plan.forgets = true;
    const struct instance_record *record = fixture_run(&fixture);
    CU_ASSERT_FALSE(record->forgotten);
    CU_ASSERT_EQUAL(record->verdict, VERDICT_CONFORM_UNEXPECTED);
    clean_up();
}

static const char range_rule[] = "deviation another-range\n"
                                 "  call       bind\n"
                                 "  observed   ok port=outside-dynamic-range\n"
                                 "  scenarios  tests/tiny\n"
                                 "  status     reviewed\n"
                                 "  reason     It has another range.\n";
#define TELLS(range) "printf 'host fake\\ndynamic-range tcp " range "\\nready\\n'; "

/* What becomes of a bind to port 0 of a host that begins so, and chooses this port. */
static enum verdict verdict_of_chosen(const char *hello, unsigned port) {
    char command[512];
    fixture_scenario(&fixture, HEAD SOCKET "app: bind(s, 0.0.0.0:0) -> ok\n");
    fixture_deviations(&fixture, range_rule);
    snprintf(command, sizeof command,
             "%s" BEGIN SOCKET_ANSWER
             "read word number; printf 'app: bind(s, 0.0.0.0:0) -> ok error=0 port=s.port  #~ s.port=%u\\n.\\n'; " END,
             hello, port);
    fixture_on_command(&fixture, command);
    const enum verdict verdict = fixture_run(&fixture)->verdict;
    clean_up();
    return verdict;
}

static void the_range_that_the_head_tells_says_which_ports_are_outside(void) {
    CU_ASSERT_EQUAL(verdict_of_chosen(TELLS("1024-30000"), 20000), VERDICT_CONFORM);
    CU_ASSERT_EQUAL(verdict_of_chosen(TELLS("1024-30000"), 40000), VERDICT_DEVIATE_KNOWN);
    CU_ASSERT_EQUAL(verdict_of_chosen(TELLS("1024-30000"), 50000), VERDICT_DEVIATE_KNOWN);
    CU_ASSERT_EQUAL(verdict_of_chosen(HELLO, 40000), VERDICT_DEVIATE_KNOWN);
    CU_ASSERT_EQUAL(verdict_of_chosen(HELLO, 50000), VERDICT_CONFORM); /* and the rule that did not happen is no news */
}

/* Where p lies says nothing of what the machine would have chosen. */
static void a_port_that_the_scenario_names_is_not_outside(void) {
    fixture_scenario(&fixture, "scenario tiny\n\nports p = 1 tcp\nprocess app\n\n" SOCKET
                               "app: bind(s, 255.255.255.255:p) -> WSAEADDRNOTAVAIL @F67\n");
    fixture_deviations(&fixture, range_rule);
    fixture_on_command(&fixture, HELLO "read word count; head -c $((count + 1)) >/dev/null; "
                                       "printf 'ports p = 1 tcp  #~ p=24100\nready\n'; " SOCKET_ANSWER ANSWER(
                                           "app: bind(s, 255.255.255.255:p) -> ok error=0 port=p") END);
    CU_ASSERT_EQUAL(fixture_run(&fixture)->verdict, VERDICT_DEVIATE_NEW);
    clean_up();
}

static void a_rule_that_did_not_happen_is_reported(void) {
    fixture_scenario(&fixture, unbound);
    fixture_deviations(&fixture, rule);
    fixture_on_command(&fixture, HELLO BEGIN SOCKET_ANSWER ANSWER("app: getsockname(s) -> WSAEINVAL") END);
    const struct instance_record *record = fixture_run(&fixture);
    CU_ASSERT_EQUAL(record->verdict, VERDICT_CONFORM_UNEXPECTED);
    CU_ASSERT_STRING_EQUAL(record->reason, "the recorded deviation looks-at-the-pointer-first did not happen here");
    CU_ASSERT_EQUAL(fixture_status(&fixture), 1);
    clean_up();
}

static void a_rule_that_seldom_happens_is_not_asked_for(void) {
    char seldom[512];
    snprintf(seldom, sizeof seldom, "%s  happens    seldom\n", rule);
    fixture_scenario(&fixture, unbound);
    fixture_deviations(&fixture, seldom);
    fixture_on_command(&fixture, HELLO BEGIN SOCKET_ANSWER ANSWER("app: getsockname(s) -> WSAEINVAL") END);
    CU_ASSERT_EQUAL(fixture_run(&fixture)->verdict, VERDICT_CONFORM);
    clean_up();
}

static void a_rule_is_not_asked_before_the_restart(void) {
    fixture_scenario(&fixture, HEAD SOCKET "app: getsockname(s) -> WSAEINVAL @W79\nreboot\n");
    fixture_deviations(&fixture, rule);
    fixture_on_command(&fixture, HELLO BEGIN SOCKET_ANSWER ANSWER("app: getsockname(s) -> WSAEINVAL")
                                     ANSWER("restart boot-1") END);
    const struct instance_record *record = fixture_run(&fixture);
    CU_ASSERT_EQUAL(record->verdict, VERDICT_INCONCLUSIVE);
    CU_ASSERT_TRUE(record->stopped);
    CU_ASSERT_EQUAL(record->steps_sent, 2);
    CU_ASSERT_EQUAL(record->steps[2].result, STEP_RESTART);
    clean_up();
}

static void no_one_restarts_inside_a_together(void) {
    fixture_scenario(&fixture, HEAD "together\n  reboot\n");
    fixture_on_command(&fixture, HELLO BEGIN ANSWER("restart boot-1") END);
    const struct instance_record *record = fixture_run(&fixture);
    CU_ASSERT_EQUAL(record->verdict, VERDICT_UNSUPPORTED);
    CU_ASSERT_STRING_EQUAL(record->reason, "no machine restarts inside a `together`");
    CU_ASSERT_FALSE(record->stopped);
    clean_up();
}

static void a_conflict_on_a_foreign_port_proves_nothing(void) {
    fixture_scenario(&fixture, HEAD SOCKET "app: bind(s, 0.0.0.0:5000) -> ok\n");
    fixture_on_command(&fixture, HELLO BEGIN SOCKET_ANSWER ANSWER("app: bind(s, 0.0.0.0:5000) -> WSAEADDRINUSE") END);
    const struct instance_record *record = fixture_run(&fixture);
    CU_ASSERT_EQUAL(record->verdict, VERDICT_INCONCLUSIVE);
    CU_ASSERT_STRING_EQUAL(record->reason, "port 5000 is not the scenario's own; another program may have it");
    clean_up();
}

static void what_a_host_cannot_do_is_unsupported(void) {
    fixture_scenario(&fixture, unbound);
    fixture_on_command(&fixture, HELLO
                       "read word count; head -c $((count + 1)) >/dev/null; echo unsupported no sockets here; " END);
    const struct instance_record *record = fixture_run(&fixture);
    CU_ASSERT_EQUAL(record->verdict, VERDICT_UNSUPPORTED);
    CU_ASSERT_STRING_EQUAL(record->reason, "no sockets here");
    clean_up();
}

static void runs_that_disagree_are_flaky(void) {
    fixture_scenario(&fixture, unbound);
    fixture_deviations(&fixture, rule);
    fixture_on_command(&fixture, HELLO BEGIN SOCKET_ANSWER ANSWER("app: getsockname(s) -> WSAEFAULT")
                                     END BEGIN SOCKET_ANSWER ANSWER("app: getsockname(s) -> WSAEINVAL") END);
    fixture.plan.repeat = 2;
    const struct instance_record *record = fixture_run(&fixture);
    CU_ASSERT_EQUAL(record->verdict, VERDICT_FLAKY);
    CU_ASSERT_STRING_EQUAL(record->reason, "of 2 runs 1 conform, 1 deviate-known");
    CU_ASSERT_EQUAL(record->runs_other, 1);
    CU_ASSERT_EQUAL(fixture_status(&fixture), 1);
    clean_up();
}

void register_runner_tests(void);
void register_runner_tests(void) {
    CU_pSuite suite = CU_add_suite("runner", NULL, clean_up);
    CU_add_test(suite, "the model conforms", the_model_conforms);
    CU_add_test(suite, "a routine line holds under its reading", a_routine_line_holds_under_its_reading);
    CU_add_test(suite, "a routine line of another reading does not count",
                a_routine_line_of_another_reading_does_not_count);
    CU_add_test(suite, "a routine that no reading expects has run too often",
                a_routine_that_no_reading_expects_has_run_too_often);
    CU_add_test(suite, "a line that does not hold is a new deviation", a_line_that_does_not_hold_is_a_new_deviation);
    CU_add_test(suite, "a scenario that misuses memory is broken", a_scenario_that_misuses_memory_is_broken);
    CU_add_test(suite, "a provider without the codes conforms", a_provider_without_the_codes_conforms);
    CU_add_test(suite, "two runs of the model are the same bytes", two_runs_of_the_model_are_the_same_bytes);
    CU_add_test(suite, "a host that answers as it may conforms", a_host_that_answers_as_it_may_conforms);
    CU_add_test(suite, "a host that does not come up gets a second try",
                a_host_that_does_not_come_up_gets_a_second_try);
    CU_add_test(suite, "a host that answers otherwise deviates", a_host_that_answers_otherwise_deviates);
    CU_add_test(suite, "a rule makes the deviation known", a_rule_makes_the_deviation_known);
    CU_add_test(suite, "a host is not waited for where it is known to block",
                a_host_is_not_waited_for_where_it_is_known_to_block);
    CU_add_test(suite, "the range that the head tells says which ports are outside",
                the_range_that_the_head_tells_says_which_ports_are_outside);
    CU_add_test(suite, "a port that the scenario names is not outside", a_port_that_the_scenario_names_is_not_outside);
    CU_add_test(suite, "a rule that did not happen is reported", a_rule_that_did_not_happen_is_reported);
    CU_add_test(suite, "a rule that seldom happens is not asked for", a_rule_that_seldom_happens_is_not_asked_for);
    CU_add_test(suite, "a rule is not asked before the restart", a_rule_is_not_asked_before_the_restart);
    CU_add_test(suite, "no one restarts inside a together", no_one_restarts_inside_a_together);
    CU_add_test(suite, "a conflict on a foreign port proves nothing", a_conflict_on_a_foreign_port_proves_nothing);
    CU_add_test(suite, "what a host cannot do is unsupported", what_a_host_cannot_do_is_unsupported);
    CU_add_test(suite, "runs that disagree are flaky", runs_that_disagree_are_flaky);
    CU_add_test(suite, "what conforms is forgotten where no one asks", what_conforms_is_forgotten_where_no_one_asks);
    CU_add_test(suite, "what rules are asked about is kept", what_rules_are_asked_about_is_kept);
}
