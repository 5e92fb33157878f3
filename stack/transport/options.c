/* getsockopt and setsockopt. */
#include <assert.h>

#include "stack/errors.h"
#include "stack/sdk/socket_values.h"
#include "stack/system/context.h"
#include "stack/transport/sockets.h"

enum option_kind {
    OPTION_UNKNOWN, OPTION_REUSE, OPTION_EXCLUSIVE, OPTION_RANDOMIZE, OPTION_SCALABILITY, OPTION_REUSE_UNICASTPORT,
    OPTION_REUSE_MULTICASTPORT, OPTION_BROADCAST, OPTION_TYPE, OPTION_V6ONLY
};

static enum option_kind option_kind(const struct context *context, unsigned socket, unsigned level_argument, unsigned name_argument) {
    const struct socket_row *row = world_socket_at(context->world, socket);
    int32_t level = (int32_t)context->call->arguments[level_argument];
    int32_t name = (int32_t)context->call->arguments[name_argument];
    if (level == IPPROTO_IPV6) return name == IPV6_V6ONLY && row->family == 6 ? OPTION_V6ONLY : OPTION_UNKNOWN;
    if (level != SOL_SOCKET) return OPTION_UNKNOWN;
    switch (name) {
    case SO_REUSEADDR: return OPTION_REUSE;
    case SO_EXCLUSIVEADDRUSE: return OPTION_EXCLUSIVE;
    case SO_RANDOMIZE_PORT: return OPTION_RANDOMIZE;
    case SO_PORT_SCALABILITY: return OPTION_SCALABILITY;
    case SO_REUSE_UNICASTPORT: return OPTION_REUSE_UNICASTPORT;
    case SO_REUSE_MULTICASTPORT: return OPTION_REUSE_MULTICASTPORT;
    case SO_BROADCAST: return OPTION_BROADCAST;
    case SO_TYPE: return OPTION_TYPE;
    default: return OPTION_UNKNOWN;
    }
}

static uint32_t option_value(const struct socket_row *row, enum option_kind option) {
    switch (option) {
    case OPTION_REUSE: return row->reuse;
    case OPTION_EXCLUSIVE: return row->exclusive;
    case OPTION_RANDOMIZE: return row->randomize;
    case OPTION_SCALABILITY: return row->port_scalability;
    case OPTION_REUSE_UNICASTPORT: return row->reuse_unicastport;
    case OPTION_REUSE_MULTICASTPORT: return row->reuse_multicastport;
    case OPTION_BROADCAST: return row->broadcast;
    case OPTION_V6ONLY: return row->v6only;
    case OPTION_TYPE: return row->protocol == PROTOCOL_TCP || row->other == OTHER_UNIX ? 1 : row->protocol == PROTOCOL_UDP ? 2 : 3;
    case OPTION_UNKNOWN: break;
    }
    assert(!"the value of an unknown option");
    return 0;
}

/* WSANOTINITIALISED, WSAENOTSOCK; WSAENOPROTOOPT; WSAEFAULT for a buffer or length that is bad or short. */
void call_getsockopt(struct context *context) {
    unsigned socket = begin_socket_call(context, getsockopt_s);
    if (socket == NO_ROW) return;
    enum option_kind kind = option_kind(context, socket, getsockopt_level, getsockopt_optname);
    const uint8_t *length = call_read(context->call, getsockopt_optlen, 4);
    bool storable = length != NULL && load_u32(length) >= 4 && call_range_holds(context->call, getsockopt_optval, 4);
    uint32_t error = kind == OPTION_UNKNOWN ? WSAENOPROTOOPT : storable ? 0 : WSAEFAULT;
    if (error != 0) {
        fail_socket(context, error);
        return;
    }
    uint8_t bytes[4];
    store_u32(bytes, option_value(world_socket(context->world, socket), kind));
    result_write(context->result, context->call->arguments[getsockopt_optval], bytes, sizeof bytes);
    store_u32(bytes, 4);
    result_write(context->result, context->call->arguments[getsockopt_optlen], bytes, sizeof bytes);
    succeed(context, 0);
}

/* WSAEINVAL: the opposite sharing option is set (W89), the two ways to choose a port are wanted at once (T8.2.2), or
 * the socket is bound and the option must precede that. */
static uint32_t set_option(struct socket_row *row, enum option_kind option, bool on) {
    assert(row->state != SOCKET_FREE);
    switch (option) {
    case OPTION_REUSE:
        if (on && row->exclusive) return WSAEINVAL;
        row->reuse = on;
        return 0;
    case OPTION_EXCLUSIVE:
        if (on && row->reuse) return WSAEINVAL;
        row->exclusive = on;
        return 0;
    case OPTION_V6ONLY: /* cannot be changed after bind (W93) */
        if (row->state >= SOCKET_BOUND) return WSAEINVAL;
        row->v6only = on;
        return 0;
    case OPTION_RANDOMIZE: /* for unbound sockets, as the next two (T8.2) */
        if (row->state >= SOCKET_BOUND || (on && row->reuse_unicastport)) return WSAEINVAL;
        row->randomize = on;
        return 0;
    case OPTION_REUSE_UNICASTPORT:
        if (row->state >= SOCKET_BOUND || (on && row->randomize)) return WSAEINVAL;
        row->reuse_unicastport = on;
        return 0;
    case OPTION_SCALABILITY:
        if (row->state >= SOCKET_BOUND) return WSAEINVAL;
        row->port_scalability = on;
        return 0;
    case OPTION_REUSE_MULTICASTPORT: row->reuse_multicastport = on; return 0;
    case OPTION_BROADCAST: row->broadcast = on; return 0;
    case OPTION_TYPE:
    case OPTION_UNKNOWN: break;
    }
    return WSAENOPROTOOPT; /* SO_TYPE can only be read */
}

/* WSANOTINITIALISED, WSAENOTSOCK; WSAENOPROTOOPT; WSAEFAULT for a value that is bad or short; WSAEINVAL. */
void call_setsockopt(struct context *context) {
    unsigned socket = begin_socket_call(context, setsockopt_s);
    if (socket == NO_ROW) return;
    enum option_kind kind = option_kind(context, socket, setsockopt_level, setsockopt_optname);
    bool long_enough = (int32_t)context->call->arguments[setsockopt_optlen] >= 4;
    const uint8_t *value = long_enough ? call_read(context->call, setsockopt_optval, 4) : NULL;
    uint32_t error = kind == OPTION_UNKNOWN ? WSAENOPROTOOPT : value == NULL ? WSAEFAULT : 0;
    if (error == 0) error = set_option(world_socket(context->world, socket), kind, load_u32(value) != 0);
    if (error != 0) fail_socket(context, error);
    else succeed(context, 0);
}
