/* The C library's wide functions, with characters of 16 bits. This file and wmain.c are compiled with -fshort-wchar. */
#include "sim/program/stdio_entries.h"

#include "sim/program/stop.h"
#include "sim/memory/utf16.h"

_Static_assert(sizeof(wchar_t) == 2, "-fshort-wchar");

size_t wcslen(const wchar_t *text) {
    size_t length = 0;
    while (text[length] != 0) length++;
    return length;
}

size_t wcsnlen(const wchar_t *text, size_t limit) {
    size_t length = 0;
    while (length < limit && text[length] != 0) length++;
    return length;
}

wchar_t *wcscpy(wchar_t *to, const wchar_t *from) { return memcpy(to, from, (wcslen(from) + 1) * sizeof *to); }

wchar_t *wcsncpy(wchar_t *to, const wchar_t *from, size_t count) {
    size_t length = wcsnlen(from, count);
    memcpy(to, from, length * sizeof *to);
    memset(to + length, 0, (count - length) * sizeof *to);
    return to;
}

wchar_t *wcscat(wchar_t *to, const wchar_t *from) {
    wcscpy(to + wcslen(to), from);
    return to;
}

int wcsncmp(const wchar_t *one, const wchar_t *other, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (one[i] != other[i]) return one[i] < other[i] ? -1 : 1;
        if (one[i] == 0) break;
    }
    return 0;
}

int wcscmp(const wchar_t *one, const wchar_t *other) { return wcsncmp(one, other, SIZE_MAX); }

static int lower(wchar_t unit) { return unit < 128 ? tolower(unit) : unit; }

int windows_wcsicmp(const wchar_t *one, const wchar_t *other) {
    while (*one != 0 && lower(*one) == lower(*other)) one++, other++;
    return lower(*one) - lower(*other);
}

wchar_t *wcschr(const wchar_t *text, wchar_t unit) {
    for (; *text != unit; text++)
        if (*text == 0) return NULL;
    return (wchar_t *)(uintptr_t)text;
}

wchar_t *wcsrchr(const wchar_t *text, wchar_t unit) {
    const wchar_t *found = NULL;
    for (size_t i = 0; i <= wcslen(text); i++)
        if (text[i] == unit) found = text + i;
    return (wchar_t *)(uintptr_t)found;
}

wchar_t *wcsstr(const wchar_t *text, const wchar_t *part) {
    size_t length = wcslen(part);
    for (; wcsncmp(text, part, length) != 0; text++)
        if (*text == 0) return NULL;
    return (wchar_t *)(uintptr_t)text;
}

/* Digits are the same in both. */
static long long number(const wchar_t *text, wchar_t **end, int base) {
    char narrow[64], *stopped = NULL;
    size_t length = 0;
    for (; length < sizeof narrow - 1 && text[length] != 0 && text[length] < 128; length++)
        narrow[length] = (char)text[length];
    narrow[length] = '\0';
    long long value = strtoll(narrow, &stopped, base);
    if (end != NULL) *end = (wchar_t *)(uintptr_t)text + (stopped - narrow);
    return value;
}

long wcstol(const wchar_t *text, wchar_t **end, int base) { return (long)number(text, end, base); }
unsigned long wcstoul(const wchar_t *text, wchar_t **end, int base) { return (unsigned long)number(text, end, base); }

int fputws(const wchar_t *text, FILE *file) {
    unsigned length = (unsigned)wcslen(text);
    char *narrow = malloc((size_t)length * 3 + 1);
    if (narrow == NULL) return -1;
    unsigned used = utf8_from_utf16(text, length, narrow, length * 3 + 1);
    size_t written = fwrite(narrow, 1, used, file);
    free(narrow);
    return written == used ? 0 : -1;
}

int _putws(const wchar_t *text) { return fputws(text, stdout) < 0 || fputc('\n', stdout) == EOF ? -1 : 0; }

wchar_t *wcsncat(wchar_t *to, const wchar_t *from, size_t count) {
    size_t length = wcsnlen(from, count), used = wcslen(to);
    memcpy(to + used, from, length * sizeof *to);
    to[used + length] = 0;
    return to;
}

size_t wcsspn(const wchar_t *text, const wchar_t *units) {
    size_t length = 0;
    while (text[length] != 0 && wcschr(units, text[length]) != NULL) length++;
    return length;
}

