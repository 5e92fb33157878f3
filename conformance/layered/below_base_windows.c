#include "conformance/layered/below.h"

#include <stdlib.h>
#include <string.h>

enum { PATH_UNITS_MAX = 512 };

static const int families[2] = { AF_INET, AF_INET6 };
static const int types[2] = { SOCK_DGRAM, SOCK_STREAM };

/* Entries of no catalogue, for a provider that no catalogue names. */
static void make_up_entries(struct below *below) {
    for (int v6 = 0; v6 < 2; v6++) {
        for (int stream = 0; stream < 2; stream++) {
            WSAPROTOCOL_INFOW *entry = &below->entries[v6][stream];
            entry->dwCatalogEntryId = 1;
            entry->ProtocolChain.ChainLen = 1;
            entry->iVersion = 2;
            entry->iAddressFamily = families[v6];
            entry->iSocketType = types[stream];
            entry->iProtocol = stream ? IPPROTO_TCP : IPPROTO_UDP;
        }
    }
}

static const WSAPROTOCOL_INFOW *find_entry(const WSAPROTOCOL_INFOW entries[], int count, int family, int type) {
    for (int i = 0; i < count; i++) {
        bool base = entries[i].ProtocolChain.ChainLen == BASE_PROTOCOL;
        if (base && entries[i].iAddressFamily == family && entries[i].iSocketType == type) return &entries[i];
    }
    return NULL;
}

/* The catalogue's base entries for TCP and UDP of both families. */
static int find_entries(struct below *below) {
    DWORD size = 0;
    int error = 0, wrong = 0;
    (void)WSCEnumProtocols(NULL, NULL, &size, &error);
    WSAPROTOCOL_INFOW *all = calloc(1, size + 1);
    int count = all == NULL ? 0 : WSCEnumProtocols(NULL, all, &size, &error);
    for (int v6 = 0; v6 < 2; v6++) {
        for (int stream = 0; stream < 2; stream++) {
            const WSAPROTOCOL_INFOW *entry = find_entry(all, count, families[v6], types[stream]);
            if (entry != NULL) below->entries[v6][stream] = *entry;
            else wrong = WSAEPROTONOSUPPORT;
        }
    }
    free(all);
    return wrong;
}

/* Where the provider of these entries is, with the variables of the environment in it replaced. */
static int find_path(const struct below *below, WCHAR path[PATH_UNITS_MAX]) {
    WCHAR raw[PATH_UNITS_MAX] = { 0 };
    GUID id = below->entries[0][1].ProviderId;
    int length = PATH_UNITS_MAX, error = 0;
    bool there = WSCGetProviderPath(&id, raw, &length, &error) == 0 && raw[0] != 0;
    DWORD units = there ? ExpandEnvironmentStringsW(raw, path, PATH_UNITS_MAX) : 0;
    return units != 0 && units <= PATH_UNITS_MAX ? 0 : WSAEPROVIDERFAILEDINIT;
}

int below_open_base(struct below *below, const WSPUPCALLTABLE *upcalls) {
    WCHAR path[PATH_UNITS_MAX] = { 0 };
    WSPDATA data;
    LPWSPSTARTUP startup = NULL;
    DWORD named = GetEnvironmentVariableW(L"LAYERED_BELOW", path, PATH_UNITS_MAX);
    int error = named == 0 ? find_entries(below) : 0;
    if (named != 0) make_up_entries(below);
    if (error == 0 && named == 0) error = find_path(below, path);
    HMODULE library =
        error != 0 || named >= PATH_UNITS_MAX ? NULL : LoadLibraryExW(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    if (library == NULL) return error != 0 ? error : WSAEPROVIDERFAILEDINIT;
    FARPROC found = GetProcAddress(library, "WSPStartup");
    memcpy(&startup, &found, sizeof startup);
    if (startup == NULL) return WSAEPROVIDERFAILEDINIT;
    return startup(MAKEWORD(2, 2), &data, &below->entries[0][1], *upcalls, &below->table);
}
