#include "reports/formats/fit.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

enum { DEEP = 16 }; /* text that begins so far in is a column of its own */

/* The length in bytes of an escape sequence `ESC [ ... letter` at `at`; 0 when there is none. */
static size_t escape_length(const char *at, size_t length) {
    if (length < 2 || at[0] != '\033' || at[1] != '[') return 0;
    size_t i = 2;
    while (i < length && !(at[i] >= '@' && at[i] <= '~')) i++;
    return i < length ? i + 1 : length;
}

/* Columns that `length` bytes take. */
static unsigned width_of(const char *text, size_t length) {
    unsigned width = 0;
    for (size_t i = 0; i < length;) {
        size_t escape = escape_length(text + i, length - i);
        if (escape > 0) {
            i += escape;
            continue;
        }
        width += ((unsigned char)text[i] & 0xC0) != 0x80; /* continuation bytes take no room */
        i++;
    }
    return width;
}

static size_t indentation(const char *line, size_t length) {
    size_t blanks = 0;
    while (blanks < length && line[blanks] == ' ') blanks++;
    return blanks;
}

/* Where the lines that continue this one begin. */
static unsigned hang_of(const char *line, size_t length, unsigned columns) {
    size_t start = indentation(line, length);
    unsigned hang = 0;
    for (size_t i = start + 3; i < length; i++) {
        if (line[i] == ' ' || line[i - 1] != ' ' || line[i - 2] != ' ') continue;
        unsigned column = width_of(line, i);
        if (column * 3 <= columns * 2) hang = column;
    }
    if (hang > 0) return hang;
    if (start == 0 || start > columns / 2) return start > columns / 2 ? columns / 2 : 0;
    return (unsigned)start + (start < DEEP ? 4 : 0);
}

/* How many bytes of `text` fit into `room` columns, up to a blank; all of the first word at least. */
static size_t fitting(const char *text, size_t length, unsigned room) {
    size_t best = 0;
    size_t from = indentation(text, length);
    for (size_t i = from; i <= length; i++) {
        if (i < length && text[i] != ' ') continue;
        if (best > 0 && width_of(text, i) > room) break;
        best = i;
        if (width_of(text, i) > room) break;
    }
    return best > 0 ? best : length;
}

static void fit_line(const char *line, size_t length, unsigned columns, struct text *out) {
    unsigned hang = hang_of(line, length, columns), indent = 0;
    for (;;) {
        unsigned room = columns - indent;
        if (indent + width_of(line, length) <= columns) break;
        size_t taken = fitting(line, length, room);
        if (taken == length) break;
        text_add(out, "%*s%.*s\n", (int)indent, "", (int)taken, line);
        line += taken;
        length -= taken;
        size_t blanks = indentation(line, length);
        line += blanks;
        length -= blanks;
        indent = hang;
    }
    text_add(out, "%*s%.*s", (int)indent, "", (int)length, line);
}

void text_fit(const char *text, unsigned columns, struct text *out) {
    assert(text != NULL && out != NULL);
    if (columns == 0) {
        text_add(out, "%s", text);
        return;
    }
    if (columns < FIT_COLUMNS_LEAST) columns = FIT_COLUMNS_LEAST;
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        fit_line(text, length, columns, out);
        if (text[length] == '\n') text_add(out, "\n");
        text += length + (text[length] == '\n');
    }
}
