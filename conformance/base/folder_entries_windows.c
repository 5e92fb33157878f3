#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include "conformance/base/folder_entries.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "conformance/base/memory.h"
#include "conformance/base/wide_path.h"

struct folder_entries {
    HANDLE search;
    WIN32_FIND_DATAW entry;
    bool fresh;              /* `entry` has not been given yet */
    char name[4 * MAX_PATH]; /* of the entry given last */
};

struct folder_entries *folder_entries_open(const char *folder) {
    char pattern[FOLDER_PATH_MAX];
    wchar_t wide[FOLDER_PATH_MAX];
    int length = snprintf(pattern, sizeof pattern, "%s/*", folder);
    if (length < 0 || (size_t)length >= sizeof pattern || !wide_path(pattern, wide)) return NULL;
    struct folder_entries *entries = memory_zeroed(sizeof *entries);
    entries->search = FindFirstFileW(wide, &entries->entry);
    entries->fresh = true;
    if (entries->search != INVALID_HANDLE_VALUE) return entries;
    free(entries);
    return NULL;
}

/* Of reparse points only those that stand for another name are links; files of a deduplicated volume, or kept in a
 * cloud, are reparse points too. */
static enum entry_kind kind_of(const WIN32_FIND_DATAW *entry) {
    bool reparse = (entry->dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0;
    if ((entry->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) == 0) return ENTRY_FILE;
    return reparse && IsReparseTagNameSurrogate(entry->dwReserved0) ? ENTRY_LINK : ENTRY_FOLDER;
}

const char *folder_entries_next(struct folder_entries *entries, enum entry_kind *kind) {
    if (!entries->fresh && !FindNextFileW(entries->search, &entries->entry)) return NULL;
    entries->fresh = false;
    *kind = kind_of(&entries->entry);
    WideCharToMultiByte(CP_UTF8, 0, entries->entry.cFileName, -1, entries->name, sizeof entries->name, NULL, NULL);
    return entries->name;
}

void folder_entries_close(struct folder_entries *entries) {
    FindClose(entries->search);
    free(entries);
}
