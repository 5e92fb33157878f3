/* The block that a world is: how long it is, which readings are settled in it, when another one is its copy, and the
 * dynamic ranges, of which what is the same is kept once. */
#include <string.h>

#include "stack/ports/dynamic_range.h"
#include "stack/tests/fixture_busy.h"

void register_world_tests(void);

/* --- its length --------------------------------------------------------------------------------------------------- */

static size_t to_eight(size_t bytes) { return bytes % 8 == 0 ? bytes : bytes + 8 - bytes % 8; }

/* Of an owner two links, of a member two: 16 bits each. */
static size_t bytes_of_chains(const struct world_limits *limits) {
    const unsigned owners[] = { limits->processes, limits->reservations, limits->sockets, limits->reservations,
                                limits->reservations };
    const unsigned members[] = { limits->handles, limits->sockets, limits->reservations, limits->reservations,
                                 limits->reservations };
    size_t bytes = to_eight(sizeof(struct chain_offsets));
    for (unsigned i = 0; i < CHAINS_COUNT; i++) bytes += to_eight(4 * owners[i]) + to_eight(4 * members[i]);
    return bytes;
}

static void indexes_and_chains_are_what_a_large_world_has_more(void) {
    for (uint16_t more = 0; more < 4; more++) {
        struct world_limits limits = world_limits_small();
        limits.sockets += more, limits.handles += more, limits.reservations += more, limits.processes += more;
        size_t small = world_bytes(&limits);
        limits.indexed = 1;
        size_t added = PORT_INDEX_BYTES + HANDLE_INDEX_BYTES + bytes_of_chains(&limits);
        CU_ASSERT_EQUAL(world_bytes(&limits), small + added);
    }
}

/* Two copies of a header and entries, each a number of whole sectors, for each protocol. */
static void a_store_is_whole_sectors(void) {
    for (uint16_t capacity = 0; capacity < 40; capacity++) {
        size_t copy = capacity == 0 ? 0 : STORE_HEADER_BYTES + capacity * (size_t)STORE_ENTRY_BYTES;
        while (copy % STORE_SECTOR_BYTES != 0) copy++;
        CU_ASSERT_EQUAL(store_bytes(capacity), 2 * copy);
        struct world_limits limits = world_limits_small();
        limits.stored = 0;
        size_t without = world_bytes(&limits);
        limits.stored = capacity;
        CU_ASSERT_EQUAL(world_bytes(&limits), without + 4 * copy);
    }
}

/* Rows of packets, urgencies of blocks and chains of connections; slots of packets and datagrams, two rings each. */
static void a_wire_is_as_long_as_its_parts(void) {
    for (uint16_t more = 0; more < 4; more++) {
        struct world_limits limits = world_limits_small();
        world_limits_add_wire(&limits);
        limits.connections = (uint16_t)(CONNECTION_BLOCK_ROWS - 2 + more);
        limits.packet_bytes += more;
        limits.datagrams = limits.requests = 0; /* which have rows of their own */
        size_t whole = world_bytes(&limits);
        size_t chains = limits.connections > 64 ? 128 : 64, blocks = limits.connections > 64 ? 2 : 1;
        size_t rows = limits.packets * sizeof(struct packet_row) + blocks * 8 + chains * 2;
        size_t contents = limits.packets * (size_t)limits.packet_bytes + limits.connections * 2 * limits.stream_bytes;
        size_t wire = to_eight(rows) + to_eight(contents);
        wire += to_eight(limits.connections * sizeof(struct connection_row));
        limits.packets = limits.connections = 0;
        CU_ASSERT_EQUAL(whole, world_bytes(&limits) + wire);
    }
}

/* --- readings ----------------------------------------------------------------------------------------------------- */

/* What is settled stays, what no one asks is left alone, the rest is as the profile has it. */
static void a_profile_settles_what_is_open(void) {
    struct machine m;
    machine_begin(&m);
    static const struct profile silent;
    const struct profile *windows = profile_named("windows");
    const uint8_t *asked = readings_asked();
    unsigned settled = 0, left = 0;
    uint8_t before[READINGS_MAX];
    world_settle_profile(m.world, &silent);
    memcpy(before, m.world->readings, sizeof before);
    for (unsigned question = 0; question < READINGS_MAX; question++) CU_ASSERT_EQUAL(before[question], 0);
    world_settle_reading(m.world, Q34_FAMILIES, Q34_APART);
    world_settle_reading(m.world, Q23_TOKEN_VALUES, Q23_MAY_COLLIDE);
    world_settle_profile(m.world, windows);
    for (unsigned question = 0; question < READINGS_MAX; question++) {
        uint8_t expected = asked[question] ? windows->answers[question] : 0;
        if (question == Q34_FAMILIES) expected = Q34_APART + 1;
        if (question == Q23_TOKEN_VALUES) expected = Q23_MAY_COLLIDE + 1;
        CU_ASSERT_EQUAL(m.world->readings[question], expected);
        settled += expected != 0;
        left += expected == 0;
    }
    CU_ASSERT(settled > 50 && left > 0);
}

