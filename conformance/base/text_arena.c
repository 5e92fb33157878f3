#include "conformance/base/text_arena.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 16 * 1024, ALIGNMENT = 16, ROOM_LEAST = 2 /* a power of two */ };

struct block {
    struct block *next;
    size_t used, size;
    size_t padding; /* keeps the memory behind it aligned where pointers have 32 bits */
};

struct arena {
    struct block *blocks; /* the one in use comes first */
};

_Static_assert(sizeof(struct block) % 16 == 0 && sizeof(struct block) % ALIGNMENT == 0,
               "the memory behind a block's head is aligned");

static void *allocate_or_end(size_t size) {
    void *memory = calloc(1, size);
    if (memory == NULL) {
        fputs("reservoir: out of memory\n", stderr);
        exit(2);
    }
    return memory;
}

struct arena *arena_create(void) {
    return allocate_or_end(sizeof(struct arena));
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
        block = allocate_or_end(sizeof *block + payload);
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
    /* The room is the next power of two, at least ROOM_LEAST: it is full exactly when the count is one from there on. */
    if (count != 0 && (count < ROOM_LEAST || (count & (count - 1)) != 0)) return array;
    size_t room = count == 0 ? ROOM_LEAST : (size_t)count * 2;
    void *grown = arena_allocate(arena, room * element_size);
    if (count > 0) memcpy(grown, array, count * element_size);
    return grown;
}

static void text_reserve(struct text *text, size_t more) {
    assert(text->length <= text->capacity);
    assert(more < SIZE_MAX / 4);
    if (text->capacity - text->length > more) return;
    size_t capacity = text->capacity < 256 ? 256 : text->capacity * 2;
    while (capacity - text->length <= more) capacity *= 2;
    char *bytes = realloc(text->bytes, capacity);
    if (bytes == NULL) {
        fputs("reservoir: out of memory\n", stderr);
        exit(2);
    }
    text->bytes = bytes;
    text->capacity = capacity;
}

void text_add(struct text *text, const char *format, ...) {
    assert(text != NULL && format != NULL);
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    text_reserve(text, 1);
    size_t room = text->capacity - text->length;
    int length = vsnprintf(text->bytes + text->length, room, format, arguments); /* most fits at once */
    va_end(arguments);
    assert(length >= 0);
    if ((size_t)length >= room) {
        text_reserve(text, (size_t)length + 1);
        vsnprintf(text->bytes + text->length, (size_t)length + 1, format, again);
    }
    va_end(again);
    text->length += (size_t)length;
}

void text_add_bytes(struct text *text, const char *bytes, size_t length) {
    assert(text != NULL);
    assert(bytes != NULL || length == 0);
    text_reserve(text, length + 1);
    if (length > 0) memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
    text->bytes[text->length] = '\0';
}

void text_add_byte(struct text *text, char byte) { text_add_bytes(text, &byte, 1); }

static void text_add_digits(struct text *text, uint64_t number, unsigned base) {
    char digits[20];
    unsigned at = sizeof digits;
    assert(base == 10 || base == 16);
    do {
        digits[--at] = "0123456789ABCDEF"[number % base];
        number /= base;
    } while (number > 0);
    text_add_bytes(text, digits + at, sizeof digits - at);
}

void text_add_number(struct text *text, uint64_t number) { text_add_digits(text, number, 10); }

void text_add_hexadecimal(struct text *text, uint64_t number) {
    text_add_bytes(text, "0x", 2);
    text_add_digits(text, number, 16);
}

void text_free(struct text *text) {
    assert(text != NULL);
    free(text->bytes);
    *text = (struct text){ 0 };
}
