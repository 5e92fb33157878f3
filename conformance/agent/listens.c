#include "conformance/agent/functions.h"

#include "conformance/agent/listens.h"

#include <assert.h>
#include <string.h>

static bool loopback_only;

void listens_loopback_only(void) { loopback_only = true; }

static bool is_loopback(const struct expression *address) {
    static const uint8_t one[16] = { [15] = 1 }, mapped[12] = { [10] = 0xFF, [11] = 0xFF };
    if (address->kind != EXPRESSION_ADDRESS || address->items[0]->kind != EXPRESSION_HOST) return false;
    const struct expression *host = address->items[0];
    if (host->bytes_count == 4) return host->bytes[0] == 127;
    return memcmp(host->bytes, one, 16) == 0 || (memcmp(host->bytes, mapped, 12) == 0 && host->bytes[12] == 127);
}

/* What a scenario does, as far as its text tells. */
struct habits {
    bool binds_widely, listens, has_datagrams;
};

static bool binds_widely(const struct step *step) {
    for (uint32_t i = 0; i < step->arguments_count; i++) {
        bool is_address = step->signature->parameters[step->arguments[i].parameter].kind == PARAMETER_ADDRESS;
        const struct expression *value = step->arguments[i].value;
        if (is_address && value->kind != EXPRESSION_POINTER) return !is_loopback(value);
    }
    return false;
}

static bool has_constant(const struct step *step, const char *name) {
    for (uint32_t i = 0; i < step->arguments_count; i++) {
        const struct expression *value = step->arguments[i].value;
        if (value->kind == EXPRESSION_CONSTANT && strcmp(value->text, name) == 0) return true;
    }
    return false;
}

static void look_at(const struct step *steps, uint32_t count, struct habits *habits) {
    for (uint32_t i = 0; i < count; i++) {
        const struct step *step = &steps[i];
        look_at(step->children, step->children_count, habits);
        if (step->kind != STEP_CALL) continue;
        habits->binds_widely |= step->signature->function == FUNCTION_bind && binds_widely(step);
        habits->listens |= step->signature->function == FUNCTION_listen;
        habits->has_datagrams |= has_constant(step, "SOCK_DGRAM");
    }
}

bool listens_widely(const struct scenario *scenario) {
    assert(scenario != NULL && scenario->dimensions_count == 0);
    struct habits habits = { false, false, false };
    look_at(scenario->steps, scenario->steps_count, &habits);
    return habits.binds_widely && (habits.listens || habits.has_datagrams);
}

bool listens_allow(const struct scenario *scenario, struct reason *reason) {
    if (!loopback_only || !listens_widely(scenario)) return true;
    reason_set(reason, "it listens where other machines can reach it, which --loopback-only forbids");
    return false;
}
