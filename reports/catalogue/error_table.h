/* The page's errors by their causes: for each clause of its error table the cases of the theme `errors` that ask for it
 * on ASSOCIATE, and what each subject of the run answered; where one was not asked, why. What no case asks yet is
 * listed with what it waits for (planned.tsv). */
#ifndef RESERVOIR_REPORTS_ERROR_TABLE_H
#define RESERVOIR_REPORTS_ERROR_TABLE_H

#include "reports/catalogue/catalogue.h"
#include "reports/formats/report.h"

/* Adds the table; nothing when no case of the theme was in the run. `planned` may be NULL. */
void error_table_report(const struct report *report, const struct catalogue *planned, struct text *out);

#endif
