#include "conformance/agent/boot_mark.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void boot_mark_print(const struct boot *boot, uint64_t stop, char mark[RESTART_MARK_MAX + 1]) {
    int length = snprintf(mark, RESTART_MARK_MAX + 1, "%" PRIu64 "+%" PRIu64 ".%" PRIu64, boot->booted_ms,
                          boot->uptime_ms, stop);
    (void)length;
    assert(length > 0 && length <= RESTART_MARK_MAX);
    assert(restart_mark_is_good(mark));
}

static uint64_t apart(uint64_t one, uint64_t other) { return one > other ? one - other : other - one; }

enum boot_mark_answer boot_mark_ask(const char *mark, const struct boot *now) {
    uint64_t booted_ms = 0, uptime_ms = 0, stop = 0;
    char more = 0;
    assert(mark != NULL && now != NULL);
    int read = sscanf(mark, "%20" SCNu64 "+%20" SCNu64 ".%20" SCNu64 "%c", &booted_ms, &uptime_ms, &stop, &more);
    if (read != 3) return BOOT_MARK_FOREIGN;
    if (now->exact) return booted_ms == now->booted_ms ? BOOT_MARK_SAME : BOOT_MARK_RESTARTED;
    bool restarted = now->uptime_ms < uptime_ms || apart(booted_ms, now->booted_ms) > CLOCK_SET_MS;
    return restarted ? BOOT_MARK_RESTARTED : BOOT_MARK_SAME;
}
