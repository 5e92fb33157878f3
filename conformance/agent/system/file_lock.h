/* A lock with the name of a path, at which an empty file stands while it is held. Of all programs on the machine one
 * holds it; it dies with its holder. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_SYSTEM_FILE_LOCK_H
#define RESERVOIR_CONFORMANCE_AGENT_SYSTEM_FILE_LOCK_H

struct file_lock;

/* NULL when another has it, or the file cannot be made. */
struct file_lock *file_lock_take(const char *path);
void file_lock_release(struct file_lock *lock);

#endif
