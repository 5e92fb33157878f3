/* User addresses: where the memory of a scenario is. The session invents them; an address says what it belongs to:
 *   STEP_ADDRESSES + step * STEP_STRIDE + argument * PAGE_STRIDE   memory of one argument of one call
 *   OUTPUT_ADDRESSES + name * PAGE_STRIDE                          the output buffer, protocol info included, of a call
 *                                                                  that has a product
 *   OBJECT_ADDRESSES + name * PAGE_STRIDE                          an overlapped() or a buffer()
 * A page is never shared, so that what is written late finds its owner by arithmetic. */
#ifndef RESERVOIR_CONFORMANCE_SESSION_ADDRESSES_H
#define RESERVOIR_CONFORMANCE_SESSION_ADDRESSES_H

#include "conformance/language/tree.h"

enum {
    PAGE_STRIDE = 0x1000,
    STEP_STRIDE = 0x10000,
    STEP_ADDRESSES = 0x10000000,
    OUTPUT_ADDRESSES = 0x60000000,
    OBJECT_ADDRESSES = 0x70000000,
    ROUTINE_ADDRESS = 0x7f000000,
    HOOK_ADDRESS = 0x7f000010,
    APC_ADDRESS = 0x7f000020,
    RANGE_LENGTH_MAX = 0xf00, /* of a buffer of ours: a larger size argument gets this much memory */
};

/* The name whose object is at an address (or of an output with a product), or NO_NAME; *offset within its page. */
int session_object_at(uint64_t address, uint32_t *offset);
int session_output_at(uint64_t address, uint32_t *offset);

#endif
