#include "stack/io/tests/errands.h"

#include <assert.h>
#include <string.h>

#include "stack/errors.h"
#include "stack/io/tests/held.h"
#include "stack/io/tests/owed.h"
#include "stack/model/model.h"
#include "stack/readings.h"
#include "stack/sdk/control_values.h"
#include "stack/sdk/socket_values.h"
#include "stack/sdk/wait_values.h"

enum {
    PROCESSES = OWED_PROCESSES,
    THREADS_OF_ONE = 3,
    THREADS = PROCESSES * THREADS_OF_ONE,
    COLLECTOR = THREADS, /* COLLECTOR + process: the thread that takes what is left, at the end */
    EVENTS_OF_ONE = 2,
    PENDING_MAX = 6, /* of the 8 requests that a world has: one is a call that blocks, one any other call */
    QUEUED_MAX = 24,
    PROVIDER_DELAY_NS = 5000000,
    WORLD_BYTES = 65536,
    CODE_OF_NO_ONE = 0x58000fff,
};

/* User addresses; each thread has a page of its own for what its wait stores. */
enum {
    IN_AT = 0x1000,
    BYTES_AT = 0x2000,
    INFO_AT = 0x3000,
    ROUTINE_AT = 0x5000,
    APC_AT = 0x6000,
    EVENTS_AT = 0x7000,
    PAGES_AT = 0x10000,
    PAGE = 0x100
};
enum { COUNT_IN_PAGE = 0, KEY_IN_PAGE = 0x10, OVERLAPPED_IN_PAGE = 0x20, ENTRIES_IN_PAGE = 0x40 };
enum { ROOM_MAX = 4 }; /* entries of one GetQueuedCompletionStatusEx */

enum doing { RUNS, WAITS_AT_PORT, WAITS_FOR_ROUTINES, WAITS_FOR_EVENTS, BLOCKS };

struct errands {
    _Alignas(8) uint8_t memory[WORLD_BYTES];
    struct world *world;
    struct profile profile;
    struct simulating_chooser chooser;
    uint64_t random;
    struct result result;
    struct owed owed;
    struct {
        enum doing doing;
        unsigned object;       /* the port or the socket */
        bool released;         /* what it blocks on was closed, or cancelled */
        unsigned room;         /* of a wait at a port by GetQueuedCompletionStatusEx, else 0 */
        bool alertable;        /* that one, or a wait for events, is */
        bool all, other_first; /* of a wait for the two events of its process */
        unsigned served;       /* 1 + the port that it took its last packet from; 0: none, or it was closed */
    } threads[THREADS + PROCESSES];
    struct held sockets[OWED_SOCKETS], ports[OWED_PORTS];
    uint64_t events[OWED_EVENTS]; /* the first EVENTS_OF_ONE are of process 0 */
    unsigned requests_count;
    struct errands_tally *tally;
    const char *wrong;
};

static unsigned draw(struct errands *e, unsigned count) {
    uint64_t z = e->random += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return (unsigned)((z ^ z >> 31) >> 33) % count;
}

static void note(struct errands *e, const char *wrong) {
    if (e->wrong == NULL) e->wrong = wrong;
}

static void note_if(struct errands *e, bool is_wrong, const char *wrong) {
    if (is_wrong) note(e, wrong);
}

static unsigned process_of(unsigned thread) {
    return thread >= COLLECTOR ? thread - COLLECTOR : thread / THREADS_OF_ONE;
}

/* --- what the model did ------------------------------------------------------------------------------------------- */

static const uint8_t *written(const struct errands *e, uint64_t address, uint32_t length) {
    for (unsigned i = e->result.writes_count; i-- > 0;) {
        const struct result_write *write = &e->result.writes[i];
        if (write->address == address && write->length == length) return e->result.bytes + write->bytes_offset;
    }
    return NULL;
}

/* Requests that have ended say so in their OVERLAPPED: status and count together. */
static void see_ends(struct errands *e, unsigned issuing) {
    for (unsigned i = 0; i < e->result.writes_count; i++) {
        const struct result_write *write = &e->result.writes[i];
        unsigned number = owed_number(write->address);
        if (write->length != 16 || number >= OWED_REQUESTS) continue;
        uint32_t status = (uint32_t)load_u64(e->result.bytes + write->bytes_offset);
        const struct owed_end end = { .status = status,
                                      .winsock_error = winsock_error_of_status(status),
                                      .win32_error = win32_error_of_status(status),
                                      .at_once = number == issuing,
                                      .now_ns = e->world->now_ns };
        note(e, owed_ends(&e->owed, number, &end));
    }
}

static void see_routines(struct errands *e, unsigned thread) {
    for (unsigned i = 0; i < e->result.routines_count; i++) {
        const struct result_routine *ran = &e->result.routines[i];
        bool is_apc = ran->kind == RAN_APC;
        note_if(e, is_apc != (ran->routine == APC_AT), "an APC ran as a routine, or the reverse");
        const struct owed_notice routine = { .overlapped = ran->overlapped, .error = ran->error };
        note(e, owed_routine(&e->owed, thread, &routine));
        e->tally->routines++;
    }
    const struct owed_queue *left = &e->owed.routines[thread];
    note_if(e, left->first != left->end, "an alertable wait has left a routine");
}

/* The n-th event of a thread's wait. */
static unsigned waited_event(const struct errands *e, unsigned thread, unsigned place) {
    return process_of(thread) * EVENTS_OF_ONE + (place ^ e->threads[thread].other_first);
}

static bool is_set(const struct errands *e, unsigned thread, unsigned place) {
    return e->owed.set_events[waited_event(e, thread, place)];
}

/* The place that ends a thread's wait now; OWED_NONE: none does. */
static unsigned events_there(const struct errands *e, unsigned thread) {
    bool first = is_set(e, thread, 0), second = is_set(e, thread, 1);
    if (e->threads[thread].all) return first && second ? 0 : (unsigned)OWED_NONE;
    return first ? 0 : second ? 1 : (unsigned)OWED_NONE;
}

/* The first event of each process has to be reset, the second resets itself. */
static void take_event(struct errands *e, unsigned thread, unsigned place) {
    unsigned event = waited_event(e, thread, place);
    if (event % EVENTS_OF_ONE == 1) e->owed.set_events[event] = false;
}

/* How a wait for events has ended. */
static void see_wait(struct errands *e, unsigned thread, uint64_t value) {
    unsigned place = events_there(e, thread);
    bool ran = value == WAIT_IO_COMPLETION;
    note_if(e, ran != (e->result.routines_count > 0), "a wait says that routines ran which did not, or the reverse");
    note_if(e, ran && !e->threads[thread].alertable, "a routine ran in a wait that is not alertable");
    if (ran) {
        see_routines(e, thread);
        return;
    }
    e->tally->event_waits++;
    note_if(e, value != WAIT_OBJECT_0 + place, "a wait ended by events that are not set, or by another place");
    for (unsigned i = 0; i < EVENTS_OF_ONE; i++)
        if (e->threads[thread].all || i == place) take_event(e, thread, i);
}

