/* For tests of the runner: one scenario from a string, run on what the test says. */
#ifndef RESERVOIR_CONFORMANCE_TESTS_RUN_FIXTURE_H
#define RESERVOIR_CONFORMANCE_TESTS_RUN_FIXTURE_H

#include "conformance/runner/runner.h"
#include "conformance/runner/scenario_set.h"

struct run_fixture {
    struct scenario_set set;
    struct deviations deviations;
    struct run_plan plan;
    struct run_record record;
};

/* All scenarios of the tree: the folder that RESERVOIR_SCENARIOS names, else scenarios/. False, having said why, when a
 * file of it is broken or there is none. `set` is zeroed; the caller frees it. */
bool fixture_read_tree(struct scenario_set *set);

/* A zeroed fixture gets a scenario `tests/NAME`, NAME being its own. A text that does not parse fails the test. */
void fixture_scenario(struct run_fixture *fixture, const char *text);

/* Known deviations of the subjects that are added behind this. */
void fixture_deviations(struct run_fixture *fixture, const char *text);

void fixture_on_model(struct run_fixture *fixture, const char *profile);

/* A host that is a shell command. */
void fixture_on_command(struct run_fixture *fixture, const char *command);

/* The same with the time that the host has to be ready, and to answer a step. For hosts that never do: whoever expects
 * an answer is patient, because a busy machine is slow. */
enum { PATIENT_MS = 30000 };
void fixture_on_command_within(struct run_fixture *fixture, const char *command, unsigned ready_ms, unsigned step_ms);

/* Runs; returns the first instance's record. */
const struct instance_record *fixture_run(struct run_fixture *fixture);

/* Exit status of what was run. */
int fixture_status(const struct run_fixture *fixture);

void fixture_free(struct run_fixture *fixture);

#endif
