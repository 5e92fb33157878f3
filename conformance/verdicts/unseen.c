#include "conformance/verdicts/unseen.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/folders.h"
#include "conformance/verdicts/host_tree.h"

enum { WORDS_MAX = 4, REASON_COLUMNS = 100 };

/* --- the text ----------------------------------------------------------------------------------------------------- */

static bool complain(struct language_error *error, const char *file, uint32_t line, const char *message) {
    return language_error_set(error, file, (struct position){ line, 1 }, NULL, 0, "%s", message);
}

/* Splits a line at blanks; its comment is gone. Returns how many words there are, at most WORDS_MAX. */
static unsigned split(const char *line, size_t length, const char *words[WORDS_MAX], size_t lengths[WORDS_MAX]) {
    unsigned count = 0;
    const char *comment = memchr(line, '#', length);
    size_t end = comment == NULL ? length : (size_t)(comment - line);
    for (size_t i = 0; i < end && count < WORDS_MAX;) {
        size_t first = i;
        while (i < end && line[i] != ' ' && line[i] != '\t' && line[i] != '\r') i++;
        if (i > first) {
            words[count] = line + first;
            lengths[count++] = i - first;
        } else {
            i++;
        }
    }
    return count;
}

static bool is_word(const char *word, size_t length, const char *wanted) {
    return length == strlen(wanted) && memcmp(word, wanted, length) == 0;
}

static bool is_recorded(enum verdict verdict) {
    return verdict == VERDICT_UNSUPPORTED || verdict == VERDICT_INCONCLUSIVE;
}

/* An instance is of a scenario: links/deferred[near] of links/deferred. links/STAR has a star for the name: all
 * scenarios of the folder. */
static bool is_there(const char *tree, const char *name) {
    char path[FOLDER_PATH_MAX + 256];
    int length = (int)strcspn(name, "[*");
    bool folder = strcmp(name + length, "*") == 0;
    snprintf(path, sizeof path, "%s%.*s%s", tree, length < 200 ? length : 200, name, folder ? "" : ".scn");
    return path_kind_of(path) == (folder ? PATH_FOLDER : PATH_FILE);
}

/* NULL for the tree: names are taken as they are. */
static bool check_scenario(const char *tree, const char *name, const char *file, struct position position,
                           struct language_error *error) {
    if (tree == NULL || is_there(tree, name)) return true;
    return language_error_set(error, file, position, NULL, 0, "there is no scenario %.200s", name);
}

static bool parse_line(struct unseen *unseen, const char *tree, const char *file, uint32_t number, const char *line,
                       size_t length, struct language_error *error) {
    const char *words[WORDS_MAX];
    size_t lengths[WORDS_MAX];
    unsigned count = split(line, length, words, lengths), first = 0;
    if (count == 0) return true;
    bool sometimes = is_word(words[0], lengths[0], "sometimes");
    bool without_capture = is_word(words[0], lengths[0], "without-capture");
    if (sometimes || without_capture) first = 1;
    enum verdict verdict = count == first + 2 ? verdict_named(words[first], (unsigned)lengths[first]) : VERDICTS_COUNT;
    if (verdict == VERDICTS_COUNT || !is_recorded(verdict))
        return complain(
            error, file, number,
            "expected `unsupported SCENARIO` or `inconclusive SCENARIO`, with `sometimes` or `without-capture` "
            "before either");
    const char *name = arena_text(unseen->arena, words[first + 1], lengths[first + 1]);
    struct position position = { number, (unsigned)(words[first + 1] - line) + 1 };
    unseen->entries = arena_append(unseen->arena, unseen->entries, unseen->count, sizeof *unseen->entries);
    unseen->entries[unseen->count++] = (struct unseen_entry){
        .name = name,
        .verdict = verdict,
        .sometimes = sometimes,
        .without_capture = without_capture,
        .line = number,
    };
    return check_scenario(tree, name, file, position, error);
}

/* Is it said of the same runs, by the same verdict? By line where it is. */
static int compare_entries(const void *one, const void *other) {
    const struct unseen_entry *first = *(const struct unseen_entry *const *)one;
    const struct unseen_entry *second = *(const struct unseen_entry *const *)other;
    int order = strcmp(first->name, second->name);
    if (order == 0) order = (int)first->verdict - (int)second->verdict;
    return order == 0 ? (int)first->without_capture - (int)second->without_capture : order;
}

