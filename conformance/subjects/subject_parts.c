#include "conformance/subjects/subject_parts.h"

#include <assert.h>
#include <string.h>

#include "conformance/base/memory.h"
#include "conformance/base/reason.h"
#include "conformance/player/answer.h"
#include "conformance/session/session_bind.h"
#include "conformance/session/session_objects.h"
#include "conformance/session/session_print.h"

struct subject *subject_create(enum subject_kind kind, const struct subject_operations *operations) {
    assert(operations != NULL);
    struct subject *subject = memory_resize(NULL, 1, sizeof *subject);
    memset(subject, 0, sizeof *subject);
    subject->kind = kind;
    subject->operations = operations;
    return subject;
}

/* --- subjects that answer in text ------------------------------------------------------------------------------- */

void subject_session_begin(struct subject *subject, const uint16_t *ports_first) {
    assert(subject->instance != NULL);
    memset(&subject->session, 0, sizeof subject->session);
    session_begin(&subject->session, subject->instance, ports_first);
    memory_watch_begin(&subject->memory, subject->instance);
}

bool subject_take_answer(struct subject *subject, const struct step *step, const char *text, size_t length,
                         struct step_answer *answer) {
    assert(subject->instance != NULL && text != NULL);
    bool good = answer_read(subject->instance, &subject->session, step, text, length, &answer->seen, &answer->detail);
    answer->result = good ? STEP_SEEN : STEP_BROKEN;
    if (good) text_add(&answer->line, "%.*s", (int)length, text);
    return good;
}

void subject_take_done(struct subject *subject, const struct step *step, struct step_answer *answer) {
    int needed = NO_NAME;
    assert(subject->instance != NULL && step != NULL);
    answer->result = STEP_DONE;
    if (step->kind != STEP_OVERLAPPED && step->kind != STEP_BUFFER) return;
    if (session_declare(&subject->session, subject->instance, step, &needed) == SESSION_READY) return;
    answer->result = STEP_NEEDS;
    reason_set(&answer->detail, "%s", needed < 0 ? "an earlier step" : subject->instance->names[needed].text);
}

void subject_expect(struct subject *subject, const struct step *step, struct step_answer *answer) {
    struct session shown = *subject_session(subject); /* printing notes what it has shown */
    static struct outcome none = { .word = OUTCOME_NONE };
    struct step sought = *step;
    assert(subject->watch != NULL);
    if (subject->waits_in_vain != NULL && subject->waits_in_vain(subject->known, step)) {
        sought.outcomes = &none; /* it is waited for as long as the line says */
        sought.outcomes_count = 1;
    }
    answer->result =
        packet_watch_expect(subject->watch, &shown, subject->instance, &sought, &answer->seen, &answer->detail);
    if (answer->result != STEP_SEEN) return;
    session_print_answer(&shown, subject->instance, step, &answer->seen, &answer->line);
    if (subject->kind != SUBJECT_MODEL) session_learn(&subject->session, subject->instance, step, &answer->seen);
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

/* Builds of workstations and servers have the same numbers, and a machine of another architecture emulates ours. */
static void add_kind(struct subject *subject) {
    const char *product = fact_list_value(&subject->facts, "product");
    const char *native = fact_list_value(&subject->facts, "native-architecture");
    size_t used = strlen(subject->name), room = sizeof subject->name - used;
    bool plain = product == NULL || strcmp(product, "workstation") == 0;
    bool emulated = native != NULL && strcmp(native, "x64") != 0;
    snprintf(subject->name + used, room, "%s%s%s%s", plain ? "" : "-", plain ? "" : product, emulated ? "-" : "",
             emulated ? native : "");
}

void subject_name_by_facts(struct subject *subject) {
    assert(subject != NULL);
    const char *host = fact_list_value(&subject->facts, "host");
    const char *wine = fact_list_value(&subject->facts, "wine");
    const char *build = fact_list_value(&subject->facts, "build");
    const char *version = wine != NULL ? wine : build;
    const char *provider = fact_list_value(&subject->facts, "provider");
    if (provider != NULL) host = provider, version = NULL;
    if (host == NULL) host = "host";
    int length = version == NULL ? snprintf(subject->name, sizeof subject->name, "%s", host)
                                 : snprintf(subject->name, sizeof subject->name, "%s-%s", host, version);
    assert(length > 0);
    (void)length;
    if (strcmp(host, "windows") == 0) add_kind(subject);
    tidy(subject->name);
}
