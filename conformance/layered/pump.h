/* The thread of this provider: it carries out what waits on sockets while the program does something else. It looks
 * every few milliseconds, and ends when nothing waits. */
#ifndef RESERVOIR_CONFORMANCE_LAYERED_PUMP_H
#define RESERVOIR_CONFORMANCE_LAYERED_PUMP_H

#include <stdbool.h>

#include "conformance/layered/lower.h"

/* Both are called with the lock. */
struct pump_work {
    /* Which sockets wait for what. False: none waits, now or later, and the thread ends. */
    bool (*gather)(struct lower_watch watches[LOWER_WATCHES_MAX], unsigned *count);
    bool (*serve)(void); /* tries all of them: has anything been moved? */
};
void pump_use(const struct pump_work *given);

/* With the lock: something waits from now on. False: the system has no thread to give. */
bool pump_begin(void);

/* Without the lock, when no socket is left: waits until the thread has ended. */
void pump_end(void);

#endif
