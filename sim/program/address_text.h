/* Internet addresses as text, in the forms that Winsock and ntdll take and give. `bytes` are in network order; a
 * function that reads stores at `end` what follows the address, and returns false, with nothing stored at `end`, for
 * a text that does not begin with one. */
#ifndef RESERVOIR_SIM_PROGRAM_ADDRESS_TEXT_H
#define RESERVOIR_SIM_PROGRAM_ADDRESS_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Four decimal numbers of 0 to 255 without leading zeros. */
bool text_read_v4(const char *text, uint8_t bytes[4], const char **end);

/* One to four numbers, decimal, octal (0...) or hexadecimal (0x...), of which the last has all bytes that are left:
 * inet_addr's forms. */
bool text_read_v4_parts(const char *text, uint8_t bytes[4], const char **end);

/* Groups of up to four digits; "::" once; the last two may be an IPv4 address. */
bool text_read_v6(const char *text, uint8_t bytes[16], const char **end);

/* The port after a ':', in network order, and the end of the text; 0 where the text ends at once. */
bool text_read_port(const char *text, uint16_t *port);

/* `size`: of `text`, in bytes; 16 and 46 are enough. The IPv4 part of an address that is v4-mapped, v4-compatible or of
 * ISATAP is written as one. */
void text_write_v4(const uint8_t bytes[4], char *text, size_t size);
void text_write_v6(const uint8_t bytes[16], char *text, size_t size);

#endif
