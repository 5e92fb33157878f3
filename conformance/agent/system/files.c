#include "conformance/agent/system/files.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static char *copy_of(const char *path) {
    size_t length = strlen(path) + 1;
    char *copy = malloc(length);
    assert(copy != NULL);
    return memcpy(copy, path, length);
}

static void add_path(struct files *files, const char *path) {
    assert(files->count <= files->capacity);
    if (files->count == files->capacity) {
        files->capacity = files->capacity == 0 ? 64 : files->capacity * 2;
        files->paths = realloc(files->paths, files->capacity * sizeof *files->paths);
    }
    assert(files->paths != NULL);
    files->paths[files->count++] = copy_of(path);
}

static void pass_over(struct files *files, const char *path) {
    if (files->links_count++ == 0) files->link = copy_of(path);
}

static bool ends_with(const char *text, const char *ending) {
    size_t length = strlen(text), ending_length = strlen(ending);
    return length > ending_length && strcmp(text + length - ending_length, ending) == 0;
}

/* One folder on the way down. */
struct search {
    struct files *files;
    const char *folder; /* where the search began */
    const char *below;  /* this folder, relative to that */
    const char *ending;
};

static bool find_below(const struct search *search);

/* One entry of a folder: taken, walked, or passed over. */
static bool find_entry(void *self, const char *name, enum entry_kind kind) {
    const struct search *search = self;
    char path[PATH_BYTES_MAX];
    if (name[0] == '.') return true;
    int length = snprintf(path, sizeof path, "%s%s%s", search->below, search->below[0] == '\0' ? "" : "/", name);
    if (length < 0 || (size_t)length >= sizeof path) return false;
    const struct search deeper = { search->files, search->folder, path, search->ending };
    if (kind == ENTRY_FOLDER) return find_below(&deeper);
    if (kind == ENTRY_LINK) pass_over(search->files, path);
    else if (ends_with(path, search->ending)) add_path(search->files, path);
    return true;
}

static bool find_below(const struct search *search) {
    char path[PATH_BYTES_MAX];
    struct search here = *search;
    int length =
        snprintf(path, sizeof path, "%s%s%s", search->folder, search->below[0] == '\0' ? "" : "/", search->below);
    if (length < 0 || (size_t)length >= sizeof path) return false;
    return folder_walk(path, find_entry, &here);
}

static int compare_paths(const void *left, const void *right) {
    const char *const *left_path = left;
    const char *const *right_path = right;
    return strcmp(*left_path, *right_path);
}

bool files_find(struct files *files, const char *folder, const char *ending) {
    assert(files != NULL && folder != NULL);
    assert(ending != NULL && ending[0] != '\0');
    const struct search search = { files, folder, "", ending };
    if (!find_below(&search)) return false;
    if (files->count > 0) qsort(files->paths, files->count, sizeof *files->paths, compare_paths);
    return true;
}

void files_free(struct files *files) {
    assert(files != NULL);
    for (size_t i = 0; i < files->count; i++) free(files->paths[i]);
    free(files->paths);
    free(files->link);
    memset(files, 0, sizeof *files);
}

char *file_read(const char *path, size_t limit, size_t *length) {
    assert(path != NULL);
    assert(length != NULL);
    FILE *file = file_open(path, "rb");
    if (file == NULL) return NULL;
    char *bytes = malloc(limit + 2);
    assert(bytes != NULL);
    *length = fread(bytes, 1, limit + 1, file);
    bool good = ferror(file) == 0 && *length <= limit;
    fclose(file);
    if (good) {
        bytes[*length] = '\0';
        return bytes;
    }
    free(bytes);
    return NULL;
}

static bool is_slash(char byte) { return byte == '/' || byte == '\\'; }

void folders_create(const char *path) {
    char folder[PATH_BYTES_MAX] = "";
    size_t length = strlen(path);
    for (size_t i = 0; i < length && i < sizeof folder - 1; i++) {
        if (i > 0 && is_slash(path[i])) folder_create(folder);
        folder[i] = path[i];
    }
}

FILE *file_create(const char *path) {
    assert(path != NULL);
    if (path[0] == '\0' || strlen(path) >= PATH_BYTES_MAX) return NULL;
    folders_create(path);
    return file_open(path, "wb");
}

FILE *file_append(const char *path) { return file_open(path, "a+b"); }
