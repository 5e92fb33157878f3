#include "conformance/language/step_order.h"

#include <assert.h>

static void add(struct step_order *order, const struct step *step, const struct step *together) {
    assert(order->count < STEPS_MAX); /* the parser has counted them */
    order->steps[order->count] = step;
    order->together[order->count++] = together;
}

void step_order_fill(struct step_order *order, const struct scenario *scenario) {
    assert(order != NULL && scenario != NULL);
    order->count = 0;
    for (uint32_t i = 0; i < scenario->steps_count; i++) {
        const struct step *step = &scenario->steps[i];
        if (step->kind != STEP_TOGETHER) add(order, step, NULL);
        else
            for (uint32_t j = 0; j < step->children_count; j++) add(order, &step->children[j], step);
    }
}

bool step_has_answer(const struct step *step) {
    assert(step != NULL);
    return step->kind == STEP_CALL || step->kind == STEP_RETURNS || step->kind == STEP_SHOW ||
           step->kind == STEP_EXPECT;
}
