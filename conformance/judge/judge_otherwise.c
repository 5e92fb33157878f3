#include "conformance/judge/judge_otherwise.h"

#include <assert.h>

#include "conformance/judge/judge_attempt.h"
#include "conformance/session/session_bind.h"
#include "conformance/session/session_prepare.h"
#include "conformance/session/session_refer.h"

/* Beyond these a deviation is so early, or so vague, that it would explain everything. */
enum { OTHERWISE_MAX = 256 };

struct keeping {
    struct judge *judge;
    const struct step *step;
    const struct observation *seen;
    struct state_list list;
    bool blocks; /* a world has the call block, too */
};

/* Takes the state over. Names have the numbers that the host gave, in whatever world. */
static void keep(struct keeping *keeping, struct judged_state *state) {
    session_learn(&state->session, keeping->judge->scenario, keeping->step, keeping->seen);
    state_list_add(&keeping->judge->pool, &keeping->list, state);
}

static void keep_attempt(void *self, struct attempt *attempt) {
    struct keeping *keeping = self;
    bool allowed = attempt->possible && attempt->observed && !attempt->refused;
    keeping->blocks = keeping->blocks || (allowed && attempt->observation.word == OUTCOME_BLOCKS);
    if (!allowed || keeping->list.count >= OTHERWISE_MAX) return;
    keep(keeping, attempt->state);
    attempt->state = NULL;
}

/* The call was answered, and never made. One that blocks, as it should, was made, whatever ran in it. */
static void keep_unmade(struct keeping *keeping, const struct judged_state *before) {
    struct judged_state *state = state_copy(&keeping->judge->pool, before);
    struct call call;
    int needed = NO_NAME;
    if (keeping->step->kind == STEP_CALL)
        (void)session_prepare(&state->session, keeping->judge->scenario, keeping->step, &call, &needed);
    keep(keeping, state);
}

void judge_keep_otherwise(struct judge *judge, const struct step *step, const struct observation *seen) {
    assert(judge != NULL && step != NULL && seen != NULL);
    struct keeping keeping = { .judge = judge, .step = step, .seen = seen };
    struct odometer odometer;
    bool exhaustive = judge->exhaustive;
    odometer_init(&odometer);
    for (unsigned what = CHOICE_LAST_ERROR; what <= CHOICE_INTERNAL; what++)
        odometer_settle(&odometer, (enum choice)what, 0);
    judge_settle_shown(&odometer, seen);
    for (unsigned i = 0; i < judge->current.count; i++) {
        judge_try_prepared(judge, &odometer, judge->current.states[i], step, seen, keep_attempt, &keeping);
        bool made = keeping.blocks && seen->word == OUTCOME_BLOCKS;
        if (!made && keeping.list.count < OTHERWISE_MAX) keep_unmade(&keeping, judge->current.states[i]);
    }
    judge->exhaustive = exhaustive; /* what is kept beside the worlds says nothing of them */
    judge->otherwise_of = step;
    judge_continue_otherwise(judge, keeping.list);
}

/* --- what no world shows ------------------------------------------------------------------------------------------ */

void judge_note_strayed(struct judge *judge, const struct step *step, const struct observation *seen,
                        const struct judgement *judgement) {
    assert(judge != NULL && step != NULL && seen != NULL && judgement != NULL);
    if (step->kind != STEP_CALL || seen->word == OUTCOME_ERROR || judgement->allowed_count == 0) return;
    bool number = judgement->refused && judgement->continued_with != CONTINUED_AS_OBSERVED;
    if (number && step->product != NO_NAME) judge->strayed[step->product] = step;
    for (unsigned i = 0; i < judgement->allowed_count; i++)
        if (judgement->outcomes[i].observation.word == seen->word) return;
    int handle = session_handle_name(judge->scenario, step);
    if (handle != NO_NAME) judge->strayed[handle] = step;
    if (step->product != NO_NAME) judge->strayed[step->product] = step;
}

static const struct step *strayed_in(const struct judge *judge, const struct expression *value) {
    if (value->kind == EXPRESSION_NAME && value->name >= 0 && judge->strayed[value->name] != NULL)
        return judge->strayed[value->name];
    for (uint32_t i = 0; i < value->items_count; i++) {
        const struct step *found = strayed_in(judge, value->items[i]);
        if (found != NULL) return found;
    }
    return NULL;
}

const struct step *judge_strayed_before(const struct judge *judge, const struct step *step) {
    assert(judge != NULL && step != NULL);
    for (uint32_t i = 0; i < step->arguments_count; i++) {
        const struct step *found = strayed_in(judge, step->arguments[i].value);
        if (found != NULL) return found;
    }
    return NULL;
}

void judge_spread_strayed(struct judge *judge, const struct step *step) {
    if (step->kind != STEP_CALL) return;
    const struct step *cause = judge_strayed_before(judge, step);
    int handle = session_handle_name(judge->scenario, step);
    if (cause == NULL) return;
    if (handle != NO_NAME && judge->strayed[handle] == NULL) judge->strayed[handle] = cause;
    if (step->product != NO_NAME && judge->strayed[step->product] == NULL) judge->strayed[step->product] = cause;
}
