/* Pages of this process, good and bad. */
#ifndef RESERVOIR_SIM_MEMORY_PAGES_H
#define RESERVOIR_SIM_MEMORY_PAGES_H

#include <stddef.h>
#include <stdint.h>

enum { PAGE_BYTES = 4096 };

/* `good` bytes that can be read and written, 0 in each, and after them `bad` bytes without access; both multiples of
 * PAGE_BYTES, not both 0. Asserts that there is memory. Freed with pages_free(pages, good + bad). */
void *pages_create(size_t good, size_t bad);
void pages_free(void *pages, size_t size);

/* How many bytes can be read from an address on, at most `wanted`. Any address is allowed. */
uint32_t pages_readable(uint64_t address, uint32_t wanted);

/* The same, of bytes that can be written as well. They are what they were afterwards; no other thread may write there
 * meanwhile. */
uint32_t pages_writable(uint64_t address, uint32_t wanted);

#endif
