/* Sets of scenarios that hold few trees. Two files of our own, "held" and "put-away", of which the set holds one. */
#include <CUnit/CUnit.h>
#include <stdio.h>
#include <string.h>

#include "conformance/base/folders.h"
#include "conformance/tests/run_fixture.h"

void register_scenario_set_tests(void);

static const char held[] = "build/scenario-set-test/a/held.scn", put_away[] = "build/scenario-set-test/a/put-away.scn";

static struct run_fixture fixture;

static void write_scenario(const char *path, const char *name, const char *variants) {
    char text[300];
    int length = snprintf(text, sizeof text,
                          "scenario %s\n%s\nprocess app\n\napp: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n",
                          name, variants);
    CU_ASSERT_TRUE_FATAL(file_write_at_once(path, text, (size_t)length));
}

static void given_two_files(void) {
    fixture = (struct run_fixture){ .set = { .held_most = 1 } };
    write_scenario(held, "held", "  variants transport=tcp|udp\n");
    write_scenario(put_away, "put-away", "  variants transport=tcp|udp\n");
    scenario_set_add(&fixture.set, held);
    scenario_set_add(&fixture.set, put_away);
    CU_ASSERT_EQUAL_FATAL(fixture.set.count, 2);
    CU_ASSERT_PTR_NOT_NULL(fixture.set.files[0].scenario);
    CU_ASSERT_PTR_NULL(fixture.set.files[1].scenario);
    fixture_on_model(&fixture, "windows");
}

static int clean_up(void) {
    fixture_free(&fixture);
    file_remove(held);
    file_remove(put_away);
    return 0;
}

static void a_tree_that_was_put_away_is_played(void) {
    given_two_files();
    fixture.plan.shuffle = true;
    fixture_run(&fixture);
    CU_ASSERT_EQUAL_FATAL(fixture.record.count, 4);
    CU_ASSERT_STRING_EQUAL(fixture.record.instances[3]->id, "a/put-away[udp]");
    for (unsigned i = 0; i < 4; i++) CU_ASSERT_EQUAL(fixture.record.instances[i]->verdict, VERDICT_CONFORM);
    CU_ASSERT_EQUAL(fixture_status(&fixture), 0);
    clean_up();
}

static void a_filter_looks_into_what_was_put_away(void) {
    struct filter filter;
    struct reason reason;
    struct path_list names = { 0 };
    given_two_files();
    CU_ASSERT_TRUE_FATAL(filter_read("name=*away*udp*", &filter, &reason));
    scenario_set_filter(&fixture.set, &filter);
    scenario_set_ids(&fixture.set, &names);
    CU_ASSERT_EQUAL_FATAL(names.count, 1);
    CU_ASSERT_STRING_EQUAL(names.paths[0], "a/put-away[udp]");
    path_list_free(&names);
    scenario_set_add(&fixture.set, put_away); /* there already, although files have moved */
    CU_ASSERT_EQUAL(fixture.set.count, 1);
    clean_up();
}

static void remove_the_second(void *context, size_t done, size_t total, const char *id) {
    (void)context, (void)done, (void)total, (void)id;
    file_remove(put_away);
}

static void change_the_second(void *context, size_t done, size_t total, const char *id) {
    (void)context, (void)done, (void)total, (void)id;
    write_scenario(put_away, "put-away", "");
}

static void expect_the_second_lost(void (*progress)(void *context, size_t done, size_t total, const char *id)) {
    given_two_files();
    fixture.plan.progress = progress;
    fixture_run(&fixture);
    CU_ASSERT_EQUAL_FATAL(fixture.record.count, 4);
    CU_ASSERT_EQUAL(fixture.record.instances[1]->verdict, VERDICT_CONFORM);
    CU_ASSERT_EQUAL(fixture.record.instances[2]->verdict, VERDICT_HARNESS_BROKEN);
    CU_ASSERT_STRING_EQUAL(fixture.record.instances[2]->id, "a/put-away");
    CU_ASSERT_STRING_EQUAL(fixture.record.instances[2]->reason,
                           "the file is not what it was when it was selected, or cannot be read any more");
    CU_ASSERT_EQUAL(fixture_status(&fixture), 2);
    clean_up();
}

static void a_file_that_is_gone_meanwhile_is_broken(void) { expect_the_second_lost(remove_the_second); }

static void a_file_that_has_changed_meanwhile_is_broken(void) { expect_the_second_lost(change_the_second); }

static void a_file_is_in_the_set_once(void) {
    given_two_files();
    scenario_set_add(&fixture.set, "build/scenario-set-test/a/../a/held.scn");
    scenario_set_add(&fixture.set, "build/scenario-set-test");
    CU_ASSERT_EQUAL(fixture.set.count, 2);
    clean_up();
}

void register_scenario_set_tests(void) {
    CU_pSuite suite = CU_add_suite("sets of scenarios", NULL, NULL);
    CU_add_test(suite, "a tree that was put away is played", a_tree_that_was_put_away_is_played);
    CU_add_test(suite, "a filter looks into what was put away", a_filter_looks_into_what_was_put_away);
    CU_add_test(suite, "a file that is gone meanwhile is broken", a_file_that_is_gone_meanwhile_is_broken);
    CU_add_test(suite, "a file that has changed meanwhile is broken", a_file_that_has_changed_meanwhile_is_broken);
    CU_add_test(suite, "a file is in the set once", a_file_is_in_the_set_once);
}
