/* Real arguments become a call record, by the kinds of the function's parameters; memory is looked at to learn whether
 * it is good. Records describe the structures of 64-bit Windows. */
#ifndef RESERVOIR_SIM_MEMORY_RECORD_H
#define RESERVOIR_SIM_MEMORY_RECORD_H

#include "stack/call/call.h"

/* Who knows the memory of the process: of `wanted` bytes from an address on, how many can be read; how many can be
 * written as well. Any address is allowed. */
struct memory_view {
    uint32_t (*readable)(uint64_t address, uint32_t wanted);
    uint32_t (*writable)(uint64_t address, uint32_t wanted);
    uint32_t more_bytes; /* that the record has room for (call.h) */
};

/* Fills `call`, all but its thread. arguments[i] is the i-th parameter as 64 bits, sign-extended; pointers are real. Of
 * a long input the record has what fits. */
void record_of_arguments(struct call *call, enum function function, const uint64_t arguments[CALL_ARGUMENTS_MAX],
                         const struct memory_view *memory);

#endif
