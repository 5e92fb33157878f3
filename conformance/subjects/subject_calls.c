/* Calls for a capture: who makes which, on what handle, and what it answers. */
#include <assert.h>
#include <string.h>

#include "conformance/language/printer.h"
#include "conformance/session/session_refer.h"
#include "conformance/subjects/subject_parts.h"

/* What happens on the machine; the rest are words between the scenario and whoever plays it. */
static bool is_kept(const struct subject *subject, const struct step *step) {
    if (subject->watch == NULL || !packet_watch_has_calls(subject->watch)) return false;
    return step->kind != STEP_OVERLAPPED && step->kind != STEP_BUFFER && step->kind != STEP_FREE &&
           step->kind != STEP_CHECK && step->kind != STEP_EXPECT;
}

/* The number of the handle that a call is about, or gave; 0 where there is none, or a host does not report it. */
static uint64_t handle_of(const struct subject *subject, const struct step *step, bool gave) {
    if (step->kind != STEP_CALL) return 0;
    int name = session_handle_name(subject->instance, step);
    if (name == NO_NAME && gave && step->product != NO_NAME) name = step->product;
    if (name == NO_NAME) return 0;
    return name_is_handle(subject->instance->names[name].kind) ? subject_session(subject)->live[name].number : 0;
}

/* `app.t2: send(s, b)` without who it is that sends. */
static const char *without_who(const struct step *step, const char *text) {
    const char *colon = step->thread == NO_NAME ? NULL : strstr(text, ": ");
    return colon == NULL ? text : colon + 2;
}

static const char *thread_name(const struct scenario *scenario, const struct step *step) {
    if (step->thread == NO_NAME) return "";
    const struct thread_line *thread = &scenario->threads[step->thread];
    const char *dot = strrchr(thread->name, '.');
    return thread->is_main ? "main" : dot == NULL ? thread->name : dot + 1;
}

static void keep(struct subject *subject, const struct step *step, const char *answer) {
    const struct scenario *scenario = subject->instance;
    struct text text = { 0 };
    step_print_call(scenario, step, &text);
    const struct captured_call call = {
        .handle = handle_of(subject, step, answer != NULL),
        .process = step->process == NO_NAME ? "" : scenario->processes[step->process].name,
        .thread = thread_name(scenario, step),
        .call = without_who(step, text.bytes),
        .answer = answer,
    };
    uint64_t now_ns = subject->operations->now_ns == NULL ? 0 : subject->operations->now_ns(subject);
    packet_watch_call(subject->watch, now_ns, &call);
    text_free(&text);
}

void subject_call_begins(struct subject *subject, const struct step *step) {
    if (is_kept(subject, step)) keep(subject, step, NULL);
}

void subject_call_ends(struct subject *subject, const struct step *step, const struct step_answer *answer) {
    struct text text = { 0 };
    if (!is_kept(subject, step)) return;
    const char *arrow = answer->result == STEP_SEEN ? strstr(answer->line.bytes, " -> ") : NULL;
    if (arrow != NULL) text_add(&text, "%.*s", (int)strcspn(arrow + 4, "\n"), arrow + 4);
    else if (answer->result == STEP_DONE) text_add(&text, "done");
    else text_add(&text, "not sent: %s", answer->detail.text);
    keep(subject, step, text.bytes);
    text_free(&text);
}
