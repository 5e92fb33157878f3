#include "stack/call/signature.h"
#include "stack/system/handles.h"
#include "stack/transport/bind.h"

#include <assert.h>

#include "stack/errors.h"
#include "stack/ports/dynamic_range.h"
#include "stack/system/privilege.h"
#include "stack/transport/wire/address.h"
#include "stack/transport/acceptors.h"
#include "stack/transport/connections.h"
#include "stack/transport/sharing.h"
#include "stack/transport/sockets.h"

/* What a bind is after. */
struct binding {
    unsigned socket;
    struct endpoint wanted; /* port 0: any */
    struct port_space space;
    bool implicit; /* by connect, sendto and the like */
    const struct endpoint
        *remote; /* the port is for this peer alone (Q124), and the address that leads there; or NULL */
    struct endpoint local;
    unsigned reservation; /* the live one that the socket is associated with, or NO_ROW */
};

struct port_space bind_space(struct context *context, const struct socket_row *socket) {
    struct port_space space = { .protocol = (enum protocol)socket->protocol, .families = socket_families(socket) };
    assert(space.protocol < PROTOCOLS_COUNT);
    /* Those of its own family are seen either way. */
    if (space.families != FAMILY_BOTH && context->world->granted[space.protocol][space.families == FAMILY_V4] > 0)
        space.families_apart = reading(context, Q34_FAMILIES) == Q34_APART;
    return space;
}

/* --- the port ------------------------------------------------------------------------------------------------- */

/* What a choice among ports looks at. */
struct port_search {
    const struct world *world;
    const struct binding *binding;
};

static bool free_contains(const struct choice_set *set, uint64_t port) {
    const struct port_search *search = set->context;
    if (port < set->first || port > set->last) return false;
    return pool_port_free(search->world, search->binding->space, (unsigned)port);
}

static bool free_next(const struct choice_set *set, uint64_t from, uint64_t *member) {
    const struct port_search *search = set->context;
    *member = pool_next_free(search->world, search->binding->space, (unsigned)from, (unsigned)set->last);
    return *member != PORTS_END;
}

static bool unbound_next(const struct choice_set *set, uint64_t from, uint64_t *member) {
    const struct port_search *search = set->context;
    *member = pool_next_unbound(search->world, search->binding->space, (unsigned)from, (unsigned)set->last);
    return *member != PORTS_END;
}

static bool unbound_contains(const struct choice_set *set, uint64_t port) {
    uint64_t found;
    return port >= set->first && port <= set->last && unbound_next(set, port, &found) && found == port;
}

/* Is the port one of those that may be chosen, in no block and in no exclusion? Who has bound it is another matter. */
static bool is_open_to_all(const struct choice_set *set, uint64_t port) {
    const struct port_search *search = set->context;
    const struct world *world = search->world;
    const struct port_space space = search->binding->space;
    return port >= set->first && port <= set->last && pool_reservation_at(world, space, (unsigned)port) == NO_ROW &&
           pool_exclusion_at(world, space.protocol, (unsigned)port) == NO_ROW;
}

/* --- SO_PORT_SCALABILITY: a pool for each local address (T8.2.1) */

/* Is the port of this holder still in the pool of the wanted address? What is bound to the wildcard is in no pool. */
static bool leaves_port_to(const struct socket_row *holder, const struct endpoint *wanted) {
    struct endpoint held = socket_endpoint(holder);
    return !endpoint_is_wildcard(&held) && !endpoint_same_address(&held, wanted);
}

static bool address_contains(const struct choice_set *set, uint64_t port) {
    const struct port_search *search = set->context;
    const struct world *world = search->world;
    const struct binding *binding = search->binding;
    if (!is_open_to_all(set, port)) return false;
    unsigned i = pool_next_socket(world, binding->space.protocol, (unsigned)port, NO_ROW);
    for (; i != NO_ROW; i = pool_next_socket(world, binding->space.protocol, (unsigned)port, i)) {
        const struct socket_row *other = world_socket_at(world, i);
        if ((socket_families(other) & binding->space.families) == 0) continue;
        if (!leaves_port_to(other, &binding->wanted)) return false;
    }
    return true;
}

static bool address_next(const struct choice_set *set, uint64_t from, uint64_t *member) {
    const struct port_search *search = set->context;
    unsigned free = pool_next_free(search->world, search->binding->space, (unsigned)from, (unsigned)set->last);
    for (uint64_t port = from; port <= set->last && port < free; port++) {
        if (!address_contains(set, port)) continue;
        *member = port;
        return true;
    }
    *member = free;
    return free != PORTS_END;
}

