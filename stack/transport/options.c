/* getsockopt and setsockopt.
 *
 * Which options there are, and where each is kept, is data: stack/call/socket_options.def. The lengths that are enough
 * (F02, W195): one byte of a BOOL, a whole number of anything else; more is accepted. */
#include <assert.h>
#include <stddef.h>

#include "stack/errors.h"
#include "stack/sdk/option_values.h"
#include "stack/sdk/socket_values.h"
#include "stack/system/context.h"
#include "stack/call/catalogue.h"
#include "stack/system/handles.h"
#include "stack/transport/acceptors.h"
#include "stack/transport/connections.h"
#include "stack/transport/kept_options.h"
#include "stack/transport/sockets.h"
#include "stack/transport/stream_state.h"

enum { WHOLE = 4, BUILD_OF_21H1 = 19043, BUILD_OF_7 = 7600 };

/* --- which option ------------------------------------------------------------------------------------------------- */

static bool socket_knows(const struct world *world, const struct socket_row *row, const struct option_row *option) {
    unsigned kind = row->protocol == PROTOCOL_TCP   ? SOCKETS_TCP
                    : row->protocol == PROTOCOL_UDP ? SOCKETS_UDP
                                                    : SOCKETS_OTHER;
    if ((option->sockets & kind) == 0) return false;
    if ((option->sockets & ONLY_V4) != 0 && row->family != 4) return false;
    if ((option->sockets & ONLY_V6) != 0 && row->family != 6) return false;
    bool old = world->build != 0 && world->build < BUILD_VISTA;
    return !old || (option->sockets & SINCE_VISTA) == 0;
}

/* TTL of an IPv6 socket: whether Windows keeps one for mapped addresses, no one has said. */
static bool is_open_question(const struct socket_row *row, const struct option_row *option) {
    return (option->sockets & ONLY_V4) != 0 && row->family != 4;
}

static uint32_t unknown_option_error(struct context *context, int32_t level) {
    static const uint32_t of_unknown_level[] = {
        [Q112_NOPROTOOPT] = WSAENOPROTOOPT, [Q112_INVAL] = WSAEINVAL, [Q112_OPNOTSUPP] = WSAEOPNOTSUPP
    };
    if (option_level_is_known(level)) return WSAENOPROTOOPT;
    return of_unknown_level[reading(context, Q112_UNKNOWN_OPTION_LEVEL)];
}

/* The option, or OPTION_NONE after the call has ended: WSAENOPROTOOPT for one that is unknown, or that this kind of
 * socket does not know (F06, W196); of a level that is unknown: Q112; not modelled. */
static enum socket_option option_asked(struct context *context, const struct socket_row *row, unsigned level_argument,
                                       unsigned name_argument) {
    int32_t level = (int32_t)context->call->arguments[level_argument];
    enum socket_option option = option_of(level, (int32_t)context->call->arguments[name_argument]);
    if (option == OPTION_NONE) {
        fail_socket(context, unknown_option_error(context, level));
        return OPTION_NONE;
    }
    const struct option_row *known = option_row(option);
    if (known->kept == KEPT_NOT || is_open_question(row, known)) {
        not_modelled(context, not_modelled_option(option));
        return OPTION_NONE;
    }
    if (socket_knows(context->world, row, known)) return option;
    fail_socket(context, WSAENOPROTOOPT);
    return OPTION_NONE;
}

