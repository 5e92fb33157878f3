#include "conformance/base/folders.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/folder_entries.h"
#include "conformance/base/memory.h"

/* --- lists -------------------------------------------------------------------------------------------------------- */

void path_list_add(struct path_list *list, const char *path) {
    assert(list != NULL && path != NULL);
    list->paths = memory_grow(list->paths, list->count, &list->capacity, sizeof *list->paths);
    list->paths[list->count++] = memory_copy_text(path, strlen(path));
}

static int compare_paths(const void *one, const void *other) {
    return strcmp(*(char *const *)one, *(char *const *)other);
}

void path_list_sort(struct path_list *list) {
    assert(list != NULL);
    if (list->count > 0) qsort(list->paths, list->count, sizeof *list->paths, compare_paths);
}

void path_list_free(struct path_list *list) {
    assert(list != NULL);
    for (size_t i = 0; i < list->count; i++) free(list->paths[i]);
    free(list->paths);
    *list = (struct path_list){ 0 };
}

/* --- walking ------------------------------------------------------------------------------------------------------ */

/* What is looked for, and where what is found goes. */
struct search {
    const char *ending;
    struct path_list *list;
    struct path_list *links; /* NULL: links to folders are followed */
    char *trouble;
};

/* folder/name; false when it is too long. */
static bool join(const char *folder, const char *name, char path[FOLDER_PATH_MAX]) {
    size_t length = strlen(folder), name_length = strlen(name);
    bool slash = length > 0 && folder[length - 1] == '/';
    if (length + !slash + name_length >= FOLDER_PATH_MAX) return false;
    memcpy(path, folder, length);
    if (!slash) path[length++] = '/';
    memcpy(path + length, name, name_length + 1);
    return true;
}

static bool fail_with(const char *path, const struct search *search) {
    snprintf(search->trouble, FOLDER_PATH_MAX, "%s", path);
    return false;
}

static enum path_kind followed_kind(enum entry_kind kind, const char *path) {
    return kind == ENTRY_LINK ? path_kind_of(path) : kind == ENTRY_FILE ? PATH_FILE : PATH_FOLDER;
}

/* A folder on the way down, so that a link that leads back up is not followed for ever. */
struct above {
    uint64_t device, number;
    const struct above *next;
};

static bool leads_up(const struct above *above, uint64_t device, uint64_t number) {
    for (; number != 0 && above != NULL; above = above->next) {
        if (above->device == device && above->number == number) return true;
    }
    return false;
}

static bool find_below(const char *folder, const struct search *search, const struct above *above);

static bool find_in(const char *folder, const char *name, enum entry_kind entry, const struct search *search,
                    const struct above *above) {
    char path[FOLDER_PATH_MAX];
    if (!join(folder, name, path)) return fail_with(folder, search);
    enum path_kind kind = followed_kind(entry, path);
    if (kind == PATH_FILE && path_ends(path, search->ending)) path_list_add(search->list, path);
    if (kind != PATH_FOLDER) return true;
    if (entry != ENTRY_LINK || search->links == NULL) return find_below(path, search, above);
    path_list_add(search->links, path);
    return true;
}

static bool find_below(const char *folder, const struct search *search, const struct above *above) {
    struct above here = { .next = above };
    path_identity(folder, &here.device, &here.number);
    if (leads_up(above, here.device, here.number)) return true;
    struct folder_entries *entries = folder_entries_open(folder);
    if (entries == NULL) return fail_with(folder, search);
    bool found = true;
    enum entry_kind kind = ENTRY_FILE;
    for (const char *name; found && (name = folder_entries_next(entries, &kind)) != NULL;) {
        if (name[0] != '.') found = find_in(folder, name, kind, search, &here);
    }
    folder_entries_close(entries);
    return found;
}

bool folder_find(const char *folder, const char *ending, struct path_list *list, char *trouble) {
    return folder_find_unlinked(folder, ending, list, NULL, trouble);
}

bool folder_find_unlinked(const char *folder, const char *ending, struct path_list *list, struct path_list *links,
                          char *trouble) {
    assert(folder != NULL && ending != NULL && list != NULL && trouble != NULL);
    const struct search search = { ending, list, links, trouble };
    return find_below(folder, &search, NULL);
}

void folder_children(const char *folder, struct path_list *list) {
    assert(folder != NULL && list != NULL);
    struct folder_entries *entries = folder_entries_open(folder);
    if (entries == NULL) return;
    enum entry_kind kind = ENTRY_FILE;
    for (const char *name; (name = folder_entries_next(entries, &kind)) != NULL;) {
        char path[FOLDER_PATH_MAX];
        if (name[0] == '.' || !join(folder, name, path)) continue;
        if (followed_kind(kind, path) == PATH_FOLDER) path_list_add(list, name);
    }
    folder_entries_close(entries);
    path_list_sort(list);
}
