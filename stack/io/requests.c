#include "stack/io/requests.h"

#include <assert.h>

#include "stack/errors.h"
#include "stack/io/completion_ports.h"
#include "stack/io/events.h"
#include "stack/io/handle_events.h"
#include "stack/sdk/socket_values.h"
#include "stack/sdk/wait_values.h"
#include "stack/system/handles.h"

_Static_assert((int)BUFFERS_MAX == (int)CALL_BUFFERS_MAX, "a row has room for the buffers of a call");

/* Every pending request with a routine will need a row for it: room is made before, never missed after. */
static bool routine_has_room(const struct world *world) {
    unsigned needed = 0;
    for (unsigned i = 0; i < world_top(world, TABLE_REQUESTS); i++) {
        const struct request *row = world_request_at(world, i);
        needed += row->state == REQUEST_PENDING && row->overlapped != NOTICE_CALLER && row->routine_address != 0;
    }
    for (unsigned i = 0; i < world_top(world, TABLE_ROUTINES); i++) needed += world_routine_at(world, i)->used;
    assert(needed <= world->limits.routines);
    return needed < world->limits.routines;
}

/* For what tells of its end: a routine, or else a packet, which may be needed even where there is no port yet. */
static bool notice_has_room(struct world *world, const struct request *request) {
    bool by_routine = request->routine_address != 0;
    if (by_routine ? routine_has_room(world) : completion_has_room(world)) return true;
    world_note_full(world, by_routine ? TABLE_ROUTINES : TABLE_COMPLETIONS);
    return false;
}

bool request_has_room(struct world *world, const struct request *request) {
    assert(request->overlapped != NOTICE_CALLER);
    if (!notice_has_room(world, request)) return false;
    unsigned index = world_take(world, TABLE_REQUESTS);
    if (index != NO_ROW) world_free(world, TABLE_REQUESTS, index);
    return index != NO_ROW;
}

unsigned request_issue(struct world *world, const struct request *request) {
    assert(world_socket(world, request->socket)->state != SOCKET_FREE);
    assert((request->overlapped != NOTICE_CALLER) == (request->overlapped_address != 0));
    if (request->overlapped != NOTICE_CALLER && !notice_has_room(world, request)) return NO_ROW;
    unsigned index = world_take(world, TABLE_REQUESTS);
    if (index == NO_ROW) return NO_ROW;
    struct request *row = world_request(world, index);
    *row = *request;
    row->state = REQUEST_PENDING;
    row->process = world_thread(world, row->thread)->process;
    if (row->event != NO_ROW) event_reset(world, row->event);
    if (row->overlapped != NOTICE_CALLER) handle_event_begins(world, row);
    return index;
}

/* There are as many transfers as requests, so that one who has the second finds the first. */
unsigned request_issue_transfer(struct world *world, const struct request *request, const struct transfer *transfer) {
    unsigned index = request_issue(world, request);
    if (index == NO_ROW) return NO_ROW;
    unsigned row = world_take(world, TABLE_TRANSFERS);
    assert(row != NO_ROW);
    *world_transfer(world, row) = *transfer;
    world_transfer(world, row)->used = 1;
    world_transfer(world, row)->serial = ++world->transfer_serial;
    world_request(world, index)->transfer = row + 1;
    return index;
}

const struct transfer *request_transfer(const struct world *world, const struct request *request) {
    assert(request->operation != OPERATION_IOCTL && request->transfer != 0);
    return world_transfer_at(world, request->transfer - 1);
}

/* An AcceptEx that has its connection waits for data, no more for what others wait for. */
static bool waits_no_more(const struct world *world, const struct request *row) {
    return row->operation == OPERATION_ACCEPT_EX && world_socket_at(world, row->code)->connection != NO_ROW;
}

/* A receive of urgent data does not wait for one of the stream, nor the other way round. */
static bool waits_for_the_same(const struct request *one, const struct request *other) {
    if (one->operation != other->operation) return false;
    return one->operation != OPERATION_RECEIVE || ((one->code ^ other->code) & MSG_OOB) == 0;
}

