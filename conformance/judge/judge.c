#include "conformance/judge/judge.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"
#include "conformance/base/reason.h"
#include "conformance/base/spares.h"
#include "conformance/judge/judge_allowed.h"
#include "conformance/judge/judge_attempt.h"
#include "conformance/judge/judge_otherwise.h"
#include "conformance/judge/judge_reports.h"
#include "conformance/judge/judge_worlds.h"
#include "conformance/stage/stage_limits.h"
#include "stack/model/model.h"
#include "stack/readings.h"

enum { CHILDREN_MAX = 32 };

/* --- creation ------------------------------------------------------------------------------------------------ */

struct judge *judge_create(const struct scenario *scenario, const uint16_t *ports_first, struct machine_facts facts,
                           const struct profile *profile, struct reason *reason) {
    assert(scenario != NULL);
    assert(reason != NULL);
    if (scenario->machines_count > 0) {
        reason_set(reason, "machine: what several machines did is not judged; the lines alone say what is allowed");
        return NULL;
    }
    struct judge *judge = spare_take(sizeof *judge);
    memset(judge, 0, offsetof(struct judge, parked));
    judge->scenario = scenario;
    judge->exhaustive = judge->learnt = true;
    struct world_limits limits = stage_limits(scenario, stage_facts_exclusions(facts));
    state_pool_init(&judge->pool, &limits, scenario->names_count);
    struct judged_state *first = state_new(&judge->pool);
    bool good =
        stage_apply_facts(first->world, scenario, facts, reason) && world_apply_lines(first->world, scenario, reason);
    if (!good) {
        state_drop(&judge->pool, first);
        judge_free(judge);
        return NULL;
    }
    memcpy(judge->dynamic_first, first->world->dynamic_first, sizeof judge->dynamic_first);
    memcpy(judge->dynamic_last, first->world->dynamic_last, sizeof judge->dynamic_last);
    memcpy(judge->dynamic_v6_first, first->world->dynamic_v6_first, sizeof judge->dynamic_v6_first);
    memcpy(judge->dynamic_v6_last, first->world->dynamic_v6_last, sizeof judge->dynamic_v6_last);
    if (profile != NULL) world_settle_profile(first->world, profile); /* world lines are the machine's own facts */
    stage_processes_start(first->world, scenario);
    session_begin(&first->session, scenario, ports_first);
    state_list_add(&judge->pool, &judge->current, first);
    return judge;
}

void judge_free(struct judge *judge) {
    if (judge == NULL) return;
    state_list_free(&judge->pool, &judge->current);
    state_list_free(&judge->pool, &judge->otherwise);
    judge_reports_free(judge);
    state_pool_free(&judge->pool);
    free(judge->waiting);
    spare_give(judge, sizeof *judge);
}

/* --- worlds that survive ----------------------------------------------------------------------------------------- */

struct survivors {
    struct judge *judge;
    struct state_list *list;
    const struct observation *seen; /* NULL: a step without an outcome */
    const struct step *step;
    uint32_t child; /* bit to set in children_done */
    bool possible;  /* some world could try it */
};

static bool agrees(const struct attempt *attempt, const struct observation *seen) {
    if (!attempt->possible || attempt->refused) return false;
    if (seen == NULL || !attempt->observed) return true;
    return memcmp(&attempt->observation, seen, sizeof *seen) == 0;
}

static void keep_survivor(void *self, struct attempt *attempt) {
    struct survivors *survivors = self;
    survivors->possible = survivors->possible || attempt->possible;
    struct judge *judge = survivors->judge;
    if (!agrees(attempt, survivors->seen)) return;
    if (!judge_report_holds(judge, survivors->step, &attempt->state->session)) return;
    judge->unnamed = judge->unnamed || attempt->unnamed;
    if (attempt->guessed) judge->exhaustive = false;
    if (survivors->list->count >= JUDGE_WORLDS_MAX) {
        judge->exhaustive = false;
        return;
    }
    attempt->state->children_done |= survivors->child;
    state_list_add(&judge->pool, survivors->list, attempt->state);
    attempt->state = NULL;
}

