/* sendto: as far as it goes without a wire. What matters here is that it binds a socket that is not bound yet. */
#include <assert.h>

#include "stack/errors.h"
#include "stack/system/context.h"
#include "stack/transport/address.h"
#include "stack/transport/bind.h"
#include "stack/transport/sockets.h"

enum { MSG_OOB = 1 };

/* The destination, or NULL when it is not wholly there. */
static const uint8_t *destination(const struct context *context, const struct socket_row *row) {
    return sockaddr_given(context->call, row->family, sendto_to, sendto_tolen);
}

static void violate_destination(const struct context *context, const struct socket_row *row, struct violations *violations) {
    if (context->call->ranges[sendto_to].state == RANGE_NULL) {
        violate_if(violations, row->state != SOCKET_CONNECTED, WSAEDESTADDRREQ);
        return;
    }
    const uint8_t *to = destination(context, row);
    if (to == NULL) {
        violate(violations, WSAEFAULT);
        return;
    }
    violate_if(violations, load_u16(to) != (row->family == 4 ? AF_INET : AF_INET6), WSAEAFNOSUPPORT);
    struct endpoint remote = endpoint_load(to, row->family);
    violate_if(violations, remote.port == 0 || endpoint_is_wildcard(&remote), WSAEADDRNOTAVAIL);
    violate_if(violations, endpoint_is_broadcast(&remote) && !row->broadcast, WSAEACCES);
}

static uint32_t send_unfit(struct context *context, const struct socket_row *row) {
    int32_t length = (int32_t)context->call->arguments[sendto_len];
    struct violations violations = { 0 };
    violate_if(&violations, context->world->network_down, WSAENETDOWN);
    violate_if(&violations, length < 0 || call_read(context->call, sendto_buf, (uint32_t)length) == NULL, WSAEFAULT);
    if (row->protocol == PROTOCOL_UDP) {
        violate_if(&violations, (context->call->arguments[sendto_flags] & MSG_OOB) != 0, WSAEOPNOTSUPP);
        violate_destination(context, row, &violations);
    } else { /* a stream has its destination already: `to` is not looked at */
        violate_if(&violations, row->protocol == PROTOCOLS_COUNT, WSAEOPNOTSUPP); /* raw sockets go no further here */
        violate_if(&violations, row->protocol == PROTOCOL_TCP && row->state != SOCKET_CONNECTED, WSAENOTCONN);
    }
    return violation_chosen(context, &violations);
}

/* Until the wire is modelled: every socket of this machine can be reached, a datagram without a receiver is lost in
 * silence, and elsewhere is no route. Asked before the implicit bind, so that a send that goes nowhere leaves the
 * socket as it was. */
static bool reachable(const struct context *context, const struct socket_row *row) {
    if (row->protocol != PROTOCOL_UDP || context->call->ranges[sendto_to].state == RANGE_NULL) return true;
    const uint8_t *to = destination(context, row);
    assert(to != NULL);
    struct endpoint remote = endpoint_load(to, row->family);
    return endpoint_is_local(&remote);
}

/* WSANOTINITIALISED, WSAENOTSOCK; in any order WSAENETDOWN, WSAEFAULT, WSAEOPNOTSUPP, WSAENOTCONN, WSAEDESTADDRREQ,
 * WSAEAFNOSUPPORT, WSAEADDRNOTAVAIL, WSAEACCES; WSAENOBUFS; WSAENETUNREACH; what an implicit bind gives (bind.h). */
void call_sendto(struct context *context) {
    unsigned socket = begin_socket_call(context, sendto_s);
    if (socket == NO_ROW) return;
    const struct socket_row *row = world_socket(context->world, socket);
    uint32_t error = send_unfit(context, row);
    if (error == 0 && context->world->no_buffers) error = WSAENOBUFS;
    if (error == 0 && !reachable(context, row)) error = WSAENETUNREACH;
    if (error == 0 && row->state == SOCKET_OPEN) error = bind_implicitly(context, socket);
    if (error != 0) fail_socket(context, error);
    else succeed(context, context->call->arguments[sendto_len]);
}
