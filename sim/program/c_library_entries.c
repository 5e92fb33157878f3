/* What Windows' C library has besides the standard's: numbers as text, narrow and wide text, paths, the environment. */
#include "sim/program/include/win32.h"

#include <assert.h>
#include <locale.h>

#include "sim/program/machine.h"
#include "sim/memory/utf16.h"

#undef free
#undef sscanf
#undef snprintf
#undef wcstod

enum { PATH_BYTES = 1024 };

static errno_t emptied(char *text, size_t size, errno_t error) {
    if (text != NULL && size > 0) text[0] = '\0';
    return error;
}

static unsigned wide_length(const WCHAR *text) { return (unsigned)lstrlenW(text); }

/* Whole, with a 0; false when it does not fit. */
static bool widened(const char *text, WCHAR *wide, size_t size) {
    WCHAR *all = malloc((strlen(text) + 1) * sizeof *all);
    if (all == NULL) return false;
    unsigned length = utf16_from_utf8(text, (unsigned)strlen(text), all, (unsigned)strlen(text) + 1);
    bool fits = length < size;
    if (fits) memcpy(wide, all, (length + 1) * sizeof *wide);
    free(all);
    return fits;
}

/* To be freed; NULL: no memory. */
static char *narrowed(const WCHAR *wide) {
    size_t room = (size_t)wide_length(wide) * 3 + 1;
    char *text = malloc(room);
    if (text != NULL) text[utf8_from_utf16(wide, wide_length(wide), text, (unsigned)room)] = '\0';
    return text;
}

/* --- numbers as text ---------------------------------------------------------------------------------------------- */

enum { DIGITS_MAX = 66 }; /* 64 in base 2, a sign, a 0 */

static errno_t number(ULONGLONG value, bool is_negative, char *text, size_t size, int base) {
    char digits[DIGITS_MAX];
    size_t count = 0;
    if (text == NULL || size == 0) return EINVAL;
    if (base < 2 || base > 36) return emptied(text, size, EINVAL);
    do {
        digits[count++] = "0123456789abcdefghijklmnopqrstuvwxyz"[value % (unsigned)base];
        value /= (unsigned)base;
    } while (value != 0);
    if (is_negative) digits[count++] = '-';
    if (count >= size) return emptied(text, size, ERANGE);
    for (size_t i = 0; i < count; i++) text[i] = digits[count - 1 - i];
    text[count] = '\0';
    return 0;
}

/* Of a number with fewer than 64 bits the others are not there in another base. */
static errno_t signed_number(LONGLONG value, unsigned bits, char *text, size_t size, int base) {
    bool is_negative = value < 0 && base == 10;
    ULONGLONG magnitude = is_negative ? 0 - (ULONGLONG)value : (ULONGLONG)value;
    if (bits == 32) magnitude &= 0xFFFFFFFFu;
    return number(magnitude, is_negative, text, size, base);
}

errno_t _itoa_s(int value, char *text, size_t size, int base) { return signed_number(value, 32, text, size, base); }
errno_t _ltoa_s(LONG value, char *text, size_t size, int base) { return signed_number(value, 32, text, size, base); }
errno_t _ultoa_s(ULONG value, char *text, size_t size, int base) { return number(value, false, text, size, base); }
errno_t _i64toa_s(LONGLONG value, char *text, size_t size, int base) {
    return signed_number(value, 64, text, size, base);
}
errno_t _ui64toa_s(ULONGLONG value, char *text, size_t size, int base) {
    return number(value, false, text, size, base);
}

#define WITHOUT_SIZE(call) ((void)(call), text)
char *_itoa(int value, char *text, int base) { return WITHOUT_SIZE(_itoa_s(value, text, DIGITS_MAX, base)); }
char *_ltoa(LONG value, char *text, int base) { return WITHOUT_SIZE(_ltoa_s(value, text, DIGITS_MAX, base)); }
char *_ultoa(ULONG value, char *text, int base) { return WITHOUT_SIZE(_ultoa_s(value, text, DIGITS_MAX, base)); }
char *_i64toa(LONGLONG value, char *text, int base) { return WITHOUT_SIZE(_i64toa_s(value, text, DIGITS_MAX, base)); }
char *_ui64toa(ULONGLONG value, char *text, int base) {
    return WITHOUT_SIZE(_ui64toa_s(value, text, DIGITS_MAX, base));
}

