/* Packets once more, bit by bit as the RFCs draw them: written by both, the bytes are the same; and what comes is taken
 * or refused alike, for the same reason, whatever was altered in it. */
#include <stdio.h>
#include <string.h>

#include <CUnit/CUnit.h>

#include "stack/transport/wire/segment.h"

void register_segment_bits_tests(void);

enum { PACKETS = 4000, PACKET_MAX = 400, PAYLOAD_MAX = 150 };

static uint64_t dice;

/* At most one roll stands in an expression: compilers differ in their order. */
static unsigned roll(unsigned sides) {
    dice = dice * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(dice >> 33) % sides;
}

/* --- bits --------------------------------------------------------------------------------------------------------- */

struct bits {
    uint8_t *bytes;
    unsigned at; /* in bits */
};

static void put(struct bits *bits, unsigned width, uint32_t value) {
    for (unsigned i = 0; i < width; i++, bits->at++) {
        uint8_t mask = (uint8_t)(0x80u >> bits->at % 8);
        bool set = (value >> (width - 1 - i) & 1) != 0;
        bits->bytes[bits->at / 8] =
            (uint8_t)(set ? bits->bytes[bits->at / 8] | mask : bits->bytes[bits->at / 8] & ~mask);
    }
}

static uint32_t get(const uint8_t *bytes, unsigned at, unsigned width) {
    uint32_t value = 0;
    for (unsigned i = at; i < at + width; i++) value = value << 1 | ((uint32_t)bytes[i / 8] >> (7 - i % 8) & 1);
    return value;
}

static void put_all(struct bits *bits, const uint8_t *bytes, unsigned count) {
    for (unsigned i = 0; i < count; i++) put(bits, 8, bytes[i]);
}

/* RFC 1071, one word at a time. */
static uint32_t add_words(uint32_t sum, const uint8_t *bytes, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        sum += i % 2 == 0 ? (uint32_t)bytes[i] << 8 : bytes[i];
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return sum;
}

/* --- a packet, as RFC 791, 8200, 9293 and 768 draw it ------------------------------------------------------------- */

static unsigned address_bytes(const struct segment *segment) { return segment->source.family == 4 ? 4 : 16; }
static unsigned number_of(const struct segment *segment) { return segment->protocol == PROTOCOL_TCP ? 6 : 17; }

/* The sum over the pseudo-header and what stands above the network layer. */
static uint32_t upper_sum(const struct segment *segment, const uint8_t *upper, unsigned length) {
    uint8_t pseudo[40] = { 0 };
    struct bits bits = { pseudo, 0 };
    put_all(&bits, segment->source.address.bytes, address_bytes(segment));
    put_all(&bits, segment->destination.address.bytes, address_bytes(segment));
    if (segment->source.family == 4) {
        put(&bits, 8, 0);
        put(&bits, 8, number_of(segment));
        put(&bits, 16, length);
    } else {
        put(&bits, 32, length);
        put(&bits, 24, 0);
        put(&bits, 8, number_of(segment));
    }
    return add_words(add_words(0, pseudo, bits.at / 8), upper, length);
}

static void put_network(struct bits *bits, const struct segment *segment, unsigned upper_bytes) {
    bool four = segment->source.family == 4;
    uint8_t *header = bits->bytes;
    put(bits, 4, segment->source.family);
    if (four) {
        put(bits, 4, 5);
        put(bits, 8, 0);
        put(bits, 16, 20 + upper_bytes);
        put(bits, 16, segment->identification);
        put(bits, 3, segment->protocol == PROTOCOL_TCP ? 2 : 0); /* don't fragment */
        put(bits, 13, 0);
        put(bits, 8, segment->hop_limit);
        put(bits, 8, number_of(segment));
        put(bits, 16, 0);
    } else {
        put(bits, 28, 0);
        put(bits, 16, upper_bytes);
        put(bits, 8, number_of(segment));
        put(bits, 8, segment->hop_limit);
    }
    put_all(bits, segment->source.address.bytes, address_bytes(segment));
    put_all(bits, segment->destination.address.bytes, address_bytes(segment));
    struct bits sum = { header, 80 };
    if (four) put(&sum, 16, 0xffff & ~add_words(0, header, 20));
}

