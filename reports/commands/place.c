#include "reports/commands/place.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/folders.h"
#include "conformance/base/nearest.h"
#include "conformance/base/program.h"

/* --- the tree ----------------------------------------------------------------------------------------------------- */

static bool is_tree(const char *path) {
    char catalogue[FOLDER_PATH_MAX + 32];
    snprintf(catalogue, sizeof catalogue, "%s/clauses.tsv", path);
    return path_kind_of(catalogue) == PATH_FILE;
}

/* Takes the last part away. */
static void cut_last(char *path) {
    size_t length = (size_t)(path_base(path) - path);
    path[length > 0 ? length - 1 : 0] = '\0';
}

/* Below a folder above the executable's. */
static bool find_beside_executable(char path[FOLDER_PATH_MAX]) {
    static const struct {
        unsigned up;
        const char *below;
    } places[] = {
        { 2, "share/reservoir/scenarios" },
        { 2, "scenarios" },
        { 3, "scenarios" },
    }; /* in the order of `up` */
    char executable[FOLDER_PATH_MAX];
    if (!program_path(executable)) return false;
    unsigned up = 0;
    for (unsigned i = 0; i < sizeof places / sizeof places[0]; i++) {
        for (; up < places[i].up; up++) cut_last(executable);
        int written = snprintf(path, FOLDER_PATH_MAX, "%s/%s", executable, places[i].below);
        if (written > 0 && written < FOLDER_PATH_MAX && is_tree(path)) return true;
    }
    return false;
}

const char *place_of_scenarios(void) {
    static char path[FOLDER_PATH_MAX + 16];
    char data[FOLDER_PATH_MAX];
    if (program_variable("RESERVOIR_DATA", data)) {
        snprintf(path, sizeof path, "%s/scenarios", data);
        return path;
    }
    if (is_tree("scenarios") || !find_beside_executable(path)) return "scenarios";
    return path;
}

/* --- names -------------------------------------------------------------------------------------------------------- */

/* The scenarios of a tree, and a word to be found among them. */
struct search {
    const char *tree;
    struct path_list files; /* *.scn below the tree, sorted */
    const char *word;       /* without .scn and variant; `length` bytes */
    size_t length;
    const char *variant; /* [udp.v6], or "" */
};

/* associate/after-bind of TREE/associate/after-bind.scn; *length without the ending. */
static const char *id_in_tree(const struct search *search, const char *path, size_t *length) {
    const char *id = path + strlen(search->tree);
    while (*id == '/') id++;
    *length = strlen(id) - strlen(".scn");
    return id;
}

static bool same(const struct search *search, const char *text, size_t length) {
    return length == search->length && memcmp(text, search->word, length) == 0;
}

static const char *name_in(const char *id, size_t *length) {
    const char *name = id;
    for (size_t i = 0; i < *length; i++) {
        if (id[i] == '/') name = id + i + 1;
    }
    *length -= (size_t)(name - id);
    return name;
}

/* Files whose whole identifier, or whose name, is the word. */
static void find_matches(const struct search *search, bool whole, struct path_list *matches) {
    for (size_t i = 0; i < search->files.count; i++) {
        size_t length;
        const char *id = id_in_tree(search, search->files.paths[i], &length);
        const char *text = whole ? id : name_in(id, &length);
        if (same(search, text, length)) path_list_add(matches, search->files.paths[i]);
    }
}

/* Is it a folder with scenarios in the tree? */
static bool is_theme(const struct search *search) {
    for (size_t i = 0; i < search->files.count; i++) {
        size_t length;
        const char *id = id_in_tree(search, search->files.paths[i], &length);
        if (length > search->length && id[search->length] == '/' && memcmp(id, search->word, search->length) == 0)
            return true;
    }
    return false;
}

/* The identifier nearest to the word, by itself or by its name only; or the nearest theme. */
static void add_nearest(const struct search *search, struct text *out) {
    struct nearest by_id = nearest_to(search->word, (unsigned)search->length), by_name = by_id;
    char *best_of_name = NULL;
    struct path_list ids = { 0 };
    for (size_t i = 0; i < search->files.count; i++) {
        size_t length;
        char id[FOLDER_PATH_MAX];
        const char *start = id_in_tree(search, search->files.paths[i], &length);
        snprintf(id, sizeof id, "%.*s", (int)length, start);
        path_list_add(&ids, id);
    }
    for (size_t i = 0; i < ids.count; i++) {
        const char *before = by_name.best;
        nearest_offer(&by_id, ids.paths[i]);
        nearest_offer(&by_name, path_base(ids.paths[i]));
        if (by_name.best != before) best_of_name = ids.paths[i];
    }
    struct path_list themes = { 0 };
    folder_children(search->tree, &themes);
    struct nearest by_theme = nearest_to(search->word, (unsigned)search->length);
    for (size_t i = 0; i < themes.count; i++) nearest_offer(&by_theme, themes.paths[i]);
    const char *best = by_id.best;
    unsigned distance = by_id.distance;
    if (by_name.best != NULL && (best == NULL || by_name.distance < distance)) {
        best = best_of_name;
        distance = by_name.distance;
    }
    if (by_theme.best != NULL && (best == NULL || by_theme.distance < distance)) best = by_theme.best;
    if (best != NULL) text_add(out, "; did you mean %s?", best);
    path_list_free(&themes);
    path_list_free(&ids);
}

