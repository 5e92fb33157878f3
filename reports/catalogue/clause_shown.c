#include "reports/catalogue/clause_shown.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "reports/catalogue/step_about.h"

enum { CALL_WIDTH = 36, WORD_MAX = 64 };

static const char any_call[] = "-", both_doors[] = "both-doors";

bool clause_was_kept(const struct step_record *step, const char *clause) {
    assert(step != NULL && clause != NULL);
    if (step->verdict != VERDICT_CONFORM || step->result != STEP_SEEN || step->alternative < 0) return false;
    const struct outcome *outcome = &step->step->outcomes[step->alternative];
    for (uint32_t i = 0; i < outcome->sources_count; i++) {
        const struct source *source = &outcome->sources[i];
        if (source->kind == SOURCE_CLAUSE && strcmp(source->text, clause) == 0) return true;
    }
    return false;
}

static unsigned count_in(const struct instance_record *instance, const struct clause *clause, const char *word) {
    struct step_order order;
    bool ordered = false;
    unsigned count = 0;
    for (unsigned i = 0; i < instance->steps_count; i++) {
        if (!clause_was_kept(&instance->steps[i], clause->id)) continue;
        if (!ordered) step_order_fill(&order, instance->instance);
        ordered = true;
        count += strcmp(step_about(&order, i), word) == 0;
    }
    return count;
}

/* How many steps of calls of that word show it, as this answerer answered. */
static unsigned clause_shown_count(const struct answerer *answerer, const struct clause *clause, const char *word) {
    unsigned count = 0;
    assert(answerer != NULL && clause != NULL && word != NULL);
    for (size_t i = 0; i < answerer->record.count; i++) count += count_in(answerer->record.instances[i], clause, word);
    return count;
}

/* Takes the next call's word out of a clause's words; false at their end. */
static bool next_call(const char **words, char word[WORD_MAX]) {
    for (;;) {
        *words += strspn(*words, " ");
        size_t length = strcspn(*words, " ");
        if (length == 0) return false;
        snprintf(word, WORD_MAX, "%.*s", (int)length, *words);
        *words += length;
        if (strcmp(word, both_doors) != 0) return true;
    }
}

bool clause_is_shown(const struct answers *answers, const struct clause *clause) {
    char word[WORD_MAX];
    assert(answers != NULL && clause != NULL);
    if (strcmp(clause->about, any_call) == 0) return true;
    for (const char *words = clause->about; next_call(&words, word);) {
        for (size_t i = 0; i < answers->count; i++) {
            const struct answerer *answerer = &answers->answerers[i];
            if (answerer->profile != NULL && clause_shown_count(answerer, clause, word) > 0) return true;
        }
    }
    return false;
}

/* ASSOCIATE by WSAIoctl          documented 24, windows 24, wine-8.0 3 */
static void add_call(const struct answers *answers, const struct clause *clause, const char *word, struct text *out) {
    char call[WORD_MAX + 16];
    bool any = false;
    bool has_door = strcmp(word, "ASSOCIATE") == 0;
    snprintf(call, sizeof call, "%s%s", word, has_door ? " by WSAIoctl" : "");
    text_add(out, "    on %-*s", CALL_WIDTH, call);
    for (size_t i = 0; i < answers->count; i++) {
        unsigned count = clause_shown_count(&answers->answerers[i], clause, word);
        if (count == 0) continue;
        text_add(out, "%s%s %u", any ? ", " : "", answers->answerers[i].name, count);
        any = true;
    }
    text_add(out, "%s\n", any ? "" : "none yet");
}

void add_clause_shown(const struct answers *answers, const struct data *data, const struct clause *clause,
                      struct text *out) {
    char word[WORD_MAX];
    assert(answers != NULL && data != NULL && clause != NULL && out != NULL);
    bool planned = catalogue_find_planned(&data->catalogue, clause->id) != NULL;
    if (strcmp(clause->about, any_call) == 0 || planned) return;
    for (const char *words = clause->about; next_call(&words, word);)
        if (clause_is_decidable(clause) || clause_is_shown(answers, clause)) add_call(answers, clause, word, out);
    if (!words_hold_word(clause->about, both_doors)) return;
    const struct planned *door = catalogue_find_planned(&data->catalogue, "ASC-06");
    if (door != NULL)
        text_add(out, "    on %-*splanned for part %s: %s\n", CALL_WIDTH, "ASSOCIATE by WSPIoctl", door->part,
                 door->reason);
}
