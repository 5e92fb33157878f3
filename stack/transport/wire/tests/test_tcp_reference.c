/* TCP beside a second one (reference.h): the same events at random, and both say the same, segment by segment. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <CUnit/CUnit.h>

#include "stack/transport/wire/tests/reference.h"

void register_tcp_reference_tests(void);

enum { EPISODES = 6000, EVENTS = 90, RING_MAX = 80000, FULL_MAX = 3000, TEXT_MAX = 200 };

static struct {
    struct tcp_connection tcp;
    struct tcp_buffers buffers;
    struct tcp_parameters parameters;
    struct reference reference;
    uint64_t dice;
    uint32_t initial, peer_initial, own_full;
    uint16_t window; /* that the peer told last */
    bool begun;
    unsigned episode, event;
    unsigned segments, states[TCP_STATES_COUNT], errors[TCP_SILENT + 1], recoveries, holes;
    bool differs;
} play;

static uint8_t rings[2][RING_MAX];

/* At most one roll stands in an expression: compilers differ in their order. */
static unsigned roll(unsigned sides) {
    play.dice ^= play.dice << 13; /* xorshift64 */
    play.dice ^= play.dice >> 7;
    play.dice ^= play.dice << 17;
    return (unsigned)(play.dice >> 11) % sides;
}

static void differ(const char *what, int64_t model, int64_t reference) {
    char text[TEXT_MAX];
    if (play.differs) return; /* the first is enough */
    play.differs = true;
    snprintf(text, sizeof text, "episode %u, event %u, %s: %s is %" PRId64 ", by the reference %" PRId64, play.episode,
             play.event, tcp_state_name((enum tcp_state)play.tcp.state), what, model, reference);
    CU_assertImplementation(CU_FALSE, __LINE__, text, __FILE__, "", CU_FALSE);
}

static void same(const char *what, int64_t model, int64_t reference) {
    if (model != reference) differ(what, model, reference);
}

/* --- what both say ------------------------------------------------------------------------------------------------ */

static void same_segment(const struct segment *model, const struct segment *reference) {
    same("flags", model->flags, reference->flags);
    same("sequence", model->sequence, reference->sequence);
    same("acknowledgement", model->acknowledgement, reference->acknowledgement);
    same("window", model->window, reference->window);
    same("window scale", model->window_scale, reference->window_scale);
    same("maximum segment size", model->maximum_segment_bytes, reference->maximum_segment_bytes);
    same("payload", model->payload_bytes, reference->payload_bytes);
    same("protocol", model->protocol, PROTOCOL_TCP);
    same("hop limit", model->hop_limit, HOP_LIMIT_ORDINARY);
    same("urgent pointer", model->urgent, 0);
    same("source", model->source.port, play.tcp.local_port);
    same("destination", model->destination.port, play.tcp.remote_port);
    same("source address", memcmp(model->source.address.bytes, play.tcp.local_address, 16), 0);
    same("destination address", memcmp(model->destination.address.bytes, play.tcp.remote_address, 16), 0);
}

static void compare(void) {
    const struct reference *reference = &play.reference;
    uint8_t payload[FULL_MAX];
    struct segment said, wanted;
    bool says, should;
    do {
        int64_t first = 0;
        says = tcp_output(&play.tcp, &play.buffers, &play.parameters, (uint64_t)reference->now, &said, payload);
        should = reference_output(&play.reference, &wanted, &first);
        same("a segment", says, should);
        if (!says || !should) break;
        play.segments++;
        same_segment(&said, &wanted);
        for (uint32_t i = 0; i < said.payload_bytes && !play.differs; i++)
            same("a byte", payload[i], reference_byte(first + i));
    } while (!play.differs);
    uint64_t deadline_ns = tcp_deadline(&play.tcp);
    same("state", play.tcp.state, reference->state);
    same("error", play.tcp.error, reference->error);
    same("deadline", deadline_ns == UINT64_MAX ? REFERENCE_NEVER : (int64_t)deadline_ns, reference_deadline(reference));
    same("all acknowledged", tcp_all_acknowledged(&play.tcp), reference_all_acknowledged(reference));
    const char *broken = tcp_check(&play.tcp, &play.buffers);
    if (broken != NULL) differ(broken, 0, 0);
    play.states[play.tcp.state]++;
    play.errors[play.tcp.error]++;
    play.recoveries += reference->recovering;
    play.holes += play.tcp.ranges_count > 1;
}

