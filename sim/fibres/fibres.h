/* Fibres: threads of a program that take turns on one thread of the system, so that who runs when is ours to decide.
 *
 * A fibre has a stack of its own with pages without access below it. What a thread of the system has of its own goes
 * along with a fibre: errno, the program's thread-local variables (of the executable itself, not of shared libraries),
 * and the exceptions of C++ that are being handled. The address sanitizer learns of each change of stacks, where the
 * program has it.
 *
 * One thread of the system only. */
#ifndef RESERVOIR_SIM_FIBRES_H
#define RESERVOIR_SIM_FIBRES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fibre;

/* The calling thread's own stack as a fibre; the first call, once. Never freed. NULL: no memory. */
struct fibre *fibre_adopt(void);

/* A fibre that will call `entry`, which must not return: it switches to another one for the last time. The stack has
 * at least `stack_bytes`. NULL: no memory. */
struct fibre *fibre_create(size_t stack_bytes, void (*entry)(void *context), void *context);

/* From the fibre that runs to this one. Returns when another fibre switches back. */
void fibre_switch(struct fibre *to);

/* The same, of one thread of the program: errno and its thread-local variables stay as they are, and go on with it. */
void fibre_switch_within_thread(struct fibre *to);

/* The same for the last time: what runs never comes back, and may be destroyed by another fibre. */
_Noreturn void fibre_leave(struct fibre *to);

/* Frees a fibre that does not run; NULL is allowed. */
void fibre_destroy(struct fibre *fibre);

/* Is this address in the pages below the fibre's stack? A fault there means that the stack is used up. */
bool fibre_guards(const struct fibre *fibre, uintptr_t address);

#endif
