/* Types of windows.h without Winsock, beyond those that the model's own headers have (stack/sdk/windows.h): numbers
 * under Windows' names, what handles, locks, files and messages are made of, and what callbacks look like.
 * Not for programs: win32.h includes it. */
#ifndef RESERVOIR_PROGRAM_WIN32_TYPES_H
#define RESERVOIR_PROGRAM_WIN32_TYPES_H

#include "sim/program/include/reservoir_program.h"

#include "stack/sdk/windows.h"

typedef char TCHAR_A;
typedef float FLOAT;
typedef double DOUBLE;
typedef int8_t INT8, *PINT8;
typedef int16_t INT16, *PINT16;
typedef int32_t INT32, LONG32, HRESULT, NTSTATUS, *PINT32;
typedef uint8_t UINT8, *PUINT8;
typedef uint16_t UINT16, ATOM, *PUINT16;
typedef uint32_t UINT32, ULONG32, DWORD32, *PUINT32;
typedef CHAR *PCHAR, *LPCH, *NPSTR, CCHAR;
typedef UCHAR *PUCHAR;
typedef SHORT *PSHORT;
typedef WORD *PWORD, *LPWORD;
typedef UINT *PUINT;
typedef WCHAR *PWCHAR, *LPWCH;
typedef LONGLONG *PLONGLONG;
typedef ULONGLONG *PULONGLONG;
typedef LONG64 *PLONG64;
typedef DWORD64 *PDWORD64;
typedef UINT64 *PUINT64;
typedef LONG_PTR *PLONG_PTR;
typedef INT_PTR *PINT_PTR;
typedef UINT_PTR *PUINT_PTR;
typedef SIZE_T *PSIZE_T;
typedef intptr_t SSIZE_T;
typedef BOOLEAN *PBOOLEAN;
typedef void *HLOCAL, *HGLOBAL;
typedef struct HINSTANCE__ *HINSTANCE, *HMODULE;
typedef ULONG_PTR KAFFINITY;
typedef LONG_PTR LRESULT;
typedef GUID IID, CLSID, UUID, *LPIID;
typedef const GUID *REFGUID, *REFIID;

