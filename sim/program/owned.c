#include "sim/program/owned.h"

#include <stdio.h>
#include <string.h>

#include "sim/memory/pages.h"
#include "sim/program/stop.h"
#include "stack/call/signature.h"
#include "stack/sdk/error_values.h"

enum { OWNED_MAX = 512 };

struct owned {
    uint64_t overlapped, output;
    uint32_t output_length;
    uint16_t thread, function;
};

static struct owned rows[OWNED_MAX];
static unsigned rows_count;

void *__asan_region_is_poisoned(void *address, size_t bytes) __attribute__((weak));

static _Noreturn void report(const struct owned *row, const char *what) {
    char thread[40] = "the main thread";
    if (row->thread > 0) snprintf(thread, sizeof thread, "thread %u", row->thread + 1u);
    stop(STOP_KERNEL_MEMORY,
         "%s. It belongs to the kernel: %s, called by %s, returned WSA_IO_PENDING, and its request has not ended", what,
         signature_of((enum function)row->function)->name, thread);
}

void owned_before(const struct call *call) {
    int parameter = signature_parameter_of_kind(signature_of((enum function)call->function), PARAMETER_OVERLAPPED);
    bool begins = call->function == FUNCTION_WSAIoctl; /* the others name a request that there is */
    if (parameter < 0 || !begins || call->arguments[parameter] == 0) return;
    for (unsigned i = 0; i < rows_count; i++)
        if (rows[i].overlapped == call->arguments[parameter])
            report(&rows[i], "a second request uses the same OVERLAPPED");
}

void owned_after(const struct call *call, bool pending) {
    if (!pending || rows_count == OWNED_MAX) return;
    const struct signature *signature = signature_of((enum function)call->function);
    int overlapped = signature_parameter_of_kind(signature, PARAMETER_OVERLAPPED);
    int output = signature_parameter_of_kind(signature, PARAMETER_OUT);
    if (overlapped < 0) return;
    struct owned *row = &rows[rows_count++];
    memset(row, 0, sizeof *row);
    row->overlapped = call->arguments[overlapped];
    row->thread = call->thread;
    row->function = call->function;
    if (output >= 0 && call->ranges[output].state == RANGE_GOOD) {
        row->output = call->ranges[output].address;
        row->output_length = call->ranges[output].length;
    }
}

static bool is_poisoned(uint64_t address, uint32_t length) {
    if (__asan_region_is_poisoned == NULL || length == 0) return false;
    return __asan_region_is_poisoned((void *)(uintptr_t)address, length) != NULL;
}

static void check_row(const struct owned *row) {
    uint64_t internal = 0;
    if (pages_readable(row->overlapped, OVERLAPPED_SIZE) < OVERLAPPED_SIZE ||
        is_poisoned(row->overlapped, OVERLAPPED_SIZE))
        report(row, "an OVERLAPPED was freed");
    memcpy(&internal, (const void *)(uintptr_t)row->overlapped, sizeof internal);
    if (internal != STATUS_PENDING)
        report(row, "an OVERLAPPED was overwritten: freed, used again, or of a stack frame that is gone");
    if (is_poisoned(row->output, row->output_length)) report(row, "an output buffer was freed");
}

void owned_check(void) {
    for (unsigned i = 0; i < rows_count; i++) check_row(&rows[i]);
}

void owned_written(uint64_t address, uint32_t length) {
    for (unsigned i = 0; i < rows_count; i++) {
        struct owned *row = &rows[i];
        bool is_output = address >= row->output && address < row->output + row->output_length;
        bool is_overlapped = address >= row->overlapped && address < row->overlapped + OVERLAPPED_SIZE;
        if (!is_output && !is_overlapped) continue;
        if (pages_writable(address, length) < length) report(row, "the memory of a request is not there any more");
        if (is_overlapped) check_row(row);
        if (is_overlapped && address == row->overlapped) { /* Internal comes last, if they come apart */
            *row = rows[--rows_count];
            return;
        }
    }
}

void owned_freed(const char *function, const void *address, size_t bytes) {
    uint64_t first = (uint64_t)(uintptr_t)address;
    for (unsigned i = 0; i < rows_count; i++) {
        const struct owned *row = &rows[i];
        bool holds = row->overlapped >= first && row->overlapped < first + bytes;
        bool holds_output = row->output_length > 0 && row->output >= first && row->output < first + bytes;
        if (holds || holds_output) report(row, function);
    }
}
