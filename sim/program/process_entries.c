/* kernel32: the process and its surroundings, as far as they are there; objects made with more words. */
#include "sim/program/paths.h"

#include <malloc.h>

#include "sim/program/stop.h"
#include "sim/program/threads.h"
#include "sim/memory/utf16.h"

static BOOL fail(uint32_t error) {
    threads_enter();
    thread_set_last_error(error);
    return FALSE;
}

/* --- objects ------------------------------------------------------------------------------------------------------ */

HANDLE CreateMutexExW(LPSECURITY_ATTRIBUTES attributes, LPCWSTR name, DWORD flags, DWORD access) {
    (void)access;
    return CreateMutexW(attributes, (flags & CREATE_MUTEX_INITIAL_OWNER) != 0, name);
}

HANDLE CreateMutexExA(LPSECURITY_ATTRIBUTES attributes, LPCSTR name, DWORD flags, DWORD access) {
    (void)access;
    return CreateMutexA(attributes, (flags & CREATE_MUTEX_INITIAL_OWNER) != 0, name);
}

HANDLE CreateSemaphoreExW(LPSECURITY_ATTRIBUTES attributes, LONG count, LONG most, LPCWSTR name, DWORD flags,
                          DWORD access) {
    (void)flags, (void)access;
    return CreateSemaphoreW(attributes, count, most, name);
}

HANDLE CreateSemaphoreExA(LPSECURITY_ATTRIBUTES attributes, LONG count, LONG most, LPCSTR name, DWORD flags,
                          DWORD access) {
    (void)flags, (void)access;
    return CreateSemaphoreA(attributes, count, most, name);
}

HANDLE CreateWaitableTimerExW(LPSECURITY_ATTRIBUTES attributes, LPCWSTR name, DWORD flags, DWORD access) {
    (void)access;
    return CreateWaitableTimerW(attributes, (flags & CREATE_WAITABLE_TIMER_MANUAL_RESET) != 0, name);
}

HANDLE CreateWaitableTimerExA(LPSECURITY_ATTRIBUTES attributes, LPCSTR name, DWORD flags, DWORD access) {
    (void)access;
    return CreateWaitableTimerA(attributes, (flags & CREATE_WAITABLE_TIMER_MANUAL_RESET) != 0, name);
}

/* It comes in time: no one saves power here. */
BOOL SetWaitableTimerEx(HANDLE timer, const LARGE_INTEGER *due, LONG period_ms, PTIMERAPCROUTINE routine,
                        LPVOID context, PREASON_CONTEXT reason, ULONG window_ms) {
    (void)reason, (void)window_ms;
    return SetWaitableTimer(timer, due, period_ms, routine, context, FALSE);
}

/* --- the heap ----------------------------------------------------------------------------------------------------- */

SIZE_T HeapSize(HANDLE heap, DWORD flags, LPCVOID memory) {
    (void)heap, (void)flags;
    return malloc_usable_size((void *)(uintptr_t)memory);
}

BOOL HeapValidate(HANDLE heap, DWORD flags, LPCVOID memory) {
    (void)flags, (void)memory;
    return heap == GetProcessHeap();
}

BOOL HeapSetInformation(HANDLE heap, HEAP_INFORMATION_CLASS what, PVOID info, SIZE_T size) {
    (void)heap, (void)info, (void)size;
    return what == HeapEnableTerminationOnCorruption || what == HeapCompatibilityInformation;
}

BOOL HeapLock(HANDLE heap) { return heap == GetProcessHeap(); }
BOOL HeapUnlock(HANDLE heap) { return heap == GetProcessHeap(); }

/* --- the process -------------------------------------------------------------------------------------------------- */

/* No exception is raised here that it could see; it is kept for who asks for it. */
LPTOP_LEVEL_EXCEPTION_FILTER SetUnhandledExceptionFilter(LPTOP_LEVEL_EXCEPTION_FILTER filter) {
    static LPTOP_LEVEL_EXCEPTION_FILTER kept;
    LPTOP_LEVEL_EXCEPTION_FILTER before = kept;
    kept = filter;
    return before;
}

UINT GetErrorMode(void) { return 0; }

static bool is_own(const char *function, HANDLE process) {
    threads_enter();
    if (process != GetCurrentProcess()) stop_not_modelled(function, "another process");
    return true;
}

DWORD GetPriorityClass(HANDLE process) { return is_own("GetPriorityClass", process) ? NORMAL_PRIORITY_CLASS : 0; }

