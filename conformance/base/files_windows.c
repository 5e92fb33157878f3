#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include "conformance/base/files.h"

#include <assert.h>
#include <errno.h>
#include <io.h>
#include <string.h>

#include "conformance/base/files_system.h"
#include "conformance/base/memory.h"
#include "conformance/base/wide_path.h"

/* The last error as errno has it, as far as a message would differ. */
static bool fail(void) {
    switch (GetLastError()) {
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND: errno = ENOENT; break;
    case ERROR_ALREADY_EXISTS:
    case ERROR_FILE_EXISTS: errno = EEXIST; break;
    case ERROR_DISK_FULL:
    case ERROR_HANDLE_DISK_FULL: errno = ENOSPC; break;
    default: errno = EACCES; break;
    }
    return false;
}

bool system_is_slash(char byte) { return byte == '/' || byte == '\\'; }

bool system_make_folder(const char *path) {
    wchar_t wide[FOLDER_PATH_MAX];
    return wide_path(path, wide) && (CreateDirectoryW(wide, NULL) || fail());
}

/* INVALID_HANDLE_VALUE: not to be had. Nothing is asked of it but what it is. */
static HANDLE open_to_look(const char *path) {
    wchar_t wide[FOLDER_PATH_MAX];
    if (!wide_path(path, wide)) return INVALID_HANDLE_VALUE;
    DWORD share = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    return CreateFileW(wide, 0, share, NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS /* a folder too */, NULL);
}

bool system_is_device(const char *path) {
    HANDLE file = open_to_look(path);
    if (file == INVALID_HANDLE_VALUE) return false;
    bool device = GetFileType(file) != FILE_TYPE_DISK;
    CloseHandle(file);
    return device;
}

char *system_real_path(const char *path) { return memory_copy_text(path, strlen(path)); }

void system_copy_permissions(const char *from, const char *to) { (void)from, (void)to; /* the folder's hold */ }

enum path_kind path_kind_of(const char *path) {
    wchar_t wide[FOLDER_PATH_MAX];
    DWORD attributes = wide_path(path, wide) ? GetFileAttributesW(wide) : INVALID_FILE_ATTRIBUTES;
    if (attributes == INVALID_FILE_ATTRIBUTES) return system_is_device(path) ? PATH_FILE : PATH_MISSING;
    return (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0 ? PATH_FOLDER : PATH_FILE;
}

void path_identity(const char *path, uint64_t *device, uint64_t *number) {
    BY_HANDLE_FILE_INFORMATION information;
    assert(device != NULL && number != NULL);
    *device = *number = 0;
    HANDLE file = open_to_look(path);
    if (file == INVALID_HANDLE_VALUE) return;
    if (GetFileInformationByHandle(file, &information)) {
        *device = information.dwVolumeSerialNumber;
        *number = (uint64_t)information.nFileIndexHigh << 32 | information.nFileIndexLow;
    }
    CloseHandle(file);
}

bool path_full(const char *path, char full[FOLDER_PATH_MAX]) {
    wchar_t wide[FOLDER_PATH_MAX], whole[FOLDER_PATH_MAX];
    if (!wide_path(path, wide)) return false;
    DWORD length = GetFullPathNameW(wide, FOLDER_PATH_MAX, whole, NULL);
    if (length == 0 || length >= FOLDER_PATH_MAX) return false;
    return WideCharToMultiByte(CP_UTF8, 0, whole, -1, full, FOLDER_PATH_MAX, NULL, NULL) != 0;
}

FILE *file_open(const char *path, const char *mode) {
    wchar_t wide[FOLDER_PATH_MAX], wide_mode[8];
    assert(mode != NULL && strlen(mode) < 8);
    for (size_t i = 0; i <= strlen(mode); i++) wide_mode[i] = (wchar_t)mode[i];
    return wide_path(path, wide) ? _wfopen(wide, wide_mode) : NULL;
}

bool file_replace(const char *from, const char *to) {
    wchar_t wide_from[FOLDER_PATH_MAX], wide_to[FOLDER_PATH_MAX];
    return wide_path(from, wide_from) && wide_path(to, wide_to) &&
           (MoveFileExW(wide_from, wide_to, MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH) || fail());
}

bool file_commit(FILE *file) { return fflush(file) == 0 && _commit(_fileno(file)) == 0; }

bool file_cut(const char *path, long length) {
    FILE *file = file_open(path, "r+b");
    bool cut = file != NULL && _chsize(_fileno(file), length) == 0;
    return file != NULL && fclose(file) == 0 && cut;
}

bool file_remove(const char *path) {
    wchar_t wide[FOLDER_PATH_MAX];
    return wide_path(path, wide) && (DeleteFileW(wide) || fail());
}
