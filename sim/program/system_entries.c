/* kernel32 and its kin: time, memory, modules, tokens, console, errors in words. Time is the model's: it begins on 1
 * January 2024 at 0:00, an hour after the machine started. */
#include "sim/program/include/winsock2.h"

#include <malloc.h>

#include "sim/program/include/mswsock.h"
#include "sim/program/functions_by_name.h"
#include "sim/program/machine.h"
#include "sim/program/objects.h"
#include "sim/program/owned.h"
#include "sim/program/stop.h"
#include "sim/program/threads.h"
#include "stack/errors.h"
#include "sim/memory/utf16.h"

#undef free

/* --- time --------------------------------------------------------------------------------------------------------- */

enum { NANOSECONDS_PER_MILLISECOND = 1000000, NANOSECONDS_PER_TICK = 100, COUNTS_PER_SECOND = 10000000 };
#define UP_MILLISECONDS 3600000u
#define BEGINNING_TICKS 133485408000000000u /* 1 January 2024, in steps of 100 ns since 1601 */

/* A look at the clock takes a moment, so that who waits for a time by looking gets there. */
static uint64_t now_ns(void) {
    threads_enter();
    thread_poll();
    return machine_world()->now_ns;
}

ULONGLONG GetTickCount64(void) { return UP_MILLISECONDS + now_ns() / NANOSECONDS_PER_MILLISECOND; }
DWORD GetTickCount(void) { return (DWORD)GetTickCount64(); }
DWORD timeGetTime(void) { return GetTickCount(); }

/* How finely the clock goes changes nothing here. */
UINT timeBeginPeriod(UINT period_ms) {
    enum { TIMERR_NOCANDO = 97 };
    return period_ms == 0 ? TIMERR_NOCANDO : 0;
}
UINT timeEndPeriod(UINT period_ms) { return timeBeginPeriod(period_ms); }

BOOL QueryPerformanceCounter(LARGE_INTEGER *count) {
    count->QuadPart = (LONGLONG)(now_ns() / NANOSECONDS_PER_TICK);
    return TRUE;
}

BOOL QueryPerformanceFrequency(LARGE_INTEGER *frequency) {
    frequency->QuadPart = COUNTS_PER_SECOND;
    return TRUE;
}

BOOL QueryUnbiasedInterruptTime(PULONGLONG time) {
    threads_enter();
    *time = now_ns() / NANOSECONDS_PER_TICK;
    return TRUE;
}

void GetSystemTimeAsFileTime(LPFILETIME time) {
    uint64_t ticks = BEGINNING_TICKS + now_ns() / NANOSECONDS_PER_TICK;
    time->dwLowDateTime = (DWORD)ticks;
    time->dwHighDateTime = (DWORD)(ticks >> 32);
}

void GetSystemTimePreciseAsFileTime(LPFILETIME time) { GetSystemTimeAsFileTime(time); }

void GetSystemTime(LPSYSTEMTIME time) {
    const time_t beginning = 1704067200;
    uint64_t milliseconds = now_ns() / NANOSECONDS_PER_MILLISECOND;
    time_t seconds = beginning + (time_t)(milliseconds / 1000);
    struct tm parts;
    gmtime_r(&seconds, &parts);
    *time = (SYSTEMTIME){ (WORD)(parts.tm_year + 1900), (WORD)(parts.tm_mon + 1),   (WORD)parts.tm_wday,
                          (WORD)parts.tm_mday,          (WORD)parts.tm_hour,        (WORD)parts.tm_min,
                          (WORD)parts.tm_sec,           (WORD)(milliseconds % 1000) };
}

void GetLocalTime(LPSYSTEMTIME time) { GetSystemTime(time); }

enum { TICKS_PER_SECOND = 10000000, TICKS_PER_MILLISECOND = 10000 };
#define SECONDS_FROM_1601_TO_1970 INT64_C(11644473600)

