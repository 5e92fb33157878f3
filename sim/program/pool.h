/* What the functions of a pool share: an item, and the thread that it gets. Each item has a thread of its own here,
 * which ends with it. Both stop the program where there is no room. */
#ifndef RESERVOIR_SIM_PROGRAM_POOL_H
#define RESERVOIR_SIM_PROGRAM_POOL_H

#include "sim/program/include/process.h"

#include <stddef.h>

/* Zeroed; the caller's to free. */
void *pool_item(size_t size);

/* Runs `routine` with `item` on a new thread. */
void pool_run(LPTHREAD_START_ROUTINE routine, void *item);

/* A routine's call: what it wants done after it has returned. Begins zeroed, on the stack of its thread. */
struct _TP_CALLBACK_INSTANCE {
    HANDLE event, mutex, semaphore;
    DWORD count; /* to give the semaphore */
    PCRITICAL_SECTION section;
};
void pool_returned(const struct _TP_CALLBACK_INSTANCE *instance);

#endif
