/* Hosts that misbehave: each is harness-broken with its reason, and what was recorded before is kept. */
#include <CUnit/CUnit.h>

#include <stdio.h>
#include <string.h>

#include "conformance/base/reason.h"
#include "conformance/subjects/host_process.h"
#include "conformance/tests/run_fixture.h"

#define HELLO "printf 'host fake\\nready\\n'; "
#define BEGIN "read word count; head -c $((count + 1)) >/dev/null; echo ready; "
#define SOCKET_ANSWER \
    "read word number; printf 'app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok error=0\\n.\\n'; "

static const char scenario[] = "scenario tiny\n\nprocess app\n\n"
                               "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n"
                               "app: closesocket(s) -> ok\n";

static struct run_fixture fixture;

static int clean_up(void) {
    fixture_free(&fixture);
    return 0;
}

/* Runs the scenario on a host that has so long for each answer, and expects it to break with a reason that holds
 * `reason`. */
static const struct instance_record *breaks_within(const char *command, unsigned ready_ms, unsigned step_ms,
                                                   const char *reason) {
    fixture_scenario(&fixture, scenario);
    fixture_on_command_within(&fixture, command, ready_ms, step_ms);
    const struct instance_record *record = fixture_run(&fixture);
    CU_ASSERT_EQUAL(record->verdict, VERDICT_HARNESS_BROKEN);
    CU_ASSERT_EQUAL(fixture_status(&fixture), 2);
    CU_ASSERT_PTR_NOT_NULL_FATAL(record->reason);
    CU_ASSERT_PTR_NOT_NULL(strstr(record->reason, reason));
    if (strstr(record->reason, reason) == NULL) printf("\n    said: %s", record->reason);
    return record;
}

static const struct instance_record *breaks(const char *command, const char *reason) {
    return breaks_within(command, PATIENT_MS, PATIENT_MS, reason);
}

static void one_that_exits_at_once(void) {
    breaks("exit 3", "the host ended with exit status 3");
    clean_up();
}

static void one_that_is_not_there(void) {
    breaks("no-such-agent-anywhere 2>/dev/null", "the host ended with exit status 127");
    clean_up();
}

static void one_that_prints_nonsense(void) {
    breaks("echo Welcome to the machine; cat", "the host said \"Welcome to the machine\"; expected a line `host NAME`");
    clean_up();
}

static void one_that_says_nothing(void) {
    breaks_within("sleep 30", 400, PATIENT_MS, "the host did not answer within 400 ms");
    clean_up();
}

static void one_that_never_ends_its_line(void) {
    breaks("head -c 20000 /dev/zero; sleep 30", "the host printed a line of more than 16384 bytes");
    clean_up();
}

static void one_that_hangs_in_a_step(void) {
    const struct instance_record *record =
        breaks_within(HELLO BEGIN "exec sleep 30", PATIENT_MS, 300, "the host did not answer within 300 ms");
    CU_ASSERT_EQUAL(record->steps_count, 1);
    clean_up();
}

static void one_that_answers_nonsense(void) {
    breaks(HELLO BEGIN "read word number; printf 'what?\\n.\\n'; cat", "the answer cannot be read");
    clean_up();
}

static void one_that_answers_another_step(void) {
    breaks(HELLO BEGIN "read word number; printf 'app: closesocket(s) -> ok error=0\\n.\\n'; cat",
           "the answer cannot be read");
    clean_up();
}

