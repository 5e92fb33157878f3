#define _DEFAULT_SOURCE /* flock */

#include "conformance/agent/system/file_lock.h"

#include <assert.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conformance/base/files.h"

struct file_lock {
    int file;
    char path[FOLDER_PATH_MAX];
};

/* Is what stands at the path the file that is open? Its last holder may have taken it away. */
static bool still_stands(int file, const char *path) {
    struct stat open_one, one_there;
    if (fstat(file, &open_one) != 0 || stat(path, &one_there) != 0) return false;
    return open_one.st_ino == one_there.st_ino && open_one.st_dev == one_there.st_dev;
}

struct file_lock *file_lock_take(const char *path) {
    assert(strlen(path) < FOLDER_PATH_MAX);
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
