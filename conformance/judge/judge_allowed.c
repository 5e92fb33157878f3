#include "conformance/judge/judge_allowed.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "conformance/session/session_bind.h"
#include "conformance/session/session_prepare.h"
#include "conformance/session/session_print.h"
#include "conformance/session/session_refer.h"
#include "conformance/judge/difference.h"
#include "conformance/judge/judge_attempt.h"
#include "conformance/judge/judge_why.h"
#include "conformance/session/session_bind.h"
#include "stack/readings.h"

/* --- what would have been allowed -------------------------------------------------------------------------------- */

struct gathering {
    struct judge *judge;
    const struct step *step;
    struct judgement *judgement;
    uint8_t common[READINGS_MAX]; /* readings that every outcome has */
    bool any;
};

static void intersect_readings(uint8_t *into, const uint8_t *with) {
    for (unsigned question = 0; question < READINGS_MAX; question++)
        if (into[question] != with[question]) into[question] = 0;
}

static void print_outcome(struct gathering *gathering, const struct attempt *attempt, struct allowed_outcome *outcome) {
    struct text text = { 0 };
    session_print_outcome(&attempt->state->session, gathering->judge->scenario, gathering->step, &attempt->observation,
                          &text);
    size_t length = text.length < sizeof outcome->text - 1 ? text.length : sizeof outcome->text - 1;
    if (length > 0) memcpy(outcome->text, text.bytes, length);
    outcome->text[length] = '\0';
    text_free(&text);
}

static bool same_routines(const struct observation *one, const struct observation *other) {
    return one->routines_count == other->routines_count &&
           memcmp(one->routines, other->routines, sizeof one->routines) == 0;
}

/* The same text: a reader sees no difference (two blocks at different places both print as r). */
static bool tells_the_same(struct gathering *gathering, const struct attempt *attempt,
                           const struct allowed_outcome *outcome) {
    struct allowed_outcome printed;
    if (memcmp(&outcome->observation, &attempt->observation, sizeof outcome->observation) == 0) return true;
    if (outcome->observation.word != attempt->observation.word) return false;
    if (!same_routines(&outcome->observation, &attempt->observation)) return false;
    print_outcome(gathering, attempt, &printed);
    return strcmp(printed.text, outcome->text) == 0;
}

static void gather(void *self, struct attempt *attempt) {
    struct gathering *gathering = self;
    struct judgement *judgement = gathering->judgement;
    if (!attempt->possible || !attempt->observed || attempt->refused) return;
    const uint8_t *readings_now = attempt->state->world->readings;
    if (gathering->any) intersect_readings(gathering->common, readings_now);
    else memcpy(gathering->common, readings_now, READINGS_MAX);
    gathering->any = true;
    for (unsigned i = 0; i < judgement->allowed_count; i++) {
        struct allowed_outcome *outcome = &judgement->outcomes[i];
        if (!tells_the_same(gathering, attempt, outcome)) continue;
        intersect_readings(outcome->readings, readings_now);
        return;
    }
    if (judgement->allowed_count == JUDGE_ALLOWED_MAX) {
        judgement->exhaustive = false;
        return;
    }
    struct allowed_outcome *outcome = &judgement->outcomes[judgement->allowed_count++];
    outcome->observation = attempt->observation;
    memcpy(outcome->readings, readings_now, READINGS_MAX);
    print_outcome(gathering, attempt, outcome);
}

/* The readings that all states of a list have. */
static void readings_of_all(const struct state_list *list, uint8_t *common) {
    assert(list->count > 0);
    memcpy(common, list->states[0]->world->readings, READINGS_MAX);
    for (unsigned i = 1; i < list->count; i++) intersect_readings(common, list->states[i]->world->readings);
}

/* Incidental questions (does a success clear the last error?) are answered as was seen, or in the ordinary way, so that
 * the list shows what matters. */
void judge_gather_allowed(struct judge *judge, const struct step *step, const struct observation *seen,
                          struct judgement *judgement) {
    struct gathering gathering = { .judge = judge, .step = step, .judgement = judgement };
    struct odometer odometer;
    odometer_init(&odometer);
    for (unsigned what = CHOICE_LAST_ERROR; what <= CHOICE_INTERNAL; what++)
        odometer_settle(&odometer, (enum choice)what, 0);
    if (seen != NULL) judge_settle_shown(&odometer, seen);
    judgement->allowed_count = 0;
    for (unsigned i = 0; i < judge->current.count; i++)
        judge_try_prepared(judge, &odometer, judge->current.states[i], step, seen, gather, &gathering);
    uint8_t *known = gathering.common; /* what all have in common shows no difference */
    if (judgement->allowed_count == 1) readings_of_all(&judge->current, known); /* nor does what was known before */
    for (unsigned i = 0; i < judgement->allowed_count; i++)
        for (unsigned question = 0; question < READINGS_MAX; question++)
            if (known[question] != 0) judgement->outcomes[i].readings[question] = 0;
}