/* All states of `from` that agree with what was seen; *possible says whether any world could try the step at all. */
static struct state_list survive(struct judge *judge, const struct state_list *from, const struct step *step,
                                 const struct observation *seen, bool *possible) {
    struct state_list next = { 0 };
    struct survivors survivors = { .judge = judge, .list = &next, .seen = seen, .step = step };
    for (unsigned i = 0; i < from->count; i++)
        judge_try_agreeing(judge, from->states[i], step, seen, keep_survivor, &survivors);
    *possible = survivors.possible;
    return next;
}

/* The same of what an earlier call may have done otherwise. It decides nothing of the worlds themselves. */
static struct state_list survive_otherwise(struct judge *judge, const struct step *step,
                                           const struct observation *seen) {
    struct state_list next = { 0 };
    bool possible = false, exhaustive = judge->exhaustive, unnamed = judge->unnamed;
    const char *not_modelled = judge->not_modelled;
    if (judge->otherwise.count == 0 || judge->judging_anew) return next;
    next = survive(judge, &judge->otherwise, step, seen, &possible);
    judge->exhaustive = exhaustive;
    judge->unnamed = unnamed;
    judge->not_modelled = not_modelled;
    return next;
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
            struct survivors survivors = {
                .judge = judge, .list = &next, .seen = seen, .step = waiting->step, .child = UINT32_C(1) << child
            };
            judge_try_agreeing(judge, from->states[i], waiting->step, seen, keep_survivor, &survivors);
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
    if (judge_calls_in_hook(judge, step)) return;
    assert(step->thread >= 0 && step->thread < THREADS_MAX);
    if (seen->word != OUTCOME_BLOCKS) judge->parked_steps[step->thread] = NULL;
}

/* --- going on ----------------------------------------------------------------------------------------------------- */

/* Survivors become what is allowed. Where something was taken that nothing names as yet, the states before are kept. */
static void continue_with_survivors(struct judge *judge, struct state_list next, bool exhaustive_before) {
    if (judge->unnamed && !judge->rewind.taken && !judge->judging_anew)
        judge_keep_for_rewind(judge, &judge->current, exhaustive_before);
    judge_continue_with(judge, next);
}

/* Most scenarios never go back: the record, which is large, is made only where it is kept. */
static void note_history(struct judge *judge, const struct step *step, enum step_result result,
                         const struct observation *seen, const struct judgement *judgement) {
    if (!judge->rewind.taken || judge->judging_anew) return;
    struct waiting_child played = { .step = step, .result = result, .allowed = judgement->allowed };
    if (result == STEP_SEEN) played.seen = *seen;
    judge_note_history(judge, &played);
}

/* --- the step ---------------------------------------------------------------------------------------------------- */

/* Reading an option changes nothing, and neither does a call that failed. */
static bool may_change_something(const struct step *step, const struct observation *seen) {
    return seen->word != OUTCOME_ERROR && step->signature->function != FUNCTION_getsockopt;
}

/* Some world has no answer to this call: whatever was answered is neither allowed nor forbidden, and tells nothing. */
static void pass_over(struct judge *judge, const struct step *step, const struct observation *seen,
                      struct judgement *judgement) {
    judgement->judged = false;
    judgement->allowed = true;
    judgement->not_modelled = judge->not_modelled;
    judge_continue_otherwise(judge, (struct state_list){ 0 });
    judge_continue_as_if_not_made(judge, step, seen);
    if (may_change_something(step, seen)) {
        judge->exhaustive = false;
        judge->after_not_modelled = judge->not_modelled;
    }
}

/* No world allows what was seen. What is kept of an earlier deviation may explain it; else the judge guesses, and
 * keeps what else the host may have done. */
static void deviates(struct judge *judge, const struct step *step, const struct observation *seen, bool possible,
                     struct judgement *judgement) {
    struct state_list explained = survive_otherwise(judge, step, seen);
    const struct step *cause = judge->otherwise_of;
    if (possible) judge_gather_allowed(judge, step, seen, judgement);
    if (explained.count == 0 && !judge->judging_anew) judge_keep_otherwise(judge, step, seen);
    judge_repair(judge, step, seen, judgement);
    judge_tell_apart(judge, step, seen, judgement);
    if (explained.count == 0) {
        judgement->follows = judge_strayed_before(judge, step);
        judgement->follows_perhaps = judgement->follows != NULL;
        judge_note_strayed(judge, step, seen, judgement);
        return;
    }
    judgement->follows = cause;
    judgement->continued_with = CONTINUED_OTHERWISE;
    judge_continue_with(judge, explained);
    judge_continue_otherwise(judge, (struct state_list){ 0 });
}

