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
#include "conformance/language/parser.h"
#include "stack/readings.h"

/* --- filters ------------------------------------------------------------------------------------------------------ */

static const char expected[] = "clause=ASC-02, fact=W22, client=msquic, reading=Q38 or name=GLOB";

static bool fail_missing(const char *what, const char *id, const char *nearest, char *trouble) {
    if (nearest == NULL)
        snprintf(trouble, FILTER_TROUBLE_MAX, "there is no %s %s; `reservoir list %ss` has them all", what, id, what);
    else snprintf(trouble, FILTER_TROUBLE_MAX, "there is no %s %s; did you mean %s?", what, id, nearest);
    return false;
}

/* Q38, 38, Q38=a */
static bool read_question(const char *text, struct source *source, char *trouble) {
    const char *digits = *text == 'Q' || *text == 'q' ? text + 1 : text;
    uint64_t number = 0;
    const char *end = digits + number_take(digits, strlen(digits), &number);
    bool candidate = number > 0 && end[0] == '=' && end[1] >= 'a' && end[1] <= 'z' && end[2] == '\0';
    bool written = number > 0 && (*end == '\0' || candidate);
    const struct reading *reading = written && number <= QUESTION_LAST ? reading_of((enum question)number) : NULL;
    if (reading == NULL || (candidate && end[1] - 'a' >= reading->candidates_count))
        return fail_missing("reading", text, NULL, trouble);
    *source = (struct source){ .kind = SOURCE_READING, .number = (unsigned)number };
    return true;
}

static bool read_clause(const char *id, struct source *source, char *trouble) {
    const struct clause *clause = clause_named(id);
    if (clause == NULL) return fail_missing("clause", id, clause_nearest(id, strlen(id)), trouble);
    *source = (struct source){ .kind = SOURCE_CLAUSE, .text = clause->id };
    return true;
}

static bool read_fact(const char *id, struct source *source, char *trouble) {
    const struct fact *fact = fact_named(id);
    if (fact == NULL) return fail_missing("fact", id, fact_nearest(id, strlen(id)), trouble);
    *source = (struct source){ .kind = SOURCE_FACT, .text = fact->id };
    return true;
}

static bool read_client(const char *id, struct source *source, char *trouble) {
    const struct client *client = client_named(id);
    if (client == NULL) return fail_missing("client", id, client_nearest(id, strlen(id)), trouble);
    *source = (struct source){ .kind = SOURCE_CLIENT, .text = client->id };
    return true;
}

bool filter_read(const char *text, struct filter *filter, char *trouble) {
    static const struct {
        const char *name;
        bool (*read)(const char *id, struct source *source, char *trouble);
    } kinds[] = {
        { "clause", read_clause },
        { "fact", read_fact },
        { "client", read_client },
        { "reading", read_question },
    };
    assert(text != NULL && filter != NULL && trouble != NULL);
    const char *equals = strchr(text, '=');
    size_t length = equals == NULL ? 0 : (size_t)(equals - text);
    *filter = (struct filter){ .kind = FILTER_SOURCE };
    for (size_t i = 0; length > 0 && equals[1] != '\0' && i < sizeof kinds / sizeof kinds[0]; i++)
        if (length == strlen(kinds[i].name) && memcmp(text, kinds[i].name, length) == 0)
            return kinds[i].read(equals + 1, &filter->source, trouble);
    *filter = (struct filter){ .kind = FILTER_NAME, .pattern = equals == NULL ? NULL : equals + 1 };
    if (length == 4 && memcmp(text, "name", 4) == 0 && equals[1] != '\0') return true;
    snprintf(trouble, FILTER_TROUBLE_MAX, "expected %s, not %s", expected, text);
    return false;
}

bool glob_matches(const char *pattern, const char *text) {
    assert(pattern != NULL && text != NULL);
    const char *star = NULL, *again = NULL;
    while (*text != '\0') {
        if (*pattern == '*') {
            star = pattern++;
            again = text;
        } else if (*pattern == '?' || *pattern == *text) {
            pattern++;
            text++;
        } else if (star != NULL) {
            pattern = star + 1;
            text = ++again;
        } else {
            return false;
        }
    }
    while (*pattern == '*') pattern++;
    return *pattern == '\0';
}

static bool sources_are_alike(const struct source *one, const struct source *other) {
    if (one->kind != other->kind) return false;
    if (one->kind == SOURCE_READING) return one->number == other->number;
    return one->kind == SOURCE_INFERRED || strcmp(one->text, other->text) == 0;
}

static bool steps_cite(const struct step *steps, uint32_t count, const struct source *like) {
    for (uint32_t i = 0; i < count; i++) {
        const struct step *step = &steps[i];
        for (uint32_t j = 0; j < step->outcomes_count; j++) {
            const struct outcome *outcome = &step->outcomes[j];
            for (uint32_t k = 0; k < outcome->sources_count; k++) {
                if (sources_are_alike(&outcome->sources[k], like)) return true;
            }
        }
        if (steps_cite(step->children, step->children_count, like)) return true;
    }
    return false;
}

bool scenario_cites(const struct scenario *scenario, const struct source *like) {
    assert(scenario != NULL && like != NULL);
    return steps_cite(scenario->steps, scenario->steps_count, like);
}

static bool filter_selects(const struct filter *filter, const struct scenario_file *file) {
    if (filter->kind == FILTER_SOURCE) return scenario_cites(file->scenario, &filter->source);
    return glob_matches(filter->pattern, file->id) || glob_matches(filter->pattern, path_base(file->id));
}

/* --- files -------------------------------------------------------------------------------------------------------- */

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
    struct language_error error;
    uint64_t device = 0, number = 0;
    path_identity(path, &device, &number);
    struct scenario_file *known = find_same(set, path, device, number);
    if (known != NULL) return known;
    memset(&error, 0, sizeof error);
    struct scenario *scenario = scenario_parse_file(path, &error);
    if (scenario == NULL) {
        language_error_print(&error, &set->errors);
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

static void add_folder(struct scenario_set *set, const char *path) {
    struct path_list list = { 0 };
    char trouble[FOLDER_PATH_MAX];
    if (!folder_find(path, ".scn", &list, trouble)) {
        text_add(&set->errors, "%s: the folder cannot be read\n", trouble);
        set->broken_count++;
    } else if (list.count == 0) {
        text_add(&set->errors, "%s: no scenario (*.scn) is in this folder or below it\n", path);
        set->broken_count++;
    }
    path_list_sort(&list);
    for (size_t i = 0; i < list.count; i++) add_file(set, list.paths[i]);
    path_list_free(&list);
}

void scenario_set_add(struct scenario_set *set, const char *path) {
    assert(set != NULL && path != NULL);
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

void scenario_set_filter(struct scenario_set *set, const struct filter *filter) {
    assert(set != NULL && filter != NULL);
    size_t kept = 0;
    for (size_t i = 0; i < set->count; i++) {
        if (filter_selects(filter, &set->files[i])) set->files[kept++] = set->files[i];
        else free_file(&set->files[i]);
    }
    set->count = kept;
}

void scenario_set_free(struct scenario_set *set) {
    assert(set != NULL);
    for (size_t i = 0; i < set->count; i++) free_file(&set->files[i]);
    free(set->files);
    text_free(&set->errors);
    *set = (struct scenario_set){ 0 };
}
