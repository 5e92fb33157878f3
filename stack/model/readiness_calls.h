/* select and WSAPoll: what they wait for. */
#ifndef RESERVOIR_STACK_MODEL_READINESS_CALLS_H
#define RESERVOIR_STACK_MODEL_READINESS_CALLS_H

#include "stack/system/context.h"

/* Is a socket ready, or gone, for which this thread waits (AWAITED_SOCKETS)? */
bool readiness_has_come(const struct world *world, unsigned thread);

/* Internal step: the call returns, because one is or because its time is over. */
void readiness_wait_finish(struct context *context, unsigned thread);

#endif
