/* A trace that answers again: what its steps showed becomes what a subject's steps yield, and its session learns from it.
 * A folder of traces does so with whole traces, a host with the part that was played before the machine restarted. */
#ifndef RESERVOIR_CONFORMANCE_TOLD_TRACE_H
#define RESERVOIR_CONFORMANCE_TOLD_TRACE_H

#include "conformance/language/step_order.h"
#include "conformance/subjects/subject.h"

/* Zero-initialise; free with told_trace_free. */
struct told_trace {
    struct scenario *trace; /* owned; NULL: none */
    struct step_order order;
};

/* Takes a parsed trace, which it owns from now on, for an instance, and its ports. False with `detail`
 * (EXECUTOR_REASON_MAX bytes) when it does not tell the ports that the instance has. */
bool told_trace_take(struct told_trace *told, struct scenario *trace, const struct scenario *instance, uint16_t *ports_first,
                     char *detail);

/* Step number `index` of the subject's instance, as the trace tells it. STEP_BROKEN when that was another call, cannot be
 * read, or lies behind the trace's end; how the trace ended stands for its last step: STEP_RESTART at a `reboot`. */
void told_trace_step(const struct told_trace *told, struct subject *subject, unsigned index, const struct step *step,
                     struct played *played);

void told_trace_free(struct told_trace *told);

#endif
