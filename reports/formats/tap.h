/* TAP version 13, which `prove` knows: a test point for each instance on each subject, with YAML diagnostics for what
 * deviates.
 *   conform               ok
 *   unsupported           ok # SKIP unsupported: REASON
 *   not-modelled          ok # SKIP not modelled: WHAT
 *   inconclusive          ok # SKIP inconclusive: REASON
 *   deviate-known         not ok # TODO known deviation RULE   (TODO is the directive of TAP for a failure that is
 *                         expected)
 *   everything else       not ok */
#ifndef RESERVOIR_REPORTS_TAP_H
#define RESERVOIR_REPORTS_TAP_H

#include "conformance/verdicts/run_record.h"

void tap_report(const struct run_record *record, struct text *out);

#endif
