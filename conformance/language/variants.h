/* Variants: which instances a scenario has, and where a guard holds. Shared by the parser and the expansion. */
#ifndef RESERVOIR_CONFORMANCE_VARIANTS_H
#define RESERVOIR_CONFORMANCE_VARIANTS_H

#include "conformance/language/tree.h"

/* The values of one instance, one for each dimension of the scenario. Borrowed from the scenario. */
struct instance {
    const char *values[DIMENSIONS_MAX];
};

/* Finds the instances, in order, at most `max` of them; returns how many there are in all. `instances` may be NULL when
 * `max` is 0. */
unsigned variants_instances(const struct scenario *scenario, struct instance *instances, unsigned max);

/* Does a guard hold in an instance? An empty one always does. */
bool variants_guard_holds(const struct scenario *scenario, const struct guard *guard, const struct instance *instance);

/* The instance's value of a dimension, or NULL when the scenario has no such dimension. */
const char *variants_value(const struct scenario *scenario, const struct instance *instance, const char *dimension);

/* The dimension that has this value (-1: none). */
int variants_dimension_of_value(const struct scenario *scenario, const char *value);

#endif
