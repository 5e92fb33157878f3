#include "stack/ports/port_store.h"

#include <assert.h>
#include <string.h>

#include "stack/ports/exclusions.h"
#include "stack/ports/pool.h"
#include "stack/system/handles.h"

enum { ENTRIES_MAX = 1024 };

/* --- writing ------------------------------------------------------------------------------------------------------ */

struct world_medium {
    struct store_medium medium;
    struct world *world;
    struct chooser *chooser;
    enum protocol protocol;
};

/* A sector on its way to the disk. While the power is failing: written, lost, or half of it. */
static bool write_sector(struct store_medium *medium, uint32_t offset, const uint8_t *bytes, uint32_t length) {
    enum { WRITTEN, LOST, TORN, OUTCOMES };
    struct world_medium *self = (struct world_medium *)medium;
    struct world *world = self->world;
    unsigned outcome = WRITTEN;
    assert(world->power != POWER_LOST);
    assert(offset + length <= world_store_bytes(world));
    if (world->power == POWER_FAILING) outcome = choose(self->chooser, CHOICE_CRASH, OUTCOMES);
    uint32_t arrived = outcome == WRITTEN ? length : outcome == TORN ? length / 2 : 0;
    memcpy(world_store(world, self->protocol) + offset, bytes, arrived);
    if (outcome != WRITTEN) world->power = POWER_LOST;
    return outcome == WRITTEN;
}

struct store port_store_of(const struct world *world, enum protocol protocol) {
    return (struct store){ .bytes = world_store_at(world, protocol),
                           .length = world_store_bytes(world),
                           .capacity = world->limits.stored,
                           .protocol = (uint8_t)protocol };
}

static bool is_stored_reservation(const struct reservation *row, enum protocol protocol) {
    return row->kind == RESERVATION_PERSISTENT && row->protocol == protocol;
}

static bool is_stored_exclusion(const struct exclusion *row, enum protocol protocol) {
    return row->stored && row->protocol == protocol;
}

/* The persistent reservations in the order of their making. */
static unsigned list_reservations(const struct world *world, enum protocol protocol, struct store_entry *entries) {
    unsigned count = 0;
    uint32_t serial = 0;
    for (;;) {
        const struct reservation *found = NULL;
        for (unsigned i = 0; i < world_top(world, TABLE_RESERVATIONS); i++) {
            const struct reservation *row = world_reservation_at(world, i);
            if (!is_stored_reservation(row, protocol) || row->serial <= serial) continue;
            if (found == NULL || row->serial < found->serial) found = row;
        }
        if (found == NULL) return count;
        assert(count < ENTRIES_MAX);
        entries[count++] = (struct store_entry){ found->first, (uint16_t)found->count, STORE_RESERVATION };
        serial = found->serial;
    }
}

/* Then the exclusions. */
static unsigned list_entries(const struct world *world, enum protocol protocol, struct store_entry *entries) {
    unsigned count = list_reservations(world, protocol, entries);
    for (unsigned i = 0; i < world_top(world, TABLE_EXCLUSIONS); i++) {
        const struct exclusion *row = world_exclusion_at(world, i);
        if (!is_stored_exclusion(row, protocol)) continue;
        assert(count < ENTRIES_MAX);
        entries[count++] = (struct store_entry){ row->first, (uint16_t)(row->last - row->first + 1), STORE_EXCLUSION };
    }
    return count;
}

bool port_store_has_room(const struct world *world, enum protocol protocol, unsigned wanted) {
    unsigned held = 0;
    for (unsigned i = 0; i < world_top(world, TABLE_RESERVATIONS); i++)
        held += is_stored_reservation(world_reservation_at(world, i), protocol);
    for (unsigned i = 0; i < world_top(world, TABLE_EXCLUSIONS); i++)
        held += is_stored_exclusion(world_exclusion_at(world, i), protocol);
    return held + wanted <= world->limits.stored;
}

void port_store_save(struct world *world, struct chooser *chooser, enum protocol protocol) {
    struct store_entry entries[ENTRIES_MAX];
    struct world_medium medium = {
        .medium = { write_sector }, .world = world, .chooser = chooser, .protocol = protocol
    };
    const struct store store = port_store_of(world, protocol);
    unsigned count = list_entries(world, protocol, entries);
    if (store.capacity > 0) store_write(&medium.medium, &store, entries, count);
}

