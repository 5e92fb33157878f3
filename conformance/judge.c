#include "conformance/judge.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/judge_states.h"
#include "stack/provider/model.h"
#include "stack/readings.h"

enum { CHILDREN_MAX = 32 };

/* A child of a `together` that waits for its siblings. */
struct waiting_child {
    const struct step *step;
    enum step_result result;
    struct observation seen; /* when result is STEP_SEEN */
};

struct judge {
    const struct scenario *scenario;
    struct state_pool pool;
    struct state_list current; /* what the observations so far allow */
    bool exhaustive;           /* nothing was cut off since the beginning */
    bool learnt;               /* remembered readings have changed since somebody asked */
    const struct step *parked_steps[THREADS_MAX]; /* the call in which each thread is parked, or NULL */
    struct waiting_child *waiting; /* room for all children of the group; owned; NULL before the first group */
    unsigned waiting_count;
    /* The records of those calls: the same in every state but for handle numbers. Last, as they are large and mean nothing
     * while no thread is parked. */
    struct call parked[THREADS_MAX];
};

/* What one attempt at a step came to. */
struct attempt {
    struct judged_state *state; /* after the step; owned by who made the attempt */
    struct observation observation;
    bool observed;              /* the step has an outcome */
    bool possible;              /* false: it could not be prepared in this world */
    bool refused;               /* a member that the observation names is not in its set */
    const struct odometer *odometer; /* that answered */
};

/* --- creation ------------------------------------------------------------------------------------------------ */

static void settle_profile(struct world *world, const struct profile *profile) {
    unsigned count = 0;
    const struct reading *rows = readings(&count);
    for (unsigned i = 0; i < count; i++) {
        unsigned answer = profile->answers[rows[i].question];
        bool settled = world->readings[rows[i].question] != 0; /* by a world line, which is the machine's own fact */
        if (answer != 0 && rows[i].modelled && !settled) world_settle_reading(world, rows[i].question, answer - 1);
    }
}

struct judge *judge_create(const struct scenario *scenario, const uint16_t *ports_first, const struct profile *profile,
                           char *reason) {
    assert(scenario != NULL);
    assert(reason != NULL);
    struct judge *judge = allocate_or_die(sizeof *judge);
    memset(judge, 0, offsetof(struct judge, parked));
    judge->scenario = scenario;
    judge->exhaustive = judge->learnt = true;
    struct world_limits limits = world_limits_small();
    state_pool_init(&judge->pool, &limits, scenario->names_count);
    struct judged_state *first = state_new(&judge->pool);
    if (!world_apply_lines(first->world, scenario, reason)) {
        state_drop(&judge->pool, first);
        judge_free(judge);
        return NULL;
    }
    if (profile != NULL) settle_profile(first->world, profile);
    stage_processes_start(first->world, scenario);
    session_begin(&first->session, scenario, ports_first);
    state_list_add(&judge->pool, &judge->current, first);
    return judge;
}

void judge_free(struct judge *judge) {
    if (judge == NULL) return;
    state_list_free(&judge->pool, &judge->current);
    state_pool_free(&judge->pool);
    free(judge->waiting);
    free(judge);
}

/* --- what an observation names ---------------------------------------------------------------------------------- */

static const struct observed_value *shown(const struct observation *seen, enum observable observable) {
    return seen->values[observable].present ? &seen->values[observable] : NULL;
}

static void settle_if_shown(struct odometer *odometer, enum choice what, const struct observed_value *value, bool untouched_is_one) {
    if (value != NULL) odometer_settle(odometer, what, value->untouched == untouched_is_one);
}

/* Large domains are answered by what was seen. */
static void name_members(struct odometer *odometer, const struct observation *seen, const struct session *session,
                         unsigned names_count) {
    const struct observed_value *port = shown(seen, OBSERVABLE_port);
    const struct observed_value *start = shown(seen, OBSERVABLE_StartPort);
    const struct observed_value *token = shown(seen, OBSERVABLE_Token);
    const struct observed_value *handle = shown(seen, OBSERVABLE_handle);
    if (port != NULL) odometer_name(odometer, CHOICE_PORT, port->number);
    if (start != NULL) odometer_name(odometer, CHOICE_BLOCK_START, start->number);
    if (token != NULL && !token->untouched) odometer_name(odometer, CHOICE_TOKEN, token->number);
    if (handle != NULL && handle->number < names_count)
        odometer_name(odometer, CHOICE_HANDLE, session->live[handle->number].number);
}

