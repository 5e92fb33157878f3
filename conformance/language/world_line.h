/* What a world line is about. */
#ifndef RESERVOIR_CONFORMANCE_WORLD_LINE_H
#define RESERVOIR_CONFORMANCE_WORLD_LINE_H

#include "conformance/language/tree.h"

/* Is a line of the dynamic range one of IPv6's? One that speaks of IPv6 is; one that does not is of both families,
 * where the scenario opens sockets of IPv6 and no other line has their range. */
bool world_line_is_of_v6(const struct scenario *scenario, const struct world_line *line);

/* Does a step name IPv6's family, as one does that opens a socket of it? */
bool scenario_names_v6(const struct scenario *scenario);

#endif