/* --- continuing after a deviation -------------------------------------------------------------------------------- */

static unsigned likeness(const struct observation *one, const struct observation *other) {
    enum { SAME_WORD = 64, SAME_CODE = 32, SAME_VALUE = 1 };
    unsigned score = 0;
    if (one->word == other->word) score += SAME_WORD;
    if (one->word == other->word && one->code == other->code) score += SAME_CODE;
    for (unsigned i = 0; i < OBSERVABLE_COUNT; i++)
        score += memcmp(&one->values[i], &other->values[i], sizeof one->values[i]) == 0 ? (unsigned)SAME_VALUE : 0;
    return score;
}

struct nearest {
    struct judge *judge;
    const struct step *step;
    const struct observation *seen;
    struct state_list list;
    unsigned best;
    struct observation observation; /* of the best, for the report */
    struct odometer odometer;       /* as it was then: what was refused */
};

/* The session takes over what was seen. A handle that the model has made, too, keeps the model's number. */
static void learn_seen(struct session *session, const struct nearest *nearest, const struct observation *made) {
    const struct scenario *scenario = nearest->judge->scenario;
    bool calls = nearest->step->kind == STEP_CALL || nearest->step->kind == STEP_RETURNS;
    const struct step *call = calls ? session_call_of(scenario, nearest->step) : NULL;
    bool has_handle = call != NULL && call->product != NO_NAME && made->word == OUTCOME_OK &&
                      product_is_handle((enum product)call->signature->product);
    session_bind(session, scenario, nearest->step, nearest->seen, has_handle ? session->live[call->product].number : 0);
}

/* Among equals the first comes from the fewest surprises; an attempt whose member was refused made it come true. */
static void keep_nearest(void *self, struct attempt *attempt) {
    struct nearest *nearest = self;
    if (!attempt->possible || !attempt->observed) return;
    unsigned score = likeness(&attempt->observation, nearest->seen);
    if (score < nearest->best) return;
    if (score > nearest->best) {
        state_list_clear(&nearest->judge->pool, &nearest->list);
        nearest->best = score;
        nearest->observation = attempt->observation;
        nearest->odometer = *attempt->odometer;
    }
    if (nearest->list.count >= JUDGE_WORLDS_MAX) {
        nearest->judge->exhaustive = false;
        return;
    }
    learn_seen(&attempt->state->session, nearest, &attempt->observation);
    state_list_add(&nearest->judge->pool, &nearest->list, attempt->state);
    attempt->state = NULL;
}

/* The states as if the call had never been made: used when the host refused a call that the model accepts. */
static struct state_list unchanged(struct judge *judge, const struct step *step, const struct observation *seen) {
    struct state_list list = { 0 };
    for (unsigned i = 0; i < judge->current.count; i++) {
        struct judged_state *state = state_copy(&judge->pool, judge->current.states[i]);
        struct call call;
        int needed = NO_NAME;
        if (step->kind == STEP_CALL) (void)session_prepare(&state->session, judge->scenario, step, &call, &needed);
        session_learn(&state->session, judge->scenario, step, seen);
        state_list_add(&judge->pool, &list, state);
    }
    return list;
}

void judge_continue_as_if_not_made(struct judge *judge, const struct step *step, const struct observation *seen) {
    judge_continue_with(judge, unchanged(judge, step, seen));
}

/* --- what the words do not show ----------------------------------------------------------------------------------- */

