/* What has to hold for every scenario of the tree (RESERVOIR_SCENARIOS, else "scenarios"):
 *   it stands in the canonical layout;
 *   it passes on the model under both profiles, under each with any single reading switched, and with all drawn;
 *   the judge allows what the model answered, and rejects it with one answer altered, or names the readings under which
 *   the altered answer would be right. */
#include <CUnit/CUnit.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/files.h"
#include "conformance/base/folders.h"
#include "conformance/base/reason.h"
#include "conformance/judge/judge.h"
#include "conformance/language/expand.h"
#include "conformance/language/printer.h"
#include "conformance/language/step_order.h"
#include "conformance/runner/runner.h"
#include "conformance/runner/scenario_set.h"
#include "conformance/tests/own_traces.h"
#include "conformance/tests/run_fixture.h"
#include "stack/errors.h"
#include "stack/readings.h"

static const char *const profile_names[] = { "documented", "windows" };
enum { PROFILES = 2 };

static struct scenario_set set;

static int read_tree(void) { return fixture_read_tree(&set) ? 0 : 1; }

static int free_tree(void) {
    scenario_set_free(&set);
    return 0;
}

/* --- layout ----------------------------------------------------------------------------------------------------- */

/* As `reservoir fmt` would write it: who changes a line with it changes no other. */
static bool is_in_order(const struct scenario_file *file) {
    size_t length = 0;
    struct text text = { 0 };
    char *bytes = file_read(file->path, 1 << 22, &length);
    CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
    scenario_print(file->scenario, &text);
    bool same = text.length == length && memcmp(text.bytes, bytes, length) == 0;
    if (!same) printf("\n    %s is not in order; `reservoir fmt` brings it there", file->path);
    text_free(&text);
    free(bytes);
    return same;
}

static void every_scenario_is_in_the_canonical_layout(void) {
    for (size_t i = 0; i < set.count; i++) CU_ASSERT_TRUE(is_in_order(&set.files[i]));
}

/* --- passing ---------------------------------------------------------------------------------------------------- */

/* Runs one scenario, all its instances, under a profile. True when no instance is worse than inconclusive. */
static bool passes(const struct scenario_file *file, const struct profile *profile) {
    struct scenario_file copy = *file;
    struct scenario_set one = { .files = &copy, .count = 1 };
    struct run_record record = { .count = 0 };
    struct run_plan plan = { .subjects = { subject_model(profile, 0) }, .subjects_count = 1, .repeat = 1 };
    bool good = true;
    runner_run(&plan, &one, &record);
    for (size_t i = 0; i < record.count; i++) {
        const struct instance_record *instance = record.instances[i];
        if (instance->verdict <= VERDICT_INCONCLUSIVE) continue;
        good = false;
        printf("\n    %s under %s: %s: %s", instance->id, profile->name, verdict_name(instance->verdict),
               instance->reason == NULL ? "" : instance->reason);
    }
    run_record_free(&record);
    subject_free(plan.subjects[0]);
    return good;
}

static void every_scenario_passes_under_both_profiles(void) {
    for (unsigned i = 0; i < PROFILES; i++) {
        const struct profile *profile = profile_named(profile_names[i]);
        CU_ASSERT_PTR_NOT_NULL_FATAL(profile);
        for (size_t j = 0; j < set.count; j++) CU_ASSERT_TRUE(passes(&set.files[j], profile));
    }
}

/* On which questions a scenario's runs under a profile can depend: those that the model asks in one of them, and those
 * that its text names. Any, where a machine restarts. */
struct dependence {
    bool all, on[READINGS_MAX];
};

/* What the model asked stays in the worlds of its machines. */
static void note_asked(struct scenario *instance, const struct profile *profile, struct dependence *dependence) {
    uint16_t ports_first[PORTS_MAX];
    struct reason detail;
    struct step_order order;
    struct step_answer answer = { .result = STEP_DONE };
    struct subject *subject = subject_model(profile, 0);
    bool goes_on = subject_begin(subject, instance, "", ports_first, &detail) == STEP_DONE;
    dependence->all |= !goes_on;
    step_order_fill(&order, instance);
    for (unsigned i = 0; goes_on && i < order.count; i++) {
        subject_step(subject, i, order.steps[i], &answer);
        goes_on = answer.result == STEP_SEEN || answer.result == STEP_DONE || answer.result == STEP_NEEDS;
    }
    for (unsigned question = 1; question < READINGS_MAX && !dependence->all; question++)
        dependence->on[question] |= subject_model_asked(subject, question);
    subject_end(subject, &detail);
    subject_free(subject);
    step_answer_free(&answer);
}