/* --- what happens ------------------------------------------------------------------------------------------------- */

static void write_some(void) {
    static const unsigned counts[] = { 1, 1, 10, 700, 1500, 6000 };
    uint8_t bytes[6000];
    unsigned count = counts[roll(6)];
    if (play.reference.written + count + 10 > REFERENCE_POSITIONS / 2) return;
    for (unsigned i = 0; i < count; i++) bytes[i] = reference_byte(1 + play.reference.written + i);
    same("room written", tcp_write(&play.tcp, &play.buffers, bytes, count), reference_write(&play.reference, count));
}

static void read_some(void) {
    static uint8_t bytes[RING_MAX];
    uint32_t count = roll(2) == 0 ? RING_MAX : 1 + roll(1500);
    int64_t first = play.reference.read;
    same("peeked at", tcp_read(&play.tcp, &play.buffers, bytes, 5, true) <= 5, true);
    uint32_t read = tcp_read(&play.tcp, &play.buffers, bytes, count, false);
    same("bytes read", read, reference_read(&play.reference, count));
    for (uint32_t i = 0; i < read && !play.differs; i++) same("a byte heard", bytes[i], reference_byte(first + i));
}

static void pass(int64_t nanoseconds) {
    play.reference.now += nanoseconds;
    tcp_advance(&play.tcp, &play.parameters, (uint64_t)play.reference.now);
    reference_advance(&play.reference);
}

/* To just before the next timer, to it, or a little. */
static void pass_some(void) {
    int64_t deadline = reference_deadline(&play.reference), now = play.reference.now;
    switch (roll(5)) {
    case 0: pass(1 + (int64_t)roll(30) * 1000000); break;
    case 1:
        if (deadline > now + 1) pass(deadline - now - 1);
        break;
    default:
        if (deadline >= now) pass(deadline - now);
        break;
    }
}

static void keep_alive(void) {
    struct keepalive_times times = { .on = roll(3) != 0, .interval_ms = 300 };
    times.probes = (uint8_t)(1 + roll(3));
    times.idle_ms = 1000 + 500 * roll(3);
    tcp_keep_alive(&play.tcp, &times, (uint64_t)play.reference.now);
    reference_keep_alive(&play.reference, &times);
}

/* Where the peer's segment begins: most often at what is expected, at times before or past it, seldom far away. */
static int64_t some_start(void) {
    int64_t expected = play.reference.expected;
    switch (roll(12)) {
    case 0: return expected + play.reference.full;
    case 1: return expected + roll(3000);
    case 2: return expected - (int64_t)roll(1200);
    case 3: return expected + 1 + roll(3) * 500;
    case 4: return roll(6) == 0 ? expected + play.reference.receive_room + (int64_t)roll(3) - 1 : expected;
    case 5: return roll(6) == 0 ? expected + 1000000 : expected;
    default: return expected;
    }
}

/* What it acknowledges: all, nothing new, or up to somewhere. */
static int64_t some_acknowledgement(void) {
    const struct reference *reference = &play.reference;
    int64_t flying = reference->highest - reference->acknowledged;
    switch (roll(12)) {
    case 0:
    case 1:
    case 2: return reference->highest;
    case 3: return flying > 0 ? reference->acknowledged + roll((unsigned)flying + 1) : reference->highest;
    case 4: return flying > reference->full ? reference->acknowledged + reference->full : reference->highest;
    case 5: return roll(6) == 0 ? reference->highest + 1 : reference->highest;
    case 6: return roll(4) == 0 ? reference->acknowledged - (int64_t)roll(70000) : reference->acknowledged;
    default: return reference->acknowledged;
    }
}

