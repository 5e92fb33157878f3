/* A packet against the pattern of a line `expect packet`. */
#ifndef RESERVOIR_CONFORMANCE_PACKETS_PACKET_MATCH_H
#define RESERVOIR_CONFORMANCE_PACKETS_PACKET_MATCH_H

#include "conformance/session/session.h"

/* One end of a pattern, with the values that its names have. */
struct packet_end {
    uint16_t port;         /* 0: any */
    uint8_t address_bytes; /* 0: any; 4 or 16 */
    uint8_t address[16];
};

struct packet_sought {
    const struct packet_pattern *pattern;
    struct packet_end from, to;
};

/* False with *needed when a name has no value yet. */
bool packet_sought(const struct session *session, const struct scenario *scenario, const struct packet_pattern *pattern,
                   struct packet_sought *sought, int *needed);

/* Is this packet meant? Then `seen` is filled. What is no TCP or UDP, or is damaged otherwise than by a checksum that
 * hardware was to compute, is never meant. */
bool packet_matches(const struct packet_sought *sought, const uint8_t *bytes, uint32_t length,
                    struct observation *seen);

#endif
