/* A machine beside which someone sends whatever he likes: packets that no one else could have sent, half of a handshake
 * a thousand times, segments for connections that are not his, and bytes at random. The machine stays whole, answers no
 * more than it was asked, and what its own peers say is heard. */
#include <string.h>

#include "stack/model/model.h"
#include "stack/sdk/socket_values.h"
#include "stack/tests/fixture_events.h"
#include "stack/transport/wire/segment.h"
#include "stack/transport/wire/tcp.h"

void register_wire_hostile_tests(void);

enum { HERE_PORT = 7000, THERE_PORT = 4000, PACKET_MAX = 1500, PEER_INITIAL = 1000 };

static const struct endpoint here = { .family = 4, .port = HERE_PORT, .address = { { 10, 0, 0, 1 } } };
static const struct endpoint there = { .family = 4, .port = THERE_PORT, .address = { { 10, 0, 0, 2 } } };

static uint64_t random_state;

static unsigned roll(unsigned below) {
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(random_state >> 33) % below;
}

/* --- the machine and the link beside it --------------------------------------------------------------------------- */

/* Takes what the machine sends; how many packets. *last: the last of them. */
static unsigned take_sent(struct machine *m, struct segment *last) {
    uint32_t bytes = 0;
    unsigned count = 0;
    for (const uint8_t *packet = model_packet(m->world, &bytes); packet != NULL;
         packet = model_packet(m->world, &bytes)) {
        CU_ASSERT_EQUAL(segment_read(packet, bytes, last), SEGMENT_GOOD);
        count++;
        model_packet_taken(m->world);
        settle(m);
    }
    return count;
}

/* Bytes arrive; how many packets the machine sends then. */
static unsigned bytes_arrive(struct machine *m, const uint8_t *bytes, uint32_t length, struct segment *answer) {
    memset(answer, 0, sizeof *answer);
    result_clear(&m->result);
    (void)model_packet_arrives(m->world, bytes, length);
    settle(m);
    unsigned sent = take_sent(m, answer);
    CU_ASSERT_PTR_NULL(model_check(m->world));
    return sent;
}

static unsigned arrives(struct machine *m, const struct segment *segment, const char *payload, struct segment *answer) {
    uint8_t packet[PACKET_MAX];
    uint32_t bytes = segment_write(segment, (const uint8_t *)(const void *)payload, packet);
    return bytes_arrive(m, packet, bytes, answer);
}

static struct segment from(const struct endpoint *source, uint8_t flags, uint32_t sequence, uint32_t acknowledgement) {
    return (struct segment){ .source = *source,
                             .destination = here,
                             .protocol = PROTOCOL_TCP,
                             .hop_limit = HOP_LIMIT_ORDINARY,
                             .window_scale = WINDOW_SCALE_NONE,
                             .flags = flags,
                             .sequence = sequence,
                             .acknowledgement = acknowledgement,
                             .window = 4000 };
}

/* A listener, a datagram socket, and a machine with an address of its own. */
static uint64_t machine_on_a_link(struct machine *m) {
    machine_begin(m);
    CU_ASSERT_TRUE_FATAL(model_add_address(m->world, 4, here.address.bytes));
    uint64_t listener = tcp(m), datagrams = udp(m);
    expect_ok(bind_port(m, listener, HERE_PORT));
    expect_ok(bind_port(m, datagrams, HERE_PORT));
    expect_ok(listen_on(m, listener));
    return listener;
}

/* What a connection with the peer is known by. */
struct conversation {
    uint64_t listener, socket;
    uint32_t next; /* what the machine sends next */
};

