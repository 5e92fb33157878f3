/* A trace that answers again: what its steps showed becomes what the steps of a subject yield, and its session learns
 * from it. A folder of traces replays whole traces, a host the part that was played before the machine restarted. */
#ifndef RESERVOIR_CONFORMANCE_TRACE_REPLAY_H
#define RESERVOIR_CONFORMANCE_TRACE_REPLAY_H

#include "conformance/base/reason.h"
#include "conformance/language/step_order.h"
#include "conformance/subjects/subject.h"

/* Zero-initialise; free with trace_replay_free. */
struct trace_replay {
    struct scenario *trace; /* owned; NULL: none */
    struct step_order order;
};

/* Takes a parsed trace, which it owns from now on, for an instance, and its ports. False with `detail`
 * when it does not report the ports that the instance has. */
bool trace_replay_take(struct trace_replay *replay, struct scenario *trace, const struct scenario *instance,
                       uint16_t *ports_first, struct reason *detail);

/* Has the instance a step for each of the trace? False with `detail` when the trace has more. */
bool trace_replay_asked_for(const struct trace_replay *replay, const struct scenario *instance, struct reason *detail);

/* Step number `index` of the subject's instance, as the trace reports it. STEP_BROKEN when that was another call,
 * cannot be read, or comes after the end of the trace; how the trace ended stands for its last step: STEP_RESTART at a
 * `reboot`. */
void trace_replay_step(const struct trace_replay *replay, struct subject *subject, unsigned index,
                       const struct step *step, struct step_answer *answer);

void trace_replay_free(struct trace_replay *replay);

#endif
