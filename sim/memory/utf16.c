#include "sim/memory/utf16.h"

#include <assert.h>
#include <string.h>

enum { REPLACEMENT = 0xFFFD, SUPPLEMENTARY = 0x10000, HIGH_FIRST = 0xD800, LOW_FIRST = 0xDC00, LOW_LAST = 0xDFFF };

/* How many bytes follow a first one; -1 when none begins so. */
static int following(uint8_t first) {
    if (first < 0x80) return 0;
    if (first >= 0xC2 && first < 0xE0) return 1;
    if (first >= 0xE0 && first < 0xF0) return 2;
    return first >= 0xF0 && first < 0xF5 ? 3 : -1;
}

/* The character at *at, which moves past it; past one byte of what is none. */
static uint32_t next_character(const char *bytes, unsigned length, unsigned *at) {
    static const uint32_t least[] = { 0, 0x80, 0x800, SUPPLEMENTARY };
    unsigned start = (*at)++;
    uint8_t first = (uint8_t)bytes[start];
    int more = following(first);
    if (more == 0) return first;
    if (more < 0 || (unsigned)more >= length - start) return REPLACEMENT;
    uint32_t character = first & (0x3Fu >> more);
    for (int i = 1; i <= more; i++) {
        uint8_t byte = (uint8_t)bytes[start + (unsigned)i];
        if ((byte & 0xC0) != 0x80) return REPLACEMENT;
        character = character << 6 | (byte & 0x3Fu);
    }
    bool surrogate = character >= HIGH_FIRST && character <= LOW_LAST;
    if (character < least[more] || character > 0x10FFFF || surrogate) return REPLACEMENT;
    *at = start + (unsigned)more + 1;
    return character;
}

unsigned utf16_from_utf8(const char *bytes, unsigned length, uint16_t *units, unsigned room) {
    unsigned used = 0, at = 0;
    assert(room > 0);
    while (at < length) {
        uint32_t character = next_character(bytes, length, &at);
        unsigned wanted = character >= SUPPLEMENTARY ? 2 : 1;
        if (used + wanted >= room) break;
        if (wanted == 2) units[used++] = (uint16_t)(HIGH_FIRST + ((character - SUPPLEMENTARY) >> 10));
        units[used++] = (uint16_t)(wanted == 2 ? LOW_FIRST + (character & 0x3FF) : character);
    }
    units[used] = 0;
    return used;
}

/* The character at *at, which moves past it. */
static uint32_t next_of_units(const uint16_t *units, unsigned length, unsigned *at) {
    uint32_t first = units[(*at)++];
    if (first < HIGH_FIRST || first > LOW_LAST) return first;
    bool pair = first < LOW_FIRST && *at < length && units[*at] >= LOW_FIRST && units[*at] <= LOW_LAST;
    if (!pair) return REPLACEMENT;
    return SUPPLEMENTARY + ((first - HIGH_FIRST) << 10) + (units[(*at)++] - (uint32_t)LOW_FIRST);
}

static unsigned encode(uint32_t character, uint8_t out[4]) {
    static const uint8_t marks[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
    unsigned count = character < 0x80 ? 1 : character < 0x800 ? 2 : character < SUPPLEMENTARY ? 3 : 4;
    for (unsigned i = count - 1; i > 0; i--, character >>= 6) out[i] = (uint8_t)(0x80 | (character & 0x3F));
    out[0] = (uint8_t)(marks[count] | character);
    return count;
}

unsigned utf8_from_utf16(const uint16_t *units, unsigned length, char *bytes, unsigned room) {
    unsigned used = 0, at = 0;
    while (at < length) {
        uint8_t encoded[4];
        unsigned count = encode(next_of_units(units, length, &at), encoded);
        if (used + count > room) break;
        memcpy(bytes + used, encoded, count);
        used += count;
    }
    return used;
}