/* @Q38=a, and whatever else begins with Q38. */
static void note_named(const char *path, struct dependence *dependence) {
    size_t length = 0;
    char *text = file_read(path, FILE_BYTES_MAX, &length);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    for (const char *at = text; (at = strchr(at, 'Q')) != NULL; at++) {
        unsigned long question = strtoul(at + 1, NULL, 10);
        if (question < READINGS_MAX) dependence->on[question] = true;
    }
    free(text);
}

static struct dependence dependence_of(const struct scenario_file *file, const struct profile *profile) {
    struct dependence dependence = { .all = false };
    note_named(file->path, &dependence);
    for (unsigned i = 0; i < file->instances_count; i++) {
        struct scenario *instance = scenario_expand(file->scenario, i);
        dependence.all |= steps_restart_machine(instance->steps, instance->steps_count);
        if (!dependence.all) note_asked(instance, profile, &dependence);
        scenario_free(instance);
    }
    return dependence;
}

/* The scenarios under one profile with one answer switched: those that depend on it, and of the others, whose runs are
 * those of the profile as it is, a sample. */
static unsigned runs_with(const struct profile *base, const struct reading *reading, unsigned candidate,
                          const struct dependence *dependences) {
    enum { SAMPLE = 32 };
    char name[64];
    struct profile profile = *base;
    unsigned runs = 0;
    snprintf(name, sizeof name, "%s with Q%u=%c", base->name, (unsigned)reading->question, 'a' + candidate);
    profile.name = name;
    profile.answers[reading->question] = (uint8_t)(candidate + 1);
    for (size_t i = 0; i < set.count; i++) {
        bool depends = dependences[i].all || dependences[i].on[reading->question];
        if (!depends && (i + reading->question) % SAMPLE != 0) continue;
        CU_ASSERT_TRUE(passes(&set.files[i], &profile));
        runs++;
    }
    return runs;
}

static void every_scenario_passes_with_any_reading_switched(void) {
    unsigned count = 0, runs = 0, switched = 0;
    const struct reading *rows = readings(&count);
    struct dependence *dependences = calloc(set.count, sizeof *dependences);
    CU_ASSERT_PTR_NOT_NULL_FATAL(dependences);
    for (unsigned i = 0; i < PROFILES; i++) {
        const struct profile *profile = profile_named(profile_names[i]);
        for (size_t j = 0; j < set.count; j++) dependences[j] = dependence_of(&set.files[j], profile);
        for (unsigned j = 0; j < count; j++) {
            for (unsigned candidate = 0; candidate < rows[j].candidates_count; candidate++) {
                if (!rows[j].modelled || profile->answers[rows[j].question] == candidate + 1) continue;
                runs += runs_with(profile, &rows[j], candidate, dependences);
                switched++;
            }
        }
    }
    free(dependences);
    printf(
        "\n    %u scenarios under %u profiles with one reading switched: %u runs that can depend on it, or are a sample",
        (unsigned)set.count, switched, runs);
}

/* Each question that the model asks is answered by a candidate that the seed draws, before anything is played: a line
 * holds only if it names each question on which its outcome depends, also one that an earlier line has turned away
 * from. */
static void every_scenario_passes_with_every_question_drawn(void) {
    enum { SEEDS = 40 };
    unsigned count = 0;
    const struct reading *rows = readings(&count);
    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        struct profile profile = { .answers = { 0 } };
        char name[64];
        uint64_t state = seed;
        snprintf(name, sizeof name, "the questions that seed %u draws", seed);
        profile.name = name;
        for (unsigned i = 0; i < count; i++) {
            state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407); /* Knuth's MMIX */
            if (rows[i].modelled)
                profile.answers[rows[i].question] = (uint8_t)(1 + (state >> 33) % rows[i].candidates_count);
        }
        for (size_t j = 0; j < set.count; j++) CU_ASSERT_TRUE(passes(&set.files[j], &profile));
    }
}

/* --- altering --------------------------------------------------------------------------------------------------- */

/* A scenario as the model played it. */
struct played_instance {
    struct scenario *instance;
    uint16_t ports_first[PORTS_MAX];
    struct step_order order;
    unsigned count;
    enum step_result results[STEPS_MAX];
    struct observation seen[STEPS_MAX];
};

struct alterations {
    unsigned traces, rejected, allowed_by_reading, allowed_otherwise;
};

