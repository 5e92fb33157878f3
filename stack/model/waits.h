/* Events, waits, files and the results of overlapped operations: the part of kernel32 and ws2_32 that scenarios need
 * to see completions. Waiting on a socket or file handle is not modelled: it is answered as an invalid handle. */
#ifndef RESERVOIR_STACK_PROVIDER_WAITS_H
#define RESERVOIR_STACK_PROVIDER_WAITS_H

#include "stack/system/context.h"

/* Can this parked thread go on now? */
bool wait_is_over(const struct world *world, unsigned thread);

/* Internal step: wakes it. Its return goes to result->returns, routines that ran to result->routines. */
void wait_finish(struct world *world, unsigned thread, struct result *result);

#endif
