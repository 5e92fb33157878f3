/* Handles in calls: a new one is returned, any one is closed. */
#ifndef RESERVOIR_STACK_MODEL_HANDLE_CALLS_H
#define RESERVOIR_STACK_MODEL_HANDLE_CALLS_H

#include "stack/system/context.h"

/* Ends a call that creates an object: with a new handle to it, or with `failure` and ERROR_NOT_ENOUGH_MEMORY when
 * there is no object (NO_ROW) or no room for a handle. Then the caller frees the object. */
void return_new_handle(struct context *context, enum handle_kind kind, unsigned object, uint64_t failure);

/* Closes a handle of a process, of whatever kind; it must be there (asserted). The last handle takes the object with
 * it. `chooser` and `result` as in socket_close_handle(). */
void handle_release(struct world *world, struct chooser *chooser, unsigned process, uint64_t number,
                    struct result *result);

#endif