static int compare_with_lines(const void *one, const void *other) {
    int order = compare_entries(one, other);
    uint32_t first = (*(const struct unseen_entry *const *)one)->line;
    uint32_t second = (*(const struct unseen_entry *const *)other)->line;
    return order == 0 ? (first > second) - (first < second) : order;
}

/* Of two rows that say the same one would be forgotten when the other is taken out. Complains of the first that stands
 * there again. */
static bool check_stands_once(const struct unseen *unseen, const char *file, struct language_error *error) {
    const struct unseen_entry **sorted = calloc(unseen->count + 1u, sizeof *sorted), *again = NULL;
    uint32_t before = 0;
    if (sorted == NULL) abort();
    for (uint32_t i = 0; i < unseen->count; i++) sorted[i] = &unseen->entries[i];
    qsort(sorted, unseen->count, sizeof *sorted, compare_with_lines);
    for (uint32_t i = 1; i < unseen->count; i++) {
        if (compare_entries(&sorted[i - 1], &sorted[i]) != 0 || (again != NULL && again->line < sorted[i]->line))
            continue;
        again = sorted[i];
        before = sorted[i - 1]->line;
    }
    free(sorted);
    if (again == NULL) return true;
    return language_error_set(error, file, (struct position){ again->line, 1 }, NULL, 0,
                              "line %u already says %s of %.200s", before, verdict_name(again->verdict), again->name);
}

static bool parse(struct unseen *unseen, const char *tree, const char *file, const char *text, size_t length,
                  struct language_error *error) {
    uint32_t number = 0;
    if (unseen->arena == NULL) unseen->arena = arena_create();
    for (size_t at = 0; at < length;) {
        const char *end = memchr(text + at, '\n', length - at);
        size_t width = end == NULL ? length - at : (size_t)(end - text) - at;
        if (!parse_line(unseen, tree, file, ++number, text + at, width, error)) return false;
        at += width + 1;
    }
    return check_stands_once(unseen, file, error);
}

bool unseen_parse(struct unseen *unseen, const char *file, const char *text, size_t length,
                  struct language_error *error) {
    assert(unseen != NULL && file != NULL && error != NULL);
    return parse(unseen, NULL, file, text, length, error);
}

bool unseen_read(struct unseen *unseen, const char *path, struct language_error *error) {
    char tree[FOLDER_PATH_MAX];
    size_t length = 0;
    char *bytes = file_read(path, FILE_BYTES_MAX, &length);
    if (bytes == NULL) return complain(error, path, 1, "the record of what is not seen cannot be read");
    bool good = parse(unseen, host_tree_of(path, "unseen", tree) ? tree : NULL, path, bytes, length, error);
    free(bytes);
    return good;
}

void unseen_free(struct unseen *unseen) {
    assert(unseen != NULL);
    arena_free(unseen->arena);
    *unseen = (struct unseen){ .count = 0 };
}

/* --- a run against it --------------------------------------------------------------------------------------------- */

/* links/STAR, a star for the name: all scenarios of the folder. */
static bool is_of_a_folder(const struct unseen_entry *entry) {
    size_t length = strlen(entry->name);
    return length > 2 && strcmp(entry->name + length - 2, "/*") == 0;
}

static bool speaks_of(const struct unseen_entry *entry, const struct instance_record *instance) {
    if (is_of_a_folder(entry)) return strncmp(instance->scenario, entry->name, strlen(entry->name) - 1) == 0;
    return strcmp(entry->name, instance->id) == 0 || strcmp(entry->name, instance->scenario) == 0;
}

static bool begins_with(const char *text, const char *beginning) {
    return text != NULL && strncmp(text, beginning, strlen(beginning)) == 0;
}

/* Was a packet expected, and none captured? */
static bool lacked_a_capture(const struct instance_record *instance) {
    return instance->verdict == VERDICT_INCONCLUSIVE && begins_with(instance->reason, "not sent: needs a capture");
}

/* The entry for this verdict; else one for another verdict; NULL when the record is silent. Entries for hosts without a
 * capture speak only of what lacked one. */
static const struct unseen_entry *entry_of(const struct unseen *unseen, const struct instance_record *instance,
                                           enum verdict verdict) {
    const struct unseen_entry *other = NULL;
    for (uint32_t i = 0; i < unseen->count; i++) {
        const struct unseen_entry *entry = &unseen->entries[i];
        if (!speaks_of(entry, instance) || (entry->without_capture && !lacked_a_capture(instance))) continue;
        if (entry->verdict == verdict) return entry;
        other = entry;
    }
    return other;
}

