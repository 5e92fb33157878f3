/* Memory that is freed all at once, such as a parsed tree. An arena hands out zeroed memory. When there is none left
 * the program ends with a message (memory.h). Not safe to share between threads.
 *
 * An arena may keep another one: what stands in that can then be pointed at from here, and is there until both have
 * been freed. */
#ifndef RESERVOIR_CONFORMANCE_ARENA_H
#define RESERVOIR_CONFORMANCE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena; /* opaque */

/* A new, empty arena; the caller frees it. */
struct arena *arena_create(void);
void arena_free(struct arena *arena); /* NULL is allowed */

/* From now until it is freed itself, `arena` keeps `other`, whoever frees that. One arena keeps one (asserted). */
void arena_keep(struct arena *arena, struct arena *other);

/* `size` zeroed bytes, aligned for any type; never NULL, also for size 0. */
void *arena_allocate(struct arena *arena, size_t size);

/* A NUL-terminated copy of `length` bytes. */
const char *arena_text(struct arena *arena, const char *bytes, size_t length);

/* What arena_append() does where there is no room. */
void *arena_grow(struct arena *arena, void *array, uint32_t count, size_t element_size);

/* Room for one more element after the `count` that `array` holds. Returns the array, which may have moved (the old one
 * stays valid); element `count` is zeroed. The array must have grown by this function only, from NULL and 0. */
static inline void *arena_append(struct arena *arena, void *array, uint32_t count, size_t element_size) {
    /* The room is the next power of two, at least 2: it is full exactly when the count is one from there on. */
    bool full = count == 0 || (count > 1 && (count & (count - 1)) == 0);
    return full ? arena_grow(arena, array, count, element_size) : array;
}

#endif
