/* Threads that wait for several events at once, for one of them or for all. A wait for a single event needs none of
 * this: its thread names the event (world.h, AWAITED_EVENT).
 *
 * Each event of a wait has a row with its place in the array that the caller gave. A wait for one takes the lowest
 * place whose event is set; a wait for all takes nothing before all are set at one instant, and then takes all.
 *
 * INVARIANTS
 *   R6  A row names a thread that waits for several events, and an event that is there; the places of a thread are 0, 1
 *       and so on, each once.
 *
 * TRANSITIONS (row)
 *   free --event_wait_add--> waited for --event_wait_end--> free   (its thread resumes, or ends) */
#ifndef RESERVOIR_STACK_IO_EVENT_WAITS_H
#define RESERVOIR_STACK_IO_EVENT_WAITS_H

#include "stack/sdk/wait_values.h"
#include "stack/world.h"

/* Are there so many free rows? Notes the full table where there are not. */
bool event_wait_has_room(struct world *world, unsigned count);

/* The thread waits, or is about to wait, for this event as well, at the next place. There must be room (asserted). */
void event_wait_add(struct world *world, unsigned thread, unsigned event);

/* What has come of `count` events: the lowest place that is set; of a wait for all 0 once all are; else NO_ROW. */
unsigned events_come(const struct world *world, const uint16_t *events, unsigned count, bool all);

/* Takes what has come: the event of this place, of a wait for all every one (asserted to be set). */
void events_take(struct world *world, const uint16_t *events, unsigned count, bool all, unsigned place);

/* The events of a thread's wait in their order; returns how many. */
unsigned event_wait_list(const struct world *world, unsigned thread, uint16_t events[MAXIMUM_WAIT_OBJECTS]);

/* Ends the wait of a thread: frees its rows, and events that nothing needs any more. */
void event_wait_end(struct world *world, unsigned thread);

/* The invariant R6; NULL, or its text when it is broken. */
const char *event_waits_check(const struct world *world);

#endif
