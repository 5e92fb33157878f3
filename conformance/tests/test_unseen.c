/* What a host is known not to show: read, compared with a run, written anew. */
#include <CUnit/CUnit.h>

#include <stdio.h>
#include <string.h>

#include "conformance/verdicts/unseen.h"

void register_unseen_tests(void);

static struct run_record record;
static struct unseen unseen;
static struct text out;

static int clean_up(void) {
    run_record_free(&record);
    record = (struct run_record){ .count = 0 };
    unseen_free(&unseen);
    text_free(&out);
    return 0;
}

static struct instance_record *given(const char *scenario, const char *suffix, enum verdict verdict,
                                     const char *reason) {
    struct instance_record *instance = run_record_add(&record);
    struct text id = { 0 };
    text_add(&id, "%s%s", scenario, suffix);
    instance->scenario = instance_record_text(instance, scenario);
    instance->id = instance_record_text(instance, id.bytes);
    text_free(&id);
    instance_record_raise(instance, verdict, reason);
    return instance;
}

static void recorded(const char *text) {
    struct language_error error;
    CU_ASSERT_TRUE(unseen_parse(&unseen, "unseen", text, strlen(text), &error));
}

static void expect_refused(const char *text, unsigned line) {
    struct language_error error;
    CU_ASSERT_FALSE(unseen_parse(&unseen, "unseen", text, strlen(text), &error));
    CU_ASSERT_EQUAL(error.position.line, line);
    CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "expected `unsupported SCENARIO`"));
    clean_up();
}

static void a_line_is_a_verdict_and_a_scenario(void) {
    recorded("# nothing\n\nunsupported a/one # why\n  sometimes\tinconclusive a/two[tcp]\r\n");
    CU_ASSERT_EQUAL_FATAL(unseen.count, 2);
    CU_ASSERT_STRING_EQUAL(unseen.entries[0].name, "a/one");
    CU_ASSERT_FALSE(unseen.entries[0].sometimes);
    CU_ASSERT_STRING_EQUAL(unseen.entries[1].name, "a/two[tcp]");
    CU_ASSERT_EQUAL(unseen.entries[1].verdict, VERDICT_INCONCLUSIVE);
    CU_ASSERT_TRUE(unseen.entries[1].sometimes);
    clean_up();
}

static void anything_else_is_refused(void) {
    expect_refused("unsupported a\nconform a\n", 2);
    expect_refused("unsupported\n", 1);
    expect_refused("sometimes a\n", 1);
    expect_refused("unsupported a b\n", 1);
    expect_refused("unsuported a", 1);
}

static void a_row_stands_once(void) {
    struct language_error error;
    const char *text = "inconclusive b\nunsupported a/one[tcp]\nunsupported a/one\n"
                       "sometimes unsupported a/one # again\ninconclusive b\n";
    CU_ASSERT_FALSE(unseen_parse(&unseen, "unseen", text, strlen(text), &error));
    CU_ASSERT_EQUAL(error.position.line, 4);
    CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "line 3 already says unsupported of a/one"));
    clean_up();
    recorded("without-capture inconclusive a\ninconclusive a\nunsupported a\n");
    clean_up();
}

static void what_is_not_recorded_is_new(void) {
    recorded("unsupported a/known\nunsupported a/other\n");
    const struct instance_record *known = given("a/known", "[v4]", VERDICT_UNSUPPORTED, "no thread");
    const struct instance_record *new = given("a/new", "", VERDICT_UNSUPPORTED, "no thread");
    const struct instance_record *other = given("a/other", "", VERDICT_INCONCLUSIVE, "not sent");
    unseen_check(&unseen, 0, &record);
    CU_ASSERT_EQUAL(known->verdict, VERDICT_UNSUPPORTED);
    CU_ASSERT_EQUAL(new->verdict, VERDICT_UNSEEN_NEW);
    CU_ASSERT_STRING_EQUAL(new->reason, "unsupported, which is not recorded: no thread");
    CU_ASSERT_EQUAL(other->verdict, VERDICT_UNSEEN_NEW);
    clean_up();
}

static void what_is_recorded_and_was_seen_is_to_be_corrected(void) {
    recorded("unsupported a/seen\nsometimes inconclusive a/chance\nunsupported a/worse\nunsupported a/waits\n");
    const struct instance_record *seen = given("a/seen", "", VERDICT_CONFORM, NULL);
    const struct instance_record *chance = given("a/chance", "", VERDICT_CONFORM, NULL);
    const struct instance_record *worse = given("a/worse", "", VERDICT_DEVIATE_NEW, NULL);
    struct instance_record *waits = given("a/waits", "", VERDICT_INCONCLUSIVE, "restart it");
    waits->stopped = true;
    unseen_check(&unseen, 0, &record);
    CU_ASSERT_EQUAL(seen->verdict, VERDICT_CONFORM_UNEXPECTED);
    CU_ASSERT_STRING_EQUAL(seen->reason, "unsupported is recorded, and it was seen");
    CU_ASSERT_EQUAL(chance->verdict, VERDICT_CONFORM);
    CU_ASSERT_EQUAL(worse->verdict, VERDICT_DEVIATE_NEW);
    CU_ASSERT_EQUAL(waits->verdict, VERDICT_INCONCLUSIVE);
    clean_up();
}

