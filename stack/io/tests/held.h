/* The handles that two programs have of one object. */
#ifndef RESERVOIR_STACK_IO_TESTS_HELD_H
#define RESERVOIR_STACK_IO_TESTS_HELD_H

#include <stdbool.h>
#include <stdint.h>

#include "stack/io/tests/owed.h"

enum { HELD_OF_ONE = 2 }; /* by one process */

struct held {
    uint64_t handles[OWED_PROCESSES][HELD_OF_ONE]; /* 0: none */
};

/* How many a process has; how many there are. */
unsigned held_by(const struct held *held, unsigned process);
unsigned held_by_all(const struct held *held);

/* One of a process's, by any number; 0: it has none. */
uint64_t held_one(const struct held *held, unsigned process, unsigned number);

/* A process gets one more, for which there is room (asserted); or has one of its own (asserted) no more. */
void held_add(struct held *held, unsigned process, uint64_t handle);
void held_drop(struct held *held, unsigned process, uint64_t handle);

#endif
