/* What the model does itself, judged: shared by the unit tests, which look at a sample, and by soak_own_traces. */
#ifndef RESERVOIR_CONFORMANCE_TESTS_OWN_TRACES_H
#define RESERVOIR_CONFORMANCE_TESTS_OWN_TRACES_H

#include "conformance/runner/scenario_set.h"

/* Zero-initialise. */
struct own_traces {
    unsigned long traces, undecided, wrong;
};

/* Round number `round`, from 1 on: every scenario with every question left to that seed, and under the profile windows
 * with two readings switched that the round draws. What is not allowed is printed. */
void own_traces_round(const struct scenario_set *set, unsigned round, struct own_traces *counts);

#endif
