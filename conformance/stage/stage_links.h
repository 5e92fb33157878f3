/* The machines of a scenario, and the links between them, as a network of worlds (sim/link/network.h).
 *
 * A machine has the addresses of its line, all world lines, and the processes whose lines say so. A link leads to the
 * addresses of the machine at its other end; a packet for which no link of its machine leads anywhere is gone, and the
 * connect that sent it times out. Machines forward nothing. */
#ifndef RESERVOIR_CONFORMANCE_STAGE_LINKS_H
#define RESERVOIR_CONFORMANCE_STAGE_LINKS_H

#include "conformance/language/tree.h"
#include "sim/link/network.h"

/* How large the network of a scenario with machines (asserted) is, each machine with these limits. */
struct network_limits stage_network_limits(const struct scenario *scenario, const struct world_limits *machine);

/* Gives the machines of a new network their addresses, and joins them. */
void stage_join(struct network *network, const struct scenario *scenario);

/* What is said of a link is so from now on; the rest stays as it is. */
void stage_set_link(struct network *network, unsigned link, const struct link_settings_said *said);

#endif
