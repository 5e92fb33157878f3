/* Packets: what segment_write() writes is read back, sums are right, and whatever else comes is refused with its
 * reason. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <CUnit/CUnit.h>

#include "stack/transport/wire/segment.h"

void register_segment_tests(void);

static struct segment syn(unsigned family) {
    struct segment segment = { .protocol = PROTOCOL_TCP,
                               .flags = SEGMENT_SYN,
                               .hop_limit = HOP_LIMIT_ORDINARY,
                               .window_scale = 3,
                               .maximum_segment_bytes = 1460,
                               .window = 65535,
                               .sequence = 0xfffffff0u };
    segment.source = (struct endpoint){ .family = (uint8_t)family, .port = 50000, .address = { { 127, 0, 0, 1 } } };
    segment.destination = (struct endpoint){ .family = (uint8_t)family, .port = 80, .address = { { 127, 0, 0, 1 } } };
    return segment;
}

static struct segment datagram(unsigned family, uint32_t bytes) {
    struct segment segment = syn(family);
    segment.protocol = PROTOCOL_UDP;
    segment.flags = 0;
    segment.sequence = segment.window = segment.maximum_segment_bytes = 0;
    segment.window_scale = WINDOW_SCALE_NONE;
    segment.payload_bytes = bytes;
    return segment;
}

/* What is no whole header is cut off, if its first byte is one of a packet at all. */
static void the_first_byte_says_what_is_read(void) {
    struct segment segment;
    const uint8_t nothing[1] = { 0x00 }, four[1] = { 0x45 }, six[1] = { 0x60 };
    CU_ASSERT_EQUAL(segment_read(nothing, 0, &segment), SEGMENT_TRUNCATED);
    CU_ASSERT_EQUAL(segment_read(nothing, 1, &segment), SEGMENT_BAD_VERSION);
    CU_ASSERT_EQUAL(segment_read(four, 1, &segment), SEGMENT_TRUNCATED);
    CU_ASSERT_EQUAL(segment_read(six, 1, &segment), SEGMENT_TRUNCATED);
}

static void what_is_written_is_read_back(void) {
    uint8_t packet[200];
    const uint8_t payload[5] = { 'h', 'e', 'l', 'l', 'o' };
    for (unsigned family = 4; family <= 6; family += 2) {
        for (unsigned bytes = 0; bytes <= 5; bytes += 5) {
            struct segment sent[2] = { syn(family), datagram(family, bytes) };
            sent[0].payload_bytes = bytes;
            for (unsigned i = 0; i < 2; i++) {
                uint32_t length = segment_write(&sent[i], payload, packet);
                struct segment seen;
                CU_ASSERT_EQUAL(length, segment_packet_bytes(&sent[i]));
                CU_ASSERT_EQUAL_FATAL(segment_read(packet, length, &seen), SEGMENT_GOOD);
                CU_ASSERT_EQUAL(memcmp(packet + seen.payload_offset, payload, bytes), 0);
                seen.payload_offset = 0;
                CU_ASSERT(endpoint_same_address(&seen.source, &sent[i].source));
                CU_ASSERT_EQUAL(seen.source.port, 50000);
                CU_ASSERT_EQUAL(seen.destination.port, 80);
                CU_ASSERT_EQUAL(seen.sequence, sent[i].sequence);
                CU_ASSERT_EQUAL(seen.flags, sent[i].flags);
                CU_ASSERT_EQUAL(seen.window, sent[i].window);
                CU_ASSERT_EQUAL(seen.window_scale, sent[i].window_scale);
                CU_ASSERT_EQUAL(seen.maximum_segment_bytes, sent[i].maximum_segment_bytes);
                CU_ASSERT_EQUAL(seen.payload_bytes, bytes);
            }
        }
    }
}

/* The bytes follow RFC 791 and RFC 768 field by field; another program computed the two sums.
 */
