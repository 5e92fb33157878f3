/* The steps of a scenario by number, as `step K` counts them: in scenario order, the children of a `together` one after
 * another in its place. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_STEP_LIST_H
#define RESERVOIR_CONFORMANCE_AGENT_STEP_LIST_H

#include "conformance/language.h"

struct step_list {
    const struct step *steps[STEPS_MAX]; /* borrowed from the scenario; none is a STEP_TOGETHER */
    unsigned count;
};

/* False when there are more than STEPS_MAX. */
bool step_list_fill(struct step_list *list, const struct scenario *scenario);

#endif
