/* Names, guards and comments: what a text has given so far, and for which instances. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "conformance/base/nearest.h"
#include "conformance/language/parser_parts.h"

const char *parser_keep(struct parser *parser, struct word word) {
    return arena_text(parser->arena, word.start, word.length);
}

/* --- names -------------------------------------------------------------------------------------------------------- */

/* t1, t2, ... stand for live tokens in traces. */
static bool is_live_token(struct word word) {
    if (word.length < 2 || word.start[0] != 't') return false;
    for (unsigned i = 1; i < word.length; i++) {
        if (word.start[i] < '0' || word.start[i] > '9') return false;
    }
    return true;
}

/* `by $completion` names its events e_1, e_2, ..., its overlappeds o_1, o_2, ... and its completion ports p_1, ... */
static bool is_added_by_expansion(const struct parser *parser, struct word word) {
    bool letter = word.length > 2 && strchr("eop", word.start[0]) != NULL && word.start[1] == '_';
    for (unsigned i = 2; i < word.length && letter; i++) letter = word.start[i] >= '0' && word.start[i] <= '9';
    if (!letter) return false;
    for (uint32_t i = 0; i < parser->scenario->dimensions_count; i++) {
        if (strcmp(parser->scenario->dimensions[i].name, "completion") == 0) return true;
    }
    return false;
}

bool parser_is_reserved(struct word word) {
    static const char *const reserved[] = {
        "advance",  "any",       "as",      "bad",       "blocks",   "buffer",     "by",     "check",   "crashes",
        "elevated", "error",     "exits",   "expect",    "fails",    "fault",      "good",   "hex",     "in",
        "is",       "link",      "machine", "of",        "ok",       "overlapped", "packet", "pending", "ports",
        "process",  "reboot",    "returns", "routine",   "scenario", "set",        "show",   "thread",  "together",
        "trace",    "unaligned", "unset",   "untouched", "user",     "world",
    };
    if (word.length < 2) return false; /* none is so short, and most names of scenarios are */
    for (unsigned i = 0; i < sizeof reserved / sizeof reserved[0]; i++) {
        if (word_is(word, reserved[i])) return true;
    }
    return false;
}

bool parser_take_name(struct parser *parser, const char *what, struct word *name) {
    struct lexer *lexer = &parser->lexer;
    struct word word = lexer_peek_word(lexer);
    int shown = word.length > 60 ? 60 : (int)word.length;
    if (word.length == 0) return lexer_expected(lexer, what);
    if (word.length > LANGUAGE_NAME_BYTES_MAX)
        return lexer_fail(lexer, "a name of %u bytes; at most %d are allowed", word.length, LANGUAGE_NAME_BYTES_MAX);
    if (!word_is_name(word))
        return lexer_fail(lexer, "expected %s (small letters, digits and _), found %.*s", what, shown, word.start);
    if (parser_is_reserved(word))
        return lexer_fail(lexer, "%.*s is a word of the language; expected %s", shown, word.start, what);
    if (is_live_token(word))
        return lexer_fail(lexer, "%.*s is a live token of traces; expected another name", shown, word.start);
    if (is_added_by_expansion(parser, word))
        return lexer_fail(lexer, "%.*s is a name that `by $completion` gives; expected another name", shown,
                          word.start);
    *name = lexer_take_word(lexer);
    return true;
}

int parser_find_name(const struct parser *parser, struct word word) {
    const struct scenario *scenario = parser->scenario;
    int found = NO_NAME;
    for (uint32_t i = 0; i < scenario->names_count && found == NO_NAME; i++) {
        if (word_is(word, scenario->names[i].text)) found = (int)i;
    }
    if (parser->noted != NULL) parser_note_name(parser, word, found);
    return found;
}

int parser_find_process(const struct parser *parser, struct word word) {
    const struct scenario *scenario = parser->scenario;
    for (uint32_t i = 0; i < scenario->processes_count; i++) {
        if (word_is(word, scenario->processes[i].name)) return (int)i;
    }
    return NO_NAME;
}

