/* Parked threads that wait for an event, for a completion port, for a request, for routines or for time. */
#ifndef RESERVOIR_STACK_MODEL_WAITS_H
#define RESERVOIR_STACK_MODEL_WAITS_H

#include "stack/system/context.h"

/* Would this parked thread resume now: because of its event, packet or request, its routines or its time-out? */
bool wait_is_over(const struct world *world, unsigned thread);

/* Internal step: the parked thread resumes, and its call returns. */
void wait_finish(struct context *context, unsigned thread);

#endif
