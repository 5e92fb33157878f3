/* The player: one scenario instance against one executor, step by step. Used by the runner with the model, and by the
 * host agent with real functions: the same code builds the calls and reads the answers on both sides. */
#ifndef RESERVOIR_CONFORMANCE_PLAY_H
#define RESERVOIR_CONFORMANCE_PLAY_H

#include "conformance/base/reason.h"
#include "conformance/language/tree.h"
#include "conformance/player/ownership.h"
#include "conformance/session/executor.h"
#include "conformance/session/session.h"

struct player {
    const struct scenario *scenario; /* expanded instance; borrowed */
    struct executor executor;
    bool begun; /* the executor was asked to begin or resume */
    struct session session;
    uint16_t ports_first[PORTS_MAX];
    struct call parked[THREADS_MAX];              /* the call in which each parked thread is */
    const struct step *parked_steps[THREADS_MAX]; /* its step; NULL: the thread is not parked */
    bool hooked[THREADS_MAX];                     /* the thread has a blocking hook, which calls while it is parked */
    struct ownership ownership;                   /* whose memory it is, and the first misuse of it */
    const char *needed;                           /* after STEP_NEEDS: what is missing; of the scenario, or static */
    struct reason reason;
};

/* Begins: executor.begin, then each process. STEP_DONE, STEP_UNSUPPORTED or STEP_BROKEN. */
enum step_result player_begin(struct player *player, const struct scenario *scenario, struct executor executor);

/* Resumes a scenario that stopped at a `reboot`, after the machine has restarted: the executor resumes it, the session
 * learns from the trace so far what its steps showed, the processes start. `mark` is what STEP_RESTART said. Otherwise
 * as player_begin; STEP_BROKEN also for a trace that is not one of this scenario up to a `reboot`. */
enum step_result player_resume(struct player *player, struct scenario *scenario, const struct scenario *trace,
                               const char *mark, struct executor executor);

/* Plays one step (a `together` is played child by child by the caller, each as a step of its own). */
enum step_result player_step(struct player *player, const struct step *step, struct observation *seen);

/* After the last step: what the scenario did to memory that was not its own, with both lines (ownership.h); NULL:
 * nothing. The text is the player's. */
const char *player_misuse(struct player *player);

/* Ends the scenario; always called after player_begin. STEP_DONE, or STEP_BROKEN with a reason. */
enum step_result player_end(struct player *player);

#endif
