/* Functions of kernel32 that programs use beside those of win32.h, which includes this: values of fibres, more locks,
 * objects made with more words, a heap's answers, the process and its surroundings. What is not said here is as
 * Windows' documentation of the function has it. */
#ifndef RESERVOIR_PROGRAM_SYSTEM_FUNCTIONS_H
#define RESERVOIR_PROGRAM_SYSTEM_FUNCTIONS_H

typedef VOID(WINAPI *PFLS_CALLBACK_FUNCTION)(PVOID value);
typedef struct _RTL_BARRIER {
    DWORD Reserved1, Reserved2;
    ULONG_PTR Reserved3[2];
    DWORD Reserved4, Reserved5;
} SYNCHRONIZATION_BARRIER, *PSYNCHRONIZATION_BARRIER, *LPSYNCHRONIZATION_BARRIER;
typedef enum _HEAP_INFORMATION_CLASS {
    HeapCompatibilityInformation,
    HeapEnableTerminationOnCorruption
} HEAP_INFORMATION_CLASS;
typedef struct _REASON_CONTEXT {
    ULONG Version;
    DWORD Flags;
    union {
        struct {
            HMODULE LocalizedReasonModule;
            ULONG LocalizedReasonId, ReasonStringCount;
            LPWSTR *ReasonStrings;
        } Detailed;
        LPWSTR SimpleReasonString;
    } Reason;
} REASON_CONTEXT, *PREASON_CONTEXT;

/* An exception, as handlers see it. No one raises one here: what would end a program on Windows ends it. */
#define EXCEPTION_MAXIMUM_PARAMETERS 15
typedef struct _EXCEPTION_RECORD {
    DWORD ExceptionCode, ExceptionFlags;
    struct _EXCEPTION_RECORD *ExceptionRecord;
    PVOID ExceptionAddress;
    DWORD NumberParameters;
    ULONG_PTR ExceptionInformation[EXCEPTION_MAXIMUM_PARAMETERS];
} EXCEPTION_RECORD, *PEXCEPTION_RECORD;
typedef struct _CONTEXT CONTEXT, *PCONTEXT, *LPCONTEXT;
typedef struct _EXCEPTION_POINTERS {
    PEXCEPTION_RECORD ExceptionRecord;
    PCONTEXT ContextRecord;
} EXCEPTION_POINTERS, *PEXCEPTION_POINTERS, *LPEXCEPTION_POINTERS;
typedef LONG(WINAPI *PTOP_LEVEL_EXCEPTION_FILTER)(EXCEPTION_POINTERS *info);
typedef PTOP_LEVEL_EXCEPTION_FILTER LPTOP_LEVEL_EXCEPTION_FILTER;
typedef LONG(WINAPI *PVECTORED_EXCEPTION_HANDLER)(EXCEPTION_POINTERS *info);
#define EXCEPTION_EXECUTE_HANDLER 1
#define EXCEPTION_CONTINUE_SEARCH 0
#define EXCEPTION_CONTINUE_EXECUTION (-1)
#define EXCEPTION_NONCONTINUABLE 1

#define MEMORY_ALLOCATION_ALIGNMENT 16
typedef struct _SLIST_ENTRY {
    struct _SLIST_ENTRY *Next;
} __attribute__((aligned(16))) SLIST_ENTRY, *PSLIST_ENTRY;
typedef union _SLIST_HEADER {
    struct {
        ULONGLONG Alignment, Region;
    };
    struct {
        PSLIST_ENTRY first;
        ULONGLONG depth;
    } reservoir;
} __attribute__((aligned(16))) SLIST_HEADER, *PSLIST_HEADER;

/* process.h's, which the C++ library's headers bring in on Windows: programs rely on that. */
typedef unsigned(__stdcall *_beginthreadex_proc_type)(void *parameter);
typedef void(__cdecl *_beginthread_proc_type)(void *parameter);

RESERVOIR_BEGIN

/* --- threads by the C library ------------------------------------------------------------------------------------- */

RESERVOIR_API(uintptr_t, _beginthreadex, void *attributes, unsigned stack,
              unsigned(__stdcall *routine)(void *parameter), void *parameter, unsigned flags, unsigned *id);
RESERVOIR_API(void, _endthreadex, unsigned code) __attribute__((noreturn));
RESERVOIR_API(uintptr_t, _beginthread, void(__cdecl *routine)(void *parameter), unsigned stack, void *parameter);
RESERVOIR_API(void, _endthread, void) __attribute__((noreturn));

