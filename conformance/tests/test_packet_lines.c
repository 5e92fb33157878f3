/* Bare machines and lines `packet`: how they are written, what bytes they send, and that no bytes hurt who gets
 * them. */
#include <CUnit/CUnit.h>
#include <stdio.h>
#include <string.h>

#include "conformance/language/expand.h"
#include "conformance/language/parser.h"
#include "conformance/language/printer.h"
#include "conformance/packets/packet_match.h"
#include "conformance/player/play.h"
#include "conformance/session/session_packet.h"
#include "conformance/stage/model_executor.h"
#include "stack/readings.h"
#include "stack/transport/wire/segment.h"

void register_packet_lines_tests(void);

#define MACHINES \
    "scenario x\n\nmachine near 10.0.0.1 [fd00::1]\nmachine far 10.0.0.2 [fd00::2] bare\nlink    near-far\n" \
    "ports   p = 2 tcp\nprocess app on near\n\n"
#define FROM_TO "packet tcp from 10.0.0.2:5000 to 10.0.0.1:p "
#define NAMED "y = expect packet tcp from p -> ok\n"

static struct scenario *parsed(const char *text) {
    struct language_error error;
    struct scenario *scenario = scenario_parse("x.scn", text, strlen(text), &error);
    if (scenario == NULL) printf("\n    line %u: %s\n", (unsigned)error.position.line, error.message);
    CU_ASSERT_PTR_NOT_NULL_FATAL(scenario);
    return scenario;
}

static void refused(const char *text, unsigned line, unsigned column, const char *words) {
    struct language_error error;
    struct scenario *scenario = scenario_parse("x.scn", text, strlen(text), &error);
    CU_ASSERT_PTR_NULL_FATAL(scenario);
    bool as_said =
        error.position.line == line && error.position.column == column && strstr(error.message, words) != NULL;
    if (!as_said) printf("\n    refused at %u:%u: %s", error.position.line, error.position.column, error.message);
    CU_ASSERT_TRUE(as_said);
}

/* --- written ------------------------------------------------------------------------------------------------------ */

static void what_is_said_of_packets_is_printed_in_one_order(void) {
    const char *said =
        MACHINES "y = expect next packet tcp mss=none scale=3 seq=5 flags=URG,ACK to 5000 window=0x10 ack=7 "
                 "urgent=2 data -> ok\n"
                 "packet tcp damaged data=\"a\\\"b\" options=hex(01 01) to 10.0.0.1:p+1 scale=255 mss=65535 "
                 "by far window=1 seq=y.seq-2147483647 ack=y.ack+1 from 10.0.0.2:y.port urgent=3 flags=PSH,SYN\n"
                 "packet udp from [fd00::2]:any to [fd00::1]:p data=1024\n"
                 "packet tcp from 10.0.0.2:1 to 10.0.0.1:2 flags=none\npacket hex(45 0A) by far\n";
    const char *canonical = MACHINES
        "y = expect next packet tcp to 5000 flags=ACK,URG seq=5 ack=7 window=0x10 urgent=2 mss=none scale=3 data "
        "-> ok\n"
        "packet tcp from 10.0.0.2:y.port to 10.0.0.1:p+1 flags=SYN,PSH seq=y.seq-2147483647 ack=y.ack+1 window=1 "
        "urgent=3 mss=65535 scale=255 options=hex(01 01) data=\"a\\\"b\" damaged by far\n"
        "packet udp from [fd00::2]:any to [fd00::1]:p data=1024\n"
        "packet tcp from 10.0.0.2:1 to 10.0.0.1:2 flags=none\npacket hex(45 0a) by far\n";
    struct scenario *scenario = parsed(said);
    struct text once = { 0 }, twice = { 0 };
    scenario_print(scenario, &once);
    CU_ASSERT_STRING_EQUAL(once.bytes, canonical);
    struct scenario *again = parsed(once.bytes), *instance = scenario_expand(again, 0);
    scenario_free(again);
    scenario_print(instance, &twice);
    CU_ASSERT_STRING_EQUAL(twice.bytes, canonical);
    text_free(&once);
    text_free(&twice);
    scenario_free(instance);
    scenario_free(scenario);
}

