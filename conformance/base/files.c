#include "conformance/base/files.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/files_system.h"
#include "conformance/base/memory.h"

enum { FIRST_ROOM_BYTES = 16 * 1024 };

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

const char *path_below(const char *folder, const char *path) {
    assert(folder != NULL && path != NULL);
    size_t length = strlen(folder);
    assert(strncmp(path, folder, length) == 0);
    return path[length] == '/' ? path + length + 1 : path + length;
}

/* A folder that cannot be made may be there: it shows when something is made in it. The first errno of one that is not
 * there, 0 if all are. */
static int make_folders(const char *path) {
    char folder[FOLDER_PATH_MAX];
    size_t length = strlen(path);
    int trouble = 0;
    for (size_t i = 1; i < length && i < sizeof folder; i++) {
        if (!system_is_slash(path[i])) continue;
        memcpy(folder, path, i);
        folder[i] = '\0';
        if (system_make_folder(folder) || errno == EEXIST || trouble != 0) continue;
        int number = errno;
        if (path_kind_of(folder) == PATH_MISSING) trouble = number;
    }
    return trouble;
}

void file_make_folders(const char *path) {
    assert(path != NULL);
    (void)make_folders(path);
}

FILE *file_create(const char *path) {
    assert(path != NULL);
    if (strlen(path) >= FOLDER_PATH_MAX) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    int trouble = make_folders(path);
    FILE *file = file_open(path, "wb");
    if (file == NULL && trouble != 0) errno = trouble; /* says more than "no such file" */
    return file;
}

char *file_read(const char *path, size_t limit, size_t *length) {
    assert(path != NULL && length != NULL && limit < SIZE_MAX / 2);
    FILE *file = file_open(path, "rb");
    if (file == NULL) return NULL;
    setvbuf(file, NULL, _IONBF, 0); /* the bytes go where they stay */
    /* Most files are far smaller than what they may be: memory for the limit would be new pages for each of them. */
    size_t room = limit < FIRST_ROOM_BYTES ? limit : FIRST_ROOM_BYTES;
    char *bytes = memory_resize(NULL, room + 1, 1);
    *length = fread(bytes, 1, room + 1, file);
    while (*length > room && room < limit) {
        room = room < limit / 2 ? 2 * room : limit;
        bytes = memory_resize(bytes, room + 1, 1);
        *length += fread(bytes + *length, 1, room + 1 - *length, file);
    }
    bool good = !ferror(file) && *length <= limit;
    fclose(file);
    if (!good) {
        free(bytes);
        return NULL;
    }
    bytes[*length] = '\0';
    return bytes;
}

bool file_write_at_once(const char *path, const char *bytes, size_t length) {
    assert(path != NULL && (bytes != NULL || length == 0));
    FILE *file = file_create(path);
    if (file == NULL) return false;
    bool written = fwrite(bytes, 1, length, file) == length;
    int number = errno;
    bool closed = fclose(file) == 0;
    if (!written) errno = number;
    return written && closed;
}

bool file_write(const char *path, const char *bytes, size_t length) {
    char next[FOLDER_PATH_MAX];
    assert(path != NULL && (bytes != NULL || length == 0));
    if (system_is_device(path)) return file_write_at_once(path, bytes, length);
    char *real = system_real_path(path); /* of a link the file is replaced, not the link */
    int printed = snprintf(next, sizeof next, "%s.new", real);
    bool fits = printed > 0 && printed < (int)sizeof next;
    if (!fits) errno = ENAMETOOLONG;
    bool good = fits && file_write_at_once(next, bytes, length);
    if (good) system_copy_permissions(real, next);
    good = good && file_replace(next, real);
    if (fits && !good) {
        int number = errno;
        file_remove(next);
        errno = number;
    }
    free(real);
    return good;
}
