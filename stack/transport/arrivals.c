#include "stack/transport/arrivals.h"

#include <assert.h>

#include "stack/transport/connections.h"
#include "stack/transport/datagrams.h"
#include "stack/transport/wire/packets.h"

bool wire_step_is_enabled(const struct world *world) {
    return packets_have_a_wire(world) && (packet_is_due(world) || connection_timer_is_due(world));
}

static void arrive(struct world *world, struct chooser *chooser) {
    struct segment segment;
    const struct packet_row *packet = packet_oldest(world);
    const uint8_t *bytes = packet_oldest_bytes(world);
    assert(packet != NULL && !packet->outbound);
    bool good = segment_read(bytes, packet->bytes, &segment) == SEGMENT_GOOD;
    if (good && endpoint_is_local(world, &segment.destination)) {
        const uint8_t *payload = bytes + segment.payload_offset;
        if (segment.protocol == PROTOCOL_TCP) connection_arrive(world, chooser, &segment, payload);
        else datagram_arrive(world, chooser, &segment, payload);
    }
    packet_drop_oldest(world);
}

void wire_step(struct world *world, struct chooser *chooser) {
    assert(wire_step_is_enabled(world));
    if (packet_is_due(world)) arrive(world, chooser);
    else connections_advance(world, chooser);
}

void wire_forget(struct world *world) {
    while (world->packets_count > 0) packet_drop_oldest(world);
    for (unsigned i = world_top(world, TABLE_CONNECTIONS); i-- > 0;)
        if (world_connection(world, i)->used) connection_forget(world, i);
    assert(world_top(world, TABLE_DATAGRAMS) == 0);
}

uint64_t wire_next_in_ns(const struct world *world) {
    if (!packets_have_a_wire(world)) return UINT64_MAX;
    uint64_t packet_ns = packet_due_in_ns(world);
    uint64_t timer_ns = connection_timer_in_ns(world);
    return packet_ns < timer_ns ? packet_ns : timer_ns;
}
