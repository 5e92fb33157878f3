#include "conformance/player/rehearse.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "conformance/base/reason.h"
#include "conformance/language/printer.h"
#include "conformance/language/step_order.h"
#include "conformance/player/answer.h"
#include "conformance/player/trace_file.h"
#include "conformance/session/executor.h"
#include "conformance/session/session_objects.h"
#include "conformance/session/session_observe.h"
#include "conformance/session/session_print.h"

static bool fail(struct reason *reason, const char *text, unsigned line) {
    reason_set(reason, "the trace so far cannot be taken up: %s (line %u)", text, line);
    return false;
}

/* A step without an outcome was carried out. */
static void learn_done(struct session *session, const struct scenario *instance, const struct step *step) {
    struct result nothing;
    struct observation ignored;
    int needed = NO_NAME;
    result_clear(&nothing);
    if (step->kind == STEP_OVERLAPPED || step->kind == STEP_BUFFER) session_declare(session, instance, step, &needed);
    else session_observe(session, instance, step, NULL, &nothing, &ignored);
}

static bool learn_seen(struct session *session, struct scenario *instance, const struct step *step,
                       const struct scenario *trace, const struct step *answered, struct reason *reason) {
    struct text line = { 0 };
    struct observation seen;
    step_print(trace, answered, &line);
    bool read = answer_read(instance, session, step, line.bytes, line.length, &seen, reason);
    line.length = 0;
    if (read)
        session_print_answer(session, instance, step, &seen,
                             &line); /* prints its live values, so that they count as printed */
    text_free(&line);
    return read;
}

bool rehearse(const struct scenario *trace, struct scenario *instance, uint16_t *ports_first, struct session *session,
              struct reason *reason) {
    struct step_order recorded, steps;
    assert(trace != NULL && instance != NULL && session != NULL);
    if (trace->ports_count != instance->ports_count || !trace_ports(trace, ports_first))
        return fail(reason, "its ports are others", 1);
    session_begin(session, instance, ports_first);
    step_order_fill(&recorded, trace);
    step_order_fill(&steps, instance);
    for (unsigned i = 0; i < recorded.count; i++) {
        const char *needed = NULL;
        const struct step *answered = recorded.steps[i];
        if (i >= steps.count || !trace_same_call(instance, steps.steps[i], trace, answered))
            return fail(reason, "the scenario has another step there", (unsigned)answered->position.line);
        enum step_result result = trace_step_result(answered, &needed);
        if (result == STEP_DONE) learn_done(session, instance, steps.steps[i]);
        if (result == STEP_SEEN && !learn_seen(session, instance, steps.steps[i], trace, answered, reason))
            return false;
    }
    if (recorded.count > 0 && recorded.steps[recorded.count - 1]->kind == STEP_REBOOT) return true;
    return fail(reason, "its last step is no reboot", 1);
}
