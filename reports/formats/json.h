/* JSON: the whole record of a run, for programs. reports/schema/run.schema.json describes it field by field;
 * reports/formats/run_file.h reads it back.
 *
 * Keys stand in a fixed order, numbers are whole, and each instance has a line of its own, so that line-oriented tools
 * can be used as well. What does not apply is left out. */
#ifndef RESERVOIR_REPORTS_JSON_H
#define RESERVOIR_REPORTS_JSON_H

#include "reports/formats/report.h"

/* Of the format: a reader refuses another name, and a greater version. */
#define RUN_FORMAT_NAME "reservoir-run"
enum { RUN_FORMAT_VERSION = 1 };

/* Can this build read and write it? Builds without jansson cannot. */
bool json_is_built_in(void);

/* Adds the document. False when this build cannot write it, or memory is exhausted. */
bool json_report(const struct report *report, struct text *out);

#endif