static bool draws_from_address(const struct context *context, const struct binding *binding) {
    const struct socket_row *row = world_socket_at(context->world, binding->socket);
    return row->port_scalability && !endpoint_is_wildcard(&binding->wanted);
}

/* --- a dual-stack socket beside those of IPv4 (Q125) */

/* Is the port held by none but sockets of IPv4, beside which the dual-stack socket could be bound if it named it? */
static bool beside_v4_contains(const struct choice_set *set, uint64_t port) {
    const struct port_search *search = set->context;
    const struct world *world = search->world;
    const struct binding *binding = search->binding;
    struct endpoint wanted = binding->wanted;
    wanted.port = (uint16_t)port;
    if (!is_open_to_all(set, port)) return false;
    unsigned i = pool_next_socket(world, binding->space.protocol, (unsigned)port, NO_ROW);
    for (; i != NO_ROW; i = pool_next_socket(world, binding->space.protocol, (unsigned)port, i)) {
        const struct socket_row *other = world_socket_at(world, i);
        if (socket_families(other) != FAMILY_V4) return false;
        if (sharing_outcome(other, world_socket_at(world, binding->socket), &wanted) != 0) return false;
    }
    return true;
}

static bool beside_v4_next(const struct choice_set *set, uint64_t from, uint64_t *member) {
    for (uint64_t port = from; port <= set->last; port++) {
        if (!beside_v4_contains(set, port)) continue;
        *member = port;
        return true;
    }
    return false;
}

/* Asked where sockets of IPv4 alone are bound, of UDP as in the report. */
static bool draws_beside_v4(struct context *context, const struct binding *binding) {
    bool dual = binding->space.families == FAMILY_BOTH && endpoint_is_wildcard(&binding->wanted);
    if (binding->space.protocol != PROTOCOL_UDP || !dual || context->world->bound[PROTOCOL_UDP][0] == 0) return false;
    return reading(context, Q125_DUAL_BESIDE_V4) == Q125_GIVEN;
}

/* --- SO_REUSE_UNICASTPORT: a port for each peer (Q124) */

/* May the port be had beside those who have it? They got it in the same way, and none of them talks to the same peer
 * from the same address. */
static bool shared_contains(const struct choice_set *set, uint64_t port) {
    const struct port_search *search = set->context;
    const struct world *world = search->world;
    const struct binding *binding = search->binding;
    if (!is_open_to_all(set, port)) return false;
    unsigned i = pool_next_socket(world, binding->space.protocol, (unsigned)port, NO_ROW);
    for (; i != NO_ROW; i = pool_next_socket(world, binding->space.protocol, (unsigned)port, i))
        if (!world_socket_at(world, i)->port_shared) return false;
    struct endpoint local = binding->local;
    local.port = (uint16_t)port;
    return connection_between(world, &local, binding->remote) == NO_ROW;
}

static bool shared_next(const struct choice_set *set, uint64_t from, uint64_t *member) {
    for (uint64_t port = from; port <= set->last; port++) {
        if (!shared_contains(set, port)) continue;
        *member = port;
        return true;
    }
    return false;
}

/* A port of the dynamic range. Exhaustion is documented as WSAENOBUFS, and bind says so in the field (F50); where a
 * call binds implicitly: Q111. A connection that closes without a socket (TIME_WAIT above all) keeps its port from
 * being chosen, not from being named (F15). */
static uint32_t take_dynamic_port(struct context *context, const struct binding *wanted, unsigned *port) {
    const struct world *world = context->world;
    struct binding choosing = *wanted;
    const struct binding *binding = &choosing;
    enum protocol protocol = binding->space.protocol;
    bool v6 = world_socket_at(world, wanted->socket)->family == 6;
    const struct dynamic_range range = dynamic_range_of(context, protocol, v6);
    choosing.space.with_closing = true;
    const struct port_search search = { world, binding };
    struct choice_set set = { .contains = free_contains,
                              .next = free_next,
                              .first = range.first,
                              .last = range.last,
                              .start = range.first,
                              .floor = 1,
                              .ceiling = PORTS_END - 1,
                              .context = &search };
    if (draws_from_address(context, binding)) {
        set.contains = address_contains;
        set.next = address_next;
    }
    uint64_t free = 0;
    if (free_next(&set, set.first, &free)) set.start = free; /* an ordinary machine shares none before it has to */
    if (binding->remote != NULL) {
        set.contains = shared_contains;
        set.next = shared_next;
    } else if (draws_beside_v4(context, binding)) {
        set.contains = beside_v4_contains;
        set.next = beside_v4_next;
    }
    if (choice_set_empty(&set)) {
        bool in_use = binding->implicit && reading(context, Q111_IMPLICIT_EXHAUSTED) == Q111_ADDRINUSE;
        return in_use ? WSAEADDRINUSE : WSAENOBUFS;
    }
    *port = (unsigned)choose_member(context->chooser, CHOICE_PORT, &set);
    return 0;
}

