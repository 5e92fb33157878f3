/* What Windows' C library has besides the standard's (stdlib.h, string.h, stdio.h, io.h, direct.h, time.h there), for
 * programs that are compiled for the model. Text is UTF-8, and wide text has units of 16 bits. Files and folders are
 * those of the system that the program runs on; in a path, \ is /. A function of the _s family that is given something
 * wrong returns EINVAL or ERANGE and makes its output empty; the handler of invalid parameters is not called.
 *
 * Not for programs: win32.h includes it. */
#ifndef RESERVOIR_PROGRAM_C_LIBRARY_H
#define RESERVOIR_PROGRAM_C_LIBRARY_H

#include <fcntl.h>
#include <sys/stat.h>

/* --- the system's own functions by Windows' names ----------------------------------------------------------------- */

#define _O_RDONLY O_RDONLY
#define _O_WRONLY O_WRONLY
#define _O_RDWR O_RDWR
#define _O_APPEND O_APPEND
#define _O_CREAT O_CREAT
#define _O_TRUNC O_TRUNC
#define _O_EXCL O_EXCL
#define _O_BINARY 0
#define _O_TEXT 0
#define O_BINARY 0
#define O_TEXT 0
#define _S_IREAD S_IRUSR
#define _S_IWRITE S_IWUSR
#define _S_IFDIR S_IFDIR
#define _S_IFREG S_IFREG
#define _SH_DENYNO 0x40
#define _SH_DENYWR 0x20
#define _open open
#define _close close
#define _read read
#define _write write
#define _lseek lseek
#define _lseeki64 lseek
#define _dup dup
#define _dup2 dup2
#define _setmode(file, mode) ((void)(file), (void)(mode), _O_TEXT)
#define _unlink unlink
#define _rmdir rmdir
#define _chdir chdir
#define _getcwd getcwd
#define _access access
#define _chmod chmod
#define _chsize ftruncate
#define _commit fsync
#define _cprintf windows_printf
#define _cputs(text) fputs((text), stdout)
#define _getche _getch
#define _putch putchar
#define _umask umask
#define _putenv putenv
#define _stat stat
#define _stat64 stat
#define _stati64 stat
#define _fstat fstat
#define _fstat64 fstat
#define _fstati64 fstat
#define _ftelli64 ftello
#define _fseeki64 fseeko
#define _flushall() fflush(NULL)
#define _fdopen fdopen
#define _popen popen
#define _pclose pclose
#define _tzset tzset
#define _mkgmtime timegm
#define _mkgmtime64 timegm
#define _mktime64 mktime
#define _time64 time
#define _localtime64 localtime
#define _gmtime64 gmtime
#define _localtime64_s localtime_s
#define _gmtime64_s gmtime_s
#define _hypot hypot
#define _isnan(number) (__builtin_isnan(number) != 0)
#define _finite(number) (__builtin_isfinite(number) != 0)
#define _msize(memory) HeapSize(GetProcessHeap(), 0, (memory))
#define _malloca(bytes) malloc(bytes)
#define _freea(memory) free(memory)
#define _set_errno(value) (errno = (value), 0)
#define _get_errno(value) (*(value) = errno, 0)
#define _ASSERTE(condition) ((void)0)
#define _ASSERT(condition) ((void)0)
#define _CrtSetDbgFlag(flag) (0)
#define _CrtDumpMemoryLeaks() (0)
#define _CRTDBG_ALLOC_MEM_DF 1
#define _CRTDBG_LEAK_CHECK_DF 0x20

typedef time_t __time64_t;
struct _timeb {
    time_t time;
    unsigned short millitm;
    short timezone, dstflag;
};
#define __timeb64 _timeb
#define _MAX_PATH 260
#define _MAX_DRIVE 3
#define _MAX_DIR 256
#define _MAX_FNAME 256
#define _MAX_EXT 256
#ifndef __max
#define __max(one, other) (((one) > (other)) ? (one) : (other))
#define __min(one, other) (((one) < (other)) ? (one) : (other))
#endif

static inline size_t reservoir_strnlen_s(const char *text, size_t most) {
    return text == NULL ? 0 : strnlen(text, most);
}
#define strnlen_s reservoir_strnlen_s

