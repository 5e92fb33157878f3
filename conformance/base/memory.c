#include "conformance/base/memory.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void end_without_memory(void) {
    fputs("reservoir: out of memory\n", stderr);
    exit(2);
}

void *memory_resize(void *old, size_t count, size_t size) {
    assert(size > 0);
    assert(count <= SIZE_MAX / 2 / size);
    void *memory = realloc(old, count * size + 1);
    if (memory == NULL) end_without_memory();
    return memory;
}

void *memory_zeroed(size_t size) {
    assert(size > 0);
    void *memory = calloc(1, size);
    if (memory == NULL) end_without_memory();
    return memory;
}

void *memory_grow(void *array, size_t count, size_t *capacity, size_t size) {
    assert(capacity != NULL);
    assert(count <= *capacity);
    if (count < *capacity) return array;
    *capacity = *capacity == 0 ? 32 : *capacity * 2;
    return memory_resize(array, *capacity, size);
}

char *memory_copy_text(const char *bytes, size_t length) {
    assert(bytes != NULL || length == 0);
    char *copy = memory_resize(NULL, length, 1);
    if (length > 0) memcpy(copy, bytes, length);
    copy[length] = '\0';
    return copy;
}
