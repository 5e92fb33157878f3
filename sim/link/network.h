/* Several machines in one simulation, and links between them.
 *
 * A machine is a world of the model. All have one clock. What a machine sends to an address that is not its own goes to
 * the link whose other end has that address, takes its time there, and arrives, unless the link does something else
 * with it: links lose, repeat, damage and delay packets, and may be cut. A packet for which no link leads anywhere is
 * gone, as behind a router that knows nothing. Machines forward nothing (Windows does so only where it was set up as a
 * router).
 *
 * A bare machine has no stack: what its link brings is gone, and what it sends is any bytes (network_transmit), whoever
 * they say they are from and for. They go to the other end of its link.
 *
 * What a link does to a packet is drawn: CHOICE_LINK, a member. With seed 0 the draws follow from the number of the
 * packet, so that links lose packets under that seed, too.
 *
 * A network is one block of memory with its worlds inside: memcpy clones it, as it clones a world.
 *
 * ORDER at one instant: first what machines have sent enters its links, then what is due arrives (in the order in
 * which it does), then the machine with the lowest index that can do something takes an internal step.
 *
 * INVARIANTS (network_check)
 *   L1  Packets under way are in the order in which they arrive; those of one instant in the order in which they were
 *       sent.
 *   L2  A packet under way has 1..packet_bytes bytes, and is on a link that there is.
 *   L3  All machines have the same time. */
#ifndef RESERVOIR_SIM_LINK_NETWORK_H
#define RESERVOIR_SIM_LINK_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stack/call/call.h"
#include "stack/choice.h"
#include "stack/world.h"

enum { NETWORK_MACHINES_MAX = 8, NETWORK_LINKS_MAX = 16, LINK_NONE = 0xff, LINK_DRAWS = 1000000 };

/* What a link is like; the same in both directions. */
struct link_settings {
    uint64_t delay_ns;        /* from the last bit sent to the last bit received */
    uint64_t bits_per_second; /* 0: without limit */
    uint64_t late_ns;         /* a packet that is overtaken arrives up to so much later than others */
    uint32_t lost;            /* of LINK_DRAWS packets: these never arrive, */
    uint32_t repeated;        /* these arrive twice, */
    uint32_t overtaken;       /* these late, */
    uint32_t damaged;         /* these with one bit changed */
    uint8_t cut;              /* 1: nothing gets through */
    uint8_t padding[7];
};

struct link_row {
    struct link_settings settings;
    uint64_t idle_ns[2]; /* the end of what is being sent from each end */
    uint8_t machines[2]; /* at its ends */
    uint8_t padding[6];
};

struct network_counts {
    uint64_t sent;    /* packets that went on a link */
    uint64_t arrived; /* that a machine took in */
    uint64_t lost;    /* drawn, cut, or without room */
    uint64_t nowhere; /* for which no link leads anywhere */
    uint64_t repeated, overtaken, damaged;
};

struct network {
    uint32_t bytes; /* of the whole block */
    uint32_t world_offsets[NETWORK_MACHINES_MAX];
    uint32_t flights_offset; /* the ring of packets under way, then their bytes */
    uint32_t slots_offset;
    uint32_t packet_serial;
    uint32_t bare; /* a set: bit m for machine m */
    uint16_t machines_count, links_count;
    uint16_t flights_max, flights_head, flights_count;
    uint16_t packet_bytes;
    struct link_row links[NETWORK_LINKS_MAX];
    struct network_counts counts;
};

/* How large a network is. */
struct network_limits {
    struct world_limits machine; /* of each; with a wire (asserted) */
    uint16_t machines;           /* 1..NETWORK_MACHINES_MAX */
    uint16_t flights;            /* packets under way at one instant, on all links together; more are lost */
};

size_t network_bytes(const struct network_limits *limits);

/* Makes a network of empty machines without links in `memory` (8-aligned, network_bytes() long, owned by the
 * caller). */
struct network *network_create(void *memory, const struct network_limits *limits);

/* The link by which a packet of this machine leaves it; LINK_NONE: it stays there, or no link leads on. */
unsigned network_link_of(const struct network *network, unsigned machine, const uint8_t *packet);

struct world *network_machine(struct network *network, unsigned machine);

/* Makes a machine bare. The one link of one that is (asserted). */
void network_make_bare(struct network *network, unsigned machine);
unsigned network_bare_link(const struct network *network, unsigned machine);

/* A bare machine puts bytes on its link, 1..packet_bytes of them (asserted). No tap sees them. */
void network_transmit(struct network *network, struct chooser *chooser, unsigned machine, const uint8_t *bytes,
                      uint32_t count);

/* Joins two machines, and gives the number of the link; LINK_NONE when there are too many. */
unsigned network_join(struct network *network, unsigned one, unsigned other, const struct link_settings *settings);

/* The settings change from now on: what is under way already is not touched. */
void network_set(struct network *network, unsigned link, const struct link_settings *settings);

/* Who looks at packets: each is shown as it enters a link, before anything becomes of it. */
struct network_tap {
    void *self;
    void (*packet)(void *self, unsigned link, uint64_t now_ns, const uint8_t *bytes, uint32_t length);
};

/* One thing happens at this instant, if anything can: true. `tap` may be NULL. An internal step of a machine adds what
 * it did to `result` and names the machine in `*machine`; *machine is NETWORK_MACHINES_MAX otherwise. */
bool network_step(struct network *network, struct chooser *chooser, const struct network_tap *tap,
                  struct result *result, unsigned *machine);

/* Nanoseconds until something can happen by itself; 0: now; UINT64_MAX: never. */
uint64_t network_next_ns(const struct network *network);

/* Moves the clock of all machines. */
void network_tick(struct network *network, uint64_t nanoseconds);

uint64_t network_now_ns(const struct network *network);

/* The invariants L1-L3, and those of each machine; NULL, or the text of the broken one. */
const char *network_check(const struct network *network);

#endif
