/* getsockopt and setsockopt. */
#include <assert.h>

#include "stack/errors.h"
#include "stack/sdk/socket_values.h"
#include "stack/system/context.h"

enum option_kind {
    OPTION_UNKNOWN, OPTION_REUSE, OPTION_EXCLUSIVE, OPTION_RANDOMIZE, OPTION_SCALABILITY, OPTION_REUSE_UNICASTPORT,
    OPTION_REUSE_MULTICASTPORT, OPTION_BROADCAST, OPTION_TYPE, OPTION_V6ONLY
};

static enum option_kind option_kind(const struct socket_row *row, int32_t level, int32_t name) {
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
    case OPTION_TYPE: return row->protocol == PROTOCOL_TCP ? 1 : row->protocol == PROTOCOL_UDP ? 2 : 3;
    case OPTION_UNKNOWN: break;
    }
    assert(!"the value of an unknown option");
    return 0;
}

/* The stage that both functions begin with; the option's kind when it may go on. */
static uint32_t option_unfit(struct context *context, unsigned socket, enum option_kind *kind) {
    struct violations violations = { 0 };
    violate_if(&violations, !winsock_started(context), WSANOTINITIALISED);
    violate_if(&violations, socket == NO_ROW, WSAENOTSOCK);
    uint32_t error = violation_chosen(context, &violations);
    if (error != 0) return error;
    const uint64_t *arguments = context->call->arguments;
    *kind = option_kind(world_socket(context->world, socket), (int32_t)arguments[1], (int32_t)arguments[2]);
    return *kind == OPTION_UNKNOWN ? WSAENOPROTOOPT : 0;
}

/* WSANOTINITIALISED, WSAENOTSOCK; WSAENOPROTOOPT; WSAEFAULT for a buffer or length that is bad or short. */
void call_getsockopt(struct context *context) {
    enum option_kind kind = OPTION_UNKNOWN;
    unsigned socket = context_socket(context, 0);
    uint32_t error = option_unfit(context, socket, &kind);
    const uint8_t *length = call_read(context->call, 4, 4);
    if (error == 0 && (length == NULL || load_u32(length) < 4 || !call_range_holds(context->call, 3, 4))) error = WSAEFAULT;
    if (error != 0) {
        fail_socket(context, error);
        return;
    }
    uint8_t bytes[4];
    store_u32(bytes, option_value(world_socket(context->world, socket), kind));
    result_write(context->result, context->call->arguments[3], bytes, sizeof bytes);
    store_u32(bytes, 4);
    result_write(context->result, context->call->arguments[4], bytes, sizeof bytes);
    succeed(context, 0);
}

/* WSAEINVAL: the opposite sharing option is set (W89), the two ways to choose a port are wanted at once (facts 8.2), or
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
    case OPTION_RANDOMIZE: /* for unbound sockets, as the next two (facts 8.2) */
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
    enum option_kind kind = OPTION_UNKNOWN;
    unsigned socket = context_socket(context, 0);
    uint32_t error = option_unfit(context, socket, &kind);
    bool long_enough = (int32_t)context->call->arguments[4] >= 4;
    const uint8_t *value = long_enough ? call_read(context->call, 3, 4) : NULL;
    if (error == 0 && value == NULL) error = WSAEFAULT;
    if (error == 0) error = set_option(world_socket(context->world, socket), kind, load_u32(value) != 0);
    if (error != 0) fail_socket(context, error);
    else succeed(context, 0);
}
