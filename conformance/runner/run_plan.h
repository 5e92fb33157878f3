/* What a run is to do: on which subjects, how often, judged by what, recorded where. */
#ifndef RESERVOIR_CONFORMANCE_RUN_PLAN_H
#define RESERVOIR_CONFORMANCE_RUN_PLAN_H

#include "conformance/verdicts/run_record.h"

struct run_plan {
    struct subject *subjects[SUBJECTS_MAX];            /* borrowed */
    const struct deviations *deviations[SUBJECTS_MAX]; /* of hosts and traces; NULL: none known. Borrowed */
    unsigned subjects_count;
    const struct profile *judged_by; /* readings that the judge takes as given; NULL leaves all open */
    unsigned repeat;                 /* runs of each instance, at least 1 */
    bool compare_traces;             /* the traces of all runs have to be the same (--twice) */
    bool shuffle;                    /* play in another order, drawn from shuffle_seed; the record keeps its own */
    uint64_t shuffle_seed;
    unsigned max_failures;      /* stop after so many instances with one of the verdicts in `failures`; 0: play all */
    unsigned failures;          /* a set of verdicts: bit 1 << verdict */
    uint64_t (*clock_us)(void); /* for how long instances took; NULL: not measured */
    bool forgets;               /* steps of what conforms are not reported: they are forgotten at once */
    /* Asked before an instance is played: has another process played it, and may it be forgotten? Then `left` is what
     * is left of it, valid until asked again. Instances are counted as they are played, from 0. NULL: no one has. */
    bool (*played_elsewhere)(void *context, size_t number, struct instance_record *left);
    void *elsewhere; /* its context */
    /* Asked before an instance is played on a host, numbered likewise: has another process asked that host? Then what
     * it said, and how long that took, valid until asked again. NULL: no one has. */
    struct said *(*said_elsewhere)(void *context, size_t number, uint64_t *duration_us);
    void *players;       /* its context */
    const char *record;  /* folder for traces, or NULL. With several subjects each has a folder of its own */
    const char *restart; /* a command that restarts the machine of the host and returns when it is up; or NULL */
    void (*progress)(void *context, size_t done, size_t total, const char *id); /* or NULL */
    void *progress_context;
};

#endif
