#include "conformance/agent/windows_headers.h"

#include "conformance/agent/files.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static bool widen(const char *path, wchar_t wide[PATH_BYTES_MAX]) {
    assert(path != NULL);
    if (MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path, -1, wide, PATH_BYTES_MAX) == 0) return false;
    for (wchar_t *at = wide; *at != L'\0'; at++) {
        if (*at == L'/') *at = L'\\';
    }
    return true;
}

static void add_path(struct files *files, const char *path) {
    assert(files->count <= files->capacity);
    if (files->count == files->capacity) {
        files->capacity = files->capacity == 0 ? 64 : files->capacity * 2;
        files->paths = realloc(files->paths, files->capacity * sizeof *files->paths);
    }
    assert(files->paths != NULL);
    size_t length = strlen(path) + 1;
    char *copy = malloc(length);
    assert(copy != NULL);
    memcpy(copy, path, length);
    files->paths[files->count++] = copy;
}

static bool ends_with(const char *text, const char *ending) {
    size_t length = strlen(text), ending_length = strlen(ending);
    return length > ending_length && strcmp(text + length - ending_length, ending) == 0;
}

static bool find_below(struct files *files, const char *folder, const char *below, const char *ending);

/* One entry of a folder: taken, walked, or passed over. */
static bool find_entry(struct files *files, const char *folder, const char *below, const char *ending,
                       const WIN32_FIND_DATAW *entry) {
    char name[PATH_BYTES_MAX], path[PATH_BYTES_MAX];
    if (WideCharToMultiByte(CP_UTF8, 0, entry->cFileName, -1, name, sizeof name, NULL, NULL) == 0) return false;
    if (name[0] == '.') return true;
    int length = snprintf(path, sizeof path, "%s%s%s", below, below[0] == '\0' ? "" : "/", name);
    if (length < 0 || (size_t)length >= sizeof path) return false;
    if ((entry->dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0) return true; /* may lead in a circle */
    if ((entry->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0) return find_below(files, folder, path, ending);
    if (ends_with(path, ending)) add_path(files, path);
    return true;
}

static bool find_below(struct files *files, const char *folder, const char *below, const char *ending) {
    char pattern[PATH_BYTES_MAX];
    wchar_t wide[PATH_BYTES_MAX];
    int length = snprintf(pattern, sizeof pattern, "%s/%s%s*", folder, below, below[0] == '\0' ? "" : "/");
    if (length < 0 || (size_t)length >= sizeof pattern || !widen(pattern, wide)) return false;
    WIN32_FIND_DATAW entry;
    HANDLE search = FindFirstFileW(wide, &entry);
    if (search == INVALID_HANDLE_VALUE) return false;
    bool good = true;
    do good = find_entry(files, folder, below, ending, &entry);
    while (good && FindNextFileW(search, &entry));
    FindClose(search);
    return good;
}

static int compare_paths(const void *left, const void *right) {
    const char *const *left_path = left;
    const char *const *right_path = right;
    return strcmp(*left_path, *right_path);
}

bool files_find(struct files *files, const char *folder, const char *ending) {
    assert(files != NULL && folder != NULL);
    assert(ending != NULL && ending[0] != '\0');
    if (!find_below(files, folder, "", ending)) return false;
    if (files->count > 0) qsort(files->paths, files->count, sizeof *files->paths, compare_paths);
    return true;
}

void files_free(struct files *files) {
    assert(files != NULL);
    for (size_t i = 0; i < files->count; i++) free(files->paths[i]);
    free(files->paths);
    memset(files, 0, sizeof *files);
}

char *file_read(const char *path, size_t limit, size_t *length) {
    assert(path != NULL);
    assert(length != NULL);
    wchar_t wide[PATH_BYTES_MAX];
    FILE *file = widen(path, wide) ? _wfopen(wide, L"rb") : NULL;
    if (file == NULL) return NULL;
    char *bytes = malloc(limit + 2);
    assert(bytes != NULL);
    *length = fread(bytes, 1, limit + 1, file);
    bool good = ferror(file) == 0 && *length <= limit;
    fclose(file);
    if (good) {
        bytes[*length] = '\0';
        return bytes;
    }
    free(bytes);
    return NULL;
}

FILE *file_create(const char *path) {
    assert(path != NULL);
    wchar_t wide[PATH_BYTES_MAX];
    if (!widen(path, wide)) return NULL;
    for (wchar_t *at = wide + 1; *at != L'\0'; at++) {
        if (*at != L'\\') continue;
        *at = L'\0';
        CreateDirectoryW(wide, NULL); /* may be there already; a failure shows when the file is opened */
        *at = L'\\';
    }
    return _wfopen(wide, L"wb");
}

bool file_replace(const char *path, const char *by) {
    wchar_t wide[PATH_BYTES_MAX], wide_by[PATH_BYTES_MAX];
    assert(path != NULL && by != NULL);
    return widen(path, wide) && widen(by, wide_by) && MoveFileExW(wide_by, wide, MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH);
}