/* Main threads are called as their process, others app.t2. */
int parser_find_thread(const struct parser *parser, struct word process, struct word thread) {
    const struct scenario *scenario = parser->scenario;
    bool main_thread = thread.length == 0 || word_is(thread, "main");
    for (uint32_t i = 0; i < scenario->threads_count; i++) {
        const struct thread_line *line = &scenario->threads[i];
        if (strncmp(line->name, process.start, process.length) != 0) continue;
        const char *rest = line->name + process.length;
        if (line->is_main ? *rest == '\0' && main_thread : *rest == '.' && word_is(thread, rest + 1)) return (int)i;
    }
    return NO_NAME;
}

static int fail_given_twice(struct parser *parser, struct word word, const struct name *known) {
    lexer_fail_at(&parser->lexer, word.start, "%s was given already, in line %u; a name is given once", known->text,
                  (unsigned)known->line);
    return NO_NAME;
}

int parser_add_name(struct parser *parser, const struct name *name) {
    struct scenario *scenario = parser->scenario;
    assert(scenario->names_count < NAMES_MAX);
    scenario->names = arena_append(scenario->arena, scenario->names, scenario->names_count, sizeof *name);
    int index = (int)scenario->names_count++;
    scenario->names[index] = *name;
    scenario->names[index].line = parser->lexer.line_number;
    parser->names_given[index] = parser->mask;
    return index;
}

int parser_give_name(struct parser *parser, struct word word, const struct name *name) {
    struct scenario *scenario = parser->scenario;
    assert(word.length > 0);
    int index = parser_find_name(parser, word);
    if (index != NO_NAME) {
        const struct name *known = &scenario->names[index];
        if (known->kind != name->kind || known->control_code != name->control_code)
            return fail_given_twice(parser, word, known);
        if (parser->answering) return index;
        if ((parser->names_given[index] & parser->mask) != 0) return fail_given_twice(parser, word, known);
        parser->names_given[index] |= parser->mask;
        return index;
    }
    if (scenario->names_count >= NAMES_MAX) {
        lexer_fail_at(&parser->lexer, word.start, "more than %d names in one scenario", NAMES_MAX);
        return NO_NAME;
    }
    struct name given = *name;
    given.text = parser_keep(parser, word);
    return parser_add_name(parser, &given);
}

static bool parser_fail_unknown_name(struct parser *parser, struct word word) {
    const struct scenario *scenario = parser->scenario;
    struct nearest nearest = nearest_to(word.start, word.length);
    for (uint32_t i = 0; i < scenario->names_count; i++) nearest_offer(&nearest, scenario->names[i].text);
    int shown = word.length > 60 ? 60 : (int)word.length;
    if (nearest.best == NULL)
        return lexer_fail_at(&parser->lexer, word.start, "unknown name %.*s; no line above gives it", shown,
                             word.start);
    return lexer_fail_at(&parser->lexer, word.start, "unknown name %.*s; the nearest is %s", shown, word.start,
                         nearest.best);
}

int parser_use_name(struct parser *parser, struct word word) {
    int index = parser_find_name(parser, word);
    if (index == NO_NAME) {
        parser_fail_unknown_name(parser, word);
        return NO_NAME;
    }
    uint64_t missing = parser->mask & ~parser->names_given[index];
    if (missing == 0 || parser->answering) return index;
    char text[128];
    lexer_fail_at(&parser->lexer, word.start, "%s is not given in %s", parser->scenario->names[index].text,
                  parser_instance_text(parser, missing, text));
    return NO_NAME;
}

/* --- guards and variants ------------------------------------------------------------------------------------------ */

const char *parser_instance_text(const struct parser *parser, uint64_t mask, char *out) {
    unsigned index = 0;
    while (index + 1 < parser->instances_count && (mask >> index & 1) == 0) index++;
    size_t length = 0;
    out[0] = '\0';
    for (uint32_t i = 0; i < parser->scenario->dimensions_count && length < 120; i++) {
        int added =
            snprintf(out + length, 128 - length, "%s%s", i == 0 ? "[" : ".", parser->instances[index].values[i]);
        assert(added > 0);
        length += (size_t)added;
    }
    if (length == 0 || length > 126) return "every instance";
    memcpy(out + length, "]", 2);
    return out;
}

