#include "stack/model/park.h"

#include "stack/sdk/wait_values.h"

static const uint64_t NANOSECONDS_PER_MILLISECOND = 1000000;

static uint64_t deadline_after(const struct world *world, uint32_t milliseconds) {
    if (milliseconds == INFINITE) return UINT64_MAX;
    return world->now_ns + milliseconds * NANOSECONDS_PER_MILLISECOND;
}

bool wait_park(struct context *context, const struct wait *wait, uint32_t milliseconds) {
    if (!may_block(context)) return false;
    struct wait parked = *wait;
    parked.deadline_ns = deadline_after(context->world, milliseconds);
    thread_park(context->world, context->thread, context->call->function, &parked);
    context->result->status = RESULT_BLOCKED;
    context->result->error = ERROR_UNTOUCHED;
    return true;
}
