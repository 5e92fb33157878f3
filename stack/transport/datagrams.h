/* UDP: which socket a datagram reaches, and what becomes of one that reaches none. */
#ifndef RESERVOIR_STACK_TRANSPORT_DATAGRAMS_H
#define RESERVOIR_STACK_TRANSPORT_DATAGRAMS_H

#include "stack/choice.h"
#include "stack/transport/wire/segment.h"
#include "stack/world.h"

/* A datagram has arrived at this machine: it waits in the socket that it is for. Where there is none, the socket that
 * sent it learns of that, if it is on this machine: its next receive fails with WSAECONNRESET (SIO_UDP_CONNRESET). */
void datagram_arrive(struct world *world, struct chooser *chooser, const struct segment *segment,
                     const uint8_t *payload);

#endif