/* So are the plain questions whose answer shows. */
static void settle_shown(struct odometer *odometer, const struct observation *seen) {
    settle_if_shown(odometer, CHOICE_LAST_ERROR, shown(seen, OBSERVABLE_error), true);
    settle_if_shown(odometer, CHOICE_PADDING, shown(seen, OBSERVABLE_padding), true);
    settle_if_shown(odometer, CHOICE_TOKEN_LEFT, shown(seen, OBSERVABLE_Token), false);
    settle_if_shown(odometer, CHOICE_BYTES, shown(seen, OBSERVABLE_bytes), false);
    settle_if_shown(odometer, CHOICE_INTERNAL, shown(seen, OBSERVABLE_Internal), false);
}

/* --- one attempt ------------------------------------------------------------------------------------------------ */

static bool is_answer(const struct result *result) {
    return result->status != RESULT_BROKEN && result->status != RESULT_NO_POWER;
}

static void attempt_call(struct judge *judge, struct attempt *attempt, struct chooser *chooser, const struct step *step) {
    struct judged_state *state = attempt->state;
    struct call call;
    struct result result;
    int needed = NO_NAME;
    attempt->possible = session_prepare(&state->session, judge->scenario, step, &call, &needed) == SESSION_READY;
    if (!attempt->possible) return;
    stage_call(state->world, &state->stage, judge->scenario, chooser, &call, step_limit_ms(step), &result);
    attempt->possible = is_answer(&result);
    if (!attempt->possible) return;
    session_observe(&state->session, judge->scenario, step, &call, &result, &attempt->observation);
    if (result.status == RESULT_BLOCKED) {
        judge->parked[step->thread] = call;
        judge->parked_steps[step->thread] = step;
    }
    attempt->observed = true;
}

static void attempt_returns(struct judge *judge, struct attempt *attempt, struct chooser *chooser, const struct step *step) {
    struct judged_state *state = attempt->state;
    struct result result;
    attempt->possible = judge->parked_steps[step->thread] != NULL;
    if (!attempt->possible) return;
    stage_returns(state->world, &state->stage, chooser, (unsigned)step->thread, step_limit_ms(step), &result);
    attempt->possible = is_answer(&result);
    if (!attempt->possible) return;
    session_observe(&state->session, judge->scenario, step, &judge->parked[step->thread], &result, &attempt->observation);
    attempt->observed = true;
}

static void attempt_show(struct judge *judge, struct attempt *attempt, const struct step *step) {
    struct judged_state *state = attempt->state;
    struct result result;
    uint64_t address = 0;
    uint64_t event = 0;
    int needed = NO_NAME;
    attempt->possible = session_subject(&state->session, judge->scenario, step, &address, &event, &needed);
    if (!attempt->possible) return;
    stage_show(state->world, (unsigned)step->process, event, &result);
    attempt->possible = is_answer(&result);
    if (!attempt->possible) return;
    session_observe(&state->session, judge->scenario, step, NULL, &result, &attempt->observation);
    attempt->observed = true;
}

static void attempt_event(struct judge *judge, struct attempt *attempt, struct chooser *chooser, const struct step *step) {
    struct judged_state *state = attempt->state;
    struct result result;
    char reason[EXECUTOR_REASON_MAX];
    result_clear(&result);
    enum executor_answer answer = stage_event(state->world, &state->stage, chooser, judge->scenario, step, &result, reason);
    attempt->possible = answer == EXECUTOR_READY;
    if (attempt->possible) session_observe(&state->session, judge->scenario, step, NULL, &result, &attempt->observation);
}

