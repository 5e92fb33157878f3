#include "conformance/stage/stage_facts.h"

#include <assert.h>
#include <string.h>

#include "conformance/language/world_line.h"
#include "conformance/stage/stage_exclusions.h"

enum { PORT_LAST = 65535 };

/* --- words of a value --------------------------------------------------------------------------------------------- */

static const char *value_of(const struct key_value *fact) { return fact->value == NULL ? "" : fact->value; }

struct fact_word {
    const char *start;
    size_t length;
};

/* The next word; false at the end. */
static bool next_word(const char **at, struct fact_word *word) {
    while (**at == ' ') ++*at;
    word->start = *at;
    while (**at != '\0' && **at != ' ') ++*at;
    word->length = (size_t)(*at - word->start);
    return word->length > 0;
}

static bool word_is(struct fact_word word, const char *text) {
    return word.length == strlen(text) && memcmp(word.start, text, word.length) == 0;
}

/* Digits up to `end`; false when there are none, or the number is above `most`. */
static bool take_number(const char **at, const char *end, uint32_t most, uint32_t *number) {
    const char *start = *at;
    uint64_t value = 0;
    while (*at < end && **at >= '0' && **at <= '9' && value <= most) value = value * 10 + (uint64_t)(*(*at)++ - '0');
    *number = (uint32_t)value;
    return *at > start && value <= most;
}

/* 5357-5357, or 50000-50059* where a star may stand. */
static bool read_range(struct fact_word word, bool may_be_marked, struct world_line *line) {
    const char *at = word.start, *end = word.start + word.length;
    if (!take_number(&at, end, PORT_LAST, &line->first) || at == end || *at++ != '-') return false;
    if (!take_number(&at, end, PORT_LAST, &line->last)) return false;
    line->administered = may_be_marked && at < end && *at == '*';
    if (line->administered) at++;
    return at == end && line->first <= line->last;
}

static enum transport transport_of(struct fact_word word) {
    return word_is(word, "tcp") ? TRANSPORT_TCP : word_is(word, "udp") ? TRANSPORT_UDP : (enum transport)0;
}

/* A number alone, or a word that says that nothing is known. */
static bool says_nothing(const char *value) {
    struct fact_word word;
    uint32_t number = 0;
    if (!next_word(&value, &word)) return true;
    const char *at = word.start;
    return word_is(word, "unknown") ||
           (take_number(&at, word.start + word.length, UINT32_MAX, &number) && at == word.start + word.length);
}

/* --- exclusions --------------------------------------------------------------------------------------------------- */

/* The next range of an exclusions fact into *line; `*at` and line->transport are kept between calls. 1 for one, 0 at
 * the end, -1 when it cannot be read. */
static int next_exclusion(const char **at, struct world_line *line) {
    struct fact_word word;
    if (!next_word(at, &word)) return 0;
    enum transport transport = transport_of(word);
    if (transport != 0) {
        line->transport = transport;
        if (!next_word(at, &word)) return -1;
    }
    return line->transport != 0 && read_range(word, true, line) && line->first > 0 ? 1 : -1;
}

static bool lists_none(const char *value) {
    struct fact_word word;
    return says_nothing(value) || (next_word(&value, &word) && word_is(word, "none"));
}

unsigned stage_facts_exclusions(struct machine_facts facts) {
    unsigned count = 0;
    for (uint32_t i = 0; i < facts.count; i++) {
        const char *at = value_of(&facts.facts[i]);
        struct world_line line = { .kind = WORLD_EXCLUSION };
        if (strcmp(facts.facts[i].key, "exclusions") != 0 || lists_none(at)) continue;
        while (next_exclusion(&at, &line) > 0) count++;
    }
    return count;
}

static bool is_line_of(const struct scenario *scenario, const struct world_line *wanted) {
    for (uint32_t i = 0; i < scenario->world_lines_count; i++) {
        const struct world_line *line = &scenario->world_lines[i];
        bool same = line->kind == WORLD_EXCLUSION && line->transport == wanted->transport &&
                    line->first == wanted->first && line->last == wanted->last &&
                    line->administered == wanted->administered;
        if (same) return true;
    }
    return false;
}

static bool is_listed(const struct world_line *wanted, const char *value) {
    struct world_line line = { .kind = WORLD_EXCLUSION };
    if (strncmp(value, "none", 4) == 0) return false;
    while (next_exclusion(&value, &line) > 0)
        if (line.transport == wanted->transport && line.first == wanted->first && line.last == wanted->last)
            return true;
    return false;
}

static bool apply_exclusions(struct world *world, const struct scenario *scenario, const char *value,
                             struct reason *reason) {
    struct world_line line = { .kind = WORLD_EXCLUSION };
    const char *at = value;
    int found = 0;
    if (says_nothing(value)) return true;
    while (!lists_none(value) && (found = next_exclusion(&at, &line)) > 0)
        if (!is_line_of(scenario, &line) && !stage_exclude(world, &line, reason)) return false;
    if (found < 0) {
        reason_set(
            reason,
            "exclusions %.80s: expected ranges such as tcp 5357-5357 50000-50059* udp 50000-50059*, none or unknown",
            value);
        return false;
    }
    for (uint32_t i = 0; i < scenario->world_lines_count; i++) {
        const struct world_line *own = &scenario->world_lines[i];
        if (own->kind != WORLD_EXCLUSION || is_listed(own, value)) continue;
        reason_set(reason, "the head's exclusions contradict line %u: %u-%u is not among them",
                   (unsigned)own->position.line, (unsigned)own->first, (unsigned)own->last);
        return false;
    }
    return true;
}

/* --- the other facts ---------------------------------------------------------------------------------------------- */

