/* Copies of a world (world.h). All of it is copied where it is small: a second look would take longer. A large world is
 * mostly rows and ports that no one uses, which are zero in both. */
#include <assert.h>
#include <string.h>

#include "stack/chains.h"
#include "stack/ports/port_index.h"
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

/* --- onto a world ------------------------------------------------------------------------------------------------- */

static void copy_part(struct world *to, const struct world *from, size_t offset, size_t bytes) {
    memcpy((uint8_t *)to + offset, (const uint8_t *)from + offset, bytes);
}

/* Of each table the rows that may be in use in one of both. */
struct rows_used {
    unsigned of[TABLES_COUNT];
};

static struct rows_used rows_used(const struct world *one, const struct world *other) {
    struct rows_used used;
    for (unsigned table = 0; table < TABLES_COUNT; table++)
        used.of[table] = one->tops[table] > other->tops[table] ? one->tops[table] : other->tops[table];
    return used;
}

/* Of a chain that belongs to buckets and not to rows, all: the bucket of a token depends on the token. */
static void clone_chains(struct world *to, const struct world *from, const struct rows_used *used) {
    for (unsigned chain = 0; chain < CHAINS_COUNT; chain++) {
        const struct chain_tables *tables = &world_chain_tables[chain];
        bool buckets = tables->owners == tables->members;
        unsigned owners = buckets ? world_table_limit(from, tables->owners) : used->of[tables->owners];
        copy_part(to, from, chain_links_offset(from, (enum chain)chain, CHAIN_OWNERS), owners * CHAIN_LINKS_BYTES);
        copy_part(to, from, chain_links_offset(from, (enum chain)chain, CHAIN_MEMBERS),
                  used->of[tables->members] * CHAIN_LINKS_BYTES);
    }
}

void world_clone_over(struct world *destination, const struct world *source) {
    assert(destination != source && memcmp(&destination->limits, &source->limits, sizeof source->limits) == 0);
    if (!source->limits.indexed) {
        world_clone(destination, source);
        return;
    }
    const struct rows_used used = rows_used(destination, source);
    port_index_clone_over(destination, source, used.of[TABLE_SOCKETS]);
    copy_part(destination, source, source->handle_index_offset, HANDLE_INDEX_BYTES);
    clone_chains(destination, source, &used);
    for (unsigned table = 0; table < TABLES_COUNT; table++)
        copy_part(destination, source, source->offsets[table], used.of[table] * (size_t)world_row_bytes(table));
    copy_part(destination, source, source->store_offset, (size_t)PROTOCOLS_COUNT * world_store_bytes(source));
    copy_part(destination, source, 0, sizeof *source);
    if (source->limits.packets == 0) return;
    copy_part(destination, source, source->wire_offset, source->slots_offset - source->wire_offset);
    clone_slots(destination, source);
    clone_rings(destination, source);
}
