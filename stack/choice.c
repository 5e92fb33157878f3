#include "stack/choice.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

unsigned choose(struct chooser *chooser, enum choice what, unsigned count) {
    assert(chooser != NULL);
    assert(count >= 1);
    if (count == 1) return 0;
    unsigned answer = chooser->choose(chooser, what, count);
    assert(answer < count);
    return answer;
}

bool choice_set_empty(const struct choice_set *set) {
    assert(set->first <= set->last);
    uint64_t member;
    return !set->next(set, set->first, &member);
}

uint64_t choose_member(struct chooser *chooser, enum choice what, const struct choice_set *set) {
    assert(chooser != NULL);
    assert(set->start >= set->first && set->start <= set->last);
    return chooser->choose_member(chooser, what, set);
}

/* The first member at or after `from`, else the first of all. */
static uint64_t member_from(const struct choice_set *set, uint64_t from) {
    assert(from >= set->first && from <= set->last);
    uint64_t member = 0;
    if (set->next(set, from, &member)) return member;
    bool found = set->next(set, set->first, &member);
    assert(found);
    (void)found;
    return member;
}

/* --- simulating --- */

static uint64_t draw(struct simulating_chooser *self) {
    self->state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t mixed = self->state;
    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94D049BB133111EB);
    return mixed ^ mixed >> 31;
}

static unsigned simulate_choice(struct chooser *chooser, enum choice what, unsigned count) {
    struct simulating_chooser *self = (struct simulating_chooser *)chooser;
    self->asked_count++;
    if (what >= CHOICE_READING_FIRST && what <= CHOICE_READING_LAST && self->profile->answers[what] != 0) {
        assert(self->profile->answers[what] <= count);
        return self->profile->answers[what] - 1u;
    }
    if (what == CHOICE_ACCOUNT) return 0; /* a scenario that names no account means one that may do what it does */
    if (self->seed == 0) return 0;
    return (unsigned)(draw(self) % count);
}

static uint64_t simulate_member(struct chooser *chooser, enum choice what, const struct choice_set *set) {
    struct simulating_chooser *self = (struct simulating_chooser *)chooser;
    self->asked_count++;
    /* Handles are never interesting at random: a fresh number each time keeps stale ones stale. Nor is time, which
     * passes here where the scenario lets it. */
    bool ordinary = what == CHOICE_HANDLE || what == CHOICE_CONNECT_TIME;
    if (self->seed == 0 || ordinary) return member_from(set, set->start);
    return member_from(set, set->first + draw(self) % (set->last - set->first + 1));
}

void simulating_chooser_init(struct simulating_chooser *chooser, const struct profile *profile, uint64_t seed) {
    assert(chooser != NULL);
    assert(profile != NULL);
    *chooser = (struct simulating_chooser){ .chooser = { simulate_choice, simulate_member },
                                            .profile = profile,
                                            .seed = seed,
                                            .state = seed,
                                            .asked_count = 0 };
}

/* --- judging --- */

/* Answers 0..count-1 by the odometer's digits. */
static unsigned odometer_digit(struct odometer *self, enum choice what, unsigned count) {
    if (self->depth == ODOMETER_DEPTH_MAX) {
        self->overflow = true;
        return 0;
    }
    unsigned place = self->depth++;
    if (place < self->prefix) {
        assert(self->whats[place] == what);
        assert(self->counts[place] == count);
        return self->answers[place];
    }
    assert(count <= UINT8_MAX);
    self->whats[place] = (uint16_t)what;
    self->counts[place] = (uint8_t)count;
    self->answers[place] = 0;
    return 0;
}

static unsigned odometer_choice(struct chooser *chooser, enum choice what, unsigned count) {
    struct odometer *self = (struct odometer *)chooser;
    if (self->settled[what] != 0) return self->settled[what] <= count ? self->settled[what] - 1u : 0;
    return odometer_digit(self, what, count);
}

static struct named_member *member_slot(struct odometer *self, enum choice what) {
    assert(what >= CHOICE_PORT && what <= CHOICE_LINK);
    return &self->members[what - CHOICE_PORT];
}

/* The two bytes of a port the other way round; a longer number is no port, and stays. */
static uint64_t exchanged(uint64_t number) {
    return number > UINT16_MAX ? number : (number >> 8 | number << 8) & UINT16_MAX;
}

/* A token that nothing names must not be one that is named later, so it is taken where no host is likely to take
 * one. */
static uint64_t unlikely_start(const struct choice_set *set) {
    const uint64_t middle = UINT64_C(1) << 63;
    return set->last == UINT64_MAX && set->start < middle ? middle + set->start : set->start;
}

/* A domain that nothing names: each member in turn, if they are few. */
static uint64_t spread_member(struct odometer *self, enum choice what, const struct choice_set *set) {
    uint64_t members[UINT8_MAX];
    unsigned count = 0;
    bool any = what != CHOICE_PORT && what != CHOICE_BLOCK_START;
    self->unnamed = self->unnamed || what == CHOICE_PORT || what == CHOICE_BLOCK_START || what == CHOICE_TOKEN;
    if (any) return member_from(set, unlikely_start(set));
    uint64_t from = set->first;
    while (count < self->spread && from <= set->last && set->next(set, from, &members[count]))
        from = members[count++] + 1;
    uint64_t another;
    if (from <= set->last && set->next(set, from, &another)) { /* too many */
        self->guessed = true;
        return member_from(set, set->start);
    }
    assert(count > 0);
    return members[count == 1 ? 0 : odometer_digit(self, what, count)];
}

static uint64_t odometer_member(struct chooser *chooser, enum choice what, const struct choice_set *set) {
    struct odometer *self = (struct odometer *)chooser;
    const struct named_member *named = member_slot(self, what);
    if (!named->named) return spread_member(self, what, set);
    uint64_t member = set->swapped ? exchanged(named->member) : named->member;
    if (set->contains(set, member)) return member;
    if (!self->refused) {
        self->refused = true;
        self->refused_what = (uint16_t)what;
        self->refused_member = named->member;
        self->refused_first = set->first;
        self->refused_last = set->last;
    }
    bool goes_on = self->repairs && member >= set->floor && member <= set->ceiling;
    self->repaired = self->repaired || goes_on;
    return goes_on ? member : member_from(set, set->start);
}

void odometer_init(struct odometer *odometer) {
    assert(odometer != NULL);
    memset(odometer, 0, sizeof *odometer);
    odometer->chooser = (struct chooser){ odometer_choice, odometer_member };
}

void odometer_name(struct odometer *odometer, enum choice what, uint64_t member) {
    struct named_member *slot = member_slot(odometer, what);
    *slot = (struct named_member){ .what = (uint16_t)what, .named = true, .member = member };
}

void odometer_settle(struct odometer *odometer, enum choice what, unsigned answer) {
    assert(what < CHOICE_COUNT);
    assert(answer < UINT8_MAX);
    odometer->settled[what] = (uint8_t)(answer + 1);
}

bool odometer_next(struct odometer *odometer) {
    assert(odometer->depth <= ODOMETER_DEPTH_MAX);
    unsigned place = odometer->depth;
    odometer->depth = 0;
    odometer->refused = odometer->repaired = odometer->unnamed = odometer->guessed = false;
    while (place > 0) {
        place--;
        if (odometer->answers[place] + 1u < odometer->counts[place]) {
            odometer->answers[place]++;
            odometer->prefix = (uint16_t)(place + 1);
            return true;
        }
    }
    odometer->prefix = 0;
    return false;
}
