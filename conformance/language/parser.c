#include "conformance/language/parser.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "conformance/base/files.h"
#include "conformance/language/parser_parts.h"
#include "conformance/language/printer.h"
#include "conformance/language/step_order.h"

/* --- whole texts -------------------------------------------------------------------------------------------------- */

/* Looks past a guard at the word of the line. */
static bool line_declares(struct parser *parser) {
    struct lexer *lexer = &parser->lexer;
    const char *start = lexer->at;
    if (lexer_take(lexer, "[")) {
        while (lexer->at < lexer->line_end && *lexer->at != ']') lexer->at++;
        lexer_take_adjacent(lexer, ']');
    }
    bool declares = parser_is_declaration(lexer_peek_word(lexer));
    lexer->at = start;
    return declares;
}

static bool parse_line(struct parser *parser) {
    struct lexer *lexer = &parser->lexer;
    assert(lexer->at == lexer->line);
    if (lexer_at_end(lexer)) return parser_gather_comment(parser);
    if (*lexer->line == ' ') return parser_indented(parser);
    bool declares = parser->scenario->steps_count == 0 && line_declares(parser);
    return declares ? parser_declaration(parser) : parser_top_step(parser);
}

/* What is printed must be a file of this language again. Printing at most quadruples a text. */
static bool check_printed_size(struct parser *parser, size_t length) {
    if (length <= FILE_BYTES_MAX / 4) return true;
    struct text text = { 0 };
    scenario_print(parser->scenario, &text);
    bool fits = text.length <= FILE_BYTES_MAX;
    text_free(&text);
    return fits || lexer_fail(&parser->lexer, "printed in the canonical layout this text has more than %d bytes",
                              FILE_BYTES_MAX);
}

/* A recording is written line by line: one whose last line has no end was cut off in it, and what that line still says
 * may be half of what was answered. */
static bool check_last_line(struct parser *parser) {
    struct lexer *lexer = &parser->lexer;
    if (!parser->scenario->is_trace || lexer->end[-1] == '\n') return true;
    return lexer_fail_at(lexer, lexer->line_end, "the last line of a trace has no line end: it was cut off there");
}

static bool parse_text(struct parser *parser, size_t length) {
    struct lexer *lexer = &parser->lexer;
    if (length > FILE_BYTES_MAX)
        return lexer_fail(lexer, "a text of more than %d bytes, the most that is allowed", FILE_BYTES_MAX);
    if (!parser_header(parser)) return false;
    if (parser->line_waits) {
        lexer->at = lexer->line;
        if (!parse_line(parser)) return false;
    }
    enum line_result result;
    while ((result = lexer_next_line(lexer)) == LINE_READ) {
        if (!parse_line(parser)) return false;
    }
    return result == LINE_END && check_last_line(parser) && parser_steps_finish(parser) &&
           check_printed_size(parser, length);
}

static struct scenario *parse(const char *file, const char *text, size_t length, struct word required_name,
                              struct known_parts *known, struct language_error *error) {
    struct arena *arena = arena_create();
    struct scenario *scenario = arena_allocate(arena, sizeof *scenario);
    struct instance instances[INSTANCES_MAX]; /* filled when the header has been read */
    struct parser parser = {
        .scenario = scenario, .arena = arena, .instances = instances, .required_name = required_name
    };
    scenario->arena = arena;
    scenario->file = arena_text(arena, file, strlen(file));
    lexer_begin(&parser.lexer, file, text, length, error);
    if (known != NULL) parser_know(&parser, known);
    if (parse_text(&parser, length)) return scenario;
    arena_free(arena);
    return NULL;
}

struct scenario *scenario_parse(const char *file, const char *text, size_t length, struct language_error *error) {
    assert(file != NULL && error != NULL);
    assert(text != NULL || length == 0);
    return parse(file, text, length, (struct word){ NULL, 0 }, NULL, error);
}

/* --- files -------------------------------------------------------------------------------------------------------- */

static struct scenario *fail_file(const char *path, struct language_error *error, int reason) {
    language_error_set(error, path, (struct position){ 1, 1 }, NULL, 0, "cannot read: %s",
                       reason != 0 ? strerror(reason) : "an error of the device");
    return NULL;
}

/* Reads at most a chunk more than a text may have. False with errno set. */
static bool read_whole(FILE *file, struct text *text) {
    char chunk[64 * 1024];
    size_t count = sizeof chunk;
    int reason = 0;
    setvbuf(file, NULL, _IONBF, 0); /* the chunk is buffer enough: most files are read in one go */
    errno = 0;
    while (text->length <= FILE_BYTES_MAX && count == sizeof chunk) {
        count = fread(chunk, 1, sizeof chunk, file);
        reason = errno;
        text_add_bytes(text, chunk, count);
    }
    errno = reason;
    return !ferror(file);
}