static void packets_that_no_line_can_send(void) {
    refused(MACHINES "packet\n", 9, 7, "expected tcp, udp or $transport");
    refused(MACHINES "packet icmp\n", 9, 8, "expected tcp, udp or $transport");
    refused(MACHINES "packet tcp flags=SYN\n", 9, 21, "expected from and an address");
    refused(MACHINES "packet tcp from 10.0.0.2:1 flags=SYN\n", 9, 37, "expected to and an address");
    refused(MACHINES "packet tcp from 5000 to 10.0.0.1:p flags=SYN\n", 9, 17, "expected an address with a port");
    refused(MACHINES "packet tcp from 10.0.0.2:1 to [fd00::1]:p flags=SYN\n", 9, 31, "two addresses of one family");
    refused(MACHINES FROM_TO "\n", 9, 45, "expected flags= of TCP");
    refused(MACHINES FROM_TO "flags=SYNC\n", 9, 51, "expected flags: SYN, ACK, FIN, RST, PSH or URG");
    refused(MACHINES FROM_TO "flags=SYN seq=4294967296\n", 9, 59,
            "seq: expected a number up to 4294967295, or one such");
    refused(MACHINES FROM_TO "flags=SYN seq=-1\n", 9, 59, "seq: expected a number");
    refused(MACHINES FROM_TO "flags=SYN window=65536\n", 9, 62, "window: expected a number up to 65535");
    refused(MACHINES FROM_TO "flags=SYN scale=256\n", 9, 61, "scale: expected a number up to 255, or none");
    refused(MACHINES FROM_TO "flags=SYN mss=p\n", 9, 59, "mss: expected a number up to 65535, or none");
    refused(MACHINES FROM_TO "flags=SYN seq=1 seq=2\n", 9, 64, "seq is said twice");
    refused(MACHINES FROM_TO "flags=SYN data=1025\n", 9, 60, "a number of bytes up to 1024");
    refused(MACHINES FROM_TO "flags=SYN data=good\n", 9, 60, "data: expected hex(), a text");
    refused(MACHINES FROM_TO "flags=SYN options=hex()\n", 9, 63, "options: expected hex() of 1 to 32 bytes");
    refused(MACHINES FROM_TO "flags=SYN speed=1\n", 9, 55, "expected from, to, flags=, seq=, ack=, window=");
    refused(MACHINES FROM_TO "flags=SYN -> ok\n", 9, 55, "this step has no outcome");
    refused(MACHINES "packet udp from 10.0.0.2:1 to 10.0.0.1:2 seq=1\n", 9, 45, "TCP's; expected `packet tcp`");
    refused(MACHINES "packet hex()\n", 9, 8, "packet: expected hex() of 1 to 256 bytes");
    refused(MACHINES "packet hex(45) data=1\n", 9, 16, "expected by, or the end of the line");
    refused(MACHINES "packet hex(45) by near\n", 9, 1, "machine near is not bare");
    refused(MACHINES "packet hex(45) by distant\n", 9, 19, "machine");
    refused(MACHINES "together\n  packet hex(45)\n", 10, 9, "cannot stand inside `together`");
    refused(MACHINES NAMED FROM_TO "flags=ACK seq=y\n", 10, 59, "seq: expected a number");
    refused(MACHINES NAMED FROM_TO "flags=ACK seq=y.window\n", 10, 61,
            "y has no field window; expected seq, ack or port");
    refused(MACHINES NAMED FROM_TO "flags=ACK seq=y.port\n", 10, 59, "seq: expected a number");
    refused(MACHINES NAMED FROM_TO "flags=ACK window=y.seq\n", 10, 62, "window: expected a number up to 65535");
    refused(MACHINES NAMED FROM_TO "flags=ACK seq=y.seq+2147483648\n", 10, 65, "the distance from a sequence number");
    refused(MACHINES "y = packet hex(45)\n", 9, 5, "expected `expect packet`");
    refused(MACHINES "expect next packets tcp -> ok\n", 9, 13, "expected packet");
}

static void machines_that_send_no_packets(void) {
#define TWO "scenario x\n\nmachine a 10.0.0.1\nmachine b 10.0.0.2"
    refused(TWO "\nlink a-b\nprocess app on a\n\npacket hex(45)\n", 8, 1, "no machine is bare");
    refused(TWO " bare\nprocess app on a\n\npacket hex(45)\n", 7, 1, "expected one link line with it");
    refused(TWO " bare\nprocess app on b\n", 5, 16, "machine b is bare: no process runs on it");
    refused(TWO " bare 10.0.0.3\n", 4, 25, "expected the end of the line");
    refused("scenario x\n\nmachine a bare\n", 3, 11, "this is not an address");
    refused(TWO " bare\nmachine c 10.0.0.3 bare\nlink a-b\nlink a-c\nprocess app on a\n\npacket hex(45)\n", 10, 1,
            "several machines are bare; expected `by`");
    refused("scenario x\n\nprocess packet\n", 3, 9, "word of the language");
}

