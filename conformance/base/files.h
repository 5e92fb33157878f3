/* Files by path, the same on Linux and Windows.
 *
 * A path is UTF-8 text with forward slashes. On Windows backslashes are understood too, the code page does not matter,
 * and a path may be longer than 260 characters. Whoever gets false or NULL finds the cause in errno. */
#ifndef RESERVOIR_CONFORMANCE_BASE_FILES_H
#define RESERVOIR_CONFORMANCE_BASE_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { FOLDER_PATH_MAX = 1024 /* bytes of a path, its NUL included */ };

/* --- paths -------------------------------------------------------------------------------------------------------- */

enum path_kind { PATH_MISSING, PATH_FILE /* or a device, or a pipe */, PATH_FOLDER };

/* What is there; a link counts as what it leads to. */
enum path_kind path_kind_of(const char *path);

/* Numbers that identify a file by whatever path it is reached; both 0 where the path leads nowhere. */
void path_identity(const char *path, uint64_t *device, uint64_t *number);

/* The full path of a file that is there, as the system writes it. */
bool path_full(const char *path, char full[FOLDER_PATH_MAX]);

/* Does `path` end so? */
bool path_ends(const char *path, const char *ending);

/* The last part of a path. */
const char *path_base(const char *path);

/* What follows `folder` in `path`, which lies in it: path_below("a/b", "a/b/c.scn") is "c.scn". */
const char *path_below(const char *folder, const char *path);

/* --- files -------------------------------------------------------------------------------------------------------- */

/* fopen() for such paths. */
FILE *file_open(const char *path, const char *mode);

/* Opens a file for writing in binary mode, making the folders above it. */
FILE *file_create(const char *path);

/* Makes the folders above a path, as far as they can be made. */
void file_make_folders(const char *path);

/* The bytes of the file, followed by a NUL, owned by the caller; NULL when it cannot be read or is longer than
 * `limit`. */
char *file_read(const char *path, size_t limit, size_t *length);

/* Writes a whole file: whatever happens, `path` is the old file or the new one. Folders above it are made, its
 * permissions are kept, a link to a file stays one. What is no ordinary file (a device, a pipe) is written to as it
 * is. */
bool file_write(const char *path, const char *bytes, size_t length);

/* Likewise, but it does not wait for the disk, and who reads meanwhile may see half of it. */
bool file_write_at_once(const char *path, const char *bytes, size_t length);

/* Puts the file `from`, written and closed, in the place of `to`, which need not be there: whatever happens, `to` is
 * the old file or the whole new one. */
bool file_replace(const char *from, const char *to);

/* Waits until the disk has what was written. */
bool file_commit(FILE *file);

/* Makes a file that no one has open as short as this, with no need of room on the disk. False when it cannot. */
bool file_cut(const char *path, long length);

/* False when the file is still there, or never was. */
bool file_remove(const char *path);

#endif
