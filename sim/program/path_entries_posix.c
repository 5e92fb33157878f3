/* kernel32: files by their names - folders, copies, moves, searches. They are those of the system that the program runs
 * on (file_entries_posix.c). */
#include "sim/program/paths.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/program/stop.h"
#include "sim/program/threads.h"
#include "sim/memory/utf16.h"

#undef free
#undef snprintf

/* --- folders ------------------------------------------------------------------------------------------------------ */

BOOL CreateDirectoryW(LPCWSTR name, LPSECURITY_ATTRIBUTES attributes) {
    char text[PATH_UNITS_MAX];
    return CreateDirectoryA(path_narrow(name, text), attributes);
}

BOOL RemoveDirectoryA(LPCSTR name) {
    char path[PATH_UNITS_MAX];
    threads_enter();
    if (rmdir(path_of(name, path)) == 0) return TRUE;
    bool has_files = errno == ENOTEMPTY || errno == EEXIST;
    path_fails();
    if (has_files) thread_set_last_error(ERROR_DIR_NOT_EMPTY);
    return FALSE;
}

BOOL RemoveDirectoryW(LPCWSTR name) {
    char text[PATH_UNITS_MAX];
    return RemoveDirectoryA(path_narrow(name, text));
}

BOOL SetCurrentDirectoryA(LPCSTR name) {
    char path[PATH_UNITS_MAX];
    threads_enter();
    return chdir(path_of(name, path)) == 0 ? TRUE : path_fails();
}

BOOL SetCurrentDirectoryW(LPCWSTR name) {
    char text[PATH_UNITS_MAX];
    return SetCurrentDirectoryA(path_narrow(name, text));
}

DWORD GetCurrentDirectoryW(DWORD size, LPWSTR path) {
    char text[PATH_UNITS_MAX];
    GetCurrentDirectoryA(sizeof text, text);
    return path_give(text, NULL, path, size);
}

/* --- names -------------------------------------------------------------------------------------------------------- */

static void full_path(LPCSTR name, char full[2 * PATH_UNITS_MAX]) {
    char path[PATH_UNITS_MAX], folder[PATH_UNITS_MAX] = "";
    path_of(name, path);
    bool is_full = path[0] == '/';
    if (!is_full) GetCurrentDirectoryA(sizeof folder, folder);
    snprintf(full, (size_t)2 * PATH_UNITS_MAX, "%s%s%s", folder, is_full ? "" : "/", path);
}

DWORD GetFullPathNameA(LPCSTR name, DWORD size, LPSTR full, LPSTR *file) {
    char text[2 * PATH_UNITS_MAX];
    full_path(name, text);
    DWORD length = path_give(text, full, NULL, size);
    if (file != NULL && length < size) *file = strrchr(full, '/') + 1;
    return length;
}

DWORD GetFullPathNameW(LPCWSTR name, DWORD size, LPWSTR full, LPWSTR *file) {
    char narrow[PATH_UNITS_MAX], text[2 * PATH_UNITS_MAX];
    full_path(path_narrow(name, narrow), text);
    DWORD length = path_give(text, NULL, full, size);
    if (file == NULL || length >= size) return length;
    for (LPWSTR at = full; *at != 0; at++)
        if (*at == '/') *file = at + 1;
    return length;
}

/* FOLDER/PREFIXnnnn.TMP, with the first number whose file is not there; that file is made. With a number of the
 * caller's nothing is made. */
