/* What may follow the arrow: outcomes with their predicates and sources. */
#include <assert.h>
#include <string.h>

#include "conformance/language/constants.h"
#include "conformance/base/nearest.h"
#include "conformance/language/parser_parts.h"
#include "stack/errors.h"

#define FORM(kind) (1u << (kind))
#define COUNTS \
    (FORM(EXPRESSION_NUMBER) | FORM(EXPRESSION_CONSTANT) | FORM(EXPRESSION_NAME) | FORM(EXPRESSION_UNTOUCHED))
#define PORTS (FORM(EXPRESSION_NUMBER) | FORM(EXPRESSION_NAME) | FORM(EXPRESSION_UNTOUCHED))

/* --- predicates --------------------------------------------------------------------------------------------------- */

static const struct observable_rule {
    unsigned forms;
    unsigned classes;
    const char *expected;
} rules[OBSERVABLE_COUNT] = {
    [OBSERVABLE_error] = { FORM(EXPRESSION_NUMBER) | FORM(EXPRESSION_ERROR) | FORM(EXPRESSION_UNTOUCHED), 0,
                           "the name of an error, a number or untouched" },
    [OBSERVABLE_bytes] = { COUNTS, CLASS_NUMBER, "a number or untouched" },
    [OBSERVABLE_flags] = { COUNTS, CLASS_NUMBER, "a number or untouched" },
    [OBSERVABLE_key] = { COUNTS, CLASS_NUMBER, "a number or untouched" },
    [OBSERVABLE_overlapped] = { FORM(EXPRESSION_NAME) | FORM(EXPRESSION_POINTER) | FORM(EXPRESSION_UNTOUCHED),
                                CLASS_OVERLAPPED, "the name of an overlapped, NULL, good or untouched" },
    [OBSERVABLE_value] = { COUNTS | FORM(EXPRESSION_ERROR), CLASS_NUMBER,
                           "a number, a constant, an error or untouched" },
    [OBSERVABLE_readfds] = { FORM(EXPRESSION_RECORD), 0, "sockets of the call in {...}, or good for another one" },
    [OBSERVABLE_writefds] = { FORM(EXPRESSION_RECORD), 0, "sockets of the call in {...}, or good for another one" },
    [OBSERVABLE_exceptfds] = { FORM(EXPRESSION_RECORD), 0, "sockets of the call in {...}, or good for another one" },
    [OBSERVABLE_revents] = { FORM(EXPRESSION_RECORD) | FORM(EXPRESSION_UNTOUCHED), 0,
                             "the events of each socket in {...}, or untouched" },
    [OBSERVABLE_iErrorCode] = { FORM(EXPRESSION_NUMBER) | FORM(EXPRESSION_ERROR) | FORM(EXPRESSION_UNTOUCHED), 0,
                                "the name of an error, a number or untouched" },
    [OBSERVABLE_address] = { FORM(EXPRESSION_HOST) | FORM(EXPRESSION_VARIANT) | FORM(EXPRESSION_UNTOUCHED), 0,
                             "a host such as 127.0.0.1, [::1] or $loopback, none or untouched" },
    [OBSERVABLE_port] = { PORTS, CLASS_PORT, "a port: a number, a name, or untouched" },
    [OBSERVABLE_row] = { FORM(EXPRESSION_WORD), 0, "none, unmarked or administered" },
    [OBSERVABLE_StartPort] = { PORTS, CLASS_PORT, "a port: a number, a name, or untouched" },
    [OBSERVABLE_NumberOfPorts] = { COUNTS, CLASS_NUMBER, "a number or untouched" },
    [OBSERVABLE_padding] = { COUNTS, CLASS_NUMBER, "a number or untouched" },
    [OBSERVABLE_Token] = { COUNTS, CLASS_TOKEN | CLASS_NUMBER, "a token such as r.Token, a number or untouched" },
    [OBSERVABLE_out] = { FORM(EXPRESSION_HEX) | FORM(EXPRESSION_UNTOUCHED), 0, "hex(...) or untouched" },
    [OBSERVABLE_Internal] = { FORM(EXPRESSION_NUMBER) | FORM(EXPRESSION_ERROR) | FORM(EXPRESSION_UNTOUCHED), 0,
                              "the name of a status, a number or untouched" },
    [OBSERVABLE_InternalHigh] = { COUNTS, CLASS_NUMBER, "a number or untouched" },
    [OBSERVABLE_event] = { FORM(EXPRESSION_SET), 0, "set or unset" },
    [OBSERVABLE_handle] = { FORM(EXPRESSION_NAME), CLASS_HANDLE, "the name of a handle" },
};

