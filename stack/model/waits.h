/* Waits: threads that park until an event is set, a routine is queued, or time is up. Waiting on a socket or file
 * handle is not modelled: it is answered as an invalid handle. */
#ifndef RESERVOIR_STACK_MODEL_WAITS_H
#define RESERVOIR_STACK_MODEL_WAITS_H

#include "stack/system/context.h"

/* Can this parked thread resume now? */
bool wait_is_over(const struct world *world, unsigned thread);

/* Internal step: wakes it. Its return goes to result->returns, routines that ran to result->routines. */
void wait_finish(struct world *world, unsigned thread, struct result *result);

#endif
