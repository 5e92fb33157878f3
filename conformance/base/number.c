#include "conformance/base/number.h"

#include <assert.h>

size_t number_take(const char *text, size_t length, uint64_t *number) {
    assert(text != NULL && number != NULL);
    size_t count = 0;
    *number = 0;
    for (; count < length && text[count] >= '0' && text[count] <= '9'; count++) {
        unsigned digit = (unsigned)(text[count] - '0');
        *number = *number > (UINT64_MAX - digit) / 10 ? UINT64_MAX : *number * 10 + digit;
    }
    return count;
}

bool number_read(const char *text, uint64_t most, uint64_t *number) {
    assert(most < UINT64_MAX);
    size_t count = number_take(text, SIZE_MAX, number);
    return count > 0 && text[count] == '\0' && *number <= most;
}
