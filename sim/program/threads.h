/* The program's threads: fibres that take turns. One runs until it makes a call that waits, or one that asks whether it
 * still has to wait (a poll); then it is another one's turn. With seed 0 in a circle, with any other at random. Time is
 * the model's: it passes while all threads wait, and a little with each poll.
 *
 * A thread's turn
 *   free --thread_create--> ready or suspended --thread_continue--> ready
 *   ready --thread_parked_by_model--> parked (in the model) --the model returns--> ready
 *   ready --thread_wait--> waiting (here) --what it waits for, its limit, a routine--> ready
 *   ready --thread_exits--> ended --its object is closed, its stack buried--> free */
#ifndef RESERVOIR_SIM_PROGRAM_THREADS_H
#define RESERVOIR_SIM_PROGRAM_THREADS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/program/trace.h"
#include "stack/call/call.h"

struct fibre;

enum { THREAD_SLOTS_MAX = 1088 };

/* Called by each function that a program can call, before all else: makes the machine with the first call. */
void threads_enter(void);

unsigned thread_current(void);

/* The calling thread's last error. */
uint32_t thread_last_error(void);
void thread_set_last_error(uint32_t error);

/* A value of the calling thread's own; `slot` < THREAD_SLOTS_MAX. */
void **thread_slot(unsigned slot);

/* A new thread of the program. `routine` is called with `parameter` and returns the exit code. Its number, or -1: no
 * room or no memory. */
int thread_create(uint32_t (*routine)(void *parameter), void *parameter, size_t stack_bytes, bool suspended);

/* Of a thread that is suspended and has not run: its routine is called with this instead. */
void thread_set_parameter(unsigned thread, void *parameter);

/* The calling thread ends. Its exit code, and whether a thread has ended, can be asked until its number is given
 * back. The last thread to end ends the process. */
/* From now on this is called, on the thread, when one ends. */
void threads_end_calls(void (*routine)(unsigned thread));
_Noreturn void thread_exits(uint32_t exit_code);
bool thread_has_ended(unsigned thread, uint32_t *exit_code);
void thread_give_back(unsigned thread);

/* Number of times that it was suspended before. */
unsigned thread_suspend(unsigned thread);
unsigned thread_continue(unsigned thread);

/* The stack that the calling thread runs on. A thread may make others and change to them; it ends on one of them, and
 * that one is freed with it. NULL: no memory. */
struct fibre *thread_stack(void);
struct fibre *thread_stack_create(size_t stack_bytes, void (*entry)(void *context), void *context);
void thread_change_stack(struct fibre *to);

/* How it is called in messages; a copy is kept. */
void thread_name(unsigned thread, const char *name);

/* --- waiting ------------------------------------------------------------------------------------------------------ */

#define WAIT_WITHOUT_LIMIT 0xFFFFFFFFu

/* What a thread waits for that is not the model's. */
struct thread_wait {
    bool (*is_over)(void *context); /* looked at whenever it could be; changes nothing. NULL: only time, routines */
    void *context;
    uint32_t limit_ms;
    bool alertable;
    const char *text;       /* what it waits for, as messages say it */
    const char *of_winsock; /* the function of Winsock that waits, inside which routines run; NULL: it is none */
};

enum wait_end { WAIT_CAME, WAIT_TIMED_OUT, WAIT_RAN_ROUTINES };

/* Waits; what is there already ends it at once, with limit 0 too. Before that, routines of an alertable wait run. */
enum wait_end thread_wait(const struct thread_wait *wait);

/* The model has parked the calling thread in this call, with that result: returns with its return, and the routines
 * that ended its wait. Those that run inside the call have run. */
struct parked_return thread_parked_by_model(const struct call *call, const struct result *result);

/* The calling thread has asked whether it still has to wait: others' turn, and a little time. */
void thread_poll(void);

/* Does what the model can do now, and hands returns to those who are parked. */
void threads_settle(const struct result *result);

/* Runs completion routines and APCs on the calling thread. */
void thread_run_routines(const struct result_routine *routines, unsigned count);

/* Is something queued to the calling thread? */
bool thread_has_queued(void);

/* Runs what is still queued to the calling thread, and what is queued meanwhile: the same alertable wait runs that,
 * too. */
void thread_run_queued(void);

/* The same, inside a call of Winsock: what runs there must not wait. */
void thread_run_queued_inside(void);

#endif
