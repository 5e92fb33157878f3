#include "stack/transport/reservation_control.h"

#include <assert.h>
#include <string.h>

#include "stack/errors.h"
#include "stack/ports/dynamic_range.h"
#include "stack/ports/persistent.h"
#include "stack/system/privilege.h"
#include "stack/transport/bind.h"
#include "stack/transport/sockets.h"

enum { WELL_KNOWN_END = 1024 };

bool is_reservation_code(uint32_t code) {
    return code == SIO_ACQUIRE_PORT_RESERVATION || code == SIO_RELEASE_PORT_RESERVATION ||
           code == SIO_ASSOCIATE_PORT_RESERVATION;
}

/* --- gate 2: arguments ---------------------------------------------------------------------------------------- */

/* ERR-OPNOTSUPP-SOCKET against ERR-INVAL-TYPE: Q76, and Q102 for a raw socket whose protocol is right. */
static uint32_t wrong_socket_error(struct context *context, const struct socket_row *row) {
    static const uint32_t errors[] = {
        [Q76_OPNOTSUPP] = WSAEOPNOTSUPP, [Q76_INVAL] = WSAEINVAL, [Q76_NOPROTOOPT] = WSAENOPROTOOPT
    };
    bool of_transport = row->other == OTHER_RAW_OF_TRANSPORT;
    if (of_transport && reading(context, Q102_RAW_SOCKET_OF_TCP_OR_UDP) == Q102_INVAL) return WSAEINVAL;
    return errors[reading(context, Q76_OTHER_KIND_OF_SOCKET)];
}

/* PAR-03, PAR-04, ERR-FAULT-IN; Q2 short or NULL, Q3 longer than an INET_PORT_RANGE, Q9 RELEASE's row, Q11
 * alignment. */
static void violate_input(struct context *context, uint32_t code, struct violations *violations) {
    const struct call *call = context->call;
    bool acquire = code == SIO_ACQUIRE_PORT_RESERVATION;
    uint32_t size = acquire ? PORT_RANGE_SIZE : PORT_TOKEN_SIZE;
    uint32_t given = (uint32_t)call->arguments[WSAIoctl_cbIn];
    const struct range *range = &call->ranges[WSAIoctl_in];
    if (range->state == RANGE_NULL || given < size) {
        violate(violations, reading(context, Q2_SHORT_INPUT) == Q2_FAULT ? WSAEFAULT : WSAEINVAL);
        return;
    }
    if (!call_range_holds(call, WSAIoctl_in, given) || call_read(call, WSAIoctl_in, size) == NULL) {
        bool release = code == SIO_RELEASE_PORT_RESERVATION;
        violate(violations, release && reading(context, Q9_RELEASE_BAD_INPUT) == Q9_INVAL ? WSAEINVAL : WSAEFAULT);
        return;
    }
    if (acquire && given > size && reading(context, Q3_LONG_INPUT) == Q3_INVAL) violate(violations, WSAEINVAL);
    unsigned alignment = acquire ? 2 : 8;
    if (range->address % alignment != 0 && reading(context, Q11_UNALIGNED_INPUT) == Q11_FAULT)
        violate(violations, WSAEFAULT);
}

/* ACQUIRE's output: PAR-07, ERR-FAULT-OUT; Q1 short or NULL, Q11 alignment. */
static void violate_output_of_acquire(struct context *context, struct violations *violations) {
    const struct call *call = context->call;
    uint32_t given = (uint32_t)call->arguments[WSAIoctl_cbOut];
    const struct range *range = &call->ranges[WSAIoctl_out];
    if (range->state == RANGE_NULL || given < PORT_INSTANCE_SIZE) {
        violate(violations, reading(context, Q1_SHORT_OUTPUT) == Q1_INVAL ? WSAEINVAL : WSAEFAULT);
        return;
    }
    if (!call_range_holds(call, WSAIoctl_out, given)) {
        violate(violations, WSAEFAULT);
        return;
    }
    if (range->address % 8 != 0 && reading(context, Q11_UNALIGNED_INPUT) == Q11_FAULT) violate(violations, WSAEFAULT);
}

