/* The first line of a scenario or a trace, and the indented lines below it: title, notes, variants, exceptions, needs,
 * facts. */
#include <assert.h>
#include <string.h>

#include "conformance/language/completion.h"
#include "conformance/language/parser_parts.h"

/* --- the first line ----------------------------------------------------------------------------------------------- */

static bool is_name_byte(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; }

/* after-bind, after-bind[udp.v6]; in a trace also associate/after-bind[udp.v6] */
static bool is_scenario_name(struct word word, bool is_trace) {
    unsigned at = 0;
    if (word.length > 200) return false;
    while (at < word.length &&
           (is_name_byte(word.start[at]) || (is_trace && at > 0 && word.start[at] == '/' && word.start[at - 1] != '/')))
        at++;
    if (at == 0 || word.start[at - 1] == '/') return false;
    if (at == word.length) return true;
    if (word.start[at] != '[' || word.start[word.length - 1] != ']' || word.length - at < 3) return false;
    for (unsigned i = at + 1; i < word.length - 1; i++) {
        if (!is_name_byte(word.start[i]) && word.start[i] != '.') return false;
    }
    return true;
}

static bool take_first_line(struct parser *parser) {
    struct lexer *lexer = &parser->lexer;
    struct scenario *scenario = parser->scenario;
    bool indented = lexer->line < lexer->line_end && *lexer->line == ' ';
    struct word word = lexer_peek_word(lexer);
    bool known = word_is(word, "scenario") || word_is(word, "trace");
    if (indented || !known)
        return lexer_expected(lexer, "the first line: `scenario NAME` or `trace NAME`, not indented");
    scenario->is_trace = word_is(lexer_take_word(lexer), "trace");
    parser->live_names = scenario->is_trace;
    struct word name = lexer_take_until_blank(lexer);
    if (!is_scenario_name(name, scenario->is_trace))
        return lexer_fail_at(lexer, name.start,
                             "expected a name such as after-bind: small letters, digits, '-' and '_'");
    struct word required = parser->required_name;
    bool named_after_file = required.length == 0 || scenario->is_trace ||
                            (required.length == name.length && memcmp(required.start, name.start, name.length) == 0);
    if (!named_after_file)
        return lexer_fail_at(lexer, name.start, "the scenario is named after its file; expected %.*s",
                             (int)required.length, required.start);
    scenario->name = parser_keep(parser, name);
    while (parser->comments_pending_count > 0 &&
           parser->comments_pending[parser->comments_pending_count - 1][0] == '\0')
        parser->comments_pending_count--;
    parser_take_comments(parser, true, &scenario->comments_count, &scenario->comments);
    if (scenario->comments_count > 0 && scenario->comments[0][0] == '\0') {
        scenario->comments++;
        scenario->comments_count--;
    }
    return parser_end_line(parser, MARGIN_FIRST_LINE, 0);
}

/* --- variants ----------------------------------------------------------------------------------------------------- */

static bool is_dimension_value(struct word word) {
    bool ends_well = word.length > 0 && word.length <= 32 && word.start[0] != '.' && word.start[0] != '-' &&
                     word.start[word.length - 1] != '.';
    for (unsigned i = 0; i < word.length && ends_well; i++)
        ends_well = is_name_byte(word.start[i]) || word.start[i] == '.';
    return ends_well;
}

/* Dimensions that $words depend on have the values that these know. */
static bool check_known_dimension(struct parser *parser, const char *dimension, struct word value) {
    static const struct {
        const char *dimension;
        const char *values[COMPLETIONS_COUNT];
        const char *message;
    } known[] = {
        { "transport", { "tcp", "udp" }, "transport: expected tcp or udp" },
        { "family", { "v4", "v6", "dual" }, "family: expected v4, v6 or dual" },
        { "startup", { "2.2", "1.1" }, "startup: expected 2.2 or 1.1" },
        { "completion",
          { "sync", "event", "routine", "port", "polling" },
          "completion: expected sync, event, routine, port or polling" },
    };
    for (unsigned i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(known[i].dimension, dimension) != 0) continue;
        for (unsigned j = 0; j < COMPLETIONS_COUNT && known[i].values[j] != NULL; j++) {
            if (word_is(value, known[i].values[j])) return true;
        }
        return lexer_fail_at(&parser->lexer, value.start, "%s", known[i].message);
    }
    return true;
}