static uint32_t exhausted_error(struct context *context) {
    static const uint32_t errors[] = { [Q46_ADDRINUSE] = WSAEADDRINUSE,
                                       [Q46_NOBUFS] = WSAENOBUFS,
                                       [Q46_ACCES] = WSAEACCES,
                                       [Q46_ADDRNOTAVAIL] = WSAEADDRNOTAVAIL };
    return errors[reading(context, Q46_BLOCK_EXHAUSTED)];
}

/* Q117, asked where a connection closes at a port of the block. */
static bool closing_ports_are_passed_over(struct context *context, const struct binding *binding,
                                          const struct reservation *row) {
    for (unsigned port = row->first; port < row->first + row->count; port++)
        if (pool_port_closing(context->world, binding->space, port))
            return reading(context, Q117_CLOSING_PORT_OF_BLOCK) == Q117_PASSED_OVER;
    return false;
}

/* A port of the associated reservation, in the order that Q47 says; SO_RANDOMIZE_PORT lifts the order (its third
 * candidate names that option). */
static uint32_t take_reserved_port(struct context *context, const struct binding *wanted, unsigned *port) {
    struct binding choosing = *wanted;
    const struct binding *binding = &choosing;
    struct reservation *row = world_reservation(context->world, binding->reservation);
    if (row->count == 0) return exhausted_error(context);
    unsigned last = row->first + row->count - 1;
    choosing.space.with_closing = closing_ports_are_passed_over(context, binding, row);
    unsigned lowest = pool_next_unbound(context->world, binding->space, row->first, last);
    if (lowest == PORTS_END) return exhausted_error(context);
    bool any_order = world_socket(context->world, binding->socket)->randomize;
    unsigned order = row->count == 1 ? (unsigned)Q47_FIRST_FREE
                     : any_order     ? (unsigned)Q47_ANY_FREE
                                     : reading(context, Q47_PORT_OF_BLOCK);
    if (order == Q47_FIRST_FREE) {
        *port = lowest;
    } else if (order == Q47_NEXT_FIT) {
        unsigned next = pool_next_unbound(context->world, binding->space, row->first + row->cursor % row->count, last);
        *port = next == PORTS_END ? lowest : next;
    } else {
        const struct port_search search = { context->world, binding };
        const struct choice_set set = { .contains = unbound_contains,
                                        .next = unbound_next,
                                        .first = row->first,
                                        .last = last,
                                        .start = lowest,
                                        .floor = 1,
                                        .ceiling = PORTS_END - 1,
                                        .context = &search };
        *port = (unsigned)choose_member(context->chooser, CHOICE_PORT, &set);
    }
    row->cursor = (uint16_t)(*port + 1 - row->first);
    return 0;
}

/* --- what stands in the way of an explicit port --------------------------------------------------------------- */

static bool inside(const struct reservation *row, unsigned port) {
    return port >= row->first && port < row->first + row->count;
}

/* Q29, Q30, Q92: a port of a reservation, for a socket that is not associated with it. */
static uint32_t reserved_error(struct context *context, const struct socket_row *row, unsigned reservation) {
    static const uint32_t errors[] = {
        [Q29_ACCES] = WSAEACCES, [Q29_ADDRINUSE] = WSAEADDRINUSE, [Q29_OWNER_ALLOWED] = WSAEACCES
    };
    if (row->reuse && reading(context, Q30_REUSE_INTO_RESERVATION) == Q30_ALLOWED) return 0;
    bool persistent = world_reservation(context->world, reservation)->kind == RESERVATION_PERSISTENT;
    if (persistent && reading(context, Q92_BIND_INTO_PERSISTENT) == Q92_ALLOWED) return 0;
    unsigned which = reading(context, Q29_BIND_INTO_RESERVATION);
    bool own = world_reservation(context->world, reservation)->process == context->process;
    return which == Q29_OWNER_ALLOWED && own ? 0 : errors[which];
}

