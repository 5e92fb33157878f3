/* A packet against the pattern of a line `expect packet`. */
#ifndef RESERVOIR_CONFORMANCE_PACKETS_PACKET_MATCH_H
#define RESERVOIR_CONFORMANCE_PACKETS_PACKET_MATCH_H

#include "conformance/session/session_packet.h"

struct packet_sought {
    const struct packet_pattern *pattern;
    struct packet_values values;
};

enum packet_fit {
    PACKET_ELSEWHERE, /* of another transport, or not between the ends that are meant */
    PACKET_OTHER,     /* between them, and another one */
    PACKET_FITS,      /* it is meant */
};

/* Is this packet meant? Then `seen` is filled. What is no TCP or UDP, or is damaged otherwise than by a checksum that
 * hardware was to compute, is elsewhere. */
enum packet_fit packet_fits(const struct packet_sought *sought, const uint8_t *bytes, uint32_t length,
                            struct observation *seen);

#endif
