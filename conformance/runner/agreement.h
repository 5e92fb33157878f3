/* Several runs of one instance: do they agree? The answer does not depend on their order.
 *
 * Runs agree when they have the same verdict, and with --twice the same trace. A run that was inconclusive, or in which
 * a rule that happens `sometimes` explained a step, is accounted for: it disagrees with no other, because what made it
 * different is known. */
#ifndef RESERVOIR_CONFORMANCE_AGREEMENT_H
#define RESERVOIR_CONFORMANCE_AGREEMENT_H

#include "conformance/verdicts/run_record.h"

/* The runs that were alike. */
struct alike {
    enum verdict verdict;
    uint64_t trace; /* hash of what is compared of it */
    unsigned count;
};

/* Zero-initialise; free with agreement_free. */
struct agreement {
    struct alike *groups;
    size_t count, capacity;
    unsigned runs, accounted_for;
    unsigned worst; /* number of the run with the worst verdict; the first of several */
    enum verdict worst_verdict;
};

/* Adds a run. `traces`: traces are compared too, with the live values in them when `live`. */
void agreement_add(struct agreement *agreement, const struct instance_record *run, bool traces, bool live);

/* How many runs went otherwise than most; 0 when all agree. Ties go to the better verdict. */
unsigned agreement_others(const struct agreement *agreement);

/* Adds what there was: `3 of 5 runs conform, 2 deviate-new`. */
void agreement_print(const struct agreement *agreement, struct text *out);

void agreement_free(struct agreement *agreement);

#endif