/* From Windows 7 to 8.1 and their servers the mark of an exclusion overwrote that of SO_REUSEADDR: the first socket
 * with the option binds, the second is refused (KB 3039044, N4.3.6). An unknown build is taken as newer. */
static bool reuse_mark_was_lost(const struct world *world, const struct binding *binding,
                                const struct socket_row *row) {
    enum { BUILD_WINDOWS_7 = 7600, BUILD_WINDOWS_8_1 = 9600 };
    if (!row->reuse || world->build < BUILD_WINDOWS_7 || world->build > BUILD_WINDOWS_8_1) return false;
    unsigned i = pool_next_socket(world, binding->space.protocol, binding->wanted.port, NO_ROW);
    for (; i != NO_ROW; i = pool_next_socket(world, binding->space.protocol, binding->wanted.port, i))
        if (world_socket_at(world, i)->reuse) return true;
    return false;
}

/* Whose port it is: the socket's own block comes first where another lies over it (Q31=b). */
static unsigned reservation_of_port(const struct world *world, const struct binding *binding, unsigned port) {
    bool own = binding->reservation != NO_ROW && inside(world_reservation_at(world, binding->reservation), port);
    return own ? binding->reservation : pool_reservation_at(world, binding->space, port);
}

static uint32_t held_error(struct context *context, const struct binding *binding, unsigned port) {
    const struct world *world = context->world;
    const struct socket_row *row = world_socket(context->world, binding->socket);
    unsigned reservation = reservation_of_port(world, binding, port);
    if (reservation != NO_ROW && reservation != binding->reservation) return reserved_error(context, row, reservation);
    unsigned exclusion = pool_exclusion_at(world, binding->space.protocol, port);
    if (exclusion == NO_ROW) return 0;
    if (!world_exclusion_at(world, exclusion)->administered) return WSAEACCES;
    return reuse_mark_was_lost(world, binding, row) ? WSAEACCES : 0; /* else bind is allowed (T8.4.5) */
}

/* Do both sockets take their port from the same live reservation, so that Q50 applies between them? */
static bool share_association(const struct world *world, const struct binding *binding,
                              const struct socket_row *other) {
    return binding->reservation != NO_ROW && pool_association(world, other) == binding->reservation;
}

/* SIO_CPU_AFFINITY lets one port be bound once for each processor: what msquic builds on (T3.4.9, N1.1.5). */
static bool on_different_processors(const struct socket_row *one, const struct socket_row *other) {
    assert(one != other);
    return one->affinity != 0 && other->affinity != 0 && one->affinity != other->affinity;
}

static void violate_conflicts(struct context *context, const struct binding *binding, struct violations *violations) {
    const struct world *world = context->world;
    const struct socket_row *row = world_socket(context->world, binding->socket);
    unsigned i = pool_next_socket(world, binding->space.protocol, binding->wanted.port, NO_ROW);
    for (; i != NO_ROW; i = pool_next_socket(world, binding->space.protocol, binding->wanted.port, i)) {
        const struct socket_row *other = world_socket_at(world, i);
        assert(i != binding->socket); /* which is not bound yet */
        uint32_t error = sharing_outcome(other, row, &binding->wanted);
        if (error == 0) continue;
        if (binding->space.protocol == PROTOCOL_UDP && sharing_is_v4_after_dual(other, row, &binding->wanted) &&
            reading(context, Q126_EXCLUSIVE_V4_AFTER_DUAL) == Q126_ADDRINUSE)
            error = WSAEADDRINUSE;
        if (on_different_processors(other, row)) continue;
        if (share_association(world, binding, other) && reading(context, Q50_TWO_ON_ONE_PORT) == Q50_ALLOWED) continue;
        violate(violations, error);
    }
}

/* Q118: an exclusive socket beside a connection that a listener at this port has accepted and left behind. */
static bool accepted_connection_refuses(struct context *context, const struct binding *binding) {
    const struct socket_row *row = world_socket(context->world, binding->socket);
    if (!row->exclusive || binding->space.protocol != PROTOCOL_TCP) return false;
    if (!connection_accepted_lives(context->world, binding->space.families, binding->wanted.port)) return false;
    return reading(context, Q118_EXCLUSIVE_BESIDE_ACCEPTED) == Q118_REFUSED;
}

/* An explicit port: whoever holds it, in any order. */
static uint32_t take_explicit_port(struct context *context, const struct binding *binding, unsigned *port) {
    struct violations violations = { 0 };
    *port = binding->wanted.port;
    uint32_t held = held_error(context, binding, *port);
    if (held != 0) violate(&violations, held);
    violate_conflicts(context, binding, &violations);
    if (accepted_connection_refuses(context, binding)) violate(&violations, WSAEADDRINUSE);
    return violation_chosen(context, &violations);
}

