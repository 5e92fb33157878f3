/* Chains of a large world: rows of one table that belong to one row of another, so that whoever is concerned with these
 * looks at them alone. A small world has none: its few rows are looked at one by one. Who asks gets the same answers
 * with and without; the functions that iterate (handle_after, pool_next_associated and the like) see to both.
 *
 * | chain                | owner         | members                                             | order         |
 * |----------------------|---------------|-----------------------------------------------------|---------------|
 * | CHAIN_HANDLES        | a process     | its handles                                         | their numbers |
 * | CHAIN_ASSOCIATED     | a reservation | sockets that are associated with it, while it lives | of joining    |
 * | CHAIN_ACQUIRED       | a socket      | runtime reservations acquired on it                 | of joining    |
 * | CHAIN_TOKENS         | a bucket      | reservations and tombstones whose token falls there | of joining    |
 * | CHAIN_TOMBSTONES     | row 0         | tombstones                                          | their serials |
 *
 * A world with a wire has one kind more, whether it is large or small: the connections of a local port, in which
 * transport/connection_index.h puts them.
 *
 * INVARIANTS
 *   C1  Both directions of a chain have the same members. The module whose rows they are asserts which.
 *
 * Links are rows + 1, so that zeroed memory is chains of nothing. */
#ifndef RESERVOIR_STACK_CHAINS_H
#define RESERVOIR_STACK_CHAINS_H

#include "stack/world.h"

static inline bool chains_present(const struct world *world) { return world->chains_offset != 0; }

/* Puts a row, which is in no chain of this kind, after `after`; NO_ROW: first. Takes a row out of its chain. The world
 * has chains (asserted). */
void chain_link(struct world *world, enum chain chain, unsigned owner, unsigned member, unsigned after);
void chain_unlink(struct world *world, enum chain chain, unsigned owner, unsigned member);

/* The row after `after` (NO_ROW: the first); the row before `before` (NO_ROW: the last); NO_ROW: there is none. The
 * world has chains (asserted). */
unsigned chain_next(const struct world *world, enum chain chain, unsigned owner, unsigned after);
unsigned chain_before(const struct world *world, enum chain chain, unsigned owner, unsigned before);

/* Puts a row last; takes it out. Nothing happens in a world without chains. */
static inline void chain_append(struct world *world, enum chain chain, unsigned owner, unsigned member) {
    if (chains_present(world)) chain_link(world, chain, owner, member, chain_before(world, chain, owner, NO_ROW));
}

static inline void chain_remove(struct world *world, enum chain chain, unsigned owner, unsigned member) {
    if (chains_present(world)) chain_unlink(world, chain, owner, member);
}

/* The connections of a local port, and now and then one of another port as well; NO_ROW after the last, and in a world
 * without a wire. */
unsigned port_connection_first(const struct world *world, unsigned local_port);
unsigned port_connection_next(const struct world *world, unsigned connection);

/* In which chain of connections those of this local port are. */
unsigned port_connection_chain(const struct world *world, unsigned local_port);

/* How many members there are, or UINT_MAX when C1 does not hold. */
unsigned chain_count(const struct world *world, enum chain chain, unsigned owner);

#endif