bool request_is_first(const struct world *world, const struct request *request) {
    if (waits_no_more(world, request)) return true;
    uint32_t serial = request->transfer == 0 ? UINT32_MAX : request_transfer(world, request)->serial;
    for (unsigned i = 0; i < world_top(world, TABLE_REQUESTS); i++) {
        const struct request *row = world_request_at(world, i);
        if (row->state != REQUEST_PENDING || row->socket != request->socket || row->decided) continue;
        if (!waits_for_the_same(row, request) || waits_no_more(world, row)) continue;
        if (request_transfer(world, row)->serial < serial) return false;
    }
    return true;
}

/* The one way in which a request's row becomes free. */
static void free_request(struct world *world, unsigned request) {
    const struct request *row = world_request(world, request);
    if (row->operation != OPERATION_IOCTL && row->transfer != 0) world_free(world, TABLE_TRANSFERS, row->transfer - 1);
    world_free(world, TABLE_REQUESTS, request);
}

static void routine_queue(struct world *world, const struct request *request, uint32_t error, uint32_t bytes) {
    unsigned index = world_take(world, TABLE_ROUTINES);
    assert(index != NO_ROW); /* request_issue has made room */
    world->routine_serial++;
    *world_routine(world, index) = (struct routine_row){ .used = 1,
                                                         .kind = RAN_ROUTINE,
                                                         .thread = request->thread,
                                                         .serial = world->routine_serial,
                                                         .error = error,
                                                         .bytes = bytes,
                                                         .routine_address = request->routine_address,
                                                         .overlapped_address = request->overlapped_address };
}

bool apc_queue(struct world *world, unsigned thread, uint64_t address, uint64_t number) {
    if (!routine_has_room(world)) {
        world_note_full(world, TABLE_ROUTINES);
        return false;
    }
    unsigned index = world_take(world, TABLE_ROUTINES);
    assert(index != NO_ROW);
    world->routine_serial++;
    *world_routine(world, index) = (struct routine_row){ .used = 1,
                                                         .kind = RAN_APC,
                                                         .thread = (uint16_t)thread,
                                                         .serial = world->routine_serial,
                                                         .routine_address = address,
                                                         .overlapped_address = number };
    return true;
}

unsigned request_of_blocked_call(const struct world *world, unsigned thread) {
    const struct thread *row = world_thread_at(world, thread);
    if (row->state != THREAD_WAITING || row->request == NO_ROW) return NO_ROW;
    return world_request_at(world, row->request)->overlapped == NOTICE_CALLER ? row->request : (unsigned)NO_ROW;
}

/* Threads in WSAGetOverlappedResult learn what became of it; they have waited for the event that it signals. */
static void tell_waiting_threads(struct world *world, unsigned request, uint32_t status, uint32_t information) {
    unsigned event = world_request(world, request)->event;
    for (unsigned i = thread_next_waiting(world, NO_ROW); i != NO_ROW; i = thread_next_waiting(world, i)) {
        struct thread *thread = world_thread(world, i);
        if (thread->awaited != AWAITED_REQUEST || thread->request != request) continue;
        thread->awaited = AWAITED_RESULT;
        thread->request = NO_ROW;
        thread->outputs[THREAD_STATUS] = (uint64_t)status << 32 | information;
        if (event != NO_ROW && world_event(world, event)->set) event_consume(world, event);
    }
}

/* The packet of a request that ends, where its socket has a port by now. */
static void packet_queue(struct world *world, const struct request *request, const struct completion *packet,
                         enum completion_time time) {
    unsigned index = association_of(world, request->socket);
    if (index == NO_ROW || request->overlapped == NOTICE_WITHOUT_PACKET) return;
    const struct association *association = world_association(world, index);
    bool skipped = time == COMPLETED_AT_ONCE && (association->modes & FILE_SKIP_COMPLETION_PORT_ON_SUCCESS) != 0;
    if (association->port >= PORT_GONE || skipped) return;
    struct completion queued = *packet;
    queued.key = association->key;
    completion_queue(world, association->port, &queued);
}

