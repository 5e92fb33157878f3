#include "stack/ports/exclusions.h"

#include <assert.h>

#include "stack/ports/port_index.h"

unsigned exclusion_add(struct world *world, enum protocol protocol, unsigned first, unsigned last, bool administered) {
    assert(first <= last && last < PORTS_END);
    unsigned index = world_take(world, TABLE_EXCLUSIONS);
    if (index == NO_ROW) return NO_ROW;
    struct exclusion *row = world_exclusion(world, index);
    *row = (struct exclusion){ .state = EXCLUSION_ACTIVE,
                               .protocol = (uint8_t)protocol,
                               .administered = administered,
                               .first = (uint16_t)first,
                               .last = (uint16_t)last };
    const struct holder holder = exclusion_holder(row);
    port_index_add(world, &holder);
    return index;
}

void exclusion_change(struct world *world, unsigned exclusion, enum exclusion_state state, bool stored) {
    struct exclusion *row = world_exclusion(world, exclusion);
    const struct holder holder = exclusion_holder(row);
    assert(row->state != EXCLUSION_FREE);
    assert(!stored || row->administered);
    bool was_active = row->state == EXCLUSION_ACTIVE, is_active = state == EXCLUSION_ACTIVE;
    row->state = (uint8_t)state;
    row->stored = stored;
    if (was_active && !is_active) port_index_remove(world, &holder);
    if (!was_active && is_active) port_index_add(world, &holder);
    if (state == EXCLUSION_FREE) world_free(world, TABLE_EXCLUSIONS, exclusion);
}

unsigned exclusion_exact(const struct world *world, enum protocol protocol, unsigned first, unsigned last) {
    assert(first <= last);
    for (unsigned i = 0; i < world_top(world, TABLE_EXCLUSIONS); i++) {
        const struct exclusion *row = world_exclusion_at(world, i);
        if (row->state == EXCLUSION_FREE || !row->administered || row->protocol != protocol) continue;
        if (row->first == first && row->last == last) return i;
    }
    return NO_ROW;
}

unsigned exclusion_overlapping(const struct world *world, enum protocol protocol, unsigned first, unsigned last,
                               unsigned from) {
    assert(first <= last);
    for (unsigned i = from; i < world_top(world, TABLE_EXCLUSIONS); i++) {
        const struct exclusion *row = world_exclusion_at(world, i);
        if (row->state == EXCLUSION_FREE || row->protocol != protocol) continue;
        if (row->first <= last && first <= row->last) return i;
    }
    return NO_ROW;
}

const char *exclusions_check(const struct world *world) {
    for (unsigned i = 0; i < world_top(world, TABLE_EXCLUSIONS); i++) {
        const struct exclusion *row = world_exclusion_at(world, i);
        if (row->stored && !row->administered) return "P5: the store has an exclusion that is not administered";
        if (row->state == EXCLUSION_DORMANT && !row->stored) return "P5: a dormant exclusion is not in the store";
    }
    return NULL;
}
