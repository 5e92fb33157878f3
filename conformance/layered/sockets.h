/* The sockets of the layered provider, and the port reservations that it adds to a host that has none.
 *
 * PLACEHOLDERS hold a block: for each port two sockets of the host's, bound to the wildcard addresses of both families,
 * on which no one ever listens or sends. A socket that is bound out of the block takes its port from them:
 *   - the same wildcard address: the placeholder becomes the socket (lower_become). No other program can come between.
 *   - another address, or a socket of both families: the placeholders are closed and the socket is bound. Between the
 *     two the port is free for a moment: whoever takes it then makes bind fail with WSAEADDRINUSE. This is the race
 *     that a provider above another stack cannot avoid.
 * When that socket is closed, the placeholders are made anew; a port that another program took meanwhile is lost to the
 * block.
 *
 * What it cannot do: a placeholder is refused to others with the host's error (WSAEADDRINUSE), not with WSAEACCES.
 * Blocks are at most BLOCK_PORTS_MAX ports. Persistent reservations, exclusions, SO_EXCLUSIVEADDRUSE, processor
 * affinity: not at all.
 *
 *   L1  A reservation lives no longer than the socket that acquired it.
 *   L2  A token is of one process, never 0, and never given twice. */
#ifndef RESERVOIR_CONFORMANCE_LAYERED_SOCKETS_H
#define RESERVOIR_CONFORMANCE_LAYERED_SOCKETS_H

#include <stdbool.h>
#include <stdint.h>

#include "conformance/layered/lower.h"

enum { LAYERED_SOCKETS_MAX = 512, BLOCKS_MAX = 128, BLOCK_PORTS_MAX = 256, FIRST_DYNAMIC = 49152 };

enum fault {
    FAULT_NONE,
#define FAULT(name, clause, text) FAULT_##name,
#include "conformance/layered/faults.def"
#undef FAULT
};

/* Is this one switched on? */
bool faulty(enum fault fault);

struct layered_socket {
    bool used, stream, v6, overlapped, bound, both_families, nonblocking, randomized;
    int lower;            /* the descriptor; the handle is made of it */
    uint64_t association; /* a token; 0: none */
};

/* NULL: no such socket. */
struct layered_socket *socket_at(uint64_t handle);
uint64_t socket_handle(const struct layered_socket *socket);

/* A row for a descriptor; NULL when all are taken. */
struct layered_socket *socket_add(int lower, bool v6, bool stream);

/* All these: 0 or an error code. */
int socket_close(struct layered_socket *socket);
int socket_bind(struct layered_socket *socket, const struct lower_address *address);
void sockets_close_all(void);

/* *first: 0 for any; host order. */
int block_acquire(const struct layered_socket *owner, uint16_t *first, uint16_t count, uint64_t *token);
int block_associate(struct layered_socket *socket, uint64_t token);
int block_release(const struct layered_socket *socket, uint64_t token);

#endif