size_t wcscspn(const wchar_t *text, const wchar_t *units) {
    size_t length = 0;
    while (text[length] != 0 && wcschr(units, text[length]) == NULL) length++;
    return length;
}

wchar_t *wcspbrk(const wchar_t *text, const wchar_t *units) {
    const wchar_t *at = text + wcscspn(text, units);
    return *at == 0 ? NULL : (wchar_t *)(uintptr_t)at;
}

/* A unit that is half of a character is put as the replacement character. */
wint_t fputwc(wchar_t unit, FILE *file) {
    const wchar_t text[] = { unit, 0 };
    return fputws(text, file) < 0 ? WEOF : unit;
}

/* One character of UTF-8; what UTF-16 has in two units is WEOF. */
wint_t fgetwc(FILE *file) {
    char bytes[4];
    unsigned count = 0;
    wchar_t units[2];
    int first = fgetc(file);
    if (first == EOF) return WEOF;
    unsigned more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
    bytes[count++] = (char)first;
    while (count <= more) bytes[count++] = (char)fgetc(file);
    return utf16_from_utf8(bytes, count, units, _countof(units)) == 1 ? units[0] : WEOF;
}

wint_t ungetwc(wint_t unit, FILE *file) {
    if (unit >= 0x80) stop_not_modelled("ungetwc", "a character that is not ASCII");
    return ungetc((int)unit, file) == EOF ? WEOF : unit;
}

/* --- printf ------------------------------------------------------------------------------------------------------- */

/* To be freed; NULL: no memory. */
static char *narrowed(const wchar_t *text) {
    unsigned length = (unsigned)wcslen(text);
    char *narrow = malloc((size_t)length * 3 + 1);
    if (narrow != NULL) narrow[utf8_from_utf16(text, length, narrow, length * 3 + 1)] = '\0';
    return narrow;
}

int vfwprintf(FILE *file, const wchar_t *format, va_list arguments) {
    char *narrow = narrowed(format);
    if (narrow == NULL) return -1;
    int length = stdio_print(file, narrow, true, arguments);
    free(narrow);
    return length;
}

int vwprintf(const wchar_t *format, va_list arguments) { return vfwprintf(stdout, format, arguments); }

/* The whole text, to be freed, and its length; NULL: no memory, or a format that cannot be read. */
static wchar_t *formatted(const wchar_t *format, va_list arguments, size_t *length) {
    char *narrow = narrowed(format), *text = NULL;
    va_list again;
    va_copy(again, arguments);
    int bytes = narrow == NULL ? -1 : stdio_text(NULL, 0, narrow, true, arguments);
    if (bytes >= 0) text = malloc((size_t)bytes + 1);
    wchar_t *wide = text == NULL ? NULL : malloc(((size_t)bytes + 1) * sizeof *wide);
    if (wide != NULL) {
        stdio_text(text, (size_t)bytes + 1, narrow, true, again);
        *length = utf16_from_utf8(text, (unsigned)bytes, wide, (unsigned)bytes + 1);
        wide[*length] = 0;
    }
    va_end(again);
    free(text);
    free(narrow);
    return wide;
}

/* Writes as much of the text as `most` units allow. With an end only if there is room for it. -1: it is cut. */
static int cut_format(wchar_t *text, size_t most, const wchar_t *format, va_list arguments) {
    size_t length = 0;
    wchar_t *whole = formatted(format, arguments, &length);
    if (whole == NULL) return -1;
    size_t used = length < most ? length + 1 : most;
    memcpy(text, whole, used * sizeof *text);
    free(whole);
    return length > most ? -1 : (int)length;
}

/* What does not fit gives -1: the text is cut, and ended. */
int vswprintf(wchar_t *text, size_t size, const wchar_t *format, va_list arguments) {
    if (size == 0) return -1;
    int length = cut_format(text, size - 1, format, arguments);
    if (length < 0 || (size_t)length == size - 1) text[size - 1] = 0;
    return length;
}

/* What does not fit gives -1: the text is cut, and has no end; nor has one that just fits. */
int windows_vsnwprintf(wchar_t *text, size_t most, const wchar_t *format, va_list arguments) {
    return cut_format(text, most, format, arguments);
}

