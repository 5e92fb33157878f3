/* select and WSAPoll. A thread that waits in one of them keeps the sockets in its outputs (world.h). */
#include "stack/model/readiness_calls.h"

#include <assert.h>

#include "stack/call/catalogue.h"
#include "stack/errors.h"
#include "stack/model/park.h"
#include "stack/sdk/poll_values.h"
#include "stack/sdk/socket_values.h"
#include "stack/transport/readiness.h"
#include "stack/transport/sockets.h"

/* --- select ------------------------------------------------------------------------------------------------------- */

enum { SETS = 3, EXCEPT_SET = 2 };

static const unsigned wanted[SETS] = { READY_READ, READY_WRITE, READY_EXCEPT };

/* How many sets keep their socket. One that was closed meanwhile is kept in the read set (W141); what becomes of it in
 * the write set no one says, so it is as there. *lost: one of the except set was closed. */
static unsigned kept(const struct world *world, const uint64_t sockets[SETS], bool *lost) {
    unsigned count = 0;
    *lost = false;
    for (unsigned i = 0; i < SETS; i++) {
        if (sockets[i] == SOCKET_NONE) continue;
        if (sockets[i] == SOCKET_GONE) {
            if (i == EXCEPT_SET) *lost = true;
            else count++;
        } else if ((socket_readiness(world, (unsigned)sockets[i] - 1) & wanted[i]) != 0) {
            count++;
        }
    }
    return count;
}

/* The socket of each set. False, and the call has ended: the network is down (WSAENETDOWN), a set names no socket
 * (WSAENOTSOCK), there is no set (WSAEINVAL, W174); or one is raw, which is not modelled. */
static bool take_sets(struct context *context, uint64_t sockets[SETS]) {
    struct violations violations = { 0 };
    bool any = false, raw = false;
    for (unsigned i = 0; i < SETS; i++) {
        sockets[i] = SOCKET_NONE;
        if (context->call->arguments[i] == 0) continue;
        unsigned socket = context_socket(context, i);
        any = true;
        violate_if(&violations, socket == NO_ROW, WSAENOTSOCK);
        if (socket == NO_ROW) continue;
        sockets[i] = socket + 1;
        raw = raw || world_socket(context->world, socket)->protocol == PROTOCOLS_COUNT;
    }
    violate_if(&violations, context->world->network_down, WSAENETDOWN);
    violate_if(&violations, !any, WSAEINVAL);
    uint32_t error = winsock_started(context) ? violation_chosen(context, &violations) : WSANOTINITIALISED;
    if (error != 0) fail_socket(context, error);
    else if (raw) not_modelled(context, not_modelled_function(FUNCTION_select));
    return error == 0 && !raw;
}

static void park(struct context *context, const uint64_t outputs[THREAD_OUTPUTS], uint32_t milliseconds) {
    struct wait wait = { .awaited = AWAITED_SOCKETS, .object = NO_ROW };
    for (unsigned i = 0; i < THREAD_OUTPUTS; i++) wait.outputs[i] = outputs[i];
    wait_park(context, &wait, milliseconds);
}

/* WSANOTINITIALISED; in any order WSAENETDOWN, WSAENOTSOCK, WSAEINVAL; WSAENOTSOCK when a socket of the except set is
 * closed meanwhile. The number of sockets left in the sets, 0 when the time is over; blocks. */
void call_select(struct context *context) {
    uint64_t sockets[SETS];
    bool lost;
    uint32_t milliseconds = (uint32_t)context->call->arguments[select_timeout];
    if (!take_sets(context, sockets)) return;
    unsigned count = kept(context->world, sockets, &lost);
    if (count > 0 || milliseconds == 0) succeed(context, count);
    else park(context, sockets, milliseconds);
}

/* --- WSAPoll ------------------------------------------------------------------------------------------------------ */

static uint32_t found_events(const struct world *world, uint64_t socket, uint32_t events) {
    if (socket == SOCKET_GONE) return POLLNVAL; /* W141 */
    return socket_events(world, (unsigned)socket - 1) & (events | POLLERR | POLLHUP | POLLNVAL);
}

