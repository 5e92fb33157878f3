/* Markdown for a CI job's summary (GitHub's dialect): a headline, a table of subjects and verdicts, what is new with
 * what was observed and allowed, what is known folded away, what a host does not implement, and what is needed to
 * repeat it. */
#ifndef RESERVOIR_REPORTS_MARKDOWN_H
#define RESERVOIR_REPORTS_MARKDOWN_H

#include "reports/formats/report.h"

/* Of each section so many entries are shown; the rest is counted. A summary of more than a megabyte is refused by
 * services. */
enum { MARKDOWN_ENTRIES_MAX = 50 };

/* Adds the document. */
void markdown_report(const struct report *report, struct text *out);

#endif
