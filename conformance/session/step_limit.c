#include "conformance/session/step_limit.h"

#include <assert.h>
#include <stddef.h>

#include "stack/sdk/error_values.h"

unsigned step_limit_ms(const struct step *step) {
    assert(step != NULL);
    for (uint32_t i = 0; i < step->outcomes_count; i++)
        if (step->outcomes[i].word == OUTCOME_BLOCKS) return LIMIT_BLOCKS_MS;
    return LIMIT_RETURN_MS;
}

unsigned step_show_limit_ms(const struct step *step) {
    for (uint32_t i = 0; i < step->outcomes_count; i++) {
        const struct outcome *outcome = &step->outcomes[i];
        for (uint32_t k = 0; k < outcome->predicates_count; k++) {
            const struct predicate *predicate = &outcome->predicates[k];
            if (predicate->observable != OBSERVABLE_Internal) continue;
            if (predicate->value->number == STATUS_PENDING) return LIMIT_BLOCKS_MS;
        }
    }
    return LIMIT_RETURN_MS;
}
