#include "conformance/language/parser_known.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/hash.h"
#include "conformance/base/memory.h"
#include "conformance/language/parser_parts.h"

enum {
    BUCKETS = 8192,
    PARTS_MAX = 8192,     /* parsed since it was last empty; each takes about a kilobyte */
    PART_BYTES_MAX = 400, /* a longer one hardly comes again */
    CAST_BYTES_MAX = 600, /* of all the names of a cast */
};

/* What the parser found when it looked for a name: part of what it depends on. */
struct looked_up {
    uint16_t place, length; /* of the name in the part's text */
    int16_t index;          /* NO_NAME: there was none */
    int16_t process;        /* these: of a name that there was */
    enum name_kind kind;
    uint32_t control_code;
};

/* The processes, threads, users and machines of a text and who is linked, in their order. */
struct cast {
    struct cast *next;
    const char *names;
    size_t length;
};

struct known_part {
    struct known_part *next; /* of the bucket */
    uint64_t hash;
    const char *text;
    const struct cast *cast; /* of a step; NULL: an outcome */
    uint16_t length;
    uint8_t names_count;
    bool gives;        /* a step: its product is a new name, `product` */
    bool is_of_packet; /* a step that sends or expects one; an outcome of such a step */
    const struct looked_up *names;
    struct name product;
    struct step step; /* of an outcome only its outcomes */
};

struct known_parts {
    struct arena *arena;
    struct cast *casts;
    struct known_part **buckets;
    unsigned parts; /* see PARTS_MAX */
    struct known_parts_counts counts;
};

/* --- creation ----------------------------------------------------------------------------------------------------- */

static void empty(struct known_parts *known) {
    known->arena = arena_create();
    known->casts = NULL;
    known->parts = 0;
    memset(known->buckets, 0, BUCKETS * sizeof *known->buckets);
}

struct known_parts *known_parts_create(void) {
    struct known_parts *known = memory_zeroed(sizeof *known);
    known->buckets = memory_resize(NULL, BUCKETS, sizeof *known->buckets);
    empty(known);
    return known;
}

void known_parts_free(struct known_parts *known) {
    if (known == NULL) return;
    arena_free(known->arena);
    free(known->buckets);
    free(known);
}

struct known_parts_counts known_parts_counts(const struct known_parts *known) {
    assert(known != NULL);
    return known->counts;
}

void parser_know(struct parser *parser, struct known_parts *known) {
    if (known->parts >= PARTS_MAX) {
        arena_free(known->arena); /* trees that share it keep it */
        empty(known);
    }
    arena_keep(parser->arena, known->arena);
    parser->known = known;
}

/* --- who is there ------------------------------------------------------------------------------------------------- */

/* False: there is no room for it. */
static bool add_to_cast(const char *name, char *names, size_t *length) {
    size_t bytes = strlen(name) + 1;
    if (*length + bytes > CAST_BYTES_MAX) return false;
    memcpy(names + *length, name, bytes);
    *length += bytes;
    return true;
}

/* Each kind of name ends with an empty one. False: they are too many. */
static bool list_cast(const struct scenario *scenario, char *names, size_t *length) {
    bool fits = true;
    *length = 0;
    for (uint32_t i = 0; i < scenario->processes_count && fits; i++)
        fits = add_to_cast(scenario->processes[i].name, names, length);
    fits = fits && add_to_cast("", names, length);
    for (uint32_t i = 0; i < scenario->threads_count && fits; i++)
        fits = add_to_cast(scenario->threads[i].name, names, length);
    fits = fits && add_to_cast("", names, length);
    for (uint32_t i = 0; i < scenario->users_count && fits; i++)
        fits = add_to_cast(scenario->users[i].name, names, length);
    fits = fits && add_to_cast("", names, length);
    for (uint32_t i = 0; i < scenario->machines_count && fits; i++)
        fits = add_to_cast(scenario->machines[i].name, names, length) &&
               add_to_cast(scenario->machines[i].bare ? "bare" : "whole", names, length);
    fits = fits && add_to_cast("", names, length);
    for (uint32_t i = 0; i < scenario->links_count && fits; i++) {
        const int *ends = scenario->links[i].machines;
        fits = add_to_cast((const char[]){ (char)('a' + ends[0]), (char)('a' + ends[1]), '\0' }, names, length);
    }
    return fits;
}

/* Of the text that is parsed, as soon as it has a step. NULL: its calls are parsed one by one. */
static const struct cast *cast_of(struct parser *parser) {
    char names[CAST_BYTES_MAX];
    size_t length;
    struct known_parts *known = parser->known;
    if (parser->cast_known) return parser->cast;
    parser->cast_known = true;
    if (!list_cast(parser->scenario, names, &length)) return NULL;
    for (const struct cast *cast = known->casts; cast != NULL && parser->cast == NULL; cast = cast->next)
        if (cast->length == length && memcmp(cast->names, names, length) == 0) parser->cast = cast;
    if (parser->cast != NULL) return parser->cast;
    struct cast *cast = arena_allocate(known->arena, sizeof *cast);
    *cast = (struct cast){ known->casts, arena_text(known->arena, names, length), length };
    known->casts = cast;
    return parser->cast = cast;
}