static bool take_dimension_value(struct parser *parser, struct dimension *dimension) {
    struct lexer *lexer = &parser->lexer;
    struct scenario *scenario = parser->scenario;
    struct word word = { lexer->at, 0 };
    while (lexer->at < lexer->line_end && *lexer->at != ' ' && *lexer->at != '|') lexer->at++;
    word.length = (unsigned)(lexer->at - word.start);
    int shown = word.length > 60 ? 60 : (int)word.length;
    if (!is_dimension_value(word))
        return lexer_fail_at(lexer, word.start, "expected a value of %s: small letters, digits, '-', '_' and '.'",
                             dimension->name);
    if (!check_known_dimension(parser, dimension->name, word)) return false;
    const char *value = parser_keep(parser, word);
    bool doubled = variants_dimension_of_value(scenario, value) >= 0;
    for (uint32_t i = 0; i < dimension->values_count; i++) doubled |= strcmp(dimension->values[i], value) == 0;
    if (doubled)
        return lexer_fail_at(lexer, word.start, "the value %.*s stands here twice; guards could not say which is meant",
                             shown, word.start);
    if (dimension->values_count == DIMENSION_VALUES_MAX)
        return lexer_fail_at(lexer, word.start, "more than %d values of %s", DIMENSION_VALUES_MAX, dimension->name);
    dimension->values[dimension->values_count++] = value;
    return true;
}

static bool take_dimension(struct parser *parser) {
    struct lexer *lexer = &parser->lexer;
    struct scenario *scenario = parser->scenario;
    struct word word = lexer_peek_word(lexer);
    struct dimension dimension = { 0 };
    if (!word_is_name(word)) return lexer_expected(lexer, "a dimension such as transport=tcp|udp");
    lexer_take_word(lexer);
    dimension.name = parser_keep(parser, word);
    for (uint32_t i = 0; i < scenario->dimensions_count; i++) {
        if (word_is(word, scenario->dimensions[i].name))
            return lexer_fail_at(lexer, word.start, "the dimension %s stands here twice", dimension.name);
    }
    if (scenario->dimensions_count == DIMENSIONS_MAX)
        return lexer_fail_at(lexer, word.start, "more than %d dimensions", DIMENSIONS_MAX);
    if (!lexer_take_adjacent(lexer, '=')) return lexer_expected(lexer, "'=' right after the dimension");
    do {
        if (!take_dimension_value(parser, &dimension)) return false;
    } while (lexer_take_adjacent(lexer, '|'));
    scenario->dimensions[scenario->dimensions_count++] = dimension;
    return true;
}

static bool take_variants(struct parser *parser) {
    struct scenario *scenario = parser->scenario;
    if (scenario->is_trace) return lexer_fail_at(&parser->lexer, parser->lexer.line, "a trace has no variants");
    if (scenario->dimensions_count > 0)
        return lexer_fail_at(&parser->lexer, parser->lexer.line,
                             "a second line `variants`; expected all dimensions in one");
    do {
        if (!take_dimension(parser)) return false;
    } while (!lexer_at_end(&parser->lexer));
    return parser_end_line(parser, MARGIN_VARIANTS, 0);
}

/* except udp.dual: the guard's values without its brackets. */
static bool take_except(struct parser *parser) {
    struct lexer *lexer = &parser->lexer;
    struct scenario *scenario = parser->scenario;
    if (scenario->exceptions_count == DIMENSION_VALUES_MAX)
        return lexer_fail(lexer, "more than %d exceptions", DIMENSION_VALUES_MAX);
    struct word word = lexer_take_until_blank(lexer);
    const char *end = lexer->at;
    struct guard *guard = &scenario->exceptions[scenario->exceptions_count];
    lexer->at = word.start;
    if (word.length == 0) return lexer_expected(lexer, "values such as udp.dual");
    if (!parser_take_values(parser, guard)) return false;
    if (lexer->at != end) return lexer_expected(lexer, "'.' or the end of the line");
    scenario->exceptions_count++;
    return parser_end_line(parser, MARGIN_EXCEPT, scenario->exceptions_count - 1);
}

static bool parser_count_instances(struct parser *parser) {
    parser->instances_count = variants_instances(parser->scenario, parser->instances, INSTANCES_MAX);
    if (parser->instances_count > INSTANCES_MAX)
        return lexer_fail(&parser->lexer, "the variants have %u instances; at most %d are allowed",
                          parser->instances_count, INSTANCES_MAX);
    if (parser->instances_count == 0)
        return lexer_fail(&parser->lexer, "the exceptions leave no instance of the variants");
    parser->all = parser->instances_count == INSTANCES_MAX ? UINT64_MAX : ((uint64_t)1 << parser->instances_count) - 1;
    return true;
}

/* --- title, note, needs, facts ------------------------------------------------------------------------------------ */

static bool take_value(struct parser *parser, const char *what, bool may_be_empty, const char **value) {
    struct lexer *lexer = &parser->lexer;
    struct word rest = lexer_take_rest(lexer);
    if (rest.length == 0 && !may_be_empty) return lexer_expected(lexer, what);
    *value = parser_keep(parser, rest);
    return true;
}

