/* From a scenario with variants to its instances, trees without variants. */
#ifndef RESERVOIR_CONFORMANCE_EXPAND_H
#define RESERVOIR_CONFORMANCE_EXPAND_H

#include "conformance/language/tree.h"

/* How many instances a scenario has: the product of its variants, exceptions left out. The last dimension varies
 * fastest. One instance with an empty suffix when there are no variants. */
unsigned scenario_instances_count(const struct scenario *scenario);

/* A new tree without variants: guards resolved, $words replaced, `name` with its suffix such as [udp.v6]. Owned by the
 * caller, who frees it with scenario_free(). `index` < scenario_instances_count(). Never fails: the parser has refused
 * what cannot be expanded. */
struct scenario *scenario_expand(const struct scenario *scenario, unsigned index);

#endif
