/* The steps of an instance in the order in which they are played: children of a `together` in file order, the
 * `together` itself not. Numbers of steps in the agent's protocol and in traces count so, from 0. */
#ifndef RESERVOIR_CONFORMANCE_STEP_ORDER_H
#define RESERVOIR_CONFORMANCE_STEP_ORDER_H

#include "conformance/language/tree.h"

struct step_order {
    unsigned count;
    const struct step *steps[STEPS_MAX];
    const struct step *together[STEPS_MAX]; /* the `together` that the step stands in, or NULL */
};

void step_order_fill(struct step_order *order, const struct scenario *scenario);

/* Is there a `reboot` among these steps? */
bool steps_restart_machine(const struct step *steps, uint32_t count);

/* Has a step an answer: is it a call, `returns` or `show`? */
bool step_has_answer(const struct step *step);

/* The call that a `returns` step of this order ends: the last one before it on its thread that was not made by a
 * blocking hook, while the thread was inside that call. NULL: there is none. */
const struct step *step_order_call_of(const struct step_order *order, const struct step *returns);

#endif
