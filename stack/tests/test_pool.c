/* Reservations beside a plain list of them: they are granted, kept in the store, released and dropped at random, with
 * tokens that come again, in a small world and in a large one; after each step both worlds have to be as the list
 * is. */
#include "stack/ports/pool.h"

#include <stdlib.h>
#include <string.h>

#include "stack/ports/port_index.h"
#include "stack/tests/fixture.h"
#include "stack/tests/fixture_pair.h"

void register_pool_tests(void);

/* More rows than there may be tombstones, but not many. */
enum {
    ROWS = TOMBSTONES_MAX + 6,
    SOCKETS = 6,
    PROCESSES = 3,
    TOKENS = 2 * ROWS,
    BLOCKS = 100,
    QUESTIONS = 20,
    STEPS = 2000
};

static struct reservation list[ROWS];
static unsigned associated[SOCKETS];
static uint32_t last_serial;
static bool may_collide;

static struct world_limits limits_of_worlds(void) {
    struct world_limits limits = world_limits_small();
    limits.reservations = ROWS;
    limits.sockets = SOCKETS;
    return limits;
}

static int take_memory(void) {
    const struct world_limits limits = limits_of_worlds();
    return pair_take(&limits);
}

/* Of each protocol: one of IPv4 that has no port, one of IPv6 that has one, one of both that was accepted. */
static void make_socket_row(struct world *world, unsigned socket) {
    struct socket_row row = { .reservation = NO_ROW, .numbers = NO_ROW, .references = 1, .protocol = socket & 1 };
    row.family = socket < 2 ? 4 : 6;
    row.v6only = socket < 4;
    row.state = socket < 2 ? SOCKET_OPEN : SOCKET_BOUND;
    row.accepted = socket >= 4;
    row.port = socket < 2 ? 0 : (uint16_t)(50000 + socket);
    world_take_at(world, TABLE_SOCKETS, socket);
    *world_socket(world, socket) = row;
    if (!socket_holds_port(&row)) return;
    struct holder holder = socket_holder(world, socket);
    port_index_add(world, &holder);
}

static void begin(uint64_t seed, bool protocols_may_collide) {
    const struct world_limits limits = limits_of_worlds();
    pair_begin(&limits, seed);
    last_serial = 0;
    may_collide = protocols_may_collide;
    memset(list, 0, sizeof list);
    for (unsigned socket = 0; socket < SOCKETS; socket++) associated[socket] = NO_ROW;
    for (unsigned i = 0; i < WORLDS; i++) {
        for (unsigned process = 0; process < PROCESSES; process++) {
            world_take_at(worlds[i], TABLE_PROCESSES, process);
            world_process(worlds[i], process)->alive = 1;
        }
        for (unsigned socket = 0; socket < SOCKETS; socket++) make_socket_row(worlds[i], socket);
        unsigned other = Q23_MAY_COLLIDE == 0 ? 1 : 0;
        world_settle_reading(worlds[i], Q23_TOKEN_VALUES, may_collide ? Q23_MAY_COLLIDE : other);
    }
}

/* --- the list ----------------------------------------------------------------------------------------------------- */

static bool is_live(unsigned row) {
    return list[row].kind == RESERVATION_RUNTIME || list[row].kind == RESERVATION_PERSISTENT;
}

static void forget(unsigned row) {
    list[row] = (struct reservation){ 0 };
    for (unsigned socket = 0; socket < SOCKETS; socket++)
        if (associated[socket] == row) associated[socket] = NO_ROW;
}

static unsigned oldest_released(unsigned except, unsigned *count) {
    unsigned oldest = NO_ROW;
    *count = 0;
    for (unsigned row = 0; row < ROWS; row++) {
        if (list[row].kind != RESERVATION_RELEASED) continue;
        ++*count;
        if (row != except && (oldest == NO_ROW || list[row].serial < list[oldest].serial)) oldest = row;
    }
    return oldest;
}

