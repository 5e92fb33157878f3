#include "stack/system/handle_index.h"

#include <assert.h>

/* Slots hold row + 1; 0 is empty. There are twice as many slots as a table of handles can have rows. Removing closes
 * the gap by moving later members of the same run back, so that no tombstones are needed. */
enum { SLOTS = 131072, SLOT_MASK = SLOTS - 1 };

_Static_assert(SLOTS * sizeof(uint16_t) == HANDLE_INDEX_BYTES, "world.h knows the size");
_Static_assert((SLOTS & SLOT_MASK) == 0, "a power of two");

bool handle_index_present(const struct world *world) { return world->handle_index_offset != 0; }

static uint16_t *slots(const struct world *world) {
    assert(handle_index_present(world));
    return (uint16_t *)(void *)((uint8_t *)(uintptr_t)world + world->handle_index_offset);
}

static unsigned home_of(unsigned process, uint64_t number) {
    uint64_t mixed = (number / 4 + (uint64_t)process * UINT64_C(0x10001)) * UINT64_C(0x9E3779B97F4A7C15);
    return (unsigned)(mixed >> 40) & SLOT_MASK;
}

unsigned handle_index_find(const struct world *world, unsigned process, uint64_t number) {
    const uint16_t *table = slots(world);
    for (unsigned slot = home_of(process, number); table[slot] != 0; slot = (slot + 1) & SLOT_MASK) {
        const struct handle *row = world_handle_at(world, table[slot] - 1u);
        if (row->number == number && row->process == process) return table[slot] - 1u;
    }
    return NO_ROW;
}

void handle_index_add(struct world *world, unsigned row) {
    if (!handle_index_present(world)) return;
    const struct handle *handle = world_handle(world, row);
    assert(handle->kind != HANDLE_FREE);
    uint16_t *table = slots(world);
    unsigned slot = home_of(handle->process, handle->number);
    while (table[slot] != 0) slot = (slot + 1) & SLOT_MASK;
    table[slot] = (uint16_t)(row + 1);
}

static unsigned home_of_slot(const struct world *world, unsigned slot) {
    const struct handle *handle = world_handle_at(world, slots(world)[slot] - 1u);
    return home_of(handle->process, handle->number);
}

void handle_index_remove(struct world *world, unsigned row) {
    if (!handle_index_present(world)) return;
    uint16_t *table = slots(world);
    const struct handle *handle = world_handle(world, row);
    unsigned gap = home_of(handle->process, handle->number);
    while (table[gap] != row + 1) {
        assert(table[gap] != 0);
        gap = (gap + 1) & SLOT_MASK;
    }
    for (unsigned slot = (gap + 1) & SLOT_MASK; table[slot] != 0; slot = (slot + 1) & SLOT_MASK) {
        unsigned distance_from_home = (slot - home_of_slot(world, slot)) & SLOT_MASK;
        if (distance_from_home < ((slot - gap) & SLOT_MASK)) continue; /* it may not move before its home */
        table[gap] = table[slot];
        gap = slot;
    }
    table[gap] = 0;
}