static void a_packet_by_hand_has_the_same_bytes(void) {
    static const uint8_t expected[] = {
        0x45, 0,   0, 30, 0, 7,    0,    0, 128, 17, 0x3c, 0xc6, 127,  0,   0,
        1,    127, 0, 0,  1, 0xc3, 0x50, 0, 80,  0,  10,   0xd5, 0xcd, 'h', 'i',
    };
    struct segment segment = datagram(4, 2);
    segment.identification = 7;
    uint8_t packet[64];
    CU_ASSERT_EQUAL(segment_write(&segment, (const uint8_t *)"hi", packet), sizeof expected);
    CU_ASSERT_EQUAL(memcmp(packet, expected, sizeof expected), 0);
}

/* The sum of the lowest and the highest IPv4 byte apart from its own checksum: no single flipped bit goes unnoticed. */
static void every_flipped_bit_is_noticed_or_outside_what_is_summed(void) {
    uint8_t packet[200];
    struct segment segment = syn(4), seen;
    uint32_t length = segment_write(&segment, NULL, packet);
    for (uint32_t bit = 0; bit < length * 8; bit++) {
        packet[bit / 8] ^= (uint8_t)(1u << bit % 8);
        CU_ASSERT_NOT_EQUAL(segment_read(packet, length, &seen), SEGMENT_GOOD);
        packet[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    CU_ASSERT_EQUAL(segment_read(packet, length, &seen), SEGMENT_GOOD);
}

static void a_packet_that_is_cut_is_refused_at_every_length(void) {
    uint8_t packet[200];
    struct segment seen;
    for (unsigned family = 4; family <= 6; family += 2) {
        struct segment segment = datagram(family, 5);
        uint32_t length = segment_write(&segment, (const uint8_t *)"hello", packet);
        for (uint32_t cut = 0; cut < length; cut++)
            CU_ASSERT_EQUAL(segment_read(packet, cut, &seen), SEGMENT_TRUNCATED);
        packet[length] = 0xaa; /* a byte of padding is no part of it */
        CU_ASSERT_EQUAL(segment_read(packet, length + 1, &seen), SEGMENT_GOOD);
        CU_ASSERT_EQUAL(seen.payload_bytes, 5);
    }
}

static void what_is_not_modelled_is_refused_by_name(void) {
    uint8_t packet[200];
    struct segment segment = datagram(6, 0), seen;
    uint32_t length = segment_write(&segment, NULL, packet);
    packet[6] = 58; /* ICMPv6 */
    CU_ASSERT_EQUAL(segment_read(packet, length, &seen), SEGMENT_OTHER_PROTOCOL);
    packet[0] = 0x50;
    CU_ASSERT_EQUAL(segment_read(packet, length, &seen), SEGMENT_BAD_VERSION);
    packet[0] = 0x44;
    CU_ASSERT_EQUAL(segment_read(packet, length, &seen), SEGMENT_BAD_HEADER_LENGTH);
    for (unsigned i = 0; i < SEGMENT_FAULTS_COUNT; i++)
        CU_ASSERT(strlen(segment_fault_text((enum segment_fault)i)) > 10);
    CU_ASSERT_STRING_EQUAL(segment_fault_text(SEGMENT_BAD_CHECKSUM), "its checksum is wrong");
}

/* --- extension headers of IPv6 ------------------------------------------------------------------------------------ */

struct extension_chain {
    const char *name;
    uint8_t first; /* the kind of the first header */
    enum segment_fault fault;
    uint8_t length;
    uint8_t bytes[40];
};

/* RFC 8200 4. Each stands before a whole TCP segment whose sum is right, and would lead to it, or nowhere. */
static const struct extension_chain chains[] = {
    { "hop-by-hop, filled", 0, SEGMENT_EXTENSION_HEADER, 8, { 6, 0, 1, 4 } },
    { "destination options, filled", 60, SEGMENT_EXTENSION_HEADER, 8, { 6, 0, 1, 4 } },
    { "routing, none left", 43, SEGMENT_EXTENSION_HEADER, 8, { 6, 0, 0, 0 } },
    { "routing, type 0 with one left", 43, SEGMENT_EXTENSION_HEADER, 24, { 6, 2, 0, 1 } },
    { "a fragment that is all there is", 44, SEGMENT_FRAGMENT, 8, { 6, 0, 0, 0, 0, 0, 0, 1 } },
    { "the first fragment", 44, SEGMENT_FRAGMENT, 8, { 6, 0, 0, 1, 0, 0, 0, 1 } },
    { "a fragment of a fragment", 44, SEGMENT_FRAGMENT, 16, { 44, 0, 0, 1, 0, 0, 0, 1, 6 } },
    { "authentication", 51, SEGMENT_EXTENSION_HEADER, 24, { 6, 4 } },
    { "encapsulated", 50, SEGMENT_EXTENSION_HEADER, 8, { 0 } },
    { "three in order", 0, SEGMENT_EXTENSION_HEADER, 24, { 43, 0, 1, 4, 0, 0, 0, 0, 60, 0, 0, 0, 0, 0, 0, 0, 6 } },
    { "hop-by-hop again and again", 0, SEGMENT_EXTENSION_HEADER, 40, { 0 } },
    { "longer than the packet", 60, SEGMENT_EXTENSION_HEADER, 8, { 6, 255, 1, 4 } },
    { "an option longer than its header", 60, SEGMENT_EXTENSION_HEADER, 8, { 6, 0, 1, 255 } },
    { "nothing follows", 59, SEGMENT_OTHER_PROTOCOL, 0, { 0 } },
    { "of no known kind", 253, SEGMENT_OTHER_PROTOCOL, 8, { 6 } },
};

/* In memory of just that length, so that whoever reads past it is found. */
static enum segment_fault fault_of(const uint8_t *packet, uint32_t length) {
    struct segment seen;
    uint8_t *exact = malloc(length);
    CU_ASSERT_PTR_NOT_NULL_FATAL(exact);
    memcpy(exact, packet, length);
    enum segment_fault fault = segment_read(exact, length, &seen);
    CU_ASSERT_EQUAL(segment_read_unsummed(exact, length, &seen), fault);
    free(exact);
    return fault;
}

/* Whole, it is refused by its name; cut anywhere, whether the IPv6 header knows of the cut or not, it is refused
 * too. */
static void an_extension_header_is_refused_whatever_stands_in_it(void) {
    for (unsigned i = 0; i < sizeof chains / sizeof chains[0]; i++) {
        const struct extension_chain *chain = &chains[i];
        struct segment segment = syn(6);
        uint8_t plain[200], packet[200];
        uint32_t length = segment_write(&segment, NULL, plain), whole = length + chain->length;
        memcpy(packet, plain, IPV6_HEADER_BYTES);
        memcpy(packet + IPV6_HEADER_BYTES, chain->bytes, chain->length);
        memcpy(packet + IPV6_HEADER_BYTES + chain->length, plain + IPV6_HEADER_BYTES, length - IPV6_HEADER_BYTES);
        packet[6] = chain->first;
        packet[5] = (uint8_t)(whole - IPV6_HEADER_BYTES);
        enum segment_fault fault = fault_of(packet, whole);
        if (fault != chain->fault) printf("\n    %s: %s", chain->name, segment_fault_text(fault));
        CU_ASSERT_EQUAL(fault, chain->fault);
        for (uint32_t cut = 1; cut < whole; cut++) CU_ASSERT_EQUAL(fault_of(packet, cut), SEGMENT_TRUNCATED);
        for (uint32_t cut = IPV6_HEADER_BYTES; cut < whole; cut++) {
            packet[5] = (uint8_t)(cut - IPV6_HEADER_BYTES);
            CU_ASSERT_EQUAL(fault_of(packet, cut), chain->fault);
        }
    }
}

static void without_a_sum_udp_is_taken_over_ipv4_only(void) {
    uint8_t packet[200];
    struct segment seen, four = datagram(4, 1), six = datagram(6, 1);
    uint32_t length = segment_write(&four, (const uint8_t *)"x", packet);
    packet[IPV4_HEADER_BYTES + 6] = packet[IPV4_HEADER_BYTES + 7] = 0;
    CU_ASSERT_EQUAL(segment_read(packet, length, &seen), SEGMENT_GOOD);
    length = segment_write(&six, (const uint8_t *)"x", packet);
    packet[IPV6_HEADER_BYTES + 6] = packet[IPV6_HEADER_BYTES + 7] = 0;
    CU_ASSERT_EQUAL(segment_read(packet, length, &seen), SEGMENT_BAD_CHECKSUM);
}

static void put_u16(uint8_t *bytes, unsigned number) {
    bytes[0] = (uint8_t)(number >> 8);
    bytes[1] = (uint8_t)number;
}

/* Before hardware has completed it, a packet has the sum of its pseudo-header or none. No receiver takes it so. */
static void a_captured_packet_may_lack_what_hardware_adds(void) {
    uint8_t packet[200];
    struct segment seen, segment = syn(4);
    uint32_t length = segment_write(&segment, NULL, packet), upper = length - IPV4_HEADER_BYTES;
    unsigned addresses = 0x7f00 + 0x0001 + 0x7f00 + 0x0001, whole = addresses + 6 + upper, cut_later = addresses + 6;
    const struct {
        unsigned checksum;
        enum segment_fault fault;
    } cases[] = { { 0, SEGMENT_GOOD },
                  { whole, SEGMENT_GOOD },
                  { cut_later, SEGMENT_GOOD },
                  { whole + 1, SEGMENT_BAD_CHECKSUM },
                  { whole ^ 0xffff, SEGMENT_BAD_CHECKSUM } };
    CU_ASSERT_EQUAL(segment_read_captured(packet, length, &seen), SEGMENT_GOOD);
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        put_u16(packet + IPV4_HEADER_BYTES + 16, cases[i].checksum);
        CU_ASSERT_EQUAL(segment_read_captured(packet, length, &seen), cases[i].fault);
        CU_ASSERT_EQUAL(segment_read_unsummed(packet, length, &seen), SEGMENT_GOOD);
        CU_ASSERT_EQUAL(segment_read(packet, length, &seen), SEGMENT_BAD_CHECKSUM);
    }
    segment_write(&segment, NULL, packet);
    put_u16(packet + 10, 0); /* the IPv4 header's own */
    CU_ASSERT_EQUAL(segment_read_captured(packet, length, &seen), SEGMENT_GOOD);
    CU_ASSERT_EQUAL(segment_read(packet, length, &seen), SEGMENT_BAD_HEADER_CHECKSUM);
}

static void nonsense_is_read_without_harm(void) {
    uint64_t random = 20261126;
    uint8_t packet[80];
    struct segment seen;
    unsigned refused = 0;
    for (unsigned run = 0; run < 20000; run++) {
        for (unsigned i = 0; i < sizeof packet; i++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            packet[i] = (uint8_t)(random >> 56);
        }
        packet[0] = run % 2 == 0 ? 0x45 : 0x60;
        refused += segment_read(packet, 1 + run % sizeof packet, &seen) != SEGMENT_GOOD;
    }
    CU_ASSERT(refused > 19990);
}

void register_segment_tests(void) {
    CU_pSuite suite = CU_add_suite("segments: packets as bytes", NULL, NULL);
    CU_add_test(suite, "the first byte says what is read", the_first_byte_says_what_is_read);
    CU_add_test(suite, "what is written is read back", what_is_written_is_read_back);
    CU_add_test(suite, "a packet by hand has the same bytes", a_packet_by_hand_has_the_same_bytes);
    CU_add_test(suite, "every flipped bit is noticed", every_flipped_bit_is_noticed_or_outside_what_is_summed);
    CU_add_test(suite, "a packet that is cut is refused at every length",
                a_packet_that_is_cut_is_refused_at_every_length);
    CU_add_test(suite, "what is not modelled is refused by name", what_is_not_modelled_is_refused_by_name);
    CU_add_test(suite, "an extension header is refused, whatever stands in it",
                an_extension_header_is_refused_whatever_stands_in_it);
    CU_add_test(suite, "without a sum UDP is taken over IPv4 only", without_a_sum_udp_is_taken_over_ipv4_only);
    CU_add_test(suite, "a captured packet may lack what hardware adds", a_captured_packet_may_lack_what_hardware_adds);
    CU_add_test(suite, "nonsense is read without harm", nonsense_is_read_without_harm);
}
