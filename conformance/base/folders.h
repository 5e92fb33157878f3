/* Folders, and lists of paths (files.h). */
#ifndef RESERVOIR_CONFORMANCE_BASE_FOLDERS_H
#define RESERVOIR_CONFORMANCE_BASE_FOLDERS_H

#include "conformance/base/files.h"

/* A list of paths. Zero-initialise; free with path_list_free. */
struct path_list {
    char **paths;
    size_t count, capacity;
};

void path_list_add(struct path_list *list, const char *path);
void path_list_sort(struct path_list *list); /* by bytes */
void path_list_free(struct path_list *list);

/* Adds every file below `folder` whose name ends in `ending`; not sorted, and none whose name, or whose folder's name,
 * begins with a dot. A link to a folder is followed, except to one that it lies in. False when a folder cannot be read
 * or a path is longer than FOLDER_PATH_MAX: `trouble` (FOLDER_PATH_MAX bytes) then names it. */
bool folder_find(const char *folder, const char *ending, struct path_list *list, char *trouble);

/* Likewise, but links to folders are not followed: `links` gets their paths. */
bool folder_find_unlinked(const char *folder, const char *ending, struct path_list *list, struct path_list *links,
                          char *trouble);

/* Names of the folders directly in `folder`, sorted; none when it cannot be read. */
void folder_children(const char *folder, struct path_list *list);

#endif
