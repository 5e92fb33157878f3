#include "stack/chains.h"

#include <assert.h>
#include <limits.h>

/* Of an owner the first and the last member; of a member the next one and the one before. */
struct links {
    uint16_t forth, back;
};

enum side { OWNERS, MEMBERS };

/* Of all owners, or of all members, in the order of their rows. */
static struct links *links_at(const struct world *world, enum chain chain, enum side side) {
    assert(chains_present(world) && chain < CHAINS_COUNT);
    uint8_t *block = (uint8_t *)(uintptr_t)world;
    const struct chain_offsets *offsets = (const void *)(block + world->chains_offset);
    return (struct links *)(void *)(block + offsets->of[chain][side]);
}

static struct links *owners_of(const struct world *world, enum chain chain) { return links_at(world, chain, OWNERS); }
static struct links *rows_of(const struct world *world, enum chain chain) { return links_at(world, chain, MEMBERS); }

void chain_link(struct world *world, enum chain chain, unsigned owner, unsigned member, unsigned after) {
    struct links *ends = &owners_of(world, chain)[owner], *rows = rows_of(world, chain);
    assert(rows[member].forth == 0 && rows[member].back == 0 && ends->forth != member + 1);
    uint16_t *forth = after == NO_ROW ? &ends->forth : &rows[after].forth;
    uint16_t *back = *forth == 0 ? &ends->back : &rows[*forth - 1].back;
    rows[member] = (struct links){ *forth, *back };
    *forth = *back = (uint16_t)(member + 1);
}

void chain_unlink(struct world *world, enum chain chain, unsigned owner, unsigned member) {
    struct links *ends = &owners_of(world, chain)[owner], *rows = rows_of(world, chain);
    struct links links = rows[member];
    uint16_t *forth = links.back == 0 ? &ends->forth : &rows[links.back - 1].forth;
    uint16_t *back = links.forth == 0 ? &ends->back : &rows[links.forth - 1].back;
    assert(*forth == member + 1 && *back == member + 1);
    *forth = links.forth;
    *back = links.back;
    rows[member] = (struct links){ 0, 0 };
}

unsigned chain_next(const struct world *world, enum chain chain, unsigned owner, unsigned after) {
    uint16_t link = after == NO_ROW ? owners_of(world, chain)[owner].forth : rows_of(world, chain)[after].forth;
    return link == 0 ? (unsigned)NO_ROW : link - 1u;
}

unsigned chain_before(const struct world *world, enum chain chain, unsigned owner, unsigned before) {
    uint16_t link = before == NO_ROW ? owners_of(world, chain)[owner].back : rows_of(world, chain)[before].back;
    return link == 0 ? (unsigned)NO_ROW : link - 1u;
}

unsigned chain_count(const struct world *world, enum chain chain, unsigned owner) {
    unsigned forth = 0, back = 0, limit = world_table_limit(world, world_chain_tables[chain].members);
    unsigned row = chain_next(world, chain, owner, NO_ROW), last = NO_ROW;
    for (; row != NO_ROW && forth <= limit; row = chain_next(world, chain, owner, row)) {
        if (chain_before(world, chain, owner, row) != last) return UINT_MAX;
        last = row;
        forth++;
    }
    for (row = chain_before(world, chain, owner, NO_ROW); row != NO_ROW && back <= limit;
         row = chain_before(world, chain, owner, row))
        back++;
    return forth == back ? forth : UINT_MAX;
}

/* --- connections by local port ------------------------------------------------------------------------------------ */

unsigned port_connection_chain(const struct world *world, unsigned local_port) {
    return local_port & (world->connection_chains - 1);
}

unsigned port_connection_first(const struct world *world, unsigned local_port) {
    if (world->limits.connections == 0) return NO_ROW;
    unsigned head = world_connection_chains_at(world)[port_connection_chain(world, local_port)];
    return head == 0 ? NO_ROW : head - 1;
}

unsigned port_connection_next(const struct world *world, unsigned connection) {
    unsigned next = world_connection_at(world, connection)->next;
    return next == 0 ? NO_ROW : next - 1;
}
