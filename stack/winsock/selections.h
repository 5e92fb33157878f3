/* Network events on their way through the edge.
 *
 * The caller's event objects are none of the model's: they are handles that only upcalls reach. So each that was ever
 * selected has an event of the model's beside it, which the model sets; who sees it set resets it and sets the
 * caller's. What the model resets of its own, the caller's is reset for.
 *
 *   free --selections_event: a handle that was not seen before--> beside an event of the model's
 *   beside one --selections_forget: its process has ended, or has cleaned up--> free
 *
 * All of this is under the lock of the edge (machine.h). */
#ifndef RESERVOIR_STACK_WINSOCK_SELECTIONS_H
#define RESERVOIR_STACK_WINSOCK_SELECTIONS_H

#include <stdint.h>

#include "stack/winsock/headers.h"

/* The upcalls of the provider's client; kept from the first WSPStartup on. */
void selections_use(const WSPUPCALLTABLE *upcalls);

/* The model's event beside this one of the calling process; 0 for NULL, and where there is no room. */
uint64_t selections_event(HANDLE event);

/* Sets the caller's events beside those of the model's that were set. Becomes other threads; who calls this becomes who
 * it was. */
void selections_pass_on(void);

/* Closes the model's events of a process that has cleaned up; who calls this is a thread of it. */
void selections_give_back(uint32_t process);

void selections_forget(uint32_t process);
void selections_forget_all(void);

#endif
