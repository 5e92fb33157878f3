#include <CUnit/CUnit.h>

#include <string.h>

#include "reports/formats/diff.h"
#include "reports/tests/report_fixture.h"

void register_diff_tests(void);

/* --- runs by hand ------------------------------------------------------------------------------------------------- */

enum { INSTANCES_MAX_HERE = 4, STEPS_MAX_HERE = 2 };

/* One subject, and instances of two steps each that conform. */
struct run {
    struct run_file file;
    struct run_file_instance instances[INSTANCES_MAX_HERE];
    struct run_file_step steps[INSTANCES_MAX_HERE][STEPS_MAX_HERE];
};

static void given_run(struct run *run, const char *path, const char *subject) {
    memset(run, 0, sizeof *run);
    run->file = (struct run_file){
        .path = path,
        .version = "1.2.3",
        .profile = "windows",
        .seed = "0",
        .reason = "by hand",
        .subjects_count = 1,
        .subjects = { { subject, "host" } },
        .instances = run->instances,
    };
}

static struct run_file_instance *has(struct run *run, const char *id) {
    unsigned index = run->file.instances_count++;
    CU_ASSERT_FATAL(index < INSTANCES_MAX_HERE);
    run->steps[index][0] = (struct run_file_step){ 6, "app: s = socket()", "ok", "ok", VERDICT_CONFORM, true, false };
    run->steps[index][1] =
        (struct run_file_step){ 7, "app: bind(s)", "ok port=s.port", "ok port=s.port", VERDICT_CONFORM, true, false };
    run->instances[index] = (struct run_file_instance){
        .id = id,
        .position = index,
        .verdict = VERDICT_CONFORM,
        .steps_count = STEPS_MAX_HERE,
        .steps = run->steps[index],
    };
    return &run->instances[index];
}

static void answers(struct run_file_instance *instance, const char *answer, enum verdict verdict) {
    instance->steps[1].answer = instance->steps[1].shown = answer;
    instance->steps[1].verdict = instance->verdict = verdict;
}

struct both {
    struct run before, after;
    struct text out;
    struct diff_counts counts;
};

static void given_both(struct both *both) {
    memset(both, 0, sizeof *both);
    given_run(&both->before, "a.json", "wine-8.0");
    given_run(&both->after, "b.json", "wine-8.0");
}

/* Compares, and expects this exit status. */
static void compared(struct both *both, int status) {
    diff_report(&both->before.file, &both->after.file, &both->out, &both->counts);
    CU_ASSERT_EQUAL(diff_exit_status(&both->counts), status);
}

/* --- tests -------------------------------------------------------------------------------------------------------- */

static void test_same(void) {
    struct both both;
    given_both(&both);
    has(&both.before, "bind/plain");
    has(&both.after, "bind/plain");
    compared(&both, 0);
    CU_ASSERT_STRING_EQUAL(both.out.bytes, "A  a.json: Reservoir 1.2.3, profile windows, seed 0, by hand\n"
                                           "B  b.json: Reservoir 1.2.3, profile windows, seed 0, by hand\n"
                                           "\n0 added, 0 gone, 0 worse, 0 fixed, 0 changed, 1 the same\n");
    text_free(&both.out);
}

static void test_worse(void) {
    struct both both;
    given_both(&both);
    has(&both.before, "bind/plain");
    answers(has(&both.after, "bind/plain"), "WSAEACCES", VERDICT_DEVIATE_NEW);
    compared(&both, 1);
    holds(&both.out, "\nWorse\n"
                     "  bind/plain on wine-8.0: conform -> deviate-new\n"
                     "    line 7: app: bind(s)\n"
                     "      was  ok port=s.port  (conform)\n"
                     "      now  WSAEACCES  (deviate-new)\n"
                     "\n0 added, 0 gone, 1 worse, 0 fixed, 0 changed, 0 the same\n");
    text_free(&both.out);
}

static void test_fixed(void) {
    struct both both;
    given_both(&both);
    answers(has(&both.before, "bind/plain"), "WSAEACCES", VERDICT_DEVIATE_NEW);
    has(&both.after, "bind/plain");
    compared(&both, 0);
    holds(&both.out, "\nFixed\n  bind/plain on wine-8.0: deviate-new -> conform\n");
    holds(&both.out, "0 worse, 1 fixed,");
    text_free(&both.out);
}

