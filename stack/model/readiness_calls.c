/* select and WSAPoll. What a thread waits for in one of them are rows of their own (transport/socket_waits.h); its
 * outputs are the addresses of the three sets, or of the events. */
#include "stack/model/readiness_calls.h"

#include <assert.h>

#include "stack/call/catalogue.h"
#include "stack/errors.h"
#include "stack/io/requests.h"
#include "stack/model/park.h"
#include "stack/sdk/poll_values.h"
#include "stack/sdk/socket_values.h"
#include "stack/transport/readiness.h"
#include "stack/transport/socket_waits.h"
#include "stack/transport/sockets.h"

/* --- both --------------------------------------------------------------------------------------------------------- */

/* The sockets of the set at pointer argument `argument`, as handles. -1: the memory is not there; more than
 * SET_SOCKETS_MAX: only so many were counted. */
static int64_t take_handles(const struct call *call, unsigned argument, uint64_t handles[SET_SOCKETS_MAX]) {
    const uint8_t *head = call_read(call, argument, SOCKET_SET_SOCKETS);
    if (head == NULL) return -1;
    uint64_t count = load_u64(head);
    if (count > SET_SOCKETS_MAX) return SET_SOCKETS_MAX + 1;
    const uint8_t *set = call_read(call, argument, SOCKET_SET_SOCKETS + (uint32_t)count * POINTER_SIZE);
    if (set == NULL) return -1;
    for (unsigned i = 0; i < count; i++) handles[i] = load_u64(set + SOCKET_SET_SOCKETS + i * POINTER_SIZE);
    return (int64_t)count;
}

static void add_row(struct awaited_sockets *awaited, struct socket_wait row) {
    assert(awaited->count < SOCKET_WAITS_MAX);
    awaited->rows[awaited->count++] = row;
}

/* Parks the thread, or ends the call where the world has no room for what it waits for. */
static void park(struct context *context, const struct awaited_sockets *awaited, const uint64_t *outputs,
                 uint32_t milliseconds) {
    struct wait wait = { .awaited = AWAITED_SOCKETS, .object = NO_ROW };
    if (!socket_wait_has_room(context->world, awaited->count)) {
        fail_socket(context, WSAENOBUFS);
        return;
    }
    for (unsigned i = 0; i < THREAD_OUTPUTS; i++) wait.outputs[i] = outputs[i];
    if (wait_park(context, &wait, milliseconds)) socket_wait_add(context->world, context->thread, awaited);
}

/* --- select ------------------------------------------------------------------------------------------------------- */

enum { EXCEPT_SET = 2 };

/* One that was closed meanwhile is ready to be read (W141); what becomes of it in the write set no one says, so it is
 * as there. */
static bool is_kept(const struct world *world, const struct socket_wait *row) {
    static const unsigned wanted[SOCKET_SETS] = { READY_READ, READY_WRITE, READY_EXCEPT };
    if (row->state == SOCKET_WAIT_GONE) return row->set != EXCEPT_SET;
    return (socket_readiness(world, row->socket) & wanted[row->set]) != 0;
}

/* Was one of the except set closed meanwhile (W141)? */
static bool one_is_lost(const struct awaited_sockets *awaited) {
    for (unsigned i = 0; i < awaited->count; i++)
        if (awaited->rows[i].state == SOCKET_WAIT_GONE && awaited->rows[i].set == EXCEPT_SET) return true;
    return false;
}

static bool one_is_kept(const struct world *world, const struct awaited_sockets *awaited) {
    for (unsigned i = 0; i < awaited->count; i++)
        if (is_kept(world, &awaited->rows[i])) return true;
    return false;
}

/* A socket that stands twice in a set is left there once (W174). */
static bool stands_already(const uint8_t *set, unsigned count, uint32_t handle) {
    for (unsigned i = 0; i < count; i++)
        if (load_u64(set + SOCKET_SET_SOCKETS + i * POINTER_SIZE) == handle) return true;
    return false;
}

/* Stores in each set what is kept of it; how many in all. */
static unsigned leave_kept(struct context *context, const struct awaited_sockets *awaited, const uint64_t *addresses) {
    unsigned total = 0;
    for (unsigned set = 0; set < SOCKET_SETS; set++) {
        uint8_t left[SOCKET_SET_SOCKETS + SET_SOCKETS_MAX * POINTER_SIZE];
        unsigned count = 0;
        if (addresses[set] == 0) continue;
        for (unsigned i = 0; i < awaited->count; i++) {
            const struct socket_wait *row = &awaited->rows[i];
            if (row->set != set || !is_kept(context->world, row) || stands_already(left, count, row->handle)) continue;
            store_u64(left + SOCKET_SET_SOCKETS + count++ * POINTER_SIZE, row->handle);
        }
        store_u64(left, count);
        result_write(context->result, addresses[set], left, SOCKET_SET_SOCKETS + count * POINTER_SIZE);
        total += count;
    }
    return total;
}

