/* Real memory behind user addresses.
 *
 * A scenario speaks of memory by numbers of its own (stack/call/call.h). Here each number gets pages of its own, as
 * good or as bad as the call record says, filled with poison; and what changes in them is reported as writes.
 *
 *   GOOD         in the middle of good pages; address % 8 is kept
 *   PARTLY_BAD   the last byte of the range is the last of a good page; a page without access follows
 *   BAD          inside pages without access; address % 8 is kept
 *   NULL         NULL
 *
 * One thread at a time (the executor's control thread); the kernel may store into the pages at any moment. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_USER_MEMORY_H
#define RESERVOIR_CONFORMANCE_AGENT_USER_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "conformance/base/reason.h"
#include "stack/call/call.h"

enum { USER_RANGES_MAX = 1024 };

struct user_range {
    uint64_t address; /* user address of the first byte */
    uint32_t length;
    uint8_t state;      /* RANGE_GOOD or RANGE_PARTLY_BAD */
    uint8_t overlapped; /* was passed as an OVERLAPPED */
    uint8_t *real;      /* of the first byte */
    void *pages;        /* to free */
    uint8_t *reported;  /* what the scenario knows to be there; `length` bytes, owned */
};

struct user_memory {
    struct user_range ranges[USER_RANGES_MAX];
    unsigned ranges_count;
    uint8_t *nowhere; /* reserved pages for BAD */
};

void user_memory_create(struct user_memory *memory);

/* Frees all pages. Nothing may be able to store into them any more. */
void user_memory_destroy(struct user_memory *memory);

/* Makes the memory of a range of the record what the record says and stores its real address in *real (NULL for
 * RANGE_NULL). False when a known range has grown or the table is full; `reason` says which. */
bool user_memory_map(struct user_memory *memory, const struct call *call, const struct range *from, void **real,
                     struct reason *reason);

/* The range that holds a user address, or NULL. */
struct user_range *user_memory_at(struct user_memory *memory, uint64_t address);

/* The user address of a real one; 0 for NULL and for memory that is not the scenario's. */
uint64_t user_memory_address(struct user_memory *memory, const void *real);

/* Adds a write for every range that has changed since it was last reported, from the first changed byte to the last.
 * What does not fit the record is reported with the next. */
void user_memory_report(struct user_memory *memory, struct result *result);

/* Does any OVERLAPPED still say STATUS_PENDING? */
bool user_memory_pending(const struct user_memory *memory);

#endif
