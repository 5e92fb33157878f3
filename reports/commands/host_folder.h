/* A host's folder in the tree of scenarios, TREE/hosts/NAME: its facts, its traces, and what is known of its
 * deviations. */
#ifndef RESERVOIR_REPORTS_HOST_FOLDER_H
#define RESERVOIR_REPORTS_HOST_FOLDER_H

#include "conformance/base/folders.h"
#include "conformance/base/reason.h"
#include "conformance/base/text.h"
#include "conformance/player/trace_file.h"

/* What a result has of one host. Zero-initialise; free with host_result_free. */
struct host_result {
    char name[FOLDER_PATH_MAX]; /* of the host, as its traces name it */
    char folder[FOLDER_PATH_MAX];
    struct path_list traces; /* below it, sorted */
    struct fact_list facts;  /* of all of them */
};

/* Reads every trace below `folder`. False with `reason`: one is broken (with file, line and column), or they are of two
 * machines, or there is none. */
bool host_result_read(struct host_result *result, const char *folder, struct reason *reason);
void host_result_free(struct host_result *result);

/* Writes TREE/hosts/NAME/facts and its traces in the place of those that were there. Of a host that is `like` another
 * (NULL: none) a trace whose words that one's has becomes a line in `same` (conformance/subjects/trace_shelf.h). False
 * with `reason`. */
bool host_folder_write(const struct host_result *result, const char *tree, const char *like, unsigned *same_count,
                       struct reason *reason);

/* Adds a line for each answer in which the result contradicts traces of other hosts below TREE that say they are the
 * same system in the same build; returns how many. */
unsigned host_folder_contradictions(const struct host_result *result, const char *tree, struct text *out);

#endif
