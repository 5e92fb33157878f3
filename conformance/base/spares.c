#include "conformance/base/spares.h"

#include <assert.h>
#include <stdlib.h>

#include "conformance/base/memory.h"

enum {
    LEAST_BYTES = 2 * 1024,
    SIZES = 8,     /* 2, 4, ... 256 KB; larger blocks are not kept */
    KEPT_MOST = 8, /* of each size */
};

static struct {
    void *blocks[KEPT_MOST]; /* the one that was given back last stands last: it is in the cache */
    unsigned count;
} kept[SIZES];

static size_t bytes_of_size(unsigned size) { return (size_t)LEAST_BYTES << size; }

/* SIZES: larger than any that is kept. */
static unsigned size_for(size_t bytes) {
    unsigned size = 0;
    while (size < SIZES && bytes_of_size(size) < bytes) size++;
    return size;
}

void *spare_take(size_t bytes) {
    unsigned size = size_for(bytes);
    if (size == SIZES) return memory_resize(NULL, bytes, 1);
    if (kept[size].count > 0) return kept[size].blocks[--kept[size].count];
    return memory_resize(NULL, bytes_of_size(size), 1);
}

void spare_give(void *block, size_t bytes) {
    unsigned size = size_for(bytes);
    if (block == NULL) return;
    if (size == SIZES || kept[size].count == KEPT_MOST) free(block);
    else kept[size].blocks[kept[size].count++] = block;
}
