/* Capture files that were damaged or edited: what is refused, and that nothing else that is read differs. */
#define _POSIX_C_SOURCE 200809L

#include <CUnit/CUnit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/capture/capture.h"
#include "sim/capture/capture_shape.h"
#include "stack/transport/wire/segment.h"

void register_capture_altered_tests(void);

/* --- dialogue ----------------------------------------------------------------------------------------------------- */

enum { FILE_MAX = 4096 };

static char path[] = "build/altered-capture-XXXXXX";

static int make_file(void) { return mkstemp(path) < 0; }
static int remove_file(void) { return unlink(path); }

static uint32_t a_packet(enum protocol protocol, unsigned family, uint8_t packet[128]) {
    struct segment segment = { .protocol = (uint8_t)protocol, .hop_limit = 128, .payload_bytes = 5 };
    segment.window_scale = WINDOW_SCALE_NONE;
    segment.source = (struct endpoint){ .family = (uint8_t)family, .port = 49152, .address.bytes = { 127, 0, 0, 1 } };
    segment.destination = (struct endpoint){ .family = (uint8_t)family, .port = 20000, .address.bytes = { 127, 1 } };
    if (protocol == PROTOCOL_TCP) segment.flags = SEGMENT_ACK | SEGMENT_PSH;
    return segment_write(&segment, (const uint8_t *)"hello", packet);
}

