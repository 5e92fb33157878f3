/* The pool of ports beside a plain search over its rows. Holders come and go at random, near the bounds of words of the
 * index and of the port space, in a small world and in a large one; after each the pool of both, and the index, have to
 * answer as the search does. And the index is broken, bit by bit: its check has to see it. */
#include "stack/ports/port_index.h"

#include <stdlib.h>
#include <string.h>

#include "stack/ports/pool.h"
#include "stack/tests/fixture.h"
#include "stack/tests/fixture_pair.h"
#include "stack/transport/connection_index.h"

void register_port_index_tests(void);

enum { SOCKETS = 30, RESERVATIONS = 24, EXCLUSIONS = 12, CONNECTIONS = 8, STEPS = 1500, QUESTIONS = 20 };

static struct world_limits limits_of_worlds(void) {
    struct world_limits limits = world_limits_small();
    world_limits_add_wire(&limits);
    limits.sockets = SOCKETS;
    limits.reservations = RESERVATIONS;
    limits.exclusions = EXCLUSIONS;
    limits.connections = CONNECTIONS;
    return limits;
}

static int take_memory(void) {
    const struct world_limits limits = limits_of_worlds();
    return pair_take(&limits);
}

static void begin(uint64_t seed) {
    const struct world_limits limits = limits_of_worlds();
    pair_begin(&limits, seed);
}

/* --- who comes and goes ------------------------------------------------------------------------------------------- */

/* At the first and the last ports, and where a word of ports ends, or a word of such words. */
static unsigned draw_port(void) {
    static const unsigned near[] = { 1, 1, 128, 4096 - 40, 8192 - 40, 65536 - 130, 65536 - 70, 65536 - 70 };
    static const unsigned close[] = { 1, 60, 4092, 65536 - 8 };
    return roll(2) ? close[roll(4)] + roll(8) : near[roll(8)] + roll(70);
}

static unsigned draw_count(unsigned first) {
    unsigned count = roll(8) != 0 ? roll(5) : roll(4) != 0 ? 60 + roll(10) : 4000 + roll(200);
    return first + count > PORTS_END ? PORTS_END - first : count;
}

static void enter_connection(unsigned row) {
    struct connection_row made = { .used = 1, .socket = NO_ROW, .listener = NO_ROW };
    made.tcp.local_port = (uint16_t)draw_port();
    made.tcp.family = roll(2) ? 4 : 6;
    if (roll(4) == 0) made.socket = 0;
    else if (roll(4) == 0) made.listener = 0;
    for (unsigned i = 0; i < WORLDS; i++) {
        world_take_at(worlds[i], TABLE_CONNECTIONS, row);
        *world_connection(worlds[i], row) = made;
        connection_index_add(worlds[i], row);
    }
}

static void leave_connection(unsigned row) {
    for (unsigned i = 0; i < WORLDS; i++) {
        connection_index_remove(worlds[i], row);
        world_free(worlds[i], TABLE_CONNECTIONS, row);
    }
}

static void enter_socket(unsigned row) {
    struct socket_row made = { .state = (uint8_t)(SOCKET_OPEN + roll(5)), .reservation = NO_ROW, .numbers = NO_ROW };
    made.protocol = roll(2) & 3;
    made.family = roll(2) ? 4 : 6;
    made.v6only = made.family == 6 && roll(2);
    made.accepted = roll(6) == 0;
    made.port = (uint16_t)draw_port();
    for (unsigned i = 0; i < WORLDS; i++) {
        world_take_at(worlds[i], TABLE_SOCKETS, row);
        *world_socket(worlds[i], row) = made;
        if (!socket_holds_port(&made)) continue;
        struct holder holder = socket_holder(worlds[i], row);
        port_index_add(worlds[i], &holder);
    }
}

static void leave_socket(unsigned row) {
    for (unsigned i = 0; i < WORLDS; i++) {
        if (socket_holds_port(world_socket(worlds[i], row))) {
            struct holder holder = socket_holder(worlds[i], row);
            port_index_remove(worlds[i], &holder);
        }
        world_free(worlds[i], TABLE_SOCKETS, row);
    }
}

/* Two of one family, or two persistent ones, share no port. */
static bool may_be_entered(const struct reservation *made) {
    if (!reservation_is_live(made)) return true;
    for (unsigned i = 0; i < world_top(worlds[SMALL], TABLE_RESERVATIONS); i++) {
        const struct reservation *row = world_reservation(worlds[SMALL], i);
        if (row->kind != made->kind || row->protocol != made->protocol) continue;
        bool apart = row->first + row->count <= made->first || made->first + made->count <= row->first;
        if (!apart && (row->families & made->families) != 0) return false;
    }
    return true;
}