/* --- locks, and values of threads --------------------------------------------------------------------------------- */

/* A thread or fiber that ends, and FlsFree, give each value that is not NULL to the routine. */
RESERVOIR_API(DWORD, FlsAlloc, PFLS_CALLBACK_FUNCTION routine);
RESERVOIR_API(BOOL, FlsFree, DWORD index);
RESERVOIR_API(PVOID, FlsGetValue, DWORD index);
RESERVOIR_API(BOOL, FlsSetValue, DWORD index, PVOID value);
RESERVOIR_API(BOOL, IsThreadAFiber, void);
RESERVOIR_API(LPVOID, ConvertThreadToFiber, LPVOID data);
RESERVOIR_API(LPVOID, ConvertThreadToFiberEx, LPVOID data, DWORD flags);
RESERVOIR_API(BOOL, ConvertFiberToThread, void);
RESERVOIR_API(LPVOID, CreateFiber, SIZE_T stack_bytes, LPFIBER_START_ROUTINE routine, LPVOID data);
RESERVOIR_API(LPVOID, CreateFiberEx, SIZE_T commit, SIZE_T reserve, DWORD flags, LPFIBER_START_ROUTINE routine,
              LPVOID data);
RESERVOIR_API(VOID, SwitchToFiber, LPVOID fiber);
RESERVOIR_API(VOID, DeleteFiber, LPVOID fiber);
RESERVOIR_API(PVOID, GetCurrentFiber, void);
RESERVOIR_API(PVOID, GetFiberData, void);
RESERVOIR_API(BOOL, GlobalMemoryStatusEx, LPMEMORYSTATUSEX status);
RESERVOIR_API(VOID, InitOnceInitialize, PINIT_ONCE once);
RESERVOIR_API(BOOL, InitOnceBeginInitialize, LPINIT_ONCE once, DWORD flags, PBOOL pending, LPVOID *context);
RESERVOIR_API(BOOL, InitOnceComplete, LPINIT_ONCE once, DWORD flags, LPVOID context);
RESERVOIR_API(BOOL, InitializeSynchronizationBarrier, LPSYNCHRONIZATION_BARRIER barrier, LONG threads, LONG spins);
RESERVOIR_API(BOOL, EnterSynchronizationBarrier, LPSYNCHRONIZATION_BARRIER barrier, DWORD flags);
RESERVOIR_API(BOOL, DeleteSynchronizationBarrier, LPSYNCHRONIZATION_BARRIER barrier);
RESERVOIR_API(BOOL, WaitOnAddress, volatile VOID *address, PVOID compared, SIZE_T bytes, DWORD limit_ms);
RESERVOIR_API(VOID, WakeByAddressSingle, PVOID address);
RESERVOIR_API(VOID, WakeByAddressAll, PVOID address);
RESERVOIR_API(DWORD, SetCriticalSectionSpinCount, LPCRITICAL_SECTION section, DWORD spins);

/* When the routine of a pool that this instance is of has returned. */
RESERVOIR_API(VOID, SetEventWhenCallbackReturns, PTP_CALLBACK_INSTANCE instance, HANDLE event);
RESERVOIR_API(VOID, LeaveCriticalSectionWhenCallbackReturns, PTP_CALLBACK_INSTANCE instance,
              LPCRITICAL_SECTION section);
RESERVOIR_API(VOID, ReleaseMutexWhenCallbackReturns, PTP_CALLBACK_INSTANCE instance, HANDLE mutex);
RESERVOIR_API(VOID, ReleaseSemaphoreWhenCallbackReturns, PTP_CALLBACK_INSTANCE instance, HANDLE semaphore, DWORD count);
/* Since the machine began, in units of 100 ns: no one sleeps here. */
RESERVOIR_API(BOOL, QueryUnbiasedInterruptTime, PULONGLONG time);

/* --- objects ------------------------------------------------------------------------------------------------------ */

RESERVOIR_API(HANDLE, CreateMutexExA, LPSECURITY_ATTRIBUTES attributes, LPCSTR name, DWORD flags, DWORD access);
RESERVOIR_API(HANDLE, CreateMutexExW, LPSECURITY_ATTRIBUTES attributes, LPCWSTR name, DWORD flags, DWORD access);
RESERVOIR_API(HANDLE, CreateSemaphoreExA, LPSECURITY_ATTRIBUTES attributes, LONG count, LONG most, LPCSTR name,
              DWORD flags, DWORD access);
RESERVOIR_API(HANDLE, CreateSemaphoreExW, LPSECURITY_ATTRIBUTES attributes, LONG count, LONG most, LPCWSTR name,
              DWORD flags, DWORD access);
