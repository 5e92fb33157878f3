/* Events, as the kernel has them: set and reset by programs, by requests that end and by network events.
 *
 * INVARIANTS
 *   R4  An event that no handle names, and no socket as its handle's own, is named by a pending request, a thread that
 *       waits or a selection of network events, or is free.
 *
 * TRANSITIONS (event)
 *   free --event_create--> not set or set --event_set, event_reset, event_consume--> ...
 *                                         --event_release (nothing names it)--> free */
#ifndef RESERVOIR_STACK_IO_EVENTS_H
#define RESERVOIR_STACK_IO_EVENTS_H

#include "stack/world.h"

/* A new event object; NO_ROW when the table is full. The caller opens a handle to it. */
unsigned event_create(struct world *world, bool manual_reset, bool set);
void event_set(struct world *world, unsigned event);
void event_reset(struct world *world, unsigned event);
/* A handle to it was closed: frees it when nothing needs it any more. */
void event_release(struct world *world, unsigned event);
/* Consumes the signal of an event that resets itself. The event must be set (asserted). */
void event_consume(struct world *world, unsigned event);

/* The invariant R4; NULL, or its text when it is broken. */
const char *events_check(const struct world *world);

#endif