static void store_events(struct result *result, uint64_t address, uint32_t events) {
    uint8_t stored[4];
    store_u32(stored, events);
    result_write(result, address, stored, sizeof stored);
}

/* What WSAPoll says of a stream that was never connected, and of a raw socket, no source tells. */
static bool is_unknown(const struct world *world, unsigned socket) {
    const struct socket_row *row = world_socket_at(world, socket);
    if (row->protocol == PROTOCOLS_COUNT) return true;
    return row->protocol == PROTOCOL_TCP && row->state != SOCKET_LISTENING && row->connection == NO_ROW;
}

/* WSANOTINITIALISED; WSAEFAULT without a place for the events; WSAENETDOWN; WSAENOTSOCK, which stores POLLNVAL (W177);
 * WSAEINVAL for events that can only be found (W176). 1 with what was found, 0 when the time is over; blocks. */
void call_WSAPoll(struct context *context) {
    const struct call *call = context->call;
    enum { ASKABLE = POLLRDNORM | POLLRDBAND | POLLWRNORM };
    unsigned socket = context_socket(context, WSAPoll_fd);
    const uint8_t *given = call_read(call, WSAPoll_events, 4);
    uint64_t address = call->arguments[WSAPoll_events];
    uint32_t error = !winsock_started(context)                     ? WSANOTINITIALISED
                     : given == NULL                               ? WSAEFAULT
                     : context->world->network_down                ? WSAENETDOWN
                     : socket == NO_ROW                            ? WSAENOTSOCK
                     : (load_u32(given) & ~(uint32_t)ASKABLE) != 0 ? WSAEINVAL
                                                                   : 0;
    if (error == WSAENOTSOCK) store_events(context->result, address, POLLNVAL);
    if (error != 0) {
        fail_socket(context, error);
        return;
    }
    if (is_unknown(context->world, socket)) {
        not_modelled(context, not_modelled_function(FUNCTION_WSAPoll));
        return;
    }
    const uint64_t outputs[THREAD_OUTPUTS] = { socket + 1, load_u32(given), address };
    uint32_t events = found_events(context->world, outputs[0], load_u32(given));
    uint32_t milliseconds = (uint32_t)call->arguments[WSAPoll_timeout];
    if (events == 0 && milliseconds != 0) {
        park(context, outputs, milliseconds);
        return;
    }
    store_events(context->result, address, events);
    succeed(context, events != 0);
}

/* --- waiting ------------------------------------------------------------------------------------------------------ */

bool readiness_has_come(const struct world *world, unsigned thread) {
    const struct thread *row = world_thread_at(world, thread);
    assert(row->awaited == AWAITED_SOCKETS);
    if (row->function == FUNCTION_WSAPoll) return found_events(world, row->outputs[0], (uint32_t)row->outputs[1]) != 0;
    bool lost;
    return kept(world, row->outputs, &lost) > 0 || lost;
}

void readiness_wait_finish(struct context *context, unsigned thread) {
    struct thread row = *world_thread(context->world, thread);
    struct result_return back = { .thread = (uint16_t)thread, .status = RESULT_RETURNED };
    bool lost = false;
    if (row.function == FUNCTION_WSAPoll) {
        uint32_t events = found_events(context->world, row.outputs[0], (uint32_t)row.outputs[1]);
        store_events(context->result, row.outputs[2], events);
        back.value = events != 0;
    } else {
        back.value = kept(context->world, row.outputs, &lost);
    }
    bool failed = lost && back.value == 0;
    if (failed) back.value = UINT64_MAX;
    back.error = failed ? (uint32_t)WSAENOTSOCK : last_error_of_later_success(context);
    if (back.error != ERROR_UNTOUCHED) world_thread(context->world, thread)->last_error = back.error;
    thread_resume(context->world, thread);
    result_return(context->result, &back);
}
