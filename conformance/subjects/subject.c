#include "conformance/subjects/subject.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/reason.h"
#include "conformance/language/parser.h"
#include "conformance/subjects/said.h"
#include "conformance/subjects/subject_parts.h"

void subject_free(struct subject *subject) {
    if (subject == NULL) return;
    assert(subject->instance == NULL);
    subject->operations->destroy(subject);
    fact_list_free(&subject->facts);
    packet_watch_free(subject->watch);
    free(subject);
}

void subject_watch(struct subject *subject, struct packet_watch *watch) {
    assert(subject->instance == NULL && watch != NULL);
    packet_watch_free(subject->watch);
    subject->watch = watch;
}

void subject_know_vain_waits(struct subject *subject, vain_wait_known *waits_in_vain, const void *known) {
    assert(subject->instance == NULL);
    subject->waits_in_vain = waits_in_vain;
    subject->known = known;
}

void subject_keep(struct subject *subject, struct said *said) {
    assert(subject->instance == NULL && subject->kind == SUBJECT_HOST && subject->taken == NULL);
    subject->kept = said;
}

void subject_take(struct subject *subject, struct said *said) {
    assert(subject->instance == NULL && subject->kind == SUBJECT_HOST && subject->kept == NULL);
    subject->taken = said;
}

void step_answer_free(struct step_answer *answer) {
    assert(answer != NULL);
    text_free(&answer->line);
}

/* --- playing -------------------------------------------------------------------------------------------------- */

/* What is alike for begin and resume. */
static enum step_result take_instance(struct subject *subject, struct scenario *instance, uint16_t *ports_first,
                                      struct reason *detail) {
    assert(subject->instance == NULL);
    assert(instance->dimensions_count == 0 && instance->ports_count <= PORTS_MAX);
    subject->instance = instance;
    memset(ports_first, 0, PORTS_MAX * sizeof *ports_first);
    detail->text[0] = '\0';
    if (subject->unusable_reason.text[0] != '\0') {
        *detail = subject->unusable_reason;
        return STEP_BROKEN;
    }
    return STEP_DONE;
}

/* As another process was answered. */
static enum step_result take_begin(struct subject *subject, uint16_t *ports_first, struct reason *detail) {
    enum step_result result = said_take_begin(subject->taken, subject->instance->name, ports_first, detail);
    subject->playing_facts = &subject->taken->facts;
    if (result == STEP_DONE) subject_session_begin(subject, ports_first);
    return result;
}

static void take_step(struct subject *subject, const struct step *step, struct step_answer *answer) {
    const char *line = NULL;
    size_t length = 0;
    answer->result = said_take_step(subject->taken, &line, &length, &answer->detail);
    if (answer->result == STEP_SEEN) subject_take_answer(subject, step, line, length, answer);
    else if (answer->result == STEP_DONE) subject_take_done(subject, step, answer);
}

enum step_result subject_begin(struct subject *subject, struct scenario *instance, const char *id,
                               uint16_t *ports_first, struct reason *detail) {
    enum step_result result = take_instance(subject, instance, ports_first, detail);
    if (subject->taken != NULL) return take_begin(subject, ports_first, detail);
    if (result == STEP_DONE && subject->watch != NULL) packet_watch_begin(subject->watch, id);
    if (result == STEP_DONE) result = subject->operations->begin(subject, instance, id, ports_first, detail);
    if (subject->kept != NULL)
        said_keep_begin(subject->kept, instance->name, result, ports_first, subject_facts(subject), detail);
    return result;
}

enum step_result subject_resume(struct subject *subject, struct scenario *instance, const char *path,
                                const struct text *so_far, uint16_t *ports_first, struct reason *detail) {
    struct language_error error;
    assert(subject->operations->resume != NULL && so_far->length > 0);
    assert(subject->kept == NULL && subject->taken == NULL);
    enum step_result result = take_instance(subject, instance, ports_first, detail);
    if (result != STEP_DONE) return result;
    if (subject->watch != NULL) packet_watch_begin(subject->watch, instance->name);
    struct scenario *trace = scenario_parse(path, so_far->bytes, so_far->length, &error);
    if (trace != NULL) return subject->operations->resume(subject, trace, so_far, ports_first, detail);
    reason_set(detail, "%.100s:%u:%u: %.100s", path, (unsigned)error.position.line, (unsigned)error.position.column,
               error.message);
    return STEP_BROKEN;
}

void subject_quit(struct subject *subject) {
    assert(subject->instance == NULL);
    if (subject->operations->quit != NULL) subject->operations->quit(subject);
}

void subject_step(struct subject *subject, unsigned index, const struct step *step, struct step_answer *answer) {
    assert(subject->instance != NULL);
    assert(step != NULL && step->kind != STEP_TOGETHER);
    memset(&answer->seen, 0, sizeof answer->seen);
    answer->line.length = 0;
    answer->detail.text[0] = '\0';
    bool watched = subject->kind != SUBJECT_MODEL;
    if (subject->taken == NULL) subject_call_begins(subject, step);
    if (watched) memory_watch_before(&subject->memory, &subject->session, subject->instance, step);
    if (subject->taken != NULL) take_step(subject, step, answer);
    else subject->operations->step(subject, index, step, answer);
    if (subject->kept != NULL) said_keep_step(subject->kept, answer->result, &answer->line, &answer->detail);
    if (watched) memory_watch_after(&subject->memory, subject->instance, step, answer->result, &answer->seen);
    if (subject->taken == NULL) subject_call_ends(subject, step, answer);
}

/* Ends it on the host, and its packets. */
static enum step_result end_there(struct subject *subject, enum step_result (*end)(struct subject *, struct reason *),
                                  struct reason *detail) {
    enum step_result result = subject->unusable_reason.text[0] != '\0' ? STEP_DONE : end(subject, detail);
    struct reason trouble;
    bool kept = subject->watch == NULL || packet_watch_end(subject->watch, &trouble);
    if (kept || result == STEP_BROKEN) return result;
    *detail = trouble;
    return STEP_BROKEN;
}

static enum step_result end_by(struct subject *subject, enum step_result (*end)(struct subject *, struct reason *),
                               struct reason *detail) {
    assert(subject->instance != NULL);
    detail->text[0] = '\0';
    enum step_result result =
        subject->taken != NULL ? said_take_end(subject->taken, detail) : end_there(subject, end, detail);
    if (subject->kept != NULL) said_keep_end(subject->kept, result, detail);
    subject->instance = NULL;
    subject->playing_facts = NULL;
    return result;
}

enum step_result subject_end(struct subject *subject, struct reason *detail) {
    return end_by(subject, subject->operations->end, detail);
}

enum step_result subject_leave(struct subject *subject, struct reason *detail) {
    bool can = subject->operations->leave != NULL;
    return end_by(subject, can ? subject->operations->leave : subject->operations->end, detail);
}

const struct fact_list *subject_facts(const struct subject *subject) {
    assert(subject->instance != NULL);
    return subject->playing_facts != NULL ? subject->playing_facts : &subject->facts;
}
