#define _DEFAULT_SOURCE /* realpath, fsync, chmod */

#include "conformance/base/files.h"

#include <assert.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conformance/base/files_system.h"
#include "conformance/base/memory.h"

bool system_is_slash(char byte) { return byte == '/'; }

bool system_make_folder(const char *path) { return mkdir(path, 0777) == 0; }

bool system_is_device(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

char *system_real_path(const char *path) {
    char *real = realpath(path, NULL);
    return real != NULL ? real : memory_copy_text(path, strlen(path));
}

void system_copy_permissions(const char *from, const char *to) {
    struct stat status;
    if (stat(from, &status) == 0) (void)chmod(to, status.st_mode & 07777);
}

enum path_kind path_kind_of(const char *path) {
    struct stat status;
    assert(path != NULL);
    if (stat(path, &status) != 0) return PATH_MISSING;
    return S_ISDIR(status.st_mode) ? PATH_FOLDER : PATH_FILE;
}

void path_identity(const char *path, uint64_t *device, uint64_t *number) {
    struct stat status;
    assert(path != NULL && device != NULL && number != NULL);
    bool there = stat(path, &status) == 0;
    *device = there ? (uint64_t)status.st_dev : 0;
    *number = there ? (uint64_t)status.st_ino : 0;
}

bool path_full(const char *path, char full[FOLDER_PATH_MAX]) {
    char *real = realpath(path, NULL);
    bool fits = real != NULL && strlen(real) < FOLDER_PATH_MAX;
    if (fits) strcpy(full, real);
    free(real);
    return fits;
}

FILE *file_open(const char *path, const char *mode) { return fopen(path, mode); }

bool file_replace(const char *from, const char *to) {
    assert(from != NULL && to != NULL);
    int file = open(from, O_RDONLY | O_CLOEXEC);
    bool written = file >= 0 && fsync(file) == 0; /* its bytes before its name */
    if (file >= 0) close(file);
    return written && rename(from, to) == 0;
}

bool file_commit(FILE *file) { return fflush(file) == 0 && fsync(fileno(file)) == 0; }

bool file_cut(const char *path, long length) { return truncate(path, length) == 0; }

bool file_remove(const char *path) { return unlink(path) == 0; }
