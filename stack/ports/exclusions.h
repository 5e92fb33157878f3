/* Exclusions: ranges of ports that are kept from programs.
 *
 * An administered one is netsh's. It may be in effect, in the persistent store, or both; a restart brings it to what
 * the store says (ports/port_store.h). Any other range belongs to something outside the modelled processes: in effect,
 * of no store, and taken again by its owner after a restart. Only what is in effect takes ports out of the dynamic
 * range and refuses reservations (T8.4).
 *
 * INVARIANTS
 *   P5  A stored exclusion is administered; a dormant one is stored.
 *
 * TRANSITIONS (exclusion)
 *   free --exclusion_add--> active --exclusion_change--> active or dormant, stored or not
 *                           active, dormant --exclusion_change--> free */
#ifndef RESERVOIR_STACK_PORTS_EXCLUSIONS_H
#define RESERVOIR_STACK_PORTS_EXCLUSIONS_H

#include "stack/world.h"

/* A range in effect, not stored. Returns the row, or NO_ROW when the table is full. */
unsigned exclusion_add(struct world *world, enum protocol protocol, unsigned first, unsigned last, bool administered);

/* Brings a row to this state, into the store's list or out of it; EXCLUSION_FREE: the exclusion is no more. The store
 * itself is written by port_store_save(). */
void exclusion_change(struct world *world, unsigned exclusion, enum exclusion_state state, bool stored);

/* The administered exclusion of exactly these ports, or NO_ROW. */
unsigned exclusion_exact(const struct world *world, enum protocol protocol, unsigned first, unsigned last);

/* The first exclusion of any kind, from row `from` on, that has one of these ports, or NO_ROW. */
unsigned exclusion_overlapping(const struct world *world, enum protocol protocol, unsigned first, unsigned last,
                               unsigned from);

/* The invariant P5; NULL, or its text when it is broken. */
const char *exclusions_check(const struct world *world);

#endif
