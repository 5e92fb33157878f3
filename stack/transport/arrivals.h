/* Internal steps of the wire: the oldest packet arrives, or timers of connections fall due. */
#ifndef RESERVOIR_STACK_TRANSPORT_ARRIVALS_H
#define RESERVOIR_STACK_TRANSPORT_ARRIVALS_H

#include "stack/choice.h"
#include "stack/world.h"

/* Is there such a step now? One at most: packets arrive in the order in which they were sent, timers after them. */
bool wire_step_is_enabled(const struct world *world);

/* Takes it. A packet that is damaged, or for no socket, is dropped; for a closed TCP port it is answered by RST. */
void wire_step(struct world *world, struct chooser *chooser);

/* Nanoseconds until the next one, if nothing else happens; UINT64_MAX: never. */
uint64_t wire_next_in_ns(const struct world *world);

/* The machine restarts: what is on its way, and connections without a socket, are gone. */
void wire_forget(struct world *world);

#endif
