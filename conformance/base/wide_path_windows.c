#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include "conformance/base/wide_path.h"

#include <assert.h>
#include <errno.h>

/* From so many characters on a path is given in the form that has no limit of 260; a file's name may still be added. */
enum { LONG_PATH_MIN = 180 };

/* A whole path after `\\?\`. False when it is longer than there is room. */
static bool make_long(wchar_t wide[FOLDER_PATH_MAX]) {
    wchar_t whole[FOLDER_PATH_MAX];
    if (wcsncmp(wide, L"\\\\?\\", 4) == 0) return true;
    DWORD length = GetFullPathNameW(wide, FOLDER_PATH_MAX, whole, NULL);
    bool network = length > 2 && whole[0] == L'\\' && whole[1] == L'\\';
    const wchar_t *prefix = network ? L"\\\\?\\UNC" : L"\\\\?\\";
    if (length == 0 || length + wcslen(prefix) >= FOLDER_PATH_MAX) return false;
    wcscpy(wide, prefix);
    wcscat(wide, network ? whole + 1 : whole);
    return true;
}

bool wide_path(const char *path, wchar_t wide[FOLDER_PATH_MAX]) {
    assert(path != NULL);
    if (MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path, -1, wide, FOLDER_PATH_MAX) == 0) {
        errno = GetLastError() == ERROR_INSUFFICIENT_BUFFER ? ENAMETOOLONG : EILSEQ;
        return false;
    }
    for (wchar_t *at = wide; *at != L'\0'; at++) {
        if (*at == L'/') *at = L'\\';
    }
    bool fits = wcslen(wide) < LONG_PATH_MIN || make_long(wide);
    if (!fits) errno = ENAMETOOLONG;
    return fits;
}
