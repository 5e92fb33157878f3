#define _DEFAULT_SOURCE /* getcwd */

#include "reports/commands/last_failed.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef _WIN32
#include <direct.h>
#define getcwd _getcwd
#else
#include <unistd.h>
#endif

#include "conformance/base/folders.h"
#include "conformance/base/program.h"

/* FNV-1a: folders have longer names than files may. */
static uint64_t hash_of(const char *text) {
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    for (; *text != '\0'; text++) hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001B3);
    return hash;
}

/* The file of the folder that we are in; false when there is no place for it. */
static bool find_file(char path[FOLDER_PATH_MAX]) {
    static const char *const variables[] = { "XDG_CACHE_HOME", "LOCALAPPDATA", "HOME" };
    char place[FOLDER_PATH_MAX] = "", folder[FOLDER_PATH_MAX];
    unsigned i = 0;
    while (i < 3 && !program_variable(variables[i], place)) i++;
    if (i == 3 || getcwd(folder, sizeof folder) == NULL) return false;
    int length = snprintf(path, FOLDER_PATH_MAX, "%s%s/reservoir/last-failed-%016llx", place, i == 2 ? "/.cache" : "",
                          (unsigned long long)hash_of(folder));
    return length > 0 && length < FOLDER_PATH_MAX;
}

static void read_ids(struct path_list *ids) {
    char path[FOLDER_PATH_MAX];
    size_t length = 0;
    char *bytes = find_file(path) ? file_read(path, FILE_BYTES_MAX, &length) : NULL;
    for (char *line = bytes; line != NULL && *line != '\0';) {
        size_t end = strcspn(line, "\n");
        bool last = line[end] == '\0';
        line[end] = '\0';
        path_list_add(ids, line);
        line += end + !last;
    }
    free(bytes);
}

void last_failed_keep(struct scenario_set *set) {
    struct path_list failed = { 0 }, here = { 0 };
    assert(set != NULL);
    read_ids(&failed);
    scenario_set_ids(set, &here);
    bool any = false;
    for (size_t i = 0; i < failed.count && !any; i++) {
        for (size_t j = 0; j < here.count && !any; j++) any = strcmp(failed.paths[i], here.paths[j]) == 0;
    }
    if (any) scenario_set_keep(set, &failed);
    else fputs("reservoir run: nothing of this failed the last time; everything is played\n", stderr);
    path_list_free(&failed);
    path_list_free(&here);
}

void last_failed_write(const struct run_record *record, unsigned failures) {
    char path[FOLDER_PATH_MAX];
    struct text ids = { 0 };
    if (!find_file(path)) return;
    text_add(&ids, "%s", "");
    for (size_t i = 0; i < record->count; i++) {
        if (failures >> record->instances[i]->verdict & 1) text_add(&ids, "%s\n", record->instances[i]->id);
    }
    (void)file_write(path, ids.bytes, ids.length);
    text_free(&ids);
}