static void chance_belongs_to_the_whole_scenario(void) {
    recorded("inconclusive a/port[tcp]\nunsupported a/port[raw]\n");
    given("a/port", "[tcp]", VERDICT_CONFORM, NULL);
    given("a/port", "[udp]", VERDICT_INCONCLUSIVE, "outside the range");
    given("a/port", "[raw]", VERDICT_UNSUPPORTED, "not here");
    unseen_print(&unseen, 0, &record, &out);
    CU_ASSERT_STRING_EQUAL(out.bytes, "sometimes inconclusive a/port  # by chance\n"
                                      "unsupported            a/port[raw]  # not here\n");
    clean_up();
}

static void what_was_not_asked_says_nothing(void) {
    recorded("unsupported a/known\n");
    const struct instance_record *new = given("a/new", "", VERDICT_UNSUPPORTED, "no trace recorded");
    given("a/known", "", VERDICT_UNSUPPORTED, "no trace recorded");
    unseen_check(&unseen, 0, &record);
    CU_ASSERT_EQUAL(new->verdict, VERDICT_UNSUPPORTED);
    unseen_print(&unseen, 0, &record, &out);
    CU_ASSERT_STRING_EQUAL(out.bytes, "unsupported            a/known  # no trace recorded\n");
    clean_up();
}

/* A process that may not listen records no packets: what expects some is inconclusive there, and nowhere else. */
static void what_lacks_a_capture_is_recorded_apart(void) {
    static const char text[] =
        "without-capture inconclusive a/known # needs a capture\nwithout-capture inconclusive a/seen\n"
        "without-capture inconclusive a/other\n";
    recorded(text);
    const struct instance_record *known =
        given("a/known", "", VERDICT_INCONCLUSIVE, "not sent: needs a capture, line 9");
    const struct instance_record *seen = given("a/seen", "", VERDICT_CONFORM, NULL);
    const struct instance_record *other = given("a/other", "", VERDICT_INCONCLUSIVE, "not sent: needs r, line 9");
    const struct instance_record *new = given("a/new", "", VERDICT_INCONCLUSIVE, "not sent: needs a capture, line 3");
    unseen_print(&unseen, 0, &record, &out);
    CU_ASSERT_STRING_EQUAL(out.bytes, "inconclusive           a/other  # not sent: needs r, line 9\n"
                                      "without-capture inconclusive a/new  # not sent: needs a capture, line 3\n"
                                      "without-capture inconclusive a/known  # needs a capture\n"
                                      "without-capture inconclusive a/seen  # needs a capture\n"
                                      "without-capture inconclusive a/other  # needs a capture\n");
    unseen_check(&unseen, 0, &record);
    CU_ASSERT_EQUAL(known->verdict, VERDICT_INCONCLUSIVE);
    CU_ASSERT_EQUAL(seen->verdict, VERDICT_CONFORM);
    CU_ASSERT_EQUAL(other->verdict, VERDICT_UNSEEN_NEW);
    CU_ASSERT_EQUAL(new->verdict, VERDICT_UNSEEN_NEW);
    clean_up();
}

/* A port that lies outside its range by chance is what the run is judged by; the next time it is inconclusive. */
static void what_chance_hides_is_unseen_sometimes(void) {
    static const struct deviation_rule chance = { .sometimes = true }, always = { .sometimes = false };
    struct step_record hidden[] = { { .verdict = VERDICT_DEVIATE_KNOWN, .rule = &chance },
                                    { .verdict = VERDICT_INCONCLUSIVE } };
    struct step_record plain[] = { { .verdict = VERDICT_DEVIATE_KNOWN, .rule = &chance },
                                   { .verdict = VERDICT_INCONCLUSIVE },
                                   { .verdict = VERDICT_DEVIATE_KNOWN, .rule = &always } };
    struct instance_record *first = given("a/hidden", "", VERDICT_DEVIATE_KNOWN, NULL);
    struct instance_record *second = given("a/plain", "", VERDICT_DEVIATE_KNOWN, NULL);
    struct instance_record *third = given("a/whole", "", VERDICT_DEVIATE_KNOWN, NULL);
    first->steps = hidden;
    first->steps_count = 2;
    second->steps = plain;
    second->steps_count = 3;
    third->steps = hidden;
    third->steps_count = 1;
    struct step_record cut[] = { { .verdict = VERDICT_DEVIATE_KNOWN, .rule = &chance },
                                 { .verdict = VERDICT_UNSUPPORTED } };
    struct instance_record *fourth = given("a/cut", "", VERDICT_DEVIATE_KNOWN, NULL);
    fourth->steps = cut;
    fourth->steps_count = 2;
    unseen_print(&unseen, 0, &record, &out);
    CU_ASSERT_STRING_EQUAL(out.bytes, "sometimes inconclusive a/hidden\n"
                                      "sometimes unsupported  a/cut\n");
    clean_up();
}