static uint8_t some_flags(void) {
    switch (roll(60)) {
    case 0: return SEGMENT_RST;
    case 1: return SEGMENT_RST | SEGMENT_ACK;
    case 2: return SEGMENT_SYN;
    case 3: return SEGMENT_SYN | SEGMENT_ACK;
    case 4: return 0;
    case 5:
    case 6: return SEGMENT_FIN | SEGMENT_ACK;
    default: return SEGMENT_ACK;
    }
}

static uint16_t some_window(void) {
    static const uint16_t windows[] = { 65535, 8192, 8192, 8192, 8192, 3000, 700, 0 };
    if (roll(4) == 0) play.window = windows[roll(8)];
    return play.window;
}

/* In the states before ESTABLISHED what answers the handshake is likelier, or nearly answers it. */
static void shape_handshake(struct segment *segment) {
    if (play.tcp.state == TCP_SYN_RECEIVED && roll(3) == 0) segment->acknowledgement = play.initial + 2 * roll(2);
    if (play.tcp.state != TCP_SYN_SENT || roll(4) == 0) return;
    segment->flags = roll(5) == 0 ? SEGMENT_SYN : SEGMENT_SYN | SEGMENT_ACK;
    if (roll(12) == 0) segment->flags = SEGMENT_RST | SEGMENT_ACK;
    segment->acknowledgement = play.initial + (roll(10) == 0 ? 2 : 1);
    segment->sequence = play.peer_initial;
    segment->payload_bytes = 0;
}

static void arrive(struct segment *segment) {
    static uint8_t payload[RING_MAX];
    int64_t expected = play.reference.expected;
    int64_t first = expected + (int32_t)(segment->sequence - (play.peer_initial + (uint32_t)expected));
    segment->protocol = PROTOCOL_TCP;
    segment->window_scale = WINDOW_SCALE_NONE;
    if ((segment->flags & SEGMENT_SYN) != 0) {
        static const uint16_t sizes[] = { 0, 100, 536, 1000, 1100, 2500 };
        segment->maximum_segment_bytes = sizes[roll(6)];
        if (roll(2) == 0) segment->window_scale = (uint8_t)roll(4);
    }
    for (uint32_t i = 0; i < segment->payload_bytes; i++) payload[i] = reference_byte(first + i);
    bool opens = (segment->flags & (SEGMENT_SYN | SEGMENT_ACK | SEGMENT_RST)) == SEGMENT_SYN;
    if (!play.begun && opens) {
        play.begun = true;
        tcp_accept(&play.tcp, &play.buffers, segment, play.initial, (uint16_t)play.own_full);
        reference_accept(&play.reference, segment, play.initial, play.own_full);
        return;
    }
    tcp_receive(&play.tcp, &play.buffers, &play.parameters, segment, payload, (uint64_t)play.reference.now);
    reference_receive(&play.reference, segment);
    if (play.reference.state > TCP_SYN_SENT) play.peer_initial = play.reference.peer_initial;
}

static void hear_something(void) {
    static const unsigned lengths[] = { 0, 0, 0, 0, 1, 10, 500, 1000, 2000 };
    int64_t start = some_start();
    struct segment segment = { .sequence = play.peer_initial + (uint32_t)start };
    segment.flags = some_flags();
    segment.window = some_window();
    segment.acknowledgement = play.initial + (uint32_t)some_acknowledgement();
    segment.payload_bytes = lengths[roll(9)];
    if (start + 4000 > REFERENCE_POSITIONS && start < REFERENCE_POSITIONS * 2) return;
    shape_handshake(&segment);
    unsigned times = roll(8) == 0 ? 3 + roll(3) : 1; /* duplicates come in a row */
    for (unsigned i = 0; i < times; i++) arrive(&segment);
}

static void finish(void) {
    if (roll(4) != 0) return;
    tcp_finish(&play.tcp);
    reference_finish(&play.reference);
}

