#include "conformance/runner/recording.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"
#include "conformance/language/expand.h"
#include "conformance/language/parser.h"
#include "conformance/player/trace_file.h"
#include "conformance/runner/scenario_set.h"

static const char first_line[] = "# For `reservoir resume`: what the instances that stopped here need to be resumed.\n";

/* --- one trace ---------------------------------------------------------------------------------------------------- */

/* The trace's text when it stopped; false when it did not, or cannot be read, as `errors` then says. One whose last
 * line has no end was cut while it was written, perhaps inside the mark. */
static bool read_if_stopped(const char *path, struct text *so_far, struct text *errors) {
    struct language_error error;
    const char *mark = NULL;
    size_t length = 0;
    char *bytes = file_read(path, FILE_BYTES_MAX, &length);
    if (bytes == NULL) {
        text_add(errors, "%s: cannot be read: %s\n", path, errno == 0 ? "it is too large" : strerror(errno));
        return false;
    }
    struct scenario *trace = scenario_parse(path, bytes, length, &error);
    if (trace == NULL) language_error_print(&error, errors);
    bool stopped =
        trace != NULL && trace->is_trace && bytes[length - 1] == '\n' && trace_ending(trace, &mark) == STEP_RESTART;
    if (stopped) text_add(so_far, "%s", bytes);
    scenario_free(trace);
    free(bytes);
    return stopped;
}

/* Does FOLDER/.../ID.trace end with this scenario's ID? Then the suffix of its instance stands at *suffix, such as
 * [tcp.v4]. */
static bool is_trace_of(const char *path, const struct scenario_file *file, const char **suffix,
                        size_t *suffix_length) {
    size_t id_length = strcspn(file->id, "["), length = strlen(path);
    assert(path_ends(path, ".trace"));
    length -= strlen(".trace");
    const char *bracket = memchr(path_base(path), '[', strlen(path_base(path)));
    *suffix = bracket != NULL ? bracket : path + length;
    *suffix_length = (size_t)(path + length - *suffix);
    size_t stem = (size_t)(*suffix - path);
    return stem > id_length && path[stem - id_length - 1] == '/' &&
           memcmp(path + stem - id_length, file->id, id_length) == 0;
}

/* The instance with this suffix; false when the scenario has none. */
static bool find_instance(const struct scenario *scenario, const char *suffix, size_t length, unsigned *index) {
    unsigned count = scenario_instances_count(scenario);
    for (*index = 0; *index < count; ++*index) {
        struct scenario *instance = scenario_expand(scenario, *index);
        const char *own = instance->name + strcspn(instance->name, "[");
        bool same = strlen(own) == length && memcmp(own, suffix, length) == 0;
        scenario_free(instance);
        if (same) return true;
    }
    return false;
}

/* --- all of them -------------------------------------------------------------------------------------------------- */

static bool add_stopped(const char *path, const struct scenario_set *set, struct text *so_far,
                        struct stopped_list *list) {
    const char *suffix = NULL;
    size_t length = 0;
    unsigned index = 0;
    for (size_t i = 0; i < set->count; i++) {
        const struct scenario_file *file = &set->files[i];
        if (!is_trace_of(path, file, &suffix, &length) || !find_instance(file->scenario, suffix, length, &index))
            continue;
        list->instances = memory_grow(list->instances, list->count, &list->capacity, sizeof *list->instances);
        list->instances[list->count++] = (struct stopped_instance){
            .file = file, .instance = index, .path = memory_copy_text(path, strlen(path)), .so_far = *so_far
        };
        *so_far = (struct text){ 0 };
        return true;
    }
    text_add(&list->errors, "%s: it stopped, but its scenario is not among those that are known\n", path);
    return false;
}

static int compare_stopped(const void *one, const void *other) {
    const struct stopped_instance *a = one, *b = other;
    if (a->file != b->file) return a->file < b->file ? -1 : 1;
    if (a->instance != b->instance) return a->instance < b->instance ? -1 : 1;
    return strcmp(a->path, b->path);
}

