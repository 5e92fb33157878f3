#include "stack/ports/listing.h"

#include <assert.h>

#include "stack/ports/pool.h"

/* Ranges stand in two tables of the world; one index runs through both. */
static unsigned ranges_top(const struct world *world) {
    return world_top(world, TABLE_EXCLUSIONS) + world_top(world, TABLE_RESERVATIONS);
}

static bool exclusion_is_listed(const struct listing *listing, const struct exclusion *row) {
    if (row->state == EXCLUSION_FREE || row->protocol != listing->protocol) return false;
    return listing->store == NETSH_ACTIVE ? row->state == EXCLUSION_ACTIVE : row->stored != 0;
}

static bool reservation_is_listed(const struct listing *listing, const struct reservation *row) {
    if (!reservation_is_live(row) || row->protocol != listing->protocol || row->count == 0) return false;
    return row->kind == RESERVATION_PERSISTENT ||
           (listing->store == NETSH_ACTIVE && listing->visibility != Q36_RUNTIME_HIDDEN);
}

/* The range at `index`; false when nothing is listed there. */
static bool range_at(const struct listing *listing, unsigned index, struct listed_range *range) {
    unsigned exclusions = world_top(listing->world, TABLE_EXCLUSIONS);
    assert(index < ranges_top(listing->world));
    if (index < exclusions) {
        const struct exclusion *row = world_exclusion_at(listing->world, index);
        *range = (struct listed_range){ row->first, row->last, row->administered != 0 };
        return exclusion_is_listed(listing, row);
    }
    const struct reservation *row = world_reservation_at(listing->world, index - exclusions);
    bool marked = row->kind == RESERVATION_PERSISTENT && listing->visibility == Q36_PERSISTENT_MARKED;
    if (!reservation_is_listed(listing, row)) return false;
    *range = (struct listed_range){ row->first, row->first + row->count - 1, marked };
    return true;
}

/* Ranges are ordered by first port; equal ones (blocks of two families, Q34=b) by their place in the world. */
static bool comes_before(unsigned first, unsigned index, unsigned other_first, unsigned other_index) {
    return first != other_first ? first < other_first : index < other_index;
}

bool listing_next(const struct listing *listing, int *index, struct listed_range *range) {
    unsigned after = range->first;
    int found = -1;
    for (unsigned i = 0; i < ranges_top(listing->world); i++) {
        struct listed_range candidate;
        if (!range_at(listing, i, &candidate)) continue;
        if (*index >= 0 && !comes_before(after, (unsigned)*index, candidate.first, i)) continue;
        if (found >= 0 && !comes_before(candidate.first, i, range->first, (unsigned)found)) continue;
        found = (int)i;
        *range = candidate;
    }
    *index = found;
    return found >= 0;
}

bool listing_find(const struct listing *listing, unsigned port, struct listed_range *range) {
    int index = -1;
    assert(port < PORTS_END);
    while (listing_next(listing, &index, range))
        if (port >= range->first && port <= range->last) return true;
    return false;
}
