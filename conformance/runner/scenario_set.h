/* Which scenarios a command is about: files and folders that were named, what a filter leaves of them. */
#ifndef RESERVOIR_CONFORMANCE_SCENARIO_SET_H
#define RESERVOIR_CONFORMANCE_SCENARIO_SET_H

#include "conformance/base/folders.h"
#include "conformance/base/reason.h"
#include "conformance/base/text.h"
#include "conformance/language/tree.h"

enum filter_kind { FILTER_NAME, FILTER_SOURCE, FILTER_THEME, FILTER_EXPRESSION };

struct filter {
    enum filter_kind kind;
    bool negated;
    const char *pattern;  /* NAME, THEME: with * and ?; EXPRESSION: as written; borrowed */
    struct source source; /* SOURCE: what has to be cited; a question with whatever candidate */
};

/* One file that was parsed. */
struct scenario_file {
    char *path;
    char *id;                  /* associate/after-bind: folder and name; an instance adds its suffix */
    struct scenario *scenario; /* owned; NULL: put away, see scenario_file_open() */
    unsigned instances_count;
    uint64_t left_out;       /* of its instances: bit 1 << i; INSTANCES_MAX is 64 */
    uint64_t device, number; /* of the file, where the system numbers its files; else 0: the path counts */
};

/* Zero-initialise; free with scenario_set_free. */
struct scenario_set {
    struct scenario_file *files;
    size_t count, capacity;
    unsigned broken_count; /* files that could not be read or parsed, and paths that are not there */
    struct text errors;    /* what is wrong with each of them, as compilers write it */
    /* Given before anything is added: how many trees are held; those of further files are put away at once, so that
     * memory does not grow with the set. 0: all are held. */
    size_t held_most;
    uint32_t *places; /* of files, by hash of what identifies them: index + 1; 0 is free */
    size_t places_count;
};

/* Reads `clause=ASC-02`, `fact=W22`, `client=msquic` (in any case), `reading=Q38` (or 38, or Q38=a), `name=GLOB`,
 * `theme=GLOB`; with `!=` or a leading `!` it is negated. False when it is none of these, or there is no such thing:
 * `reason` then says what was expected, or what is near. */
bool filter_read(const char *text, struct filter *filter, struct reason *reason);

/* Reads an expression of words, `and`, `or`, `not` and parentheses: a word stands for the instances whose name has it,
 * whatever the case of its letters. False when it is none: `wrong` (80 bytes) then says what is the matter. */
bool filter_read_expression(const char *text, struct filter *filter, char wrong[80]);

/* Adds the scenarios (*.scn) in a folder and below it, sorted. False when a folder cannot be read, or none is there:
 * `errors` receives a line that says so; what was found is added all the same. */
bool scenarios_below(const char *folder, struct path_list *list, struct text *errors);

/* The file's tree, read again where it was put away; to be closed. NULL when it cannot be read any more, or has other
 * instances than it had. */
struct scenario *scenario_file_open(const struct scenario_file *file);
void scenario_file_close(const struct scenario_file *file, struct scenario *scenario); /* NULL is allowed */

/* Is this instance to be run; how many are; are all of the file's? */
bool scenario_file_has(const struct scenario_file *file, unsigned instance);
unsigned scenario_file_count(const struct scenario_file *file);
bool scenario_file_is_whole(const struct scenario_file *file);

/* Adds a scenario file, a trace, or all *.scn below a folder, in the order of their paths. What is broken is counted
 * and described; what is not, is kept all the same. An empty folder and a missing path are broken. A file that is in
 * the set already, by whatever path, is not added again. `-` is standard input. */
void scenario_set_add(struct scenario_set *set, const char *path);

/* Adds one instance of a scenario file: `variant` is its suffix, [udp.v6]; "" stands for all of them. */
void scenario_set_add_instance(struct scenario_set *set, const char *path, const char *variant);

/* Does it select the instance of this name, of a file and its tree? */
bool filter_selects(const struct filter *filter, const struct scenario_file *file, const struct scenario *scenario,
                    const char *name);

/* Drops what the filter does not select: instances by name and expression, else whole scenarios. */
void scenario_set_filter(struct scenario_set *set, const struct filter *filter);

/* Keeps only the instances with these names (associate/after-bind[udp.v6]). */
void scenario_set_keep(struct scenario_set *set, const struct path_list *ids);

/* Keeps every `count`-th scenario, beginning with number `index` (0 is the first). */
void scenario_set_shard(struct scenario_set *set, unsigned index, unsigned count);

/* Adds the names of all instances that are left, in their order. */
void scenario_set_ids(const struct scenario_set *set, struct path_list *ids);

void scenario_set_free(struct scenario_set *set);

/* Does one of its outcomes name such a source: of this kind with this text, or this question with whatever
 * candidate? */
bool scenario_cites(const struct scenario *scenario, const struct source *like);

#endif