static struct conversation machine_in_conversation(struct machine *m) {
    struct segment answer, syn = from(&there, SEGMENT_SYN, PEER_INITIAL, 0);
    struct conversation talk = { .listener = machine_on_a_link(m) };
    CU_ASSERT_EQUAL_FATAL(arrives(m, &syn, "", &answer), 1);
    CU_ASSERT_EQUAL(answer.flags, SEGMENT_SYN | SEGMENT_ACK);
    talk.next = answer.sequence + 1;
    struct segment ack = from(&there, SEGMENT_ACK, PEER_INITIAL + 1, talk.next);
    CU_ASSERT_EQUAL(arrives(m, &ack, "", &answer), 0);
    expect_ok(accept_on(m, talk.listener, &talk.socket));
    expect_ok(set_nonblocking(m, talk.socket));
    return talk;
}

static void says(struct machine *m, const struct conversation *talk, uint32_t offset, const char *text) {
    struct segment answer, data = from(&there, SEGMENT_ACK, PEER_INITIAL + 1 + offset, talk->next);
    data.payload_bytes = (uint32_t)strlen(text);
    (void)arrives(m, &data, text, &answer);
}

static void is_heard(struct machine *m, const struct conversation *talk, const char *text) {
    char heard[64];
    expect_ok(receive_text(m, talk->socket, heard));
    CU_ASSERT_STRING_EQUAL(heard, text);
}

/* --- what no one could have sent ---------------------------------------------------------------------------------- */

/* RFC 1122 3.2.1.3, and RFC 9293 3.9.2.3 (MUST-57, MUST-63): a SYN from such an address gets no answer. Among them is
 * the packet of a LAND attack, whose source is its destination. */
static void addresses_that_are_on_no_link_get_no_answer(void) {
    static const uint8_t astray[][4] = { { 127, 0, 0, 1 }, { 127, 8, 9, 10 },      { 0, 0, 0, 0 }, { 224, 0, 0, 1 },
                                         { 239, 1, 2, 3 }, { 255, 255, 255, 255 }, { 10, 0, 0, 1 } };
    struct machine m;
    struct segment answer;
    (void)machine_on_a_link(&m);
    for (unsigned i = 0; i < sizeof astray / sizeof astray[0]; i++) {
        struct endpoint source = { .family = 4, .port = HERE_PORT };
        memcpy(source.address.bytes, astray[i], 4);
        struct segment syn = from(&source, SEGMENT_SYN, 1, 0);
        CU_ASSERT_EQUAL(arrives(&m, &syn, "", &answer), 0);
        CU_ASSERT_EQUAL(world_top(m.world, TABLE_CONNECTIONS), 0);
    }
    static const uint8_t destinations[][4] = { { 127, 0, 0, 1 }, { 0, 0, 0, 0 }, { 10, 0, 0, 9 }, { 224, 0, 0, 1 } };
    for (unsigned i = 0; i < sizeof destinations / sizeof destinations[0]; i++) {
        struct segment syn = from(&there, SEGMENT_SYN, 1, 0);
        memcpy(syn.destination.address.bytes, destinations[i], 4);
        CU_ASSERT_EQUAL(arrives(&m, &syn, "", &answer), 0);
        CU_ASSERT_EQUAL(world_top(m.world, TABLE_CONNECTIONS), 0);
    }
    struct segment good = from(&there, SEGMENT_SYN, 1, 0);
    CU_ASSERT_EQUAL(arrives(&m, &good, "", &answer), 1);
}

/* An IPv4 address in the clothes of IPv6, and ::1 from elsewhere. */
static void mapped_and_loopback_addresses_of_ipv6_get_no_answer(void) {
    static const uint8_t mapped_here[16] = { [10] = 0xff, [11] = 0xff, 10, 0, 0, 1 },
                         mapped_there[16] = { [10] = 0xff, [11] = 0xff, 10, 0, 0, 2 }, one[16] = { [15] = 1 };
    const struct {
        const uint8_t *source, *destination;
    } cases[] = { { mapped_there, mapped_here }, { one, one }, { mapped_there, one }, { one, mapped_here } };
    struct machine m;
    struct segment answer;
    (void)machine_on_a_link(&m);
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct segment syn = from(&there, SEGMENT_SYN, 1, 0);
        syn.source.family = syn.destination.family = 6;
        memcpy(syn.source.address.bytes, cases[i].source, 16);
        memcpy(syn.destination.address.bytes, cases[i].destination, 16);
        CU_ASSERT_EQUAL(arrives(&m, &syn, "", &answer), 0);
        CU_ASSERT_EQUAL(world_top(m.world, TABLE_CONNECTIONS), 0);
    }
}

