#include "conformance/subjects/subject.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"
#include "conformance/language/parser.h"
#include "conformance/player/answer.h"
#include "conformance/session/session_objects.h"
#include "conformance/subjects/subject_parts.h"

struct subject *subject_create(enum subject_kind kind, const struct subject_operations *operations) {
    assert(operations != NULL);
    struct subject *subject = memory_resize(NULL, 1, sizeof *subject);
    memset(subject, 0, sizeof *subject);
    subject->kind = kind;
    subject->operations = operations;
    return subject;
}

void subject_free(struct subject *subject) {
    if (subject == NULL) return;
    assert(subject->instance == NULL);
    subject->operations->destroy(subject);
    fact_list_free(&subject->facts);
    free(subject);
}

void played_free(struct played *played) {
    assert(played != NULL);
    text_free(&played->line);
}

/* --- playing -------------------------------------------------------------------------------------------------- */

/* What is alike for begin and resume. */
static enum step_result take_instance(struct subject *subject, struct scenario *instance, uint16_t *ports_first, char *detail) {
    assert(subject->instance == NULL);
    assert(instance->dimensions_count == 0);
    subject->instance = instance;
    memset(ports_first, 0, PLAYER_PORTS_MAX * sizeof *ports_first);
    detail[0] = '\0';
    if (subject->trouble[0] != '\0') {
        snprintf(detail, EXECUTOR_REASON_MAX, "%s", subject->trouble);
        return STEP_BROKEN;
    }
    if (instance->ports_count <= PLAYER_PORTS_MAX) return STEP_DONE;
    snprintf(detail, EXECUTOR_REASON_MAX, "more than %d ports lines", PLAYER_PORTS_MAX);
    return STEP_UNSUPPORTED;
}

enum step_result subject_begin(struct subject *subject, struct scenario *instance, const char *id, uint16_t *ports_first,
                               char *detail) {
    enum step_result result = take_instance(subject, instance, ports_first, detail);
    return result != STEP_DONE ? result : subject->operations->begin(subject, instance, id, ports_first, detail);
}

enum step_result subject_resume(struct subject *subject, struct scenario *instance, const char *path, const struct text *so_far,
                                uint16_t *ports_first, char *detail) {
    static struct language_error error; /* large */
    assert(subject->operations->resume != NULL && so_far->length > 0);
    enum step_result result = take_instance(subject, instance, ports_first, detail);
    if (result != STEP_DONE) return result;
    struct scenario *trace = scenario_parse(path, so_far->bytes, so_far->length, &error);
    if (trace != NULL) return subject->operations->resume(subject, trace, so_far, ports_first, detail);
    snprintf(detail, EXECUTOR_REASON_MAX, "%.100s:%u:%u: %.100s", path, (unsigned)error.position.line,
             (unsigned)error.position.column, error.message);
    return STEP_BROKEN;
}

void subject_quit(struct subject *subject) {
    assert(subject->instance == NULL);
    if (subject->operations->quit != NULL) subject->operations->quit(subject);
}

void subject_step(struct subject *subject, unsigned index, const struct step *step, struct played *played) {
    assert(subject->instance != NULL);
    assert(step != NULL && step->kind != STEP_TOGETHER);
    memset(&played->seen, 0, sizeof played->seen);
    played->line.length = 0;
    played->detail[0] = '\0';
    subject->operations->step(subject, index, step, played);
}

static enum step_result end_by(struct subject *subject, enum step_result (*end)(struct subject *, char *), char *detail) {
    assert(subject->instance != NULL);
    detail[0] = '\0';
    enum step_result result = subject->trouble[0] != '\0' ? STEP_DONE : end(subject, detail);
    subject->instance = NULL;
    subject->playing_facts = NULL;
    return result;
}

enum step_result subject_end(struct subject *subject, char *detail) { return end_by(subject, subject->operations->end, detail); }

enum step_result subject_leave(struct subject *subject, char *detail) {
    bool can = subject->operations->leave != NULL;
    return end_by(subject, can ? subject->operations->leave : subject->operations->end, detail);
}

const struct fact_list *subject_facts(const struct subject *subject) {
    assert(subject->instance != NULL);
    return subject->playing_facts != NULL ? subject->playing_facts : &subject->facts;
}

/* --- subjects that tell in text -------------------------------------------------------------------------------- */

void subject_session_begin(struct subject *subject, const uint16_t *ports_first) {
    assert(subject->instance != NULL);
    memset(&subject->session, 0, sizeof subject->session);
    session_begin(&subject->session, subject->instance, ports_first);
}

bool subject_take_answer(struct subject *subject, const struct step *step, const char *text, size_t length,
                         struct played *played) {
    assert(subject->instance != NULL && text != NULL);
    bool good = answer_read(subject->instance, &subject->session, step, text, length, &played->seen, played->detail);
    played->result = good ? STEP_SEEN : STEP_BROKEN;
    if (good) text_add(&played->line, "%.*s", (int)length, text);
    return good;
}

void subject_take_done(struct subject *subject, const struct step *step, struct played *played) {
    int needed = NO_NAME;
    assert(subject->instance != NULL && step != NULL);
    played->result = STEP_DONE;
    if (step->kind != STEP_OVERLAPPED && step->kind != STEP_BUFFER) return;
    if (session_declare(&subject->session, subject->instance, step, &needed) == SESSION_READY) return;
    played->result = STEP_NEEDS;
    snprintf(played->detail, sizeof played->detail, "%s", needed < 0 ? "an earlier step" : subject->instance->names[needed].text);
}

/* --- names ---------------------------------------------------------------------------------------------------- */

/* Only what may stand in a folder's name everywhere. */
static void tidy(char *name) {
    for (char *at = name; *at != '\0'; at++) {
        if (*at >= 'A' && *at <= 'Z') *at = (char)(*at - 'A' + 'a');
        bool good = (*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9') || *at == '.' || *at == '-';
        if (!good) *at = '-';
    }
}

void subject_name_by_facts(struct subject *subject) {
    assert(subject != NULL);
    const char *host = fact_list_value(&subject->facts, "host");
    const char *wine = fact_list_value(&subject->facts, "wine");
    const char *build = fact_list_value(&subject->facts, "build");
    const char *version = wine != NULL ? wine : build;
    if (host == NULL) host = "host";
    int length = version == NULL ? snprintf(subject->name, sizeof subject->name, "%s", host)
                                 : snprintf(subject->name, sizeof subject->name, "%s-%s", host, version);
    assert(length > 0);
    (void)length;
    tidy(subject->name);
}
