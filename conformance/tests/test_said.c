/* What a host said to one process, taken by another: the same record as if that one had asked. */
#include <CUnit/CUnit.h>

#include <stdio.h>
#include <string.h>

#include "conformance/subjects/said.h"
#include "conformance/tests/run_fixture.h"

void register_said_tests(void);

#define HELLO "printf 'host fake\\nready\\n'; "
#define BEGIN "read word count; head -c $((count + 1)) >/dev/null; echo ready; "
#define SOCKET_ANSWER \
    "read word number; printf 'app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok error=0\\n.\\n'; "
#define CLOSE_ANSWER \
    "read word number; printf 'app: closesocket(s) -> WSAENOTSOCK error=WSAENOTSOCK\\n.\\n'; read word; echo clean; "
/* Whoever asks it for anything hears nonsense. */
#define NOT_ASKED HELLO "read word; echo I was asked; cat"

static const char scenario[] = "scenario tiny\n\nprocess app\n\n"
                               "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n"
                               "app: closesocket(s) -> ok\n";

static struct run_fixture fixture;
static struct said said;

static int clean_up(void) {
    fixture_free(&fixture);
    return 0;
}

/* --- the process that asks ---------------------------------------------------------------------------------------- */

static bool give_the_first_once(void *context, uint32_t *number) {
    bool *given = context;
    bool first = !*given;
    *number = 0;
    *given = true;
    return first;
}

static void keep_bytes(void *context, uint32_t number, uint64_t duration_us, struct said *heard) {
    (void)context, (void)duration_us;
    CU_ASSERT_EQUAL(number, 0);
    text_add_bytes(&said.bytes, heard->bytes.bytes, heard->bytes.length);
}

/* A host behind this command plays the scenario, so many times; what it said is in `said`. */
static void asked(const char *text, const char *command, unsigned repeat) {
    bool given = false;
    said_free(&said);
    fixture_scenario(&fixture, text);
    fixture_on_command(&fixture, command);
    fixture.plan.repeat = repeat;
    runner_ask_host(&fixture.plan, &fixture.set, give_the_first_once, keep_bytes, &given);
    CU_ASSERT(said.bytes.length > 0);
    clean_up();
}

/* --- the one that takes it ---------------------------------------------------------------------------------------- */

static struct said *as_it_was_said(void *context, size_t number, uint64_t *duration_us) {
    (void)context;
    *duration_us = 7000;
    return number == 0 ? &said : NULL;
}

static uint64_t no_clock(void) { return 0; }

static const struct instance_record *taken(const char *text, unsigned repeat) {
    fixture_scenario(&fixture, text);
    fixture_on_command(&fixture, NOT_ASKED);
    fixture.plan.repeat = repeat;
    fixture.plan.clock_us = no_clock;
    fixture.plan.said_elsewhere = as_it_was_said;
    return fixture_run(&fixture);
}

static const char *or_nothing(const char *text) { return text == NULL ? "" : text; }

/* The whole record of a run that asks and of one that takes: verdict, reason, steps, trace. */
static void expect_the_same(const char *command) {
    struct text trace = { 0 }, reason = { 0 };
    fixture_scenario(&fixture, scenario);
    fixture_on_command(&fixture, command);
    const struct instance_record *own = fixture_run(&fixture);
    enum verdict verdict = own->verdict;
    unsigned steps = own->steps_count, sent = own->steps_sent;
    text_add(&trace, "%s", or_nothing(own->trace.bytes));
    text_add(&reason, "%s", or_nothing(own->reason));
    clean_up();
    asked(scenario, command, 1);
    const struct instance_record *record = taken(scenario, 1);
    CU_ASSERT_EQUAL(record->verdict, verdict);
    CU_ASSERT_EQUAL(record->steps_count, steps);
    CU_ASSERT_EQUAL(record->steps_sent, sent);
    CU_ASSERT_STRING_EQUAL(or_nothing(record->trace.bytes), trace.bytes);
    CU_ASSERT_STRING_EQUAL(or_nothing(record->reason), reason.bytes);
    CU_ASSERT_EQUAL(record->duration_us, 7000);
    clean_up();
    text_free(&trace);
    text_free(&reason);
    said_free(&said);
}

static void an_instance_is_the_same(void) { expect_the_same(HELLO BEGIN SOCKET_ANSWER CLOSE_ANSWER "cat"); }

