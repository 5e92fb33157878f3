/* What a provider is given: the table of upcalls, over the kernel32 of a table of functions. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_PROVIDER_UPCALLS_H
#define RESERVOIR_CONFORMANCE_AGENT_PROVIDER_UPCALLS_H

#include "conformance/agent/functions.h"

/* Events and handles are made by `table`; borrowed. A provider calls back while a thread of the scenario is inside it,
 * and from threads of its own. */
WSPUPCALLTABLE provider_upcalls(const struct windows_functions *table);

/* The calling thread is from now on one of this process: each process has handles of its own. */
void provider_upcalls_enter(unsigned process);

/* It has ended: handles that were made for it are gone. */
void provider_upcalls_process_ends(unsigned process);

/* Is this a handle that WPUCreateSocketHandle gave to the calling process? */
bool provider_upcalls_made(HANDLE handle);

#endif
