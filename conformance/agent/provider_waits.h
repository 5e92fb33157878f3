/* Waits where the scenario processes of a provider share one process of Windows: a wait has to end when its scenario
 * process does, which no kernel32 knows of. So they are made in slices. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_PROVIDER_WAITS_H
#define RESERVOIR_CONFORMANCE_AGENT_PROVIDER_WAITS_H

#include "conformance/agent/functions.h"

/* Puts WaitForSingleObject, WaitForSingleObjectEx and SleepEx into `table`, over those that it has. */
void provider_waits_put(struct windows_functions *table);

/* The calling thread is one of this process; it starts, and it ends. */
void provider_waits_enter(unsigned process);
void provider_waits_process(unsigned process, bool alive);

#endif
