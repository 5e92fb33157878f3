/* The text format of deviations. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/verdicts/deviations.h"
#include "conformance/base/folders.h"
#include "conformance/base/nearest.h"
#include "conformance/language/constants.h"
#include "conformance/verdicts/host_tree.h"
#include "conformance/base/memory.h"
#include "stack/call/signature.h"
#include "stack/errors.h"

struct reader {
    struct deviations *deviations;
    struct language_error *error;
    const char *file;
    const char *line; /* start of the current line */
    const char *end;  /* of it */
    const char *at;   /* what comes next */
    unsigned line_number;
    struct deviation_rule *rule; /* that the indented lines belong to; NULL before the first */
};

struct piece {
    const char *start;
    size_t length;
};

static bool fail_at(struct reader *reader, const char *at, const char *message) {
    assert(at >= reader->line && at <= reader->end);
    struct position position = { reader->line_number, (uint32_t)(at - reader->line) + 1 };
    return language_error_set(reader->error, reader->file, position, reader->line, (size_t)(reader->end - reader->line),
                              "%s", message);
}

static bool is_blank(char byte) { return byte == ' ' || byte == '\t'; }

/* The next word of the line; length 0 at its end or before a comment. */
static struct piece take_word(struct reader *reader) {
    while (reader->at < reader->end && is_blank(*reader->at)) reader->at++;
    struct piece piece = { reader->at, 0 };
    if (reader->at < reader->end && *reader->at == '#') return piece;
    while (reader->at < reader->end && !is_blank(*reader->at)) reader->at++;
    piece.length = (size_t)(reader->at - piece.start);
    return piece;
}

static bool piece_is(struct piece piece, const char *text) {
    return strlen(text) == piece.length && memcmp(piece.start, text, piece.length) == 0;
}

static const char *keep(struct reader *reader, struct piece piece) {
    return arena_text(reader->deviations->arena, piece.start, piece.length);
}

/* --- lines of a rule ------------------------------------------------------------------------------------------- */

static bool take_calls(struct reader *reader) {
    struct deviation_rule *rule = reader->rule;
    for (struct piece word = take_word(reader); word.length > 0; word = take_word(reader)) {
        bool known = piece_is(word, "show") || piece_is(word, "expect") ||
                     signature_named(word.start, (unsigned)word.length) != NULL;
        if (!known) return fail_at(reader, word.start, "unknown call; expected a function such as WSAIoctl, or show");
        if (rule->calls_count == RULE_CALLS_MAX) return fail_at(reader, word.start, "too many calls in one rule");
        rule->calls[rule->calls_count++] = keep(reader, word);
    }
    return rule->calls_count > 0 || fail_at(reader, reader->at, "expected the name of a call");
}

static bool is_parameter(const char *name, size_t length) {
    for (unsigned i = 1; i < FUNCTION_COUNT; i++) {
        if (signature_parameter(signature_of((enum function)i), name, (unsigned)length) >= 0) return true;
    }
    return false;
}

/* Words of an outcome that are no predicates and no errors. */
static const char *const outcome_words[] = { "ok", "pending", "blocks", "fails", "fault", "none", "routine-ran" };

static bool is_number(struct piece word) {
    for (size_t i = 0; i < word.length; i++) {
        if (word.start[i] < '0' || word.start[i] > '9') return false;
    }
    return word.length > 0;
}

/* A name, or error(258) as a trace prints an error that has none. */
static bool is_error(struct piece word) {
    static const size_t around = sizeof "error()" - 1;
    if (error_named(word.start, (unsigned)word.length) != NULL) return true;
    if (word.length <= around || memcmp(word.start, "error(", around - 1) != 0 || word.start[word.length - 1] != ')')
        return false;
    return is_number((struct piece){ word.start + around - 1, word.length - around });
}

/* A name in capitals is an error, a status or a constant; what else a trace prints after `=` has small letters, digits
 * or signs. */
static bool is_misspelt_name(struct piece value) {
    bool capitals = value.length > 1 && value.start[0] >= 'A' && value.start[0] <= 'Z' && value.start[1] >= 'A' &&
                    value.start[1] <= 'Z';
    return capitals && !is_error(value) && constant_named(value.start, (unsigned)value.length) == NULL;
}

static bool fail_with_nearest(struct reader *reader, struct piece word, const char *message, const char *nearest) {
    char text[240];
    snprintf(text, sizeof text, nearest == NULL ? "%s" : "%s; the nearest is %s", message, nearest);
    return fail_at(reader, word.start, text);
}

