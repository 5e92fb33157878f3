#include "stack/model/inside.h"

#include <assert.h>

#include "stack/io/requests.h"

bool thread_is_inside_winsock(const struct world *world, unsigned thread) {
    const struct thread *row = world_thread_at(world, thread);
    if (row->state != THREAD_WAITING) return false;
    return row->awaited == AWAITED_SOCKETS || request_of_blocked_call(world, thread) != NO_ROW;
}

bool routines_can_run_inside(const struct world *world, unsigned thread) {
    return thread_is_inside_winsock(world, thread) && routine_is_queued(world, thread);
}

void routines_run_inside(struct world *world, unsigned thread, struct result *result) {
    assert(routines_can_run_inside(world, thread) && result->routines_count < RESULT_ROUTINES_MAX);
    routine_deliver_all(world, thread, result);
    assert(world_thread(world, thread)->state == THREAD_WAITING);
}