static void refuse_unknown(struct scenario_set *set, const struct search *search, const char *word) {
    text_add(
        &set->errors,
        "%s: no such file or folder; expected a scenario (*.scn), a trace, a folder with scenarios, or a name in %s%s",
        word, search->tree,
        search->files.count == 0 ? ", which has no scenarios (RESERVOIR_DATA or --scenarios says where they are)" : "");
    add_nearest(search, &set->errors);
    text_add(&set->errors, "\n");
    set->broken_count++;
}

static void refuse_ambiguous(struct scenario_set *set, const struct search *search, const char *word,
                             const struct path_list *matches) {
    text_add(&set->errors, "%s: several scenarios have that name:", word);
    for (size_t i = 0; i < matches->count; i++) {
        size_t length;
        const char *id = id_in_tree(search, matches->paths[i], &length);
        text_add(&set->errors, "%s %.*s%s", i == 0 ? "" : ",", (int)length, id, search->variant);
    }
    text_add(&set->errors, "; say which\n");
    set->broken_count++;
}

static void add_found(struct scenario_set *set, const struct search *search, const char *word) {
    struct path_list matches = { 0 };
    char path[FOLDER_PATH_MAX + 16];
    find_matches(search, true, &matches);
    bool theme = matches.count == 0 && search->variant[0] == '\0' && is_theme(search);
    if (matches.count == 0 && !theme) find_matches(search, false, &matches);
    if (theme) {
        snprintf(path, sizeof path, "%s/%.*s", search->tree, (int)search->length, search->word);
        scenario_set_add(set, path);
    } else if (matches.count == 1) {
        scenario_set_add_instance(set, matches.paths[0], search->variant);
    } else if (matches.count > 1) {
        refuse_ambiguous(set, search, word, &matches);
    } else {
        refuse_unknown(set, search, word);
    }
    path_list_free(&matches);
}

/* DIR/after-bind[udp.v6] and DIR/after-bind.scn[udp.v6], files that are there. */
static bool add_file_with_variant(struct scenario_set *set, const char *word, size_t length, const char *variant) {
    char path[FOLDER_PATH_MAX + 8];
    for (unsigned i = 0; i < 2; i++) {
        int written = snprintf(path, sizeof path, "%.*s%s", (int)length, word, i == 0 ? "" : ".scn");
        if (written <= 0 || written >= (int)sizeof path || path_kind_of(path) != PATH_FILE) continue;
        scenario_set_add_instance(set, path, variant);
        return true;
    }
    return false;
}

void place_add_named(struct scenario_set *set, const char *tree, const char *word) {
    char trouble[FOLDER_PATH_MAX];
    assert(set != NULL && tree != NULL && word != NULL);
    if (path_kind_of(word) != PATH_MISSING || strcmp(word, "-") == 0) {
        scenario_set_add(set, word);
        return;
    }
    size_t length = strcspn(word, "[");
    if (length == 0 || (word[length] == '[' && word[strlen(word) - 1] != ']')) length = strlen(word);
    struct search search = { .tree = tree, .word = word, .length = length, .variant = word + length };
    if (add_file_with_variant(set, word, length, search.variant)) return;
    size_t prefix = strlen("scenarios/");
    if (length > prefix && memcmp(word, "scenarios/", prefix) == 0) {
        search.word += prefix;
        search.length -= prefix;
    }
    if (search.length > 4 && memcmp(search.word + search.length - 4, ".scn", 4) == 0) search.length -= 4;
    while (search.length > 1 && search.word[search.length - 1] == '/') search.length--;
    if (path_kind_of(tree) == PATH_FOLDER) folder_find(tree, ".scn", &search.files, trouble);
    path_list_sort(&search.files);
    add_found(set, &search, word);
    path_list_free(&search.files);
}
