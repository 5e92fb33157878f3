#include "reports/commands/reasons.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"
#include "conformance/citations/citations.h"
#include "reports/catalogue/data.h"
#include "stack/errors.h"

/* One question answered otherwise: where the answers part, and what the answer is there. */
struct alternative {
    const struct reading *reading;
    unsigned candidate;
    unsigned parts_at; /* index of the step */
    struct played played;
};

struct reasons {
    const struct played *played;
    struct alternative *alternatives;
    size_t count, capacity;
};

/* --- finding ------------------------------------------------------------------------------------------------------ */

/* The first step that was answered differently; their count when none was. */
static unsigned part(const struct played *one, const struct played *other) {
    unsigned count = one->count < other->count ? one->count : other->count, i = 0;
    while (i < count && played_alike(&one->steps[i], &other->steps[i])) i++;
    return i;
}

static void try_candidate(struct reasons *reasons, const struct scenario *instance, const struct profile *profile,
                          uint64_t seed, const struct reading *reading, unsigned candidate) {
    struct profile switched = *profile;
    struct alternative alternative = { .reading = reading, .candidate = candidate };
    switched.answers[reading->question] = (uint8_t)(candidate + 1);
    bool good = played_by(instance, &switched, seed, &alternative.played);
    alternative.parts_at = part(reasons->played, &alternative.played);
    if (!good || alternative.parts_at >= alternative.played.count) {
        played_free(&alternative.played);
        return;
    }
    reasons->alternatives =
        memory_grow(reasons->alternatives, reasons->count, &reasons->capacity, sizeof *reasons->alternatives);
    reasons->alternatives[reasons->count++] = alternative;
}

struct reasons *reasons_find(const struct scenario *instance, const struct profile *profile, uint64_t seed,
                             const struct played *played) {
    struct reasons *reasons = memory_zeroed(sizeof *reasons);
    unsigned count = 0;
    const struct reading *rows = readings(&count);
    assert(instance != NULL && profile != NULL && played != NULL);
    reasons->played = played;
    for (unsigned i = 0; i < count; i++) {
        unsigned held = played->asked[rows[i].question];
        for (unsigned candidate = 0; held != 0 && candidate < rows[i].candidates_count; candidate++)
            if (candidate + 1 != held) try_candidate(reasons, instance, profile, seed, &rows[i], candidate);
    }
    return reasons;
}

void reasons_free(struct reasons *reasons) {
    if (reasons == NULL) return;
    for (size_t i = 0; i < reasons->count; i++) played_free(&reasons->alternatives[i].played);
    free(reasons->alternatives);
    free(reasons);
}

/* --- telling ------------------------------------------------------------------------------------------------------ */

/* The first word of an answer: ok, WSAEINVAL, pending. */
static size_t word_length(const char *answer) { return strcspn(answer, " "); }

/* What the error means, where the answer is one. */
static void add_meaning(const struct played_step *step, const char *indent, struct text *out) {
    const struct error_row *row = error_named(step->answer, (unsigned)word_length(step->answer));
    if (row == NULL || row->meaning[0] == '\0') return;
    struct text text = { 0 };
    text_add(&text, "%s: %s", row->name, row->meaning);
    text_add_wrapped(out, indent, text.bytes);
    text_free(&text);
}

static bool has_word(const char *words, const char *word, size_t length) {
    for (const char *at = words; *at != '\0';) {
        size_t here = strcspn(at, " ");
        if (here == length && strncmp(at, word, length) == 0) return true;
        at += here;
        at += strspn(at, " ");
    }
    return false;
}

/* Of an answer that begins alike the words that differ, else all of it. */
static void add_difference(const struct played_step *step, const struct played_step *other, struct text *out) {
    if (other->answer == NULL || step->answer == NULL) {
        text_add(out, "%s",
                 other->answer != NULL   ? other->answer
                 : other->unsent != NULL ? other->unsent
                                         : "no answer");
        return;
    }
    size_t length = word_length(step->answer), added = 0;
    bool alike = length == word_length(other->answer) && strncmp(step->answer, other->answer, length) == 0;
    for (const char *at = other->answer; *at != '\0';) {
        size_t here = strcspn(at, " ");
        if (!alike || !has_word(step->answer, at, here))
            text_add(out, "%s%.*s", added++ == 0 ? "" : " ", (int)here, at);
        at += here;
        at += strspn(at, " ");
    }
    if (added == 0 && other->live[0] != '\0') text_add(out, "%s", other->live);
    else if (added == 0)
        text_add(out, "%s", other->routines[0] != '\0' ? "a routine runs" : "the same words, other numbers");
}