/* What GetQueuedCompletionStatus has given a thread. */
static void see_packet(struct errands *e, unsigned port, unsigned thread, bool waited, uint64_t value, uint32_t error) {
    const uint64_t page = PAGES_AT + (uint64_t)thread * PAGE;
    const uint8_t *overlapped = written(e, page + OVERLAPPED_IN_PAGE, 8), *key = written(e, page + KEY_IN_PAGE, 8);
    if (key == NULL) {
        const struct owed_queue *queue = &e->owed.packets[port];
        bool closed = error == ERROR_ABANDONED_WAIT_0;
        note_if(e, value != FALSE || overlapped == NULL || load_u64(overlapped) != 0,
                "nothing was taken, and not said");
        note_if(e, closed && e->owed.open_ports[port], "a wait ended for a port that is not closed");
        note_if(e, !closed && (waited || queue->first != queue->end), "a packet that waits was not given");
        if (waited) owed_leave_line(&e->owed, port, thread);
        return;
    }
    struct owed_notice packet = { .key = load_u64(key), .error = value != FALSE ? 0 : error };
    packet.overlapped = overlapped == NULL ? 0 : load_u64(overlapped);
    note(e, owed_packet(&e->owed, port, thread, waited, &packet));
    e->threads[thread].served = port + 1;
    e->tally->packets++;
}

/* Does a thread with a routine take a packet before it? Question 127. */
static bool packet_comes_first(const struct errands *e, unsigned port, unsigned thread) {
    return world_remembers(e->world, Q127_PACKET_OR_ROUTINE, Q127_PACKET) || e->threads[thread].served == port + 1;
}

static bool is_empty(const struct owed_queue *queue) { return queue->first == queue->end; }

/* Is there a packet that this thread would get: of those that wait it is the last in line, or it has just come? */
static bool packet_is_there(const struct errands *e, unsigned port, unsigned thread, bool waited) {
    unsigned count = e->owed.line_count[port];
    bool is_its = !waited || (count > 0 && e->owed.line[port][count - 1] == thread);
    return e->owed.open_ports[port] && !is_empty(&e->owed.packets[port]) && is_its;
}

/* Nothing was taken. */
static void see_no_packets(struct errands *e, unsigned port, unsigned thread, bool waited, uint32_t error) {
    bool ran = error == WAIT_IO_COMPLETION, there = packet_is_there(e, port, thread, waited);
    note_if(e, ran != (e->result.routines_count > 0), "a wait says that routines ran which did not, or the reverse");
    note_if(e, ran && !e->threads[thread].alertable, "a routine ran in a wait that is not alertable");
    note_if(e, ran && there && packet_comes_first(e, port, thread), "a routine ran before a packet that comes first");
    note_if(e, error == ERROR_ABANDONED_WAIT_0 && e->owed.open_ports[port],
            "a wait ended for a port that is not closed");
    note_if(e, !ran && there, "a packet that waits was not given");
    if (ran) see_routines(e, thread);
    if (waited) owed_leave_line(&e->owed, port, thread);
}

/* What GetQueuedCompletionStatusEx has given a thread. */
static void see_packets(struct errands *e, unsigned port, unsigned thread, bool waited, uint64_t value,
                        uint32_t error) {
    const uint64_t page = PAGES_AT + (uint64_t)thread * PAGE;
    const uint8_t *removed = written(e, page + COUNT_IN_PAGE, 4);
    if (value == FALSE) {
        see_no_packets(e, port, thread, waited, error);
        return;
    }
    uint32_t count = removed == NULL ? 0 : load_u32(removed);
    const uint8_t *entries = written(e, page + ENTRIES_IN_PAGE, count * OVERLAPPED_ENTRY_SIZE);
    note_if(e, count == 0 || entries == NULL || count > e->threads[thread].room,
            "packets were taken, and not said which");
    bool routine = e->threads[thread].alertable && !is_empty(&e->owed.routines[thread]);
    note_if(e, routine && !packet_comes_first(e, port, thread), "a packet came before a routine that comes first");
    note_if(e, e->result.routines_count > 0, "routines ran, and packets were taken");
    for (uint32_t i = 0; entries != NULL && i < count && e->wrong == NULL; i++) {
        const uint8_t *entry = entries + i * OVERLAPPED_ENTRY_SIZE;
        const struct owed_notice packet = { .overlapped = load_u64(entry + ENTRY_OVERLAPPED),
                                            .key = load_u64(entry + ENTRY_KEY),
                                            .error = win32_error_of_status(load_u32(entry + ENTRY_INTERNAL)) };
        note(e, owed_packet(&e->owed, port, thread, waited && i == 0, &packet));
        e->tally->packets++;
    }
    note_if(e, count < e->threads[thread].room && !is_empty(&e->owed.packets[port]), "a packet that fits was left");
    e->threads[thread].served = port + 1;
}

static void see_return(struct errands *e, const struct result_return *back) {
    unsigned thread = back->thread;
    enum doing doing = e->threads[thread].doing;
    e->threads[thread].doing = RUNS;
    if (doing == WAITS_AT_PORT && e->threads[thread].room > 0) {
        see_packets(e, e->threads[thread].object, thread, true, back->value, back->error);
    } else if (doing == WAITS_AT_PORT) {
        see_packet(e, e->threads[thread].object, thread, true, back->value, back->error);
    } else if (doing == WAITS_FOR_ROUTINES) {
        note_if(e, back->value != WAIT_IO_COMPLETION || e->result.routines_count == 0,
                "a wait ended without a routine");
        see_routines(e, thread);
    } else if (doing == WAITS_FOR_EVENTS) {
        see_wait(e, thread, back->value);
    } else {
        note_if(e, doing == RUNS, "a thread has returned that was in no call");
        note_if(e, !e->threads[thread].released, "a call that blocks has returned for no cause");
        note_if(e, back->value != UINT64_MAX, "a call was cancelled and has succeeded");
    }
}

static void see_result(struct errands *e, unsigned issuing) {
    see_ends(e, issuing);
    for (unsigned i = 0; i < e->result.returns_count; i++) see_return(e, &e->result.returns[i]);
}

/* --- looking ---------------------------------------------------------------------------------------------------- */