static bool deviates_by_chance(const struct instance_record *instance) {
    for (unsigned i = 0; i < instance->steps_count; i++)
        if (instance->steps[i].rule != NULL && instance->steps[i].rule->sometimes) return true;
    return false;
}

static void raise(struct instance_record *instance, enum verdict verdict, const char *before, const char *after) {
    struct text text = { 0 };
    text_add(&text, "%s%s", before, after);
    instance_record_raise(instance, verdict, instance_record_text(instance, text.bytes));
    text_free(&text);
}

/* A recording that has no trace of it says nothing of the host. */
static bool was_not_asked(const struct instance_record *instance) {
    return instance->steps_count == 0 && begins_with(instance->reason, "no trace recorded");
}

static void check(const struct unseen *unseen, struct instance_record *instance) {
    const struct unseen_entry *entry = entry_of(unseen, instance, instance->verdict);
    bool is_unseen = is_recorded(instance->verdict);
    if (is_unseen && (entry == NULL || entry->verdict != instance->verdict)) {
        const char *reason = instance->reason == NULL ? "" : instance->reason;
        raise(instance, VERDICT_UNSEEN_NEW,
              instance->verdict == VERDICT_UNSUPPORTED ? "unsupported, which is not recorded: "
                                                       : "inconclusive, which is not recorded: ",
              reason);
    } else if (!is_unseen && instance->verdict <= VERDICT_DEVIATE_KNOWN && entry != NULL && !entry->sometimes &&
               !deviates_by_chance(instance)) {
        raise(instance, VERDICT_CONFORM_UNEXPECTED, verdict_name(entry->verdict), " is recorded, and it was seen");
    }
}

void unseen_check(const struct unseen *unseen, unsigned subject, struct run_record *record) {
    assert(unseen != NULL && record != NULL);
    for (size_t i = 0; i < record->count; i++) {
        struct instance_record *instance = record->instances[i];
        bool asked = !instance->stopped && !was_not_asked(instance);
        if (instance->subject == subject && asked) check(unseen, instance);
    }
}

/* --- a new record ------------------------------------------------------------------------------------------------- */

/* What the instance would be if what happens sometimes had not happened: unsupported, inconclusive, or its verdict. */
static enum verdict verdict_else(const struct instance_record *instance) {
    enum verdict verdict = VERDICT_CONFORM;
    if (instance->verdict != VERDICT_DEVIATE_KNOWN) return instance->verdict;
    for (unsigned i = 0; i < instance->steps_count; i++) {
        const struct step_record *step = &instance->steps[i];
        if (step->rule != NULL && !step->rule->sometimes) return instance->verdict;
        if (is_recorded(step->verdict) && step->verdict > verdict) verdict = step->verdict;
    }
    return verdict == VERDICT_CONFORM ? instance->verdict : verdict;
}

/* What the new record says of an instance; its name is NULL where it says nothing. */
static struct unseen_entry entry_for(const struct unseen *before, const struct instance_record *instance) {
    const struct unseen_entry *old = entry_of(before, instance, instance->verdict);
    struct unseen_entry entry = { .name = NULL };
    if (was_not_asked(instance)) {
        if (old != NULL) entry = (struct unseen_entry){ instance->id, old->verdict, old->sometimes, false, 0 };
    } else if (lacked_a_capture(instance) && (old == NULL || old->verdict != instance->verdict)) {
        entry = (struct unseen_entry){ instance->id, instance->verdict, false, true, 0 };
    } else if (lacked_a_capture(instance) && old->without_capture) {
        entry.name = NULL; /* such entries all stay */
    } else if (old != NULL && is_of_a_folder(old) && old->verdict == instance->verdict) {
        entry.name = NULL; /* nor has each of a folder a line of its own */
    } else if (is_recorded(instance->verdict)) {
        entry = (struct unseen_entry){ instance->id, instance->verdict, false, false, 0 };
        entry.sometimes = old != NULL && old->verdict == instance->verdict && old->sometimes;
    } else if (is_recorded(verdict_else(instance))) {
        entry = (struct unseen_entry){ instance->id, verdict_else(instance), true, false, 0 };
    } else if (old != NULL && (old->verdict == VERDICT_INCONCLUSIVE || old->sometimes)) {
        entry = (struct unseen_entry){ instance->id, old->verdict, true, false, 0 };
    }
    return entry;
}