static void enter_reservation(unsigned row) {
    struct reservation made = { .kind = (uint8_t)(RESERVATION_RUNTIME + roll(3)) };
    made.protocol = (uint8_t)roll(2);
    made.families = (uint8_t)(made.kind == RESERVATION_PERSISTENT ? FAMILY_BOTH : 1 + roll(3));
    made.first = (uint16_t)draw_port();
    made.count = draw_count(made.first);
    if (!may_be_entered(&made)) return;
    for (unsigned i = 0; i < WORLDS; i++) {
        world_take_at(worlds[i], TABLE_RESERVATIONS, row);
        *world_reservation(worlds[i], row) = made;
        if (!reservation_is_live(&made)) continue;
        struct holder holder = reservation_holder(worlds[i], row);
        port_index_add(worlds[i], &holder);
    }
}

static void leave_reservation(unsigned row) {
    for (unsigned i = 0; i < WORLDS; i++) {
        if (reservation_is_live(world_reservation(worlds[i], row))) {
            struct holder holder = reservation_holder(worlds[i], row);
            port_index_remove(worlds[i], &holder);
        }
        world_free(worlds[i], TABLE_RESERVATIONS, row);
    }
}

/* Exclusions may overlap, and those that sleep hold nothing. */
static void enter_exclusion(unsigned row) {
    struct exclusion made = { .state = roll(4) != 0 ? EXCLUSION_ACTIVE : EXCLUSION_DORMANT, .administered = 1 };
    made.protocol = (uint8_t)roll(2);
    made.first = (uint16_t)draw_port();
    unsigned count = draw_count(made.first);
    made.last = (uint16_t)(made.first + count - (count > 0));
    for (unsigned i = 0; i < WORLDS; i++) {
        world_take_at(worlds[i], TABLE_EXCLUSIONS, row);
        *world_exclusion(worlds[i], row) = made;
        struct holder holder = exclusion_holder(&made);
        if (made.state == EXCLUSION_ACTIVE) port_index_add(worlds[i], &holder);
    }
}

static void leave_exclusion(unsigned row) {
    const struct exclusion left = *world_exclusion(worlds[SMALL], row);
    struct holder holder = exclusion_holder(&left);
    for (unsigned i = 0; i < WORLDS; i++) {
        world_free(worlds[i], TABLE_EXCLUSIONS, row);
        if (left.state == EXCLUSION_ACTIVE) port_index_remove(worlds[i], &holder);
    }
}

static void change(void) {
    static const struct {
        enum table table;
        unsigned rows;
        void (*enter)(unsigned row);
        void (*leave)(unsigned row);
    } kinds[] = {
        { TABLE_SOCKETS, SOCKETS, enter_socket, leave_socket },
        { TABLE_RESERVATIONS, RESERVATIONS, enter_reservation, leave_reservation },
        { TABLE_EXCLUSIONS, EXCLUSIONS, enter_exclusion, leave_exclusion },
        { TABLE_CONNECTIONS, CONNECTIONS, enter_connection, leave_connection },
    };
    unsigned kind = roll(4), row = roll(kinds[kind].rows);
    if (world_row_is_free(worlds[SMALL], kinds[kind].table, row)) kinds[kind].enter(row);
    else kinds[kind].leave(row);
}

/* --- the plain search --------------------------------------------------------------------------------------------- */

/* From each port on: so many ports that are free; so many that are held, below 0. */
static int32_t runs[PORTS_END + 1];
static uint8_t held[PORTS_END];

static void hold(unsigned first, unsigned count) {
    for (unsigned i = 0; i < count; i++) held[first + i] = 1;
}

static void hold_of_others(struct port_space space) {
    const struct world *world = worlds[SMALL];
    for (unsigned i = 0; i < world_top(world, TABLE_RESERVATIONS); i++) {
        const struct reservation *row = world_reservation_at(world, i);
        bool seen = !space.families_apart || (row->families & space.families) != 0;
        if (reservation_is_live(row) && row->protocol == space.protocol && seen) hold(row->first, row->count);
    }
    for (unsigned i = 0; i < world_top(world, TABLE_EXCLUSIONS); i++) {
        const struct exclusion *row = world_exclusion_at(world, i);
        if (row->state == EXCLUSION_ACTIVE && row->protocol == space.protocol)
            hold(row->first, row->last - row->first + 1u);
    }
}