/* The instance deviated already, now another step of it does as well. */
static void test_worse_in_a_step(void) {
    struct both both;
    given_both(&both);
    answers(has(&both.before, "bind/plain"), "WSAEACCES", VERDICT_DEVIATE_NEW);
    struct run_file_instance *after = has(&both.after, "bind/plain");
    answers(after, "WSAEACCES", VERDICT_DEVIATE_NEW);
    after->steps[0].verdict = VERDICT_DEVIATE_NEW;
    compared(&both, 1);
    holds(&both.out, "\nWorse\n  bind/plain on wine-8.0: deviate-new\n    line 6: app: s = socket()\n");
    text_free(&both.out);
}

static void test_changed(void) {
    struct both both;
    given_both(&both);
    answers(has(&both.before, "bind/plain"), "WSAEACCES", VERDICT_DEVIATE_KNOWN);
    answers(has(&both.after, "bind/plain"), "WSAEADDRINUSE", VERDICT_DEVIATE_KNOWN);
    compared(&both, 0);
    holds(&both.out, "\nChanged\n  bind/plain on wine-8.0: deviate-known\n    line 7: app: bind(s)\n"
                     "      was  WSAEACCES  (deviate-known)\n      now  WSAEADDRINUSE  (deviate-known)\n");
    text_free(&both.out);
}

/* Port numbers of a host differ from run to run; what they stand for does not. */
static void test_live_values_are_no_change(void) {
    struct both both;
    given_both(&both);
    has(&both.before, "bind/plain")->steps[1].shown = "ok port=s.port (port 49152)";
    has(&both.after, "bind/plain")->steps[1].shown = "ok port=s.port (port 50000)";
    compared(&both, 0);
    holds(&both.out, "0 changed, 1 the same\n");
    text_free(&both.out);
}

static void test_added_and_gone(void) {
    struct both both;
    given_both(&both);
    has(&both.before, "old/case");
    has(&both.before, "stays");
    has(&both.after, "stays");
    has(&both.after, "new/case");
    compared(&both, 0);
    holds(&both.out, "\nAdded\n  new/case on wine-8.0: conform\n\nGone\n  old/case on wine-8.0: conform\n"
                     "\n1 added, 1 gone, 0 worse, 0 fixed, 0 changed, 1 the same\n");
    text_free(&both.out);
}

static void test_added_and_failing(void) {
    struct both both;
    given_both(&both);
    answers(has(&both.after, "new/case"), "WSAEACCES", VERDICT_DEVIATE_NEW);
    compared(&both, 1);
    holds(&both.out, "\n1 added (1 of them failing), 0 gone,");
    text_free(&both.out);
}

static void test_reason(void) {
    struct both both;
    given_both(&both);
    has(&both.before, "bind/plain");
    struct run_file_instance *after = has(&both.after, "bind/plain");
    after->verdict = VERDICT_CONFORM_UNEXPECTED;
    after->reason = "the recorded deviation rule-7 did not happen here";
    compared(&both, 1);
    holds(&both.out, "  bind/plain on wine-8.0: conform -> conform-unexpected\n    reason was  none\n"
                     "    reason now  the recorded deviation rule-7 did not happen here\n");
    text_free(&both.out);
}

static void test_scenario_was_edited(void) {
    struct both both;
    given_both(&both);
    has(&both.before, "bind/plain");
    has(&both.after, "bind/plain")->steps[1].call = "app: listen(s)";
    compared(&both, 0);
    holds(&both.out,
          "\nChanged\n  bind/plain on wine-8.0: conform\n    from line 7 on other steps are played than were\n");
    text_free(&both.out);
}

static void test_ended_early(void) {
    struct both both;
    given_both(&both);
    has(&both.before, "bind/plain");
    struct run_file_instance *after = has(&both.after, "bind/plain");
    after->steps_count = 1;
    after->verdict = VERDICT_HARNESS_BROKEN;
    compared(&both, 1);
    holds(&both.out, "conform -> harness-broken\n    2 steps were played, now 1\n");
    text_free(&both.out);
}

static void test_other_version_of_a_host(void) {
    struct both both;
    given_both(&both);
    both.after.file.subjects[0].name = "wine-9.0";
    has(&both.before, "bind/plain");
    answers(has(&both.after, "bind/plain"), "WSAEACCES", VERDICT_DEVIATE_KNOWN);
    compared(&both, 1);
    holds(&both.out, "   wine-8.0 of A is compared with wine-9.0 of B\n");
    holds(&both.out, "  bind/plain on wine-9.0: conform -> deviate-known\n");
    text_free(&both.out);
}

