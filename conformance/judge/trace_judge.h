/* May a host answer what a trace reports? Every step of it is judged, by nothing but the trace: it is its own
 * scenario. */
#ifndef RESERVOIR_CONFORMANCE_TRACE_JUDGE_H
#define RESERVOIR_CONFORMANCE_TRACE_JUDGE_H

#include "conformance/judge/judge.h"

enum trace_answer {
    TRACE_ALLOWED,
    TRACE_REJECTED,
    /* a step is not modelled; or the search was cut short before a step that no world left allows: it ends there */
    TRACE_UNDECIDED,
    TRACE_NOT_JUDGED, /* of several machines: only the model plays these, and their lines alone say what is allowed */
    TRACE_UNREADABLE,
};

struct trace_verdict {
    enum trace_answer answer;
    unsigned steps;                   /* judged */
    unsigned rejected;                /* steps that were not allowed; judging continues after each */
    bool exhaustive;                  /* false: the search was cut short, so that nothing is learnt of any question */
    unsigned line;                    /* of the first rejected step, of the undecided one, or where it cannot be read */
    struct text report;               /* what was wrong, with what was allowed; a paragraph for each rejected step */
    uint8_t candidates[READINGS_MAX]; /* of each question: those that the trace leaves, as a set of bits; a rejected one
                                         up to its first rejected step. All 0 when it was not judged at all */
};

/* Judges a trace under a profile (NULL: every reading open). Free the verdict with trace_verdict_free. */
void trace_judge(struct scenario *trace, const struct profile *profile, struct trace_verdict *verdict);
void trace_verdict_free(struct trace_verdict *verdict);

#endif
