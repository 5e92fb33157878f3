/* The state of a socket's handle, which a program may wait for as for an event.
 *
 * A request that is given an event signals that and not the handle; one without signals the handle, unless its socket
 * has FILE_SKIP_SET_EVENT_ON_HANDLE (W119, W128); both are reset when the request begins. So the handle has an event of
 * its own, which comes into being with the first request that has none: before that no source tells its state, nor
 * after a request with a routine, whose OVERLAPPED's event means nothing (W116). A call that is not overlapped leaves
 * it alone.
 *
 * INVARIANTS
 *   R7  The event of a socket's handle is there, and is no other socket's; its socket counts as one reference.
 *
 * TRANSITIONS (handle)
 *   not known --handle_event_begins (no event is given)--> not set --handle_event_signals--> set
 *                                                          set --handle_event_begins--> not set
 *   not set, set --handle_event_signals (a routine reports)--> not known
 *   any of them --handle_event_drop--> gone   (whoever waits for it waits for an event that no one names) */
#ifndef RESERVOIR_STACK_IO_HANDLE_EVENTS_H
#define RESERVOIR_STACK_IO_HANDLE_EVENTS_H

#include "stack/world.h"

/* An overlapped request begins. Where there is no room for an event the state stays unknown. */
void handle_event_begins(struct world *world, const struct request *request);

/* It has ended. */
void handle_event_signals(struct world *world, const struct request *request);

/* The event of a socket's handle, or NO_ROW: its state is not known. */
unsigned handle_event_of(const struct world *world, unsigned socket);

/* The socket is gone. */
void handle_event_drop(struct world *world, unsigned socket);

/* R7; NULL, or the text of it when it is broken. */
const char *handle_events_check(const struct world *world);

#endif
