/* Memory that is always there: a program that cannot get a few kilobytes ends with a message. */
#ifndef RESERVOIR_CONFORMANCE_MEMORY_H
#define RESERVOIR_CONFORMANCE_MEMORY_H

#include <stddef.h>

/* `count` elements of `size` bytes; the old ones are kept, new ones are not initialised. Never NULL; free() it. */
void *memory_resize(void *old, size_t count, size_t size);

/* `size` zeroed bytes, aligned for any type. Never NULL; free() it. */
void *memory_zeroed(size_t size);

/* Room for element number `count` (the array holds `count` of them): grows by doubling. */
void *memory_grow(void *array, size_t count, size_t *capacity, size_t size);

/* A NUL-terminated copy of `length` bytes; free() it. */
char *memory_copy_text(const char *bytes, size_t length);

#endif
