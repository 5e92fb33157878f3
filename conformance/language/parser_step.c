/* Steps: what a process or the machine does, a line of its own or a child of `together`. */
#include <assert.h>
#include <string.h>

#include "conformance/base/number.h"
#include "conformance/language/parser_parts.h"
#include "conformance/language/printer.h"
#include "conformance/language/step_order.h"

/* --- steps of a thread -------------------------------------------------------------------------------------------- */

/* o1 = overlapped(event=e1) */
static bool take_overlapped(struct parser *parser, struct step *step, struct word product) {
    struct lexer *lexer = &parser->lexer;
    step->kind = STEP_OVERLAPPED;
    if (!lexer_expect(lexer, "(")) return false;
    if (word_is(lexer_peek_word(lexer), "event")) {
        lexer_take_word(lexer);
        if (!lexer_expect(lexer, "=")) return false;
        struct word event = lexer_peek_word(lexer);
        if (event.length == 0) return lexer_expected(lexer, "the name of an event");
        lexer_take_word(lexer);
        step->subject = (int16_t)parser_use_name(parser, event);
        if (step->subject == NO_NAME) return false;
        const struct name *name = &parser->scenario->names[step->subject];
        if (name->kind != NAME_EVENT) return lexer_fail_at(lexer, event.start, "%s is not an event", name->text);
        uint64_t low_bit = 0;
        if (lexer_take(lexer, "+") && (!lexer_number_up_to(lexer, 1, "1, the low bit", &low_bit) || low_bit == 0))
            return lexer_expected(lexer, "1, the low bit of hEvent");
        step->number = low_bit;
    }
    if (!lexer_take(lexer, ")")) return lexer_expected(lexer, step->subject == NO_NAME ? "event=NAME or ')'" : "')'");
    struct name name = { .kind = NAME_OVERLAPPED, .process = step->process };
    step->product = (int16_t)parser_give_name(parser, product, &name);
    return step->product != NO_NAME;
}

/* b = buffer(16) */
static bool take_buffer(struct parser *parser, struct step *step, struct word product) {
    struct lexer *lexer = &parser->lexer;
    step->kind = STEP_BUFFER;
    if (!lexer_expect(lexer, "(")) return false;
    if (!lexer_number_up_to(lexer, BUFFER_BYTES_MAX, "the number of bytes of a buffer", &step->number)) return false;
    if (step->number == 0) return lexer_fail(lexer, "a buffer has at least one byte");
    if (!lexer_expect(lexer, ")")) return false;
    struct name name = { .kind = NAME_BUFFER, .process = step->process };
    step->product = (int16_t)parser_give_name(parser, product, &name);
    return step->product != NO_NAME;
}

static bool take_show(struct parser *parser, struct step *step) {
    struct lexer *lexer = &parser->lexer;
    step->kind = STEP_SHOW;
    struct word word = lexer_peek_word(lexer);
    if (word.length == 0) return lexer_expected(lexer, "the name of an overlapped, an event or a buffer");
    lexer_take_word(lexer);
    step->subject = (int16_t)parser_use_name(parser, word);
    if (step->subject == NO_NAME) return false;
    const struct name *name = &parser->scenario->names[step->subject];
    if (name->kind == NAME_OVERLAPPED || name->kind == NAME_EVENT || name->kind == NAME_BUFFER) return true;
    return lexer_fail_at(lexer, word.start, "%s is not an overlapped, an event or a buffer", name->text);
}

static bool take_free(struct parser *parser, struct step *step) {
    struct lexer *lexer = &parser->lexer;
    step->kind = STEP_FREE;
    struct word word = lexer_peek_word(lexer);
    if (word.length == 0) return lexer_expected(lexer, "the name of an overlapped or a buffer");
    lexer_take_word(lexer);
    step->subject = (int16_t)parser_use_name(parser, word);
    if (step->subject == NO_NAME) return false;
    const struct name *name = &parser->scenario->names[step->subject];
    bool is_memory = name->kind == NAME_OVERLAPPED || name->kind == NAME_BUFFER;
    if (is_memory && name->process == step->process) return true;
    return lexer_fail_at(lexer, word.start, "%s is no overlapped or buffer of this process", name->text);
}

/* What stands after `app:`. */
static bool take_body(struct parser *parser, struct step *step) {
    struct lexer *lexer = &parser->lexer;
    struct word word = lexer_peek_word(lexer);
    struct word product = { NULL, 0 };
    if (word_is(word, "returns")) {
        lexer_take_word(lexer);
        step->kind = STEP_RETURNS;
        return true;
    }
    if (word_is(word, "show")) {
        lexer_take_word(lexer);
        return take_show(parser, step);
    }
    const char *start = lexer->at;
    lexer_take_word(lexer);
    bool assigns = word.length > 0 && lexer_take(lexer, "=");
    if (!assigns && word_is(word, "free")) return take_free(parser, step);
    lexer->at = start;
    if (!assigns) return parser_call(parser, step, product);
    if (!parser_take_name(parser, "a name", &product) || !lexer_expect(lexer, "=")) return false;
    word = lexer_peek_word(lexer);
    if (!word_is(word, "overlapped") && !word_is(word, "buffer")) return parser_call(parser, step, product);
    lexer_take_word(lexer);
    return word_is(word, "buffer") ? take_buffer(parser, step, product) : take_overlapped(parser, step, product);
}