static void put_tcp(struct bits *bits, const struct segment *segment) {
    unsigned mss = segment->maximum_segment_bytes != 0, scale = segment->window_scale != WINDOW_SCALE_NONE;
    put(bits, 32, segment->sequence);
    put(bits, 32, segment->acknowledgement);
    put(bits, 4, 5 + mss + scale);
    put(bits, 4, 0);
    put(bits, 8, segment->flags);
    put(bits, 16, segment->window);
    put(bits, 16, 0);
    put(bits, 16, segment->urgent);
    if (mss != 0) {
        put(bits, 16, 0x0204);
        put(bits, 16, segment->maximum_segment_bytes);
    }
    if (scale != 0) {
        put(bits, 24, 0x010303);
        put(bits, 8, segment->window_scale);
    }
}

static unsigned draw_packet(const struct segment *segment, const uint8_t *payload, uint8_t *packet) {
    bool tcp = segment->protocol == PROTOCOL_TCP;
    unsigned options = segment->maximum_segment_bytes != 0 ? 1 : 0;
    if (segment->window_scale != WINDOW_SCALE_NONE) options++;
    unsigned upper_bytes = (tcp ? 20 + 4 * options : 8) + segment->payload_bytes;
    struct bits bits = { packet, 0 };
    put_network(&bits, segment, upper_bytes);
    uint8_t *upper = packet + bits.at / 8;
    put(&bits, 16, segment->source.port);
    put(&bits, 16, segment->destination.port);
    if (tcp) {
        put_tcp(&bits, segment);
    } else {
        put(&bits, 16, upper_bytes);
        put(&bits, 16, 0);
    }
    put_all(&bits, payload, segment->payload_bytes);
    uint32_t sum = 0xffff & ~upper_sum(segment, upper, upper_bytes);
    struct bits place = { upper, tcp ? 128 : 48 };
    put(&place, 16, sum == 0 && !tcp ? 0xffff : sum);
    return bits.at / 8;
}

static void draw_address(struct endpoint *endpoint, unsigned family) {
    *endpoint = (struct endpoint){ .family = (uint8_t)family };
    endpoint->port = (uint16_t)roll(65536);
    for (unsigned i = 0; i < (family == 4 ? 4u : 16u); i++) endpoint->address.bytes[i] = (uint8_t)roll(256);
}

static struct segment some_segment(void) {
    unsigned family = roll(2) == 0 ? 4 : 6;
    struct segment segment = { .protocol = PROTOCOL_UDP, .window_scale = WINDOW_SCALE_NONE };
    draw_address(&segment.source, family);
    draw_address(&segment.destination, family);
    segment.hop_limit = (uint8_t)roll(256);
    segment.payload_bytes = roll(3) == 0 ? 0 : roll(PAYLOAD_MAX);
    if (family == 4) segment.identification = (uint16_t)roll(65536);
    if (roll(3) == 0) return segment;
    segment.protocol = PROTOCOL_TCP;
    segment.flags = (uint8_t)roll(64);
    segment.window = (uint16_t)roll(65536);
    segment.urgent = (uint16_t)roll(65536);
    segment.sequence = roll(65536) << 16;
    segment.sequence |= roll(65536);
    segment.acknowledgement = roll(65536) << 16;
    segment.acknowledgement |= roll(65536);
    if (roll(2) == 0) segment.maximum_segment_bytes = (uint16_t)(1 + roll(65535));
    if (roll(2) == 0) segment.window_scale = (uint8_t)roll(15);
    return segment;
}

static void both_write_the_same(void) {
    uint8_t drawn[PACKET_MAX], written[PACKET_MAX], payload[PAYLOAD_MAX];
    dice = 1;
    for (unsigned i = 0; i < PACKETS; i++) {
        const struct segment segment = some_segment();
        for (unsigned k = 0; k < PAYLOAD_MAX; k++) payload[k] = (uint8_t)roll(256);
        unsigned length = draw_packet(&segment, payload, drawn);
        CU_ASSERT_EQUAL_FATAL(segment_write(&segment, payload, written), length);
        CU_ASSERT_EQUAL_FATAL(memcmp(drawn, written, length), 0);
    }
}

/* --- a packet that comes ------------------------------------------------------------------------------------------ */

/* RFC 9293 3.1 and RFC 7323 2.3. */
static enum segment_fault look_at_options(const uint8_t *options, unsigned bytes, struct segment *seen) {
    for (unsigned at = 0; at < bytes && options[at] != 0;) {
        if (options[at] == 1) {
            at++;
            continue;
        }
        unsigned size = at + 1 < bytes ? options[at + 1] : 0;
        if (size < 2 || at + size > bytes) return SEGMENT_BAD_OPTIONS;
        if (options[at] == 2 && size == 4) seen->maximum_segment_bytes = (uint16_t)get(options + at + 2, 0, 16);
        if (options[at] == 3 && size == 3) seen->window_scale = options[at + 2] > 14 ? 14 : options[at + 2];
        at += size;
    }
    return SEGMENT_GOOD;
}