static void abort_it(void) {
    if (roll(20) != 0) return;
    tcp_abort(&play.tcp);
    reference_abort(&play.reference);
}

static void leave(void) {
    if (roll(10) == 0) play.tcp.reader_gone = play.reference.no_reader = true;
}

static void delay_or_not(void) { play.tcp.no_delay = play.reference.no_delay = roll(2) == 0; }

static void happen(void) {
    static const struct {
        unsigned weight;
        void (*event)(void);
    } events[] = {
        { 1, finish },    { 1, abort_it },   { 1, keep_alive }, { 1, leave },           { 1, delay_or_not },
        { 4, read_some }, { 6, write_some }, { 7, pass_some },  { 18, hear_something },
    };
    unsigned at = roll(40), i = 0;
    while (at >= events[i].weight) at -= events[i++].weight;
    events[i].event();
}

/* --- episodes ----------------------------------------------------------------------------------------------------- */

static void begin(unsigned episode) {
    static const uint32_t rooms[] = { 2000, 4096, 5000, 5000, 8192, 300 };
    static const uint32_t firsts[] = { 0, 5000, UINT32_MAX, UINT32_MAX - 700, INT32_MAX - 300, 0x80000000 };
    static const uint32_t fulls[] = { 100, 536, 1000, 1000, 1460, FULL_MAX };
    static const struct endpoint here = { .family = 4, .port = 1000, .address = { { 10, 0, 0, 1 } } };
    static const struct endpoint there = { .family = 4, .port = 2000, .address = { { 10, 0, 0, 2 } } };
    play.episode = episode;
    play.dice = (episode + 1) * UINT64_C(0x9E3779B97F4A7C15);
    play.parameters = episode % 2 == 0 ? *tcp_parameters_documented() : *tcp_parameters_windows();
    if (roll(4) == 0) play.parameters.acknowledgement_delay_ns = 0;
    uint32_t send_room = rooms[roll(6)], receive_room = roll(40) == 0 ? 70000 + roll(3) * 1000 : rooms[roll(6)];
    play.buffers = (struct tcp_buffers){ rings[0], rings[1], send_room, receive_room };
    play.initial = firsts[roll(6)];
    play.peer_initial = firsts[roll(6)];
    play.own_full = fulls[roll(6)];
    play.window = 8192;
    tcp_init(&play.tcp, &here, &there, &play.parameters);
    reference_begin(&play.reference, &play.parameters, send_room, receive_room);
    play.begun = roll(2) == 0;
    if (!play.begun) {
        struct segment syn = { .flags = SEGMENT_SYN, .sequence = play.peer_initial, .window = 8192 };
        arrive(&syn);
    } else {
        tcp_connect(&play.tcp, &play.buffers, play.initial, (uint16_t)play.own_full);
        reference_connect(&play.reference, play.initial, play.own_full);
    }
    compare();
}

static void both_say_the_same(void) {
    memset(&play, 0, sizeof play);
    for (unsigned episode = 0; episode < EPISODES && !play.differs; episode++) {
        begin(episode);
        for (play.event = 1; play.event <= EVENTS && !play.differs; play.event++) {
            happen();
            compare();
        }
    }
}

/* Episodes in which nothing happens would prove nothing. */
static void much_has_happened(void) {
    CU_ASSERT(play.segments > EPISODES * 10);
    CU_ASSERT(play.recoveries > EPISODES);
    CU_ASSERT(play.holes > EPISODES / 10);
    for (unsigned i = 0; i < TCP_STATES_COUNT; i++) CU_ASSERT(play.states[i] > EPISODES / 10);
    for (unsigned i = 0; i <= TCP_SILENT; i++) CU_ASSERT(play.errors[i] > EPISODES / 20);
}

void register_tcp_reference_tests(void) {
    CU_pSuite suite = CU_add_suite("TCP beside a second one", NULL, NULL);
    CU_add_test(suite, "both say the same", both_say_the_same);
    CU_add_test(suite, "much has happened", much_has_happened);
}
