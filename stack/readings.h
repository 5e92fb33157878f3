/* Readings: the open questions about the documentation as data.
 *
 * Where the pages contradict themselves or are silent, the model asks which candidate holds, at the first check that
 * depends on it, and the world remembers the answer. Questions keep the numbers of the project's fact pack (Q1-Q88);
 * those behind them were found on the way. */
#ifndef RESERVOIR_STACK_READINGS_H
#define RESERVOIR_STACK_READINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "stack/choice.h"

enum { CANDIDATES_MAX = 4 };

/* Where a question's documented or observed lean comes from. */
enum provenance {
    PROVENANCE_DOCUMENTED, /* a page says so */
    PROVENANCE_OBSERVED,   /* seen on Windows (a test, a trace, a thread) */
    PROVENANCE_CLIENT,     /* a named program relies on it */
    PROVENANCE_INFERRED,
    PROVENANCE_SILENT,     /* nobody has said; the lean is arbitrary */
};

struct reading {
    uint16_t question;      /* 38 for Q38 */
    bool modelled;          /* the model asks it; otherwise it is listed with the reason in `note` */
    uint8_t candidates_count;
    uint8_t documented;     /* candidate that the page read literally gives (index) */
    uint8_t lean;           /* candidate that Windows is most likely to show (index) */
    uint8_t provenance;     /* enum provenance, of the lean */
    const char *title;      /* the question in a line */
    const char *candidates[CANDIDATES_MAX]; /* what each means */
    const char *note;       /* evidence for the lean; or why the model never asks */
};

/* The row of a question, or NULL. Static memory. */
const struct reading *reading_of(unsigned question);
/* All rows in ascending order. */
const struct reading *readings(unsigned *count);

const char *provenance_name(enum provenance provenance);

/* The profile `documented` (the page read literally, the lean where it is silent) or `windows` (the leans). NULL for
 * another name. */
const struct profile *profile_named(const char *name);

#endif
