/* A judgement: what the judge says of one step that was played. */
#ifndef RESERVOIR_CONFORMANCE_JUDGEMENT_H
#define RESERVOIR_CONFORMANCE_JUDGEMENT_H

#include "conformance/base/text.h"
#include "conformance/session/observation.h"
#include "stack/choice.h"

enum { JUDGE_ALLOWED_MAX = 16 };

/* One thing that the host might have answered. */
struct allowed_outcome {
    struct observation observation;
    uint8_t readings[READINGS_MAX]; /* 0, or candidate+1 of each reading that this outcome needs */
    char text[512];                 /* as a trace would print it */
};

struct judgement {
    bool judged; /* false: an earlier deviation left nothing to judge by (a name that no world has) */
    bool allowed;
    const char *not_modelled; /* allowed, because the model has no answer to this call: what it is about; else NULL */
    const char *
        after_not_modelled; /* not decided since a call that may have changed what the model does not know; else NULL */
    bool decided;           /* false: some bound was hit, or a place guessed: that it is not allowed means nothing */
    bool exhaustive;        /* false: not decided, or the list of outcomes is not complete */
    unsigned worlds_count;  /* that are still possible */
    unsigned allowed_count; /* filled when not allowed */
    struct allowed_outcome outcomes[JUDGE_ALLOWED_MAX];
    int continued_with; /* not allowed: index into outcomes, or one of the two below */
    const struct step
        *contradicted; /* not allowed, because what has been reported of this earlier call cannot be; else NULL */
    /* Not allowed, but would be if this earlier call, which deviates, had done otherwise; else NULL. */
    const struct step *follows;
    bool follows_perhaps;  /* `follows` did to the same handle what no world does, so nothing is known of it */
    bool refused;          /* not allowed for what a number is: this port or token is not one that could be taken */
    uint16_t refused_what; /* enum choice */
    uint64_t refused_member, refused_first, refused_last; /* the number; the bounds of what could be taken */
    unsigned refused_count;                               /* of a block: its ports */
    char why[160]; /* why not, such as `49152 belongs to reservation t1 of app` */
};

enum {
    CONTINUED_AS_IF_NOT_MADE = -1, /* as if the call had not been made */
    CONTINUED_AS_OBSERVED = -2,    /* as if the number that was seen could have been taken */
    CONTINUED_OTHERWISE = -3, /* as if an earlier call that deviated (`follows`) had done what explains this answer */
};

/* Adds where an answer follows from, `from line 9: ...`; nothing when it follows from none. */
void judgement_add_follows(const struct judgement *judgement, struct text *out);

/* Empties a judgement. Outcomes are large: those from allowed_count on keep whatever they hold. */
void judgement_clear(struct judgement *judgement);

#endif
