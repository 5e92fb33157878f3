#include "conformance/agent/step_list.h"

#include <assert.h>

static bool add_steps(struct step_list *list, const struct step *steps, uint32_t count) {
    assert(list->count <= STEPS_MAX);
    for (uint32_t i = 0; i < count; i++) {
        if (steps[i].kind == STEP_TOGETHER) {
            if (!add_steps(list, steps[i].children, steps[i].children_count)) return false;
            continue;
        }
        if (list->count == STEPS_MAX) return false;
        list->steps[list->count++] = &steps[i];
    }
    return true;
}

bool step_list_fill(struct step_list *list, const struct scenario *scenario) {
    assert(list != NULL);
    assert(scenario != NULL);
    list->count = 0;
    return add_steps(list, scenario->steps, scenario->steps_count);
}
