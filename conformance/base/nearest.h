/* The nearest spelling: what the writer probably meant. Offer every candidate; `best` is the first of the nearest, or
 * NULL when none is nearer than a third of what was written. The case of letters makes no difference. Deterministic:
 * ties go to the candidate that came first. */
#ifndef RESERVOIR_CONFORMANCE_NEAREST_H
#define RESERVOIR_CONFORMANCE_NEAREST_H

struct nearest {
    const char *written; /* not NUL-terminated; borrowed */
    unsigned length;
    unsigned distance; /* of best; a candidate must come nearer */
    const char *best;  /* borrowed from the candidates */
};

struct nearest nearest_to(const char *written, unsigned length);
void nearest_offer(struct nearest *nearest, const char *candidate);

#endif
