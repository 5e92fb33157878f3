/* WSAGetOverlappedResult, GetOverlappedResult and GetOverlappedResultEx: what became of an overlapped operation, read
 * from its OVERLAPPED; a parked thread comes back here. */
#ifndef RESERVOIR_STACK_MODEL_OVERLAPPED_RESULT_H
#define RESERVOIR_STACK_MODEL_OVERLAPPED_RESULT_H

#include "stack/system/context.h"

/* Is the event set of the pending request that this thread waits for, so that its wait is over? */
bool result_wait_ends_by_event(const struct world *world, unsigned thread);

/* The request that a thread waited for has ended, or its wait: by its event, by time, or by routines that run. */
void result_wait_finish(struct context *context, unsigned thread);

#endif