/* The name that a scenario in this file must have: associate/after-bind.scn holds after-bind. */
static struct word name_of_file(const char *path) {
    const char *base = path;
    for (const char *at = path; *at != '\0'; at++) {
        if (*at == '/' || *at == '\\') base = at + 1;
    }
    size_t length = strlen(base);
    struct word word = { base, 0 };
    if (length > 4 && strcmp(base + length - 4, ".scn") == 0) word.length = (unsigned)length - 4;
    return word;
}

bool scenario_read(const char *path, struct text *text, struct language_error *error) {
    assert(path != NULL && text != NULL && error != NULL);
    bool input = strcmp(path, "-") == 0;
    errno = 0;
    FILE *file = input ? stdin : file_open(path, "rb");
    if (file == NULL) return fail_file(path, error, errno) != NULL;
    bool complete = read_whole(file, text);
    int reason = errno;
    if (!input) fclose(file);
    return complete || fail_file(path, error, reason) != NULL;
}

struct scenario *scenario_parse_as(const char *path, const char *text, size_t length, struct known_parts *known,
                                   struct language_error *error) {
    return parse(path, text, length, name_of_file(path), known, error);
}

struct scenario *scenario_parse_file(const char *path, struct language_error *error) {
    struct text text = { 0 };
    bool complete = scenario_read(path, &text, error);
    struct scenario *scenario = complete ? scenario_parse_as(path, text.bytes, text.length, NULL, error) : NULL;
    text_free(&text);
    return scenario;
}

/* --- answers ------------------------------------------------------------------------------------------------------ */

static bool check_answer(struct parser *parser, const struct step *expected, const struct step *answer) {
    if (expected == NULL) return true;
    struct text asked = { 0 };
    struct text answered = { 0 };
    step_print_call(parser->scenario, expected, &asked);
    step_print_call(parser->scenario, answer, &answered);
    bool same = asked.length == answered.length && memcmp(asked.bytes, answered.bytes, asked.length) == 0;
    if (!same)
        lexer_fail_at(&parser->lexer, parser->lexer.line, "the answer repeats another step; expected %.200s",
                      asked.bytes);
    text_free(&asked);
    text_free(&answered);
    if (!same) return false;
    if (answer->outcomes_count == (step_has_answer(expected) ? 1u : 0u)) return true;
    return lexer_fail_at(&parser->lexer, parser->lexer.line, "an answer has one outcome");
}

static bool parse_answer(struct parser *parser, const struct step *expected, struct step *answer) {
    struct lexer *lexer = &parser->lexer;
    if (lexer_next_line(lexer) != LINE_READ)
        return lexer->next != lexer->end || lexer->line_number > 0
                   ? false
                   : lexer_fail(lexer, "expected a step, found nothing");
    if (!parser_step(parser, answer)) return false;
    if (answer->kind == STEP_TOGETHER)
        return lexer_fail_at(lexer, lexer->line, "a `together` is answered step by step");
    if (!check_answer(parser, expected, answer)) return false;
    enum line_result result;
    while ((result = lexer_next_line(lexer)) == LINE_READ) {
        if (lexer_at_end(lexer)) continue;
        if (!parser_at_delivery(parser)) return lexer_expected(lexer, "a routine line or the end of the answer");
        parser->mask = parser->all;
        if (!parser_delivery_line(parser, answer)) return false;
    }
    return result == LINE_END;
}

bool step_parse_answer(struct scenario *scenario, const struct step *expected, const char *text, size_t length,
                       struct step *answer, struct language_error *error) {
    assert(scenario != NULL && scenario->dimensions_count == 0);
    assert(answer != NULL && error != NULL);
    struct instance instance = { { NULL } };
    struct parser parser = {
        .scenario = scenario,
        .arena = scenario->arena,
        .instances = &instance,
        .instances_count = 1,
        .all = 1,
        .mask = 1,
        .live_names = true,
        .answering = true,
    };
    uint32_t names_count = scenario->names_count;
    *answer = (struct step){ 0 };
    lexer_begin(&parser.lexer, scenario->file, text, length, error);
    if (parse_answer(&parser, expected, answer)) return true;
    scenario->names_count = names_count; /* a refused line gives no name */
    return false;
}