BOOL SystemTimeToFileTime(const SYSTEMTIME *time, LPFILETIME ticks_out) {
    struct tm parts = { .tm_year = time->wYear - 1900,
                        .tm_mon = time->wMonth - 1,
                        .tm_mday = time->wDay,
                        .tm_hour = time->wHour,
                        .tm_min = time->wMinute,
                        .tm_sec = time->wSecond };
    threads_enter();
    if (time->wYear < 1601 || time->wMonth < 1 || time->wMonth > 12 || time->wDay < 1 || time->wDay > 31) {
        thread_set_last_error(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    uint64_t ticks = (uint64_t)(timegm(&parts) + SECONDS_FROM_1601_TO_1970) * TICKS_PER_SECOND +
                     (uint64_t)time->wMilliseconds * TICKS_PER_MILLISECOND;
    *ticks_out = (FILETIME){ (DWORD)ticks, (DWORD)(ticks >> 32) };
    return TRUE;
}

static uint64_t ticks_of(const FILETIME *time) { return (uint64_t)time->dwHighDateTime << 32 | time->dwLowDateTime; }

BOOL FileTimeToSystemTime(const FILETIME *ticks, LPSYSTEMTIME time) {
    const time_t seconds = (time_t)(ticks_of(ticks) / TICKS_PER_SECOND) - SECONDS_FROM_1601_TO_1970;
    struct tm parts;
    gmtime_r(&seconds, &parts);
    *time = (SYSTEMTIME){
        (WORD)(parts.tm_year + 1900), (WORD)(parts.tm_mon + 1),
        (WORD)parts.tm_wday,          (WORD)parts.tm_mday,
        (WORD)parts.tm_hour,          (WORD)parts.tm_min,
        (WORD)parts.tm_sec,           (WORD)(ticks_of(ticks) % TICKS_PER_SECOND / TICKS_PER_MILLISECOND)
    };
    return TRUE;
}

/* Local time is UTC. */
BOOL FileTimeToLocalFileTime(const FILETIME *time, LPFILETIME local) {
    *local = *time;
    return TRUE;
}

BOOL LocalFileTimeToFileTime(const FILETIME *local, LPFILETIME time) { return FileTimeToLocalFileTime(local, time); }

DWORD GetTimeZoneInformation(LPTIME_ZONE_INFORMATION zone) {
    memset(zone, 0, sizeof *zone);
    utf16_from_utf8("UTC", 3, zone->StandardName, _countof(zone->StandardName));
    utf16_from_utf8("UTC", 3, zone->DaylightName, _countof(zone->DaylightName));
    return TIME_ZONE_ID_UNKNOWN;
}

BOOL SystemTimeToTzSpecificLocalTime(const TIME_ZONE_INFORMATION *zone, const SYSTEMTIME *time, LPSYSTEMTIME local) {
    if (zone != NULL && zone->Bias != 0) stop_not_modelled("SystemTimeToTzSpecificLocalTime", "another zone");
    *local = *time;
    return TRUE;
}

LONG CompareFileTime(const FILETIME *one, const FILETIME *other) {
    return ticks_of(one) < ticks_of(other) ? -1 : ticks_of(one) > ticks_of(other);
}

/* --- memory ------------------------------------------------------------------------------------------------------- */

static void free_memory(const char *what, void *memory) {
    if (memory == NULL) return;
    owned_freed(what, memory, malloc_usable_size(memory));
    free(memory);
}

void windows_free(void *memory) { free_memory("memory was freed by free()", memory); }
void _aligned_free(void *memory) { free_memory("memory was freed by _aligned_free", memory); }

void *_aligned_malloc(size_t bytes, size_t alignment) {
    void *memory = NULL;
    if (alignment < sizeof(void *)) alignment = sizeof(void *);
    return posix_memalign(&memory, alignment, bytes) == 0 ? memory : NULL;
}

static HANDLE heap(void) { return (HANDLE)(uintptr_t)0x10000; }

HANDLE GetProcessHeap(void) { return heap(); }
HANDLE HeapCreate(DWORD options, SIZE_T initial, SIZE_T most) {
    (void)options, (void)initial, (void)most;
    return heap();
}
BOOL HeapDestroy(HANDLE destroyed) { return destroyed == heap(); }

LPVOID HeapAlloc(HANDLE from, DWORD flags, SIZE_T bytes) {
    (void)from;
    return (flags & HEAP_ZERO_MEMORY) != 0 ? calloc(1, bytes > 0 ? bytes : 1) : malloc(bytes > 0 ? bytes : 1);
}

LPVOID HeapReAlloc(HANDLE from, DWORD flags, LPVOID memory, SIZE_T bytes) {
    size_t before = malloc_usable_size(memory);
    (void)from;
    owned_freed("memory was moved by HeapReAlloc", memory, before);
    char *moved = realloc(memory, bytes > 0 ? bytes : 1);
    if (moved != NULL && (flags & HEAP_ZERO_MEMORY) != 0 && bytes > before) memset(moved + before, 0, bytes - before);
    return moved;
}

BOOL HeapFree(HANDLE from, DWORD flags, LPVOID memory) {
    (void)from, (void)flags;
    free_memory("memory was freed by HeapFree", memory);
    return TRUE;
}

HLOCAL LocalAlloc(UINT flags, SIZE_T bytes) {
    return HeapAlloc(heap(), (flags & LMEM_ZEROINIT) != 0 ? HEAP_ZERO_MEMORY : 0, bytes);
}

HLOCAL LocalFree(HLOCAL memory) {
    free_memory("memory was freed by LocalFree", memory);
    return NULL;
}

HGLOBAL GlobalAlloc(UINT flags, SIZE_T bytes) { return LocalAlloc(flags, bytes); }

HGLOBAL GlobalFree(HGLOBAL memory) {
    free_memory("memory was freed by GlobalFree", memory);
    return NULL;
}

/* Memory that can be moved does not move: its handle is its address. */
LPVOID GlobalLock(HGLOBAL memory) { return memory; }
LPVOID LocalLock(HLOCAL memory) { return memory; }
SIZE_T GlobalSize(HGLOBAL memory) { return malloc_usable_size(memory); }
SIZE_T LocalSize(HLOCAL memory) { return GlobalSize(memory); }

/* Not locked any more: FALSE, with no error. */
BOOL GlobalUnlock(HGLOBAL memory) {
    (void)memory;
    threads_enter();
    thread_set_last_error(NO_ERROR);
    return FALSE;
}
BOOL LocalUnlock(HLOCAL memory) { return GlobalUnlock(memory); }

HGLOBAL GlobalReAlloc(HGLOBAL memory, SIZE_T bytes, UINT flags) {
    return HeapReAlloc(heap(), (flags & GMEM_ZEROINIT) != 0 ? HEAP_ZERO_MEMORY : 0, memory, bytes);
}
HLOCAL LocalReAlloc(HLOCAL memory, SIZE_T bytes, UINT flags) { return GlobalReAlloc(memory, bytes, flags); }

LPVOID VirtualAlloc(LPVOID address, SIZE_T bytes, DWORD type, DWORD protection) {
    void *memory = NULL;
    if (address != NULL || (type & MEM_COMMIT) == 0 || protection != PAGE_READWRITE)
        stop_not_modelled("VirtualAlloc", "anything but new pages that can be read and written");
    if (posix_memalign(&memory, 4096, bytes) != 0) return NULL;
    return memset(memory, 0, bytes);
}

BOOL VirtualFree(LPVOID address, SIZE_T bytes, DWORD type) {
    if (bytes != 0 || type != MEM_RELEASE) stop_not_modelled("VirtualFree", "a part of pages");
    free_memory("memory was freed by VirtualFree", address);
    return TRUE;
}

/* --- the machine -------------------------------------------------------------------------------------------------- */

enum { PROCESSORS = 4 };

void GetSystemInfo(LPSYSTEM_INFO info) {
    memset(info, 0, sizeof *info);
    info->wProcessorArchitecture = 9;
    info->dwPageSize = 4096;
    info->dwActiveProcessorMask = ((DWORD_PTR)1 << PROCESSORS) - 1;
    info->dwNumberOfProcessors = PROCESSORS;
    info->dwAllocationGranularity = 65536;
}

void GetNativeSystemInfo(LPSYSTEM_INFO info) { GetSystemInfo(info); }

/* The modelled machine's memory, which no program uses up: 8 GiB, and half of it free. Errors:
 * ERROR_INVALID_PARAMETER, dwLength is not the structure's. */
BOOL GlobalMemoryStatusEx(LPMEMORYSTATUSEX status) {
    static const ULONGLONG physical = (ULONGLONG)8 << 30, address_space = ((ULONGLONG)1 << 47) - (1 << 17);
    if (status == NULL || status->dwLength != sizeof *status) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    *status = (MEMORYSTATUSEX){ .dwLength = sizeof *status,
                                .dwMemoryLoad = 50,
                                .ullTotalPhys = physical,
                                .ullAvailPhys = physical / 2,
                                .ullTotalPageFile = physical,
                                .ullAvailPageFile = physical / 2,
                                .ullTotalVirtual = address_space,
                                .ullAvailVirtual = address_space - (1 << 30) };
    return TRUE;
}

DWORD GetActiveProcessorCount(WORD group) {
    (void)group;
    return PROCESSORS;
}

/* Threads take turns on one. */
DWORD GetCurrentProcessorNumber(void) { return 0; }

/* --- tokens ------------------------------------------------------------------------------------------------------- */

BOOL IsUserAnAdmin(void) {
    threads_enter();
    return security_process_is_administrator(machine_world(), PROGRAM_PROCESS);
}

BOOL OpenProcessToken(HANDLE process, DWORD access, PHANDLE token) {
    uint64_t handle = 0;
    (void)access;
    threads_enter();
    if (process != GetCurrentProcess()) stop_not_modelled("OpenProcessToken", "another process");
    if (object_create(OBJECT_TOKEN, &handle) == NULL) stop(STOP_NO_ROOM, "there are too many handles");
    *token = (HANDLE)(uintptr_t)handle;
    return TRUE;
}

BOOL GetTokenInformation(HANDLE token, TOKEN_INFORMATION_CLASS what, LPVOID info, DWORD size, PDWORD needed) {
    threads_enter();
    const struct object *object = object_of((uint64_t)(uintptr_t)token);
    if (what != TokenElevation) stop_not_modelled("GetTokenInformation", "anything but TokenElevation");
    *needed = sizeof(TOKEN_ELEVATION);
    bool is_token = object != NULL && object->kind == OBJECT_TOKEN;
    if (!is_token || info == NULL || size < sizeof(TOKEN_ELEVATION)) {
        thread_set_last_error(is_token ? ERROR_INSUFFICIENT_BUFFER : ERROR_INVALID_HANDLE);
        return FALSE;
    }
    ((TOKEN_ELEVATION *)info)->TokenIsElevated = (DWORD)IsUserAnAdmin();
    return TRUE;
}

BOOL RevertToSelf(void) { return TRUE; } /* no one impersonates */

/* --- modules ------------------------------------------------------------------------------------------------------ */

/* The libraries whose functions are here; one handle stands for them all. */
HMODULE LoadLibraryA(LPCSTR name) {
    static const char *const known[] = { "ws2_32", "iphlpapi", "kernel32", "mswsock", "advapi32", "ntdll", "shell32" };
    threads_enter();
    for (unsigned i = 0; i < _countof(known); i++)
        if (strncasecmp(name, known[i], strlen(known[i])) == 0) return (HMODULE)(uintptr_t)0x20000;
    thread_set_last_error(ERROR_MOD_NOT_FOUND);
    return NULL;
}

HMODULE LoadLibraryW(LPCWSTR name) {
    char text[260];
    unsigned length = utf8_from_utf16(name, (unsigned)lstrlenW(name), text, sizeof text - 1);
    text[length] = '\0';
    return LoadLibraryA(text);
}

HMODULE GetModuleHandleA(LPCSTR name) { return name == NULL ? (HMODULE)(uintptr_t)0x30000 : LoadLibraryA(name); }
HMODULE GetModuleHandleW(LPCWSTR name) { return name == NULL ? (HMODULE)(uintptr_t)0x30000 : LoadLibraryW(name); }
BOOL FreeLibrary(HMODULE module) { return module != NULL; }

FARPROC GetProcAddress(HMODULE module, LPCSTR name) {
    threads_enter();
    FARPROC function = module == NULL ? NULL : (FARPROC)function_by_name(name);
    if (function == NULL) thread_set_last_error(ERROR_PROC_NOT_FOUND);
    return function;
}

/* Who is no service, but started by hand, learns so. */
BOOL StartServiceCtrlDispatcherA(const SERVICE_TABLE_ENTRYA *services) {
    (void)services;
    threads_enter();
    thread_set_last_error(ERROR_FAILED_SERVICE_CONTROLLER_CONNECT);
    return FALSE;
}

BOOL StartServiceCtrlDispatcherW(const SERVICE_TABLE_ENTRYW *services) {
    (void)services;
    return StartServiceCtrlDispatcherA(NULL);
}

/* --- console, environment ----------------------------------------------------------------------------------------- */

enum { CONTROL_HANDLERS_MAX = 32 };
static PHANDLER_ROUTINE control_handlers[CONTROL_HANDLERS_MAX];
static unsigned control_handlers_count;
static bool control_c_is_ignored;

/* A Ctrl-C of the terminal ends the process; handlers learn of what the program itself generates. */
BOOL SetConsoleCtrlHandler(PHANDLER_ROUTINE handler, BOOL add) {
    threads_enter();
    if (handler == NULL) {
        control_c_is_ignored = add;
        return TRUE;
    }
    if (add) {
        if (control_handlers_count == CONTROL_HANDLERS_MAX)
            stop(STOP_NO_ROOM, "there are too many handlers of console events");
        control_handlers[control_handlers_count++] = handler;
        return TRUE;
    }
    for (unsigned i = control_handlers_count; i-- > 0;) {
        if (control_handlers[i] != handler) continue;
        control_handlers_count--;
        memmove(&control_handlers[i], &control_handlers[i + 1],
                (control_handlers_count - i) * sizeof control_handlers[0]);
        return TRUE;
    }
    thread_set_last_error(ERROR_INVALID_PARAMETER);
    return FALSE;
}

/* The handlers, from the one that was added last, until one has taken it; else the process ends. */
static DWORD WINAPI run_control_handlers(LPVOID event) {
    enum { CONTROL_C_EXIT = 0x3A }; /* STATUS_CONTROL_C_EXIT, as far as a status of this system has bits */
    for (unsigned i = control_handlers_count; i-- > 0;)
        if (control_handlers[i]((DWORD)(uintptr_t)event)) return 0;
    ExitProcess(CONTROL_C_EXIT);
}

BOOL GenerateConsoleCtrlEvent(DWORD event, DWORD group) {
    threads_enter();
    if (event > CTRL_BREAK_EVENT) {
        thread_set_last_error(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    if (group != 0) stop_not_modelled("GenerateConsoleCtrlEvent", "of a group of processes");
    if (event == CTRL_C_EVENT && control_c_is_ignored) return TRUE;
    HANDLE thread = CreateThread(NULL, 0, run_control_handlers, (LPVOID)(uintptr_t)event, 0, NULL);
    return thread != NULL && CloseHandle(thread);
}

BOOL SetConsoleOutputCP(UINT code_page) {
    (void)code_page;
    return TRUE;
}

HANDLE GetStdHandle(DWORD which) { return (HANDLE)(uintptr_t)(0x10 + 4 * (0xFFFFFFFFu - which)); }
void OutputDebugStringA(LPCSTR text) { (void)text; }
void OutputDebugStringW(LPCWSTR text) { (void)text; }
BOOL IsDebuggerPresent(void) { return FALSE; }
void DebugBreak(void) { __builtin_trap(); }

/* What is encoded is not meant to be looked at. */
PVOID EncodePointer(PVOID pointer) { return (PVOID) ~(uintptr_t)pointer; }
PVOID DecodePointer(PVOID pointer) { return (PVOID) ~(uintptr_t)pointer; }

/* Rounded to the nearest; -1: it does not fit, or a division by 0. */
int MulDiv(int number, int numerator, int denominator) {
    if (denominator == 0) return -1;
    int64_t product = (int64_t)number * numerator, half = denominator / 2;
    if (denominator < 0) half = -half;
    int64_t value = (product + ((product < 0) ? -half : half)) / denominator;
    return value > INT32_MAX || value < INT32_MIN ? -1 : (int)value;
}

UINT SetErrorMode(UINT mode) {
    (void)mode;
    return 0;
}

DWORD GetEnvironmentVariableA(LPCSTR name, LPSTR value, DWORD size) {
    const char *found = getenv(name);
    threads_enter();
    if (found == NULL) {
        thread_set_last_error(ERROR_ENVVAR_NOT_FOUND);
        return 0;
    }
    size_t length = strlen(found);
    if (length >= size) return (DWORD)length + 1;
    memcpy(value, found, length + 1);
    return (DWORD)length;
}

/* --- errors in words ---------------------------------------------------------------------------------------------- */

/* Ours: what Windows says is Windows's. */
static int words_of_error(DWORD message, char *text, size_t size) {
    bool is_winsock = message >= 10000 && message < 12000;
    const char *name = error_name(message, is_winsock ? ERROR_FAMILY_WINSOCK : ERROR_FAMILY_WIN32);
    const struct error_row *row = name == NULL ? NULL : error_named(name, (unsigned)strlen(name));
    if (row == NULL) return 0;
    return snprintf(text, size, "%s: %s.\r\n", row->name, row->meaning);
}

DWORD FormatMessageA(DWORD flags, LPCVOID source, DWORD message, DWORD language, LPSTR text, DWORD size,
                     va_list *arguments) {
    char words[512];
    (void)source, (void)language, (void)arguments;
    threads_enter();
    if ((flags & FORMAT_MESSAGE_FROM_SYSTEM) == 0) stop_not_modelled("FormatMessage", "another source than the system");
    int length = words_of_error(message, words, sizeof words);
    bool allocates = (flags & FORMAT_MESSAGE_ALLOCATE_BUFFER) != 0;
    if (length == 0 || (!allocates && (DWORD)length >= size)) {
        thread_set_last_error(length == 0 ? 317 : ERROR_INSUFFICIENT_BUFFER); /* ERROR_MR_MID_NOT_FOUND */
        return 0;
    }
    char *to = allocates ? malloc((size_t)length + 1) : text;
    if (to == NULL) return 0;
    memcpy(to, words, (size_t)length + 1);
    if (allocates) memcpy((void *)text, &to, sizeof to);
    return (DWORD)length;
}

DWORD FormatMessageW(DWORD flags, LPCVOID source, DWORD message, DWORD language, LPWSTR text, DWORD size,
                     va_list *arguments) {
    char words[512];
    DWORD narrow = flags & ~(DWORD)FORMAT_MESSAGE_ALLOCATE_BUFFER;
    DWORD length = FormatMessageA(narrow, source, message, language, words, sizeof words, arguments);
    bool allocates = (flags & FORMAT_MESSAGE_ALLOCATE_BUFFER) != 0;
    if (length == 0 || (!allocates && length >= size)) return 0;
    LPWSTR to = allocates ? malloc((length + 1) * sizeof(WCHAR)) : text;
    if (to == NULL) return 0;
    DWORD used = utf16_from_utf8(words, length, to, length + 1);
    if (allocates) memcpy((void *)text, &to, sizeof to);
    return used;
}
