/* What a run yields: for each instance on each subject its steps, what was seen, what was allowed, and verdicts.
 * Reports are made from nothing else. */
#ifndef RESERVOIR_CONFORMANCE_RUN_RECORD_H
#define RESERVOIR_CONFORMANCE_RUN_RECORD_H

#include "conformance/verdicts/deviations.h"
#include "conformance/judge/judgement.h"
#include "conformance/subjects/subject.h"
#include "conformance/verdicts/verdict.h"

/* One thing that was allowed instead of what was seen. */
struct allowed_text {
    const char *outcome; /* as a trace prints it; `error=0|untouched` where several values were allowed */
    const char *why;     /* clauses, readings and where these come from; may be "" */
};

/* Texts live in the arena of the instance's record. */
struct step_record {
    const struct step *step;     /* of the instance's tree */
    const struct step *together; /* that it stands in, or NULL */
    enum step_result result;
    struct observation seen; /* STEP_SEEN */
    const char *call;        /* the step without its outcome */
    const char *outcome;     /* STEP_SEEN: what was seen, in the words of a trace */
    const char *line;        /* STEP_SEEN: the trace line: call, outcome, live values, below it the routines that ran */
    enum verdict verdict;
    bool not_implemented;   /* one of the three codes, refused by a provider that does not have them */
    int alternative;        /* of the document's line that matches; -1 when none does, or the line has none */
    const char *note;       /* what is the matter, or NULL */
    bool port_is_outside;   /* after a deviation: the machine chose a port, in none of its dynamic ranges */
    unsigned allowed_count; /* after a deviation */
    struct allowed_text allowed[JUDGE_ALLOWED_MAX];
    bool exhaustive;                   /* false: the judge may have missed an allowed outcome */
    int continued_with;                /* index into allowed, or a CONTINUED_... of judgement.h */
    const char *continued_as;          /* that outcome with the numbers that its symbols stand for, or NULL */
    const char *differs;               /* after a deviation: in what it differs from the nearest, or NULL */
    const char *says;                  /* what the first source of the nearest says, or NULL */
    const struct step *follows;        /* the earlier deviation that this one follows from, or NULL */
    const char *follows_how;           /* where it follows from, in words, or NULL */
    const char *seen_as;               /* after a deviation: the outcome with the numbers that its symbols stand for */
    const struct deviation_rule *rule; /* that explains the deviation, or NULL; borrowed */
};

struct instance_record {
    struct arena *arena;       /* of its own, or (forgotten) of the run's record */
    struct scenario *instance; /* owned; NULL: not played, or forgotten */
    const char *scenario;      /* associate/after-bind */
    const char *id;            /* associate/after-bind[udp.v6] */
    const char *path;          /* of the scenario's file */
    unsigned subject;          /* index into the run's subjects */
    enum verdict verdict;      /* worst of the steps and of what happened to the run */
    const char *reason;        /* for a verdict that no step explains, or NULL */
    struct step_record *steps;
    unsigned steps_count; /* played or tried; fewer than the instance has after an early end */
    unsigned steps_sent;
    unsigned runs,
        runs_other;         /* with --repeat: how many, and how many of them went otherwise than most (agreement.h) */
    uint64_t duration_us;   /* of all its runs; 0: not measured */
    struct text trace;      /* of the first run */
    const char *trace_path; /* where it is recorded, or NULL */
    bool forgotten;         /* its steps are; what is left of them: */
    unsigned steps_forgotten, steps_forgotten_sent, not_implemented_forgotten;
    bool stopped; /* the machine has to restart before it can continue; the trace is what was played so far */
};

enum { SUBJECTS_MAX = 4 };

struct run_record {
    struct subject *subjects[SUBJECTS_MAX]; /* borrowed */
    unsigned subjects_count;
    struct instance_record **instances; /* by scenario, instance, subject */
    size_t count, capacity;
    struct arena *forgotten; /* where what is left of forgotten instances lives; NULL: of none */
    size_t unplayed;         /* that were left out because the run was stopped (--max-failures) */
    uint64_t started_s;      /* when the run began, seconds since 1970; 0: not recorded */
    uint64_t duration_us;    /* of the whole run; 0: not measured */
};

struct instance_record *run_record_add(struct run_record *record);

/* Places for so many instances, in an empty record; each is made when it is played, and its place is NULL until
 * then. */
void run_record_reserve(struct run_record *record, size_t count);
struct instance_record *run_record_begin(struct run_record *record, size_t place);
/* Forgets the steps of an instance that conforms (asserted), and its trace: its names and how many steps it had are
 * left, a hundredth of the memory. Reports that have nothing to say about such an instance need no more. */
void run_record_forget(struct run_record *record, size_t instance);
/* The same of an instance that another process played: a place that nothing has begun gets what is left. Its texts are
 * copied. */
void run_record_take_forgotten(struct run_record *record, size_t place, const struct instance_record *left);
void instance_record_free(struct instance_record *record); /* NULL is allowed */
void run_record_free(struct run_record *record);

/* Counts over the instances of one subject, or of all with subject SUBJECTS_MAX. */
struct run_counts {
    unsigned instances, verdicts[VERDICTS_COUNT];
    unsigned steps, steps_sent, steps_verdicts[VERDICTS_COUNT];
    unsigned not_implemented; /* steps */
    unsigned following;       /* steps that deviate newly and follow from an earlier deviation */
    unsigned unreviewed;      /* steps explained by a rule that was not reviewed */
};

void run_record_count(const struct run_record *record, unsigned subject, struct run_counts *counts);

/* Raises a verdict; the reason of the worst one is kept. `reason` lives in the arena, or is NULL. */
void instance_record_raise(struct instance_record *record, enum verdict verdict, const char *reason);

/* A copy in the record's arena. */
const char *instance_record_text(struct instance_record *record, const char *text);

#endif