/* The first one that is free, else the row of the oldest tombstone. */
static unsigned row_for_one_more(void) {
    for (unsigned row = 0; row < ROWS; row++)
        if (list[row].kind == RESERVATION_FREE) return row;
    unsigned count, oldest = oldest_released(NO_ROW, &count);
    if (oldest != NO_ROW) forget(oldest);
    return oldest;
}

static unsigned row_with(enum protocol protocol, uint64_t token, enum token_state state) {
    for (unsigned row = 0; token != 0 && row < ROWS; row++)
        if (list[row].kind != RESERVATION_FREE && list[row].token == token && list[row].protocol == protocol &&
            list[row].token_state == state)
            return row;
    return NO_ROW;
}

static enum protocol other_of(enum protocol protocol) { return protocol == PROTOCOL_TCP ? PROTOCOL_UDP : PROTOCOL_TCP; }

static bool has_live(enum protocol protocol) {
    for (unsigned row = 0; row < ROWS; row++)
        if (is_live(row) && list[row].protocol == protocol) return true;
    return false;
}

static bool is_live_token(enum protocol protocol, uint64_t token) {
    unsigned row = row_with(protocol, token, TOKEN_REPORTED);
    return row != NO_ROW && is_live(row);
}

/* May `own` (NO_ROW: a new one) of this protocol get the token? */
static bool is_possible(enum protocol protocol, unsigned own, bool may_stay, uint64_t token) {
    if (token == 0) return false;
    if (own != NO_ROW && list[own].token == token) return may_stay;
    bool apart = may_collide && has_live(other_of(protocol));
    return !is_live_token(protocol, token) && (apart || !is_live_token(other_of(protocol), token));
}

/* One gets the token: a tombstone that had it is forgotten, and an old token is old for good. */
static void take_token_away(enum protocol protocol, unsigned own, uint64_t token) {
    bool apart = may_collide && has_live(other_of(protocol));
    for (unsigned row = 0; row < ROWS; row++) {
        if (list[row].token != token || (apart && list[row].protocol != protocol)) continue;
        if (list[row].kind == RESERVATION_RELEASED) forget(row);
        else if (row != own && list[row].token_state == TOKEN_OLD) list[row].token_state = TOKEN_CHANGED;
    }
}

/* --- steps -------------------------------------------------------------------------------------------------------- */

static bool is_free_block(unsigned block) {
    for (unsigned row = 0; row < ROWS; row++)
        if (is_live(row) && list[row].first / 10 == block) return false;
    return true;
}

/* The first port of ten that no live reservation has one of. */
static unsigned free_block(void) {
    unsigned block = 100 + roll(BLOCKS);
    while (!is_free_block(block)) block = 100 + (block + 1) % BLOCKS;
    return 10 * block;
}

/* A token that one with this row may get, as a judge names it. */
static uint64_t possible_token(enum protocol protocol, unsigned own, bool may_stay) {
    uint64_t token = 0;
    while (!is_possible(protocol, own, may_stay, token)) token = roll(TOKENS);
    return token;
}

static void grant_one(void) {
    unsigned socket = roll(SOCKETS), process = roll(PROCESSES), first = free_block(), count = 1 + roll(10);
    enum protocol protocol = socket & 1 ? PROTOCOL_UDP : PROTOCOL_TCP;
    unsigned row = row_for_one_more();
    uint64_t token = possible_token(protocol, NO_ROW, false);
    for (unsigned i = 0; i < WORLDS; i++) {
        struct odometer odometer;
        odometer_init(&odometer);
        odometer_name(&odometer, CHOICE_TOKEN, token);
        CU_ASSERT_EQUAL(reservation_grant(worlds[i], &odometer.chooser, process, socket, first, count), row);
        CU_ASSERT_FALSE(odometer.refused);
        if (row != NO_ROW) CU_ASSERT_EQUAL(worlds[i]->block_cursor[protocol], first + count);
    }
    if (row == NO_ROW) return;
    take_token_away(protocol, NO_ROW, token);
    list[row] = (struct reservation){ .kind = RESERVATION_RUNTIME,
                                      .protocol = (uint8_t)protocol,
                                      .family = socket < 2 ? 4 : 6,
                                      .families = (uint8_t)(socket < 2   ? FAMILY_V4
                                                            : socket < 4 ? FAMILY_V6
                                                                         : FAMILY_BOTH),
                                      .first = (uint16_t)first,
                                      .count = count,
                                      .process = (uint16_t)process,
                                      .socket = (uint16_t)socket,
                                      .serial = ++last_serial,
                                      .token = token };
}

