#include "conformance/subjects/told_trace.h"

#include <assert.h>
#include <string.h>

#include "conformance/language/printer.h"
#include "conformance/subjects/subject_parts.h"

static void fail_stale(const struct scenario *trace, char *detail) {
    snprintf(detail, EXECUTOR_REASON_MAX, "%.120s was recorded from another version of this scenario; record it anew", trace->file);
}

bool told_trace_take(struct told_trace *told, struct scenario *trace, const struct scenario *instance, uint16_t *ports_first,
                     char *detail) {
    assert(told->trace == NULL);
    assert(trace != NULL && instance != NULL);
    told->trace = trace;
    step_order_fill(&told->order, trace);
    if (trace->ports_count == instance->ports_count && trace_ports(trace, ports_first)) return true;
    fail_stale(trace, detail);
    return false;
}

/* Behind the trace's last step: it tells why, or the recording was cut. */
static void play_ending(const struct told_trace *told, struct played *played) {
    const char *reason = "the recording ends here";
    enum step_result ending = trace_ending(told->trace, &reason);
    played->result = ending == STEP_UNSUPPORTED ? STEP_UNSUPPORTED : STEP_BROKEN;
    snprintf(played->detail, sizeof played->detail, "%s", reason);
}

static void play_answer(const struct told_trace *told, struct subject *subject, const struct step *step,
                        const struct step *answered, struct played *played) {
    struct text line = { 0 };
    step_print(told->trace, answered, &line);
    subject_take_answer(subject, step, line.bytes, line.length, played);
    text_free(&line);
}

/* A step without an outcome: it was done, or the run stopped at it. */
static void play_done(const struct told_trace *told, struct subject *subject, unsigned index, const struct step *step,
                      struct played *played) {
    const char *mark = NULL;
    bool stopped = index + 1 == told->order.count && trace_ending(told->trace, &mark) == STEP_RESTART;
    if (!stopped) {
        subject_take_done(subject, step, played);
        return;
    }
    played->result = STEP_RESTART;
    snprintf(played->detail, sizeof played->detail, "%s", mark);
}

void told_trace_step(const struct told_trace *told, struct subject *subject, unsigned index, const struct step *step,
                     struct played *played) {
    const char *needed = NULL;
    assert(told->trace != NULL && subject->instance != NULL);
    if (index >= told->order.count) {
        play_ending(told, played);
        return;
    }
    const struct step *answered = told->order.steps[index];
    if (!trace_same_call(subject->instance, step, told->trace, answered)) {
        played->result = STEP_BROKEN;
        fail_stale(told->trace, played->detail);
        return;
    }
    played->result = trace_step_result(answered, &needed);
    if (played->result == STEP_SEEN) play_answer(told, subject, step, answered, played);
    else if (played->result == STEP_DONE) play_done(told, subject, index, step, played);
    else snprintf(played->detail, sizeof played->detail, "%s", needed);
}

void told_trace_free(struct told_trace *told) {
    assert(told != NULL);
    scenario_free(told->trace);
    told->trace = NULL;
    told->order.count = 0;
}