/* A file with a packet of each kind, and a call where the form has room for it. Its length. */
static size_t given_a_file(enum capture_form form, uint8_t bytes[FILE_MAX]) {
    struct frames_error error;
    FILE *file = fopen(path, "wb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    const struct captured_call call = {
        .at_ns = 3, .scenario = "one", .process = "app", .thread = "main", .call = "send(c)", .answer = "ok"
    };
    struct capture *capture = capture_begin(file, form, CAPTURE_VIRTUAL_CLOCK, form == CAPTURE_PCAPNG, &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(capture);
    capture_scenario(capture, "one");
    if (form == CAPTURE_PCAPNG) capture_call(capture, &call);
    for (unsigned i = 0; i < 4; i++) {
        uint8_t packet[128];
        uint32_t length = a_packet(i % 2 == 0 ? PROTOCOL_TCP : PROTOCOL_UDP, i < 2 ? 4 : 6, packet);
        capture_packet(capture, 5 + i, packet, length);
    }
    CU_ASSERT(capture_end(capture));
    file = fopen(path, "rb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    size_t length = fread(bytes, 1, FILE_MAX, file);
    CU_ASSERT_FATAL(length > 24 && length < FILE_MAX);
    fclose(file);
    return length;
}

static void write_bytes(const uint8_t *bytes, size_t length) {
    FILE *file = fopen(path, "wb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL(fwrite(bytes, 1, length, file), length);
    CU_ASSERT_EQUAL(fclose(file), 0);
}

/* Whatever lines look at. An IPv6 header has no sum of its own, so what carries neither TCP nor UDP any more is not
 * compared there; nor is what a call says. */
static bool same_packet(const uint8_t *one, uint32_t one_bytes, const uint8_t *other, uint32_t other_bytes) {
    struct segment first, second;
    enum segment_fault fault = segment_read(one, one_bytes, &first);
    if (fault != segment_read(other, other_bytes, &second)) return other[0] >> 4 == 6;
    if (fault != SEGMENT_GOOD) return true;
    return first.payload_bytes == second.payload_bytes && first.flags == second.flags &&
           first.source.port == second.source.port && first.destination.port == second.destination.port &&
           endpoint_same_address(&first.source, &second.source) &&
           endpoint_same_address(&first.destination, &second.destination) &&
           memcmp(one + first.payload_offset, other + second.payload_offset, first.payload_bytes) == 0;
}

static bool same_frames(const struct frames *one, const struct frames *other) {
    bool same = one->count == other->count;
    for (size_t i = 0; same && i < one->count; i++)
        same = same_packet(frame_bytes(one, i), one->list[i].length, frame_bytes(other, i), other->list[i].length);
    return same;
}

static void says(const char *text, const char *words) {
    CU_ASSERT_PTR_NOT_NULL(strstr(text, words));
    if (strstr(text, words) == NULL) printf("\n    \"%s\" does not say \"%s\"\n", text, words);
}

/* The file, with a number of `size` bytes at `at` put in its place (little-endian), is refused with these words. */
static void refused(enum capture_form form, size_t at, unsigned size, uint64_t number, const char *words) {
    uint8_t bytes[FILE_MAX];
    struct frames frames = { .count = 0 };
    struct frames_error error = { "" };
    size_t length = given_a_file(form, bytes);
    CU_ASSERT_FATAL(at + size <= length);
    for (unsigned i = 0; i < size; i++) bytes[at + i] = (uint8_t)(number >> 8 * i);
    write_bytes(bytes, length);
    CU_ASSERT_FALSE(frames_read_file(path, &frames, &error));
    says(error.text, words);
    frames_free(&frames);
}

/* Where the nth block of this type begins. */
static size_t block_at(uint32_t type, unsigned nth) {
    uint8_t bytes[FILE_MAX];
    size_t length = given_a_file(CAPTURE_PCAPNG, bytes);
    for (size_t at = 0; at + 12 <= length;) {
        uint32_t number = 0, size = 0;
        for (unsigned i = 0; i < 4; i++) number |= (uint32_t)bytes[at + i] << 8 * i;
        for (unsigned i = 0; i < 4; i++) size |= (uint32_t)bytes[at + 4 + i] << 8 * i;
        if (number == type && nth-- == 0) return at;
        CU_ASSERT_FATAL(size >= 12);
        at += size;
    }
    CU_FAIL_FATAL("no such block");
    return 0;
}

enum { SECTION = 0x0A0D0D0A, INTERFACE = 1, PACKET = 6, PCAP_HEAD = 24, PCAP_RECORD = 16 };

/* --- tests -------------------------------------------------------------------------------------------------------- */

/* Three bits at each byte of a file: either it is refused, or the packets are the same. */
static void an_altered_byte_is_refused_or_changes_no_packet(void) {
    static const uint8_t flips[] = { 0x01, 0x80, 0xff };
    if (!frames_pcap_is_there()) return;
    for (unsigned form = CAPTURE_PCAP; form <= CAPTURE_PCAPNG; form++) {
        uint8_t bytes[FILE_MAX];
        struct frames_error error;
        struct frames whole = { .count = 0 };
        size_t length = given_a_file((enum capture_form)form, bytes), refusals = 0;
        CU_ASSERT_TRUE(frames_read_file(path, &whole, &error));
        for (size_t at = 0; at < 3 * length; at++) {
            struct frames seen = { .count = 0 };
            bytes[at / 3] ^= flips[at % 3];
            write_bytes(bytes, length);
            bool read = frames_read_file(path, &seen, &error);
            if (read && !same_frames(&seen, &whole)) printf("\n    form %u, byte %zu\n", form, at / 3);
            CU_ASSERT(!read || same_frames(&seen, &whole));
            refusals += !read;
            bytes[at / 3] ^= flips[at % 3];
            frames_free(&seen);
        }
        CU_ASSERT(refusals > length * 3 / 2);
        frames_free(&whole);
    }
}

/* However long what is left of it is. */
static void a_file_that_was_cut_short_is_refused(void) {
    if (!frames_pcap_is_there()) return;
    for (unsigned form = CAPTURE_PCAP; form <= CAPTURE_PCAPNG; form++) {
        uint8_t bytes[FILE_MAX];
        struct frames_error error;
        size_t length = given_a_file((enum capture_form)form, bytes), whole = 0;
        for (size_t left = 0; left < length; left++) {
            struct frames seen = { .count = 0 };
            write_bytes(bytes, left);
            whole += frames_read_file(path, &seen, &error);
            frames_free(&seen);
        }
        CU_ASSERT(whole <= 4 + 4); /* between two packets, or two blocks, no file knows that it goes on */
    }
}

static void a_block_that_is_not_built_as_it_says_is_refused(void) {
    if (!frames_pcap_is_there()) return;
    size_t interface = block_at(INTERFACE, 0), packet = block_at(PACKET, 1);
    refused(CAPTURE_PCAPNG, 16, 8, 4, "in a section of which 4 are left");
    refused(CAPTURE_PCAPNG, 16, 8, 1 << 20, "bytes before its section says");
    refused(CAPTURE_PCAPNG, 12, 2, 2, "version 2.0 of the format; expected 1.0");
    refused(CAPTURE_PCAPNG, 24 + 2, 2, 200, "option 4 has 200 bytes, and");
    refused(CAPTURE_PCAPNG, 24, 2, 0, "something follows the end of the options");
    refused(CAPTURE_PCAPNG, interface + 10, 2, 1, "an interface whose reserved field is not 0");
    refused(CAPTURE_PCAPNG, packet, 4, 11, "a block of type 0xB; expected one that captures have");
    refused(CAPTURE_PCAPNG, packet + 4, 4, 13, "a block of 13 bytes; expected a multiple of 4");
    refused(CAPTURE_PCAPNG, packet + 4, 4, 16, "a block begins with the length 16 and ends with");
    refused(CAPTURE_PCAPNG, packet + 8, 4, 2, "a packet on interface 2; the section has 2 so far");
    refused(CAPTURE_PCAPNG, packet + 20, 4, 4000, "a packet of 4000 bytes in a block that has room for");
    refused(CAPTURE_PCAPNG, packet + 24, 4, 20, "bytes kept of a packet of 20");
    refused(CAPTURE_PCAP, 4, 2, 3, "at byte 0: version 3.4 of the format; expected 2.4");
    refused(CAPTURE_PCAP, 8, 4, 1, "a time zone or a precision");
}

static void a_frame_that_no_link_has_seen_is_refused(void) {
    if (!frames_pcap_is_there()) return;
    const size_t packet = PCAP_HEAD + PCAP_RECORD;
    size_t frame = block_at(PACKET, 1) + 28;
    refused(CAPTURE_PCAP, PCAP_HEAD + 4, 4, 1000000000, "frame 1: its time is none");
    refused(CAPTURE_PCAP, PCAP_HEAD, 4, 9, "frame 2: it is more than a second earlier than one before it");
    refused(CAPTURE_PCAP, PCAP_HEAD + 12, 4, 1500, "bytes are there; expected whole packets (tcpdump -s 0)");
    refused(CAPTURE_PCAP, packet, 1, 0x35, "frame 1: it is neither IPv4 nor IPv6");
    refused(CAPTURE_PCAP, packet + 8, 1, 7, "frame 1: the checksum of its IPv4 header is wrong");
    refused(CAPTURE_PCAP, packet + 20, 1, 7, "frame 1: its checksum is wrong");
    refused(CAPTURE_PCAPNG, frame + 12, 2, 0x0108, "it carries no IP, and it carries a packet");
    refused(CAPTURE_PCAPNG, frame + 12, 2, 0xdd86, "it is not of IPv6, as its link layer says");
    refused(CAPTURE_PCAP, 20, 4, 228, "frame 3: it is not of IPv4, as its link layer says");
}

/* As Linux' loopback and Windows' stack leave it: the rest is added behind the place where packets are seen. */
static void a_checksum_that_is_left_to_hardware_is_believed(void) {
    if (!frames_pcap_is_there()) return;
    uint8_t bytes[FILE_MAX];
    struct frames_error error;
    size_t length = given_a_file(CAPTURE_PCAP, bytes), at = PCAP_HEAD + PCAP_RECORD;
    uint32_t sum = 0x7f00 + 0x0001 + 0x7f01 + 0x0000 + 6 + 25; /* addresses, protocol, length */
    const uint16_t left[] = { 0, (uint16_t)((sum & 0xffff) + (sum >> 16)), 0x1234 };
    for (unsigned i = 0; i < 3; i++) {
        struct frames seen = { .count = 0 };
        bytes[at + 20 + 16] = (uint8_t)(left[i] >> 8);
        bytes[at + 20 + 17] = (uint8_t)left[i];
        bytes[at + 10] = bytes[at + 11] = 0; /* the header's own */
        write_bytes(bytes, length);
        CU_ASSERT_EQUAL(frames_read_file(path, &seen, &error), i < 2);
        frames_free(&seen);
    }
}

void register_capture_altered_tests(void) {
    CU_pSuite suite = CU_add_suite("captures that were altered", make_file, remove_file);
    CU_add_test(suite, "an altered byte is refused or changes no packet",
                an_altered_byte_is_refused_or_changes_no_packet);
    CU_add_test(suite, "a file that was cut short is refused", a_file_that_was_cut_short_is_refused);
    CU_add_test(suite, "a block that is not built as it says is refused",
                a_block_that_is_not_built_as_it_says_is_refused);
    CU_add_test(suite, "a frame that no link has seen is refused", a_frame_that_no_link_has_seen_is_refused);
    CU_add_test(suite, "a checksum that is left to hardware is believed",
                a_checksum_that_is_left_to_hardware_is_believed);
}
