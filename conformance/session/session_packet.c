#include "conformance/session/session_packet.h"

#include <assert.h>
#include <string.h>

#include "conformance/session/session_evaluate.h"

/* --- values ------------------------------------------------------------------------------------------------------- */

static bool end_of(const struct session *session, const struct scenario *scenario, const struct expression *expression,
                   struct packet_end *end, int *needed) {
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

bool packet_values_of(const struct session *session, const struct scenario *scenario,
                      const struct packet_pattern *pattern, struct packet_values *values, int *needed) {
    memset(values, 0, sizeof *values);
    for (unsigned i = 0; i < PACKET_FIELDS_COUNT; i++) {
        uint64_t number = 0;
        if (pattern->fields[i] == NULL) continue;
        if (!session_evaluate(session, scenario, pattern->fields[i], &number, needed)) return false;
        values->fields[i] = (uint32_t)number; /* sequence numbers go round */
    }
    return end_of(session, scenario, pattern->from, &values->from, needed) &&
           end_of(session, scenario, pattern->to, &values->to, needed);
}

/* --- bytes -------------------------------------------------------------------------------------------------------- */

enum {
    IPV4_BYTES = 20,
    IPV6_BYTES = 40,
    UDP_BYTES = 8,
    TCP_BYTES = 20,
    LIFETIME = 128,        /* routers that a packet may cross */
    WINDOW_USUAL = 65535,  /* where no window is said */
    OPTION_NOP = 1,        /* RFC 9293 3.2 */
    OPTION_MAXIMUM = 2,    /* the largest segment */
    OPTION_SCALE = 3,      /* RFC 7323 2.2 */
    CHECKSUM_IN_IPV4 = 10, /* where each header has its checksum */
    CHECKSUM_IN_TCP = 16,
    CHECKSUM_IN_UDP = 6,
};

/* Bytes one after the other, the highest of a number first. */
static uint8_t *put(uint8_t *at, uint32_t number, unsigned bytes) {
    for (unsigned i = 0; i < bytes; i++) at[i] = (uint8_t)(number >> 8 * (bytes - 1 - i));
    return at + bytes;
}

static uint8_t *put_bytes(uint8_t *at, const uint8_t *bytes, uint32_t count) {
    if (count > 0) memcpy(at, bytes, count);
    return at + count;
}

/* RFC 1071: the sum of words of 16 bits, what is carried out added at the other end. */
static uint32_t add_words(uint32_t sum, const uint8_t *bytes, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) sum += i % 2 == 0 ? (uint32_t)bytes[i] << 8 : bytes[i];
    return sum;
}

static uint16_t checksum_of(uint32_t sum) {
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)(0xffff - sum);
}

/* With the addresses, the protocol and the length before it, as RFC 9293 3.1 and RFC 8200 8.1 have it. */
static uint16_t upper_checksum(const struct packet_values *values, uint32_t protocol, const uint8_t *upper,
                               uint32_t count) {
    uint32_t sum = add_words(0, values->from.address, values->from.address_bytes);
    sum = add_words(sum, values->to.address, values->to.address_bytes);
    return checksum_of(add_words(sum + protocol + count, upper, count));
}

static uint8_t *put_options(const struct packet_pattern *pattern, const struct packet_values *values, uint8_t *at) {
    const struct expression *mss = pattern->fields[PACKET_MSS], *scale = pattern->fields[PACKET_SCALE];
    uint8_t *begin = at;
    if (mss != NULL && values->fields[PACKET_MSS] != PACKET_WITHOUT)
        at = put(put(put(at, OPTION_MAXIMUM, 1), 4, 1), values->fields[PACKET_MSS], 2);
    if (scale != NULL && values->fields[PACKET_SCALE] != PACKET_WITHOUT)
        at = put(put(put(put(at, OPTION_NOP, 1), OPTION_SCALE, 1), 3, 1), values->fields[PACKET_SCALE], 1);
    if (pattern->options != NULL) at = put_bytes(at, pattern->options->bytes, pattern->options->bytes_count);
    while ((at - begin) % 4 != 0) *at++ = 0; /* the end of the list */
    return at;
}

