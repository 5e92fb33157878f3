#include "stack/transport/wire/segment.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "stack/call/call.h"

enum { PROTOCOL_NUMBER_TCP = 6, PROTOCOL_NUMBER_UDP = 17 };

/* Those of RFC 8200 4, as "next header" names them. */
enum {
    HEADER_HOP_BY_HOP = 0,
    HEADER_ROUTING = 43,
    HEADER_FRAGMENT = 44,
    HEADER_ENCAPSULATED = 50,
    HEADER_AUTHENTICATION = 51,
    HEADER_DESTINATION = 60,
};

/* Offsets in the headers. */
enum {
    IPV4_TOTAL_LENGTH = 2,
    IPV4_IDENTIFICATION = 4,
    IPV4_FRAGMENT = 6,
    IPV4_TIME_TO_LIVE = 8,
    IPV4_PROTOCOL = 9,
    IPV4_CHECKSUM = 10,
    IPV4_SOURCE = 12,
    IPV4_DESTINATION = 16,
    IPV6_PAYLOAD_LENGTH = 4,
    IPV6_NEXT_HEADER = 6,
    IPV6_HOP_LIMIT = 7,
    IPV6_SOURCE = 8,
    IPV6_DESTINATION = 24,
    PORT_SOURCE = 0,
    PORT_DESTINATION = 2, /* TCP and UDP alike */
    TCP_SEQUENCE = 4,
    TCP_ACKNOWLEDGEMENT = 8,
    TCP_DATA_OFFSET = 12,
    TCP_FLAGS = 13,
    TCP_WINDOW = 14,
    TCP_CHECKSUM = 16,
    TCP_URGENT = 18,
    UDP_LENGTH = 4,
    UDP_CHECKSUM = 6,
};

enum { IPV4_DONT_FRAGMENT = 0x4000, IPV4_MORE_FRAGMENTS = 0x2000, IPV4_FRAGMENT_OFFSET = 0x1fff };

enum { OPTION_END = 0, OPTION_NOTHING = 1, OPTION_MSS = 2, OPTION_WINDOW_SCALE = 3 };
enum { OPTION_MSS_BYTES = 4, OPTION_WINDOW_SCALE_BYTES = 3, WINDOW_SCALE_MAX = 14 };

static uint32_t load_u32_network(const uint8_t *bytes) {
    return (uint32_t)load_u16_network(bytes) << 16 | load_u16_network(bytes + 2);
}

static void store_u32_network(uint8_t *bytes, uint32_t value) {
    store_u16_network(bytes, (uint16_t)(value >> 16));
    store_u16_network(bytes + 2, (uint16_t)value);
}

/* --- checksums (RFC 1071) ----------------------------------------------------------------------------------------- */

/* Sums of such halves do not overflow 64 bits, however long a packet is: there is no carry to look after. */
static uint64_t halves_of(uint64_t word) { return (word & UINT32_MAX) + (word >> 32); }

/* The sum of a sum of 16-bit words does not depend on how many bytes are added at a time, and of two bytes exchanged in
 * all words the same two are exchanged in the sum (RFC 1071 2): so eight bytes are added at once, in the machine's own
 * order, and that is put right at the end. */
static uint64_t sum_of_words(const uint8_t *bytes, uint32_t length) {
    enum { AT_ONCE = 8 }; /* several sums, so that none waits for the others */
    uint64_t sums[AT_ONCE] = { 0 }, words[AT_ONCE], sum = 0, word;
    for (; length >= sizeof words; bytes += sizeof words, length -= (uint32_t)sizeof words) {
        memcpy(words, bytes, sizeof words);
        for (unsigned i = 0; i < AT_ONCE; i++) sums[i] += halves_of(words[i]);
    }
    for (unsigned i = 0; i < AT_ONCE; i++) sum += sums[i];
    for (; length >= sizeof word; bytes += sizeof word, length -= (uint32_t)sizeof word) {
        memcpy(&word, bytes, sizeof word);
        sum += halves_of(word);
    }
    word = 0;
    memcpy(&word, bytes, length);
    return sum + halves_of(word);
}