static bool check_predicate(struct reader *reader, struct piece word, size_t name_length) {
    struct piece name = { word.start, name_length },
                 value = { word.start + name_length + 1, word.length - name_length - 1 };
    struct nearest nearest = nearest_to(name.start, (unsigned)name.length);
    bool known = false;
    for (unsigned i = 0; i < OBSERVABLE_COUNT; i++) {
        known |= piece_is(name, observable_name((enum observable)i));
        nearest_offer(&nearest, observable_name((enum observable)i));
    }
    if (!known) return fail_with_nearest(reader, word, "a trace prints no such predicate", nearest.best);
    if (value.length == 0) return fail_at(reader, value.start, "expected a value after `=`");
    if (!is_misspelt_name(value)) return true;
    return fail_with_nearest(reader, value, "unknown error or constant",
                             constant_nearest(value.start, (unsigned)value.length));
}

/* A word that no trace prints would never match, without a sign of it. */
static bool check_observed_word(struct reader *reader, struct piece word) {
    const char *equals = memchr(word.start, '=', word.length);
    if (equals != NULL) return check_predicate(reader, word, (size_t)(equals - word.start));
    if (is_number(word) || is_error(word) || constant_named(word.start, (unsigned)word.length) != NULL) return true;
    struct nearest nearest = nearest_to(word.start, (unsigned)word.length);
    for (unsigned i = 0; i < sizeof outcome_words / sizeof outcome_words[0]; i++) {
        if (piece_is(word, outcome_words[i])) return true;
        nearest_offer(&nearest, outcome_words[i]);
    }
    const char *constant = constant_nearest(word.start, (unsigned)word.length);
    return fail_with_nearest(
        reader, word,
        "no outcome has this word: expected ok, pending, blocks, fails, fault, none, routine-ran, a number, "
        "the name of an error, or a predicate such as event=unset",
        nearest.best != NULL ? nearest.best : constant);
}

static bool take_condition(struct reader *reader, struct piece word) {
    struct deviation_rule *rule = reader->rule;
    const char *equals = memchr(word.start, '=', word.length);
    if (equals == NULL || equals == word.start || equals + 1 == word.start + word.length)
        return fail_at(reader, word.start, "expected a condition such as allowed=ok, instance=udp or ov=NULL");
    if (rule->conditions_count == RULE_CONDITIONS_MAX)
        return fail_at(reader, word.start, "too many conditions in one rule");
    struct piece name = { word.start, (size_t)(equals - word.start) };
    struct piece value = { equals + 1, word.length - name.length - 1 };
    struct rule_condition condition = { CONDITION_ARGUMENT, keep(reader, name), keep(reader, value) };
    if (piece_is(name, "allowed") && !check_observed_word(reader, value)) return false;
    if (piece_is(name, "allowed")) condition.kind = CONDITION_ALLOWED;
    else if (piece_is(name, "instance")) condition.kind = CONDITION_INSTANCE;
    else if (!is_parameter(name.start, name.length))
        return fail_at(reader, word.start,
                       "unknown condition; expected allowed=, instance=, or the name of an argument");
    rule->conditions[rule->conditions_count++] = condition;
    return true;
}

static bool take_conditions(struct reader *reader) {
    struct piece word = take_word(reader);
    if (word.length == 0)
        return fail_at(reader, reader->at, "expected a condition such as allowed=ok, instance=udp or ov=NULL");
    for (; word.length > 0; word = take_word(reader)) {
        if (!take_condition(reader, word)) return false;
    }
    return true;
}

static bool take_observed(struct reader *reader) {
    struct deviation_rule *rule = reader->rule;
    if (rule->observed_count == RULE_OBSERVED_MAX)
        return fail_at(reader, reader->line, "too many lines `observed` in one rule");
    struct rule_observed *observed = &rule->observed[rule->observed_count];
    for (struct piece word = take_word(reader); word.length > 0; word = take_word(reader)) {
        if (observed->words_count == RULE_WORDS_MAX) return fail_at(reader, word.start, "too many words");
        if (!check_observed_word(reader, word)) return false;
        observed->words[observed->words_count++] = keep(reader, word);
    }
    if (observed->words_count == 0)
        return fail_at(reader, reader->at, "expected what is observed, such as WSAEOPNOTSUPP or ok event=unset");
    rule->observed_count++;
    return true;
}