/* The other two use no output: PAR-05, PAR-06; Q4 a size that is not 0, Q88 a pointer that is bad. */
static void violate_unused_output(struct context *context, struct violations *violations) {
    const struct call *call = context->call;
    if (call->arguments[WSAIoctl_cbOut] != 0 && reading(context, Q4_OUTPUT_SIZE_GIVEN) == Q4_INVAL)
        violate(violations, WSAEINVAL);
    enum range_state state = (enum range_state)call->ranges[WSAIoctl_out].state;
    if ((state == RANGE_BAD || state == RANGE_PARTLY_BAD) && reading(context, Q88_UNUSED_OUTPUT_POINTER) == Q88_FAULT)
        violate(violations, WSAEFAULT);
}

void violate_reservation_arguments(struct context *context, unsigned socket, struct violations *violations) {
    uint32_t code = (uint32_t)context->call->arguments[WSAIoctl_code];
    assert(is_reservation_code(code));
    violate_if(violations, context->world->network_down, WSAENETDOWN);
    const struct socket_row *row = world_socket(context->world, socket);
    if (row->protocol == PROTOCOLS_COUNT) violate(violations, wrong_socket_error(context, row));
    violate_input(context, code, violations);
    if (code == SIO_ACQUIRE_PORT_RESERVATION) violate_output_of_acquire(context, violations);
    else violate_unused_output(context, violations);
}

void load_reservation_request(struct context *context, struct request *request) {
    const struct call *call = context->call;
    request->code = (uint32_t)call->arguments[WSAIoctl_code];
    request->input_length = (uint32_t)call->arguments[WSAIoctl_cbIn];
    request->output_length = (uint32_t)call->arguments[WSAIoctl_cbOut];
    request->output_address = call->arguments[WSAIoctl_out];
    if (request->code == SIO_ACQUIRE_PORT_RESERVATION) {
        const uint8_t *range = call_read(call, WSAIoctl_in, PORT_RANGE_SIZE);
        assert(range != NULL);
        request->range_first =
            reading(context, Q12_BYTE_ORDER) == Q12_NETWORK ? load_u16_network(range) : load_u16(range);
        request->range_count = load_u16(range + 2);
    } else {
        const uint8_t *token = call_read(call, WSAIoctl_in, PORT_TOKEN_SIZE);
        assert(token != NULL);
        request->token = load_u64(token);
    }
}

/* --- ACQUIRE: values ------------------------------------------------------------------------------------------ */

/* Q13, Q14, Q19, Q56: what is wrong with the numbers and the socket; adjusts the count where the reading says so. */
static void violate_range(struct context *context, struct request *request, struct violations *violations) {
    static const uint32_t beyond[] = {
        [Q14_INVAL] = WSAEINVAL, [Q14_TRUNCATED] = 0, [Q14_ADDRNOTAVAIL] = WSAEADDRNOTAVAIL
    };
    if (world_socket(context->world, request->socket)->state > SOCKET_OPEN &&
        reading(context, Q56_ACQUIRE_BOUND) == Q56_INVAL)
        violate(violations, WSAEINVAL);
    if (request->range_count == 0) {
        unsigned which = reading(context, Q13_ZERO_PORTS);
        if (which == Q13_INVAL) violate(violations, WSAEINVAL);
        if (which == Q13_ONE_PORT) request->range_count = 1;
    }
    if (request->range_first == 0) return;
    if (request->range_first + request->range_count > PORTS_END) {
        uint32_t error = beyond[reading(context, Q14_PAST_65535)];
        if (error != 0) violate(violations, error);
        else request->range_count = PORTS_END - request->range_first;
    }
    if (request->range_first < WELL_KNOWN_END && reading(context, Q19_BELOW_1024) == Q19_ACCES)
        violate(violations, WSAEACCES);
}

/* --- ACQUIRE: conflicts --------------------------------------------------------------------------------------- */

static uint32_t bound_error(struct context *context) { /* Q24 */
    static const uint32_t errors[] = { [Q24_ADDRINUSE] = WSAEADDRINUSE, [Q24_ACCES] = WSAEACCES, [Q24_ALLOWED] = 0 };
    return errors[reading(context, Q24_ACQUIRE_OVER_SOCKET)];
}

/* Q108: one that is bound in the other family only, where families share one space. */
static bool other_family_counts(struct context *context) {
    return reading(context, Q34_FAMILIES) == Q34_SHARE_SPACE &&
           reading(context, Q108_ACQUIRE_OVER_OTHER_FAMILY) == Q108_IN_USE;
}

static struct port_space of_both_families(struct port_space space) {
    space.families = FAMILY_BOTH;
    return space;
}

/* Why this port cannot be part of a new reservation, or 0. Reservations: Q25, T3.3.9. Exclusions: Q26, T3.3.10;
 * a foreign unmarked range refuses another reservation (N4.3.3). */