static void persist_one(void) {
    unsigned first = free_block(), count = 1 + roll(10);
    enum protocol protocol = roll(2) ? PROTOCOL_UDP : PROTOCOL_TCP;
    unsigned row = row_for_one_more();
    for (unsigned i = 0; i < WORLDS; i++) CU_ASSERT_EQUAL(reservation_persist(worlds[i], protocol, first, count), row);
    if (row == NO_ROW) return;
    list[row] = (struct reservation){ .kind = RESERVATION_PERSISTENT,
                                      .protocol = (uint8_t)protocol,
                                      .families = FAMILY_BOTH,
                                      .first = (uint16_t)first,
                                      .count = count,
                                      .process = NO_ROW,
                                      .socket = NO_ROW,
                                      .serial = ++last_serial,
                                      .token_state = TOKEN_CHANGED };
}

static void give_a_token(unsigned row) {
    bool may_stay = roll(2);
    enum protocol protocol = (enum protocol)list[row].protocol;
    uint64_t token = possible_token(protocol, row, may_stay);
    for (unsigned i = 0; i < WORLDS; i++) {
        struct odometer odometer;
        odometer_init(&odometer);
        odometer_name(&odometer, CHOICE_TOKEN, token);
        reservation_give_token(worlds[i], &odometer.chooser, row, may_stay);
        CU_ASSERT_FALSE(odometer.refused);
    }
    take_token_away(protocol, row, token);
    list[row].token = token;
    list[row].token_state = TOKEN_REPORTED;
}

/* As after a restart. */
static void let_its_token_be_old(unsigned row) {
    if (list[row].token == 0 || list[row].token_state != TOKEN_REPORTED) return;
    list[row].token_state = TOKEN_OLD;
    for (unsigned i = 0; i < WORLDS; i++) world_reservation(worlds[i], row)->token_state = TOKEN_OLD;
}

static void narrow_one(unsigned row) {
    unsigned off = roll(list[row].count), count = 1 + roll(list[row].count - off);
    list[row].first = (uint16_t)(list[row].first + off);
    list[row].count = count;
    list[row].cursor = 0;
    for (unsigned i = 0; i < WORLDS; i++) {
        world_reservation(worlds[i], row)->cursor = 1;
        reservation_narrow(worlds[i], row, list[row].first, count);
    }
}

static void release_one(unsigned row) {
    for (unsigned i = 0; i < WORLDS; i++) reservation_release(worlds[i], row);
    const struct reservation kept = list[row];
    forget(row);
    list[row] = (struct reservation){ .kind = RESERVATION_RELEASED,
                                      .protocol = kept.protocol,
                                      .process = kept.process,
                                      .serial = kept.serial,
                                      .token = kept.token };
    unsigned count, oldest = oldest_released(row, &count);
    if (count > TOMBSTONES_MAX) forget(oldest);
}

static void drop_one(unsigned row) {
    for (unsigned i = 0; i < WORLDS; i++) reservation_drop(worlds[i], row);
    forget(row);
}

static bool was_acquired(unsigned row, unsigned process, unsigned socket) {
    return list[row].kind == RESERVATION_RUNTIME && list[row].socket == socket &&
           (process == NO_ROW || list[row].process == process);
}

/* A process closes its handle to a socket; or the last one is closed. */
static void drop_of_socket(unsigned process, unsigned socket) {
    bool any = false;
    for (unsigned row = 0; row < ROWS; row++) any = any || was_acquired(row, process, socket);
    for (unsigned i = 0; i < WORLDS; i++) {
        if (process != NO_ROW) CU_ASSERT_EQUAL(reservation_held_on(worlds[i], process, socket), any);
        if (process == NO_ROW) reservation_drop_of_socket(worlds[i], socket);
        else reservation_drop_of_owner(worlds[i], process, socket);
    }
    for (unsigned row = 0; row < ROWS; row++)
        if (was_acquired(row, process, socket)) forget(row);
}