/* Extension headers are not modelled: such a SYN gets no answer, and the same one without them gets its own. */
static void requests_behind_extension_headers_get_no_answer(void) {
    static const uint8_t own[16] = { 0xfd, [15] = 1 }, peer[16] = { 0xfd, [15] = 2 };
    static const uint8_t headers[] = { 0, 43, 44, 50, 51, 60, 135, 255 };
    uint8_t plain[PACKET_MAX], packet[PACKET_MAX];
    struct machine m;
    struct segment answer, syn = from(&there, SEGMENT_SYN, 1, 0);
    (void)machine_on_a_link(&m);
    CU_ASSERT_TRUE_FATAL(model_add_address(m.world, 6, own));
    syn.source.family = syn.destination.family = 6;
    memcpy(syn.source.address.bytes, peer, 16);
    memcpy(syn.destination.address.bytes, own, 16);
    uint32_t bytes = segment_write(&syn, NULL, plain);
    for (unsigned i = 0; i < sizeof headers; i++) {
        memcpy(packet, plain, IPV6_HEADER_BYTES);
        memset(packet + IPV6_HEADER_BYTES, 0, 8);
        memcpy(packet + IPV6_HEADER_BYTES + 8, plain + IPV6_HEADER_BYTES, bytes - IPV6_HEADER_BYTES);
        packet[6] = headers[i];
        packet[IPV6_HEADER_BYTES] = 6; /* TCP follows, after eight bytes */
        packet[5] = (uint8_t)(packet[5] + 8);
        CU_ASSERT_EQUAL(bytes_arrive(&m, packet, bytes + 8, &answer), 0);
        CU_ASSERT_EQUAL(world_top(m.world, TABLE_CONNECTIONS), 0);
    }
    CU_ASSERT_EQUAL(bytes_arrive(&m, plain, bytes, &answer), 1);
    CU_ASSERT((answer.flags & SEGMENT_ACK) != 0);
}

/* --- handshakes that no one ends ---------------------------------------------------------------------------------- */

/* The queue of the listener takes them, refuses what is more, and is free again when they have timed out. */
static void a_flood_of_requests_passes(void) {
    struct machine m;
    struct segment answer;
    unsigned answered = 0, refused = 0;
    (void)machine_on_a_link(&m);
    for (unsigned i = 0; i < 1000; i++) {
        struct endpoint source = there;
        source.port = (uint16_t)(10000 + i);
        struct segment syn = from(&source, SEGMENT_SYN, i, 0);
        CU_ASSERT_EQUAL(arrives(&m, &syn, "", &answer), 1);
        answered += answer.flags == (SEGMENT_SYN | SEGMENT_ACK);
        refused += (answer.flags & SEGMENT_RST) != 0;
    }
    CU_ASSERT_EQUAL(answered, 5); /* the backlog that listen_on asks for */
    CU_ASSERT_EQUAL(refused, 995);
    for (unsigned second = 0; second < 240; second++) {
        pass_time(&m, 1000);
        (void)take_sent(&m, &answer);
    }
    struct segment syn = from(&there, SEGMENT_SYN, 1, 0);
    CU_ASSERT_EQUAL(arrives(&m, &syn, "", &answer), 1);
    CU_ASSERT_EQUAL(answer.flags, SEGMENT_SYN | SEGMENT_ACK);
}

/* Half of a handshake waits in no line: an AcceptEx takes the next whole one, of which FD_ACCEPT tells nothing, and has
 * none left for the one after that (W185). */
