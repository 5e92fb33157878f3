/* GitHub annotations: workflow commands that show a finding beside the line of the scenario. */
#ifndef RESERVOIR_REPORTS_GITHUB_H
#define RESERVOIR_REPORTS_GITHUB_H

#include "reports/formats/report.h"

/* Adds a line for each instance that fails (`::error`), and for each that was unsupported or inconclusive (`::notice`),
 * once for each scenario, subject, line and reason. Nothing for what conforms or deviates as recorded. */
void github_report(const struct report *report, struct text *out);

#endif
