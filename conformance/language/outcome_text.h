/* Outcomes as text: words that single blanks part, the first the outcome word, then predicates KEY=VALUE. Several
 * values of one predicate may stand together: `ok error=0|untouched bytes=16`. */
#ifndef RESERVOIR_CONFORMANCE_OUTCOME_TEXT_H
#define RESERVOIR_CONFORMANCE_OUTCOME_TEXT_H

#include <stdbool.h>

#include "conformance/base/text.h"

/* Is `word` there: as it is, or KEY=VALUE with VALUE among several? */
bool outcome_text_has(const char *outcome, const char *word);

/* Joins two outcomes that differ in the value of at most one predicate. False, and nothing in `joined`, when they
 * differ in more. */
bool outcome_text_join(const char *one, const char *other, struct text *joined);

#endif
