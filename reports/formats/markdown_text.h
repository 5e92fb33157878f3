/* Text of any origin inside Markdown, on one line. */
#ifndef RESERVOIR_REPORTS_MARKDOWN_TEXT_H
#define RESERVOIR_REPORTS_MARKDOWN_TEXT_H

#include <stdbool.h>

#include "conformance/base/text.h"

/* As prose: what Markdown or HTML would take for its own is escaped. */
void markdown_add_prose(const char *text, struct text *out);

/* As a code span. In a table the bar has to be escaped, elsewhere it must not be. */
void markdown_add_code(const char *text, bool in_table, struct text *out);

#endif
