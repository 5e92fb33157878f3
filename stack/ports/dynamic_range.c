#include "stack/ports/dynamic_range.h"

#include <assert.h>

static bool is_same(struct dynamic_range one, struct dynamic_range other) {
    return one.first == other.first && one.last == other.last;
}

struct dynamic_range dynamic_range_shown(const struct world *world, enum protocol protocol, bool v6) {
    assert(world != NULL && protocol < PROTOCOLS_COUNT);
    struct dynamic_range range = { world->dynamic_first[protocol], world->dynamic_last[protocol] };
    if (v6 && world->dynamic_v6_first[protocol] != 0)
        range = (struct dynamic_range){ world->dynamic_v6_first[protocol], world->dynamic_v6_last[protocol] };
    return range;
}

struct dynamic_range dynamic_range_stored(const struct world *world, enum protocol protocol, bool v6) {
    assert(world != NULL && protocol < PROTOCOLS_COUNT);
    if (world->dynamic_stored_first[protocol][v6] == 0) return dynamic_range_shown(world, protocol, v6);
    return (struct dynamic_range){ world->dynamic_stored_first[protocol][v6],
                                   world->dynamic_stored_last[protocol][v6] };
}

struct dynamic_range dynamic_range_of(struct context *context, enum protocol protocol, bool v6) {
    struct dynamic_range both = dynamic_range_shown(context->world, protocol, false),
                         own = dynamic_range_shown(context->world, protocol, v6);
    if (is_same(own, both)) return both;
    return reading(context, Q130_RANGE_OF_V6) == Q130_ITS_OWN ? own : both;
}

/* --- changing ----------------------------------------------------------------------------------------------------- */

enum { FAMILIES = 2 };

/* What is the same is written once, so that equal machines are equal. */
static void put_ranges(struct world *world, enum protocol protocol, const struct dynamic_range active[FAMILIES],
                       const struct dynamic_range stored[FAMILIES]) {
    static const struct dynamic_range none = { 0, 0 };
    const struct dynamic_range own = is_same(active[0], active[1]) ? none : active[1];
    world->dynamic_first[protocol] = (uint16_t)active[0].first;
    world->dynamic_last[protocol] = (uint16_t)active[0].last;
    world->dynamic_v6_first[protocol] = (uint16_t)own.first;
    world->dynamic_v6_last[protocol] = (uint16_t)own.last;
    for (unsigned v6 = 0; v6 < FAMILIES; v6++) {
        const struct dynamic_range other = is_same(active[v6], stored[v6]) ? none : stored[v6];
        world->dynamic_stored_first[protocol][v6] = (uint16_t)other.first;
        world->dynamic_stored_last[protocol][v6] = (uint16_t)other.last;
    }
}

void dynamic_range_move(struct world *world, enum protocol protocol, bool v6, struct dynamic_range range, bool stores) {
    assert(range.first > 0 && range.first <= range.last && range.last <= UINT16_MAX);
    struct dynamic_range active[FAMILIES], stored[FAMILIES];
    for (unsigned i = 0; i < FAMILIES; i++) {
        active[i] = dynamic_range_shown(world, protocol, i == 1);
        stored[i] = dynamic_range_stored(world, protocol, i == 1);
    }
    active[v6] = range;
    if (stores) stored[v6] = range;
    put_ranges(world, protocol, active, stored);
}

void dynamic_range_boot(struct world *world) {
    for (unsigned protocol = 0; protocol < PROTOCOLS_COUNT; protocol++) {
        const struct dynamic_range stored[FAMILIES] = {
            dynamic_range_stored(world, (enum protocol)protocol, false),
            dynamic_range_stored(world, (enum protocol)protocol, true),
        };
        put_ranges(world, (enum protocol)protocol, stored, stored);
    }
}
