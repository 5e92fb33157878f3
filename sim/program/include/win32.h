/* What windows.h has without Winsock, for programs that are compiled for the model: the functions of kernel32 and its
 * kin that programs use which reserve ports, make connections and wait. Types are in win32_types.h, words
 * in win32_words.h, values in win32_values.h. */
#ifndef RESERVOIR_PROGRAM_WIN32_H
#define RESERVOIR_PROGRAM_WIN32_H

#include "sim/program/include/win32_values.h"
#include "sim/program/include/system_types.h"

RESERVOIR_BEGIN

/* --- errors ------------------------------------------------------------------------------------------------------- */

RESERVOIR_API(DWORD, FormatMessageA, DWORD flags, LPCVOID source, DWORD message, DWORD language, LPSTR text, DWORD size,
              va_list *arguments);
RESERVOIR_API(DWORD, FormatMessageW, DWORD flags, LPCVOID source, DWORD message, DWORD language, LPWSTR text,
              DWORD size, va_list *arguments);
RESERVOIR_API(UINT, SetErrorMode, UINT mode);

/* --- handles, events, waits --------------------------------------------------------------------------------------- */

RESERVOIR_API(BOOL, CloseHandle, HANDLE object);
RESERVOIR_API(BOOL, DuplicateHandle, HANDLE from_process, HANDLE from, HANDLE to_process, LPHANDLE to, DWORD access,
              BOOL inherit, DWORD options);
RESERVOIR_API(BOOL, SetHandleInformation, HANDLE object, DWORD mask, DWORD flags);
RESERVOIR_API(HANDLE, CreateEventA, LPSECURITY_ATTRIBUTES attributes, BOOL manual, BOOL set, LPCSTR name);
RESERVOIR_API(HANDLE, CreateEventW, LPSECURITY_ATTRIBUTES attributes, BOOL manual, BOOL set, LPCWSTR name);
RESERVOIR_API(HANDLE, CreateEventExA, LPSECURITY_ATTRIBUTES attributes, LPCSTR name, DWORD flags, DWORD access);
RESERVOIR_API(HANDLE, CreateEventExW, LPSECURITY_ATTRIBUTES attributes, LPCWSTR name, DWORD flags, DWORD access);
RESERVOIR_API(BOOL, SetEvent, HANDLE event);
RESERVOIR_API(BOOL, ResetEvent, HANDLE event);
RESERVOIR_API(DWORD, WaitForSingleObject, HANDLE handle, DWORD limit_ms);
RESERVOIR_API(DWORD, WaitForSingleObjectEx, HANDLE handle, DWORD limit_ms, BOOL alertable);
RESERVOIR_API(DWORD, WaitForMultipleObjects, DWORD count, const HANDLE *handles, BOOL all, DWORD limit_ms);
RESERVOIR_API(DWORD, WaitForMultipleObjectsEx, DWORD count, const HANDLE *handles, BOOL all, DWORD limit_ms,
              BOOL alertable);
RESERVOIR_API(DWORD, SignalObjectAndWait, HANDLE signalled, HANDLE waited, DWORD limit_ms, BOOL alertable);
RESERVOIR_API(HANDLE, CreateMutexA, LPSECURITY_ATTRIBUTES attributes, BOOL owned, LPCSTR name);
RESERVOIR_API(HANDLE, CreateMutexW, LPSECURITY_ATTRIBUTES attributes, BOOL owned, LPCWSTR name);
RESERVOIR_API(BOOL, ReleaseMutex, HANDLE mutex);
RESERVOIR_API(HANDLE, OpenEventA, DWORD access, BOOL inherit, LPCSTR name);
RESERVOIR_API(HANDLE, OpenEventW, DWORD access, BOOL inherit, LPCWSTR name);
RESERVOIR_API(HANDLE, OpenMutexA, DWORD access, BOOL inherit, LPCSTR name);
RESERVOIR_API(HANDLE, OpenMutexW, DWORD access, BOOL inherit, LPCWSTR name);
RESERVOIR_API(HANDLE, OpenSemaphoreA, DWORD access, BOOL inherit, LPCSTR name);
RESERVOIR_API(HANDLE, OpenSemaphoreW, DWORD access, BOOL inherit, LPCWSTR name);
RESERVOIR_API(HANDLE, CreateSemaphoreA, LPSECURITY_ATTRIBUTES attributes, LONG count, LONG most, LPCSTR name);
RESERVOIR_API(HANDLE, CreateSemaphoreW, LPSECURITY_ATTRIBUTES attributes, LONG count, LONG most, LPCWSTR name);
RESERVOIR_API(BOOL, ReleaseSemaphore, HANDLE semaphore, LONG count, LPLONG before);
RESERVOIR_API(VOID, Sleep, DWORD limit_ms);
RESERVOIR_API(DWORD, SleepEx, DWORD limit_ms, BOOL alertable);
RESERVOIR_API(BOOL, CancelSynchronousIo, HANDLE thread);
RESERVOIR_API(DWORD, QueueUserAPC, PAPCFUNC routine, HANDLE thread, ULONG_PTR parameter);

/* --- completion ports, requests ----------------------------------------------------------------------------------- */

RESERVOIR_API(HANDLE, CreateIoCompletionPort, HANDLE file, HANDLE port, ULONG_PTR key, DWORD threads);
RESERVOIR_API(BOOL, GetQueuedCompletionStatus, HANDLE port, LPDWORD bytes, PULONG_PTR key, LPOVERLAPPED *overlapped,
              DWORD limit_ms);
RESERVOIR_API(BOOL, GetQueuedCompletionStatusEx, HANDLE port, LPOVERLAPPED_ENTRY entries, ULONG count, PULONG removed,
              DWORD limit_ms, BOOL alertable);
