/* States that an exploration has come through, and what came of each: when another order leads to the same state, what
 * follows is known and not played again.
 *
 * A state is what all that follows depends on, as bytes: the step that comes next, the encoded world with its readings,
 * what the encoding leaves out or renames (names that are still to be given, addresses of what pends), the stage and
 * the session. Two states are the same when all their bytes are: the hash only finds them. */
#ifndef RESERVOIR_CONFORMANCE_STATES_H
#define RESERVOIR_CONFORMANCE_STATES_H

#include "conformance/explorer/order.h"
#include "conformance/player/play.h"
#include "conformance/stage/model_executor.h"

enum { STATES_OUTCOMES_MAX = 32, STATES_BYTES_MAX = 256 * 1024 * 1024 };

/* What follows a state in several orders. */
struct state_outcome {
    struct text answers;   /* from the state on */
    struct order shortest; /* likewise */
    uint64_t orders;
    uint32_t forbidden_line;
};

struct explored_state {
    uint64_t hash;
    struct text bytes;
    bool finished; /* all that follows is known */
    bool too_many; /* outcomes, to be kept: what follows has to be played */
    unsigned outcomes_count;
    struct state_outcome *outcomes; /* owned */
};

struct states {
    struct explored_state *rows; /* owned */
    size_t count, capacity, bytes;
    size_t *slots; /* hash table of indices + 1; owned */
    size_t slots_count;
};

enum { STATES_NONE = -1 };

void states_free(struct states *states);

/* Between which steps a run is. */
struct place {
    unsigned step;          /* before this one, or within it, when it is a `together` */
    bool played[STEPS_MAX]; /* its lines that were played */
};

/* The state at a place, as bytes, added to `out`. `scratch` is memory for a session. */
void state_describe(const struct player *player, const struct model_executor *executor, const struct place *place,
                    struct session *scratch, struct text *out);

/* The index of the state of these bytes, or STATES_NONE. */
long states_find(const struct states *states, const struct text *bytes);

/* Adds a state, which is not there, and takes the bytes; STATES_NONE when there is no room for more. */
long states_add(struct states *states, struct text *bytes);

/* So many orders lead from a state to these answers; `shortest` is the shortest of them. */
void state_learn(struct explored_state *state, const char *answers, size_t length, uint32_t forbidden_line,
                 const struct order *shortest, uint64_t orders);

#endif
