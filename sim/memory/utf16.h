/* Text as records have it (UTF-8, a length) and as Windows wants it (UTF-16, a 0 at its end). What is no UTF-8, or half
 * a pair, becomes U+FFFD. */
#ifndef RESERVOIR_SIM_MEMORY_UTF16_H
#define RESERVOIR_SIM_MEMORY_UTF16_H

#include <stdbool.h>
#include <stdint.h>

/* Writes at most `room` units with the 0; returns how many without it. Text that is longer is cut between
 * characters. */
unsigned utf16_from_utf8(const char *bytes, unsigned length, uint16_t *units, unsigned room);

/* Writes at most `room` bytes, without a 0; returns how many. */
unsigned utf8_from_utf16(const uint16_t *units, unsigned length, char *bytes, unsigned room);

#endif
