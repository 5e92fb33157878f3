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

/* How far a stream has come; of datagrams it means nothing. How a connect has ended is looked at when someone wants to
 * know (connections.c):
 *
 *   NEW, FAILED --connect--> CONNECTING --settle--> CONNECTED or FAILED       NEW --listen--> LISTENING */
enum phase { PHASE_NEW, PHASE_CONNECTING, PHASE_CONNECTED, PHASE_FAILED, PHASE_LISTENING };

enum { EVENT_ERRORS = 10 };

struct layered_socket {
    enum phase phase;
    bool used, stream, v6, overlapped, bound, both_families, nonblocking, randomized;
    bool called;                              /* it connected, and was not accepted */
    bool no_more_receives, no_more_sends;     /* SD_RECEIVE, SD_SEND */
    int lower;                                /* the descriptor, another one when a placeholder took its place */
    int error;                                /* which its connect or its connection has ended with; 0: none */
    uint32_t receive_limit_ms, send_limit_ms; /* of calls that block; 0: none */
    uint64_t handle;                          /* by which the program knows it */
    uint64_t association;                     /* a token; 0: none */
    unsigned receives_pending;                /* requests that take what comes next; transfers.c counts them */
    uint16_t options_set;                     /* a bit for each option of the host's that was set, */
    int options[LOWER_OPTIONS];               /* and to what */
    struct {
        void *object;                /* the program's event object */
        uint32_t selected, recorded; /* sets of FD_... */
        uint32_t waiting;            /* those that were recorded, and wait for a call that enables them again */
        int errors[EVENT_ERRORS];
    } events;
};

/* The number by which a socket's handle leads here: never 0, and not given again for long. NULL: no such socket. */
uint64_t socket_context(const struct layered_socket *socket);
struct layered_socket *socket_at(uint64_t context);

/* A row for a descriptor; NULL when all are taken. */
struct layered_socket *socket_add(int lower, bool v6, bool stream);

/* All blocks are let go as well. `closed` is called after each socket. */
void sockets_close_all(void (*closed)(uint64_t handle));

/* The socket of a row below LAYERED_SOCKETS_MAX; NULL: it is free. */
struct layered_socket *socket_in_row(unsigned row);

/* All these: 0 or an error code. */
int layer_set(struct layered_socket *socket, enum lower_option option, int value);
int layer_close(struct layered_socket *socket);
int layer_bind(struct layered_socket *socket, const struct lower_address *address);

/* *first: 0 for any; host order. */
int block_acquire(const struct layered_socket *owner, uint16_t *first, uint16_t count, uint64_t *token);
int block_associate(struct layered_socket *socket, uint64_t token);
int block_release(const struct layered_socket *socket, uint64_t token);

#endif
