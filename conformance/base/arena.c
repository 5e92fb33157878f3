#include "conformance/base/arena.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"

enum { BLOCK_BYTES = 16 * 1024, ALIGNMENT = 16, ROOM_LEAST = 2 /* a power of two */ };

struct block {
    struct block *next;
    size_t used, size;
    size_t padding; /* keeps the memory after it aligned where pointers have 32 bits */
};

struct arena {
    struct block *blocks; /* the one in use comes first */
};

_Static_assert(sizeof(struct block) % 16 == 0 && sizeof(struct block) % ALIGNMENT == 0,
               "the memory after a block's head is aligned");

struct arena *arena_create(void) {
    return memory_zeroed(sizeof(struct arena));
}

void arena_free(struct arena *arena) {
    if (arena == NULL) return;
    struct block *block = arena->blocks;
    while (block != NULL) {
        struct block *next = block->next;
        free(block);
        block = next;
    }
    free(arena);
}

void *arena_allocate(struct arena *arena, size_t size) {
    assert(arena != NULL);
    assert(size < SIZE_MAX / 4);
    size_t rounded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (rounded == 0) rounded = ALIGNMENT;
    struct block *block = arena->blocks;
    if (block == NULL || block->size - block->used < rounded) {
        size_t payload = rounded > BLOCK_BYTES ? rounded : BLOCK_BYTES;
        block = memory_zeroed(sizeof *block + payload);
        block->size = payload;
        block->next = arena->blocks;
        arena->blocks = block;
    }
    char *memory = (char *)(block + 1) + block->used;
    block->used += rounded;
    assert(block->used <= block->size);
    return memory;
}

const char *arena_text(struct arena *arena, const char *bytes, size_t length) {
    assert(bytes != NULL || length == 0);
    char *copy = arena_allocate(arena, length + 1);
    if (length > 0) memcpy(copy, bytes, length);
    return copy;
}

void *arena_append(struct arena *arena, void *array, uint32_t count, size_t element_size) {
    assert(element_size > 0);
    assert((array == NULL) == (count == 0));
    /* The room is the next power of two, at least ROOM_LEAST: it is full exactly when the count is one from there
     * on. */
    if (count != 0 && (count < ROOM_LEAST || (count & (count - 1)) != 0)) return array;
    size_t room = count == 0 ? ROOM_LEAST : (size_t)count * 2;
    void *grown = arena_allocate(arena, room * element_size);
    if (count > 0) memcpy(grown, array, count * element_size);
    return grown;
}
