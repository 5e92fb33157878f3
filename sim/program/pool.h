/* What the functions of a pool share: an item, and the thread that it gets. Each item has a thread of its own here,
 * which ends with it. Both stop the program where there is no room. */
#ifndef RESERVOIR_SIM_PROGRAM_POOL_H
#define RESERVOIR_SIM_PROGRAM_POOL_H

#include "sim/program/include/process.h"

#include <stddef.h>
#include <stdint.h>

/* Zeroed; the caller's to free. */
void *pool_item(size_t size);

/* Runs `routine` with `item` on a new thread. */
void pool_run(LPTHREAD_START_ROUTINE routine, void *item);

/* A pool of a program's own: how many routines run in it at a time, in the order in which they came. NULL is the
 * default pool, which has a thread for each. */
struct _TP_POOL {
    DWORD most; /* 0: no limit */
    DWORD running;
    uint32_t next_ticket, turn;
};
PTP_POOL pool_of(PTP_CALLBACK_ENVIRON environment);

/* A place in the queue, and what the thread that has it does around its routine. */
uint32_t pool_ticket(PTP_POOL pool);
void pool_enter(PTP_POOL pool, uint32_t ticket);
void pool_leave(PTP_POOL pool);

/* The group of an environment, which closes what was made with it. What closes by itself leaves it. */
enum pool_kind { POOL_WORK, POOL_TIMER, POOL_WAIT, POOL_IO };
void pool_joins(PTP_CALLBACK_ENVIRON environment, enum pool_kind kind, void *item);
void pool_quits(const void *item);

/* A routine's call: what it wants done after it has returned. Begins zeroed, on the stack of its thread. */
struct _TP_CALLBACK_INSTANCE {
    HANDLE event, mutex, semaphore;
    DWORD count; /* to give the semaphore */
    PCRITICAL_SECTION section;
};
void pool_returned(const struct _TP_CALLBACK_INSTANCE *instance);

#endif
