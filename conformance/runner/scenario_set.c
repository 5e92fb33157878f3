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

unsigned scenario_file_count(const struct scenario_file *file) {
    unsigned count = 0;
    for (unsigned i = 0; i < scenario_instances_count(file->scenario); i++) count += scenario_file_has(file, i);
    return count;
}

bool scenario_file_is_whole(const struct scenario_file *file) {
    return scenario_file_count(file) == scenario_instances_count(file->scenario);
}

/* The same file by another path, or by the same one. */
static struct scenario_file *find_same(struct scenario_set *set, const char *path, uint64_t device, uint64_t number) {
    for (size_t i = 0; i < set->count; i++) {
        struct scenario_file *file = &set->files[i];
        bool same = number != 0 ? file->device == device && file->number == number : strcmp(file->path, path) == 0;
        if (same) return file;
    }
    return NULL;
}

/* The file in the set, with all of its instances left out if it is new; NULL when it is broken. */
static struct scenario_file *take_file(struct scenario_set *set, const char *path) {
    uint64_t device = 0, number = 0;
    path_identity(path, &device, &number);
    struct scenario_file *known = find_same(set, path, device, number);
    if (known != NULL) return known;
    struct scenario *scenario = scenario_parse_file_all(path, &set->errors, NULL);
    if (scenario == NULL) {
        set->broken_count++;
        return NULL;
    }
    set->files = memory_grow(set->files, set->count, &set->capacity, sizeof *set->files);
    set->files[set->count] = (struct scenario_file){
        .path = memory_copy_text(path, strlen(path)),
        .id = id_of(path, scenario->name),
        .scenario = scenario,
        .left_out = UINT64_MAX,
        .device = device,
        .number = number,
    };
    return &set->files[set->count++];
}

static void add_file(struct scenario_set *set, const char *path) {
    struct scenario_file *file = take_file(set, path);
    if (file != NULL) file->left_out = 0;
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
    unsigned count = scenario_instances_count(file->scenario);
    bool found = false;
    for (unsigned i = 0; i < count; i++) {
        struct text suffix = { 0 };
        add_suffix(file->scenario, i, &suffix);
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
}

/* associate/after-bind[udp.v6] */
static void print_name(const struct scenario_file *file, unsigned instance, struct text *out) {
    out->length = 0;
    text_add(out, "%s", file->id);
    add_suffix(file->scenario, instance, out);
}

void scenario_set_filter(struct scenario_set *set, const struct filter *filter) {
    struct text name = { 0 };
    assert(set != NULL && filter != NULL);
    for (size_t i = 0; i < set->count; i++) {
        struct scenario_file *file = &set->files[i];
        for (unsigned j = 0; j < scenario_instances_count(file->scenario); j++) {
            print_name(file, j, &name);
            if (!filter_selects(filter, file, name.bytes)) file->left_out |= UINT64_C(1) << j;
        }
    }
    text_free(&name);
    drop_empty(set);
}

void scenario_set_keep(struct scenario_set *set, const struct path_list *ids) {
    struct text name = { 0 };
    assert(set != NULL && ids != NULL);
    for (size_t i = 0; i < set->count; i++) {
        struct scenario_file *file = &set->files[i];
        for (unsigned j = 0; j < scenario_instances_count(file->scenario); j++) {
            bool kept = false;
            print_name(file, j, &name);
            for (size_t k = 0; k < ids->count && !kept; k++) kept = strcmp(ids->paths[k], name.bytes) == 0;
            if (!kept) file->left_out |= UINT64_C(1) << j;
        }
    }
    text_free(&name);
    drop_empty(set);
}

void scenario_set_shard(struct scenario_set *set, unsigned index, unsigned count) {
    assert(set != NULL && index < count);
    for (size_t i = 0; i < set->count; i++) {
        if (i % count != index) set->files[i].left_out = UINT64_MAX;
    }
    drop_empty(set);
}

void scenario_set_ids(const struct scenario_set *set, struct path_list *ids) {
    struct text name = { 0 };
    assert(set != NULL && ids != NULL);
    for (size_t i = 0; i < set->count; i++) {
        for (unsigned j = 0; j < scenario_instances_count(set->files[i].scenario); j++) {
            if (!scenario_file_has(&set->files[i], j)) continue;
            print_name(&set->files[i], j, &name);
            path_list_add(ids, name.bytes);
        }
    }
    text_free(&name);
}

void scenario_set_free(struct scenario_set *set) {
    assert(set != NULL);
    for (size_t i = 0; i < set->count; i++) free_file(&set->files[i]);
    free(set->files);
    text_free(&set->errors);
    *set = (struct scenario_set){ 0 };
}