static void search(struct port_space space, bool sockets_alone) {
    const struct world *world = worlds[SMALL];
    memset(held, 0, sizeof held);
    for (unsigned i = 0; i < world_top(world, TABLE_SOCKETS); i++) {
        const struct socket_row *row = world_socket_at(world, i);
        if (!socket_holds_port(row) || row->protocol != space.protocol) continue;
        if ((socket_families(row) & space.families) != 0) hold(row->port, 1);
    }
    if (!sockets_alone) hold_of_others(space);
    for (unsigned i = 0; space.with_closing && i < world_top(world, TABLE_CONNECTIONS); i++) {
        const struct connection_row *row = world_connection_at(world, i);
        bool closing = row->used && row->socket == NO_ROW && row->listener == NO_ROW;
        unsigned family = row->tcp.family == 4 ? FAMILY_V4 : FAMILY_V6;
        if (closing && space.protocol == PROTOCOL_TCP && (family & space.families) != 0) hold(row->tcp.local_port, 1);
    }
    for (unsigned port = PORTS_END; port-- > 0;) {
        int32_t next = runs[port + 1];
        runs[port] = held[port] ? (next < 0 ? next - 1 : -1) : (next > 0 ? next + 1 : 1);
    }
}

/* The first of `count` free ports in a row, or of one that is held (count 0), from..last. */
static unsigned found(unsigned from, unsigned last, unsigned count) {
    for (unsigned port = from; port <= last; port += (unsigned)abs(runs[port])) {
        if (count == 0 && runs[port] < 0) return port;
        if (count > 0 && runs[port] >= (int32_t)count) return port + count - 1 <= last ? port : (unsigned)PORTS_END;
    }
    return PORTS_END;
}

/* --- questions ---------------------------------------------------------------------------------------------------- */

static unsigned plain_reservation(struct port_space space, unsigned port) {
    for (unsigned i = 0; i < world_top(worlds[SMALL], TABLE_RESERVATIONS); i++) {
        const struct reservation *row = world_reservation_at(worlds[SMALL], i);
        bool seen = !space.families_apart || (row->families & space.families) != 0;
        if (!reservation_is_live(row) || row->protocol != space.protocol || !seen) continue;
        if (port >= row->first && port - row->first < row->count) return i;
    }
    return NO_ROW;
}

static unsigned plain_exclusion(enum protocol protocol, unsigned port) {
    for (unsigned i = 0; i < world_top(worlds[SMALL], TABLE_EXCLUSIONS); i++) {
        const struct exclusion *row = world_exclusion_at(worlds[SMALL], i);
        if (row->state == EXCLUSION_ACTIVE && row->protocol == protocol && port >= row->first && port <= row->last)
            return i;
    }
    return NO_ROW;
}

static void ask_of_port(const struct world *world, struct port_space space, unsigned port) {
    CU_ASSERT_EQUAL(pool_reservation_at(world, space, port), plain_reservation(space, port));
    CU_ASSERT_EQUAL(pool_exclusion_at(world, space.protocol, port), plain_exclusion(space.protocol, port));
    unsigned after = NO_ROW;
    for (unsigned i = 0; i < world_top(world, TABLE_SOCKETS); i++) {
        const struct socket_row *row = world_socket_at(world, i);
        if (!socket_holds_port(row) || row->port != port || row->protocol != space.protocol) continue;
        CU_ASSERT_EQUAL(pool_next_socket(world, space.protocol, port, after), i);
        after = i;
    }
    CU_ASSERT_EQUAL(pool_next_socket(world, space.protocol, port, after), NO_ROW);
    if (!port_index_present(world)) return;
    const struct port_space whole = { .protocol = space.protocol, .families = FAMILY_BOTH };
    bool alone = plain_reservation(whole, port) == NO_ROW && plain_exclusion(space.protocol, port) == NO_ROW;
    CU_ASSERT_EQUAL(port_index_sockets_alone(world, space.protocol, port), alone);
}

/* As the last search found it. */
static void ask_of_sockets(const struct world *world, struct port_space space, unsigned from, unsigned last) {
    CU_ASSERT_EQUAL(pool_next_unbound(world, space, from, last), found(from, last, 1));
    bool closing = pool_port_closing(world, space, from) && space.with_closing;
    CU_ASSERT_EQUAL(pool_port_bound(world, space, from) || closing, held[from]);
    if (!port_index_present(world) || space.with_closing) return;
    unsigned said = port_index_next_held(world, space.protocol, VIEW_SOCKETS, space.families, from, last);
    CU_ASSERT_EQUAL(said, found(from, last, 0));
}

