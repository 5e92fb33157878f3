/* Text fitted to a width: whatever is longer is continued on the next line, under its own last column.
 *
 * A line is cut at a blank. What follows is indented to where the line's last column begins, a column being set off by
 * two blanks or more; without one, four columns further in than the line, and not at all where that is a paragraph at
 * the margin or a column of its own. A word that is longer than the width is not cut.
 * Widths are counted in characters (UTF-8), without the escape sequences of colours. */
#ifndef RESERVOIR_REPORTS_FIT_H
#define RESERVOIR_REPORTS_FIT_H

#include "conformance/base/text.h"

enum { FIT_COLUMNS_LEAST = 40 };

/* Adds `text` to `out`, line by line. `columns` 0: as it is. Narrower than FIT_COLUMNS_LEAST counts as that. */
void text_fit(const char *text, unsigned columns, struct text *out);

#endif
