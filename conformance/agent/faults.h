/* Exceptions inside a call become an answer instead of the end of the agent: access violations through bad pointers,
 * and the exception that Wine raises when a function exists in name only (0x80000100).
 *
 *     if (FAULTS_GUARDED(&guard)) { ... the call ... faults_disarm(&guard); }
 *     else code = guard.code;
 *
 * A vectored handler jumps back to the guard of the thread that faulted. What the call held (locks, memory) stays held:
 * after a fault the process is not clean, and its owner has to know (struct native_executor.tainted). */
#ifndef RESERVOIR_CONFORMANCE_AGENT_FAULTS_H
#define RESERVOIR_CONFORMANCE_AGENT_FAULTS_H

#include <stdint.h>

struct fault_guard {
    void *context[5];            /* of __builtin_setjmp */
    uint32_t code;               /* exception code once it has jumped */
    struct fault_guard *outer;
};

/* Installs the handler for this process; once, before the first guard. An exception outside every guard ends the
 * process with exit status FAULTS_EXIT_STATUS and a line on standard error: no dialog, no debugger. */
void faults_install(void);

enum { FAULTS_EXIT_STATUS = 97 };

void faults_arm(struct fault_guard *guard);
void faults_disarm(struct fault_guard *guard);

/* The builtin must be expanded in the function that stays alive, hence a macro. */
#define FAULTS_GUARDED(guard) (faults_arm(guard), __builtin_setjmp((guard)->context) == 0)

#endif
