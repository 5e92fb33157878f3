#include "reports/catalogue/tally.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"

static struct tally_row *row_of(struct tally *tally, const char *key) {
    for (size_t i = 0; i < tally->count; i++)
        if (strcmp(tally->rows[i].key, key) == 0) return &tally->rows[i];
    tally->rows = memory_grow(tally->rows, tally->count, &tally->capacity, sizeof *tally->rows);
    struct tally_row *row = &tally->rows[tally->count++];
    memset(row, 0, sizeof *row);
    snprintf(row->key, sizeof row->key, "%s", key);
    return row;
}

static void note_scenario(struct tally_row *row, const char *scenario) {
    if (row->last_scenario != NULL && strcmp(row->last_scenario, scenario) == 0) return;
    for (unsigned i = 0; i < row->scenarios_count && i < TALLY_SCENARIOS_SHOWN; i++)
        if (strcmp(row->scenarios[i], scenario) == 0) return;
    if (row->scenarios_count < TALLY_SCENARIOS_SHOWN) row->scenarios[row->scenarios_count] = scenario;
    row->scenarios_count++;
    row->last_scenario = scenario;
}

static unsigned total(const struct tally_row *row) {
    unsigned sum = 0;
    for (unsigned i = 0; i < ANSWERERS_MAX; i++) sum += row->counts[i];
    return sum;
}

static int compare_rows(const void *one, const void *other) {
    unsigned a = total(one), b = total(other);
    return a != b ? (a > b ? -1 : 1)
                  : strcmp(((const struct tally_row *)one)->key, ((const struct tally_row *)other)->key);
}

void tally_answers(struct tally *tally, const struct answers *answers, tally_key *key_of, const void *about) {
    assert(answers->count <= ANSWERERS_MAX);
    for (size_t who = 0; who < answers->count; who++) {
        const struct run_record *record = &answers->answerers[who].record;
        for (size_t i = 0; i < record->count; i++) {
            const struct instance_record *instance = record->instances[i];
            struct step_order order;
            step_order_fill(&order, instance->instance);
            for (unsigned j = 0; j < instance->steps_count; j++) {
                char key[TALLY_KEY_MAX];
                if (instance->steps[j].outcome == NULL || !key_of(&order, j, &instance->steps[j], about, key)) continue;
                struct tally_row *row = row_of(tally, key);
                row->counts[who]++;
                note_scenario(row, instance->scenario);
            }
        }
    }
    if (tally->count > 0) qsort(tally->rows, tally->count, sizeof *tally->rows, compare_rows);
}

void tally_free(struct tally *tally) {
    free(tally->rows);
    *tally = (struct tally){ .count = 0 };
}

static void print_row(const struct answers *answers, const struct tally_row *row, struct text *out) {
    bool any = false;
    text_add(out, "    %s: ", row->key);
    for (size_t i = 0; i < answers->count; i++) {
        if (row->counts[i] == 0) continue;
        text_add(out, "%s%s %u", any ? ", " : "", answers->answerers[i].name, row->counts[i]);
        any = true;
    }
    text_add(out, "\n     ");
    for (unsigned i = 0; i < row->scenarios_count && i < TALLY_SCENARIOS_SHOWN; i++)
        text_add(out, " %s", row->scenarios[i]);
    text_add(out, "%s\n", row->scenarios_count > TALLY_SCENARIOS_SHOWN ? " ..." : "");
}

void tally_print(const struct tally *tally, const struct answers *answers, struct text *out) {
    for (size_t i = 0; i < tally->count; i++) print_row(answers, &tally->rows[i], out);
}
