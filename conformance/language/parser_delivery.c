/* Lines below a step: routines and APCs that ran in its call, packets that it took. */
#include "conformance/language/parser_parts.h"

/* The delivery that a line begins with, or DELIVERIES_COUNT. */
static enum delivery delivery_of(struct word word) {
    for (unsigned i = 0; i < DELIVERIES_COUNT; i++)
        if (word_is(word, delivery_name((enum delivery)i))) return (enum delivery)i;
    return DELIVERIES_COUNT;
}

bool parser_at_delivery(struct parser *parser) {
    struct lexer *lexer = &parser->lexer;
    const char *start = lexer->at;
    enum delivery delivery = delivery_of(lexer_take_word(lexer));
    bool is_line = delivery != DELIVERIES_COUNT && lexer_take(lexer, "(");
    lexer->at = start;
    return is_line;
}

static bool fail_member(struct lexer *lexer, const char *place, enum delivery delivery) {
    return lexer_fail_at(lexer, place, "expected %s on a%s %s line",
                         delivery == DELIVERY_ROUTINE  ? "error= or bytes="
                         : delivery == DELIVERY_PACKET ? "key=, bytes= or Internal="
                                                       : "nothing more",
                         delivery == DELIVERY_APC ? "n" : "", delivery_name(delivery));
}

static bool take_member(struct parser *parser, struct routine_line *line) {
    struct lexer *lexer = &parser->lexer;
    struct word word = lexer_take_word(lexer);
    unsigned member = 0;
    while (member < MEMBERS_COUNT && !word_is(word, member_name((enum member)member))) member++;
    if (member == MEMBERS_COUNT || (delivery_members(line->delivery) & 1u << member) == 0)
        return fail_member(lexer, word.start, line->delivery);
    if (line->values[member] != NULL)
        return lexer_fail_at(lexer, word.start, "%s is said twice", member_name((enum member)member));
    if (!lexer_expect(lexer, "=")) return false;
    lexer_peek(lexer);
    const char *place = lexer->at;
    struct expression *value = line->values[member] = parser_expression(parser);
    if (value == NULL) return false;
    bool names = member == MEMBER_ERROR || member == MEMBER_INTERNAL;
    bool fits = value->kind == EXPRESSION_NUMBER || (names && value->kind == EXPRESSION_ERROR);
    bool small = !value->negative && (member == MEMBER_KEY || value->number <= UINT32_MAX);
    return (fits && small) || lexer_fail_at(lexer, place,
                                            member == MEMBER_ERROR      ? "expected the name of an error or a number"
                                            : member == MEMBER_INTERNAL ? "expected the name of a status or a number"
                                            : member == MEMBER_KEY      ? "expected a number"
                                                                        : "expected a number of 32 bits");
}

static bool take_overlapped(struct parser *parser, struct routine_line *line) {
    struct lexer *lexer = &parser->lexer;
    struct word word = lexer_peek_word(lexer);
    line->overlapped = NO_NAME;
    if (word.length == 0) return lexer_expected(lexer, "the name of an overlapped or NULL");
    lexer_take_word(lexer);
    if (word_is(word, "NULL")) return true;
    line->overlapped = NAME_OF_NONE;
    if (word_is(word, "good")) return true;
    line->overlapped = parser_use_name(parser, word);
    if (line->overlapped == NO_NAME) return false;
    if (parser->scenario->names[line->overlapped].kind == NAME_OVERLAPPED) return true;
    return lexer_fail_at(lexer, word.start, "%s is not an overlapped", parser->scenario->names[line->overlapped].text);
}

static bool take_subject(struct parser *parser, struct routine_line *line) {
    if (line->delivery != DELIVERY_APC) return take_overlapped(parser, line);
    struct lexer *lexer = &parser->lexer;
    lexer_peek(lexer);
    const char *place = lexer->at;
    const struct expression *number = parser_expression(parser);
    line->overlapped = NO_NAME;
    if (number == NULL) return false;
    line->number = number->number;
    return (number->kind == EXPRESSION_NUMBER && !number->negative) || lexer_fail_at(lexer, place, "expected a number");
}

/* @Q5=a: the line holds only under this reading. Other sources belong to the outcome. */
static bool take_readings(struct parser *parser, struct routine_line *line) {
    struct lexer *lexer = &parser->lexer;
    struct outcome said = { 0 };
    while (lexer_peek(lexer) == '@') {
        const char *place = lexer->at;
        if (!parser_take_source(parser, &said)) return false;
        if (said.sources[said.sources_count - 1].kind != SOURCE_READING)
            return lexer_fail_at(
                lexer, place,
                "a routine line takes readings alone, such as @Q5=a; other sources stand after the outcome");
    }
    line->sources = said.sources;
    line->sources_count = said.sources_count;
    return true;
}

bool parser_delivery_line(struct parser *parser, struct step *step) {
    struct lexer *lexer = &parser->lexer;
    struct routine_line line = { .position = lexer_position(lexer, lexer->at) };
    bool ran_code = step->kind == STEP_CALL || step->kind == STEP_RETURNS;
    if (!ran_code || step->outcomes_count == 0)
        return lexer_fail(lexer, "a routine line stands under the call in which the routine ran");
    if (step->routines_count == ROUTINE_LINES_MAX)
        return lexer_fail(lexer, "more than %d routine lines under one step", ROUTINE_LINES_MAX);
    line.delivery = delivery_of(lexer_take_word(lexer));
    if (!lexer_expect(lexer, "(") || !take_subject(parser, &line) || !lexer_expect(lexer, ")")) return false;
    while (lexer_peek_word(lexer).length > 0)
        if (!take_member(parser, &line)) return false;
    if (!take_readings(parser, &line)) return false;
    if (!lexer_expect_end(lexer)) return false;
    if (lexer_comment(lexer).length > 0)
        return lexer_fail_at(lexer, lexer->line, "a routine line takes no comment; put it above the step");
    step->routines = arena_append(parser->arena, step->routines, step->routines_count, sizeof line);
    step->routines[step->routines_count++] = line;
    return true;
}
