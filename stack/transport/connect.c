/* listen and connect, as far as they matter to who holds which port: connect binds a socket that is not bound.
 *
 * There is no wire yet: a connection reaches a listener of the same machine at once, or nothing. */
#include <assert.h>

#include "stack/errors.h"
#include "stack/ports/pool.h"
#include "stack/system/context.h"
#include "stack/transport/address.h"
#include "stack/transport/bind.h"
#include "stack/transport/sockets.h"

/* WSANOTINITIALISED, WSAENOTSOCK; WSAEOPNOTSUPP for a socket without connections; WSAEISCONN; WSAEINVAL unbound;
 * WSAENOBUFS. */
void call_listen(struct context *context) {
    unsigned socket = begin_socket_call(context, listen_s);
    if (socket == NO_ROW) return;
    struct socket_row *row = world_socket(context->world, socket);
    struct violations violations = { 0 };
    violate_if(&violations, context->world->network_down, WSAENETDOWN);
    violate_if(&violations, row->protocol != PROTOCOL_TCP, WSAEOPNOTSUPP);
    violate_if(&violations, row->state == SOCKET_CONNECTED, WSAEISCONN);
    violate_if(&violations, row->state == SOCKET_OPEN && row->protocol == PROTOCOL_TCP, WSAEINVAL);
    uint32_t error = violation_chosen(context, &violations);
    if (error == 0 && context->world->no_buffers) error = WSAENOBUFS;
    if (error != 0) {
        fail_socket(context, error);
        return;
    }
    row->state = SOCKET_LISTENING;
    succeed(context, 0);
}

/* The listener that a connection to this endpoint reaches: the specific one before the wildcard one (W88). */
static unsigned listener_at(const struct world *world, const struct endpoint *remote) {
    unsigned found = NO_ROW;
    struct endpoint wanted = endpoint_unmapped(remote);
    unsigned i = pool_next_socket(world, PROTOCOL_TCP, remote->port, NO_ROW);
    for (; i != NO_ROW; i = pool_next_socket(world, PROTOCOL_TCP, remote->port, i)) {
        const struct socket_row *row = world_socket_at(world, i);
        if (row->state != SOCKET_LISTENING) continue;
        struct endpoint held = socket_endpoint(row);
        if (endpoint_same_address(&held, &wanted)) return i;
        unsigned family = wanted.family == 4 ? FAMILY_V4 : FAMILY_V6;
        if (endpoint_is_wildcard(&held) && (socket_families(row) & family) != 0 && found == NO_ROW) found = i;
    }
    return found;
}

/* Until the wire is modelled: a listener of the same machine accepts, no listener refuses, elsewhere is no route. */
static uint32_t reach(const struct world *world, const struct socket_row *row, const struct endpoint *remote, unsigned *listener) {
    *listener = NO_ROW;
    if (!endpoint_is_local(remote)) return WSAENETUNREACH;
    if (row->protocol == PROTOCOL_UDP) return 0;
    *listener = listener_at(world, remote);
    return *listener == NO_ROW ? WSAECONNREFUSED : 0;
}

/* A socket bound to the wildcard learns its local address when it connects: on this machine the one it talks to. */
static void socket_connect(struct socket_row *row, const struct endpoint *remote, unsigned listener) {
    assert(row->state >= SOCKET_BOUND);
    struct endpoint held = socket_endpoint(row);
    row->state = SOCKET_CONNECTED;
    row->peer = (uint16_t)listener;
    socket_set_peer(row, remote);
    if (endpoint_is_wildcard(&held)) row->address = remote->address;
}

static uint32_t connect_unfit(struct context *context, const struct socket_row *row, const uint8_t *name) {
    struct violations violations = { 0 };
    violate_if(&violations, context->world->network_down, WSAENETDOWN);
    violate_if(&violations, row->protocol == PROTOCOLS_COUNT, WSAEOPNOTSUPP);
    violate_if(&violations, row->state == SOCKET_LISTENING, WSAEINVAL);
    violate_if(&violations, row->state == SOCKET_CONNECTED && row->protocol == PROTOCOL_TCP, WSAEISCONN);
    if (name == NULL) {
        violate(&violations, WSAEFAULT);
    } else {
        unsigned family = load_u16(name);
        violate_if(&violations, family != (row->family == 4 ? AF_INET : AF_INET6), WSAEAFNOSUPPORT);
        struct endpoint remote = endpoint_load(name, row->family);
        violate_if(&violations, remote.port == 0 || endpoint_is_wildcard(&remote), WSAEADDRNOTAVAIL);
    }
    return violation_chosen(context, &violations);
}

/* WSANOTINITIALISED, WSAENOTSOCK; in any order WSAENETDOWN, WSAEFAULT, WSAEAFNOSUPPORT, WSAEADDRNOTAVAIL (port 0, the
 * wildcard address), WSAEINVAL (listening), WSAEISCONN; WSAENOBUFS; what an implicit bind gives (bind.h);
 * WSAECONNREFUSED, WSAENETUNREACH. */
void call_connect(struct context *context) {
    unsigned socket = begin_socket_call(context, connect_s);
    if (socket == NO_ROW) return;
    struct socket_row *row = world_socket(context->world, socket);
    const uint8_t *name = sockaddr_given(context->call, row->family, connect_name, connect_namelen);
    uint32_t error = connect_unfit(context, row, name);
    if (error == 0 && context->world->no_buffers) error = WSAENOBUFS;
    if (error == 0 && row->state == SOCKET_OPEN) error = bind_implicitly(context, socket);
    if (error != 0) {
        fail_socket(context, error);
        return;
    }
    struct endpoint remote = endpoint_load(name, row->family);
    unsigned listener = NO_ROW;
    error = reach(context->world, row, &remote, &listener);
    if (error != 0) {
        fail_socket(context, error);
        return;
    }
    socket_connect(row, &remote, listener);
    if (row->nonblocking && row->protocol == PROTOCOL_TCP) fail_socket(context, WSAEWOULDBLOCK);
    else succeed(context, 0);
}
