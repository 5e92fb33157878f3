/* Words of windows.h without Winsock: what stands before a function or a parameter, and macros that are short for a
 * piece of C. Not for programs: win32.h includes it. */
#ifndef RESERVOIR_PROGRAM_WIN32_WORDS_H
#define RESERVOIR_PROGRAM_WIN32_WORDS_H

#include "sim/program/include/win32_types.h"

#define CONST const
#define FAR
#define NEAR
#define PASCAL
#define APIENTRY
#define WINAPIV
#define WINBASEAPI
#define DECLSPEC_IMPORT
#define DECLSPEC_NORETURN __attribute__((noreturn))
#define DECLSPEC_ALIGN(bytes) __attribute__((aligned(bytes)))
#define FORCEINLINE static inline __attribute__((always_inline))
#define IN
#define OUT
#define OPTIONAL
/* Older words for the same, as sal.h has them; libstdc++ uses these names itself. */
#ifndef __cplusplus
#define __in
#define __out
#define __inout
#define __in_opt
#define __out_opt
#define __inout_opt
#define __in_ecount(size)
#define __out_ecount(size)
#define __in_bcount(size)
#define __out_bcount(size)
#endif
#define _In_
#define _In_opt_
#define _In_z_
#define _In_reads_(size)
#define _In_reads_opt_(size)
#define _In_reads_bytes_(size)
#define _In_reads_bytes_opt_(size)
#define _Inout_
#define _Inout_opt_
#define _Out_
#define _Out_opt_
#define _Out_writes_(size)
#define _Out_writes_bytes_(size)
#define _Out_writes_bytes_opt_(size)
#define _Outptr_
#define _Ret_maybenull_
#define _Success_(condition)
#define _Must_inspect_result_
#define _Check_return_
#define _Printf_format_string_
#define _Use_decl_annotations_
#define _IRQL_requires_max_(level)
#define _Function_class_(name)
#define _In_z_bytecount_(size)
#define _In_range_(low, high)
#define _In_count_(size)
#define _In_bytecount_(size)
#define _Inout_updates_(size)
#define _Inout_updates_bytes_(size)
#define _Inout_updates_opt_(size)
#define _Out_writes_to_(size, count)
#define _Out_writes_bytes_to_(size, count)
#define _Out_writes_z_(size)
#define _Out_writes_opt_(size)
#define _Outptr_opt_
#define _Outptr_result_maybenull_
#define _COM_Outptr_
#define _Pre_
#define _Post_
#define _Pre_notnull_
#define _Post_invalid_
#define _Notnull_
#define _Null_terminated_
#define _Reserved_
#define _Frees_ptr_
#define _Ret_notnull_
#define _Ret_z_
#define _Always_(annotations)
#define _When_(condition, annotations)
#define _At_(target, annotations)
#define _Guarded_by_(lock)
#define _Requires_lock_held_(lock)
#define _Requires_lock_not_held_(lock)
#define _Requires_exclusive_lock_held_(lock)
#define _Requires_shared_lock_held_(lock)
#define _Acquires_lock_(lock)
#define _Acquires_exclusive_lock_(lock)
#define _Acquires_shared_lock_(lock)
#define _Releases_lock_(lock)
#define _Releases_exclusive_lock_(lock)
#define _Releases_shared_lock_(lock)
#define _No_competing_thread_
#define _Interlocked_operand_
#define _Analysis_assume_(condition) ((void)0)
#define __analysis_assume(condition) ((void)0)
#define UNREFERENCED_PARAMETER(parameter) ((void)(parameter))
#define DBG_UNREFERENCED_PARAMETER(parameter) ((void)(parameter))
#define C_ASSERT(condition) typedef char reservoir_asserted[(condition) ? 1 : -1] __attribute__((unused))
#define ARRAYSIZE(array) (sizeof(array) / sizeof((array)[0]))
#define RTL_NUMBER_OF(array) ARRAYSIZE(array)
#define FIELD_OFFSET(type, member) ((LONG)offsetof(type, member))
#define CONTAINING_RECORD(address, type, member) ((type *)((char *)(address)-offsetof(type, member)))
#define MAKEWORD(low, high) ((WORD)(((BYTE)(low)) | ((WORD)((BYTE)(high))) << 8))
#define MAKELONG(low, high) ((LONG)(((WORD)(low)) | ((DWORD)((WORD)(high))) << 16))
#define LOBYTE(word) ((BYTE)((word)&0xff))
#define HIBYTE(word) ((BYTE)(((word) >> 8) & 0xff))
#define LOWORD(value) ((WORD)((value)&0xffff))
#define HIWORD(value) ((WORD)(((value) >> 16) & 0xffff))
#define ZeroMemory(address, bytes) memset((address), 0, (bytes))
#define RtlZeroMemory ZeroMemory
#define SecureZeroMemory ZeroMemory
#define FillMemory(address, bytes, value) memset((address), (value), (bytes))
#define CopyMemory memcpy
#define RtlCopyMemory memcpy
#define MoveMemory memmove
#define RtlMoveMemory memmove
#define TEXT(quoted) _TEXT_OF(quoted)
#ifdef UNICODE
#define _TEXT_OF(quoted) L##quoted
typedef WCHAR TCHAR;
typedef LPWSTR LPTSTR, PTSTR;
typedef LPCWSTR LPCTSTR, PCTSTR;
#else
#define _TEXT_OF(quoted) quoted
typedef CHAR TCHAR;
typedef LPSTR LPTSTR, PTSTR;
typedef LPCSTR LPCTSTR, PCTSTR;
#endif
#if !defined(NOMINMAX) && !defined(__cplusplus)
#ifndef min
#define min(one, other) (((one) < (other)) ? (one) : (other))
#endif
#ifndef max
#define max(one, other) (((one) > (other)) ? (one) : (other))
#endif
#endif

#endif