/* --- where parts end ---------------------------------------------------------------------------------------------- */

static struct word without_blanks_after(const char *start, const char *end) {
    while (end > start && end[-1] == ' ') end--;
    return (struct word){ start, (unsigned)(end - start) };
}

/* From the cursor to what may be a comment, or to the end of the line. */
static struct word outcome_at_cursor(const struct lexer *lexer) {
    const char *end = lexer->at;
    while ((end = memchr(end, '#', (size_t)(lexer->line_end - end))) != NULL && end[-1] != ' ') end++;
    return without_blanks_after(lexer->at, end != NULL ? end : lexer->line_end);
}

/* A step, from the cursor to what may be the arrow: whether it is one the parser finds out. Of others than `packet`
 * that have none the length is 0. */
static struct word step_at_cursor(struct lexer *lexer) {
    const char *at = lexer->at;
    if (word_is(lexer_peek_word(lexer), "packet")) return outcome_at_cursor(lexer);
    while ((at = memchr(at, '>', (size_t)(lexer->line_end - at))) != NULL) {
        if (at - lexer->at >= 2 && at[-1] == '-' && at[-2] == ' ') return without_blanks_after(lexer->at, at - 2);
        at++;
    }
    return (struct word){ lexer->at, 0 };
}

/* --- finding ------------------------------------------------------------------------------------------------------ */

/* What is looked for, and what the parser asks while it parses it. */
struct sought {
    struct word word;
    uint64_t hash;
    const struct cast *cast; /* as in a known part */
    bool of_packet;          /* an outcome, of `expect packet` */
    struct noted_names *noted;
};

static bool name_is_as_then(const struct parser *parser, const char *text, const struct looked_up *then) {
    struct word word = { text + then->place, then->length };
    if (then->index == NO_NAME) return parser_find_name(parser, word) == NO_NAME;
    const struct scenario *scenario = parser->scenario;
    if ((uint32_t)then->index >= scenario->names_count) return false;
    const struct name *name = &scenario->names[then->index];
    return name->kind == then->kind && name->control_code == then->control_code && name->process == then->process &&
           word_is(word, name->text);
}

static bool holds_here(const struct parser *parser, const struct known_part *part) {
    int process = part->cast == NULL ? NO_NAME : part->step.process;
    if (process != NO_NAME && (parser->mask & ~parser->processes_started[process]) != 0) return false;
    if (part->is_of_packet && parser->in_together) return false; /* which the parser refuses */
    for (unsigned i = 0; i < part->names_count; i++)
        if (!name_is_as_then(parser, part->text, &part->names[i])) return false;
    return !part->gives || parser->scenario->names_count < NAMES_MAX;
}

/* Moves the cursor behind the part when it is known; else NULL. */
static const struct known_part *find(struct parser *parser, struct sought *sought) {
    struct known_parts *known = parser->known;
    struct word word = sought->word;
    sought->hash = hash_bytes(word.start, word.length);
    for (const struct known_part *part = known->buckets[sought->hash % BUCKETS]; part != NULL; part = part->next) {
        if (part->hash != sought->hash || part->length != word.length || part->cast != sought->cast) continue;
        if (part->cast == NULL && part->is_of_packet != sought->of_packet) continue;
        if (memcmp(part->text, word.start, word.length) != 0 || !holds_here(parser, part)) continue;
        parser->lexer.at = word.start + word.length;
        known->counts.hits++;
        return part;
    }
    known->counts.misses++;
    return NULL;
}

/* --- learning ----------------------------------------------------------------------------------------------------- */

void parser_note_name(const struct parser *parser, struct word word, int index) {
    struct noted_names *noted = parser->noted;
    for (unsigned i = 0; i < noted->count; i++)
        if (index != NO_NAME && noted->names[i].index == index) return;
    if (noted->count == NOTED_NAMES_MAX) noted->too_many = true;
    else noted->names[noted->count++] = (struct noted_name){ word, index };
}

typedef bool taker(struct parser *parser, struct step *step);

/* Parses the part; what it becomes stands in the memory of the known ones. */
static bool parse_noting(struct parser *parser, struct step *step, taker *take, struct sought *sought) {
    struct arena *arena = parser->arena;
    sought->noted->count = 0;
    sought->noted->too_many = false;
    parser->noted = sought->noted;
    parser->arena = parser->known->arena;
    parser->known->parts++;
    bool taken = take(parser, step);
    parser->arena = arena;
    parser->noted = NULL;
    return taken;
}

/* Did the parser stop where the part ends? */
static bool stopped_at_end(struct lexer *lexer, struct word word) {
    const char *end = word.start + word.length;
    (void)lexer_at_end(lexer); /* skips blanks */
    while (end < lexer->line_end && *end == ' ') end++;
    return lexer->at == end;
}