static bool play(struct played_instance *played, const struct profile *profile) {
    struct reason detail;
    struct step_answer step = { .result = STEP_DONE };
    struct subject *subject = subject_model(profile, 0);
    bool begun = subject_begin(subject, played->instance, "", played->ports_first, &detail) == STEP_DONE;
    step_order_fill(&played->order, played->instance);
    played->count = 0;
    for (unsigned i = 0; begun && i < played->order.count; i++) {
        subject_step(subject, i, played->order.steps[i], &step);
        played->results[i] = step.result;
        played->seen[i] = step.seen;
        played->count++;
        if (step.result == STEP_UNSUPPORTED || step.result == STEP_BROKEN) begun = false;
    }
    subject_end(subject, &detail);
    subject_free(subject);
    step_answer_free(&step);
    return played->count == played->order.count;
}

/* Judges what was played, with step `altered` answered by `seen` (NULL: as it was). True when all is allowed; then
 * `left` is a set of candidates for each question. */
static bool judged(const struct played_instance *played, const struct profile *profile, unsigned altered,
                   const struct observation *seen, unsigned left[READINGS_MAX]) {
    struct reason reason;
    struct judgement *judgement = calloc(1, sizeof *judgement);
    struct judge *judge =
        judge_create(played->instance, played->ports_first, (struct machine_facts){ 0 }, profile, &reason);
    bool allowed = judge != NULL && judgement != NULL;
    for (unsigned i = 0; allowed && i < played->count; i++) {
        if (played->results[i] != STEP_SEEN && played->results[i] != STEP_DONE) continue;
        const struct observation *one = i == altered && seen != NULL ? seen : &played->seen[i];
        judge_step(judge, played->order.steps[i], played->results[i], one, NULL, judgement);
        allowed = played->results[i] == STEP_DONE || judgement->allowed;
    }
    unsigned count = 0;
    const struct reading *rows = readings(&count);
    for (unsigned i = 0; allowed && left != NULL && i < count; i++)
        left[rows[i].question] = judge_candidates(judge, rows[i].question);
    judge_free(judge);
    free(judgement);
    return allowed;
}

/* Does the altered answer need a reading other than the profile's? */
static bool names_a_reading(const unsigned left[READINGS_MAX], const struct profile *profile) {
    unsigned count = 0;
    const struct reading *rows = readings(&count);
    for (unsigned i = 0; i < count; i++) {
        unsigned question = rows[i].question, answer = profile->answers[question];
        if (answer != 0 && (left[question] & 1u << (answer - 1)) == 0) return true;
    }
    return false;
}

/* Several readings may allow it, each by itself: then every question alone leaves the profile's answer open, and
 * switching one after the other tells them. */
static bool one_switched_reading_allows(const struct played_instance *played, const struct profile *profile,
                                        unsigned step, const struct observation *altered) {
    unsigned count = 0;
    const struct reading *rows = readings(&count);
    for (unsigned i = 0; i < count; i++) {
        for (unsigned candidate = 0; rows[i].modelled && candidate < rows[i].candidates_count; candidate++) {
            struct profile switched = *profile;
            switched.answers[rows[i].question] = (uint8_t)(candidate + 1);
            if (judged(played, &switched, step, altered, NULL)) return true;
        }
    }
    return false;
}

static void check_altered(const struct played_instance *played, const struct profile *profile, unsigned step,
                          const struct observation *altered, struct alterations *counts) {
    unsigned left[READINGS_MAX] = { 0 };
    if (memcmp(altered, &played->seen[step], sizeof *altered) == 0) return;
    bool by_profile = judged(played, profile, step, altered, NULL);
    bool by_any = judged(played, NULL, step, altered, left);
    if (!by_any && !by_profile) {
        counts->rejected++;
    } else if (!by_profile &&
               (names_a_reading(left, profile) || one_switched_reading_allows(played, profile, step, altered))) {
        counts->allowed_by_reading++;
    } else {
        counts->allowed_otherwise++;
        printf("\n    %s, line %u under %s: an altered answer is allowed and no reading is named",
               played->instance->name, (unsigned)played->order.steps[step]->position.line, profile->name);
    }
}

static void alter_error(const struct played_instance *played, const struct profile *profile, unsigned step,
                        uint32_t error, struct alterations *counts) {
    struct observation altered = played->seen[step];
    if (altered.word != OUTCOME_ERROR) {
        memset(altered.values, 0, sizeof altered.values);
        memset(altered.out, 0, sizeof altered.out);
        memset(altered.address, 0, sizeof altered.address);
    }
    altered.word = OUTCOME_ERROR;
    altered.code = error;
    check_altered(played, profile, step, &altered, counts);
}

static void alter_value(const struct played_instance *played, const struct profile *profile, unsigned step,
                        enum observable what, uint64_t number, struct alterations *counts) {
    struct observation altered = played->seen[step];
    if (!altered.values[what].present) return;
    altered.values[what].untouched = 0;
    altered.values[what].number = number;
    check_altered(played, profile, step, &altered, counts);
}