/* --- association ---------------------------------------------------------------------------------------------- */

static uint32_t outside_error(struct context *context) {
    static const uint32_t errors[] = {
        [Q49_ACCES] = WSAEACCES, [Q49_ALLOWED] = 0, [Q49_ADDRNOTAVAIL] = WSAEADDRNOTAVAIL, [Q49_INVAL] = WSAEINVAL
    };
    return errors[reading(context, Q49_EXPLICIT_OUTSIDE)];
}

/* Q44, Q45: bind may ask for the privilege (once more). */
static bool lacks_privilege(struct context *context, const struct reservation *row) {
    if (row->kind != RESERVATION_PERSISTENT || may_use_persistent(context)) return false;
    return reading(context, Q44_PRIVILEGE_CHECKED) == Q44_AT_BIND ||
           reading(context, Q45_PRIVILEGE_CHECKED_AGAIN) == Q45_AT_BIND;
}

static uint32_t take_port_of_association(struct context *context, const struct binding *binding, unsigned *port) {
    const struct reservation *row = world_reservation(context->world, binding->reservation);
    if (row->protocol != binding->space.protocol) return WSAEINVAL; /* Q42=c let the association pass */
    if (lacks_privilege(context, row)) return WSAEACCES;
    if (binding->wanted.port == 0) return take_reserved_port(context, binding, port);
    if (inside(row, binding->wanted.port)) {
        if (reading(context, Q48_EXPLICIT_INSIDE) == Q48_NUMBER_IGNORED)
            return take_reserved_port(context, binding, port);
        return take_explicit_port(context, binding, port);
    }
    uint32_t error = outside_error(context);
    return error != 0 ? error : take_explicit_port(context, binding, port);
}

/* The port for a socket that is not bound yet, or why there is none. */
static uint32_t take_port(struct context *context, const struct binding *binding, unsigned *port) {
    const struct socket_row *row = world_socket(context->world, binding->socket);
    assert(row->state == SOCKET_OPEN);
    if (binding->reservation != NO_ROW) return take_port_of_association(context, binding, port);
    if (row->reservation != NO_ROW && reading(context, Q55_RESERVATION_GONE) == Q55_INVAL)
        return WSAEINVAL; /* its reservation is gone */
    if (binding->wanted.port == 0) return take_dynamic_port(context, binding, port);
    return take_explicit_port(context, binding, port);
}

/* bind to port 0 of a socket with SO_REUSE_UNICASTPORT that takes its port from nowhere in particular: Q124. */
static bool port_is_put_off(struct context *context, const struct binding *binding) {
    const struct socket_row *row = world_socket(context->world, binding->socket);
    if (!row->reuse_unicastport || row->protocol != PROTOCOL_TCP || binding->implicit) return false;
    if (binding->wanted.port != 0 || row->reservation != NO_ROW) return false;
    return reading(context, Q124_REUSE_UNICASTPORT) == Q124_PUT_OFF;
}

/* The descriptor of the call is the one that its process binds by. */
static void note_binder(struct context *context) {
    int handle = signature_parameter_of_kind(signature_of((enum function)context->call->function), PARAMETER_HANDLE);
    assert(handle >= 0);
    handle_bound_by(context->world, context->process, context->call->arguments[handle]);
}

static uint32_t bind_to(struct context *context, unsigned socket, const struct endpoint *wanted, bool implicit,
                        bool with_association) {
    struct socket_row *row = world_socket(context->world, socket);
    struct binding binding = { .socket = socket,
                               .wanted = *wanted,
                               .space = bind_space(context, row),
                               .implicit = implicit,
                               .reservation = NO_ROW };
    if (with_association) binding.reservation = pool_association(context->world, row);
    unsigned port = 0;
    uint32_t error = 0;
    if (context->world->no_buffers) error = WSAENOBUFS;
    else if (port_is_put_off(context, &binding)) {
        socket_put_off(context->world, socket, &wanted->address);
        return 0;
    } else if (with_association) error = take_port(context, &binding, &port);
    else error = take_dynamic_port(context, &binding, &port);
    if (error == 0) {
        socket_bind(context->world, socket, &wanted->address, port);
        note_binder(context);
    } else if (row->reservation != NO_ROW && reading(context, Q52_FAILED_BIND) == Q52_ASSOCIATION_LOST) {
        pool_associate(context->world, socket, NO_ROW);
    }
    return error;
}

