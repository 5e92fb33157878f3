/* TEST BUILD ONLY. The same table, answered by the model: real arguments become a call record
 * (sim/memory/record.h), and the machine answers. */
#include "conformance/agent/functions.h"

#include "conformance/agent/host_facts.h"
#include "conformance/agent/lies_model.h"
#include "conformance/agent/machine_model.h"
#include "conformance/agent/netsh_steps.h"
#include "conformance/agent/system/process.h"
#include "sim/memory/pages.h"
#include "sim/memory/record.h"

static uint64_t ask_model(enum function function, const uint64_t arguments[CALL_ARGUMENTS_MAX]) {
    struct call call;
    process_may_die();
    /* The last error is the real thread's: machine_model_call() keeps it there. */
    if (function == FUNCTION_WSAGetLastError) return GetLastError();
    static const struct memory_view memory = { .readable = pages_readable, .writable = pages_readable };
    record_of_arguments(&call, function, arguments, &memory);
    uint64_t value = machine_model_call(&call);
    process_may_die();
    return value;
}

#define PARAMETER(function, type, name, ...) type name
#define ARGUMENT(function, type, name, ...) (uint64_t)(int64_t) name
#define FUNCTION(result, name, module, family, returns, product, traits, lasting, ...) \
    static result WINAPI model_##name(EACH(PARAMETER, COMMA, void, name, __VA_ARGS__)) { \
        const uint64_t arguments[CALL_ARGUMENTS_MAX] = { EACH(ARGUMENT, COMMA, 0, name, __VA_ARGS__) }; \
        return (result)(uintptr_t)ask_model(FUNCTION_##name, arguments); \
    }
#include "stack/call/functions.def"

static int event_state(HANDLE event) { return machine_model_event_state((uint64_t)(uintptr_t)event); }

/* Row after row. */
static bool exclusions(enum transport transport, enum netsh_store store, struct port_range ports,
                       struct host_exclusion *out, unsigned room, unsigned *count) {
    uint32_t end = ports.first + ports.count > 0x10000 ? 0x10000 : ports.first + ports.count;
    *count = 0;
    for (uint32_t port = ports.first == 0 ? 1 : ports.first; port < end; port++) {
        uint8_t row[NETSH_ROW_SIZE];
        if (model_netsh_show_excludedportrange(transport, port, store, row) != NO_ERROR) return false;
        if (load_u16(row) == NETSH_ROW_NONE) continue;
        if (*count == room) return false;
        uint32_t first = load_u16(row + 2), last = first + load_u32(row + 4) - 1;
        out[(*count)++] = (struct host_exclusion){ transport, first, last, load_u16(row) == NETSH_ROW_ADMINISTERED };
        port = last;
    }
    return true;
}

static bool not_modelled(struct reason *what) {
    const char *words = machine_model_not_modelled();
    if (words != NULL) reason_set(what, "%s", words);
    return words != NULL;
}

static bool run_netsh(void);

static struct windows_functions table = {
    .kind = "model",
    .processes_share_host = true,
    .threads_by_number = true,
#define FUNCTION(result, name, ...) .name = model_##name,
#include "stack/call/functions.def"
    .begin = machine_model_begin,
    .end = machine_model_end,
    .process_starts = machine_model_process_starts,
    .process_ends = machine_model_process_ends,
    .thread_ends = machine_model_thread_ends,
    .enter = machine_model_enter,
    .event_state = event_state,
    .not_modelled = not_modelled,
    .advance = machine_model_advance,
    .boot = machine_model_boot,
    .fault = machine_model_fault,
    .exclusions = exclusions,
    .keep_store = machine_model_keep_store,
    .run_netsh = run_netsh,
};

static bool run_netsh(void) {
    table.netsh_add_excludedportrange = agent_netsh_add_excludedportrange;
    table.netsh_delete_excludedportrange = agent_netsh_delete_excludedportrange;
    table.netsh_show_excludedportrange = agent_netsh_show_excludedportrange;
    table.netsh_show_dynamicport = agent_netsh_show_dynamicport;
    table.exclusions = netsh_exclusions_of;
    host_facts_run_netsh();
    return true;
}

const struct windows_functions *windows_functions(void) {
    static bool installed;
    if (!installed) lies_model_install(&table);
    installed = true;
    return &table;
}
