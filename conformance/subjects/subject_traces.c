/* Recorded traces as a subject: what a host answered once. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/folders.h"
#include "conformance/base/memory.h"
#include "conformance/base/reason.h"
#include "conformance/language/parser.h"
#include "conformance/subjects/subject_parts.h"
#include "conformance/subjects/trace_replay.h"
#include "conformance/subjects/trace_shelf.h"

struct traces_subject {
    struct trace_shelf shelf;
    struct trace_replay replay; /* of the instance that is being played */
    struct fact_list facts;     /* of its trace */
};

static void add_facts(struct fact_list *list, const struct scenario *trace) {
    for (uint32_t i = 0; i < trace->facts_count; i++) fact_list_add(list, trace->facts[i].key, trace->facts[i].value);
}

/* --- one trace ------------------------------------------------------------------------------------------------- */

/* Are the trace's ports and steps the instance's, as far as it was played? */
static bool is_of(const struct scenario *trace, const struct scenario *instance) {
    struct step_order recorded, wanted;
    step_order_fill(&recorded, trace);
    step_order_fill(&wanted, instance);
    if (trace->ports_count != instance->ports_count || recorded.count > wanted.count) return false;
    for (unsigned i = 0; i < recorded.count; i++)
        if (!trace_same_call(instance, wanted.steps[i], trace, recorded.steps[i])) return false;
    return true;
}

static enum step_result begin(struct subject *subject, struct scenario *instance, const char *id, uint16_t *ports_first,
                              struct reason *detail) {
    struct traces_subject *traces = subject->self;
    bool broken = false;
    struct scenario *trace = trace_shelf_parse(&traces->shelf, id, &broken, detail);
    if (trace == NULL) return broken ? STEP_BROKEN : STEP_UNSUPPORTED;
    if (traces->shelf.like != NULL && !is_of(trace, instance)) { /* a host that is recorded now and then lags behind */
        scenario_free(trace);
        reason_set(detail, "no trace recorded since the scenario was changed");
        return STEP_UNSUPPORTED;
    }
    if (!trace_replay_take(&traces->replay, trace, instance, ports_first, detail)) return STEP_BROKEN;
    if (!trace_replay_asked_for(&traces->replay, instance, detail)) return STEP_BROKEN;
    add_facts(&traces->facts, trace);
    subject->playing_facts = &traces->facts;
    subject_session_begin(subject, ports_first);
    return STEP_DONE;
}

static void step(struct subject *subject, unsigned index, const struct step *step, struct step_answer *answer) {
    const struct traces_subject *traces = subject->self;
    if (step->kind == STEP_EXPECT && subject->watch != NULL) {
        subject_expect(subject, step, answer);
        return;
    }
    trace_replay_step(&traces->replay, subject, index, step, answer);
}

static enum step_result end(struct subject *subject, struct reason *detail) {
    struct traces_subject *traces = subject->self;
    const char *reason = NULL;
    enum step_result ending = traces->replay.trace == NULL ? STEP_DONE : trace_ending(traces->replay.trace, &reason);
    if (ending == STEP_BROKEN) reason_set(detail, "%s", reason);
    trace_replay_free(&traces->replay);
    subject->playing_facts = NULL;
    fact_list_free(&traces->facts);
    return ending == STEP_BROKEN ? STEP_BROKEN : STEP_DONE;
}

/* --- the folder ------------------------------------------------------------------------------------------------ */

/* The facts of the first trace name the host; all traces of a folder come from one. */
static void take_facts(struct subject *subject, const char *id) {
    const struct traces_subject *traces = subject->self;
    bool broken = false;
    struct scenario *trace = trace_shelf_parse(&traces->shelf, id, &broken, &subject->unusable_reason);
    if (trace == NULL) return;
    add_facts(&subject->facts, trace);
    scenario_free(trace);
}

static void destroy(struct subject *subject) {
    struct traces_subject *traces = subject->self;
    trace_replay_free(&traces->replay);
    fact_list_free(&traces->facts);
    trace_shelf_free(&traces->shelf);
    free(traces);
}

struct subject *subject_traces(const char *folder) {
    static const struct subject_operations operations = {
        .begin = begin, .step = step, .end = end, .destroy = destroy
    };
    char trouble[FOLDER_PATH_MAX];
    struct path_list list = { 0 };
    assert(folder != NULL);
    struct subject *subject = subject_create(SUBJECT_TRACES, &operations);
    struct traces_subject *traces = memory_resize(NULL, 1, sizeof *traces);
    memset(traces, 0, sizeof *traces);
    subject->self = traces;
    bool whole = trace_shelf_open(&traces->shelf, folder, &subject->unusable_reason);
    if (whole && !trace_shelf_list(&traces->shelf, &list, trouble))
        reason_set(&subject->unusable_reason, "%.200s: the folder cannot be read", trouble);
    else if (whole && list.count == 0)
        reason_set(&subject->unusable_reason, "%.200s: no trace (*.trace) is below this folder", folder);
    if (list.count > 0) take_facts(subject, list.paths[0]);
    path_list_free(&list);
    subject_name_by_facts(subject);
    return subject;
}