static void a_folder_has_one_line(void) {
    recorded("unsupported a/*\n");
    const struct instance_record *first = given("a/first", "[v4]", VERDICT_UNSUPPORTED, "this host is one machine");
    const struct instance_record *seen = given("a/seen", "", VERDICT_CONFORM, NULL);
    const struct instance_record *other = given("ab/other", "", VERDICT_UNSUPPORTED, "no thread");
    unseen_print(&unseen, 0, &record, &out);
    CU_ASSERT_STRING_EQUAL(out.bytes, "unsupported            ab/other  # no thread\n"
                                      "unsupported            a/*\n");
    unseen_check(&unseen, 0, &record);
    CU_ASSERT_EQUAL(first->verdict, VERDICT_UNSUPPORTED);
    CU_ASSERT_EQUAL(seen->verdict, VERDICT_CONFORM_UNEXPECTED);
    CU_ASSERT_EQUAL(other->verdict, VERDICT_UNSEEN_NEW);
    clean_up();
}

static void another_subject_is_left_alone(void) {
    struct instance_record *model = given("a/new", "", VERDICT_UNSUPPORTED, "no thread");
    model->subject = 1;
    unseen_check(&unseen, 0, &record);
    CU_ASSERT_EQUAL(model->verdict, VERDICT_UNSUPPORTED);
    clean_up();
}

/* The new record fits the run that it was made from. */
static void a_record_is_written_anew(void) {
    recorded("unsupported a/elsewhere\ninconclusive a/chance\nunsupported a/mended\n");
    given("a/all", "[v4]", VERDICT_UNSUPPORTED, "no thread\nmore");
    given("a/all", "[v6]", VERDICT_UNSUPPORTED, "no thread");
    given("a/one", "[v4]", VERDICT_CONFORM, NULL);
    given("a/one", "[v6]", VERDICT_INCONCLUSIVE, "not sent");
    given("a/chance", "", VERDICT_CONFORM, NULL);
    given("a/mended", "", VERDICT_CONFORM, NULL);
    unseen_print(&unseen, 0, &record, &out);
    CU_ASSERT_STRING_EQUAL(out.bytes, "unsupported            a/all  # no thread\n"
                                      "inconclusive           a/one[v6]  # not sent\n"
                                      "sometimes inconclusive a/chance\n"
                                      "unsupported            a/elsewhere\n");
    struct unseen again = { .count = 0 };
    struct language_error error;
    CU_ASSERT_TRUE(unseen_parse(&again, "again", out.bytes, out.length, &error));
    unseen_check(&again, 0, &record);
    for (size_t i = 0; i < record.count; i++) CU_ASSERT_TRUE(record.instances[i]->verdict <= VERDICT_INCONCLUSIVE);
    unseen_free(&again);
    clean_up();
}

void register_unseen_tests(void) {
    CU_pSuite suite = CU_add_suite("what a host does not show", NULL, NULL);
    CU_add_test(suite, "a line is a verdict and a scenario", a_line_is_a_verdict_and_a_scenario);
    CU_add_test(suite, "anything else is refused", anything_else_is_refused);
    CU_add_test(suite, "a row stands once", a_row_stands_once);
    CU_add_test(suite, "what is not recorded is new", what_is_not_recorded_is_new);
    CU_add_test(suite, "what is recorded and was seen is to be corrected",
                what_is_recorded_and_was_seen_is_to_be_corrected);
    CU_add_test(suite, "chance belongs to the whole scenario", chance_belongs_to_the_whole_scenario);
    CU_add_test(suite, "what was not asked says nothing", what_was_not_asked_says_nothing);
    CU_add_test(suite, "what lacks a capture is recorded apart", what_lacks_a_capture_is_recorded_apart);
    CU_add_test(suite, "what chance hides is unseen sometimes", what_chance_hides_is_unseen_sometimes);
    CU_add_test(suite, "a folder has one line", a_folder_has_one_line);
    CU_add_test(suite, "another subject is left alone", another_subject_is_left_alone);
    CU_add_test(suite, "a record is written anew", a_record_is_written_anew);
}