RESERVOIR_API(HANDLE, CreateWaitableTimerExA, LPSECURITY_ATTRIBUTES attributes, LPCSTR name, DWORD flags, DWORD access);
RESERVOIR_API(HANDLE, CreateWaitableTimerExW, LPSECURITY_ATTRIBUTES attributes, LPCWSTR name, DWORD flags,
              DWORD access);
RESERVOIR_API(BOOL, SetWaitableTimerEx, HANDLE timer, const LARGE_INTEGER *due, LONG period_ms,
              PTIMERAPCROUTINE routine, LPVOID context, PREASON_CONTEXT reason, ULONG window_ms);

/* --- the heap ----------------------------------------------------------------------------------------------------- */

RESERVOIR_API(SIZE_T, HeapSize, HANDLE heap, DWORD flags, LPCVOID memory);
RESERVOIR_API(BOOL, HeapValidate, HANDLE heap, DWORD flags, LPCVOID memory);
RESERVOIR_API(BOOL, HeapSetInformation, HANDLE heap, HEAP_INFORMATION_CLASS what, PVOID info, SIZE_T size);
RESERVOIR_API(BOOL, HeapLock, HANDLE heap);
RESERVOIR_API(BOOL, HeapUnlock, HANDLE heap);

/* --- the process -------------------------------------------------------------------------------------------------- */

RESERVOIR_API(LPTOP_LEVEL_EXCEPTION_FILTER, SetUnhandledExceptionFilter, LPTOP_LEVEL_EXCEPTION_FILTER filter);
RESERVOIR_API(UINT, GetErrorMode, void);
RESERVOIR_API(DWORD, GetPriorityClass, HANDLE process);
RESERVOIR_API(BOOL, SetPriorityClass, HANDLE process, DWORD priority);
RESERVOIR_API(DWORD, GetProcessId, HANDLE process);
RESERVOIR_API(BOOL, GetProcessTimes, HANDLE process, LPFILETIME created, LPFILETIME ended, LPFILETIME kernel,
              LPFILETIME user);
RESERVOIR_API(BOOL, GetThreadTimes, HANDLE thread, LPFILETIME created, LPFILETIME ended, LPFILETIME kernel,
              LPFILETIME user);
RESERVOIR_API(VOID, GetStartupInfoA, LPSTARTUPINFOA info);
RESERVOIR_API(VOID, GetStartupInfoW, LPSTARTUPINFOW info);
RESERVOIR_API(HMODULE, LoadLibraryExA, LPCSTR name, HANDLE file, DWORD flags);
RESERVOIR_API(HMODULE, LoadLibraryExW, LPCWSTR name, HANDLE file, DWORD flags);
RESERVOIR_API(BOOL, GetModuleHandleExA, DWORD flags, LPCSTR name, HMODULE *module);
RESERVOIR_API(BOOL, GetModuleHandleExW, DWORD flags, LPCWSTR name, HMODULE *module);
RESERVOIR_API(UINT, GetSystemDirectoryA, LPSTR path, UINT size);
RESERVOIR_API(UINT, GetSystemDirectoryW, LPWSTR path, UINT size);
RESERVOIR_API(UINT, GetWindowsDirectoryA, LPSTR path, UINT size);
RESERVOIR_API(UINT, GetWindowsDirectoryW, LPWSTR path, UINT size);
RESERVOIR_API(DWORD, GetEnvironmentVariableW, LPCWSTR name, LPWSTR value, DWORD size);
RESERVOIR_API(BOOL, SetEnvironmentVariableA, LPCSTR name, LPCSTR value);
RESERVOIR_API(BOOL, SetEnvironmentVariableW, LPCWSTR name, LPCWSTR value);
RESERVOIR_API(LPSTR, GetCommandLineA, void);
RESERVOIR_API(LPWSTR, GetCommandLineW, void);
RESERVOIR_API(LPWSTR *, CommandLineToArgvW, LPCWSTR line, int *count);
RESERVOIR_API(BOOL, GetUserNameA, LPSTR name, LPDWORD size);
RESERVOIR_API(BOOL, GetUserNameW, LPWSTR name, LPDWORD size);
RESERVOIR_API(BOOL, GetComputerNameW, LPWSTR name, LPDWORD size);
RESERVOIR_API(DWORD, ExpandEnvironmentStringsA, LPCSTR text, LPSTR expanded, DWORD size);
RESERVOIR_API(DWORD, ExpandEnvironmentStringsW, LPCWSTR lpSrc, LPWSTR lpDst, DWORD nSize);
RESERVOIR_API(DWORD, GetVersion, void);
RESERVOIR_API(BOOL, GetVersionExA, LPOSVERSIONINFOA info);
RESERVOIR_API(BOOL, GetVersionExW, LPOSVERSIONINFOW info);
RESERVOIR_API(HANDLE, OpenProcess, DWORD access, BOOL inherit, DWORD process);
RESERVOIR_API(BOOL, IsWow64Process, HANDLE hProcess, PBOOL Wow64Process);
RESERVOIR_API(LPWCH, GetEnvironmentStringsW, void);
RESERVOIR_API(BOOL, FreeEnvironmentStringsW, LPWCH penv);
RESERVOIR_API(BOOL, FreeEnvironmentStringsA, LPCH penv);
RESERVOIR_API(LPCH, GetEnvironmentStrings, void);
/* The machine's clock shows UTC, and no time of the year is another. */
RESERVOIR_API(DWORD, GetTimeZoneInformation, LPTIME_ZONE_INFORMATION zone);
RESERVOIR_API(BOOL, SystemTimeToTzSpecificLocalTime, const TIME_ZONE_INFORMATION *zone, const SYSTEMTIME *time,
              LPSYSTEMTIME local);