RESERVOIR_API(BOOL, PostQueuedCompletionStatus, HANDLE port, DWORD bytes, ULONG_PTR key, LPOVERLAPPED overlapped);
RESERVOIR_API(BOOL, SetFileCompletionNotificationModes, HANDLE file, UCHAR flags);
RESERVOIR_API(BOOL, CancelIo, HANDLE file);
RESERVOIR_API(BOOL, CancelIoEx, HANDLE file, LPOVERLAPPED overlapped);
RESERVOIR_API(BOOL, GetOverlappedResult, HANDLE file, LPOVERLAPPED overlapped, LPDWORD bytes, BOOL wait);
RESERVOIR_API(BOOL, GetOverlappedResultEx, HANDLE file, LPOVERLAPPED overlapped, LPDWORD bytes, DWORD limit_ms,
              BOOL alertable);
#define HasOverlappedIoCompleted(overlapped) (((DWORD)(overlapped)->Internal) != 0x103u)

/* --- threads, processes ------------------------------------------------------------------------------------------- */

RESERVOIR_API(HANDLE, CreateThread, LPSECURITY_ATTRIBUTES attributes, SIZE_T stack, LPTHREAD_START_ROUTINE routine,
              LPVOID parameter, DWORD flags, LPDWORD id);
RESERVOIR_API(VOID, ExitThread, DWORD code) __attribute__((noreturn));
RESERVOIR_API(BOOL, GetExitCodeThread, HANDLE thread, LPDWORD code);
RESERVOIR_API(DWORD, SuspendThread, HANDLE thread);
RESERVOIR_API(DWORD, ResumeThread, HANDLE thread);
RESERVOIR_API(BOOL, SwitchToThread, void);
RESERVOIR_API(HANDLE, GetCurrentThread, void);
RESERVOIR_API(DWORD, GetCurrentThreadId, void);
RESERVOIR_API(DWORD, GetThreadId, HANDLE thread);
RESERVOIR_API(BOOL, SetThreadPriority, HANDLE thread, int priority);
RESERVOIR_API(int, GetThreadPriority, HANDLE thread);
RESERVOIR_API(DWORD_PTR, SetThreadAffinityMask, HANDLE thread, DWORD_PTR mask);
RESERVOIR_API(DWORD, SetThreadIdealProcessor, HANDLE thread, DWORD processor);
RESERVOIR_API(HRESULT, SetThreadDescription, HANDLE thread, PCWSTR description);
RESERVOIR_API(HANDLE, GetCurrentProcess, void);
RESERVOIR_API(DWORD, GetCurrentProcessId, void);
RESERVOIR_API(VOID, ExitProcess, UINT code) __attribute__((noreturn));
RESERVOIR_API(BOOL, TerminateProcess, HANDLE process, UINT code);
RESERVOIR_API(DWORD, GetCurrentProcessorNumber, void);
RESERVOIR_API(VOID, GetSystemInfo, LPSYSTEM_INFO info);
RESERVOIR_API(VOID, GetNativeSystemInfo, LPSYSTEM_INFO info);
RESERVOIR_API(DWORD, GetActiveProcessorCount, WORD group);
#define ALL_PROCESSOR_GROUPS 0xffff
RESERVOIR_API(BOOL, OpenProcessToken, HANDLE process, DWORD access, PHANDLE token);
RESERVOIR_API(BOOL, GetTokenInformation, HANDLE token, TOKEN_INFORMATION_CLASS what, LPVOID info, DWORD size,
              PDWORD needed);
RESERVOIR_API(BOOL, IsUserAnAdmin, void);
RESERVOIR_API(BOOL, RevertToSelf, void);
RESERVOIR_API(BOOL, CheckTokenMembership, HANDLE token, PSID sid, LPBOOL is_member);
RESERVOIR_API(BOOL, AllocateAndInitializeSid, PSID_IDENTIFIER_AUTHORITY authority, BYTE count, DWORD first,
              DWORD second, DWORD third, DWORD fourth, DWORD fifth, DWORD sixth, DWORD seventh, DWORD eighth,
              PSID *sid);
RESERVOIR_API(PVOID, FreeSid, PSID sid);
RESERVOIR_API(BOOL, EqualSid, PSID one, PSID other);
RESERVOIR_API(DWORD, GetLengthSid, PSID sid);
RESERVOIR_API(BOOL, CopySid, DWORD size, PSID to, PSID from);
RESERVOIR_API(BOOL, IsValidSid, PSID sid);
RESERVOIR_API(BOOL, CreateWellKnownSid, WELL_KNOWN_SID_TYPE which, PSID domain, PSID sid, DWORD *size);
RESERVOIR_API(BOOL, InitializeSecurityDescriptor, PSECURITY_DESCRIPTOR descriptor, DWORD revision);
RESERVOIR_API(BOOL, SetSecurityDescriptorDacl, PSECURITY_DESCRIPTOR descriptor, BOOL present, PACL list,
              BOOL defaulted);
RESERVOIR_API(DWORD, TlsAlloc, void);
RESERVOIR_API(BOOL, TlsFree, DWORD index);
RESERVOIR_API(LPVOID, TlsGetValue, DWORD index);
RESERVOIR_API(BOOL, TlsSetValue, DWORD index, LPVOID value);

/* --- locks -------------------------------------------------------------------------------------------------------- */