static bool take_scenarios(struct reader *reader) {
    struct deviation_rule *rule = reader->rule;
    if (rule->scenarios_count == 0) rule->scenarios_line = reader->line_number;
    for (struct piece word = take_word(reader); word.length > 0; word = take_word(reader)) {
        if (rule->scenarios_count == RULE_SCENARIOS_MAX)
            return fail_at(reader, word.start, "too many scenarios in one rule");
        if (memchr(word.start, '[', word.length) != NULL)
            return fail_at(reader, word.start, "expected a scenario without the suffix of a variant");
        rule->scenario_columns[rule->scenarios_count] = (unsigned)(word.start - reader->line) + 1;
        rule->scenarios[rule->scenarios_count++] = keep(reader, word);
    }
    return rule->scenarios_count > 0 ||
           fail_at(reader, reader->at, "expected scenarios such as arguments/closed-socket");
}

static bool take_status(struct reader *reader, bool *given) {
    struct piece word = take_word(reader);
    if (!piece_is(word, "reviewed") && !piece_is(word, "unreviewed"))
        return fail_at(reader, word.start, "expected reviewed or unreviewed");
    reader->rule->reviewed = piece_is(word, "reviewed");
    *given = true;
    return take_word(reader).length == 0 || fail_at(reader, word.start, "expected one word");
}

static bool take_happens(struct reader *reader) {
    struct piece word = take_word(reader);
    if (!piece_is(word, "always") && !piece_is(word, "sometimes") && !piece_is(word, "seldom"))
        return fail_at(reader, word.start, "expected always, sometimes or seldom");
    reader->rule->seldom = piece_is(word, "seldom");
    reader->rule->sometimes = reader->rule->seldom || piece_is(word, "sometimes");
    return take_word(reader).length == 0 || fail_at(reader, word.start, "expected one word");
}

static bool take_reason(struct reader *reader) {
    while (reader->at < reader->end && is_blank(*reader->at)) reader->at++;
    struct piece rest = { reader->at, (size_t)(reader->end - reader->at) };
    while (rest.length > 0 && is_blank(rest.start[rest.length - 1])) rest.length--;
    if (rest.length == 0) return fail_at(reader, reader->at, "expected a reason");
    reader->rule->reason = keep(reader, rest);
    return true;
}

/* --- what is inherited ------------------------------------------------------------------------------------------ */

static bool is_host_name(struct piece word) {
    for (size_t i = 0; i < word.length; i++)
        if (word.start[i] == '/' || word.start[i] == '\\') return false;
    return word.length > 0 && word.length <= 80 && word.start[0] != '.';
}

/* `inherits NAME`, before any rule. */
static bool take_inherits(struct reader *reader) {
    struct inheritance *inheritance = &reader->deviations->inheritance;
    struct piece key = take_word(reader), name = take_word(reader);
    if (inheritance->name != NULL) return fail_at(reader, key.start, "one host is inherited from; this is a second");
    if (reader->deviations->rules_count > 0) return fail_at(reader, key.start, "`inherits` stands before the rules");
    if (!is_host_name(name)) return fail_at(reader, name.start, "expected the name of a host, such as wine-8.0");
    inheritance->name = keep(reader, name);
    inheritance->position = (struct position){ reader->line_number, 1 };
    return take_word(reader).length == 0 || fail_at(reader, name.start, "expected one name");
}

/* `  except RULE...`, below it. */
static bool take_exceptions(struct reader *reader) {
    struct inheritance *inheritance = &reader->deviations->inheritance;
    struct piece key = take_word(reader);
    if (!piece_is(key, "except")) return fail_at(reader, key.start, "expected `except RULE...` below `inherits`");
    for (struct piece word = take_word(reader); word.length > 0; word = take_word(reader)) {
        unsigned at = inheritance->exceptions_count;
        if (at == EXCEPTIONS_RULES_MAX) return fail_at(reader, word.start, "too many exceptions");
        inheritance->exception_positions[at] =
            (struct position){ reader->line_number, (uint32_t)(word.start - reader->line) + 1 };
        inheritance->exceptions[at] = keep(reader, word);
        inheritance->exceptions_count++;
    }
    return true;
}

/* --- lines ------------------------------------------------------------------------------------------------------ */

static bool take_rule_line(struct reader *reader, bool *status_given) {
    if (reader->rule == NULL && reader->deviations->inheritance.name != NULL) return take_exceptions(reader);
    struct piece key = take_word(reader);
    if (reader->rule == NULL)
        return fail_at(reader, key.start, "expected `deviation NAME` at the start of a line before this");
    if (piece_is(key, "call")) return take_calls(reader);
    if (piece_is(key, "when")) return take_conditions(reader);
    if (piece_is(key, "observed")) return take_observed(reader);
    if (piece_is(key, "scenarios")) return take_scenarios(reader);
    if (piece_is(key, "status")) return take_status(reader, status_given);
    if (piece_is(key, "happens")) return take_happens(reader);
    if (piece_is(key, "reason")) return take_reason(reader);
    return fail_at(reader, key.start, "expected call, when, observed, happens, scenarios, status or reason");
}

