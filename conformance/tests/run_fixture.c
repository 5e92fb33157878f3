#include "conformance/tests/run_fixture.h"

#include <CUnit/CUnit.h>

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"
#include "conformance/language/expand.h"
#include "conformance/language/parser.h"
#include "conformance/runner/scenario_set.h"
#include "stack/readings.h"

bool fixture_read_tree(struct scenario_set *set) {
    const char *folder = getenv("RESERVOIR_SCENARIOS");
    scenario_set_add(set, folder != NULL ? folder : "scenarios");
    if (set->errors.length > 0) fputs(set->errors.bytes, stderr);
    return set->broken_count == 0 && set->count > 0;
}

void fixture_scenario(struct run_fixture *fixture, const char *text) {
    struct language_error error;
    assert(fixture != NULL && text != NULL);
    struct scenario *scenario = scenario_parse("test.scn", text, strlen(text), &error);
    if (scenario == NULL) printf("\n    %s", error.message);
    CU_ASSERT_PTR_NOT_NULL_FATAL(scenario);
    struct scenario_set *set = &fixture->set;
    set->files = memory_grow(set->files, set->count, &set->capacity, sizeof *set->files);
    struct text id = { 0 };
    text_add(&id, "tests/%s", scenario->name);
    set->files[set->count++] = (struct scenario_file){ .path = memory_copy_text("test.scn", 8),
                                                       .id = memory_copy_text(id.bytes, id.length),
                                                       .scenario = scenario,
                                                       .instances_count = scenario_instances_count(scenario) };
    text_free(&id);
}

void fixture_deviations(struct run_fixture *fixture, const char *text) {
    struct language_error error;
    bool good = deviations_parse(&fixture->deviations, "deviations", text, strlen(text), &error);
    if (!good) printf("\n    %s", error.message);
    CU_ASSERT_TRUE_FATAL(good);
}

static void add(struct run_fixture *fixture, struct subject *subject) {
    struct run_plan *plan = &fixture->plan;
    assert(plan->subjects_count < SUBJECTS_MAX);
    if (subject->kind != SUBJECT_MODEL) plan->deviations[plan->subjects_count] = &fixture->deviations;
    plan->subjects[plan->subjects_count++] = subject;
}

void fixture_on_model(struct run_fixture *fixture, const char *profile) {
    const struct profile *known = profile_named(profile);
    CU_ASSERT_PTR_NOT_NULL_FATAL(known);
    add(fixture, subject_model(known, 0));
}

void fixture_on_command(struct run_fixture *fixture, const char *command) {
    fixture_on_command_within(fixture, command, PATIENT_MS, PATIENT_MS);
}

void fixture_on_command_within(struct run_fixture *fixture, const char *command, unsigned ready_ms, unsigned step_ms) {
    struct host_command one = { .account = NULL, .command = command };
    struct host_limits limits = { .ready_ms = ready_ms, .step_ms = step_ms, .call_ms = 0, .end_ms = 200 };
    add(fixture, subject_host(&one, 1, limits));
}

const struct instance_record *fixture_run(struct run_fixture *fixture) {
    if (fixture->plan.repeat == 0) fixture->plan.repeat = 1;
    runner_run(&fixture->plan, &fixture->set, &fixture->record);
    CU_ASSERT_TRUE_FATAL(fixture->record.count > 0);
    return fixture->record.instances[0];
}

int fixture_status(const struct run_fixture *fixture) {
    struct run_counts counts;
    run_record_count(&fixture->record, SUBJECTS_MAX, &counts);
    return verdict_exit_status(counts.verdicts, 0);
}

void fixture_free(struct run_fixture *fixture) {
    run_record_free(&fixture->record);
    for (unsigned i = 0; i < fixture->plan.subjects_count; i++) subject_free(fixture->plan.subjects[i]);
    deviations_free(&fixture->deviations);
    scenario_set_free(&fixture->set);
    memset(fixture, 0, sizeof *fixture);
}
