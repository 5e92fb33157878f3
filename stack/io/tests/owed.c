#include "stack/io/tests/owed.h"

#include <assert.h>
#include <string.h>

#include "stack/errors.h"

uint64_t owed_address(unsigned number) {
    assert(number < OWED_REQUESTS);
    return OWED_ADDRESS_FIRST + (uint64_t)number * OWED_ADDRESS_STRIDE;
}

unsigned owed_number(uint64_t address) {
    uint64_t offset = address - OWED_ADDRESS_FIRST;
    bool is_one = address >= OWED_ADDRESS_FIRST && offset % OWED_ADDRESS_STRIDE == 0;
    return is_one && offset / OWED_ADDRESS_STRIDE < OWED_REQUESTS ? (unsigned)(offset / OWED_ADDRESS_STRIDE)
                                                                  : (unsigned)OWED_REQUESTS;
}

/* --- queues --- */

bool owed_is_empty(const struct owed_queue *queue) { return queue->first == queue->end; }

static void put(struct owed_queue *queue, const struct owed_notice *notice) {
    assert(queue->end < OWED_QUEUE);
    queue->notices[queue->end++] = *notice;
}

/* --- requests ----------------------------------------------------------------------------------------------------- */

void owed_begin(struct owed *owed) {
    memset(owed, 0, sizeof *owed);
    for (unsigned i = 0; i < OWED_SOCKETS; i++) owed->sockets[i].port = OWED_NONE;
}

void owed_issue(struct owed *owed, unsigned number, const struct owed_request *request) {
    struct owed_request *issued = &owed->requests[number];
    assert(issued->state == OWED_FREE);
    *issued = *request;
    issued->state = OWED_PENDING;
    owed->pending_count++;
    if (request->event == OWED_NONE) return;
    issued->event_was_set = owed->set_events[request->event];
    owed->set_events[request->event] = false;
}

void owed_withdraw(struct owed *owed, unsigned number, bool reached_transport) {
    struct owed_request *request = &owed->requests[number];
    assert(request->state == OWED_PENDING);
    request->state = OWED_FREE;
    owed->pending_count--;
    if (request->event != OWED_NONE && !reached_transport) owed->set_events[request->event] = request->event_was_set;
}

/* A receive gives the oldest datagram, as much of it as there is room for, to the one that was issued first (W121). */
static const char *wrong_receive(const struct owed *owed, unsigned number, const struct owed_end *end) {
    const struct owed_request *request = &owed->requests[number];
    const struct owed_data *data = &owed->data[request->socket];
    for (unsigned i = 0; i < number; i++) {
        const struct owed_request *earlier = &owed->requests[i];
        bool waits = earlier->state == OWED_PENDING && earlier->kind == OWED_RECEIVE && !earlier->cancelled;
        if (waits && earlier->socket == request->socket) return "a receive was served before an earlier one";
    }
    if (data->first == data->end) return "a receive has ended, and no datagram was there";
    uint32_t length = data->datagrams[data->first].length;
    bool cut = length > request->bytes;
    if ((end->status == STATUS_BUFFER_OVERFLOW) != cut) return "a receive has hidden that its datagram was cut";
    if (end->bytes != (cut ? request->bytes : length)) return "a receive has ended with another count";
    return end->datagram == data->datagrams[data->first].serial ? NULL : "a receive was given another datagram";
}

static const char *wrong_end(const struct owed *owed, unsigned number, const struct owed_end *end) {
    const struct owed_request *request = &owed->requests[number];
    bool cancelled = end->status == STATUS_CANCELLED;
    bool receives = request->kind == OWED_RECEIVE;
    if (request->state == OWED_ENDED) return "a request has ended twice";
    if (request->state != OWED_PENDING) return "a request has ended that was never issued";
    if (end->at_once && request->kind != OWED_AT_ONCE && !receives) return "a request ended at once that has to wait";
    if (request->refused) return cancelled ? "a request was cancelled that was decided before" : NULL;
    if (cancelled != request->cancelled)
        return cancelled ? "a request was cancelled for no cause" : "a cancelled request has ended as if it were not";
    if (receives && !cancelled) return wrong_receive(owed, number, end);
    if (end->bytes != (end->status == STATUS_SUCCESS ? request->bytes : 0)) return "a request ended with another count";
    if (cancelled || end->at_once) return NULL;
    if (request->kind == OWED_NEVER) return "a request has ended by itself that never does";
    return end->now_ns < request->due_ns ? "a request has ended before its time" : NULL;
}

