#include "conformance/explorer/explore.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"
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
    struct text *told; /* or NULL */
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
    if (ordering->told == NULL) return answer;
    if (what == CHOICE_POSTPONE && answer == 1) text_add(ordering->told, "  (what could happen now is put off)\n");
    if (what == CHOICE_STEP)
        text_add(ordering->told, "  (of %u things that could happen, number %u does)\n", count, answer + 1);
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

struct run {
    const struct scenario *instance;
    const struct profile *profile;
    struct model_executor executor;
    struct player player;
    struct ordering ordering;
    struct text answers;
    struct text trouble;
    uint32_t forbidden_line;
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

/* False when the run is over: by an answer that is not allowed, or because it cannot be played. */
static bool play_step(struct run *run, const struct step *step) {
    struct observation seen;
    enum step_result result = player_step(&run->player, step, &seen);
    if (result == STEP_DONE || result == STEP_NEEDS) return true;
    if (result != STEP_SEEN) {
        text_add(&run->trouble, "line %u: %s", (unsigned)step->position.line, run->player.reason.text);
        return false;
    }
    size_t before = run->answers.length;
    session_print_answer(&run->player.session, run->instance, step, &seen, &run->answers);
    if (run->ordering.told != NULL) text_add(run->ordering.told, "%s", run->answers.bytes + before);
    if (is_allowed(run, step, &seen)) return true;
    run->forbidden_line = step->position.line;
    return false;
}

/* The lines of a `together`, each of those that are left as likely as any other. */
static bool play_together(struct run *run, const struct step *together) {
    bool played[STEPS_MAX] = { false };
    assert(together->children_count <= STEPS_MAX);
    for (uint32_t left = together->children_count; left > 0; left--) {
        unsigned which = choose(&run->ordering.chooser, CHOICE_ORDER, left);
        for (uint32_t i = 0; i < together->children_count; i++) {
            if (played[i] || which-- > 0) continue;
            played[i] = true;
            if (!play_step(run, &together->children[i])) return false;
            break;
        }
    }
    return true;
}

static void play(struct run *run) {
    text_free(&run->answers);
    run->forbidden_line = 0;
    run->ordering.order.length = 0;
    simulating_chooser_init(&run->ordering.inner, run->profile, 0);
    enum step_result begun = player_begin(&run->player, run->instance, model_executor_interface(&run->executor));
    if (begun != STEP_DONE) text_add(&run->trouble, "%s", run->player.reason.text);
    bool goes_on = begun == STEP_DONE;
    for (uint32_t i = 0; goes_on && i < run->instance->steps_count; i++) {
        const struct step *step = &run->instance->steps[i];
        goes_on = step->kind == STEP_TOGETHER ? play_together(run, step) : play_step(run, step);
    }
    if (player_end(&run->player) != STEP_DONE && run->trouble.length == 0)
        text_add(&run->trouble, "%s", run->player.reason.text);
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
    free(run);
}

/* --- all runs ----------------------------------------------------------------------------------------------------- */

/* How far an order is from the ordinary one. */
static unsigned turns_of(const struct order *order) {
    unsigned turns = 0;
    for (unsigned i = 0; i < order->length; i++) turns += order->answers[i] != 0;
    return turns;
}

static bool is_shorter(const struct order *one, const struct order *other) {
    unsigned turns = turns_of(one), others = turns_of(other);
    return turns != others ? turns < others : one->length < other->length;
}

static void keep_outcome(struct exploration *exploration, const struct run *run) {
    for (unsigned i = 0; i < exploration->outcomes_count; i++) {
        struct explored_outcome *outcome = &exploration->outcomes[i];
        bool same = outcome->forbidden_line == run->forbidden_line && outcome->answers.length == run->answers.length &&
                    memcmp(outcome->answers.bytes, run->answers.bytes, run->answers.length) == 0;
        if (!same) continue;
        outcome->orders++;
        if (is_shorter(&run->ordering.order, &outcome->first)) outcome->first = run->ordering.order;
        return;
    }
    if (exploration->outcomes_count == EXPLORE_OUTCOMES_MAX) {
        exploration->exhaustive = false;
        return;
    }
    struct explored_outcome *outcome = &exploration->outcomes[exploration->outcomes_count++];
    *outcome =
        (struct explored_outcome){ .first = run->ordering.order, .orders = 1, .forbidden_line = run->forbidden_line };
    text_add(&outcome->answers, "%s", run->answers.length > 0 ? run->answers.bytes : "");
}

void explore(const struct scenario *instance, const struct profile *profile, uint64_t orders_most,
             struct exploration *exploration) {
    struct run *run = run_create(instance, profile);
    memset(exploration, 0, sizeof *exploration);
    exploration->exhaustive = true;
    bool more = run->trouble.length == 0;
    while (more) {
        if (exploration->orders == orders_most) {
            exploration->exhaustive = false;
            break;
        }
        play(run);
        if (run->trouble.length > 0) break;
        exploration->orders++;
        keep_outcome(exploration, run);
        more = next_order(&run->ordering);
    }
    if (run->ordering.too_deep) exploration->exhaustive = false;
    if (run->trouble.length > 0) text_add(&exploration->trouble, "%s", run->trouble.bytes);
    run_free(run);
}

void exploration_free(struct exploration *exploration) {
    for (unsigned i = 0; i < exploration->outcomes_count; i++) text_free(&exploration->outcomes[i].answers);
    text_free(&exploration->trouble);
    memset(exploration, 0, sizeof *exploration);
}

void explore_tell(const struct scenario *instance, const struct profile *profile, const struct order *order,
                  struct text *out) {
    struct run *run = run_create(instance, profile);
    run->ordering.order = *order;
    run->ordering.given = order->length;
    run->ordering.told = out;
    if (run->trouble.length == 0) play(run);
    if (run->trouble.length > 0) text_add(out, "%s\n", run->trouble.bytes);
    if (run->forbidden_line > 0) text_add(out, "  (which line %u does not allow)\n", (unsigned)run->forbidden_line);
    run_free(run);
}

/* --- orders as text ----------------------------------------------------------------------------------------------- */

void order_print(const struct order *order, struct text *out) {
    unsigned length = order->length;
    while (length > 0 && order->answers[length - 1] == 0) length--;
    if (length == 0) text_add(out, "-");
    for (unsigned i = 0; i < length; i++) text_add(out, "%s%u", i == 0 ? "" : ".", (unsigned)order->answers[i]);
}

bool order_parse(const char *text, struct order *order) {
    *order = (struct order){ .length = 0 };
    if (strcmp(text, "-") == 0) return true;
    for (;; text++) {
        unsigned answer = 0, digits = 0;
        for (; *text >= '0' && *text <= '9' && digits < 3; text++, digits++)
            answer = answer * 10 + (unsigned)(*text - '0');
        if (digits == 0 || answer >= UINT8_MAX || order->length == EXPLORE_DEPTH_MAX) return false;
        order->answers[order->length++] = (uint8_t)answer;
        if (*text == '\0') return true;
        if (*text != '.') return false;
    }
}
