/* What `list` and `show` tell of profiles and hosts: from a small tree with one question, whose hosts are models that
 * answer under a profile. */
#define _POSIX_C_SOURCE 200809L

#include <CUnit/CUnit.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conformance/base/folders.h"
#include "conformance/runner/scenario_set.h"
#include "reports/catalogue/answer_lists.h"
#include "reports/tests/report_fixture.h"

static const char pattern[] = "build/test-answers-XXXXXX";
static char tree[sizeof pattern];
static struct text reported;

static void in_tree(const char *name, char path[FOLDER_PATH_MAX]) {
    snprintf(path, FOLDER_PATH_MAX, "%s/%s", tree, name);
}

static void write_file(const char *name, const char *bytes) {
    char path[FOLDER_PATH_MAX];
    in_tree(name, path);
    FILE *file = file_create(path);
    if (file == NULL) abort(); /* CUnit cannot be reported before the first test */
    fputs(bytes, file);
    fclose(file);
}

/* The answers of the model under a profile, recorded as those of a host. */
static void record(const char *profile, const char *folder) {
    char path[FOLDER_PATH_MAX];
    struct scenario_set set = { .count = 0 };
    struct run_record run = { .count = 0 };
    struct run_plan plan = { .subjects_count = 1, .repeat = 1, .record = path };
    in_tree(folder, path);
    scenario_set_add(&set, tree);
    plan.subjects[0] = subject_model(profile_named(profile), 0);
    runner_run(&plan, &set, &run);
    run_record_free(&run);
    subject_free(plan.subjects[0]);
    scenario_set_free(&set);
}

static int begin(void) {
    memcpy(tree, pattern, sizeof tree);
    if (mkdtemp(tree) == NULL) return 1;
    write_file(
        "ask/code.scn",
        "scenario code\n\nprocess app\n\n"
        "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n"
        "app: WSAIoctl(s, 0x98000FFF) -> WSAEOPNOTSUPP @ERR-OPNOTSUPP-CODE @Q77=a | WSAEINVAL @ERR-INVAL-CODE @Q77=b\n");
    write_file("planned.tsv", "ASC-06\tE\tneeds the wire\nQ37\tE\tneeds a range\n");
    record("windows", "hosts/plain/traces");
    record("windows", "hosts/torn/traces");
    record("documented", "hosts/torn/traces/again");
    write_file("hosts/mute/deviations", "# a host without traces\n");
    return 0;
}

static int remove_tree(void) {
    char command[FOLDER_PATH_MAX];
    text_free(&reported);
    snprintf(command, sizeof command, "rm -r '%s'", tree);
    return system(command) == 0 ? 0 : 1;
}

static void listed(bool (*list)(const char *folder, struct text *out)) {
    text_free(&reported);
    CU_ASSERT_TRUE(list(tree, &reported));
    CU_ASSERT_PTR_NOT_NULL_FATAL(reported.bytes);
}

/* --- clauses ------------------------------------------------------------------------------------------------------ */

static void a_clause_is_counted_where_its_own_alternative_was_answered(void) {
    listed(list_clauses);
    holds(&reported, "clause                   documented    windows       plain         torn          statement\n");
    holds(&reported, "ERR-OPNOTSUPP-CODE         0 / 0 /  1    1 / 0 /  0    1 / 0 /  0    1 / 0 /  0  "
                     "WSAEOPNOTSUPP: the control code is not supported.\n"
                     "    on ASSOCIATE: none yet\n    ask/code\n");
    holds(&reported, "ERR-INVAL-CODE             1 / 0 /  0    0 / 0 /  1    0 / 0 /  1    0 / 0 /  1  "
                     "WSAEINVAL: the control code is not a valid command.\n"
                     "    on ASSOCIATE: none yet\n    ask/code\n");
}