/* --- rules ------------------------------------------------------------------------------------------------------ */

static bool is_rule_name(struct piece word) {
    for (size_t i = 0; i < word.length; i++) {
        char byte = word.start[i];
        if (!((byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '-' || byte == '.')) return false;
    }
    return word.length > 0 && word.length <= 80;
}

static bool begin_rule(struct reader *reader) {
    struct deviations *deviations = reader->deviations;
    struct piece key = take_word(reader);
    if (piece_is(key, "inherits")) {
        reader->at = reader->line;
        return take_inherits(reader);
    }
    if (!piece_is(key, "deviation"))
        return fail_at(reader, key.start, "expected `deviation NAME`; a rule's own lines are indented");
    struct piece name = take_word(reader);
    if (!is_rule_name(name)) return fail_at(reader, name.start, "expected a name: small letters, digits, '-' and '.'");
    for (uint32_t i = 0; i < deviations->rules_count; i++) {
        if (piece_is(name, deviations->rules[i].name))
            return fail_at(reader, name.start, "a rule of this name is there already");
    }
    if (take_word(reader).length > 0) return fail_at(reader, name.start, "expected one name");
    if (deviations->rules_count == RULES_MAX) return fail_at(reader, key.start, "too many rules");
    deviations->rules =
        arena_append(deviations->arena, deviations->rules, deviations->rules_count, sizeof *deviations->rules);
    reader->rule = &deviations->rules[deviations->rules_count++];
    reader->rule->name = keep(reader, name);
    reader->rule->position = (struct position){ reader->line_number, 1 };
    return true;
}

/* Nothing that a rule needs may be missing. The error points at the rule's last line. */
static bool end_rule(struct reader *reader, bool status_given) {
    const struct deviation_rule *rule = reader->rule;
    const char *missing = NULL;
    if (rule == NULL) return true;
    if (rule->reason == NULL) missing = "reason";
    if (!status_given) missing = "status";
    if (rule->scenarios_count == 0) missing = "scenarios";
    if (rule->observed_count == 0) missing = "observed";
    if (rule->calls_count == 0) missing = "call";
    if (missing == NULL) return true;
    char message[160];
    snprintf(message, sizeof message, "the rule %s has no line `%s`", rule->name, missing);
    return fail_at(reader, reader->line, message);
}

/* Makes the next line current; false after the last. */
static bool next_line(struct reader *reader, const char **rest, const char *text_end) {
    if (*rest == text_end) return false;
    const char *newline = memchr(*rest, '\n', (size_t)(text_end - *rest));
    reader->line = reader->at = *rest;
    reader->end = newline == NULL ? text_end : newline;
    *rest = newline == NULL ? text_end : newline + 1;
    if (reader->end > reader->line && reader->end[-1] == '\r') reader->end--;
    reader->line_number++;
    return true;
}

bool deviations_parse(struct deviations *deviations, const char *file, const char *text, size_t length,
                      struct language_error *error) {
    assert(deviations != NULL && file != NULL && error != NULL);
    assert(text != NULL || length == 0);
    struct reader reader = {
        .deviations = deviations, .error = error, .file = file, .line = text, .end = text, .at = text
    };
    const char *rest = text;
    bool status_given = false;
    if (deviations->arena == NULL) deviations->arena = arena_create();
    while (next_line(&reader, &rest, text + length)) {
        if (memchr(reader.line, '\0', (size_t)(reader.end - reader.line)) != NULL)
            return fail_at(&reader, reader.line, "the line holds a NUL byte");
        struct piece first = take_word(&reader);
        if (first.length == 0) continue;
        reader.at = reader.line;
        bool indented = is_blank(*reader.line);
        if (!indented && !end_rule(&reader, status_given)) return false;
        if (!indented) status_given = false;
        if (!(indented ? take_rule_line(&reader, &status_given) : begin_rule(&reader))) return false;
    }
    return end_rule(&reader, status_given);
}

/* --- files ------------------------------------------------------------------------------------------------------ */

static bool check_scenarios(const struct deviations *deviations, uint32_t first, const char *path,
                            struct language_error *error) {
    char tree[FOLDER_PATH_MAX], file[FOLDER_PATH_MAX + 256];
    if (!host_tree_of(path, "deviations", tree)) return true;
    for (uint32_t i = first; i < deviations->rules_count; i++) {
        const struct deviation_rule *rule = &deviations->rules[i];
        for (unsigned j = 0; j < rule->scenarios_count; j++) {
            snprintf(file, sizeof file, "%s%.200s.scn", tree, rule->scenarios[j]);
            if (path_kind_of(file) == PATH_FILE) continue;
            struct position position = { rule->scenarios_line, rule->scenario_columns[j] };
            return language_error_set(error, path, position, NULL, 0,
                                      "the rule %s names %.200s; there is no such scenario", rule->name,
                                      rule->scenarios[j]);
        }
    }
    return true;
}

enum { INHERITANCES_MAX = 8 };

static bool read_at(struct deviations *deviations, const char *path, unsigned depth, struct language_error *error);

static const struct deviation_rule *rule_named(const struct deviations *deviations, const char *name) {
    for (uint32_t i = 0; i < deviations->rules_count; i++)
        if (strcmp(deviations->rules[i].name, name) == 0) return &deviations->rules[i];
    return NULL;
}

static bool is_excepted(const struct inheritance *inheritance, const char *name) {
    for (unsigned i = 0; i < inheritance->exceptions_count; i++)
        if (strcmp(inheritance->exceptions[i], name) == 0) return true;
    return false;
}

/* The rules of the other host, behind the own ones. */
static bool add_inherited(struct deviations *deviations, const char *path, struct language_error *error) {
    const struct inheritance *inheritance = &deviations->inheritance;
    const struct deviations *other = deviations->inherited;
    for (unsigned i = 0; i < inheritance->exceptions_count; i++) {
        if (rule_named(other, inheritance->exceptions[i]) != NULL) continue;
        return language_error_set(error, path, inheritance->exception_positions[i], NULL, 0, "%.80s has no rule %.80s",
                                  inheritance->name, inheritance->exceptions[i]);
    }
    for (uint32_t i = 0; i < other->rules_count; i++) {
        const char *name = other->rules[i].name;
        if (is_excepted(inheritance, name) || rule_named(deviations, name) != NULL) continue;
        if (deviations->rules_count == RULES_MAX)
            return language_error_set(error, path, inheritance->position, NULL, 0, "too many rules with those of %.80s",
                                      inheritance->name);
        deviations->rules =
            arena_append(deviations->arena, deviations->rules, deviations->rules_count, sizeof *deviations->rules);
        deviations->rules[deviations->rules_count++] = other->rules[i];
    }
    return true;
}

static bool read_inherited(struct deviations *deviations, const char *path, unsigned depth,
                           struct language_error *error) {
    const struct inheritance *inheritance = &deviations->inheritance;
    char tree[FOLDER_PATH_MAX], other[FOLDER_PATH_MAX + 128];
    if (inheritance->name == NULL || deviations->inherited != NULL) return true;
    if (depth == INHERITANCES_MAX)
        return language_error_set(error, path, inheritance->position, NULL, 0, "hosts inherit in a circle");
    if (!host_tree_of(path, "deviations", tree))
        return language_error_set(error, path, inheritance->position, NULL, 0,
                                  "only TREE/hosts/NAME/deviations can inherit from another host");
    snprintf(other, sizeof other, "%shosts/%.80s/deviations", tree, inheritance->name);
    deviations->inherited = memory_zeroed(sizeof *deviations->inherited);
    return read_at(deviations->inherited, other, depth + 1, error) && add_inherited(deviations, path, error);
}

static bool read_at(struct deviations *deviations, const char *path, unsigned depth, struct language_error *error) {
    size_t length = 0;
    uint32_t first = deviations->rules_count;
    char *bytes = file_read(path, FILE_BYTES_MAX, &length);
    if (bytes == NULL)
        return language_error_set(error, path, (struct position){ 1, 1 }, NULL, 0,
                                  "the file of deviations cannot be read");
    bool good = deviations_parse(deviations, path, bytes, length, error) &&
                check_scenarios(deviations, first, path, error) && read_inherited(deviations, path, depth, error);
    free(bytes);
    return good;
}

bool deviations_read(struct deviations *deviations, const char *path, struct language_error *error) {
    assert(deviations != NULL && path != NULL && error != NULL);
    return read_at(deviations, path, 0, error);
}

void deviations_free(struct deviations *deviations) {
    assert(deviations != NULL);
    if (deviations->inherited != NULL) {
        deviations_free(deviations->inherited);
        free(deviations->inherited);
    }
    arena_free(deviations->arena);
    *deviations = (struct deviations){ .rules_count = 0 };
}
