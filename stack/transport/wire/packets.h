/* Packets on their way, and the datagrams that came: what a world with a wire holds beside its connections.
 *
 * There is one queue of packets in the order in which they were sent. One that is for this machine arrives when its
 * time has come and it is the oldest; one for another machine waits there until the driver takes it. So packets of one
 * machine to itself never overtake each other, and whoever looks at the queue after each event sees every packet once.
 *
 * A queue that is full loses what is sent next, as a router does: TCP sends it again, a datagram is gone.
 *
 * INVARIANTS (packets_check)
 *   N1  A packet in the queue has 1..limits.packet_bytes bytes; serials rise by one from the oldest to the youngest.
 *   N2  A datagram that waits belongs to an open datagram socket. */
#ifndef RESERVOIR_STACK_TRANSPORT_WIRE_PACKETS_H
#define RESERVOIR_STACK_TRANSPORT_WIRE_PACKETS_H

#include <stdbool.h>
#include <stdint.h>

#include "stack/transport/wire/segment.h"
#include "stack/world.h"

/* Has this world a wire at all? */
bool packets_have_a_wire(const struct world *world);

/* Sends a segment: `payload` is segment->payload_bytes long. For an address of this machine it arrives at once; for
 * another it waits for the driver. */
void packet_send(struct world *world, const struct segment *segment, const uint8_t *payload);

/* Where the payload of a TCP segment without options will stand if it is sent next: who writes it there saves a copy.
 * NULL while the queue is full. Room for what the largest packet leaves after its headers. */
uint8_t *packet_payload_place(struct world *world, unsigned family);

/* Bytes that came from another machine, as the driver got them: true, or false when the queue or a slot has no room. */
bool packet_put(struct world *world, const uint8_t *bytes, uint32_t count);

/* The oldest packet, or NULL. Its bytes: packet_bytes(). Both are valid until the queue changes. */
const struct packet_row *packet_oldest(const struct world *world);
const uint8_t *packet_oldest_bytes(struct world *world);

/* The n-th packet in the queue, from the oldest (0) on: for whoever looks at what was sent. */
const struct packet_row *packet_nth(const struct world *world, unsigned nth);
const uint8_t *packet_nth_bytes(const struct world *world, unsigned nth);

/* Is the oldest for this machine, and due? */
bool packet_is_due(const struct world *world);

/* Nanoseconds until it is; UINT64_MAX while nothing for this machine is on its way. */
uint64_t packet_due_in_ns(const struct world *world);

/* Takes the oldest away. */
void packet_drop_oldest(struct world *world);

/* A datagram for a socket, or (payload NULL) the news that no one received one that it sent. False: no room, it is
 * lost. */
bool datagram_add(struct world *world, unsigned socket, const struct segment *segment, const uint8_t *payload);

/* The datagram that the socket reads next, or NO_ROW. */
unsigned datagram_next(const struct world *world, unsigned socket);

/* Forgets all that waits in a socket that goes away. */
void datagrams_drop_of_socket(struct world *world, unsigned socket);

/* The invariants N1 and N2; NULL, or the text of the broken one. */
const char *packets_check(const struct world *world);

#endif