/* Plays `step` on attempt->state, answering questions by `chooser`. */
static void attempt_step(struct judge *judge, struct attempt *attempt, struct chooser *chooser, const struct step *step) {
    int needed = NO_NAME;
    attempt->observed = false;
    attempt->possible = session_runs(&attempt->state->session, step->process);
    memset(&attempt->observation, 0, sizeof attempt->observation);
    if (!attempt->possible) return;
    switch (step->kind) {
    case STEP_CALL: attempt_call(judge, attempt, chooser, step); break;
    case STEP_RETURNS: attempt_returns(judge, attempt, chooser, step); break;
    case STEP_SHOW: attempt_show(judge, attempt, step); break;
    case STEP_OVERLAPPED:
    case STEP_BUFFER:
        attempt->possible = session_declare(&attempt->state->session, judge->scenario, step, &needed) == SESSION_READY;
        break;
    case STEP_CHECK: case STEP_ADVANCE: case STEP_REBOOT: case STEP_EXITS: case STEP_CRASHES:
    case STEP_FAULT:
        attempt_event(judge, attempt, chooser, step);
        break;
    case STEP_TOGETHER: assert(!"a together is judged child by child"); break;
    }
}

typedef void attempt_visitor(void *self, struct attempt *attempt);

/* Every way in which `step` can go in one state, the odometer being prepared. The visitor may take attempt->state away by
 * setting it to NULL. */
static void run_odometer(struct judge *judge, struct odometer *prepared, const struct judged_state *from, const struct step *step,
                         attempt_visitor *visit, void *self) {
    struct odometer odometer = *prepared;
    struct attempt attempt = { .state = NULL };
    do {
        if (attempt.state == NULL) attempt.state = state_copy(&judge->pool, from);
        else state_overwrite(&judge->pool, attempt.state, from);
        attempt_step(judge, &attempt, &odometer.chooser, step);
        attempt.refused = odometer.refused;
        attempt.odometer = &odometer;
        visit(self, &attempt);
    } while (odometer_next(&odometer));
    if (odometer.overflow) judge->exhaustive = false;
    if (attempt.state != NULL) state_drop(&judge->pool, attempt.state);
}

static void try_all(struct judge *judge, const struct judged_state *from, const struct step *step,
                    const struct observation *seen, attempt_visitor *visit, void *self) {
    struct odometer odometer;
    odometer_init(&odometer);
    if (seen != NULL) {
        name_members(&odometer, seen, &from->session, judge->pool.names_count);
        settle_shown(&odometer, seen);
    }
    run_odometer(judge, &odometer, from, step, visit, self);
}

/* --- worlds that go on ------------------------------------------------------------------------------------------- */

struct survivors {
    struct judge *judge;
    struct state_list *list;
    const struct observation *seen; /* NULL: a step without an outcome */
    uint32_t child;                 /* bit to set in children_done */
    bool possible;                  /* some world could try it */
};

static bool agrees(const struct attempt *attempt, const struct observation *seen) {
    if (!attempt->possible || attempt->refused) return false;
    if (seen == NULL || !attempt->observed) return true;
    return memcmp(&attempt->observation, seen, sizeof *seen) == 0;
}

static void keep_survivor(void *self, struct attempt *attempt) {
    struct survivors *survivors = self;
    survivors->possible = survivors->possible || attempt->possible;
    if (!agrees(attempt, survivors->seen)) return;
    if (survivors->list->count >= JUDGE_WORLDS_MAX) {
        survivors->judge->exhaustive = false;
        return;
    }
    attempt->state->children_done |= survivors->child;
    state_list_add(&survivors->judge->pool, survivors->list, attempt->state);
    attempt->state = NULL;
}

/* All states that agree with what was seen; *possible tells whether any world could try the step at all. */
static struct state_list survive(struct judge *judge, const struct step *step, const struct observation *seen, bool *possible) {
    struct state_list next = { 0 };
    struct survivors survivors = { .judge = judge, .list = &next, .seen = seen };
    for (unsigned i = 0; i < judge->current.count; i++)
        try_all(judge, judge->current.states[i], step, seen, keep_survivor, &survivors);
    *possible = survivors.possible;
    return next;
}

static bool remember_the_same(const struct state_list *one, const struct state_list *other) {
    if (one->count != other->count) return false;
    for (unsigned i = 0; i < one->count; i++)
        if (memcmp(one->states[i]->world->readings, other->states[i]->world->readings, READINGS_MAX) != 0) return false;
    return true;
}

static void go_on_with(struct judge *judge, struct state_list next) {
    judge->learnt = judge->learnt || !remember_the_same(&judge->current, &next);
    state_list_free(&judge->pool, &judge->current);
    judge->current = next;
}

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
    session_print_outcome(&attempt->state->session, gathering->judge->scenario, gathering->step, &attempt->observation, &text);
    size_t length = text.length < sizeof outcome->text - 1 ? text.length : sizeof outcome->text - 1;
    if (length > 0) memcpy(outcome->text, text.bytes, length);
    outcome->text[length] = '\0';
    text_free(&text);
}