static uint32_t port_error(struct context *context, struct port_space space, unsigned port) {
    const struct world *world = context->world;
    if (pool_reservation_at(world, space, port) != NO_ROW)
        return reading(context, Q25_ACQUIRE_OVER_RESERVATION) == Q25_ADDRINUSE ? WSAEADDRINUSE : WSAEACCES;
    unsigned exclusion = pool_exclusion_at(world, space.protocol, port);
    if (exclusion != NO_ROW) {
        if (!world_exclusion_at(world, exclusion)->administered) return WSAEADDRINUSE;
        if (reading(context, Q26_ACQUIRE_OVER_EXCLUSION) == Q26_ADDRINUSE) return WSAEADDRINUSE;
    }
    bool bound = pool_port_bound(world, space, port) || (space.with_closing && pool_port_closing(world, space, port));
    if (!bound && pool_port_bound(world, of_both_families(space), port)) bound = other_family_counts(context);
    return bound ? bound_error(context) : 0;
}

/* All or nothing, or what lies before the first conflict: Q27. Returns 0 with *count ports from `first` on. */
static uint32_t specific_conflict(struct context *context, struct port_space space, unsigned first, unsigned *count) {
    struct violations violations = { 0 };
    unsigned clear = *count;
    for (unsigned offset = 0; offset < *count; offset++) {
        uint32_t error = port_error(context, space, first + offset);
        if (error == 0) continue;
        if (offset < clear) clear = offset;
        violate(&violations, error);
    }
    if (clear == *count) return 0;
    if (clear > 0 && reading(context, Q27_ACQUIRE_PARTLY_TAKEN) == Q27_SHRUNK) {
        *count = clear;
        return 0;
    }
    return violation_chosen(context, &violations);
}

/* --- ACQUIRE: where a wildcard block lies --------------------------------------------------------------------- */

struct block_search {
    const struct world *world;
    struct port_space space;
    unsigned first, last, count;
};

/* The first start of a free run from here on; PORTS_END when there is none. */
static unsigned next_run(const struct block_search *search, unsigned from) {
    return pool_next_run(search->world, search->space, from, search->last, search->count);
}

static bool block_next(const struct choice_set *set, uint64_t from, uint64_t *member) {
    *member = next_run(set->context, (unsigned)from);
    return *member != PORTS_END;
}

static bool block_contains(const struct choice_set *set, uint64_t start) {
    uint64_t found;
    return start >= set->first && start <= set->last && block_next(set, start, &found) && found == start;
}

/* After the block granted last in this protocol: Q17=b. */
static unsigned behind_last_block(const struct block_search *search) {
    unsigned start = search->world->block_cursor[search->space.protocol];
    return start < search->first || start > search->last ? search->first : start;
}

static unsigned place_block(struct context *context, const struct block_search *search) {
    unsigned lowest = next_run(search, search->first);
    if (lowest == PORTS_END) return PORTS_END;
    unsigned order = reading(context, Q17_WILDCARD_PLACEMENT);
    if (order == Q17_LOWEST_FIT) return lowest;
    if (order == Q17_NEXT_FIT) {
        unsigned next = next_run(search, behind_last_block(search));
        return next == PORTS_END ? lowest : next;
    }
    const struct choice_set set = { .contains = block_contains,
                                    .next = block_next,
                                    .first = search->first,
                                    .last = search->last + 1 - search->count,
                                    .start = lowest,
                                    .floor = 1,
                                    .ceiling = PORTS_END - search->count,
                                    .context = search,
                                    .swapped = reading(context, Q12_BYTE_ORDER) == Q12_HOST };
    return (unsigned)choose_member(context->chooser, CHOICE_BLOCK_START, &set);
}

/* Is a socket of the protocol bound that the space does not see? */
static bool other_family_is_bound(const struct world *world, struct port_space space) {
    return space.families != FAMILY_BOTH && world->bound[space.protocol][space.families == FAMILY_V4] > 0;
}

/* Where a block of this socket may lie: Q16. */
static struct dynamic_range source_range(struct context *context, const struct socket_row *socket) {
    if (reading(context, Q16_WILDCARD_RANGE) != Q16_DYNAMIC)
        return (struct dynamic_range){ WELL_KNOWN_END, PORTS_END - 1u };
    return dynamic_range_of(context, (enum protocol)socket->protocol, socket->family == 6);
}

