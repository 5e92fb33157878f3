/* What comes before all else in a Windows program that is compiled for the model: the words of Windows' compilers, and
 * the C library's names that mean something else on Windows.
 *
 * The system's headers are included here first. What they call as Winsock does, with another meaning (fd_set, timeval,
 * select, u_long, gethostname), goes by other names from here on; so do the functions of the C library whose formats
 * and characters differ: printf and its kin read %ld as 32 bits and know %I64d, and what is wide has 16 bits.
 *
 * Every function of Windows has a symbol of its own (reservoir_bind for bind), so that the C library's stay what they
 * are for everyone else in the process.
 *
 * Not for programs: the headers of Windows include it. */
#ifndef RESERVOIR_PROGRAM_H
#define RESERVOIR_PROGRAM_H

#if !defined(__linux__) || !defined(__x86_64__) || defined(__ILP32__)
#error "Windows programs are compiled for the model on 64-bit Linux only; `reservoir-program --help` says how"
#endif

#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE 1
#endif
#ifdef __cplusplus
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <cwchar>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <limits>
#include <locale>
#include <sstream>
#include <string> /* before the names of the C library that it uses go */
#include <type_traits>
#if __cplusplus >= 201703L
#include <string_view>
#endif
#endif
/* A program may have said how many sockets its sets hold; the system's header has a number of its own. */
#pragma push_macro("FD_SETSIZE")
#undef FD_SETSIZE
#include <sys/select.h>
#pragma pop_macro("FD_SETSIZE")
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/time.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

#ifdef __cplusplus
#define RESERVOIR_BEGIN extern "C" {
#define RESERVOIR_END }
#else
#define RESERVOIR_BEGIN
#define RESERVOIR_END
#endif

/* A function of Windows, and its symbol. */
#define RESERVOIR_API(result, name, ...) result name(__VA_ARGS__) __asm__("reservoir_" #name)

/* --- words of Windows' compilers ---------------------------------------------------------------------------------- */

#define __int8 char
#define __int16 short
#define __int32 int
#define __int64 long long
#define __cdecl
#define __stdcall
#define __fastcall
#define __vectorcall
#define _cdecl
#define _stdcall
#define __forceinline inline __attribute__((always_inline))
#define _inline inline
#define __inline inline
#define __unaligned
#define __w64
#define __declspec(attribute) RESERVOIR_DECLSPEC_##attribute
#define RESERVOIR_DECLSPEC_align(bytes) __attribute__((aligned(bytes)))
#define RESERVOIR_DECLSPEC_allocate(section)
#define RESERVOIR_DECLSPEC_deprecated
#define RESERVOIR_DECLSPEC_dllexport
#define RESERVOIR_DECLSPEC_dllimport
#define RESERVOIR_DECLSPEC_noinline __attribute__((noinline))
#define RESERVOIR_DECLSPEC_noreturn __attribute__((noreturn))
#define RESERVOIR_DECLSPEC_nothrow
#define RESERVOIR_DECLSPEC_novtable
#define RESERVOIR_DECLSPEC_restrict
#define RESERVOIR_DECLSPEC_selectany __attribute__((weak))
#define RESERVOIR_DECLSPEC_thread __thread
#define __debugbreak() __builtin_trap()
#define __assume(condition) ((void)0)
#define _alloca(bytes) __builtin_alloca(bytes)
#ifndef __pragma
#define __pragma(text)
#endif

/* --- the system's names ------------------------------------------------------------------------------------------- */

#undef FD_SET
#undef FD_CLR
#undef FD_ISSET
#undef FD_ZERO
#define fd_set windows_fd_set
#define timeval windows_timeval
#define select windows_select
#define socklen_t windows_socklen_t
#define u_long windows_u_long
#define gethostname windows_gethostname
#define sethostname windows_sethostname

/* --- text in Windows' formats ------------------------------------------------------------------------------------- */

RESERVOIR_BEGIN
int windows_printf(const char *format, ...);
int windows_fprintf(FILE *file, const char *format, ...);
int windows_sprintf(char *text, const char *format, ...);
int windows_snprintf(char *text, size_t size, const char *format, ...);
int windows_vprintf(const char *format, va_list arguments);
int windows_vfprintf(FILE *file, const char *format, va_list arguments);
int windows_vsprintf(char *text, const char *format, va_list arguments);
int windows_vsnprintf(char *text, size_t size, const char *format, va_list arguments);
int windows_scanf(const char *format, ...);
int windows_fscanf(FILE *file, const char *format, ...);
int windows_sscanf(const char *text, const char *format, ...);
void windows_free(void *memory);
RESERVOIR_END

#ifdef __cplusplus
namespace std {
using ::windows_fprintf;
using ::windows_free;
using ::windows_fscanf;
using ::windows_printf;
using ::windows_scanf;
using ::windows_snprintf;
using ::windows_sprintf;
using ::windows_sscanf;
using ::windows_vfprintf;
using ::windows_vprintf;
using ::windows_vsnprintf;
using ::windows_vsprintf;
} // namespace std
#endif

