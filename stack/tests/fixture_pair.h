/* Two worlds of one size, without indexes and chains and with them, for tests that do the same at random in both and
 * compare each with a plain list. */
#ifndef RESERVOIR_STACK_TESTS_FIXTURE_PAIR_H
#define RESERVOIR_STACK_TESTS_FIXTURE_PAIR_H

#include <stdint.h>

#include "stack/world.h"

enum { SMALL, LARGE, WORLDS };

/* Between pair_take and pair_give_back. */
extern struct world *worlds[WORLDS];

/* Memory for both, whatever limits->indexed says. For the beginning and the end of a suite: 0, or 1 where there is no
 * memory. */
int pair_take(const struct world_limits *limits);
int pair_give_back(void);

/* Makes both anew, empty; the dice begin with the seed. The limits are those that they were taken with. */
void pair_begin(const struct world_limits *limits, uint64_t seed);

/* A number below `sides`; the same seed, the same numbers. */
void roll_from(uint64_t seed);
unsigned roll(unsigned sides);

#endif
