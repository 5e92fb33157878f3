/* Exceptions that leave a call become an answer instead of the end of the agent: access violations through bad pointers
 * that the stack does not catch itself, and the exception that Wine raises when a function exists in name only
 * (0x80000100). Elsewhere than on Windows a signal is such an exception, and has the code that Windows would give it.
 *
 *     if (FAULTS_GUARDED(&guard)) { ... the call ... faults_disarm(&guard); }
 *     else code = guard.code;
 *
 * The guard is the last to be asked: an exception that a handler inside the stack turns into an error, as Winsock does
 * for pointers to nowhere, never comes here. (A vectored handler would be the first, and see faults that are none.)
 * What a call held when it was cut off (locks, memory) stays held: after a fault the process is not clean, and its
 * owner has to know (struct native_executor.tainted). */
#ifndef RESERVOIR_CONFORMANCE_AGENT_SYSTEM_FAULTS_H
#define RESERVOIR_CONFORMANCE_AGENT_SYSTEM_FAULTS_H

#include <stdint.h>

struct fault_guard {
    void *context[5]; /* of __builtin_setjmp */
    void *frames;     /* on Windows the thread's list of exception frames when the guard was armed */
    uint32_t code;    /* exception code once it has jumped */
    struct fault_guard *outer;
};

/* Makes this process's filter for exceptions that no other handler takes; once, before the first guard. One outside
 * every guard ends the process with exit status FAULTS_EXIT_STATUS and a line on standard error: no dialog, no
 * debugger. */
void faults_install(void);

enum { FAULTS_EXIT_STATUS = 97 };

void faults_arm(struct fault_guard *guard);
void faults_disarm(struct fault_guard *guard);

/* What a call does that raises this exception. An access violation where this system has no signal for the code.
 * Returns when a handler lets it. */
void faults_raise(uint32_t code);

/* The builtin must be expanded in the function that stays alive, hence a macro. */
#define FAULTS_GUARDED(guard) (faults_arm(guard), __builtin_setjmp((guard)->context) == 0)

#endif
