#include "reports/formats/clean_text.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

enum { REPLACEMENT = 0xFFFD, PICTURES = 0x2400, PICTURE_OF_DELETE = 0x2421 };

/* The code point that starts here and its length in bytes; REPLACEMENT and 1 where none does. A NUL after the text is
 * no continuation byte, so nothing after the end is read. */
static uint32_t decode(const unsigned char *bytes, unsigned *length) {
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    assert(bytes != NULL && bytes[0] != '\0');
    unsigned count = bytes[0] < 0x80             ? 1
                     : (bytes[0] & 0xE0) == 0xC0 ? 2
                     : (bytes[0] & 0xF0) == 0xE0 ? 3
                     : (bytes[0] & 0xF8) == 0xF0 ? 4
                                                 : 0;
    uint32_t point = count == 1 ? bytes[0] : count == 0 ? 0 : bytes[0] & (0xFFu >> (count + 1));
    *length = 1;
    if (count == 0) return REPLACEMENT;
    for (unsigned i = 1; i < count; i++) {
        if ((bytes[i] & 0xC0) != 0x80) return REPLACEMENT;
        point = point << 6 | (bytes[i] & 0x3F);
    }
    bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    if (point < least[count] || point > 0x10FFFF || surrogate) return REPLACEMENT;
    *length = count;
    return point;
}

static void add_point(struct text *out, uint32_t point) {
    assert(point <= 0x10FFFF);
    if (point < 0x80) {
        text_add_byte(out, (char)point);
    } else if (point < 0x800) {
        text_add_byte(out, (char)(0xC0 | point >> 6));
        text_add_byte(out, (char)(0x80 | (point & 0x3F)));
    } else if (point < 0x10000) {
        text_add_byte(out, (char)(0xE0 | point >> 12));
        text_add_byte(out, (char)(0x80 | (point >> 6 & 0x3F)));
        text_add_byte(out, (char)(0x80 | (point & 0x3F)));
    } else {
        text_add_byte(out, (char)(0xF0 | point >> 18));
        text_add_byte(out, (char)(0x80 | (point >> 12 & 0x3F)));
        text_add_byte(out, (char)(0x80 | (point >> 6 & 0x3F)));
        text_add_byte(out, (char)(0x80 | (point & 0x3F)));
    }
}

static uint32_t shown(uint32_t point, enum clean clean) {
    bool is_line = point == '\t' || point == '\n';
    if (clean == CLEAN_KEEPS_CONTROLS || (clean == CLEAN_KEEPS_LINES && is_line)) return point;
    if (is_line) return ' ';
    if (point < 0x20) return PICTURES + point;
    if (point == 0x7F) return PICTURE_OF_DELETE;
    /* The second set of controls has no pictures; the last two are no characters in XML. */
    bool unshowable = (point >= 0x80 && point < 0xA0) || point == 0xFFFE || point == 0xFFFF;
    return unshowable ? REPLACEMENT : point;
}

void text_add_clean(struct text *out, const char *bytes, enum clean clean) {
    assert(out != NULL && bytes != NULL);
    unsigned length = 0;
    for (const char *at = bytes; *at != '\0'; at += length) {
        uint32_t point = decode((const unsigned char *)at, &length);
        add_point(out, shown(point, clean));
    }
}
