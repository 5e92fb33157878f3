/* One step that was played against what its line asserts: part of the runner, used step by step. */
#ifndef RESERVOIR_CONFORMANCE_COMPARE_H
#define RESERVOIR_CONFORMANCE_COMPARE_H

#include "conformance/verdicts/run_record.h"

/* Who is asked whether readings hold. */
struct comparison {
    struct instance_record *record;
    const struct subject *subject;
    const struct judge *judge;           /* NULL for the model */
    const struct deviations *deviations; /* or NULL */
};

/* The verdict of a step that the model played (STEP_SEEN). */
void compare_on_model(const struct comparison *comparison, struct step_record *step);

/* The verdict of a step that a host played (STEP_SEEN), after the judge has judged it. */
void compare_on_host(const struct comparison *comparison, struct step_record *step, const struct judgement *judgement);

#endif
