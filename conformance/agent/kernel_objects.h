/* As much of kernel32 as a provider's client needs, where the system has none: events, files, waits, routines that are
 * queued to threads. One space of handles; a number is never given twice, so that a stale handle
 * stays stale.
 *
 *   K1  An event that resets itself lets one waiter through for each time it is set.
 *   K2  A routine runs on the thread that it was queued to, by a provider or by QueueUserAPC, inside an alertable wait,
 *       and nowhere else.
 *   K3  A thread that waits when its process ends returns. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_KERNEL_OBJECTS_H
#define RESERVOIR_CONFORMANCE_AGENT_KERNEL_OBJECTS_H

#include "conformance/agent/functions.h"

/* Puts what is implemented here into a table; the rest of it stays. */
void kernel_objects_put(struct windows_functions *table);

/* As in struct windows_functions. */
void kernel_objects_process_starts(unsigned process, unsigned main_thread);
void kernel_objects_process_ends(unsigned process);
void kernel_objects_thread_ends(unsigned thread);
void kernel_objects_enter(unsigned process, unsigned thread);
int kernel_objects_event_state(HANDLE event);
void kernel_objects_end(void);

#endif