static void judge_one(struct judge *judge, const struct step *step, enum step_result result,
                      const struct observation *seen, struct judgement *judgement) {
    const struct observation *wanted = result == STEP_SEEN ? seen : NULL;
    bool possible = false, exhaustive = judge->exhaustive;
    judge->unnamed = false;
    judge->not_modelled = NULL;
    struct state_list next = survive(judge, &judge->current, step, wanted, &possible);
    if (judge->not_modelled != NULL && wanted != NULL) {
        state_list_free(&judge->pool, &next);
        pass_over(judge, step, wanted, judgement);
        return;
    }
    judgement->judged = possible;
    judgement->allowed = !possible || next.count > 0;
    if (next.count > 0) {
        continue_with_survivors(judge, next, exhaustive);
        judge_continue_otherwise(judge, survive_otherwise(judge, step, wanted));
    } else {
        state_list_free(&judge->pool, &next);
        if (wanted != NULL) deviates(judge, step, wanted, possible, judgement);
    }
    judge_spread_strayed(judge, step);
    note_history(judge, step, result, wanted, judgement);
    if (wanted != NULL) forget_parked(judge, step, wanted);
}

/* Children in file order, each with its own verdict; the group takes the verdict of its first deviating child. */
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
    bool exhaustive = judge->exhaustive;
    judge->unnamed = false;
    judge_continue_otherwise(judge, (struct state_list){ 0 }); /* too many orders to follow beside the worlds */
    struct state_list next = survive_together(judge);
    if (next.count > 0) {
        judgement->judged = true;
        judgement->allowed = true;
        continue_with_survivors(judge, next, exhaustive);
        for (unsigned child = 0; child < judge->waiting_count; child++) {
            const struct waiting_child *waiting = &judge->waiting[child];
            note_history(judge, waiting->step, waiting->result, &waiting->seen, judgement);
            if (waiting->result == STEP_SEEN) forget_parked(judge, waiting->step, &waiting->seen);
        }
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
        judge->waiting = memory_resize(NULL, group->children_count, sizeof *judge->waiting);
    }
    judge->waiting[judge->waiting_count++] = child;
}

static void judge_child(struct judge *judge, const struct step *group, struct judgement *judgement) {
    judgement->judged = true;
    judgement->allowed = true;
    if (judge->waiting[judge->waiting_count - 1].step == &group->children[group->children_count - 1])
        judge_group(judge, judgement);
}

/* A group whose last child was not sent is judged when the next step comes. */
static void judge_left_over_group(struct judge *judge, const struct step *group) {
    if (judge->waiting_count == 0 || together_of(judge, judge->waiting[0].step) == group) return;
    struct judgement left_over = { .continued_with = CONTINUED_AS_IF_NOT_MADE };
    judge_group(judge, &left_over);
}

/* --- judging anew ------------------------------------------------------------------------------------------------- */

/* The steps of the history from `first` on that belong to one `together`, or a single one. Returns how many. */
static size_t judge_history_at(struct judge *judge, size_t first, struct judgement *judgement) {
    const struct rewind *rewind = &judge->rewind;
    const struct step *group = together_of(judge, rewind->steps[first].step);
    size_t count = 1;
    judgement_clear(judgement);
    if (group == NULL) {
        const struct waiting_child *played = &rewind->steps[first];
        judge_one(judge, played->step, played->result, &played->seen, judgement);
        return count;
    }
    while (first + count < rewind->steps_count && together_of(judge, rewind->steps[first + count].step) == group)
        count++;
    for (size_t i = 0; i < count; i++) add_waiting(judge, group, rewind->steps[first + i]);
    judge_group(judge, judgement);
    return count;
}

