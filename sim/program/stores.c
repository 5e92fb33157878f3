#include "sim/program/stores.h"

#include <string.h>

bool stores_add(struct stores *stores, uint64_t address, const uint8_t *bytes, uint32_t length) {
    if (stores->count == STORES_MAX || length > STORED_BYTES_MAX - stores->used) return false;
    memmove(stores->bytes + stores->used, bytes, length);
    stores->addresses[stores->count] = address;
    stores->offsets[stores->count] = stores->used;
    stores->lengths[stores->count++] = length;
    stores->used += length;
    return true;
}

static bool range_has(const struct range *range, uint64_t address) {
    return range->state == RANGE_GOOD && address - range->address < range->length;
}

/* Is this memory of a call that waits? */
static bool is_awaited(const struct stores *stores, uint64_t address) {
    for (unsigned thread = 0; thread < PROGRAM_THREADS_MAX; thread++) {
        const struct call *call = stores->waiting[thread];
        if (call == NULL) continue;
        for (unsigned i = 0; i < CALL_ARGUMENTS_MAX; i++)
            if (range_has(&call->ranges[i], address)) return true;
        for (uint32_t i = 0; i < call->buffers_count; i++)
            if (range_has(&call->buffers[i].range, address)) return true;
    }
    return false;
}

/* Each that stays moves towards the beginning, where what it is copied over has been looked at. */
void stores_forget(struct stores *stores) {
    unsigned count = stores->count;
    stores->count = stores->used = 0;
    for (unsigned i = 0; i < count; i++)
        if (is_awaited(stores, stores->addresses[i]))
            stores_add(stores, stores->addresses[i], stores->bytes + stores->offsets[i], stores->lengths[i]);
}

const uint8_t *stores_find(const struct stores *stores, uint64_t address, uint32_t length) {
    for (unsigned i = stores->count; i > 0; i--) {
        uint64_t at = address - stores->addresses[i - 1];
        bool holds = at < stores->lengths[i - 1] && length <= stores->lengths[i - 1] - at;
        if (holds) return stores->bytes + stores->offsets[i - 1] + at;
    }
    return NULL;
}

void stores_lay(const struct stores *stores, const struct range *range, uint8_t *bytes, uint32_t size,
                uint32_t *length) {
    uint32_t first = *length, room = range->length < size - first ? range->length : size - first, changed = 0;
    if (range->state != RANGE_GOOD) return;
    memcpy(bytes + first, (const void *)(uintptr_t)range->address, room);
    for (unsigned i = 0; i < stores->count; i++) {
        uint64_t at = stores->addresses[i] - range->address;
        if (at >= room) continue;
        uint32_t count = stores->lengths[i] < room - (uint32_t)at ? stores->lengths[i] : room - (uint32_t)at;
        memcpy(bytes + first + at, stores->bytes + stores->offsets[i], count);
        if ((uint32_t)at + count > changed) changed = (uint32_t)at + count;
    }
    *length = first + changed;
}