static bool take_title(struct parser *parser) {
    if (parser->scenario->title != NULL) return lexer_fail_at(&parser->lexer, parser->lexer.line, "a second title");
    return take_value(parser, "a title", false, &parser->scenario->title) && parser_end_line(parser, MARGIN_TITLE, 0);
}

static bool take_note(struct parser *parser) {
    struct scenario *scenario = parser->scenario;
    const char *note = NULL;
    if (scenario->notes_count == HEADER_LINES_MAX)
        return lexer_fail(&parser->lexer, "more than %d notes", HEADER_LINES_MAX);
    if (!take_value(parser, "the text of the note", false, &note)) return false;
    scenario->notes = arena_append(parser->arena, scenario->notes, scenario->notes_count, sizeof note);
    scenario->notes[scenario->notes_count++] = note;
    return parser_end_line(parser, MARGIN_NOTE, scenario->notes_count - 1);
}

static bool take_needs(struct parser *parser) {
    struct lexer *lexer = &parser->lexer;
    struct scenario *scenario = parser->scenario;
    struct word word = lexer_peek_word(lexer);
    if (scenario->needs_count == HEADER_LINES_MAX) return lexer_fail(lexer, "more than %d needs", HEADER_LINES_MAX);
    if (word.length == 0 || word.length > LANGUAGE_NAME_BYTES_MAX)
        return lexer_expected(lexer, "the name of what is needed");
    scenario->needs = arena_append(parser->arena, scenario->needs, scenario->needs_count, sizeof *scenario->needs);
    scenario->needs[scenario->needs_count++] = parser_keep(parser, lexer_take_word(lexer));
    return parser_end_line(parser, MARGIN_NEEDS, scenario->needs_count - 1);
}

static bool take_fact(struct parser *parser, struct word key) {
    struct lexer *lexer = &parser->lexer;
    struct scenario *scenario = parser->scenario;
    struct key_value fact = { .position = lexer_position(lexer, key.start) };
    if (!scenario->is_trace)
        return lexer_fail_at(lexer, key.start,
                             "expected title, note, variants, except or needs; other facts stand in traces only");
    if (scenario->facts_count == HEADER_LINES_MAX) return lexer_fail(lexer, "more than %d facts", HEADER_LINES_MAX);
    for (unsigned i = 0; i < key.length; i++) {
        bool fits =
            (i == 0 ? key.start[i] >= 'a' && key.start[i] <= 'z' : is_name_byte(key.start[i]) && key.start[i] != '_') &&
            i < LANGUAGE_NAME_BYTES_MAX;
        if (!fits) return lexer_fail_at(lexer, key.start, "expected a key: small letters, digits and '-'");
    }
    fact.key = parser_keep(parser, key);
    if (!take_value(parser, "a value", true, &fact.value)) return false;
    scenario->facts = arena_append(parser->arena, scenario->facts, scenario->facts_count, sizeof fact);
    scenario->facts[scenario->facts_count++] = fact;
    return parser_end_line(parser, MARGIN_FACT, scenario->facts_count - 1);
}

static bool take_header_line(struct parser *parser) {
    struct word key = lexer_take_until_blank(&parser->lexer);
    if (word_is(key, "title")) return take_title(parser);
    if (word_is(key, "note")) return take_note(parser);
    if (word_is(key, "variants")) return take_variants(parser);
    if (word_is(key, "except")) return take_except(parser);
    if (word_is(key, "needs")) return take_needs(parser);
    return take_fact(parser, key);
}

/* --- the header --------------------------------------------------------------------------------------------------- */

static bool refused_end(struct parser *parser) {
    return lexer_fail(&parser->lexer, "expected `scenario NAME` or `trace NAME`, found the end of the file");
}

/* Reads up to the first line that is not the header's; that line is then the current one. */
bool parser_header(struct parser *parser) {
    struct lexer *lexer = &parser->lexer;
    bool first_seen = false;
    enum line_result result;
    while ((result = lexer_next_line(lexer)) == LINE_READ) {
        if (lexer_at_end(lexer)) {
            if (!parser_gather_comment(parser)) return false;
        } else if (!first_seen) {
            if (!take_first_line(parser)) return false;
            first_seen = true;
        } else if (*lexer->line == ' ') {
            if (!take_header_line(parser)) return false;
        } else {
            parser->line_waits = true;
            return parser_count_instances(parser);
        }
    }
    if (result == LINE_REFUSED) return false;
    if (!first_seen) return refused_end(parser);
    lexer->at = lexer->line_end;
    return parser_count_instances(parser);
}