/* --- bytes -------------------------------------------------------------------------------------------------------- */

/* What a line sends, by no name. */
static uint32_t bytes_of(const char *line, uint8_t *bytes) {
    char text[1024];
    struct packet_values values;
    static struct session session;
    int needed = NO_NAME;
    snprintf(text, sizeof text, MACHINES "%s\n", line);
    struct scenario *scenario = parsed(text);
    CU_ASSERT_TRUE(packet_values_of(&session, scenario, scenario->steps[0].packet, &values, &needed));
    uint32_t count = packet_bytes_write(scenario->steps[0].packet, &values, bytes);
    scenario_free(scenario);
    return count;
}

static void sends(const char *line, const uint8_t *expected, uint32_t expected_count) {
    uint8_t bytes[PACKET_BYTES_MAX];
    uint32_t count = bytes_of(line, bytes);
    CU_ASSERT_EQUAL_FATAL(count, expected_count);
    CU_ASSERT_EQUAL(memcmp(bytes, expected, count), 0);
}

/* Written out by hand after RFC 791, 793 and 768. */
static void bytes_as_the_rfcs_have_them(void) {
    const uint8_t syn[] = { 0x45, 0, 0,    48, 0,    0,    0,    0,    128, 6, 0x26, 0xc6, 10, 0, 0, 2,
                            10,   0, 0,    1,  0x13, 0x88, 0x1f, 0x90, 0,   0, 0x1b, 0x58, 0,  0, 0, 0,
                            0x70, 2, 0x20, 0,  0x03, 0x77, 0,    0,    2,   4, 0x03, 0xe8, 1,  3, 3, 2 };
    const uint8_t datagram[] = { 0x45, 0, 0, 31, 0,    0,    0,    0,    128, 17, 0x26, 0xcc, 10,  0,   0,  2,
                                 10,   0, 0, 1,  0x13, 0x88, 0x1f, 0x90, 0,   11, 0xf4, 0x5a, 'a', 'b', 'c' };
    sends("packet tcp from 10.0.0.2:5000 to 10.0.0.1:8080 flags=SYN seq=7000 window=8192 mss=1000 scale=2", syn,
          sizeof syn);
    sends("packet udp from 10.0.0.2:5000 to 10.0.0.1:8080 data=\"abc\"", datagram, sizeof datagram);
    sends("packet hex(45 00 ff)", (const uint8_t[]){ 0x45, 0, 0xff }, 3);
}

static struct segment read_back(const char *line, enum segment_fault fault) {
    uint8_t bytes[PACKET_BYTES_MAX];
    struct segment segment;
    uint32_t count = bytes_of(line, bytes);
    CU_ASSERT_EQUAL(segment_read(bytes, count, &segment), fault);
    return segment;
}

/* Two writers and two readers that know nothing of each other. */
static void the_model_reads_what_lines_say(void) {
    struct segment segment =
        read_back("packet tcp from [fd00::2]:5000 to [fd00::1]:80 flags=ACK,URG,FIN seq=4294967295 "
                  "ack=17 window=99 urgent=4 mss=1220 scale=9 options=hex(1e 03 07) data=\"hello\"",
                  SEGMENT_GOOD);
    CU_ASSERT_EQUAL(segment.source.family, 6);
    CU_ASSERT_EQUAL(segment.source.port, 5000);
    CU_ASSERT_EQUAL(segment.destination.port, 80);
    CU_ASSERT_EQUAL(segment.flags, SEGMENT_ACK | SEGMENT_URG | SEGMENT_FIN);
    CU_ASSERT_EQUAL(segment.sequence, UINT32_MAX);
    CU_ASSERT_EQUAL(segment.acknowledgement, 17);
    CU_ASSERT_EQUAL(segment.window, 99);
    CU_ASSERT_EQUAL(segment.urgent, 4);
    CU_ASSERT_EQUAL(segment.maximum_segment_bytes, 1220);
    CU_ASSERT_EQUAL(segment.window_scale, 9);
    CU_ASSERT_EQUAL(segment.payload_bytes, 5);
    segment = read_back("packet tcp from 10.0.0.2:1 to 10.0.0.1:2 flags=none", SEGMENT_GOOD);
    CU_ASSERT_EQUAL(segment.window, 65535);
    CU_ASSERT_EQUAL(segment.flags, 0);
    segment = read_back("packet udp from [fd00::2]:5000 to [fd00::1]:80 data=1024", SEGMENT_GOOD);
    CU_ASSERT_EQUAL(segment.payload_bytes, 1024);
    read_back("packet udp from [fd00::2]:5000 to [fd00::1]:80 data=7 damaged", SEGMENT_BAD_CHECKSUM);
    read_back("packet tcp from 10.0.0.2:1 to 10.0.0.1:2 flags=SYN damaged", SEGMENT_BAD_CHECKSUM);
}