#define printf windows_printf
#define fprintf windows_fprintf
#define sprintf windows_sprintf
#define snprintf windows_snprintf
#define vprintf windows_vprintf
#define vfprintf windows_vfprintf
#define vsprintf windows_vsprintf
#define vsnprintf windows_vsnprintf
#define scanf windows_scanf
#define fscanf windows_fscanf
#define sscanf windows_sscanf
#define free windows_free

/* --- wide characters of 16 bits ----------------------------------------------------------------------------------- */

#if __SIZEOF_WCHAR_T__ == 2
RESERVOIR_BEGIN
size_t windows_wcslen(const wchar_t *text);
size_t windows_wcsnlen(const wchar_t *text, size_t limit);
wchar_t *windows_wcscpy(wchar_t *to, const wchar_t *from);
wchar_t *windows_wcsncpy(wchar_t *to, const wchar_t *from, size_t count);
wchar_t *windows_wcscat(wchar_t *to, const wchar_t *from);
int windows_wcscmp(const wchar_t *one, const wchar_t *other);
int windows_wcsncmp(const wchar_t *one, const wchar_t *other, size_t count);
int windows_wcsicmp(const wchar_t *one, const wchar_t *other);
wchar_t *windows_wcschr(const wchar_t *text, wchar_t unit);
wchar_t *windows_wcsrchr(const wchar_t *text, wchar_t unit);
wchar_t *windows_wcsstr(const wchar_t *text, const wchar_t *part);
long windows_wcstol(const wchar_t *text, wchar_t **end, int base);
unsigned long windows_wcstoul(const wchar_t *text, wchar_t **end, int base);
int windows_wprintf(const wchar_t *format, ...);
int windows_fwprintf(FILE *file, const wchar_t *format, ...);
int windows_swprintf(wchar_t *text, size_t size, const wchar_t *format, ...);
int windows_vwprintf(const wchar_t *format, va_list arguments);
int windows_vfwprintf(FILE *file, const wchar_t *format, va_list arguments);
int windows_vswprintf(wchar_t *text, size_t size, const wchar_t *format, va_list arguments);
int windows_fputws(const wchar_t *text, FILE *file);
int windows_putws(const wchar_t *text);
wchar_t *windows_wcsncat(wchar_t *to, const wchar_t *from, size_t count);
size_t windows_wcsspn(const wchar_t *text, const wchar_t *units);
size_t windows_wcscspn(const wchar_t *text, const wchar_t *units);
wchar_t *windows_wcspbrk(const wchar_t *text, const wchar_t *units);
size_t windows_wcsftime(wchar_t *text, size_t size, const wchar_t *format, const struct tm *when);
wint_t windows_fputwc(wchar_t unit, FILE *file);
wint_t windows_fgetwc(FILE *file);
wint_t windows_ungetwc(wint_t unit, FILE *file);
RESERVOIR_END
#define wcslen windows_wcslen
#define wcsnlen windows_wcsnlen
#define wcscpy windows_wcscpy
#define wcsncpy windows_wcsncpy
#define wcscat windows_wcscat
#define wcscmp windows_wcscmp
#define wcsncmp windows_wcsncmp
#define _wcsicmp windows_wcsicmp
#define wcschr windows_wcschr
#define wcsrchr windows_wcsrchr
#define wcsstr windows_wcsstr
#define wcstol windows_wcstol
#define wcstoul windows_wcstoul
#define _wtoi(text) ((int)windows_wcstol(text, NULL, 10))
#define _wtol(text) windows_wcstol(text, NULL, 10)
#define wcsncat windows_wcsncat
#define wcsspn windows_wcsspn
#define wcscspn windows_wcscspn
#define wcspbrk windows_wcspbrk
#define wcscoll windows_wcscmp
#define wcsftime windows_wcsftime
#define wcstof(text, end) ((float)wcstod((text), (end)))
#define fputwc windows_fputwc
#define putwc windows_fputwc
#define putwchar(unit) windows_fputwc((unit), stdout)
#define fgetwc windows_fgetwc
#define getwc windows_fgetwc
#define getwchar() windows_fgetwc(stdin)
#define ungetwc windows_ungetwc
#define wprintf windows_wprintf
#define fwprintf windows_fwprintf
#define swprintf windows_swprintf
#define vwprintf windows_vwprintf
#define vfwprintf windows_vfwprintf
#define vswprintf windows_vswprintf
#define fputws windows_fputws
#define _putws windows_putws
#define wprintf_s windows_wprintf
#define fwprintf_s windows_fwprintf
#ifdef __cplusplus
namespace std {
using ::windows_fgetwc;
using ::windows_fputwc;
using ::windows_fwprintf;
using ::windows_swprintf;
using ::windows_vfwprintf;
using ::windows_vswprintf;
using ::windows_vwprintf;
using ::windows_wcscat;
using ::windows_wcschr;
using ::windows_wcscmp;
using ::windows_wcscpy;
using ::windows_wcscspn;
using ::windows_wcsftime;
using ::windows_wcslen;
using ::windows_wcsncat;
using ::windows_wcsncmp;
using ::windows_wcsncpy;
using ::windows_wcspbrk;
using ::windows_wcsrchr;
using ::windows_wcsspn;
using ::windows_wcsstr;
using ::windows_wcstol;
using ::windows_wcstoul;
using ::windows_wprintf;
} // namespace std
#include "sim/program/include/wide_streams.h"
#endif
#endif