errno_t _itow_s(int value, WCHAR *text, size_t size, int base) {
    char narrow[DIGITS_MAX];
    errno_t error = _itoa_s(value, narrow, sizeof narrow, base);
    return error != 0 ? error : widened(narrow, text, size) ? 0 : ERANGE;
}

errno_t _ultow_s(ULONG value, WCHAR *text, size_t size, int base) {
    char narrow[DIGITS_MAX];
    errno_t error = _ultoa_s(value, narrow, sizeof narrow, base);
    return error != 0 ? error : widened(narrow, text, size) ? 0 : ERANGE;
}

WCHAR *_itow(int value, WCHAR *text, int base) { return WITHOUT_SIZE(_itow_s(value, text, DIGITS_MAX, base)); }
WCHAR *_ultow(ULONG value, WCHAR *text, int base) { return WITHOUT_SIZE(_ultow_s(value, text, DIGITS_MAX, base)); }
#undef WITHOUT_SIZE

/* --- narrow text -------------------------------------------------------------------------------------------------- */

char *_strupr(char *text) {
    for (char *at = text; *at != '\0'; at++) *at = (char)toupper((unsigned char)*at);
    return text;
}

char *_strlwr(char *text) {
    for (char *at = text; *at != '\0'; at++) *at = (char)tolower((unsigned char)*at);
    return text;
}

char *_strrev(char *text) {
    for (size_t i = 0, length = strlen(text); i < length / 2; i++) {
        char kept = text[i];
        text[i] = text[length - 1 - i];
        text[length - 1 - i] = kept;
    }
    return text;
}

static errno_t with_an_end(char *text, size_t size) {
    return text != NULL && strnlen(text, size) < size ? 0 : emptied(text, size, EINVAL);
}

errno_t _strupr_s(char *text, size_t size) {
    errno_t error = with_an_end(text, size);
    if (error == 0) _strupr(text);
    return error;
}

errno_t _strlwr_s(char *text, size_t size) {
    errno_t error = with_an_end(text, size);
    if (error == 0) _strlwr(text);
    return error;
}

errno_t strncat_s(char *to, size_t size, const char *from, size_t count) {
    if (to == NULL || from == NULL || strnlen(to, size) == size) return emptied(to, size, EINVAL);
    size_t used = strlen(to);
    errno_t error = strncpy_s(to + used, size - used, from, count);
    return error == ERANGE ? emptied(to, size, ERANGE) : error;
}

errno_t memmove_s(void *to, size_t size, const void *from, size_t count) {
    if (count == 0) return 0;
    if (to == NULL || from == NULL) return EINVAL;
    if (count > size) return ERANGE;
    memmove(to, from, count);
    return 0;
}

int _memicmp(const void *one, const void *other, size_t count) {
    const unsigned char *left = one, *right = other;
    for (size_t i = 0; i < count; i++)
        if (tolower(left[i]) != tolower(right[i])) return tolower(left[i]) - tolower(right[i]);
    return 0;
}

errno_t strerror_s(char *text, size_t size, int error) {
    return text == NULL || size == 0 ? EINVAL : strncpy_s(text, size, strerror(error), _TRUNCATE);
}

int _vscprintf(const char *format, va_list arguments) { return windows_vsnprintf(NULL, 0, format, arguments); }

int _scprintf(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = _vscprintf(format, arguments);
    va_end(arguments);
    return length;
}

int _vsnprintf_s(char *text, size_t size, size_t count, const char *format, va_list arguments) {
    if (text == NULL || size == 0 || format == NULL) return -1;
    size_t room = count == _TRUNCATE || count >= size ? size : count + 1;
    int length = windows_vsnprintf(text, room, format, arguments);
    if (length >= 0 && (size_t)length < room) return length;
    if (count != _TRUNCATE && count >= size) text[0] = '\0';
    return -1;
}

