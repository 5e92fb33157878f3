#include "conformance/agent/system/windows_headers.h"

#include "conformance/agent/system/threads.h"

#include <assert.h>
#include <stdlib.h>

#include "conformance/base/memory.h"

struct thread {
    HANDLE handle;
    void (*main)(void *);
    void *argument;
};

struct monitor {
    CRITICAL_SECTION lock;
    CONDITION_VARIABLE changed;
};

static void protect(HANDLE handle) {
    SetHandleInformation(handle, HANDLE_FLAG_PROTECT_FROM_CLOSE, HANDLE_FLAG_PROTECT_FROM_CLOSE);
}

static void close_protected(HANDLE handle) {
    SetHandleInformation(handle, HANDLE_FLAG_PROTECT_FROM_CLOSE, 0);
    CloseHandle(handle);
}

/* A wakeup is an event: its pointer is the handle. */
static HANDLE event_of(struct wakeup *wakeup) { return (HANDLE)wakeup; }

struct wakeup *wakeup_create(void) {
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);
    assert(event != NULL);
    protect(event);
    return (struct wakeup *)event;
}

void wakeup_destroy(struct wakeup *wakeup) { close_protected(event_of(wakeup)); }
void wakeup_give(struct wakeup *wakeup) { SetEvent(event_of(wakeup)); }

bool wakeup_await(struct wakeup *wakeup, uint32_t limit_ms) {
    return WaitForSingleObject(event_of(wakeup), limit_ms) == WAIT_OBJECT_0;
}

struct monitor *monitor_create(void) {
    struct monitor *monitor = memory_zeroed(sizeof *monitor);
    InitializeCriticalSection(&monitor->lock);
    InitializeConditionVariable(&monitor->changed);
    return monitor;
}

void monitor_enter(struct monitor *monitor) { EnterCriticalSection(&monitor->lock); }
void monitor_leave(struct monitor *monitor) { LeaveCriticalSection(&monitor->lock); }
void monitor_wait(struct monitor *monitor, uint32_t limit_ms) {
    SleepConditionVariableCS(&monitor->changed, &monitor->lock, limit_ms);
}
void monitor_wake_all(struct monitor *monitor) { WakeAllConditionVariable(&monitor->changed); }

static DWORD WINAPI thread_main(void *parameter) {
    const struct thread *thread = parameter;
    thread->main(thread->argument);
    return 0;
}

struct thread *thread_begin(void (*main)(void *), void *argument) {
    struct thread *thread = memory_zeroed(sizeof *thread);
    thread->main = main;
    thread->argument = argument;
    thread->handle = CreateThread(NULL, 0, thread_main, thread, 0, NULL);
    assert(thread->handle != NULL);
    protect(thread->handle);
    return thread;
}

bool thread_join(struct thread *thread, uint32_t limit_ms) {
    if (WaitForSingleObject(thread->handle, limit_ms) != WAIT_OBJECT_0) return false;
    close_protected(thread->handle);
    free(thread);
    return true;
}

void thread_abandon(struct thread *thread) {
    TerminateThread(thread->handle, 1);
    close_protected(thread->handle);
    free(thread);
}

uint64_t thread_handle(const struct thread *thread) { return (uint64_t)(uintptr_t)thread->handle; }

static void CALLBACK woken(ULONG_PTR parameter) { (void)parameter; }
void thread_wake(struct thread *thread) { QueueUserAPC(woken, thread->handle, 0); }

uint64_t clock_ns(void) {
    LARGE_INTEGER now, frequency;
    QueryPerformanceCounter(&now);
    QueryPerformanceFrequency(&frequency);
    uint64_t seconds = (uint64_t)(now.QuadPart / frequency.QuadPart);
    uint64_t rest = (uint64_t)(now.QuadPart % frequency.QuadPart);
    return seconds * 1000000000u + rest * 1000000000u / (uint64_t)frequency.QuadPart;
}

/* Not GetTickCount64(), which counts the time that the machine sleeps: on waking, each limit would have passed. */
uint64_t clock_ms(void) {
    enum { UNITS_PER_MS = 10000 };
    ULONGLONG awake = 0;
    QueryUnbiasedInterruptTime(&awake);
    return awake / UNITS_PER_MS;
}

void sleep_ms(uint32_t milliseconds) { Sleep(milliseconds); }

/* --- the end of a thread ------------------------------------------------------------------------------------------ */

static __thread struct {
    void (*function)(void *);
    void *argument;
} at_end;
static DWORD end_slot;

static void CALLBACK call_at_end(void *value) {
    if (value != NULL) at_end.function(at_end.argument);
}

static BOOL CALLBACK make_end_slot(INIT_ONCE *once, void *parameter, void **context) {
    HMODULE module;
    (void)once, (void)parameter, (void)context;
    end_slot = FlsAlloc(call_at_end);
    assert(end_slot != FLS_OUT_OF_INDEXES);
    return GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN,
                              (const WCHAR *)&end_slot, &module);
}

void thread_at_end(void (*function)(void *), void *argument) {
    static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
    assert(function != NULL);
    BOOL made = InitOnceExecuteOnce(&once, make_end_slot, NULL, NULL);
    assert(made);
    (void)made;
    at_end.function = function;
    at_end.argument = argument;
    FlsSetValue(end_slot, &at_end); /* anything but NULL */
}
