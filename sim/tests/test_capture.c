/* Captures as files: the bytes of pcapng, where scenarios begin, calls among packets, packets in words. */
#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>

#include "sim/capture/capture.h"
#include "stack/transport/wire/segment.h"

void register_capture_tests(void);

/* --- dialogue ----------------------------------------------------------------------------------------------------- */

static const uint64_t SECOND_NS = 1000000000;

enum { ETHERNET_BYTES = 14 };

/* A SYN from 127.0.0.1:49152 to port 20000. Its length. */
static uint32_t syn(uint8_t packet[64]) {
    struct segment segment = { .protocol = PROTOCOL_TCP,
                               .flags = SEGMENT_SYN,
                               .hop_limit = 128,
                               .window_scale = WINDOW_SCALE_NONE,
                               .sequence = 17,
                               .window = 8192,
                               .maximum_segment_bytes = 1460 };
    segment.source = (struct endpoint){ .family = 4, .port = 49152, .address.bytes = { 127, 0, 0, 1 } };
    segment.destination = (struct endpoint){ .family = 4, .port = 20000, .address.bytes = { 127, 0, 0, 1 } };
    return segment_write(&segment, NULL, packet);
}

static void keep_syn(struct capture *capture, uint64_t at_ns) {
    uint8_t packet[64];
    uint32_t length = syn(packet);
    capture_packet(capture, at_ns, packet, length);
}