/* What holds when nothing can happen at this instant. */
static void look(struct errands *e) {
    note(e, owed_settled(&e->owed, OWED_NONE, e->world->now_ns));
    for (unsigned i = 0; i < OWED_PORTS; i++) {
        const struct owed_queue *queue = &e->owed.packets[i];
        bool waits = e->owed.open_ports[i] && queue->first != queue->end && e->owed.line_count[i] > 0;
        note_if(e, waits, "a packet and a thread wait at one port");
    }
    for (unsigned i = 0; i < THREADS; i++) {
        const struct owed_queue *queue = &e->owed.routines[i];
        bool for_other = e->threads[i].doing == WAITS_AT_PORT || e->threads[i].doing == WAITS_FOR_EVENTS;
        bool alertable = e->threads[i].doing == WAITS_FOR_ROUTINES || (for_other && e->threads[i].alertable);
        bool waits = alertable && queue->first != queue->end;
        note_if(e, waits, "a routine and its thread wait for each other");
        note_if(e, e->threads[i].doing == WAITS_FOR_EVENTS && events_there(e, i) != OWED_NONE,
                "a thread waits for events that are set");
        note_if(e, e->threads[i].doing == BLOCKS && e->threads[i].released, "a call that was ended has not returned");
    }
    for (unsigned i = 0; i < OWED_EVENTS; i++) {
        int state = model_event_state(e->world, i / EVENTS_OF_ONE, e->events[i]);
        note_if(e, state != e->owed.set_events[i], "an event is set that should not be, or the reverse");
    }
}

static void settle(struct errands *e) {
    while (e->wrong == NULL && model_steps_enabled(e->world) > 0) {
        result_clear(&e->result);
        model_step(e->world, &e->chooser.chooser, &e->result);
        see_result(e, OWED_REQUESTS);
    }
    if (e->wrong == NULL) look(e);
}

/* --- calling ------------------------------------------------------------------------------------------------------ */

static struct call call_of(unsigned thread, enum function function) {
    struct call call;
    call_clear(&call);
    call.thread = (uint16_t)thread;
    call.function = (uint16_t)function;
    return call;
}

static void point(struct call *call, unsigned argument, uint64_t address, uint32_t length) {
    call->arguments[argument] = call->ranges[argument].address = address;
    call->ranges[argument].length = length;
    call->ranges[argument].state = RANGE_GOOD;
}

static void point_in(struct call *call, unsigned argument, uint64_t address, const void *bytes, uint32_t length) {
    point(call, argument, address, length);
    call_put_bytes(call, argument, bytes, length);
}

/* Makes the call; `issuing`: the request that it issues, or OWED_REQUESTS. */
static uint64_t make(struct errands *e, const struct call *call, unsigned issuing) {
    model_call(e->world, &e->chooser.chooser, call, &e->result);
    note_if(e, e->result.status != RESULT_RETURNED && e->result.status != RESULT_BLOCKED,
            "a call has neither returned nor blocked");
    see_result(e, issuing);
    return e->result.value;
}

static uint64_t plain(struct errands *e, unsigned thread, enum function function, uint64_t first, uint64_t second,
                      uint64_t third) {
    struct call call = call_of(thread, function);
    const uint64_t arguments[] = { first, second, third };
    memcpy(call.arguments, arguments, sizeof arguments);
    return make(e, &call, OWED_REQUESTS);
}

/* One of the handles that a thread's process has of an object. */
static uint64_t handle_of(struct errands *e, const struct held *held, unsigned thread) {
    return held_one(held, process_of(thread), draw(e, HELD_OF_ONE));
}

static struct call control_of(struct errands *e, unsigned thread, unsigned socket, uint32_t code) {
    struct call call = call_of(thread, FUNCTION_WSAIoctl);
    call.arguments[WSAIoctl_s] = handle_of(e, &e->sockets[socket], thread);
    call.arguments[WSAIoctl_code] = code;
    call.ranges[WSAIoctl_in].state = call.ranges[WSAIoctl_out].state = RANGE_NULL;
    call.ranges[WSAIoctl_ov].state = call.ranges[WSAIoctl_routine].state = RANGE_NULL;
    point(&call, WSAIoctl_bytes, BYTES_AT, 4);
    return call;
}

/* --- picking: OWED_NONE where there is none --- */

static unsigned pick_socket(struct errands *e, unsigned process, bool open) {
    unsigned first = draw(e, OWED_SOCKETS);
    for (unsigned i = 0; i < OWED_SOCKETS; i++) {
        unsigned socket = (first + i) % OWED_SOCKETS;
        const struct held *held = &e->sockets[socket];
        if (open ? held_by(held, process) > 0 : held_by_all(held) == 0) return socket;
    }
    return OWED_NONE;
}

static unsigned pick_port(struct errands *e, unsigned process) {
    unsigned first = draw(e, OWED_PORTS);
    for (unsigned i = 0; i < OWED_PORTS; i++) {
        unsigned port = (first + i) % OWED_PORTS;
        if (e->owed.open_ports[port] && held_by(&e->ports[port], process) > 0) return port;
    }
    return OWED_NONE;
}

static unsigned pick_thread(struct errands *e) {
    unsigned first = draw(e, THREADS);
    for (unsigned i = 0; i < THREADS; i++)
        if (e->threads[(first + i) % THREADS].doing == RUNS) return (first + i) % THREADS;
    return OWED_NONE;
}

static unsigned queued(const struct errands *e) {
    unsigned count = 0;
    for (unsigned i = 0; i < OWED_PORTS; i++) count += e->owed.packets[i].end - e->owed.packets[i].first;
    return count;
}

static unsigned routines_needed(const struct errands *e) {
    unsigned count = 0;
    for (unsigned i = 0; i < THREADS; i++) count += e->owed.routines[i].end - e->owed.routines[i].first;
    for (unsigned i = 0; i < e->requests_count; i++)
        count += e->owed.requests[i].state == OWED_PENDING && e->owed.requests[i].by_routine;
    return count;
}

/* --- errands: issue ----------------------------------------------------------------------------------------------- */

static const struct {
    uint32_t code;
    enum owed_kind kind;
    uint32_t input_length;
    bool refused; /* for its input */
} codes[] = {
    { SIO_ADDRESS_LIST_CHANGE, OWED_NEVER, 8, false },        { SIO_ADDRESS_LIST_CHANGE, OWED_NEVER, 8, false },
    { SIO_KEEPALIVE_VALS, OWED_AT_ONCE, 12, false },          { CODE_OF_NO_ONE, OWED_LATER, 8, false },
    { SIO_ASSOCIATE_PORT_RESERVATION, OWED_LATER, 8, false }, { SIO_ASSOCIATE_PORT_RESERVATION, OWED_LATER, 4, true },
};

/* A routine beside a port is refused before the transport learns of the call, in one reading. */
static bool is_refused_before(const struct errands *e, const struct owed_request *request) {
    bool beside_port = request->by_routine && e->owed.sockets[request->socket].had_port;
    return beside_port && world_remembers(e->world, Q105_ROUTINE_BESIDE_PORT, Q105_INVAL);
}

