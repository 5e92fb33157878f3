#include "stack/transport/sockets.h"

#include <assert.h>
#include <string.h>

#include "stack/errors.h"
#include "stack/io/requests.h"
#include "stack/ports/pool.h"
#include "stack/ports/port_index.h"
#include "stack/system/handles.h"
#include "stack/transport/address.h"
#include "stack/transport/bind.h"
#include "stack/transport/duplicate.h"

enum { SOCK_STREAM = 1, SOCK_DGRAM = 2, SOCK_RAW = 3, SOCK_RDM = 4, SOCK_SEQPACKET = 5 };
enum { IPPROTO_TCP = 6, IPPROTO_UDP = 17, IPPROTO_ICMP = 1, IPPROTO_ICMPV6 = 58 };
enum { WSA_FLAG_OVERLAPPED = 1, WSA_FLAG_NO_HANDLE_INHERIT = 0x80 };
enum { BUILD_WINDOWS_11 = 22000 };

static const uint64_t INVALID_SOCKET = UINT64_MAX;

/* --- creation ------------------------------------------------------------------------------------------------ */

struct socket_kind {
    int family; /* AF_INET or AF_INET6 */
    unsigned protocol; /* enum protocol, or PROTOCOLS_COUNT for raw */
};

/* AF_UNSPEC with a protocol: AF_INET, and AF_INET6 from Windows 11 on (W95). An unknown build is taken as older. */
static int family_of_unspecified(const struct world *world) {
    return world->build >= BUILD_WINDOWS_11 ? AF_INET6 : AF_INET;
}

/* The protocol that a type and a protocol number give together; false when they do not fit (W96). */
static bool protocol_of(int type, int protocol, unsigned *kind) {
    assert(kind != NULL);
    if (type == SOCK_RAW) {
        *kind = PROTOCOLS_COUNT;
        return protocol != 0;
    }
    if (type == SOCK_DGRAM) {
        *kind = PROTOCOL_UDP;
        return protocol == 0 || protocol == IPPROTO_UDP;
    }
    *kind = protocol == IPPROTO_UDP ? PROTOCOL_UDP : PROTOCOL_TCP; /* type 0: the provider's default for the protocol */
    if (type == SOCK_STREAM) return protocol == 0 || protocol == IPPROTO_TCP;
    return protocol == 0 || protocol == IPPROTO_TCP || protocol == IPPROTO_UDP;
}

/* The order is observed: type before family (W96), then the family, then whether the protocol fits. */
static uint32_t kind_of(const struct world *world, int af, int type, int protocol, struct socket_kind *kind) {
    if (type < 0 || type > SOCK_SEQPACKET) return WSAESOCKTNOSUPPORT;
    if (af == AF_UNSPEC && protocol == 0) return WSAEINVAL; /* W95 */
    int family = af == AF_UNSPEC ? family_of_unspecified(world) : af;
    if (family != AF_INET && family != AF_INET6) return WSAEAFNOSUPPORT;
    if (type == SOCK_RDM || type == SOCK_SEQPACKET) return WSAESOCKTNOSUPPORT; /* not in the internet families */
    kind->family = family;
    if (!protocol_of(type, protocol, &kind->protocol)) return WSAEPROTONOSUPPORT;
    return 0;
}

/* `flags` as WSASocketW takes them. Handles are inheritable unless the caller says no (facts 7.1, W106). */
static void socket_create(struct context *context, struct socket_kind kind, uint64_t flags) {
    struct world *world = context->world;
    if (world->no_handles) {
        fail(context, INVALID_SOCKET, WSAEMFILE);
        return;
    }
    unsigned index = world->no_buffers ? (unsigned)NONE : world_take(world, TABLE_SOCKETS);
    if (index == NONE) {
        fail(context, INVALID_SOCKET, WSAENOBUFS);
        return;
    }
    *world_socket(world, index) = (struct socket_row){
        .state = SOCKET_OPEN, .family = kind.family == AF_INET ? 4 : 6, .protocol = (uint8_t)kind.protocol,
        .overlapped = (flags & WSA_FLAG_OVERLAPPED) != 0, .v6only = kind.family == AF_INET6, .process = (uint16_t)context->process,
        .account = world_process(world, context->process)->account, .reservation = NONE, .peer = NONE };
    uint32_t number = handle_open(world, context->chooser, context->process, HANDLE_SOCKET, index);
    if (number == 0) {
        world_free(world, TABLE_SOCKETS, index);
        fail(context, INVALID_SOCKET, WSAEMFILE);
        return;
    }
    handle_set_inheritable(world, context->process, number, (flags & WSA_FLAG_NO_HANDLE_INHERIT) == 0);
    succeed(context, number);
}