uint32_t bind_implicitly(struct context *context, unsigned socket) {
    struct socket_row *row = world_socket(context->world, socket);
    assert(row->state == SOCKET_OPEN);
    struct endpoint wanted = { .family = row->family };
    bool with_association = row->reservation == NO_ROW || reading(context, Q53_IMPLICIT_BIND) == Q53_HONOURS;
    return bind_to(context, socket, &wanted, true, with_association);
}

uint32_t bind_put_off(struct context *context, unsigned socket, const struct endpoint *remote) {
    const struct socket_row *row = world_socket(context->world, socket);
    assert(row->state == SOCKET_PUT_OFF);
    struct binding binding = { .socket = socket,
                               .wanted = socket_endpoint(row),
                               .space = bind_space(context, row),
                               .implicit = true,
                               .remote = remote,
                               .reservation = NO_ROW };
    struct local_address address = row->address;
    unsigned port = 0;
    if (!socket_local_end(context->world, socket, remote, &binding.local)) return WSAENETUNREACH;
    uint32_t error = context->world->no_buffers ? (uint32_t)WSAENOBUFS : take_dynamic_port(context, &binding, &port);
    if (error != 0) return error;
    socket_bind(context->world, socket, &address, port);
    world_socket(context->world, socket)->port_shared = 1;
    return 0;
}

/* --- bind() --------------------------------------------------------------------------------------------------- */

static bool family_is_known(unsigned family) { return family == AF_INET || family == AF_INET6; }

/* A known family that is not the socket's is WSAEFAULT by the page's wording; an unknown one was seen to give
 * WSAEAFNOSUPPORT (W74). For the former both are allowed. */
static void violate_family(const struct socket_row *row, unsigned family, struct violations *violations) {
    if (family == (row->family == 4 ? AF_INET : AF_INET6)) return;
    violate(violations, WSAEAFNOSUPPORT);
    if (family_is_known(family)) violate(violations, WSAEFAULT);
}

static uint32_t bind_unfit(struct context *context, const struct socket_row *row, const uint8_t *name) {
    struct violations violations = { 0 };
    violate_if(&violations, context->world->network_down, WSAENETDOWN);
    violate_if(&violations, row->state != SOCKET_OPEN, WSAEINVAL); /* W77 */
    if (name == NULL) {
        violate(&violations, WSAEFAULT); /* W73 */
    } else {
        violate_family(row, load_u16(name), &violations);
        struct endpoint wanted = endpoint_load(name, row->family);
        bool refused =
            endpoint_is_broadcast(&wanted) && !row->broadcast && reading(context, Q109_BIND_TO_BROADCAST) == Q109_ACCES;
        if (refused) violate(&violations, WSAEACCES);                                                /* T7.2.10 */
        else violate_if(&violations, !endpoint_is_local(context->world, &wanted), WSAEADDRNOTAVAIL); /* W75, F67 */
        violate_if(&violations, endpoint_is_mapped(&wanted) && row->v6only, WSAEADDRNOTAVAIL);
    }
    return violation_chosen(context, &violations);
}

/* WSANOTINITIALISED, WSAENOTSOCK; in any order WSAENETDOWN, WSAEINVAL (bound already), WSAEFAULT, WSAEAFNOSUPPORT,
 * WSAEADDRNOTAVAIL; then what the port gives: WSAEACCES, WSAEADDRINUSE, WSAENOBUFS and those of Q46, Q49, Q55. */
void call_bind(struct context *context) {
    unsigned socket = begin_transport_call(context, bind_s);
    if (socket == NO_ROW) return;
    const struct socket_row *row = world_socket(context->world, socket);
    const uint8_t *name = sockaddr_given(context->call, row->family, bind_name, bind_namelen);
    uint32_t error = bind_unfit(context, row, name);
    if (error == 0 && row->reused && reading(context, Q139_REUSED_BIND) == Q139_BOUND_STILL) error = WSAEINVAL;
    if (error == 0 && acceptor_request(context->world, socket) != NO_ROW) {
        not_modelled(context, not_modelled_function(FUNCTION_bind)); /* no source has a program bind such a socket */
        return;
    }
    if (error == 0) {
        struct endpoint wanted = endpoint_load(name, row->family);
        error = bind_to(context, socket, &wanted, false, true);
    }
    if (error == 0) world_socket(context->world, socket)->reused = 0;
    if (error != 0) fail_socket(context, error);
    else succeed(context, 0);
}
