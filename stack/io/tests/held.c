#include "stack/io/tests/held.h"

#include <assert.h>

unsigned held_by(const struct held *held, unsigned process) {
    unsigned count = 0;
    for (unsigned i = 0; i < HELD_OF_ONE; i++) count += held->handles[process][i] != 0;
    return count;
}

unsigned held_by_all(const struct held *held) {
    unsigned count = 0;
    for (unsigned process = 0; process < OWED_PROCESSES; process++) count += held_by(held, process);
    return count;
}

uint64_t held_one(const struct held *held, unsigned process, unsigned number) {
    for (unsigned i = 0; i < HELD_OF_ONE; i++) {
        uint64_t handle = held->handles[process][(number + i) % HELD_OF_ONE];
        if (handle != 0) return handle;
    }
    return 0;
}

static uint64_t *place_of(struct held *held, unsigned process, uint64_t handle) {
    unsigned i = 0;
    while (i < HELD_OF_ONE && held->handles[process][i] != handle) i++;
    assert(i < HELD_OF_ONE);
    return &held->handles[process][i];
}

void held_add(struct held *held, unsigned process, uint64_t handle) { *place_of(held, process, 0) = handle; }

void held_drop(struct held *held, unsigned process, uint64_t handle) { *place_of(held, process, handle) = 0; }