/* No room: Q15. */
static uint32_t place_wildcard(struct context *context, const struct request *request, struct port_space space,
                               unsigned *first) {
    static const uint32_t no_room[] = {
        [Q15_ADDRINUSE] = WSAEADDRINUSE, [Q15_NOBUFS] = WSAENOBUFS, [Q15_INVAL] = WSAEINVAL
    };
    const struct world *world = context->world;
    if (other_family_is_bound(world, space) && other_family_counts(context)) space = of_both_families(space);
    const struct dynamic_range range = source_range(context, world_socket_at(world, request->socket));
    struct block_search search = { .world = world,
                                   .space = space,
                                   .count = request->range_count == 0 ? 1 : request->range_count,
                                   .first = range.first,
                                   .last = range.last };
    *first = place_block(context, &search);
    return *first == PORTS_END ? no_room[reading(context, Q15_NO_FREE_RUN)] : 0;
}

/* --- ACQUIRE: the grant --------------------------------------------------------------------------------------- */

/* Q28=b: the identical block, held by the same process already. */
static unsigned identical_block(const struct context *context, struct port_space space, const struct request *request) {
    if (request->range_first == 0 || request->range_count == 0) return NO_ROW;
    unsigned index = pool_reservation_at(context->world, space, request->range_first);
    if (index == NO_ROW) return NO_ROW;
    const struct reservation *row = world_reservation(context->world, index);
    bool identical = row->first == request->range_first && row->count == request->range_count;
    return identical && row->process == context->process ? index : (unsigned)NO_ROW;
}

static bool is_padding(const struct choice_set *set, uint64_t member) {
    return member >= set->first && member <= set->last;
}

static bool next_padding(const struct choice_set *set, uint64_t from, uint64_t *member) {
    *member = from;
    return is_padding(set, from);
}

static uint32_t some_padding(struct context *context) {
    const struct choice_set set = { .contains = is_padding,
                                    .next = next_padding,
                                    .first = 1,
                                    .last = UINT32_MAX,
                                    .start = 1,
                                    .floor = 1,
                                    .ceiling = 0 };
    return (uint32_t)choose_member(context->chooser, CHOICE_PADDING_BYTES, &set);
}

static void write_instance(struct context *context, const struct request *request, const struct reservation *row) {
    uint8_t bytes[PORT_INSTANCE_SIZE] = { 0 };
    if (reading(context, Q12_BYTE_ORDER) == Q12_NETWORK) store_u16_network(bytes, row->first);
    else store_u16(bytes, row->first);
    store_u16(bytes + 2, (uint16_t)row->count);
    store_u64(bytes + 8, row->token);
    enum { ZEROED, LEFT, ANYTHING, OUTCOMES };
    unsigned padding = choose(context->chooser, CHOICE_PADDING, OUTCOMES);
    if (padding == ANYTHING) store_u32(bytes + 4, some_padding(context));
    if (padding != LEFT) {
        result_write(context->result, request->output_address, bytes, sizeof bytes);
    } else {
        result_write(context->result, request->output_address, bytes, 4);
        result_write(context->result, request->output_address + 8, bytes + 8, 8);
    }
}

/* Q35, asked where a connection closes without a socket. */
static bool closing_ports_count(struct context *context, struct port_space space) {
    for (unsigned i = 0; i < world_top(context->world, TABLE_CONNECTIONS); i++) {
        const struct connection_row *row = world_connection(context->world, i);
        if (row->used && pool_port_closing(context->world, space, row->tcp.local_port))
            return reading(context, Q35_TIME_WAIT_COUNTS) == Q35_YES;
    }
    return false;
}

static uint32_t acquire(struct context *context, struct request *request) {
    struct violations violations = { 0 };
    violate_range(context, request, &violations);
    violate_if(&violations, context->world->no_buffers, WSAENOBUFS); /* inferred: a grant needs memory (W65) */
    uint32_t error = violation_chosen(context, &violations);
    if (error != 0) return error;
    struct port_space space = bind_space(context, world_socket(context->world, request->socket));
    space.with_closing = closing_ports_count(context, space);
    unsigned first = request->range_first;
    unsigned count = request->range_count;
    unsigned granted = identical_block(context, space, request);
    if (granted != NO_ROW && reading(context, Q28_ACQUIRE_OWN_BLOCK) == Q28_CONFLICT) granted = NO_ROW;
    if (granted == NO_ROW) {
        if (first == 0) error = place_wildcard(context, request, space, &first);
        else error = specific_conflict(context, space, first, &count);
        if (error != 0) return error;
        granted = reservation_grant(context->world, context->chooser, context->process, request->socket, first, count);
        if (granted == NO_ROW) return WSAENOBUFS;
    }
    write_instance(context, request, world_reservation(context->world, granted));
    request->information = reading(context, Q6_BYTES_OF_ACQUIRE) == Q6_SIXTEEN ? PORT_INSTANCE_SIZE : 12;
    return 0;
}

