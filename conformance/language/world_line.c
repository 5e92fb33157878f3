#include "conformance/language/world_line.h"

#include <assert.h>
#include <string.h>

static bool names_v6(const struct step *steps, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        const struct step *step = &steps[i];
        for (uint32_t k = 0; step->kind == STEP_CALL && k < step->arguments_count; k++) {
            const struct expression *value = step->arguments[k].value;
            if (value->kind == EXPRESSION_CONSTANT && strcmp(value->text, "AF_INET6") == 0) return true;
        }
        if (names_v6(step->children, step->children_count)) return true;
    }
    return false;
}

bool scenario_names_v6(const struct scenario *scenario) {
    assert(scenario != NULL);
    return names_v6(scenario->steps, scenario->steps_count);
}

bool world_line_is_of_v6(const struct scenario *scenario, const struct world_line *line) {
    assert(scenario != NULL && line != NULL);
    if (line->kind != WORLD_DYNAMIC_RANGE) return line->kind == WORLD_DYNAMIC_RANGE_V6;
    for (uint32_t i = 0; i < scenario->world_lines_count; i++) {
        const struct world_line *other = &scenario->world_lines[i];
        if (other->kind == WORLD_DYNAMIC_RANGE_V6 && other->transport == line->transport) return false;
    }
    return scenario_names_v6(scenario);
}