/* The same text: nothing that a reader could tell apart (two blocks at different places both print as r). */
static bool tells_the_same(struct gathering *gathering, const struct attempt *attempt, const struct allowed_outcome *outcome) {
    struct allowed_outcome printed;
    if (memcmp(&outcome->observation, &attempt->observation, sizeof outcome->observation) == 0) return true;
    if (outcome->observation.word != attempt->observation.word) return false;
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
 * the list tells what matters. */
static void gather_allowed(struct judge *judge, const struct step *step, const struct observation *seen,
                           struct judgement *judgement) {
    struct gathering gathering = { .judge = judge, .step = step, .judgement = judgement };
    struct odometer odometer;
    odometer_init(&odometer);
    for (unsigned what = CHOICE_LAST_ERROR; what <= CHOICE_INTERNAL; what++) odometer_settle(&odometer, (enum choice)what, 0);
    if (seen != NULL) settle_shown(&odometer, seen);
    judgement->allowed_count = 0;
    for (unsigned i = 0; i < judge->current.count; i++)
        run_odometer(judge, &odometer, judge->current.states[i], step, gather, &gathering);
    uint8_t *known = gathering.common; /* what all have in common tells nothing apart */
    if (judgement->allowed_count == 1) readings_of_all(&judge->current, known); /* nor does what was known before */
    for (unsigned i = 0; i < judgement->allowed_count; i++)
        for (unsigned question = 0; question < READINGS_MAX; question++)
            if (known[question] != 0) judgement->outcomes[i].readings[question] = 0;
}

/* Outcomes are large: those from allowed_count on are left as they are. */
static void clear_judgement(struct judgement *judgement) {
    judgement->judged = judgement->allowed = judgement->exhaustive = judgement->refused = false;
    judgement->worlds_count = judgement->allowed_count = 0;
    judgement->continued_with = CONTINUED_AS_IF_NOT_MADE;
    judgement->refused_what = 0;
    judgement->refused_member = judgement->refused_first = judgement->refused_last = 0;
}

void judge_possible(struct judge *judge, const struct step *step, struct judgement *judgement) {
    assert(step->kind == STEP_CALL);
    clear_judgement(judgement);
    judgement->exhaustive = judge->exhaustive;
    gather_allowed(judge, step, NULL, judgement);
    judgement->judged = judgement->allowed_count > 0;
    judgement->allowed = true;
    judgement->worlds_count = judge->current.count;
}

/* --- going on after a deviation ---------------------------------------------------------------------------------- */

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
    if (nearest->list.count >= JUDGE_WORLDS_MAX) return;
    session_learn(&attempt->state->session, nearest->judge->scenario, nearest->step, nearest->seen);
    state_list_add(&nearest->judge->pool, &nearest->list, attempt->state);
    attempt->state = NULL;
}

/* As if the call had not been made: what a host's refusal leaves where the model would not have refused. */
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

static int index_of_outcome(const struct judgement *judgement, const struct observation *observation) {
    for (unsigned i = 0; i < judgement->allowed_count; i++)
        if (memcmp(&judgement->outcomes[i].observation, observation, sizeof *observation) == 0) return (int)i;
    return -1;
}

static void repair(struct judge *judge, const struct step *step, const struct observation *seen, struct judgement *judgement) {
    struct nearest nearest = { .judge = judge, .step = step, .seen = seen };
    for (unsigned i = 0; i < judge->current.count; i++)
        try_all(judge, judge->current.states[i], step, seen, keep_nearest, &nearest);
    bool refused_here_alone = seen->word == OUTCOME_ERROR && nearest.observation.word != OUTCOME_ERROR;
    if (nearest.list.count == 0 || refused_here_alone) {
        state_list_free(&judge->pool, &nearest.list);
        judgement->continued_with = CONTINUED_AS_IF_NOT_MADE;
        go_on_with(judge, unchanged(judge, step, seen));
        return;
    }
    judgement->continued_with = index_of_outcome(judgement, &nearest.observation);
    judgement->refused = nearest.odometer.refused;
    if (judgement->refused) {
        judgement->continued_with = CONTINUED_AS_OBSERVED;
        judgement->refused_what = nearest.odometer.refused_what;
        judgement->refused_member = nearest.odometer.refused_member;
        judgement->refused_first = nearest.odometer.refused_first;
        judgement->refused_last = nearest.odometer.refused_last;
    }
    go_on_with(judge, nearest.list);
}

