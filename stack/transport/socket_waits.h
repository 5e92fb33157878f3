/* Threads that wait in select or WSAPoll. Each socket of their sets has a row, at its place in its set.
 *
 * INVARIANTS
 *   S7  A row names a thread that waits for sockets (world.h, AWAITED_SOCKETS), and a socket that is there, unless it
 *       says that there is none; such a thread has at least one row; its places in one set are 0, 1 and so on, each
 *       once.
 *
 * TRANSITIONS (row)
 *   free --socket_wait_add--> waited for, or never a socket
 *   waited for --socket_wait_lose--> gone                      (the socket was closed)
 *   any of them --socket_wait_end--> free                      (its thread resumes, or ends) */
#ifndef RESERVOIR_STACK_TRANSPORT_SOCKET_WAITS_H
#define RESERVOIR_STACK_TRANSPORT_SOCKET_WAITS_H

#include "stack/call/call.h"
#include "stack/world.h"

enum { SOCKET_SETS = 3, SOCKET_WAITS_MAX = SOCKET_SETS * SET_SOCKETS_MAX }; /* sets of select; WSAPoll has the first */

/* What a call waits for: rows in the order of their sets and places. */
struct awaited_sockets {
    unsigned count;
    struct socket_wait rows[SOCKET_WAITS_MAX];
};

/* Are there so many free rows? Notes the full table where there are not. */
bool socket_wait_has_room(struct world *world, unsigned count);

/* The thread, which is parked, waits for these. There must be room (asserted). */
void socket_wait_add(struct world *world, unsigned thread, const struct awaited_sockets *awaited);

/* What a parked thread waits for. */
void socket_wait_list(const struct world *world, unsigned thread, struct awaited_sockets *awaited);

/* A socket ends: whoever waits for it learns that it is gone. */
void socket_wait_lose(struct world *world, unsigned socket);

/* Frees the rows of a thread. */
void socket_wait_end(struct world *world, unsigned thread);

/* The invariant S7; NULL, or its text when it is broken. */
const char *socket_waits_check(const struct world *world);

#endif
