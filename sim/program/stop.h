/* How a program is stopped that Reservoir cannot answer. Each says on standard error what happened and in which thread,
 * and ends the process at once with a status that no Windows program would choose:
 *
 *   119  a call does on Windows what ends most programs: it raises an exception
 *   120  it called for something that is not modelled
 *   121  all its threads wait, and nothing can wake them
 *   122  it runs in a loop without a call, while other threads wait for their turn
 *   123  it touched memory that belongs to the kernel: an OVERLAPPED or a buffer of a request that is pending
 *   124  a thread has used up its stack
 *   125  an option of the environment variable RESERVOIR_PROGRAM cannot be understood, or a file cannot be used
 *   126  the machine has no room for what it wants (its tables are larger than those of scenarios, not endless) */
#ifndef RESERVOIR_SIM_PROGRAM_STOP_H
#define RESERVOIR_SIM_PROGRAM_STOP_H

enum stop_status {
    STOP_FAULT = 119,
    STOP_NOT_MODELLED,
    STOP_DEADLOCK,
    STOP_LOOP,
    STOP_KERNEL_MEMORY,
    STOP_STACK,
    STOP_OPTIONS,
    STOP_NO_ROOM,
};

/* From now on this is called before a process is ended so. */
void stop_calls(void (*before)(void));

/* Prints the line and ends the process. */
_Noreturn void stop(enum stop_status status, const char *format, ...) __attribute__((__format__(__printf__, 2, 3)));

/* A function, or what it was asked for, that has an answer on Windows and none here. */
_Noreturn void stop_not_modelled(const char *function, const char *what);

#endif
