/* The list of ranges that netsh shows, beside a plain one: rows of all kinds, put there at random by hand. */
#include "stack/ports/listing.h"

#include <string.h>

#include "stack/ports/holder.h"
#include "stack/tests/fixture.h"
#include "stack/tests/fixture_pair.h"

void register_listing_tests(void);

enum { ROUNDS = 400, RANGES_MAX = 24, FIRST = 100, PORTS = 30 };

struct plain {
    unsigned first, last;
    bool marked;
};

static void put_rows(struct world *world) {
    for (unsigned i = 0; i < world->limits.exclusions; i++) {
        struct exclusion row = { .state = (uint8_t)roll(3), .protocol = (uint8_t)roll(2) };
        row.administered = (uint8_t)roll(2);
        row.stored = (uint8_t)roll(2);
        row.first = (uint16_t)(FIRST + roll(PORTS));
        row.last = (uint16_t)(row.first + roll(3));
        if (row.state == EXCLUSION_FREE) continue;
        world_take_at(world, TABLE_EXCLUSIONS, i);
        *world_exclusion(world, i) = row;
    }
    for (unsigned i = 0; i < world->limits.reservations; i++) {
        struct reservation row = { .kind = (uint8_t)roll(4), .protocol = (uint8_t)roll(2) };
        row.first = (uint16_t)(FIRST + roll(PORTS));
        row.count = roll(4);
        if (row.kind == RESERVATION_FREE) continue;
        world_take_at(world, TABLE_RESERVATIONS, i);
        *world_reservation(world, i) = row;
    }
}

/* In the order of the rows: exclusions in effect, or those in the store; blocks of the store, which may be marked;
 * those of programs only among what is in effect, and where they are visible. */
static unsigned list(const struct listing *listing, struct plain ranges[RANGES_MAX]) {
    unsigned count = 0;
    bool active = listing->store == NETSH_ACTIVE;
    for (unsigned i = 0; i < world_top(listing->world, TABLE_EXCLUSIONS); i++) {
        const struct exclusion *row = world_exclusion_at(listing->world, i);
        bool there = row->state != EXCLUSION_FREE && (active ? row->state == EXCLUSION_ACTIVE : row->stored);
        if (there && row->protocol == listing->protocol)
            ranges[count++] = (struct plain){ row->first, row->last, row->administered };
    }
    for (unsigned i = 0; i < world_top(listing->world, TABLE_RESERVATIONS); i++) {
        const struct reservation *row = world_reservation_at(listing->world, i);
        bool stored = row->kind == RESERVATION_PERSISTENT;
        bool visible = active && row->kind == RESERVATION_RUNTIME && listing->visibility != Q36_RUNTIME_HIDDEN;
        if (row->count == 0 || row->protocol != listing->protocol || !(stored || visible)) continue;
        bool marked = stored && listing->visibility == Q36_PERSISTENT_MARKED;
        ranges[count++] = (struct plain){ row->first, row->first + row->count - 1, marked };
    }
    return count;
}

/* By their first ports; what begins at one port stays in the order of the rows. */
static void sort(struct plain *ranges, unsigned count) {
    for (unsigned i = 1; i < count; i++) {
        for (unsigned k = i; k > 0 && ranges[k].first < ranges[k - 1].first; k--) {
            struct plain one = ranges[k];
            ranges[k] = ranges[k - 1];
            ranges[k - 1] = one;
        }
    }
}

static bool same(const struct listed_range *range, const struct plain *plain) {
    return range->first == plain->first && range->last == plain->last && range->administered == plain->marked;
}

static void ask_for_each_port(const struct listing *listing, const struct plain *ranges, unsigned count) {
    for (unsigned port = FIRST - 1; port < FIRST + PORTS + 5; port++) {
        unsigned wanted = 0;
        while (wanted < count && (port < ranges[wanted].first || port > ranges[wanted].last)) wanted++;
        struct listed_range range = { 0 };
        CU_ASSERT_EQUAL(listing_find(listing, port, &range), wanted < count);
        if (wanted < count) CU_ASSERT_TRUE(same(&range, &ranges[wanted]));
    }
}

static void ranges_are_listed_by_their_first_ports(void) {
    static const unsigned visibilities[] = { Q36_UNMARKED, Q36_RUNTIME_HIDDEN, Q36_PERSISTENT_MARKED };
    roll_from(1);
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct machine m;
        struct plain ranges[RANGES_MAX];
        struct listed_range range = { 0 };
        int index = -1;
        machine_begin(&m);
        put_rows(m.world);
        const struct listing listing = { .world = m.world,
                                         .protocol = roll(2) ? PROTOCOL_TCP : PROTOCOL_UDP,
                                         .store = roll(2) ? NETSH_ACTIVE : NETSH_PERSISTENT,
                                         .visibility = visibilities[roll(3)] };
        unsigned count = list(&listing, ranges);
        sort(ranges, count);
        for (unsigned i = 0; i < count; i++) {
            CU_ASSERT_TRUE_FATAL(listing_next(&listing, &index, &range));
            CU_ASSERT_TRUE(same(&range, &ranges[i]));
        }
        CU_ASSERT_FALSE(listing_next(&listing, &index, &range));
        ask_for_each_port(&listing, ranges, count);
    }
}

void register_listing_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/ports listing", NULL, NULL);
    CU_add_test(suite, "ranges are listed by their first ports", ranges_are_listed_by_their_first_ports);
}
