/* Memory of a tree, and one string routine that needs it.
 *
 * An arena hands out zeroed memory that is given back all at once. Allocation failure ends the program with a message:
 * a program that cannot get a few kilobytes has nothing better to do. Not safe to share between threads. */
#ifndef RESERVOIR_CONFORMANCE_TEXT_ARENA_H
#define RESERVOIR_CONFORMANCE_TEXT_ARENA_H

#include <stddef.h>
#include <stdint.h>

#include "conformance/language/language.h"

/* A new, empty arena; the caller frees it. */
struct arena *arena_create(void);
void arena_free(struct arena *arena); /* NULL is allowed */

/* `size` zeroed bytes, aligned for any type of this language; never NULL, also for size 0. */
void *arena_allocate(struct arena *arena, size_t size);

/* A NUL-terminated copy of `length` bytes. */
const char *arena_text(struct arena *arena, const char *bytes, size_t length);

/* Room for one more element behind the `count` that `array` holds. Returns the array, which may have moved (the old one
 * stays valid); element `count` is zeroed. The array must have grown by this function alone, from NULL and 0. */
void *arena_append(struct arena *arena, void *array, uint32_t count, size_t element_size);

/* Adds one byte, or a decimal or hexadecimal (0x, capital digits) number. */
void text_add_byte(struct text *text, char byte);
void text_add_bytes(struct text *text, const char *bytes, size_t length);
void text_add_number(struct text *text, uint64_t number);
void text_add_hexadecimal(struct text *text, uint64_t number);

#endif
