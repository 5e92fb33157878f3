/* Text that another program or a person wrote (a host's words, a path, a reason from the command line) as proper UTF-8,
 * fit to be shown.
 *
 * Bytes that are no UTF-8 become U+FFFD, one for each. Where control characters cannot be written (XML has no way to)
 * or should not act (a terminal would obey them), each becomes its picture: ESC is shown as U+241B. */
#ifndef RESERVOIR_REPORTS_CLEAN_TEXT_H
#define RESERVOIR_REPORTS_CLEAN_TEXT_H

#include "conformance/base/text.h"

enum clean {
    CLEAN_KEEPS_CONTROLS, /* for a format that has escapes for them: JSON */
    CLEAN_KEEPS_LINES,    /* of controls only tab and line feed stay */
    CLEAN_ONE_LINE,       /* tab and line feed become blanks */
};

/* Adds `bytes`, cleaned, to `out`. */
void text_add_clean(struct text *out, const char *bytes, enum clean clean);

#endif
