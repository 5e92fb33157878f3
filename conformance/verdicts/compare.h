/* The verdict of one step: what was seen against what its line asserts and, on a host, what the judge says. */
#ifndef RESERVOIR_CONFORMANCE_COMPARE_H
#define RESERVOIR_CONFORMANCE_COMPARE_H

#include "conformance/verdicts/comparison.h"

/* The verdict of a step that the model played (STEP_SEEN). */
void compare_on_model(const struct comparison *comparison, struct step_record *step);

/* The verdict of a step that a host played (STEP_SEEN), after the judge has judged it. */
void compare_on_host(const struct comparison *comparison, struct step_record *step, const struct judgement *judgement);

#endif
