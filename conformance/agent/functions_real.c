/* The real table: the DLLs' own functions, looked up by name, so that one which is missing is a message of ours instead
 * of a program that does not start. */
#include "conformance/agent/functions.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/agent/accounts.h"
#include "conformance/agent/base_provider.h"
#include "conformance/agent/extensions.h"
#include "conformance/agent/host_facts.h"
#include "conformance/agent/machine_real.h"
#include "conformance/agent/netsh_steps.h"
#include "conformance/agent/provider_door.h"
#include "conformance/agent/provider_path.h"
#include "conformance/agent/provider_waits.h"
#include "conformance/agent/socket_sets.h"
#include "conformance/base/folders.h"

static struct windows_functions table = {
    .kind = "real",
    .processes_share_host = false,
    .begin = host_facts_allow,
    .end = machine_real_end,
    .process_starts = machine_real_process_starts,
    .process_ends = machine_real_process_ends,
    .thread_ends = machine_real_thread_ends,
    .enter = machine_real_enter,
    .event_state = machine_real_event_state,
    .advance = machine_real_advance,
    .boot = machine_real_boot,
};

/* Stores a function's address without a cast between function types that compilers complain about. `module` is NULL
 * where the system has no such DLL; only what is `optional` may be missing. */
static void look_up(HMODULE module, const char *name, bool optional, void *pointer, size_t pointer_size) {
    FARPROC address = module == NULL ? NULL : GetProcAddress(module, name);
    if (address == NULL && !optional) {
        fprintf(stderr, "agent: this system has no %s\n", name);
        exit(2);
    }
    assert(pointer_size == sizeof address);
    memcpy(pointer, &address, pointer_size);
}

/* What the language says of CreateFileW: the rest can change nothing on the machine. */
static HANDLE WINAPI agent_CreateFileW(LPCWSTR name) {
    return CreateFileW(name, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING,
                       FILE_ATTRIBUTE_NORMAL, NULL);
}

static HANDLE process_of(DWORD id) {
    return id == GetCurrentProcessId() ? GetCurrentProcess() : OpenProcess(PROCESS_DUP_HANDLE, FALSE, id);
}

/* What the language says of DuplicateHandle: processes by their ids, and the new handle is returned. What is no process
 * is no handle to one, either. */
static HANDLE WINAPI agent_DuplicateHandle(DWORD from_id, HANDLE handle, DWORD to_id, BOOL inherit, DWORD options) {
    DWORD before = GetLastError();
    HANDLE from = process_of(from_id), to = process_of(to_id), made = NULL;
    SetLastError(before);
    if (!DuplicateHandle(from, handle, to, &made, 0, inherit, options)) made = NULL;
    before = GetLastError();
    if (from != NULL) CloseHandle(from); /* of the pseudo-handle of this process: nothing happens */
    if (to != NULL) CloseHandle(to);
    SetLastError(before);
    return made;
}

static int real_select(fd_set *reading, fd_set *writing, fd_set *failing, struct timeval *limit) {
    return select(0, reading, writing, failing, limit);
}

/* What the language says of select and WSAPoll: sets of a record. */
static int WINAPI agent_select(uint64_t *readfds, uint64_t *writefds, uint64_t *exceptfds, DWORD timeout) {
    return socket_sets_select(real_select, (uint64_t *const[]){ readfds, writefds, exceptfds }, timeout);
}

/* Where nothing is stored, what was asked stays. */
static int WINAPI agent_WSAPoll(uint64_t *fd, u_long *events, DWORD timeout) {
    WSAPOLLFD entries[SET_SOCKETS_MAX] = { { 0 } };
    ULONG count = (ULONG)fd[0];
    assert(count <= SET_SOCKETS_MAX);
    for (ULONG i = 0; i < count && events != NULL; i++)
        entries[i] = (WSAPOLLFD){ (SOCKET)fd[1 + i], (SHORT)events[i], (SHORT)events[i] };
    int found = WSAPoll(events == NULL ? NULL : entries, count, (INT)timeout);
    for (ULONG i = 0; i < count && events != NULL; i++) events[i] = (u_long)(unsigned short)entries[i].revents;
    return found;
}