static void issue(struct errands *e, unsigned thread) {
    static const uint8_t input[12] = { 1 };
    unsigned process = process_of(thread), socket = pick_socket(e, process, true),
             which = draw(e, sizeof codes / sizeof codes[0]);
    unsigned number = e->requests_count;
    if (socket == OWED_NONE || e->owed.pending_count >= PENDING_MAX || queued(e) >= QUEUED_MAX ||
        number == OWED_REQUESTS)
        return;
    struct owed_request request = { .kind = (uint8_t)codes[which].kind,
                                    .socket = (uint8_t)socket,
                                    .thread = (uint8_t)thread,
                                    .process = (uint8_t)process,
                                    .event = OWED_NONE,
                                    .without_packet = draw(e, 4) == 0,
                                    .by_routine = draw(e, 3) == 0 && routines_needed(e) < RESULT_ROUTINES_MAX - 1,
                                    .refused = codes[which].refused,
                                    .due_ns = e->world->now_ns };
    if (codes[which].code == SIO_ASSOCIATE_PORT_RESERVATION && !request.refused) request.due_ns += PROVIDER_DELAY_NS;
    if (draw(e, 3) == 0) request.event = (uint8_t)(process * EVENTS_OF_ONE + draw(e, EVENTS_OF_ONE));
    uint8_t overlapped[OVERLAPPED_SIZE] = { 0 };
    uint64_t event = request.event == OWED_NONE ? 0 : e->events[request.event];
    store_u64(overlapped + OVERLAPPED_EVENT, event | request.without_packet);
    struct call call = control_of(e, thread, socket, codes[which].code);
    call.arguments[WSAIoctl_cbIn] = codes[which].input_length;
    point_in(&call, WSAIoctl_in, IN_AT, input, codes[which].input_length);
    point_in(&call, WSAIoctl_ov, owed_address(number), overlapped, sizeof overlapped);
    if (request.by_routine) point(&call, WSAIoctl_routine, ROUTINE_AT, 1);
    owed_issue(&e->owed, number, &request);
    e->requests_count++;
    uint64_t value = make(e, &call, number);
    bool pends = value != 0 && e->result.error == WSA_IO_PENDING;
    bool ended = e->owed.requests[number].state == OWED_ENDED;
    if (value == 0) note_if(e, !ended, "a call has succeeded at once, and its request has not ended");
    else if (ended) note(e, "a request has ended before its call");
    else if (!pends) owed_withdraw(&e->owed, number, request.refused && !is_refused_before(e, &request));
    else note_if(e, request.kind == OWED_AT_ONCE, "a call pends that is answered at once");
    e->tally->requests += value == 0 || pends;
}

static void block(struct errands *e, unsigned thread) {
    unsigned socket = pick_socket(e, process_of(thread), true);
    if (socket == OWED_NONE || e->owed.pending_count >= PENDING_MAX) return;
    unsigned blocked = 0;
    for (unsigned i = 0; i < THREADS; i++) blocked += e->threads[i].doing == BLOCKS;
    if (blocked > 0) return; /* a request for each: few rows */
    struct call call = control_of(e, thread, socket, SIO_ADDRESS_LIST_CHANGE);
    make(e, &call, OWED_REQUESTS);
    note_if(e, e->result.status != RESULT_BLOCKED, "a call has not blocked");
    e->threads[thread].doing = BLOCKS;
    e->threads[thread].object = socket;
    e->threads[thread].released = false;
}

/* --- errands: cancel, close, duplicate ---------------------------------------------------------------------------- */

/* Calls of threads of this process (OWED_NONE: of any) that block on the socket return now. How many there are. */
static unsigned release_blocked(struct errands *e, unsigned socket, unsigned process) {
    unsigned met = 0;
    for (unsigned i = 0; i < THREADS; i++) {
        bool meant = process == OWED_NONE || process_of(i) == process;
        if (e->threads[i].doing != BLOCKS || e->threads[i].object != socket || !meant) continue;
        e->threads[i].released = true;
        met++;
    }
    return met;
}

static void cancel_own(struct errands *e, unsigned thread) {
    unsigned socket = pick_socket(e, process_of(thread), true);
    if (socket == OWED_NONE) return;
    owed_cancel(&e->owed, socket, OWED_NONE, thread, OWED_NONE);
    uint64_t value = plain(e, thread, FUNCTION_CancelIo, handle_of(e, &e->sockets[socket], thread), 0, 0);
    note_if(e, value == FALSE, "CancelIo has failed");
}

static void cancel_one(struct errands *e, unsigned thread) {
    unsigned process = process_of(thread), socket = pick_socket(e, process, true);
    if (socket == OWED_NONE || e->requests_count == 0) return;
    unsigned number = e->requests_count - 1 - draw(e, e->requests_count < 6 ? e->requests_count : 6);
    if (draw(e, 3) > 0 && e->owed.requests[number].state == OWED_PENDING) socket = e->owed.requests[number].socket;
    if (held_by(&e->sockets[socket], process) == 0) return;
    unsigned met = owed_cancel(&e->owed, socket, process, OWED_NONE, number);
    struct call call = call_of(thread, FUNCTION_CancelIoEx);
    call.arguments[CancelIoEx_hFile] = handle_of(e, &e->sockets[socket], thread);
    point(&call, CancelIoEx_lpOverlapped, owed_address(number), OVERLAPPED_SIZE);
    note_if(e, (make(e, &call, OWED_REQUESTS) != FALSE) != (met > 0),
            "CancelIoEx has found what is not there, or missed it");
}

static void cancel_all(struct errands *e, unsigned thread) {
    unsigned process = process_of(thread), socket = pick_socket(e, process, true);
    if (socket == OWED_NONE) return;
    unsigned met = owed_cancel(&e->owed, socket, process, OWED_NONE, OWED_NONE) + release_blocked(e, socket, process);
    uint64_t value = plain(e, thread, FUNCTION_CancelIoEx, handle_of(e, &e->sockets[socket], thread), 0, 0);
    note_if(e, (value != FALSE) != (met > 0), "CancelIoEx has found what is not there, or missed it");
}

static void flush(struct errands *e, unsigned thread) {
    unsigned socket = pick_socket(e, process_of(thread), true);
    if (socket == OWED_NONE) return;
    struct call call = control_of(e, thread, socket, SIO_FLUSH);
    if (make(e, &call, OWED_REQUESTS) == 0) owed_cancel(&e->owed, socket, OWED_NONE, OWED_NONE, OWED_NONE);
}

/* Has no other process a handle of this socket, and this one has? */
static bool is_alone_with(const struct errands *e, unsigned socket, unsigned process) {
    unsigned own = held_by(&e->sockets[socket], process);
    return own > 0 && own == held_by_all(&e->sockets[socket]);
}

/* The last handle takes the socket with it: what is pending there ends now. */
static void expect_end_of_socket(struct errands *e, unsigned socket) {
    owed_cancel(&e->owed, socket, OWED_NONE, OWED_NONE, OWED_NONE);
    release_blocked(e, socket, OWED_NONE);
}