static bool host_variant(const struct expression *value) {
    return strcmp(value->text, "any") == 0 || strcmp(value->text, "loopback") == 0;
}

/* Of sets handles; of events numbers. */
static bool set_fits(struct parser *parser, const struct predicate *predicate) {
    const struct expression *set = predicate->value;
    bool events = predicate->observable == OBSERVABLE_revents;
    for (uint32_t i = 0; i < set->items_count; i++) {
        const struct expression *item = set->items[i];
        bool number = item->kind == EXPRESSION_NUMBER || item->kind == EXPRESSION_CONSTANT;
        bool other = item->kind == EXPRESSION_POINTER && item->number == POINTER_GOOD && item->items_count == 0;
        bool name = item->kind == EXPRESSION_NAME && (parser_classes(parser, item) & CLASS_HANDLE) != 0;
        if (events ? !number || item->number > UINT16_MAX : !number && !other && !name) return false;
    }
    return true;
}

static bool check_predicate(struct parser *parser, const struct predicate *predicate) {
    const struct observable_rule *rule = &rules[predicate->observable];
    const struct expression *value = predicate->value;
    bool range = predicate->relation == RELATION_IN;
    unsigned forms = range ? FORM(EXPRESSION_NAME) : rule->forms;
    unsigned classes = range ? CLASS_RANGE : rule->classes;
    bool fits = (forms & FORM(value->kind)) != 0 && !value->negative;
    if (fits && value->kind == EXPRESSION_NAME) fits = (parser_classes(parser, value) & classes) != 0;
    if (fits && value->kind == EXPRESSION_VARIANT) fits = host_variant(value);
    if (fits && value->kind == EXPRESSION_RECORD) fits = set_fits(parser, predicate);
    if (fits && value->kind == EXPRESSION_POINTER) fits = value->items_count == 0 && value->number <= POINTER_GOOD;
    if (range && value->kind == EXPRESSION_NAME && (value->field != NULL || value->name == NO_NAME)) fits = false;
    if (fits) return true;
    const char *expected = range ? "the name of a ports line or of a reservation" : rule->expected;
    return lexer_fail_at(&parser->lexer, parser->lexer.line + value->position.column - 1, "%s: expected %s",
                         observable_name(predicate->observable), expected);
}

static int observable_named(struct word word) {
    for (int i = 0; i < OBSERVABLE_COUNT; i++) {
        if (word_is(word, observable_name((enum observable)i))) return i;
    }
    return -1;
}

static bool fail_unknown_observable(struct parser *parser, struct word word) {
    struct nearest nearest = nearest_to(word.start, word.length);
    for (int i = 0; i < OBSERVABLE_COUNT; i++) nearest_offer(&nearest, observable_name((enum observable)i));
    int shown = word.length > 60 ? 60 : (int)word.length;
    if (nearest.best == NULL)
        return lexer_fail_at(
            &parser->lexer, word.start,
            "expected a predicate such as bytes=16, a source such as @ASC-02, '|' or the end of the line, found %.*s",
            shown, word.start);
    return lexer_fail_at(&parser->lexer, word.start, "unknown predicate %.*s; the nearest is %s", shown, word.start,
                         nearest.best);
}

static struct expression *row_value(struct parser *parser) {
    struct lexer *lexer = &parser->lexer;
    struct word word = lexer_peek_word(lexer);
    for (int i = 0; i < NETSH_ROWS_COUNT; i++) {
        if (!word_is(word, netsh_row_name((enum netsh_row)i))) continue;
        struct expression *value = parser_new_expression(parser, EXPRESSION_WORD, word.start);
        value->text = netsh_row_name((enum netsh_row)i);
        value->number = (uint64_t)i;
        lexer_take_word(lexer);
        return value;
    }
    lexer_fail(lexer, "row: expected %s", rules[OBSERVABLE_row].expected);
    return NULL;
}

/* What was stored is no address: a host of no bytes. */
static struct expression *no_address(struct parser *parser) {
    struct expression *value = parser_new_expression(parser, EXPRESSION_HOST, parser->lexer.at);
    lexer_take_word(&parser->lexer);
    value->text = "none";
    return value;
}

static struct expression *predicate_value(struct parser *parser, const struct predicate *predicate) {
    if (predicate->observable == OBSERVABLE_row) return row_value(parser);
    if (predicate->observable == OBSERVABLE_address && word_is(lexer_peek_word(&parser->lexer), "none"))
        return no_address(parser);
    bool host =
        predicate->observable == OBSERVABLE_address && predicate->relation == RELATION_EQUALS && parser_at_host(parser);
    return host ? parser_host(parser) : parser_expression(parser);
}

