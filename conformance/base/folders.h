/* Files and folders by path, the same on Linux and Windows. Paths are written with forward slashes. */
#ifndef RESERVOIR_CONFORMANCE_FOLDERS_H
#define RESERVOIR_CONFORMANCE_FOLDERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { FOLDER_PATH_MAX = 1024 };

enum path_kind { PATH_MISSING, PATH_FILE, PATH_FOLDER };

enum path_kind path_kind_of(const char *path);

/* Numbers that tell files apart whatever their paths; both 0 where the system has none, or the path is not there. */
void path_identity(const char *path, uint64_t *device, uint64_t *number);

/* A list of paths. Zero-initialise; free with path_list_free. */
struct path_list {
    char **paths;
    size_t count, capacity;
};

void path_list_add(struct path_list *list, const char *path);
void path_list_sort(struct path_list *list); /* by bytes */
void path_list_free(struct path_list *list);

/* Adds every file below `folder` whose name ends in `ending`; not sorted. A link to a folder is followed, except to one
 * that it lies in. False when a folder cannot be read or a path is longer than FOLDER_PATH_MAX: `trouble`
 * (FOLDER_PATH_MAX bytes) then names it. */
bool folder_find(const char *folder, const char *ending, struct path_list *list, char *trouble);

/* Names of the folders directly in `folder`, sorted; none when it cannot be read. */
void folder_children(const char *folder, struct path_list *list);

/* Opens a file for writing in binary mode, making the folders above it. NULL when that fails (errno is set). */
FILE *folder_create_file(const char *path);

/* Puts the file `from`, written and closed, in the place of `to`, which need not be there: whatever happens, `to` is
 * the old file or the whole new one. False when that fails (errno is set). */
bool folder_replace_file(const char *from, const char *to);

/* Writes a whole file: whatever happens, `path` is the old file or the new one. Folders above it are made, its
 * permissions are kept, a link to a file stays one. What is no ordinary file (a device, a pipe) is written to as it is.
 * False when that fails (errno is set). */
bool folder_write_file(const char *path, const char *bytes, size_t length);

/* The bytes of the file, followed by a NUL, owned by the caller; NULL when it cannot be read or is longer than
 * `limit`. */
char *folder_read_file(const char *path, size_t limit, size_t *length);

/* Does `path` end so? */
bool path_ends(const char *path, const char *ending);

/* The last part of a path. */
const char *path_base(const char *path);

#endif
