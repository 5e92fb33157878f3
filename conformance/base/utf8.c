#include "conformance/base/utf8.h"

#include <assert.h>
#include <stddef.h>

unsigned utf8_length(const char *at, const char *end) {
    const unsigned char *bytes = (const unsigned char *)at;
    size_t room = (size_t)(end - at);
    assert(room > 0);
    if (bytes[0] < 0x80) return 1;
    unsigned length = bytes[0] >= 0xF0 ? 4 : bytes[0] >= 0xE0 ? 3 : 2;
    if (bytes[0] < 0xC2 || bytes[0] > 0xF4 || length > room) return 0;
    for (unsigned i = 1; i < length; i++) {
        if ((bytes[i] & 0xC0) != 0x80) return 0;
    }
    if (bytes[0] == 0xE0 && bytes[1] < 0xA0) return 0;
    if (bytes[0] == 0xED && bytes[1] > 0x9F) return 0;
    if (bytes[0] == 0xF0 && bytes[1] < 0x90) return 0;
    if (bytes[0] == 0xF4 && bytes[1] > 0x8F) return 0;
    return length;
}
