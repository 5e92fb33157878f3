#include "conformance/agent/system/windows_headers.h"

#include "conformance/agent/system/files.h"

#include <assert.h>
#include <io.h>
#include <stdlib.h>

/* From so many characters on a path is given in the form that has no limit of 260; a file's name may still be added. */
enum { LONG_PATH_MIN = 180 };

/* A whole path behind `\\?\`. False when it is longer than there is room. */
static bool make_long(wchar_t wide[PATH_BYTES_MAX]) {
    wchar_t whole[PATH_BYTES_MAX];
    if (wcsncmp(wide, L"\\\\?\\", 4) == 0) return true;
    DWORD length = GetFullPathNameW(wide, PATH_BYTES_MAX, whole, NULL);
    bool network = length > 2 && whole[0] == L'\\' && whole[1] == L'\\';
    const wchar_t *prefix = network ? L"\\\\?\\UNC" : L"\\\\?\\";
    if (length == 0 || length + wcslen(prefix) >= PATH_BYTES_MAX) return false;
    wcscpy(wide, prefix);
    wcscat(wide, network ? whole + 1 : whole);
    return true;
}

static bool widen(const char *path, wchar_t wide[PATH_BYTES_MAX]) {
    assert(path != NULL);
    if (MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path, -1, wide, PATH_BYTES_MAX) == 0) return false;
    for (wchar_t *at = wide; *at != L'\0'; at++) {
        if (*at == L'/') *at = L'\\';
    }
    return wcslen(wide) < LONG_PATH_MIN || make_long(wide);
}

FILE *file_open(const char *path, const char *mode) {
    wchar_t wide[PATH_BYTES_MAX], wide_mode[PATH_BYTES_MAX];
    if (!widen(path, wide) || !widen(mode, wide_mode)) return NULL;
    return _wfopen(wide, wide_mode);
}

/* Of reparse points only those that stand for another name are links; files of a deduplicated volume, or kept in a
 * cloud, are reparse points too. */
static enum entry_kind kind_of(const WIN32_FIND_DATAW *entry) {
    bool reparse = (entry->dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0;
    bool folder = (entry->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
    if (!folder) return ENTRY_FILE;
    return reparse && IsReparseTagNameSurrogate(entry->dwReserved0) ? ENTRY_LINK : ENTRY_FOLDER;
}

static bool take_entry(const WIN32_FIND_DATAW *entry, bool (*take)(void *self, const char *name, enum entry_kind kind),
                       void *self) {
    char name[PATH_BYTES_MAX];
    if (WideCharToMultiByte(CP_UTF8, 0, entry->cFileName, -1, name, sizeof name, NULL, NULL) == 0) return false;
    return take(self, name, kind_of(entry));
}

bool folder_walk(const char *folder, bool (*take)(void *self, const char *name, enum entry_kind kind), void *self) {
    char pattern[PATH_BYTES_MAX];
    wchar_t wide[PATH_BYTES_MAX];
    int length = snprintf(pattern, sizeof pattern, "%s/*", folder);
    if (length < 0 || (size_t)length >= sizeof pattern || !widen(pattern, wide)) return false;
    WIN32_FIND_DATAW entry;
    HANDLE search = FindFirstFileW(wide, &entry);
    if (search == INVALID_HANDLE_VALUE) return false;
    bool good = true;
    do good = take_entry(&entry, take, self);
    while (good && FindNextFileW(search, &entry));
    FindClose(search);
    return good;
}

void folder_create(const char *path) {
    wchar_t wide[PATH_BYTES_MAX];
    if (widen(path, wide)) CreateDirectoryW(wide, NULL);
}

bool file_replace(const char *path, const char *by) {
    wchar_t wide[PATH_BYTES_MAX], wide_by[PATH_BYTES_MAX];
    assert(path != NULL && by != NULL);
    return widen(path, wide) && widen(by, wide_by) &&
           MoveFileExW(wide_by, wide, MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH);
}

bool file_commit(FILE *file) { return fflush(file) == 0 && _commit(_fileno(file)) == 0; }

bool file_remove(const char *path) {
    wchar_t wide[PATH_BYTES_MAX];
    return widen(path, wide) && DeleteFileW(wide);
}

bool file_is_there(const char *path) {
    wchar_t wide[PATH_BYTES_MAX];
    return widen(path, wide) && GetFileAttributesW(wide) != INVALID_FILE_ATTRIBUTES;
}

struct file_lock {
    HANDLE file;
};

/* No one else can open it, and the system deletes it when its holder is gone. */
struct file_lock *file_lock_take(const char *path) {
    wchar_t wide[PATH_BYTES_MAX];
    if (!widen(path, wide)) return NULL;
    DWORD flags = FILE_ATTRIBUTE_NORMAL | FILE_FLAG_DELETE_ON_CLOSE;
    HANDLE file = CreateFileW(wide, GENERIC_READ | GENERIC_WRITE | DELETE, 0, NULL, OPEN_ALWAYS, flags, NULL);
    if (file == INVALID_HANDLE_VALUE) return NULL;
    SetHandleInformation(file, HANDLE_FLAG_PROTECT_FROM_CLOSE,
                         HANDLE_FLAG_PROTECT_FROM_CLOSE); /* from a scenario's wild numbers */
    struct file_lock *lock = malloc(sizeof *lock);
    assert(lock != NULL);
    lock->file = file;
    return lock;
}

void file_lock_release(struct file_lock *lock) {
    SetHandleInformation(lock->file, HANDLE_FLAG_PROTECT_FROM_CLOSE, 0);
    CloseHandle(lock->file);
    free(lock);
}
