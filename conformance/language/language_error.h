/* A place in a text of the language, and why the text was refused there. */
#ifndef RESERVOIR_CONFORMANCE_LANGUAGE_ERROR_H
#define RESERVOIR_CONFORMANCE_LANGUAGE_ERROR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
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

/* What of the offending line is shown. The text may have come by a pipe, or have changed since: it is not read
 * again. */
struct line_excerpt {
    char bytes[176]; /* "" when there is no line to show */
    uint8_t column;  /* of the error within it, from 0 */
    bool cut_before, cut_after;
};

/* `message` says what was found and what was expected. Plain data, below a kilobyte; the caller owns it. */
struct language_error {
    const char *file; /* as given to the parser; not copied */
    struct position position;
    char message[512];
    struct line_excerpt excerpt;
};

/* Fills an error; a longer message is cut. `line` holds the `length` bytes of the line that `position` is in; NULL and
 * 0 when there is nothing to show. Returns false, so that a parser can return it. */
bool language_error_set(struct language_error *error, const char *file, struct position position, const char *line,
                        size_t length, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 6, 7)))
#endif
    ;

/* The same with the arguments of the format as a list. */
bool language_error_set_list(struct language_error *error, const char *file, struct position position, const char *line,
                             size_t length, const char *format, va_list arguments);

/* Adds the error to `out` the way compilers write it: FILE:LINE:COLUMN: message, what is around it in its line, a
 * caret. */
void language_error_print(const struct language_error *error, struct text *out);

#endif