/* One handle, by closesocket or CloseHandle. */
static void close_one(struct errands *e, unsigned thread, unsigned socket) {
    unsigned process = process_of(thread), own = held_by(&e->sockets[socket], process);
    bool last = own == 1 && is_alone_with(e, socket, process), by_winsock = draw(e, 2) == 0;
    uint64_t handle = handle_of(e, &e->sockets[socket], thread);
    if (last) expect_end_of_socket(e, socket);
    else if (own == 1) owed_leave_socket(&e->owed, socket, process);
    uint64_t value = plain(e, thread, by_winsock ? FUNCTION_closesocket : FUNCTION_CloseHandle, handle, 0, 0);
    note_if(e, by_winsock ? value != 0 : value == FALSE, "a socket's handle cannot be closed");
    if (last) note(e, owed_settled(&e->owed, socket, 0));
    if (last) owed_forget_socket(&e->owed, socket);
    held_drop(&e->sockets[socket], process, handle);
}

static void close_socket(struct errands *e, unsigned thread) {
    unsigned socket = pick_socket(e, process_of(thread), true);
    if (socket != OWED_NONE) close_one(e, thread, socket);
}

static void open_socket(struct errands *e, unsigned thread) {
    unsigned socket = pick_socket(e, process_of(thread), false);
    if (socket == OWED_NONE) return;
    uint64_t handle = plain(e, thread, FUNCTION_socket, AF_INET, SOCK_STREAM, IPPROTO_TCP);
    note_if(e, handle == UINT64_MAX, "socket has failed");
    held_add(&e->sockets[socket], process_of(thread), handle);
}

/* The other process gets a handle of the same socket. */
static void duplicate(struct errands *e, unsigned thread) {
    unsigned process = process_of(thread), socket = pick_socket(e, process, true);
    unsigned other = (1 - process) * THREADS_OF_ONE;
    if (socket == OWED_NONE || held_by(&e->sockets[socket], 1 - process) > 0 || e->threads[other].doing != RUNS) return;
    struct call call = call_of(thread, FUNCTION_WSADuplicateSocketW);
    call.arguments[WSADuplicateSocketW_s] = handle_of(e, &e->sockets[socket], thread);
    call.arguments[WSADuplicateSocketW_dwProcessId] = PROCESS_ID_FIRST + 1 - process;
    point(&call, WSADuplicateSocketW_lpProtocolInfo, INFO_AT, PROTOCOL_INFO_SIZE);
    uint8_t info[PROTOCOL_INFO_SIZE] = { 0 };
    if (make(e, &call, OWED_REQUESTS) != 0) note(e, "WSADuplicateSocketW has failed");
    else memcpy(info, written(e, INFO_AT, PROTOCOL_INFO_SIZE), sizeof info);
    struct call opens = call_of(other, FUNCTION_WSASocketW);
    opens.arguments[WSASocketW_af] = opens.arguments[WSASocketW_type] = opens.arguments[WSASocketW_protocol] =
        UINT64_MAX;
    point_in(&opens, WSASocketW_lpProtocolInfo, INFO_AT, info, sizeof info);
    held_add(&e->sockets[socket], 1 - process, make(e, &opens, OWED_REQUESTS));
    note_if(e, e->result.value == UINT64_MAX, "WSASocketW has failed");
}

/* A new handle in a process, by DuplicateHandle; 0 after a failure, which is wrong. */
static uint64_t duplicate_handle(struct errands *e, unsigned thread, uint64_t handle, unsigned target,
                                 uint32_t options) {
    struct call call = call_of(thread, FUNCTION_DuplicateHandle);
    call.arguments[DuplicateHandle_hSourceProcessHandle] = PROCESS_ID_FIRST + process_of(thread);
    call.arguments[DuplicateHandle_hSourceHandle] = handle;
    call.arguments[DuplicateHandle_hTargetProcessHandle] = PROCESS_ID_FIRST + target;
    call.arguments[DuplicateHandle_dwOptions] = options | DUPLICATE_SAME_ACCESS;
    uint64_t made = make(e, &call, OWED_REQUESTS);
    note_if(e, made == 0, "DuplicateHandle has failed");
    e->tally->duplicates++;
    return made;
}

/* One more handle of an object, in this process or in the other one. */
static void duplicate_one(struct errands *e, unsigned thread, struct held *held) {
    unsigned target = draw(e, PROCESSES);
    if (held_by(held, target) == HELD_OF_ONE) return;
    uint64_t made = duplicate_handle(e, thread, handle_of(e, held, thread), target, 0);
    if (made != 0) held_add(held, target, made);
}

static void duplicate_socket(struct errands *e, unsigned thread) {
    unsigned socket = pick_socket(e, process_of(thread), true);
    if (socket != OWED_NONE) duplicate_one(e, thread, &e->sockets[socket]);
}

static void duplicate_port(struct errands *e, unsigned thread) {
    unsigned port = pick_port(e, process_of(thread));
    if (port != OWED_NONE) duplicate_one(e, thread, &e->ports[port]);
}

/* An event gets another handle, and loses the one that it had, whatever is pending with that. */
static void move_event(struct errands *e, unsigned thread) {
    unsigned process = process_of(thread), event = process * EVENTS_OF_ONE + draw(e, EVENTS_OF_ONE);
    uint64_t source = e->events[event];
    e->events[event] = duplicate_handle(e, thread, source, process, DUPLICATE_CLOSE_SOURCE);
    note_if(e, model_event_state(e->world, process, source) >= 0, "the source of a handle that moves stays open");
}

/* --- errands: ports and waits ------------------------------------------------------------------------------------- */

static void open_port(struct errands *e, unsigned thread) {
    unsigned port = 0;
    while (port < OWED_PORTS && (e->owed.open_ports[port] || e->owed.line_count[port] > 0)) port++;
    if (port == OWED_PORTS) return;
    uint64_t handle = plain(e, thread, FUNCTION_CreateIoCompletionPort, UINT64_MAX, 0, 0);
    note_if(e, handle == 0, "CreateIoCompletionPort has failed");
    held_add(&e->ports[port], process_of(thread), handle);
    owed_open_port(&e->owed, port);
}

static void associate(struct errands *e, unsigned thread) {
    unsigned process = process_of(thread), socket = pick_socket(e, process, true), port = pick_port(e, process);
    if (socket == OWED_NONE || port == OWED_NONE) return;
    uint64_t key = 0x100 + socket + draw(e, 8) * 0x10;
    uint64_t value = plain(e, thread, FUNCTION_CreateIoCompletionPort, handle_of(e, &e->sockets[socket], thread),
                           handle_of(e, &e->ports[port], thread), key);
    note_if(e, (value == 0) != e->owed.sockets[socket].had_port, "a socket has two completion ports, or gets none");
    if (value != 0 && e->wrong == NULL) owed_associate(&e->owed, socket, port, key);
}

static void skip_success(struct errands *e, unsigned thread) {
    unsigned socket = pick_socket(e, process_of(thread), true);
    if (socket == OWED_NONE) return;
    uint64_t handle = handle_of(e, &e->sockets[socket], thread);
    uint64_t value =
        plain(e, thread, FUNCTION_SetFileCompletionNotificationModes, handle, FILE_SKIP_COMPLETION_PORT_ON_SUCCESS, 0);
    note_if(e, value == FALSE, "SetFileCompletionNotificationModes has failed");
    e->owed.sockets[socket].skips_success = true;
}

