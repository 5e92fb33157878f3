#define _POSIX_C_SOURCE 200809L

#include "conformance/agent/system/files.h"

#include "conformance/agent/system/process.h"

#include <assert.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

FILE *file_open(const char *path, const char *mode) { return fopen(path, mode); }

/* False: it is gone meanwhile. */
static bool kind_of(const char *path, enum entry_kind *kind) {
    struct stat entry, end;
    if (lstat(path, &entry) != 0) return false;
    bool is_link = S_ISLNK(entry.st_mode);
    bool is_folder = is_link ? stat(path, &end) == 0 && S_ISDIR(end.st_mode) : S_ISDIR(entry.st_mode);
    *kind = !is_folder ? ENTRY_FILE : is_link ? ENTRY_LINK : ENTRY_FOLDER;
    return true;
}

bool folder_walk(const char *folder, bool (*take)(void *self, const char *name, enum entry_kind kind), void *self) {
    DIR *entries = opendir(folder);
    if (entries == NULL) return false;
    bool good = true;
    for (const struct dirent *entry; good && (entry = readdir(entries)) != NULL;) {
        char path[PATH_BYTES_MAX];
        enum entry_kind kind = ENTRY_FILE;
        int length = snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (length < 0 || (size_t)length >= sizeof path) good = false;
        else if (kind_of(path, &kind)) good = take(self, entry->d_name, kind);
    }
    closedir(entries);
    return good;
}

void folder_create(const char *path) { mkdir(path, 0777); }

bool file_replace(const char *path, const char *by) { return rename(by, path) == 0; }

bool file_commit(FILE *file) {
    process_may_die();
    bool done = fflush(file) == 0 && fsync(fileno(file)) == 0;
    process_may_die();
    return done;
}

bool file_remove(const char *path) { return unlink(path) == 0; }

bool file_is_there(const char *path) { return access(path, F_OK) == 0; }

struct file_lock {
    int file;
    char path[PATH_BYTES_MAX];
};

/* Is what stands at the path the file that is open? Its last holder may have taken it away. */
static bool still_stands(int file, const char *path) {
    struct stat open_one, one_there;
    if (fstat(file, &open_one) != 0 || stat(path, &one_there) != 0) return false;
    return open_one.st_ino == one_there.st_ino && open_one.st_dev == one_there.st_dev;
}

struct file_lock *file_lock_take(const char *path) {
    assert(strlen(path) < PATH_BYTES_MAX);
    for (;;) {
        int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (file < 0) return NULL;
        if (flock(file, LOCK_EX | LOCK_NB) != 0) {
            close(file);
            return NULL;
        }
        if (still_stands(file, path)) {
            struct file_lock *lock = malloc(sizeof *lock);
            assert(lock != NULL);
            lock->file = file;
            strcpy(lock->path, path);
            return lock;
        }
        close(file);
    }
}

/* Unlocked by hand: a child that was forked meanwhile has the file too. */
void file_lock_release(struct file_lock *lock) {
    unlink(lock->path);
    flock(lock->file, LOCK_UN);
    close(lock->file);
    free(lock);
}
