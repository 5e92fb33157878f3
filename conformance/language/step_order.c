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

bool steps_restart_machine(const struct step *steps, uint32_t count) {
    assert(steps != NULL || count == 0);
    for (uint32_t i = 0; i < count; i++)
        if (steps[i].kind == STEP_REBOOT || steps_restart_machine(steps[i].children, steps[i].children_count))
            return true;
    return false;
}

bool step_has_answer(const struct step *step) {
    assert(step != NULL);
    return step->kind == STEP_CALL || step->kind == STEP_RETURNS || step->kind == STEP_SHOW ||
           step->kind == STEP_EXPECT;
}

static bool may_block(const struct step *step) {
    for (uint32_t i = 0; i < step->outcomes_count; i++)
        if (step->outcomes[i].word == OUTCOME_BLOCKS) return true;
    return false;
}

const struct step *step_order_call_of(const struct step_order *order, const struct step *returns) {
    const struct step *call = NULL;
    bool hooked = false;
    assert(returns->kind == STEP_RETURNS);
    for (unsigned i = 0; i < order->count && order->steps[i] != returns; i++) {
        const struct step *step = order->steps[i];
        if (step->thread != returns->thread) continue;
        if (step->kind == STEP_RETURNS && hooked && !may_block(step)) call = NULL;
        if (step->kind != STEP_CALL || (hooked && call != NULL && may_block(call))) continue;
        call = step;
        if (step->signature->function == FUNCTION_WSASetBlockingHook) hooked = true;
        if (step->signature->function == FUNCTION_WSAUnhookBlockingHook) hooked = false;
    }
    return call;
}