/* Whoever was served by it is a stranger to the port that has its place next. */
static void close_port_of(struct errands *e, unsigned port) {
    owed_close_port(&e->owed, port);
    for (unsigned i = 0; i < THREADS + PROCESSES; i++)
        if (e->threads[i].served == port + 1) e->threads[i].served = 0;
}

/* One handle; the last one of all takes the port with it. */
static void close_handle_of_port(struct errands *e, unsigned thread, unsigned port) {
    uint64_t handle = handle_of(e, &e->ports[port], thread);
    if (held_by_all(&e->ports[port]) == 1) close_port_of(e, port);
    note_if(e, plain(e, thread, FUNCTION_CloseHandle, handle, 0, 0) == FALSE, "CloseHandle has failed");
    held_drop(&e->ports[port], process_of(thread), handle);
}

static void close_port(struct errands *e, unsigned thread) {
    unsigned port = pick_port(e, process_of(thread));
    if (port != OWED_NONE) close_handle_of_port(e, thread, port);
}

static void post(struct errands *e, unsigned thread) {
    unsigned port = pick_port(e, process_of(thread));
    if (port == OWED_NONE || queued(e) + e->owed.pending_count >= QUEUED_MAX) return;
    struct call call = call_of(thread, FUNCTION_PostQueuedCompletionStatus);
    uint64_t key = 0x1000 + draw(e, 1000), overlapped = 0x900000 + draw(e, 1000) * 8;
    call.arguments[PostQueuedCompletionStatus_CompletionPort] = handle_of(e, &e->ports[port], thread);
    call.arguments[PostQueuedCompletionStatus_dwCompletionKey] = key;
    point(&call, PostQueuedCompletionStatus_lpOverlapped, overlapped, OVERLAPPED_SIZE);
    note_if(e, make(e, &call, OWED_REQUESTS) == FALSE, "PostQueuedCompletionStatus has failed");
    owed_post(&e->owed, port, overlapped, key);
}

static void begin_wait_at(struct errands *e, unsigned thread, unsigned port) {
    e->threads[thread].doing = WAITS_AT_PORT;
    e->threads[thread].object = port;
    owed_wait_at(&e->owed, port, thread);
}

/* Takes a packet; where there is none, waits for ever or not. True when it took one. */
static bool take(struct errands *e, unsigned thread, unsigned port, bool waits) {
    const uint64_t page = PAGES_AT + (uint64_t)thread * PAGE;
    struct call call = call_of(thread, FUNCTION_GetQueuedCompletionStatus);
    call.arguments[GetQueuedCompletionStatus_CompletionPort] = handle_of(e, &e->ports[port], thread);
    call.arguments[GetQueuedCompletionStatus_dwMilliseconds] = waits ? INFINITE : 0;
    point(&call, GetQueuedCompletionStatus_lpNumberOfBytesTransferred, page + COUNT_IN_PAGE, 4);
    point(&call, GetQueuedCompletionStatus_lpCompletionKey, page + KEY_IN_PAGE, 8);
    point(&call, GetQueuedCompletionStatus_lpOverlapped, page + OVERLAPPED_IN_PAGE, 8);
    e->threads[thread].room = 0;
    e->threads[thread].alertable = false;
    uint64_t before = e->tally->packets;
    make(e, &call, OWED_REQUESTS);
    if (e->result.status == RESULT_BLOCKED) {
        const struct owed_queue *queue = &e->owed.packets[port];
        note_if(e, !waits || queue->first != queue->end, "a thread waits though a packet is there");
        begin_wait_at(e, thread, port);
        return false;
    }
    see_packet(e, port, thread, false, e->result.value, e->result.error);
    return e->tally->packets > before;
}

static void take_packet(struct errands *e, unsigned thread) {
    unsigned port = pick_port(e, process_of(thread));
    if (port != OWED_NONE) take(e, thread, port, draw(e, 3) == 0);
}

/* Takes several, alertably or not. */
static void take_several(struct errands *e, unsigned thread) {
    const uint64_t page = PAGES_AT + (uint64_t)thread * PAGE;
    unsigned port = pick_port(e, process_of(thread)), room = 1 + draw(e, ROOM_MAX);
    bool waits = draw(e, 3) == 0, alertable = draw(e, 2) == 0;
    if (port == OWED_NONE) return;
    struct call call = call_of(thread, FUNCTION_GetQueuedCompletionStatusEx);
    call.arguments[GetQueuedCompletionStatusEx_CompletionPort] = handle_of(e, &e->ports[port], thread);
    call.arguments[GetQueuedCompletionStatusEx_ulCount] = room;
    call.arguments[GetQueuedCompletionStatusEx_dwMilliseconds] = waits ? INFINITE : 0;
    call.arguments[GetQueuedCompletionStatusEx_fAlertable] = alertable;
    point(&call, GetQueuedCompletionStatusEx_lpCompletionPortEntries, page + ENTRIES_IN_PAGE,
          room * OVERLAPPED_ENTRY_SIZE);
    point(&call, GetQueuedCompletionStatusEx_ulNumEntriesRemoved, page + COUNT_IN_PAGE, 4);
    e->threads[thread].room = room;
    e->threads[thread].alertable = alertable;
    make(e, &call, OWED_REQUESTS);
    if (e->result.status != RESULT_BLOCKED) {
        see_packets(e, port, thread, false, e->result.value, e->result.error);
        return;
    }
    bool comes = packet_is_there(e, port, thread, false) || (alertable && !is_empty(&e->owed.routines[thread]));
    note_if(e, !waits || comes, "a thread waits though a packet or a routine is there");
    begin_wait_at(e, thread, port);
}

static void sleep_alertably(struct errands *e, unsigned thread, bool for_ever) {
    plain(e, thread, FUNCTION_SleepEx, for_ever ? INFINITE : 0, TRUE, 0);
    if (e->result.status == RESULT_BLOCKED) {
        e->threads[thread].doing = WAITS_FOR_ROUTINES;
        return;
    }
    bool ran = e->result.routines_count > 0;
    note_if(e, ran != (e->result.value == WAIT_IO_COMPLETION),
            "an alertable wait says that routines ran which did not, or the reverse");
    see_routines(e, thread);
}

