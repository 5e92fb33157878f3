/* What the reports for CI are made from: the record of a run, and what has to be known to repeat it. */
#ifndef RESERVOIR_REPORTS_REPORT_H
#define RESERVOIR_REPORTS_REPORT_H

#include "conformance/verdicts/run_record.h"
#include "reports/formats/environment.h"

/* Strings are borrowed. */
struct report {
    const struct run_record *record;
    const char *version;   /* of Reservoir */
    const char *reason;    /* run_reason() */
    const char *profile;   /* of the model */
    const char *judged_by; /* profile that hosts are held to; NULL: every reading is open */
    uint64_t seed;
    unsigned repeat;       /* runs of each instance */
    unsigned fail_on;      /* the set of verdicts that --fail-on added */
    unsigned files_broken; /* scenario files that could not be used */
    int status;            /* the exit status that the run ends with */
    struct environment environment;
};

enum { SUBJECT_LABEL_MAX = SUBJECT_NAME_MAX + 16 };

/* How reports call a subject: by its name, with its kind where two share it (a live host and its recorded traces):
 * wine-8.0 and wine-8.0 (traces). `label` has SUBJECT_LABEL_MAX bytes; it is returned. */
const char *report_label(const struct report *report, unsigned subject, char *label);

/* model, host or traces. */
const char *subject_kind_name(enum subject_kind kind);

/* seen, done, needs, unsupported, not-modelled, broken, restart. */
const char *step_result_name(enum step_result result);

/* "s", or "" after a count of 1. */
const char *plural(unsigned count);

/* Does this verdict make the run end with status 1 or 2? */
bool report_fails(const struct report *report, enum verdict verdict);

/* How many bytes of the scenario's name are its theme: 9 of associate/after-bind; 0 when it stands in no folder. */
unsigned theme_length(const char *scenario);

/* The code of a control call, or else the function's name: what a host that refuses this step does not implement. */
const char *step_subject_matter(const struct step *step);

/* The step that shows best why the instance has its verdict: the first that has it; NULL when no step has. */
const struct step_record *instance_culprit(const struct instance_record *instance);

/* What was seen of a step (STEP_SEEN), with the numbers that its symbols stand for, where they are known. */
const char *step_seen_text(const struct step_record *step);

/* Adds how the judge went on after a step that deviates: `as if it had been ...`. */
void report_add_continued(const struct step_record *step, struct text *out);

/* Adds, on one line, why the instance has its verdict: its reason, or what was seen and what was allowed. Not
 * cleaned. */
void report_add_why(const struct instance_record *instance, struct text *out);

/* Adds `routine(o1) error=0 bytes=0` for a routine that ran; no line end. */
void report_add_routine(const struct instance_record *instance, const struct observed_routine *routine,
                        struct text *out);

#endif
