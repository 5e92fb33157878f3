/* The model as a subject: player and model executor. */
#include <assert.h>
#include <stdio.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"
#include "conformance/base/reason.h"
#include "conformance/base/version.h"
#include "conformance/player/play.h"
#include "conformance/session/session_bind.h"
#include "conformance/session/session_print.h"
#include "conformance/stage/model_executor.h"
#include "conformance/subjects/subject_parts.h"
#include "stack/errors.h"
#include "stack/world.h"

enum { LINK_NAME_MAX = 160 };

struct model_subject {
    struct stage_tap tap; /* fills the subject's watch */
    struct model_executor executor;
    struct player player;
};

static enum step_result begin(struct subject *subject, struct scenario *instance, const char *id, uint16_t *ports_first,
                              struct reason *detail) {
    struct model_subject *model = subject->self;
    (void)id;
    enum step_result result = player_begin(&model->player, instance, model_executor_interface(&model->executor));
    memcpy(ports_first, model->player.ports_first, PORTS_MAX * sizeof *ports_first);
    if (result != STEP_DONE) *detail = model->player.reason;
    return result;
}

static void step(struct subject *subject, unsigned index, const struct step *step, struct step_answer *answer) {
    struct model_subject *model = subject->self;
    (void)index;
    if (step->kind == STEP_EXPECT) {
        subject_expect(subject, step, answer);
        if (answer->result == STEP_SEEN) session_learn(&model->player.session, subject->instance, step, &answer->seen);
        return;
    }
    answer->result = player_step(&model->player, step, &answer->seen);
    switch (answer->result) {
    case STEP_SEEN:
        session_print_answer(&model->player.session, subject->instance, step, &answer->seen, &answer->line);
        return;
    case STEP_DONE: return;
    case STEP_NEEDS: reason_set(&answer->detail, "%s", model->player.needed); return;
    default: answer->detail = model->player.reason; return;
    }
}

static enum step_result end(struct subject *subject, struct reason *detail) {
    struct model_subject *model = subject->self;
    enum step_result result = player_end(&model->player);
    if (result != STEP_DONE) *detail = model->player.reason;
    return result;
}

static void destroy(struct subject *subject) {
    struct model_subject *model = subject->self;
    model_executor_free(&model->executor);
    free(model);
}

static uint64_t now_ns(const struct subject *subject) {
    const struct model_subject *model = subject->self;
    return model->executor.world == NULL ? 0 : model->executor.world->now_ns;
}

/* A link by the names of its machines, as its line has them; what stays on a machine by that one's name. */
static void show_packet(void *self, uint64_t at_ns, unsigned machine, unsigned link, const uint8_t *bytes,
                        uint32_t length) {
    struct subject *subject = self;
    const struct scenario *scenario = subject->instance;
    char name[LINK_NAME_MAX];
    if (scenario->machines_count == 0) {
        packet_watch_packet(subject->watch, at_ns, NULL, bytes, length);
        return;
    }
    if (link == LINK_NONE) {
        snprintf(name, sizeof name, "%s", scenario->machines[machine].name);
    } else {
        const int *ends = scenario->links[link].machines;
        snprintf(name, sizeof name, "%s-%s", scenario->machines[ends[0]].name, scenario->machines[ends[1]].name);
    }
    packet_watch_packet(subject->watch, at_ns, name, bytes, length);
}

struct subject *subject_model(const struct profile *profile, uint64_t seed) {
    static const struct subject_operations operations = {
        .begin = begin,
        .step = step,
        .end = end,
        .destroy = destroy,
        .now_ns = now_ns,
    };
    char number[24];
    assert(profile != NULL);
    struct subject *subject = subject_create(SUBJECT_MODEL, &operations);
    struct model_subject *model = memory_resize(NULL, 1, sizeof *model);
    memset(model, 0, sizeof *model);
    subject->self = model;
    if (!model_executor_init(&model->executor, profile, seed)) {
        reason_set(&subject->unusable_reason, "no memory for a world");
    }
    subject->watch = packet_watch_create();
    model->tap = (struct stage_tap){ .self = subject, .packet = show_packet };
    model_executor_tap(&model->executor, &model->tap);
    snprintf(subject->name, sizeof subject->name, "model");
    snprintf(number, sizeof number, "%" PRIu64, seed);
    fact_list_add(&subject->facts, "by", "model");
    fact_list_add(&subject->facts, "version", RESERVOIR_VERSION);
    fact_list_add(&subject->facts, "profile", profile->name);
    fact_list_add(&subject->facts, "seed", number);
    return subject;
}

void subject_model_keep_store(struct subject *subject, const char *path) {
    assert(subject->kind == SUBJECT_MODEL);
    struct model_subject *model = subject->self;
    model_executor_keep_store(&model->executor, path);
}

const struct session *subject_session(const struct subject *subject) {
    assert(subject != NULL);
    if (subject->kind != SUBJECT_MODEL) return &subject->session;
    const struct model_subject *model = subject->self;
    return &model->player.session;
}

unsigned subject_model_reading(const struct subject *subject, unsigned question) {
    assert(subject->kind == SUBJECT_MODEL && question < READINGS_MAX);
    const struct model_subject *model = subject->self;
    assert(model->executor.world != NULL);
    unsigned asked = model->executor.world->readings[question];
    return asked != 0 ? asked : model->executor.profile->answers[question];
}

bool subject_model_asked(const struct subject *subject, unsigned question) {
    assert(subject->kind == SUBJECT_MODEL && question < READINGS_MAX);
    const struct model_subject *model = subject->self;
    struct network *network = model->executor.network;
    bool asked = model->executor.world->readings[question] != 0;
    for (unsigned i = 0; network != NULL && i < network->machines_count; i++)
        asked = asked || network_machine(network, i)->readings[question] != 0;
    return asked;
}

const char *subject_misuse(struct subject *subject) {
    uint32_t line;
    if (subject->kind != SUBJECT_MODEL) return memory_watch_misuse(&subject->memory, &line);
    struct model_subject *model = subject->self;
    return player_misuse(&model->player);
}

bool subject_model_readings_hold(const struct subject *subject, const struct source *sources, unsigned count) {
    assert(sources != NULL || count == 0);
    for (unsigned i = 0; i < count; i++) {
        if (sources[i].kind != SOURCE_READING) continue;
        unsigned answer = subject_model_reading(subject, sources[i].number);
        if (answer != 0 && answer != sources[i].candidate + 1) return false;
    }
    return true;
}
