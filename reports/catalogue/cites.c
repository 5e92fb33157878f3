#include "reports/catalogue/cites.h"

#include <assert.h>
#include <string.h>

#include "conformance/language/step_order.h"

bool outcome_cites(const struct outcome *outcome, const char *clause) {
    assert(outcome != NULL && clause != NULL);
    for (uint32_t i = 0; i < outcome->sources_count; i++)
        if (outcome->sources[i].kind == SOURCE_CLAUSE && strcmp(outcome->sources[i].text, clause) == 0) return true;
    return false;
}

bool step_cites(const struct step *step, const char *clause) {
    for (uint32_t i = 0; i < step->outcomes_count; i++)
        if (outcome_cites(&step->outcomes[i], clause)) return true;
    return false;
}

uint64_t clause_bit(const char *clause) {
    uint32_t hash = 0;
    for (const char *at = clause; *at != '\0'; at++) hash = hash * 31 + (uint8_t)*at;
    return UINT64_C(1) << hash % 64;
}

uint64_t instance_clause_bits(const struct scenario *instance) {
    struct step_order order;
    uint64_t bits = 0;
    step_order_fill(&order, instance);
    for (unsigned i = 0; i < order.count; i++) {
        const struct step *step = order.steps[i];
        for (uint32_t k = 0; k < step->outcomes_count; k++) {
            const struct outcome *outcome = &step->outcomes[k];
            for (uint32_t m = 0; m < outcome->sources_count; m++)
                if (outcome->sources[m].kind == SOURCE_CLAUSE) bits |= clause_bit(outcome->sources[m].text);
        }
    }
    return bits;
}
