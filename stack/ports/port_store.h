/* What of the pool survives a restart: persistent reservations, and administered exclusions that are stored. Both stand
 * in the store of their protocol (system/store.h), each entry with its kind.
 *
 * The rows are changed first, then port_store_save() brings the store to what they say. While the power is failing it
 * may fail at any sector: the machine is lost, and the next restart finds the old store or the new one. */
#ifndef RESERVOIR_STACK_PORTS_PORT_STORE_H
#define RESERVOIR_STACK_PORTS_PORT_STORE_H

#include "stack/system/context.h"
#include "stack/system/store.h"

/* The store of a protocol as it lies in the world. */
struct store port_store_of(const struct world *world, enum protocol protocol);

/* Is there room for `wanted` more entries? */
bool port_store_has_room(const struct world *world, enum protocol protocol, unsigned wanted);

/* Brings the store to what the pool holds. `chooser` is asked while the power is failing (CHOICE_CRASH), else it may be
 * NULL. */
void port_store_save(struct world *world, struct chooser *chooser, enum protocol protocol);

/* Has the machine lost its power? Then the call blocks for ever: nothing is left to answer it. */
bool port_store_power_is_lost(struct context *context);

/* The machine starts: what the store holds becomes reservations and exclusions, and nothing else administered or
 * persistent does. Rows of reservations that were there before keep their tokens as old ones. What is wrong with the
 * store is added to `findings` (may be NULL); an entry that finds no room is left out. */
void port_store_boot(struct world *world, struct store_findings *findings);

#endif
