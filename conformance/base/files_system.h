/* What each system gives to files.c. */
#ifndef RESERVOIR_CONFORMANCE_BASE_FILES_SYSTEM_H
#define RESERVOIR_CONFORMANCE_BASE_FILES_SYSTEM_H

#include <stdbool.h>

bool system_is_slash(char byte);

/* False with errno, EEXIST where something of that name is there. */
bool system_make_folder(const char *path);

/* Is it there, and neither an ordinary file nor a folder? */
bool system_is_device(const char *path);

/* Where a link leads; the path itself where there is none. Owned by the caller. */
char *system_real_path(const char *path);

/* Gives `to` the permissions of `from`, as far as that is there and the system knows any. */
void system_copy_permissions(const char *from, const char *to);

#endif