/* An insertion sort would take as long as the square of their number: heaps do not, and need no memory. */
void qsort_s(void *first, size_t count, size_t size,
             int(__cdecl *compare)(void *context, const void *one, const void *other), void *context) {
    char *rows = first;
#define ROW(index) (rows + (index)*size)
#define SWAP(one, other) \
    for (size_t byte = 0; byte < size; byte++) { \
        char kept = ROW(one)[byte]; \
        ROW(one)[byte] = ROW(other)[byte]; \
        ROW(other)[byte] = kept; \
    }
    for (size_t built = count / 2, end = count; end > 1;) {
        if (built > 0) built--;
        else {
            end--;
            SWAP(0, end)
        }
        for (size_t parent = built; 2 * parent + 1 < end;) {
            size_t child = 2 * parent + 1;
            if (child + 1 < end && compare(context, ROW(child), ROW(child + 1)) < 0) child++;
            if (compare(context, ROW(parent), ROW(child)) >= 0) break;
            SWAP(parent, child)
            parent = child;
        }
    }
#undef ROW
#undef SWAP
}

/* --- wide text ---------------------------------------------------------------------------------------------------- */

size_t windows_mbstowcs(WCHAR *wide, const char *text, size_t count) {
    size_t room = strlen(text) + 1;
    WCHAR *all = malloc(room * sizeof *all);
    if (all == NULL) return (size_t)-1;
    size_t length = utf16_from_utf8(text, (unsigned)strlen(text), all, (unsigned)room);
    if (wide != NULL) memcpy(wide, all, (length < count ? length + 1 : count) * sizeof *wide);
    free(all);
    return wide != NULL && length > count ? count : length;
}

size_t windows_wcstombs(char *text, const WCHAR *wide, size_t count) {
    char *all = narrowed(wide);
    if (all == NULL) return (size_t)-1;
    size_t length = strlen(all);
    if (text != NULL) memcpy(text, all, length < count ? length + 1 : count);
    free(all);
    return text != NULL && length > count ? count : length;
}

/* `converted` counts the 0. With _TRUNCATE what does not fit is cut, and STRUNCATE (80) says so. */
errno_t mbstowcs_s(size_t *converted, WCHAR *wide, size_t size, const char *text, size_t count) {
    enum { STRUNCATE_ERROR = 80 };
    if (text == NULL || (wide == NULL) != (size == 0)) return EINVAL;
    size_t length = windows_mbstowcs(NULL, text, 0), wanted = count < length ? count : length;
    bool cut = count == _TRUNCATE && wide != NULL && length >= size;
    if (cut) wanted = size - 1;
    if (converted != NULL) *converted = wanted + 1;
    if (wide == NULL) return 0;
    if (wanted >= size) return wide[0] = 0, ERANGE;
    windows_mbstowcs(wide, text, wanted);
    wide[wanted] = 0;
    return cut ? STRUNCATE_ERROR : 0;
}

errno_t wcstombs_s(size_t *converted, char *text, size_t size, const WCHAR *wide, size_t count) {
    enum { STRUNCATE_ERROR = 80 };
    if (wide == NULL || (text == NULL) != (size == 0)) return EINVAL;
    size_t length = windows_wcstombs(NULL, wide, 0), wanted = count < length ? count : length;
    bool cut = count == _TRUNCATE && text != NULL && length >= size;
    if (cut) wanted = size - 1;
    if (converted != NULL) *converted = wanted + 1;
    if (text == NULL) return 0;
    if (wanted >= size) return emptied(text, size, ERANGE);
    windows_wcstombs(text, wide, wanted);
    text[wanted] = '\0';
    return cut ? STRUNCATE_ERROR : 0;
}

size_t wcsnlen_s(const WCHAR *text, size_t most) {
    size_t length = 0;
    while (text != NULL && length < most && text[length] != 0) length++;
    return length;
}

