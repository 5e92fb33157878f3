#include "conformance/verdicts/run_record.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"

struct instance_record *run_record_add(struct run_record *record) {
    assert(record != NULL);
    struct arena *arena = arena_create();
    struct instance_record *instance = arena_allocate(arena, sizeof *instance);
    instance->arena = arena;
    instance->runs = 1;
    record->instances =
        memory_grow(record->instances, record->count, &record->capacity, sizeof(struct instance_record *));
    record->instances[record->count++] = instance;
    return instance;
}

void instance_record_free(struct instance_record *record) {
    if (record == NULL) return;
    assert(record->arena != NULL);
    scenario_free(record->instance);
    text_free(&record->trace);
    arena_free(record->arena);
}

void run_record_free(struct run_record *record) {
    assert(record != NULL);
    for (size_t i = 0; i < record->count; i++) instance_record_free(record->instances[i]);
    free(record->instances);
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
        counts->steps += instance->steps_count;
        counts->steps_sent += instance->steps_sent;
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