static void create(struct context *context, uint64_t flags, bool bad_protocol_info) {
    const uint64_t *arguments = context->call->arguments;
    if (!winsock_started(context)) {
        fail(context, INVALID_SOCKET, WSANOTINITIALISED); /* W97 */
        return;
    }
    struct socket_kind kind = { 0 };
    struct violations violations = { 0 };
    violate_if(&violations, context->world->network_down, WSAENETDOWN);
    violate_if(&violations, bad_protocol_info, WSAEFAULT);
    uint32_t unfit = kind_of(context->world, (int)arguments[0], (int)arguments[1], (int)arguments[2], &kind);
    if (unfit != 0) violate(&violations, unfit);
    uint32_t error = violation_chosen(context, &violations);
    if (error != 0) fail(context, INVALID_SOCKET, error);
    else socket_create(context, kind, flags);
}

/* WSANOTINITIALISED; then in any order WSAENETDOWN, WSAEINVAL, WSAESOCKTNOSUPPORT, WSAEAFNOSUPPORT, WSAEPROTONOSUPPORT;
 * then WSAEMFILE, WSAENOBUFS. Sockets of socket() have the overlapped attribute (facts 7.1). */
void call_socket(struct context *context) { create(context, WSA_FLAG_OVERLAPPED, false); }

/* As socket(), and WSAEFAULT for an lpProtocolInfo that is not there. A good one is modelled for WSASocketW alone. */
void call_WSASocketA(struct context *context) {
    assert(context->call->function == FUNCTION_WSASocketA);
    const struct range *protocol_info = &context->call->ranges[3];
    bool bad = protocol_info->state == RANGE_BAD || protocol_info->state == RANGE_PARTLY_BAD;
    create(context, context->call->arguments[5], bad);
}

/* As socket(); with an lpProtocolInfo as open_duplicate(). */
void call_WSASocketW(struct context *context) {
    assert(context->call->function == FUNCTION_WSASocketW);
    bool without_info = context->call->ranges[3].state == RANGE_NULL || context->call->ranges[3].state == RANGE_NONE;
    if (without_info) create(context, context->call->arguments[5], false);
    else open_duplicate(context);
}

/* --- the end -------------------------------------------------------------------------------------------------- */

static void forget_listener(struct world *world, unsigned listener) {
    for (unsigned i = 0; i < world_top(world, TABLE_SOCKETS); i++) {
        struct socket_row *row = world_socket(world, i);
        if (row->state == SOCKET_CONNECTED && row->peer == listener) row->peer = NONE;
    }
}

void socket_end(struct world *world, unsigned socket, struct result *result) {
    assert(world_socket(world, socket)->references == 0);
    request_cancel_of_socket(world, socket, result);
    reservation_drop_of_socket(world, socket);
    if (world_socket(world, socket)->state == SOCKET_LISTENING) forget_listener(world, socket);
    if (world_socket(world, socket)->state >= SOCKET_BOUND) socket_unbind(world, socket);
    world_free(world, TABLE_SOCKETS, socket);
}

/* Q62: the socket lives on in a duplicate, and the process that acquired on it closes its own last handle to it. Do its
 * reservations end? */
static bool owner_lets_go(struct world *world, struct chooser *chooser, unsigned process, unsigned socket) {
    if (chooser == NULL || world_socket(world, socket)->references == 1) return false;
    if (!reservation_held_on(world, process, socket) || handles_to_socket(world, process, socket) > 1) return false;
    return world_reading(world, chooser, 62) == B;
}

void socket_close_handle(struct world *world, struct chooser *chooser, unsigned process, uint64_t number,
                         struct result *result) {
    unsigned socket = handle_find(world, process, HANDLE_SOCKET, number);
    assert(socket != NONE);
    bool reservations_end = owner_lets_go(world, chooser, process, socket);
    unsigned references_left = handle_close(world, process, number, &socket);
    if (references_left == 0) socket_end(world, socket, result);
    else if (reservations_end) reservation_drop_of_owner(world, process, socket);
}

/* Sockets bound to ports of the reservations that end with this handle lose their binding under Q54=b: all that were
 * acquired on the socket, or (the socket lives on) those of `owner`. */
