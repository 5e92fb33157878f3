#include "reports/catalogue/translations.h"

#include <assert.h>
#include <string.h>

#include "reports/catalogue/clause_shown.h"

static void add_end(const struct translation *translation, struct text *out) {
    bool refuted = strcmp(translation->refuted_by, "-") != 0;
    text_add(out, "      %s%s\n", refuted ? "refuted by " : "no scenario yet", refuted ? translation->refuted_by : "");
}

void add_translations(const struct clause *clause, struct text *out) {
    unsigned count = 0, found = 0;
    const struct translation *rows = known_translations(&count);
    assert(clause != NULL && out != NULL);
    for (unsigned i = 0; i < count; i++) {
        if (strcmp(rows[i].clause, clause->id) != 0) continue;
        if (found++ == 0) text_add(out, "  translations, and what they make the reader believe\n");
        text_add(out, "    %s  (%s)\n", rows[i].language, rows[i].seen);
        text_add_wrapped(out, "      ", rows[i].belief);
        add_end(&rows[i], out);
    }
}

static void add_row(const struct translation *translation, struct text *out) {
    const struct clause *clause = clause_named(translation->clause);
    assert(clause != NULL); /* the build looks */
    text_add(out, "  %s\n", clause->id);
    text_add(out, "    the page\n");
    text_add_wrapped(out, "      ", clause->statement);
    text_add(out, "    as it reads\n");
    text_add_wrapped(out, "      ", translation->belief);
    add_end(translation, out);
}

static void add_language(const char *language, struct text *out) {
    unsigned count = 0, found = 0;
    const struct translation *rows = known_translations(&count);
    for (unsigned i = 0; i < count; i++) found += strcmp(rows[i].language, language) == 0;
    text_add(out, "\n%s, %u clauses\n", language, found);
    for (unsigned i = 0; i < count; i++)
        if (strcmp(rows[i].language, language) == 0) add_row(&rows[i], out);
}

/* Has an earlier row the same language? */
static bool is_first_of_language(const struct translation *rows, unsigned index) {
    for (unsigned i = 0; i < index; i++)
        if (strcmp(rows[i].language, rows[index].language) == 0) return false;
    return true;
}

bool list_translations(const char *folder, struct text *out) {
    unsigned count = 0;
    const struct translation *rows = known_translations(&count);
    assert(out != NULL);
    (void)folder;
    text_add(
        out,
        "The page in other languages, by a machine: where it says something else than the clause, what its reader\n"
        "believes, and the scenario that refutes it. `reservoir show clause` says where it was read.\n");
    for (unsigned i = 0; i < count; i++)
        if (is_first_of_language(rows, i)) add_language(rows[i].language, out);
    return true;
}

static bool instance_refutes(const struct instance_record *instance, const struct translation *translation) {
    if (strcmp(instance->scenario, translation->refuted_by) != 0) return false;
    for (unsigned i = 0; i < instance->steps_count; i++)
        if (clause_was_kept(&instance->steps[i], translation->clause)) return true;
    return false;
}

bool translation_is_refuted(const struct answers *answers, const struct translation *translation) {
    assert(answers != NULL && translation != NULL);
    for (size_t i = 0; i < answers->count; i++) {
        const struct run_record *record = &answers->answerers[i].record;
        for (size_t j = 0; j < record->count; j++)
            if (instance_refutes(record->instances[j], translation)) return true;
    }
    return false;
}
