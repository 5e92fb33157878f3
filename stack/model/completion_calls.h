/* The calls on completion ports, as far as a parked thread comes back to them. */
#ifndef RESERVOIR_STACK_MODEL_COMPLETION_CALLS_H
#define RESERVOIR_STACK_MODEL_COMPLETION_CALLS_H

#include "stack/system/context.h"

/* The wait of a thread at a completion port is over: by a packet, because the port was closed, or by time. */
void packet_wait_finish(struct context *context, unsigned thread);

#endif