/* --- what Windows' C library has besides -------------------------------------------------------------------------- */

typedef int errno_t;
typedef int windows_socklen_t;
typedef size_t rsize_t;

#define _TRUNCATE ((size_t)-1)
#define _countof(array) (sizeof(array) / sizeof((array)[0]))
#define _stricmp strcasecmp
#define _strnicmp strncasecmp
#define stricmp strcasecmp
#define strnicmp strncasecmp
#define _strdup strdup
#define _atoi64 atoll
#define _strtoui64 strtoull
#define _strtoi64 strtoll
#define printf_s windows_printf
#define vprintf_s windows_vprintf
#define vfprintf_s windows_vfprintf
#define fprintf_s windows_fprintf
#define vsprintf_s windows_vsnprintf
#define strtok_s strtok_r
#define _getpid getpid
#define _fileno fileno
#define _isatty isatty
static inline errno_t localtime_s(struct tm *result, const time_t *when) {
    return localtime_r(when, result) == NULL ? EINVAL : 0;
}
static inline errno_t gmtime_s(struct tm *result, const time_t *when) {
    return gmtime_r(when, result) == NULL ? EINVAL : 0;
}

RESERVOIR_BEGIN
RESERVOIR_API(errno_t, strcpy_s, char *to, rsize_t size, const char *from);
RESERVOIR_API(errno_t, strncpy_s, char *to, rsize_t size, const char *from, rsize_t count);
RESERVOIR_API(errno_t, strcat_s, char *to, rsize_t size, const char *from);
RESERVOIR_API(int, sprintf_s, char *text, size_t size, const char *format, ...);
RESERVOIR_API(errno_t, memcpy_s, void *to, rsize_t size, const void *from, rsize_t count);
RESERVOIR_API(errno_t, fopen_s, FILE **file, const char *name, const char *mode);
RESERVOIR_API(int, _snprintf_s, char *text, size_t size, size_t count, const char *format, ...);
RESERVOIR_API(int, _snprintf, char *text, size_t most, const char *format, ...);
RESERVOIR_API(int, _vsnprintf, char *text, size_t most, const char *format, va_list arguments);
RESERVOIR_API(int, _kbhit, void);
RESERVOIR_API(int, _getch, void);
RESERVOIR_API(void *, _aligned_malloc, size_t bytes, size_t alignment);
RESERVOIR_API(void, _aligned_free, void *memory);
RESERVOIR_END

#if __SIZEOF_WCHAR_T__ == 2
RESERVOIR_BEGIN
RESERVOIR_API(int, swprintf_s, wchar_t *text, size_t size, const wchar_t *format, ...);
RESERVOIR_API(errno_t, wcscpy_s, wchar_t *to, rsize_t size, const wchar_t *from);
RESERVOIR_API(errno_t, wcscat_s, wchar_t *to, rsize_t size, const wchar_t *from);
RESERVOIR_END
#endif

/* In C++ the size of an array is known. */
#ifdef __cplusplus
template <size_t size> inline errno_t strcpy_s(char (&to)[size], const char *from) { return strcpy_s(to, size, from); }
template <size_t size> inline errno_t strcat_s(char (&to)[size], const char *from) { return strcat_s(to, size, from); }
template <size_t size> inline errno_t strncpy_s(char (&to)[size], const char *from, rsize_t count) {
    return strncpy_s(to, size, from, count);
}
template <size_t size, typename... Values>
inline int sprintf_s(char (&to)[size], const char *format, Values... values) {
    return windows_snprintf(to, size, format, values...);
}
#if __SIZEOF_WCHAR_T__ == 2
template <size_t size> inline errno_t wcscpy_s(wchar_t (&to)[size], const wchar_t *from) {
    return wcscpy_s(to, size, from);
}
template <size_t size> inline errno_t wcscat_s(wchar_t (&to)[size], const wchar_t *from) {
    return wcscat_s(to, size, from);
}
template <size_t size, typename... Values>
inline int swprintf_s(wchar_t (&to)[size], const wchar_t *format, Values... values) {
    return windows_swprintf(to, size, format, values...);
}
#endif
#endif

#endif
