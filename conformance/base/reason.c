#include "conformance/base/reason.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "conformance/base/utf8.h"

/* Takes away a last character that lacks bytes. */
static void drop_torn_character(char *text, size_t length) {
    size_t start = length;
    while (start > 0 && length - start < 3 && ((unsigned char)text[start - 1] & 0xC0) == 0x80) start--;
    if (start == 0) return;
    start--; /* the byte that begins the last character */
    if ((unsigned char)text[start] >= 0xC0 && utf8_length(text + start, text + length) == 0) text[start] = '\0';
}

void reason_set(struct reason *reason, const char *format, ...) {
    assert(reason != NULL && format != NULL);
    struct reason made;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(made.text, sizeof made.text, format, arguments);
    va_end(arguments);
    if (length < 0) made.text[0] = '\0';
    if (length >= (int)sizeof made.text) drop_torn_character(made.text, sizeof made.text - 1);
    memcpy(reason->text, made.text, strlen(made.text) + 1);
}
