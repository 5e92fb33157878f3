/* What calls of a program have stored in its memory lately: a trace looks at it when a call returns. Anything that was
 * stored is forgotten then, except what belongs to a call that still waits: of such a one the end comes while another
 * thread calls, and it is looked at only when its own thread returns.
 *
 * Invariant: the bytes of all stores lie one after the other in `bytes`, oldest first. */
#ifndef RESERVOIR_SIM_PROGRAM_STORES_H
#define RESERVOIR_SIM_PROGRAM_STORES_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/program/options.h"
#include "stack/call/call.h"

enum { STORES_MAX = 2 * RESULT_WRITES_MAX, STORED_BYTES_MAX = 8 * RESULT_BYTES_MAX };

struct stores {
    const struct call *waiting[PROGRAM_THREADS_MAX]; /* by thread; borrowed until it returns, or NULL */
    uint64_t addresses[STORES_MAX];
    uint32_t offsets[STORES_MAX], lengths[STORES_MAX];
    unsigned count;
    uint32_t used;
    uint8_t bytes[STORED_BYTES_MAX];
};

/* False: there is no room, and it is not kept. */
bool stores_add(struct stores *stores, uint64_t address, const uint8_t *bytes, uint32_t length);

/* Forgets all that belongs to no call that waits. */
void stores_forget(struct stores *stores);

/* The bytes of the last store that has all `length` bytes at this address, or NULL. Borrowed until the next change. */
const uint8_t *stores_find(const struct stores *stores, uint64_t address, uint32_t length);

/* Copies the program's memory at `range`, with what was stored, to bytes + *length, at most up to bytes + size.
 * *length grows by as many bytes as there are up to the last one that was stored. Memory that is not there whole is
 * left out. */
void stores_lay(const struct stores *stores, const struct range *range, uint8_t *bytes, uint32_t size,
                uint32_t *length);

#endif