static struct looked_up *names_then(struct parser *parser, const struct sought *sought) {
    struct looked_up *names = arena_allocate(parser->known->arena, sought->noted->count * sizeof *names);
    for (unsigned i = 0; i < sought->noted->count; i++) {
        const struct noted_name *noted = &sought->noted->names[i];
        size_t place = (size_t)(noted->word.start - sought->word.start);
        assert(place + noted->word.length <= sought->word.length);
        names[i] = (struct looked_up){ .place = (uint16_t)place,
                                       .length = (uint16_t)noted->word.length,
                                       .index = (int16_t)noted->index };
        if (noted->index == NO_NAME) continue;
        const struct name *name = &parser->scenario->names[noted->index];
        names[i].process = (int16_t)name->process;
        names[i].kind = name->kind;
        names[i].control_code = name->control_code;
    }
    return names;
}

static struct known_part *learn(struct parser *parser, const struct sought *sought) {
    struct known_parts *known = parser->known;
    struct known_part *part = arena_allocate(known->arena, sizeof *part);
    struct known_part **bucket = &known->buckets[sought->hash % BUCKETS];
    part->next = *bucket;
    part->hash = sought->hash;
    part->text = arena_text(known->arena, sought->word.start, sought->word.length);
    part->cast = sought->cast;
    part->length = (uint16_t)sought->word.length;
    part->names_count = (uint8_t)sought->noted->count;
    part->names = names_then(parser, sought);
    *bucket = part;
    return part;
}

/* --- steps -------------------------------------------------------------------------------------------------------- */

static bool is_packet(const struct step *step) { return step->kind == STEP_EXPECT || step->kind == STEP_PACKET; }

/* Steps that give nothing but their product, and neither start nor end anything. */
static bool can_be_known(const struct parser *parser, const struct step *step) {
    bool kind_fits =
        step->kind == STEP_CALL || step->kind == STEP_RETURNS || step->kind == STEP_SHOW || is_packet(step);
    if (!kind_fits) return false;
    if (step->kind == STEP_CALL && step->signature->function == FUNCTION_CreateProcess) return false;
    if (step->product == NO_NAME) return true;
    return parser->scenario->names[step->product].kind != NAME_PROTOCOL_INFO; /* only so many of them may be given */
}

static void learn_step(struct parser *parser, const struct sought *sought, const struct step *step) {
    struct known_part *part = learn(parser, sought);
    part->step = *step;
    part->is_of_packet = is_packet(step);
    part->gives = step->product != NO_NAME;
    if (part->gives) part->product = parser->scenario->names[step->product];
}

static void repeat_step(struct parser *parser, const struct known_part *part, struct step *step) {
    struct step again = part->step;
    again.position = step->position;
    again.guard = step->guard;
    again.comments_count = step->comments_count;
    again.comments = step->comments;
    if (part->gives) again.product = (int16_t)parser_add_name(parser, &part->product);
    *step = again;
}

bool parser_step_or_known(struct parser *parser, struct step *step, taker *take) {
    struct noted_names noted; /* large, and mostly not needed */
    struct sought sought = { .word = { NULL, 0 }, .noted = &noted };
    if (parser->known != NULL && parser->scenario->is_trace) sought.word = step_at_cursor(&parser->lexer);
    if (sought.word.length > 0 && sought.word.length <= PART_BYTES_MAX) sought.cast = cast_of(parser);
    if (sought.cast == NULL) return take(parser, step);
    const struct known_part *part = find(parser, &sought);
    if (part != NULL) {
        repeat_step(parser, part, step);
        return true;
    }
    if (!parse_noting(parser, step, take, &sought)) return false;
    if (!noted.too_many && stopped_at_end(&parser->lexer, sought.word) && can_be_known(parser, step))
        learn_step(parser, &sought, step);
    return true;
}

/* --- outcomes ----------------------------------------------------------------------------------------------------- */

bool parser_outcomes_or_known(struct parser *parser, struct step *step, taker *take) {
    struct noted_names noted; /* large, and mostly not needed */
    struct sought sought = { .word = { NULL, 0 }, .noted = &noted, .of_packet = step->kind == STEP_EXPECT };
    (void)lexer_at_end(&parser->lexer); /* skips blanks */
    if (parser->known != NULL && parser->scenario->is_trace) sought.word = outcome_at_cursor(&parser->lexer);
    if (sought.word.length == 0 || sought.word.length > PART_BYTES_MAX) return take(parser, step);
    const struct known_part *part = find(parser, &sought);
    if (part != NULL) {
        step->outcomes = part->step.outcomes;
        step->outcomes_count = part->step.outcomes_count;
        return true;
    }
    if (!parse_noting(parser, step, take, &sought)) return false;
    if (noted.too_many || !stopped_at_end(&parser->lexer, sought.word)) return true;
    struct known_part *learnt = learn(parser, &sought);
    learnt->is_of_packet = sought.of_packet;
    learnt->step.outcomes = step->outcomes;
    learnt->step.outcomes_count = step->outcomes_count;
    return true;
}