/* What came of looking at the sets of a call. */
struct taken_sets {
    struct awaited_sockets awaited;
    bool is_missing;      /* the memory of a set is not there */
    bool has_no_socket;   /* one of its handles names none */
    bool is_not_modelled; /* one is raw, or there are too many */
};

static void take_sets(struct context *context, struct taken_sets *taken) {
    for (unsigned set = 0; set < SOCKET_SETS; set++) {
        uint64_t handles[SET_SOCKETS_MAX];
        if (context->call->arguments[set] == 0) continue;
        int64_t count = take_handles(context->call, set, handles);
        taken->is_missing |= count < 0;
        taken->is_not_modelled |= count > SET_SOCKETS_MAX;
        for (int64_t i = 0; count <= SET_SOCKETS_MAX && i < count; i++) {
            unsigned socket = context_socket_of(context, handles[i]);
            taken->has_no_socket |= socket == NO_ROW;
            if (socket == NO_ROW) continue;
            taken->is_not_modelled |= world_socket(context->world, socket)->protocol == PROTOCOLS_COUNT;
            add_row(&taken->awaited, (struct socket_wait){ .state = SOCKET_WAIT_LIVE,
                                                           .set = (uint8_t)set,
                                                           .place = (uint8_t)i,
                                                           .socket = (uint16_t)socket,
                                                           .handle = (uint32_t)handles[i] });
        }
    }
}

/* WSANOTINITIALISED; in any order WSAENETDOWN, WSAEFAULT (the memory of a set is not there), WSAENOTSOCK, WSAEINVAL (no
 * set has a socket, W174): the sets stay as they were passed. WSAENOTSOCK when a socket of the except set is closed
 * meanwhile, which empties that set. The number of sockets left in the sets, 0 when the time is over; blocks. */
void call_select(struct context *context) {
    struct taken_sets taken = { .awaited.count = 0 };
    struct violations violations = { 0 };
    uint32_t milliseconds = (uint32_t)context->call->arguments[select_timeout];
    if (!winsock_started(context)) {
        fail_socket(context, WSANOTINITIALISED);
        return;
    }
    take_sets(context, &taken);
    bool none = taken.awaited.count == 0 && !taken.is_missing && !taken.has_no_socket && !taken.is_not_modelled;
    violate_if(&violations, context->world->network_down, WSAENETDOWN);
    violate_if(&violations, taken.is_missing, WSAEFAULT);
    violate_if(&violations, taken.has_no_socket, WSAENOTSOCK);
    violate_if(&violations, none, WSAEINVAL);
    uint32_t error = violation_chosen(context, &violations);
    if (error != 0) fail_socket(context, error);
    else if (taken.is_not_modelled) not_modelled(context, not_modelled_function(FUNCTION_select));
    else if (milliseconds == 0 || one_is_kept(context->world, &taken.awaited))
        succeed(context, leave_kept(context, &taken.awaited, context->call->arguments));
    else park(context, &taken.awaited, context->call->arguments, milliseconds);
}

/* --- WSAPoll ------------------------------------------------------------------------------------------------------ */

static uint32_t found_events(const struct world *world, const struct socket_wait *row) {
    if (row->state != SOCKET_WAIT_LIVE) return POLLNVAL; /* W141, W177 */
    return socket_events(world, row->socket) & (row->events | POLLERR | POLLHUP | POLLNVAL);
}

static bool counts(const struct world *world, const struct socket_wait *row) {
    return row->state != SOCKET_WAIT_OF_NONE && found_events(world, row) != 0;
}

static bool one_counts(const struct world *world, const struct awaited_sockets *awaited) {
    for (unsigned i = 0; i < awaited->count; i++)
        if (counts(world, &awaited->rows[i])) return true;
    return false;
}

/* Stores what is found at each place; how many count. */
static unsigned store_events(struct context *context, const struct awaited_sockets *awaited, uint64_t address) {
    uint8_t stored[SET_SOCKETS_MAX * 4];
    unsigned count = 0;
    assert(awaited->count > 0 && awaited->count <= SET_SOCKETS_MAX);
    for (unsigned i = 0; i < awaited->count; i++) {
        store_u32(stored + 4 * i, found_events(context->world, &awaited->rows[i]));
        count += counts(context->world, &awaited->rows[i]);
    }
    result_write(context->result, address, stored, awaited->count * 4);
    return count;
}

/* What WSAPoll says of a stream that was never connected, and of a raw socket, no source tells. */
static bool is_unknown(const struct world *world, unsigned socket) {
    const struct socket_row *row = world_socket_at(world, socket);
    if (row->protocol == PROTOCOLS_COUNT) return true;
    return row->protocol == PROTOCOL_TCP && row->state != SOCKET_LISTENING && row->connection == NO_ROW;
}

struct taken_polls {
    struct awaited_sockets awaited;
    unsigned sockets;   /* how many handles name one */
    bool has_forbidden; /* events that can only be found, of another handle than INVALID_SOCKET (W176) */
    bool is_not_modelled;
};

