/* What a comparison of steps works with. */
#ifndef RESERVOIR_CONFORMANCE_COMPARISON_H
#define RESERVOIR_CONFORMANCE_COMPARISON_H

#include "conformance/judge/judge.h"
#include "conformance/verdicts/run_record.h"

/* Everything is borrowed. The judge, or without one the model, says whether readings hold. */
struct comparison {
    struct instance_record *record;
    const struct subject *subject;
    const struct judge *judge;           /* NULL for the model */
    const struct deviations *deviations; /* or NULL */
    const char *instead;                 /* of a packet that was not found: what crossed in its place; else "" */
};

#endif
