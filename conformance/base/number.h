/* Decimal digits to numbers: the same rules wherever a text has one. No sign, no blanks, no other base. */
#ifndef RESERVOIR_CONFORMANCE_NUMBER_H
#define RESERVOIR_CONFORMANCE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many digits `text` begins with, in at most `length` bytes of it and before its NUL; 0: none. *number is what they
 * say, 0 without digits, UINT64_MAX when it is that or more. */
size_t number_take(const char *text, size_t length, uint64_t *number);

/* Is all of `text` a number of at most `most` (below UINT64_MAX)? */
bool number_read(const char *text, uint64_t most, uint64_t *number);

#endif
