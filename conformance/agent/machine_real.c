#include "conformance/agent/machine_real.h"

#include <assert.h>
#include <string.h>

#include "conformance/agent/host_facts.h"

typedef LONG(NTAPI *query_event_function)(HANDLE, int, void *, ULONG, ULONG *);
typedef LONG(NTAPI *query_system_function)(int, void *, ULONG, ULONG *);

/* Stores the address of a function of ntdll that every Windows has. */
static void find_in_ntdll(const char *name, void *pointer, size_t pointer_size) {
    FARPROC address = GetProcAddress(GetModuleHandleW(L"ntdll.dll"), name);
    assert(address != NULL && pointer_size == sizeof address);
    memcpy(pointer, &address, pointer_size);
}

void machine_real_process_starts(unsigned process, unsigned main_thread) {
    (void)process;
    (void)main_thread;
}

void machine_real_process_ends(unsigned process) { (void)process; }

void machine_real_thread_ends(unsigned thread) { (void)thread; }

void machine_real_enter(unsigned process, unsigned thread) {
    (void)process;
    (void)thread;
}

void machine_real_end(void) {}

int machine_real_event_state(HANDLE event) {
    struct {
        LONG type;
        LONG state;
    } information = { 0, 0 };
    enum { EVENT_BASIC_INFORMATION_CLASS = 0 };
    query_event_function query_event;
    find_in_ntdll("NtQueryEvent", &query_event, sizeof query_event);
    if (query_event(event, EVENT_BASIC_INFORMATION_CLASS, &information, sizeof information, NULL) != 0) return -1;
    return information.state != 0;
}

void machine_real_advance(uint64_t nanoseconds) {
    uint64_t milliseconds = (nanoseconds + 999999) / 1000000;
    assert(milliseconds < INFINITE);
    Sleep((DWORD)milliseconds);
}

enum { HUNDRED_NANOSECONDS_PER_MS = 10000 };
static const uint64_t MS_FROM_1601_TO_1970 = UINT64_C(11644473600000);

/* SystemTimeOfDayInformation begins with the time of boot, which moves when the clock is set; a later field says by how
 * much. On Wine it is when its server started, which no clock moves; the uptime
 * there belongs to the machine below and says nothing. */
struct boot machine_real_boot(void) {
    enum { SYSTEM_TIME_OF_DAY_INFORMATION_CLASS = 3 };
    struct {
        uint64_t booted_100ns, now_100ns, zone_100ns, zone, moved_100ns, slept_100ns;
    } information = { 0, 0, 0, 0, 0, 0 };
    struct boot boot = { .uptime_ms = GetTickCount64(), .exact = host_facts()->is_wine };
    query_system_function query_system;
    find_in_ntdll("NtQuerySystemInformation", &query_system, sizeof query_system);
    if (query_system(SYSTEM_TIME_OF_DAY_INFORMATION_CLASS, &information, sizeof information, NULL) != 0) return boot;
    uint64_t booted_ms = (information.booted_100ns - information.moved_100ns) / HUNDRED_NANOSECONDS_PER_MS;
    boot.booted_ms = booted_ms > MS_FROM_1601_TO_1970 ? booted_ms - MS_FROM_1601_TO_1970 : 0;
    return boot;
}
