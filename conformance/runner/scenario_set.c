#include "conformance/runner/scenario_set.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/folders.h"
#include "conformance/base/memory.h"
#include "conformance/base/number.h"
#include "conformance/citations/citations.h"
#include "conformance/language/expand.h"
#include "conformance/language/all_errors.h"
#include "conformance/language/parser.h"
#include "stack/readings.h"

/* --- files ---------------------------------------------------------------------------------------------------- */

/* The folder's name and the scenario's: associate/after-bind. A trace may bring its folder in its own name. */
static char *id_of(const char *path, const char *name) {
    const char *base = path_base(path);
    if (base == path || strchr(name, '/') != NULL) return memory_copy_text(name, strlen(name));
    const char *theme = base - 1;
    while (theme > path && theme[-1] != '/' && theme[-1] != '\\') theme--;
    struct text id = { 0 };
    text_add(&id, "%.*s%s", (int)(base - theme), theme, name);
    char *copy = memory_copy_text(id.bytes, id.length);
    text_free(&id);
    return copy;
}

bool scenario_file_has(const struct scenario_file *file, unsigned instance) {
    assert(file != NULL && instance < INSTANCES_MAX);
    return (file->left_out >> instance & 1) == 0;
}

struct scenario *scenario_file_open(const struct scenario_file *file) {
    struct text errors = { 0 };
    assert(file != NULL);
    if (file->scenario != NULL) return file->scenario;
    struct scenario *scenario = scenario_parse_file_all(file->path, NULL, &errors, NULL);
    text_free(&errors);
    if (scenario == NULL || scenario_instances_count(scenario) == file->instances_count) return scenario;
    scenario_free(scenario);
    return NULL;
}

void scenario_file_close(const struct scenario_file *file, struct scenario *scenario) {
    assert(file != NULL);
    if (scenario != file->scenario) scenario_free(scenario);
}

unsigned scenario_file_count(const struct scenario_file *file) {
    unsigned count = 0;
    for (unsigned i = 0; i < file->instances_count; i++) count += scenario_file_has(file, i);
    return count;
}

bool scenario_file_is_whole(const struct scenario_file *file) {
    return scenario_file_count(file) == file->instances_count;
}

/* --- which are in the set ----------------------------------------------------------------------------------------- */

/* What identifies a file: its numbers, or its path. FNV-1a. */
static uint64_t hash_of(const char *path, uint64_t device, uint64_t number) {
    const uint64_t prime = UINT64_C(0x100000001B3);
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    if (number != 0) return ((hash ^ device) * prime ^ number) * prime;
    for (; *path != '\0'; path++) hash = (hash ^ (unsigned char)*path) * prime;
    return hash;
}

static bool is_same(const struct scenario_file *file, const char *path, uint64_t device, uint64_t number) {
    if (number == 0) return strcmp(file->path, path) == 0;
    return file->device == device && file->number == number;
}

/* The place of the file, or the free one where it belongs. */
static uint32_t *find_place(const struct scenario_set *set, const char *path, uint64_t device, uint64_t number) {
    uint64_t hash = hash_of(path, device, number);
    for (size_t i = (size_t)(hash ^ hash >> 32);; i++) {
        uint32_t *place = &set->places[i & (set->places_count - 1)];
        if (*place == 0 || is_same(&set->files[*place - 1], path, device, number)) return place;
    }
}

/* At least half of the places are free, and their count is a power of two. */
static void make_places(struct scenario_set *set) {
    if (set->places_count >= 2 * (set->count + 1)) return;
    free(set->places);
    for (set->places_count = 64; set->places_count < 4 * (set->count + 1);) set->places_count *= 2;
    set->places = memory_zeroed(set->places_count * sizeof *set->places);
    for (size_t i = 0; i < set->count; i++) {
        const struct scenario_file *file = &set->files[i];
        *find_place(set, file->path, file->device, file->number) = (uint32_t)i + 1;
    }
}