static int CALLBACK answer_condition(LPWSABUF caller, LPWSABUF caller_data, LPQOS qos, LPQOS group_qos, LPWSABUF callee,
                                     LPWSABUF callee_data, GROUP *group, DWORD_PTR data) {
    (void)caller, (void)caller_data, (void)qos, (void)group_qos, (void)callee, (void)callee_data, (void)group;
    return (int)data; /* what WSAAccept was given for it */
}

static SOCKET WINAPI agent_WSAAccept(SOCKET s, struct sockaddr *name, int *length, uint32_t condition) {
    if (condition == CONDITION_NONE) return WSAAccept(s, name, length, NULL, 0);
    return WSAAccept(s, name, length, answer_condition, condition - CONDITION_ACCEPT);
}

/* Its netsh says nothing. Asked of ntdll: host_facts() would run netsh to learn more. */
static bool is_wine(void) { return GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "wine_get_version") != NULL; }

/* Windows 7 lacks it, and so do old builds of Wine. */
static bool is_of_windows_8(const char *name) { return strcmp(name, "GetOverlappedResultEx") == 0; }

/* From the system's own folder: one beside the program is not the stack under test, and whose it is is unknown. */
static HMODULE system_library(const wchar_t *name) { return LoadLibraryExW(name, NULL, LOAD_LIBRARY_SEARCH_SYSTEM32); }

/* How a function is found, by its module. Not every system has all of iphlpapi. */
#define FIND(dll, name, optional) look_up(system_library(L##dll), #name, optional, &table.name, sizeof table.name);
#define FIND_IN_ws2_32(name) FIND("ws2_32.dll", name, false)
#define FIND_IN_kernel32(name) FIND("kernel32.dll", name, is_of_windows_8(#name))
#define FIND_IN_advapi32(name) FIND("advapi32.dll", name, false)
#define FIND_IN_iphlpapi(name) FIND("iphlpapi.dll", name, true)
#define FIND_IN_provider(name) table.name = NULL; /* the host's own provider is not asked */
#define FIND_IN_agent(name) table.name = agent_##name;
#define FIND_IN_model(name) table.name = NULL; /* no host is asked for it */
#define FIND_IN_netsh(name) table.name = is_wine() ? NULL : agent_##name;

static struct reason no_base_provider;

static bool without_base_provider(const struct scenario *scenario, bool resumed, struct reason *reason) {
    (void)scenario, (void)resumed;
    *reason = no_base_provider;
    return false;
}

/* `--level spi`: the host's own base provider. Where it cannot be asked, no scenario is played, and each says why. */
static void take_base_provider(void) {
    static char path[FOLDER_PATH_MAX];
    WSAPROTOCOL_INFOW entry;
    if (base_provider_find(&entry, path, sizeof path, &no_base_provider)) {
        provider_door_entry(&entry);
        provider_use(path);
    } else {
        table.begin = without_base_provider;
    }
}

/* `--provider FILE`: in the place of ws2_32 and iphlpapi. */
static void take_provider(void) {
    struct reason reason = { "" };
    if (base_provider_is_used()) take_base_provider();
    if (provider_path() == NULL) return;
    if (!provider_door_open(&table, provider_path(), &reason)) {
        fprintf(stderr, "agent: %s\n", reason.text);
        exit(2);
    }
    table.processes_apart = !table.processes_share_host;
    if (table.processes_share_host) provider_waits_put(&table);
}

const struct windows_functions *windows_functions(void) {
    if (table.WSAStartup != NULL) return &table;
#define FUNCTION(result, name, module, ...) FIND_IN_##module(name)
#include "stack/call/functions.def"
    extensions_use(&table);
    table.exclusions = is_wine() ? NULL : netsh_exclusions_of;
    assert(table.WSAStartup != NULL);
    take_provider();
    return &table;
}
