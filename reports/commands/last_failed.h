/* What failed in the last run that was started in a folder: a file of its own in the user's cache
 * ($XDG_CACHE_HOME/reservoir or ~/.cache/reservoir; %LOCALAPPDATA%\\reservoir), a name a line. Without such a place
 * nothing is kept, without a message: it is a convenience. */
#ifndef RESERVOIR_REPORTS_LAST_FAILED_H
#define RESERVOIR_REPORTS_LAST_FAILED_H

#include "conformance/runner/scenario_set.h"
#include "conformance/verdicts/run_record.h"

/* Leaves of the set what failed then; all of it, with a note on standard error, when nothing of it did. */
void last_failed_keep(struct scenario_set *set);

/* Keeps the names of the instances whose verdict is in the set `failures`. */
void last_failed_write(const struct run_record *record, unsigned failures);

#endif
