#define _DEFAULT_SOURCE /* mkdir, fsync; Windows offers what it has anyway */

#include "conformance/base/folders.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#ifdef _WIN32
#include <direct.h>
#include <windows.h>
#else
#include <fcntl.h>
#include <unistd.h>
#endif

#include "conformance/base/folder_entries.h"
#include "conformance/base/memory.h"

static int make_folder(const char *path) {
#ifdef _WIN32
    return _mkdir(path);
#else
    return mkdir(path, 0777);
#endif
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
    *number = there ? (uint64_t)status.st_ino : 0; /* 0 on Windows */
}

/* --- lists ---------------------------------------------------------------------------------------------------- */

void path_list_add(struct path_list *list, const char *path) {
    assert(list != NULL && path != NULL);
    list->paths = memory_grow(list->paths, list->count, &list->capacity, sizeof *list->paths);
    list->paths[list->count++] = memory_copy_text(path, strlen(path));
}

static int compare_paths(const void *one, const void *other) {
    return strcmp(*(char *const *)one, *(char *const *)other);
}

void path_list_sort(struct path_list *list) {
    assert(list != NULL);
    if (list->count > 0) qsort(list->paths, list->count, sizeof *list->paths, compare_paths);
}

void path_list_free(struct path_list *list) {
    assert(list != NULL);
    for (size_t i = 0; i < list->count; i++) free(list->paths[i]);
    free(list->paths);
    *list = (struct path_list){ 0 };
}

/* --- walking -------------------------------------------------------------------------------------------------- */

bool path_ends(const char *path, const char *ending) {
    assert(path != NULL && ending != NULL);
    size_t length = strlen(path), ending_length = strlen(ending);
    return length >= ending_length && strcmp(path + length - ending_length, ending) == 0;
}

const char *path_base(const char *path) {
    assert(path != NULL);
    const char *base = path;
    for (const char *at = path; *at != '\0'; at++) {
        if (*at == '/' || *at == '\\') base = at + 1;
    }
    return base;
}

/* folder/name; false when it is too long. */
static bool join(const char *folder, const char *name, char path[FOLDER_PATH_MAX]) {
    size_t length = strlen(folder);
    bool slash = length > 0 && folder[length - 1] == '/';
    int written = snprintf(path, FOLDER_PATH_MAX, "%s%s%s", folder, slash ? "" : "/", name);
    return written > 0 && written < FOLDER_PATH_MAX;
}

static bool fail_with(const char *path, char *trouble) {
    assert(trouble != NULL);
    snprintf(trouble, FOLDER_PATH_MAX, "%s", path);
    return false;
}

/* Where the folder did not say. */
static enum path_kind known_kind(enum entry_kind kind, const char *path) {
    return kind == ENTRY_UNSAID ? path_kind_of(path) : kind == ENTRY_FILE ? PATH_FILE : PATH_FOLDER;
}

/* A folder on the way down, so that a link that leads back up is not followed for ever. */
struct above {
    uint64_t device, number;
    const struct above *next;
};

static bool leads_up(const struct above *above, uint64_t device, uint64_t number) {
    for (; number != 0 && above != NULL; above = above->next) {
        if (above->device == device && above->number == number) return true;
    }
    return false;
}

static bool find_below(const char *folder, const char *ending, const struct above *above, struct path_list *list,
                       char *trouble);

static bool find_in(const char *folder, const char *name, enum entry_kind said, const char *ending,
                    const struct above *above, struct path_list *list, char *trouble) {
    char path[FOLDER_PATH_MAX];
    if (!join(folder, name, path)) return fail_with(folder, trouble);
    enum path_kind kind = known_kind(said, path);
    if (kind == PATH_FOLDER) return find_below(path, ending, above, list, trouble);
    if (kind == PATH_FILE && path_ends(path, ending)) path_list_add(list, path);
    return true;
}

static bool find_below(const char *folder, const char *ending, const struct above *above, struct path_list *list,
                       char *trouble) {
    struct above here = { .next = above };
    path_identity(folder, &here.device, &here.number);
    if (leads_up(above, here.device, here.number)) return true;
    struct folder_entries *entries = folder_entries_open(folder);
    if (entries == NULL) return fail_with(folder, trouble);
    bool found = true;
    enum entry_kind kind = ENTRY_UNSAID;
    for (const char *name; found && (name = folder_entries_next(entries, &kind)) != NULL;) {
        if (name[0] != '.') found = find_in(folder, name, kind, ending, &here, list, trouble);
    }
    folder_entries_close(entries);
    return found;
}

