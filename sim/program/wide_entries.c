/* The C library's wide functions, with characters of 16 bits. This file and wmain.c are compiled with -fshort-wchar. */
#include "sim/program/stdio_entries.h"

#include "sim/program/stop.h"
#include "stack/winsock/utf16.h"

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

/* What does not fit is cut. */
int vswprintf(wchar_t *text, size_t size, const wchar_t *format, va_list arguments) {
    char *narrow = narrowed(format), small[4096];
    int length = narrow == NULL ? -1 : stdio_text(small, sizeof small, narrow, true, arguments);
    free(narrow);
    if (length < 0 || (size_t)length >= sizeof small || size == 0) return -1;
    unsigned used = utf16_from_utf8(small, (unsigned)length, text, (unsigned)size);
    return (int)used;
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
    char *narrow = narrowed(format), *text = NULL;
    va_list again;
    va_copy(again, arguments);
    int bytes = narrow == NULL ? -1 : stdio_text(NULL, 0, narrow, true, arguments), units = -1;
    if (bytes >= 0) text = malloc((size_t)bytes + 1);
    wchar_t *wide = text == NULL ? NULL : malloc(((size_t)bytes + 1) * sizeof *wide);
    if (wide != NULL) {
        stdio_text(text, (size_t)bytes + 1, narrow, true, again);
        units = (int)utf16_from_utf8(text, (unsigned)bytes, wide, (unsigned)bytes + 1);
    }
    va_end(again);
    free(wide);
    free(text);
    free(narrow);
    return units;
}

int windows_scwprintf(const wchar_t *format, ...) { WITH_ARGUMENTS(windows_vscwprintf(format, arguments)); }

/* Numbers only: they are stored as scanf stores them. */
int windows_swscanf(const wchar_t *text, const wchar_t *format, ...) {
    char *narrow = narrowed(text), *narrow_format = narrowed(format);
    for (const char *at = narrow_format; at != NULL && (at = strchr(at, '%')) != NULL; at++) {
        at += 1 + strspn(at + 1, "*0123456789hlI");
        if (strchr("scSC[", *at) != NULL && *at != '\0') stop_not_modelled("swscanf", "text");
        if (*at == '\0') break;
    }
    va_list arguments;
    va_start(arguments, format);
    int count = narrow == NULL || narrow_format == NULL ? EOF : stdio_scan(narrow, narrow_format, arguments);
    va_end(arguments);
    free(narrow);
    free(narrow_format);
    return count;
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