/* The file in the set, with all of its instances left out if it is new; NULL when it is broken. */
static struct scenario_file *take_file(struct scenario_set *set, const char *path) {
    uint64_t device = 0, number = 0;
    path_identity(path, &device, &number);
    make_places(set);
    uint32_t *place = find_place(set, path, device, number);
    if (*place != 0) return &set->files[*place - 1];
    struct scenario *scenario = scenario_parse_file_all(path, NULL, &set->errors, NULL);
    if (scenario == NULL) {
        set->broken_count++;
        return NULL;
    }
    set->files = memory_grow(set->files, set->count, &set->capacity, sizeof *set->files);
    set->files[set->count] = (struct scenario_file){
        .path = memory_copy_text(path, strlen(path)),
        .id = id_of(path, scenario->name),
        .scenario = scenario,
        .instances_count = scenario_instances_count(scenario),
        .left_out = UINT64_MAX,
        .device = device,
        .number = number,
    };
    *place = (uint32_t)++set->count;
    return &set->files[set->count - 1];
}

static void add_file(struct scenario_set *set, const char *path) {
    struct scenario_file *file = take_file(set, path);
    if (file == NULL) return;
    file->left_out = 0;
    if (set->held_most > 0 && set->count > set->held_most && strcmp(path, "-") != 0) {
        scenario_free(file->scenario);
        file->scenario = NULL;
    }
}

/* [udp.v6]; "" of a scenario without variants. */
static void add_suffix(const struct scenario *scenario, unsigned instance, struct text *out) {
    struct scenario *expanded = scenario_expand(scenario, instance);
    const char *bracket = strchr(expanded->name, '[');
    text_add(out, "%s", bracket == NULL ? "" : bracket);
    scenario_free(expanded);
}

static void choose_instance(struct scenario_set *set, struct scenario_file *file, const char *variant) {
    struct text all = { 0 };
    struct scenario *scenario = scenario_file_open(file);
    bool found = false;
    for (unsigned i = 0; scenario != NULL && i < file->instances_count; i++) {
        struct text suffix = { 0 };
        add_suffix(scenario, i, &suffix);
        bool same = suffix.length > 0 && strcmp(suffix.bytes, variant) == 0;
        if (same) file->left_out &= ~(UINT64_C(1) << i);
        found |= same;
        text_add(&all, "%s%s", i == 0 ? "" : " ", suffix.length == 0 ? "" : suffix.bytes);
        text_free(&suffix);
    }
    if (!found) {
        text_add(&set->errors, "%s: %s has no instance %s; ", file->path, file->id, variant);
        if (all.length > 0) text_add(&set->errors, "it has %s\n", all.bytes);
        else text_add(&set->errors, "it has no variants\n");
        set->broken_count++;
    }
    text_free(&all);
    scenario_file_close(file, scenario);
}

void scenario_set_add_instance(struct scenario_set *set, const char *path, const char *variant) {
    assert(set != NULL && path != NULL && variant != NULL);
    struct scenario_file *file = take_file(set, path);
    if (file == NULL) return;
    if (variant[0] == '\0') file->left_out = 0;
    else choose_instance(set, file, variant);
}

bool scenarios_below(const char *folder, struct path_list *list, struct text *errors) {
    char unreadable[FOLDER_PATH_MAX];
    assert(folder != NULL && list != NULL && errors != NULL);
    bool read = folder_find(folder, ".scn", list, unreadable);
    if (!read) text_add(errors, "%s: the folder cannot be read\n", unreadable);
    else if (list->count == 0) text_add(errors, "%s: no scenario (*.scn) is in this folder or below it\n", folder);
    path_list_sort(list);
    return read && list->count > 0;
}

static void add_folder(struct scenario_set *set, const char *path) {
    struct path_list list = { 0 };
    if (!scenarios_below(path, &list, &set->errors)) set->broken_count++;
    for (size_t i = 0; i < list.count; i++) add_file(set, list.paths[i]);
    path_list_free(&list);
}

void scenario_set_add(struct scenario_set *set, const char *path) {
    assert(set != NULL && path != NULL);
    if (strcmp(path, "-") == 0) {
        add_file(set, path);
        return;
    }
    switch (path_kind_of(path)) {
    case PATH_FOLDER: add_folder(set, path); return;
    case PATH_FILE: add_file(set, path); return;
    case PATH_MISSING:
        text_add(&set->errors,
                 "%s: no such file or folder; expected a scenario (*.scn), a trace, or a folder with scenarios\n",
                 path);
        set->broken_count++;
        return;
    }
    assert(!"every kind is handled");
}

