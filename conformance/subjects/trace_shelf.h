/* The traces of a host in a folder: FOLDER/ID.trace each; or many in FOLDER/THEME.traces, one after the other, each
 * from its line `trace NAME` on, without the facts of its head, which stand once in FOLDER/../facts, except those that
 * are other ones for this trace; or, where it answered word for word as another host did, a line in FOLDER/same:
 *
 *     like wine-8.0
 *     acquire/around-used 5f0c2d1e88a4b3c7
 *
 * says that the trace is ../../wine-8.0/traces/acquire/around-used.trace, as long as the words of that one have this
 * hash. So a host that differs in a few answers has a few traces, and what was recorded of a scenario that has changed
 * since is no longer taken for an answer. */
#ifndef RESERVOIR_CONFORMANCE_TRACE_SHELF_H
#define RESERVOIR_CONFORMANCE_TRACE_SHELF_H

#include "conformance/base/arena.h"
#include "conformance/base/folders.h"
#include "conformance/base/reason.h"
#include "conformance/language/tree.h"

struct same_trace {
    const char *id;
    uint64_t hash;
};

/* A trace within a file of many. */
struct bundled_trace {
    const char *id;
    const char *file;
    const char *bytes;
    size_t length;
};

/* Zero-initialise; free with trace_shelf_free. */
struct trace_shelf {
    struct arena *arena;
    const char *folder;
    const char *like;        /* the other host's folder of traces; NULL: the file `same` is not there */
    struct same_trace *same; /* by ID */
    uint32_t same_count;
    const char *facts;             /* lines of a head, each after its line end */
    struct bundled_trace *bundled; /* by ID */
    uint32_t bundled_count;
};

/* Reads FOLDER/same, FOLDER/../facts and FOLDER/THEME.traces, if they are there. False with `reason` when one cannot be
 * read, with its line: the shelf has only files of single traces then. */
bool trace_shelf_open(struct trace_shelf *shelf, const char *folder, struct reason *reason);

/* The text of an instance's trace, its own or the other host's, with a NUL after it; owned by the caller. `file`
 * (FOLDER_PATH_MAX bytes) names where it stands. NULL with `reason` when none is recorded, or the other host's has
 * changed. */
char *trace_shelf_read(const struct trace_shelf *shelf, const char *id, char *file, size_t *length,
                       struct reason *reason);

/* The same, parsed; to be freed with scenario_free(). NULL with `reason`; `broken`: one is there and is no trace. */
struct scenario *trace_shelf_parse(const struct trace_shelf *shelf, const char *id, bool *broken,
                                   struct reason *reason);

/* The IDs of all traces that can be read: the host's own first, each kind sorted. False: `trouble` (FOLDER_PATH_MAX
 * bytes) names a folder that cannot be read. */
bool trace_shelf_list(const struct trace_shelf *shelf, struct path_list *ids, char *trouble);

/* A hash of what was asked and answered in a trace: all below its head but live values and blanks. */
uint64_t trace_words_hash(const char *bytes, size_t length);

void trace_shelf_free(struct trace_shelf *shelf);

#endif
