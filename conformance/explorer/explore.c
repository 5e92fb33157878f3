#include "conformance/explorer/explore.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"
#include "conformance/explorer/states.h"
#include "conformance/language/language_error.h"
#include "conformance/player/play.h"
#include "conformance/session/session_match.h"
#include "conformance/session/session_print.h"
#include "conformance/stage/model_executor.h"

/* --- who decides the order ---------------------------------------------------------------------------------------- */

/* Answers what is about order from a sequence, and all else as an ordinary run does. */
struct ordering {
    struct chooser chooser;
    struct simulating_chooser inner;
    struct order order; /* what this run answered */
    uint8_t counts[EXPLORE_DEPTH_MAX];
    unsigned given; /* answers that are laid down; from there on 0 */
    bool too_deep;
    struct text *account; /* or NULL */
};

static unsigned choose_in_order(struct chooser *chooser, enum choice what, unsigned count) {
    struct ordering *ordering = (struct ordering *)chooser;
    bool about_order = what == CHOICE_STEP || what == CHOICE_ORDER || what == CHOICE_POSTPONE;
    if (!about_order) return choose(&ordering->inner.chooser, what, count);
    if (ordering->order.length == EXPLORE_DEPTH_MAX || count > UINT8_MAX) {
        ordering->too_deep = true;
        return 0;
    }
    unsigned at = ordering->order.length++;
    unsigned answer = at < ordering->given && ordering->order.answers[at] < count ? ordering->order.answers[at] : 0;
    ordering->order.answers[at] = (uint8_t)answer;
    ordering->counts[at] = (uint8_t)count;
    if (ordering->account == NULL) return answer;
    if (what == CHOICE_POSTPONE && answer == 1) text_add(ordering->account, "  (what could happen now is put off)\n");
    if (what == CHOICE_STEP)
        text_add(ordering->account, "  (of %u things that could happen, number %u does)\n", count, answer + 1);
    return answer;
}

static uint64_t choose_member_inside(struct chooser *chooser, enum choice what, const struct choice_set *set) {
    struct ordering *ordering = (struct ordering *)chooser;
    return choose_member(&ordering->inner.chooser, what, set);
}

/* The next sequence: the last answer that can grow does, what follows is 0. False: that was the last one. */
static bool next_order(struct ordering *ordering) {
    struct order *order = &ordering->order;
    while (order->length > 0 && order->answers[order->length - 1] + 1u >= ordering->counts[order->length - 1])
        order->length--;
    if (order->length == 0) return false;
    order->answers[order->length - 1]++;
    ordering->given = order->length;
    return true;
}

/* --- one run ------------------------------------------------------------------------------------------------------ */

/* A state on the way of the present run, whose followers are not all known yet. */
struct passed_state {
    long state;
    struct place place;
    unsigned position; /* answers of the order before it */
    size_t answered;   /* length of the answered lines before it */
};

struct run {
    const struct scenario *instance;
    const struct profile *profile;
    struct model_executor executor;
    struct player player;
    struct ordering ordering;
    struct text answers;
    struct text trouble;
    uint32_t forbidden_line;
    bool merges, any_memory;
    struct states states;
    struct passed_state passed[STEPS_MAX];
    unsigned passed_count, met; /* of those, how many this run has come by */
    long known;                 /* the state at which this run has stopped, as what follows is known; or STATES_NONE */
    struct session scratch;
    struct text described;
};

static bool readings_hold(const struct run *run, const struct outcome *outcome) {
    for (uint32_t i = 0; i < outcome->sources_count; i++) {
        const struct source *source = &outcome->sources[i];
        if (source->kind != SOURCE_READING) continue;
        unsigned asked = run->executor.world->readings[source->number];
        unsigned answer = asked != 0 ? asked : run->profile->answers[source->number];
        if (answer != 0 && answer != source->candidate + 1) return false;
    }
    return true;
}

