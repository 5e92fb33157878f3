#include "conformance/agent/functions.h"

#include "conformance/agent/base_provider.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/agent/provider_upcalls.h"
#include "conformance/agent/system/faults.h"
#include "conformance/agent/system/module.h"

enum { PATH_UNITS_MAX = 512 };

/* The first entry of the catalogue that is no chain and is for TCP over IPv4. */
static bool find_entry(WSAPROTOCOL_INFOW *entry, struct reason *reason) {
    DWORD size = 0;
    int error = 0;
    (void)WSCEnumProtocols(NULL, NULL, &size, &error);
    WSAPROTOCOL_INFOW *entries = calloc(1, size + 1);
    int count = entries == NULL ? SOCKET_ERROR : WSCEnumProtocols(NULL, entries, &size, &error);
    bool found = false;
    for (int i = 0; i < count && !found; i++) {
        found = entries[i].ProtocolChain.ChainLen == 1 && entries[i].iAddressFamily == AF_INET &&
                entries[i].iSocketType == SOCK_STREAM;
        if (found) *entry = entries[i];
    }
    free(entries);
    if (!found) reason_set(reason, "the host's catalogue has no base provider for TCP (error %d)", error);
    return found;
}

/* As UTF-8, with the variables of the environment in it replaced. */
static bool find_path(GUID id, char path[], unsigned path_bytes, struct reason *reason) {
    WCHAR raw[PATH_UNITS_MAX] = { 0 }, whole[PATH_UNITS_MAX] = { 0 };
    int length = PATH_UNITS_MAX, error = 0;
    bool there = WSCGetProviderPath(&id, raw, &length, &error) == 0 && raw[0] != 0 &&
                 ExpandEnvironmentStringsW(raw, whole, PATH_UNITS_MAX) != 0 &&
                 WideCharToMultiByte(CP_UTF8, 0, whole, -1, path, (int)path_bytes, NULL, NULL) != 0;
    if (!there)
        reason_set(reason, "the host does not say where its base provider is: WSCGetProviderPath gives no path");
    return there;
}

static bool starts(LPWSPSTARTUP startup, WSAPROTOCOL_INFOW *entry, struct reason *reason) {
    static __thread struct fault_guard guard;
    WSPDATA data;
    WSPPROC_TABLE table;
    int status = 0;
    if (FAULTS_GUARDED(&guard)) {
        status = startup(0x0202, &data, entry, provider_upcalls(windows_functions()), &table);
        if (status == 0) table.lpWSPCleanup(&status);
        faults_disarm(&guard);
    } else {
        reason_set(reason, "WSPStartup of the host's base provider raises 0x%08X: it is there in name only",
                   (unsigned)guard.code);
        return false;
    }
    if (status != 0) reason_set(reason, "WSPStartup of the host's base provider answers %d", status);
    return status == 0;
}

bool base_provider_find(WSAPROTOCOL_INFOW *entry, char path[], unsigned path_bytes, struct reason *reason) {
    LPWSPSTARTUP startup = NULL;
    if (!find_entry(entry, reason) || !find_path(entry->ProviderId, path, path_bytes, reason)) return false;
    struct module *module = module_load(path, reason);
    if (module == NULL) return false;
    module_find(module, "WSPStartup", &startup, sizeof startup);
    if (startup != NULL) return starts(startup, entry, reason);
    reason_set(reason, "%.150s, the host's base provider, exports no WSPStartup", path);
    return false;
}
