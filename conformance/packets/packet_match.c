#include "conformance/packets/packet_match.h"

#include <assert.h>
#include <string.h>

#include "stack/transport/wire/segment.h"

_Static_assert((int)PACKET_FIN == (int)SEGMENT_FIN && (int)PACKET_SYN == (int)SEGMENT_SYN &&
                   (int)PACKET_RST == (int)SEGMENT_RST && (int)PACKET_ACK == (int)SEGMENT_ACK &&
                   (int)PACKET_PSH == (int)SEGMENT_PSH && (int)PACKET_URG == (int)SEGMENT_URG,
               "flags are those of the header");

enum { FLAGS_LOOKED_AT = PACKET_FIN | PACKET_SYN | PACKET_RST | PACKET_ACK };

static bool end_matches(const struct packet_end *end, const struct endpoint *endpoint) {
    if (end->port != 0 && end->port != endpoint->port) return false;
    if (end->address_bytes == 0) return true;
    unsigned bytes = endpoint->family == 4 ? 4 : 16;
    return bytes == end->address_bytes && memcmp(end->address, endpoint->address.bytes, bytes) == 0;
}

static bool is_between(const struct packet_sought *sought, const struct segment *segment) {
    return (sought->pattern->transport == TRANSPORT_TCP) == (segment->protocol == PROTOCOL_TCP) &&
           end_matches(&sought->values.from, &segment->source) &&
           end_matches(&sought->values.to, &segment->destination);
}

/* The numbers of a TCP segment, as fields have them. */
static uint32_t field_of(const struct segment *segment, enum packet_field field) {
    switch (field) {
    case PACKET_SEQ: return segment->sequence;
    case PACKET_ACK_NUMBER: return segment->acknowledgement;
    case PACKET_WINDOW: return segment->window;
    case PACKET_URGENT: return segment->urgent;
    case PACKET_MSS: return segment->maximum_segment_bytes == 0 ? PACKET_WITHOUT : segment->maximum_segment_bytes;
    default: return segment->window_scale == WINDOW_SCALE_NONE ? PACKET_WITHOUT : segment->window_scale;
    }
}

static bool is_meant(const struct packet_sought *sought, const struct segment *segment) {
    const struct packet_pattern *pattern = sought->pattern;
    unsigned asked = pattern->flags & FLAGS_LOOKED_AT;
    if (pattern->flags_said && (segment->flags & FLAGS_LOOKED_AT) != asked) return false;
    if ((segment->flags & pattern->flags) != pattern->flags) return false; /* PSH and URG */
    if (pattern->data && segment->payload_bytes == 0) return false;
    for (unsigned i = 0; i < PACKET_FIELDS_COUNT; i++)
        if (pattern->fields[i] != NULL && field_of(segment, (enum packet_field)i) != sought->values.fields[i])
            return false;
    return true;
}

static void show(struct observation *seen, enum observable observable, uint64_t number) {
    seen->values[observable].present = 1;
    seen->values[observable].number = number;
}

enum packet_fit packet_fits(const struct packet_sought *sought, const uint8_t *bytes, uint32_t length,
                            struct observation *seen) {
    struct segment segment;
    if (segment_read_captured(bytes, length, &segment) != SEGMENT_GOOD || !is_between(sought, &segment))
        return PACKET_ELSEWHERE;
    if (!is_meant(sought, &segment)) return PACKET_OTHER;
    unsigned address_bytes = segment.source.family == 4 ? 4 : 16;
    memset(seen, 0, sizeof *seen);
    seen->word = OUTCOME_OK;
    seen->sequence = segment.sequence;
    seen->acknowledgement = segment.acknowledgement;
    show(seen, OBSERVABLE_value, segment.payload_bytes);
    show(seen, OBSERVABLE_address, address_bytes);
    memcpy(seen->address, segment.source.address.bytes, address_bytes);
    show(seen, OBSERVABLE_port, segment.source.port);
    if (segment.payload_bytes == 0 || segment.payload_bytes > OBSERVATION_OUT_MAX) return PACKET_FITS;
    show(seen, OBSERVABLE_out, segment.payload_bytes);
    memcpy(seen->out, bytes + segment.payload_offset, segment.payload_bytes);
    return PACKET_FITS;
}