/* A loop that waits for another thread lets it run: threads take turns here. */
#ifdef __x86_64__
#include <xmmintrin.h>
#undef _mm_pause
#define _mm_pause() YieldProcessor()
#endif

/* --- bits (intrin.h, stdlib.h) ------------------------------------------------------------------------------------ */

#define _byteswap_ushort(value) __builtin_bswap16(value)
#define _byteswap_ulong(value) ((DWORD)__builtin_bswap32((DWORD)(value)))
#define _byteswap_uint64(value) ((unsigned long long)__builtin_bswap64(value))
#define __popcnt(value) ((unsigned)__builtin_popcount(value))
#define __popcnt64(value) ((unsigned long long)__builtin_popcountll(value))
#ifndef _rotl
#define _rotl(value, by) ((UINT)((UINT)(value) << ((by)&31) | (UINT)(value) >> (-(by)&31)))
#define _rotr(value, by) _rotl(value, -(by))
#endif
#define _lrotl(value, by) ((DWORD)_rotl((value), (by)))
#define _lrotr(value, by) ((DWORD)_rotr((value), (by)))
#define _rotl64(value, by) ((UINT64)((UINT64)(value) << ((by)&63) | (UINT64)(value) >> (-(by)&63)))
#define _rotr64(value, by) _rotl64(value, -(by))

/* The lowest, the highest bit that is set; 0 when none is, and *index stays. A DWORD, or an `unsigned long`. */
#define _BitScanForward(index, mask) ((mask) == 0 ? 0 : (*(index) = (DWORD)__builtin_ctz(mask), 1))
#define _BitScanReverse(index, mask) ((mask) == 0 ? 0 : (*(index) = 31 - (DWORD)__builtin_clz(mask), 1))
#define _BitScanForward64(index, mask) ((mask) == 0 ? 0 : (*(index) = (DWORD)__builtin_ctzll(mask), 1))
#define _BitScanReverse64(index, mask) ((mask) == 0 ? 0 : (*(index) = 63 - (DWORD)__builtin_clzll(mask), 1))

RESERVOIR_BEGIN

/* --- numbers as text ---------------------------------------------------------------------------------------------- */

/* In base 2 to 36; only in base 10 has a negative number a sign. */
RESERVOIR_API(char *, _itoa, int value, char *text, int base);
RESERVOIR_API(char *, _ltoa, LONG value, char *text, int base);
RESERVOIR_API(char *, _ultoa, ULONG value, char *text, int base);
RESERVOIR_API(char *, _i64toa, LONGLONG value, char *text, int base);
RESERVOIR_API(char *, _ui64toa, ULONGLONG value, char *text, int base);
RESERVOIR_API(errno_t, _itoa_s, int value, char *text, size_t size, int base);
RESERVOIR_API(errno_t, _ltoa_s, LONG value, char *text, size_t size, int base);
RESERVOIR_API(errno_t, _ultoa_s, ULONG value, char *text, size_t size, int base);
RESERVOIR_API(errno_t, _i64toa_s, LONGLONG value, char *text, size_t size, int base);
RESERVOIR_API(errno_t, _ui64toa_s, ULONGLONG value, char *text, size_t size, int base);
RESERVOIR_API(WCHAR *, _itow, int value, WCHAR *text, int base);
RESERVOIR_API(WCHAR *, _ultow, ULONG value, WCHAR *text, int base);
RESERVOIR_API(errno_t, _itow_s, int value, WCHAR *text, size_t size, int base);
RESERVOIR_API(errno_t, _ultow_s, ULONG value, WCHAR *text, size_t size, int base);
#define itoa _itoa
#define ltoa _ltoa
#define ultoa _ultoa

/* --- text --------------------------------------------------------------------------------------------------------- */