bool recording_find_stopped(const char *folder, const struct scenario_set *set, struct stopped_list *list) {
    struct path_list paths = { 0 };
    char trouble[FOLDER_PATH_MAX];
    assert(folder != NULL && set != NULL && list->count == 0);
    if (!folder_find(folder, ".trace", &paths, trouble)) {
        text_add(&list->errors, "%s: the folder cannot be read\n", trouble);
        path_list_free(&paths);
        return false;
    }
    path_list_sort(&paths);
    for (size_t i = 0; i < paths.count; i++) {
        struct text so_far = { 0 };
        size_t reported = list->errors.length;
        if (read_if_stopped(paths.paths[i], &so_far, &list->errors)) add_stopped(paths.paths[i], set, &so_far, list);
        list->strange_count += list->errors.length > reported;
        text_free(&so_far);
    }
    path_list_free(&paths);
    if (list->count > 0) qsort(list->instances, list->count, sizeof *list->instances, compare_stopped);
    return true;
}

void stopped_list_free(struct stopped_list *list) {
    assert(list != NULL);
    for (size_t i = 0; i < list->count; i++) {
        free(list->instances[i].path);
        text_free(&list->instances[i].so_far);
    }
    free(list->instances);
    text_free(&list->errors);
    *list = (struct stopped_list){ 0 };
}

static bool any_stopped(const char *folder) {
    struct path_list paths = { 0 };
    struct text so_far = { 0 }, ignored = { 0 };
    char trouble[FOLDER_PATH_MAX];
    bool stopped = false;
    (void)folder_find(folder, ".trace", &paths, trouble);
    for (size_t i = 0; i < paths.count && !stopped; i++) stopped = read_if_stopped(paths.paths[i], &so_far, &ignored);
    path_list_free(&paths);
    text_free(&so_far);
    text_free(&ignored);
    return stopped;
}

/* --- the file ----------------------------------------------------------------------------------------------------- */

static bool words_path(const char *folder, char path[FOLDER_PATH_MAX]) {
    int length = snprintf(path, FOLDER_PATH_MAX, "%s/resume", folder);
    errno = ENAMETOOLONG;
    return length > 0 && length < FOLDER_PATH_MAX;
}

bool recording_waits(const char *folder) {
    char path[FOLDER_PATH_MAX];
    assert(folder != NULL);
    return words_path(folder, path) && path_kind_of(path) == PATH_FILE && any_stopped(folder);
}

bool recording_write_words(const char *folder, const struct path_list *words) {
    char path[FOLDER_PATH_MAX];
    struct text text = { 0 };
    assert(folder != NULL && words != NULL);
    if (!words_path(folder, path)) return false;
    text_add(&text, "%s", first_line);
    for (size_t i = 0; i < words->count; i++) {
        for (const char *at = words->paths[i]; *at != '\0'; at++) text_add(&text, *at == '\n' ? "\n\t" : "%c", *at);
        text_add(&text, "\n");
    }
    FILE *file = file_create(path);
    bool written = file != NULL && fwrite(text.bytes, 1, text.length, file) == text.length;
    if (file != NULL && fclose(file) != 0) written = false;
    text_free(&text);
    return written;
}

/* Adds the words that stand in these lines. */
static void take_words(const char *line, struct path_list *words) {
    struct text word = { 0 };
    while (*line != '\0') {
        size_t length = strcspn(line, "\n");
        text_add(&word, "%.*s", (int)length, line);
        line += length + (line[length] == '\n');
        if (*line == '\t') {
            text_add(&word, "\n");
            line++;
            continue;
        }
        if (word.length > 0 && word.bytes[word.length - 1] == '\r') word.bytes[--word.length] = '\0';
        if (word.length > 0) path_list_add(words, word.bytes);
        word.length = 0;
    }
    text_free(&word);
}

bool recording_read_words(const char *folder, struct path_list *words) {
    char path[FOLDER_PATH_MAX];
    size_t length = 0;
    assert(folder != NULL && words != NULL);
    char *bytes = words_path(folder, path) ? file_read(path, FILE_BYTES_MAX, &length) : NULL;
    if (bytes == NULL) return false;
    const char *line = bytes;
    while (*line == '#') {
        line += strcspn(line, "\n");
        line += *line == '\n';
    }
    take_words(line, words);
    free(bytes);
    return true;
}

void recording_end(const char *folder) {
    char path[FOLDER_PATH_MAX];
    assert(folder != NULL);
    if (words_path(folder, path) && !any_stopped(folder)) remove(path);
}
