#include "conformance/agent/user_memory.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/memory/pages.h"
#include "conformance/base/reason.h"
#include "conformance/session/executor.h"
#include "stack/sdk/error_values.h"

enum { NOWHERE_BYTES = 16 * PAGE_BYTES };

/* A range has some room around it. */
static size_t good_bytes(const struct user_range *range) {
    return (range->length + 64u + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
}

void user_memory_create(struct user_memory *memory) {
    assert(memory != NULL);
    memset(memory, 0, sizeof *memory);
    memory->nowhere = pages_create(0, NOWHERE_BYTES);
}

void user_memory_destroy(struct user_memory *memory) {
    assert(memory != NULL);
    assert(memory->nowhere != NULL);
    for (unsigned i = 0; i < memory->ranges_count; i++) {
        pages_free(memory->ranges[i].pages, good_bytes(&memory->ranges[i]) + PAGE_BYTES);
        free(memory->ranges[i].reported);
    }
    pages_free(memory->nowhere, NOWHERE_BYTES);
    memset(memory, 0, sizeof *memory);
}

struct user_range *user_memory_at(struct user_memory *memory, uint64_t address) {
    assert(memory != NULL);
    for (unsigned i = 0; i < memory->ranges_count; i++) {
        struct user_range *range = &memory->ranges[i];
        if (address == range->address) return range;
        if (address > range->address && address - range->address < range->length) return range;
    }
    return NULL;
}

/* The range that holds a real address, or NULL. */
static struct user_range *user_memory_at_real(struct user_memory *memory, const void *real) {
    assert(memory != NULL);
    uintptr_t wanted = (uintptr_t)real;
    for (unsigned i = 0; i < memory->ranges_count; i++) {
        struct user_range *range = &memory->ranges[i];
        uintptr_t first = (uintptr_t)range->real;
        if (wanted == first || (wanted > first && wanted - first < range->length)) return range;
    }
    return NULL;
}

uint64_t user_memory_address(struct user_memory *memory, const void *real) {
    const struct user_range *range = real == NULL ? NULL : user_memory_at_real(memory, real);
    if (range == NULL) return 0;
    return range->address + (uint64_t)((const uint8_t *)real - range->real);
}

/* Pages for a new range; decides where in them it stands. */
static void allocate_pages(struct user_range *range) {
    assert(range->pages == NULL);
    range->pages = pages_create(good_bytes(range), PAGE_BYTES);
    uint8_t *first = range->pages;
    if (range->state == RANGE_PARTLY_BAD) range->real = first + good_bytes(range) - range->length;
    else range->real = first + 32 + range->address % 8;
}

static void store_contents(struct user_range *range, const struct call *call, const struct range *from,
                           uint32_t offset) {
    assert(offset <= range->length);
    assert(from->bytes_length <= range->length - offset);
    memcpy(range->real + offset, call->bytes + from->bytes_offset, from->bytes_length);
    memcpy(range->reported + offset, call->bytes + from->bytes_offset, from->bytes_length);
}

static struct user_range *add_range(struct user_memory *memory, const struct call *call, const struct range *from) {
    assert(from->state == RANGE_GOOD || from->state == RANGE_PARTLY_BAD);
    if (memory->ranges_count == USER_RANGES_MAX) return NULL;
    struct user_range *range = &memory->ranges[memory->ranges_count++];
    memset(range, 0, sizeof *range);
    range->address = from->address;
    range->length = from->length;
    range->state = from->state;
    range->reported = malloc(from->length + 1u);
    assert(range->reported != NULL);
    allocate_pages(range);
    for (uint32_t i = 0; i < range->length; i++) range->reported[i] = poison_byte(i);
    memcpy(range->real, range->reported, range->length);
    store_contents(range, call, from, 0);
    return range;
}

bool user_memory_map(struct user_memory *memory, const struct call *call, const struct range *from, void **real,
                     struct reason *reason) {
    assert(from->state != RANGE_NONE);
    *real = NULL;
    if (from->state == RANGE_NULL) return true;
    if (from->state == RANGE_BAD) {
        *real = memory->nowhere + 8 * PAGE_BYTES + from->address % 8;
        return true;
    }
    struct user_range *range = user_memory_at(memory, from->address);
    if (range == NULL) {
        range = add_range(memory, call, from);
        if (range == NULL) {
            reason_set(reason, "more than %d memory ranges in one process", USER_RANGES_MAX);
            return false;
        }
        *real = range->real;
        return true;
    }
    uint32_t offset = (uint32_t)(from->address - range->address);
    if (from->length > range->length - offset) {
        reason_set(reason, "memory of %lu bytes is said to be %lu bytes long now",
                   (unsigned long)(range->length - offset), (unsigned long)from->length);
        return false;
    }
    if (from->fresh) store_contents(range, call, from, offset);
    *real = range->real + offset;
    return true;
}

/* Adds what changed in one range, as far as the record has room. */
static void report_range(struct user_range *range, struct result *result) {
    assert(range->real != NULL);
    uint32_t first = 0;
    uint32_t end = range->length;
    while (first < end && range->real[first] == range->reported[first]) first++;
    if (first == end) return;
    while (end > first + 1 && range->real[end - 1] == range->reported[end - 1]) end--;
    uint32_t room = RESULT_BYTES_MAX - result->bytes_used;
    if (result->writes_count == RESULT_WRITES_MAX || room == 0) return;
    uint32_t length = end - first < room ? end - first : room;
    /* The kernel may store at any moment: what is reported is this copy. */
    memcpy(range->reported + first, range->real + first, length);
    result_write(result, range->address + first, range->reported + first, length);
}

void user_memory_report(struct user_memory *memory, struct result *result) {
    assert(memory != NULL);
    assert(result != NULL);
    for (unsigned i = 0; i < memory->ranges_count; i++) report_range(&memory->ranges[i], result);
}

bool user_memory_pending(const struct user_memory *memory) {
    assert(memory != NULL);
    for (unsigned i = 0; i < memory->ranges_count; i++) {
        const struct user_range *range = &memory->ranges[i];
        if (!range->overlapped || range->length < OVERLAPPED_SIZE) continue;
        if (load_u64(range->real + OVERLAPPED_INTERNAL) == STATUS_PENDING) return true;
    }
    return false;
}