/* --- ASSOCIATE ------------------------------------------------------------------------------------------------ */

static uint32_t unknown_token_error(struct context *context) {
    static const uint32_t errors[] = {
        [Q40_INVAL] = WSAEINVAL, [Q40_ADDRNOTAVAIL] = WSAEADDRNOTAVAIL, [Q40_ACCES] = WSAEACCES
    };
    return errors[reading(context, Q40_UNKNOWN_TOKEN)];
}

/* Who may use it. Runtime: REM-23 (Q87), REM-10 (Q41). Persistent: REM-12, REM-22 to 26, Q44. */
static void violate_ownership(struct context *context, const struct reservation *reservation,
                              struct violations *violations) {
    if (reservation->kind == RESERVATION_PERSISTENT) {
        if (!may_use_persistent(context) && reading(context, Q44_PRIVILEGE_CHECKED) == Q44_AT_ASSOCIATE)
            violate(violations, WSAEACCES);
        return;
    }
    if (!may_use_runtime(context)) violate(violations, WSAEACCES);
    if (reservation->process != context->process)
        violate(violations, reading(context, Q41_ASSOCIATE_FOREIGN_TOKEN) == Q41_ACCES ? WSAEACCES : WSAEINVAL);
}

/* Q41 to Q44: whose the token is, and whether its protocol and family fit the socket. A persistent reservation has no
 * family. */
static void violate_token(struct context *context, const struct socket_row *row, unsigned found,
                          struct violations *violations) {
    const struct reservation *reservation = found == NO_ROW ? NULL : world_reservation(context->world, found);
    if (reservation == NULL || !reservation_is_live(reservation)) {
        violate(violations, unknown_token_error(context));
        return;
    }
    violate_ownership(context, reservation, violations);
    if (reservation->protocol != row->protocol) {
        static const uint32_t errors[] = {
            [Q42_INVAL] = WSAEINVAL, [Q42_OPNOTSUPP] = WSAEOPNOTSUPP, [Q42_AT_BIND] = 0
        };
        uint32_t error = errors[reading(context, Q42_ASSOCIATE_OTHER_PROTOCOL)];
        if (error != 0) violate(violations, error);
    }
    bool has_family = reservation->kind == RESERVATION_RUNTIME;
    if (has_family && reservation->family != row->family && reading(context, Q43_ASSOCIATE_OTHER_FAMILY) == Q43_INVAL)
        violate(violations, WSAEINVAL);
}

/* The reservation that the request's token means on its socket. */
static unsigned find_token(struct context *context, const struct request *request) {
    const struct socket_row *row = world_socket(context->world, request->socket);
    return persistent_find_token(context, (enum protocol)row->protocol, request->token);
}

/* Q39: a second association. */
static bool second_association_refused(struct context *context, const struct socket_row *row, unsigned found) {
    if (row->reservation == NO_ROW) return false;
    unsigned which = reading(context, Q39_SECOND_ASSOCIATE);
    return which == Q39_INVAL || (which == Q39_SAME_TOKEN && pool_association(context->world, row) != found);
}

/* ASC-02, Q38: after bind. */
static uint32_t associate(struct context *context, struct request *request) {
    static const uint32_t after_bind[] = { [Q38_INVAL] = WSAEINVAL, [Q38_ISCONN] = WSAEISCONN, [Q38_IGNORED] = 0 };
    struct socket_row *row = world_socket(context->world, request->socket);
    unsigned found = find_token(context, request);
    struct violations violations = { 0 };
    bool bound = row->state > SOCKET_OPEN;
    uint32_t bound_error = bound ? after_bind[reading(context, Q38_ASSOCIATE_AFTER_BIND)] : 0;
    if (bound_error != 0) violate(&violations, bound_error);
    violate_token(context, row, found, &violations);
    if (violations.count == 0 && second_association_refused(context, row, found)) violate(&violations, WSAEINVAL);
    uint32_t error = violation_chosen(context, &violations);
    if (error != 0) return error;
    if (!bound) pool_associate(context->world, request->socket, found);
    request->information = reading(context, Q5_BYTES_WITHOUT_OUTPUT) == Q5_ZERO ? 0 : request->input_length;
    return 0;
}