static uint32_t bytes_needed(const struct option_row *option) {
    return option->value == VALUE_BOOLEAN || option->value == VALUE_BYTE ? 1 : (uint32_t)WHOLE;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

static bool contains_any(const struct choice_set *set, uint64_t member) {
    return member >= set->first && member <= set->last;
}

static bool next_of_any(const struct choice_set *set, uint64_t from, uint64_t *member) {
    *member = from < set->first ? set->first : from;
    return *member <= set->last;
}

/* What this machine gives a new socket, asked for once and then remembered by the socket. */
static uint32_t ordinary_of_machine(struct context *context, unsigned socket, enum socket_option option) {
    enum { USUAL_BYTES = 65536 }; /* of Windows 8 and later, as their documentation has it */
    const struct choice_set any = {
        .contains = contains_any, .next = next_of_any, .last = INT32_MAX, .start = USUAL_BYTES, .ceiling = UINT32_MAX
    };
    uint32_t number = (uint32_t)choose_member(context->chooser, CHOICE_OPTION, &any);
    (void)socket_keep_number(context->world, socket, option, number); /* that there is no room has been noted */
    return number;
}

/* What is kept in milliseconds is read in whole seconds (inferred). */
static uint32_t shown(enum socket_option option, uint32_t number) {
    bool seconds = option == OPTION_TCP_KEEPALIVE || option == OPTION_TCP_KEEPINTVL;
    return seconds && (number & KEEPALIVE_IN_MS) != 0 ? (number & ~KEEPALIVE_IN_MS) / 1000 : number;
}

static uint32_t number_of(struct context *context, unsigned socket, enum socket_option option) {
    uint32_t number, ordinary = option_row(option)->ordinary;
    if (socket_has_number(context->world, socket, option, &number)) return shown(option, number);
    return ordinary == ORDINARY_OPEN ? ordinary_of_machine(context, socket, option) : ordinary;
}

static uint32_t value_by_rules(const struct world *world, unsigned socket, enum socket_option option) {
    const struct socket_row *row = world_socket_at(world, socket);
    switch (option) {
    case OPTION_SO_REUSEADDR: return row->reuse;
    case OPTION_SO_EXCLUSIVEADDRUSE: return row->exclusive;
    case OPTION_SO_RANDOMIZE_PORT: return row->randomize;
    case OPTION_SO_PORT_SCALABILITY: return row->port_scalability;
    case OPTION_SO_REUSE_UNICASTPORT: return row->reuse_unicastport;
    case OPTION_SO_REUSE_MULTICASTPORT: return row->reuse_multicastport;
    case OPTION_SO_BROADCAST: return row->broadcast;
    case OPTION_IPV6_V6ONLY: return row->v6only;
    case OPTION_TCP_NODELAY: return row->no_delay;
    case OPTION_SO_ACCEPTCONN: return row->state == SOCKET_LISTENING; /* W137, F04 */
    case OPTION_SO_DONTLINGER: return !socket_lingers(world, socket);
    case OPTION_SO_TYPE:
        return row->protocol == PROTOCOL_TCP || row->other == OTHER_UNIX ? SOCK_STREAM
               : row->protocol == PROTOCOL_UDP                           ? SOCK_DGRAM
                                                                         : SOCK_RAW;
    default: break;
    }
    assert(!"an option that no rule reads");
    return 0;
}

/* What became of a connect that was not waited for (F08): it stays, however often it is read, and until another one
 * succeeds (W151). */
static uint32_t late_error(const struct world *world, const struct socket_row *row) {
    if (row->protocol != PROTOCOL_TCP || row->connection == NO_ROW || row->state == SOCKET_CONNECTED) return 0;
    return connection_late_error(world_connection_at(world, row->connection));
}

/* Seconds since its connection was established; 0xffffffff: there is none (the page of the options). The time of the
 * world is the least that has passed: what a host's program spends between two calls is not in it. */
static uint32_t connect_time(struct context *context, const struct socket_row *row) {
    static const uint64_t nanoseconds_per_second = 1000000000;
    if (row->protocol != PROTOCOL_TCP || row->state != SOCKET_CONNECTED) return UINT32_MAX;
    const struct connection_row *connection = world_connection_at(context->world, row->connection);
    uint64_t least = (context->world->now_ns - connection->since_ns) / nanoseconds_per_second;
    const struct choice_set later = { .contains = contains_any,
                                      .next = next_of_any,
                                      .first = least,
                                      .last = UINT32_MAX - 1,
                                      .start = least,
                                      .floor = 1 };
    return (uint32_t)choose_member(context->chooser, CHOICE_CONNECT_TIME, &later);
}

static uint32_t option_value(struct context *context, unsigned socket, enum socket_option option) {
    const struct socket_row *row = world_socket_at(context->world, socket);
    switch ((enum option_kept)option_row(option)->kept) {
    case KEPT_AS_FLAG: return socket_flag(row, option);
    case KEPT_AS_NUMBER: return number_of(context, socket, option);
    default:
        if (option == OPTION_SO_ERROR) return late_error(context->world, row);
        if (option == OPTION_SO_CONNECT_TIME) return connect_time(context, row);
        return value_by_rules(context->world, socket, option);
    }
}

/* WSANOTINITIALISED, WSAENOTSOCK; what option_asked() gives; WSAEFAULT for a buffer or length that is bad or short. */
void call_getsockopt(struct context *context) {
    unsigned socket = begin_socket_call(context, getsockopt_s);
    if (socket == NO_ROW) return;
    struct socket_row *row = world_socket(context->world, socket);
    enum socket_option option = option_asked(context, row, getsockopt_level, getsockopt_optname);
    if (option == OPTION_NONE) return;
    const uint8_t *length = call_read(context->call, getsockopt_optlen, 4);
    int32_t given = length == NULL ? 0 : (int32_t)load_u32(length);
    uint32_t stored = given < WHOLE ? bytes_needed(option_row(option)) : (uint32_t)WHOLE;
    if (given < (int32_t)stored || !call_range_holds(context->call, getsockopt_optval, stored)) {
        fail_socket(context, WSAEFAULT);
        return;
    }
    uint8_t bytes[WHOLE];
    store_u32(bytes, option_value(context, socket, option));
    result_write(context->result, context->call->arguments[getsockopt_optval], bytes, stored);
    store_u32(bytes, stored);
    result_write(context->result, context->call->arguments[getsockopt_optlen], bytes, sizeof bytes);
    succeed(context, 0);
}

/* --- setting ------------------------------------------------------------------------------------------------------ */

static bool is_bound(const struct socket_row *row) { return row->state > SOCKET_OPEN; }

/* WSAEINVAL: the opposite sharing option is set (W89), the two ways to choose a port are wanted at once (T8.2.2), or
 * the socket is bound and the option must precede that (W93, T8.2). */
static uint32_t set_by_rules(struct socket_row *row, enum socket_option option, bool on) {
    assert(row->state != SOCKET_FREE);
    switch (option) {
    case OPTION_SO_REUSEADDR:
        if (on && row->exclusive) return WSAEINVAL;
        row->reuse = on;
        return 0;
    case OPTION_SO_EXCLUSIVEADDRUSE:
        if (on && row->reuse) return WSAEINVAL;
        row->exclusive = on;
        return 0;
    case OPTION_IPV6_V6ONLY:
        if (is_bound(row)) return WSAEINVAL;
        row->v6only = on;
        return 0;
    case OPTION_SO_RANDOMIZE_PORT:
        if (is_bound(row) || (on && row->reuse_unicastport)) return WSAEINVAL;
        row->randomize = on;
        return 0;
    case OPTION_SO_REUSE_UNICASTPORT:
        if (is_bound(row) || (on && row->randomize)) return WSAEINVAL;
        row->reuse_unicastport = on;
        return 0;
    case OPTION_SO_PORT_SCALABILITY:
        if (is_bound(row)) return WSAEINVAL;
        row->port_scalability = on;
        return 0;
    case OPTION_SO_REUSE_MULTICASTPORT: row->reuse_multicastport = on; return 0;
    case OPTION_SO_BROADCAST: row->broadcast = on; return 0;
    case OPTION_TCP_NODELAY: row->no_delay = on; return 0;
    case OPTION_SO_ERROR: return 0; /* accepted (W195); nothing is known to come of it */
    default: break;
    }
    assert(!"an option that no rule sets");
    return 0;
}

/* SO_DONTLINGER is the other side of l_onoff (T1.2); the seconds stay. */
static uint32_t set_dont_linger(struct world *world, unsigned socket, bool on) {
    uint32_t linger = socket_number(world, socket, OPTION_SO_LINGER) & 0xffff0000u;
    return socket_keep_number(world, socket, OPTION_SO_LINGER, on ? linger : linger | 1) ? 0 : WSAENOBUFS;
}

static uint32_t set_option(struct world *world, unsigned socket, enum socket_option option, uint32_t value) {
    const struct option_row *known = option_row(option);
    struct socket_row *row = world_socket(world, socket);
    if (option == OPTION_SO_DONTLINGER) return set_dont_linger(world, socket, value != 0);
    switch ((enum option_kept)known->kept) {
    case KEPT_AS_FLAG:
        if (option == OPTION_SO_CONDITIONAL_ACCEPT && row->state == SOCKET_LISTENING) return WSAEINVAL; /* its page */
        socket_set_flag(row, option, value != 0);
        return 0;
    case KEPT_AS_NUMBER:
        if (known->value == VALUE_BYTE && (value == 0 || value > UINT8_MAX)) return WSAEINVAL; /* inferred */
        return socket_keep_number(world, socket, option, value) ? 0 : WSAENOBUFS;
    default: return set_by_rules(row, option, value != 0);
    }
}

/* A negative length is accepted at SOL_SOCKET; elsewhere WSAENOBUFS, from 7 to 10 21H1 WSAEFAULT (W195). */
static uint32_t negative_length_error(struct context *context, const struct option_row *option) {
    uint32_t build = context->world->build;
    if (option->level == SOL_SOCKET) return 0;
    struct violations violations = { 0 };
    violate_if(&violations, build == 0 || build < BUILD_OF_7 || build > BUILD_OF_21H1, WSAENOBUFS);
    violate_if(&violations, build == 0 || (build >= BUILD_OF_7 && build <= BUILD_OF_21H1), WSAEFAULT);
    return violation_chosen(context, &violations);
}

/* Reads the value: 0, or why it cannot be read. A BOOL at SOL_SOCKET of no bytes at all is accepted (W195); that it is
 * FALSE then is inferred. */
static uint32_t read_value(struct context *context, const struct option_row *option, uint32_t *value) {
    int32_t length = (int32_t)context->call->arguments[setsockopt_optlen];
    *value = 0;
    if (length < 0) {
        uint32_t error = negative_length_error(context, option);
        if (error != 0) return error;
        length = WHOLE;
    }
    if (length == 0 && option->level == SOL_SOCKET && option->value == VALUE_BOOLEAN) return 0;
    uint32_t wanted = length < WHOLE ? (uint32_t)length : (uint32_t)WHOLE;
    if (wanted < bytes_needed(option)) return WSAEFAULT;
    const uint8_t *bytes = call_read(context->call, setsockopt_optval, wanted);
    if (bytes == NULL) return WSAEFAULT;
    for (uint32_t i = 0; i < wanted; i++) *value |= (uint32_t)bytes[i] << 8 * i;
    return 0;
}

/* SO_UPDATE_CONNECT_CONTEXT has no value: its page passes NULL and 0. What is passed all the same is not looked at
 * (inferred). */
static bool asks_for_context(const struct context *context, uint32_t option) {
    return (uint32_t)context->call->arguments[setsockopt_level] == SOL_SOCKET &&
           (uint32_t)context->call->arguments[setsockopt_optname] == option;
}

/* The value of SO_UPDATE_ACCEPT_CONTEXT is the listener's handle: WSAEFAULT where none is there, WSAENOTSOCK, WSAEINVAL
 * for a socket that does not listen, WSAENOTCONN (all inferred). */
static uint32_t update_accept_context(struct context *context, unsigned socket) {
    uint32_t length = (uint32_t)context->call->arguments[setsockopt_optlen];
    bool fits = length == sizeof(uint32_t) || length == sizeof(uint64_t); /* a SOCKET of either kind of program */
    const uint8_t *value = fits ? call_read(context->call, setsockopt_optval, length) : NULL;
    if (value == NULL) return WSAEFAULT;
    uint64_t number = length == sizeof(uint64_t) ? load_u64(value) : load_u32(value);
    unsigned listener = handle_find(context->world, context->process, HANDLE_SOCKET, number);
    if (listener == NO_ROW) return WSAENOTSOCK;
    if (world_socket(context->world, listener)->state != SOCKET_LISTENING) return WSAEINVAL;
    if (acceptor_waits_for_data(context->world, socket) || !connection_show(context->world, socket)) return WSAENOTCONN;
    socket_inherit(context->world, socket, listener);
    return 0;
}

/* Either of the two options that tell a socket of its connection. */
static uint32_t update_context(struct context *context, unsigned socket) {
    if (asks_for_context(context, SO_UPDATE_ACCEPT_CONTEXT)) return update_accept_context(context, socket);
    return connection_show(context->world, socket) ? 0 : WSAENOTCONN;
}

/* WSANOTINITIALISED, WSAENOTSOCK; what update_context() gives; what
 * option_asked() gives; WSAENOPROTOOPT for what can only be read; WSAEFAULT for a value
 * that is bad or short; WSAENOBUFS or WSAEFAULT for a negative length; WSAEINVAL; WSAENOBUFS. */
void call_setsockopt(struct context *context) {
    unsigned socket = begin_socket_call(context, setsockopt_s);
    if (socket == NO_ROW) return;
    struct socket_row *row = world_socket(context->world, socket);
    if (asks_for_context(context, SO_UPDATE_CONNECT_CONTEXT) || asks_for_context(context, SO_UPDATE_ACCEPT_CONTEXT)) {
        uint32_t refused = update_context(context, socket);
        if (refused == 0) succeed(context, 0);
        else fail_socket(context, refused);
        return;
    }
    enum socket_option option = option_asked(context, row, setsockopt_level, setsockopt_optname);
    if (option == OPTION_NONE) return;
    const struct option_row *known = option_row(option);
    uint32_t value = 0;
    uint32_t error = known->kept == KEPT_AS_FACT ? WSAENOPROTOOPT : read_value(context, known, &value);
    if (error == 0) error = set_option(context->world, socket, option, value);
    if (error != 0) {
        fail_socket(context, error);
        return;
    }
    connection_tune(context->world, socket);
    succeed(context, 0);
}