/* What two scenarios with a packet each leave in a file of this form. The caller frees it. */
static uint8_t *two_scenarios(enum capture_form form, bool calls, size_t *length) {
    struct frames_error error;
    FILE *file = tmpfile();
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    struct capture *capture = capture_begin(file, form, CAPTURE_VIRTUAL_CLOCK, calls, &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(capture);
    capture_scenario(capture, "one");
    const struct captured_call call = { .at_ns = 3,
                                        .handle = 0x84,
                                        .scenario = "one",
                                        .process = "app",
                                        .thread = "main",
                                        .call = "connect(c)",
                                        .answer = "ok" };
    if (calls) capture_call(capture, &call);
    keep_syn(capture, 5);
    capture_scenario(capture, "two");
    keep_syn(capture, 7);
    fflush(file);
    rewind(file);
    uint8_t *bytes = malloc(8192);
    CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
    *length = fread(bytes, 1, 8192, file);
    CU_ASSERT(capture_end(capture));
    return bytes;
}

static uint32_t u32(const uint8_t *bytes) {
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/* The n-th block (from 0 on) of this type, or NULL. */
static const uint8_t *block(const uint8_t *bytes, size_t length, uint32_t type, unsigned nth) {
    for (size_t at = 0; at + 12 <= length; at += u32(bytes + at + 4)) {
        uint32_t size = u32(bytes + at + 4);
        CU_ASSERT_FATAL(size >= 12 && size % 4 == 0 && at + size <= length);
        CU_ASSERT_EQUAL(u32(bytes + at + size - 4), size);
        if (u32(bytes + at) == type && nth-- == 0) return bytes + at;
    }
    return NULL;
}

static uint64_t time_of(const uint8_t *packet_block) {
    return (uint64_t)u32(packet_block + 12) << 32 | u32(packet_block + 16);
}

static bool has_text(const uint8_t *bytes, const char *text) {
    uint32_t size = u32(bytes + 4);
    size_t length = strlen(text);
    for (size_t at = 0; at + length <= size; at++)
        if (memcmp(bytes + at, text, length) == 0) return true;
    return false;
}

/* --- tests -------------------------------------------------------------------------------------------------------- */

static void the_form_goes_by_the_name(void) {
    CU_ASSERT_EQUAL(capture_form_of("a.pcap"), CAPTURE_PCAP);
    CU_ASSERT_EQUAL(capture_form_of("b/a.pcapng"), CAPTURE_PCAPNG);
    CU_ASSERT_EQUAL(capture_form_of("a.pcap.txt"), CAPTURE_TEXT);
    CU_ASSERT_EQUAL(capture_form_of("a.cap"), CAPTURE_FORMS_COUNT);
    CU_ASSERT_EQUAL(capture_form_of(".pcap"), CAPTURE_FORMS_COUNT);
}

static void a_file_has_a_section_a_link_and_its_packets(void) {
    size_t length = 0;
    uint8_t *bytes = two_scenarios(CAPTURE_PCAPNG, false, &length);
    const uint8_t *section = block(bytes, length, 0x0A0D0D0A, 0), *link = block(bytes, length, 1, 0),
                  *packet = block(bytes, length, 6, 0);
    CU_ASSERT_PTR_EQUAL(section, bytes);
    CU_ASSERT_EQUAL(u32(section + 8), 0x1A2B3C4D);
    CU_ASSERT_PTR_NOT_NULL_FATAL(link);
    CU_ASSERT_EQUAL(u32(link + 8), 1); /* Ethernet */
    CU_ASSERT(has_text(link, "links"));
    CU_ASSERT_PTR_NULL(block(bytes, length, 1, 1));
    CU_ASSERT_PTR_NOT_NULL_FATAL(packet);
    uint8_t sent[64];
    uint32_t sent_bytes = syn(sent);
    CU_ASSERT_EQUAL(u32(packet + 20), ETHERNET_BYTES + sent_bytes);
    CU_ASSERT_EQUAL(u32(packet + 24), ETHERNET_BYTES + sent_bytes);
    CU_ASSERT_EQUAL(memcmp(packet + 28 + ETHERNET_BYTES, sent, sent_bytes), 0);
    CU_ASSERT_PTR_NULL(block(bytes, length, 6, 2));
    free(bytes);
}

static void each_scenario_begins_at_a_whole_second(void) {
    size_t length = 0;
    uint8_t *bytes = two_scenarios(CAPTURE_PCAPNG, false, &length);
    CU_ASSERT_EQUAL(time_of(block(bytes, length, 6, 0)), 5);
    CU_ASSERT_EQUAL(time_of(block(bytes, length, 6, 1)), SECOND_NS + 7);
    free(bytes);
}

static void a_call_is_a_packet_on_an_interface_of_its_own(void) {
    size_t length = 0;
    uint8_t *bytes = two_scenarios(CAPTURE_PCAPNG, true, &length);
    const uint8_t *call = block(bytes, length, 6, 0), *packet = block(bytes, length, 6, 1);
    CU_ASSERT(has_text(block(bytes, length, 1, 1), "calls"));
    CU_ASSERT_EQUAL(u32(call + 8), 1);
    CU_ASSERT_EQUAL(u32(packet + 8), 0);
    CU_ASSERT(has_text(call, "scenario: one\nprocess: app\nthread: main\nhandle: 0x84\ncall: connect(c)\nanswer: ok"));
    CU_ASSERT(has_text(call, "process: app; thread: main; handle: 0x84; call: connect(c); answer: ok"));
    struct segment segment;
    CU_ASSERT_EQUAL(segment_read(call + 28 + ETHERNET_BYTES, u32(call + 20) - ETHERNET_BYTES, &segment),
                    SEGMENT_OTHER_PROTOCOL); /* its header is right */
    free(bytes);
}

/* A packet on each of two links, one of them again in a second scenario, between packets without a name. */
static uint8_t *two_links(enum capture_form form, size_t *length) {
    struct frames_error error;
    uint8_t packet[64], *bytes = malloc(8192);
    uint32_t packet_bytes = syn(packet);
    FILE *file = tmpfile();
    CU_ASSERT_FATAL(file != NULL && bytes != NULL);
    struct capture *capture = capture_begin(file, form, CAPTURE_VIRTUAL_CLOCK, false, &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(capture);
    capture_scenario(capture, "one");
    capture_packet_on(capture, capture_link(capture, "near-between"), 1, packet, packet_bytes);
    capture_packet_on(capture, capture_link(capture, "between-far"), 2, packet, packet_bytes);
    capture_scenario(capture, "two");
    capture_packet(capture, 3, packet, packet_bytes);
    capture_packet_on(capture, capture_link(capture, "near-between"), 4, packet, packet_bytes);
    fflush(file);
    rewind(file);
    *length = fread(bytes, 1, 8192, file);
    CU_ASSERT(capture_end(capture));
    return bytes;
}

static void each_link_is_an_interface_of_its_name(void) {
    size_t length = 0;
    uint8_t *bytes = two_links(CAPTURE_PCAPNG, &length);
    static const char *const names[] = { "links", "near-between", "between-far" };
    static const unsigned interfaces[] = { 1, 2, 0, 1 };
    for (unsigned i = 0; i < 3; i++) {
        const uint8_t *interface = block(bytes, length, 1, i);
        CU_ASSERT_PTR_NOT_NULL_FATAL(interface);
        CU_ASSERT(has_text(interface, names[i]));
    }
    CU_ASSERT_PTR_NULL(block(bytes, length, 1, 3));
    for (unsigned i = 0; i < 4; i++) CU_ASSERT_EQUAL(u32(block(bytes, length, 6, i) + 8), interfaces[i]);
    free(bytes);
}

static void a_text_names_the_link_before_the_packet(void) {
    size_t length = 0;
    uint8_t *bytes = two_links(CAPTURE_TEXT, &length);
    bytes[length] = '\0';
    CU_ASSERT_PTR_NOT_NULL(strstr((const char *)bytes, "0.000000002 between-far tcp 127.0.0.1:49152 >"));
    CU_ASSERT_PTR_NOT_NULL(strstr((const char *)bytes, "1.000000003 tcp 127.0.0.1:49152 >"));
    free(bytes);
}

static void the_same_packets_give_the_same_bytes(void) {
    size_t length = 0, again_length = 0;
    uint8_t *bytes = two_scenarios(CAPTURE_PCAPNG, true, &length),
            *again = two_scenarios(CAPTURE_PCAPNG, true, &again_length);
    CU_ASSERT_EQUAL(length, again_length);
    CU_ASSERT_EQUAL(memcmp(bytes, again, length), 0);
    free(bytes);
    free(again);
}

static void a_text_has_a_line_for_each_packet(void) {
    size_t length = 0;
    uint8_t *bytes = two_scenarios(CAPTURE_TEXT, false, &length);
    static const char wanted[] =
        "# one\n0.000000005 tcp 127.0.0.1:49152 > 127.0.0.1:20000 SYN seq=17 win=8192 mss=1460 len=0\n"
        "# two\n1.000000007 tcp 127.0.0.1:49152 > 127.0.0.1:20000 SYN seq=17 win=8192 mss=1460 len=0\n";
    CU_ASSERT_EQUAL(length, sizeof wanted - 1);
    CU_ASSERT_EQUAL(memcmp(bytes, wanted, sizeof wanted - 1), 0);
    free(bytes);
}

static void a_damaged_packet_is_said_to_be_one(void) {
    uint8_t packet[64];
    char text[FRAME_TEXT_MAX];
    uint32_t length = syn(packet);
    packet[length - 1] ^= 1; /* in an option that is only summed */
    frame_text(packet, length, text);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "(bad checksum)"));
    frame_text(packet, 3, text);
    CU_ASSERT_STRING_EQUAL(text, "3 bytes: it is shorter than its headers say");
}

void register_capture_tests(void) {
    CU_pSuite suite = CU_add_suite("sim/capture", NULL, NULL);
    CU_add_test(suite, "the form goes by the name", the_form_goes_by_the_name);
    CU_add_test(suite, "a file has a section, a link and its packets", a_file_has_a_section_a_link_and_its_packets);
    CU_add_test(suite, "each scenario begins at a whole second", each_scenario_begins_at_a_whole_second);
    CU_add_test(suite, "a call is a packet on an interface of its own", a_call_is_a_packet_on_an_interface_of_its_own);
    CU_add_test(suite, "each link is an interface of its name", each_link_is_an_interface_of_its_name);
    CU_add_test(suite, "a text names the link before the packet", a_text_names_the_link_before_the_packet);
    CU_add_test(suite, "the same packets give the same bytes", the_same_packets_give_the_same_bytes);
    CU_add_test(suite, "a text has a line for each packet", a_text_has_a_line_for_each_packet);
    CU_add_test(suite, "a damaged packet is said to be one", a_damaged_packet_is_said_to_be_one);
}