static void add_to(struct allowed_outcome *outcome, const char *format, ...) {
    size_t length = strlen(outcome->text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(outcome->text + length, sizeof outcome->text - length, format, arguments);
    va_end(arguments);
}

static void add_delivery(const struct observed_routine *routine, struct allowed_outcome *outcome) {
    struct text text = { 0 };
    difference_add_delivery(routine, &text);
    add_to(outcome, " (and %s)", text.bytes);
    text_free(&text);
}

/* A new token's name tells only in which order tokens were seen: t2 where t1 was seen differs in nothing. */
static void name_token_alike(const char *printed, char *text) {
    static const char key[] = " Token=t";
    const char *seen = strstr(printed, key);
    char *own = strstr(text, key);
    if (seen == NULL || own == NULL) return;
    seen += sizeof key - 1;
    own += sizeof key - 1;
    size_t length = strspn(seen, "0123456789");
    if (length != strspn(own, "0123456789")) return;
    memcpy(own, seen, length);
}

/* What could have been taken instead of the number that was. */
static void add_refused(const struct judgement *judgement, struct allowed_outcome *outcome) {
    unsigned long long first = judgement->refused_first, last = judgement->refused_last;
    switch (judgement->refused_what) {
    case CHOICE_TOKEN: add_to(outcome, " (a token that no live reservation has)"); return;
    case CHOICE_HANDLE: add_to(outcome, " (a handle that is not open)"); return;
    case CHOICE_BLOCK_START:
        add_to(outcome, " (a block that is free as a whole, within %llu-%llu)", first, last);
        return;
    default: add_to(outcome, " (one of %llu-%llu that is free)", first, last);
    }
}

/* What prints alike differs in a number. */
static unsigned distance(const char *printed, const char *outcome) {
    unsigned size = difference_size(printed, outcome);
    return size == 0 ? 1 : size;
}

/* The nearest first; equal ones stay in their order. */
static void sort_by_nearness(const char *printed, struct judgement *judgement) {
    for (unsigned i = 1; i < judgement->allowed_count; i++) {
        for (unsigned j = i; j > 0; j--) {
            struct allowed_outcome *one = &judgement->outcomes[j - 1], *other = &judgement->outcomes[j];
            if (distance(printed, other->text) >= distance(printed, one->text)) break;
            struct allowed_outcome outcome = *one;
            *one = *other;
            *other = outcome;
            if (judgement->continued_with == (int)j) judgement->continued_with = (int)j - 1;
            else if (judgement->continued_with == (int)j - 1) judgement->continued_with = (int)j;
        }
    }
}

void judge_tell_apart(const struct judge *judge, const struct step *step, const struct observation *seen,
                      struct judgement *judgement) {
    struct text printed = { 0 };
    bool explained = false;
    if (judge->current.count == 0) return;
    session_print_outcome(&judge->current.states[0]->session, judge->scenario, step, seen, &printed);
    for (unsigned i = 0; i < judgement->allowed_count; i++) {
        struct allowed_outcome *outcome = &judgement->outcomes[i];
        name_token_alike(printed.length > 0 ? printed.bytes : "", outcome->text);
        bool alike = printed.length > 0 && strcmp(outcome->text, printed.bytes) == 0;
        unsigned routines = outcome->observation.routines_count;
        if (outcome->observation.word == seen->word && !same_routines(&outcome->observation, seen)) {
            if (routines == 0)
                add_to(outcome,
                       seen->routines[0].delivery == DELIVERY_PACKET ? " (and no packet)" : " (and no routine runs)");
            for (unsigned j = 0; j < routines; j++) add_delivery(&outcome->observation.routines[j], outcome);
        } else if (alike) {
            explained = explained || !judgement->refused;
            if (!judgement->refused) judge_explain_number(judge, step, seen, judgement);
            if (judgement->refused) add_refused(judgement, outcome);
            else add_to(outcome, " (with another number)");
        }
    }
    if (printed.length > 0) sort_by_nearness(printed.bytes, judgement);
    bool nearest = judgement->allowed_count > 0 && printed.length > 0 &&
                   difference_size(printed.bytes, judgement->outcomes[0].text) == 0;
    if (explained && !nearest) { /* of another alternative, which is no reason here */
        judgement->refused = false;
        judgement->why[0] = '\0';
    }
    text_free(&printed);
}

static int index_of_outcome(const struct judgement *judgement, const struct observation *observation) {
    for (unsigned i = 0; i < judgement->allowed_count; i++)
        if (memcmp(&judgement->outcomes[i].observation, observation, sizeof *observation) == 0) return (int)i;
    return -1;
}

void judge_repair(struct judge *judge, const struct step *step, const struct observation *seen,
                  struct judgement *judgement) {
    struct nearest nearest = { .judge = judge, .step = step, .seen = seen };
    for (unsigned i = 0; i < judge->current.count; i++)
        judge_try_repairing(judge, judge->current.states[i], step, seen, keep_nearest, &nearest);
    bool only_refused_here = seen->word == OUTCOME_ERROR && nearest.observation.word != OUTCOME_ERROR;
    if (nearest.list.count == 0 || only_refused_here) {
        state_list_free(&judge->pool, &nearest.list);
        judgement->continued_with = CONTINUED_AS_IF_NOT_MADE;
        judge_continue_as_if_not_made(judge, step, seen);
        return;
    }
    judgement->continued_with = index_of_outcome(judgement, &nearest.observation);
    judgement->refused = nearest.odometer.refused;
    if (judgement->refused) {
        if (nearest.odometer.repaired) judgement->continued_with = CONTINUED_AS_OBSERVED;
        judgement->refused_what = nearest.odometer.refused_what;
        judgement->refused_member = nearest.odometer.refused_member;
        judgement->refused_first = nearest.odometer.refused_first;
        judgement->refused_last = nearest.odometer.refused_last;
        judgement->refused_count = (unsigned)seen->values[OBSERVABLE_NumberOfPorts].number;
        judge_explain_refused(judge, step, judgement);
    }
    judge_continue_with(judge, nearest.list);
}
