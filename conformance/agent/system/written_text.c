#include "conformance/agent/system/written_text.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"

enum utf16 { UTF16_NOT, UTF16_LITTLE, UTF16_BIG };

/* Text that has no mark of bytes is UTF-16 where half of its characters are ASCII's, none of them 0. */
static enum utf16 utf16_of(const char *bytes, size_t length) {
    size_t zeros[2] = { 0, 0 };
    if (length >= 2 && memcmp(bytes, "\xFF\xFE", 2) == 0) return UTF16_LITTLE;
    if (length >= 2 && memcmp(bytes, "\xFE\xFF", 2) == 0) return UTF16_BIG;
    for (size_t i = 0; i < length; i++) zeros[i % 2] += bytes[i] == 0;
    return length > 0 && length % 2 == 0 && zeros[0] == 0 && 4 * zeros[1] >= length ? UTF16_LITTLE : UTF16_NOT;
}

static uint32_t unit_at(const uint8_t *at, enum utf16 order) {
    return order == UTF16_LITTLE ? at[0] | (uint32_t)at[1] << 8 : at[1] | (uint32_t)at[0] << 8;
}

/* How many bytes a character takes; they are put there. */
static size_t put_utf8(uint32_t point, char out[4]) {
    size_t count = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    static const uint8_t heads[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
    for (size_t i = count; i-- > 1; point >>= 6) out[i] = (char)(0x80 | (point & 0x3F));
    out[0] = (char)(heads[count] | point);
    return count;
}

/* A character of one or two units; what is half of one, or 0, is a question mark. */
static uint32_t take_point(const uint8_t **at, const uint8_t *end, enum utf16 order) {
    uint32_t unit = end - *at >= 2 ? unit_at(*at, order) : 0;
    *at += end - *at >= 2 ? 2 : 1;
    bool is_high = unit >= 0xD800 && unit < 0xDC00, is_low = unit >= 0xDC00 && unit < 0xE000;
    uint32_t next = is_high && end - *at >= 2 ? unit_at(*at, order) : 0;
    if (next >= 0xDC00 && next < 0xE000) {
        *at += 2;
        return 0x10000 + ((unit - 0xD800) << 10) + (next - 0xDC00);
    }
    return unit == 0 || is_high || is_low ? '?' : unit;
}

static bool read_utf16(char *text, size_t length, size_t size, enum utf16 order) {
    uint8_t *copy = (uint8_t *)memory_copy_text(text, length);
    const uint8_t *at = copy, *end = copy + length;
    size_t used = 0;
    bool whole = true;
    while (at < end && whole) {
        char bytes[4];
        uint32_t point = take_point(&at, end, order);
        if (point == 0xFEFF && at == copy + 2) continue;
        size_t count = put_utf8(point, bytes);
        whole = used + count < size;
        if (!whole) break;
        memcpy(text + used, bytes, count);
        used += count;
    }
    text[used] = '\0';
    free(copy);
    return whole;
}

bool written_text(char *text, size_t length, size_t size, bool *encoded) {
    assert(text != NULL && encoded != NULL && length < size);
    enum utf16 order = utf16_of(text, length);
    *encoded = order != UTF16_NOT;
    if (*encoded) return read_utf16(text, length, size, order);
    for (size_t i = 0; i < length; i++)
        if (text[i] == '\0') text[i] = '?';
    text[length] = '\0';
    return true;
}