static void one_that_breaks_is_the_same(void) { expect_the_same(HELLO BEGIN SOCKET_ANSWER "kill -9 $$"); }

static void one_that_answers_nonsense_is_the_same(void) {
    expect_the_same(HELLO BEGIN "read word number; printf 'what?\\n.\\n'; cat");
}

static void one_that_is_not_begun_is_the_same(void) {
    expect_the_same(HELLO "read word count; head -c $((count + 1)) >/dev/null; echo unsupported a pipe; "
                          "read word; echo clean; cat");
}

static void each_run_of_several_is_taken(void) {
    asked(scenario, HELLO BEGIN SOCKET_ANSWER CLOSE_ANSWER BEGIN SOCKET_ANSWER "kill -9 $$", 2);
    const struct instance_record *record = taken(scenario, 2);
    CU_ASSERT_EQUAL(record->runs, 2);
    CU_ASSERT_EQUAL(record->verdict, VERDICT_HARNESS_BROKEN);
    CU_ASSERT_EQUAL(said.at, said.bytes.length);
    clean_up();
    said_free(&said);
}

static void what_was_cut_is_broken(void) {
    asked(scenario, HELLO BEGIN SOCKET_ANSWER CLOSE_ANSWER "cat", 1);
    for (size_t whole = said.bytes.length; said.bytes.length > 0; said.bytes.length -= (whole + 6) / 7) {
        if (said.bytes.length < (whole + 6) / 7) break;
        said.at = 0;
        bool is_whole = said.bytes.length == whole;
        const struct instance_record *record = taken(scenario, 1);
        CU_ASSERT_EQUAL(record->verdict == VERDICT_HARNESS_BROKEN, !is_whole);
        if (!is_whole) {
            CU_ASSERT_STRING_EQUAL(record->reason, "the process that played it has not said what came next");
        }
        clean_up();
    }
    said_free(&said);
}

static void another_scenario_is_broken(void) {
    static const char other[] = "scenario other\n\nprocess app\n\n"
                                "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n";
    asked(scenario, HELLO BEGIN SOCKET_ANSWER CLOSE_ANSWER "cat", 1);
    const struct instance_record *record = taken(other, 1);
    CU_ASSERT_EQUAL(record->verdict, VERDICT_HARNESS_BROKEN);
    CU_ASSERT_STRING_EQUAL(record->reason,
                           "the process that played it played tiny: scenarios were changed during the run");
    clean_up();
    said_free(&said);
}

/* --- which -------------------------------------------------------------------------------------------------------- */

/* On the model and a host: numbers 0 and 1 are of the first scenario, 2 and 3 of the second, 4 and 5 of the third. */
static void what_restarts_the_machine_is_asked_by_no_other(void) {
    fixture_scenario(&fixture, scenario);
    fixture_scenario(&fixture, "scenario restarts\n\nprocess app\n\nreboot\n");
    fixture_scenario(&fixture, scenario);
    fixture_on_model(&fixture, "windows");
    fixture_on_command(&fixture, NOT_ASKED);
    struct host_jobs jobs = runner_host_jobs(&fixture.plan, &fixture.set);
    CU_ASSERT_EQUAL_FATAL(jobs.count, 2);
    CU_ASSERT_EQUAL(jobs.numbers[0], 1);
    CU_ASSERT_EQUAL(jobs.numbers[1], 5);
    host_jobs_free(&jobs);
    clean_up();
}

void register_said_tests(void) {
    CU_pSuite suite = CU_add_suite("what a host said to another process", NULL, clean_up);
    CU_add_test(suite, "an instance is the same", an_instance_is_the_same);
    CU_add_test(suite, "one that breaks is the same", one_that_breaks_is_the_same);
    CU_add_test(suite, "one that answers nonsense is the same", one_that_answers_nonsense_is_the_same);
    CU_add_test(suite, "one that is not begun is the same", one_that_is_not_begun_is_the_same);
    CU_add_test(suite, "each run of several is taken", each_run_of_several_is_taken);
    CU_add_test(suite, "what was cut is broken", what_was_cut_is_broken);
    CU_add_test(suite, "another scenario is broken", another_scenario_is_broken);
    CU_add_test(suite, "what restarts the machine is asked by no other",
                what_restarts_the_machine_is_asked_by_no_other);
}