/* WHO: ...; PROCESS exits; PROCESS crashes; THREAD exits */
static bool take_process_step(struct parser *parser, struct step *step) {
    struct lexer *lexer = &parser->lexer;
    struct word process = lexer_take_word(lexer);
    struct word thread = { process.start, 0 };
    step->process = (int8_t)parser_use_process(
        parser, process, "a step: PROCESS: CALL(...), advance, reboot, check, fault, link, packet, expect or together");
    if (step->process == NO_NAME || !parser_check_started(parser, process, step->process)) return false;
    if (lexer_take_adjacent(lexer, '.')) thread = lexer_take_word(lexer);
    step->thread = (int8_t)parser_find_thread(parser, process, thread);
    if (step->thread == NO_NAME)
        return lexer_fail_at(lexer, thread.start, "unknown thread %.*s of %.*s; expected a line `thread` above",
                             thread.length > 60 ? 60 : (int)thread.length, thread.start, (int)process.length,
                             process.start);
    if (lexer_take_adjacent(lexer, ':')) return take_body(parser, step);
    struct word verb = lexer_peek_word(lexer);
    bool exits = word_is(verb, "exits");
    if (thread.length > 0 && parser->scenario->threads[step->thread].is_main) return lexer_expected(lexer, "':'");
    if (!exits && (thread.length > 0 || !word_is(verb, "crashes")))
        return lexer_expected(lexer, thread.length > 0 ? "':' or exits" : "':', exits or crashes");
    lexer_take_word(lexer);
    step->kind = thread.length > 0 ? STEP_THREAD_EXITS : exits ? STEP_EXITS : STEP_CRASHES;
    return true;
}

/* --- steps of the machine ----------------------------------------------------------------------------------------- */

bool parser_duration(struct parser *parser, uint64_t *nanoseconds) {
    static const struct {
        const char *name;
        uint64_t nanoseconds;
    } units[] = {
        { "ns", 1 },
        { "us", 1000 },
        { "ms", 1000000 },
        { "s", 1000000000 },
    };
    struct lexer *lexer = &parser->lexer;
    char first = lexer_peek(lexer);
    const char *place = lexer->at;
    if (first < '1' || first > '9') return lexer_expected(lexer, "a time such as 10ms");
    uint64_t number = 0;
    lexer->at += number_take(lexer->at, (size_t)(lexer->line_end - lexer->at), &number);
    if (number == UINT64_MAX) return lexer_fail_at(lexer, place, "this time is too long");
    const char *unit_place = lexer->at;
    struct word unit = lexer_take_word(lexer);
    for (unsigned i = 0; i < sizeof units / sizeof units[0] && unit.start == unit_place; i++) {
        if (!word_is(unit, units[i].name)) continue;
        if (number > UINT64_MAX / units[i].nanoseconds) return lexer_fail_at(lexer, place, "this time is too long");
        *nanoseconds = number * units[i].nanoseconds;
        return true;
    }
    return lexer_fail_at(lexer, unit_place, "expected a unit right after the number: ns, us, ms or s");
}

static bool take_advance(struct parser *parser, struct step *step) {
    step->kind = STEP_ADVANCE;
    return parser_duration(parser, &step->number);
}

static bool take_check(struct parser *parser, struct step *step) {
    struct lexer *lexer = &parser->lexer;
    step->kind = STEP_CHECK;
    struct word word = lexer_peek_word(lexer);
    if (word.length == 0) return lexer_expected(lexer, "the name of an invariant");
    struct word whole = lexer_take_until_blank(lexer);
    for (unsigned i = 0; i < whole.length; i++) {
        char c = whole.start[i];
        bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                    c == '_' || c == '.';
        if (!fits)
            return lexer_fail_at(lexer, whole.start + i,
                                 "expected letters, digits, '-', '_' and '.' in the name of an invariant");
    }
    step->text = parser_keep(parser, whole);
    return true;
}

