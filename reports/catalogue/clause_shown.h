/* On which call a clause was shown, and by whom: steps that are of the call that the sentence is about (step_about.h)
 * and that were answered as an alternative says which cites the clause. */
#ifndef RESERVOIR_REPORTS_CLAUSE_SHOWN_H
#define RESERVOIR_REPORTS_CLAUSE_SHOWN_H

#include "conformance/citations/citations.h"
#include "reports/catalogue/answers.h"
#include "reports/catalogue/data.h"

/* Was the step answered as an alternative says that cites the clause? */
bool clause_was_kept(const struct step_record *step, const char *clause);

/* Has a named profile shown it on one of the calls that it is about? True of a clause that may be about any call. */
bool clause_is_shown(const struct answers *answers, const struct clause *clause);

/* Adds a line for each of the calls that it is about, with the door and whoever answered so, how often; where the page
 * names both doors, another one for the door that is still to come. Nothing for a clause that may be about any call. */
void add_clause_shown(const struct answers *answers, const struct data *data, const struct clause *clause,
                      struct text *out);

#endif