/* `v6`: the fact is about IPv6. */
static bool contradicts(const struct scenario *scenario, const struct world_line *own, const struct world_line *told,
                        bool v6) {
    bool about_it = v6 ? world_line_is_of_v6(scenario, own) : own->kind == WORLD_DYNAMIC_RANGE;
    return about_it && own->transport == told->transport && (own->first != told->first || own->last != told->last);
}

/* A fact about the dynamic range. */
struct range_key {
    const char *key;
    bool v6, stored;
};

static const struct range_key *range_key_of(const char *key) {
    static const struct range_key keys[] = { { "dynamic-range", false, false },
                                             { "dynamic-range-ipv6", true, false },
                                             { "dynamic-range-stored", false, true },
                                             { "dynamic-range-stored-ipv6", true, true } };
    for (unsigned i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (strcmp(keys[i].key, key) == 0) return &keys[i];
    return NULL;
}

static void put_range(struct world *world, const struct range_key *key, const struct world_line *line) {
    unsigned protocol = line->transport == TRANSPORT_TCP ? PROTOCOL_TCP : PROTOCOL_UDP;
    uint16_t *first = key->stored ? &world->dynamic_stored_first[protocol][key->v6]
                      : key->v6   ? &world->dynamic_v6_first[protocol]
                                  : &world->dynamic_first[protocol],
             *last = key->stored ? &world->dynamic_stored_last[protocol][key->v6]
                     : key->v6   ? &world->dynamic_v6_last[protocol]
                                 : &world->dynamic_last[protocol];
    *first = (uint16_t)line->first;
    *last = (uint16_t)line->last;
}

/* The head has IPv6's only where it is not IPv4's, and the stored one where it is not the active one. */
static bool apply_dynamic_range(struct world *world, const struct scenario *scenario, const struct range_key *key,
                                const char *value, struct reason *reason) {
    struct world_line line = { .kind = WORLD_DYNAMIC_RANGE };
    struct fact_word word;
    const char *at = value;
    if (says_nothing(value)) return true;
    line.transport = next_word(&at, &word) ? transport_of(word) : (enum transport)0;
    bool good = line.transport != 0 && next_word(&at, &word) && read_range(word, false, &line) && line.first > 0 &&
                !next_word(&at, &word);
    if (!good) {
        reason_set(reason, "%s %.80s: expected tcp or udp and a range, such as tcp 49152-65535, or unknown", key->key,
                   value);
        return false;
    }
    for (uint32_t i = 0; i < scenario->world_lines_count; i++) {
        const struct world_line *own = &scenario->world_lines[i];
        if (!contradicts(scenario, own, &line, key->v6)) continue;
        reason_set(reason, "the head's %s %.60s contradicts line %u", key->key, value, (unsigned)own->position.line);
        return false;
    }
    put_range(world, key, &line);
    return true;
}

static bool apply_build(struct world *world, const struct scenario *scenario, const char *value,
                        struct reason *reason) {
    const char *at = value, *end = value + strlen(value);
    uint32_t build = 0;
    if (!take_number(&at, end, UINT32_MAX, &build) || at != end) {
        reason_set(reason, "build %.80s: expected a number", value);
        return false;
    }
    for (uint32_t i = 0; i < scenario->world_lines_count; i++) {
        const struct world_line *own = &scenario->world_lines[i];
        if (own->kind != WORLD_BUILD || own->number == build) continue;
        reason_set(reason, "the head's build %u contradicts line %u", (unsigned)build, (unsigned)own->position.line);
        return false;
    }
    world->build = build;
    return true;
}

static bool is_windows(struct machine_facts facts) {
    for (uint32_t i = 0; i < facts.count; i++)
        if (strcmp(facts.facts[i].key, "host") == 0) return strcmp(facts.facts[i].value, "windows") == 0;
    return false;
}

static bool same_first_word(const char *one, const char *other) {
    struct fact_word a, b;
    (void)next_word(&one, &a);
    (void)next_word(&other, &b);
    return a.length == b.length && memcmp(a.start, b.start, a.length) == 0;
}

/* Does an earlier fact say otherwise? A range is of tcp or of udp; exclusions of several lines add up. */
static bool agrees_with_earlier(struct machine_facts facts, uint32_t index, struct reason *reason) {
    const char *key = facts.facts[index].key, *value = value_of(&facts.facts[index]);
    bool range = range_key_of(key) != NULL;
    if (!range && strcmp(key, "host") != 0 && strcmp(key, "build") != 0) return true;
    for (uint32_t i = 0; i < index; i++) {
        const char *earlier = value_of(&facts.facts[i]);
        if (strcmp(facts.facts[i].key, key) != 0 || strcmp(earlier, value) == 0) continue;
        if (range && !same_first_word(earlier, value)) continue;
        reason_set(reason, "the head says %s twice, %.60s and %.60s", key, earlier, value);
        return false;
    }
    return true;
}

bool stage_apply_facts(struct world *world, const struct scenario *scenario, struct machine_facts facts,
                       struct reason *reason) {
    assert(world != NULL && scenario != NULL && reason != NULL);
    bool windows = is_windows(facts), good = true;
    for (uint32_t i = 0; good && i < facts.count; i++) {
        const char *key = facts.facts[i].key, *value = value_of(&facts.facts[i]);
        const struct range_key *range = range_key_of(key);
        good = agrees_with_earlier(facts, i, reason);
        if (good && range != NULL) good = apply_dynamic_range(world, scenario, range, value, reason);
        if (good && strcmp(key, "exclusions") == 0) good = apply_exclusions(world, scenario, value, reason);
        if (good && windows && strcmp(key, "build") == 0) good = apply_build(world, scenario, value, reason);
    }
    return good;
}
