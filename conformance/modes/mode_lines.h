/* One scenario instance by another way of learning how its control calls end: the same lines, each control call made
 * overlapped, and between them the lines by which the end is learnt. Made from the instance, so that there is one
 * text of a scenario however it is played.
 *
 * A control call is changed that stands on a line of its own and has neither an OVERLAPPED nor a routine. What a line
 * `returns` asks of such a call is asked of its OVERLAPPED in its stead. */
#ifndef RESERVOIR_CONFORMANCE_MODE_LINES_H
#define RESERVOIR_CONFORMANCE_MODE_LINES_H

#include "conformance/base/reason.h"
#include "conformance/language/completion.h"
#include "conformance/language/step_order.h"

enum mode_role {
    MODE_SAME,     /* a line of the instance, as it is */
    MODE_PREPARES, /* made: an event, an OVERLAPPED, a completion port */
    MODE_CALL,     /* a control call */
    MODE_RETURNS,  /* `returns` of such a call, for when its thread is inside it */
    MODE_WAITS,    /* made: waits for the end, as the mode does */
    MODE_ASKS,     /* made: WSAGetOverlappedResult, without waiting */
    MODE_LOOKS,    /* made: a look at the OVERLAPPED itself, for when its socket is no longer there to be asked */
    MODE_ENDS,     /* made: nothing more comes */
};

struct mode_line {
    enum mode_role role;
    unsigned original; /* the line of the instance for whose sake it is there: a number of step_order.h */
    const struct step *step;
};

struct mode_lines {
    enum completion completion;
    struct scenario *instance; /* owned */
    unsigned calls;            /* control calls that were changed, or would be */
    unsigned count;
    struct mode_line lines[STEPS_MAX];
};

/* Is it a control call that the modes change? */
bool mode_changes(const struct scenario *instance, const struct step *step);

/* Makes the lines. False when they are too many, or the instance is one that has no other mode; the reason says so.
 * Free with mode_lines_free(), also then. */
bool mode_lines_make(const struct scenario *instance, enum completion completion, struct mode_lines *lines,
                     struct reason *reason);
void mode_lines_free(struct mode_lines *lines);

/* The names of an event, an OVERLAPPED and a port that are given begin so. */
#define MODE_PREFIX "mode_"

#endif