static bool is_allowed(const struct run *run, const struct step *step, const struct observation *seen) {
    for (uint32_t i = 0; i < step->outcomes_count; i++) {
        if (!session_matches(&run->player.session, run->instance, step, &step->outcomes[i], seen, NULL)) continue;
        if (readings_hold(run, &step->outcomes[i]))
            return session_matches_routines(&run->player.session, run->instance, step, seen, NULL);
    }
    return false;
}

/* Memory of the system's was misused: that ends the run as an answer does that is not allowed. */
static bool is_misused(struct run *run) {
    const struct ownership *ownership = &run->player.ownership;
    if (ownership->misuse_line == 0 || run->any_memory) return false;
    run->forbidden_line = ownership->misuse_line;
    text_add(&run->answers, "  (%s)\n", ownership->misuse.text);
    if (run->ordering.account != NULL) text_add(run->ordering.account, "  (%s)\n", ownership->misuse.text);
    return true;
}

/* False when the run is over: by an answer that is not allowed, or because it cannot be played. */
static bool play_step(struct run *run, const struct step *step) {
    struct observation seen;
    enum step_result result = player_step(&run->player, step, &seen);
    if (result == STEP_NEEDS) return true;
    if (result == STEP_DONE) return !is_misused(run);
    if (result != STEP_SEEN) {
        text_add(&run->trouble, "line %u: %s", (unsigned)step->position.line, run->player.reason.text);
        return false;
    }
    size_t before = run->answers.length;
    session_print_answer(&run->player.session, run->instance, step, &seen, &run->answers);
    if (run->ordering.account != NULL) text_add(run->ordering.account, "%s", run->answers.bytes + before);
    if (is_misused(run)) return false;
    if (is_allowed(run, step, &seen)) return true;
    run->forbidden_line = step->position.line;
    return false;
}

/* Comes by the state at this place. True when what follows it is known. */
static bool is_known(struct run *run, const struct place *place) {
    const struct ordering *ordering = &run->ordering;
    if (!run->merges) return false;
    if (ordering->order.length < ordering->given) { /* as in the run before: up to the answer that has grown */
        if (run->met < run->passed_count && memcmp(&run->passed[run->met].place, place, sizeof *place) == 0) run->met++;
        return false;
    }
    text_free(&run->described);
    state_describe(&run->player, &run->executor, place, &run->scratch, &run->described);
    long state = states_find(&run->states, &run->described);
    if (state != STATES_NONE && run->states.rows[state].finished && !run->states.rows[state].too_many) {
        run->known = state;
        return true;
    }
    if (state == STATES_NONE) state = states_add(&run->states, &run->described);
    if (state == STATES_NONE || run->states.rows[state].finished) return false;
    run->passed[run->passed_count++] = (struct passed_state){
        .state = state, .place = *place, .position = ordering->order.length, .answered = run->answers.length
    };
    run->met = run->passed_count;
    return false;
}

/* All that follows the states from which the next run does not begin is known. */
static void finish_states(struct run *run, unsigned given) {
    while (run->passed_count > 0 && run->passed[run->passed_count - 1].position >= given)
        run->states.rows[run->passed[--run->passed_count].state].finished = true;
}

/* The lines of a `together`, each of those that are left as likely as any other. */
static bool play_together(struct run *run, const struct step *together, unsigned index) {
    struct place place = { .step = index };
    assert(together->children_count <= STEPS_MAX);
    for (uint32_t left = together->children_count; left > 0; left--) {
        if (left < together->children_count && is_known(run, &place)) return false;
        unsigned which = choose(&run->ordering.chooser, CHOICE_ORDER, left);
        for (uint32_t i = 0; i < together->children_count; i++) {
            if (place.played[i] || which-- > 0) continue;
            place.played[i] = true;
            if (!play_step(run, &together->children[i])) return false;
            break;
        }
    }
    return true;
}

