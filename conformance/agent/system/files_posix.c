#define _POSIX_C_SOURCE 200809L

#include "conformance/agent/system/files.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

FILE *file_open(const char *path, const char *mode) { return fopen(path, mode); }

bool folder_walk(const char *folder, bool (*take)(void *self, const char *name, bool is_folder), void *self) {
    DIR *entries = opendir(folder);
    if (entries == NULL) return false;
    bool good = true;
    for (const struct dirent *entry; good && (entry = readdir(entries)) != NULL;) {
        char path[PATH_BYTES_MAX];
        struct stat status;
        int length = snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (length < 0 || (size_t)length >= sizeof path) good = false;
        else if (lstat(path, &status) != 0 || S_ISLNK(status.st_mode)) continue; /* gone meanwhile; or may lead in a circle */
        else good = take(self, entry->d_name, S_ISDIR(status.st_mode));
    }
    closedir(entries);
    return good;
}

void folder_create(const char *path) { mkdir(path, 0777); }

bool file_replace(const char *path, const char *by) { return rename(by, path) == 0; }

bool file_commit(FILE *file) { return fflush(file) == 0 && fsync(fileno(file)) == 0; }

bool file_remove(const char *path) { return unlink(path) == 0; }

bool file_is_there(const char *path) { return access(path, F_OK) == 0; }
