#include "conformance/agent/system/windows_headers.h"

#include "conformance/agent/system/file_lock.h"

#include <assert.h>
#include <stdlib.h>

#include "conformance/base/wide_path.h"

struct file_lock {
    HANDLE file;
};

/* No one else can open it, and the system deletes it when its holder is gone. */
struct file_lock *file_lock_take(const char *path) {
    wchar_t wide[FOLDER_PATH_MAX];
    if (!wide_path(path, wide)) return NULL;
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
