/* This program as the system sees it. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_SYSTEM_PROCESS_H
#define RESERVOIR_CONFORMANCE_AGENT_SYSTEM_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

/* What tells this run of the program from others: its id, and when it started, in milliseconds since 1970; the same at
 * every call. Under POSIX a test may say both (AGENT_STARTED="1795814459689 4711"), so that a second run writes the
 * same bytes. */
uint32_t process_id(void);
uint64_t process_started_ms(void);

/* A word that tells this machine from others: what its system has called it since it was installed ("unknown" where it
 * has none), a stroke, its name. Copies of one installation differ in the latter. */
enum { MACHINE_WORD_MAX = 64 };
void process_machine(char word[MACHINE_WORD_MAX + 1]);

/* Ends it at once: nothing is flushed, nothing runs on the way. */
_Noreturn void process_end(int status);

/* Of the test build for POSIX: the program is killed here (SIGKILL) when this is the place of the number in
 * AGENT_DIES_AT, counted from 1 over all places that say this. So a test can kill it at each of them. With AGENT_STOPS
 * it stops here (SIGSTOP), at each place, until it is continued: a test sees what a kill would leave. */
void process_may_die(void);

/* From now on `act` is called, on a thread of its own, when the program is interrupted from outside (Ctrl-C and its
 * like); then happens what always happens. Once. */
void process_on_interrupt(void (*act)(void));

#endif
