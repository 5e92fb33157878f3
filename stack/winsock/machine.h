/* What the edge asks of the machine that it is linked with: a world that real threads call. Defined by whoever builds a
 * provider of the model (conformance/provider/). */
#ifndef RESERVOIR_STACK_WINSOCK_MACHINE_H
#define RESERVOIR_STACK_WINSOCK_MACHINE_H

#include "stack/call/call.h"

/* A thread of a process, as the machine numbers them. */
struct machine_thread {
    uint32_t process, thread;
};

/* The record of a call with these arguments, pointers among them, whose memory is looked at. */
void winsock_machine_record(struct call *call, enum function function, const uint64_t arguments[CALL_ARGUMENTS_MAX]);

/* Executes a record for the calling thread and returns when the call does. What is to be stored is stored at its
 * address; routines are run as functions. *error: what the call left as the last error, ERROR_UNTOUCHED if nothing. */
uint64_t winsock_machine_call(struct call *call, uint32_t *error);

/* Takes note that the calling thread asked for `what` (words that stay), which is not modelled: the error that it is
 * given stands for no answer. Whoever runs the provider learns it by PROVIDER_CONTROL_NOT_MODELLED; where no one gives
 * orders, it is said on standard error. */
void winsock_machine_not_modelled(const char *what);

/* Runs the completion routines that are due on this thread; none while it is inside a call, or when it has ended. */
void winsock_machine_run_routines(struct machine_thread who);

/* Of an event handle of the calling process: 1 set, 0 not, -1 no such event. */
int winsock_machine_event_state(uint64_t handle);

/* Who the calling thread is, and making it another one. */
struct machine_thread winsock_machine_who(void);
void winsock_machine_become(struct machine_thread who);

/* A thread of this process that no program has: what the edge does of itself is done in its name, so that a thread of
 * the program may be inside a call meanwhile, or end. */
struct machine_thread winsock_machine_own(uint32_t process);

/* The version of Winsock that the calling process asked its WSAStartup for. */
uint16_t winsock_machine_version(void);

/* One lock, for the edge's own tables. Calls that the edge makes while it has it never wait; the machine never asks for
 * it while it has one of its own. */
void winsock_machine_lock(void);
void winsock_machine_unlock(void);

#endif
