/* A socket has two handles: the model's own, and the one that WPUCreateSocketHandle gave for it, which its caller
 * knows.
 * The system knows the latter too, so that it is never another object's number; the former is its context. */
#ifndef RESERVOIR_STACK_WINSOCK_HANDLES_H
#define RESERVOIR_STACK_WINSOCK_HANDLES_H

#include "stack/winsock/headers.h"

#include <stdint.h>

/* The upcalls of the provider's client; kept from the first WSPStartup on. */
void handles_use(const WSPUPCALLTABLE *upcalls);

/* A handle for a socket that the model has just made. INVALID_SOCKET: there is none to be had; *error says why, and the
 * socket is still the caller's to close. */
SOCKET handle_for(uint64_t own, LPINT error);

/* The model's handle of a socket. Of what is no socket of this provider's a number that the model does not have, so
 * that it answers as to any such handle; 0 and INVALID_SOCKET stay what they are. */
uint64_t handle_own(SOCKET s);

/* The socket is closed: its handle goes. */
void handle_gone(SOCKET s);

#endif
