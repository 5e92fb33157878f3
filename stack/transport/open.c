/* Opening a socket: socket(), WSASocketA, WSASocketW. Which kinds there are, and who inherits them.
 *
 * A socket opened here is in the state `open` of sockets.h; WSASocketW may instead open a further descriptor of one
 * that is there (duplicate.h). */
#include <assert.h>

#include "stack/errors.h"
#include "stack/system/context.h"
#include "stack/system/handles.h"
#include "stack/transport/wire/address.h"
#include "stack/transport/duplicate.h"

enum { BUILD_WITH_AF_UNIX = 17063, BUILD_WINDOWS_11 = 22000 };

struct socket_kind {
    int family;        /* AF_INET or AF_INET6 */
    unsigned protocol; /* enum protocol, or PROTOCOLS_COUNT */
    enum other_kind other;
};

/* AF_UNSPEC with a protocol: AF_INET, and AF_INET6 from Windows 11 on (W95). An unknown build is taken as older. */
static int family_of_unspecified(const struct world *world) {
    return world->build >= BUILD_WINDOWS_11 ? AF_INET6 : AF_INET;
}

/* The protocol that a type and a protocol number give together; false when they do not fit (W96). */
static bool protocol_of(int type, int protocol, struct socket_kind *kind) {
    bool of_transport = protocol == IPPROTO_TCP || protocol == IPPROTO_UDP;
    assert(kind != NULL);
    if (type == SOCK_RAW) {
        kind->protocol = PROTOCOLS_COUNT;
        kind->other = of_transport ? OTHER_RAW_OF_TRANSPORT : OTHER_RAW;
        return protocol != 0;
    }
    if (type == SOCK_DGRAM) {
        kind->protocol = PROTOCOL_UDP;
        return protocol == 0 || protocol == IPPROTO_UDP;
    }
    kind->protocol =
        protocol == IPPROTO_UDP ? PROTOCOL_UDP : PROTOCOL_TCP; /* type 0: the provider's default for the protocol */
    if (type == SOCK_STREAM) return protocol == 0 || protocol == IPPROTO_TCP;
    return protocol == 0 || of_transport;
}

/* AF_UNIX, from build 17063 on, as a stream without a protocol. Where the build is not known, it is there or not. */
static uint32_t unix_kind(struct context *context, int type, int protocol, struct socket_kind *kind) {
    enum { THERE, MISSING, OUTCOMES };
    uint32_t build = context->world->build;
    unsigned known = build >= BUILD_WITH_AF_UNIX ? THERE : MISSING;
    unsigned answer = build == 0 ? choose(context->chooser, CHOICE_AF_UNIX, OUTCOMES) : known;
    if (answer == MISSING) return WSAEAFNOSUPPORT;
    if (type != SOCK_STREAM) return WSAESOCKTNOSUPPORT;
    if (protocol != 0) return WSAEPROTONOSUPPORT;
    *kind = (struct socket_kind){ .family = AF_INET, .protocol = PROTOCOLS_COUNT, .other = OTHER_UNIX };
    return 0;
}

/* The order is observed: type before family (W96), then the family, then whether the protocol fits. */
static uint32_t kind_of(struct context *context, int af, int type, int protocol, struct socket_kind *kind) {
    if (type < 0 || type > SOCK_SEQPACKET) return WSAESOCKTNOSUPPORT;
    if (af == AF_UNSPEC && protocol == 0) return WSAEINVAL; /* W95 */
    int family = af == AF_UNSPEC ? family_of_unspecified(context->world) : af;
    if (family == AF_UNIX) return unix_kind(context, type, protocol, kind);
    if (family != AF_INET && family != AF_INET6) return WSAEAFNOSUPPORT;
    if (type == SOCK_RDM || type == SOCK_SEQPACKET) return WSAESOCKTNOSUPPORT; /* not in the internet families */
    kind->family = family;
    if (!protocol_of(type, protocol, kind)) return WSAEPROTONOSUPPORT;
    return 0;
}

