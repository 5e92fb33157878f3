#include "stack/world.h"

#include <assert.h>
#include <string.h>

#define ROW_SIZE_IS_PADDED(type) _Static_assert(sizeof(type) % 4 == 0, "rows keep their neighbours aligned")
ROW_SIZE_IS_PADDED(struct process);
ROW_SIZE_IS_PADDED(struct thread);
ROW_SIZE_IS_PADDED(struct handle);
ROW_SIZE_IS_PADDED(struct socket_row);
ROW_SIZE_IS_PADDED(struct event);
ROW_SIZE_IS_PADDED(struct request);
ROW_SIZE_IS_PADDED(struct routine_row);
ROW_SIZE_IS_PADDED(struct reservation);
ROW_SIZE_IS_PADDED(struct exclusion);
ROW_SIZE_IS_PADDED(struct duplicate);
ROW_SIZE_IS_PADDED(struct connection_row);
ROW_SIZE_IS_PADDED(struct datagram_row);
ROW_SIZE_IS_PADDED(struct completion_port);
ROW_SIZE_IS_PADDED(struct association);
ROW_SIZE_IS_PADDED(struct completion);
ROW_SIZE_IS_PADDED(struct kept_number);
ROW_SIZE_IS_PADDED(struct own_address);
ROW_SIZE_IS_PADDED(struct selection);
ROW_SIZE_IS_PADDED(struct transfer);

/* i386 aligns 64-bit members at 4, so a row there may be shorter; explicit padding keeps the rows equal everywhere. */
_Static_assert(sizeof(struct association) == 16, "the same row on every machine");
_Static_assert(sizeof(struct completion) == 32, "the same row on every machine");
_Static_assert(sizeof(struct selection) == 16, "the same row on every machine");
_Static_assert(sizeof(struct thread) == 64, "the same row on every machine");
_Static_assert(sizeof(struct handle) == 8, "the same row on every machine");
_Static_assert(sizeof(struct event) == 4, "the same row on every machine");
_Static_assert(sizeof(struct socket_row) == 44, "the same row on every machine");
_Static_assert(sizeof(struct request) == 72, "the same row on every machine");
_Static_assert(sizeof(struct transfer) == 104, "the same row on every machine");
_Static_assert(sizeof(struct routine_row) == 32, "the same row on every machine");
_Static_assert(sizeof(struct reservation) == 32, "the same row on every machine");
_Static_assert(sizeof(struct connection_row) == 344, "the same row on every machine");
_Static_assert(sizeof(struct packet_row) == 16, "the same row on every machine");
_Static_assert(sizeof(struct datagram_row) == 48, "the same row on every machine");
_Static_assert(sizeof(struct event_wait) == 6, "the same row on every machine");
_Static_assert(sizeof(struct socket_wait) == 16, "the same row on every machine");
_Static_assert(sizeof(struct world_limits) == 56, "without holes");

/* clang-format off */
static const uint16_t row_sizes[TABLES_COUNT] = {
    [TABLE_PROCESSES] = sizeof(struct process),       [TABLE_THREADS] = sizeof(struct thread),
    [TABLE_HANDLES] = sizeof(struct handle),          [TABLE_SOCKETS] = sizeof(struct socket_row),
    [TABLE_EVENTS] = sizeof(struct event),            [TABLE_FILES] = sizeof(struct file),
    [TABLE_REQUESTS] = sizeof(struct request),        [TABLE_ROUTINES] = sizeof(struct routine_row),
    [TABLE_RESERVATIONS] = sizeof(struct reservation), [TABLE_EXCLUSIONS] = sizeof(struct exclusion),
    [TABLE_DUPLICATES] = sizeof(struct duplicate),    [TABLE_CONNECTIONS] = sizeof(struct connection_row),
    [TABLE_DATAGRAMS] = sizeof(struct datagram_row),  [TABLE_COMPLETION_PORTS] = sizeof(struct completion_port),
    [TABLE_ASSOCIATIONS] = sizeof(struct association), [TABLE_COMPLETIONS] = sizeof(struct completion),
    [TABLE_NUMBERS] = sizeof(struct kept_number),     [TABLE_ADDRESSES] = sizeof(struct own_address),
    [TABLE_SELECTIONS] = sizeof(struct selection),
    [TABLE_TRANSFERS] = sizeof(struct transfer),      [TABLE_EVENT_WAITS] = sizeof(struct event_wait),
    [TABLE_SOCKET_WAITS] = sizeof(struct socket_wait),
};
/* clang-format on */

