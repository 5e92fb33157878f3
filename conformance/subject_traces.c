/* Recorded traces as a subject: what a host answered once. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/folders.h"
#include "conformance/memory.h"
#include "conformance/subject_parts.h"

struct traces_subject {
    char *folder;
    struct scenario *trace;  /* of the instance that is being played; owned */
    struct step_order order; /* of the trace */
};

/* --- one trace ------------------------------------------------------------------------------------------------- */

static void fail_stale(const struct scenario *trace, char *detail) {
    snprintf(detail, EXECUTOR_REASON_MAX, "%.120s was recorded from another version of this scenario; record it anew", trace->file);
}

static enum step_result begin(struct subject *subject, struct scenario *instance, const char *id, uint16_t *ports_first,
                              char *detail) {
    static struct language_error error; /* large */
    struct traces_subject *traces = subject->self;
    char path[FOLDER_PATH_MAX];
    assert(traces->trace == NULL);
    if (!trace_path(traces->folder, id, path) || path_kind_of(path) != PATH_FILE) {
        snprintf(detail, EXECUTOR_REASON_MAX, "no trace recorded");
        return STEP_UNSUPPORTED;
    }
    traces->trace = scenario_parse_file(path, &error);
    if (traces->trace == NULL) {
        snprintf(detail, EXECUTOR_REASON_MAX, "%.100s:%u:%u: %.100s", path, (unsigned)error.position.line,
                 (unsigned)error.position.column, error.message);
        return STEP_BROKEN;
    }
    step_order_fill(&traces->order, traces->trace);
    if (traces->trace->ports_count != instance->ports_count || !trace_ports(traces->trace, ports_first)) {
        fail_stale(traces->trace, detail);
        return STEP_BROKEN;
    }
    subject_session_begin(subject, ports_first);
    return STEP_DONE;
}

static bool same_call(const struct scenario *instance, const struct step *step, const struct scenario *trace,
                      const struct step *answered) {
    struct text one = { 0 }, other = { 0 };
    step_print_call(instance, step, &one);
    step_print_call(trace, answered, &other);
    bool same = one.length == other.length && memcmp(one.bytes, other.bytes, one.length) == 0;
    text_free(&one);
    text_free(&other);
    return same;
}

/* Behind the trace's last step: it tells why, or the recording was cut. */
static void play_ending(const struct traces_subject *traces, struct played *played) {
    const char *reason = "the recording ends here";
    enum step_result ending = trace_ending(traces->trace, &reason);
    played->result = ending == STEP_UNSUPPORTED ? STEP_UNSUPPORTED : STEP_BROKEN;
    snprintf(played->detail, sizeof played->detail, "%s", reason);
}

static void play_answer(struct subject *subject, const struct step *step, const struct step *answered, struct played *played) {
    const struct traces_subject *traces = subject->self;
    struct text line = { 0 };
    step_print(traces->trace, answered, &line);
    subject_take_answer(subject, step, line.bytes, line.length, played);
    text_free(&line);
}

static void step(struct subject *subject, unsigned index, const struct step *step, struct played *played) {
    const struct traces_subject *traces = subject->self;
    const char *needed = NULL;
    assert(traces->trace != NULL);
    if (index >= traces->order.count) {
        play_ending(traces, played);
        return;
    }
    const struct step *answered = traces->order.steps[index];
    if (!same_call(subject->instance, step, traces->trace, answered)) {
        played->result = STEP_BROKEN;
        fail_stale(traces->trace, played->detail);
        return;
    }
    played->result = trace_step_result(answered, &needed);
    if (played->result == STEP_SEEN) play_answer(subject, step, answered, played);
    else if (played->result == STEP_DONE) subject_take_done(subject, step, played);
    else snprintf(played->detail, sizeof played->detail, "%s", needed);
}

static enum step_result end(struct subject *subject, char *detail) {
    struct traces_subject *traces = subject->self;
    const char *reason = NULL;
    enum step_result ending = traces->trace == NULL ? STEP_DONE : trace_ending(traces->trace, &reason);
    if (ending == STEP_BROKEN) snprintf(detail, EXECUTOR_REASON_MAX, "%s", reason);
    scenario_free(traces->trace);
    traces->trace = NULL;
    return ending == STEP_BROKEN ? STEP_BROKEN : STEP_DONE;
}

/* --- the folder ------------------------------------------------------------------------------------------------ */

/* The facts of the first trace name the host; all traces of a folder come from one. */
static void take_facts(struct subject *subject, const char *path) {
    static struct language_error error; /* large */
    struct scenario *trace = scenario_parse_file(path, &error);
    if (trace == NULL) {
        snprintf(subject->trouble, sizeof subject->trouble, "%.100s:%u:%u: %.100s", path, (unsigned)error.position.line,
                 (unsigned)error.position.column, error.message);
        return;
    }
    for (uint32_t i = 0; i < trace->facts_count; i++) fact_list_add(&subject->facts, trace->facts[i].key, trace->facts[i].value);
    scenario_free(trace);
}

static void destroy(struct subject *subject) {
    struct traces_subject *traces = subject->self;
    scenario_free(traces->trace);
    free(traces->folder);
    free(traces);
}

struct subject *subject_traces(const char *folder) {
    static const struct subject_operations operations = { begin, step, end, destroy };
    char trouble[FOLDER_PATH_MAX];
    struct path_list list = { 0 };
    assert(folder != NULL);
    struct subject *subject = subject_create(SUBJECT_TRACES, &operations);
    struct traces_subject *traces = memory_resize(NULL, 1, sizeof *traces);
    memset(traces, 0, sizeof *traces);
    subject->self = traces;
    traces->folder = memory_copy_text(folder, strlen(folder));
    if (!folder_find(folder, ".trace", &list, trouble))
        snprintf(subject->trouble, sizeof subject->trouble, "%.200s: the folder cannot be read", trouble);
    else if (list.count == 0)
        snprintf(subject->trouble, sizeof subject->trouble, "%.200s: no trace (*.trace) is below this folder", folder);
    path_list_sort(&list);
    if (list.count > 0) take_facts(subject, list.paths[0]);
    path_list_free(&list);
    subject_name_by_facts(subject);
    return subject;
}
