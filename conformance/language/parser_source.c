/* Sources: who says that an outcome may be. What is cited has to be there (conformance/citations/citations.h), and a
 * question with that candidate (stack/readings.h): a slip is refused where it stands, wherever the scenario is read. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "conformance/base/number.h"
#include "conformance/citations/citations.h"
#include "conformance/language/parser_parts.h"
#include "stack/readings.h"

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
static bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

/* Digits from `from` on, up to the end of the word; 0 when they are not a number from 1 to 999 and nothing else. */
static unsigned small_number(struct word word, unsigned from) {
    uint64_t number = 0;
    if (from >= word.length || word.length - from > 3 || word.start[from] == '0') return 0;
    return number_take(word.start + from, word.length - from, &number) == word.length - from ? (unsigned)number : 0;
}

/* [A-Z]+(-[A-Z0-9]+)+ */
static bool is_clause(struct word word) {
    unsigned parts = 0, part_length = 0;
    for (unsigned i = 0; i < word.length; i++) {
        char c = word.start[i];
        if (c == '-') {
            if (part_length == 0) return false;
            parts++;
            part_length = 0;
        } else {
            if (!is_upper(c) && !(parts > 0 && is_digit(c))) return false;
            part_length++;
        }
    }
    return parts > 0 && part_length > 0 && word.length <= LANGUAGE_NAME_BYTES_MAX;
}

/* W22, T8.2.1, R9293.3.4: a letter, then digits and dots */
static bool is_fact(struct word word) {
    if (word.length < 2 || word.length > LANGUAGE_NAME_BYTES_MAX || strchr("FNRTW", word.start[0]) == NULL)
        return false;
    for (unsigned i = 1; i < word.length; i++)
        if (!is_digit(word.start[i]) && (word.start[i] != '.' || i == 1)) return false;
    return true;
}

static bool is_client(struct word word) {
    if (word.length == 0 || word.length > LANGUAGE_NAME_BYTES_MAX) return false;
    for (unsigned i = 0; i < word.length; i++) {
        char c = word.start[i];
        if (!is_lower(c) && !is_digit(c) && !(i > 0 && (c == '-' || c == '_'))) return false;
    }
    return true;
}

/* --- what is there ------------------------------------------------------------------------------------------------ */

static bool fail_unknown(struct parser *parser, const char *place, const char *what, struct word word,
                         const char *nearest) {
    if (nearest == NULL)
        return lexer_fail_at(&parser->lexer, place, "there is no %s %.*s; `reservoir list %ss` has them all", what,
                             (int)word.length, word.start, what);
    return lexer_fail_at(&parser->lexer, place, "there is no %s %.*s; the nearest is %s", what, (int)word.length,
                         word.start, nearest);
}

/* All of them: they are few, and a name from elsewhere is near none. */
static bool fail_unknown_client(struct parser *parser, const char *place, struct word client) {
    char names[256] = "";
    size_t length = 0;
    unsigned count = 0;
    const struct client *rows = known_clients(&count);
    for (unsigned i = 0; i < count && length < sizeof names; i++)
        length += (size_t)snprintf(names + length, sizeof names - length, "%s%s", i == 0 ? "" : ", ", rows[i].id);
    return lexer_fail_at(&parser->lexer, place, "there is no client %.*s; expected one of %s%s", (int)client.length,
                         client.start, names, length < sizeof names ? "" : "...");
}

static bool take_client(struct parser *parser, const char *place, struct word client, struct source *source) {
    source->kind = SOURCE_CLIENT;
    source->text = parser_keep(parser, client);
    if (client_of(client.start, client.length) != NULL) return true;
    if (client_nearest(client.start, client.length) == NULL) return fail_unknown_client(parser, place, client);
    return fail_unknown(parser, place, "client", client, client_nearest(client.start, client.length));
}

static bool take_fact(struct parser *parser, const char *place, struct word fact, struct source *source) {
    source->kind = SOURCE_FACT;
    source->text = parser_keep(parser, fact);
    if (fact_of(fact.start, fact.length) != NULL) return true;
    return fail_unknown(parser, place, "fact", fact, fact_nearest(fact.start, fact.length));
}

static bool take_clause(struct parser *parser, const char *place, struct word clause, struct source *source) {
    source->kind = SOURCE_CLAUSE;
    source->text = parser_keep(parser, clause);
    if (clause_of(clause.start, clause.length) != NULL) return true;
    return fail_unknown(parser, place, "clause", clause, clause_nearest(clause.start, clause.length));
}

/* Numbers have no gaps, so the last question is the nearest of those that are not there. */
static bool take_reading(struct parser *parser, const char *place, unsigned question, char candidate,
                         struct source *source) {
    const struct reading *reading = reading_of(question);
    if (reading == NULL)
        return lexer_fail_at(&parser->lexer, place, "there is no question Q%u; the nearest is Q%u", question,
                             (unsigned)QUESTION_LAST);
    if (!is_lower(candidate) || candidate - 'a' >= reading->candidates_count)
        return lexer_fail_at(&parser->lexer, place, "Q%u has no candidate %c; it has a to %c", question, candidate,
                             'a' + reading->candidates_count - 1);
    *source = (struct source){ source->position, SOURCE_READING, question, (unsigned)(candidate - 'a'), NULL };
    return true;
}

/* --- by their form ------------------------------------------------------------------------------------------------ */

/* False, having said what was expected or what is not there. */
static bool read_source(struct parser *parser, const char *place, struct word word, struct source *source) {
    struct word client = { word.start + 7, word.length - 7 };
    struct word question = { word.start, word.length - 2 };
    source->kind = SOURCE_INFERRED;
    if (word_is(word, "inferred")) return true;
    if (word.length > 7 && memcmp(word.start, "client:", 7) == 0 && is_client(client))
        return take_client(parser, place, client, source);
    if (is_fact(word)) return take_fact(parser, place, word, source);
    if (word.length >= 4 && word.start[0] == 'Q' && word.start[word.length - 2] == '=' && small_number(question, 1) > 0)
        return take_reading(parser, place, small_number(question, 1), word.start[word.length - 1], source);
    if (is_clause(word)) return take_clause(parser, place, word, source);
    return lexer_fail_at(&parser->lexer, place, "expected a source: @ASC-02, @W22, @client:NAME, @inferred or @Q38=a");
}

bool parser_take_source(struct parser *parser, struct outcome *outcome) {
    struct lexer *lexer = &parser->lexer;
    const char *place = lexer->at++;
    struct word word = { lexer->at, 0 };
    assert(*place == '@');
    if (parser->scenario->is_trace)
        return lexer_fail_at(lexer, place, "a trace says what was answered, not who says that it may be: no source");
    while (lexer->at < lexer->line_end && *lexer->at != ' ' && *lexer->at != '|') lexer->at++;
    word.length = (unsigned)(lexer->at - word.start);
    struct source source = { .position = lexer_position(lexer, place) };
    if (!read_source(parser, place, word, &source)) return false;
    if (outcome->sources_count == SOURCES_MAX) return lexer_fail_at(lexer, place, "more than %d sources", SOURCES_MAX);
    outcome->sources = arena_append(parser->arena, outcome->sources, outcome->sources_count, sizeof source);
    outcome->sources[outcome->sources_count++] = source;
    return true;
}
