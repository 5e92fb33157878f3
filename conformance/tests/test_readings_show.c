/* A question that scenarios cite is shown by them: for each of its candidates, switching from the likeliest one to it
 * changes what the model answers in at least one of the scenarios that cite the question. (The tree:
 * RESERVOIR_SCENARIOS, else "scenarios".) A question of which that were not so could be settled by no run on any
 * host. */
#include <CUnit/CUnit.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/runner/runner.h"
#include "conformance/runner/scenario_set.h"
#include "conformance/tests/run_fixture.h"
#include "stack/readings.h"

/* Some candidates leave a choice (any port of the block), which a seed decides: several are tried. */
enum { SEEDS = 8 };

static struct scenario_set set;

static int read_tree(void) { return fixture_read_tree(&set) ? 0 : 1; }

static int free_tree(void) {
    scenario_set_free(&set);
    return 0;
}

/* --- playing ---------------------------------------------------------------------------------------------------- */

/* Plays all instances of one scenario under the leans, with this answer to one question. The profile's name stands in
 * traces, so it is the same whatever the answer. */
static void play(const struct scenario_file *file, unsigned question, unsigned candidate, uint64_t seed,
                 struct run_record *record) {
    struct profile profile = *profile_named("windows");
    struct scenario_file copy = *file;
    struct scenario_set one = { .files = &copy, .count = 1 };
    struct run_plan plan = { .subjects_count = 1, .repeat = 1 };
    profile.answers[question] = (uint8_t)(candidate + 1);
    plan.subjects[0] = subject_model(&profile, seed);
    runner_run(&plan, &one, record);
    subject_free(plan.subjects[0]);
}

static bool same_traces(const struct run_record *one, const struct run_record *other) {
    CU_ASSERT_EQUAL_FATAL(one->count, other->count);
    for (size_t i = 0; i < one->count; i++) {
        const struct text *a = &one->instances[i]->trace, *b = &other->instances[i]->trace;
        if (a->length != b->length || memcmp(a->bytes, b->bytes, a->length) != 0) return false;
    }
    return true;
}

static bool tells_apart(const struct scenario_file *file, const struct reading *reading, unsigned candidate) {
    bool same = true;
    for (uint64_t seed = 0; same && seed < SEEDS; seed++) {
        struct run_record lean = { .count = 0 }, other = { .count = 0 };
        play(file, reading->question, reading->lean, seed, &lean);
        play(file, reading->question, candidate, seed, &other);
        same = same_traces(&lean, &other);
        run_record_free(&lean);
        run_record_free(&other);
    }
    return !same;
}

static bool asks(const struct scenario *scenario, unsigned question) {
    return scenario_cites(scenario, &(struct source){ .kind = SOURCE_READING, .number = question });
}

/* In how many of the scenarios that cite the question does this candidate answer otherwise than the lean? */
static unsigned count_shown(const struct reading *reading, unsigned candidate) {
    unsigned count = 0;
    for (size_t i = 0; i < set.count; i++) {
        if (!asks(set.files[i].scenario, reading->question)) continue;
        count += tells_apart(&set.files[i], reading, candidate);
    }
    return count;
}

/* --- the tests -------------------------------------------------------------------------------------------------- */

static bool is_cited(unsigned question) {
    for (size_t i = 0; i < set.count; i++)
        if (asks(set.files[i].scenario, question)) return true;
    return false;
}

static void switching_a_reading_changes_a_trace(void) {
    unsigned count = 0, questions = 0, pairs = 0, shown_by_one = 0;
    const struct reading *rows = readings(&count);
    for (unsigned i = 0; i < count; i++) {
        const struct reading *reading = &rows[i];
        if (!reading->modelled || !is_cited(reading->question)) continue;
        questions++;
        for (unsigned candidate = 0; candidate < reading->candidates_count; candidate++) {
            if (candidate == reading->lean) continue;
            unsigned shown = count_shown(reading, candidate);
            if (shown == 0)
                printf("\n    Q%u: no scenario that cites it tells %c from %c", (unsigned)reading->question,
                       'a' + reading->lean, 'a' + candidate);
            CU_ASSERT_TRUE(shown > 0);
            shown_by_one += shown == 1;
            pairs++;
        }
    }
    CU_ASSERT_TRUE(questions > 0);
    printf(
        "\n    %u questions, %u times one candidate against the likeliest: each distinguished by a scenario, %u by one alone",
        questions, pairs, shown_by_one);
}

static void what_the_model_does_not_ask_is_cited_by_no_one(void) {
    unsigned count = 0;
    const struct reading *rows = readings(&count);
    for (unsigned i = 0; i < count; i++) {
        if (!rows[i].modelled) CU_ASSERT_FALSE(is_cited(rows[i].question));
    }
}

void register_readings_show_tests(void);
void register_readings_show_tests(void) {
    CU_pSuite suite = CU_add_suite("scenarios tell readings apart", read_tree, free_tree);
    CU_add_test(suite, "switching a reading changes a trace", switching_a_reading_changes_a_trace);
    CU_add_test(suite, "what the model does not ask is cited by no one",
                what_the_model_does_not_ask_is_cited_by_no_one);
}