static bool take_predicate(struct parser *parser, struct outcome *outcome) {
    struct lexer *lexer = &parser->lexer;
    struct word word = lexer_take_word(lexer);
    int observable = observable_named(word);
    if (observable < 0) return fail_unknown_observable(parser, word);
    for (uint32_t i = 0; i < outcome->predicates_count; i++) {
        if ((int)outcome->predicates[i].observable == observable)
            return lexer_fail_at(lexer, word.start, "%s is said twice", observable_name((enum observable)observable));
    }
    struct predicate predicate = { .position = lexer_position(lexer, word.start),
                                   .observable = (enum observable)observable };
    if (word_is(lexer_peek_word(lexer), "in")) {
        if (observable != OBSERVABLE_port && observable != OBSERVABLE_StartPort)
            return lexer_fail(lexer, "only ports can be in a range; expected '='");
        lexer_take_word(lexer);
        predicate.relation = RELATION_IN;
    } else if (!lexer_expect(lexer, "=")) {
        return false;
    }
    predicate.value = predicate_value(parser, &predicate);
    if (predicate.value == NULL || !check_predicate(parser, &predicate)) return false;
    outcome->predicates = arena_append(parser->arena, outcome->predicates, outcome->predicates_count, sizeof predicate);
    outcome->predicates[outcome->predicates_count++] = predicate;
    return true;
}

/* --- the word ----------------------------------------------------------------------------------------------------- */

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

/* error(317), the cursor after the word. */
static bool take_error_number(struct parser *parser, struct outcome *outcome, const char *place) {
    struct lexer *lexer = &parser->lexer;
    uint64_t number = 0;
    if (!lexer_expect(lexer, "(") || !lexer_number_up_to(lexer, UINT32_MAX, "the number of an error", &number) ||
        !lexer_expect(lexer, ")"))
        return false;
    outcome->word = OUTCOME_ERROR;
    outcome->value = parser_new_expression(parser, EXPRESSION_ERROR, place);
    outcome->value->number = number;
    return true;
}

/* fault(0xC0000005), the cursor after the word. */
static bool take_fault(struct parser *parser, struct outcome *outcome) {
    struct lexer *lexer = &parser->lexer;
    outcome->word = OUTCOME_FAULT;
    if (!lexer_take_adjacent(lexer, '(')) return true;
    lexer_peek(lexer);
    const char *place = lexer->at;
    outcome->value = parser_expression(parser);
    if (outcome->value == NULL) return false;
    bool fits = outcome->value->kind == EXPRESSION_NUMBER || outcome->value->kind == EXPRESSION_ERROR;
    if (!fits || outcome->value->negative || outcome->value->number > UINT32_MAX)
        return lexer_fail_at(lexer, place, "expected the code of an exception, such as 0xC0000005");
    return lexer_expect(lexer, ")");
}

static bool take_upper_word(struct parser *parser, struct outcome *outcome) {
    struct lexer *lexer = &parser->lexer;
    struct word word = lexer_peek_word(lexer);
    const struct error_row *error = error_named(word.start, word.length);
    const struct constant *constant = constant_named(word.start, word.length);
    bool wait_result = constant != NULL && strncmp(constant->name, "WAIT_", 5) == 0;
    if (error == NULL && constant == NULL) return parser_fail_unknown_constant(parser, word);
    if (constant != NULL && !wait_result)
        return lexer_fail(lexer, "%s is not an outcome; expected a number, an error or a wait result", constant->name);
    if (error != NULL && error->family == ERROR_FAMILY_STATUS)
        return lexer_fail(lexer, "%s is a kernel status; a call fails with a Winsock or a Win32 error", error->name);
    if (error != NULL && error->value == 0) return lexer_fail(lexer, "%s is success; write ok", error->name);
    outcome->word = error != NULL ? OUTCOME_ERROR : OUTCOME_NUMBER;
    outcome->value = parser_expression(parser);
    return outcome->value != NULL;
}

static bool take_outcome_number(struct parser *parser, struct outcome *outcome) {
    outcome->word = OUTCOME_NUMBER;
    lexer_peek(&parser->lexer);
    const char *place = parser->lexer.at;
    outcome->value = parser_expression(parser);
    if (outcome->value == NULL) return false;
    bool fits = outcome->value->kind == EXPRESSION_NUMBER &&
                outcome->value->number <= (outcome->value->negative ? (uint64_t)INT32_MAX + 1 : UINT32_MAX);
    return fits || lexer_fail_at(&parser->lexer, place, "expected a return value of 32 bits");
}