/* Another error that no one has in mind, the errors of the line's other alternatives, a port outside every block,
 * another number of bytes. */
static void alter_step(const struct played_instance *played, const struct profile *profile, unsigned index,
                       struct alterations *counts) {
    const struct step *step = played->order.steps[index];
    const struct observation *seen = &played->seen[index];
    if (step->kind == STEP_EXPECT) return; /* only its line judges a packet */
    alter_error(played, profile, index, WSAEPROCLIM, counts);
    for (uint32_t i = 0; i < step->outcomes_count; i++) {
        const struct outcome *outcome = &step->outcomes[i];
        if (outcome->word != OUTCOME_ERROR) continue;
        if (seen->word != OUTCOME_ERROR || seen->code != (uint32_t)outcome->value->number)
            alter_error(played, profile, index, (uint32_t)outcome->value->number, counts);
    }
    alter_value(played, profile, index, OBSERVABLE_port, 7, counts);
    alter_value(played, profile, index, OBSERVABLE_StartPort, 7, counts);
    if (!seen->values[OBSERVABLE_bytes].untouched)
        alter_value(played, profile, index, OBSERVABLE_bytes, seen->values[OBSERVABLE_bytes].number + 1, counts);
}

static void check_instance(struct played_instance *played, const struct profile *profile, struct alterations *counts) {
    if (played->instance->machines_count > 0) return; /* which is not judged */
    if (!play(played, profile)) return;               /* what a world cannot give was reported by the tests above */
    counts->traces++;
    bool own = judged(played, profile, 0, NULL, NULL), any = judged(played, NULL, 0, NULL, NULL);
    CU_ASSERT_TRUE(own);
    CU_ASSERT_TRUE(any);
    if (!own || !any)
        printf("\n    %s under %s is not allowed as the model played it", played->instance->name, profile->name);
    for (unsigned i = 0; own && any && i < played->count; i++) {
        if (played->results[i] == STEP_SEEN) alter_step(played, profile, i, counts);
    }
}

static void the_judge_knows_the_model_and_every_alteration(void) {
    struct alterations counts = { 0 };
    struct played_instance *played = calloc(1, sizeof *played);
    CU_ASSERT_PTR_NOT_NULL_FATAL(played);
    for (size_t i = 0; i < set.count; i++) {
        unsigned instances = scenario_instances_count(set.files[i].scenario);
        for (unsigned j = 0; j < instances; j++) {
            played->instance = scenario_expand(set.files[i].scenario, j);
            for (unsigned k = 0; k < PROFILES; k++) check_instance(played, profile_named(profile_names[k]), &counts);
            scenario_free(played->instance);
        }
    }
    free(played);
    CU_ASSERT_TRUE(counts.traces > 0);
    CU_ASSERT_TRUE(counts.rejected > 0);
    CU_ASSERT_EQUAL(counts.allowed_otherwise, 0);
    printf(
        "\n    %u traces of the model: the judge allows them; of their altered answers it rejects %u and names the readings of %u",
        counts.traces, counts.rejected, counts.allowed_by_reading);
}

/* A sample; soak_own_traces plays two hundred rounds. */
static void the_judge_allows_what_the_model_does_under_any_seed(void) {
    enum { ROUNDS = 3 };
    struct own_traces counts = { 0 };
    for (unsigned round = 1; round <= ROUNDS; round++) own_traces_round(&set, round, &counts);
    CU_ASSERT_EQUAL(counts.wrong, 0);
    CU_ASSERT_EQUAL(counts.undecided, 0);
    CU_ASSERT(counts.traces > ROUNDS * set.count);
}

void register_suite_tests(void);
void register_suite_tests(void) {
    CU_pSuite suite = CU_add_suite("all scenarios", read_tree, free_tree);
    CU_add_test(suite, "every scenario is in the canonical layout", every_scenario_is_in_the_canonical_layout);
    CU_add_test(suite, "every scenario passes under both profiles", every_scenario_passes_under_both_profiles);
    CU_add_test(suite, "every scenario passes with any reading switched",
                every_scenario_passes_with_any_reading_switched);
    CU_add_test(suite, "every scenario passes with every question drawn",
                every_scenario_passes_with_every_question_drawn);
    CU_add_test(suite, "the judge allows what the model does under any seed",
                the_judge_allows_what_the_model_does_under_any_seed);
    CU_add_test(suite, "the judge knows the model and every alteration",
                the_judge_knows_the_model_and_every_alteration);
}