/* --- RELEASE -------------------------------------------------------------------------------------------------- */

/* Q57, Q58, Q61, Q54=c. */
static void violate_release(struct context *context, const struct request *request, unsigned found,
                            struct violations *violations) {
    const struct reservation *reservation = world_reservation(context->world, found);
    if (reservation->process != context->process) {
        violate(violations, reading(context, Q58_RELEASE_FOREIGN_TOKEN) == Q58_ACCES ? WSAEACCES : WSAEINVAL);
        return;
    }
    bool acquirer = reservation->socket == request->socket;
    if (!acquirer && reading(context, Q57_RELEASE_OTHER_SOCKET) == Q57_INVAL) violate(violations, WSAEINVAL);
    bool same_protocol = reservation->protocol == world_socket(context->world, request->socket)->protocol;
    if (!same_protocol && reading(context, Q61_RELEASE_OTHER_PROTOCOL) == Q61_INVAL) violate(violations, WSAEINVAL);
    if (pool_reservation_in_use(context->world, found) && reading(context, Q54_RELEASE_WHILE_BOUND) == Q54_ADDRINUSE)
        violate(violations, WSAEADDRINUSE);
}

/* Q54=b: sockets bound through it lose their binding. */
static void unbind_users(struct context *context, unsigned reservation) {
    if (!pool_reservation_in_use(context->world, reservation) ||
        reading(context, Q54_RELEASE_WHILE_BOUND) != Q54_BINDING_LOST)
        return;
    for (unsigned i = pool_next_associated(context->world, reservation, NO_ROW); i != NO_ROW;
         i = pool_next_associated(context->world, reservation, i))
        if (socket_holds_port(world_socket(context->world, i))) socket_unbind(context->world, i);
}

/* Q59. As Delete where it works: Q64 says what sockets in it mean. */
static uint32_t release_persistent(struct context *context, unsigned found) {
    switch (reading(context, Q59_RELEASE_PERSISTENT)) {
    case Q59_INVAL: return WSAEINVAL;
    case Q59_ACCES: return WSAEACCES;
    case Q59_OPNOTSUPP: return WSAEOPNOTSUPP;
    default: break;
    }
    if (!may_use_persistent(context)) return WSAEACCES;
    if (pool_reservation_associated(context->world, found) &&
        reading(context, Q64_DELETE_IN_USE) == Q64_SHARING_VIOLATION)
        return WSAEADDRINUSE;
    persistent_delete(context, found);
    return 0;
}

static uint32_t release_runtime(struct context *context, const struct request *request, unsigned found) {
    struct violations violations = { 0 };
    violate_release(context, request, found, &violations);
    uint32_t error = violation_chosen(context, &violations);
    if (error != 0) return error;
    unbind_users(context, found);
    reservation_release(context->world, found);
    return 0;
}

/* Q60: a token that was released already. */
static uint32_t release_again(struct context *context, unsigned found) {
    if (world_reservation(context->world, found)->process != context->process) return unknown_token_error(context);
    return reading(context, Q60_RELEASE_TWICE) == Q60_INVAL ? (uint32_t)WSAEINVAL : 0;
}

static uint32_t release(struct context *context, struct request *request) {
    unsigned found = find_token(context, request);
    if (found == NO_ROW) return unknown_token_error(context);
    uint32_t error = 0;
    switch ((enum reservation_kind)world_reservation(context->world, found)->kind) {
    case RESERVATION_RELEASED: error = release_again(context, found); break;
    case RESERVATION_PERSISTENT: error = release_persistent(context, found); break;
    default: error = release_runtime(context, request, found); break;
    }
    request->information = 0;
    if (error == 0 && reading(context, Q5_BYTES_WITHOUT_OUTPUT) == Q5_INPUT_SIZE)
        request->information = request->input_length;
    return error;
}

uint32_t decide_reservation_request(struct context *context, struct request *request) {
    assert(is_reservation_code(request->code));
    assert(request->state == REQUEST_PENDING);
    switch (request->code) {
    case SIO_ACQUIRE_PORT_RESERVATION: return acquire(context, request);
    case SIO_ASSOCIATE_PORT_RESERVATION: return associate(context, request);
    default: return release(context, request);
    }
}
