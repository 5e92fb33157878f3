#include "conformance/verdicts/host_tree.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "conformance/base/files.h"

bool host_tree_of(const char *path, const char *file, char tree[FOLDER_PATH_MAX]) {
    const char *hosts = NULL;
    assert(path != NULL && file != NULL);
    for (const char *at = path; (at = strstr(at, "hosts/")) != NULL; at++) {
        if (at == path || at[-1] == '/') hosts = at;
    }
    if (hosts == NULL || strcmp(path_base(path), file) != 0) return false;
    int length = snprintf(tree, FOLDER_PATH_MAX, "%.*s", (int)(hosts - path), path);
    return length >= 0 && length < FOLDER_PATH_MAX;
}