static void half_of_a_handshake_has_no_place_in_line(void) {
    struct machine m;
    struct segment answer;
    uint64_t listener = machine_on_a_link(&m), event = new_event(&m, true, false), accepted;
    struct segment syn = from(&there, SEGMENT_SYN, PEER_INITIAL, 0);
    expect_ok(select_events(&m, listener, event, FD_ACCEPT));
    CU_ASSERT_EQUAL_FATAL(arrives(&m, &syn, "", &answer), 1);
    CU_ASSERT_EQUAL(take_events(&m, listener, event), 0);
    expect_error(WSAEWOULDBLOCK, accept_on(&m, listener, &accepted));
    expect_ok(connect_to(&m, tcp(&m), LOOPBACK_V4, HERE_PORT));
    CU_ASSERT_EQUAL(take_events(&m, listener, event), FD_ACCEPT);
    expect_ok(accept_on(&m, listener, &accepted));
    expect_error(WSA_IO_PENDING, accept_ex(&m, listener, tcp(&m), 0));
    expect_ok(connect_to(&m, tcp(&m), LOOPBACK_V4, HERE_PORT));
    CU_ASSERT_EQUAL(take_events(&m, listener, event), 0);
    expect_ok(connect_to(&m, tcp(&m), LOOPBACK_V4, HERE_PORT));
    CU_ASSERT_EQUAL(take_events(&m, listener, event), FD_ACCEPT);
}

/* --- segments for a connection of others -------------------------------------------------------------------------- */

/* Whoever knows the two ends, and not the numbers, neither ends the connection nor puts a word into it. */
static void a_stranger_who_guesses_changes_nothing(void) {
    struct machine m;
    struct segment answer;
    const struct conversation talk = machine_in_conversation(&m);
    random_state = 7;
    says(&m, &talk, 0, "before");
    for (unsigned i = 0; i < 20000; i++) {
        uint32_t sequence = (uint32_t)roll(UINT32_MAX), acknowledgement = (uint32_t)roll(UINT32_MAX);
        if (roll(2) == 0) sequence = PEER_INITIAL + 7 + 1 + roll(1000); /* within the window, and not at its edge */
        struct segment guess = from(&there, (uint8_t)roll(64), sequence, acknowledgement);
        bool is_data = (guess.flags & (SEGMENT_RST | SEGMENT_SYN)) == 0;
        if (is_data && (guess.flags & SEGMENT_ACK) != 0 && acknowledgement - (talk.next - 8000) <= 8000) continue;
        guess.payload_bytes = is_data ? roll(5) : 0;
        CU_ASSERT(arrives(&m, &guess, "XXXXX", &answer) <= 1);
    }
    says(&m, &talk, 6, "after");
    is_heard(&m, &talk, "beforeafter");
}

/* RFC 9293 3.7.1: the least that a peer can announce is taken, and what is sent to it arrives. None at all is 536. */
static void the_smallest_segments_are_sent(void) {
    static const uint16_t sizes[] = { 0, 1, 2 };
    for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct machine m;
        struct segment answer, syn = from(&there, SEGMENT_SYN, PEER_INITIAL, 0);
        uint64_t listener = machine_on_a_link(&m), s = 0;
        syn.maximum_segment_bytes = sizes[i];
        CU_ASSERT_EQUAL_FATAL(arrives(&m, &syn, "", &answer), 1);
        uint32_t next = answer.sequence + 1;
        struct segment ack = from(&there, SEGMENT_ACK, PEER_INITIAL + 1, next);
        (void)arrives(&m, &ack, "", &answer);
        expect_ok(accept_on(&m, listener, &s));
        expect_ok(send_text(&m, s, "abcd"));
        CU_ASSERT(take_sent(&m, &answer) >= 1);
        CU_ASSERT_EQUAL(answer.payload_bytes, sizes[i] == 0 ? 4 : sizes[i]);
    }
}

