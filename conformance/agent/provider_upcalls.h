/* What a provider is given: the table of upcalls, over the kernel32 of a table of functions. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_PROVIDER_UPCALLS_H
#define RESERVOIR_CONFORMANCE_AGENT_PROVIDER_UPCALLS_H

#include "conformance/agent/functions.h"

/* Events and handles are made by `table`; borrowed. A provider calls back while a thread of the scenario is inside it,
 * and from threads of its own. */
WSPUPCALLTABLE provider_upcalls(const struct windows_functions *table);

#endif
