/* Where two modes of one instance part, and whether they may: outcomes are the same by every mode, but for the rules of
 * a table, each of which has a source. */
#ifndef RESERVOIR_CONFORMANCE_MODE_COMPARE_H
#define RESERVOIR_CONFORMANCE_MODE_COMPARE_H

#include "conformance/modes/mode_play.h"

/* A way in which outcomes may differ. */
struct mode_rule {
    const char *name;
    const char *what;    /* differs, in words */
    const char *sources; /* who says so: `@W44 @REM-16` */
};

/* The table. Static memory. */
const struct mode_rule *mode_rules(unsigned *count);

/* The number in the table of the rule by which an answer may differ from the synchronous one. MODE_EQUAL: it does not
 * differ; MODE_FORBIDDEN: no rule allows it. `original` is the number of the line. */
enum { MODE_EQUAL = -1, MODE_FORBIDDEN = -2 };
int mode_compare(const struct mode_lines *lines, const struct mode_played *sync, const struct mode_played *other,
                 unsigned original);

#endif
