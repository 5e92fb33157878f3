/* Where a host's files stand in a tree of scenarios: TREE/hosts/NAME/deviations, TREE/hosts/NAME/unseen. */
#ifndef RESERVOIR_CONFORMANCE_HOST_TREE_H
#define RESERVOIR_CONFORMANCE_HOST_TREE_H

#include <stdbool.h>

#include "conformance/base/folders.h"

/* TREE of TREE/hosts/NAME/FILE, with its slash. False when the path has another file, or stands elsewhere. */
bool host_tree_of(const char *path, const char *file, char tree[FOLDER_PATH_MAX]);

#endif
