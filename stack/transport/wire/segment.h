/* Segments: IPv4 and IPv6 packets that carry TCP or UDP, as bytes and as records.
 *
 * A packet here is what a link carries: an IP header, a TCP or UDP header, the payload. There is no link layer, so a
 * capture of these bytes has the link type "raw IP". Checksums are real in both directions.
 *
 * RFC 791 (IPv4), RFC 8200 (IPv6), RFC 9293 3.1 (TCP's header and the options MSS), RFC 7323 2 (window scale), RFC 768
 * (UDP), RFC 1071 (the checksum). Fragments, extension headers and other protocols are not modelled: a receiver drops
 * them, and segment_read() says why. It looks at the first extension header's kind and never into one, so that no chain
 * of them, however long or wrong, costs anything. */
#ifndef RESERVOIR_STACK_TRANSPORT_WIRE_SEGMENT_H
#define RESERVOIR_STACK_TRANSPORT_WIRE_SEGMENT_H

#include <stdint.h>

#include "stack/transport/wire/address.h"

enum {
    IPV4_HEADER_BYTES = 20,
    IPV6_HEADER_BYTES = 40,
    UDP_HEADER_BYTES = 8,
    TCP_HEADER_BYTES = 20,
    TCP_OPTIONS_MAX_BYTES = 8, /* that segment_write() adds: MSS, window scale, and the byte that fills them up */
    SEGMENT_HEADERS_MAX_BYTES = IPV6_HEADER_BYTES + TCP_HEADER_BYTES + TCP_OPTIONS_MAX_BYTES,
    HOP_LIMIT_ORDINARY = 128, /* what Windows sends */
    WINDOW_SCALE_NONE = 0xff,
};

/* TCP's flags, as they stand in the header. */
enum {
    SEGMENT_FIN = 0x01,
    SEGMENT_SYN = 0x02,
    SEGMENT_RST = 0x04,
    SEGMENT_PSH = 0x08,
    SEGMENT_ACK = 0x10,
    SEGMENT_URG = 0x20,
};

struct segment {
    struct endpoint source; /* both of one family */
    struct endpoint destination;
    uint8_t protocol; /* enum protocol */
    uint8_t flags;    /* TCP: SEGMENT_*; else 0 */
    uint8_t hop_limit;
    uint8_t window_scale;           /* TCP: the option's shift, or WINDOW_SCALE_NONE */
    uint16_t identification;        /* IPv4 */
    uint16_t maximum_segment_bytes; /* TCP: the option MSS; 0: without it */
    uint16_t window;                /* TCP: as it stands in the header, not shifted */
    uint16_t urgent;                /* TCP: the urgent pointer */
    uint32_t sequence;              /* TCP */
    uint32_t acknowledgement;       /* TCP; meaningful with SEGMENT_ACK */
    uint32_t payload_offset;        /* segment_read(): where the payload begins in the packet */
    uint32_t payload_bytes;
};

/* Why a packet is no segment that a receiver takes. */
enum segment_fault {
    SEGMENT_GOOD,
    SEGMENT_TRUNCATED,         /* shorter than its own headers say */
    SEGMENT_BAD_VERSION,       /* neither IPv4 nor IPv6 */
    SEGMENT_BAD_HEADER_LENGTH, /* the IPv4 header is shorter than 20 bytes, or longer than the packet */
    SEGMENT_BAD_LENGTH,        /* the lengths in the headers contradict each other */
    SEGMENT_BAD_HEADER_CHECKSUM,
    SEGMENT_FRAGMENT,         /* not modelled */
    SEGMENT_EXTENSION_HEADER, /* RFC 8200 4: a header between those of IPv6 and TCP or UDP; not modelled */
    SEGMENT_OTHER_PROTOCOL,   /* neither TCP nor UDP: not modelled */
    SEGMENT_BAD_OPTIONS,      /* a TCP option that runs past the header */
    SEGMENT_BAD_CHECKSUM,
    SEGMENT_FAULTS_COUNT
};

/* One line for people: "the checksum is wrong". */
const char *segment_fault_text(enum segment_fault fault);

/* Bytes of the packet that segment_write() will write. */
uint32_t segment_packet_bytes(const struct segment *segment);

/* Writes the packet. `payload` has segment->payload_bytes bytes (NULL when 0) and does not overlap the packet, unless
 * it stands where it belongs already. `packet` has room for segment_packet_bytes(), at most 65535 (asserted). Returns
 * the bytes written. */
uint32_t segment_write(const struct segment *segment, const uint8_t *payload, uint8_t *packet);

/* Reads a packet of `length` bytes, whatever they are. SEGMENT_GOOD: *segment is filled. Else what is known so far
 * stands there, and nothing of it may be used. A packet may be longer than its headers say (padding): the rest is
 * ignored. A UDP checksum of 0 over IPv4 means that none was computed (RFC 768) and is taken. */
enum segment_fault segment_read(const uint8_t *packet, uint32_t length, struct segment *segment);

/* The same without a look at the checksums of TCP and UDP, and with an IPv4 header whose checksum is 0: for captures of
 * an interface that leaves them to hardware, such as Linux' loopback. No receiver may use it. */
enum segment_fault segment_read_unsummed(const uint8_t *packet, uint32_t length, struct segment *segment);

/* The same, and SEGMENT_BAD_CHECKSUM where TCP's or UDP's checksum is neither right nor one that was left to hardware:
 * 0, or the sum of the pseudo-header, with the length of the segment or without. */
enum segment_fault segment_read_captured(const uint8_t *packet, uint32_t length, struct segment *segment);

/* The positions that a TCP segment takes in its sender's sequence: its payload, SYN and FIN (RFC 9293 3.4). */
uint32_t segment_sequence_length(const struct segment *segment);

#endif
