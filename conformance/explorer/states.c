#include "conformance/explorer/states.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"

/* --- a state as bytes --------------------------------------------------------------------------------------------- */

static void add(struct text *out, const void *bytes, size_t length) { text_add_bytes(out, bytes, length); }

/* What the encoding of a world leaves out, for it makes names only. */
static void add_counters(const struct world *world, struct text *out) {
    const uint32_t serials[] = { world->reservation_serial, world->routine_serial,   world->completion_serial,
                                 world->parked_serial,      world->duplicate_serial, world->packet_serial,
                                 world->connection_serial };
    add(out, serials, sizeof serials);
    add(out, world->block_cursor, sizeof world->block_cursor);
    add(out, &world->now_ns, sizeof world->now_ns);
    for (unsigned i = 0; i < world_top(world, TABLE_PROCESSES); i++)
        add(out, &world_process_at(world, i)->handle_next, sizeof world_process_at(world, i)->handle_next);
}

static void add_threads(const struct player *player, struct text *out) {
    for (unsigned i = 0; i < THREADS_MAX; i++) {
        const struct step *inside = player->parked_steps[i];
        uint32_t line = inside == NULL ? 0 : inside->position.line;
        add(out, &line, sizeof line);
        add(out, &player->hooked[i], sizeof player->hooked[i]);
        if (inside == NULL) continue;
        const struct call *call = &player->parked[i];
        add(out, call, offsetof(struct call, bytes) + call->bytes_used);
    }
}

static int compare_owned(const void *one, const void *other) { return memcmp(one, other, sizeof(struct owned_memory)); }

static int compare_attached(const void *one, const void *other) {
    return memcmp(one, other, sizeof(struct attached_socket));
}

/* Whose memory it is, in whatever order it became so. */
static void add_ownership(const struct ownership *ownership, struct text *out) {
    struct ownership sorted = *ownership;
    sorted.owned_used = sorted.attached_used = 0; /* which the rows say as well */
    qsort(sorted.owned, OWNED_MAX, sizeof sorted.owned[0], compare_owned);
    qsort(sorted.attached, ATTACHED_MAX, sizeof sorted.attached[0], compare_attached);
    add(out, &sorted, sizeof sorted);
}

void state_describe(const struct player *player, const struct model_executor *executor, const struct place *place,
                    struct session *scratch, struct text *out) {
    const struct world *world = executor->world;
    uint8_t *encoded = memory_zeroed((size_t)world->bytes * 2);
    size_t length = world_encode(world, encoded);
    struct stage stage = executor->stage;
    stage.tap = NULL;
    add(out, place, sizeof *place);
    add(out, &length, sizeof length);
    add(out, encoded, length);
    free(encoded);
    add(out, world->readings, sizeof world->readings);
    add_counters(world, out);
    add(out, &stage, sizeof stage);
    add_threads(player, out);
    if (player->ownership.follows) add_ownership(&player->ownership, out);
    memset(scratch, 0, sizeof *scratch);
    session_copy(scratch, &player->session, player->scenario->names_count);
    add(out, scratch, sizeof *scratch);
}

/* --- the table ---------------------------------------------------------------------------------------------------- */

static uint64_t hash_of(const struct text *bytes) {
    uint64_t hash = bytes->length, word = 0;
    for (size_t i = 0; i < bytes->length; i += sizeof word) {
        size_t left = bytes->length - i;
        word = 0;
        memcpy(&word, bytes->bytes + i, left < sizeof word ? left : sizeof word);
        hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 32;
    }
    return hash;
}

static size_t slot_of(const struct states *states, uint64_t hash, const struct text *bytes) {
    size_t slot = (size_t)hash & (states->slots_count - 1);
    for (; states->slots[slot] != 0; slot = (slot + 1) & (states->slots_count - 1)) {
        const struct explored_state *row = &states->rows[states->slots[slot] - 1];
        bool same = row->hash == hash && row->bytes.length == bytes->length &&
                    memcmp(row->bytes.bytes, bytes->bytes, bytes->length) == 0;
        if (same) break;
    }
    return slot;
}

static void make_slots(struct states *states, size_t count) {
    free(states->slots);
    states->slots_count = count;
    states->slots = memory_zeroed(count * sizeof states->slots[0]);
    for (size_t i = 0; i < states->count; i++)
        states->slots[slot_of(states, states->rows[i].hash, &states->rows[i].bytes)] = i + 1;
}

long states_find(const struct states *states, const struct text *bytes) {
    if (states->slots_count == 0) return STATES_NONE;
    return (long)states->slots[slot_of(states, hash_of(bytes), bytes)] - 1;
}

long states_add(struct states *states, struct text *bytes) {
    enum { SLOTS_FIRST = 1024 };
    if (states->bytes + bytes->length > STATES_BYTES_MAX) return STATES_NONE;
    if (states->slots_count == 0) make_slots(states, SLOTS_FIRST);
    else if (states->count * 2 >= states->slots_count) make_slots(states, states->slots_count * 2);
    uint64_t hash = hash_of(bytes);
    size_t slot = slot_of(states, hash, bytes);
    assert(states->slots[slot] == 0);
    states->rows = memory_grow(states->rows, states->count, &states->capacity, sizeof states->rows[0]);
    states->rows[states->count] = (struct explored_state){ .hash = hash, .bytes = *bytes };
    states->bytes += bytes->length;
    *bytes = (struct text){ .length = 0 };
    states->slots[slot] = ++states->count;
    return (long)states->count - 1;
}

void states_free(struct states *states) {
    for (size_t i = 0; i < states->count; i++) {
        struct explored_state *row = &states->rows[i];
        for (unsigned k = 0; k < row->outcomes_count; k++) text_free(&row->outcomes[k].answers);
        free(row->outcomes);
        text_free(&row->bytes);
    }
    free(states->rows);
    free(states->slots);
    memset(states, 0, sizeof *states);
}

/* --- what follows ------------------------------------------------------------------------------------------------- */

void state_learn(struct explored_state *state, const char *answers, size_t length, uint32_t forbidden_line,
                 const struct order *shortest, uint64_t orders) {
    assert(!state->finished);
    for (unsigned i = 0; i < state->outcomes_count; i++) {
        struct state_outcome *outcome = &state->outcomes[i];
        bool same = outcome->forbidden_line == forbidden_line && outcome->answers.length == length &&
                    (length == 0 || memcmp(outcome->answers.bytes, answers, length) == 0);
        if (!same) continue;
        outcome->orders += orders;
        if (order_is_shorter(shortest, &outcome->shortest)) outcome->shortest = *shortest;
        return;
    }
    if (state->outcomes_count == STATES_OUTCOMES_MAX) {
        state->too_many = true;
        return;
    }
    state->outcomes = memory_resize(state->outcomes, state->outcomes_count + 1, sizeof state->outcomes[0]);
    struct state_outcome *outcome = &state->outcomes[state->outcomes_count++];
    *outcome = (struct state_outcome){ .shortest = *shortest, .orders = orders, .forbidden_line = forbidden_line };
    if (length > 0) text_add_bytes(&outcome->answers, answers, length);
}
