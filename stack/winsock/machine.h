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

/* Says, where whoever runs the provider can read it, that `what` was asked for and is not modelled: the error that the
 * caller is given stands for no answer. */
void winsock_machine_not_modelled(const char *what);

/* Of an event handle of the calling process: 1 set, 0 not, -1 no such event. */
int winsock_machine_event_state(uint64_t handle);

/* Who the calling thread is, and making it another one. */
struct machine_thread winsock_machine_who(void);
void winsock_machine_become(struct machine_thread who);

/* The version of Winsock that the calling process asked its WSAStartup for. */
uint16_t winsock_machine_version(void);

/* One lock, for the edge's own table. Not held while the machine is called. */
void winsock_machine_lock(void);
void winsock_machine_unlock(void);

#endif
