#include "conformance/judge/judge_states.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/hash.h"
#include "conformance/base/memory.h"
#include "conformance/base/spares.h"
#include "stack/readings.h"

_Static_assert(READINGS_MAX % sizeof(uint64_t) == 0, "readings are compared in words");

void state_pool_init(struct state_pool *pool, const struct world_limits *limits, unsigned names_count) {
    assert(pool != NULL);
    *pool = (struct state_pool){ .limits = *limits, .world_bytes = world_bytes(limits), .names_count = names_count };
}

static size_t header_bytes(void) { return (sizeof(struct judged_state) + 7) & ~(size_t)7; }

static size_t encoding_bytes(const struct state_pool *pool) { return 2 * pool->world_bytes; }

static size_t state_bytes(const struct state_pool *pool) { return header_bytes() + pool->world_bytes; }

void state_pool_free(struct state_pool *pool) {
    assert(pool != NULL);
    for (unsigned i = 0; i < pool->spare_count; i++) spare_give(pool->spare[i], state_bytes(pool));
    free(pool->spare);
    spare_give(pool->encoding_scratch, encoding_bytes(pool));
    *pool = (struct state_pool){ .limits = pool->limits };
}

static struct judged_state *take_spare(struct state_pool *pool) {
    if (pool->spare_count > 0) return pool->spare[--pool->spare_count];
    struct judged_state *state = spare_take(state_bytes(pool));
    state->world = (struct world *)(void *)((uint8_t *)state + header_bytes());
    return state;
}

struct judged_state *state_new(struct state_pool *pool) {
    struct judged_state *state = take_spare(pool);
    assert((uintptr_t)state->world % 8 == 0);
    world_create(state->world, &pool->limits);
    stage_begin(&state->stage);
    state->children_done = 0;
    state->encoded = false;
    return state;
}

/* All but the world. */
static void copy_rest(const struct state_pool *pool, struct judged_state *state, const struct judged_state *source,
                      const struct session *session) {
    assert(state != source && session != &state->session);
    state->stage = source->stage;
    session_copy(&state->session, session, pool->names_count);
    state->children_done = source->children_done;
    state->encoded = false;
}

void state_overwrite(const struct state_pool *pool, struct judged_state *state, const struct judged_state *source,
                     const struct session *session) {
    world_clone(state->world, source->world);
    copy_rest(pool, state, source, session);
}

struct judged_state *state_copy_with(struct state_pool *pool, const struct judged_state *source,
                                     const struct session *session) {
    struct judged_state *state = take_spare(pool);
    world_clone(state->world, source->world);
    copy_rest(pool, state, source, session);
    return state;
}

struct judged_state *state_copy(struct state_pool *pool, const struct judged_state *source) {
    return state_copy_with(pool, source, &source->session);
}

void state_drop(struct state_pool *pool, struct judged_state *state) {
    assert(state != NULL);
    pool->spare = memory_grow(pool->spare, pool->spare_count, &pool->spare_capacity, sizeof *pool->spare);
    pool->spare[pool->spare_count++] = state;
}

static void encode(struct state_pool *pool, struct judged_state *state) {
    if (state->encoded) return;
    if (pool->encoding_scratch == NULL) pool->encoding_scratch = spare_take(encoding_bytes(pool));
    size_t length = world_encode(state->world, pool->encoding_scratch);
    assert(length > 0);
    state->encoding_length = length <= ENCODING_BYTES_MAX ? (uint32_t)length : 0;
    memcpy(state->encoding, pool->encoding_scratch, state->encoding_length);
    state->hash = hash_bytes(state->encoding, state->encoding_length);
    state->encoded = true;
}

/* The worlds of both were encoded, to other bytes. */
static bool known_to_differ(const struct judged_state *one, const struct judged_state *other) {
    return one->encoded && other->encoded && one->hash != other->hash;
}

/* What is cheap to compare comes first. */
static bool same_but_readings(struct state_pool *pool, struct judged_state *one, struct judged_state *other) {
    if (one->children_done != other->children_done || known_to_differ(one, other)) return false;
    if (!session_equal(&one->session, &other->session, pool->names_count)) return false;
    if (memcmp(&one->stage, &other->stage, sizeof one->stage) != 0) return false;
    if (world_is_copy_but_readings(one->world, other->world)) return true;
    if (memcmp(one->world->block_cursor, other->world->block_cursor, sizeof one->world->block_cursor) != 0)
        return false; /* an encoding has it as it is */
    encode(pool, one);
    encode(pool, other);
    if (one->hash != other->hash || one->encoding_length == 0 || one->encoding_length != other->encoding_length)
        return false;
    return memcmp(one->encoding, other->encoding, one->encoding_length) == 0;
}

/* Every world of `narrow` is one of `wide`. */
static bool readings_cover(const uint8_t *wide, const uint8_t *narrow) {
    if (memcmp(wide, narrow, READINGS_MAX) == 0) return true; /* under a profile always */
    for (unsigned question = 0; question < READINGS_MAX; question++)
        if (wide[question] != 0 && wide[question] != narrow[question]) return false;
    return true;
}

