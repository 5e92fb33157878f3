/* The judge: may a host answer this? If not, what was allowed?
 *
 * The judge keeps every world that the observations so far allow, each with its session and with the readings that it
 * relies on. For each observed step it tries, on copies, every sequence of answers that the model may ask for (an
 * odometer over prefixes), lets the observation name large domains (the port that bind took, the token), drops what
 * contradicts the observation, and merges what is equal. Worlds that differ in a reading alone, with every candidate
 * present, become one in which the question is open again, so that the set stays small.
 *
 * When nothing is left, the step deviates: the report tells the observed outcome and every allowed one with the readings
 * that it needs, and the judge goes on with the nearest world: one in which as much as possible of what was observed
 * came true, or, after a refused call, the world before it.
 *
 * A judge is used step by step, in the order in which the steps were played (children of a `together` in file order; the
 * judge tries their orders itself). The scenario is an expanded instance, borrowed. */
#ifndef RESERVOIR_CONFORMANCE_JUDGE_H
#define RESERVOIR_CONFORMANCE_JUDGE_H

#include "conformance/language/tree.h"
#include "conformance/player/play.h"
#include "stack/choice.h"

enum { JUDGE_WORLDS_MAX = 4096, JUDGE_ALLOWED_MAX = 16 };

struct judge; /* opaque; heap */

/* One thing that the host might have answered. */
struct allowed_outcome {
    struct observation observation;
    uint8_t readings[READINGS_MAX]; /* 0, or candidate+1 of each reading that this outcome needs */
    char text[512];                 /* as a trace would print it */
};

struct judgement {
    bool judged;                    /* false: an earlier deviation left nothing to judge by (a name that no world has) */
    bool allowed;
    bool exhaustive;                /* false: some bound was hit, an allowed answer may have been missed */
    unsigned worlds_count;          /* that go on */
    unsigned allowed_count;         /* filled when not allowed, and in judge_possible */
    struct allowed_outcome outcomes[JUDGE_ALLOWED_MAX];
    int continued_with;             /* not allowed: index into outcomes, or one of the two below */
    bool refused;                   /* not allowed for what a number is: this port or token is not one that could be taken */
    uint16_t refused_what;          /* enum choice */
    uint64_t refused_member, refused_first, refused_last; /* the number; the bounds of what could be taken */
};

enum {
    CONTINUED_AS_IF_NOT_MADE = -1,  /* as if the call had not been made */
    CONTINUED_AS_OBSERVED = -2,     /* as if the number that was seen could have been taken */
};

/* `profile`: readings that it answers are fixed, those that it leaves open (0) are tried; NULL leaves all open. Returns
 * NULL when the scenario's world lines cannot be set on the model (reason receives why). */
struct judge *judge_create(const struct scenario *scenario, const uint16_t *ports_first, const struct profile *profile,
                           char *reason);
void judge_free(struct judge *judge);

/* A step that was played: `result` and, when STEP_SEEN, what was seen. Steps that were not sent (STEP_NEEDS) change
 * nothing and are not to be handed in. For the first child of a `together` the judge waits for its siblings: judgement
 * of the children but the last says allowed; the last one's tells of the whole group. */
void judge_step(struct judge *judge, const struct step *step, enum step_result result, const struct observation *seen,
                struct judgement *judgement);

/* Every outcome that the next step (a call) may have, given all so far; nothing changes. */
void judge_possible(struct judge *judge, const struct step *step, struct judgement *judgement);

/* Is there a world left in which all of these readings hold (an open question holds any)? */
bool judge_readings_hold(const struct judge *judge, const struct source *sources, unsigned sources_count);

/* The candidates of a question that are still possible, as a bit set (bit 0: a). All bits when it was never asked. */
unsigned judge_candidates(const struct judge *judge, unsigned question);

/* The same of all questions at once. Call it again with the same array after each step: it is written only when something
 * could have been learnt since. */
void judge_follow_candidates(struct judge *judge, unsigned candidates[READINGS_MAX]);

#endif
