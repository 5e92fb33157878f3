/* Blocking hooks: what Winsock 1.1 offers a program while one of its calls blocks.
 *
 * A thread of a program that negotiated 1.1 may have a hook. While a call of that thread blocks, on a blocking socket,
 * its hook runs, again and again, on the same thread (N1.9.11). What the hook asks of Winsock is refused with
 * WSAEINPROGRESS, except whether the thread is blocking, and the cancellation of the call that blocks (N1.9.10).
 * Whether today's Windows does any of this is asked: questions 79, 80 and 113. */
#ifndef RESERVOIR_STACK_MODEL_BLOCKING_H
#define RESERVOIR_STACK_MODEL_BLOCKING_H

#include "stack/system/context.h"

/* The user address of the hook that runs now in this thread, which may therefore call; 0: none does. */
uint64_t blocking_hook_running(struct world *world, struct chooser *chooser, unsigned thread);

/* Is the call refused because another one blocks? Then it has ended. What a hook asks of others than Winsock is not
 * modelled, which ends the call too. */
bool blocking_refuses(struct context *context);

#endif
