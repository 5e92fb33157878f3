#include "conformance/language/language_error.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "conformance/base/utf8.h"

enum { EXCERPT_BEFORE = 80, EXCERPT_BYTES = 160, CONTINUATIONS_MAX = 3 };

static bool is_continuation(char c) { return ((unsigned char)c & 0xC0) == 0x80; }

/* Adds the bytes from `at` to `end` so that any terminal and any report can take them: what is no character becomes a
 * question mark. Returns how many characters that are; `out` may be NULL, to count only. */
static size_t add_excerpt(struct text *out, const char *at, const char *end) {
    size_t count = 0;
    assert(at <= end);
    while (at < end) {
        unsigned length = utf8_length(at, end);
        bool shown = length > 1 || (length == 1 && (unsigned char)*at >= 0x20 && *at != 0x7F);
        if (out != NULL) text_add(out, "%.*s", shown ? (int)length : 1, shown ? at : "?");
        at += length > 0 ? length : 1;
        count++;
    }
    return count;
}

/* The line around `column` (from 0), whole characters, at most EXCERPT_BYTES and what belongs to their ends. */
static struct line_excerpt excerpt_of(const char *line, size_t length, size_t column) {
    struct line_excerpt excerpt = { 0 };
    const char *nul = length > 0 ? memchr(line, '\0', length) : NULL;
    if (nul != NULL) length = (size_t)(nul - line);
    if (length > LINE_BYTES_MAX) length = LINE_BYTES_MAX;
    if (column > length) column = length;
    size_t start = column > EXCERPT_BEFORE + 20 ? column - EXCERPT_BEFORE : 0;
    for (int i = 0; i < CONTINUATIONS_MAX && start > 0 && is_continuation(line[start]); i++) start--;
    size_t end = length - start > EXCERPT_BYTES ? start + EXCERPT_BYTES : length;
    for (int i = 0; i < CONTINUATIONS_MAX && end < length && is_continuation(line[end]); i++) end++;
    assert(start <= column && column <= end && end - start < sizeof excerpt.bytes);
    if (end > start) memcpy(excerpt.bytes, line + start, end - start);
    excerpt.column = (uint8_t)(column - start);
    excerpt.cut_before = start > 0;
    excerpt.cut_after = end < length;
    return excerpt;
}

bool language_error_set_list(struct language_error *error, const char *file, struct position position, const char *line,
                             size_t length, const char *format, va_list arguments) {
    assert(error != NULL && file != NULL && position.line >= 1 && position.column >= 1);
    error->file = file;
    error->position = position;
    vsnprintf(error->message, sizeof error->message, format, arguments);
    error->excerpt = excerpt_of(line, length, position.column - 1);
    return false;
}

bool language_error_set(struct language_error *error, const char *file, struct position position, const char *line,
                        size_t length, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    language_error_set_list(error, file, position, line, length, format, arguments);
    va_end(arguments);
    return false;
}

void language_error_print(const struct language_error *error, struct text *out) {
    const struct line_excerpt *excerpt = &error->excerpt;
    const char *text = excerpt->bytes;
    text_add_name(out, error->file);
    text_add(out, ":%u:%u: %s\n", (unsigned)error->position.line, (unsigned)error->position.column, error->message);
    if (text[0] == '\0') return;
    text_add(out, "    %s", excerpt->cut_before ? "..." : "");
    add_excerpt(out, text, text + strlen(text));
    size_t before = add_excerpt(NULL, text, text + excerpt->column);
    text_add(out, "%s\n    %s", excerpt->cut_after ? "..." : "", excerpt->cut_before ? "   " : "");
    for (size_t i = 0; i < before; i++) text_add(out, " ");
    text_add(out, "^\n");
}