/* No more than `count` units; with _TRUNCATE as many as fit. */
int windows_vsnwprintf_s(wchar_t *text, size_t size, size_t count, const wchar_t *format, va_list arguments) {
    return vswprintf(text, count < size ? count + 1 : size, format, arguments);
}

#define WITH_ARGUMENTS(call) \
    va_list arguments; \
    va_start(arguments, format); \
    int done = call; \
    va_end(arguments); \
    return done

int wprintf(const wchar_t *format, ...) { WITH_ARGUMENTS(vwprintf(format, arguments)); }
int fwprintf(FILE *file, const wchar_t *format, ...) { WITH_ARGUMENTS(vfwprintf(file, format, arguments)); }
int swprintf(wchar_t *text, size_t size, const wchar_t *format, ...) {
    WITH_ARGUMENTS(vswprintf(text, size, format, arguments));
}

int swprintf_s(wchar_t *text, size_t size, const wchar_t *format, ...) {
    WITH_ARGUMENTS(vswprintf(text, size, format, arguments));
}

int windows_snwprintf(wchar_t *text, size_t most, const wchar_t *format, ...) {
    WITH_ARGUMENTS(windows_vsnwprintf(text, most, format, arguments));
}

int windows_snwprintf_s(wchar_t *text, size_t size, size_t count, const wchar_t *format, ...) {
    WITH_ARGUMENTS(windows_vsnwprintf_s(text, size, count, format, arguments));
}

/* user32's: no more than 1024 units with the end. */
enum { WSPRINTF_UNITS = 1024 };
int windows_wvsprintf(LPWSTR text, LPCWSTR format, va_list arguments) {
    return vswprintf(text, WSPRINTF_UNITS, format, arguments);
}
int windows_wsprintf(LPWSTR text, LPCWSTR format, ...) { WITH_ARGUMENTS(windows_wvsprintf(text, format, arguments)); }

int lstrcmpW(LPCWSTR one, LPCWSTR other) { return wcscmp(one, other); }
int lstrcmpiW(LPCWSTR one, LPCWSTR other) { return _wcsicmp(one, other); }
LPWSTR lstrcpyW(LPWSTR to, LPCWSTR from) { return wcscpy(to, from); }
LPWSTR lstrcatW(LPWSTR to, LPCWSTR from) { return wcscat(to, from); }

/* `size` counts the 0; what does not fit is cut. */
LPWSTR lstrcpynW(LPWSTR to, LPCWSTR from, int size) {
    size_t length = wcsnlen(from, size > 0 ? (size_t)size - 1 : 0);
    memmove(to, from, length * sizeof *to);
    if (size > 0) to[length] = 0;
    return to;
}

errno_t wcscpy_s(wchar_t *to, rsize_t size, const wchar_t *from) {
    if (to == NULL || from == NULL || size == 0) return EINVAL;
    if (wcslen(from) >= size) {
        to[0] = 0;
        return ERANGE;
    }
    wcscpy(to, from);
    return 0;
}

errno_t wcscat_s(wchar_t *to, rsize_t size, const wchar_t *from) {
    size_t used = wcsnlen(to, size);
    return used == size ? EINVAL : wcscpy_s(to + used, size - used, from);
}

size_t wcsftime(wchar_t *text, size_t size, const wchar_t *format, const struct tm *when) {
    char all[1024];
    char *narrow = narrowed(format);
    size_t length = narrow == NULL ? 0 : strftime(all, sizeof all, narrow, when);
    free(narrow);
    size_t used = utf16_from_utf8(all, (unsigned)length, text, (unsigned)size);
    if (length == 0 || used >= size) return 0;
    text[used] = 0;
    return used;
}

HRESULT StringCchVPrintfW(LPWSTR text, size_t size, LPCWSTR format, va_list arguments) {
    int length = vswprintf(text, size, format, arguments);
    return length >= 0 && (size_t)length < size ? S_OK : STRSAFE_E_INSUFFICIENT_BUFFER;
}

HRESULT StringCchPrintfW(LPWSTR text, size_t size, LPCWSTR format, ...) {
    va_list arguments;
    va_start(arguments, format);
    HRESULT result = StringCchVPrintfW(text, size, format, arguments);
    va_end(arguments);
    return result;
}

