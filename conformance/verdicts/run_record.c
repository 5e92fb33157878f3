#include "conformance/verdicts/run_record.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"

struct instance_record *run_record_add(struct run_record *record) {
    assert(record != NULL);
    record->instances =
        memory_grow(record->instances, record->count, &record->capacity, sizeof(struct instance_record *));
    record->instances[record->count++] = NULL;
    return run_record_begin(record, record->count - 1);
}

void run_record_reserve(struct run_record *record, size_t count) {
    assert(record->count == 0);
    record->instances = memory_resize(record->instances, count, sizeof(struct instance_record *));
    for (size_t i = 0; i < count; i++) record->instances[i] = NULL;
    record->count = record->capacity = count;
}

struct instance_record *run_record_begin(struct run_record *record, size_t place) {
    assert(place < record->count && record->instances[place] == NULL);
    struct arena *arena = arena_create();
    struct instance_record *instance = arena_allocate(arena, sizeof *instance);
    instance->arena = arena;
    instance->runs = 1;
    record->instances[place] = instance;
    return instance;
}

static unsigned not_implemented_steps(const struct instance_record *instance) {
    unsigned count = 0;
    for (unsigned i = 0; i < instance->steps_count; i++) count += instance->steps[i].not_implemented;
    return count;
}

static const char *kept_text(struct arena *arena, const char *text) {
    return text == NULL ? NULL : arena_text(arena, text, strlen(text));
}

static void keep_forgotten(struct run_record *record, size_t place, const struct instance_record *left) {
    if (record->forgotten == NULL) record->forgotten = arena_create();
    struct arena *arena = record->forgotten;
    struct instance_record *kept = arena_allocate(arena, sizeof *kept);
    *kept = *left;
    kept->arena = arena;
    kept->scenario = kept_text(arena, left->scenario);
    kept->id = kept_text(arena, left->id);
    kept->path = kept_text(arena, left->path);
    kept->reason = kept_text(arena, left->reason);
    kept->trace_path = kept_text(arena, left->trace_path);
    record->instances[place] = kept;
}

void run_record_forget(struct run_record *record, size_t index) {
    struct instance_record *whole = record->instances[index];
    assert(whole->verdict == VERDICT_CONFORM && !whole->stopped && !whole->forgotten);
    const struct instance_record left = { .scenario = whole->scenario,
                                          .id = whole->id,
                                          .path = whole->path,
                                          .subject = whole->subject,
                                          .verdict = whole->verdict,
                                          .reason = whole->reason,
                                          .runs = whole->runs,
                                          .runs_other = whole->runs_other,
                                          .duration_us = whole->duration_us,
                                          .trace_path = whole->trace_path,
                                          .forgotten = true,
                                          .steps_forgotten = whole->steps_count,
                                          .steps_forgotten_sent = whole->steps_sent,
                                          .not_implemented_forgotten = not_implemented_steps(whole) };
    keep_forgotten(record, index, &left);
    instance_record_free(whole);
}

void run_record_take_forgotten(struct run_record *record, size_t place, const struct instance_record *left) {
    assert(place < record->count && record->instances[place] == NULL && left->forgotten);
    keep_forgotten(record, place, left);
}

void instance_record_free(struct instance_record *record) {
    if (record == NULL || record->forgotten) return; /* the run's record has its memory */
    assert(record->arena != NULL);
    scenario_free(record->instance);
    text_free(&record->trace);
    arena_free(record->arena);
}

void run_record_free(struct run_record *record) {
    assert(record != NULL);
    for (size_t i = 0; i < record->count; i++) instance_record_free(record->instances[i]);
    free(record->instances);
    arena_free(record->forgotten);
    *record = (struct run_record){ .count = 0 };
}

void run_record_count(const struct run_record *record, unsigned subject, struct run_counts *counts) {
    assert(record != NULL && counts != NULL);
    memset(counts, 0, sizeof *counts);
    for (size_t i = 0; i < record->count; i++) {
        const struct instance_record *instance = record->instances[i];
        if (subject != SUBJECTS_MAX && instance->subject != subject) continue;
        counts->instances++;
        counts->verdicts[instance->verdict]++;
        counts->steps += instance->steps_count + instance->steps_forgotten;
        counts->steps_sent += instance->steps_sent + instance->steps_forgotten_sent;
        counts->steps_verdicts[VERDICT_CONFORM] += instance->steps_forgotten;
        counts->not_implemented += instance->not_implemented_forgotten;
        for (unsigned j = 0; j < instance->steps_count; j++) {
            const struct step_record *step = &instance->steps[j];
            counts->steps_verdicts[step->verdict]++;
            counts->not_implemented += step->not_implemented;
            counts->following += step->verdict == VERDICT_DEVIATE_NEW && step->follows != NULL;
            counts->unreviewed += step->rule != NULL && !step->rule->reviewed;
        }
    }
}

void instance_record_raise(struct instance_record *record, enum verdict verdict, const char *reason) {
    assert(record != NULL);
    if (verdict < record->verdict) return;
    if (verdict > record->verdict || record->reason == NULL) record->reason = reason;
    record->verdict = verdict_worst(record->verdict, verdict);
}

const char *instance_record_text(struct instance_record *record, const char *text) {
    assert(record != NULL && text != NULL);
    return arena_text(record->arena, text, strlen(text));
}