static void play(struct run *run) {
    text_free(&run->answers);
    run->forbidden_line = 0;
    run->met = 0;
    run->known = STATES_NONE;
    run->ordering.order.length = 0;
    simulating_chooser_init(&run->ordering.inner, run->profile, 0);
    enum step_result begun = player_begin(&run->player, run->instance, model_executor_interface(&run->executor));
    if (begun != STEP_DONE) text_add(&run->trouble, "%s", run->player.reason.text);
    bool goes_on = begun == STEP_DONE;
    for (uint32_t i = 0; goes_on && i < run->instance->steps_count; i++) {
        const struct step *step = &run->instance->steps[i];
        if (i > 0 && is_known(run, &(struct place){ .step = i })) break;
        goes_on = step->kind == STEP_TOGETHER ? play_together(run, step, i) : play_step(run, step);
    }
    bool whole = goes_on && run->known == STATES_NONE && run->forbidden_line == 0;
    if (whole && player_misuse(&run->player) != NULL) (void)is_misused(run); /* what was forgotten shows at the end */
    bool ended = player_end(&run->player) == STEP_DONE;
    if (!ended && run->trouble.length == 0) text_add(&run->trouble, "%s", run->player.reason.text);
}

static struct run *run_create(const struct scenario *instance, const struct profile *profile) {
    struct run *run = memory_zeroed(sizeof *run);
    run->instance = instance;
    run->profile = profile;
    run->ordering.chooser = (struct chooser){ .choose = choose_in_order, .choose_member = choose_member_inside };
    if (!model_executor_init(&run->executor, profile, 0)) {
        text_add(&run->trouble, "no memory for a world");
        return run;
    }
    model_executor_use_chooser(&run->executor, &run->ordering.chooser);
    model_executor_postpone(&run->executor);
    return run;
}

static void run_free(struct run *run) {
    model_executor_free(&run->executor);
    text_free(&run->answers);
    text_free(&run->trouble);
    text_free(&run->described);
    states_free(&run->states);
    free(run);
}

/* --- all runs ----------------------------------------------------------------------------------------------------- */

/* So many orders give this outcome. */
static void keep_outcome(struct exploration *exploration, const struct text *answers, uint32_t forbidden_line,
                         const struct order *shortest, uint64_t orders) {
    for (unsigned i = 0; i < exploration->outcomes_count; i++) {
        struct explored_outcome *outcome = &exploration->outcomes[i];
        bool same = outcome->forbidden_line == forbidden_line && outcome->answers.length == answers->length &&
                    (answers->length == 0 || memcmp(outcome->answers.bytes, answers->bytes, answers->length) == 0);
        if (!same) continue;
        outcome->orders += orders;
        if (order_is_shorter(shortest, &outcome->first)) outcome->first = *shortest;
        return;
    }
    if (exploration->outcomes_count == EXPLORE_OUTCOMES_MAX) {
        exploration->exhaustive = false;
        return;
    }
    struct explored_outcome *outcome = &exploration->outcomes[exploration->outcomes_count++];
    *outcome = (struct explored_outcome){ .first = *shortest, .orders = orders, .forbidden_line = forbidden_line };
    text_add(&outcome->answers, "%s", answers->length > 0 ? answers->bytes : "");
}

/* The part of an order from one of its answers on. */
static struct order tail_of(const struct order *order, unsigned position) {
    struct order tail = { .length = order->length - position };
    memcpy(tail.answers, order->answers + position, tail.length);
    return tail;
}

/* A run has come to an end, in so many orders: the exploration and the states on its way learn of it. */
static void learn(struct run *run, struct exploration *exploration, const struct text *answers, uint32_t forbidden_line,
                  const struct order *order, uint64_t orders) {
    exploration->orders += orders;
    keep_outcome(exploration, answers, forbidden_line, order, orders);
    for (unsigned i = 0; i < run->passed_count; i++) {
        const struct passed_state *passed = &run->passed[i];
        const struct order tail = tail_of(order, passed->position);
        const char *from = answers->length > 0 ? answers->bytes + passed->answered : "";
        state_learn(&run->states.rows[passed->state], from, answers->length - passed->answered, forbidden_line, &tail,
                    orders);
    }
}