/* `Q46  Bind to port 0 when ...: a, WSAEADDRINUSE` and below it the other candidates that lead elsewhere. */
static void add_question(const struct reasons *reasons, size_t first, unsigned index, const char *indent,
                         struct text *out) {
    const struct reading *reading = reasons->alternatives[first].reading;
    unsigned held = reasons->played->asked[reading->question] - 1u;
    struct text text = { 0 };
    bool asks = reading->title[strlen(reading->title) - 1] == '?';
    text_add(&text, "Q%u, open: %s%s Taken is %c, %s.", (unsigned)reading->question, reading->title, asks ? "" : ".",
             'a' + held, reading->candidates[held]);
    text_add_wrapped(out, indent, text.bytes);
    text_free(&text);
    for (size_t i = first; i < reasons->count; i++) {
        const struct alternative *other = &reasons->alternatives[i];
        if (other->reading != reading || other->parts_at != index) continue;
        struct text indented = { 0 };
        text_add(&indented, "%s  ", indent);
        const char *meaning = reading->candidates[other->candidate];
        struct text difference = { 0 };
        add_difference(&reasons->played->steps[index], &other->played.steps[index], &difference);
        bool said = strcmp(difference.bytes, meaning) == 0;
        text_add(&text, "%c, %s%s%s", 'a' + other->candidate, meaning, said ? "" : ": ", said ? "" : difference.bytes);
        text_free(&difference);
        text_add_wrapped(out, indented.bytes, text.bytes);
        text_free(&text);
        text_free(&indented);
    }
}

/* Is `Q46` one of the words of what a clause touches? */
static bool touches(const struct clause *clause, const struct reading *reading) {
    struct text name = { 0 };
    bool found = false;
    text_add(&name, "Q%u", (unsigned)reading->question);
    for (const char *at = strstr(clause->contradicted, name.bytes); at != NULL; at = strstr(at + 1, name.bytes))
        found |=
            !isdigit((unsigned char)at[name.length]) && (at == clause->contradicted || !isalnum((unsigned char)at[-1]));
    text_free(&name);
    return found;
}

static void add_clauses(const struct reading *reading, const char *indent, struct text *out) {
    unsigned count = 0;
    const struct clause *clauses = known_clauses(&count);
    for (unsigned i = 0; i < count; i++) {
        if (!touches(&clauses[i], reading)) continue;
        struct text text = { 0 };
        text_add(&text, "%s, the page: %s", clauses[i].id, clauses[i].statement);
        text_add_wrapped(out, indent, text.bytes);
        text_free(&text);
    }
}

/* Is it the first alternative of its question that parts here? */
static bool is_first(const struct reasons *reasons, size_t which, unsigned index) {
    if (reasons->alternatives[which].parts_at != index) return false;
    for (size_t i = 0; i < which; i++) {
        const struct alternative *earlier = &reasons->alternatives[i];
        if (earlier->parts_at == index && earlier->reading == reasons->alternatives[which].reading) return false;
    }
    return true;
}

/* Errors that say that another one has what was asked for. */
static bool is_conflict(const char *answer) {
    static const char *const conflicts[] = { "WSAEADDRINUSE", "WSAEACCES", "WSAENOBUFS", "ERROR_SHARING_VIOLATION" };
    for (unsigned i = 0; i < sizeof conflicts / sizeof conflicts[0]; i++)
        if (has_word(answer, conflicts[i], strlen(conflicts[i]))) return true;
    return false;
}

void reasons_add(const struct reasons *reasons, unsigned index, const char *indent, struct text *out) {
    assert(reasons != NULL && index < reasons->played->count && indent != NULL && out != NULL);
    const struct played_step *step = &reasons->played->steps[index];
    if (step->answer == NULL) return;
    add_meaning(step, indent, out);
    for (size_t i = 0; i < reasons->count; i++) {
        if (!is_first(reasons, i, index)) continue;
        add_question(reasons, i, index, indent, out);
        add_clauses(reasons->alternatives[i].reading, indent, out);
    }
    if (is_conflict(step->answer) && step->holders[0] != '\0') text_add_indented(out, indent, step->holders);
}