/* --- together ---------------------------------------------------------------------------------------------------- */

static const struct step *together_of(const struct judge *judge, const struct step *step) {
    const struct step *top = judge->scenario->steps;
    if (step >= top && step < top + judge->scenario->steps_count) return NULL;
    for (unsigned i = 0; i < judge->scenario->steps_count; i++) {
        const struct step *group = &judge->scenario->steps[i];
        if (group->kind != STEP_TOGETHER) continue;
        if (step >= group->children && step < group->children + group->children_count) return group;
    }
    return NULL;
}

static struct state_list one_more_child(struct judge *judge, const struct state_list *from) {
    struct state_list next = { 0 };
    for (unsigned i = 0; i < from->count; i++) {
        for (unsigned child = 0; child < judge->waiting_count; child++) {
            if ((from->states[i]->children_done >> child & 1) != 0) continue;
            const struct waiting_child *waiting = &judge->waiting[child];
            const struct observation *seen = waiting->result == STEP_SEEN ? &waiting->seen : NULL;
            struct survivors survivors = { .judge = judge, .list = &next, .seen = seen, .child = UINT32_C(1) << child };
            try_all(judge, from->states[i], waiting->step, seen, keep_survivor, &survivors);
        }
    }
    return next;
}

/* Every order of the children that agrees with what was seen of each. Empty when there is none, or when there are more
 * children than children_done has bits. */
static struct state_list survive_together(struct judge *judge) {
    struct state_list frontier = { 0 };
    if (judge->waiting_count > CHILDREN_MAX) {
        judge->exhaustive = false;
        return frontier;
    }
    for (unsigned i = 0; i < judge->current.count; i++)
        state_list_add(&judge->pool, &frontier, state_copy(&judge->pool, judge->current.states[i]));
    for (unsigned child = 0; child < judge->waiting_count; child++) {
        struct state_list next = one_more_child(judge, &frontier);
        state_list_free(&judge->pool, &frontier);
        frontier = next;
    }
    for (unsigned i = 0; i < frontier.count; i++) frontier.states[i]->children_done = 0;
    return frontier;
}

/* Some attempt may have parked the thread; what was seen decides. */
static void forget_parked(struct judge *judge, const struct step *step, const struct observation *seen) {
    if (step->kind != STEP_CALL && step->kind != STEP_RETURNS) return;
    assert(step->thread >= 0 && step->thread < THREADS_MAX);
    if (seen->word != OUTCOME_BLOCKS) judge->parked_steps[step->thread] = NULL;
}

/* --- the step ---------------------------------------------------------------------------------------------------- */

static void judge_one(struct judge *judge, const struct step *step, enum step_result result, const struct observation *seen,
                      struct judgement *judgement) {
    const struct observation *wanted = result == STEP_SEEN ? seen : NULL;
    bool possible = false;
    struct state_list next = survive(judge, step, wanted, &possible);
    judgement->judged = possible;
    judgement->allowed = !possible || next.count > 0;
    if (next.count > 0) {
        go_on_with(judge, next);
    } else {
        state_list_free(&judge->pool, &next);
        if (wanted != NULL && possible) gather_allowed(judge, step, wanted, judgement);
        if (wanted != NULL) repair(judge, step, wanted, judgement);
    }
    if (wanted != NULL) forget_parked(judge, step, wanted);
}

/* Children in file order, each with its own verdict; the group's is that of the first that deviates. */
static void judge_in_file_order(struct judge *judge, struct judgement *judgement) {
    struct judgement first = *judgement;
    bool deviated = false;
    for (unsigned child = 0; child < judge->waiting_count; child++) {
        struct judgement own = *judgement;
        const struct waiting_child *waiting = &judge->waiting[child];
        judge_one(judge, waiting->step, waiting->result, &waiting->seen, &own);
        if (own.allowed || deviated) continue;
        deviated = true;
        first = own;
    }
    *judgement = first;
    judgement->judged = true;
    judgement->allowed = !deviated;
}