const char *owed_ends(struct owed *owed, unsigned number, const struct owed_end *end) {
    struct owed_request *request = &owed->requests[number];
    const char *wrong = wrong_end(owed, number, end);
    if (wrong != NULL) return wrong;
    if (request->kind == OWED_RECEIVE && !request->cancelled) owed->data[request->socket].first++;
    request->state = OWED_ENDED;
    owed->pending_count--;
    struct owed_notice notice = { .overlapped = owed_address(number),
                                  .error = end->winsock_error,
                                  .bytes = end->bytes };
    if (request->by_routine) {
        put(&owed->routines[request->thread], &notice);
        return NULL;
    }
    if (request->event != OWED_NONE) owed->set_events[request->event] = true;
    unsigned port = owed->sockets[request->socket].port;
    bool success_at_once = end->at_once && end->winsock_error == 0;
    bool skipped = success_at_once && owed->sockets[request->socket].skips_success;
    if (port == OWED_NONE || request->without_packet || skipped) return NULL;
    notice.key = owed->sockets[request->socket].key;
    notice.error = end->win32_error;
    put(&owed->packets[port], &notice);
    return NULL;
}

unsigned owed_cancel(struct owed *owed, unsigned socket, unsigned process, unsigned thread, unsigned number) {
    unsigned met = 0;
    for (unsigned i = 0; i < OWED_REQUESTS; i++) {
        struct owed_request *request = &owed->requests[i];
        if (request->state != OWED_PENDING) continue;
        if (socket != OWED_NONE && request->socket != socket) continue;
        if (process != OWED_NONE && request->process != process) continue;
        if (thread != OWED_NONE && request->thread != thread) continue;
        if (number != OWED_NONE && i != number) continue;
        request->cancelled = true;
        met++;
    }
    return met;
}

/* A request by packet alone lives on without its thread (W110). */
static bool lives_on(const struct owed *owed, const struct owed_request *request) {
    bool by_packet = !request->by_routine && !request->without_packet && request->event == OWED_NONE;
    return by_packet && owed->sockets[request->socket].had_port;
}

void owed_leave_socket(struct owed *owed, unsigned socket, unsigned process) {
    for (unsigned i = 0; i < OWED_REQUESTS; i++) {
        struct owed_request *request = &owed->requests[i];
        bool its = request->state == OWED_PENDING && request->socket == socket && request->process == process;
        if (its && lives_on(owed, request)) request->cancelled = true;
    }
}

void owed_cancel_of_thread(struct owed *owed, unsigned thread, bool process_ends) {
    for (unsigned i = 0; i < OWED_REQUESTS; i++) {
        struct owed_request *request = &owed->requests[i];
        if (request->state != OWED_PENDING || request->thread != thread) continue;
        if (!process_ends && lives_on(owed, request)) request->thread = OWED_NONE;
        else request->cancelled = true;
    }
}

void owed_forget_thread(struct owed *owed, unsigned thread) {
    owed->routines[thread] = (struct owed_queue){ .first = 0 };
    for (unsigned port = 0; port < OWED_PORTS; port++) owed_leave_line(owed, port, thread);
}

void owed_move_event(struct owed *owed, unsigned event, unsigned to) {
    for (unsigned i = 0; i < OWED_REQUESTS; i++) {
        struct owed_request *request = &owed->requests[i];
        if (request->state == OWED_PENDING && request->event == event) request->event = (uint8_t)to;
    }
    owed->set_events[to] = owed->set_events[event];
}

/* Room is kept for every pending request, so that none loses its notice. */
bool owed_has_room(const struct owed *owed, bool by_routine, unsigned rows) {
    const struct owed_queue *queues = by_routine ? owed->routines : owed->packets;
    unsigned needed = 0, count = by_routine ? OWED_THREADS : OWED_PORTS;
    for (unsigned i = 0; i < count; i++) needed += queues[i].end - queues[i].first;
    for (unsigned i = 0; i < OWED_REQUESTS; i++) {
        const struct owed_request *request = &owed->requests[i];
        bool by_packet = !request->by_routine && !request->without_packet;
        if (request->state == OWED_PENDING) needed += by_routine ? request->by_routine : by_packet;
    }
    return needed < rows;
}

/* --- datagrams --- */

void owed_send(struct owed *owed, unsigned socket, uint8_t serial, uint32_t length) {
    struct owed_data *data = &owed->data[socket];
    assert(data->end < OWED_QUEUE);
    data->datagrams[data->end].serial = serial;
    data->datagrams[data->end++].length = length;
}

unsigned owed_datagrams(const struct owed *owed, unsigned socket) {
    return owed->data[socket].end - owed->data[socket].first;
}

/* --- ports -------------------------------------------------------------------------------------------------------- */

void owed_open_port(struct owed *owed, unsigned port) {
    assert(!owed->open_ports[port]);
    owed->open_ports[port] = true;
    owed->packets[port] = (struct owed_queue){ .first = 0 };
}