/* Its upper layer has so many bytes; what is found goes to *seen. */
static enum segment_fault look_at_upper(const uint8_t *upper, unsigned bytes, struct segment *seen) {
    bool tcp = seen->protocol == PROTOCOL_TCP;
    if (bytes < (tcp ? 20u : 8u)) return SEGMENT_TRUNCATED;
    unsigned header = tcp ? 4 * get(upper, 96, 4) : 8, length = tcp ? bytes : get(upper, 32, 16);
    if (header < (tcp ? 20u : 8u) || header > bytes || length < header || length > bytes) return SEGMENT_BAD_LENGTH;
    if (tcp) {
        seen->sequence = get(upper, 32, 32);
        seen->acknowledgement = get(upper, 64, 32);
        seen->flags = (uint8_t)get(upper, 104, 8);
        seen->window = (uint16_t)get(upper, 112, 16);
        seen->urgent = (uint16_t)get(upper, 144, 16);
        if (look_at_options(upper + 20, header - 20, seen) != SEGMENT_GOOD) return SEGMENT_BAD_OPTIONS;
    }
    seen->source.port = (uint16_t)get(upper, 0, 16);
    seen->destination.port = (uint16_t)get(upper, 16, 16);
    seen->payload_bytes = length - header;
    seen->payload_offset += header;
    bool none = !tcp && get(upper, 48, 16) == 0;
    if (none) return seen->source.family == 4 ? SEGMENT_GOOD : SEGMENT_BAD_CHECKSUM;
    return upper_sum(seen, upper, length) == 0xffff ? SEGMENT_GOOD : SEGMENT_BAD_CHECKSUM;
}

static enum segment_fault look_at(const uint8_t *packet, unsigned length, struct segment *seen) {
    memset(seen, 0, sizeof *seen);
    seen->window_scale = WINDOW_SCALE_NONE;
    if (length == 0) return SEGMENT_TRUNCATED;
    unsigned version = get(packet, 0, 4), header = version == 4 ? 20 : 40;
    if (version != 4 && version != 6) return SEGMENT_BAD_VERSION;
    if (length < header) return SEGMENT_TRUNCATED;
    unsigned number = version == 4 ? packet[9] : packet[6], whole = 40 + get(packet, 32, 16);
    if (version == 4) {
        header = 4 * get(packet, 4, 4);
        whole = get(packet, 16, 16);
        if (header < 20 || header > length) return SEGMENT_BAD_HEADER_LENGTH;
        if (whole < header) return SEGMENT_BAD_LENGTH;
    }
    if (whole > length) return SEGMENT_TRUNCATED;
    if (version == 4 && add_words(0, packet, header) != 0xffff) return SEGMENT_BAD_HEADER_CHECKSUM;
    if (version == 4 && (get(packet, 50, 1) != 0 || get(packet, 51, 13) != 0)) return SEGMENT_FRAGMENT;
    if (version == 6 && number == 44) return SEGMENT_FRAGMENT;
    if (version == 6 && strchr("\x2b\x32\x33\x3c", (int)number) != NULL) return SEGMENT_EXTENSION_HEADER; /* and 0 */
    if (number != 6 && number != 17) return SEGMENT_OTHER_PROTOCOL;
    unsigned size = version == 4 ? 4 : 16, from = version == 4 ? 12 : 8;
    seen->source.family = seen->destination.family = (uint8_t)version;
    memcpy(seen->source.address.bytes, packet + from, size);
    memcpy(seen->destination.address.bytes, packet + from + size, size);
    seen->hop_limit = version == 4 ? packet[8] : packet[7];
    if (version == 4) seen->identification = (uint16_t)get(packet, 32, 16);
    seen->protocol = number == 6 ? PROTOCOL_TCP : PROTOCOL_UDP;
    seen->payload_offset = header;
    return look_at_upper(packet + header, whole - header, seen);
}

