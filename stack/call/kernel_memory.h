/* Memory that belongs to the kernel. From a call that begins a request until the caller has learnt of its end, the
 * OVERLAPPED and the output buffers are the kernel's: who frees them, reads them or uses them for another request works
 * by luck on Windows. Here stands what of a call record is such memory; who holds it for how long is the caller's
 * business:
 * a program's (sim/program/owned.h), a scenario's (conformance/player/ownership.h). */
#ifndef RESERVOIR_STACK_CALL_KERNEL_MEMORY_H
#define RESERVOIR_STACK_CALL_KERNEL_MEMORY_H

#include <stdbool.h>

#include "stack/call/call.h"

/* An output buffer. */
struct kernel_output {
    uint64_t address;
    uint32_t length;
    uint32_t padding;
};

struct kernel_memory {
    uint64_t overlapped;                                /* its address */
    struct kernel_output outputs[CALL_BUFFERS_MAX + 1]; /* data, and what WSARecvMsg has beside it */
    uint32_t outputs_count;
    uint16_t thread, function; /* which call it was */
};

/* Does the call begin a request with an OVERLAPPED? Then its memory is filled in, with 0 in the bytes between. */
bool kernel_memory_of(const struct call *call, struct kernel_memory *memory);

/* Does the call begin another request with the same OVERLAPPED? */
bool kernel_memory_used_again(const struct kernel_memory *memory, const struct call *call);

/* Which part of it do these bytes touch? */
enum kernel_part { KERNEL_NOTHING, KERNEL_OVERLAPPED, KERNEL_OUTPUT };
enum kernel_part kernel_memory_part(const struct kernel_memory *memory, uint64_t address, uint64_t bytes);

#endif
