/* A step against the line of the scenario: which of its alternatives holds. */
#ifndef RESERVOIR_CONFORMANCE_COMPARE_LINE_H
#define RESERVOIR_CONFORMANCE_COMPARE_LINE_H

#include "conformance/base/text.h"
#include "conformance/verdicts/comparison.h"

/* Can all readings among the sources of this alternative still hold? */
bool line_readings_hold(const struct comparison *comparison, const struct outcome *outcome);

/* Compares a step (STEP_SEEN) with its line: true when it conforms, or when the line asserts nothing. Sets
 * `alternative` and `not_implemented` of the step. When it does not conform, `why` receives what differs from the first
 * alternative whose readings hold. */
bool line_conforms(const struct comparison *comparison, struct step_record *step, struct text *why);

/* The number of a port that is written as such: bind(s, $any:5000), in={5000, 4}; 0 when there is none. */
uint64_t line_literal_port(const struct step *step);

#endif
