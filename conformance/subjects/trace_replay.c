#include "conformance/subjects/trace_replay.h"

#include <assert.h>
#include <string.h>

#include "conformance/base/reason.h"
#include "conformance/language/printer.h"
#include "conformance/session/session_prepare.h"
#include "conformance/subjects/subject_parts.h"

static void fail_stale(const struct scenario *trace, struct reason *detail) {
    reason_set(detail, "%.120s was recorded from another version of this scenario; record it anew", trace->file);
}

bool trace_replay_take(struct trace_replay *replay, struct scenario *trace, const struct scenario *instance,
                       uint16_t *ports_first, struct reason *detail) {
    assert(replay->trace == NULL);
    assert(trace != NULL && instance != NULL);
    replay->trace = trace;
    step_order_fill(&replay->order, trace);
    if (trace->ports_count == instance->ports_count && trace_ports(trace, ports_first)) return true;
    fail_stale(trace, detail);
    return false;
}

bool trace_replay_asked_for(const struct trace_replay *replay, const struct scenario *instance, struct reason *detail) {
    struct step_order asked;
    assert(replay->trace != NULL && instance != NULL);
    step_order_fill(&asked, instance);
    if (replay->order.count <= asked.count) return true;
    fail_stale(replay->trace, detail);
    return false;
}

/* After the last step of the trace: it says why it ended, or the recording was cut. */
static void play_ending(const struct trace_replay *replay, struct step_answer *answer) {
    const char *reason = "the recording ends here";
    enum step_result ending = trace_ending(replay->trace, &reason);
    answer->result = ending == STEP_UNSUPPORTED || ending == STEP_NOT_MODELLED ? ending : STEP_BROKEN;
    reason_set(&answer->detail, "%s", reason);
}

static void play_answer(const struct trace_replay *replay, struct subject *subject, const struct step *step,
                        const struct step *answered, struct step_answer *answer) {
    struct text line = { 0 };
    step_print(replay->trace, answered, &line);
    subject_take_answer(subject, step, line.bytes, line.length, answer);
    text_free(&line);
}

/* A step without an outcome: it was done, or the run stopped at it. */
static void play_done(const struct trace_replay *replay, struct subject *subject, unsigned index,
                      const struct step *step, struct step_answer *answer) {
    const char *mark = NULL;
    bool stopped = index + 1 == replay->order.count && trace_ending(replay->trace, &mark) == STEP_RESTART;
    if (!stopped) {
        subject_take_done(subject, step, answer);
        return;
    }
    answer->result = STEP_RESTART;
    reason_set(&answer->detail, "%s", mark);
}

void trace_replay_step(const struct trace_replay *replay, struct subject *subject, unsigned index,
                       const struct step *step, struct step_answer *answer) {
    const char *needed = NULL;
    assert(replay->trace != NULL && subject->instance != NULL);
    if (index >= replay->order.count) {
        play_ending(replay, answer);
        return;
    }
    const struct step *answered = replay->order.steps[index];
    if (!trace_same_call(subject->instance, step, replay->trace, answered)) {
        answer->result = STEP_BROKEN;
        fail_stale(replay->trace, &answer->detail);
        return;
    }
    answer->result = trace_step_result(answered, &needed);
    if (answer->result == STEP_NEEDS && session_could_send(subject_session(subject), subject->instance, step)) {
        answer->result = STEP_BROKEN;
        reason_set(&answer->detail,
                   "the trace says that this step was not sent, and all that it needs is there: line %u",
                   (unsigned)answered->position.line);
        return;
    }
    if (answer->result == STEP_SEEN) play_answer(replay, subject, step, answered, answer);
    else if (answer->result == STEP_DONE) play_done(replay, subject, index, step, answer);
    else reason_set(&answer->detail, "%s", needed);
}

void trace_replay_free(struct trace_replay *replay) {
    assert(replay != NULL);
    scenario_free(replay->trace);
    replay->trace = NULL;
    replay->order.count = 0;
}