static void take_polls(struct context *context, const uint64_t *handles, unsigned count, const uint8_t *events,
                       struct taken_polls *taken) {
    enum { ASKABLE = POLLRDNORM | POLLRDBAND | POLLWRNORM };
    for (unsigned i = 0; i < count; i++) {
        unsigned socket = context_socket_of(context, handles[i]);
        uint32_t asked = load_u32(events + 4 * i);
        bool is_there = socket != NO_ROW;
        taken->sockets += is_there;
        taken->has_forbidden |= handles[i] != UINT64_MAX /* INVALID_SOCKET */ && (asked & ~(uint32_t)ASKABLE) != 0;
        taken->is_not_modelled |= is_there && is_unknown(context->world, socket);
        add_row(&taken->awaited, (struct socket_wait){ .state = is_there ? SOCKET_WAIT_LIVE : SOCKET_WAIT_OF_NONE,
                                                       .place = (uint8_t)i,
                                                       .socket = (uint16_t)socket,
                                                       .events = asked });
    }
}

/* It does not wait: are routines of its thread run before it returns? Q148. Not asked where none is queued. */
static void run_routines(struct context *context) {
    if (!routine_is_queued(context->world, context->thread)) return;
    if (reading(context, Q148_READY_POLL) == Q148_RUNS)
        routine_deliver_all(context->world, context->thread, context->result);
}

/* WSANOTINITIALISED; WSAEINVAL without a socket; WSAEFAULT without a place for the events; WSAENETDOWN; WSAENOTSOCK
 * when no handle names a socket, which stores POLLNVAL for each (W177); WSAEINVAL for events that can only be found
 * (W176).
 * How many sockets something was found of, 0 when the time is over; blocks. */
void call_WSAPoll(struct context *context) {
    const struct call *call = context->call;
    uint64_t handles[SET_SOCKETS_MAX];
    struct taken_polls taken = { .sockets = 0 };
    int64_t count = take_handles(call, WSAPoll_fd, handles);
    bool too_many = count > SET_SOCKETS_MAX;
    const uint8_t *events = count <= 0 || too_many ? NULL : call_read(call, WSAPoll_events, 4 * (uint32_t)count);
    if (events != NULL) take_polls(context, handles, (unsigned)count, events, &taken);
    uint32_t error = !winsock_started(context)      ? WSANOTINITIALISED
                     : count == 0                   ? WSAEINVAL
                     : events == NULL && !too_many  ? WSAEFAULT
                     : context->world->network_down ? WSAENETDOWN
                     : too_many                     ? 0
                     : taken.sockets == 0           ? WSAENOTSOCK
                     : taken.has_forbidden          ? WSAEINVAL
                                                    : 0;
    uint64_t address = call->arguments[WSAPoll_events];
    if (error == WSAENOTSOCK) (void)store_events(context, &taken.awaited, address);
    if (error != 0) {
        fail_socket(context, error);
        return;
    }
    if (too_many || taken.is_not_modelled) {
        not_modelled(context, not_modelled_function(FUNCTION_WSAPoll));
        return;
    }
    uint32_t milliseconds = (uint32_t)call->arguments[WSAPoll_timeout];
    if (milliseconds != 0 && !one_counts(context->world, &taken.awaited)) {
        park(context, &taken.awaited, (const uint64_t[THREAD_OUTPUTS]){ address }, milliseconds);
        return;
    }
    run_routines(context);
    succeed(context, store_events(context, &taken.awaited, address));
}

/* --- waiting ------------------------------------------------------------------------------------------------------ */

bool readiness_has_come(const struct world *world, unsigned thread) {
    const struct thread *row = world_thread_at(world, thread);
    struct awaited_sockets awaited;
    assert(row->awaited == AWAITED_SOCKETS);
    socket_wait_list(world, thread, &awaited);
    if (row->function == FUNCTION_WSAPoll) return one_counts(world, &awaited);
    return one_is_kept(world, &awaited) || one_is_lost(&awaited);
}

void readiness_wait_finish(struct context *context, unsigned thread) {
    struct thread row = *world_thread(context->world, thread);
    struct result_return back = { .thread = (uint16_t)thread, .status = RESULT_RETURNED };
    struct awaited_sockets awaited;
    socket_wait_list(context->world, thread, &awaited);
    bool polls = row.function == FUNCTION_WSAPoll;
    back.value = polls ? store_events(context, &awaited, row.outputs[0]) : leave_kept(context, &awaited, row.outputs);
    bool failed = !polls && back.value == 0 && one_is_lost(&awaited);
    if (failed) back.value = UINT64_MAX;
    back.error = failed ? (uint32_t)WSAENOTSOCK : last_error_of_later_success(context);
    if (back.error != ERROR_UNTOUCHED) world_thread(context->world, thread)->last_error = back.error;
    thread_resume(context->world, thread);
    socket_wait_end(context->world, thread);
    result_return(context->result, &back);
}
