#include "sim/program/preceded.h"

#include <string.h>

#include "sim/program/stop.h"
#include "stack/call/kernel_memory.h"

enum { PRECEDED_MAX = 512 };

struct preceded {
    uint64_t overlapped; /* 0: a free row */
    uint32_t bytes;
    bool begun; /* its request is no longer the one that is begun next */
};

static struct preceded rows[PRECEDED_MAX];
static unsigned rows_count; /* that are not free */

static struct preceded *row_of(uint64_t overlapped) {
    for (unsigned i = 0; i < PRECEDED_MAX && rows_count > 0 && overlapped != 0; i++)
        if (rows[i].overlapped == overlapped) return &rows[i];
    return NULL;
}

void preceded_by(uint64_t overlapped, uint32_t bytes) {
    struct preceded *row = row_of(overlapped);
    for (unsigned i = 0; i < PRECEDED_MAX && row == NULL; i++)
        if (rows[i].overlapped == 0) row = &rows[i], rows_count++;
    if (row == NULL) stop(STOP_NO_ROOM, "there are too many overlapped sends that were cut into pieces");
    *row = (struct preceded){ .overlapped = overlapped, .bytes = bytes };
}

uint32_t preceded_bytes(uint64_t overlapped) {
    const struct preceded *row = row_of(overlapped);
    return row == NULL ? 0 : row->bytes;
}

void preceded_call(const struct call *call) {
    struct kernel_memory memory;
    if (rows_count == 0 || !kernel_memory_of(call, &memory)) return;
    struct preceded *row = row_of(memory.overlapped);
    if (row == NULL) return;
    if (row->begun) {
        *row = (struct preceded){ .overlapped = 0 };
        rows_count--;
    } else {
        row->begun = true;
    }
}

/* The model stores Internal and InternalHigh, in one piece or in two. What has failed has no bytes. */
void preceded_stored(uint64_t address, uint32_t length) {
    for (unsigned i = 0; i < PRECEDED_MAX && rows_count > 0; i++) {
        uint64_t place = rows[i].overlapped + OVERLAPPED_INTERNAL_HIGH, count;
        if (rows[i].overlapped == 0 || place < address || place + sizeof count > address + length) continue;
        memcpy(&count, (const void *)(uintptr_t)place, sizeof count);
        if (count == 0) continue;
        count += rows[i].bytes;
        memcpy((void *)(uintptr_t)place, &count, sizeof count);
    }
}
