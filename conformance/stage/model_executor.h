/* The model as an executor (executor.h): one world, or one for each machine of the scenario with links between them;
 * one chooser, no time of its own.
 *
 * Each begin() starts a fresh world and, when the chooser is its own, a fresh sequence of answers from the same seed: a
 * scenario's run does not depend on what ran before it. */
#ifndef RESERVOIR_CONFORMANCE_MODEL_EXECUTOR_H
#define RESERVOIR_CONFORMANCE_MODEL_EXECUTOR_H

#include "conformance/stage/model_stage.h"

struct model_executor {
    void *memory; /* of the world; owned */
    size_t memory_bytes;
    struct world *world;     /* in memory; valid from begin() on; of several machines the first one's */
    struct network *network; /* in memory, of a scenario with machines; else NULL */
    struct stage stage;
    const struct profile *profile; /* borrowed */
    uint64_t seed;
    struct simulating_chooser simulating;
    struct chooser *chooser;         /* &simulating.chooser, or a borrowed one (scripted, recording) */
    const struct scenario *scenario; /* borrowed; NULL outside begin()..end() */
    uint64_t exclusions_kept;        /* stage_exclusions.h */
    const struct stage_tap *tap;     /* who looks at packets; borrowed; NULL: no one */
    bool postpones;                  /* model_executor_postpone() */
    const char *store;               /* file of the persistent store; borrowed; NULL: each scenario begins without */
};

/* False when there is no memory. The record must not be moved afterwards. Free with
 * model_executor_free(), which may be called after a failed init too. */
bool model_executor_init(struct model_executor *executor, const struct profile *profile, uint64_t seed);
void model_executor_free(struct model_executor *executor);

/* From the next begin() on the persistent store is in this file (sim/store/store_file.h; borrowed), with room for all
 * that it may hold. Between scenarios only. */
void model_executor_keep_store(struct model_executor *executor, const char *path);

/* Answers all choices by `chooser` from the next begin() on; NULL goes back to the executor's own. Borrowed. */
void model_executor_use_chooser(struct model_executor *executor, struct chooser *chooser);

/* From the next begin() on packets are shown to `tap` (borrowed), or to no one (NULL). */
void model_executor_tap(struct model_executor *executor, const struct stage_tap *tap);

/* From the next begin() on, what can happen after a call may be put off until a later step waits for it:
 * CHOICE_POSTPONE is asked of the chooser. */
void model_executor_postpone(struct model_executor *executor);

/* The interface to it; valid as long as the record lives. */
struct executor model_executor_interface(struct model_executor *executor);

#endif
