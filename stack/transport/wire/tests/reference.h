/* A second TCP, for tests: what stack/transport/wire/tcp.h does, once more from the same RFCs, in another way.
 *
 * A connection of the model counts in sequence numbers that go round, in rings, and in a few ranges. Here a stream is
 * an array that begins with its first byte, a position is a number that never goes round (0 is SYN, 1 the first byte),
 * and what has arrived is a flag for each position. Sequence numbers come in only where a segment is read or written.
 * So a fault in the arithmetic of one is none in the other.
 *
 * The same events go to both, and both have to say the same: every segment whole, every instant, every byte. */
#ifndef RESERVOIR_STACK_TRANSPORT_WIRE_TESTS_REFERENCE_H
#define RESERVOIR_STACK_TRANSPORT_WIRE_TESTS_REFERENCE_H

#include "stack/transport/wire/tcp.h"

enum { REFERENCE_POSITIONS = 1 << 18, REFERENCE_NEVER = -1 };

struct reference {
    enum tcp_state state;
    enum tcp_error error;
    const struct tcp_parameters *parameters;
    uint32_t send_room, receive_room; /* bytes of the two buffers */
    int64_t now;
    /* What we send. */
    uint32_t initial;
    int64_t acknowledged, next, highest; /* positions */
    int64_t written;                     /* bytes so far */
    uint32_t full, own_full;             /* payload of a full segment to the peer, to us */
    uint32_t window, window_most, congestion, threshold;
    uint32_t window_sequence, window_acknowledgement;
    int64_t recover;
    unsigned duplicates, retransmissions, refusals, probes;
    bool passive, finished, no_delay, recovering, resend, probe;
    /* What we receive. */
    uint32_t peer_initial;
    int64_t expected, edge, read, peer_end; /* positions; the peer's FIN, or REFERENCE_NEVER */
    bool heard_end, no_reader;
    uint8_t arrived[REFERENCE_POSITIONS];
    unsigned unacknowledged, challenges;
    int64_t challenged_first;
    bool acknowledge;
    bool reset, reset_acknowledges;
    uint32_t reset_sequence;
    /* Window scale: offered, and the two shifts. */
    bool scaling;
    unsigned send_shift, receive_shift;
    /* Round trips and timers, REFERENCE_NEVER where none runs. */
    int64_t smoothed, variation, timeout, measured_from, measured_end;
    int64_t retransmit_at, persist_at, acknowledge_at, time_wait_at, keepalive_at, retry_at;
    bool keepalive;
    int64_t keepalive_idle, keepalive_interval;
    unsigned keepalive_probes;
};

/* The byte at a position of our stream, and of the peer's: what is sent and what arrives. */
uint8_t reference_byte(int64_t position);

void reference_begin(struct reference *one, const struct tcp_parameters *parameters, uint32_t send_room,
                     uint32_t receive_room);
void reference_connect(struct reference *one, uint32_t initial, uint32_t own_full);
void reference_accept(struct reference *one, const struct segment *syn, uint32_t initial, uint32_t own_full);
uint32_t reference_write(struct reference *one, uint32_t count);
uint32_t reference_read(struct reference *one, uint32_t count);
void reference_finish(struct reference *one);
void reference_abort(struct reference *one);
void reference_keep_alive(struct reference *one, const struct keepalive_times *times);
void reference_receive(struct reference *one, const struct segment *segment);
void reference_advance(struct reference *one);
int64_t reference_deadline(const struct reference *one);

/* The next segment: flags, numbers, window and options of it, and how long its payload is; *first: the position of
 * that. */
bool reference_output(struct reference *one, struct segment *segment, int64_t *first);

bool reference_all_acknowledged(const struct reference *one);

#endif