RESERVOIR_API(BOOL, LocalFileTimeToFileTime, const FILETIME *local, LPFILETIME time);
#define GetEnvironmentStringsA GetEnvironmentStrings
RESERVOIR_API(HRESULT, StringCchVPrintfA, LPSTR text, size_t size, LPCSTR format, va_list arguments);
#if __SIZEOF_WCHAR_T__ == 2
RESERVOIR_API(HRESULT, StringCchVPrintfW, LPWSTR text, size_t size, LPCWSTR format, va_list arguments);
#endif

/* --- files by their names: those of the system that the program runs on ------------------------------------------- */

RESERVOIR_API(BOOL, CreateDirectoryW, LPCWSTR lpPathName, LPSECURITY_ATTRIBUTES lpSecurityAttributes);
RESERVOIR_API(BOOL, RemoveDirectoryA, LPCSTR lpPathName);
RESERVOIR_API(BOOL, RemoveDirectoryW, LPCWSTR lpPathName);
RESERVOIR_API(BOOL, SetCurrentDirectoryA, LPCSTR lpPathName);
RESERVOIR_API(BOOL, SetCurrentDirectoryW, LPCWSTR lpPathName);
RESERVOIR_API(DWORD, GetCurrentDirectoryW, DWORD nBufferLength, LPWSTR lpBuffer);
RESERVOIR_API(DWORD, GetFullPathNameA, LPCSTR lpFileName, DWORD nBufferLength, LPSTR lpBuffer, LPSTR *lpFilePart);
RESERVOIR_API(DWORD, GetFullPathNameW, LPCWSTR lpFileName, DWORD nBufferLength, LPWSTR lpBuffer, LPWSTR *lpFilePart);
RESERVOIR_API(UINT, GetTempFileNameA, LPCSTR lpPathName, LPCSTR lpPrefixString, UINT uUnique, LPSTR lpTempFileName);
RESERVOIR_API(UINT, GetTempFileNameW, LPCWSTR lpPathName, LPCWSTR lpPrefixString, UINT uUnique, LPWSTR lpTempFileName);
RESERVOIR_API(BOOL, CopyFileA, LPCSTR lpExistingFileName, LPCSTR lpNewFileName, BOOL bFailIfExists);
RESERVOIR_API(BOOL, CopyFileW, LPCWSTR lpExistingFileName, LPCWSTR lpNewFileName, BOOL bFailIfExists);
RESERVOIR_API(BOOL, MoveFileA, LPCSTR lpExistingFileName, LPCSTR lpNewFileName);
RESERVOIR_API(BOOL, MoveFileW, LPCWSTR lpExistingFileName, LPCWSTR lpNewFileName);
RESERVOIR_API(BOOL, MoveFileExA, LPCSTR lpExistingFileName, LPCSTR lpNewFileName, DWORD dwFlags);
RESERVOIR_API(BOOL, MoveFileExW, LPCWSTR lpExistingFileName, LPCWSTR lpNewFileName, DWORD dwFlags);
RESERVOIR_API(BOOL, GetFileTime, HANDLE hFile, LPFILETIME lpCreationTime, LPFILETIME lpLastAccessTime,
              LPFILETIME lpLastWriteTime);
