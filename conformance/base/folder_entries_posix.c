#define _DEFAULT_SOURCE /* d_type */

#include "conformance/base/folder_entries.h"

#include <dirent.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/stat.h>

static DIR *directory_of(struct folder_entries *entries) { return (DIR *)entries; }

struct folder_entries *folder_entries_open(const char *folder) {
    return (struct folder_entries *)opendir(folder);
}

/* Most file systems say with the name what an entry is, which saves a question for each. */
static enum entry_kind kind_of(DIR *directory, const struct dirent *entry) {
    struct stat status;
    if (entry->d_type == DT_DIR) return ENTRY_FOLDER;
    if (entry->d_type == DT_LNK) return ENTRY_LINK;
    if (entry->d_type != DT_UNKNOWN) return ENTRY_FILE;
    if (fstatat(dirfd(directory), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) return ENTRY_FILE;
    return S_ISLNK(status.st_mode) ? ENTRY_LINK : S_ISDIR(status.st_mode) ? ENTRY_FOLDER : ENTRY_FILE;
}

const char *folder_entries_next(struct folder_entries *entries, enum entry_kind *kind) {
    DIR *directory = directory_of(entries);
    const struct dirent *entry = readdir(directory);
    if (entry == NULL) return NULL;
    *kind = kind_of(directory, entry);
    return entry->d_name;
}

void folder_entries_close(struct folder_entries *entries) { closedir(directory_of(entries)); }