enum { WORTH_WORDS_BYTES = 32 };

static uint64_t sum_add(uint64_t sum, const uint8_t *bytes, uint32_t length) {
    if (length < WORTH_WORDS_BYTES) {
        for (; length >= 2; bytes += 2, length -= 2) sum += load_u16_network(bytes);
        return length == 0 ? sum : sum + ((uint64_t)bytes[0] << 8);
    }
    uint64_t own = sum_of_words(bytes, length);
    while (own >> 16 != 0) own = (own & 0xffff) + (own >> 16);
    uint16_t folded = (uint16_t)own;
    uint8_t in_order[2];
    memcpy(in_order, &folded, sizeof in_order);
    return sum + load_u16_network(in_order);
}

static uint16_t sum_fold(uint64_t sum) {
    while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

static uint64_t pseudo_header_sum(const struct segment *segment, uint32_t length) {
    uint32_t address_bytes = segment->source.family == 4 ? 4 : 16;
    uint64_t sum = segment->protocol == PROTOCOL_TCP ? PROTOCOL_NUMBER_TCP : PROTOCOL_NUMBER_UDP;
    sum += length;
    sum = sum_add(sum, segment->source.address.bytes, address_bytes);
    return sum_add(sum, segment->destination.address.bytes, address_bytes);
}

/* Over the pseudo-header and `length` bytes of the upper layer. 0 when a checksum that stands in there is right. */
static uint16_t upper_checksum(const struct segment *segment, const uint8_t *upper, uint32_t length) {
    return sum_fold(sum_add(pseudo_header_sum(segment, length), upper, length));
}

/* --- sizes -------------------------------------------------------------------------------------------------------- */

static uint32_t network_header_bytes(const struct segment *segment) {
    return segment->source.family == 4 ? IPV4_HEADER_BYTES : IPV6_HEADER_BYTES;
}

static uint32_t options_bytes(const struct segment *segment) {
    uint32_t bytes = segment->maximum_segment_bytes == 0 ? 0 : OPTION_MSS_BYTES;
    return bytes + (segment->window_scale == WINDOW_SCALE_NONE ? 0 : OPTION_WINDOW_SCALE_BYTES + 1);
}

static uint32_t transport_header_bytes(const struct segment *segment) {
    return segment->protocol == PROTOCOL_UDP ? (uint32_t)UDP_HEADER_BYTES : TCP_HEADER_BYTES + options_bytes(segment);
}

uint32_t segment_packet_bytes(const struct segment *segment) {
    return network_header_bytes(segment) + transport_header_bytes(segment) + segment->payload_bytes;
}

uint32_t segment_sequence_length(const struct segment *segment) {
    assert(segment->protocol == PROTOCOL_TCP);
    return segment->payload_bytes + ((segment->flags & SEGMENT_SYN) != 0) + ((segment->flags & SEGMENT_FIN) != 0);
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

static void write_ipv4(const struct segment *segment, uint8_t *packet, uint32_t packet_bytes) {
    packet[0] = 0x45; /* version 4, five words */
    store_u16_network(packet + IPV4_TOTAL_LENGTH, (uint16_t)packet_bytes);
    store_u16_network(packet + IPV4_IDENTIFICATION, segment->identification);
    store_u16_network(packet + IPV4_FRAGMENT, segment->protocol == PROTOCOL_TCP ? IPV4_DONT_FRAGMENT : 0);
    packet[IPV4_TIME_TO_LIVE] = segment->hop_limit;
    packet[IPV4_PROTOCOL] = segment->protocol == PROTOCOL_TCP ? PROTOCOL_NUMBER_TCP : PROTOCOL_NUMBER_UDP;
    memcpy(packet + IPV4_SOURCE, segment->source.address.bytes, 4);
    memcpy(packet + IPV4_DESTINATION, segment->destination.address.bytes, 4);
    store_u16_network(packet + IPV4_CHECKSUM, sum_fold(sum_add(0, packet, IPV4_HEADER_BYTES)));
}

static void write_ipv6(const struct segment *segment, uint8_t *packet, uint32_t packet_bytes) {
    packet[0] = 0x60; /* version 6, no traffic class, no flow label */
    store_u16_network(packet + IPV6_PAYLOAD_LENGTH, (uint16_t)(packet_bytes - IPV6_HEADER_BYTES));
    packet[IPV6_NEXT_HEADER] = segment->protocol == PROTOCOL_TCP ? PROTOCOL_NUMBER_TCP : PROTOCOL_NUMBER_UDP;
    packet[IPV6_HOP_LIMIT] = segment->hop_limit;
    memcpy(packet + IPV6_SOURCE, segment->source.address.bytes, 16);
    memcpy(packet + IPV6_DESTINATION, segment->destination.address.bytes, 16);
}

static void write_options(const struct segment *segment, uint8_t *options) {
    if (segment->maximum_segment_bytes != 0) {
        options[0] = OPTION_MSS;
        options[1] = OPTION_MSS_BYTES;
        store_u16_network(options + 2, segment->maximum_segment_bytes);
        options += OPTION_MSS_BYTES;
    }
    if (segment->window_scale == WINDOW_SCALE_NONE) return;
    options[0] = OPTION_NOTHING;
    options[1] = OPTION_WINDOW_SCALE;
    options[2] = OPTION_WINDOW_SCALE_BYTES;
    options[3] = segment->window_scale;
}

static void write_tcp(const struct segment *segment, uint8_t *header) {
    uint32_t header_bytes = transport_header_bytes(segment);
    store_u32_network(header + TCP_SEQUENCE, segment->sequence);
    store_u32_network(header + TCP_ACKNOWLEDGEMENT, segment->acknowledgement);
    header[TCP_DATA_OFFSET] = (uint8_t)(header_bytes / 4 << 4);
    header[TCP_FLAGS] = segment->flags;
    store_u16_network(header + TCP_WINDOW, segment->window);
    store_u16_network(header + TCP_URGENT, segment->urgent);
    write_options(segment, header + TCP_HEADER_BYTES);
}

static void write_checksum(const struct segment *segment, uint8_t *upper, uint32_t upper_bytes) {
    uint16_t checksum = upper_checksum(segment, upper, upper_bytes);
    if (segment->protocol == PROTOCOL_TCP) store_u16_network(upper + TCP_CHECKSUM, checksum);
    else store_u16_network(upper + UDP_CHECKSUM, checksum == 0 ? 0xffff : checksum); /* 0 would mean "none" */
}

uint32_t segment_write(const struct segment *segment, const uint8_t *payload, uint8_t *packet) {
    uint32_t bytes = segment_packet_bytes(segment);
    uint32_t network_bytes = network_header_bytes(segment);
    uint32_t header_bytes = transport_header_bytes(segment);
    assert(segment->source.family == segment->destination.family);
    assert(segment->protocol == PROTOCOL_TCP || segment->protocol == PROTOCOL_UDP);
    assert(bytes <= UINT16_MAX);
    memset(packet, 0, network_bytes + header_bytes);
    if (segment->source.family == 4) write_ipv4(segment, packet, bytes);
    else write_ipv6(segment, packet, bytes);
    uint8_t *upper = packet + network_bytes;
    store_u16_network(upper + PORT_SOURCE, segment->source.port);
    store_u16_network(upper + PORT_DESTINATION, segment->destination.port);
    if (segment->protocol == PROTOCOL_TCP) write_tcp(segment, upper);
    else store_u16_network(upper + UDP_LENGTH, (uint16_t)(bytes - network_bytes));
    if (segment->payload_bytes != 0 && payload != upper + header_bytes)
        memcpy(upper + header_bytes, payload, segment->payload_bytes);
    write_checksum(segment, upper, bytes - network_bytes);
    return bytes;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

/* What the network layer says: where the upper layer stands and which one it is. */
struct upper {
    uint32_t offset;
    uint32_t bytes;
    uint8_t protocol_number;
};

static enum segment_fault read_ipv4(const uint8_t *packet, uint32_t length, bool summed, struct segment *segment,
                                    struct upper *upper) {
    if (length < IPV4_HEADER_BYTES) return SEGMENT_TRUNCATED;
    uint32_t header_bytes = (packet[0] & 0x0fu) * 4;
    if (header_bytes < IPV4_HEADER_BYTES || header_bytes > length) return SEGMENT_BAD_HEADER_LENGTH;
    uint32_t total = load_u16_network(packet + IPV4_TOTAL_LENGTH);
    if (total < header_bytes) return SEGMENT_BAD_LENGTH;
    if (total > length) return SEGMENT_TRUNCATED;
    bool left_to_hardware = !summed && load_u16_network(packet + IPV4_CHECKSUM) == 0;
    if (!left_to_hardware && sum_fold(sum_add(0, packet, header_bytes)) != 0) return SEGMENT_BAD_HEADER_CHECKSUM;
    uint16_t fragment = load_u16_network(packet + IPV4_FRAGMENT);
    if ((fragment & (IPV4_MORE_FRAGMENTS | IPV4_FRAGMENT_OFFSET)) != 0) return SEGMENT_FRAGMENT;
    segment->source.family = segment->destination.family = 4;
    segment->identification = load_u16_network(packet + IPV4_IDENTIFICATION);
    segment->hop_limit = packet[IPV4_TIME_TO_LIVE];
    memcpy(segment->source.address.bytes, packet + IPV4_SOURCE, 4);
    memcpy(segment->destination.address.bytes, packet + IPV4_DESTINATION, 4);
    *upper = (struct upper){ header_bytes, total - header_bytes, packet[IPV4_PROTOCOL] };
    return SEGMENT_GOOD;
}

static enum segment_fault read_ipv6(const uint8_t *packet, uint32_t length, struct segment *segment,
                                    struct upper *upper) {
    if (length < IPV6_HEADER_BYTES) return SEGMENT_TRUNCATED;
    uint32_t payload = load_u16_network(packet + IPV6_PAYLOAD_LENGTH);
    if (payload > length - IPV6_HEADER_BYTES) return SEGMENT_TRUNCATED;
    segment->source.family = segment->destination.family = 6;
    segment->hop_limit = packet[IPV6_HOP_LIMIT];
    memcpy(segment->source.address.bytes, packet + IPV6_SOURCE, 16);
    memcpy(segment->destination.address.bytes, packet + IPV6_DESTINATION, 16);
    *upper = (struct upper){ IPV6_HEADER_BYTES, payload, packet[IPV6_NEXT_HEADER] };
    return SEGMENT_GOOD;
}

/* Of a packet that carries neither TCP nor UDP right behind its own header. */
static enum segment_fault fault_of_other(unsigned version, uint8_t protocol_number) {
    if (version == 4) return SEGMENT_OTHER_PROTOCOL;
    switch (protocol_number) {
    case HEADER_FRAGMENT: return SEGMENT_FRAGMENT;
    case HEADER_HOP_BY_HOP:
    case HEADER_ROUTING:
    case HEADER_ENCAPSULATED:
    case HEADER_AUTHENTICATION:
    case HEADER_DESTINATION: return SEGMENT_EXTENSION_HEADER;
    default: return SEGMENT_OTHER_PROTOCOL;
    }
}

/* One option at `option`, of which `left` bytes are in the header. Its length, or 0 when it runs past the header. */
static uint32_t read_option(const uint8_t *option, uint32_t left, struct segment *segment) {
    if (option[0] == OPTION_NOTHING) return 1;
    if (left < 2 || option[1] < 2 || option[1] > left) return 0;
    if (option[0] == OPTION_MSS && option[1] == OPTION_MSS_BYTES)
        segment->maximum_segment_bytes = load_u16_network(option + 2);
    if (option[0] == OPTION_WINDOW_SCALE && option[1] == OPTION_WINDOW_SCALE_BYTES)
        segment->window_scale = option[2] > WINDOW_SCALE_MAX ? WINDOW_SCALE_MAX : option[2]; /* RFC 7323 2.3 */
    return option[1];
}

static enum segment_fault read_options(const uint8_t *options, uint32_t length, struct segment *segment) {
    for (uint32_t at = 0; at < length && options[at] != OPTION_END;) {
        uint32_t bytes = read_option(options + at, length - at, segment);
        if (bytes == 0) return SEGMENT_BAD_OPTIONS;
        at += bytes;
    }
    return SEGMENT_GOOD;
}

static enum segment_fault read_tcp(const uint8_t *header, uint32_t bytes, struct segment *segment,
                                   uint32_t *header_bytes) {
    if (bytes < TCP_HEADER_BYTES) return SEGMENT_TRUNCATED;
    *header_bytes = (header[TCP_DATA_OFFSET] >> 4) * 4u;
    if (*header_bytes < TCP_HEADER_BYTES || *header_bytes > bytes) return SEGMENT_BAD_LENGTH;
    segment->sequence = load_u32_network(header + TCP_SEQUENCE);
    segment->acknowledgement = load_u32_network(header + TCP_ACKNOWLEDGEMENT);
    segment->flags = header[TCP_FLAGS];
    segment->window = load_u16_network(header + TCP_WINDOW);
    segment->urgent = load_u16_network(header + TCP_URGENT);
    return read_options(header + TCP_HEADER_BYTES, *header_bytes - TCP_HEADER_BYTES, segment);
}

/* `*bytes` becomes what UDP's own length says. */
static enum segment_fault read_udp(const uint8_t *header, uint32_t *bytes, uint32_t *header_bytes) {
    if (*bytes < UDP_HEADER_BYTES) return SEGMENT_TRUNCATED;
    *header_bytes = UDP_HEADER_BYTES;
    uint32_t length = load_u16_network(header + UDP_LENGTH);
    if (length < UDP_HEADER_BYTES || length > *bytes) return SEGMENT_BAD_LENGTH;
    *bytes = length;
    return SEGMENT_GOOD;
}

/* All but the checksums of TCP and UDP. `summed`: the IPv4 header has its own. */
static enum segment_fault read_headers(const uint8_t *packet, uint32_t length, bool summed, struct segment *segment) {
    memset(segment, 0, sizeof *segment);
    segment->window_scale = WINDOW_SCALE_NONE;
    if (length == 0) return SEGMENT_TRUNCATED;
    unsigned version = packet[0] >> 4;
    if (version != 4 && version != 6) return SEGMENT_BAD_VERSION;
    struct upper upper = { 0, 0, 0 };
    enum segment_fault fault =
        version == 4 ? read_ipv4(packet, length, summed, segment, &upper) : read_ipv6(packet, length, segment, &upper);
    if (fault != SEGMENT_GOOD) return fault;
    bool is_tcp = upper.protocol_number == PROTOCOL_NUMBER_TCP;
    if (!is_tcp && upper.protocol_number != PROTOCOL_NUMBER_UDP) return fault_of_other(version, upper.protocol_number);
    segment->protocol = is_tcp ? PROTOCOL_TCP : PROTOCOL_UDP;
    const uint8_t *header = packet + upper.offset;
    uint32_t header_bytes = 0;
    fault =
        is_tcp ? read_tcp(header, upper.bytes, segment, &header_bytes) : read_udp(header, &upper.bytes, &header_bytes);
    if (fault != SEGMENT_GOOD) return fault;
    segment->source.port = load_u16_network(header + PORT_SOURCE);
    segment->destination.port = load_u16_network(header + PORT_DESTINATION);
    segment->payload_offset = upper.offset + header_bytes;
    segment->payload_bytes = upper.bytes - header_bytes;
    return SEGMENT_GOOD;
}

/* Where TCP's or UDP's part of a packet stands. */
static const uint8_t *upper_of(const struct segment *segment, const uint8_t *packet, uint32_t *bytes) {
    uint32_t begin = segment->source.family == 4 ? (packet[0] & 0x0fu) * 4 : (uint32_t)IPV6_HEADER_BYTES;
    *bytes = segment->payload_offset + segment->payload_bytes - begin;
    return packet + begin;
}

static uint16_t checksum_of(const struct segment *segment, const uint8_t *upper) {
    return load_u16_network(upper + (segment->protocol == PROTOCOL_TCP ? TCP_CHECKSUM : UDP_CHECKSUM));
}

/* Of a segment that is good otherwise. */
static bool checksum_is_right(const struct segment *segment, const uint8_t *packet) {
    uint32_t bytes = 0;
    const uint8_t *upper = upper_of(segment, packet, &bytes);
    bool none = segment->protocol == PROTOCOL_UDP && checksum_of(segment, upper) == 0;
    if (none) return segment->source.family == 4; /* RFC 8200 8.1 */
    return upper_checksum(segment, upper, bytes) == 0;
}

/* Hardware adds the rest to what it finds there. Where it cuts a segment into several, the length is not known yet. */
static bool checksum_is_left_to_hardware(const struct segment *segment, const uint8_t *packet) {
    uint32_t bytes = 0;
    const uint8_t *upper = upper_of(segment, packet, &bytes);
    uint32_t checksum = checksum_of(segment, upper), complement = checksum ^ 0xffff;
    return checksum == 0 || complement == sum_fold(pseudo_header_sum(segment, bytes)) ||
           complement == sum_fold(pseudo_header_sum(segment, 0));
}

enum segment_fault segment_read(const uint8_t *packet, uint32_t length, struct segment *segment) {
    enum segment_fault fault = read_headers(packet, length, true, segment);
    if (fault != SEGMENT_GOOD) return fault;
    return checksum_is_right(segment, packet) ? SEGMENT_GOOD : SEGMENT_BAD_CHECKSUM;
}

enum segment_fault segment_read_unsummed(const uint8_t *packet, uint32_t length, struct segment *segment) {
    return read_headers(packet, length, false, segment);
}

enum segment_fault segment_read_captured(const uint8_t *packet, uint32_t length, struct segment *segment) {
    enum segment_fault fault = read_headers(packet, length, false, segment);
    if (fault != SEGMENT_GOOD) return fault;
    bool believed = checksum_is_right(segment, packet) || checksum_is_left_to_hardware(segment, packet);
    return believed ? SEGMENT_GOOD : SEGMENT_BAD_CHECKSUM;
}

const char *segment_fault_text(enum segment_fault fault) {
    static const char *const texts[SEGMENT_FAULTS_COUNT] = {
        [SEGMENT_GOOD] = "nothing is wrong with it",
        [SEGMENT_TRUNCATED] = "it is shorter than its headers say",
        [SEGMENT_BAD_VERSION] = "it is neither IPv4 nor IPv6",
        [SEGMENT_BAD_HEADER_LENGTH] = "the length of its IPv4 header is impossible",
        [SEGMENT_BAD_LENGTH] = "the lengths in its headers contradict each other",
        [SEGMENT_BAD_HEADER_CHECKSUM] = "the checksum of its IPv4 header is wrong",
        [SEGMENT_FRAGMENT] = "it is a fragment, and fragments are not modelled",
        [SEGMENT_EXTENSION_HEADER] = "it has an extension header of IPv6, and those are not modelled",
        [SEGMENT_OTHER_PROTOCOL] = "it carries neither TCP nor UDP, and others are not modelled",
        [SEGMENT_BAD_OPTIONS] = "a TCP option runs past the header",
        [SEGMENT_BAD_CHECKSUM] = "its checksum is wrong",
    };
    assert((unsigned)fault < SEGMENT_FAULTS_COUNT);
    return texts[fault];
}