/* clang-format off */
const struct chain_tables world_chain_tables[CHAINS_COUNT] = {
    [CHAIN_HANDLES] = { TABLE_PROCESSES, TABLE_HANDLES },
    [CHAIN_ASSOCIATED] = { TABLE_RESERVATIONS, TABLE_SOCKETS },
    [CHAIN_ACQUIRED] = { TABLE_SOCKETS, TABLE_RESERVATIONS },
    [CHAIN_TOKENS] = { TABLE_RESERVATIONS, TABLE_RESERVATIONS }, /* as many buckets as rows */
    [CHAIN_TOMBSTONES] = { TABLE_RESERVATIONS, TABLE_RESERVATIONS },
};
/* clang-format on */

struct world_limits world_limits_small(void) {
    return (struct world_limits){ .processes = 4,
                                  .threads = 8,
                                  .handles = 80,
                                  .sockets = 64,
                                  .events = 16,
                                  .files = 4,
                                  .requests = 8,
                                  .routines = 8,
                                  .reservations = 16,
                                  .exclusions = 8,
                                  .duplicates = 4,
                                  .stored = 8,
                                  .completion_ports = 2,
                                  .associations = 2,
                                  .completions = 6,
                                  .numbers = 20 };
}

void world_limits_add_wire(struct world_limits *limits) {
    limits->connections = 12;
    limits->packets = 16;
    limits->datagrams = 8;
    limits->packet_bytes = 1500;
    limits->stream_bytes = 2048;
    limits->numbers = (uint16_t)(4 * limits->sockets);
    limits->addresses = OWN_ADDRESSES_MAX;
    limits->selections = 4;
    limits->event_waits = 8;
    limits->socket_waits = 8;
}

struct world_limits world_limits_full(void) {
    return (struct world_limits){ .processes = 1024,
                                  .threads = 4096,
                                  .handles = 65534,
                                  .sockets = 65534,
                                  .events = 4096,
                                  .files = 1024,
                                  .requests = 8,
                                  .routines = 8,
                                  .reservations = 4096,
                                  .exclusions = 1024,
                                  .duplicates = 1024,
                                  .indexed = 1,
                                  .stored = 1024,
                                  .completion_ports = 64,
                                  .associations = 4096,
                                  .completions = 16,
                                  .numbers = 65534,
                                  .event_waits = 4096,
                                  .socket_waits = 4096 };
}

/* In a world without a wire no request transfers anything. */
static unsigned limit_of(const struct world_limits *limits, enum table table) {
    static const uint8_t places[TABLES_COUNT] = {
        [TABLE_PROCESSES] = offsetof(struct world_limits, processes),
        [TABLE_THREADS] = offsetof(struct world_limits, threads),
        [TABLE_HANDLES] = offsetof(struct world_limits, handles),
        [TABLE_SOCKETS] = offsetof(struct world_limits, sockets),
        [TABLE_EVENTS] = offsetof(struct world_limits, events),
        [TABLE_FILES] = offsetof(struct world_limits, files),
        [TABLE_REQUESTS] = offsetof(struct world_limits, requests),
        [TABLE_ROUTINES] = offsetof(struct world_limits, routines),
        [TABLE_RESERVATIONS] = offsetof(struct world_limits, reservations),
        [TABLE_EXCLUSIONS] = offsetof(struct world_limits, exclusions),
        [TABLE_DUPLICATES] = offsetof(struct world_limits, duplicates),
        [TABLE_CONNECTIONS] = offsetof(struct world_limits, connections),
        [TABLE_DATAGRAMS] = offsetof(struct world_limits, datagrams),
        [TABLE_COMPLETION_PORTS] = offsetof(struct world_limits, completion_ports),
        [TABLE_ASSOCIATIONS] = offsetof(struct world_limits, associations),
        [TABLE_COMPLETIONS] = offsetof(struct world_limits, completions),
        [TABLE_NUMBERS] = offsetof(struct world_limits, numbers),
        [TABLE_ADDRESSES] = offsetof(struct world_limits, addresses),
        [TABLE_SELECTIONS] = offsetof(struct world_limits, selections),
        [TABLE_TRANSFERS] = offsetof(struct world_limits, requests),
        [TABLE_EVENT_WAITS] = offsetof(struct world_limits, event_waits),
        [TABLE_SOCKET_WAITS] = offsetof(struct world_limits, socket_waits),
    };
    assert(table < TABLES_COUNT);
    if (table == TABLE_TRANSFERS && limits->packets == 0) return 0;
    unsigned limit = *(const uint16_t *)(const void *)((const uint8_t *)limits + places[table]);
    assert(limit < NO_ROW);
    return limit;
}

