/* One instance of a scenario, played on the model: what each step was answered, and who held which ports after it. */
#ifndef RESERVOIR_REPORTS_PLAYED_H
#define RESERVOIR_REPORTS_PLAYED_H

#include "conformance/base/arena.h"
#include "conformance/base/reason.h"
#include "conformance/language/tree.h"
#include "stack/choice.h"
#include "stack/readings.h"

struct played_step {
    const struct step *step;
    const char *call;     /* the step without its outcome */
    const char *answer;   /* in the words of a trace; NULL: it has none, or was not sent */
    const char *live;     /* the numbers that it shows first, `r=49152 t1=0x1`; "" for none */
    const char *routines; /* that ran in it, a line each; "" for none */
    const char *holders;  /* who holds which ports after it, as holders_add writes it */
    const char *tables;   /* and what netsh would list, as port_view_print writes it */
    const char *unsent;   /* why it was not sent, or the run ended here; NULL when it was */
};

struct played {
    struct arena *arena;
    struct played_step before; /* the machine before the first step: only holders and tables */
    unsigned count;            /* steps that were played */
    struct played_step *steps;
    bool ended_early;            /* the last of them could not be played: its `unsent` says why */
    uint8_t asked[READINGS_MAX]; /* of each question the candidate that held, from 1; 0: it was never asked */
    struct reason reason;        /* why nothing could be played, or "" */
};

/* Plays `instance`, which has no variants, by this profile. Free with played_free(), also after a failure: false when
 * it could not begin; `ended_early` when there are more steps. */
bool played_by(const struct scenario *instance, const struct profile *profile, uint64_t seed, struct played *played);
void played_free(struct played *played);

/* Were both steps answered alike, their numbers and routines included? */
bool played_alike(const struct played_step *one, const struct played_step *other);

#endif
