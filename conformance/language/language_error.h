/* A place in a text of the language, and why the text was refused there. */
#ifndef RESERVOIR_CONFORMANCE_LANGUAGE_ERROR_H
#define RESERVOIR_CONFORMANCE_LANGUAGE_ERROR_H

#include <stdint.h>

#include "conformance/base/text.h"

enum {
    LINE_BYTES_MAX = 4096,    /* a longer line is an error */
    FILE_BYTES_MAX = 4 << 20, /* a longer file is an error */
};

/* A place in a source file. line and column count from 1; column counts bytes. */
struct position {
    uint32_t line;
    uint32_t column;
};

/* `text` is the offending line (at most the first LINE_BYTES_MAX bytes); `message` says what was found and what was
 * expected. Plain data; the caller owns it. */
struct language_error {
    const char *file; /* as given to the parser; not copied */
    struct position position;
    char message[512];
    char text[LINE_BYTES_MAX + 1];
};

/* Adds the error to `out` the way compilers write it: FILE:LINE:COLUMN: message, the line, a caret. */
void language_error_print(const struct language_error *error, struct text *out);

#endif