static size_t aligned(size_t bytes) { return (bytes + 7) & ~(size_t)7; }

uint32_t store_bytes(unsigned capacity) {
    assert(capacity < NO_ROW);
    uint32_t copy = STORE_HEADER_BYTES + (uint32_t)capacity * STORE_ENTRY_BYTES;
    uint32_t sectors = (copy + STORE_SECTOR_BYTES - 1) / STORE_SECTOR_BYTES;
    return capacity == 0 ? 0 : STORE_COPIES * sectors * STORE_SECTOR_BYTES;
}

/* A power of two: one chain for each connection that there is room for, or nearly so. */
static uint32_t connection_chains(const struct world_limits *limits) {
    uint32_t chains = limits->connections == 0 ? 0 : 4;
    while (chains < limits->connections) chains *= 2;
    return chains;
}

uint32_t connection_blocks(const struct world_limits *limits) {
    return (limits->connections + CONNECTION_BLOCK_ROWS - 1u) / CONNECTION_BLOCK_ROWS;
}

static size_t wire_index_bytes(const struct world_limits *limits) {
    return connection_blocks(limits) * sizeof(uint64_t) + aligned(connection_chains(limits) * sizeof(uint16_t));
}

/* Bytes of packets, of datagrams, rings: at the end of the block, and without a meaning until a row counts them. */
static size_t contents_bytes(const struct world_limits *limits) {
    size_t slots = ((size_t)limits->packets + limits->datagrams) * limits->packet_bytes;
    size_t rings = (size_t)limits->connections * 2 * limits->stream_bytes;
    return aligned(slots + rings);
}

/* Rows of packets, the index of connections, contents. */
static size_t wire_bytes(const struct world_limits *limits) {
    return aligned(limits->packets * sizeof(struct packet_row) + wire_index_bytes(limits)) + contents_bytes(limits);
}

/* Two links of each row. */
static size_t chain_bytes(const struct world_limits *limits, enum table table) {
    return aligned(2 * sizeof(uint16_t) * limit_of(limits, table));
}

size_t world_bytes(const struct world_limits *limits) {
    assert(limits != NULL);
    size_t bytes = aligned(sizeof(struct world));
    for (unsigned table = 0; table < TABLES_COUNT; table++)
        bytes += aligned((size_t)limit_of(limits, table) * row_sizes[table]);
    if (limits->indexed) bytes += PORT_INDEX_BYTES + HANDLE_INDEX_BYTES;
    for (unsigned chain = 0; limits->indexed && chain < CHAINS_COUNT; chain++)
        bytes += chain_bytes(limits, world_chain_tables[chain].owners) +
                 chain_bytes(limits, world_chain_tables[chain].members);
    if (limits->indexed) bytes += aligned(sizeof(struct chain_offsets));
    bytes += (size_t)PROTOCOLS_COUNT * store_bytes(limits->stored);
    return aligned(bytes) + wire_bytes(limits);
}

/* From `offset` on; where they end. */
static size_t lay_chains(struct world *world, size_t offset) {
    struct chain_offsets *offsets = (struct chain_offsets *)(void *)((uint8_t *)world + offset);
    world->chains_offset = (uint32_t)offset;
    offset += aligned(sizeof *offsets);
    for (unsigned chain = 0; chain < CHAINS_COUNT; chain++) {
        offsets->of[chain][0] = (uint32_t)offset;
        offset += chain_bytes(&world->limits, world_chain_tables[chain].owners);
        offsets->of[chain][1] = (uint32_t)offset;
        offset += chain_bytes(&world->limits, world_chain_tables[chain].members);
    }
    return offset;
}

