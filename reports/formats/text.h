/* The summary that a person reads. */
#ifndef RESERVOIR_REPORTS_TEXT_H
#define RESERVOIR_REPORTS_TEXT_H

#include "conformance/verdicts/run_record.h"

struct text_report {
    const struct run_record *record;
    const struct deviations *deviations[SUBJECTS_MAX]; /* or NULL */
    bool colourful;
    int status;            /* the exit status that the run ends with */
    unsigned files_broken; /* scenario files that could not be used */
    bool verbose;          /* every step with its answer; of one short scenario in any case */
    bool quiet;            /* only what fails, and the summary */
    unsigned durations;    /* so many of the instances that took longest */
    struct arena *arena;   /* text_report's own; leave it NULL */
};

/* Adds the whole report. */
void text_report(const struct text_report *report, struct text *out);

#endif