errno_t wcsncpy_s(WCHAR *to, size_t size, const WCHAR *from, size_t count) {
    if (to == NULL || from == NULL || size == 0) return EINVAL;
    size_t length = wcsnlen_s(from, count == _TRUNCATE ? size - 1 : count);
    if (length >= size) return to[0] = 0, ERANGE;
    memcpy(to, from, length * sizeof *to);
    to[length] = 0;
    return 0;
}

errno_t wcsncat_s(WCHAR *to, size_t size, const WCHAR *from, size_t count) {
    size_t used = wcsnlen_s(to, size);
    if (to == NULL || from == NULL || used == size) return EINVAL;
    return wcsncpy_s(to + used, size - used, from, count);
}

static bool is_among(WCHAR unit, const WCHAR *units) {
    for (; *units != 0; units++)
        if (*units == unit) return true;
    return false;
}

WCHAR *wcstok_s(WCHAR *text, const WCHAR *separators, WCHAR **next) {
    WCHAR *at = text != NULL ? text : *next;
    while (at != NULL && *at != 0 && is_among(*at, separators)) at++;
    if (at == NULL || *at == 0) return *next = NULL;
    WCHAR *end = at;
    while (*end != 0 && !is_among(*end, separators)) end++;
    *next = *end == 0 ? NULL : end + 1;
    *end = 0;
    return at;
}

/* The locales are the system's; what is returned is good until the next call. */
WCHAR *_wsetlocale(int category, const WCHAR *name) {
    static WCHAR answer[PATH_BYTES];
    char *narrow = name == NULL ? NULL : narrowed(name);
    if (name != NULL && narrow == NULL) return NULL;
    const char *set = setlocale(category, narrow);
    free(narrow);
    return set != NULL && widened(set, answer, PATH_BYTES) ? answer : NULL;
}

WCHAR *_wcsdup(const WCHAR *text) {
    size_t bytes = (wide_length(text) + 1) * sizeof *text;
    WCHAR *copy = malloc(bytes);
    return copy == NULL ? NULL : memcpy(copy, text, bytes);
}

static WCHAR lower(WCHAR unit) { return unit < 128 ? (WCHAR)tolower(unit) : unit; }

WCHAR *_wcslwr(WCHAR *text) {
    for (WCHAR *at = text; *at != 0; at++) *at = lower(*at);
    return text;
}

WCHAR *_wcsupr(WCHAR *text) {
    for (WCHAR *at = text; *at != 0; at++)
        if (*at < 128) *at = (WCHAR)toupper(*at);
    return text;
}

int _wcsnicmp(const WCHAR *one, const WCHAR *other, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (lower(one[i]) != lower(other[i])) return lower(one[i]) - lower(other[i]);
        if (one[i] == 0) break;
    }
    return 0;
}

/* What a number can be made of is ASCII: where it stops is at the same place in both. */
#define WIDE_NUMBER(type, name, parameters, ...) \
    type name parameters { \
        char *narrow = narrowed(text), *stopped = narrow; \
        if (narrow == NULL) return 0; \
        type value = (type)__VA_ARGS__; \
        if (end != NULL) *end = (WCHAR *)(uintptr_t)(text + (stopped - narrow)); \
        free(narrow); \
        return value; \
    }
WIDE_NUMBER(double, windows_wcstod, (const WCHAR *text, WCHAR **end), strtod(narrow, &stopped))
WIDE_NUMBER(LONGLONG, _wcstoi64, (const WCHAR *text, WCHAR **end, int base), strtoll(narrow, &stopped, base))
WIDE_NUMBER(ULONGLONG, _wcstoui64, (const WCHAR *text, WCHAR **end, int base), strtoull(narrow, &stopped, base))
#undef WIDE_NUMBER

/* --- files and folders -------------------------------------------------------------------------------------------- */

static const char *with_slashes(const char *path, char own[PATH_BYTES]) {
    snprintf(own, PATH_BYTES, "%s", path);
    for (char *at = own; *at != '\0'; at++)
        if (*at == '\\') *at = '/';
    return own;
}