void request_complete(struct world *world, unsigned request, uint32_t status, uint32_t information,
                      enum completion_time time, struct result *result) {
    struct request row = *world_request(world, request);
    assert(row.state == REQUEST_PENDING);
    assert(row.overlapped != NOTICE_CALLER && status != STATUS_PENDING);
    uint8_t internal[16];
    store_u64(internal, status);
    store_u64(internal + 8, information);
    result_write(result, row.overlapped_address + OVERLAPPED_INTERNAL, internal, sizeof internal);
    if (row.routine_address != 0) {
        routine_queue(world, &row, winsock_error_of_status(status), information);
    } else {
        const struct completion packet = { .status = status,
                                           .information = information,
                                           .overlapped_address = row.overlapped_address };
        if (row.event != NO_ROW) event_set(world, row.event);
        packet_queue(world, &row, &packet, time);
    }
    handle_event_signals(world, &row);
    tell_waiting_threads(world, request, status, information);
    free_request(world, request);
    if (row.event != NO_ROW) event_release(world, row.event);
}

void request_withdraw(struct world *world, unsigned request) {
    const struct request *row = world_request(world, request);
    assert(row->state == REQUEST_PENDING && row->overlapped != NOTICE_CALLER);
    assert(row->event == NO_ROW || world_event(world, row->event)->references > 0); /* its call has found its handle */
    free_request(world, request);
}

void request_finish(struct world *world, unsigned request) {
    assert(world_request(world, request)->state == REQUEST_PENDING);
    assert(!world_request(world, request)->overlapped);
    free_request(world, request);
}

void request_park(struct world *world, unsigned request, unsigned function, uint64_t deadline_ns) {
    const struct request *row = world_request(world, request);
    assert(row->state == REQUEST_PENDING && !row->overlapped);
    thread_park(world, row->thread, function, &(struct wait){ .object = NO_ROW, .deadline_ns = deadline_ns });
    world_thread(world, row->thread)->request = (uint16_t)request;
}

void request_return(struct world *world, unsigned request, uint64_t value, uint32_t error, struct result *result) {
    unsigned thread = world_request(world, request)->thread;
    const struct result_return back = {
        .thread = (uint16_t)thread, .status = RESULT_RETURNED, .value = value, .error = error
    };
    if (error != ERROR_UNTOUCHED) world_thread(world, thread)->last_error = error;
    request_finish(world, request);
    thread_resume(world, thread);
    result_return(result, &back);
}

/* One that is decided ends as it was decided. */
static void decide_cancelled(struct request *row) {
    if (row->decided) return;
    row->decided = 1;
    row->status = STATUS_CANCELLED;
    row->information = 0;
}

void request_cancel(struct world *world, unsigned request, uint32_t winsock_error, struct result *result) {
    struct request *row = world_request(world, request);
    assert(row->state == REQUEST_PENDING && winsock_error != 0);
    if (row->overlapped == NOTICE_CALLER) request_return(world, request, UINT64_MAX, winsock_error, result);
    else decide_cancelled(row);
}

/* Cancels it where it is not decided, and lets no internal step pass before its end. */
static void end_now(struct world *world, unsigned request, uint32_t winsock_error, struct result *result) {
    bool overlapped = world_request(world, request)->overlapped != NOTICE_CALLER;
    request_cancel(world, request, winsock_error, result);
    if (!overlapped) return;
    const struct request *row = world_request(world, request);
    request_complete(world, request, row->status, row->information, COMPLETED_LATER, result);
}