/* A fault of the whole machine begins, or is over. */
static bool take_fault_step(struct parser *parser, struct step *step) {
    static const char *const faults[] = {
        "network-down", "network-up", "no-buffers",  "buffers-back",  "no-handles",
        "handles-back", "no-memory",  "memory-back", "power-failing", "power-stable"
    };
    struct lexer *lexer = &parser->lexer;
    step->kind = STEP_FAULT;
    struct word word = lexer_peek_word(lexer);
    for (unsigned i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        if (!word_is(word, faults[i])) continue;
        step->text = parser_keep(parser, lexer_take_word(lexer));
        return true;
    }
    return lexer_expected(lexer, "network-down, no-buffers, no-handles, no-memory or power-failing; or network-up, "
                                 "buffers-back, handles-back, memory-back or power-stable");
}

static bool take_together(struct parser *parser, struct step *step) {
    step->kind = STEP_TOGETHER;
    return !parser->in_together || lexer_fail(&parser->lexer, "a `together` inside a `together`");
}

/* y = expect packet ...: no process stands before it. */
static bool names_a_packet(struct lexer *lexer) {
    const char *start = lexer->at;
    lexer_take_word(lexer);
    bool names = lexer_take(lexer, "=");
    lexer->at = start;
    return names;
}

static bool take_step(struct parser *parser, struct step *step) {
    struct lexer *lexer = &parser->lexer;
    struct word word = lexer_peek_word(lexer);
    if (word.length == 0)
        return lexer_expected(
            lexer, "a step: PROCESS: CALL(...), advance, reboot, check, fault, link, packet, expect or together");
    if (parser_is_declaration(word) && !word_is(word, "link"))
        return lexer_fail(lexer, "%.*s lines stand before the first step", (int)word.length, word.start);
    bool verb = word_is(word, "advance") || word_is(word, "reboot") || word_is(word, "check") ||
                word_is(word, "fault") || word_is(word, "together") || word_is(word, "expect") ||
                word_is(word, "packet") || word_is(word, "link");
    if (!verb && names_a_packet(lexer)) return parser_named_packet(parser, step);
    if (!verb) return take_process_step(parser, step);
    lexer_take_word(lexer);
    if (word_is(word, "packet")) return parser_sent_packet(parser, step);
    if (word_is(word, "advance")) return take_advance(parser, step);
    if (word_is(word, "check")) return take_check(parser, step);
    if (word_is(word, "fault")) return take_fault_step(parser, step);
    if (word_is(word, "together")) return take_together(parser, step);
    if (word_is(word, "expect")) return parser_packet(parser, step);
    if (word_is(word, "link")) return parser_link_step(parser, step);
    step->kind = STEP_REBOOT;
    parser_end_children(parser);
    return true;
}

/* The canonical line must be allowed too. Printing at most doubles a short line, so only long ones are looked at; a
 * line with variants may grow once more when they are replaced. */
static bool check_printed_length(struct parser *parser, const struct step *step) {
    struct lexer *lexer = &parser->lexer;
    size_t length = (size_t)(lexer->line_end - lexer->line);
    if (length < LINE_BYTES_MAX / 8) return true;
    bool varies = memchr(lexer->line, '$', length) != NULL;
    size_t max = varies ? LINE_BYTES_MAX / 2 : LINE_BYTES_MAX - 96;
    struct text text = { 0 };
    step_print(parser->scenario, step, &text);
    bool fits = text.length <= max;
    text_free(&text);
    return fits ||
           lexer_fail_at(lexer, lexer->line, "printed in the canonical layout this line has more than %lu bytes",
                         (unsigned long)max);
}

static bool take_outcomes(struct parser *parser, struct step *step) {
    return parser_outcomes(parser, step) && parser_check_outcomes(parser, step);
}

bool parser_step(struct parser *parser, struct step *step) {
    struct lexer *lexer = &parser->lexer;
    parser->mask = parser->all;
    if (!parser_take_guard(parser, &step->guard)) return false;
    lexer_peek(lexer);
    step->position = lexer_position(lexer, lexer->at);
    step->process = step->thread = NO_NAME;
    step->product = step->subject = NO_NAME;
    if (!parser_step_or_known(parser, step, take_step)) return false;
    if (step->kind != STEP_TOGETHER) parser->stepped |= parser->mask;
    if (step_has_answer(step) && !parser_outcomes_or_known(parser, step, take_outcomes)) return false;
    if (!step_has_answer(step) && lexer_take(lexer, "->"))
        return lexer_fail_at(lexer, lexer->at - 2, "this step has no outcome; expected the end of the line");
    return parser_end_with_live(parser, &step->comment, &step->live) && check_printed_length(parser, step);
}

/* --- the list of steps -------------------------------------------------------------------------------------------- */

static bool count_step(struct parser *parser) {
    parser->steps_total++;
    return parser->steps_total <= STEPS_MAX || lexer_fail(&parser->lexer, "more than %d steps", STEPS_MAX);
}

