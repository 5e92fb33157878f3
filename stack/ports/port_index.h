/* The port index of a large world: which ports are held, so that a free port, or a run of free ports, is found in a
 * number of steps that does not depend on how many ports are held.
 *
 * A small world (a judge's, an explorer's) has no index: its few sockets and reservations are looked at one by one, and
 * it stays small. With or without an index the pool gives the same answers (a test compares them).
 *
 * A view is the port space of a protocol as one question sees it: by families (v4, v6, both), and by what counts (all
 * holders with families shared, all holders with reservations of other families unseen, only sockets). A view is a
 * bitmap of held ports under a summary of its words, and the union of some sources: the ports of sockets of a family,
 * of reservations of a layer, of exclusions, each a bitmap. Who comes or goes changes its sources, and the views of
 * these 64 ports at a time. Beside the views stand, for each port, a chain of sockets (whoever binds an explicit port
 * looks at these alone) and the reservations that cover it.
 *
 * INVARIANTS
 *   X1  A port's bit in a source is set exactly when a row of this kind holds it.
 *   X2  A view is the union of its sources; a word's bit in `full` (`any`) is set exactly when all (some) bits of the
 *       word are.
 *   X3  The chain of a port of a protocol has the sockets bound to it and no others, in ascending order of their
 *   rows.
 *   X4  Each port of a live reservation names its row, in the layer of each of its families, or of persistent ones. */
#ifndef RESERVOIR_STACK_PORTS_PORT_INDEX_H
#define RESERVOIR_STACK_PORTS_PORT_INDEX_H

#include "stack/ports/holder.h"

enum view_kind { VIEW_ALL, VIEW_ALL_FAMILIES_APART, VIEW_SOCKETS, VIEW_KINDS_COUNT };

bool port_index_present(const struct world *world);

/* A holder comes / goes. Nothing happens in a world without an index. The row of an exclusion says already what is so
 * from now on, for exclusions may overlap. */
void port_index_add(struct world *world, const struct holder *holder);
void port_index_remove(struct world *world, const struct holder *holder);

/* The smallest port in from..last that is not held / is held in the view; PORTS_END when there is none. The world has
 * an index (asserted). */
unsigned port_index_next_free(const struct world *world, enum protocol protocol, enum view_kind kind, unsigned families,
                              unsigned from, unsigned last);
unsigned port_index_next_held(const struct world *world, enum protocol protocol, enum view_kind kind, unsigned families,
                              unsigned from, unsigned last);

/* The socket after `after` in the chain of a port (NO_ROW: the first), or NO_ROW. Likewise with an index. */
unsigned port_index_next_socket(const struct world *world, enum protocol protocol, unsigned port, unsigned after);

/* The lowest row of a live reservation of the protocol that covers a port, or NO_ROW; `families`: of those that meet
 * them. Likewise. */
unsigned port_index_reservation(const struct world *world, enum protocol protocol, unsigned families, unsigned port);

/* The smallest start >= from of `count` ports in a row that are not held in the view and end at or below `last`;
 * PORTS_END when there is none. Likewise. It looks at each 64 ports once, however the held ones lie among them. */
unsigned port_index_next_run(const struct world *world, enum protocol protocol, enum view_kind kind, unsigned families,
                             unsigned from, unsigned last, unsigned count);

/* Does neither a reservation nor an exclusion hold this port? Likewise. */
bool port_index_sockets_alone(const struct world *world, enum protocol protocol, unsigned port);

/* The invariants X1 to X4 (against the rows); NULL, or the text of the broken one. */
const char *port_index_check(const struct world *world);

#endif
