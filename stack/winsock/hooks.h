/* The blocking hook of a Winsock 1.1 program, as its client's WPUQueryBlockingCallback names it: the model is given a
 * hook of the edge in its place, and runs that while a call blocks. */
#ifndef RESERVOIR_STACK_WINSOCK_HOOKS_H
#define RESERVOIR_STACK_WINSOCK_HOOKS_H

#include "stack/winsock/headers.h"

/* The upcalls of the provider's client; kept from the first WSPStartup on. */
void hooks_use(const WSPUPCALLTABLE *upcalls);

/* Before a call that may block: asks for the calling thread's hook. */
void hook_follow(void);

#endif