RESERVOIR_API(VOID, InitializeCriticalSection, LPCRITICAL_SECTION section);
RESERVOIR_API(BOOL, InitializeCriticalSectionAndSpinCount, LPCRITICAL_SECTION section, DWORD spins);
RESERVOIR_API(BOOL, InitializeCriticalSectionEx, LPCRITICAL_SECTION section, DWORD spins, DWORD flags);
RESERVOIR_API(VOID, EnterCriticalSection, LPCRITICAL_SECTION section);
RESERVOIR_API(BOOL, TryEnterCriticalSection, LPCRITICAL_SECTION section);
RESERVOIR_API(VOID, LeaveCriticalSection, LPCRITICAL_SECTION section);
RESERVOIR_API(VOID, DeleteCriticalSection, LPCRITICAL_SECTION section);
RESERVOIR_API(VOID, InitializeSRWLock, PSRWLOCK lock);
RESERVOIR_API(VOID, AcquireSRWLockExclusive, PSRWLOCK lock);
RESERVOIR_API(VOID, ReleaseSRWLockExclusive, PSRWLOCK lock);
RESERVOIR_API(BOOLEAN, TryAcquireSRWLockExclusive, PSRWLOCK lock);
RESERVOIR_API(VOID, AcquireSRWLockShared, PSRWLOCK lock);
RESERVOIR_API(VOID, ReleaseSRWLockShared, PSRWLOCK lock);
RESERVOIR_API(BOOLEAN, TryAcquireSRWLockShared, PSRWLOCK lock);
RESERVOIR_API(VOID, InitializeConditionVariable, PCONDITION_VARIABLE variable);
RESERVOIR_API(BOOL, SleepConditionVariableCS, PCONDITION_VARIABLE variable, PCRITICAL_SECTION section, DWORD limit_ms);
RESERVOIR_API(BOOL, SleepConditionVariableSRW, PCONDITION_VARIABLE variable, PSRWLOCK lock, DWORD limit_ms,
              ULONG flags);
RESERVOIR_API(VOID, WakeConditionVariable, PCONDITION_VARIABLE variable);
RESERVOIR_API(VOID, WakeAllConditionVariable, PCONDITION_VARIABLE variable);
RESERVOIR_API(BOOL, InitOnceExecuteOnce, PINIT_ONCE once, PINIT_ONCE_FN routine, PVOID parameter, LPVOID *context);

/* Atomic operations, of any integer; a thread that spins on one gives others their turn. */
RESERVOIR_API(void, reservoir_spin, void);
#define InterlockedIncrement(to) (__atomic_add_fetch((to), 1, __ATOMIC_SEQ_CST))
#define InterlockedDecrement(to) (__atomic_sub_fetch((to), 1, __ATOMIC_SEQ_CST))
#define InterlockedAdd(to, value) (__atomic_add_fetch((to), (value), __ATOMIC_SEQ_CST))
#define InterlockedExchangeAdd(to, value) (__atomic_fetch_add((to), (value), __ATOMIC_SEQ_CST))
#define InterlockedOr(to, value) (__atomic_fetch_or((to), (value), __ATOMIC_SEQ_CST))
#define InterlockedAnd(to, value) (__atomic_fetch_and((to), (value), __ATOMIC_SEQ_CST))
#define InterlockedXor(to, value) (__atomic_fetch_xor((to), (value), __ATOMIC_SEQ_CST))
#define InterlockedExchange(to, value) (reservoir_spin(), __atomic_exchange_n((to), (value), __ATOMIC_SEQ_CST))
#define InterlockedCompareExchange(to, value, expected) \
    (reservoir_spin(), __sync_val_compare_and_swap((to), (expected), (value)))
static inline PVOID InterlockedExchangePointer(PVOID volatile *to, PVOID value) {
    return reservoir_spin(), __atomic_exchange_n(to, value, __ATOMIC_SEQ_CST);
}
static inline PVOID InterlockedCompareExchangePointer(PVOID volatile *to, PVOID value, PVOID expected) {
    return reservoir_spin(), __sync_val_compare_and_swap(to, expected, value);
}
#define InterlockedIncrement64 InterlockedIncrement
#define InterlockedDecrement64 InterlockedDecrement
#define InterlockedIncrement16 InterlockedIncrement
#define InterlockedDecrement16 InterlockedDecrement
#define InterlockedAdd64 InterlockedAdd
#define InterlockedExchangeAdd64 InterlockedExchangeAdd
#define InterlockedExchange64 InterlockedExchange
#define InterlockedCompareExchange64 InterlockedCompareExchange
#define InterlockedIncrementAcquire InterlockedIncrement
#define InterlockedIncrementRelease InterlockedIncrement
#define InterlockedDecrementAcquire InterlockedDecrement
#define InterlockedDecrementRelease InterlockedDecrement
#define InterlockedExchangeAcquire InterlockedExchange
#define InterlockedCompareExchangeAcquire InterlockedCompareExchange
#define InterlockedCompareExchangeRelease InterlockedCompareExchange
#define InterlockedIncrementNoFence InterlockedIncrement
#define InterlockedDecrementNoFence InterlockedDecrement
#define InterlockedOr64 InterlockedOr
#define InterlockedAnd64 InterlockedAnd
#define _InterlockedOr InterlockedOr
#define _InterlockedAnd InterlockedAnd
#define _InterlockedIncrement64 InterlockedIncrement
#define _InterlockedExchangePointer InterlockedExchangePointer
#define _InterlockedCompareExchange64 InterlockedCompareExchange
#define _InterlockedIncrement InterlockedIncrement
#define _InterlockedDecrement InterlockedDecrement
#define _InterlockedExchange InterlockedExchange
#define _InterlockedCompareExchange InterlockedCompareExchange
#define _InterlockedExchangeAdd InterlockedExchangeAdd
#define _ReadWriteBarrier() __asm__ volatile("" ::: "memory")
#define MemoryBarrier() __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define YieldProcessor() ((void)SwitchToThread())
#define ReadAcquire(from) __atomic_load_n((from), __ATOMIC_ACQUIRE)
#define ReadNoFence(from) __atomic_load_n((from), __ATOMIC_RELAXED)
#define WriteRelease(to, value) __atomic_store_n((to), (value), __ATOMIC_RELEASE)
#define WriteNoFence(to, value) __atomic_store_n((to), (value), __ATOMIC_RELAXED)

/* --- time: the model's -------------------------------------------------------------------------------------------- */

