/* A folder of traces that can be resumed: which of its instances stopped at a restart of the machine, and what is
 * needed to resume them, the file FOLDER/resume.
 *
 * That file is text: a comment on its first line, then the options of `reservoir run` that matter, one a line, spelt as
 * on the command line (--host=ssh HOST agent.exe), then `--`, then the paths of the scenarios. A line that begins with
 * a tab continues the line above, after a line end. A run that records from a host writes it first and removes it at
 * the end, when nothing has stopped. */
#ifndef RESERVOIR_CONFORMANCE_RECORDING_H
#define RESERVOIR_CONFORMANCE_RECORDING_H

#include "conformance/base/folders.h"
#include "conformance/base/text.h"
#include "conformance/runner/scenario_set.h"

/* One instance that stopped. */
struct stopped_instance {
    const struct scenario_file *file; /* of the set that it was looked for in */
    unsigned instance;
    char *path;         /* of its trace; owned */
    struct text so_far; /* that trace; owned */
};

/* Zero-initialise; free with stopped_list_free. */
struct stopped_list {
    struct stopped_instance *instances; /* in the order of the set and its instances */
    size_t count, capacity;
    unsigned strange_count; /* traces that cannot be read, or stopped in a scenario that the set does not have */
    struct text errors;     /* what is wrong with each of them, a line each */
};

/* Finds all traces below `folder` that stopped (FOLDER/ID.trace, or with further folders before the ID) and the
 * instances of `set` that they are of. The set is borrowed. False when the folder cannot be read. */
bool recording_find_stopped(const char *folder, const struct scenario_set *set, struct stopped_list *list);
void stopped_list_free(struct stopped_list *list);

/* Is there such a file, and a trace that stopped? */
bool recording_waits(const char *folder);

/* Writes the words. False when that fails (errno is set). */
bool recording_write_words(const char *folder, const struct path_list *words);

/* Adds the words of the file. False when there is none, or it cannot be read. */
bool recording_read_words(const char *folder, struct path_list *words);

/* Removes the file, if nothing that stopped is left. */
void recording_end(const char *folder);

#endif
