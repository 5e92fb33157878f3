#include "stack/transport/wire/tests/duel.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include <CUnit/CUnit.h>

enum { MILLISECOND_NS = 1000000 };
static const uint64_t SECOND_NS = 1000000000;

/* clang-format off */
static const struct endpoint places[2] = {
    { .family = 4, .port = 1000, .address = { { 127, 0, 0, 1 } } },
    { .family = 4, .port = 2000, .address = { { 127, 0, 0, 1 } } },
};
/* clang-format on */

void duel_begin(struct duel *duel) {
    memset(duel, 0, sizeof *duel);
    duel->parameters = *tcp_parameters_documented();
    duel->parameters.acknowledgement_delay_ns = 0;
    duel->delay_ns = MILLISECOND_NS;
    duel->random = 1;
    for (unsigned i = 0; i < 2; i++) {
        tcp_init(&duel->side[i], &places[i], &places[1 - i], &duel->parameters);
        duel->buffers[i] =
            (struct tcp_buffers){ duel->rings[2 * i], duel->rings[2 * i + 1], DUEL_RING_BYTES, DUEL_RING_BYTES };
    }
}

void duel_open(struct duel *duel) {
    tcp_connect(&duel->side[ANN], &duel->buffers[ANN], 0, DUEL_SEGMENT_BYTES);
    duel_flush(duel);
}

/* --- the link ----------------------------------------------------------------------------------------------------- */

static unsigned draw(struct duel *duel, unsigned count) {
    duel->random = duel->random * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)((duel->random >> 33) % count);
}

static void fly(struct duel *duel, const struct duel_packet *packet) {
    if (duel->flying_count == DUEL_FLYING_MAX) return; /* a full link loses */
    unsigned at = duel->flying_count;
    while (at > 0 && duel->flying[at - 1].arrives_ns > packet->arrives_ns) {
        duel->flying[at] = duel->flying[at - 1];
        at--;
    }
    duel->flying[at] = *packet;
    duel->flying_count++;
}

static void launch(struct duel *duel, struct duel_packet *packet) {
    if (draw(duel, 100) < duel->faults.loss) return;
    unsigned copies = draw(duel, 100) < duel->faults.repeat ? 2 : 1;
    for (unsigned i = 0; i < copies; i++) {
        packet->arrives_ns = duel->now_ns + duel->delay_ns;
        if (draw(duel, 100) < duel->faults.reorder) packet->arrives_ns += draw(duel, 20) * (uint64_t)MILLISECOND_NS;
        struct duel_packet copy = *packet;
        if (draw(duel, 100) < duel->faults.damage)
            copy.packet[draw(duel, copy.bytes)] ^= (uint8_t)(1u << draw(duel, 8));
        fly(duel, &copy);
    }
}

/* --- what was heard ----------------------------------------------------------------------------------------------- */

static void hear(struct duel *duel, enum duel_side from, const struct segment *segment) {
    char flags[40] = "";
    static const struct {
        unsigned flag;
        const char *name;
    } names[] = {
        { SEGMENT_SYN, "SYN " },
        { SEGMENT_FIN, "FIN " },
        { SEGMENT_RST, "RST " },
    };
    for (unsigned i = 0; i < 3; i++)
        if ((segment->flags & names[i].flag) != 0) strcat(flags, names[i].name);
    char line[DUEL_LINE_MAX];
    int length =
        snprintf(line, sizeof line, "%s %sseq=%u", from == ANN ? "ann" : "bob", flags, (unsigned)segment->sequence);
    if ((segment->flags & SEGMENT_ACK) != 0)
        length += snprintf(line + length, sizeof line - (size_t)length, " ack=%u", (unsigned)segment->acknowledgement);
    if (segment->payload_bytes > 0)
        length += snprintf(line + length, sizeof line - (size_t)length, " bytes=%u", (unsigned)segment->payload_bytes);
    assert(length < DUEL_LINE_MAX);
    size_t used = strlen(duel->heard);
    if (used + (size_t)length + 2 > sizeof duel->heard) return;
    snprintf(duel->heard + used, sizeof duel->heard - used, "%s\n", line);
}

