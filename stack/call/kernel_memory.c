#include "stack/call/kernel_memory.h"

#include <string.h>

#include "stack/call/signature.h"

/* The OVERLAPPED of a call that begins a request; 0 where it has none. Other functions name a request that there is. */
static uint64_t overlapped_of(const struct call *call) {
    const struct signature *signature = signature_of((enum function)call->function);
    int parameter = signature_parameter_of_kind(signature, PARAMETER_OVERLAPPED);
    bool begins = signature->returns == RETURNS_STATUS && parameter >= 0;
    return begins ? call->arguments[parameter] : 0;
}

bool kernel_memory_of(const struct call *call, struct kernel_memory *memory) {
    const struct signature *signature = signature_of((enum function)call->function);
    int output = signature_parameter_of_kind(signature, PARAMETER_OUT);
    memset(memory, 0, sizeof *memory);
    memory->overlapped = overlapped_of(call);
    memory->thread = call->thread;
    memory->function = call->function;
    if (output >= 0 && call->ranges[output].state == RANGE_GOOD && call->ranges[output].length > 0) {
        memory->output = call->ranges[output].address;
        memory->output_length = call->ranges[output].length;
    }
    return memory->overlapped != 0;
}

bool kernel_memory_used_again(const struct kernel_memory *memory, const struct call *call) {
    return overlapped_of(call) == memory->overlapped;
}

static bool meet(uint64_t one, uint64_t one_bytes, uint64_t other, uint64_t other_bytes) {
    return one_bytes > 0 && other_bytes > 0 && one < other + other_bytes && other < one + one_bytes;
}

enum kernel_part kernel_memory_part(const struct kernel_memory *memory, uint64_t address, uint64_t bytes) {
    if (meet(memory->overlapped, OVERLAPPED_SIZE, address, bytes)) return KERNEL_OVERLAPPED;
    return meet(memory->output, memory->output_length, address, bytes) ? KERNEL_OUTPUT : KERNEL_NOTHING;
}
