#include "conformance/agent/socket_sets.h"

#include <string.h>

#include "sim/memory/pages.h"
#include "stack/call/call.h"

enum { SETS = 3 };

_Static_assert((unsigned)FD_SETSIZE >= (unsigned)SET_SOCKETS_MAX, "a set of a record fits");

/* Can the set be read, with all its sockets? */
static bool is_there(const uint64_t *set) {
    uint64_t address = (uint64_t)(uintptr_t)set;
    if (pages_readable(address, SOCKET_SET_SOCKETS) < SOCKET_SET_SOCKETS) return false;
    uint32_t bytes = SOCKET_SET_SOCKETS + SET_SOCKETS_MAX * POINTER_SIZE;
    if (set[0] <= SET_SOCKETS_MAX) bytes = SOCKET_SET_SOCKETS + (uint32_t)set[0] * POINTER_SIZE;
    return pages_readable(address, bytes) == bytes && set[0] <= SET_SOCKETS_MAX;
}

static void take(const uint64_t *set, fd_set *real) {
    real->fd_count = (unsigned)set[0];
    for (unsigned i = 0; i < real->fd_count; i++) real->fd_array[i] = (SOCKET)set[1 + i];
}

/* No more than there were. */
static void give_back(const fd_set *real, uint64_t *set) {
    unsigned room = (unsigned)set[0];
    set[0] = real->fd_count;
    for (unsigned i = 0; i < real->fd_count && i < room; i++) set[1 + i] = real->fd_array[i];
}

int socket_sets_select(select_function *function, uint64_t *const sets[SETS], DWORD timeout_ms) {
    struct timeval limit = { (LONG)(timeout_ms / 1000), (LONG)(timeout_ms % 1000 * 1000) };
    fd_set real[SETS], *passed[SETS];
    memset(real, 0, sizeof real);
    for (unsigned i = 0; i < SETS; i++) {
        passed[i] = (fd_set *)(void *)sets[i];
        if (sets[i] == NULL || !is_there(sets[i])) continue;
        take(sets[i], &real[i]);
        passed[i] = &real[i];
    }
    int count = function(passed[0], passed[1], passed[2], timeout_ms == INFINITE ? NULL : &limit);
    DWORD error = GetLastError();
    for (unsigned i = 0; i < SETS; i++)
        if (passed[i] == &real[i]) give_back(&real[i], sets[i]);
    SetLastError(error);
    return count;
}
