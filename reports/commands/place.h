/* Where the program's data is, and scenarios by their short names. */
#ifndef RESERVOIR_REPORTS_PLACE_H
#define RESERVOIR_REPORTS_PLACE_H

#include "conformance/runner/scenario_set.h"

/* The tree of scenarios, in this order: $RESERVOIR_DATA/scenarios where the variable is set, whatever is there;
 * ./scenarios, when it has a clause catalogue (so that a checkout uses its own); beside the executable,
 * ../share/reservoir/scenarios (installed), ../scenarios and ../../scenarios (in the tree that it was built in). When
 * there is none, `scenarios`. Valid until called again. */
const char *place_of_scenarios(void);

/* Adds what a word of the command line names to `set`: a file or folder; else, in `tree`, a theme (associate), a
 * scenario (after-bind, associate/after-bind) or one instance (after-bind[udp.v6]). A word that names nothing, or
 * several scenarios, is broken: what was meant, or which there are, goes to the set's errors. */
void place_add_named(struct scenario_set *set, const char *tree, const char *word);

#endif
