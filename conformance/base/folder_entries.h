/* The entries of one folder, as each system gives them. For folders.c. */
#ifndef RESERVOIR_CONFORMANCE_BASE_FOLDER_ENTRIES_H
#define RESERVOIR_CONFORMANCE_BASE_FOLDER_ENTRIES_H

enum entry_kind { ENTRY_FILE, ENTRY_FOLDER, ENTRY_LINK /* to either, or to nothing */ };

struct folder_entries;

/* NULL: it cannot be read. */
struct folder_entries *folder_entries_open(const char *folder);

/* The next entry's name in UTF-8, valid until the next call; NULL after the last. */
const char *folder_entries_next(struct folder_entries *entries, enum entry_kind *kind);

void folder_entries_close(struct folder_entries *entries);

#endif