/* The one question in which both remember something else; READINGS_MAX: there are several, or none. */
static unsigned sole_difference(const uint8_t *one, const uint8_t *other) {
    unsigned found = READINGS_MAX;
    for (unsigned i = 0; i < READINGS_MAX; i += sizeof(uint64_t)) {
        if (memcmp(one + i, other + i, sizeof(uint64_t)) == 0) continue;
        for (unsigned question = i; question < i + sizeof(uint64_t); question++) {
            if (one[question] == other[question]) continue;
            if (found != READINGS_MAX) return READINGS_MAX;
            found = question;
        }
    }
    return found;
}

static struct judged_state *find_sibling(struct state_pool *pool, const struct state_list *list,
                                         struct judged_state *state, unsigned question, unsigned candidate) {
    for (unsigned i = 0; i < list->count; i++) {
        struct judged_state *other = list->states[i];
        if (known_to_differ(other, state) || other->world->readings[question] != candidate + 1) continue;
        if (sole_difference(other->world->readings, state->world->readings) != question) continue;
        if (same_but_readings(pool, other, state)) return other;
    }
    return NULL;
}

static void list_remove(struct state_pool *pool, struct state_list *list, struct judged_state *state) {
    unsigned place = 0;
    while (list->states[place] != state) place++;
    assert(place < list->count);
    memmove(list->states + place, list->states + place + 1, (list->count - place - 1) * sizeof *list->states);
    list->count--;
    state_drop(pool, state);
}

/* Of a question, or of READING_ACCOUNT. */
static unsigned candidates_of(unsigned question) {
    if (question == READING_ACCOUNT) return ACCOUNT_CANDIDATES;
    assert(reading_of(question) != NULL);
    return reading_of(question)->candidates_count;
}

/* Opens one question of `state` when its siblings with all other candidates are in the list; they go. */
static bool open_question(struct state_pool *pool, struct state_list *list, struct judged_state *state,
                          unsigned question) {
    struct judged_state *siblings[CANDIDATES_MAX];
    unsigned found = 0;
    unsigned own = state->world->readings[question] - 1u, candidates_count = candidates_of(question);
    assert(own < candidates_count);
    for (unsigned candidate = 0; candidate < candidates_count; candidate++) {
        if (candidate == own) continue;
        struct judged_state *sibling = find_sibling(pool, list, state, question, candidate);
        if (sibling == NULL) return false;
        siblings[found++] = sibling;
    }
    for (unsigned i = 0; i < found; i++) list_remove(pool, list, siblings[i]);
    state->world->readings[question] = 0;
    return true;
}

/* Do all of them remember what `state` does? Then none has another candidate: under a profile it is always so. */
static bool remember_alike(const struct state_list *list, const struct judged_state *state) {
    for (unsigned i = 0; i < list->count; i++)
        if (memcmp(list->states[i]->world->readings, state->world->readings, READINGS_MAX) != 0) return false;
    return true;
}

/* A question in which no other world differs alone has no sibling. */
static bool open_any_question(struct state_pool *pool, struct state_list *list, struct judged_state *state) {
    uint64_t differs[READINGS_MAX / 64 + 1] = { 0 }; /* a set of questions */
    if (remember_alike(list, state)) return false;
    for (unsigned i = 0; i < list->count; i++) {
        unsigned question = sole_difference(list->states[i]->world->readings, state->world->readings);
        if (question < READINGS_MAX) differs[question / 64] |= UINT64_C(1) << question % 64;
    }
    for (unsigned question = 0; question < READINGS_MAX; question++) {
        if (differs[question / 64] >> question % 64 == 0) question |= 63; /* none of the rest of these 64 */
        else if ((differs[question / 64] >> question % 64 & 1) != 0 && state->world->readings[question] != 0 &&
                 open_question(pool, list, state, question))
            return true;
    }
    return false;
}

static bool is_covered(struct state_pool *pool, const struct state_list *list, struct judged_state *state) {
    enum { MANY = 8 }; /* then it pays to know what the new one encodes to */
    if (list->count >= MANY) encode(pool, state);
    for (unsigned i = 0; i < list->count; i++) {
        if (known_to_differ(list->states[i], state) ||
            !readings_cover(list->states[i]->world->readings, state->world->readings))
            continue;
        if (same_but_readings(pool, list->states[i], state)) return true;
    }
    return false;
}

static void append(struct state_list *list, struct judged_state *state) {
    list->states = memory_grow(list->states, list->count, &list->capacity, sizeof *list->states);
    list->states[list->count++] = state;
}

void state_list_add(struct state_pool *pool, struct state_list *list, struct judged_state *state) {
    if (is_covered(pool, list, state)) {
        state_drop(pool, state);
        return;
    }
    while (list->count > 0 && open_any_question(pool, list, state)) {
        if (!is_covered(pool, list, state)) continue;
        state_drop(pool, state);
        return;
    }
    append(list, state);
}

void state_list_clear(struct state_pool *pool, struct state_list *list) {
    for (unsigned i = 0; i < list->count; i++) state_drop(pool, list->states[i]);
    list->count = 0;
}

void state_list_free(struct state_pool *pool, struct state_list *list) {
    state_list_clear(pool, list);
    free(list->states);
    *list = (struct state_list){ 0 };
}