void owed_close_port(struct owed *owed, unsigned port) {
    assert(owed->open_ports[port]);
    owed->open_ports[port] = false;
    owed->packets[port] = (struct owed_queue){ .first = 0 };
    for (unsigned i = 0; i < OWED_SOCKETS; i++)
        if (owed->sockets[i].port == port) owed->sockets[i].port = OWED_NONE;
}

void owed_associate(struct owed *owed, unsigned socket, unsigned port, uint64_t key) {
    assert(owed->sockets[socket].port == OWED_NONE && owed->open_ports[port]);
    owed->sockets[socket].port = (uint8_t)port;
    owed->sockets[socket].had_port = true;
    owed->sockets[socket].key = key;
}

void owed_forget_socket(struct owed *owed, unsigned socket) {
    owed->sockets[socket].port = OWED_NONE;
    owed->sockets[socket].had_port = owed->sockets[socket].skips_success = false;
    owed->data[socket].first = owed->data[socket].end = 0;
}

void owed_post(struct owed *owed, unsigned port, const struct owed_notice *packet) {
    put(&owed->packets[port], packet);
}

void owed_wait_at(struct owed *owed, unsigned port, unsigned thread) {
    assert(owed->line_count[port] < OWED_THREADS);
    owed->line[port][owed->line_count[port]++] = (uint8_t)thread;
}

void owed_leave_line(struct owed *owed, unsigned port, unsigned thread) {
    unsigned left = 0;
    for (unsigned i = 0; i < owed->line_count[port]; i++)
        if (owed->line[port][i] != thread) owed->line[port][left++] = owed->line[port][i];
    owed->line_count[port] = left;
}

const char *owed_packet(struct owed *owed, unsigned port, unsigned thread, bool waited,
                        const struct owed_notice *packet) {
    struct owed_queue *queue = &owed->packets[port];
    if (!owed->open_ports[port]) return "a packet came from a port that is closed";
    if (owed_is_empty(queue)) return "a packet came that is owed to no one, or came before";
    const struct owed_notice *oldest = &queue->notices[queue->first];
    if (packet->overlapped != oldest->overlapped) return "a packet came out of its turn, or at another port";
    if (packet->key != oldest->key) return "a packet came with another socket's key";
    if (packet->error != oldest->error) return "a packet came with another request's error";
    if (packet->bytes != oldest->bytes) return "a packet came with another request's count";
    unsigned count = owed->line_count[port];
    if (waited && (count == 0 || owed->line[port][count - 1] != thread))
        return "a packet came to a thread that was not the last in line";
    if (waited) owed_leave_line(owed, port, thread);
    queue->first++;
    return NULL;
}

void owed_queue_apc(struct owed *owed, unsigned thread, const struct owed_notice *apc) {
    put(&owed->routines[thread], apc);
}

const char *owed_routine(struct owed *owed, unsigned thread, const struct owed_notice *routine) {
    struct owed_queue *queue = &owed->routines[thread];
    if (owed_is_empty(queue)) return "a routine ran that is owed to no one, ran before, or is another thread's";
    const struct owed_notice *oldest = &queue->notices[queue->first++];
    if (routine->overlapped != oldest->overlapped) return "a routine ran out of its turn, or in another thread";
    if (routine->bytes != oldest->bytes) return "a routine was given another count";
    return routine->error == oldest->error ? NULL : "a routine was given another error";
}

/* --- the account ------------------------------------------------------------------------------------------------ */

const char *owed_settled(const struct owed *owed, unsigned socket, uint64_t now_ns) {
    for (unsigned i = 0; i < OWED_REQUESTS; i++) {
        const struct owed_request *request = &owed->requests[i];
        if (request->state != OWED_PENDING || (socket != OWED_NONE && request->socket != socket)) continue;
        if (request->cancelled) return "a request that was cancelled has not ended";
        if (request->kind == OWED_LATER && request->due_ns <= now_ns) return "a request has not ended in its time";
        if (request->kind == OWED_RECEIVE && owed_datagrams(owed, request->socket) > 0)
            return "a receive waits though a datagram is there";
    }
    return NULL;
}

const char *owed_nothing(const struct owed *owed) {
    if (owed->pending_count > 0) return "a request has never ended";
    for (unsigned i = 0; i < OWED_PORTS; i++)
        if (owed->open_ports[i] && !owed_is_empty(&owed->packets[i])) return "a packet was lost";
    for (unsigned i = 0; i < OWED_THREADS; i++)
        if (!owed_is_empty(&owed->routines[i])) return "a routine was lost";
    return NULL;
}