RESERVOIR_API(DWORD, GetTickCount, void);
RESERVOIR_API(ULONGLONG, GetTickCount64, void);
RESERVOIR_API(BOOL, QueryPerformanceCounter, LARGE_INTEGER *count);
RESERVOIR_API(BOOL, QueryPerformanceFrequency, LARGE_INTEGER *frequency);
RESERVOIR_API(VOID, GetSystemTimeAsFileTime, LPFILETIME time);
RESERVOIR_API(VOID, GetSystemTimePreciseAsFileTime, LPFILETIME time);
RESERVOIR_API(VOID, GetSystemTime, LPSYSTEMTIME time);
RESERVOIR_API(VOID, GetLocalTime, LPSYSTEMTIME time);
RESERVOIR_API(DWORD, timeGetTime, void);
RESERVOIR_API(UINT, timeBeginPeriod, UINT period_ms);
RESERVOIR_API(UINT, timeEndPeriod, UINT period_ms);

/* --- memory, modules, console ------------------------------------------------------------------------------------- */

RESERVOIR_API(HANDLE, GetProcessHeap, void);
RESERVOIR_API(HANDLE, HeapCreate, DWORD options, SIZE_T initial, SIZE_T most);
RESERVOIR_API(BOOL, HeapDestroy, HANDLE heap);
RESERVOIR_API(LPVOID, HeapAlloc, HANDLE heap, DWORD flags, SIZE_T bytes);
RESERVOIR_API(LPVOID, HeapReAlloc, HANDLE heap, DWORD flags, LPVOID memory, SIZE_T bytes);
RESERVOIR_API(BOOL, HeapFree, HANDLE heap, DWORD flags, LPVOID memory);
RESERVOIR_API(HLOCAL, LocalAlloc, UINT flags, SIZE_T bytes);
RESERVOIR_API(HLOCAL, LocalFree, HLOCAL memory);
RESERVOIR_API(HGLOBAL, GlobalAlloc, UINT flags, SIZE_T bytes);
RESERVOIR_API(HGLOBAL, GlobalFree, HGLOBAL memory);
RESERVOIR_API(LPVOID, GlobalLock, HGLOBAL memory);
RESERVOIR_API(BOOL, GlobalUnlock, HGLOBAL memory);
RESERVOIR_API(SIZE_T, GlobalSize, HGLOBAL memory);
RESERVOIR_API(HGLOBAL, GlobalReAlloc, HGLOBAL memory, SIZE_T bytes, UINT flags);
RESERVOIR_API(LPVOID, LocalLock, HLOCAL memory);
RESERVOIR_API(BOOL, LocalUnlock, HLOCAL memory);
RESERVOIR_API(SIZE_T, LocalSize, HLOCAL memory);
RESERVOIR_API(HLOCAL, LocalReAlloc, HLOCAL memory, SIZE_T bytes, UINT flags);
RESERVOIR_API(LPVOID, VirtualAlloc, LPVOID address, SIZE_T bytes, DWORD type, DWORD protection);
RESERVOIR_API(BOOL, VirtualFree, LPVOID address, SIZE_T bytes, DWORD type);
RESERVOIR_API(HMODULE, LoadLibraryA, LPCSTR name);
RESERVOIR_API(HMODULE, LoadLibraryW, LPCWSTR name);
RESERVOIR_API(HMODULE, GetModuleHandleA, LPCSTR name);
RESERVOIR_API(HMODULE, GetModuleHandleW, LPCWSTR name);
RESERVOIR_API(BOOL, FreeLibrary, HMODULE module);
RESERVOIR_API(FARPROC, GetProcAddress, HMODULE module, LPCSTR name);
RESERVOIR_API(BOOL, SetConsoleCtrlHandler, PHANDLER_ROUTINE handler, BOOL add);
RESERVOIR_API(BOOL, GenerateConsoleCtrlEvent, DWORD event, DWORD group);
RESERVOIR_API(BOOL, SetConsoleOutputCP, UINT code_page);
RESERVOIR_API(HANDLE, GetStdHandle, DWORD which);
RESERVOIR_API(VOID, OutputDebugStringA, LPCSTR text);
RESERVOIR_API(VOID, OutputDebugStringW, LPCWSTR text);
RESERVOIR_API(BOOL, IsDebuggerPresent, void);
RESERVOIR_API(PVOID, EncodePointer, PVOID pointer);
RESERVOIR_API(PVOID, DecodePointer, PVOID pointer);
RESERVOIR_API(int, MulDiv, int number, int numerator, int denominator);
RESERVOIR_API(VOID, DebugBreak, void);
RESERVOIR_API(DWORD, GetEnvironmentVariableA, LPCSTR name, LPSTR value, DWORD size);
RESERVOIR_API(int, MultiByteToWideChar, UINT code_page, DWORD flags, LPCSTR text, int length, LPWSTR wide, int size);
RESERVOIR_API(int, WideCharToMultiByte, UINT code_page, DWORD flags, LPCWSTR wide, int length, LPSTR text, int size,
              LPCSTR replacement, LPBOOL replaced);
