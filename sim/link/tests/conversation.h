/* Two modelled machines, each with a program, and a link between them: the programs talk over TCP until both have heard
 * the end, or one of them learns that the connection has failed. For tests and for `make soak`.
 *
 * The invariants of both machines and of the network are checked after every step. */
#ifndef RESERVOIR_SIM_LINK_TESTS_CONVERSATION_H
#define RESERVOIR_SIM_LINK_TESTS_CONVERSATION_H

#include "sim/link/network.h"

enum speaker { CLIENT, SERVER, SPEAKERS };

struct conversation_plan {
    uint64_t seed;
    unsigned family; /* 4 or 6 */
    struct link_settings link;
    uint32_t bytes[SPEAKERS];   /* that each says before it sends no more */
    uint32_t stream_bytes;      /* of each ring */
    uint64_t cut_ns, mended_ns; /* when the link is cut, and when it works again; UINT64_MAX: never */
};

struct conversation {
    const char *wrong;         /* NULL, or what may never happen */
    uint32_t errors[SPEAKERS]; /* that ended what each program did; 0: it heard the end, or no one called it */
    uint32_t said[SPEAKERS], heard[SPEAKERS];
    bool met; /* the server accepted a connection */
    uint64_t took_ns;
    struct network_counts counts;
};

/* A plan that follows from the seed: any faults, any amount of bytes, now and then a cut for a while or for good. */
struct conversation_plan conversation_drawn(uint64_t seed);

/* Holds the conversation. `tap` may be NULL. */
struct conversation conversation_hold(const struct conversation_plan *plan, const struct network_tap *tap);

/* What may happen in any conversation: each program has heard the beginning of what the other said; all of it, unless
 * an error was reported to one of them. NULL, or the text of what is broken. */
const char *conversation_check(const struct conversation *held, const struct conversation_plan *plan);

#endif
