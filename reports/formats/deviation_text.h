/* What a deviation teaches, as rows of a label and a text: every report that people read shows the same.
 *
 *     observed  ok error=0 port=s.port (port 28483)
 *     allowed   ok error=0 port=r  @ASC-03
 *     differs   port: s.port (28483) instead of r
 *     because   28483 is outside 49152-49153, from which it has to be taken
 *     says      ASC-03: If and when the socket is bound, its port is chosen from the reservation that the token names.
 *     follows   from line 9: ...
 *     went on   as observed */
#ifndef RESERVOIR_REPORTS_DEVIATION_TEXT_H
#define RESERVOIR_REPORTS_DEVIATION_TEXT_H

#include "conformance/verdicts/run_record.h"

enum { DEVIATION_ROWS_MAX = JUDGE_ALLOWED_MAX + RESULT_ROUTINES_MAX + 8 };

/* Texts are borrowed, or live in the arena of the instance's record; not cleaned. */
struct deviation_rows {
    struct deviation_row {
        const char *label; /* "" continues the row above */
        const char *text;
        const char *source; /* of an allowed answer: clauses and readings; else "" */
    } rows[DEVIATION_ROWS_MAX];
    unsigned count;
};

/* All rows of a step that deviates. `allowed_max`: how many of what was allowed are listed; a row says how many more
 * there are. */
void deviation_rows_fill(const struct run_record *record, const struct instance_record *instance,
                         const struct step_record *step, unsigned allowed_max, struct deviation_rows *rows);

/* Do two deviations teach the same, so that one text does for both? What was observed and what was allowed has to be
 * the same; the numbers that names stand for need not. */
bool deviations_teach_the_same(const struct step_record *one, const struct step_record *other);

#endif
