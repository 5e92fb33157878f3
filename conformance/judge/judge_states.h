/* The judge's set of states: worlds that the observations so far allow, merged as far as they are the same.
 *
 * A state is a world with what belongs to it: the stage (returns of parked threads) and the session (which number each
 * name has). Two states are the same when their worlds encode to the same bytes and stage and session are equal; they
 * may then differ in remembered readings. A group of such states in which one question has every candidate, all else
 * equal, becomes one state in which the question is open again: nothing observed so far depends on it. */
#ifndef RESERVOIR_CONFORMANCE_JUDGE_STATES_H
#define RESERVOIR_CONFORMANCE_JUDGE_STATES_H

#include "conformance/stage/model_stage.h"
#include "conformance/session/session.h"

enum { ENCODING_BYTES_MAX = 4096 };

struct judged_state {
    struct world *world; /* in the same allocation */
    struct stage stage;
    struct session session;
    uint32_t children_done;   /* of a `together`: bit set */
    uint64_t hash;            /* of the encoding */
    bool encoded;             /* the world is encoded when it is first compared, if ever */
    uint32_t encoding_length; /* 0: too long to be kept, so never merged */
    uint8_t encoding[ENCODING_BYTES_MAX];
};

struct state_pool {
    struct world_limits limits;
    size_t world_bytes;   /* of a world of these limits */
    unsigned names_count; /* of the scenario */
    struct judged_state **spare;
    size_t spare_count, spare_capacity;
    uint8_t *encoding_scratch; /* world_bytes * 2; NULL until a world is encoded */
};

struct state_list {
    struct judged_state **states;
    unsigned count;
    size_t capacity;
};

void state_pool_init(struct state_pool *pool, const struct world_limits *limits, unsigned names_count);
void state_pool_free(struct state_pool *pool);

/* A state with a fresh world, its session still to be begun / a copy of another one. Give it back with state_drop, or
 * to a list. */
struct judged_state *state_new(struct state_pool *pool);
struct judged_state *state_copy(struct state_pool *pool, const struct judged_state *source);
void state_drop(struct state_pool *pool, struct judged_state *state);

/* The same copy, but with this session (not the state's own), and onto a state that is no longer needed. */
void state_overwrite(const struct state_pool *pool, struct judged_state *state, const struct judged_state *source,
                     const struct session *session);
struct judged_state *state_copy_with(struct state_pool *pool, const struct judged_state *source,
                                     const struct session *session);

/* Takes the state over. It is dropped when the list has one that covers it, and merged where that is possible. */
void state_list_add(struct state_pool *pool, struct state_list *list, struct judged_state *state);
void state_list_clear(struct state_pool *pool, struct state_list *list);
void state_list_free(struct state_pool *pool, struct state_list *list);

#endif
