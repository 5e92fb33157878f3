#include "conformance/judge/judge_worlds.h"

#include <string.h>

static bool remember_the_same(const struct state_list *one, const struct state_list *other) {
    if (one->count != other->count) return false;
    for (unsigned i = 0; i < one->count; i++)
        if (memcmp(one->states[i]->world->readings, other->states[i]->world->readings, READINGS_MAX) != 0) return false;
    return true;
}

void judge_continue_with(struct judge *judge, struct state_list next) {
    judge->learnt = judge->learnt || !remember_the_same(&judge->current, &next);
    state_list_free(&judge->pool, &judge->current);
    judge->current = next;
}

void judge_continue_otherwise(struct judge *judge, struct state_list next) {
    state_list_free(&judge->pool, &judge->otherwise);
    judge->otherwise = next;
    if (next.count == 0) judge->otherwise_of = NULL;
}
