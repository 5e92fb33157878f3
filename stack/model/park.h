/* How a call parks its thread. */
#ifndef RESERVOIR_STACK_MODEL_PARK_H
#define RESERVOIR_STACK_MODEL_PARK_H

#include "stack/system/context.h"
#include "stack/system/handles.h"

/* Ends a call by parking its thread for at most so many milliseconds (INFINITE: for ever); wait->deadline_ns is not
 * read. False: it may not block, and has ended otherwise. */
bool wait_park(struct context *context, const struct wait *wait, uint32_t milliseconds);

#endif