int _mkdir(const char *path) {
    char own[PATH_BYTES];
    return mkdir(with_slashes(path, own), 0777);
}

FILE *_wfopen(const WCHAR *name, const WCHAR *mode) {
    char own[PATH_BYTES], *narrow = narrowed(name), *narrow_mode = narrowed(mode);
    FILE *file = narrow == NULL || narrow_mode == NULL ? NULL : fopen(with_slashes(narrow, own), narrow_mode);
    free(narrow);
    free(narrow_mode);
    return file;
}

errno_t _wfopen_s(FILE **file, const WCHAR *name, const WCHAR *mode) {
    if (file == NULL || name == NULL || mode == NULL) return EINVAL;
    *file = _wfopen(name, mode);
    return *file == NULL ? errno : 0;
}

int _wremove(const WCHAR *name) {
    char own[PATH_BYTES], *narrow = narrowed(name);
    int status = narrow == NULL ? -1 : remove(with_slashes(narrow, own));
    free(narrow);
    return status;
}

int _waccess(const WCHAR *name, int mode) {
    char own[PATH_BYTES], *narrow = narrowed(name);
    int status = narrow == NULL ? -1 : access(with_slashes(narrow, own), mode);
    free(narrow);
    return status;
}

/* To be freed when `full` is NULL. What is not there has a full path, too. */
char *_fullpath(char *full, const char *path, size_t size) {
    char own[PATH_BYTES], text[2 * PATH_BYTES] = "", *real = realpath(with_slashes(path, own), NULL);
    if (real == NULL && own[0] != '/' && getcwd(text, PATH_BYTES) != NULL) strcat(strcat(text, "/"), own);
    else snprintf(text, sizeof text, "%s", real != NULL ? real : own);
    free(real);
    if (full == NULL) return strdup(text);
    return strlen(text) < size ? strcpy(full, text) : NULL;
}

static bool put_part(char *to, size_t size, const char *from, size_t length) {
    return to == NULL || strncpy_s(to, size, from, length) == 0;
}

errno_t _splitpath_s(const char *path, char *drive, size_t drive_size, char *folder, size_t folder_size, char *name,
                     size_t name_size, char *extension, size_t extension_size) {
    if (path == NULL) return EINVAL;
    const char *after_drive = path[0] != '\0' && path[1] == ':' ? path + 2 : path, *base = after_drive;
    for (const char *at = after_drive; *at != '\0'; at++)
        if (*at == '/' || *at == '\\') base = at + 1;
    const char *dot = strrchr(base, '.'), *end = base + strlen(base);
    if (dot == NULL) dot = end;
    bool fits = put_part(drive, drive_size, path, (size_t)(after_drive - path)) &&
                put_part(folder, folder_size, after_drive, (size_t)(base - after_drive)) &&
                put_part(name, name_size, base, (size_t)(dot - base)) &&
                put_part(extension, extension_size, dot, (size_t)(end - dot));
    return fits ? 0 : ERANGE;
}

errno_t _makepath_s(char *path, size_t size, const char *drive, const char *folder, const char *name,
                    const char *extension) {
    bool has_folder = folder != NULL && folder[0] != '\0', has_drive = drive != NULL && drive[0] != '\0';
    bool has_extension = extension != NULL && extension[0] != '\0';
    const char *last = has_folder ? folder + strlen(folder) - 1 : "";
    if (path == NULL || size == 0) return EINVAL;
    int length = snprintf(path, size, "%.*s%s%s%s%s%s%s", has_drive ? 1 : 0, has_drive ? drive : "",
                          has_drive ? ":" : "", has_folder ? folder : "",
                          has_folder && *last != '/' && *last != '\\' ? "\\" : "", name != NULL ? name : "",
                          has_extension && extension[0] != '.' ? "." : "", has_extension ? extension : "");
    return (size_t)length < size ? 0 : emptied(path, size, ERANGE);
}

