/* JUnit XML, as most CI services read it: a test suite for each theme and subject, a test case for each instance.
 *
 *   conform                      passed; says so when calls were refused as not implemented, which conforms
 *   deviate-known                passed, with the rules that explain it in system-out
 *   unsupported, not-modelled, inconclusive    skipped, with why
 *   deviate-new, flaky,          failure: what was observed, and what was allowed instead
 *   unseen-new
 *   conform-unexpected
 *   harness-broken               error
 * A verdict that --fail-on names is a failure too. The structure is described by reports/schema/junit.xsd. No times are
 * given: a run reports the same bytes on every day. */
#ifndef RESERVOIR_REPORTS_JUNIT_H
#define RESERVOIR_REPORTS_JUNIT_H

#include "reports/formats/report.h"

/* Can it be written here? Not by a build without libxml2, nor where libxml2 is not installed. */
bool junit_can_be_written(void);

/* Adds the document. False when it cannot be written here, or memory is exhausted. */
bool junit_report(const struct report *report, struct text *out);

#endif