/* For the two events of the process, in either order. */
static void wait_for_events(struct errands *e, unsigned thread) {
    bool waits = draw(e, 3) == 0, by_winsock = draw(e, 2) == 0;
    e->threads[thread].all = draw(e, 2) == 0;
    e->threads[thread].other_first = draw(e, 2) == 0;
    e->threads[thread].alertable = draw(e, 2) == 0;
    uint8_t handles[EVENTS_OF_ONE * POINTER_SIZE];
    for (unsigned i = 0; i < EVENTS_OF_ONE; i++)
        store_u64(handles + i * POINTER_SIZE, e->events[waited_event(e, thread, i)]);
    struct call call =
        call_of(thread, by_winsock ? FUNCTION_WSAWaitForMultipleEvents : FUNCTION_WaitForMultipleObjectsEx);
    call.arguments[WaitForMultipleObjectsEx_nCount] = EVENTS_OF_ONE;
    call.arguments[WaitForMultipleObjectsEx_bWaitAll] = e->threads[thread].all;
    call.arguments[WaitForMultipleObjectsEx_dwMilliseconds] = waits ? INFINITE : 0;
    call.arguments[WaitForMultipleObjectsEx_bAlertable] = e->threads[thread].alertable;
    point_in(&call, WaitForMultipleObjectsEx_lpHandles, EVENTS_AT, handles, sizeof handles);
    uint64_t value = make(e, &call, OWED_REQUESTS);
    bool routine = e->threads[thread].alertable && !is_empty(&e->owed.routines[thread]);
    bool comes = events_there(e, thread) != OWED_NONE || routine;
    if (e->result.status == RESULT_BLOCKED) {
        note_if(e, !waits || comes, "a thread waits though its events are set, or a routine is there");
        e->threads[thread].doing = WAITS_FOR_EVENTS;
    } else if (value == WAIT_TIMEOUT) {
        note_if(e, waits || comes, "a wait is over too early");
    } else {
        see_wait(e, thread, value);
    }
}

static void set_event(struct errands *e, unsigned thread, unsigned event) {
    e->owed.set_events[event] = true;
    note_if(e, plain(e, thread, FUNCTION_SetEvent, e->events[event], 0, 0) == FALSE, "SetEvent has failed");
}

static void set_some_event(struct errands *e, unsigned thread) {
    set_event(e, thread, process_of(thread) * EVENTS_OF_ONE + draw(e, EVENTS_OF_ONE));
}

/* To any thread of the process, which may be waiting. */
static void queue_apc(struct errands *e, unsigned thread) {
    unsigned process = process_of(thread), target = process * THREADS_OF_ONE + draw(e, THREADS_OF_ONE);
    if (routines_needed(e) >= RESULT_ROUTINES_MAX - 1) return;
    const struct owed_notice apc = { .overlapped = 0x5000000 + draw(e, 1000) };
    struct call call = call_of(thread, FUNCTION_QueueUserAPC);
    point(&call, QueueUserAPC_pfnAPC, APC_AT, 1);
    call.arguments[QueueUserAPC_hThread] = THREAD_HANDLE_FIRST + target;
    call.arguments[QueueUserAPC_dwData] = apc.overlapped;
    owed_queue_apc(&e->owed, target, &apc);
    note_if(e, make(e, &call, OWED_REQUESTS) == FALSE, "QueueUserAPC has failed");
}

/* Of any thread of the process: the call that it blocks in returns, in two readings of three. */
static void cancel_synchronous(struct errands *e, unsigned thread) {
    unsigned target = process_of(thread) * THREADS_OF_ONE + draw(e, THREADS_OF_ONE);
    bool blocks = e->threads[target].doing == BLOCKS && !e->threads[target].released;
    struct call call = call_of(thread, FUNCTION_CancelSynchronousIo);
    call.arguments[CancelSynchronousIo_hThread] = THREAD_HANDLE_FIRST + target;
    if (blocks) e->threads[target].released = true; /* its return comes with the call's */
    bool done = make(e, &call, OWED_REQUESTS) != FALSE;
    bool found = blocks && !world_remembers(e->world, Q129_CANCEL_SYNCHRONOUS, Q129_NOT_FOUND);
    note_if(e, done != found, "CancelSynchronousIo has found what is not there, or missed it");
    if (blocks && !found) e->threads[target].released = false;
}

static void sleep_a_while(struct errands *e, unsigned thread) { sleep_alertably(e, thread, draw(e, 4) == 0); }

static void tick(struct errands *e, unsigned thread) {
    (void)thread;
    model_tick(e->world, draw(e, 2) * PROVIDER_DELAY_NS / 2 + PROVIDER_DELAY_NS / 2);
}

/* --- errands: threads and processes end --------------------------------------------------------------------------- */

static void end_thread(struct errands *e, unsigned thread) {
    owed_cancel_of_thread(&e->owed, thread, false);
    result_clear(&e->result);
    model_thread_end(e->world, thread, &e->result);
    see_result(e, OWED_REQUESTS);
    for (unsigned i = 0; i < e->requests_count; i++)
        note_if(e, e->owed.requests[i].state == OWED_PENDING && e->owed.requests[i].thread == thread,
                "a request has outlived its thread");
    owed_forget_thread(&e->owed, thread);
    e->threads[thread].served = 0;
    model_thread_start(e->world, thread, process_of(thread));
}

static void begin_process(struct errands *e, unsigned process) {
    unsigned main_thread = process * THREADS_OF_ONE;
    model_process_start(e->world, process, main_thread, 0, 0x0202);
    for (unsigned i = 1; i < THREADS_OF_ONE; i++) model_thread_start(e->world, main_thread + i, process);
    for (unsigned i = 0; i < EVENTS_OF_ONE; i++) {
        unsigned event = process * EVENTS_OF_ONE + i;
        e->events[event] = plain(e, main_thread, FUNCTION_CreateEventW, 0, i == 0, 0);
        e->owed.set_events[event] = false;
    }
}

static void end_process(struct errands *e, unsigned thread) {
    unsigned process = process_of(thread);
    if (draw(e, 3) > 0) return; /* now and then is enough */
    for (unsigned i = 0; i < THREADS_OF_ONE; i++) owed_cancel_of_thread(&e->owed, process * THREADS_OF_ONE + i, true);
    for (unsigned i = 0; i < e->requests_count; i++) /* what threads left behind that ended before */
        if (e->owed.requests[i].thread == OWED_NONE) owed_cancel(&e->owed, OWED_NONE, process, OWED_NONE, i);
    for (unsigned i = 0; i < OWED_SOCKETS; i++)
        if (is_alone_with(e, i, process)) expect_end_of_socket(e, i);
    for (unsigned i = 0; i < THREADS_OF_ONE; i++)
        e->threads[process * THREADS_OF_ONE + i].doing = RUNS; /* none returns */
    for (unsigned i = 0; i < THREADS_OF_ONE; i++) e->threads[process * THREADS_OF_ONE + i].served = 0;
    result_clear(&e->result);
    model_process_end(e->world, &e->chooser.chooser, process, &e->result);
    see_result(e, OWED_REQUESTS);
    for (unsigned i = 0; i < e->requests_count; i++)
        note_if(e, e->owed.requests[i].state == OWED_PENDING && e->owed.requests[i].process == process,
                "a request has outlived its process");
    for (unsigned i = 0; i < OWED_SOCKETS; i++) {
        if (is_alone_with(e, i, process)) owed_forget_socket(&e->owed, i);
        memset(e->sockets[i].handles[process], 0, sizeof e->sockets[i].handles[process]);
    }
    for (unsigned i = 0; i < OWED_PORTS; i++) {
        memset(e->ports[i].handles[process], 0, sizeof e->ports[i].handles[process]);
        if (e->owed.open_ports[i] && held_by_all(&e->ports[i]) == 0) close_port_of(e, i);
    }
    for (unsigned i = 0; i < THREADS_OF_ONE; i++) owed_forget_thread(&e->owed, process * THREADS_OF_ONE + i);
    begin_process(e, process);
}

