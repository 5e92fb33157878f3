/* Every order of one scenario instance on the model: when each internal step happens (a request completes, a thread
 * wakes, a packet is taken), which of several comes first, and the lines of a `together`.
 *
 * A run is decided by a sequence of answers, one for each moment at which the order is open; the run with the smallest
 * answers is the ordinary one. All sequences are tried, depth first, each as a run of its own from the beginning.
 * Readings and all else that is open are answered as in an ordinary run, by a profile and seed 0. Time does not pass,
 * and no one waits in vain, while a step could happen: what is put off happens before the clock moves.
 *
 * An order in which the scenario misuses memory that belongs to the system (conformance/player/ownership.h) is not
 * allowed either: it ends there, and its last line says what was misused, and since when it was not the scenario's.
 *
 * Where two orders lead to the same state (states.h), what follows is played once and counted for both. The result is
 * the same as without: each order counts, each outcome is found, the shortest order to it is the shortest. */
#ifndef RESERVOIR_CONFORMANCE_EXPLORE_H
#define RESERVOIR_CONFORMANCE_EXPLORE_H

#include "conformance/base/text.h"
#include "conformance/explorer/order.h"
#include "conformance/language/tree.h"
#include "stack/choice.h"

enum { EXPLORE_OUTCOMES_MAX = 64 };

/* What several orders have in common: what every line answers, up to the first answer that its line does not allow. */
struct explored_outcome {
    struct text answers; /* the answered lines, one a line */
    struct order first;  /* the shortest order that gives it: least often put off or turned, then the least steps */
    uint64_t orders;
    uint32_t forbidden_line; /* the line whose answer is not allowed, or that misuses memory; 0: there is none */
};

struct explore_limits {
    uint64_t orders_most; /* no run begins when there are as many */
    bool one_by_one;      /* each order is played to its end, whatever state it comes to */
    bool any_memory;      /* what is done to memory that belongs to the system is not looked at */
};

struct exploration {
    uint64_t orders;
    uint64_t runs;   /* that were played for them */
    uint64_t states; /* different ones */
    bool exhaustive; /* no order was left out, and no outcome was too many to keep */
    unsigned outcomes_count;
    struct explored_outcome outcomes[EXPLORE_OUTCOMES_MAX];
    struct text trouble; /* why the instance cannot be played; empty: it can */
};

/* Runs all orders, as far as the limits allow. Free with exploration_free(). */
void explore(const struct scenario *instance, const struct profile *profile, const struct explore_limits *limits,
             struct exploration *exploration);
void exploration_free(struct exploration *exploration);

/* Plays one order and adds what happens, a line each, with what was put off or turned between them. */
void explore_tell(const struct scenario *instance, const struct profile *profile, const struct order *order,
                  struct text *out);

#endif