static void ask_of_all(const struct world *world, struct port_space space, unsigned from, unsigned last) {
    unsigned count = 1 + draw_count(roll(PORTS_END - 4200));
    CU_ASSERT_EQUAL(pool_port_free(world, space, from), !held[from]);
    CU_ASSERT_EQUAL(pool_next_free(world, space, from, last), found(from, last, 1));
    CU_ASSERT_EQUAL(pool_next_run(world, space, from, last, count), found(from, last, count));
    if (!port_index_present(world) || space.with_closing) return;
    enum view_kind view = space.families_apart ? VIEW_ALL_FAMILIES_APART : VIEW_ALL;
    CU_ASSERT_EQUAL(port_index_next_held(world, space.protocol, view, space.families, from, last),
                    found(from, last, 0));
}

static void ask(void) {
    struct port_space space = { .protocol = roll(2) ? PROTOCOL_TCP : PROTOCOL_UDP,
                                .families = 1 + roll(3),
                                .families_apart = roll(2),
                                .with_closing = roll(3) == 0 };
    bool sockets_alone = roll(3) == 0;
    search(space, sockets_alone);
    for (unsigned i = 0; i < QUESTIONS; i++) {
        unsigned from = draw_port(), last = roll(2) ? draw_port() : from + roll(PORTS_END - from);
        const struct world *world = worlds[i % WORLDS];
        ask_of_port(world, space, from);
        if (sockets_alone) ask_of_sockets(world, space, from, last);
        else ask_of_all(world, space, from, last);
    }
}

static void the_pool_answers_as_a_plain_search(void) {
    begin(1);
    unsigned failures = CU_get_number_of_failures();
    for (unsigned step = 0; step < STEPS && CU_get_number_of_failures() == failures; step++) {
        change();
        ask();
        if (step % 50 == 0) CU_ASSERT_PTR_NULL(port_index_check(worlds[LARGE]));
    }
}

/* --- a broken index ----------------------------------------------------------------------------------------------- */

/* The parts of the index, as struct port_index has them: bitmaps of 6 sources of each protocol; 9 views of each, which
 * are a bitmap of ports and two of its words; links of ports and of rows of sockets; links of 3 layers. */
enum {
    BITMAP_BYTES = PORTS_END / 8,
    SUMMARY_BYTES = BITMAP_BYTES / 64,
    SOURCES_BYTES = PROTOCOLS_COUNT * 6 * BITMAP_BYTES,
    VIEW_BYTES = BITMAP_BYTES + 2 * SUMMARY_BYTES,
    FIRST_SOCKETS = SOURCES_BYTES + PROTOCOLS_COUNT * 9 * VIEW_BYTES,
    NEXT_SOCKETS = FIRST_SOCKETS + PROTOCOLS_COUNT * PORTS_END * 2,
    LAYER_LINKS = NEXT_SOCKETS + PORTS_END * 2,
    BREAKS = 60
};
_Static_assert(LAYER_LINKS + PROTOCOLS_COUNT * 3 * PORTS_END * 2 == PORT_INDEX_BYTES, "these are its parts");

static void expect_broken(const char *wanted) {
    const char *said = port_index_check(worlds[LARGE]);
    bool is_it = said != NULL && strncmp(said, wanted, strlen(wanted)) == 0;
    if (!is_it) printf("\n    \"%s\" was expected, and the check says: %s", wanted, said == NULL ? "nothing" : said);
    CU_ASSERT(is_it);
}

static void flip_and_expect(size_t from, size_t bytes, const char *wanted) {
    uint8_t *byte = (uint8_t *)worlds[LARGE] + worlds[LARGE]->index_offset + from + roll((unsigned)bytes);
    uint8_t bit = (uint8_t)(1u << roll(8));
    *byte ^= bit;
    expect_broken(wanted);
    *byte ^= bit;
}

/* A link of a port or of a row is another one. */
static void relink_and_expect(size_t part, unsigned place, unsigned link, const char *wanted) {
    uint8_t *at = (uint8_t *)worlds[LARGE] + worlds[LARGE]->index_offset + part + 2 * (size_t)place;
    uint16_t was, is = (uint16_t)link;
    memcpy(&was, at, sizeof was);
    if (was == is) return;
    memcpy(at, &is, sizeof is);
    expect_broken(wanted);
    memcpy(at, &was, sizeof was);
}

static void fill(uint64_t seed) {
    begin(seed);
    for (unsigned i = 0; i < 200; i++) change();
    CU_ASSERT_PTR_NULL(port_index_check(worlds[LARGE]));
}