/* --- the environment, time, chance -------------------------------------------------------------------------------- */

errno_t _putenv_s(const char *name, const char *value) {
    if (name == NULL || value == NULL) return EINVAL;
    return (value[0] == '\0' ? unsetenv(name) : setenv(name, value, 1)) == 0 ? 0 : errno;
}

errno_t getenv_s(size_t *needed, char *value, size_t size, const char *name) {
    if (needed == NULL || (value == NULL && size > 0)) return EINVAL;
    const char *found = getenv(name);
    *needed = found == NULL ? 0 : strlen(found) + 1;
    if (found == NULL) return emptied(value, size, 0);
    return size == 0 ? 0 : strcpy_s(value, size, found);
}

errno_t _dupenv_s(char **value, size_t *size, const char *name) {
    if (value == NULL || name == NULL) return EINVAL;
    const char *found = getenv(name);
    *value = found == NULL ? NULL : strdup(found);
    if (size != NULL) *size = *value == NULL ? 0 : strlen(*value) + 1;
    return 0;
}

/* `size` bytes are needed at least for the eight characters and the 0. */
static errno_t now_as(char *text, size_t size, const char *format) {
    enum { NEEDED = 9 };
    if (text == NULL || size < NEEDED) return emptied(text, size, text == NULL ? EINVAL : ERANGE);
    SYSTEMTIME now;
    GetLocalTime(&now);
    struct tm parts = { .tm_year = now.wYear - 1900,
                        .tm_mon = now.wMonth - 1,
                        .tm_mday = now.wDay,
                        .tm_hour = now.wHour,
                        .tm_min = now.wMinute,
                        .tm_sec = now.wSecond };
    strftime(text, size, format, &parts);
    return 0;
}

errno_t _strdate_s(char *text, size_t size) { return now_as(text, size, "%m/%d/%y"); }
errno_t _strtime_s(char *text, size_t size) { return now_as(text, size, "%H:%M:%S"); }
char *_strdate(char *text) { return _strdate_s(text, 9) == 0 ? text : NULL; }
char *_strtime(char *text) { return _strtime_s(text, 9) == 0 ? text : NULL; }

errno_t asctime_s(char *text, size_t size, const struct tm *when) {
    enum { NEEDED = 26 };
    if (text == NULL || size < NEEDED || when == NULL) return emptied(text, size, EINVAL);
    return strftime(text, size, "%a %b %d %H:%M:%S %Y\n", when) > 0 ? 0 : EINVAL;
}

/* The machine's clock: UTC all the year. */
errno_t _ftime_s(struct _timeb *now) {
    enum { TICKS_PER_SECOND = 10000000, TICKS_PER_MILLISECOND = 10000 };
    FILETIME time;
    if (now == NULL) return EINVAL;
    GetSystemTimeAsFileTime(&time);
    uint64_t ticks = (uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime;
    *now = (struct _timeb){ .time = (time_t)(ticks / TICKS_PER_SECOND - 11644473600u),
                            .millitm = (unsigned short)(ticks % TICKS_PER_SECOND / TICKS_PER_MILLISECOND) };
    return 0;
}

errno_t ctime_s(char *text, size_t size, const time_t *when) {
    struct tm parts;
    if (when == NULL || localtime_r(when, &parts) == NULL) return emptied(text, size, EINVAL);
    return asctime_s(text, size, &parts);
}

char *windows_asctime(const struct tm *when) {
    static char kept[26];
    return asctime_s(kept, sizeof kept, when) == 0 ? kept : NULL;
}

char *windows_ctime(const time_t *when) {
    static char kept[26];
    return ctime_s(kept, sizeof kept, when) == 0 ? kept : NULL;
}

/* splitmix64 */
errno_t rand_s(unsigned *value) {
    static uint64_t drawn;
    if (value == NULL) return EINVAL;
    uint64_t mixed = machine_options()->seed + 0x9E3779B97F4A7C15u * ++drawn;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
    *value = (unsigned)(mixed >> 32);
    return 0;
}
