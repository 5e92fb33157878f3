#include "conformance/packets/packet_match.h"

#include <assert.h>
#include <string.h>

#include "conformance/session/session_evaluate.h"
#include "stack/transport/wire/segment.h"

_Static_assert((int)PACKET_FIN == (int)SEGMENT_FIN && (int)PACKET_SYN == (int)SEGMENT_SYN &&
                   (int)PACKET_RST == (int)SEGMENT_RST && (int)PACKET_ACK == (int)SEGMENT_ACK,
               "flags are those of the header");

enum { FLAGS_LOOKED_AT = PACKET_FIN | PACKET_SYN | PACKET_RST | PACKET_ACK };

static bool sought_end(const struct session *session, const struct scenario *scenario,
                       const struct expression *expression, struct packet_end *end, int *needed) {
    uint64_t port = 0;
    *end = (struct packet_end){ 0 };
    if (expression == NULL) return true;
    const struct expression *number = expression;
    if (expression->kind == EXPRESSION_ADDRESS) {
        const struct expression *host = expression->items[0];
        assert(host->kind == EXPRESSION_HOST && (host->bytes_count == 4 || host->bytes_count == 16));
        end->address_bytes = (uint8_t)host->bytes_count;
        memcpy(end->address, host->bytes, host->bytes_count);
        number = expression->items[1];
    }
    if (!session_evaluate(session, scenario, number, &port, needed)) return false;
    end->port = (uint16_t)port;
    return true;
}

bool packet_sought(const struct session *session, const struct scenario *scenario, const struct packet_pattern *pattern,
                   struct packet_sought *sought, int *needed) {
    sought->pattern = pattern;
    return sought_end(session, scenario, pattern->from, &sought->from, needed) &&
           sought_end(session, scenario, pattern->to, &sought->to, needed);
}

static bool end_matches(const struct packet_end *end, const struct endpoint *endpoint) {
    if (end->port != 0 && end->port != endpoint->port) return false;
    if (end->address_bytes == 0) return true;
    unsigned bytes = endpoint->family == 4 ? 4 : 16;
    return bytes == end->address_bytes && memcmp(end->address, endpoint->address.bytes, bytes) == 0;
}

static bool is_meant(const struct packet_sought *sought, const struct segment *segment) {
    const struct packet_pattern *pattern = sought->pattern;
    if ((pattern->transport == TRANSPORT_TCP) != (segment->protocol == PROTOCOL_TCP)) return false;
    if (pattern->flags_said && (segment->flags & FLAGS_LOOKED_AT) != pattern->flags) return false;
    if (pattern->data && segment->payload_bytes == 0) return false;
    return end_matches(&sought->from, &segment->source) && end_matches(&sought->to, &segment->destination);
}

static void show(struct observation *seen, enum observable observable, uint64_t number) {
    seen->values[observable].present = 1;
    seen->values[observable].number = number;
}

bool packet_matches(const struct packet_sought *sought, const uint8_t *bytes, uint32_t length,
                    struct observation *seen) {
    struct segment segment;
    if (segment_read_captured(bytes, length, &segment) != SEGMENT_GOOD || !is_meant(sought, &segment)) return false;
    unsigned address_bytes = segment.source.family == 4 ? 4 : 16;
    memset(seen, 0, sizeof *seen);
    seen->word = OUTCOME_OK;
    show(seen, OBSERVABLE_value, segment.payload_bytes);
    show(seen, OBSERVABLE_address, address_bytes);
    memcpy(seen->address, segment.source.address.bytes, address_bytes);
    show(seen, OBSERVABLE_port, segment.source.port);
    if (segment.payload_bytes == 0 || segment.payload_bytes > OBSERVATION_OUT_MAX) return true;
    show(seen, OBSERVABLE_out, segment.payload_bytes);
    memcpy(seen->out, bytes + segment.payload_offset, segment.payload_bytes);
    return true;
}
