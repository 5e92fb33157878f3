/* What another program wrote, as text. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_SYSTEM_WRITTEN_TEXT_H
#define RESERVOIR_CONFORMANCE_AGENT_SYSTEM_WRITTEN_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Makes a C string of `length` bytes in a buffer of `size`, which is larger. UTF-16, with a mark of bytes or plainly
 * so, becomes UTF-8, and *encoded says so: no code page is to be asked then. In all else a byte of 0 becomes a question
 * mark, since what follows it belongs to the text. False: not all of UTF-16 had room. */
bool written_text(char *text, size_t length, size_t size, bool *encoded);

#endif
