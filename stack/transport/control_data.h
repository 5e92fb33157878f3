/* Control data of messages (WSARecvMsg, WSASendMsg): objects that each begin with a WSACMSGHDR. Of those that Windows
 * has the model has one, packet information: the address that a datagram was sent to, and the interface that it came
 * by. The layout is of 64-bit Windows. */
#ifndef RESERVOIR_STACK_TRANSPORT_CONTROL_DATA_H
#define RESERVOIR_STACK_TRANSPORT_CONTROL_DATA_H

#include "stack/system/context.h"
#include "stack/transport/wire/address.h"
#include "stack/wire_rows.h"

enum {
    CONTROL_DATA_MAX = 40, /* what one datagram brings of it at most, with padding */
    LOOPBACK_INTERFACE = 1,
};

/* Does the model know what packet information a datagram for this socket brings? It does not know how a machine numbers
 * its interfaces, but for the loopback one. */
bool control_data_is_known(const struct world *world, const struct socket_row *row);

/* What a datagram brings to this socket, as its options want it. Returns its bytes, without the
 * padding at its end; 0: none. */
uint32_t control_data_of(struct context *context, const struct socket_row *row, const struct datagram_row *datagram,
                         uint8_t bytes[CONTROL_DATA_MAX]);

/* The bytes that an object of so many takes, with the padding at its end. */
uint32_t control_data_padded(uint32_t length);

/* What control data says of a datagram that is sent. */
enum control_wish {
    CONTROL_WISHES_NOTHING,
    CONTROL_WISHES_SOURCE, /* *source is the address that it comes from */
    CONTROL_NOT_MODELLED,  /* another object, or a malformed one */
};
enum control_wish control_data_read(const uint8_t *bytes, uint32_t length, struct endpoint *source);

#endif
