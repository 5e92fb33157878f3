#include "stack/call/kernel_memory.h"

#include <string.h>

#include "stack/call/signature.h"

/* The OVERLAPPED of a call that begins a request; 0 where it has none. Other functions name a request that there is. */
static uint64_t overlapped_of(const struct call *call) {
    const struct signature *signature = signature_of((enum function)call->function);
    int parameter = signature_parameter_of_kind(signature, PARAMETER_OVERLAPPED);
    return parameter >= 0 && signature_starts_request(signature) ? call->arguments[parameter] : 0;
}

static void add_output(struct kernel_memory *memory, const struct range *range) {
    if (range->state != RANGE_GOOD || range->length == 0) return;
    memory->outputs[memory->outputs_count++] =
        (struct kernel_output){ .address = range->address, .length = range->length };
}

bool kernel_memory_of(const struct call *call, struct kernel_memory *memory) {
    const struct signature *signature = signature_of((enum function)call->function);
    int output = signature_parameter_of_kind(signature, PARAMETER_OUT);
    memset(memory, 0, sizeof *memory);
    memory->overlapped = overlapped_of(call);
    memory->thread = call->thread;
    memory->function = call->function;
    int parts = signature_parameter_of_kind(signature, PARAMETER_PARTS_OUT);
    if (output >= 0) add_output(memory, &call->ranges[output]);
    if (parts >= 0) add_output(memory, &call->ranges[parts]);
    bool buffers = signature_parameter_of_kind(signature, PARAMETER_BUFFERS_OUT) >= 0;
    for (uint32_t i = 0; buffers && i < call->buffers_count; i++) add_output(memory, &call->buffers[i].range);
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
    for (uint32_t i = 0; i < memory->outputs_count; i++)
        if (meet(memory->outputs[i].address, memory->outputs[i].length, address, bytes)) return KERNEL_OUTPUT;
    return KERNEL_NOTHING;
}
