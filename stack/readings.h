/* Readings: the open questions about the documentation as data.
 *
 * Where the pages contradict themselves or are silent, the model asks which candidate holds, at the first check that
 * depends on it, and the world remembers the answer. Questions keep the numbers under which the facts were
 * collected (Q1-Q88); those after them were found on the way. They stand in readings.def, one row a question.
 *
 * In code a question and its candidates have names: Q46_BLOCK_EXHAUSTED, Q46_ADDRINUSE. A number is used only where a
 * person writes it: Q46=a in a scenario. Letters follow the order of the candidates, a first. */
#ifndef RESERVOIR_STACK_READINGS_H
#define RESERVOIR_STACK_READINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "stack/choice.h"

enum { CANDIDATES_MAX = 4 };

/* The questions: Q1_SHORT_OUTPUT = 1, Q2_SHORT_INPUT = 2, ... */
enum question {
#define CANDIDATE(name, meaning)
#define READING(number, name, ...) name = number,
#include "stack/readings.def"
#undef READING
    QUESTION_AFTER_LAST,
    QUESTION_LAST = QUESTION_AFTER_LAST - 1
};
#undef CANDIDATE

/* The candidates of each, counted from 0: Q1_INVAL = 0, Q1_FAULT = 1; Q2_FAULT = 0, ... */
#define CANDIDATE(name, meaning) name,
#define READING(number, name, asked, provenance, documented, lean, title, evidence, candidates) enum { candidates };
#include "stack/readings.def"
#undef READING
#undef CANDIDATE

/* Where a question's documented or observed lean comes from. */
enum provenance {
    PROVENANCE_DOCUMENTED, /* a page says so */
    PROVENANCE_OBSERVED,   /* seen on Windows (a test, a trace, a thread) */
    PROVENANCE_CLIENT,     /* a named program relies on it */
    PROVENANCE_INFERRED,
    PROVENANCE_SILENT, /* unknown; the lean is arbitrary */
};

struct reading {
    enum question question;
    bool modelled; /* the model asks it; otherwise it is listed with the reason in `note` */
    uint8_t candidates_count;
    uint8_t documented;                     /* candidate that the page read literally gives (index) */
    uint8_t lean;                           /* candidate that Windows is most likely to show (index) */
    uint8_t provenance;                     /* enum provenance, of the lean */
    const char *title;                      /* the question in a line */
    const char *candidates[CANDIDATES_MAX]; /* what each means */
    const char *note;                       /* evidence for the lean; or why the model never asks */
};

/* The row of a question; NULL for a number that no question has. Static memory. */
const struct reading *reading_of(enum question question);
/* All rows in ascending order. */
const struct reading *readings(unsigned *count);

/* Of each question UINT8_MAX where the model asks it, else 0: a mask for answers. Static memory. */
const uint8_t *readings_asked(void);

/* Of each question the set of its candidates: bit 0 is a. Static memory. */
const uint8_t *readings_candidates(void);

const char *provenance_name(enum provenance provenance);

/* The profile `documented` (the page read literally, the lean where it is silent) or `windows` (the leans). NULL for
 * another name. */
const struct profile *profile_named(const char *name);

#endif