typedef union _LARGE_INTEGER {
    struct {
        DWORD LowPart;
        LONG HighPart;
    };
    struct {
        DWORD LowPart;
        LONG HighPart;
    } u;
    LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER;

typedef union _ULARGE_INTEGER {
    struct {
        DWORD LowPart;
        DWORD HighPart;
    };
    struct {
        DWORD LowPart;
        DWORD HighPart;
    } u;
    ULONGLONG QuadPart;
} ULARGE_INTEGER, *PULARGE_INTEGER;

typedef struct _FILETIME {
    DWORD dwLowDateTime;
    DWORD dwHighDateTime;
} FILETIME, *PFILETIME, *LPFILETIME;

typedef struct _SYSTEMTIME {
    WORD wYear, wMonth, wDayOfWeek, wDay, wHour, wMinute, wSecond, wMilliseconds;
} SYSTEMTIME, *PSYSTEMTIME, *LPSYSTEMTIME;

typedef struct _LIST_ENTRY {
    struct _LIST_ENTRY *Flink;
    struct _LIST_ENTRY *Blink;
} LIST_ENTRY, *PLIST_ENTRY;

typedef struct _RTL_CRITICAL_SECTION {
    PVOID DebugInfo;
    LONG LockCount;
    LONG RecursionCount;
    HANDLE OwningThread;
    HANDLE LockSemaphore;
    ULONG_PTR SpinCount;
} RTL_CRITICAL_SECTION, CRITICAL_SECTION, *PCRITICAL_SECTION, *LPCRITICAL_SECTION;

typedef struct _RTL_SRWLOCK {
    PVOID Ptr;
} SRWLOCK, *PSRWLOCK;
typedef struct _RTL_CONDITION_VARIABLE {
    PVOID Ptr;
} CONDITION_VARIABLE, *PCONDITION_VARIABLE;
typedef struct _RTL_RUN_ONCE {
    PVOID Ptr;
} INIT_ONCE, *PINIT_ONCE, *LPINIT_ONCE;
#define SRWLOCK_INIT \
    { NULL }
#define CONDITION_VARIABLE_INIT \
    { NULL }
#define INIT_ONCE_STATIC_INIT \
    { NULL }
#define CONDITION_VARIABLE_LOCKMODE_SHARED 1

typedef struct _SYSTEM_INFO {
    union {
        DWORD dwOemId;
        struct {
            WORD wProcessorArchitecture;
            WORD wReserved;
        };
    };
    DWORD dwPageSize;
    LPVOID lpMinimumApplicationAddress, lpMaximumApplicationAddress;
    DWORD_PTR dwActiveProcessorMask;
    DWORD dwNumberOfProcessors, dwProcessorType, dwAllocationGranularity;
    WORD wProcessorLevel, wProcessorRevision;
} SYSTEM_INFO, *LPSYSTEM_INFO;

typedef struct _TOKEN_ELEVATION {
    DWORD TokenIsElevated;
} TOKEN_ELEVATION, *PTOKEN_ELEVATION;
typedef enum _TOKEN_INFORMATION_CLASS {
    TokenUser = 1,
    TokenGroups,
    TokenElevationType = 18,
    TokenElevation = 20
} TOKEN_INFORMATION_CLASS;
#define TOKEN_QUERY 0x0008

typedef struct _SERVICE_STATUS {
    DWORD dwServiceType, dwCurrentState, dwControlsAccepted, dwWin32ExitCode, dwServiceSpecificExitCode, dwCheckPoint,
        dwWaitHint;
} SERVICE_STATUS, *LPSERVICE_STATUS;
typedef struct SERVICE_STATUS_HANDLE__ *SERVICE_STATUS_HANDLE;
typedef VOID(WINAPI *LPSERVICE_MAIN_FUNCTIONA)(DWORD count, LPSTR *arguments);
typedef VOID(WINAPI *LPSERVICE_MAIN_FUNCTIONW)(DWORD count, LPWSTR *arguments);
typedef VOID(WINAPI *LPHANDLER_FUNCTION)(DWORD control);
typedef DWORD(WINAPI *LPHANDLER_FUNCTION_EX)(DWORD control, DWORD type, LPVOID data, LPVOID context);
typedef struct _SERVICE_TABLE_ENTRYA {
    LPSTR lpServiceName;
    LPSERVICE_MAIN_FUNCTIONA lpServiceProc;
} SERVICE_TABLE_ENTRYA;
typedef struct _SERVICE_TABLE_ENTRYW {
    LPWSTR lpServiceName;
    LPSERVICE_MAIN_FUNCTIONW lpServiceProc;
} SERVICE_TABLE_ENTRYW;
#define SERVICE_WIN32_OWN_PROCESS 0x00000010
#define SERVICE_STOPPED 1
#define SERVICE_START_PENDING 2
#define SERVICE_STOP_PENDING 3
#define SERVICE_RUNNING 4
#define SERVICE_ACCEPT_STOP 1
#define SERVICE_ACCEPT_SHUTDOWN 4
#define SERVICE_CONTROL_STOP 1
#define SERVICE_CONTROL_INTERROGATE 4
#define SERVICE_CONTROL_SHUTDOWN 5
#define ERROR_FAILED_SERVICE_CONTROLLER_CONNECT 1063

typedef struct _STARTUPINFOA {
    DWORD cb;
    LPSTR lpReserved, lpDesktop, lpTitle;
    DWORD dwX, dwY, dwXSize, dwYSize, dwXCountChars, dwYCountChars, dwFillAttribute, dwFlags;
    WORD wShowWindow, cbReserved2;
    LPBYTE lpReserved2;
    HANDLE hStdInput, hStdOutput, hStdError;
} STARTUPINFOA, *LPSTARTUPINFOA;
typedef struct _STARTUPINFOW {
    DWORD cb;
    LPWSTR lpReserved, lpDesktop, lpTitle;
    DWORD dwX, dwY, dwXSize, dwYSize, dwXCountChars, dwYCountChars, dwFillAttribute, dwFlags;
    WORD wShowWindow, cbReserved2;
    LPBYTE lpReserved2;
    HANDLE hStdInput, hStdOutput, hStdError;
} STARTUPINFOW, *LPSTARTUPINFOW;
typedef struct _PROCESS_INFORMATION {
    HANDLE hProcess, hThread;
    DWORD dwProcessId, dwThreadId;
} PROCESS_INFORMATION, *LPPROCESS_INFORMATION;
typedef struct _OSVERSIONINFOEXW {
    DWORD dwOSVersionInfoSize, dwMajorVersion, dwMinorVersion, dwBuildNumber, dwPlatformId;
    WCHAR szCSDVersion[128];
    WORD wServicePackMajor, wServicePackMinor, wSuiteMask;
    BYTE wProductType, wReserved;
} OSVERSIONINFOEXW, RTL_OSVERSIONINFOEXW;
typedef struct _TP_CALLBACK_INSTANCE *PTP_CALLBACK_INSTANCE;
typedef struct _TP_WORK *PTP_WORK;
typedef struct _TP_IO *PTP_IO;
typedef struct _TP_TIMER *PTP_TIMER;
typedef struct _TP_WAIT *PTP_WAIT;
typedef struct _TP_POOL *PTP_POOL;
typedef struct _TP_CLEANUP_GROUP *PTP_CLEANUP_GROUP;
typedef struct _TP_CALLBACK_ENVIRON {
    ULONG64 Reserved[9];
} TP_CALLBACK_ENVIRON, *PTP_CALLBACK_ENVIRON;
typedef enum { TP_CALLBACK_PRIORITY_HIGH, TP_CALLBACK_PRIORITY_NORMAL, TP_CALLBACK_PRIORITY_LOW } TP_CALLBACK_PRIORITY;
typedef DWORD TP_WAIT_RESULT;
typedef VOID(CALLBACK *PTP_WAIT_CALLBACK)(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
                                          TP_WAIT_RESULT result);
typedef VOID(CALLBACK *PTP_CLEANUP_GROUP_CANCEL_CALLBACK)(PVOID object, PVOID cleanup);
typedef VOID(CALLBACK *PTP_WORK_CALLBACK)(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work);
typedef VOID(CALLBACK *PTP_WIN32_IO_CALLBACK)(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
                                              ULONG result, ULONG_PTR bytes, PTP_IO io);
typedef VOID(CALLBACK *PTIMERAPCROUTINE)(LPVOID context, DWORD low, DWORD high);
typedef VOID(CALLBACK *WAITORTIMERCALLBACK)(PVOID context, BOOLEAN timed_out);
typedef struct HKEY__ *HKEY;
typedef LONG LSTATUS;
#define HKEY_CLASSES_ROOT ((HKEY)(ULONG_PTR)0x80000000)
#define HKEY_CURRENT_USER ((HKEY)(ULONG_PTR)0x80000001)
#define HKEY_LOCAL_MACHINE ((HKEY)(ULONG_PTR)0x80000002)
#define KEY_READ 0x20019
#define KEY_WRITE 0x20006
#define KEY_QUERY_VALUE 1
#define REG_SZ 1
#define REG_DWORD 4
#define REG_MULTI_SZ 7
#define SW_HIDE 0
#define SW_SHOWNORMAL 1
#define SW_SHOW 5
#define CREATE_NO_WINDOW 0x08000000
#define CREATE_NEW_CONSOLE 0x00000010
#define STARTF_USESTDHANDLES 0x00000100
#define NORMAL_PRIORITY_CLASS 0x00000020
#define PROCESS_QUERY_INFORMATION 0x0400
#define FILE_FLAG_OVERLAPPED 0x40000000
#define CREATE_ALWAYS 2
#define MAX_COMPUTERNAME_LENGTH 15
#define STRSAFE_MAX_CCH 2147483647
#define STRSAFE_E_INVALID_PARAMETER ((HRESULT)0x80070057)
#define STRSAFE_E_INSUFFICIENT_BUFFER ((HRESULT)0x8007007A)

typedef DWORD(WINAPI *LPTHREAD_START_ROUTINE)(LPVOID parameter);
typedef DWORD(WINAPI *PTHREAD_START_ROUTINE)(LPVOID parameter);
typedef BOOL(CALLBACK *PINIT_ONCE_FN)(PINIT_ONCE once, PVOID parameter, PVOID *context);
typedef BOOL(WINAPI *PHANDLER_ROUTINE)(DWORD event);
typedef VOID(WINAPI *LPOVERLAPPED_COMPLETION_ROUTINE)(DWORD error, DWORD bytes, LPOVERLAPPED overlapped);

#endif
