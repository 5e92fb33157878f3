/* Deviations that are recorded and did not happen. */
#ifndef RESERVOIR_CONFORMANCE_STALE_RULES_H
#define RESERVOIR_CONFORMANCE_STALE_RULES_H

#include "conformance/runner/run_plan.h"

/* Raises conform-unexpected for each rule that did not happen although a scenario which it lists was played to its end.
 * Rules that always happen are asked of the instances of one scenario (those from `first` up to `end`), rules that
 * happen sometimes of a whole run. */
void find_stale_rules(const struct run_plan *plan, bool sometimes, struct run_record *record, size_t first, size_t end);

#endif
