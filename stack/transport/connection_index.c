#include "stack/transport/connection_index.h"

#include <assert.h>

#include "stack/chains.h"
#include "stack/transport/wire/tcp.h"

/* --- urgencies ---------------------------------------------------------------------------------------------------- */

static uint64_t greatest_in_block(const struct world *world, unsigned block) {
    unsigned end = (block + 1) * CONNECTION_BLOCK_ROWS;
    uint64_t greatest = 0;
    if (end > world_top(world, TABLE_CONNECTIONS)) end = world_top(world, TABLE_CONNECTIONS);
    for (unsigned i = block * CONNECTION_BLOCK_ROWS; i < end; i++) {
        uint64_t urgency = world_connection_at(world, i)->urgency;
        if (urgency > greatest) greatest = urgency;
    }
    return greatest;
}

static void set_urgency(struct world *world, unsigned connection, uint64_t urgency) {
    struct connection_row *row = world_connection(world, connection);
    uint64_t *block = &world_connection_urgencies(world)[connection / CONNECTION_BLOCK_ROWS];
    bool was_the_greatest = row->urgency == *block;
    row->urgency = urgency;
    if (urgency >= *block) *block = urgency;
    else if (was_the_greatest) *block = greatest_in_block(world, connection / CONNECTION_BLOCK_ROWS);
}

void connection_index_note(struct world *world, unsigned connection) {
    set_urgency(world, connection, UINT64_MAX - tcp_deadline(&world_connection(world, connection)->tcp));
}

uint64_t connection_index_deadline(const struct world *world) {
    const uint64_t *urgencies = world_connection_urgencies_at(world);
    uint64_t greatest = 0;
    for (unsigned i = 0; i * CONNECTION_BLOCK_ROWS < world_top(world, TABLE_CONNECTIONS); i++)
        if (urgencies[i] > greatest) greatest = urgencies[i];
    return UINT64_MAX - greatest;
}

unsigned connection_index_due(const struct world *world, unsigned from) {
    const uint64_t *urgencies = world_connection_urgencies_at(world);
    uint64_t due = UINT64_MAX - world->now_ns; /* as urgent as that */
    for (unsigned i = from; i < world_top(world, TABLE_CONNECTIONS); i++) {
        if (urgencies[i / CONNECTION_BLOCK_ROWS] < due) i |= CONNECTION_BLOCK_ROWS - 1; /* on to the next block */
        else if (world_connection_at(world, i)->urgency >= due) return i;
    }
    return NO_ROW;
}

/* --- chains ------------------------------------------------------------------------------------------------------- */

void connection_index_add(struct world *world, unsigned connection) {
    struct connection_row *row = world_connection(world, connection);
    uint16_t *head = &world_connection_chains(world)[port_connection_chain(world, row->tcp.local_port)];
    row->next = *head;
    *head = (uint16_t)(connection + 1);
    connection_index_note(world, connection);
}

void connection_index_remove(struct world *world, unsigned connection) {
    const struct connection_row *row = world_connection(world, connection);
    uint16_t *link = &world_connection_chains(world)[port_connection_chain(world, row->tcp.local_port)];
    while (*link != connection + 1) {
        assert(*link != 0);
        link = &world_connection(world, *link - 1u)->next;
    }
    *link = row->next;
    set_urgency(world, connection, 0);
}

/* --- invariants --------------------------------------------------------------------------------------------------- */

static const char *check_chains(const struct world *world) {
    unsigned in_use = 0, in_chains = 0;
    for (unsigned i = 0; i < world_top(world, TABLE_CONNECTIONS); i++) in_use += world_connection_at(world, i)->used;
    for (unsigned chain = 0; chain < world->connection_chains; chain++) {
        unsigned i = port_connection_first(world, chain);
        for (; i != NO_ROW && in_chains <= in_use; i = port_connection_next(world, i)) {
            const struct connection_row *row = world_connection_at(world, i);
            if (!row->used || port_connection_chain(world, row->tcp.local_port) != chain)
                return "D1: a chain has what is not of it";
            in_chains++;
        }
    }
    return in_chains == in_use ? NULL : "D1: a connection is in no chain, or in two";
}

const char *connection_index_check(const struct world *world) {
    if (world->limits.connections == 0) return NULL;
    const uint64_t *urgencies = world_connection_urgencies_at(world);
    for (unsigned block = 0; block < connection_blocks(&world->limits); block++)
        if (urgencies[block] != greatest_in_block(world, block)) return "D2: a block of rows has a wrong urgency";
    for (unsigned i = 0; i < world_top(world, TABLE_CONNECTIONS); i++) {
        const struct connection_row *row = world_connection_at(world, i);
        if (row->used && row->urgency != UINT64_MAX - tcp_deadline(&row->tcp))
            return "D3: a timer was changed, and no one noted it";
    }
    return check_chains(world);
}
