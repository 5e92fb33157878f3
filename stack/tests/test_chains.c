/* Chains of a large world: their order, what stands in them, and that a wrong one is found. The invariants are broken
 * by hand here, one at a time, and the check has to name each. */
#include "stack/chains.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "stack/ports/pool.h"
#include "stack/system/handles.h"
#include "stack/tests/fixture_netsh.h"

void register_chains_tests(void);

static void *memory;

/* A machine whose world has indexes and chains. */
static void large_machine(struct machine *m) {
    struct world_limits limits = world_limits_small();
    limits.indexed = 1;
    machine_begin(m);
    m->world = world_create(memory, &limits);
    model_process_start(m->world, PROCESS_APP, APP, 0, 0x0202);
}

static int take_memory(void) {
    struct world_limits limits = world_limits_small();
    limits.indexed = 1;
    memory = malloc(world_bytes(&limits));
    return memory == NULL;
}

static int give_back(void) {
    free(memory);
    return 0;
}

static void a_chain_keeps_its_order(void) {
    struct machine m;
    large_machine(&m);
    CU_ASSERT_EQUAL(chain_count(m.world, CHAIN_ASSOCIATED, 3), 0);
    chain_append(m.world, CHAIN_ASSOCIATED, 3, 10);
    chain_append(m.world, CHAIN_ASSOCIATED, 3, 7);
    chain_link(m.world, CHAIN_ASSOCIATED, 3, 20, 10);
    chain_link(m.world, CHAIN_ASSOCIATED, 3, 1, NO_ROW);
    static const unsigned expected[] = { 1, 10, 20, 7 };
    unsigned row = NO_ROW;
    for (unsigned i = 0; i < 4; i++) {
        row = chain_next(m.world, CHAIN_ASSOCIATED, 3, row);
        CU_ASSERT_EQUAL(row, expected[i]);
    }
    CU_ASSERT_EQUAL(chain_next(m.world, CHAIN_ASSOCIATED, 3, row), NO_ROW);
    CU_ASSERT_EQUAL(chain_count(m.world, CHAIN_ASSOCIATED, 3), 4);
    chain_remove(m.world, CHAIN_ASSOCIATED, 3, 7);
    chain_remove(m.world, CHAIN_ASSOCIATED, 3, 10);
    chain_remove(m.world, CHAIN_ASSOCIATED, 3, 1);
    CU_ASSERT_EQUAL(chain_next(m.world, CHAIN_ASSOCIATED, 3, NO_ROW), 20);
    CU_ASSERT_EQUAL(chain_before(m.world, CHAIN_ASSOCIATED, 3, NO_ROW), 20);
    CU_ASSERT_EQUAL(chain_count(m.world, CHAIN_ASSOCIATED, 3), 1);
}

/* An acquirer with a reservation, a socket that is associated with it, a tombstone. */
static unsigned with_reservation(struct machine *m) {
    large_machine(m);
    uint64_t acquirer = tcp(m);
    struct grant kept = granted(m, acquirer, 0, 2), let_go = granted(m, acquirer, 0, 2);
    release(m, acquirer, let_go.token);
    associate(m, tcp(m), kept.token);
    CU_ASSERT_PTR_NULL(model_check(m->world));
    return pool_find_token(m->world, PROTOCOL_TCP, kept.token);
}

static void what_belongs_together_is_chained(void) {
    struct machine m;
    unsigned reservation = with_reservation(&m);
    CU_ASSERT_NOT_EQUAL_FATAL(reservation, NO_ROW);
    unsigned acquirer = world_reservation(m.world, reservation)->socket;
    CU_ASSERT_EQUAL(pool_next_acquired(m.world, acquirer, NO_ROW), reservation);
    CU_ASSERT_EQUAL(pool_next_acquired(m.world, acquirer, reservation), NO_ROW);
    unsigned user = pool_next_associated(m.world, reservation, NO_ROW);
    CU_ASSERT_NOT_EQUAL_FATAL(user, NO_ROW);
    CU_ASSERT_EQUAL(pool_association(m.world, world_socket(m.world, user)), reservation);
    CU_ASSERT_EQUAL(pool_next_associated(m.world, reservation, user), NO_ROW);
}

/* The user keeps the fact that it was associated, and may be associated anew. */
static void who_loses_a_reservation_leaves_its_chain(void) {
    struct machine m;
    unsigned reservation = with_reservation(&m);
    unsigned user = pool_next_associated(m.world, reservation, NO_ROW);
    reservation_drop(m.world, reservation);
    CU_ASSERT_EQUAL(world_socket(m.world, user)->reservation, reservation);
    CU_ASSERT_EQUAL(pool_association(m.world, world_socket(m.world, user)), NO_ROW);
    CU_ASSERT_EQUAL(chain_count(m.world, CHAIN_ASSOCIATED, reservation), 0);
    CU_ASSERT_PTR_NULL(model_check(m.world));
}

/* Exclusions of the same ports, of the other protocol or only in the store, are none of those that were deleted. */
static void ports_are_free_once_their_exclusion_is_deleted(void) {
    struct machine m;
    struct grant grant;
    large_machine(&m);
    expect_ok(add_range_of(&m, PROTOCOL_UDP, 5000, 4, NETSH_PERSISTENT));
    expect_ok(add_range(&m, 5000, 4, NETSH_PERSISTENT));
    expect_error(WSAEADDRINUSE, acquire(&m, tcp(&m), 5001, 1, &grant));
    expect_ok(delete_range(&m, 5000, 4, NETSH_ACTIVE));
    expect_ok(acquire(&m, tcp(&m), 5001, 1, &grant));
    expect_error(WSAEADDRINUSE, acquire(&m, udp(&m), 5001, 1, &grant));
}