static bool take_outcome_word(struct parser *parser, struct outcome *outcome) {
    static const struct {
        const char *text;
        enum outcome_word word;
    } words[] = {
        { "ok", OUTCOME_OK },         { "fails", OUTCOME_FAILS }, { "pending", OUTCOME_PENDING },
        { "blocks", OUTCOME_BLOCKS }, { "none", OUTCOME_NONE },
    };
    struct lexer *lexer = &parser->lexer;
    if (lexer_take(lexer, "...")) {
        outcome->word = OUTCOME_ANY;
        return true;
    }
    char first = lexer_peek(lexer);
    if (is_digit(first) || first == '-') return take_outcome_number(parser, outcome);
    if (is_upper(first)) return take_upper_word(parser, outcome);
    struct word word = lexer_peek_word(lexer);
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!word_is(word, words[i].text)) continue;
        lexer_take_word(lexer);
        outcome->word = words[i].word;
        return true;
    }
    if (word_is(word, "error") || word_is(word, "fault")) {
        lexer_take_word(lexer);
        return word_is(word, "error") ? take_error_number(parser, outcome, word.start) : take_fault(parser, outcome);
    }
    return lexer_expected(lexer,
                          "an outcome: ok, a number, the name of an error, fails, pending, blocks, fault or ...; of a "
                          "packet ok, none or ...");
}

/* --- outcomes ----------------------------------------------------------------------------------------------------- */

/* An assertion says where it comes from, except `ok` on a step that only sets the stage. */
static bool check_source(struct parser *parser, const struct outcome *outcome, const char *place) {
    bool plain = outcome->predicates_count == 0 && (outcome->word == OUTCOME_OK || outcome->word == OUTCOME_ANY);
    if (plain || outcome->sources_count > 0 || parser->live_names) return true;
    return lexer_fail_at(
        &parser->lexer, place,
        "an asserted outcome needs a source; expected @CLAUSE, @W22, @client:NAME, @inferred or @Q38=a after it");
}

static bool take_outcome(struct parser *parser, struct outcome *outcome) {
    struct lexer *lexer = &parser->lexer;
    if (!parser_take_guard(parser, &outcome->guard)) return false;
    lexer_peek(lexer);
    const char *place = lexer->at;
    outcome->position = lexer_position(lexer, place);
    if (!take_outcome_word(parser, outcome)) return false;
    while (lexer_peek_word(lexer).length > 0) {
        if (!take_predicate(parser, outcome)) return false;
    }
    while (lexer_peek(lexer) == '@') {
        if (!parser_take_source(parser, outcome)) return false;
    }
    char next = lexer_peek(lexer);
    if (outcome->sources_count > 0 && lexer_peek_word(lexer).length > 0)
        return lexer_fail(lexer, "predicates stand before the sources");
    if (next != '\0' && next != '|') return lexer_expected(lexer, "a predicate, a source, '|' or the end of the line");
    return check_source(parser, outcome, place);
}

bool parser_outcomes(struct parser *parser, struct step *step) {
    struct lexer *lexer = &parser->lexer;
    if (parser->answering && lexer_at_end(lexer)) return true; /* a request: its answer is still to come */
    if (!lexer_take(lexer, "->")) return lexer_expected(lexer, "'->' and an outcome");
    uint64_t step_mask = parser->mask;
    uint64_t covered = 0;
    do {
        struct outcome outcome = { 0 };
        lexer_peek(lexer);
        if (step->outcomes_count == OUTCOMES_MAX) return lexer_fail(lexer, "more than %d alternatives", OUTCOMES_MAX);
        if (parser->scenario->is_trace && step->outcomes_count == 1)
            return lexer_fail(lexer, "a step of a trace has one outcome");
        bool taken = take_outcome(parser, &outcome);
        covered |= parser->mask;
        parser->mask = step_mask;
        if (!taken) return false;
        step->outcomes = arena_append(parser->arena, step->outcomes, step->outcomes_count, sizeof outcome);
        step->outcomes[step->outcomes_count++] = outcome;
    } while (lexer_take(lexer, "|"));
    if ((step_mask & ~covered) == 0) return true;
    char text[128];
    return lexer_fail(lexer, "no alternative is left in %s", parser_instance_text(parser, step_mask & ~covered, text));
}