/* `flags` as WSASocketW takes them. Handles are inheritable unless the caller says no (T7.1.3, W106). */
static void socket_create(struct context *context, struct socket_kind kind, uint64_t flags) {
    struct world *world = context->world;
    if (world->no_handles) {
        fail(context, NO_SOCKET, WSAEMFILE);
        return;
    }
    unsigned index = world->no_buffers ? (unsigned)NO_ROW : world_take(world, TABLE_SOCKETS);
    if (index == NO_ROW) {
        fail(context, NO_SOCKET, WSAENOBUFS);
        return;
    }
    *world_socket(world, index) =
        (struct socket_row){ .state = SOCKET_OPEN,
                             .family = kind.family == AF_INET ? 4 : 6,
                             .protocol = kind.protocol & 3u,
                             .other = kind.other & 3u,
                             .overlapped = (flags & WSA_FLAG_OVERLAPPED) != 0,
                             .v6only = kind.family == AF_INET6,
                             .process = (uint16_t)context->process,
                             .account = (uint8_t)world_process(world, context->process)->account,
                             .reservation = NO_ROW,
                             .connection = NO_ROW,
                             .numbers = NO_ROW,
                             .udp_connreset = kind.protocol == PROTOCOL_UDP };
    uint32_t number = handle_open(world, context->chooser, context->process, HANDLE_SOCKET, index);
    if (number == 0) {
        world_free(world, TABLE_SOCKETS, index);
        fail(context, NO_SOCKET, WSAEMFILE);
        return;
    }
    handle_set_inheritable(world, context->process, number, (flags & WSA_FLAG_NO_HANDLE_INHERIT) == 0);
    succeed(context, number);
}

/* The first three parameters are the same of all that create a socket. */
#define OPENS_AS_SOCKET(function) \
    _Static_assert((int)function##_af == (int)socket_af && (int)function##_type == (int)socket_type && \
                       (int)function##_protocol == (int)socket_protocol, \
                   #function)
OPENS_AS_SOCKET(WSASocketA);
OPENS_AS_SOCKET(WSASocketW);

static void create(struct context *context, uint64_t flags, bool bad_protocol_info) {
    const uint64_t *arguments = context->call->arguments;
    if (!winsock_started(context)) {
        fail(context, NO_SOCKET, WSANOTINITIALISED); /* W97 */
        return;
    }
    struct socket_kind kind = { 0 };
    struct violations violations = { 0 };
    violate_if(&violations, context->world->network_down, WSAENETDOWN);
    violate_if(&violations, bad_protocol_info, WSAEFAULT);
    uint32_t unfit = kind_of(context, (int)arguments[socket_af], (int)arguments[socket_type],
                             (int)arguments[socket_protocol], &kind);
    if (unfit != 0) violate(&violations, unfit);
    uint32_t error = violation_chosen(context, &violations);
    if (error != 0) fail(context, NO_SOCKET, error);
    else socket_create(context, kind, flags);
}

/* WSANOTINITIALISED; then in any order WSAENETDOWN, WSAEINVAL, WSAESOCKTNOSUPPORT, WSAEAFNOSUPPORT, WSAEPROTONOSUPPORT;
 * then WSAEMFILE, WSAENOBUFS. Sockets of socket() have the overlapped attribute (T7.1.1). */
void call_socket(struct context *context) { create(context, WSA_FLAG_OVERLAPPED, false); }

/* As socket(), and WSAEFAULT for an lpProtocolInfo that is not there. A good one is modelled for WSASocketW only. */
void call_WSASocketA(struct context *context) {
    assert(context->call->function == FUNCTION_WSASocketA);
    const struct range *protocol_info = &context->call->ranges[WSASocketA_lpProtocolInfo];
    bool bad = protocol_info->state == RANGE_BAD || protocol_info->state == RANGE_PARTLY_BAD;
    create(context, context->call->arguments[WSASocketA_dwFlags], bad);
}

/* As socket(); with an lpProtocolInfo as open_duplicate(). */
void call_WSASocketW(struct context *context) {
    assert(context->call->function == FUNCTION_WSASocketW);
    enum range_state info = (enum range_state)context->call->ranges[WSASocketW_lpProtocolInfo].state;
    if (info == RANGE_NULL || info == RANGE_NONE) create(context, context->call->arguments[WSASocketW_dwFlags], false);
    else open_duplicate(context);
}
