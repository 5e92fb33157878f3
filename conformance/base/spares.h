/* Blocks of memory that were given back, for whoever asks next.
 *
 * Who reads and judges thousands of texts, one after the other, needs the same large blocks for each: here they stay in
 * the cache, and the system is not asked for them again. Nothing but speed depends on it. Not safe to share between
 * threads. When there is no memory the program ends with a message (memory.h). */
#ifndef RESERVOIR_CONFORMANCE_SPARES_H
#define RESERVOIR_CONFORMANCE_SPARES_H

#include <stddef.h>

/* At least `bytes`, aligned for any type; they may hold anything. */
void *spare_take(size_t bytes);

/* Gives back a block of so many bytes that was taken. NULL is allowed. */
void spare_give(void *block, size_t bytes);

#endif