RESERVOIR_API(char *, _strupr, char *text);
RESERVOIR_API(char *, _strlwr, char *text);
RESERVOIR_API(char *, _strrev, char *text);
RESERVOIR_API(errno_t, _strupr_s, char *text, size_t size);
RESERVOIR_API(errno_t, _strlwr_s, char *text, size_t size);
RESERVOIR_API(errno_t, strncat_s, char *to, size_t size, const char *from, size_t count);
RESERVOIR_API(errno_t, memmove_s, void *to, size_t size, const void *from, size_t count);
RESERVOIR_API(int, _memicmp, const void *one, const void *other, size_t count);
RESERVOIR_API(errno_t, strerror_s, char *text, size_t size, int error);
RESERVOIR_API(int, _vscprintf, const char *format, va_list arguments);
RESERVOIR_API(int, _scprintf, const char *format, ...);
RESERVOIR_API(int, _vsnprintf_s, char *text, size_t size, size_t count, const char *format, va_list arguments);
/* After each pointer for %s, %c and %[ comes the size of what it points to, an unsigned number. */
int windows_sscanf_s(const char *text, const char *format, ...);
#define sscanf_s windows_sscanf_s
RESERVOIR_API(void, qsort_s, void *first, size_t count, size_t size,
              int(__cdecl *compare)(void *context, const void *one, const void *other), void *context);

/* --- wide text ---------------------------------------------------------------------------------------------------- */

RESERVOIR_API(errno_t, mbstowcs_s, size_t *converted, WCHAR *wide, size_t size, const char *text, size_t count);
RESERVOIR_API(errno_t, wcstombs_s, size_t *converted, char *text, size_t size, const WCHAR *wide, size_t count);
size_t windows_mbstowcs(WCHAR *wide, const char *text, size_t count);
size_t windows_wcstombs(char *text, const WCHAR *wide, size_t count);
#define mbstowcs windows_mbstowcs
#define wcstombs windows_wcstombs
RESERVOIR_API(errno_t, wcsncpy_s, WCHAR *to, size_t size, const WCHAR *from, size_t count);
RESERVOIR_API(errno_t, wcsncat_s, WCHAR *to, size_t size, const WCHAR *from, size_t count);
RESERVOIR_API(WCHAR *, wcstok_s, WCHAR *text, const WCHAR *separators, WCHAR **next);
RESERVOIR_API(WCHAR *, _wcsdup, const WCHAR *text);
RESERVOIR_API(WCHAR *, _wsetlocale, int category, const WCHAR *name);
RESERVOIR_API(WCHAR *, _wcsupr, WCHAR *text);
RESERVOIR_API(WCHAR *, _wcslwr, WCHAR *text);
RESERVOIR_API(int, _wcsnicmp, const WCHAR *one, const WCHAR *other, size_t count);
RESERVOIR_API(size_t, wcsnlen_s, const WCHAR *text, size_t most);
double windows_wcstod(const WCHAR *text, WCHAR **end);
RESERVOIR_API(LONGLONG, _wcstoi64, const WCHAR *text, WCHAR **end, int base);
RESERVOIR_API(ULONGLONG, _wcstoui64, const WCHAR *text, WCHAR **end, int base);
#define wcstok(text, separators, next) wcstok_s((text), (separators), (next))
#define wcstod windows_wcstod
#define _wtof(text) windows_wcstod((text), NULL)
#define _wtoi64(text) _wcstoi64((text), NULL, 10)

/* --- files, folders, the environment, time, chance ---------------------------------------------------------------- */

RESERVOIR_API(int, _mkdir, const char *path);
RESERVOIR_API(FILE *, _wfopen, const WCHAR *name, const WCHAR *mode);
RESERVOIR_API(errno_t, _wfopen_s, FILE **file, const WCHAR *name, const WCHAR *mode);
RESERVOIR_API(int, _wremove, const WCHAR *name);
RESERVOIR_API(int, _waccess, const WCHAR *name, int mode);
RESERVOIR_API(char *, _fullpath, char *full, const char *path, size_t size);
/* A drive with its colon, a folder with its last separator, a name, an extension with its dot; each may be NULL. */
RESERVOIR_API(errno_t, _splitpath_s, const char *path, char *drive, size_t drive_size, char *folder, size_t folder_size,
              char *name, size_t name_size, char *extension, size_t extension_size);
RESERVOIR_API(errno_t, _makepath_s, char *path, size_t size, const char *drive, const char *folder, const char *name,
              const char *extension);
#define _splitpath(path, drive, folder, name, extension) \
    ((void)_splitpath_s((path), (drive), _MAX_DRIVE, (folder), _MAX_DIR, (name), _MAX_FNAME, (extension), _MAX_EXT))
