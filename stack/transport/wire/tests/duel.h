/* Two TCP connections and the link between them, for tests: what one sends arrives at the other as bytes, after a
 * delay, unless the link loses, repeats, delays or damages it. Nothing but packets passes between the two. */
#ifndef RESERVOIR_STACK_TRANSPORT_WIRE_TESTS_DUEL_H
#define RESERVOIR_STACK_TRANSPORT_WIRE_TESTS_DUEL_H

#include "stack/transport/wire/tcp.h"

enum {
    DUEL_RING_BYTES = 8192,
    DUEL_FLYING_MAX = 256,
    DUEL_PACKET_MAX = 1600,
    DUEL_SEGMENT_BYTES = 1000,
    DUEL_LINE_MAX = 120
};

enum duel_side { ANN, BOB };

struct duel_packet {
    uint64_t arrives_ns;
    uint32_t bytes;
    uint8_t to; /* enum duel_side */
    uint8_t packet[DUEL_PACKET_MAX];
};

struct duel_faults {
    unsigned loss, repeat, reorder, damage; /* of a hundred packets */
};

struct duel {
    struct tcp_connection side[2];
    struct tcp_buffers buffers[2];
    struct tcp_parameters parameters;
    struct duel_faults faults;
    uint64_t now_ns, delay_ns, random;
    struct duel_packet flying[DUEL_FLYING_MAX];
    unsigned flying_count;
    unsigned dropped; /* packets whose bytes were damaged, refused by segment_read() */
    char heard[4096]; /* what was sent, a line each: "ann SYN seq=0 win=8192" */
    uint8_t rings[4][DUEL_RING_BYTES];
};

/* Ann is at 127.0.0.1:1000, Bob at 127.0.0.1:2000; both closed. The link takes a millisecond. */
void duel_begin(struct duel *duel);

/* Ann connects, Bob's listener will accept: initial sequence numbers 0 and 5000. */
void duel_open(struct duel *duel);

/* Sends what both have to send. */
void duel_flush(struct duel *duel);

/* The clock moves to the next packet or timer; false when there is none before `until_ns`. */
bool duel_step(struct duel *duel, uint64_t until_ns);

/* Steps until nothing flies and no timer falls due within a second from now. */
void duel_settle(struct duel *duel);

/* Steps for so long. */
void duel_run(struct duel *duel, uint64_t nanoseconds);

/* A segment of the test's own comes to `to`, from the other's address. */
void duel_inject(struct duel *duel, enum duel_side to, const struct segment *segment, const char *payload);

/* Forgets the lines heard so far. */
void duel_forget(struct duel *duel);

#endif