bool port_store_power_is_lost(struct context *context) {
    if (context->world->power != POWER_LOST) return false;
    context->result->status = RESULT_BLOCKED;
    if (world_thread(context->world, context->thread)->state == THREAD_RUNNING) /* else it is parked already */
        thread_park(context->world, context->thread, context->call->function,
                    &(struct wait){ .object = NO_ROW, .deadline_ns = UINT64_MAX });
    return true;
}

/* --- boot --------------------------------------------------------------------------------------------------------- */

static bool is_listed(const struct store_entry *entries, unsigned count, struct store_entry wanted) {
    for (unsigned i = 0; i < count; i++)
        if (entries[i].kind == wanted.kind && entries[i].first == wanted.first && entries[i].count == wanted.count)
            return true;
    return false;
}

/* Reservations that the store does not have go; those that it has keep their token, as an old one. */
static void drop_reservations(struct world *world, enum protocol protocol, const struct store_entry *entries,
                              unsigned count) {
    for (unsigned i = world_top(world, TABLE_RESERVATIONS); i-- > 0;) {
        struct reservation *row = world_reservation(world, i);
        if (!is_stored_reservation(row, protocol)) continue;
        const struct store_entry entry = { row->first, (uint16_t)row->count, STORE_RESERVATION };
        row->cursor = 0;
        if (!is_listed(entries, count, entry)) reservation_drop(world, i);
        else if (row->token_state == TOKEN_REPORTED) row->token_state = TOKEN_OLD;
    }
}

/* Of administered exclusions those that the store does not have go, the others are in effect again. */
static void drop_exclusions(struct world *world, enum protocol protocol, const struct store_entry *entries,
                            unsigned count) {
    for (unsigned i = 0; i < world_top(world, TABLE_EXCLUSIONS); i++) { /* the top sinks as rows go */
        const struct exclusion *row = world_exclusion(world, i);
        if (row->state == EXCLUSION_FREE || !row->administered || row->protocol != protocol) continue;
        const struct store_entry entry = { row->first, (uint16_t)(row->last - row->first + 1), STORE_EXCLUSION };
        bool listed = is_listed(entries, count, entry);
        exclusion_change(world, i, listed ? EXCLUSION_ACTIVE : EXCLUSION_FREE, listed);
    }
}

static bool has_reservation(const struct world *world, enum protocol protocol, struct store_entry entry) {
    for (unsigned i = 0; i < world_top(world, TABLE_RESERVATIONS); i++) {
        const struct reservation *row = world_reservation_at(world, i);
        if (is_stored_reservation(row, protocol) && row->first == entry.first && row->count == entry.count) return true;
    }
    return false;
}

static void load(struct world *world, enum protocol protocol, struct store_entry entry) {
    unsigned last = entry.first + entry.count - 1u;
    if (entry.kind == STORE_RESERVATION) {
        if (!has_reservation(world, protocol, entry))
            (void)reservation_persist(world, protocol, entry.first, entry.count);
    } else if (exclusion_exact(world, protocol, entry.first, last) == NO_ROW) {
        unsigned made = exclusion_add(world, protocol, entry.first, last, true);
        if (made != NO_ROW) exclusion_change(world, made, EXCLUSION_ACTIVE, true);
    }
}

void port_store_boot(struct world *world, struct store_findings *findings) {
    struct store_entry entries[ENTRIES_MAX];
    assert(world->limits.stored <= ENTRIES_MAX);
    for (unsigned protocol = 0; protocol < PROTOCOLS_COUNT; protocol++) {
        const struct store store = port_store_of(world, (enum protocol)protocol);
        unsigned count = store_load(&store, entries, findings);
        drop_reservations(world, (enum protocol)protocol, entries, count);
        drop_exclusions(world, (enum protocol)protocol, entries, count);
        for (unsigned i = 0; i < count; i++) load(world, (enum protocol)protocol, entries[i]);
    }
}
