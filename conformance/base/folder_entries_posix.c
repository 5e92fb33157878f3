#define _DEFAULT_SOURCE /* d_type */

#include "conformance/base/folder_entries.h"

#include <dirent.h>
#include <stddef.h>

struct folder_entries;

static DIR *directory_of(struct folder_entries *entries) { return (DIR *)entries; }

struct folder_entries *folder_entries_open(const char *folder) {
    return (struct folder_entries *)opendir(folder);
}

/* A folder that says what its entries are saves a question to the file system for each. */
const char *folder_entries_next(struct folder_entries *entries, enum entry_kind *kind) {
    const struct dirent *entry = readdir(directory_of(entries));
    if (entry == NULL) return NULL;
    *kind = entry->d_type == DT_REG ? ENTRY_FILE : entry->d_type == DT_DIR ? ENTRY_FOLDER : ENTRY_UNSAID;
    return entry->d_name;
}

void folder_entries_close(struct folder_entries *entries) { closedir(directory_of(entries)); }