HRESULT StringCchCopyW(LPWSTR to, size_t size, LPCWSTR from) { return StringCchPrintfW(to, size, L"%s", from); }

HRESULT StringCchCatW(LPWSTR to, size_t size, LPCWSTR from) {
    size_t used = wcsnlen(to, size);
    return StringCchPrintfW(to + used, size - used, L"%s", from);
}

HRESULT StringCchLengthW(LPCWSTR text, size_t most, size_t *length) {
    size_t found = wcsnlen(text, most);
    if (length != NULL) *length = found < most ? found : 0;
    return found < most ? S_OK : STRSAFE_E_INVALID_PARAMETER;
}

int windows_vscwprintf(const wchar_t *format, va_list arguments) {
    size_t length = 0;
    wchar_t *whole = formatted(format, arguments, &length);
    bool known = whole != NULL;
    free(whole);
    return known ? (int)length : -1;
}

int windows_scwprintf(const wchar_t *format, ...) { WITH_ARGUMENTS(windows_vscwprintf(format, arguments)); }

/* --- scanf -------------------------------------------------------------------------------------------------------- */

enum { SCANNED_MAX = 12, SCANNED_BYTES = 1024 };

/* Where one conversion is stored. Wide text comes as narrow text first. */
struct target {
    void *to;
    bool is_wide;
    bool is_one; /* character, without an end */
    size_t size; /* in units, of the _s functions; else SIZE_MAX */
    char narrow[SCANNED_BYTES];
};

/* The conversions of a wide format, with a narrow format that stores wide text in between. False: it has too many. */
static bool take_targets(const wchar_t *format, bool sizes, va_list arguments, struct target *targets, char *narrow,
                         size_t room) {
    unsigned count = 0;
    char *own = narrowed(format);
    size_t used = 0;
    for (const char *at = own; at != NULL && *at != '\0';) {
        if (used + 24 > room || count == SCANNED_MAX) break;
        narrow[used++] = *at;
        if (*at++ != '%') continue;
        size_t prefix = strspn(at, "*0123456789hlLqjztI6432w");
        const char letter = at[prefix];
        bool is_text = letter != '\0' && strchr("scSC[", letter) != NULL;
        bool is_narrow = letter == 'S' || letter == 'C' || memchr(at, 'h', prefix) != NULL;
        for (size_t i = 0; i < prefix; i++)
            if (!is_text || strchr("hlw", at[i]) == NULL) narrow[used++] = at[i];
        at += prefix;
        bool is_stored = at[-(ptrdiff_t)prefix] != '*' && letter != '%';
        if (is_text && is_stored && !isdigit((unsigned char)narrow[used - 1]) && letter != 'c' && letter != 'C')
            used += (size_t)sprintf(narrow + used, "%d", SCANNED_BYTES - 1);
        narrow[used++] = letter == 'S' ? 's' : letter == 'C' ? 'c' : letter;
        if (letter == '\0') break;
        at++;
        if (letter == '[' && *at == '^') narrow[used++] = *at++;
        if (!is_stored) continue;
        struct target *target = &targets[count++];
        *target = (struct target){ .to = va_arg(arguments, void *), .is_wide = is_text && !is_narrow };
        target->is_one = letter == 'c' || letter == 'C';
        target->size = sizes && is_text ? va_arg(arguments, unsigned) : SIZE_MAX;
    }
    free(own);
    narrow[used] = '\0';
    return count < SCANNED_MAX;
}

/* False: it does not fit. */
static bool give_wide(const struct target *target) {
    unsigned length = target->is_one ? 1 : (unsigned)strlen(target->narrow);
    wchar_t wide[SCANNED_BYTES];
    unsigned units = utf16_from_utf8(target->narrow, length, wide, SCANNED_BYTES);
    if (units + (target->is_one ? 0 : 1) > target->size) return false;
    memcpy(target->to, wide, units * sizeof wide[0]);
    if (!target->is_one) ((wchar_t *)target->to)[units] = 0;
    return true;
}

static int scan_narrow(const char *text, const char *format, ...) {
    WITH_ARGUMENTS(stdio_scan(text, format, arguments));
}

