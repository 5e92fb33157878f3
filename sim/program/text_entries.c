/* Text: narrow and wide, and what the C library of Windows has besides. */
#include "sim/program/include/win32.h"

#include <assert.h>

#include "sim/program/threads.h"
#include "sim/memory/utf16.h"

/* --- narrow and wide ---------------------------------------------------------------------------------------------- */

/* Is it UTF-8 as it should be? Then it comes back as it was. */
static bool comes_back(const char *text, unsigned length, const WCHAR *wide, unsigned units) {
    char *again = malloc((size_t)units * 3 + 1);
    bool same = again != NULL && utf8_from_utf16(wide, units, again, units * 3 + 1) == length &&
                memcmp(again, text, length) == 0;
    free(again);
    return same;
}

int MultiByteToWideChar(UINT code_page, DWORD flags, LPCSTR text, int length, LPWSTR wide, int size) {
    (void)code_page; /* everything is UTF-8 here */
    threads_enter();
    unsigned given = length < 0 ? (unsigned)strlen(text) + 1 : (unsigned)length;
    LPWSTR all = malloc((given + 1) * sizeof(WCHAR));
    if (all == NULL) return 0;
    unsigned used = utf16_from_utf8(text, given, all, given + 1);
    bool fits = size == 0 || used <= (unsigned)size;
    bool valid = (flags & MB_ERR_INVALID_CHARS) == 0 || comes_back(text, given, all, used);
    if (size > 0 && fits && valid) memcpy(wide, all, used * sizeof(WCHAR));
    free(all);
    if (!fits || !valid) thread_set_last_error(valid ? ERROR_INSUFFICIENT_BUFFER : ERROR_NO_UNICODE_TRANSLATION);
    return fits && valid ? (int)used : 0;
}

int WideCharToMultiByte(UINT code_page, DWORD flags, LPCWSTR wide, int length, LPSTR text, int size, LPCSTR replacement,
                        LPBOOL replaced) {
    (void)code_page, (void)flags, (void)replacement;
    threads_enter();
    unsigned given = length < 0 ? (unsigned)lstrlenW(wide) + 1 : (unsigned)length;
    char *all = malloc((size_t)given * 3 + 1);
    if (all == NULL) return 0;
    unsigned used = utf8_from_utf16(wide, given, all, given * 3 + 1);
    bool fits = size == 0 || used <= (unsigned)size;
    if (size > 0 && fits) memcpy(text, all, used);
    free(all);
    if (replaced != NULL) *replaced = FALSE;
    if (!fits) thread_set_last_error(ERROR_INSUFFICIENT_BUFFER);
    return fits ? (int)used : 0;
}

int lstrlenA(LPCSTR text) { return text == NULL ? 0 : (int)strlen(text); }
int lstrcmpA(LPCSTR one, LPCSTR other) { return strcmp(one, other); }
int lstrcmpiA(LPCSTR one, LPCSTR other) { return strcasecmp(one, other); }
LPSTR lstrcpyA(LPSTR to, LPCSTR from) { return strcpy(to, from); }
LPSTR lstrcatA(LPSTR to, LPCSTR from) { return strcat(to, from); }

/* `size` counts the 0; what does not fit is cut. */
LPSTR lstrcpynA(LPSTR to, LPCSTR from, int size) {
    snprintf(to, (size_t)size, "%s", from);
    return to;
}

int lstrlenW(LPCWSTR text) {
    int length = 0;
    while (text != NULL && text[length] != 0) length++;
    return length;
}

/* --- with a size -------------------------------------------------------------------------------------------------- */

errno_t memcpy_s(void *to, rsize_t size, const void *from, rsize_t count) {
    if (to == NULL || from == NULL || count > size) return count == 0 ? 0 : ERANGE;
    memcpy(to, from, count);
    return 0;
}

errno_t strncpy_s(char *to, rsize_t size, const char *from, rsize_t count) {
    if (to == NULL || from == NULL || size == 0) return EINVAL;
    size_t length = strnlen(from, count == _TRUNCATE ? size - 1 : count);
    if (length >= size) {
        to[0] = '\0';
        return ERANGE;
    }
    memcpy(to, from, length);
    to[length] = '\0';
    return 0;
}

errno_t strcpy_s(char *to, rsize_t size, const char *from) {
    return from == NULL ? EINVAL : strncpy_s(to, size, from, strlen(from));
}

errno_t strcat_s(char *to, rsize_t size, const char *from) {
    if (to == NULL || from == NULL) return EINVAL;
    size_t used = strnlen(to, size);
    return used == size ? EINVAL : strcpy_s(to + used, size - used, from);
}

errno_t fopen_s(FILE **file, const char *name, const char *mode) {
    *file = fopen(name, mode);
    return *file == NULL ? errno : 0;
}

int _snprintf_s(char *text, size_t size, size_t count, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = windows_vsnprintf(text, size, format, arguments);
    va_end(arguments);
    bool cut = length < 0 || (size_t)length >= size || (count != _TRUNCATE && (size_t)length > count);
    return cut ? -1 : length;
}

int sprintf_s(char *text, size_t size, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = windows_vsnprintf(text, size, format, arguments);
    va_end(arguments);
    return length;
}

HRESULT StringCchVPrintfA(LPSTR text, size_t size, LPCSTR format, va_list arguments) {
    int length = windows_vsnprintf(text, size, format, arguments);
    return length >= 0 && (size_t)length < size ? S_OK : STRSAFE_E_INSUFFICIENT_BUFFER;
}

HRESULT StringCchPrintfA(LPSTR text, size_t size, LPCSTR format, ...) {
    va_list arguments;
    va_start(arguments, format);
    HRESULT result = StringCchVPrintfA(text, size, format, arguments);
    va_end(arguments);
    return result;
}

HRESULT StringCchCopyA(LPSTR to, size_t size, LPCSTR from) { return StringCchPrintfA(to, size, "%s", from); }

HRESULT StringCchCatA(LPSTR to, size_t size, LPCSTR from) {
    size_t used = strnlen(to, size);
    return StringCchPrintfA(to + used, size - used, "%s", from);
}

HRESULT StringCchLengthA(LPCSTR text, size_t most, size_t *length) {
    size_t found = strnlen(text, most);
    if (length != NULL) *length = found < most ? found : 0;
    return found < most ? S_OK : STRSAFE_E_INVALID_PARAMETER;
}

int _kbhit(void) { return 0; }
int _getch(void) { return getchar(); }
