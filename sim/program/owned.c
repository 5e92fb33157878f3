#include "sim/program/owned.h"

#include <stdio.h>
#include <string.h>

#include "sim/memory/pages.h"
#include "sim/program/stop.h"
#include "stack/call/kernel_memory.h"
#include "stack/call/signature.h"
#include "stack/sdk/error_values.h"

enum { OWNED_MAX = 512 };

static struct kernel_memory rows[OWNED_MAX];
static unsigned rows_count;

void *__asan_region_is_poisoned(void *address, size_t bytes) __attribute__((weak));

static _Noreturn void report(const struct kernel_memory *row, const char *what) {
    char thread[40] = "the main thread";
    if (row->thread > 0) snprintf(thread, sizeof thread, "thread %u", row->thread + 1u);
    stop(STOP_KERNEL_MEMORY,
         "%s. It belongs to the kernel: %s, called by %s, returned WSA_IO_PENDING, and its request has not ended", what,
         signature_of((enum function)row->function)->name, thread);
}

void owned_before(const struct call *call) {
    for (unsigned i = 0; i < rows_count; i++)
        if (kernel_memory_used_again(&rows[i], call)) report(&rows[i], "a second request uses the same OVERLAPPED");
}

void owned_after(const struct call *call, bool pending) {
    if (!pending || rows_count == OWNED_MAX) return;
    if (kernel_memory_of(call, &rows[rows_count])) rows_count++;
}

static bool is_poisoned(uint64_t address, uint32_t length) {
    if (__asan_region_is_poisoned == NULL || length == 0) return false;
    return __asan_region_is_poisoned((void *)(uintptr_t)address, length) != NULL;
}

static void check_row(const struct kernel_memory *row) {
    uint64_t internal = 0;
    if (pages_readable(row->overlapped, OVERLAPPED_SIZE) < OVERLAPPED_SIZE ||
        is_poisoned(row->overlapped, OVERLAPPED_SIZE))
        report(row, "an OVERLAPPED was freed");
    memcpy(&internal, (const void *)(uintptr_t)row->overlapped, sizeof internal);
    if (internal != STATUS_PENDING)
        report(row, "an OVERLAPPED was overwritten: freed, used again, or of a stack frame that is gone");
    for (uint32_t i = 0; i < row->outputs_count; i++)
        if (is_poisoned(row->outputs[i].address, row->outputs[i].length)) report(row, "an output buffer was freed");
}

void owned_check(void) {
    for (unsigned i = 0; i < rows_count; i++) check_row(&rows[i]);
}

void owned_written(uint64_t address, uint32_t length) {
    for (unsigned i = 0; i < rows_count; i++) {
        struct kernel_memory *row = &rows[i];
        enum kernel_part part = kernel_memory_part(row, address, length);
        if (part == KERNEL_NOTHING) continue;
        if (pages_writable(address, length) < length) report(row, "the memory of a request is not there any more");
        if (part == KERNEL_OVERLAPPED) check_row(row);
        if (part == KERNEL_OVERLAPPED && address == row->overlapped) { /* Internal comes last, if they come apart */
            *row = rows[--rows_count];
            return;
        }
    }
}

void owned_freed(const char *function, const void *address, size_t bytes) {
    uint64_t first = (uint64_t)(uintptr_t)address;
    for (unsigned i = 0; i < rows_count; i++)
        if (kernel_memory_part(&rows[i], first, bytes) != KERNEL_NOTHING) report(&rows[i], function);
}
