/* The journal (journal.h) in a file, with one owner at a time.
 *
 * closed --open--> held --close--> closed. Only who holds it reads and writes. The lock stands beside the file and dies
 * with its holder, so agents that share a journal take turns, and one that was killed is in no one's way.
 *  1. What the file says is never guessed: one that is there and cannot be read whole, or belongs to another machine,
 *     is not opened, and never changed or removed.
 *  2. A line is on the disk before its function says true.
 *  3. The file goes only when each of its entries has been closed by a line. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_JOURNAL_FILE_H
#define RESERVOIR_CONFORMANCE_AGENT_JOURNAL_FILE_H

#include "conformance/agent/journal.h"
#include "conformance/agent/system/file_lock.h"
#include "conformance/base/files.h"
#include "conformance/base/reason.h"

/* Zero-initialise, then journal_file_name(). */
struct journal_file {
    char path[FOLDER_PATH_MAX];
    char boot[RESTART_MARK_MAX + 1]; /* of the machine, as the head tells it */
    bool boot_told;                  /* by this program, in this file */
    struct file_lock *lock;          /* NULL: closed */
    struct journal journal;          /* while it is held */
};

/* `path` is UTF-8. `boot` is written to the file before the first entry that this program writes. */
void journal_file_name(struct journal_file *file, const char *path, const struct boot *boot);

/* Waits up to limit_ms for its turn and reads the file; one that is not there is empty. False with `reason`: closed
 * still. */
bool journal_file_open(struct journal_file *file, uint32_t limit_ms, struct reason *reason);
void journal_file_close(struct journal_file *file);
bool journal_file_is_held(const struct journal_file *file);

/* The kinds of line, on the disk and in file->journal. False: neither has changed. */
bool journal_file_add(struct journal_file *file, const struct journal_block *block);
bool journal_file_remove(struct journal_file *file, const struct journal_block *block);
bool journal_file_leave(struct journal_file *file, const char *mark);
bool journal_file_take_back(struct journal_file *file, const char *mark);

#endif