void duel_forget(struct duel *duel) { duel->heard[0] = 0; }

/* --- driving ------------------------------------------------------------------------------------------------------ */

static void check(struct duel *duel) {
    for (unsigned i = 0; i < 2; i++) {
        const char *broken = tcp_check(&duel->side[i], &duel->buffers[i]);
        if (broken != NULL) CU_FAIL_FATAL(broken);
    }
}

static void flush_side(struct duel *duel, enum duel_side from) {
    static uint8_t payload[DUEL_PACKET_MAX];
    struct segment segment;
    while (tcp_output(&duel->side[from], &duel->buffers[from], &duel->parameters, duel->now_ns, &segment, payload)) {
        hear(duel, from, &segment);
        struct duel_packet packet = { .to = (uint8_t)(1 - from) };
        packet.bytes = segment_write(&segment, payload, packet.packet);
        launch(duel, &packet);
    }
}

void duel_flush(struct duel *duel) {
    flush_side(duel, ANN);
    flush_side(duel, BOB);
    check(duel);
}

static void arrive(struct duel *duel, enum duel_side to, const struct segment *segment, const uint8_t *payload) {
    struct tcp_connection *side = &duel->side[to];
    bool to_listener = to == BOB && side->state == TCP_CLOSED && side->error == TCP_NO_ERROR && side->send_first == 0;
    if (to_listener && (segment->flags & (SEGMENT_SYN | SEGMENT_ACK | SEGMENT_RST)) == SEGMENT_SYN) {
        tcp_accept(side, &duel->buffers[to], segment, 5000, DUEL_SEGMENT_BYTES);
    } else {
        tcp_receive(side, &duel->buffers[to], &duel->parameters, segment, payload, duel->now_ns);
    }
    duel_flush(duel);
}

static void land_first(struct duel *duel) {
    static struct duel_packet packet;
    packet = duel->flying[0];
    duel->flying_count--;
    memmove(duel->flying, duel->flying + 1, duel->flying_count * sizeof duel->flying[0]);
    duel->now_ns = packet.arrives_ns;
    struct segment segment;
    if (segment_read(packet.packet, packet.bytes, &segment) != SEGMENT_GOOD) {
        duel->dropped++;
        return;
    }
    const struct endpoint *place = &places[packet.to];
    bool is_his = endpoint_same_address(&segment.destination, place) && segment.destination.port == place->port;
    if (is_his) arrive(duel, packet.to, &segment, packet.packet + segment.payload_offset);
}

bool duel_step(struct duel *duel, uint64_t until_ns) {
    uint64_t packet_ns = duel->flying_count > 0 ? duel->flying[0].arrives_ns : UINT64_MAX;
    uint64_t timer_ns = tcp_deadline(&duel->side[ANN]);
    if (tcp_deadline(&duel->side[BOB]) < timer_ns) timer_ns = tcp_deadline(&duel->side[BOB]);
    if ((packet_ns < timer_ns ? packet_ns : timer_ns) > until_ns) return false;
    if (packet_ns <= timer_ns) {
        land_first(duel);
        return true;
    }
    duel->now_ns = timer_ns;
    tcp_advance(&duel->side[ANN], &duel->parameters, timer_ns);
    tcp_advance(&duel->side[BOB], &duel->parameters, timer_ns);
    duel_flush(duel);
    return true;
}

void duel_settle(struct duel *duel) {
    duel_flush(duel);
    while (duel_step(duel, duel->now_ns + SECOND_NS / 2)) {
    }
}

void duel_run(struct duel *duel, uint64_t nanoseconds) {
    uint64_t until_ns = duel->now_ns + nanoseconds;
    duel_flush(duel);
    while (duel_step(duel, until_ns)) {
    }
    duel->now_ns = until_ns;
}

void duel_inject(struct duel *duel, enum duel_side to, const struct segment *segment, const char *payload) {
    struct segment whole = *segment;
    whole.source = places[1 - to];
    whole.destination = places[to];
    whole.payload_bytes = payload == NULL ? 0 : (uint32_t)strlen(payload);
    arrive(duel, to, &whole, (const uint8_t *)payload);
}
