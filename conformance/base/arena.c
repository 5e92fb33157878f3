#include "conformance/base/arena.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"
#include "conformance/base/spares.h"

/* Blocks double from the smallest to the largest: small trees stand close together. */
enum {
    BLOCK_LEAST_BYTES = 2 * 1024,
    BLOCK_MOST_BYTES = 16 * 1024,
    ALIGNMENT = 16,
    ROOM_LEAST = 2 /* as arena_append() says */
};

struct block {
    struct block *next;
    size_t used, size; /* of what follows this head */
    size_t padding;    /* keeps the memory after it aligned where pointers have 32 bits */
};

struct arena {
    struct block *blocks; /* the one in use comes first */
    struct block *texts;  /* likewise: apart, because whoever plays a tree walks its nodes and reads few texts */
    struct arena *kept;
    unsigned keepers; /* who has not freed it yet: its owner, and each arena that keeps it */
};

_Static_assert(sizeof(struct block) % 16 == 0 && sizeof(struct block) % ALIGNMENT == 0,
               "the memory after a block's head is aligned");

struct arena *arena_create(void) {
    struct arena *arena = memory_zeroed(sizeof *arena);
    arena->keepers = 1;
    return arena;
}

void arena_keep(struct arena *arena, struct arena *other) {
    assert(arena->kept == NULL && other != NULL && other != arena);
    arena->kept = other;
    other->keepers++;
}

/* Of so many bytes, its head among them. Its memory is not cleared. */
static struct block *block_create(size_t bytes) {
    struct block *block = spare_take(bytes);
    *block = (struct block){ .size = bytes - sizeof *block };
    return block;
}

static void block_free(struct block *block) { spare_give(block, sizeof *block + block->size); }

static void blocks_free(struct block *block) {
    while (block != NULL) {
        struct block *next = block->next;
        block_free(block);
        block = next;
    }
}

void arena_free(struct arena *arena) {
    if (arena == NULL || --arena->keepers > 0) return;
    blocks_free(arena->blocks);
    blocks_free(arena->texts);
    arena_free(arena->kept);
    free(arena);
}

static size_t next_block_bytes(const struct block *block) {
    size_t bytes = block == NULL ? BLOCK_LEAST_BYTES : 2 * (sizeof *block + block->size);
    return bytes < BLOCK_MOST_BYTES ? bytes : BLOCK_MOST_BYTES;
}

/* Its bytes may be anything. */
static void *take(struct block **blocks, size_t size) {
    struct block *block = *blocks;
    if (block == NULL || block->size - block->used < size) {
        size_t bytes = next_block_bytes(block);
        if (bytes < sizeof *block + size) bytes = sizeof *block + size;
        block = block_create(bytes);
        block->next = *blocks;
        *blocks = block;
    }
    char *memory = (char *)(block + 1) + block->used;
    block->used += size;
    assert(block->used <= block->size);
    return memory;
}

static void *take_aligned(struct arena *arena, size_t size) {
    assert(arena != NULL);
    assert(size < SIZE_MAX / 4);
    size_t rounded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return take(&arena->blocks, rounded == 0 ? ALIGNMENT : rounded);
}

void *arena_allocate(struct arena *arena, size_t size) { return memset(take_aligned(arena, size), 0, size); }

const char *arena_text(struct arena *arena, const char *bytes, size_t length) {
    assert(bytes != NULL || length == 0);
    char *copy = take(&arena->texts, length + 1);
    if (length > 0) memcpy(copy, bytes, length);
    copy[length] = '\0';
    return copy;
}

void *arena_grow(struct arena *arena, void *array, uint32_t count, size_t element_size) {
    assert(element_size > 0);
    assert((array == NULL) == (count == 0));
    size_t room = count == 0 ? ROOM_LEAST : (size_t)count * 2;
    char *grown = take_aligned(arena, room * element_size);
    if (count > 0) memcpy(grown, array, count * element_size);
    memset(grown + count * element_size, 0, (room - count) * element_size);
    return grown;
}
