#include "stack/transport/wire/packets.h"

#include <assert.h>
#include <string.h>

bool packets_have_a_wire(const struct world *world) { return world->limits.packets > 0; }

/* --- the queue ---------------------------------------------------------------------------------------------------- */

static unsigned position_of(const struct world *world, unsigned nth) {
    return (world->packets_head + nth) % world->limits.packets;
}

/* The next free place, or NO_ROW: the caller fills its slot and then calls enqueue(). */
static unsigned free_position(const struct world *world) {
    if (world->packets_count == world->limits.packets) return NO_ROW;
    return position_of(world, world->packets_count);
}

static void enqueue(struct world *world, unsigned position, uint32_t bytes, bool outbound) {
    assert(bytes > 0 && bytes <= world->limits.packet_bytes);
    world->packet_serial++;
    world->packets_count++;
    *world_packet(world, position) = (struct packet_row){
        .arrives_ns = world->now_ns, .serial = world->packet_serial, .bytes = (uint16_t)bytes, .outbound = outbound
    };
}

void packet_send(struct world *world, const struct segment *segment, const uint8_t *payload) {
    assert(segment_packet_bytes(segment) <= world->limits.packet_bytes);
    unsigned position = free_position(world);
    if (position == NO_ROW) return;
    uint32_t bytes = segment_write(segment, payload, world_packet_slot(world, position));
    enqueue(world, position, bytes, !endpoint_is_local(world, &segment->destination));
}

uint8_t *packet_payload_place(struct world *world, unsigned family) {
    unsigned position = free_position(world);
    if (position == NO_ROW) return NULL;
    uint32_t headers = TCP_HEADER_BYTES + (family == 4 ? IPV4_HEADER_BYTES : IPV6_HEADER_BYTES);
    return world_packet_slot(world, position) + headers;
}

bool packet_put(struct world *world, const uint8_t *bytes, uint32_t count) {
    unsigned position = free_position(world);
    if (position == NO_ROW || count == 0 || count > world->limits.packet_bytes) return false;
    memcpy(world_packet_slot(world, position), bytes, count);
    enqueue(world, position, count, false);
    world_packet(world, position)->inbound = 1;
    return true;
}

const struct packet_row *packet_oldest(const struct world *world) {
    return world->packets_count == 0 ? NULL : world_packet_at(world, world->packets_head);
}

const uint8_t *packet_oldest_bytes(struct world *world) {
    assert(world->packets_count > 0);
    return world_packet_slot(world, world->packets_head);
}

const struct packet_row *packet_nth(const struct world *world, unsigned nth) {
    assert(nth < world->packets_count);
    return world_packet_at(world, position_of(world, nth));
}

const uint8_t *packet_nth_bytes(const struct world *world, unsigned nth) {
    assert(nth < world->packets_count);
    return world_packet_slot_at(world, position_of(world, nth));
}

bool packet_is_due(const struct world *world) {
    const struct packet_row *oldest = packet_oldest(world);
    return oldest != NULL && !oldest->outbound && oldest->arrives_ns <= world->now_ns;
}

uint64_t packet_due_in_ns(const struct world *world) {
    const struct packet_row *oldest = packet_oldest(world);
    if (oldest == NULL || oldest->outbound) return UINT64_MAX;
    return oldest->arrives_ns <= world->now_ns ? 0 : oldest->arrives_ns - world->now_ns;
}

void packet_drop_oldest(struct world *world) {
    assert(world->packets_count > 0);
    unsigned position = world->packets_head;
    *world_packet(world, position) = (struct packet_row){ 0 };
    world->packets_count--;
    world->packets_head = (uint16_t)(world->packets_count == 0 ? 0 : (position + 1u) % world->limits.packets);
}

/* --- datagrams ---------------------------------------------------------------------------------------------------- */

bool datagram_add(struct world *world, unsigned socket, const struct segment *segment, const uint8_t *payload) {
    unsigned index = world_take(world, TABLE_DATAGRAMS);
    if (index == NO_ROW) return false;
    struct datagram_row *row = world_datagram(world, index);
    *row = (struct datagram_row){ .serial = world->packet_serial,
                                  .socket = (uint16_t)socket,
                                  .source_port = segment->source.port,
                                  .used = 1,
                                  .family = segment->source.family,
                                  .unreachable = payload == NULL };
    memcpy(row->source_address, segment->source.address.bytes, sizeof row->source_address);
    memcpy(row->destination_address, segment->destination.address.bytes, sizeof row->destination_address);
    const struct packet_row *brought_by = packet_oldest(world);
    if (brought_by != NULL) row->serial = brought_by->serial;
    if (payload == NULL) return true;
    row->bytes = (uint16_t)segment->payload_bytes;
    memcpy(world_datagram_slot(world, index), payload, segment->payload_bytes);
    return true;
}

unsigned datagram_next(const struct world *world, unsigned socket) {
    unsigned found = NO_ROW;
    for (unsigned i = 0; i < world_top(world, TABLE_DATAGRAMS); i++) {
        const struct datagram_row *row = world_datagram_at(world, i);
        if (!row->used || row->socket != socket) continue;
        if (found == NO_ROW || row->serial < world_datagram_at(world, found)->serial) found = i;
    }
    return found;
}

void datagrams_drop_of_socket(struct world *world, unsigned socket) {
    for (unsigned i = 0; i < world_top(world, TABLE_DATAGRAMS); i++)
        if (world_datagram(world, i)->used && world_datagram(world, i)->socket == socket)
            world_free(world, TABLE_DATAGRAMS, i);
}

/* --- invariants --------------------------------------------------------------------------------------------------- */

const char *packets_check(const struct world *world) {
    for (unsigned i = 0; i < world->packets_count; i++) {
        const struct packet_row *row = world_packet_at(world, position_of(world, i));
        if (row->bytes == 0 || row->bytes > world->limits.packet_bytes) return "N1: a packet of an impossible length";
        if (row->serial != packet_oldest(world)->serial + i) return "N1: packets are not in the order of their serials";
    }
    for (unsigned i = 0; i < world_top(world, TABLE_DATAGRAMS); i++) {
        const struct datagram_row *row = world_datagram_at(world, i);
        if (!row->used) continue;
        const struct socket_row *socket = world_socket_at(world, row->socket);
        if (socket->state == SOCKET_FREE || socket->protocol != PROTOCOL_UDP)
            return "N2: a datagram waits in no datagram socket";
    }
    return NULL;
}
