/* On which call a clause was shown, and by whom: steps that are of the call that the sentence is about (step_about.h)
 * and that were answered as an alternative says which cites the clause. */
#ifndef RESERVOIR_REPORTS_CLAUSE_SHOWN_H
#define RESERVOIR_REPORTS_CLAUSE_SHOWN_H

#include "conformance/citations/citations.h"
#include "reports/catalogue/answers.h"
#include "reports/catalogue/data.h"

/* Was the step answered as an alternative says that cites the clause? */
bool clause_was_kept(const struct step_record *step, const char *clause);

/* Has a named profile shown it on one of the calls that it is about; where the page names both doors, by each of them?
 * True of a clause that may be about any call. */
bool clause_is_shown(const struct answers *answers, const struct clause *clause);

/* Adds a line for each of the calls that it is about and each door by which it was issued: whoever answered so, how
 * often, and the first step that shows it. Nothing for a clause that may be about any call. */
void add_clause_shown(const struct answers *answers, const struct data *data, const struct clause *clause,
                      struct text *out);

#endif
