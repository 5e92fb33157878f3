/* Files and folders by UTF-8 paths; on Windows both kinds of slash are understood. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_SYSTEM_FILES_H
#define RESERVOIR_CONFORMANCE_AGENT_SYSTEM_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { PATH_BYTES_MAX = 1024 };

/* Paths below a folder, relative to it, with forward slashes, sorted by bytes. Zero-initialise; free with
 * files_free. */
struct files {
    char **paths;
    size_t count, capacity;
    unsigned links_count; /* to folders, which may lead in a circle: passed over */
    char *link;           /* the first of them, as `paths`; NULL when there is none */
};

/* Adds every file below `folder` whose name ends in `ending`. False when a folder cannot be read or a path is longer
 * than PATH_BYTES_MAX. */
bool files_find(struct files *files, const char *folder, const char *ending);
void files_free(struct files *files);

/* The bytes of a file, NUL behind them; NULL when it cannot be read or is longer than `limit`. Owned by the caller. */
char *file_read(const char *path, size_t limit, size_t *length);

/* Makes the folders above a path. A failure shows when something is made in them. */
void folders_create(const char *path);

/* Opens a file for writing in binary mode, making the folders above it. NULL when that fails; errno says why. */
FILE *file_create(const char *path);

/* Puts the file `by` in the place of the file `path`, at once or not at all. */
bool file_replace(const char *path, const char *by);

/* Opens a file for reading and for appending, in binary mode; it is made when it is not there. NULL when that fails. */
FILE *file_append(const char *path);

/* Waits until the disk has what was written. */
bool file_commit(FILE *file);

/* False when the file is still there, or never was. */
bool file_remove(const char *path);

bool file_is_there(const char *path);

/* A lock with the name of a path, at which an empty file stands while it is held. Of all programs on the machine one
 * holds it; it dies with its holder. NULL when another has it, or the file cannot be made. */
struct file_lock;
struct file_lock *file_lock_take(const char *path);
void file_lock_release(struct file_lock *lock);

/* --- for files.c: what differs by system -------------------------------------------------------------------------- */

FILE *file_open(const char *path, const char *mode);

enum entry_kind { ENTRY_FILE, ENTRY_FOLDER, ENTRY_LINK /* to a folder */ };

/* Tells `take` of every entry of the folder, by name. False when the folder cannot be read or `take` says so. */
bool folder_walk(const char *folder, bool (*take)(void *self, const char *name, enum entry_kind kind), void *self);

/* May be there already. A failure shows when something is made in it. */
void folder_create(const char *path);

#endif