static void a_wrong_bit_is_found(void) {
    fill(2);
    for (unsigned i = 0; i < BREAKS; i++) {
        size_t view = SOURCES_BYTES + roll(PROTOCOLS_COUNT * 9) * (size_t)VIEW_BYTES;
        flip_and_expect(0, SOURCES_BYTES, "X1: a source has other ports than its rows hold");
        flip_and_expect(view, BITMAP_BYTES, "X2: a view holds other ports than its sources");
        flip_and_expect(view + BITMAP_BYTES, SUMMARY_BYTES, "X2: `full` is wrong");
        flip_and_expect(view + BITMAP_BYTES + SUMMARY_BYTES, SUMMARY_BYTES, "X2: `any` is wrong");
    }
    CU_ASSERT_PTR_NULL(port_index_check(worlds[LARGE]));
}

static void a_wrong_link_is_found(void) {
    fill(3);
    for (unsigned i = 0; i < world_top(worlds[LARGE], TABLE_SOCKETS); i++) {
        const struct socket_row *row = world_socket(worlds[LARGE], i);
        if (!socket_holds_port(row)) continue;
        unsigned place = row->protocol * (unsigned)PORTS_END + row->port;
        relink_and_expect(FIRST_SOCKETS, place, 0, "X3: a bound socket is in no chain");
        relink_and_expect(FIRST_SOCKETS, place + 1, i + 1, "X3: a port's chain has a socket that is not bound to it");
        relink_and_expect(FIRST_SOCKETS, place ^ PORTS_END, i + 1, "X3: a port's chain has a socket that is not");
        relink_and_expect(NEXT_SOCKETS, i, i + 1, "X3: a port's chain is not in ascending order");
    }
    for (unsigned i = 0; i < BREAKS; i++) {
        const char *wanted = "X4: a port names a reservation that it is not in";
        unsigned place = roll(PROTOCOLS_COUNT * 3) * PORTS_END + draw_port();
        const uint8_t *at = (uint8_t *)worlds[LARGE] + worlds[LARGE]->index_offset + LAYER_LINKS + 2 * (size_t)place;
        bool named = at[0] != 0 || at[1] != 0;
        relink_and_expect(LAYER_LINKS, place, RESERVATIONS + 1, named ? "X4: a port does not name" : wanted);
        relink_and_expect(LAYER_LINKS, place, 0, "X4: a port does not name its reservation");
    }
    CU_ASSERT_PTR_NULL(port_index_check(worlds[LARGE]));
}

/* Rows change, and the index is not told. */
static void a_row_that_moved_is_found(void) {
    fill(4);
    struct world *world = worlds[LARGE];
    for (unsigned i = 0; i < world_top(world, TABLE_SOCKETS); i++) {
        const struct socket_row kept = *world_socket(world, i);
        bool holds = socket_holds_port(&kept);
        world_socket(world, i)->accepted = !kept.accepted;
        if (kept.state >= SOCKET_BOUND) expect_broken("X3");
        *world_socket(world, i) = kept;
        world_socket(world, i)->family = kept.family == 4 ? 6 : 4;
        if (holds) expect_broken("X1");
        *world_socket(world, i) = kept;
    }
    for (unsigned i = 0; i < world_top(world, TABLE_RESERVATIONS); i++) {
        const struct reservation kept = *world_reservation(world, i);
        world_reservation(world, i)->kind ^= RESERVATION_RUNTIME ^ RESERVATION_RELEASED;
        if (kept.count > 0 && kept.kind != RESERVATION_FREE) expect_broken("X4");
        *world_reservation(world, i) = kept;
        world_reservation(world, i)->families ^= FAMILY_BOTH;
        if (kept.count > 0 && kept.kind == RESERVATION_RUNTIME) expect_broken("X4");
        *world_reservation(world, i) = kept;
    }
    for (unsigned i = 0; i < world_top(world, TABLE_EXCLUSIONS); i++) {
        const struct exclusion kept = *world_exclusion(world, i);
        world_exclusion(world, i)->protocol ^= 1;
        if (kept.state == EXCLUSION_ACTIVE) expect_broken("X1");
        *world_exclusion(world, i) = kept;
    }
    CU_ASSERT_PTR_NULL(port_index_check(world));
}

void register_port_index_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/ports port index", take_memory, pair_give_back);
    CU_add_test(suite, "a wrong bit is found", a_wrong_bit_is_found);
    CU_add_test(suite, "a wrong link is found", a_wrong_link_is_found);
    CU_add_test(suite, "a row that moved is found", a_row_that_moved_is_found);
    CU_add_test(suite, "the pool answers as a plain search", the_pool_answers_as_a_plain_search);
}
