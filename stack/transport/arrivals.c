#include "stack/transport/arrivals.h"

#include <assert.h>

#include "stack/transport/connections.h"
#include "stack/transport/datagrams.h"
#include "stack/transport/wire/address.h"
#include "stack/transport/wire/packets.h"

bool wire_step_is_enabled(const struct world *world) {
    return packets_have_a_wire(world) && (packet_is_due(world) || connection_timer_is_due(world));
}

/* Can a packet come from another machine with these addresses? Not from none, from all of a group, or from this one, be
 * it by loopback (RFC 1122 3.2.1.3); nor to loopback or to none; and mapped addresses are on no link (RFC 4038 4.2). */
static bool came_astray(const struct world *world, const struct segment *segment) {
    const struct endpoint *from = &segment->source, *to = &segment->destination;
    return endpoint_is_local(world, from) || endpoint_is_broadcast(from) || endpoint_is_multicast(from) ||
           endpoint_is_loopback(to) || endpoint_is_wildcard(to) || endpoint_is_mapped(from) || endpoint_is_mapped(to);
}

static void arrive(struct world *world, struct chooser *chooser) {
    struct segment segment;
    const struct packet_row *packet = packet_oldest(world);
    const uint8_t *bytes = packet_oldest_bytes(world);
    assert(packet != NULL && !packet->outbound);
    bool good = segment_read(bytes, packet->bytes, &segment) == SEGMENT_GOOD;
    if (good && packet->inbound) good = !came_astray(world, &segment);
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
    for (unsigned i = 0; i < world_top(world, TABLE_CONNECTIONS); i++) /* the top sinks as rows go */
        if (world_connection(world, i)->used) connection_forget(world, i);
    assert(world_top(world, TABLE_DATAGRAMS) == 0);
}

uint64_t wire_next_in_ns(const struct world *world) {
    if (!packets_have_a_wire(world)) return UINT64_MAX;
    uint64_t packet_ns = packet_due_in_ns(world);
    uint64_t timer_ns = connection_timer_in_ns(world);
    return packet_ns < timer_ns ? packet_ns : timer_ns;
}