static void a_clause_without_a_scenario_says_why(void) {
    listed(list_clauses);
    holds(&reported, "It can be issued through a provider's WSPIoctl.\n    planned for part E: needs the wire\n");
    holds(&reported, "Declared in mstcpip.h.\n    undecidable: a run sees no header");
}

static void a_host_without_traces_has_no_column(void) {
    listed(list_clauses);
    lacks(&reported, "mute");
}

/* --- readings ----------------------------------------------------------------------------------------------------- */

static void a_question_tells_candidates_and_answers(void) {
    listed(list_readings);
    holds(&reported, "     documented   windows          plain  torn  question\n");
    holds(&reported, "Q77  b WSAEINVAL  a WSAEOPNOTSUPP  a      none  An unknown control code\n    ask/code\n");
    holds(&reported, "Q38  a            a                open   open  ASSOCIATE after bind\n");
    holds(&reported,
          "Q37  -            -                -      -     Explicit bind into an excluded range (not asked)\n"
          "    planned for part E: needs a range\n");
    holds(&reported, "plain: by 1 trace\ntorn: by 2 traces\n");
}

static void show_spells_the_counts_out(void) {
    struct data data = { .folder = NULL };
    struct answers answers = { .count = 0 };
    text_free(&reported);
    CU_ASSERT_TRUE(data_read_scenarios(&data, tree));
    answers_read(&answers, &data.set, tree, ANSWERS_ABOUT_CLAUSES);
    add_clause_answers(&answers, "ERR-OPNOTSUPP-CODE", &reported);
    holds(&reported,
          "    documented  0 conform, 1 not decided\n    windows     1 conform\n    plain       1 conform\n");
    answers_free(&answers);
    data_free(&data);
}

/* The trace deviates in its second step; what it showed before that still counts. */
static void a_deviation_ends_what_a_trace_decides(void) {
    struct data data = { .folder = NULL };
    struct answers answers = { .count = 0 };
    write_file("hosts/wrong/traces/ask/code.trace", "trace code\n  by agent\n\nprocess app\n\n"
                                                    "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok error=0\n"
                                                    "app: WSAIoctl(s, 0x98000FFF) -> WSAEPROCLIM bytes=0\n");
    CU_ASSERT_TRUE(data_read_scenarios(&data, tree));
    answers_read(&answers, &data.set, tree, ANSWERS_ABOUT_READINGS);
    CU_ASSERT_EQUAL_FATAL(answers.count, 5);
    CU_ASSERT_STRING_EQUAL(answers.answerers[4].name, "wrong");
    CU_ASSERT_EQUAL(answers.answerers[4].traces_rejected, 1);
    CU_ASSERT_EQUAL(answers.answerers[4].candidates[77], 3);
    answers_free(&answers);
    answers_read(&answers, &data.set, tree, ANSWERS_ABOUT_CLAUSES);
    CU_ASSERT_EQUAL(answers_to_clause(&answers.answerers[4], "ERR-OPNOTSUPP-CODE").deviates, 1);
    CU_ASSERT_EQUAL(answers_to_clause(&answers.answerers[4], "ERR-OPNOTSUPP-CODE").conform, 0);
    answers_free(&answers);
    data_free(&data);
}

void register_answers_tests(void);
void register_answers_tests(void) {
    CU_pSuite suite = CU_add_suite("answers of profiles and hosts", begin, remove_tree);
    CU_add_test(suite, "a clause is counted where its own alternative was answered",
                a_clause_is_counted_where_its_own_alternative_was_answered);
    CU_add_test(suite, "a clause without a scenario says why", a_clause_without_a_scenario_says_why);
    CU_add_test(suite, "a host without traces has no column", a_host_without_traces_has_no_column);
    CU_add_test(suite, "a question tells candidates and answers", a_question_tells_candidates_and_answers);
    CU_add_test(suite, "show spells the counts out", show_spells_the_counts_out);
    CU_add_test(suite, "a deviation ends what a trace decides", a_deviation_ends_what_a_trace_decides);
}