static void unbind_dependents(struct context *context, unsigned acquirer, unsigned owner) {
    for (unsigned i = 0; i < world_top(context->world, TABLE_SOCKETS); i++) {
        const struct socket_row *other = world_socket(context->world, i);
        if (other->state < SOCKET_BOUND || (i == acquirer && owner == NONE)) continue;
        unsigned index = pool_association(context->world, other);
        const struct reservation *reservation = index == NONE ? NULL : world_reservation(context->world, index);
        if (reservation == NULL || reservation->socket != acquirer) continue;
        if (owner != NONE && reservation->process != owner) continue;
        if (reading(context, 54) == B) socket_unbind(context->world, i);
    }
}

void socket_close(struct context *context, uint64_t number) {
    unsigned socket = handle_find(context->world, context->process, HANDLE_SOCKET, number);
    assert(socket != NONE);
    bool last = world_socket(context->world, socket)->references == 1;
    if (last) unbind_dependents(context, socket, NONE);
    else if (owner_lets_go(context->world, context->chooser, context->process, socket))
        unbind_dependents(context, socket, context->process);
    socket_close_handle(context->world, context->chooser, context->process, number, context->result);
}

/* WSANOTINITIALISED and WSAENOTSOCK (W99) in any order; WSAENETDOWN. */
void call_closesocket(struct context *context) {
    struct violations violations = { 0 };
    unsigned socket = context_socket(context, 0);
    violate_if(&violations, !winsock_started(context), WSANOTINITIALISED);
    violate_if(&violations, socket == NONE, WSAENOTSOCK);
    uint32_t error = violation_chosen(context, &violations);
    if (error != 0) {
        fail_socket(context, error);
        return;
    }
    socket_close(context, context->call->arguments[0]);
    succeed(context, 0);
}

/* A bound socket as a holder of its port. */
static struct holder holder_of(const struct world *world, unsigned socket) {
    const struct socket_row *row = world_socket_at(world, socket);
    assert(row->state >= SOCKET_BOUND);
    return (struct holder){ .kind = HOLDER_SOCKET, .protocol = (enum protocol)row->protocol,
                            .families = socket_families(row), .first = row->port, .count = 1, .socket = socket };
}

void socket_bind(struct world *world, unsigned socket, const struct local_address *address, unsigned port, bool explicitly) {
    struct socket_row *row = world_socket(world, socket);
    assert(row->state == SOCKET_OPEN);
    assert(port >= 1 && port < PORTS_END);
    row->state = SOCKET_BOUND;
    row->address = *address;
    row->port = (uint16_t)port;
    row->bound_explicitly = explicitly;
    struct holder holder = holder_of(world, socket);
    port_index_add(world, &holder);
}

void socket_unbind(struct world *world, unsigned socket) {
    struct socket_row *row = world_socket(world, socket);
    struct holder holder = holder_of(world, socket);
    port_index_remove(world, &holder);
    row->state = SOCKET_OPEN;
    row->address = (struct local_address){ { 0 } };
    row->port = 0;
    row->peer = NONE;
    row->bound_explicitly = 0;
}

/* --- names ---------------------------------------------------------------------------------------------------- */

uint32_t socket_missing(struct context *context, unsigned socket) {
    struct violations violations = { 0 };
    violate_if(&violations, !winsock_started(context), WSANOTINITIALISED);
    violate_if(&violations, socket == NONE, WSAENOTSOCK);
    return violation_chosen(context, &violations);
}

/* WSANOTINITIALISED, WSAENOTSOCK; WSAEINVAL unbound, buffer untouched (W80), before the buffer is looked at (W105);
 * WSAEFAULT for a bad or short buffer, length untouched (W82). */
void call_getsockname(struct context *context) {
    unsigned socket = context_socket(context, 0);
    uint32_t missing = socket_missing(context, socket);
    if (missing != 0) {
        fail_socket(context, missing);
        return;
    }
    const struct socket_row *row = world_socket(context->world, socket);
    if (row->state < SOCKET_BOUND) {
        fail_socket(context, WSAEINVAL);
        return;
    }
    unsigned size = sockaddr_size(row->family);
    const uint8_t *length = call_read(context->call, 2, 4);
    if (length == NULL || load_u32(length) < size || !call_range_holds(context->call, 1, size)) {
        fail_socket(context, WSAEFAULT);
        return;
    }
    struct endpoint endpoint = socket_endpoint(row);
    uint8_t sockaddr[SOCKADDR_IN6_SIZE];
    uint8_t stored[4];
    endpoint_store(&endpoint, sockaddr);
    store_u32(stored, size);
    result_write(context->result, context->call->arguments[1], sockaddr, size);
    result_write(context->result, context->call->arguments[2], stored, sizeof stored);
    succeed(context, 0);
}

