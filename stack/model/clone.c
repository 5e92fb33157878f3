/* Copies of a world (world.h): all of it but packets, datagrams and rings in which nothing is. */
#include <assert.h>
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
