#include "conformance/player/restart_mark.h"

#include <assert.h>
#include <stddef.h>

bool restart_mark_is_good(const char *mark) {
    assert(mark != NULL);
    size_t length = 0;
    while (mark[length] > 0x20 && mark[length] < 0x7F) length++;
    return mark[length] == '\0' && length >= 1 && length <= RESTART_MARK_MAX;
}