/* Something was reported that earlier steps had to guess: they are judged with it. Children that wait still wait. */
static void judge_anew(struct judge *judge) {
    struct waiting_child *waiting = judge->waiting;
    unsigned waiting_count = judge->waiting_count;
    struct judgement *judgement = memory_resize(NULL, 1, sizeof *judgement);
    judge->waiting = NULL;
    judge->waiting_count = 0;
    judge_go_back(judge);
    judge->judging_anew = true;
    for (size_t i = 0; i < judge->rewind.steps_count;) {
        size_t first = i;
        i += judge_history_at(judge, i, judgement);
        if (!judgement->allowed && judge->rewind.steps[first].allowed)
            judge->contradicted = judge->rewind.steps[first].step;
    }
    judge->judging_anew = false;
    free(judge->waiting);
    judge->waiting = waiting;
    judge->waiting_count = waiting_count;
    free(judgement);
}

static void hear(struct judge *judge, const struct step *step, const struct observation *seen,
                 const struct session *reader) {
    judge->contradicted = NULL;
    if (reader == NULL) return;
    bool heard = judge_hear(judge, step, seen, reader);
    judge_number_tokens(judge, reader);
    if (!heard) return;
    if (judge->rewind.taken) judge_anew(judge);
    else if (judge->waiting_count == 0) judge_drop_contradicted(judge);
}

void judge_step(struct judge *judge, const struct step *step, enum step_result result, const struct observation *seen,
                const struct session *reader, struct judgement *judgement) {
    assert(result == STEP_SEEN || result == STEP_DONE);
    assert(result == STEP_DONE || seen != NULL);
    judgement_clear(judgement);
    judgement->allowed = step->kind == STEP_EXPECT; /* only the line says which packets there must be */
    if (judgement->allowed) return;
    if (result == STEP_SEEN) hear(judge, step, seen, reader);
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
    judgement->contradicted = judge->contradicted;
    if (judge->contradicted != NULL) judgement->allowed = false;
    judgement->after_not_modelled = judge->after_not_modelled;
    judgement->worlds_count = judge->current.count;
    judgement->decided = judge->exhaustive;
    judgement->exhaustive = judge->exhaustive && (judgement->allowed || judgement->allowed_count < JUDGE_ALLOWED_MAX);
}

bool judge_port_is_dynamic(const struct judge *judge, enum transport transport, uint64_t port) {
    assert(judge != NULL);
    unsigned protocol = transport == TRANSPORT_UDP ? PROTOCOL_UDP : PROTOCOL_TCP;
    return (port >= judge->dynamic_first[protocol] && port <= judge->dynamic_last[protocol]) ||
           (port >= judge->dynamic_v6_first[protocol] && port <= judge->dynamic_v6_last[protocol]);
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
    if (!judge->exhaustive) return true; /* perhaps in one that was dropped */
    for (unsigned i = 0; i < judge->current.count; i++)
        if (world_holds(judge->current.states[i]->world, sources, sources_count)) return true;
    return false;
}

static unsigned candidates_left(const struct judge *judge, const struct reading *row) {
    unsigned all = (1u << row->candidates_count) - 1;
    unsigned possible = judge->exhaustive ? 0 : all;
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

/* Adds what a world leaves of each question: all where it remembers nothing. Written so that compilers take many at
 * once. */
static void add_left(uint8_t possible[READINGS_MAX], const uint8_t readings[READINGS_MAX]) {
    _Static_assert(CANDIDATES_MAX == 4, "candidates a to d");
    for (unsigned question = 0; question < READINGS_MAX; question++) {
        uint8_t answer = readings[question];
        uint8_t a = answer == 1 ? 1 : 0, b = answer == 2 ? 2 : 0, c = answer == 3 ? 4 : 0, d = answer == 4 ? 8 : 0;
        possible[question] |= (uint8_t)(a | b | c | d | (answer == 0 ? UINT8_MAX : 0));
    }
}

void judge_follow_candidates(struct judge *judge, uint8_t candidates[READINGS_MAX]) {
    if (!judge->learnt && (judge->exhaustive || judge->all_followed)) return;
    judge->learnt = false;
    judge->all_followed = !judge->exhaustive;
    uint8_t possible[READINGS_MAX];
    memset(possible, judge->exhaustive ? 0 : UINT8_MAX, sizeof possible);
    for (unsigned i = 0; judge->exhaustive && i < judge->current.count; i++)
        add_left(possible, judge->current.states[i]->world->readings);
    const uint8_t *all = readings_candidates();
    for (unsigned question = 0; question < READINGS_MAX; question++)
        candidates[question] = (uint8_t)(possible[question] & all[question]);
}
