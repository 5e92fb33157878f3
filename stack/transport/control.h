/* WSAIoctl and ioctlsocket: the gate in user mode, the codes that are answered there, and the way of a request to the
 * transport and back.
 *
 * Two families of codes were observed (W57). Family A is answered in user mode: at once, also with an OVERLAPPED
 * (FIONBIO, FIONREAD, SIOCATMARK, SIO_KEEPALIVE_VALS, SIO_CPU_AFFINITY). Family B goes to the transport: an overlapped
 * call may pend, and an unknown code pends always and fails in its completion (W4-W8). The three reservation codes
 * belong to B when the provider knows them, and are unknown codes when it does not (Q89). */
#ifndef RESERVOIR_STACK_TRANSPORT_CONTROL_H
#define RESERVOIR_STACK_TRANSPORT_CONTROL_H

#include "stack/system/context.h"

/* Internal step: a pending overlapped request completes. Its writes go to context->result. */
void control_complete(struct context *context, unsigned request);

#endif