/* --- copies ------------------------------------------------------------------------------------------------------- */

/* Every byte before the packets' own is compared, but those of the readings. */
static void each_byte_makes_another_world(void) {
    static struct machine busy;
    static _Alignas(8) uint8_t copy[MACHINE_WORLD_BYTES];
    busy_world(&busy, false);
    const size_t readings = offsetof(struct world, readings);
    struct world *other = (void *)copy;
    world_clone(copy, busy.world);
    CU_ASSERT_TRUE(world_is_copy_but_readings(busy.world, other));
    for (size_t at = sizeof(struct world_limits) + 4; at < busy.world->slots_offset; at++) {
        bool counts = at < readings || at >= readings + READINGS_MAX;
        /* Where the parts are, and how many rows there are, is the same in worlds that are compared. */
        if (at < offsetof(struct world, waiting)) continue;
        copy[at] ^= 1;
        CU_ASSERT_EQUAL(world_is_copy_but_readings(busy.world, other), !counts);
        copy[at] ^= 1;
    }
}

/* --- dynamic ranges ----------------------------------------------------------------------------------------------- */

static void what_is_the_same_is_kept_once(void) {
    static const struct dynamic_range other = { 20000, 20999 }, usual = { 49152, 65535 };
    struct machine m;
    machine_begin(&m);
    struct world *world = m.world;
    for (unsigned protocol = 0; protocol < PROTOCOLS_COUNT; protocol++) {
        dynamic_range_move(world, (enum protocol)protocol, true, other, true);
        CU_ASSERT(world->dynamic_first[protocol] == 49152 && world->dynamic_last[protocol] == 65535);
        CU_ASSERT(world->dynamic_v6_first[protocol] == 20000 && world->dynamic_v6_last[protocol] == 20999);
        CU_ASSERT(world->dynamic_stored_first[protocol][1] == 0 && world->dynamic_stored_last[protocol][1] == 0);
        dynamic_range_move(world, (enum protocol)protocol, false, other, false);
        CU_ASSERT(world->dynamic_first[protocol] == 20000 && world->dynamic_last[protocol] == 20999);
        CU_ASSERT(world->dynamic_v6_first[protocol] == 0 && world->dynamic_v6_last[protocol] == 0);
        CU_ASSERT(world->dynamic_stored_first[protocol][0] == 49152 &&
                  world->dynamic_stored_last[protocol][0] == 65535);
        CU_ASSERT(world->dynamic_stored_first[protocol][1] == 0 && world->dynamic_stored_last[protocol][1] == 0);
        dynamic_range_boot(world);
        CU_ASSERT(world->dynamic_first[protocol] == 49152 && world->dynamic_v6_first[protocol] == 20000);
        CU_ASSERT(world->dynamic_stored_first[protocol][0] == 0 && world->dynamic_stored_last[protocol][0] == 0);
        dynamic_range_move(world, (enum protocol)protocol, true, usual, true);
        CU_ASSERT(world->dynamic_v6_first[protocol] == 0 && world->dynamic_v6_last[protocol] == 0);
        CU_ASSERT(world->dynamic_stored_first[protocol][1] == 0 && world->dynamic_stored_last[protocol][1] == 0);
    }
}

void register_world_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/world", NULL, NULL);
    CU_add_test(suite, "indexes and chains are what a large world has more",
                indexes_and_chains_are_what_a_large_world_has_more);
    CU_add_test(suite, "a store is whole sectors", a_store_is_whole_sectors);
    CU_add_test(suite, "a wire is as long as its parts", a_wire_is_as_long_as_its_parts);
    CU_add_test(suite, "a profile settles what is open", a_profile_settles_what_is_open);
    CU_add_test(suite, "each byte makes another world", each_byte_makes_another_world);
    CU_add_test(suite, "what is the same is kept once", what_is_the_same_is_kept_once);
}
