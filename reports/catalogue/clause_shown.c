#include "reports/catalogue/clause_shown.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "reports/catalogue/cites.h"
#include "reports/catalogue/step_about.h"
#include "stack/call/signature.h"

enum { CALL_WIDTH = 36, WORD_MAX = 64 };

static const char any_call[] = "-", both_doors[] = "both-doors";

bool clause_was_kept(const struct step_record *step, const char *clause) {
    assert(step != NULL && clause != NULL);
    if (step->verdict != VERDICT_CONFORM || step->result != STEP_SEEN || step->alternative < 0) return false;
    return outcome_cites(&step->step->outcomes[step->alternative], clause);
}

/* Of a call that a clause is about, by one door: how many steps show it, and the first of them. */
struct showing {
    const char *word;
    enum function door; /* or FUNCTION_COUNT: of a word that is no control call */
    unsigned count;
    const struct instance_record *instance; /* NULL while count is 0 */
    const struct step *first;
};

static bool is_by(const struct step_order *order, unsigned index, const struct showing *showing) {
    if (strcmp(step_about(order, index), showing->word) != 0) return false;
    const struct step *call = step_control_call(order, index);
    return call == NULL ? showing->door == FUNCTION_COUNT : call->signature->function == showing->door;
}

static void look_in(const struct instance_record *instance, const struct clause *clause, struct showing *showing) {
    struct step_order order;
    bool ordered = false;
    for (unsigned i = 0; i < instance->steps_count; i++) {
        if (!clause_was_kept(&instance->steps[i], clause->id)) continue;
        if (!ordered) step_order_fill(&order, instance->instance);
        ordered = true;
        if (!is_by(&order, i, showing)) continue;
        if (showing->count++ > 0) continue;
        showing->instance = instance;
        showing->first = instance->steps[i].step;
    }
}

/* The steps of calls of that word, by that door, that show it, as this answerer answered. */
static struct showing clause_showing(const struct answerer *answerer, const struct clause *clause, const char *word,
                                     enum function door) {
    struct showing showing = { .word = word, .door = door };
    assert(answerer != NULL && clause != NULL && word != NULL);
    uint64_t bit = clause_bit(clause->id);
    for (size_t i = 0; i < answerer->record.count; i++)
        if ((answerer->cited[i] & bit) != 0) look_in(answerer->record.instances[i], clause, &showing);
    return showing;
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

static bool is_shown_by(const struct answers *answers, const struct clause *clause, enum function door) {
    char word[WORD_MAX];
    for (const char *words = clause->about; next_call(&words, word);) {
        for (size_t i = 0; i < answers->count; i++) {
            const struct answerer *answerer = &answers->answerers[i];
            if (answerer->profile != NULL && clause_showing(answerer, clause, word, door).count > 0) return true;
        }
    }
    return false;
}

bool clause_is_shown(const struct answers *answers, const struct clause *clause) {
    assert(answers != NULL && clause != NULL);
    if (strcmp(clause->about, any_call) == 0) return true;
    bool first = is_shown_by(answers, clause, FUNCTION_WSAIoctl);
    bool second = is_shown_by(answers, clause, FUNCTION_WSPIoctl);
    if (words_hold_word(clause->about, both_doors)) return first && second;
    return first || second || is_shown_by(answers, clause, FUNCTION_COUNT);
}

/* on ASSOCIATE by WSAIoctl          documented 24, windows 24, wine-8.0 3: associate/at-once, line 17 */
static void add_call(const struct answers *answers, const struct clause *clause, const char *word, enum function door,
                     struct text *out) {
    char call[2 * WORD_MAX];
    struct showing first = { .count = 0 };
    snprintf(call, sizeof call, "%s%s%s", word, door == FUNCTION_COUNT ? "" : " by ",
             door == FUNCTION_COUNT ? "" : signature_of(door)->name);
    text_add(out, "    on %-*s", CALL_WIDTH, call);
    for (size_t i = 0; i < answers->count; i++) {
        struct showing showing = clause_showing(&answers->answerers[i], clause, word, door);
        if (showing.count == 0) continue;
        text_add(out, "%s%s %u", first.count > 0 ? ", " : "", answers->answerers[i].name, showing.count);
        if (first.count == 0) first = showing;
    }
    if (first.count == 0) text_add(out, "none yet\n");
    else text_add(out, ": %s, line %u\n", first.instance->scenario, (unsigned)first.first->position.line);
}

/* Has anyone answered so on that call, by that door? */
static bool any_showing(const struct answers *answers, const struct clause *clause, const char *word,
                        enum function door) {
    for (size_t i = 0; i < answers->count; i++)
        if (clause_showing(&answers->answerers[i], clause, word, door).count > 0) return true;
    return false;
}

void add_clause_shown(const struct answers *answers, const struct data *data, const struct clause *clause,
                      struct text *out) {
    static const enum function doors[] = { FUNCTION_WSAIoctl, FUNCTION_WSPIoctl, FUNCTION_COUNT };
    char word[WORD_MAX];
    bool any = false;
    assert(answers != NULL && data != NULL && clause != NULL && out != NULL);
    bool planned = catalogue_find_planned(&data->catalogue, clause->id) != NULL;
    if (strcmp(clause->about, any_call) == 0 || planned) return;
    for (const char *words = clause->about; next_call(&words, word);) {
        for (unsigned i = 0; i < sizeof doors / sizeof doors[0]; i++) {
            bool wanted = doors[i] != FUNCTION_COUNT && words_hold_word(clause->about, both_doors);
            if (!wanted && !any_showing(answers, clause, word, doors[i])) continue;
            add_call(answers, clause, word, doors[i], out);
            any = true;
        }
    }
    if (!any && clause_is_decidable(clause)) text_add(out, "    on %s: none yet\n", clause->about);
}
