/* Two faults of a program that cannot be answered by a call: a loop that waits for another thread without calling
 * anything, so that the other one never has its turn; and a stack that is used up. Both are reported, with the thread,
 * instead of a process that hangs or dies. */
#ifndef RESERVOIR_SIM_PROGRAM_WATCH_H
#define RESERVOIR_SIM_PROGRAM_WATCH_H

#include <stdbool.h>
#include <stdint.h>

/* What the watch asks of the threads, out of a signal. */
struct watched {
    bool (*others_live)(void);
    const char *(*stack_of)(uintptr_t address); /* whose stack ends there, or NULL */
    const char *(*runs)(void);
};

/* Begins to watch. `seconds` of processor time without a call are a loop; 0: never. Handlers of signals that the
 * program has set already stay. */
void watch_begin(const struct watched *watched, unsigned seconds);

/* The program has called. */
void watch_call(void);

#endif