/* The first letters of what the check says, or "" when it says nothing. */
static bool finds(const struct machine *m, const char *invariant) {
    const char *broken = model_check(m->world);
    if (broken == NULL || strncmp(broken, invariant, strlen(invariant)) != 0)
        printf("\n    %s was expected, and the check says: %s", invariant, broken == NULL ? "nothing" : broken);
    return broken != NULL && strncmp(broken, invariant, strlen(invariant)) == 0;
}

static void a_wrong_chain_is_found(void) {
    struct machine m;
    unsigned reservation = with_reservation(&m);
    unsigned acquirer = world_reservation(m.world, reservation)->socket;
    chain_remove(m.world, CHAIN_ACQUIRED, acquirer, reservation);
    CU_ASSERT_TRUE(finds(&m, "P7"));
    chain_append(m.world, CHAIN_ACQUIRED, acquirer + 1, reservation);
    CU_ASSERT_TRUE(finds(&m, "P7"));
    reservation = with_reservation(&m);
    chain_remove(m.world, CHAIN_ASSOCIATED, reservation, pool_next_associated(m.world, reservation, NO_ROW));
    CU_ASSERT_TRUE(finds(&m, "P7"));
    with_reservation(&m);
    chain_remove(m.world, CHAIN_TOMBSTONES, 0, chain_next(m.world, CHAIN_TOMBSTONES, 0, NO_ROW));
    CU_ASSERT_TRUE(finds(&m, "P7"));
    with_reservation(&m);
    unsigned first = handle_after(m.world, PROCESS_APP, NO_ROW);
    chain_remove(m.world, CHAIN_HANDLES, PROCESS_APP, first);
    CU_ASSERT_TRUE(finds(&m, "H6"));
    chain_append(m.world, CHAIN_HANDLES, PROCESS_APP, first);
    CU_ASSERT_TRUE(finds(&m, "H6"));
}

/* A member's link back leads elsewhere: forth the chain has all of its members still. */
static void a_wrong_link_back_is_found(void) {
    struct machine m;
    large_machine(&m);
    for (unsigned row = 3; row < 6; row++) chain_append(m.world, CHAIN_ASSOCIATED, 3, row);
    CU_ASSERT_EQUAL(chain_count(m.world, CHAIN_ASSOCIATED, 3), 3);
    const struct chain_offsets *offsets = (const void *)((const uint8_t *)m.world + m.world->chains_offset);
    for (unsigned row = 3; row < 6; row++) {
        uint8_t *back = (uint8_t *)m.world + offsets->of[CHAIN_ASSOCIATED][1] + 4 * row + 2;
        uint16_t was, others[] = { 0, 3 + 1, 4 + 1, 5 + 1, 7 + 1 };
        memcpy(&was, back, sizeof was);
        for (unsigned i = 0; i < sizeof others / sizeof others[0]; i++) {
            memcpy(back, &others[i], sizeof was);
            unsigned count = chain_count(m.world, CHAIN_ASSOCIATED, 3);
            CU_ASSERT_EQUAL(count, others[i] == was ? 3 : UINT_MAX);
        }
        memcpy(back, &was, sizeof was);
    }
}

static void a_wrong_count_is_found(void) {
    struct machine m;
    unsigned reservation = with_reservation(&m);
    m.world->granted[PROTOCOL_TCP][0]++;
    CU_ASSERT_TRUE(finds(&m, "P6"));
    m.world->granted[PROTOCOL_TCP][0]--;
    m.world->waiting++;
    CU_ASSERT_TRUE(finds(&m, "H7"));
    m.world->waiting--;
    world_socket(m.world, 0)->references++;
    CU_ASSERT_TRUE(finds(&m, "H3"));
    world_socket(m.world, 0)->references--;
    CU_ASSERT_PTR_NULL(model_check(m.world));
    world_reservation(m.world, reservation)->count++;
    CU_ASSERT_TRUE(finds(&m, "X4"));
    world_reservation(m.world, reservation)->count--;
    uint64_t token = world_reservation(m.world, reservation)->token++;
    CU_ASSERT_TRUE(finds(&m, "P3"));
    world_reservation(m.world, reservation)->token = token;
    CU_ASSERT_PTR_NULL(model_check(m.world));
}

void register_chains_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/chains", take_memory, give_back);
    CU_add_test(suite, "a chain keeps its order", a_chain_keeps_its_order);
    CU_add_test(suite, "what belongs together is chained", what_belongs_together_is_chained);
    CU_add_test(suite, "who loses a reservation leaves its chain", who_loses_a_reservation_leaves_its_chain);
    CU_add_test(suite, "ports are free once their exclusion is deleted",
                ports_are_free_once_their_exclusion_is_deleted);
    CU_add_test(suite, "a wrong chain is found", a_wrong_chain_is_found);
    CU_add_test(suite, "a wrong link back is found", a_wrong_link_back_is_found);
    CU_add_test(suite, "a wrong count is found", a_wrong_count_is_found);
}