static void lay_wire(struct world *world, size_t offset) {
    const struct world_limits *limits = &world->limits;
    size_t slots = ((size_t)limits->packets + limits->datagrams) * limits->packet_bytes;
    world->wire_offset = (uint32_t)offset;
    world->slots_offset = (uint32_t)(offset + limits->packets * sizeof(struct packet_row) + wire_index_bytes(limits));
    world->rings_offset = (uint32_t)(world->slots_offset + slots);
    world->connection_chains = connection_chains(limits);
}

struct world *world_create(void *memory, const struct world_limits *limits) {
    assert(memory != NULL);
    assert((uintptr_t)memory % 8 == 0);
    size_t bytes = world_bytes(limits);
    assert(bytes <= UINT32_MAX && limits->processes <= HANDLE_PROCESSES_MAX);
    memset(memory, 0, bytes - contents_bytes(limits));
    struct world *world = memory;
    world->limits = *limits;
    world->bytes = (uint32_t)bytes;
    size_t offset = aligned(sizeof(struct world));
    for (unsigned table = 0; table < TABLES_COUNT; table++) {
        world->offsets[table] = (uint32_t)offset;
        offset += aligned((size_t)limit_of(limits, table) * row_sizes[table]);
    }
    world->offsets[TABLES_COUNT] = (uint32_t)offset;
    if (limits->indexed) {
        world->index_offset = (uint32_t)offset;
        offset += PORT_INDEX_BYTES;
        world->handle_index_offset = (uint32_t)offset;
        offset += HANDLE_INDEX_BYTES;
    }
    if (limits->indexed) offset = lay_chains(world, offset);
    if (limits->stored > 0) {
        world->store_offset = (uint32_t)offset;
        offset += (size_t)PROTOCOLS_COUNT * store_bytes(limits->stored);
    }
    offset = aligned(offset);
    lay_wire(world, offset);
    assert(offset + wire_bytes(limits) == bytes);
    world->enable_lua = 1;
    for (unsigned protocol = 0; protocol < PROTOCOLS_COUNT; protocol++) {
        world->dynamic_first[protocol] = 49152;
        world->dynamic_last[protocol] = 65535;
    }
    return world;
}

uint32_t world_store_bytes(const struct world *world) { return store_bytes(world->limits.stored); }

uint8_t *world_store(struct world *world, enum protocol protocol) {
    assert(protocol < PROTOCOLS_COUNT);
    if (world->store_offset == 0) return NULL;
    return (uint8_t *)world + world->store_offset + (size_t)protocol * world_store_bytes(world);
}

const uint8_t *world_store_at(const struct world *world, enum protocol protocol) {
    return world_store((struct world *)(uintptr_t)world, protocol);
}

unsigned world_reading(struct world *world, struct chooser *chooser, enum question question) {
    assert(question >= 1 && question <= QUESTION_LAST);
    if (world->readings[question] == 0) {
        const struct reading *row_of_question = reading_of(question);
        assert(row_of_question != NULL && row_of_question->modelled);
        unsigned answer = choose(chooser, (enum choice)question, row_of_question->candidates_count);
        world->readings[question] = (uint8_t)(answer + 1);
    }
    return world->readings[question] - 1u;
}

bool world_asked(const struct world *world, enum question question) { return world->readings[question] != 0; }

bool world_remembers(const struct world *world, enum question question, unsigned candidate) {
    return world->readings[question] == candidate + 1;
}

void world_settle_reading(struct world *world, enum question question, unsigned candidate) {
    assert(question >= 1 && question <= QUESTION_LAST);
    assert(world->readings[question] == 0 || world->readings[question] == candidate + 1);
    world->readings[question] = (uint8_t)(candidate + 1);
}

void world_settle_profile(struct world *world, const struct profile *profile) {
    const uint8_t *asked = readings_asked();
    for (unsigned question = 0; question < READINGS_MAX; question++) {
        uint8_t answer = profile->answers[question] & asked[question];
        world->readings[question] = world->readings[question] != 0 ? world->readings[question] : answer;
    }
}