static void end_a_process(unsigned process) {
    for (unsigned i = 0; i < WORLDS; i++) reservation_drop_of_process(worlds[i], process);
    for (unsigned row = 0; row < ROWS; row++) {
        if (list[row].kind == RESERVATION_FREE || list[row].process != process) continue;
        if (list[row].kind == RESERVATION_RELEASED) forget(row);
        else list[row].process = NO_ROW;
    }
}

static void associate_one(unsigned row) {
    unsigned socket = roll(SOCKETS);
    associated[socket] = is_live(row) ? row : (unsigned)NO_ROW;
    for (unsigned i = 0; i < WORLDS; i++) pool_associate(worlds[i], socket, associated[socket]);
}

static unsigned any_runtime(void) {
    unsigned from = roll(ROWS);
    for (unsigned i = 0; i < ROWS; i++)
        if (list[(from + i) % ROWS].kind == RESERVATION_RUNTIME) return (from + i) % ROWS;
    return NO_ROW;
}

/* `quiet`: it is granted and released, and little else, so that there are as many tombstones as there may be. */
static void step(bool quiet) {
    unsigned what = quiet ? 4 + roll(7) : roll(20), row = roll(ROWS);
    bool persistent = list[row].kind == RESERVATION_PERSISTENT;
    if (what < 7) grant_one();
    else if (what == 7 && roll(3) == 0) persist_one();
    else if (what < 11 && any_runtime() != NO_ROW) release_one(any_runtime());
    else if (what < 14 && is_live(row)) associate_one(row);
    else if (what == 14 && persistent) give_a_token(row);
    else if (what == 15 && persistent) let_its_token_be_old(row);
    else if (what == 16 && persistent) narrow_one(row);
    else if (what == 17 && list[row].kind != RESERVATION_FREE && roll(4) == 0) drop_one(row);
    else if (what == 18 && roll(4) == 0) drop_of_socket(roll(2) ? roll(PROCESSES) : (unsigned)NO_ROW, roll(SOCKETS));
    else if (what == 19 && roll(30) == 0) end_a_process(roll(PROCESSES));
}

/* --- questions ---------------------------------------------------------------------------------------------------- */

static void ask_of_row(const struct world *world, unsigned row) {
    CU_ASSERT(memcmp(world_reservation_at(world, row), &list[row], sizeof list[row]) == 0);
    if (!is_live(row)) return;
    bool in_use = false;
    unsigned count = 0, found = 0;
    for (unsigned socket = 0; socket < SOCKETS; socket++) {
        count += associated[socket] == row;
        in_use = in_use || (associated[socket] == row && (socket == 2 || socket == 3));
    }
    for (unsigned i = pool_next_associated(world, row, NO_ROW); i != NO_ROW; i = pool_next_associated(world, row, i)) {
        CU_ASSERT_EQUAL(associated[i], row);
        found++;
    }
    CU_ASSERT_EQUAL(found, count);
    CU_ASSERT_EQUAL(pool_reservation_associated(world, row), count > 0);
    CU_ASSERT_EQUAL(pool_reservation_in_use(world, row), in_use);
}

static void ask_of_socket(const struct world *world, unsigned socket) {
    unsigned count = 0, found = 0;
    for (unsigned row = 0; row < ROWS; row++) count += was_acquired(row, NO_ROW, socket);
    for (unsigned i = pool_next_acquired(world, socket, NO_ROW); i != NO_ROW;
         i = pool_next_acquired(world, socket, i)) {
        CU_ASSERT(was_acquired(i, NO_ROW, socket));
        found++;
    }
    CU_ASSERT_EQUAL(found, count);
    CU_ASSERT_EQUAL(pool_association(world, world_socket_at(world, socket)), associated[socket]);
}

