/* Words of the dialogue (fixture.h) for messages: WSARecvMsg and WSASendMsg. */
#ifndef RESERVOIR_STACK_TESTS_FIXTURE_MESSAGES_H
#define RESERVOIR_STACK_TESTS_FIXTURE_MESSAGES_H

#include "stack/tests/fixture_wire.h"

/* A WSARecvMsg into 8 bytes: what it is given, and what it has stored. */
struct message {
    uint32_t flags, control_room;
    bool overlapped;
    unsigned which;                                   /* of several that pend: the number of its OVERLAPPED */
    bool nameless, without_control;                   /* these pointers are NULL */
    bool without_name_length, without_control_length; /* these members are not there */
    uint32_t name_length;
    uint32_t bytes, control_length, flags_after; /* UINT32_MAX: nothing was stored */
    const uint8_t *control;                      /* control_length bytes of it, or NULL */
};
uint32_t receive_message(struct machine *machine, uint64_t socket, struct message *message);

/* The same as receive_message stored it, once it has completed: of the last call's result. */
void look_at_message(const struct machine *machine, struct message *message);

/* A WSASendMsg of one byte to 127.0.0.1, or where `port` is 0 without a name. */
uint32_t send_message(struct machine *machine, uint64_t socket, unsigned port, const void *control, uint32_t length);

/* IP_PKTINFO, or IPV6_PKTINFO, of a datagram socket. */
uint32_t want_packet_information(struct machine *machine, uint64_t socket, unsigned family);

#endif
