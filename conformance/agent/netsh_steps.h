/* netsh's commands as steps of a scenario. On a real machine the agent looks and changes nothing: what is listed it reads
 * (functions_real.c), while a scenario that adds or deletes an exclusion is not played, since no journal would know what to
 * take away again after a crash. The model's machine is gone with its scenario, so there everything is played. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_NETSH_STEPS_H
#define RESERVOIR_CONFORMANCE_AGENT_NETSH_STEPS_H

#include "conformance/agent/functions.h"
#include "stack/provider/call.h"

/* Can the scenario's commands be run here? False: `reason` (EXECUTOR_REASON_MAX bytes) names the first that cannot. */
bool netsh_steps_allow(const struct windows_functions *functions, const struct scenario *scenario, char *reason);

/* The row of netsh's listing that has the port, as NETSH_ROW_SIZE bytes. NO_ERROR, or NETSH_SAYS_NOTHING. The last error
 * stays as it was. */
ULONG netsh_steps_show(uint32_t protocol, unsigned port, unsigned store, uint8_t *row);

#endif
