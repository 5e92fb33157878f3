#include "conformance/citations/citations.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "conformance/base/nearest.h"
#include "conformance/base/number.h"
#include "conformance/citations/citations_parts.h"

/* Every row begins with its id: what follows looks only at that, in tables of any kind. */
struct table {
    const void *rows;
    size_t row_size;
    unsigned count;
};

static struct table clause_table(void) { return (struct table){ clause_rows, sizeof *clause_rows, clause_rows_count }; }
static struct table fact_table(void) { return (struct table){ fact_rows, sizeof *fact_rows, fact_rows_count }; }
static struct table client_table(void) { return (struct table){ client_rows, sizeof *client_rows, client_rows_count }; }

_Static_assert(offsetof(struct clause, id) == 0 && offsetof(struct fact, id) == 0 && offsetof(struct client, id) == 0,
               "an id comes first");

static const void *row_at(const struct table *table, unsigned index) {
    assert(index < table->count);
    return (const char *)table->rows + index * table->row_size;
}

static const char *id_at(const struct table *table, unsigned index) {
    return *(const char *const *)row_at(table, index);
}

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

/* Do the first `length` bytes agree? */
static bool begins_alike(const char *a, const char *b, size_t length, bool any_case) {
    for (size_t i = 0; i < length; i++) {
        bool same = any_case ? lower(a[i]) == lower(b[i]) : a[i] == b[i];
        if (!same || a[i] == '\0') return false;
    }
    return true;
}

static const void *find(struct table table, const char *word, size_t length, bool any_case) {
    assert(word != NULL);
    for (unsigned i = 0; i < table.count; i++) {
        const char *id = id_at(&table, i);
        if (begins_alike(id, word, length, any_case) && id[length] == '\0') return row_at(&table, i);
    }
    return NULL;
}

const struct clause *known_clauses(unsigned *count) { return *count = clause_rows_count, clause_rows; }
const struct fact *known_facts(unsigned *count) { return *count = fact_rows_count, fact_rows; }
const struct client *known_clients(unsigned *count) { return *count = client_rows_count, client_rows; }

const struct translation *known_translations(unsigned *count) {
    return *count = translation_rows_count, translation_rows;
}

const struct clause *clause_of(const char *word, size_t length) { return find(clause_table(), word, length, false); }
const struct fact *fact_of(const char *word, size_t length) { return find(fact_table(), word, length, false); }
const struct client *client_of(const char *word, size_t length) { return find(client_table(), word, length, false); }
const struct clause *clause_named(const char *id) { return find(clause_table(), id, strlen(id), true); }
const struct fact *fact_named(const char *id) { return find(fact_table(), id, strlen(id), true); }
const struct client *client_named(const char *id) { return find(client_table(), id, strlen(id), true); }

bool fact_is_in(const struct fact *fact, const char *group) {
    size_t length = strlen(group);
    assert(fact != NULL);
    if (length == 0 || !begins_alike(fact->id, group, length, true)) return false;
    return length == 1 || fact->id[length] == '.' || fact->id[length] == '\0';
}

bool fact_group_exists(const char *group) {
    assert(group != NULL);
    for (unsigned i = 0; i < fact_rows_count; i++)
        if (fact_is_in(&fact_rows[i], group)) return true;
    return false;
}

bool clause_is_decidable(const struct clause *clause) {
    assert(clause != NULL && clause->decidable != NULL);
    return strcmp(clause->decidable, "decidable") == 0;
}

/* --- what was meant ----------------------------------------------------------------------------------------------- */

enum { WORD_MAX = 64 }; /* nothing is near a longer one */

static const char *nearest_in(struct table table, const char *word, size_t length, char (*folded)(char c)) {
    char copy[WORD_MAX];
    if (length > sizeof copy) return NULL;
    for (size_t i = 0; i < length; i++) copy[i] = folded(word[i]);
    struct nearest nearest = nearest_to(copy, (unsigned)length);
    for (unsigned i = 0; i < table.count; i++) nearest_offer(&nearest, id_at(&table, i));
    return nearest.best;
}

static char upper(char c) { return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c; }

const char *clause_nearest(const char *word, size_t length) { return nearest_in(clause_table(), word, length, upper); }
const char *client_nearest(const char *word, size_t length) { return nearest_in(client_table(), word, length, lower); }

/* The digits after the letter, at most nine of them: 207 of W207. */
static int64_t number_after_letter(const char *word, size_t length) {
    uint64_t number = 0;
    if (length > 1) number_take(word + 1, length > 10 ? 9 : length - 1, &number);
    return (int64_t)number;
}

/* How much of two ids agrees from the beginning. */
static int64_t common_length(const char *id, const char *word, size_t length) {
    size_t count = 0;
    while (count < length && begins_alike(id + count, word + count, 1, true)) count++;
    return (int64_t)count;
}

const char *fact_nearest(const char *word, size_t length) {
    const char *best = NULL;
    int64_t least = INT64_MAX;
    assert(word != NULL);
    bool dotted = memchr(word, '.', length) != NULL;
    for (unsigned i = 0; length > 0 && i < fact_rows_count; i++) {
        const char *id = fact_rows[i].id;
        if (lower(id[0]) != lower(word[0])) continue;
        int64_t distance = number_after_letter(id, strlen(id)) - number_after_letter(word, length);
        if (dotted) distance = -common_length(id, word, length);
        else if (distance < 0) distance = -distance;
        if (distance >= least) continue;
        least = distance;
        best = id;
    }
    return best;
}