RESERVOIR_API(BOOL, GetComputerNameA, LPSTR name, LPDWORD size);
RESERVOIR_API(BOOL, StartServiceCtrlDispatcherA, const SERVICE_TABLE_ENTRYA *services);
RESERVOIR_API(BOOL, StartServiceCtrlDispatcherW, const SERVICE_TABLE_ENTRYW *services);
RESERVOIR_API(HRESULT, StringCchPrintfA, LPSTR text, size_t size, LPCSTR format, ...);
RESERVOIR_API(HRESULT, StringCchCopyA, LPSTR to, size_t size, LPCSTR from);
RESERVOIR_API(HRESULT, StringCchCatA, LPSTR to, size_t size, LPCSTR from);
RESERVOIR_API(HRESULT, StringCchLengthA, LPCSTR text, size_t most, size_t *length);
#if __SIZEOF_WCHAR_T__ == 2
RESERVOIR_API(HRESULT, StringCchPrintfW, LPWSTR text, size_t size, LPCWSTR format, ...);
RESERVOIR_API(HRESULT, StringCchCopyW, LPWSTR to, size_t size, LPCWSTR from);
RESERVOIR_API(HRESULT, StringCchCatW, LPWSTR to, size_t size, LPCWSTR from);
RESERVOIR_API(HRESULT, StringCchLengthW, LPCWSTR text, size_t most, size_t *length);
#endif
RESERVOIR_API(int, lstrlenA, LPCSTR text);
RESERVOIR_API(int, lstrlenW, LPCWSTR text);
RESERVOIR_API(int, lstrcmpA, LPCSTR one, LPCSTR other);
RESERVOIR_API(int, lstrcmpiA, LPCSTR one, LPCSTR other);
RESERVOIR_API(LPSTR, lstrcpyA, LPSTR to, LPCSTR from);
RESERVOIR_API(LPSTR, lstrcatA, LPSTR to, LPCSTR from);
RESERVOIR_API(LPSTR, lstrcpynA, LPSTR to, LPCSTR from, int size);
RESERVOIR_API(int, lstrcmpW, LPCWSTR one, LPCWSTR other);
RESERVOIR_API(int, lstrcmpiW, LPCWSTR one, LPCWSTR other);
RESERVOIR_API(LPWSTR, lstrcpyW, LPWSTR to, LPCWSTR from);
RESERVOIR_API(LPWSTR, lstrcatW, LPWSTR to, LPCWSTR from);
RESERVOIR_API(LPWSTR, lstrcpynW, LPWSTR to, LPCWSTR from, int size);
#if __SIZEOF_WCHAR_T__ == 2
int windows_wsprintf(LPWSTR text, LPCWSTR format, ...);
int windows_wvsprintf(LPWSTR text, LPCWSTR format, va_list arguments);
#define wsprintfW windows_wsprintf
#define wvsprintfW windows_wvsprintf
#endif

/* --- files, the console (file_entries_posix.c), pools and timers (pool_entries.c) --------------------------------- */

RESERVOIR_API(HANDLE, CreateFileA, LPCSTR name, DWORD access, DWORD share, LPSECURITY_ATTRIBUTES attributes,
              DWORD disposition, DWORD flags, HANDLE model);
RESERVOIR_API(HANDLE, CreateFileW, LPCWSTR name, DWORD access, DWORD share, LPSECURITY_ATTRIBUTES attributes,
              DWORD disposition, DWORD flags, HANDLE model);
RESERVOIR_API(BOOL, ReadFile, HANDLE file, LPVOID data, DWORD size, LPDWORD read, LPOVERLAPPED overlapped);
RESERVOIR_API(BOOL, WriteFile, HANDLE file, LPCVOID data, DWORD size, LPDWORD written, LPOVERLAPPED overlapped);
RESERVOIR_API(DWORD, GetModuleFileNameA, HMODULE module, LPSTR name, DWORD size);
RESERVOIR_API(DWORD, GetModuleFileNameW, HMODULE module, LPWSTR name, DWORD size);
RESERVOIR_API(PTP_WORK, CreateThreadpoolWork, PTP_WORK_CALLBACK routine, PVOID context,
              PTP_CALLBACK_ENVIRON environment);
RESERVOIR_API(VOID, SubmitThreadpoolWork, PTP_WORK work);
RESERVOIR_API(VOID, WaitForThreadpoolWorkCallbacks, PTP_WORK work, BOOL cancel);
RESERVOIR_API(VOID, CloseThreadpoolWork, PTP_WORK work);
RESERVOIR_API(PTP_TIMER, CreateThreadpoolTimer, PTP_TIMER_CALLBACK routine, PVOID context,
              PTP_CALLBACK_ENVIRON environment);
RESERVOIR_API(VOID, SetThreadpoolTimer, PTP_TIMER timer, PFILETIME due, DWORD period_ms, DWORD window_ms);
RESERVOIR_API(BOOL, SetThreadpoolTimerEx, PTP_TIMER timer, PFILETIME due, DWORD period_ms, DWORD window_ms);
RESERVOIR_API(BOOL, IsThreadpoolTimerSet, PTP_TIMER timer);
RESERVOIR_API(VOID, WaitForThreadpoolTimerCallbacks, PTP_TIMER timer, BOOL cancel);
RESERVOIR_API(VOID, CloseThreadpoolTimer, PTP_TIMER timer);
RESERVOIR_API(PTP_WAIT, CreateThreadpoolWait, PTP_WAIT_CALLBACK routine, PVOID context,
              PTP_CALLBACK_ENVIRON environment);
RESERVOIR_API(VOID, SetThreadpoolWait, PTP_WAIT wait, HANDLE object, PFILETIME limit);
RESERVOIR_API(VOID, WaitForThreadpoolWaitCallbacks, PTP_WAIT wait, BOOL cancel);
RESERVOIR_API(VOID, CloseThreadpoolWait, PTP_WAIT wait);
RESERVOIR_API(PTP_IO, CreateThreadpoolIo, HANDLE file, PTP_WIN32_IO_CALLBACK routine, PVOID context,
              PTP_CALLBACK_ENVIRON environment);