static void judge_group(struct judge *judge, struct judgement *judgement) {
    assert(judge->waiting_count > 0);
    struct state_list next = survive_together(judge);
    if (next.count > 0) {
        judgement->judged = true;
        judgement->allowed = true;
        go_on_with(judge, next);
        for (unsigned child = 0; child < judge->waiting_count; child++)
            if (judge->waiting[child].result == STEP_SEEN)
                forget_parked(judge, judge->waiting[child].step, &judge->waiting[child].seen);
    } else {
        state_list_free(&judge->pool, &next);
        judge_in_file_order(judge, judgement);
    }
    judge->waiting_count = 0;
}

static void add_waiting(struct judge *judge, const struct step *group, struct waiting_child child) {
    assert(judge->waiting_count < group->children_count);
    if (judge->waiting_count == 0) {
        free(judge->waiting);
        judge->waiting = allocate_or_die(group->children_count * sizeof *judge->waiting);
    }
    judge->waiting[judge->waiting_count++] = child;
}

static void judge_child(struct judge *judge, const struct step *group, struct judgement *judgement) {
    judgement->judged = true;
    judgement->allowed = true;
    if (judge->waiting[judge->waiting_count - 1].step == &group->children[group->children_count - 1]) judge_group(judge, judgement);
}

/* A group whose last child was not sent is judged when the next step comes. */
static void judge_left_over_group(struct judge *judge, const struct step *group) {
    if (judge->waiting_count == 0 || together_of(judge, judge->waiting[0].step) == group) return;
    struct judgement left_over = { .continued_with = CONTINUED_AS_IF_NOT_MADE };
    judge_group(judge, &left_over);
}

void judge_step(struct judge *judge, const struct step *step, enum step_result result, const struct observation *seen,
                struct judgement *judgement) {
    assert(result == STEP_SEEN || result == STEP_DONE);
    assert(result == STEP_DONE || seen != NULL);
    clear_judgement(judgement);
    const struct step *group = together_of(judge, step);
    judge_left_over_group(judge, group);
    if (group != NULL) {
        struct waiting_child child = { .step = step, .result = result };
        if (seen != NULL) child.seen = *seen;
        add_waiting(judge, group, child);
        judge_child(judge, group, judgement);
    } else {
        judge_one(judge, step, result, seen, judgement);
    }
    judgement->worlds_count = judge->current.count;
    judgement->exhaustive = judgement->allowed ? judge->exhaustive : judge->exhaustive && judgement->allowed_count < JUDGE_ALLOWED_MAX;
}

/* --- readings ---------------------------------------------------------------------------------------------------- */

static bool world_holds(const struct world *world, const struct source *sources, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        if (sources[i].kind != SOURCE_READING || sources[i].number >= READINGS_MAX) continue;
        unsigned remembered = world->readings[sources[i].number];
        if (remembered != 0 && remembered != sources[i].candidate + 1) return false;
    }
    return true;
}

bool judge_readings_hold(const struct judge *judge, const struct source *sources, unsigned sources_count) {
    assert(sources != NULL || sources_count == 0);
    for (unsigned i = 0; i < judge->current.count; i++)
        if (world_holds(judge->current.states[i]->world, sources, sources_count)) return true;
    return false;
}

static unsigned candidates_left(const struct judge *judge, const struct reading *row) {
    unsigned all = (1u << row->candidates_count) - 1;
    unsigned possible = 0;
    for (unsigned i = 0; i < judge->current.count; i++) {
        unsigned remembered = judge->current.states[i]->world->readings[row->question];
        possible |= remembered == 0 ? all : 1u << (remembered - 1);
    }
    return possible;
}

unsigned judge_candidates(const struct judge *judge, unsigned question) {
    const struct reading *row = reading_of(question);
    assert(row != NULL);
    return candidates_left(judge, row);
}

void judge_follow_candidates(struct judge *judge, unsigned candidates[READINGS_MAX]) {
    unsigned count = 0;
    const struct reading *rows = readings(&count);
    if (!judge->learnt) return;
    judge->learnt = false;
    for (unsigned i = 0; i < count; i++) candidates[rows[i].question] = candidates_left(judge, &rows[i]);
}