static void free_file(struct scenario_file *file) {
    scenario_free(file->scenario);
    free(file->path);
    free(file->id);
}

/* Drops files of which no instance is left. */
static void drop_empty(struct scenario_set *set) {
    size_t kept = 0;
    for (size_t i = 0; i < set->count; i++) {
        if (scenario_file_count(&set->files[i]) > 0) set->files[kept++] = set->files[i];
        else free_file(&set->files[i]);
    }
    set->count = kept;
    free(set->places); /* the files have moved */
    set->places = NULL;
    set->places_count = 0;
}

/* --- names -------------------------------------------------------------------------------------------------------- */

/* associate/after-bind[udp.v6] */
static void print_name(const struct scenario_file *file, const struct scenario *scenario, unsigned instance,
                       struct text *out) {
    out->length = 0;
    text_add(out, "%s", file->id);
    add_suffix(scenario, instance, out);
}

/* What is asked of an instance: is it left out? */
typedef bool name_question(const void *self, const struct scenario_file *file, const struct scenario *scenario,
                           const char *name);

/* Asks it of every instance that is left, and leaves those out. A file that cannot be opened any more stays as it is:
 * that shows when it is played. */
static uint64_t ask_names(const struct scenario_file *file, name_question *leaves_out, const void *self) {
    struct text name = { 0 };
    uint64_t out = file->left_out;
    struct scenario *scenario = scenario_file_open(file);
    for (unsigned i = 0; scenario != NULL && i < file->instances_count; i++) {
        if (!scenario_file_has(file, i)) continue;
        print_name(file, scenario, i, &name);
        if (leaves_out(self, file, scenario, name.bytes)) out |= UINT64_C(1) << i;
    }
    scenario_file_close(file, scenario);
    text_free(&name);
    return out;
}

static void ask_all(struct scenario_set *set, name_question *leaves_out, const void *self) {
    for (size_t i = 0; i < set->count; i++) set->files[i].left_out = ask_names(&set->files[i], leaves_out, self);
    drop_empty(set);
}

static bool is_unselected(const void *self, const struct scenario_file *file, const struct scenario *scenario,
                          const char *name) {
    return !filter_selects(self, file, scenario, name);
}

void scenario_set_filter(struct scenario_set *set, const struct filter *filter) {
    assert(set != NULL && filter != NULL);
    ask_all(set, is_unselected, filter);
}

static bool is_unlisted(const void *self, const struct scenario_file *file, const struct scenario *scenario,
                        const char *name) {
    const struct path_list *ids = self;
    (void)file, (void)scenario;
    for (size_t i = 0; i < ids->count; i++)
        if (strcmp(ids->paths[i], name) == 0) return false;
    return true;
}

void scenario_set_keep(struct scenario_set *set, const struct path_list *ids) {
    assert(set != NULL && ids != NULL);
    ask_all(set, is_unlisted, ids);
}

void scenario_set_shard(struct scenario_set *set, unsigned index, unsigned count) {
    assert(set != NULL && index < count);
    for (size_t i = 0; i < set->count; i++) {
        if (i % count != index) set->files[i].left_out = UINT64_MAX;
    }
    drop_empty(set);
}

static void add_names(const struct scenario_file *file, struct path_list *ids) {
    struct text name = { 0 };
    struct scenario *scenario = scenario_file_open(file);
    for (unsigned i = 0; scenario != NULL && i < file->instances_count; i++) {
        if (!scenario_file_has(file, i)) continue;
        print_name(file, scenario, i, &name);
        path_list_add(ids, name.bytes);
    }
    scenario_file_close(file, scenario);
    text_free(&name);
}

void scenario_set_ids(const struct scenario_set *set, struct path_list *ids) {
    assert(set != NULL && ids != NULL);
    for (size_t i = 0; i < set->count; i++) add_names(&set->files[i], ids);
}

void scenario_set_free(struct scenario_set *set) {
    assert(set != NULL);
    for (size_t i = 0; i < set->count; i++) free_file(&set->files[i]);
    free(set->files);
    free(set->places);
    text_free(&set->errors);
    *set = (struct scenario_set){ 0 };
}