/* --- a sequence --------------------------------------------------------------------------------------------------- */

typedef void errand(struct errands *e, unsigned thread);

static errand *const errands[] = {
    issue,
    issue,
    issue,
    issue,
    issue,
    issue,
    issue,
    issue,
    open_socket,
    open_socket,
    open_socket,
    close_socket,
    duplicate,
    duplicate,
    duplicate_socket,
    duplicate_socket,
    duplicate_socket,
    duplicate_port,
    duplicate_port,
    move_event,
    open_port,
    associate,
    associate,
    associate,
    skip_success,
    close_port,
    post,
    post,
    take_several,
    take_packet,
    take_packet,
    take_several,
    take_several,
    sleep_a_while,
    sleep_a_while,
    sleep_a_while,
    tick,
    tick,
    tick,
    block,
    cancel_own,
    cancel_one,
    cancel_one,
    cancel_all,
    flush,
    end_thread,
    end_process,
    issue,
    queue_apc,
    queue_apc,
    queue_apc,
    cancel_synchronous,
    wait_for_events,
    wait_for_events,
    wait_for_events,
    set_some_event,
};

static void begin(struct errands *e, uint64_t seed) {
    struct world_limits limits = world_limits_small();
    limits.completion_ports = OWED_PORTS + THREADS; /* closed ones stay while threads wait there */
    limits.associations = OWED_SOCKETS;
    limits.handles = PROCESSES * HELD_OF_ONE * (OWED_SOCKETS + OWED_PORTS) + OWED_EVENTS + 1;
    limits.numbers = limits.sockets;
    limits.event_waits = THREADS * EVENTS_OF_ONE;
    limits.completions = QUEUED_MAX + PENDING_MAX + 4;
    assert(world_bytes(&limits) <= sizeof e->memory);
    e->world = world_create(e->memory, &limits);
    e->world->provider_delay_ns = PROVIDER_DELAY_NS;
    e->random = seed;
    e->profile = (struct profile){ .name = "any" };
    e->profile.answers[Q89_IMPLEMENTED] = Q89_YES + 1;                 /* else no argument of a code is looked at */
    e->profile.answers[Q137_DUPLICATED_SOCKET] = Q137_BY_PROVIDER + 1; /* else a duplicate is of no use */
    e->profile.answers[Q138_DUPLICATED_PORT] = Q138_LIKE_OTHERS + 1;
    simulating_chooser_init(&e->chooser, &e->profile, seed + 1);
    owed_begin(&e->owed);
    for (unsigned i = 0; i < PROCESSES; i++) begin_process(e, i);
    for (unsigned i = 0; i < PROCESSES; i++) {
        open_socket(e, i * THREADS_OF_ONE);
        open_port(e, i * THREADS_OF_ONE);
        associate(e, i * THREADS_OF_ONE);
    }
}

/* One thread of the process at least that waits for events waits no more. */
static void end_event_waits(struct errands *e, unsigned process) {
    for (unsigned i = 0; i < EVENTS_OF_ONE; i++) set_event(e, COLLECTOR + process, process * EVENTS_OF_ONE + i);
    settle(e);
}

/* Takes all that is left: sockets are closed, packets are taken, ports are closed, routines run. */
static void collect(struct errands *e) {
    for (unsigned process = 0; process < PROCESSES && e->wrong == NULL; process++) {
        unsigned thread = COLLECTOR + process;
        model_thread_start(e->world, thread, process);
        for (unsigned i = 0; i < OWED_SOCKETS; i++)
            while (e->wrong == NULL && held_by(&e->sockets[i], process) > 0) close_one(e, thread, i);
    }
    if (e->wrong == NULL) settle(e);
    for (unsigned i = 0; i < OWED_PORTS && e->wrong == NULL; i++) {
        if (!e->owed.open_ports[i]) continue;
        unsigned thread = COLLECTOR + (held_by(&e->ports[i], 0) > 0 ? 0 : 1);
        while (e->wrong == NULL && take(e, thread, i, false)) continue;
        note(e, owed_settled(&e->owed, OWED_NONE, e->world->now_ns));
        if (e->wrong != NULL) return;
        note_if(e, e->owed.packets[i].first != e->owed.packets[i].end, "a packet was lost");
        for (unsigned process = 0; process < PROCESSES; process++)
            while (e->wrong == NULL && held_by(&e->ports[i], process) > 0)
                close_handle_of_port(e, COLLECTOR + process, i);
        settle(e);
    }
    for (unsigned i = 0; i < THREADS && e->wrong == NULL; i++) end_event_waits(e, process_of(i));
    for (unsigned i = 0; i < THREADS && e->wrong == NULL; i++) {
        note_if(e,
                e->threads[i].doing == WAITS_AT_PORT || e->threads[i].doing == BLOCKS ||
                    e->threads[i].doing == WAITS_FOR_EVENTS,
                "a thread waits for what is gone");
        if (e->threads[i].doing == RUNS) sleep_alertably(e, i, false);
    }
    if (e->wrong == NULL) note(e, owed_nothing(&e->owed));
    if (e->wrong == NULL) note(e, model_check(e->world));
}

static bool something_pends(const struct errands *e) {
    for (unsigned i = 0; i < e->requests_count; i++)
        if (e->owed.requests[i].state == OWED_PENDING && e->owed.requests[i].kind == OWED_NEVER) return true;
    return false;
}

const char *errands_play(uint64_t seed, struct errands_tally *tally, unsigned *event) {
    static struct errands e;
    memset(&e, 0, sizeof e);
    e.tally = tally;
    begin(&e, seed);
    unsigned events = ERRANDS_MIN + draw(&e, ERRANDS_MAX - ERRANDS_MIN + 1);
    bool pended = false;
    for (*event = 0; *event < events && e.wrong == NULL;) {
        unsigned thread = pick_thread(&e);
        if (thread == OWED_NONE) end_process(&e, 0);
        else errands[draw(&e, sizeof errands / sizeof errands[0])](&e, thread);
        ++*event;
        if (e.wrong == NULL && draw(&e, 4) > 0) settle(&e);
        pended = pended || something_pends(&e);
        note_if(&e, e.world->full != 0, "the world was full: the sequence is too large for it");
    }
    if (e.wrong == NULL) settle(&e);
    if (e.wrong == NULL) collect(&e);
    tally->sequences++;
    tally->events += *event;
    tally->pending += pended;
    return e.wrong;
}