RESERVOIR_API(BOOL, BindIoCompletionCallback, HANDLE file, LPOVERLAPPED_COMPLETION_ROUTINE routine, ULONG flags);
RESERVOIR_API(VOID, StartThreadpoolIo, PTP_IO io);
RESERVOIR_API(VOID, CancelThreadpoolIo, PTP_IO io);
RESERVOIR_API(VOID, WaitForThreadpoolIoCallbacks, PTP_IO io, BOOL cancel);
RESERVOIR_API(VOID, CloseThreadpoolIo, PTP_IO io);
RESERVOIR_API(PTP_POOL, CreateThreadpool, PVOID reserved);
RESERVOIR_API(VOID, CloseThreadpool, PTP_POOL pool);
RESERVOIR_API(BOOL, SetThreadpoolThreadMinimum, PTP_POOL pool, DWORD least);
RESERVOIR_API(BOOL, CallbackMayRunLong, PTP_CALLBACK_INSTANCE instance);
RESERVOIR_API(VOID, SetThreadpoolThreadMaximum, PTP_POOL pool, DWORD most);
RESERVOIR_API(PTP_CLEANUP_GROUP, CreateThreadpoolCleanupGroup, void);
RESERVOIR_API(VOID, CloseThreadpoolCleanupGroup, PTP_CLEANUP_GROUP group);
RESERVOIR_API(VOID, CloseThreadpoolCleanupGroupMembers, PTP_CLEANUP_GROUP group, BOOL cancel, PVOID context);
/* Of an environment its pool and its group count, which are where winnt.h has them. */
static inline VOID InitializeThreadpoolEnvironment(PTP_CALLBACK_ENVIRON environment) {
    memset(environment, 0, sizeof *environment);
}
static inline VOID DestroyThreadpoolEnvironment(PTP_CALLBACK_ENVIRON environment) { (void)environment; }
static inline VOID SetThreadpoolCallbackPool(PTP_CALLBACK_ENVIRON environment, PTP_POOL pool) {
    environment->Reserved[1] = (ULONG64)(ULONG_PTR)pool;
}
static inline VOID SetThreadpoolCallbackCleanupGroup(PTP_CALLBACK_ENVIRON environment, PTP_CLEANUP_GROUP group,
                                                     PTP_CLEANUP_GROUP_CANCEL_CALLBACK routine) {
    environment->Reserved[2] = (ULONG64)(ULONG_PTR)group;
    environment->Reserved[3] = (ULONG64)(ULONG_PTR)routine;
}
static inline VOID SetThreadpoolCallbackRunsLong(PTP_CALLBACK_ENVIRON environment) { (void)environment; }
static inline VOID SetThreadpoolCallbackPriority(PTP_CALLBACK_ENVIRON environment, TP_CALLBACK_PRIORITY priority) {
    (void)environment, (void)priority;
}
RESERVOIR_API(BOOL, RegisterWaitForSingleObject, PHANDLE wait, HANDLE object, WAITORTIMERCALLBACK routine,
              PVOID context, ULONG limit_ms, ULONG flags);
RESERVOIR_API(BOOL, UnregisterWait, HANDLE wait);
RESERVOIR_API(BOOL, CreateTimerQueueTimer, PHANDLE timer, HANDLE queue, WAITORTIMERCALLBACK routine, PVOID context,
              DWORD due_ms, DWORD period_ms, ULONG flags);
RESERVOIR_API(BOOL, DeleteTimerQueueTimer, HANDLE queue, HANDLE timer, HANDLE event);
RESERVOIR_API(HANDLE, CreateWaitableTimerA, LPSECURITY_ATTRIBUTES attributes, BOOL manual, LPCSTR name);
RESERVOIR_API(HANDLE, CreateWaitableTimerW, LPSECURITY_ATTRIBUTES attributes, BOOL manual, LPCWSTR name);
RESERVOIR_API(BOOL, SetWaitableTimer, HANDLE timer, const LARGE_INTEGER *due, LONG period_ms, PTIMERAPCROUTINE routine,
              LPVOID context, BOOL resume);
RESERVOIR_API(BOOL, CancelWaitableTimer, HANDLE timer);
RESERVOIR_API(BOOL, QueueUserWorkItem, LPTHREAD_START_ROUTINE routine, PVOID parameter, ULONG flags);
RESERVOIR_API(BOOL, SystemTimeToFileTime, const SYSTEMTIME *time, LPFILETIME ticks);
RESERVOIR_API(BOOL, FileTimeToSystemTime, const FILETIME *ticks, LPSYSTEMTIME time);
RESERVOIR_API(BOOL, FileTimeToLocalFileTime, const FILETIME *time, LPFILETIME local);
RESERVOIR_API(LONG, CompareFileTime, const FILETIME *one, const FILETIME *other);
RESERVOIR_API(BOOL, FlushFileBuffers, HANDLE file);
RESERVOIR_API(DWORD, SetFilePointer, HANDLE file, LONG distance, PLONG high, DWORD from);
RESERVOIR_API(BOOL, SetFilePointerEx, HANDLE file, LARGE_INTEGER distance, PLARGE_INTEGER now, DWORD from);
RESERVOIR_API(BOOL, SetEndOfFile, HANDLE file);
RESERVOIR_API(DWORD, GetFileSize, HANDLE file, LPDWORD high);
RESERVOIR_API(BOOL, GetFileSizeEx, HANDLE file, PLARGE_INTEGER size);
RESERVOIR_API(DWORD, GetFileType, HANDLE file);
RESERVOIR_API(BOOL, DeleteFileA, LPCSTR name);
RESERVOIR_API(BOOL, DeleteFileW, LPCWSTR name);
RESERVOIR_API(BOOL, CreateDirectoryA, LPCSTR name, LPSECURITY_ATTRIBUTES attributes);
RESERVOIR_API(DWORD, GetFileAttributesA, LPCSTR name);
RESERVOIR_API(DWORD, GetFileAttributesW, LPCWSTR name);
RESERVOIR_API(DWORD, GetTempPathA, DWORD size, LPSTR path);
RESERVOIR_API(DWORD, GetTempPathW, DWORD size, LPWSTR path);
RESERVOIR_API(DWORD, GetCurrentDirectoryA, DWORD size, LPSTR path);
RESERVOIR_API(BOOL, WriteConsoleA, HANDLE console, LPCVOID text, DWORD length, LPDWORD count, LPVOID reserved);
RESERVOIR_API(BOOL, WriteConsoleW, HANDLE console, LPCVOID text, DWORD length, LPDWORD count, LPVOID reserved);
RESERVOIR_API(BOOL, GetConsoleMode, HANDLE console, LPDWORD mode);
RESERVOIR_API(BOOL, SetConsoleMode, HANDLE console, DWORD mode);
RESERVOIR_API(BOOL, SetConsoleTextAttribute, HANDLE console, WORD attributes);
RESERVOIR_API(BOOL, GetConsoleScreenBufferInfo, HANDLE console, PCONSOLE_SCREEN_BUFFER_INFO info);
RESERVOIR_API(BOOL, SetConsoleTitleA, LPCSTR title);
RESERVOIR_API(BOOL, SetConsoleTitleW, LPCWSTR title);
RESERVOIR_API(BOOL, SetConsoleCP, UINT code_page);
RESERVOIR_API(UINT, GetConsoleOutputCP, void);
RESERVOIR_API(UINT, GetConsoleCP, void);
RESERVOIR_API(UINT, GetACP, void);
RESERVOIR_API(HANDLE, CreateTimerQueue, void);
RESERVOIR_API(BOOL, DeleteTimerQueue, HANDLE queue);
RESERVOIR_API(BOOL, DeleteTimerQueueEx, HANDLE queue, HANDLE event);
RESERVOIR_API(BOOL, UnregisterWaitEx, HANDLE wait, HANDLE event);
RESERVOIR_API(BOOL, TrySubmitThreadpoolCallback, PTP_SIMPLE_CALLBACK routine, PVOID context,
              PTP_CALLBACK_ENVIRON environment);