static void same_segment(const struct segment *one, const struct segment *other) {
    CU_ASSERT(endpoint_same_address(&one->source, &other->source));
    CU_ASSERT(endpoint_same_address(&one->destination, &other->destination));
    CU_ASSERT_EQUAL(one->source.port, other->source.port);
    CU_ASSERT_EQUAL(one->destination.port, other->destination.port);
    CU_ASSERT_EQUAL(one->source.family, other->source.family);
    CU_ASSERT_EQUAL(one->destination.family, other->destination.family);
    CU_ASSERT_EQUAL(one->protocol, other->protocol);
    CU_ASSERT_EQUAL(one->flags, other->flags);
    CU_ASSERT_EQUAL(one->hop_limit, other->hop_limit);
    CU_ASSERT_EQUAL(one->window_scale, other->window_scale);
    CU_ASSERT_EQUAL(one->identification, other->identification);
    CU_ASSERT_EQUAL(one->maximum_segment_bytes, other->maximum_segment_bytes);
    CU_ASSERT_EQUAL(one->window, other->window);
    CU_ASSERT_EQUAL(one->urgent, other->urgent);
    CU_ASSERT_EQUAL(one->sequence, other->sequence);
    CU_ASSERT_EQUAL(one->acknowledgement, other->acknowledgement);
    CU_ASSERT_EQUAL(one->payload_offset, other->payload_offset);
    CU_ASSERT_EQUAL(one->payload_bytes, other->payload_bytes);
}

/* The two sums once more, where what was altered lets them be found, so that what comes after them is looked at. */
static void sum_again(uint8_t *packet, unsigned length) {
    struct segment seen;
    if (get(packet, 0, 4) == 4 && 4 * get(packet, 4, 4) <= length) {
        struct bits sum = { packet, 80 };
        put(&sum, 16, 0);
        sum.at = 80;
        put(&sum, 16, 0xffff & ~add_words(0, packet, 4 * get(packet, 4, 4)));
    }
    if (look_at(packet, length, &seen) != SEGMENT_BAD_CHECKSUM) return;
    unsigned header = seen.source.family == 4 ? 4 * get(packet, 4, 4) : 40;
    unsigned bytes = seen.payload_offset + seen.payload_bytes - header;
    struct bits sum = { packet + header, seen.protocol == PROTOCOL_TCP ? 128 : 48 };
    struct bits place = sum;
    put(&sum, 16, 0);
    put(&place, 16, 0xffff & ~upper_sum(&seen, packet + header, bytes));
}

/* One of the bytes that mean something, more or less at random; the length; some room for options. */
static unsigned alter(uint8_t *packet, unsigned length) {
    unsigned header = get(packet, 0, 4) == 4 ? 20 : 40, at = roll(header + 28);
    static const uint8_t values[] = { 0, 1, 2, 3, 4, 5, 43, 44, 60, 0x45, 0x46, 0x60, 0x50, 0x70, 0xff };
    if (header == 40 && roll(50) == 0) at = 6; /* what the next header is */
    switch (roll(6)) {
    case 0: packet[at] = (uint8_t)roll(256); break;
    case 1: packet[at] = values[roll(sizeof values)]; break;
    case 2: packet[at]++; break;
    case 3: packet[at] ^= (uint8_t)(1u << roll(8)); break;
    case 4: length -= roll(3) == 0 ? roll(length) : roll(4); break;
    default: length += roll(4); break;
    }
    return length;
}

static void both_take_the_same(void) {
    uint8_t packet[2 * PACKET_MAX], payload[PAYLOAD_MAX] = { 2, 4, 5, 0xb4, 3, 3, 7, 1, 1, 0, 3, 3, 15, 2, 4 };
    unsigned met[SEGMENT_FAULTS_COUNT] = { 0 };
    dice = 2;
    for (unsigned i = 0; i < 10 * PACKETS; i++) {
        struct segment segment = some_segment(), seen, wanted;
        memset(packet, 0, sizeof packet);
        unsigned length = draw_packet(&segment, payload, packet);
        for (unsigned times = roll(4); times > 0 && length > 0; times--) length = alter(packet, length);
        if (roll(4) != 0 && length > 12) sum_again(packet, length);
        enum segment_fault should = look_at(packet, length, &wanted), fault = segment_read(packet, length, &seen);
        met[should]++;
        CU_ASSERT_STRING_EQUAL_FATAL(segment_fault_text(fault), segment_fault_text(should));
        if (fault == SEGMENT_GOOD) same_segment(&seen, &wanted);
    }
    for (unsigned i = 0; i < SEGMENT_FAULTS_COUNT; i++) {
        if (met[i] < 20) printf("\n    met only %u times: %s", met[i], segment_fault_text((enum segment_fault)i));
        CU_ASSERT(met[i] >= 20);
    }
}

void register_segment_bits_tests(void) {
    CU_pSuite suite = CU_add_suite("segments, bit by bit", NULL, NULL);
    CU_add_test(suite, "both write the same", both_write_the_same);
    CU_add_test(suite, "both take the same", both_take_the_same);
}
