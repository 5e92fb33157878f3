#include "conformance/language/language_error.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "conformance/base/utf8.h"

enum { EXCERPT_BEFORE = 80, EXCERPT_BYTES = 160 };

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

void language_error_print(const struct language_error *error, struct text *out) {
    const char *text = error->text;
    size_t length = strlen(text);
    size_t column = error->position.column > 0 ? error->position.column - 1 : 0;
    if (column > length) column = length;
    size_t start = column > EXCERPT_BEFORE + 20 ? column - EXCERPT_BEFORE : 0;
    while (start > 0 && is_continuation(text[start])) start--;
    size_t end = length - start > EXCERPT_BYTES ? start + EXCERPT_BYTES : length;
    while (end < length && is_continuation(text[end])) end++;
    assert(start <= column && column <= end);
    text_add(out, "%s:%u:%u: %s\n", error->file, (unsigned)error->position.line, (unsigned)error->position.column,
             error->message);
    if (length == 0) return;
    text_add(out, "    %s", start > 0 ? "..." : "");
    add_excerpt(out, text + start, text + end);
    size_t before = add_excerpt(NULL, text + start, text + column);
    text_add(out, "%s\n    %s", end < length ? "..." : "", start > 0 ? "   " : "");
    for (size_t i = 0; i < before; i++) text_add(out, " ");
    text_add(out, "^\n");
}
