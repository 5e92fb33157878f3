/* Completion routines and APCs that run inside a call of Winsock.
 *
 * A call that is not overlapped waits alertably while it blocks, and so do select and WSAPoll (T9.4.5, W118, W140).
 * What is queued to its thread runs there, at once, and the call goes on waiting: no routine ends it, and its time-out
 * is not put off. A function that runs so may call; that it blocks in turn is undefined on Windows (T9.4.5), and not
 * modelled here (context.h, may_block).
 *
 * TRANSITIONS (thread; what is not named here stands in system/handles.h)
 *   running --thread_park--> waiting inside Winsock --routines_run_inside--> waiting inside Winsock
 *                                                   --request_return, readiness_wait_finish--> running */
#ifndef RESERVOIR_STACK_MODEL_INSIDE_H
#define RESERVOIR_STACK_MODEL_INSIDE_H

#include "stack/call/call.h"
#include "stack/world.h"

/* Is the thread parked in a call of Winsock that runs its routines? */
bool thread_is_inside_winsock(const struct world *world, unsigned thread);

/* Would routines run now inside the call that the thread is parked in? */
bool routines_can_run_inside(const struct world *world, unsigned thread);

/* Internal step: they run, in result->routines, and the thread stays parked. */
void routines_run_inside(struct world *world, unsigned thread, struct result *result);

#endif
