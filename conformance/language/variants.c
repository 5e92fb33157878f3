#include "conformance/language/variants.h"

#include <assert.h>
#include <string.h>

int variants_dimension_of_value(const struct scenario *scenario, const char *value) {
    assert(value != NULL);
    for (uint32_t i = 0; i < scenario->dimensions_count; i++) {
        const struct dimension *dimension = &scenario->dimensions[i];
        for (uint32_t j = 0; j < dimension->values_count; j++) {
            if (strcmp(dimension->values[j], value) == 0) return (int)i;
        }
    }
    return -1;
}

bool variants_guard_holds(const struct scenario *scenario, const struct guard *guard, const struct instance *instance) {
    assert(guard->values_count <= DIMENSIONS_MAX);
    for (uint32_t i = 0; i < guard->values_count; i++) {
        int dimension = variants_dimension_of_value(scenario, guard->values[i]);
        assert(dimension >= 0);
        if (strcmp(instance->values[dimension], guard->values[i]) != 0) return false;
    }
    return true;
}

static bool is_excepted(const struct scenario *scenario, const struct instance *instance) {
    for (uint32_t i = 0; i < scenario->exceptions_count; i++) {
        if (variants_guard_holds(scenario, &scenario->exceptions[i], instance)) return true;
    }
    return false;
}

/* The product's element number `number`; the last dimension counts fastest. */
static struct instance product_element(const struct scenario *scenario, unsigned number) {
    struct instance instance = { { NULL } };
    for (uint32_t i = scenario->dimensions_count; i-- > 0;) {
        const struct dimension *dimension = &scenario->dimensions[i];
        instance.values[i] = dimension->values[number % dimension->values_count];
        number /= dimension->values_count;
    }
    assert(number == 0);
    return instance;
}

unsigned variants_instances(const struct scenario *scenario, struct instance *instances, unsigned max) {
    assert(scenario->dimensions_count <= DIMENSIONS_MAX);
    assert(instances != NULL || max == 0);
    unsigned product = 1;
    for (uint32_t i = 0; i < scenario->dimensions_count; i++) product *= scenario->dimensions[i].values_count;
    unsigned count = 0;
    for (unsigned i = 0; i < product; i++) {
        struct instance instance = product_element(scenario, i);
        if (is_excepted(scenario, &instance)) continue;
        if (count < max) instances[count] = instance;
        count++;
    }
    return count;
}

const char *variants_value(const struct scenario *scenario, const struct instance *instance, const char *dimension) {
    assert(dimension != NULL);
    for (uint32_t i = 0; i < scenario->dimensions_count; i++) {
        if (strcmp(scenario->dimensions[i].name, dimension) == 0) return instance->values[i];
    }
    return NULL;
}
