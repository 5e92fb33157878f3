/* The real table: ws2_32's and kernel32's own functions, looked up by name, so that one which is missing is a message
 * of ours instead of a program that does not start. */
#include "conformance/agent/functions.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/agent/accounts.h"
#include "conformance/agent/host_facts.h"
#include "conformance/agent/netsh_steps.h"
#include "conformance/session/executor.h"

typedef LONG(NTAPI *query_event_function)(HANDLE, int, void *, ULONG, ULONG *);

typedef LONG(NTAPI *query_system_function)(int, void *, ULONG, ULONG *);

static query_event_function query_event;
static query_system_function query_system;

static void process_starts(unsigned process, unsigned main_thread) {
    (void)process;
    (void)main_thread;
}

static void process_ends(unsigned process) { (void)process; }

static void enter(unsigned process, unsigned thread) {
    (void)process;
    (void)thread;
}

static void end(void) {}

static int event_state(HANDLE event) {
    struct {
        LONG type;
        LONG state;
    } information = { 0, 0 };
    enum { EVENT_BASIC_INFORMATION_CLASS = 0 };
    if (query_event(event, EVENT_BASIC_INFORMATION_CLASS, &information, sizeof information, NULL) != 0) return -1;
    return information.state != 0;
}

static void advance(uint64_t nanoseconds) {
    uint64_t milliseconds = (nanoseconds + 999999) / 1000000;
    assert(milliseconds < INFINITE);
    Sleep((DWORD)milliseconds);
}

enum { HUNDRED_NANOSECONDS_PER_MS = 10000 };
static const uint64_t MS_FROM_1601_TO_1970 = UINT64_C(11644473600000);

/* SystemTimeOfDayInformation begins with the time of boot, which moves when somebody sets the clock; by how much stands further
 * behind. On Wine it is when its server started, which no clock moves; the uptime there is that of the machine below and
 * says nothing. */
static struct boot boot(void) {
    enum { SYSTEM_TIME_OF_DAY_INFORMATION_CLASS = 3 };
    struct { uint64_t booted_100ns, now_100ns, zone_100ns, zone, moved_100ns, slept_100ns; } information = { 0, 0, 0, 0, 0, 0 };
    struct boot boot = { .uptime_ms = GetTickCount64(), .exact = host_facts()->is_wine };
    if (query_system(SYSTEM_TIME_OF_DAY_INFORMATION_CLASS, &information, sizeof information, NULL) != 0) return boot;
    uint64_t booted_ms = (information.booted_100ns - information.moved_100ns) / HUNDRED_NANOSECONDS_PER_MS;
    boot.booted_ms = booted_ms > MS_FROM_1601_TO_1970 ? booted_ms - MS_FROM_1601_TO_1970 : 0;
    return boot;
}

/* Stores a function's address without a cast between function types that compilers complain about. */
static void look_up(HMODULE module, const char *name, void *pointer, size_t pointer_size) {
    assert(module != NULL);
    FARPROC address = GetProcAddress(module, name);
    if (address == NULL) {
        fprintf(stderr, "agent: this system has no %s\n", name);
        exit(2);
    }
    assert(pointer_size == sizeof address);
    memcpy(pointer, &address, pointer_size);
}

#define LOOK_UP(module, name) look_up(module, #name, &table.name, sizeof table.name)

static struct windows_functions table = {
    .kind = "real",
    .processes_share_host = false,
    .begin = host_facts_allow,
    .end = end,
    .process_starts = process_starts,
    .process_ends = process_ends,
    .enter = enter,
    .event_state = event_state,
    .start_program = accounts_start_program,
    .ImpersonateLoggedOnUser = accounts_impersonate,
    .RevertToSelf = RevertToSelf,
    .advance = advance,
    .boot = boot,
};

static void fill_winsock(HMODULE ws2_32) {
    LOOK_UP(ws2_32, WSAStartup);
    LOOK_UP(ws2_32, WSACleanup);
    LOOK_UP(ws2_32, WSAGetLastError);
    LOOK_UP(ws2_32, socket);
    LOOK_UP(ws2_32, WSASocketA);
    LOOK_UP(ws2_32, WSASocketW);
    LOOK_UP(ws2_32, WSADuplicateSocketW);
    LOOK_UP(ws2_32, closesocket);
    LOOK_UP(ws2_32, bind);
    LOOK_UP(ws2_32, getsockname);
    LOOK_UP(ws2_32, listen);
    LOOK_UP(ws2_32, connect);
    LOOK_UP(ws2_32, sendto);
    LOOK_UP(ws2_32, ioctlsocket);
    LOOK_UP(ws2_32, getsockopt);
    LOOK_UP(ws2_32, setsockopt);
    LOOK_UP(ws2_32, WSAIoctl);
    LOOK_UP(ws2_32, WSAGetOverlappedResult);
}

static void fill_kernel(HMODULE kernel32) {
    LOOK_UP(kernel32, CreateEventW);
    LOOK_UP(kernel32, SetEvent);
    LOOK_UP(kernel32, ResetEvent);
    LOOK_UP(kernel32, WaitForSingleObject);
    LOOK_UP(kernel32, SleepEx);
    LOOK_UP(kernel32, CreateFileW);
    LOOK_UP(kernel32, CloseHandle);
}

/* Not every system has these. */
static void look_up_if_there(HMODULE module, const char *name, void *pointer, size_t pointer_size) {
    FARPROC address = module == NULL ? NULL : GetProcAddress(module, name);
    assert(pointer_size == sizeof address);
    memcpy(pointer, &address, pointer_size);
}

#define LOOK_UP_BOTH(verb, into) \
    look_up_if_there(iphlpapi, #verb "PersistentTcpPortReservation", &table.persistent.into[0], sizeof table.persistent.into[0]); \
    look_up_if_there(iphlpapi, #verb "PersistentUdpPortReservation", &table.persistent.into[1], sizeof table.persistent.into[1])

static void fill_persistent(HMODULE iphlpapi) {
    LOOK_UP_BOTH(Create, create);
    LOOK_UP_BOTH(Delete, remove);
    LOOK_UP_BOTH(Lookup, lookup);
}

const struct windows_functions *windows_functions(void) {
    if (table.WSAStartup != NULL) return &table;
    fill_kernel(GetModuleHandleW(L"kernel32.dll"));
    look_up(GetModuleHandleW(L"ntdll.dll"), "NtQueryEvent", &query_event, sizeof query_event);
    look_up(GetModuleHandleW(L"ntdll.dll"), "NtQuerySystemInformation", &query_system, sizeof query_system);
    fill_winsock(LoadLibraryW(L"ws2_32.dll"));
    fill_persistent(LoadLibraryW(L"iphlpapi.dll"));
    assert(table.WSAStartup != NULL);
    assert(table.CloseHandle != NULL);
    bool wine = GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "wine_get_version") != NULL;
    if (wine) return &table; /* whose netsh says nothing */
    table.netsh.add = netsh_steps_add;
    table.netsh.remove = netsh_steps_delete;
    table.netsh.show = netsh_steps_show;
    return &table;
}