static void print_entry(const struct unseen_entry *entry, const char *name, const char *reason, struct text *out) {
    const char *when = entry->sometimes ? "sometimes " : entry->without_capture ? "without-capture " : "";
    text_add(out, "%s%-13s%s%s", when, verdict_name(entry->verdict), when[0] == '\0' ? "          " : "", name);
    if (reason != NULL)
        text_add(out, "  # %.*s",
                 (int)strcspn(reason, "\n") < REASON_COLUMNS ? (int)strcspn(reason, "\n") : REASON_COLUMNS, reason);
    text_add(out, "\n");
}

static bool same_entry(const struct unseen_entry *one, const struct unseen_entry *other) {
    return (one->name == NULL) == (other->name == NULL) && one->verdict == other->verdict &&
           one->sometimes == other->sometimes && one->without_capture == other->without_capture;
}

/* Lines for those that are not alike. Where one is inconclusive by chance, all of the scenario may be. */
static void print_apart(const struct unseen *before, unsigned subject, const struct run_record *record, size_t first,
                        size_t end, struct text *out) {
    const struct unseen_entry chance = { .verdict = VERDICT_INCONCLUSIVE, .sometimes = true };
    bool by_chance = false;
    for (size_t i = first; i < end && !by_chance; i++) {
        struct unseen_entry entry = entry_for(before, record->instances[i]);
        by_chance = record->instances[i]->subject == subject && entry.name != NULL && entry.sometimes &&
                    entry.verdict == VERDICT_INCONCLUSIVE;
    }
    if (by_chance) print_entry(&chance, record->instances[first]->scenario, "by chance", out);
    for (size_t i = first; i < end; i++) {
        const struct instance_record *instance = record->instances[i];
        if (instance->subject != subject) continue;
        struct unseen_entry entry = entry_for(before, instance);
        bool covered = by_chance && entry.verdict == VERDICT_INCONCLUSIVE;
        if (entry.name != NULL && !covered) print_entry(&entry, instance->id, instance->reason, out);
    }
}

/* The instances of one scenario on the subject, from `first` on: one line where all are alike, else lines for each.
 * Returns where the next scenario begins. */
static size_t print_scenario(const struct unseen *before, unsigned subject, const struct run_record *record,
                             size_t first, struct text *out) {
    const char *scenario = record->instances[first]->scenario;
    const struct instance_record *example = NULL;
    struct unseen_entry common = { .name = NULL };
    bool alike = true;
    size_t end = first;
    for (; end < record->count && strcmp(record->instances[end]->scenario, scenario) == 0; end++) {
        const struct instance_record *instance = record->instances[end];
        if (instance->subject != subject) continue;
        struct unseen_entry entry = entry_for(before, instance);
        if (example != NULL && !same_entry(&entry, &common)) alike = false;
        if (example == NULL) common = entry;
        if (example == NULL) example = instance;
    }
    if (alike && common.name != NULL) print_entry(&common, scenario, example->reason, out);
    if (!alike) print_apart(before, subject, record, first, end, out);
    return end;
}

static bool was_played(const struct unseen_entry *entry, unsigned subject, const struct run_record *record) {
    size_t length = strcspn(entry->name, "[");
    for (size_t i = 0; i < record->count; i++) {
        const char *scenario = record->instances[i]->scenario;
        if (record->instances[i]->subject == subject && strlen(scenario) == length &&
            memcmp(scenario, entry->name, length) == 0)
            return true;
    }
    return false;
}

void unseen_print(const struct unseen *before, unsigned subject, const struct run_record *record, struct text *out) {
    assert(before != NULL && record != NULL && out != NULL);
    for (size_t i = 0; i < record->count;) i = print_scenario(before, subject, record, i, out);
    for (uint32_t i = 0; i < before->count; i++) {
        const struct unseen_entry *entry = &before->entries[i];
        if (entry->without_capture) print_entry(entry, entry->name, "needs a capture", out);
        else if (is_of_a_folder(entry)) print_entry(entry, entry->name, NULL, out);
        else if (!was_played(entry, subject, record)) print_entry(entry, entry->name, NULL, out);
    }
}