UINT GetTempFileNameA(LPCSTR folder, LPCSTR prefix, UINT number, LPSTR name) {
    char path[PATH_UNITS_MAX];
    int file = -1;
    threads_enter();
    path_of(folder, path);
    size_t length = strlen(path);
    const char *separator = length > 0 && path[length - 1] == '/' ? "" : "/";
    for (UINT tried = number != 0 ? number : 1; tried <= 0xFFFF; tried++) {
        snprintf(name, MAX_PATH, "%s%s%.3s%X.TMP", path, separator, prefix, tried & 0xFFFF);
        if (number != 0) return number;
        file = open(name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
        if (file >= 0) return close(file), tried;
        if (errno != EEXIST) break;
    }
    path_fails();
    return 0;
}

UINT GetTempFileNameW(LPCWSTR folder, LPCWSTR prefix, UINT number, LPWSTR name) {
    char narrow_folder[PATH_UNITS_MAX], narrow_prefix[PATH_UNITS_MAX], text[MAX_PATH];
    UINT made = GetTempFileNameA(path_narrow(folder, narrow_folder), path_narrow(prefix, narrow_prefix), number, text);
    if (made != 0) path_give(text, NULL, name, MAX_PATH);
    return made;
}

BOOL PathFileExistsA(LPCSTR path) { return GetFileAttributesA(path) != INVALID_FILE_ATTRIBUTES; }
BOOL PathFileExistsW(LPCWSTR path) { return GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES; }

/* The last part, with the separator that ends it if there is one. */
LPSTR PathFindFileNameA(LPCSTR path) {
    LPCSTR found = path;
    for (LPCSTR at = path; *at != '\0'; at++)
        if ((*at == '\\' || *at == '/' || *at == ':') && at[1] != '\0' && at[1] != '\\' && at[1] != '/') found = at + 1;
    return (LPSTR)(uintptr_t)found;
}

LPWSTR PathFindFileNameW(LPCWSTR path) {
    LPCWSTR found = path;
    for (LPCWSTR at = path; *at != 0; at++)
        if ((*at == '\\' || *at == '/' || *at == ':') && at[1] != 0 && at[1] != '\\' && at[1] != '/') found = at + 1;
    return (LPWSTR)(uintptr_t)found;
}

/* --- copies and moves --------------------------------------------------------------------------------------------- */

static bool copy_all(int from, int to) {
    char bytes[16384];
    ssize_t got;
    while ((got = read(from, bytes, sizeof bytes)) > 0)
        for (ssize_t put = 0, now; put < got; put += now)
            if ((now = write(to, bytes + put, (size_t)(got - put))) <= 0) return false;
    return got == 0;
}

BOOL CopyFileA(LPCSTR from, LPCSTR to, BOOL fail_if_there) {
    char path[PATH_UNITS_MAX];
    threads_enter();
    int source = open(path_of(from, path), O_RDONLY | O_CLOEXEC);
    if (source < 0) return path_fails();
    int target = open(path_of(to, path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | (fail_if_there ? O_EXCL : 0), 0666);
    bool copied = target >= 0 && copy_all(source, target);
    if (!copied) path_fails();
    if (target >= 0) close(target);
    close(source);
    return copied;
}

BOOL CopyFileW(LPCWSTR from, LPCWSTR to, BOOL fail_if_there) {
    char narrow_from[PATH_UNITS_MAX], narrow_to[PATH_UNITS_MAX];
    return CopyFileA(path_narrow(from, narrow_from), path_narrow(to, narrow_to), fail_if_there);
}

/* Without MOVEFILE_REPLACE_EXISTING what is there stays. */
BOOL MoveFileExA(LPCSTR from, LPCSTR to, DWORD flags) {
    char path_from[PATH_UNITS_MAX], path_to[PATH_UNITS_MAX];
    struct stat status;
    threads_enter();
    if (to == NULL) stop_not_modelled("MoveFileEx", "a file that goes away at the next restart");
    path_of(from, path_from);
    path_of(to, path_to);
    if ((flags & MOVEFILE_REPLACE_EXISTING) == 0 && lstat(path_to, &status) == 0)
        return thread_set_last_error(ERROR_ALREADY_EXISTS), FALSE;
    if (rename(path_from, path_to) == 0) return TRUE;
    if (errno != EXDEV || (flags & MOVEFILE_COPY_ALLOWED) == 0) return path_fails();
    return CopyFileA(from, to, FALSE) && DeleteFileA(from);
}

BOOL MoveFileExW(LPCWSTR from, LPCWSTR to, DWORD flags) {
    char narrow_from[PATH_UNITS_MAX], narrow_to[PATH_UNITS_MAX];
    return MoveFileExA(path_narrow(from, narrow_from), to == NULL ? NULL : path_narrow(to, narrow_to), flags);
}

BOOL MoveFileA(LPCSTR from, LPCSTR to) { return MoveFileExA(from, to, MOVEFILE_COPY_ALLOWED); }
BOOL MoveFileW(LPCWSTR from, LPCWSTR to) { return MoveFileExW(from, to, MOVEFILE_COPY_ALLOWED); }

/* --- times -------------------------------------------------------------------------------------------------------- */

/* From 1601, in units of 100 ns. */
static FILETIME time_of(struct timespec when) {
    uint64_t ticks = ((uint64_t)when.tv_sec + 11644473600u) * 10000000u + (uint64_t)when.tv_nsec / 100;
    return (FILETIME){ (DWORD)ticks, (DWORD)(ticks >> 32) };
}

BOOL GetFileTime(HANDLE handle, LPFILETIME created, LPFILETIME read, LPFILETIME written) {
    struct stat status;
    int file = path_descriptor(handle);
    if (file < 0) return FALSE;
    if (fstat(file, &status) != 0) return path_fails();
    if (created != NULL) *created = time_of(status.st_ctim);
    if (read != NULL) *read = time_of(status.st_atim);
    if (written != NULL) *written = time_of(status.st_mtim);
    return TRUE;
}

/* --- searches ----------------------------------------------------------------------------------------------------- */

/* What a search has found, by name, and how far it was handed out. */
struct search {
    char folder[PATH_UNITS_MAX];
    struct dirent **entries;
    int count, next;
};

static int by_name(const struct dirent **one, const struct dirent **other) {
    int order = strcasecmp((*one)->d_name, (*other)->d_name);
    return order != 0 ? order : strcmp((*one)->d_name, (*other)->d_name);
}

/* The next one whose name matches. Names have no case; *.* is all, with a dot or without. */
static bool next_found(struct search *search, LPWIN32_FIND_DATAA data) {
    if (search->next >= search->count) return thread_set_last_error(ERROR_NO_MORE_FILES), false;
    const char *name = search->entries[search->next++]->d_name;
    char path[2 * PATH_UNITS_MAX];
    struct stat status = { .st_size = 0 };
    snprintf(path, sizeof path, "%s/%s", search->folder, name);
    memset(data, 0, sizeof *data);
    (void)stat(path, &status);
    data->dwFileAttributes = S_ISDIR(status.st_mode) ? FILE_ATTRIBUTE_DIRECTORY : FILE_ATTRIBUTE_NORMAL;
    data->ftCreationTime = time_of(status.st_ctim);
    data->ftLastAccessTime = time_of(status.st_atim);
    data->ftLastWriteTime = time_of(status.st_mtim);
    data->nFileSizeHigh = (DWORD)((uint64_t)status.st_size >> 32);
    data->nFileSizeLow = (DWORD)status.st_size;
    snprintf(data->cFileName, sizeof data->cFileName, "%s", name);
    return true;
}

/* With * for any characters and ? for one; letters have no case. */
static bool matches(const char *pattern, const char *name) {
    for (; *pattern != '\0' && *pattern != '*'; pattern++, name++)
        if (*name == '\0' || (*pattern != '?' && tolower((unsigned char)*pattern) != tolower((unsigned char)*name)))
            return false;
    if (*pattern == '\0') return *name == '\0';
    for (;; name++) {
        if (matches(pattern + 1, name)) return true;
        if (*name == '\0') return false;
    }
}

static void end_search(struct search *search) {
    for (int i = 0; i < search->count; i++) free(search->entries[i]);
    free(search->entries);
    free(search);
}

HANDLE FindFirstFileA(LPCSTR name, LPWIN32_FIND_DATAA data) {
    char path[PATH_UNITS_MAX];
    threads_enter();
    path_of(name, path);
    char *slash = strrchr(path, '/');
    const char *pattern = slash == NULL ? path : slash + 1;
    if (strcmp(pattern, "*.*") == 0) pattern = "*";
    struct search *search = calloc(1, sizeof *search);
    if (search == NULL) return thread_set_last_error(ERROR_NOT_ENOUGH_MEMORY), INVALID_HANDLE_VALUE;
    snprintf(search->folder, sizeof search->folder, "%.*s", slash == NULL ? 1 : (int)(slash - path) + (slash == path),
             slash == NULL ? "." : path);
    search->count = scandir(search->folder, &search->entries, NULL, by_name);
    bool has_folder = search->count >= 0;
    int kept = 0;
    for (int i = 0; i < search->count; i++) {
        struct dirent *entry = search->entries[i];
        if (matches(pattern, entry->d_name)) search->entries[kept++] = entry;
        else free(entry);
    }
    search->count = kept;
    if (kept > 0 && next_found(search, data)) return search;
    end_search(search);
    thread_set_last_error(has_folder ? ERROR_FILE_NOT_FOUND : ERROR_PATH_NOT_FOUND);
    return INVALID_HANDLE_VALUE;
}

BOOL FindNextFileA(HANDLE search, LPWIN32_FIND_DATAA data) {
    threads_enter();
    return next_found(search, data);
}

BOOL FindClose(HANDLE search) {
    threads_enter();
    if (search == NULL || search == INVALID_HANDLE_VALUE) return thread_set_last_error(ERROR_INVALID_HANDLE), FALSE;
    end_search(search);
    return TRUE;
}

static void widen_found(const WIN32_FIND_DATAA *narrow, LPWIN32_FIND_DATAW wide) {
    static_assert(offsetof(WIN32_FIND_DATAA, cFileName) == offsetof(WIN32_FIND_DATAW, cFileName), "one layout");
    memset(wide, 0, sizeof *wide);
    memcpy(wide, narrow, offsetof(WIN32_FIND_DATAA, cFileName));
    path_give(narrow->cFileName, NULL, wide->cFileName, _countof(wide->cFileName));
}

HANDLE FindFirstFileW(LPCWSTR name, LPWIN32_FIND_DATAW data) {
    char text[PATH_UNITS_MAX];
    WIN32_FIND_DATAA narrow;
    HANDLE search = FindFirstFileA(path_narrow(name, text), &narrow);
    if (search != INVALID_HANDLE_VALUE) widen_found(&narrow, data);
    return search;
}

BOOL FindNextFileW(HANDLE search, LPWIN32_FIND_DATAW data) {
    WIN32_FIND_DATAA narrow;
    bool found = FindNextFileA(search, &narrow);
    if (found) widen_found(&narrow, data);
    return found;
}
