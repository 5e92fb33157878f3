#include "stack/readings.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

enum { ASKED = true, NEVER_ASKED = false };

/* clang-format off */
static const struct reading rows[] = {
#define CANDIDATE(name, meaning) meaning,
#define COUNT_OF(...) (sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))
#define READING(number, name, asked, provenance, documented, lean, title, evidence, candidates) \
    { name, asked, COUNT_OF(candidates), documented, lean, PROVENANCE_##provenance, title, { candidates }, evidence },
#include "stack/readings.def"
#undef READING
#undef COUNT_OF
#undef CANDIDATE
};
/* clang-format on */

enum { ROWS_COUNT = sizeof rows / sizeof rows[0] };
_Static_assert((int)ROWS_COUNT == (int)QUESTION_LAST, "questions are numbered from 1 without a gap");
_Static_assert((int)ROWS_COUNT < (int)READINGS_MAX, "a profile has an answer for each question");

/* A profile's answer is the candidate's index + 1: 0 would leave the question open. */
/* clang-format off */
static const struct profile profiles[] = {
#define CANDIDATE(name, meaning)
#define READING(number, name, asked, provenance, documented, lean, ...) [name] = (documented) + 1,
    { "documented", {
#include "stack/readings.def"
    } },
#undef READING
#define READING(number, name, asked, provenance, documented, lean, ...) [name] = (lean) + 1,
    { "windows", {
#include "stack/readings.def"
    } },
#undef READING
#undef CANDIDATE
};
/* clang-format on */

const struct reading *reading_of(enum question question) {
    if ((unsigned)question < 1 || (unsigned)question > ROWS_COUNT) return NULL;
    const struct reading *row = &rows[question - 1];
    assert(row->question == question);
    assert(row->lean < row->candidates_count);
    assert(row->documented < row->candidates_count);
    return row;
}

const struct reading *readings(unsigned *count) {
    assert(count != NULL);
    *count = ROWS_COUNT;
    return rows;
}

const uint8_t *readings_asked(void) {
    static const uint8_t all[READINGS_MAX] = {
#define READING(number, name, asked, ...) [name] = (asked) ? UINT8_MAX : 0,
#include "stack/readings.def"
#undef READING
    };
    return all;
}

const uint8_t *readings_candidates(void) {
    static const uint8_t all[READINGS_MAX] = {
/* clang-format off */
#define CANDIDATE(name, meaning) 0,
#define COUNT_OF(...) (sizeof((const char[]){ __VA_ARGS__ }))
#define READING(number, name, asked, provenance, documented, lean, title, evidence, candidates) \
    [name] = (1u << COUNT_OF(candidates)) - 1,
#include "stack/readings.def"
#undef READING
#undef COUNT_OF
#undef CANDIDATE
        /* clang-format on */
    };
    return all;
}

const char *provenance_name(enum provenance provenance) {
    switch (provenance) {
    case PROVENANCE_DOCUMENTED: return "documented";
    case PROVENANCE_OBSERVED: return "observed";
    case PROVENANCE_CLIENT: return "client";
    case PROVENANCE_INFERRED: return "inferred";
    case PROVENANCE_SILENT: return "silent";
    }
    assert(!"a provenance outside the enumeration");
    return "";
}

const struct profile *profile_named(const char *name) {
    assert(name != NULL);
    for (unsigned i = 0; i < sizeof profiles / sizeof profiles[0]; i++) {
        if (strcmp(profiles[i].name, name) == 0) return &profiles[i];
    }
    return NULL;
}
