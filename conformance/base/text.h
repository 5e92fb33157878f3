/* A growing string. When memory runs out the program ends with a message (memory.h). */
#ifndef RESERVOIR_CONFORMANCE_TEXT_H
#define RESERVOIR_CONFORMANCE_TEXT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* Zero-initialise; free with text_free(). `bytes` is NUL-terminated once something was added, NULL before. */
struct text {
    char *bytes;
    size_t length, capacity;
};

/* Adds text as printf writes it. */
void text_add(struct text *text, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

/* The same with the values as a list. */
void text_add_values(struct text *text, const char *format, va_list values)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 0)))
#endif
    ;

void text_add_byte(struct text *text, char byte);
void text_add_bytes(struct text *text, const char *bytes, size_t length);

/* A file's name, which may hold a line feed: it begins no line of its own, but is shown as its picture. */
void text_add_name(struct text *text, const char *name);

/* Adds each line of `lines` after `indent`, and a line end after each. */
void text_add_indented(struct text *text, const char *indent, const char *lines);

/* A decimal number; a hexadecimal one with 0x and capital digits. */
void text_add_number(struct text *text, uint64_t number);
void text_add_hexadecimal(struct text *text, uint64_t number);

/* Adds `words` with the number in the place of each {}. */
void text_add_numbered(struct text *text, const char *words, unsigned number);

/* Frees the bytes; the text is empty again. */
void text_free(struct text *text);

#endif
