/* What was allowed instead of what was seen, as texts in the record of a step. */
#ifndef RESERVOIR_CONFORMANCE_COMPARE_ALLOWED_H
#define RESERVOIR_CONFORMANCE_COMPARE_ALLOWED_H

#include "conformance/base/text.h"
#include "conformance/verdicts/comparison.h"

/* Keeps what the judge would have allowed, and with what it continued. Outcomes that differ only in values that do not
 * matter become one: `error=0|untouched`. */
void allowed_keep_judged(const struct comparison *comparison, struct step_record *step,
                         const struct judgement *judgement);

/* Keeps the alternatives of the line whose readings hold, as they are written. */
void allowed_keep_written(const struct comparison *comparison, struct step_record *step);

/* Adds `outcome` with the number behind a symbol: `port=s.port (port 36137)`. */
void allowed_add_port(const struct observation *seen, const char *outcome, struct text *out);

#endif