/* --- played ------------------------------------------------------------------------------------------------------- */

static struct model_executor model;
static struct player player;
static struct scenario *scenario;

static void given(const char *steps) {
    char text[4096];
    snprintf(text, sizeof text,
             MACHINES "app: l = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n"
                      "app: bind(l, 10.0.0.1:p) -> ok\napp: listen(l) -> ok\n%s",
             steps);
    scenario = parsed(text);
    CU_ASSERT_TRUE_FATAL(model_executor_init(&model, profile_named("windows"), 0));
    CU_ASSERT_EQUAL_FATAL(player_begin(&player, scenario, model_executor_interface(&model)), STEP_DONE);
}

static enum step_result play(unsigned first, unsigned count) {
    struct observation seen;
    enum step_result result = STEP_DONE;
    for (unsigned i = first; i < first + count; i++) result = player_step(&player, &scenario->steps[i], &seen);
    return result;
}

static void ends(void) {
    CU_ASSERT_EQUAL(player_end(&player), STEP_DONE); /* with all invariants */
    model_executor_free(&model);
    scenario_free(scenario);
}

static void a_packet_begins_a_connection(void) {
    given(FROM_TO "flags=SYN seq=7000\n");
    CU_ASSERT_EQUAL(play(0, 4), STEP_DONE);
    const struct network *network = model.network;
    CU_ASSERT_EQUAL(network->counts.sent, 2); /* SYN, and SYN,ACK, which no one takes */
    CU_ASSERT_EQUAL(network->counts.arrived, 2);
    ends();
}

static void a_packet_of_an_unknown_number_is_not_sent(void) {
    given(NAMED FROM_TO "flags=ACK seq=y.seq\n");
    play(0, 3);
    CU_ASSERT_EQUAL(play(4, 1), STEP_NEEDS);
    CU_ASSERT_STRING_EQUAL(player.needed, "y");
    ends();
}

static uint32_t random_number(uint32_t *state) {
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* Of a SYN that would be taken some bytes are changed, and some are missing; and bytes that are nothing at all. */
static void no_bytes_hurt_the_machine(void) {
    enum { PACKETS = 20000 };
    uint8_t good[PACKET_BYTES_MAX], bytes[PACKET_BYTES_MAX];
    struct result result;
    struct reason reason;
    uint32_t state = 1;
    uint32_t length =
        bytes_of("packet tcp from 10.0.0.2:5000 to 10.0.0.1:20000 flags=SYN seq=7000 mss=1000 scale=2", good);
    given("");
    play(0, 3);
    struct executor executor = model_executor_interface(&model);
    for (unsigned i = 0; i < PACKETS; i++) {
        uint32_t count = i % 3 == 0 ? 1 + random_number(&state) % length : length;
        memcpy(bytes, good, length);
        for (unsigned k = 0; k < i % 5; k++) bytes[random_number(&state) % length] = (uint8_t)random_number(&state);
        if (i % 7 == 0)
            for (unsigned k = 0; k < length; k++) bytes[k] = (uint8_t)random_number(&state);
        enum executor_answer answer = executor.operations->packet(executor.self, 1, bytes, count, &result, &reason);
        CU_ASSERT(answer == EXECUTOR_READY || answer == EXECUTOR_UNSUPPORTED); /* a world may be full */
    }
    ends();
}

void register_packet_lines_tests(void) {
    CU_pSuite suite = CU_add_suite("conformance/lines of packets", NULL, NULL);
    CU_add_test(suite, "what is said of packets is printed in one order",
                what_is_said_of_packets_is_printed_in_one_order);
    CU_add_test(suite, "packets that no line can send", packets_that_no_line_can_send);
    CU_add_test(suite, "machines that send no packets", machines_that_send_no_packets);
    CU_add_test(suite, "bytes as the RFCs have them", bytes_as_the_rfcs_have_them);
    CU_add_test(suite, "the model reads what lines say", the_model_reads_what_lines_say);
    CU_add_test(suite, "a packet begins a connection", a_packet_begins_a_connection);
    CU_add_test(suite, "a packet of an unknown number is not sent", a_packet_of_an_unknown_number_is_not_sent);
    CU_add_test(suite, "no bytes hurt the machine", no_bytes_hurt_the_machine);
}