bool folder_find(const char *folder, const char *ending, struct path_list *list, char *trouble) {
    assert(folder != NULL && ending != NULL && list != NULL);
    return find_below(folder, ending, NULL, list, trouble);
}

void folder_children(const char *folder, struct path_list *list) {
    assert(folder != NULL && list != NULL);
    struct folder_entries *entries = folder_entries_open(folder);
    if (entries == NULL) return;
    enum entry_kind kind = ENTRY_UNSAID;
    for (const char *name; (name = folder_entries_next(entries, &kind)) != NULL;) {
        char path[FOLDER_PATH_MAX];
        if (name[0] == '.' || !join(folder, name, path)) continue;
        if (known_kind(kind, path) == PATH_FOLDER) path_list_add(list, name);
    }
    folder_entries_close(entries);
    path_list_sort(list);
}

/* --- files ---------------------------------------------------------------------------------------------------- */

FILE *folder_create_file(const char *path) {
    char part[FOLDER_PATH_MAX];
    assert(path != NULL);
    size_t length = strlen(path);
    if (length >= sizeof part) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    for (size_t i = 1; i < length; i++) {
        if (path[i] != '/') continue;
        memcpy(part, path, i);
        part[i] = '\0';
        if (make_folder(part) != 0 && errno != EEXIST && path_kind_of(part) != PATH_FOLDER) return NULL;
    }
    return fopen(path, "wb");
}

#ifdef _WIN32
bool folder_replace_file(const char *from, const char *to) {
    assert(from != NULL && to != NULL);
    if (MoveFileExA(from, to, MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH)) return true;
    errno = EACCES;
    return false;
}
#else
bool folder_replace_file(const char *from, const char *to) {
    assert(from != NULL && to != NULL);
    int file = open(from, O_RDONLY);
    bool written = file >= 0 && fsync(file) == 0; /* its bytes before its name */
    if (file >= 0) close(file);
    return written && rename(from, to) == 0;
}
#endif

static bool write_bytes(const char *path, const char *bytes, size_t length) {
    FILE *file = folder_create_file(path);
    if (file == NULL) return false;
    bool written = fwrite(bytes, 1, length, file) == length;
    int number = errno;
    bool closed = fclose(file) == 0;
    if (!written) errno = number;
    return written && closed;
}

/* Where a link leads, so that the file is replaced and not the link; the path itself where it is none. */
static char *real_path(const char *path) {
#ifdef _WIN32
    return memory_copy_text(path, strlen(path));
#else
    char *real = realpath(path, NULL);
    return real != NULL ? real : memory_copy_text(path, strlen(path));
#endif
}

bool folder_write_file(const char *path, const char *bytes, size_t length) {
    struct stat status;
    char next[FOLDER_PATH_MAX];
    assert(path != NULL && (bytes != NULL || length == 0));
    bool there = stat(path, &status) == 0;
    if (there && !S_ISREG(status.st_mode)) return write_bytes(path, bytes, length);
    char *real = real_path(path);
    int written = snprintf(next, sizeof next, "%s.new", real);
    bool good = written > 0 && written < (int)sizeof next;
    if (!good) errno = ENAMETOOLONG;
    good = good && write_bytes(next, bytes, length);
    if (good && there) (void)chmod(next, status.st_mode & 07777);
    good = good && folder_replace_file(next, real);
    if (!good && written > 0 && written < (int)sizeof next) {
        int number = errno;
        remove(next);
        errno = number;
    }
    free(real);
    return good;
}

char *folder_read_file(const char *path, size_t limit, size_t *length) {
    assert(path != NULL && length != NULL);
    FILE *file = fopen(path, "rb");
    if (file == NULL) return NULL;
    char *bytes = memory_resize(NULL, limit + 1, 1);
    *length = fread(bytes, 1, limit + 1, file);
    bool good = !ferror(file) && *length <= limit;
    fclose(file);
    if (!good) {
        free(bytes);
        return NULL;
    }
    bytes[*length] = '\0';
    return bytes;
}
