/* Packets of lines: what a pattern says once its names have values, and the bytes of a packet that is sent.
 *
 * The bytes are written here after RFC 791, 8200, 768, 9293 and 1071, and not by the model's own writer: a mistake that
 * the model made alike in writing and in reading would never show. */
#ifndef RESERVOIR_CONFORMANCE_SESSION_PACKET_H
#define RESERVOIR_CONFORMANCE_SESSION_PACKET_H

#include "conformance/session/session.h"

enum { PACKET_BYTES_MAX = 40 + 60 + PACKET_PAYLOAD_MAX }; /* with the longest headers */

/* One end of a packet. */
struct packet_end {
    uint16_t port;         /* 0: any */
    uint8_t address_bytes; /* 0: any; 4 or 16 */
    uint8_t address[16];
};

/* What a pattern says. */
struct packet_values {
    struct packet_end from, to;
    uint32_t fields[PACKET_FIELDS_COUNT]; /* of those that the pattern has */
};

/* False with *needed when a name has no value yet. */
bool packet_values_of(const struct session *session, const struct scenario *scenario,
                      const struct packet_pattern *pattern, struct packet_values *values, int *needed);

/* Writes the packet of a line `packet` to `bytes`, PACKET_BYTES_MAX long; how many bytes it has. */
uint32_t packet_bytes_write(const struct packet_pattern *pattern, const struct packet_values *values, uint8_t *bytes);

#endif
