/* The clauses of the page, as each subject of a run was asked about them: who answered, and how.
 *
 *   played       the call that the clause is about reached who is under test: the model, a host, a provider
 *   forwarded    a provider's client answered it by itself (kernel32's own functions, startup counting, netsh)
 *   unsupported  its scenarios, or these steps of them, could not be asked, and why
 *   undecidable  no run can decide it, as the catalogue of clauses says
 *
 * Played once is played: the word of a clause is the best that one of its steps has. */
#ifndef RESERVOIR_REPORTS_CLAUSE_TABLE_H
#define RESERVOIR_REPORTS_CLAUSE_TABLE_H

#include "conformance/base/text.h"
#include "reports/formats/report.h"

/* Adds the table: a part for each subject, a row for each clause of the catalogue, the reasons, a summary. */
void clause_table_report(const struct report *report, struct text *out);

#endif