/* A receive that pends on a stream ends with its connection (W115). */
static void abort_receive(struct world *world, struct request *request, uint32_t status) {
    bool stream = world_socket(world, request->socket)->protocol == PROTOCOL_TCP;
    if (request->operation != OPERATION_RECEIVE || request->overlapped == NOTICE_CALLER || !stream) return;
    if (request->decided) return;
    request->decided = 1;
    request->status = status;
    request->information = 0;
}

void request_cancel_of_socket(struct world *world, unsigned socket, uint32_t winsock_error, uint32_t receive_status,
                              struct result *result) {
    for (unsigned i = 0; i < world_top(world, TABLE_REQUESTS); i++) {
        struct request *row = world_request(world, i);
        if (row->state != REQUEST_PENDING || row->socket != socket) continue;
        abort_receive(world, row, receive_status);
        end_now(world, i, winsock_error, result);
    }
}

void request_leave_socket(struct world *world, unsigned process, unsigned socket) {
    if (!has_completion_port(world, socket)) return;
    for (unsigned i = 0; i < world_top(world, TABLE_REQUESTS); i++) {
        struct request *row = world_request(world, i);
        if (row->state != REQUEST_PENDING || row->socket != socket || row->process != process) continue;
        bool by_packet = row->overlapped == NOTICE_OVERLAPPED && row->routine_address == 0;
        if (by_packet && row->event == NO_ROW) decide_cancelled(row);
    }
}

bool socket_has_blocked_call(const struct world *world, unsigned socket) {
    for (unsigned i = 0; i < world_top(world, TABLE_REQUESTS); i++) {
        const struct request *row = world_request_at(world, i);
        if (row->state == REQUEST_PENDING && row->socket == socket && row->overlapped == NOTICE_CALLER) return true;
    }
    return false;
}

bool socket_has_pending_receive(const struct world *world, unsigned socket) {
    for (unsigned i = 0; i < world_top(world, TABLE_REQUESTS); i++) {
        const struct request *row = world_request_at(world, i);
        bool receives = row->state == REQUEST_PENDING && row->operation == OPERATION_RECEIVE && !row->decided;
        if (receives && row->socket == socket && row->overlapped != NOTICE_CALLER) return true;
    }
    return false;
}

/* Does a request of a thread that ends live on? */
static bool outlives_thread(const struct world *world, const struct request *request) {
    bool by_packet =
        request->overlapped == NOTICE_OVERLAPPED && request->routine_address == 0 && request->event == NO_ROW;
    return by_packet && has_completion_port(world, request->socket);
}

void request_cancel_of_thread(struct world *world, unsigned thread, struct result *result) {
    for (unsigned i = 0; i < world_top(world, TABLE_REQUESTS); i++) {
        struct request *row = world_request(world, i);
        if (row->state != REQUEST_PENDING || row->thread != thread) continue;
        if (row->overlapped == NOTICE_CALLER) request_finish(world, i); /* there is no one to whom it could return */
        else if (outlives_thread(world, row)) row->thread = NO_ROW;
        else end_now(world, i, WSA_OPERATION_ABORTED, result);
    }
}

void request_cancel_of_process(struct world *world, unsigned process, struct result *result) {
    for (unsigned i = 0; i < world_top(world, TABLE_REQUESTS); i++) {
        const struct request *row = world_request(world, i);
        if (row->state == REQUEST_PENDING && row->process == process) end_now(world, i, WSA_OPERATION_ABORTED, result);
    }
}

unsigned request_find(const struct world *world, unsigned process, uint64_t overlapped_address) {
    assert(overlapped_address != 0);
    for (unsigned i = 0; i < world_top(world, TABLE_REQUESTS); i++) {
        const struct request *row = world_request_at(world, i);
        if (row->state != REQUEST_PENDING || row->overlapped_address != overlapped_address) continue;
        if (row->process == process) return i;
    }
    return NO_ROW;
}