static void one_that_dies_in_mid_run_keeps_what_was_recorded(void) {
    const struct instance_record *record =
        breaks(HELLO BEGIN SOCKET_ANSWER "kill -9 $$", "the host was killed by signal 9");
    CU_ASSERT_EQUAL(record->steps_sent, 1);
    CU_ASSERT_PTR_NOT_NULL(
        strstr(record->trace.bytes, "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok error=0\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(record->trace.bytes, "# broken: the host was killed by signal 9\n"));
    clean_up();
}

static void one_that_says_broken_tells_why(void) {
    breaks(HELLO "read word count; head -c $((count + 1)) >/dev/null; echo broken the child did not start; cat",
           "the child did not start");
    clean_up();
}

/* Its answer stands for none: nothing is judged, and nothing broke. */
static void one_that_says_what_is_not_modelled(void) {
    fixture_scenario(&fixture, scenario);
    fixture_on_command(&fixture, HELLO BEGIN "read word number; printf 'not modelled: WSPSocket\\n.\\n'; "
                                             "read word; echo clean; cat");
    const struct instance_record *record = fixture_run(&fixture);
    CU_ASSERT_EQUAL(record->verdict, VERDICT_NOT_MODELLED);
    CU_ASSERT_STRING_EQUAL(record->reason, "not modelled: WSPSocket");
    CU_ASSERT_PTR_NOT_NULL(strstr(record->trace.bytes, "# not modelled: WSPSocket\n"));
    CU_ASSERT_EQUAL(record->steps_count, 1);
    clean_up();
}

/* An exception had cut off a call of it: what it answered counts, and it is not asked again. */
static void one_that_is_gone_at_the_end(void) {
    fixture_scenario(&fixture, scenario);
    fixture_on_command(
        &fixture, HELLO BEGIN SOCKET_ANSWER
        "read word number; printf 'app: closesocket(s) -> ok error=0\\n.\\n'; read word; echo gone it was cut off; exit");
    const struct instance_record *record = fixture_run(&fixture);
    CU_ASSERT_EQUAL(record->verdict, VERDICT_CONFORM);
    CU_ASSERT_EQUAL(record->steps_sent, 2);
    clean_up();
}

static void one_that_is_not_clean_at_the_end(void) {
    breaks(
        HELLO BEGIN SOCKET_ANSWER
        "read word number; printf 'app: closesocket(s) -> ok error=0\\n.\\n'; read word; echo broken a child is left; cat",
        "a child is left");
    clean_up();
}

static void one_that_restarts_at_another_step(void) {
    breaks(HELLO BEGIN "read word number; printf 'restart boot-1\\n.\\n'; cat", "the answer cannot be read");
    clean_up();
}

/* A mark is a word: it stands in a line of the trace and in a command. */
static void one_whose_mark_is_no_word(void) {
    fixture_scenario(&fixture, "scenario tiny\n\nprocess app\n\nreboot\n");
    fixture_on_command(&fixture, HELLO BEGIN "read word number; printf 'restart boot 1\\n.\\n'; cat");
    const struct instance_record *record = fixture_run(&fixture);
    CU_ASSERT_EQUAL(record->verdict, VERDICT_HARNESS_BROKEN);
    CU_ASSERT_STRING_EQUAL(record->reason, "the host said \"restart boot 1?\"; expected an answer to the step");
    clean_up();
}

/* --- pipes alone -------------------------------------------------------------------------------------------------- */

static void lines_come_back_without_their_ends(void) {
    struct reason reason = { "" };
    struct host_process *host = host_process_start("printf 'one\\r\\n\\ntwo\\n'; cat", &reason);
    CU_ASSERT_PTR_NOT_NULL_FATAL(host);
    CU_ASSERT_STRING_EQUAL(host_process_line(host, PATIENT_MS, &reason), "one");
    CU_ASSERT_STRING_EQUAL(host_process_line(host, PATIENT_MS, &reason), "");
    CU_ASSERT_STRING_EQUAL(host_process_line(host, PATIENT_MS, &reason), "two");
    CU_ASSERT_TRUE(host_process_send(host, "echo\n", 5, PATIENT_MS, &reason));
    CU_ASSERT_STRING_EQUAL(host_process_line(host, PATIENT_MS, &reason), "echo");
    host_process_end(host, 1000);
}

static void a_host_that_takes_nothing_does_not_block_us(void) {
    static char much[1 << 20];
    struct reason reason = { "" };
    memset(much, 'x', sizeof much);
    struct host_process *host = host_process_start("sleep 30", &reason);
    CU_ASSERT_PTR_NOT_NULL_FATAL(host);
    CU_ASSERT_FALSE(host_process_send(host, much, sizeof much, 100, &reason));
    CU_ASSERT_STRING_EQUAL(reason.text, "the host did not take a command within 100 ms");
    host_process_end(host, 0);
}

static void writing_to_a_dead_host_is_an_error(void) {
    struct reason reason = { "" };
    struct host_process *host = host_process_start("exec <&-; exit 0", &reason);
    CU_ASSERT_PTR_NOT_NULL_FATAL(host);
    CU_ASSERT_PTR_NULL(host_process_line(host, PATIENT_MS, &reason));
    CU_ASSERT_STRING_EQUAL(reason.text, "the host ended with exit status 0");
    CU_ASSERT_FALSE(host_process_send(host, "step 0\n", 7, PATIENT_MS, &reason));
    host_process_end(host, 0);
}

void register_host_process_tests(void);
void register_host_process_tests(void) {
    CU_pSuite suite = CU_add_suite("hosts that misbehave", NULL, clean_up);
    CU_add_test(suite, "exits at once", one_that_exits_at_once);
    CU_add_test(suite, "is not there", one_that_is_not_there);
    CU_add_test(suite, "prints nonsense", one_that_prints_nonsense);
    CU_add_test(suite, "says nothing", one_that_says_nothing);
    CU_add_test(suite, "never ends its line", one_that_never_ends_its_line);
    CU_add_test(suite, "hangs in a step", one_that_hangs_in_a_step);
    CU_add_test(suite, "answers nonsense", one_that_answers_nonsense);
    CU_add_test(suite, "answers another step", one_that_answers_another_step);
    CU_add_test(suite, "dies in mid-run: what was recorded is kept", one_that_dies_in_mid_run_keeps_what_was_recorded);
    CU_add_test(suite, "says broken", one_that_says_broken_tells_why);
    CU_add_test(suite, "says what is not modelled", one_that_says_what_is_not_modelled);
    CU_add_test(suite, "is gone at the end", one_that_is_gone_at_the_end);
    CU_add_test(suite, "is not clean at the end", one_that_is_not_clean_at_the_end);
    CU_add_test(suite, "restarts at another step", one_that_restarts_at_another_step);
    CU_add_test(suite, "its mark is no word", one_whose_mark_is_no_word);
    CU_add_test(suite, "lines come back without their ends", lines_come_back_without_their_ends);
    CU_add_test(suite, "a host that takes nothing does not block us", a_host_that_takes_nothing_does_not_block_us);
    CU_add_test(suite, "writing to a dead host is an error", writing_to_a_dead_host_is_an_error);
}
