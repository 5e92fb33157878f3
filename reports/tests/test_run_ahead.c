/* A suite that several processes play: two hundred scenarios of eight instances, of which every fiftieth deviates; and
 * the workers themselves. */
#include <CUnit/CUnit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/text.h"
#include "reports/commands/commands.h"
#include "reports/commands/workers.h"
#include "reports/tests/command_fixture.h"

void register_run_ahead_tests(void);

static void given_a_suite(void) {
    for (unsigned i = 0; i < 200; i++) {
        char name[40], text[300];
        snprintf(name, sizeof name, "many/s-%03u.scn", i);
        snprintf(text, sizeof text,
                 "scenario s-%03u\n  variants transport=tcp|udp family=v4|v6 routine=none|given\n\nprocess app\n\n"
                 "app: s = socket($socket) -> %s\n",
                 i, i % 50 == 7 ? "WSAEPROCLIM @REM-01" : "ok");
        command_text(name, text);
    }
}

/* What `reservoir run` says of all, by so many processes; to be freed. */
static struct text output_of(const char *options, unsigned jobs, int expected) {
    struct text output = { 0 };
    char line[200];
    snprintf(line, sizeof line, "@/many --on model --no-times %s --jobs %u", options, jobs);
    CU_ASSERT_EQUAL(run_command(command_run, line), expected);
    text_add(&output, "%s%s", command_output(), command_errors());
    return output;
}

static void expect_the_same(const char *options, const char *words) {
    struct text one = output_of(options, 1, 1), three = output_of(options, 3, 1);
    says(one.bytes, words);
    CU_ASSERT_STRING_EQUAL(one.bytes, three.bytes);
    text_free(&one);
    text_free(&three);
}

static void how_many_play_makes_no_difference(void) {
    given_a_suite();
    expect_the_same("--report text", "s-107  ");
    expect_the_same("--report tap", "ok 1600 - ");
    expect_the_same("--report text --shuffle=7", "s-107  ");
    expect_the_same("--report markdown", "s-107");
    expect_the_same("--report text --repeat 2", "s-007  ");
}

static void every_trace_is_recorded(void) {
    char path[FOLDER_PATH_MAX], trouble[FOLDER_PATH_MAX];
    struct path_list traces = { 0 };
    given_a_suite();
    struct text output = output_of("--record @/traces --report tap", 3, 1);
    command_path("traces", path);
    CU_ASSERT_TRUE(folder_find(path, ".trace", &traces, trouble));
    CU_ASSERT_EQUAL(traces.count, 1600);
    path_list_free(&traces);
    text_free(&output);
}

static void as_many_as_can_be(void) {
    CU_ASSERT_EQUAL(run_command(command_run, "@/many --jobs 65"), 2);
    says(command_errors(), "--jobs wants a number from 1 to 64, not 65");
}

/* --- agents ------------------------------------------------------------------------------------------------------- */

static void refused(const char *options, const char *words) {
    char line[200];
    snprintf(line, sizeof line, "@/many %s", options);
    CU_ASSERT_EQUAL(run_command(command_run, line), 2);
    says(command_errors(), words);
}

static void agents_that_would_be_in_each_others_way_are_refused(void) {
    given_a_suite();
    refused("--agents 2", "--agents requires --host 'COMMAND'");
    refused("--agents 2 --on host --host agent", "--agents wants --agents-in, or {} in --host for the number");
    refused("--agents-in network --on host --host agent{}", "--agents-in belongs to --agents N");
    refused("--agents 2 --on host --host agent{} --capture @/a.txt --capture-live lo",
            "--capture keeps the packets of one agent, not of --agents");
    refused("--agents 2 --on host --host agent{} --capture-live lo", "--capture-live with --agents wants --agents-in");
    refused("--agents 2 --on host --host agent{} -", "--agents cannot play standard input");
    refused("--agents 65 --on host --host agent{}", "--agents wants a number from 1 to 64, not 65");
}

/* --- workers ------------------------------------------------------------------------------------------------------ */

static void write_word(void *self, FILE *result) {
    fputs(self, result);
    puts("what a worker prints is no one's output");
}

static void die(void *self, FILE *result) {
    (void)self;
    fputs("half", result);
    fflush(result);
    _Exit(3);
}

static void a_worker_leaves_its_result(void) {
    char word[16] = "", text[] = "done";
    struct worker *worker = worker_start(write_word, text);
    CU_ASSERT_PTR_NOT_NULL_FATAL(worker);
    FILE *result = worker_result(worker);
    CU_ASSERT_PTR_NOT_NULL_FATAL(result);
    CU_ASSERT_EQUAL(fread(word, 1, sizeof word, result), 4);
    CU_ASSERT_STRING_EQUAL(word, "done");
    CU_ASSERT_PTR_EQUAL(worker_result(worker), result); /* may be asked again */
    worker_free(worker);
}

static void what_a_worker_left_that_died_is_no_result(void) {
    struct worker *worker = worker_start(die, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(worker);
    CU_ASSERT_PTR_NULL(worker_result(worker));
    worker_free(worker);
}

/* Of the parts only the first is done in this process at once; the others' processes die, and are done here later. */
static void die_elsewhere(void *self, size_t from, size_t to, unsigned *counts) {
    bool *here = self;
    if (from == 0) *here = true;
    if (!*here) _Exit(1);
    counts[0] += (unsigned)(to - from);
}

static void the_part_of_a_worker_that_died_is_done_again(void) {
    unsigned counts[1] = { 0 };
    bool here = false;
    work_in_parts(90, 10, 4, die_elsewhere, &here, counts, 1);
    CU_ASSERT_EQUAL(counts[0], 90);
}

void register_run_ahead_tests(void) {
    CU_pSuite suite = CU_add_suite("runs by several processes", command_begin, command_end);
    CU_add_test(suite, "how many play makes no difference", how_many_play_makes_no_difference);
    CU_add_test(suite, "every trace is recorded", every_trace_is_recorded);
    CU_add_test(suite, "as many as can be", as_many_as_can_be);
    CU_add_test(suite, "agents that would be in each other's way are refused",
                agents_that_would_be_in_each_others_way_are_refused);
    CU_add_test(suite, "a worker leaves its result", a_worker_leaves_its_result);
    CU_add_test(suite, "what a worker left that died is no result", what_a_worker_left_that_died_is_no_result);
    CU_add_test(suite, "the part of a worker that died is done again", the_part_of_a_worker_that_died_is_done_again);
}