static void ask_of_token(const struct world *world, uint64_t token) {
    for (unsigned i = 0; i < PROTOCOLS_COUNT; i++) {
        enum protocol protocol = i == 0 ? PROTOCOL_TCP : PROTOCOL_UDP, other = other_of(protocol);
        unsigned row = row_with(protocol, token, TOKEN_REPORTED), old = row_with(protocol, token, TOKEN_OLD);
        if (row == NO_ROW) row = row_with(other, token, TOKEN_REPORTED);
        if (old == NO_ROW) old = row_with(other, token, TOKEN_OLD);
        CU_ASSERT_EQUAL(pool_find_token(world, protocol, token), row);
        CU_ASSERT_EQUAL(pool_find_old_token(world, protocol, token), old);
    }
}

static void ask(void) {
    for (unsigned i = 0; i < WORLDS; i++) {
        CU_ASSERT_EQUAL(worlds[i]->reservation_serial, last_serial);
        if (roll(4) == 0) CU_ASSERT_PTR_NULL(pool_check(worlds[i]));
        for (unsigned row = 0; row < ROWS; row++) ask_of_row(worlds[i], row);
        for (unsigned socket = 0; socket < SOCKETS; socket++) ask_of_socket(worlds[i], socket);
        for (unsigned k = 0; k < QUESTIONS; k++) ask_of_token(worlds[i], roll(TOKENS));
    }
}

static void reservations_are_as_a_plain_list(void) {
    unsigned failures = CU_get_number_of_failures();
    for (unsigned i = 0; i < STEPS && CU_get_number_of_failures() == failures; i++) {
        if (i % 500 == 0) begin(i + 1, i >= 1000);
        step(i % 500 < 300);
        ask();
    }
}

/* Nor does the model go on with one that another has, or with none. */
static void a_token_that_cannot_be_is_refused(void) {
    for (unsigned i = 0; i < WORLDS; i++) {
        begin(1, false);
        struct odometer odometer;
        for (uint64_t token = 0; token <= 1; token++) {
            odometer_init(&odometer);
            odometer_name(&odometer, CHOICE_TOKEN, 1);
            if (token == 0) reservation_grant(worlds[i], &odometer.chooser, 0, 0, 1000, 1);
            odometer_name(&odometer, CHOICE_TOKEN, token);
            odometer.repairs = true;
            unsigned row = reservation_grant(worlds[i], &odometer.chooser, 0, 0, 2000 + (unsigned)token, 1);
            CU_ASSERT(odometer.refused && !odometer.repaired);
            CU_ASSERT(odometer.refused_first == 1 && odometer.refused_last == UINT64_MAX);
            CU_ASSERT(world_reservation(worlds[i], row)->token > 1);
        }
        CU_ASSERT_PTR_NULL(pool_check(worlds[i]));
    }
}

/* A preference of an ordinary machine, which is asked for no number: the next one, and after the last the first. */
static void after_the_last_token_comes_the_first(void) {
    static const struct {
        uint64_t is, comes;
    } cases[] = { { UINT64_MAX, 1 }, { UINT64_MAX - 1, UINT64_MAX }, { 7, 8 }, { 1, 2 } };
    const struct profile *windows = profile_named("windows");
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0] * WORLDS; i++) {
        begin(1, false);
        struct world *world = worlds[i % WORLDS];
        struct odometer odometer;
        struct simulating_chooser ordinary;
        odometer_init(&odometer);
        odometer_name(&odometer, CHOICE_TOKEN, cases[i / WORLDS].is);
        unsigned row = reservation_persist(world, PROTOCOL_TCP, 1000, 1);
        reservation_give_token(world, &odometer.chooser, row, false);
        simulating_chooser_init(&ordinary, windows, 0);
        reservation_give_token(world, &ordinary.chooser, row, true);
        CU_ASSERT_EQUAL(world_reservation(world, row)->token, cases[i / WORLDS].comes);
    }
}

void register_pool_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/ports pool", take_memory, pair_give_back);
    CU_add_test(suite, "reservations are as a plain list", reservations_are_as_a_plain_list);
    CU_add_test(suite, "a token that cannot be is refused", a_token_that_cannot_be_is_refused);
    CU_add_test(suite, "after the last token comes the first", after_the_last_token_comes_the_first);
}
