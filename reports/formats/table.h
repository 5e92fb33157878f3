/* Tables: what a documented table says beside what each subject answered, cell by cell.
 *
 * A scenario whose file is named table-... holds such a table: its variants are the table's coordinates, and the last
 * step that asserts an outcome is the cell. The report lists every cell with the outcome that its first alternative
 * expects and what it asserts of it, the sources of that, and from the run each subject's answer in the same words; a
 * cell that is not as expected is marked with `!`, one that is as a further source says, without an open question, with
 * `|`, one that a subject could not play with `-`, and one that was played by a stand-in for its account with `~`. The
 * last line counts documented cells (a clause among the sources), observed ones (a fact or a client) and inferred ones
 * apart. */
#ifndef RESERVOIR_REPORTS_TABLE_H
#define RESERVOIR_REPORTS_TABLE_H

#include "reports/formats/report.h"

/* Adds the tables of the run; where there is none and nothing stands in `out`, says so. */
void table_report(const struct report *report, struct text *out);

#endif
