#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include "conformance/base/folder_entries.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "conformance/base/memory.h"

enum { ENTRY_PATTERN_MAX = 1024 + 3 }; /* no path of ours is longer */

struct folder_entries {
    HANDLE search;
    WIN32_FIND_DATAA entry;
    bool fresh; /* `entry` has not been given yet */
};

/* Not by opendir(), which makes a whole path of the folder's: where that has characters which the code page lacks, a
 * relative path is all that can be said. */
struct folder_entries *folder_entries_open(const char *folder) {
    char pattern[ENTRY_PATTERN_MAX];
    snprintf(pattern, sizeof pattern, "%s/*", folder);
    struct folder_entries *entries = memory_zeroed(sizeof *entries);
    entries->search = FindFirstFileA(pattern, &entries->entry);
    entries->fresh = true;
    if (entries->search != INVALID_HANDLE_VALUE) return entries;
    free(entries);
    return NULL;
}

const char *folder_entries_next(struct folder_entries *entries, enum entry_kind *kind) {
    if (!entries->fresh && !FindNextFileA(entries->search, &entries->entry)) return NULL;
    entries->fresh = false;
    *kind = (entries->entry.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0 ? ENTRY_FOLDER : ENTRY_FILE;
    return entries->entry.cFileName;
}

void folder_entries_close(struct folder_entries *entries) {
    FindClose(entries->search);
    free(entries);
}