static uint32_t field_or(const struct packet_pattern *pattern, const struct packet_values *values,
                         enum packet_field field, uint32_t usual) {
    return pattern->fields[field] == NULL ? usual : values->fields[field];
}

static uint8_t *put_tcp(const struct packet_pattern *pattern, const struct packet_values *values, uint8_t *header) {
    uint8_t *at = put(put(header, values->from.port, 2), values->to.port, 2);
    at = put(at, field_or(pattern, values, PACKET_SEQ, 0), 4);
    at = put(at, field_or(pattern, values, PACKET_ACK_NUMBER, 0), 4);
    uint8_t *offset = at;
    at = put(put(at, 0, 1), pattern->flags, 1);
    at = put(at, field_or(pattern, values, PACKET_WINDOW, WINDOW_USUAL), 2);
    at = put(put(at, 0, 2), field_or(pattern, values, PACKET_URGENT, 0), 2);
    at = put_options(pattern, values, at);
    put(offset, (uint32_t)(at - header) / 4 << 4, 1);
    return at;
}

static uint8_t *put_payload(const struct expression *payload, uint8_t *at) {
    if (payload == NULL) return at;
    if (payload->kind == EXPRESSION_HEX) return put_bytes(at, payload->bytes, payload->bytes_count);
    if (payload->kind == EXPRESSION_TEXT)
        return put_bytes(at, (const uint8_t *)payload->text, (uint32_t)strlen(payload->text));
    memset(at, 0, (size_t)payload->number);
    return at + payload->number;
}

/* TCP or UDP, behind the header of IP; how many bytes. */
static uint32_t put_upper(const struct packet_pattern *pattern, const struct packet_values *values, uint8_t *upper) {
    bool tcp = pattern->transport == TRANSPORT_TCP;
    uint8_t *at =
        tcp ? put_tcp(pattern, values, upper) : put(put(put(upper, values->from.port, 2), values->to.port, 2), 0, 4);
    at = put_payload(pattern->payload, at);
    uint32_t count = (uint32_t)(at - upper);
    if (!tcp) put(upper + 4, count, 2);
    uint16_t checksum = upper_checksum(values, pattern->transport, upper, count);
    if (!tcp && checksum == 0) checksum = 0xffff; /* RFC 768: 0 is none */
    if (pattern->damaged) checksum = (uint16_t)(checksum ^ 0x0101);
    put(upper + (tcp ? CHECKSUM_IN_TCP : CHECKSUM_IN_UDP), checksum, 2);
    return count;
}

uint32_t packet_bytes_write(const struct packet_pattern *pattern, const struct packet_values *values, uint8_t *bytes) {
    if (pattern->raw != NULL)
        return (uint32_t)(put_bytes(bytes, pattern->raw->bytes, pattern->raw->bytes_count) - bytes);
    uint32_t address_bytes = values->from.address_bytes;
    assert(address_bytes == values->to.address_bytes && (address_bytes == 4 || address_bytes == 16));
    bool is_v4 = address_bytes == 4;
    uint32_t header_bytes = is_v4 ? IPV4_BYTES : IPV6_BYTES;
    uint32_t count = put_upper(pattern, values, bytes + header_bytes);
    uint8_t *at = put(bytes, is_v4 ? 0x45000000 : 0x60000000, 4);
    if (is_v4) {
        put(bytes + 2, IPV4_BYTES + count, 2);
        at = put(put(put(put(at, 0, 4), LIFETIME, 1), pattern->transport, 1), 0, 2);
    } else {
        at = put(put(put(at, count, 2), pattern->transport, 1), LIFETIME, 1);
    }
    at = put_bytes(at, values->from.address, address_bytes);
    put_bytes(at, values->to.address, address_bytes);
    if (is_v4) put(bytes + CHECKSUM_IN_IPV4, checksum_of(add_words(0, bytes, IPV4_BYTES)), 2);
    return header_bytes + count;
}