/* --- bytes -------------------------------------------------------------------------------------------------------- */

static struct segment segment_at_random(const struct conversation *talk) {
    static const uint8_t addresses[][4] = { { 10, 0, 0, 2 }, { 10, 0, 0, 2 },  { 10, 0, 0, 2 },       { 10, 0, 0, 3 },
                                            { 10, 0, 0, 1 }, { 127, 0, 0, 1 }, { 255, 255, 255, 255 } };
    static const uint16_t ports[] = { THERE_PORT, THERE_PORT, HERE_PORT, 5000, 0 };
    struct segment segment = from(&there, (uint8_t)roll(256), 0, 0);
    memcpy(segment.source.address.bytes, addresses[roll(7)], 4);
    segment.source.port = ports[roll(5)];
    if (roll(8) == 0) segment.destination.port = ports[roll(5)];
    segment.sequence = roll(4) == 0 ? (uint32_t)roll(UINT32_MAX) : PEER_INITIAL + roll(40);
    segment.acknowledgement = roll(4) == 0 ? (uint32_t)roll(UINT32_MAX) : talk->next + roll(20) - 5;
    segment.window = (uint16_t)roll(65536);
    segment.urgent = (uint16_t)roll(roll(2) == 0 ? 10 : 65536);
    segment.payload_bytes = roll(3) == 0 ? roll(900) : roll(10);
    if (roll(4) == 0) segment.maximum_segment_bytes = (uint16_t)roll(2000);
    if (roll(4) == 0) segment.window_scale = (uint8_t)roll(15);
    if (roll(5) == 0) segment.protocol = PROTOCOL_UDP;
    return segment;
}

/* Whole segments with whatever in them, and such with bytes changed and cut off. */
static void bytes_at_random_break_nothing(void) {
    static const char payload[1000] = "what is in it does not matter";
    for (unsigned run = 0; run < 60; run++) {
        struct machine m;
        struct segment answer;
        struct conversation talk = machine_in_conversation(&m);
        random_state = run + 1;
        for (unsigned i = 0; i < 250; i++) {
            uint8_t packet[PACKET_MAX];
            struct segment segment = segment_at_random(&talk);
            uint32_t bytes = segment_write(&segment, (const uint8_t *)(const void *)payload, packet);
            if (roll(5) == 0) packet[roll(bytes)] = (uint8_t)roll(256);
            if (roll(10) == 0) bytes = 1 + roll(bytes);
            CU_ASSERT(bytes_arrive(&m, packet, bytes, &answer) <= 8); /* an acknowledgement may let a window out */
            char heard[64];
            if (roll(6) == 0) (void)receive_at_most(&m, talk.socket, 1 + roll(60), heard);
            if (roll(12) == 0) (void)send_text(&m, talk.socket, "an answer");
            if (roll(20) == 0) pass_time(&m, 1 + roll(3000));
            (void)take_sent(&m, &answer);
            CU_ASSERT_PTR_NULL(model_check(m.world));
        }
    }
}

void register_wire_hostile_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/transport hostile packets", NULL, NULL);
    CU_add_test(suite, "addresses on no link", addresses_that_are_on_no_link_get_no_answer);
    CU_add_test(suite, "mapped and loopback addresses of IPv6", mapped_and_loopback_addresses_of_ipv6_get_no_answer);
    CU_add_test(suite, "behind extension headers", requests_behind_extension_headers_get_no_answer);
    CU_add_test(suite, "a flood of requests passes", a_flood_of_requests_passes);
    CU_add_test(suite, "half of a handshake has no place in line", half_of_a_handshake_has_no_place_in_line);
    CU_add_test(suite, "a stranger who guesses changes nothing", a_stranger_who_guesses_changes_nothing);
    CU_add_test(suite, "the smallest segments are sent", the_smallest_segments_are_sent);
    CU_add_test(suite, "bytes at random break nothing", bytes_at_random_break_nothing);
}
