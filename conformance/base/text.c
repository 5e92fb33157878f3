#include "conformance/base/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"

static void text_reserve(struct text *text, size_t more) {
    assert(text->length <= text->capacity);
    assert(more < SIZE_MAX / 4);
    if (text->capacity - text->length > more) return;
    size_t capacity = text->capacity < 256 ? 256 : text->capacity * 2;
    while (capacity - text->length <= more) capacity *= 2;
    text->bytes = memory_resize(text->bytes, capacity, 1);
    text->capacity = capacity;
}

void text_add_values(struct text *text, const char *format, va_list values) {
    assert(text != NULL && format != NULL);
    va_list again;
    va_copy(again, values);
    text_reserve(text, 1);
    size_t room = text->capacity - text->length;
    int length = vsnprintf(text->bytes + text->length, room, format, values); /* most fits at once */
    assert(length >= 0);
    if ((size_t)length >= room) {
        text_reserve(text, (size_t)length + 1);
        vsnprintf(text->bytes + text->length, (size_t)length + 1, format, again);
    }
    va_end(again);
    text->length += (size_t)length;
}

void text_add(struct text *text, const char *format, ...) {
    va_list values;
    va_start(values, format);
    text_add_values(text, format, values);
    va_end(values);
}

void text_add_bytes(struct text *text, const char *bytes, size_t length) {
    assert(text != NULL);
    assert(bytes != NULL || length == 0);
    text_reserve(text, length + 1);
    if (length > 0) memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
    text->bytes[text->length] = '\0';
}

void text_add_byte(struct text *text, char byte) { text_add_bytes(text, &byte, 1); }

static void text_add_digits(struct text *text, uint64_t number, unsigned base) {
    char digits[20];
    unsigned at = sizeof digits;
    assert(base == 10 || base == 16);
    do {
        digits[--at] = "0123456789ABCDEF"[number % base];
        number /= base;
    } while (number > 0);
    text_add_bytes(text, digits + at, sizeof digits - at);
}

void text_add_number(struct text *text, uint64_t number) { text_add_digits(text, number, 10); }

void text_add_hexadecimal(struct text *text, uint64_t number) {
    text_add_bytes(text, "0x", 2);
    text_add_digits(text, number, 16);
}

void text_add_numbered(struct text *text, const char *words, unsigned number) {
    for (const char *at = words, *place; *at != '\0'; at = place) {
        place = strstr(at, "{}");
        if (place == NULL) place = at + strlen(at);
        text_add_bytes(text, at, (size_t)(place - at));
        if (*place == '\0') continue;
        text_add_number(text, number);
        place += 2;
    }
}

void text_add_name(struct text *text, const char *name) {
    for (const char *at = name;; at++) {
        size_t length = strcspn(at, "\n");
        text_add_bytes(text, at, length);
        at += length;
        if (*at == '\0') return;
        text_add(text, "\xE2\x90\x8A"); /* U+240A */
    }
}

void text_free(struct text *text) {
    assert(text != NULL);
    free(text->bytes);
    *text = (struct text){ 0 };
}

void text_add_indented(struct text *text, const char *indent, const char *lines) {
    assert(text != NULL && indent != NULL && lines != NULL);
    while (*lines != '\0') {
        size_t length = strcspn(lines, "\n");
        text_add(text, "%s%.*s\n", indent, (int)length, lines);
        lines += length + (lines[length] == '\n');
    }
}