BOOL SetPriorityClass(HANDLE process, DWORD priority) {
    (void)priority; /* threads take turns, whatever it is */
    return is_own("SetPriorityClass", process);
}

DWORD GetProcessId(HANDLE process) { return is_own("GetProcessId", process) ? GetCurrentProcessId() : 0; }

/* It began with the machine's time. Its work takes no time. */
BOOL GetProcessTimes(HANDLE process, LPFILETIME created, LPFILETIME ended, LPFILETIME kernel, LPFILETIME user) {
    static const SYSTEMTIME beginning = { .wYear = 2024, .wMonth = 1, .wDay = 1 };
    is_own("GetProcessTimes", process);
    *ended = *kernel = *user = (FILETIME){ 0, 0 };
    return SystemTimeToFileTime(&beginning, created);
}

BOOL GetThreadTimes(HANDLE thread, LPFILETIME created, LPFILETIME ended, LPFILETIME kernel, LPFILETIME user) {
    return GetThreadId(thread) != 0 && GetProcessTimes(GetCurrentProcess(), created, ended, kernel, user);
}

void GetStartupInfoA(LPSTARTUPINFOA info) {
    memset(info, 0, sizeof *info);
    info->cb = sizeof *info;
}

void GetStartupInfoW(LPSTARTUPINFOW info) {
    memset(info, 0, sizeof *info);
    info->cb = sizeof *info;
}

/* --- modules ------------------------------------------------------------------------------------------------------ */

HMODULE LoadLibraryExA(LPCSTR name, HANDLE file, DWORD flags) {
    (void)file, (void)flags;
    return LoadLibraryA(name);
}

HMODULE LoadLibraryExW(LPCWSTR name, HANDLE file, DWORD flags) {
    (void)file, (void)flags;
    return LoadLibraryW(name);
}

static void must_be_name(DWORD flags) {
    if ((flags & GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS) != 0)
        stop_not_modelled("GetModuleHandleEx", "GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS");
}

BOOL GetModuleHandleExA(DWORD flags, LPCSTR name, HMODULE *module) {
    must_be_name(flags);
    *module = GetModuleHandleA(name);
    return *module != NULL;
}

BOOL GetModuleHandleExW(DWORD flags, LPCWSTR name, HMODULE *module) {
    must_be_name(flags);
    *module = GetModuleHandleW(name);
    return *module != NULL;
}

/* --- folders, environment ----------------------------------------------------------------------------------------- */

static const char windows_folder[] = "C:\\Windows", system_folder[] = "C:\\Windows\\system32";

UINT GetSystemDirectoryA(LPSTR path, UINT size) { return path_give(system_folder, path, NULL, size); }
UINT GetSystemDirectoryW(LPWSTR path, UINT size) { return path_give(system_folder, NULL, path, size); }
UINT GetWindowsDirectoryA(LPSTR path, UINT size) { return path_give(windows_folder, path, NULL, size); }
UINT GetWindowsDirectoryW(LPWSTR path, UINT size) { return path_give(windows_folder, NULL, path, size); }

enum { VARIABLE_MAX = 1024 };

static bool narrow_of(LPCWSTR wide, char text[VARIABLE_MAX]) {
    unsigned length = utf8_from_utf16(wide, (unsigned)lstrlenW(wide), text, VARIABLE_MAX - 1);
    text[length] = '\0';
    return lstrlenW(wide) < VARIABLE_MAX - 1 || fail(ERROR_INVALID_PARAMETER);
}

DWORD GetEnvironmentVariableW(LPCWSTR name, LPWSTR value, DWORD size) {
    char text[VARIABLE_MAX];
    const char *found = narrow_of(name, text) ? getenv(text) : NULL;
    if (found == NULL) return (DWORD)fail(ERROR_ENVVAR_NOT_FOUND);
    return path_give(found, NULL, value, size);
}

/* Without a value it is deleted. */
BOOL SetEnvironmentVariableA(LPCSTR name, LPCSTR value) {
    threads_enter();
    if (name == NULL || name[0] == '\0' || strchr(name, '=') != NULL) return fail(ERROR_INVALID_PARAMETER);
    return (value == NULL ? unsetenv(name) : setenv(name, value, 1)) == 0;
}

BOOL SetEnvironmentVariableW(LPCWSTR name, LPCWSTR value) {
    char narrow_name[VARIABLE_MAX], narrow_value[VARIABLE_MAX];
    if (!narrow_of(name, narrow_name) || (value != NULL && !narrow_of(value, narrow_value))) return FALSE;
    return SetEnvironmentVariableA(narrow_name, value == NULL ? NULL : narrow_value);
}
