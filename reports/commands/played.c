#include "reports/commands/played.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"
#include "conformance/language/printer.h"
#include "conformance/language/step_order.h"
#include "conformance/player/play.h"
#include "conformance/session/session_print.h"
#include "conformance/stage/model_executor.h"
#include "conformance/stage/port_view.h"
#include "reports/commands/holders.h"

/* A text becomes the record's. */
static const char *keep(struct played *played, struct text *text) {
    const char *kept = arena_text(played->arena, text->length == 0 ? "" : text->bytes, text->length);
    text_free(text);
    return kept;
}

static void keep_answer(struct played *played, struct player *player, const struct observation *seen,
                        struct played_step *step) {
    static const char mark[] = "  #~ ";
    struct text answer = { 0 }, line = { 0 };
    session_print_outcome(&player->session, player->scenario, step->step, seen, &answer);
    session_print_answer(&player->session, player->scenario, step->step, seen, &line);
    step->answer = keep(played, &answer);
    size_t length = strcspn(line.bytes, "\n");
    step->routines = arena_text(played->arena, line.bytes + length + 1, line.length - length - 1);
    line.bytes[length] = '\0';
    const char *live = strstr(line.bytes, mark);
    step->live = live == NULL ? "" : arena_text(played->arena, live + strlen(mark), strlen(live + strlen(mark)));
    text_free(&line);
}

/* What the machine's ports are like now. */
static void keep_ports(struct played *played, const struct player *player, const struct model_executor *model,
                       struct played_step *step) {
    struct text holders = { 0 }, tables = { 0 };
    holders_add(model->world, player->scenario, &player->session, &holders);
    port_view_print(model->world, &tables);
    step->holders = keep(played, &holders);
    step->tables = keep(played, &tables);
}

/* False when nothing more is to be played. */
static bool play_step(struct played *played, struct player *player, const struct model_executor *model,
                      const struct step *step) {
    struct observation seen;
    struct text call = { 0 }, why = { 0 };
    struct played_step *record = &played->steps[played->count++];
    memset(&seen, 0, sizeof seen);
    *record = (struct played_step){ .step = step, .live = "", .routines = "" };
    step_print_call(player->scenario, step, &call);
    record->call = keep(played, &call);
    enum step_result result = player_step(player, step, &seen);
    if (result == STEP_SEEN) keep_answer(played, player, &seen, record);
    else if (result == STEP_NEEDS) text_add(&why, "not sent: there is no %s", player->needed);
    else if (result != STEP_DONE) text_add(&why, "%s", player->reason.text);
    if (why.length > 0) record->unsent = keep(played, &why);
    keep_ports(played, player, model, record);
    return result == STEP_SEEN || result == STEP_DONE || result == STEP_NEEDS;
}

static void play_all(struct played *played, struct player *player, const struct model_executor *model) {
    struct step_order order;
    step_order_fill(&order, player->scenario);
    played->steps = arena_allocate(played->arena, (order.count + 1) * sizeof *played->steps);
    keep_ports(played, player, model, &played->before);
    for (unsigned i = 0; i < order.count && !played->ended_early; i++)
        played->ended_early = !play_step(played, player, model, order.steps[i]);
    memcpy(played->asked, model->world->readings, sizeof played->asked);
}

bool played_by(const struct scenario *instance, const struct profile *profile, uint64_t seed, struct played *played) {
    struct player *player = memory_zeroed(sizeof *player);
    struct model_executor model;
    assert(instance->dimensions_count == 0);
    *played = (struct played){ .arena = arena_create() };
    bool good = model_executor_init(&model, profile, seed);
    if (good) {
        good = player_begin(player, instance, model_executor_interface(&model)) == STEP_DONE;
        if (good) play_all(played, player, &model);
        else played->reason = player->reason;
        (void)player_end(player);
    }
    model_executor_free(&model);
    free(player);
    return good;
}

void played_free(struct played *played) {
    assert(played != NULL);
    arena_free(played->arena);
    *played = (struct played){ .count = 0 };
}

static bool same_text(const char *one, const char *other) {
    return one == other || (one != NULL && other != NULL && strcmp(one, other) == 0);
}

bool played_alike(const struct played_step *one, const struct played_step *other) {
    assert(one != NULL && other != NULL);
    return same_text(one->answer, other->answer) && same_text(one->live, other->live) &&
           same_text(one->routines, other->routines) && same_text(one->unsent, other->unsent);
}
