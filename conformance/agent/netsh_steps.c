#include "conformance/agent/netsh_steps.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "conformance/agent/netsh.h"
#include "conformance/agent/system/command.h"
#include "stack/sdk/error_values.h"

/* --- add, delete -------------------------------------------------------------------------------------------------- */

/* Errors that add and delete are known or thought to tell (stack/ports/netsh.c). */
static const DWORD known_errors[] = {
    ERROR_FILE_NOT_FOUND, ERROR_ACCESS_DENIED, ERROR_NOT_ENOUGH_MEMORY, ERROR_SHARING_VIOLATION, ERROR_INVALID_PARAMETER,
    ERROR_ALREADY_EXISTS, ERROR_ELEVATION_REQUIRED, ERROR_NOT_FOUND, ERROR_OBJECT_ALREADY_EXISTS
};

ULONG netsh_steps_error(const char *said, bool (*says)(uint32_t error, char *text, size_t size)) {
    char text[1024];
    for (unsigned i = 0; i < sizeof known_errors / sizeof known_errors[0]; i++) {
        if (says(known_errors[i], text, sizeof text) && netsh_says(said, text)) return known_errors[i];
    }
    return NETSH_SAYS_NOTHING;
}

static ULONG change(const char *verb, uint32_t protocol, unsigned first, unsigned count, unsigned store) {
    static const char *const stores[] = { [NETSH_ACTIVE] = "active", [NETSH_PERSISTENT] = "persistent" };
    char said[NETSH_TEXT_MAX];
    DWORD last_error = GetLastError();
    bool succeeded = false;
    assert(store == NETSH_ACTIVE || store == NETSH_PERSISTENT);
    bool ran = netsh_change(verb, (enum transport)protocol, first, count, stores[store], said, &succeeded);
    ULONG error = !ran ? NETSH_SAYS_NOTHING : succeeded ? (ULONG)NO_ERROR : netsh_steps_error(said, system_says);
    if (ran && error == NETSH_SAYS_NOTHING) fprintf(stderr, "agent: netsh %s excludedportrange said: %.400s\n", verb, said);
    SetLastError(last_error);
    return error;
}

ULONG WINAPI agent_netsh_add_excludedportrange(uint32_t protocol, unsigned first, unsigned count, unsigned store) {
    return change("add", protocol, first, count, store);
}

ULONG WINAPI agent_netsh_delete_excludedportrange(uint32_t protocol, unsigned first, unsigned count, unsigned store) {
    return change("delete", protocol, first, count, store);
}

/* --- show --------------------------------------------------------------------------------------------------------- */

static void put_row(uint8_t *row, const struct host_exclusion *range) {
    store_u16(row, range->administered ? NETSH_ROW_ADMINISTERED : NETSH_ROW_UNMARKED);
    store_u16(row + 2, (uint16_t)range->first);
    store_u32(row + 4, range->last - range->first + 1);
}

ULONG WINAPI agent_netsh_show_excludedportrange(uint32_t protocol, unsigned port, unsigned store, uint8_t *row) {
    struct host_exclusion ranges[HOST_EXCLUSIONS_MAX];
    unsigned count = 0;
    DWORD last_error = GetLastError();
    bool listed = netsh_exclusions((enum transport)protocol, (enum netsh_store)store, ranges, HOST_EXCLUSIONS_MAX, &count);
    SetLastError(last_error);
    if (!listed) return NETSH_SAYS_NOTHING;
    memset(row, 0, NETSH_ROW_SIZE);
    for (unsigned i = count; i-- > 0;) /* the first that has the port is the last to be put */
        if (port >= ranges[i].first && port <= ranges[i].last) put_row(row, &ranges[i]);
    return NO_ERROR;
}