RESERVOIR_API(HANDLE, FindFirstFileA, LPCSTR name, LPWIN32_FIND_DATAA data);
RESERVOIR_API(HANDLE, FindFirstFileW, LPCWSTR name, LPWIN32_FIND_DATAW data);
RESERVOIR_API(BOOL, FindNextFileA, HANDLE search, LPWIN32_FIND_DATAA data);
RESERVOIR_API(BOOL, FindNextFileW, HANDLE search, LPWIN32_FIND_DATAW data);
RESERVOIR_API(BOOL, FindClose, HANDLE search);

RESERVOIR_API(BOOL, PathFileExistsA, LPCSTR path);
RESERVOIR_API(BOOL, PathFileExistsW, LPCWSTR path);
RESERVOIR_API(LPSTR, PathFindFileNameA, LPCSTR path);
RESERVOIR_API(LPWSTR, PathFindFileNameW, LPCWSTR path);

/* --- lists that several threads push to and pop from -------------------------------------------------------------- */

RESERVOIR_API(VOID, InitializeSListHead, PSLIST_HEADER list);
RESERVOIR_API(PSLIST_ENTRY, InterlockedPushEntrySList, PSLIST_HEADER list, PSLIST_ENTRY entry);
RESERVOIR_API(PSLIST_ENTRY, InterlockedPopEntrySList, PSLIST_HEADER list);
RESERVOIR_API(PSLIST_ENTRY, InterlockedFlushSList, PSLIST_HEADER list);
RESERVOIR_API(USHORT, QueryDepthSList, PSLIST_HEADER list);

RESERVOIR_END

#ifdef UNICODE
#define GetEnvironmentStrings GetEnvironmentStringsW
#define FreeEnvironmentStrings FreeEnvironmentStringsW
#else
#define FreeEnvironmentStrings FreeEnvironmentStringsA
#endif

#define PathFileExists RESERVOIR_BOTH(PathFileExists)
#define PathFindFileName RESERVOIR_BOTH(PathFindFileName)

/* versionhelpers.h: by what GetVersionEx says to a program whose manifest names no later Windows than 8. */
static inline BOOL IsWindowsXPOrGreater(void) { return TRUE; }
static inline BOOL IsWindowsVistaOrGreater(void) { return TRUE; }
static inline BOOL IsWindows7OrGreater(void) { return TRUE; }
static inline BOOL IsWindows7SP1OrGreater(void) { return TRUE; }
static inline BOOL IsWindows8OrGreater(void) { return TRUE; }
static inline BOOL IsWindows8Point1OrGreater(void) { return FALSE; }
static inline BOOL IsWindows10OrGreater(void) { return FALSE; }
static inline BOOL IsWindowsServer(void) { return FALSE; }

/* Sizes in bytes. */
#define StringCbPrintfA(text, bytes, ...) StringCchPrintfA((text), (bytes), __VA_ARGS__)
#define StringCbPrintfW(text, bytes, ...) StringCchPrintfW((text), (bytes) / sizeof(WCHAR), __VA_ARGS__)
#define StringCbCopyA(to, bytes, from) StringCchCopyA((to), (bytes), (from))
#define StringCbCopyW(to, bytes, from) StringCchCopyW((to), (bytes) / sizeof(WCHAR), (from))
#define StringCbCatA(to, bytes, from) StringCchCatA((to), (bytes), (from))
#define StringCbCatW(to, bytes, from) StringCchCatW((to), (bytes) / sizeof(WCHAR), (from))
#define StringCbLengthA(text, bytes, length) StringCchLengthA((text), (bytes), (length))
#define StringCbVPrintfA(text, bytes, format, arguments) StringCchVPrintfA((text), (bytes), (format), (arguments))
#if __SIZEOF_WCHAR_T__ == 2
static inline HRESULT StringCbLengthW(LPCWSTR text, size_t bytes, size_t *length) {
    HRESULT result = StringCchLengthW(text, bytes / sizeof(WCHAR), length);
    if (length != NULL) *length *= sizeof(WCHAR);
    return result;
}
#endif
#ifdef UNICODE
#define StringCbLength StringCbLengthW
#define StringCbPrintf StringCbPrintfW
#define StringCbCopy StringCbCopyW
#define StringCbCat StringCbCatW
#else
#define StringCbLength StringCbLengthA
#define StringCbVPrintf StringCbVPrintfA
#define StringCbPrintf StringCbPrintfA
#define StringCbCopy StringCbCopyA
#define StringCbCat StringCbCatA
#endif

#endif
