/* Windows' own names for programs that are compiled against the model: types, and what the functions of the model take.
 * Widths are Windows' (LONG and DWORD have 32 bits, WCHAR has 16), whatever the compiler's long and wchar_t are. No
 * function is declared here but the two that every caller needs; others come with the library that defines them.
 *
 * The guard is the real header's: whichever is included first stands for both. */
#ifndef _WINDOWS_

#include "stack/sdk/error_values.h"
#include "stack/sdk/wait_values.h"

#define _WINDOWS_
#define _WINERROR_

#include <stddef.h>
#include <stdint.h>

#define WINAPI
#define CALLBACK
#define NTAPI

typedef void VOID;
typedef char CHAR;
typedef uint8_t BYTE, UCHAR, BOOLEAN;
typedef uint16_t WORD, USHORT;
#if __SIZEOF_WCHAR_T__ == 2
typedef wchar_t WCHAR; /* so that L"text" is one */
#else
typedef uint16_t WCHAR;
#endif
typedef int16_t SHORT;
typedef int32_t INT, LONG, BOOL;
typedef uint32_t UINT, ULONG, DWORD;
typedef long long LONGLONG, LONG64, INT64;
typedef unsigned long long ULONGLONG, ULONG64, UINT64, DWORD64;
typedef intptr_t LONG_PTR, INT_PTR;
typedef uintptr_t ULONG_PTR, UINT_PTR, DWORD_PTR;
typedef size_t SIZE_T;

typedef void *PVOID, *LPVOID, *HANDLE;
typedef const void *LPCVOID;
typedef BYTE *PBYTE, *LPBYTE;
typedef BOOL *PBOOL, *LPBOOL;
typedef DWORD *PDWORD, *LPDWORD;
typedef LONG *PLONG, *LPLONG;
typedef ULONG *PULONG;
typedef USHORT *PUSHORT;
typedef ULONG64 *PULONG64;
typedef ULONG_PTR *PULONG_PTR;
typedef INT_PTR(WINAPI *FARPROC)(void);
typedef HANDLE *PHANDLE, *LPHANDLE;
typedef DWORD_PTR *PDWORD_PTR;
typedef INT *PINT, *LPINT;
typedef UINT_PTR WPARAM;
typedef LONG_PTR LPARAM;
typedef struct HWND__ *HWND;
typedef CHAR *PSTR, *LPSTR;
typedef const CHAR *PCSTR, *LPCSTR;
typedef WCHAR *PWSTR, *LPWSTR;
typedef const WCHAR *PCWSTR, *LPCWSTR;

#define INVALID_HANDLE_VALUE ((HANDLE)(LONG_PTR)-1)
#define MAX_PATH 260

typedef struct _GUID {
    uint32_t Data1;
    uint16_t Data2;
    uint16_t Data3;
    uint8_t Data4[8];
} GUID, *LPGUID;

typedef struct _SECURITY_ATTRIBUTES {
    DWORD nLength;
    LPVOID lpSecurityDescriptor;
    BOOL bInheritHandle;
} SECURITY_ATTRIBUTES, *PSECURITY_ATTRIBUTES, *LPSECURITY_ATTRIBUTES;

/* Internal is the kernel status, InternalHigh the number of bytes. */
typedef struct _OVERLAPPED {
    ULONG_PTR Internal;
    ULONG_PTR InternalHigh;
    union {
        struct {
            DWORD Offset;
            DWORD OffsetHigh;
        };
        PVOID Pointer;
    };
    HANDLE hEvent;
} OVERLAPPED, *LPOVERLAPPED;

typedef VOID(NTAPI *PAPCFUNC)(ULONG_PTR parameter);

/* What GetQueuedCompletionStatusEx gives of a packet. */
typedef struct _OVERLAPPED_ENTRY {
    ULONG_PTR lpCompletionKey;
    LPOVERLAPPED lpOverlapped;
    ULONG_PTR Internal;
    DWORD dwNumberOfBytesTransferred;
} OVERLAPPED_ENTRY, *LPOVERLAPPED_ENTRY;

/* CreateFileW */
#define GENERIC_READ 0x80000000u
#define GENERIC_WRITE 0x40000000u
#define FILE_SHARE_READ 0x00000001u
#define FILE_SHARE_WRITE 0x00000002u
#define OPEN_EXISTING 3
#define FILE_ATTRIBUTE_NORMAL 0x00000080u

/* The calling thread's last error. Defined by the system that the program is linked with. */
#ifdef __cplusplus
extern "C" {
#endif
DWORD WINAPI GetLastError(void);
void WINAPI SetLastError(DWORD error);
#ifdef __cplusplus
}
#endif

#endif
