#include "stack/tests/fixture_pair.h"

#include <stdlib.h>

struct world *worlds[WORLDS];

static uint64_t dice;

void roll_from(uint64_t seed) { dice = seed; }

unsigned roll(unsigned sides) {
    dice = dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(dice >> 33) % sides;
}

static struct world_limits limits_of(const struct world_limits *limits, unsigned which) {
    struct world_limits own = *limits;
    own.indexed = which == LARGE;
    return own;
}

int pair_take(const struct world_limits *limits) {
    for (unsigned i = 0; i < WORLDS; i++) {
        const struct world_limits own = limits_of(limits, i);
        worlds[i] = malloc(world_bytes(&own));
        if (worlds[i] == NULL) return 1;
    }
    return 0;
}

int pair_give_back(void) {
    for (unsigned i = 0; i < WORLDS; i++) {
        free(worlds[i]);
        worlds[i] = NULL;
    }
    return 0;
}

void pair_begin(const struct world_limits *limits, uint64_t seed) {
    roll_from(seed);
    for (unsigned i = 0; i < WORLDS; i++) {
        const struct world_limits own = limits_of(limits, i);
        world_create(worlds[i], &own);
    }
}
