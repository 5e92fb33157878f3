#include "conformance/agent/netsh_steps.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "conformance/agent/netsh.h"
#include "conformance/executor.h"

/* May this function be called here? */
static bool is_there(const struct windows_functions *functions, enum function function) {
    switch (function) {
    case FUNCTION_netsh_add_excludedportrange: return functions->netsh.add != NULL;
    case FUNCTION_netsh_delete_excludedportrange: return functions->netsh.remove != NULL;
    case FUNCTION_netsh_show_excludedportrange: return functions->netsh.show != NULL;
    default: return true;
    }
}

static bool steps_allow(const struct windows_functions *functions, const struct step *steps, uint32_t count, char *reason) {
    for (uint32_t i = 0; i < count; i++) {
        const struct step *step = &steps[i];
        if (step->kind == STEP_CALL && !is_there(functions, (enum function)step->signature->function)) {
            snprintf(reason, EXECUTOR_REASON_MAX, "%s: not by this agent on this machine", step->signature->name);
            return false;
        }
        if (!steps_allow(functions, step->children, step->children_count, reason)) return false;
    }
    return true;
}

bool netsh_steps_allow(const struct windows_functions *functions, const struct scenario *scenario, char *reason) {
    assert(scenario != NULL && scenario->dimensions_count == 0);
    return steps_allow(functions, scenario->steps, scenario->steps_count, reason);
}

static void put_row(uint8_t *row, const struct host_exclusion *range) {
    store_u16(row, range->administered ? NETSH_ROW_ADMINISTERED : NETSH_ROW_UNMARKED);
    store_u16(row + 2, (uint16_t)range->first);
    store_u32(row + 4, range->last - range->first + 1);
}

ULONG netsh_steps_show(uint32_t protocol, unsigned port, unsigned store, uint8_t *row) {
    struct host_exclusion ranges[HOST_EXCLUSIONS_MAX];
    unsigned count = 0;
    DWORD last_error = GetLastError();
    bool told = netsh_exclusions((enum transport)protocol, (enum netsh_store)store, ranges, HOST_EXCLUSIONS_MAX, &count);
    SetLastError(last_error);
    if (!told) return NETSH_SAYS_NOTHING;
    memset(row, 0, NETSH_ROW_SIZE);
    for (unsigned i = count; i-- > 0;) /* the first that has the port is the last to be put */
        if (port >= ranges[i].first && port <= ranges[i].last) put_row(row, &ranges[i]);
    return NO_ERROR;
}