bool routine_is_queued(const struct world *world, unsigned thread) {
    for (unsigned i = 0; i < world_top(world, TABLE_ROUTINES); i++) {
        const struct routine_row *row = world_routine_at(world, i);
        if (row->used && row->thread == thread) return true;
    }
    return false;
}

static unsigned oldest_routine(const struct world *world, unsigned thread) {
    unsigned oldest = NO_ROW;
    for (unsigned i = 0; i < world_top(world, TABLE_ROUTINES); i++) {
        const struct routine_row *row = world_routine_at(world, i);
        if (!row->used || row->thread != thread) continue;
        if (oldest == NO_ROW || row->serial < world_routine_at(world, oldest)->serial) oldest = i;
    }
    return oldest;
}

void routine_deliver_all(struct world *world, unsigned thread, struct result *result) {
    while (result->routines_count < RESULT_ROUTINES_MAX) {
        unsigned index = oldest_routine(world, thread);
        if (index == NO_ROW) return;
        const struct routine_row *row = world_routine(world, index);
        assert(row->used);
        const struct result_routine ran = { .routine = row->routine_address,
                                            .overlapped = row->overlapped_address,
                                            .error = row->error,
                                            .bytes = row->bytes,
                                            .kind = row->kind,
                                            .thread = (uint16_t)thread };
        result_routine(result, &ran);
        world_free(world, TABLE_ROUTINES, index);
    }
}

void routine_drop_of_thread(struct world *world, unsigned thread) {
    for (unsigned index = oldest_routine(world, thread); index != NO_ROW; index = oldest_routine(world, thread))
        world_free(world, TABLE_ROUTINES, index);
}

static const char *check_request(const struct world *world, unsigned index) {
    const struct request *row = world_request_at(world, index);
    if (world_socket_at(world, row->socket)->state == SOCKET_FREE) return "R1: a request outlived its socket";
    bool accepts = row->operation == OPERATION_ACCEPT_EX;
    if (accepts && world_socket_at(world, row->code)->state == SOCKET_FREE)
        return "R1: a request outlived its accept socket";
    if (row->thread == NO_ROW) {
        bool may = world_process_at(world, row->process)->alive && outlives_thread(world, row);
        return may ? NULL : "R1: a request outlived its thread";
    }
    const struct thread *thread = world_thread_at(world, row->thread);
    if (thread->state == THREAD_FREE || thread->process != row->process) return "R1: a request outlived its thread";
    bool parked = thread->state == THREAD_WAITING && thread->request == index;
    return row->overlapped == NOTICE_CALLER && !parked ? "R2: a synchronous request outlived its call" : NULL;
}

/* R5 */
static const char *check_transfers(const struct world *world) {
    unsigned used = 0, named = 0;
    for (unsigned i = 0; i < world_top(world, TABLE_TRANSFERS); i++) used += world_transfer_at(world, i)->used;
    for (unsigned i = 0; i < world_top(world, TABLE_REQUESTS); i++) {
        const struct request *row = world_request_at(world, i);
        if (row->state != REQUEST_PENDING || row->operation == OPERATION_IOCTL || row->transfer == 0) continue;
        if (!request_transfer(world, row)->used) return "R5: a request names no transfer";
        named++;
    }
    return used == named ? NULL : "R5: a transfer that no request names";
}

const char *requests_check(const struct world *world) {
    assert(world != NULL);
    const char *transfers = check_transfers(world);
    if (transfers != NULL) return transfers;
    for (unsigned i = 0; i < world_top(world, TABLE_REQUESTS); i++) {
        const char *broken = world_request_at(world, i)->state == REQUEST_PENDING ? check_request(world, i) : NULL;
        if (broken != NULL) return broken;
    }
    for (unsigned i = 0; i < world_top(world, TABLE_ROUTINES); i++) {
        const struct routine_row *row = world_routine_at(world, i);
        if (row->used && world_thread_at(world, row->thread)->state == THREAD_FREE)
            return "R3: a queued routine outlived its thread";
    }
    return NULL;
}