/* The first step has its blank line from the layout. */
static void take_step_comments(struct parser *parser, struct step *step, bool is_first) {
    parser_take_comments(parser, true, &step->comments_count, &step->comments);
    if (!is_first || step->comments_count == 0 || step->comments[0][0] != '\0') return;
    step->comments_count--;
    step->comments = step->comments_count > 0 ? step->comments + 1 : NULL;
}

/* A `together` that is over has children; `steps` says how the last step before this line stands. */
static bool check_last_together(struct parser *parser) {
    const struct scenario *scenario = parser->scenario;
    if (scenario->steps_count == 0) return true;
    const struct step *last = &scenario->steps[scenario->steps_count - 1];
    if (last->kind != STEP_TOGETHER || last->children_count > 0) return true;
    return lexer_fail(&parser->lexer, "the `together` in line %u has no steps; expected indented ones below it",
                      (unsigned)last->position.line);
}

bool parser_top_step(struct parser *parser) {
    struct scenario *scenario = parser->scenario;
    struct step step = { 0 };
    if (!check_last_together(parser) || !count_step(parser)) return false;
    take_step_comments(parser, &step, scenario->steps_count == 0);
    parser->in_together = false;
    if (!parser_step(parser, &step)) return false;
    if (parser->steps_total > STEPS_MAX)
        return lexer_fail(&parser->lexer, "more than %d steps, those of `by` included", STEPS_MAX);
    scenario->steps = arena_append(parser->arena, scenario->steps, scenario->steps_count, sizeof step);
    scenario->steps[scenario->steps_count++] = step;
    return true;
}

static bool only_blank_lines_pending(const struct parser *parser) {
    return parser->comments_pending_count == 0 ||
           (parser->comments_pending_count == 1 && parser->comments_pending[0][0] == '\0');
}

/* The instances in which a guard holds. */
static uint64_t mask_of(const struct parser *parser, const struct guard *guard) {
    uint64_t mask = 0;
    for (unsigned i = 0; i < parser->instances_count; i++)
        if (variants_guard_holds(parser->scenario, guard, &parser->instances[i])) mask |= UINT64_C(1) << i;
    return mask;
}

static bool add_child(struct parser *parser, struct step *together) {
    struct step step = { 0 };
    if (!count_step(parser)) return false;
    take_step_comments(parser, &step, together->children_count == 0);
    parser->in_together = true;
    uint64_t all = parser->all;
    parser->all &= mask_of(parser, &together->guard); /* children hold where the `together` holds */
    bool parsed = parser_step(parser, &step);
    parser->all = all;
    if (!parsed) return false;
    together->children = arena_append(parser->arena, together->children, together->children_count, sizeof step);
    together->children[together->children_count++] = step;
    return true;
}

bool parser_indented(struct parser *parser) {
    struct scenario *scenario = parser->scenario;
    struct lexer *lexer = &parser->lexer;
    struct step *last = scenario->steps_count > 0 ? &scenario->steps[scenario->steps_count - 1] : NULL;
    bool inside = last != NULL && last->kind == STEP_TOGETHER;
    if (!parser_at_delivery(parser))
        return inside
                   ? add_child(parser, last)
                   : lexer_fail(
                         lexer,
                         "an indented line; only the header, the steps of `together` and routine lines are indented");
    struct step *owner = inside && last->children_count > 0 ? &last->children[last->children_count - 1] : last;
    if (owner == NULL) return lexer_fail(lexer, "a routine line stands under the call in which the routine ran");
    if (!only_blank_lines_pending(parser))
        return lexer_fail(lexer, "a comment cannot stand above a routine line; put it above the step");
    parser->comments_pending_count = 0;
    parser->comments_pending = NULL;
    parser->mask = parser->all & mask_of(parser, &owner->guard) & mask_of(parser, &last->guard);
    return parser_delivery_line(parser, owner);
}

bool parser_steps_finish(struct parser *parser) {
    struct scenario *scenario = parser->scenario;
    if (!check_last_together(parser)) return false;
    uint64_t empty = parser->all & ~parser->stepped;
    if (scenario->steps_count == 0 && !scenario->is_trace)
        return lexer_fail(&parser->lexer, "a scenario has at least one step");
    char text[128];
    if (empty != 0 && !scenario->is_trace)
        return lexer_fail(&parser->lexer, "there is no step in %s", parser_instance_text(parser, empty, text));
    while (parser->comments_pending_count > 0 &&
           parser->comments_pending[parser->comments_pending_count - 1][0] == '\0')
        parser->comments_pending_count--;
    parser_take_comments(parser, true, &scenario->trailing_comments_count, &scenario->trailing_comments);
    if (scenario->steps_count > 0 || scenario->trailing_comments_count == 0 ||
        scenario->trailing_comments[0][0] != '\0')
        return true;
    scenario->trailing_comments++; /* the layout brings this blank line */
    scenario->trailing_comments_count--;
    return true;
}