/* The longest value of any dimension that stands at the cursor and ends there. Values may hold dots (2.2). */
static const char *value_at_cursor(const struct parser *parser, int *dimension) {
    const struct scenario *scenario = parser->scenario;
    const char *at = parser->lexer.at;
    size_t left = (size_t)(parser->lexer.line_end - at);
    const char *best = NULL;
    for (uint32_t i = 0; i < scenario->dimensions_count; i++) {
        for (uint32_t j = 0; j < scenario->dimensions[i].values_count; j++) {
            const char *value = scenario->dimensions[i].values[j];
            size_t length = strlen(value);
            if (length > left || memcmp(value, at, length) != 0) continue;
            bool ends = length == left || at[length] == '.' || at[length] == ']' || at[length] == ' ';
            if (!ends || (best != NULL && strlen(best) >= length)) continue;
            best = value;
            *dimension = (int)i;
        }
    }
    return best;
}

static bool fail_unknown_value(struct parser *parser) {
    struct lexer *lexer = &parser->lexer;
    unsigned length = 0;
    while (lexer->at + length < lexer->line_end && length < 40 && lexer->at[length] != '.' &&
           lexer->at[length] != ']' && lexer->at[length] != ' ')
        length++;
    if (length == 0) return lexer_expected(lexer, "a value of the variants");
    if (parser->scenario->dimensions_count == 0)
        return lexer_fail(lexer, "no dimension has the value %.*s: there is no `variants` line", (int)length,
                          lexer->at);
    return lexer_fail(lexer, "no dimension of `variants` has the value %.*s", (int)length, lexer->at);
}

/* udp.v6, at the cursor. */
bool parser_take_values(struct parser *parser, struct guard *guard) {
    bool seen[DIMENSIONS_MAX] = { false };
    do {
        int dimension = -1;
        const char *value = value_at_cursor(parser, &dimension);
        if (value == NULL) return fail_unknown_value(parser);
        if (seen[dimension])
            return lexer_fail(&parser->lexer, "a second value of %s; no instance has both",
                              parser->scenario->dimensions[dimension].name);
        seen[dimension] = true;
        parser->lexer.at += strlen(value);
        guard->values = arena_append(parser->arena, guard->values, guard->values_count, sizeof *guard->values);
        guard->values[guard->values_count++] = value;
    } while (lexer_take_adjacent(&parser->lexer, '.'));
    return true;
}

bool parser_take_guard(struct parser *parser, struct guard *guard) {
    struct lexer *lexer = &parser->lexer;
    *guard = (struct guard){ 0 };
    if (!lexer_take(lexer, "[")) return true;
    const char *start = lexer->at - 1;
    if (!parser_take_values(parser, guard)) return false;
    if (!lexer_take_adjacent(lexer, ']')) return lexer_expected(lexer, "']' after the values of a guard");
    uint64_t holds = 0;
    for (unsigned i = 0; i < parser->instances_count; i++) {
        if (variants_guard_holds(parser->scenario, guard, &parser->instances[i])) holds |= (uint64_t)1 << i;
    }
    parser->mask &= holds;
    if (parser->mask != 0) return true;
    return lexer_fail_at(lexer, start, "no instance of the variants has %.*s here", (int)(lexer->at - start), start);
}

static bool parser_needs_dimension(struct parser *parser, const char *place, const char *word, const char *dimension) {
    for (uint32_t i = 0; i < parser->scenario->dimensions_count; i++) {
        if (strcmp(parser->scenario->dimensions[i].name, dimension) == 0) return true;
    }
    return lexer_fail_at(&parser->lexer, place, "$%s needs the dimension %s, which the line `variants` does not name",
                         word, dimension);
}

bool parser_check_variant(struct parser *parser, struct word word) {
    static const struct {
        const char *word;
        const char *needs[2];
    } variants[] = {
        { "socket", { "transport", "family" } },
        { "any", { "family" } },
        { "loopback", { "family" } },
        { "transport", { "transport" } },
        { "type", { "transport" } },
        { "protocol", { "transport" } },
        { "family", { "family" } },
        { "completion", { "completion" } },
        { "startup", { "startup" } },
    };
    const char *place = word.start - 1;
    for (unsigned i = 0; i < sizeof variants / sizeof variants[0]; i++) {
        if (!word_is(word, variants[i].word)) continue;
        for (unsigned j = 0; j < 2 && variants[i].needs[j] != NULL; j++) {
            if (!parser_needs_dimension(parser, place, variants[i].word, variants[i].needs[j])) return false;
        }
        return true;
    }
    return lexer_fail_at(&parser->lexer, place,
                         "unknown word of the variants; expected $socket, $any, $loopback, $transport, "
                         "$family, $type, $protocol, $completion or $startup");
}

