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

struct traces_subject {
    char *folder;
    struct trace_replay replay; /* of the instance that is being played */
    struct fact_list facts;     /* of its trace */
};

static void add_facts(struct fact_list *list, const struct scenario *trace) {
    for (uint32_t i = 0; i < trace->facts_count; i++) fact_list_add(list, trace->facts[i].key, trace->facts[i].value);
}

/* --- one trace ------------------------------------------------------------------------------------------------- */

static enum step_result begin(struct subject *subject, struct scenario *instance, const char *id, uint16_t *ports_first,
                              struct reason *detail) {
    struct language_error error;
    struct traces_subject *traces = subject->self;
    char path[FOLDER_PATH_MAX];
    if (!trace_path(traces->folder, id, path) || path_kind_of(path) != PATH_FILE) {
        reason_set(detail, "no trace recorded");
        return STEP_UNSUPPORTED;
    }
    struct scenario *trace = scenario_parse_file(path, &error);
    if (trace == NULL) {
        reason_set(detail, "%.100s:%u:%u: %.100s", path, (unsigned)error.position.line, (unsigned)error.position.column,
                   error.message);
        return STEP_BROKEN;
    }
    if (!trace_replay_take(&traces->replay, trace, instance, ports_first, detail)) return STEP_BROKEN;
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
static void take_facts(struct subject *subject, const char *path) {
    struct language_error error;
    struct scenario *trace = scenario_parse_file(path, &error);
    if (trace == NULL) {
        reason_set(&subject->unusable_reason, "%.100s:%u:%u: %.100s", path, (unsigned)error.position.line,
                   (unsigned)error.position.column, error.message);
        return;
    }
    add_facts(&subject->facts, trace);
    scenario_free(trace);
}

static void destroy(struct subject *subject) {
    struct traces_subject *traces = subject->self;
    trace_replay_free(&traces->replay);
    fact_list_free(&traces->facts);
    free(traces->folder);
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
    traces->folder = memory_copy_text(folder, strlen(folder));
    if (!folder_find(folder, ".trace", &list, trouble))
        reason_set(&subject->unusable_reason, "%.200s: the folder cannot be read", trouble);
    else if (list.count == 0)
        reason_set(&subject->unusable_reason, "%.200s: no trace (*.trace) is below this folder", folder);
    path_list_sort(&list);
    if (list.count > 0) take_facts(subject, list.paths[0]);
    path_list_free(&list);
    subject_name_by_facts(subject);
    return subject;
}
