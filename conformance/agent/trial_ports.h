/* Finds ports that are not in use, for a scenario's `ports` lines. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_TRIAL_PORTS_H
#define RESERVOIR_CONFORMANCE_AGENT_TRIAL_PORTS_H

#include "conformance/agent/functions.h"
#include "conformance/base/reason.h"

/* For each ports line of an expanded scenario: the first of so many consecutive ports that are free for its protocol
 * in both families (the system may lack one of them). All lines' ports are bound at once by exclusive trial sockets and
 * then let go, so no two lines share one. None is in a range that netsh lists as excluded, for whichever family and in
 * whichever store: a bind may succeed there. They lie outside the dynamic ranges that the host tells, where there is
 * room (host_facts_trial_region). False with `reason` when there are not as many. Initialises Winsock in this
 * process for as long as it takes. */
bool trial_ports_find(const struct windows_functions *functions, const struct scenario *scenario, uint16_t *ports_first,
                      struct reason *reason);

#endif