static int scan_wide(const wchar_t *text, const wchar_t *format, bool sizes, va_list arguments) {
    static struct target targets[SCANNED_MAX];
    char narrow_format[512];
    void *to[SCANNED_MAX];
    if (!take_targets(format, sizes, arguments, targets, narrow_format, sizeof narrow_format))
        stop_not_modelled("swscanf", "a format with more than 11 conversions");
    for (unsigned i = 0; i < SCANNED_MAX; i++) to[i] = targets[i].is_wide ? targets[i].narrow : targets[i].to;
    char *narrow = narrowed(text);
    if (narrow == NULL) return EOF;
    int count = scan_narrow(narrow, narrow_format, to[0], to[1], to[2], to[3], to[4], to[5], to[6], to[7], to[8], to[9],
                            to[10], to[11]);
    free(narrow);
    for (int i = 0; i < count; i++)
        if (targets[i].is_wide && !give_wide(&targets[i])) return i;
    return count;
}

int windows_swscanf(const wchar_t *text, const wchar_t *format, ...) {
    WITH_ARGUMENTS(scan_wide(text, format, false, arguments));
}

/* A size that is too small ends it, as what does not match does. */
int windows_swscanf_s(const wchar_t *text, const wchar_t *format, ...) {
    WITH_ARGUMENTS(scan_wide(text, format, true, arguments));
}

wchar_t *windows_fgetws(wchar_t *text, int size, FILE *file) {
    char *narrow = size <= 0 ? NULL : malloc((size_t)size);
    wchar_t *got = NULL;
    if (narrow != NULL && fgets(narrow, size, file) != NULL) {
        utf16_from_utf8(narrow, (unsigned)strlen(narrow), text, (unsigned)size);
        got = text;
    }
    free(narrow);
    return got;
}

/* --- what the C++ library's std::wstring is made of --------------------------------------------------------------- */

/* The C library's own names, for templates that are compiled with the program; libstdc++.so, whose wide characters have
 * 32 bits, asks for none of them in the C locale. */
#define OF_TEMPLATES(result, name, parameters, ...) \
    result template_##name parameters __asm__(#name); \
    result template_##name parameters { return __VA_ARGS__; }

OF_TEMPLATES(size_t, wcslen, (const wchar_t *text), windows_wcslen(text))
OF_TEMPLATES(int, wcscmp, (const wchar_t *one, const wchar_t *other), windows_wcscmp(one, other))
OF_TEMPLATES(long, wcstol, (const wchar_t *text, wchar_t **end, int base), (long)number(text, end, base))
OF_TEMPLATES(unsigned long, wcstoul, (const wchar_t *text, wchar_t **end, int base),
             (unsigned long)number(text, end, base))
OF_TEMPLATES(long long, wcstoll, (const wchar_t *text, wchar_t **end, int base), number(text, end, base))
OF_TEMPLATES(unsigned long long, wcstoull, (const wchar_t *text, wchar_t **end, int base),
             (unsigned long long)number(text, end, base))
OF_TEMPLATES(int, vswprintf, (wchar_t * text, size_t size, const wchar_t *format, va_list arguments),
             windows_vswprintf(text, size, format, arguments))
OF_TEMPLATES(wchar_t *, wmemcpy, (wchar_t * to, const wchar_t *from, size_t count),
             memcpy(to, from, count * sizeof *to))
OF_TEMPLATES(wchar_t *, wmemmove, (wchar_t * to, const wchar_t *from, size_t count),
             memmove(to, from, count * sizeof *to))

static int compared(const wchar_t *one, const wchar_t *other, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (one[i] != other[i]) return one[i] < other[i] ? -1 : 1;
    return 0;
}

static wchar_t *found(const wchar_t *text, wchar_t unit, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (text[i] == unit) return (wchar_t *)(uintptr_t)(text + i);
    return NULL;
}

static wchar_t *filled(wchar_t *to, wchar_t unit, size_t count) {
    for (size_t i = 0; i < count; i++) to[i] = unit;
    return to;
}

OF_TEMPLATES(int, wmemcmp, (const wchar_t *one, const wchar_t *other, size_t count), compared(one, other, count))
OF_TEMPLATES(wchar_t *, wmemchr, (const wchar_t *text, wchar_t unit, size_t count), found(text, unit, count))
OF_TEMPLATES(wchar_t *, wmemset, (wchar_t * to, wchar_t unit, size_t count), filled(to, unit, count))