RESERVOIR_END

#ifdef UNICODE
#define RESERVOIR_BOTH(name) name##W
#else
#define RESERVOIR_BOTH(name) name##A
#endif
#define FormatMessage RESERVOIR_BOTH(FormatMessage)
#define CreateEvent RESERVOIR_BOTH(CreateEvent)
#define CreateEventEx RESERVOIR_BOTH(CreateEventEx)
#define CreateMutex RESERVOIR_BOTH(CreateMutex)
#define CreateSemaphore RESERVOIR_BOTH(CreateSemaphore)
#define LoadLibrary RESERVOIR_BOTH(LoadLibrary)
#define GetModuleHandle RESERVOIR_BOTH(GetModuleHandle)
#define OutputDebugString RESERVOIR_BOTH(OutputDebugString)
#define GetEnvironmentVariable RESERVOIR_BOTH(GetEnvironmentVariable)
#define SetEnvironmentVariable RESERVOIR_BOTH(SetEnvironmentVariable)
#define CreateMutexEx RESERVOIR_BOTH(CreateMutexEx)
#define CreateSemaphoreEx RESERVOIR_BOTH(CreateSemaphoreEx)
#define CreateWaitableTimerEx RESERVOIR_BOTH(CreateWaitableTimerEx)
#define GetStartupInfo RESERVOIR_BOTH(GetStartupInfo)
#define LoadLibraryEx RESERVOIR_BOTH(LoadLibraryEx)
#define GetModuleHandleEx RESERVOIR_BOTH(GetModuleHandleEx)
#define GetSystemDirectory RESERVOIR_BOTH(GetSystemDirectory)
#define GetWindowsDirectory RESERVOIR_BOTH(GetWindowsDirectory)
#define CopyFile RESERVOIR_BOTH(CopyFile)
#define MoveFile RESERVOIR_BOTH(MoveFile)
#define MoveFileEx RESERVOIR_BOTH(MoveFileEx)
#define RemoveDirectory RESERVOIR_BOTH(RemoveDirectory)
#define SetFileAttributes RESERVOIR_BOTH(SetFileAttributes)
#define GetFullPathName RESERVOIR_BOTH(GetFullPathName)
#define GetDriveType RESERVOIR_BOTH(GetDriveType)
#define GetTempFileName RESERVOIR_BOTH(GetTempFileName)
#define SetCurrentDirectory RESERVOIR_BOTH(SetCurrentDirectory)
#define SearchPath RESERVOIR_BOTH(SearchPath)
#define WaitNamedPipe RESERVOIR_BOTH(WaitNamedPipe)
#define OpenSemaphore RESERVOIR_BOTH(OpenSemaphore)
#define OpenWaitableTimer RESERVOIR_BOTH(OpenWaitableTimer)
#define OpenFileMapping RESERVOIR_BOTH(OpenFileMapping)
#define CreateJobObject RESERVOIR_BOTH(CreateJobObject)
#define RegisterEventSource RESERVOIR_BOTH(RegisterEventSource)
#define ReportEvent RESERVOIR_BOTH(ReportEvent)
#define RegDeleteKey RESERVOIR_BOTH(RegDeleteKey)
#define RegEnumKeyEx RESERVOIR_BOTH(RegEnumKeyEx)
#define RegEnumValue RESERVOIR_BOTH(RegEnumValue)
#define RegGetValue RESERVOIR_BOTH(RegGetValue)
#define GetConsoleTitle RESERVOIR_BOTH(GetConsoleTitle)
#define GetDiskFreeSpaceEx RESERVOIR_BOTH(GetDiskFreeSpaceEx)
#define QueryFullProcessImageName RESERVOIR_BOTH(QueryFullProcessImageName)
#define GetVolumeInformation RESERVOIR_BOTH(GetVolumeInformation)
#define ExpandEnvironmentStrings RESERVOIR_BOTH(ExpandEnvironmentStrings)
#define GetCommandLine RESERVOIR_BOTH(GetCommandLine)
#define StringCchVPrintf RESERVOIR_BOTH(StringCchVPrintf)
#define LPSERVICE_MAIN_FUNCTION RESERVOIR_BOTH(LPSERVICE_MAIN_FUNCTION)
#define StartServiceCtrlDispatcher RESERVOIR_BOTH(StartServiceCtrlDispatcher)
#define RegisterServiceCtrlHandler RESERVOIR_BOTH(RegisterServiceCtrlHandler)
#define RegisterServiceCtrlHandlerEx RESERVOIR_BOTH(RegisterServiceCtrlHandlerEx)
#define CreateProcess RESERVOIR_BOTH(CreateProcess)
#define CreateWaitableTimer RESERVOIR_BOTH(CreateWaitableTimer)
#define CreateFile RESERVOIR_BOTH(CreateFile)
#define OpenEvent RESERVOIR_BOTH(OpenEvent)
#define ShellExecute RESERVOIR_BOTH(ShellExecute)
#define RegOpenKeyEx RESERVOIR_BOTH(RegOpenKeyEx)
#define RegQueryValueEx RESERVOIR_BOTH(RegQueryValueEx)
#define GetModuleFileName RESERVOIR_BOTH(GetModuleFileName)
#define GetUserName RESERVOIR_BOTH(GetUserName)
#define GetComputerName RESERVOIR_BOTH(GetComputerName)
#define GetComputerNameEx RESERVOIR_BOTH(GetComputerNameEx)
#define DeleteFile RESERVOIR_BOTH(DeleteFile)
#define CreateDirectory RESERVOIR_BOTH(CreateDirectory)
#define GetFileAttributes RESERVOIR_BOTH(GetFileAttributes)
#define GetTempPath RESERVOIR_BOTH(GetTempPath)
#define GetCurrentDirectory RESERVOIR_BOTH(GetCurrentDirectory)
#define WriteConsole RESERVOIR_BOTH(WriteConsole)
#define ReadConsole RESERVOIR_BOTH(ReadConsole)
#define SetConsoleTitle RESERVOIR_BOTH(SetConsoleTitle)
#define OpenMutex RESERVOIR_BOTH(OpenMutex)
#define CreateNamedPipe RESERVOIR_BOTH(CreateNamedPipe)
#define CreateFileMapping RESERVOIR_BOTH(CreateFileMapping)
#define FindFirstFile RESERVOIR_BOTH(FindFirstFile)
#define FindNextFile RESERVOIR_BOTH(FindNextFile)
#define GetVersionEx RESERVOIR_BOTH(GetVersionEx)
#define LookupPrivilegeValue RESERVOIR_BOTH(LookupPrivilegeValue)
#define LogonUser RESERVOIR_BOTH(LogonUser)
#define OpenSCManager RESERVOIR_BOTH(OpenSCManager)
#define CryptAcquireContext RESERVOIR_BOTH(CryptAcquireContext)
#define ConvertStringSecurityDescriptorToSecurityDescriptor \
    RESERVOIR_BOTH(ConvertStringSecurityDescriptorToSecurityDescriptor)