/* What is known to follow the state at which the run has stopped. */
static void learn_known(struct run *run, struct exploration *exploration) {
    const struct explored_state *known = &run->states.rows[run->known];
    for (unsigned i = 0; i < known->outcomes_count; i++) {
        const struct state_outcome *outcome = &known->outcomes[i];
        struct order order = run->ordering.order;
        struct text answers = { 0 };
        if (order.length + outcome->shortest.length > EXPLORE_DEPTH_MAX) {
            run->ordering.too_deep = true;
            continue;
        }
        memcpy(order.answers + order.length, outcome->shortest.answers, outcome->shortest.length);
        order.length += outcome->shortest.length;
        if (run->answers.length > 0) text_add_bytes(&answers, run->answers.bytes, run->answers.length);
        if (outcome->answers.length > 0) text_add_bytes(&answers, outcome->answers.bytes, outcome->answers.length);
        learn(run, exploration, &answers, outcome->forbidden_line, &order, outcome->orders);
        text_free(&answers);
    }
}

/* Plays one order from its beginning to its end. */
static void replay(struct run *run, const struct order *order) {
    run->ordering.order = *order;
    run->ordering.given = order->length;
    if (run->trouble.length == 0) play(run);
}

/* What was put together from parts, because two states were taken for one, is what its order gives when it is played
 * as a whole: else they are not one, which is our bug. */
static bool is_as_played(const struct scenario *instance, const struct profile *profile,
                         const struct explore_limits *limits, const struct explored_outcome *outcome) {
    struct run *run = run_create(instance, profile);
    run->any_memory = limits->any_memory;
    replay(run, &outcome->first);
    bool same =
        run->trouble.length > 0 ||
        (run->forbidden_line == outcome->forbidden_line && run->answers.length == outcome->answers.length &&
         (run->answers.length == 0 || memcmp(run->answers.bytes, outcome->answers.bytes, run->answers.length) == 0));
    run_free(run);
    return same;
}

void explore(const struct scenario *instance, const struct profile *profile, const struct explore_limits *limits,
             struct exploration *exploration) {
    struct run *run = run_create(instance, profile);
    memset(exploration, 0, sizeof *exploration);
    exploration->exhaustive = true;
    run->merges = !limits->one_by_one;
    run->any_memory = limits->any_memory;
    bool more = run->trouble.length == 0;
    while (more) {
        if (exploration->orders >= limits->orders_most) {
            exploration->exhaustive = false;
            break;
        }
        play(run);
        if (run->trouble.length > 0) break;
        exploration->runs++;
        if (run->known != STATES_NONE) learn_known(run, exploration);
        else learn(run, exploration, &run->answers, run->forbidden_line, &run->ordering.order, 1);
        more = next_order(&run->ordering);
        finish_states(run, more ? run->ordering.given : 0);
    }
    if (run->ordering.too_deep) exploration->exhaustive = false;
    if (run->trouble.length > 0) text_add(&exploration->trouble, "%s", run->trouble.bytes);
    exploration->states = run->states.count;
    run_free(run);
    for (unsigned i = 0; !limits->one_by_one && i < exploration->outcomes_count; i++) {
        bool same = is_as_played(instance, profile, limits, &exploration->outcomes[i]);
        assert(same);
        (void)same;
    }
}

void exploration_free(struct exploration *exploration) {
    for (unsigned i = 0; i < exploration->outcomes_count; i++) text_free(&exploration->outcomes[i].answers);
    text_free(&exploration->trouble);
    memset(exploration, 0, sizeof *exploration);
}

void explore_tell(const struct scenario *instance, const struct profile *profile, const struct order *order,
                  struct text *out) {
    struct run *run = run_create(instance, profile);
    run->ordering.account = out;
    replay(run, order);
    if (run->trouble.length > 0) text_add(out, "%s\n", run->trouble.bytes);
    if (run->forbidden_line > 0) text_add(out, "  (which line %u does not allow)\n", (unsigned)run->forbidden_line);
    run_free(run);
}