static uint8_t *row(const struct world *world, enum table table, unsigned index) {
    assert(index < limit_of(&world->limits, table));
    return (uint8_t *)(uintptr_t)world + world->offsets[table] + (size_t)index * row_sizes[table];
}

bool world_row_is_free(const struct world *world, enum table table, unsigned index) {
    const uint8_t *bytes = row(world, table, index);
    unsigned i = 0;
    for (uint32_t four; i + sizeof four <= row_sizes[table]; i += sizeof four) {
        memcpy(&four, bytes + i, sizeof four);
        if (four != 0) return false;
    }
    for (; i < row_sizes[table]; i++)
        if (bytes[i] != 0) return false;
    return true;
}

void world_note_full(struct world *world, enum table table) {
    if (world->full == 0) world->full = (uint8_t)(table + 1);
}

const char *world_table_words(enum table table) {
    static const char *const words[TABLES_COUNT] = { "processes",
                                                     "threads",
                                                     "handles",
                                                     "sockets",
                                                     "events",
                                                     "files",
                                                     "requests at one instant",
                                                     "completion routines at one instant",
                                                     "reservations",
                                                     "exclusions",
                                                     "duplicates",
                                                     "connections",
                                                     "datagrams",
                                                     "completion ports",
                                                     "sockets with a completion port",
                                                     "packets of completion ports",
                                                     "sockets with options",
                                                     "addresses",
                                                     "sockets with network events",
                                                     "transfers at one instant",
                                                     "events of waits for several",
                                                     "sockets that threads wait for" };
    assert(table < TABLES_COUNT);
    return words[table];
}

unsigned world_row_bytes(enum table table) { return row_sizes[table]; }

unsigned world_table_limit(const struct world *world, enum table table) { return limit_of(&world->limits, table); }

unsigned world_take(struct world *world, enum table table) {
    unsigned top = world->tops[table];
    for (unsigned index = world->lows[table]; index < top; index++) {
        if (!world_row_is_free(world, table, index)) continue;
        world->lows[table] = (uint16_t)index;
        return index;
    }
    world->lows[table] = (uint16_t)top;
    if (top == limit_of(&world->limits, table)) {
        world_note_full(world, table);
        return NO_ROW;
    }
    world->tops[table] = (uint16_t)(top + 1);
    return top;
}

void world_take_at(struct world *world, enum table table, unsigned index) {
    assert(index < limit_of(&world->limits, table));
    assert(world_row_is_free(world, table, index));
    if (index >= world->tops[table]) world->tops[table] = (uint16_t)(index + 1);
}

void world_free(struct world *world, enum table table, unsigned index) {
    assert(index < world->tops[table]);
    memset(row(world, table, index), 0, row_sizes[table]);
    if (index < world->lows[table]) world->lows[table] = (uint16_t)index;
    while (world->tops[table] > 0 && world_row_is_free(world, table, world->tops[table] - 1u)) world->tops[table]--;
}

/* --- the wire ----------------------------------------------------------------------------------------------------- */

static uint8_t *wire(const struct world *world) {
    assert(world->limits.packets > 0);
    return (uint8_t *)(uintptr_t)world + world->wire_offset;
}

uint64_t *world_connection_urgencies(struct world *world) {
    return (uint64_t *)(void *)(wire(world) + world->limits.packets * sizeof(struct packet_row));
}

uint16_t *world_connection_chains(struct world *world) {
    return (uint16_t *)(void *)(world_connection_urgencies(world) + connection_blocks(&world->limits));
}

/* The same to look at: nothing is written through what these give. */
static struct world *unlocked(const struct world *world) { return (struct world *)(uintptr_t)world; }

const uint64_t *world_connection_urgencies_at(const struct world *world) {
    return world_connection_urgencies(unlocked(world));
}

const uint16_t *world_connection_chains_at(const struct world *world) {
    return world_connection_chains(unlocked(world));
}

const uint8_t *world_packet_slot_at(const struct world *world, unsigned position) {
    return world_packet_slot(unlocked(world), position);
}

const uint8_t *world_datagram_slot_at(const struct world *world, unsigned index) {
    return world_datagram_slot(unlocked(world), index);
}

const uint8_t *world_stream_at(const struct world *world, unsigned connection, unsigned ring) {
    return world_stream(unlocked(world), connection, ring);
}