#define ConvertSidToStringSid RESERVOIR_BOTH(ConvertSidToStringSid)
#define GetPrivateProfileString RESERVOIR_BOTH(GetPrivateProfileString)
#define GetPrivateProfileInt RESERVOIR_BOTH(GetPrivateProfileInt)
#define WritePrivateProfileString RESERVOIR_BOTH(WritePrivateProfileString)
#define OpenService RESERVOIR_BOTH(OpenService)
#define CreateService RESERVOIR_BOTH(CreateService)
#define StartService RESERVOIR_BOTH(StartService)
#define RegCreateKeyEx RESERVOIR_BOTH(RegCreateKeyEx)
#define RegSetValueEx RESERVOIR_BOTH(RegSetValueEx)
#define RegDeleteValue RESERVOIR_BOTH(RegDeleteValue)
#define GetMessage RESERVOIR_BOTH(GetMessage)
#define PeekMessage RESERVOIR_BOTH(PeekMessage)
#define DispatchMessage RESERVOIR_BOTH(DispatchMessage)
#define MessageBox RESERVOIR_BOTH(MessageBox)
#define StringCchPrintf RESERVOIR_BOTH(StringCchPrintf)
#define StringCchCopy RESERVOIR_BOTH(StringCchCopy)
#define StringCchCat RESERVOIR_BOTH(StringCchCat)
#define StringCchLength RESERVOIR_BOTH(StringCchLength)
#ifdef UNICODE
typedef SERVICE_TABLE_ENTRYW SERVICE_TABLE_ENTRY;
typedef STARTUPINFOW STARTUPINFO;
typedef WIN32_FIND_DATAW WIN32_FIND_DATA, *LPWIN32_FIND_DATA;
typedef OSVERSIONINFOW OSVERSIONINFO;
typedef OSVERSIONINFOEXW OSVERSIONINFOEX;
#else
typedef SERVICE_TABLE_ENTRYA SERVICE_TABLE_ENTRY;
typedef STARTUPINFOA STARTUPINFO;
typedef WIN32_FIND_DATAA WIN32_FIND_DATA, *LPWIN32_FIND_DATA;
typedef OSVERSIONINFOA OSVERSIONINFO;
typedef OSVERSIONINFOEXA OSVERSIONINFOEX;
#endif
#define lstrlen RESERVOIR_BOTH(lstrlen)
#define lstrcmp RESERVOIR_BOTH(lstrcmp)
#define lstrcmpi RESERVOIR_BOTH(lstrcmpi)
#define lstrcpy RESERVOIR_BOTH(lstrcpy)
#define lstrcat RESERVOIR_BOTH(lstrcat)
#define lstrcpyn RESERVOIR_BOTH(lstrcpyn)
#define wsprintfA windows_sprintf
#define wvsprintfA windows_vsprintf
#ifdef UNICODE
#define wsprintf wsprintfW
#define wvsprintf wvsprintfW
#else
#define wsprintf wsprintfA
#define wvsprintf wvsprintfA
#endif

#include "sim/program/include/c_library.h"
#include "sim/program/include/random_numbers.h"
#include "sim/program/include/system_functions.h"

#include "sim/program/include/reservoir_not_modelled.h"

#endif
