/* What a filter selects: by what a scenario cites, by its name and theme, or by an expression over the names of its
 * instances. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/folders.h"
#include "conformance/base/number.h"
#include "conformance/base/reason.h"
#include "conformance/citations/citations.h"
#include "conformance/runner/scenario_set.h"
#include "stack/readings.h"

/* --- matching --------------------------------------------------------------------------------------------------- */

static bool glob_matches(const char *pattern, const char *text) {
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

/* --- reading ------------------------------------------------------------------------------------------------------ */

static const char expected[] =
    "clause=ASC-02 or ERR-*, fact=W22, client=msquic, reading=Q38, name=GLOB or theme=GLOB, or `!=` in place of `=`";

static bool fail_missing(const char *what, const char *id, const char *nearest, struct reason *reason) {
    if (nearest == NULL) reason_set(reason, "there is no %s %s; `reservoir list %ss` has them all", what, id, what);
    else reason_set(reason, "there is no %s %s; did you mean %s?", what, id, nearest);
    return false;
}

/* Q38, 38, Q38=a */
static bool read_question(const char *text, struct source *source, struct reason *reason) {
    const char *digits = *text == 'Q' || *text == 'q' ? text + 1 : text;
    uint64_t number = 0;
    const char *end = digits + number_take(digits, strlen(digits), &number);
    bool candidate = number > 0 && end[0] == '=' && end[1] >= 'a' && end[1] <= 'z' && end[2] == '\0';
    bool written = number > 0 && (*end == '\0' || candidate);
    const struct reading *reading = written && number <= QUESTION_LAST ? reading_of((enum question)number) : NULL;
    if (reading == NULL || (candidate && end[1] - 'a' >= reading->candidates_count))
        return fail_missing("reading", text, NULL, reason);
    *source = (struct source){ .kind = SOURCE_READING, .number = (unsigned)number };
    return true;
}

static bool matches_some_clause(const char *pattern) {
    unsigned count = 0;
    const struct clause *clauses = known_clauses(&count);
    for (unsigned i = 0; i < count; i++)
        if (glob_matches(pattern, clauses[i].id)) return true;
    return false;
}

/* ASC-02, or several: ERR-*. */
static bool read_clause(const char *id, struct source *source, struct reason *reason) {
    if (strpbrk(id, "*?") != NULL && matches_some_clause(id)) {
        *source = (struct source){ .kind = SOURCE_CLAUSE, .text = id };
        return true;
    }
    const struct clause *clause = clause_named(id);
    if (clause == NULL) return fail_missing("clause", id, clause_nearest(id, strlen(id)), reason);
    *source = (struct source){ .kind = SOURCE_CLAUSE, .text = clause->id };
    return true;
}

static bool read_fact(const char *id, struct source *source, struct reason *reason) {
    const struct fact *fact = fact_named(id);
    if (fact == NULL) return fail_missing("fact", id, fact_nearest(id, strlen(id)), reason);
    *source = (struct source){ .kind = SOURCE_FACT, .text = fact->id };
    return true;
}

static bool read_client(const char *id, struct source *source, struct reason *reason) {
    const struct client *client = client_named(id);
    if (client == NULL) return fail_missing("client", id, client_nearest(id, strlen(id)), reason);
    *source = (struct source){ .kind = SOURCE_CLIENT, .text = client->id };
    return true;
}

static bool read_source(const char *name, size_t length, const char *id, struct filter *filter, bool *known,
                        struct reason *reason) {
    static const struct {
        const char *name;
        bool (*read)(const char *id, struct source *source, struct reason *reason);
    } kinds[] = {
        { "clause", read_clause },
        { "fact", read_fact },
        { "client", read_client },
        { "reading", read_question },
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (length != strlen(kinds[i].name) || memcmp(name, kinds[i].name, length) != 0) continue;
        *known = true;
        filter->kind = FILTER_SOURCE;
        return kinds[i].read(id, &filter->source, reason);
    }
    return false;
}

bool filter_read(const char *text, struct filter *filter, struct reason *reason) {
    assert(text != NULL && filter != NULL && reason != NULL);
    *filter = (struct filter){ .negated = text[0] == '!' };
    const char *name = text + filter->negated, *equals = strchr(name, '=');
    size_t length = equals == NULL || equals[1] == '\0' ? 0 : (size_t)(equals - name);
    if (length > 1 && !filter->negated && name[length - 1] == '!') {
        filter->negated = true;
        length--;
    }
    bool known = false;
    if (length > 0 && read_source(name, length, equals + 1, filter, &known, reason)) return true;
    if (known) return false;
    filter->pattern = equals == NULL ? NULL : equals + 1;
    filter->kind = length == 5 ? FILTER_THEME : FILTER_NAME;
    if (length == 4 && memcmp(name, "name", 4) == 0) return true;
    if (length == 5 && memcmp(name, "theme", 5) == 0) return true;
    reason_set(reason, "expected %s, not %s", expected, text);
    return false;
}

/* The text of `like` may be a pattern; no id has a character that makes it one. */
static bool source_is_like(const struct source *source, const struct source *like) {
    if (source->kind != like->kind) return false;
    if (source->kind == SOURCE_READING) return source->number == like->number;
    return source->kind == SOURCE_INFERRED || glob_matches(like->text, source->text);
}

static bool steps_cite(const struct step *steps, uint32_t count, const struct source *like) {
    for (uint32_t i = 0; i < count; i++) {
        const struct step *step = &steps[i];
        for (uint32_t j = 0; j < step->outcomes_count; j++) {
            const struct outcome *outcome = &step->outcomes[j];
            for (uint32_t k = 0; k < outcome->sources_count; k++) {
                if (source_is_like(&outcome->sources[k], like)) return true;
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

/* --- expressions ------------------------------------------------------------------------------------------------- */

enum { NESTED_MAX = 64 };

/* An expression is evaluated while it is read; with `name` NULL it is only checked. */
struct keywords {
    const char *at;
    const char *name;
    char *wrong; /* 80 bytes; NULL once nothing can be wrong */
    unsigned nested;
    bool failed;
};

static bool evaluate_or(struct keywords *expression);

static bool fail(struct keywords *expression, const char *message) {
    if (!expression->failed && expression->wrong != NULL) snprintf(expression->wrong, 80, "%s", message);
    expression->failed = true;
    expression->at += strlen(expression->at);
    return false;
}

/* The length of the next word, or of a parenthesis; 0 at the end. */
static size_t peek(struct keywords *expression) {
    while (*expression->at == ' ' || *expression->at == '\t') expression->at++;
    if (*expression->at == '(' || *expression->at == ')') return 1;
    return strcspn(expression->at, " \t()");
}

static bool take(struct keywords *expression, const char *word) {
    size_t length = peek(expression);
    if (length != strlen(word) || memcmp(expression->at, word, length) != 0) return false;
    expression->at += length;
    return true;
}

static char lower(char byte) { return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte; }

static bool name_has(const char *name, const char *word, size_t length) {
    size_t all = strlen(name);
    for (size_t from = 0; from + length <= all; from++) {
        size_t same = 0;
        while (same < length && lower(name[from + same]) == lower(word[same])) same++;
        if (same == length) return true;
    }
    return false;
}

static bool evaluate_word(struct keywords *expression) {
    if (++expression->nested > NESTED_MAX) return fail(expression, "it is nested too deep");
    bool holds = false;
    if (take(expression, "not")) {
        holds = !evaluate_word(expression);
    } else if (take(expression, "(")) {
        holds = evaluate_or(expression);
        if (!expression->failed && !take(expression, ")")) return fail(expression, "a closing parenthesis is missing");
    } else {
        size_t length = peek(expression);
        bool word = length > 0 && *expression->at != ')' && !take(expression, "and") && !take(expression, "or");
        if (!word) return fail(expression, "expected a word, `not` or a parenthesis");
        holds = expression->name != NULL && name_has(expression->name, expression->at, length);
        expression->at += length;
    }
    expression->nested--;
    return holds;
}

static bool evaluate_and(struct keywords *expression) {
    bool holds = evaluate_word(expression);
    while (take(expression, "and")) holds = evaluate_word(expression) && holds;
    return holds;
}

static bool evaluate_or(struct keywords *expression) {
    bool holds = evaluate_and(expression);
    while (take(expression, "or")) holds = evaluate_and(expression) || holds;
    return holds;
}

bool filter_read_expression(const char *text, struct filter *filter, char wrong[80]) {
    assert(text != NULL && filter != NULL && wrong != NULL);
    struct keywords expression = { .at = text, .wrong = wrong };
    *filter = (struct filter){ .kind = FILTER_EXPRESSION, .pattern = text };
    evaluate_or(&expression);
    if (!expression.failed && peek(&expression) > 0) fail(&expression, "expected `and` or `or` between two words");
    return !expression.failed;
}

static bool expression_selects(const char *text, const char *name) {
    struct keywords expression = { .at = text, .name = name };
    return evaluate_or(&expression);
}

/* --- selecting ---------------------------------------------------------------------------------------------------- */

/* The theme of associate/after-bind is associate, its folder. */
static bool theme_matches(const char *pattern, const char *id) {
    char theme[256];
    const char *slash = strrchr(id, '/');
    size_t length = slash == NULL ? 0 : (size_t)(slash - id);
    if (length >= sizeof theme) return false;
    memcpy(theme, id, length);
    theme[length] = '\0';
    return glob_matches(pattern, theme);
}

bool filter_selects(const struct filter *filter, const struct scenario_file *file, const struct scenario *scenario,
                    const char *name) {
    bool selects = false;
    switch (filter->kind) {
    case FILTER_SOURCE: selects = scenario_cites(scenario, &filter->source); break;
    case FILTER_NAME:
        selects = glob_matches(filter->pattern, file->id) || glob_matches(filter->pattern, path_base(file->id)) ||
                  glob_matches(filter->pattern, name);
        break;
    case FILTER_THEME: selects = theme_matches(filter->pattern, file->id); break;
    case FILTER_EXPRESSION: selects = expression_selects(filter->pattern, name); break;
    }
    return selects != filter->negated;
}
