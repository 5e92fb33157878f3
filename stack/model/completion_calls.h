/* The calls on completion ports, as far as a parked thread comes back to them. */
#ifndef RESERVOIR_STACK_MODEL_COMPLETION_CALLS_H
#define RESERVOIR_STACK_MODEL_COMPLETION_CALLS_H

#include "stack/system/context.h"

/* Is there a packet for a thread that waits at a completion port? Of several the one that was parked last has it. */
bool packet_has_come(const struct world *world, unsigned thread);

/* The wait of a thread at a completion port is over: by a packet, because the port was closed, by routines, or by
 * time. */
void packet_wait_finish(struct context *context, unsigned thread);

#endif