/* Of another kind, so there is nothing to compare. */
static void test_other_subject(void) {
    struct both both;
    given_both(&both);
    both.after.file.subjects[0] = (struct run_file_subject){ "model", "model" };
    has(&both.before, "bind/plain");
    has(&both.after, "bind/plain");
    compared(&both, 0);
    holds(&both.out, "\n1 added, 1 gone, 0 worse, 0 fixed, 0 changed, 0 the same\n");
    text_free(&both.out);
}

/* The same scenario was named twice on the command line. */
static void test_twice_in_a_run(void) {
    struct both both;
    given_both(&both);
    has(&both.before, "bind/plain");
    has(&both.before, "bind/plain");
    has(&both.after, "bind/plain");
    answers(has(&both.after, "bind/plain"), "WSAEACCES", VERDICT_DEVIATE_NEW);
    compared(&both, 1);
    holds(&both.out, "\n0 added, 0 gone, 1 worse, 0 fixed, 0 changed, 1 the same\n");
    text_free(&both.out);
}

static void test_nothing_in_either(void) {
    struct both both;
    given_both(&both);
    compared(&both, 0);
    holds(&both.out, "\n0 added, 0 gone, 0 worse, 0 fixed, 0 changed, 0 the same\n");
    text_free(&both.out);
}

static void what_happens_sometimes_is_no_change(void) {
    struct both both;
    given_both(&both);
    has(&both.before, "a/first");
    struct run_file_instance *by_chance = has(&both.after, "a/first");
    answers(by_chance, "WSAEACCES", VERDICT_DEVIATE_KNOWN);
    compared(&both, 1); /* worse: no rule says that it happens by chance */
    text_free(&both.out);
    by_chance->steps[1].sometimes = true;
    compared(&both, 0);
    CU_ASSERT_EQUAL(both.counts.changes[CHANGE_SAME], 1);
    text_free(&both.out);
    by_chance->steps[0].answer = "WSAEINVAL"; /* something else has changed as well */
    by_chance->steps[0].verdict = VERDICT_DEVIATE_KNOWN;
    compared(&both, 1);
    text_free(&both.out);
}

static void a_port_without_a_name_is_the_hosts_choice(void) {
    struct both both;
    given_both(&both);
    answers(has(&both.before, "a/first"), "ok port=34625 address=127.0.0.1", VERDICT_CONFORM);
    struct run_file_instance *after = has(&both.after, "a/first");
    answers(after, "ok port=4586 address=127.0.0.1", VERDICT_CONFORM);
    compared(&both, 0);
    CU_ASSERT_EQUAL(both.counts.changes[CHANGE_SAME], 1);
    text_free(&both.out);
    static const char *const others[] = { "ok port=4586 address=127.0.0.2", "ok port=s.port address=127.0.0.1",
                                          "ok port=4586" };
    for (unsigned i = 0; i < 3; i++) {
        answers(after, others[i], VERDICT_CONFORM);
        compared(&both, 0);
        CU_ASSERT_EQUAL(both.counts.changes[CHANGE_CHANGED], 1);
        text_free(&both.out);
    }
}

void register_diff_tests(void) {
    CU_pSuite suite = CU_add_suite("diff", NULL, NULL);
    CU_add_test(suite, "the same", test_same);
    CU_add_test(suite, "worse: status 1", test_worse);
    CU_add_test(suite, "fixed: status 0", test_fixed);
    CU_add_test(suite, "worse in a step, its verdict being the same", test_worse_in_a_step);
    CU_add_test(suite, "changed: other answers, no other verdict", test_changed);
    CU_add_test(suite, "live values are no change", test_live_values_are_no_change);
    CU_add_test(suite, "added, and gone", test_added_and_gone);
    CU_add_test(suite, "added and failing: status 1", test_added_and_failing);
    CU_add_test(suite, "a reason that no step tells", test_reason);
    CU_add_test(suite, "a scenario that was edited", test_scenario_was_edited);
    CU_add_test(suite, "a run that ended early", test_ended_early);
    CU_add_test(suite, "two versions of a host are paired", test_other_version_of_a_host);
    CU_add_test(suite, "subjects of two kinds are not", test_other_subject);
    CU_add_test(suite, "one instance twice in a run", test_twice_in_a_run);
    CU_add_test(suite, "nothing in either", test_nothing_in_either);
    CU_add_test(suite, "what happens sometimes is no change", what_happens_sometimes_is_no_change);
    CU_add_test(suite, "a port without a name is the host's choice", a_port_without_a_name_is_the_hosts_choice);
}
