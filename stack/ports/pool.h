/* The port pool: who holds which port, and the life of reservations and their tokens.
 *
 * A port of a protocol can be held by sockets bound to it, by one reservation, by an exclusion. What the pool knows of
 * sockets it reads off their rows; it changes only reservations.
 *
 * INVARIANTS
 *   P1  A runtime reservation with ports lies within 1..65535 and names an open socket (its acquirer) and a live
 *       process, or none when that process has ended and a duplicate keeps the socket open (Q62=a). A persistent one
 *       names neither.
 *   P2  Two live reservations that share a space do not overlap. (A space is a protocol; under the reading Q34=b a
 *       protocol and a family. Under Q31=b a persistent one may overlap runtime ones.)
 *   P3  A live token that was reported is not 0, and no two live reservations have the same; under Q23=b no two of one
 *       protocol.
 *   P4  Serials of live reservations differ, are not 0 and at most world.reservation_serial.
 *   P6  world.granted counts the runtime reservations of one family, world.live_reservations all live ones.
 *   P7  In a large world a socket's chain has the reservations acquired on it; a live reservation's has the sockets
 *       associated with it; each reservation or tombstone with a token is in the chain of its bucket, each
 *       tombstone in the chain of tombstones.
 *
 * TRANSITIONS (reservation)
 *   free --reservation_grant--> runtime --reservation_release--> released (a tombstone: token, protocol, process)
 *                               runtime --reservation_drop------> free     (its socket closed, the machine restarts)
 *   released --reservation_grant (no free row left), reservation_release (too many), reservation_drop--> free
 *   free --reservation_persist--> persistent --reservation_drop--> free; ports/persistent.h says when
 *
 * Tombstones are few, so that a machine that reserves and releases all day long does not slow down: after
 * TOMBSTONES_MAX further ones a released token is as unknown as one that was never given. */
#ifndef RESERVOIR_STACK_PORTS_POOL_H
#define RESERVOIR_STACK_PORTS_POOL_H

#include "stack/ports/holder.h"

enum { TOMBSTONES_MAX = 64 };

/* Part of the port space: ports of a protocol as seen by some families. families_apart: Q34=b holds, so reservations of
 * other families are not seen. */
struct port_space {
    enum protocol protocol;
    unsigned families;
    bool families_apart;
    bool with_closing; /* a connection that closes without a socket holds its port, too */
};

/* The live reservation that covers a port, or NO_ROW. */
unsigned pool_reservation_at(const struct world *world, struct port_space space, unsigned port);

/* The exclusion in effect that covers a port, or NO_ROW. */
unsigned pool_exclusion_at(const struct world *world, enum protocol protocol, unsigned port);

/* Is a socket of the space (by protocol and overlapping families) bound to this port? */
bool pool_port_bound(const struct world *world, struct port_space space, unsigned port);

/* Does a connection of TCP hold this port that closes without a socket? (TIME_WAIT, and what comes before it.) */
bool pool_port_closing(const struct world *world, struct port_space space, unsigned port);

/* The sockets of a protocol that are bound to a port, in the order of their rows: the next one after `after` (NO_ROW:
 * the first), or NO_ROW. In a large world none but these are looked at. */
unsigned pool_next_socket(const struct world *world, enum protocol protocol, unsigned port, unsigned after);

/* Free of all three, and of what closes where the space says so. */
bool pool_port_free(const struct world *world, struct port_space space, unsigned port);

/* The smallest port in from..last that is free; PORTS_END when there is none. */
unsigned pool_next_free(const struct world *world, struct port_space space, unsigned from, unsigned last);

/* The smallest start >= from of `count` free ports in a row that end at or below `last`; PORTS_END when there is
 * none. */
unsigned pool_next_run(const struct world *world, struct port_space space, unsigned from, unsigned last,
                       unsigned count);

/* The smallest port in first..last that no socket of the space is bound to (nor a closing connection, likewise);
 * PORTS_END when there is none. */
unsigned pool_next_unbound(const struct world *world, struct port_space space, unsigned from, unsigned last);

/* The live or released reservation that a socket of this protocol means by the token, or NO_ROW: one of its own
 * protocol; where there is none, one of the other, which only then it can mean (Q23). Token 0 is never found. */
unsigned pool_find_token(const struct world *world, enum protocol protocol, uint64_t token);

/* Likewise the reservation that had this token before the restart, of which it has not been asked whether it still
 * holds. */
unsigned pool_find_old_token(const struct world *world, enum protocol protocol, uint64_t token);

/* Runtime reservations that were acquired on a socket; sockets, bound or not, that are associated with a live
 * reservation: the one after `after` (NO_ROW: the first), or NO_ROW. In a large world none but these are looked at. */
unsigned pool_next_acquired(const struct world *world, unsigned socket, unsigned after);
unsigned pool_next_associated(const struct world *world, unsigned reservation, unsigned after);

/* Associates a socket with a live reservation, or (NO_ROW) with none, not even one that is gone. */
void pool_associate(struct world *world, unsigned socket, unsigned reservation);

/* The live reservation that a socket is associated with, or NO_ROW (never associated, or it died). */
unsigned pool_association(const struct world *world, const struct socket_row *socket);

/* Is a socket bound to a port of this reservation through an association with it? */
bool pool_reservation_in_use(const struct world *world, unsigned reservation);

/* Is an open socket, bound or not, associated with it? */
bool pool_reservation_associated(const struct world *world, unsigned reservation);

/* Serials, and the tokens that follow them, count on from here: of a world without reservations, which continues a
 * machine that another world was before. Both would else report the same tokens. */
void reservations_count_from(struct world *world, uint32_t serial);

/* Grants first..first+count-1 to `process` on `socket` with a new token (CHOICE_TOKEN). The ports must be free of other
 * reservations (P2). Returns the row, or NO_ROW when the table is full. */
unsigned reservation_grant(struct world *world, struct chooser *chooser, unsigned process, unsigned socket,
                           unsigned first, unsigned count);

/* A persistent reservation without a token as yet. Returns the row, or NO_ROW when the table is full. */
unsigned reservation_persist(struct world *world, enum protocol protocol, unsigned first, unsigned count);

/* Gives a persistent reservation a token (CHOICE_TOKEN); may_stay: the one in its row is among them. */
void reservation_give_token(struct world *world, struct chooser *chooser, unsigned reservation, bool may_stay);

/* A persistent reservation keeps only these of its ports. */
void reservation_narrow(struct world *world, unsigned reservation, unsigned first, unsigned count);

void reservation_release(struct world *world, unsigned reservation);
void reservation_drop(struct world *world, unsigned reservation);

/* Drops what was acquired on a socket that goes away. */
void reservation_drop_of_socket(struct world *world, unsigned socket);

/* Does `process` hold a reservation that it acquired on `socket`? And drops those. */
bool reservation_held_on(const struct world *world, unsigned process, unsigned socket);
void reservation_drop_of_owner(struct world *world, unsigned process, unsigned socket);

/* A process is gone: its tombstones go, what a duplicate keeps alive belongs to no process any more. */
void reservation_drop_of_process(struct world *world, unsigned process);

/* The invariants P1-P4, P6, P7, and P5 (ports/exclusions.h); NULL, or the text of the broken one. */
const char *pool_check(const struct world *world);

#endif
