/* Copies of a world (world.h): all of it but packets, datagrams and rings in which nothing is. */
#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "stack/world.h"

/* The bytes of packets on their way, and of datagrams that wait. */
static void clone_slots(struct world *to, const struct world *from) {
    for (unsigned i = 0; i < from->packets_count; i++) {
        unsigned position = (from->packets_head + i) % from->limits.packets;
        memcpy(world_packet_slot(to, position), world_packet_slot_at(from, position),
               world_packet_at(from, position)->bytes);
    }
    for (unsigned i = 0; i < world_top(from, TABLE_DATAGRAMS); i++)
        memcpy(world_datagram_slot(to, i), world_datagram_slot_at(from, i), world_datagram_at(from, i)->bytes);
}

/* Rings that hold anything, each as a whole. What came ahead of a hole stands in the receive ring as well. */
static void clone_rings(struct world *to, const struct world *from) {
    size_t ring_bytes = from->limits.stream_bytes;
    for (unsigned i = 0; i < world_top(from, TABLE_CONNECTIONS); i++) {
        const struct tcp_connection *tcp = &world_connection_at(from, i)->tcp;
        if (tcp->send_queued > 0) memcpy(world_stream(to, i, 0), world_stream_at(from, i, 0), ring_bytes);
        if (tcp->receive_buffered > 0 || tcp->ranges_count > 0)
            memcpy(world_stream(to, i, 1), world_stream_at(from, i, 1), ring_bytes);
    }
}

void world_clone(void *destination, const struct world *source) {
    assert(destination != NULL);
    assert(destination != source);
    bool wire = source->limits.packets > 0;
    memcpy(destination, source, wire ? source->slots_offset : source->bytes);
    if (!wire) return;
    clone_slots(destination, source);
    clone_rings(destination, source);
}

/* --- are they copies? --------------------------------------------------------------------------------------------- */

static bool same_slots(const struct world *one, const struct world *other) {
    for (unsigned i = 0; i < one->packets_count; i++) {
        unsigned position = (one->packets_head + i) % one->limits.packets;
        if (memcmp(world_packet_slot_at(one, position), world_packet_slot_at(other, position),
                   world_packet_at(one, position)->bytes) != 0)
            return false;
    }
    for (unsigned i = 0; i < world_top(one, TABLE_DATAGRAMS); i++)
        if (memcmp(world_datagram_slot_at(one, i), world_datagram_slot_at(other, i),
                   world_datagram_at(one, i)->bytes) != 0)
            return false;
    return true;
}

static bool same_rings(const struct world *one, const struct world *other) {
    size_t ring_bytes = one->limits.stream_bytes;
    for (unsigned i = 0; i < world_top(one, TABLE_CONNECTIONS); i++) {
        const struct tcp_connection *tcp = &world_connection_at(one, i)->tcp;
        if (tcp->send_queued > 0 && memcmp(world_stream_at(one, i, 0), world_stream_at(other, i, 0), ring_bytes) != 0)
            return false;
        if ((tcp->receive_buffered > 0 || tcp->ranges_count > 0) &&
            memcmp(world_stream_at(one, i, 1), world_stream_at(other, i, 1), ring_bytes) != 0)
            return false;
    }
    return true;
}

bool world_is_copy_but_readings(const struct world *one, const struct world *other) {
    const size_t readings = offsetof(struct world, readings), after = readings + sizeof one->readings;
    bool wire = one->limits.packets > 0;
    size_t end = wire ? one->slots_offset : one->bytes;
    assert(one->bytes == other->bytes);
    if (memcmp(one, other, readings) != 0) return false;
    if (memcmp((const uint8_t *)one + after, (const uint8_t *)other + after, end - after) != 0) return false;
    return !wire || (same_slots(one, other) && same_rings(one, other)); /* as many in both, by what was compared */
}