/* --- comments ----------------------------------------------------------------------------------------------------- */

static void add_pending(struct parser *parser, const char *comment) {
    uint32_t count = parser->comments_pending_count;
    parser->comments_pending =
        arena_append(parser->arena, parser->comments_pending, count, sizeof *parser->comments_pending);
    parser->comments_pending[count] = comment;
    parser->comments_pending_count = count + 1;
}

bool parser_gather_comment(struct parser *parser) {
    assert(lexer_at_end(&parser->lexer));
    struct word comment = lexer_comment(&parser->lexer);
    if (comment.length > LINE_BYTES_MAX - 8)
        return lexer_fail_at(&parser->lexer, comment.start, "a comment of %u bytes; at most %d are allowed",
                             comment.length, LINE_BYTES_MAX - 8);
    if (comment.length >= 2 && comment.start[1] == '~')
        return lexer_fail_at(&parser->lexer, comment.start, "live values (#~) stand at the end of a line");
    uint32_t count = parser->comments_pending_count;
    bool after_blank = count > 0 && parser->comments_pending[count - 1][0] == '\0';
    if (comment.length == 0 && after_blank) return true; /* several blank lines are one */
    add_pending(parser, comment.length == 0 ? "" : parser_keep(parser, comment));
    return true;
}

void parser_take_comments(struct parser *parser, bool blank_lines, uint32_t *count, const char ***comments) {
    const char **pending = parser->comments_pending;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < parser->comments_pending_count; i++) {
        if (pending[i][0] != '\0' || blank_lines) pending[kept++] = pending[i];
    }
    *count = kept;
    *comments = kept > 0 ? pending : NULL;
    parser->comments_pending = NULL;
    parser->comments_pending_count = 0;
}

bool parser_end_line(struct parser *parser, enum margin_line line, uint32_t index) {
    struct lexer *lexer = &parser->lexer;
    struct scenario *scenario = parser->scenario;
    if (!lexer_expect_end(lexer)) return false;
    struct word after = lexer_comment(lexer);
    if (lexer->line_end - lexer->line > LINE_BYTES_MAX - 256)
        return lexer_fail_at(lexer, lexer->line, "this line has more than %d bytes", LINE_BYTES_MAX - 256);
    struct margin margin = { .line = line, .index = index };
    if (line != MARGIN_FIRST_LINE) parser_take_comments(parser, false, &margin.above_count, &margin.above);
    if (after.length > 0) margin.after = parser_keep(parser, after);
    if (margin.above_count == 0 && margin.after == NULL) return true;
    scenario->margins =
        arena_append(parser->arena, scenario->margins, scenario->margins_count, sizeof *scenario->margins);
    scenario->margins[scenario->margins_count++] = margin;
    return true;
}

/* Pairs name=value, separated by blanks. */
static bool check_live(struct parser *parser, struct word live) {
    const char *end = live.start + live.length;
    const char *at = live.start;
    while (at < end) {
        const char *pair = at;
        const char *equals = NULL;
        while (at < end && *at != ' ') {
            if (*at == '=' && equals == NULL) equals = at;
            at++;
        }
        bool complete = equals != NULL && equals > pair && equals + 1 < at && *pair != '#';
        if (!complete) return lexer_fail_at(&parser->lexer, pair, "expected name=value after #~");
        while (at < end && *at == ' ') at++;
    }
    return live.length > 0 || lexer_fail_at(&parser->lexer, live.start, "expected name=value after #~");
}

bool parser_end_with_live(struct parser *parser, const char **comment, const char **live) {
    struct lexer *lexer = &parser->lexer;
    if (!lexer_expect_end(lexer)) return false;
    struct word word = lexer_comment(lexer);
    *comment = NULL;
    *live = NULL;
    if (word.length == 0) return true;
    if (word.length < 2 || word.start[1] != '~') {
        *comment = parser_keep(parser, word);
        return true;
    }
    word.start += 2;
    word.length -= 2;
    while (word.length > 0 && *word.start == ' ') {
        word.start++;
        word.length--;
    }
    if (!check_live(parser, word)) return false;
    *live = parser_keep(parser, word);
    return true;
}