RESERVOIR_API(errno_t, _putenv_s, const char *name, const char *value);
RESERVOIR_API(errno_t, getenv_s, size_t *needed, char *value, size_t size, const char *name);
RESERVOIR_API(errno_t, _dupenv_s, char **value, size_t *size, const char *name);
RESERVOIR_API(errno_t, _ftime_s, struct _timeb *now);
#define _ftime(now) ((void)_ftime_s(now))
#define _ftime64 _ftime
#define _ftime64_s _ftime_s
RESERVOIR_API(errno_t, _strdate_s, char *text, size_t size); /* mm/dd/yy */
RESERVOIR_API(errno_t, _strtime_s, char *text, size_t size); /* hh:mm:ss */
RESERVOIR_API(char *, _strdate, char *text);
RESERVOIR_API(char *, _strtime, char *text);
/* The day of the month has two digits: Sun Feb 03 11:38:58 2002. */
RESERVOIR_API(errno_t, asctime_s, char *text, size_t size, const struct tm *when);
RESERVOIR_API(errno_t, ctime_s, char *text, size_t size, const time_t *when);
char *windows_asctime(const struct tm *when);
char *windows_ctime(const time_t *when);
#define asctime windows_asctime
#define ctime windows_ctime
#define _ctime64 windows_ctime
/* From the machine's seed: the same in each run of the same seed. */
RESERVOIR_API(errno_t, rand_s, unsigned *value);

RESERVOIR_END

#if __SIZEOF_WCHAR_T__ == 2
RESERVOIR_BEGIN
/* As swprintf: what does not fit gives -1. */
int windows_vscwprintf(const wchar_t *format, va_list arguments);
int windows_scwprintf(const wchar_t *format, ...);
int windows_swscanf(const wchar_t *text, const wchar_t *format, ...);
int windows_swscanf_s(const wchar_t *text, const wchar_t *format, ...);
int windows_snwprintf(wchar_t *text, size_t most, const wchar_t *format, ...);
int windows_vsnwprintf(wchar_t *text, size_t most, const wchar_t *format, va_list arguments);
int windows_snwprintf_s(wchar_t *text, size_t size, size_t count, const wchar_t *format, ...);
int windows_vsnwprintf_s(wchar_t *text, size_t size, size_t count, const wchar_t *format, va_list arguments);
wchar_t *windows_fgetws(wchar_t *text, int size, FILE *file);
RESERVOIR_END
#define _vscwprintf windows_vscwprintf
#define _scwprintf windows_scwprintf
#define swscanf windows_swscanf
#define putwchar_s putwchar
#define _fputwchar putwchar
#define _fgetwchar getwchar
#define wmemcpy_s(to, size, from, count) memcpy_s((to), (size) * sizeof(WCHAR), (from), (count) * sizeof(WCHAR))
#define wmemmove_s(to, size, from, count) memmove_s((to), (size) * sizeof(WCHAR), (from), (count) * sizeof(WCHAR))
#define fgetws windows_fgetws
#define vswprintf_s windows_vswprintf
#define swscanf_s windows_swscanf_s
#define _snwprintf windows_snwprintf
#define _vsnwprintf windows_vsnwprintf
#define _snwprintf_s windows_snwprintf_s
#define _vsnwprintf_s windows_vsnwprintf_s
#endif

#ifdef __cplusplus
namespace std {
using ::windows_asctime;
using ::windows_ctime;
using ::windows_mbstowcs;
using ::windows_wcstod;
using ::windows_wcstombs;
} // namespace std
template <size_t size> inline errno_t strncat_s(char (&to)[size], const char *from, size_t count) {
    return strncat_s(to, size, from, count);
}
template <size_t size> inline errno_t wcsncpy_s(WCHAR (&to)[size], const WCHAR *from, size_t count) {
    return wcsncpy_s(to, size, from, count);
}
template <size_t size> inline errno_t wcsncat_s(WCHAR (&to)[size], const WCHAR *from, size_t count) {
    return wcsncat_s(to, size, from, count);
}
template <size_t size> inline errno_t _itoa_s(int value, char (&text)[size], int base) {
    return _itoa_s(value, text, size, base);
}
template <size_t size, typename... Values>
inline int _snprintf_s(char (&to)[size], size_t count, const char *format, Values... values) {
    return _snprintf_s(to, size, count, format, values...);
}
template <size_t size> inline int windows_vsnprintf(char (&to)[size], const char *format, va_list arguments) {
    return windows_vsnprintf(to, size, format, arguments);
}
#endif

#endif