/* --- listening and connecting --------------------------------------------------------------------------------- */

/* WSANOTINITIALISED, WSAENOTSOCK; WSAEOPNOTSUPP for a socket without connections; WSAEISCONN; WSAEINVAL unbound;
 * WSAENOBUFS. */
void call_listen(struct context *context) {
    unsigned socket = context_socket(context, 0);
    uint32_t missing = socket_missing(context, socket);
    if (missing != 0) {
        fail_socket(context, missing);
        return;
    }
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
    unsigned found = NONE;
    struct endpoint wanted = endpoint_unmapped(remote);
    unsigned i = pool_next_socket(world, PROTOCOL_TCP, remote->port, NONE);
    for (; i != NONE; i = pool_next_socket(world, PROTOCOL_TCP, remote->port, i)) {
        const struct socket_row *row = world_socket_at(world, i);
        if (row->state != SOCKET_LISTENING) continue;
        struct endpoint held = socket_endpoint(row);
        if (endpoint_same_address(&held, &wanted)) return i;
        unsigned family = wanted.family == 4 ? FAMILY_V4 : FAMILY_V6;
        if (endpoint_is_wildcard(&held) && (socket_families(row) & family) != 0 && found == NONE) found = i;
    }
    return found;
}

/* Until the wire is modelled: a listener of the same machine accepts, nobody there refuses, elsewhere is no route. */
static uint32_t reach(const struct world *world, const struct socket_row *row, const struct endpoint *remote, unsigned *listener) {
    *listener = NONE;
    if (!endpoint_is_local(remote)) return WSAENETUNREACH;
    if (row->protocol == PROTOCOL_UDP) return 0;
    *listener = listener_at(world, remote);
    return *listener == NONE ? WSAECONNREFUSED : 0;
}

/* A socket bound to the wildcard learns its local address when it connects: on this machine the one it talks to. */
static void socket_connect(struct socket_row *row, const struct endpoint *remote, unsigned listener) {
    assert(row->state >= SOCKET_BOUND);
    struct endpoint held = socket_endpoint(row);
    row->state = SOCKET_CONNECTED;
    row->peer = (uint16_t)listener;
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
 * wildcard address), WSAEINVAL (listening), WSAEISCONN; WSAENOBUFS; what an implicit bind gives (bind.h); WSAECONNREFUSED,
 * WSAENETUNREACH. */
void call_connect(struct context *context) {
    unsigned socket = context_socket(context, 0);
    uint32_t error = socket_missing(context, socket);
    if (error != 0) {
        fail_socket(context, error);
        return;
    }
    struct socket_row *row = world_socket(context->world, socket);
    unsigned size = sockaddr_size(row->family);
    bool long_enough = (int32_t)context->call->arguments[2] >= (int32_t)size;
    const uint8_t *name = long_enough ? call_read(context->call, 1, size) : NULL;
    error = connect_unfit(context, row, name);
    if (error == 0 && context->world->no_buffers) error = WSAENOBUFS;
    if (error == 0 && row->state == SOCKET_OPEN) error = bind_implicitly(context, socket);
    if (error != 0) {
        fail_socket(context, error);
        return;
    }
    struct endpoint remote = endpoint_load(name, row->family);
    unsigned listener = NONE;
    error = reach(context->world, row, &remote, &listener);
    if (error != 0) {
        fail_socket(context, error);
        return;
    }
    socket_connect(row, &remote, listener);
    if (row->nonblocking && row->protocol == PROTOCOL_TCP) fail_socket(context, WSAEWOULDBLOCK);
    else succeed(context, 0);
}

/* --- invariants ----------------------------------------------------------------------------------------------- */

const char *sockets_check(const struct world *world) {
    assert(world != NULL);
    for (unsigned i = 0; i < world_top(world, TABLE_SOCKETS); i++) {
        const struct socket_row *row = world_socket_at(world, i);
        if (row->state == SOCKET_FREE) continue;
        if ((row->state >= SOCKET_BOUND) != (row->port != 0)) return "S1: a socket has a port and is not bound, or the reverse";
        if (row->reuse && row->exclusive) return "S2: a socket has both sharing options";
        if (row->state == SOCKET_LISTENING && row->protocol != PROTOCOL_TCP) return "S3: a listener that is no TCP socket";
        if (row->state >= SOCKET_BOUND && row->protocol == PROTOCOLS_COUNT) return "S3: a raw socket is bound";
        if (row->references == 0) return "S4: a socket that no handle names";
    }
    return NULL;
}
