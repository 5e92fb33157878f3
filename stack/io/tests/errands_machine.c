#include "stack/io/tests/errands_machine.h"

#include <assert.h>
#include <string.h>

#include "stack/errors.h"
#include "stack/model/model.h"
#include "stack/readings.h"
#include "stack/sdk/socket_values.h"
#include "stack/sdk/wait_values.h"

unsigned errands_draw(struct errands *e, unsigned count) {
    uint64_t z = e->random += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return (unsigned)((z ^ z >> 31) >> 33) % count;
}

void errands_note(struct errands *e, const char *wrong) {
    if (e->wrong == NULL) e->wrong = wrong;
}

void errands_note_if(struct errands *e, bool is_wrong, const char *wrong) {
    if (is_wrong) errands_note(e, wrong);
}

unsigned errands_process_of(unsigned thread) {
    return thread >= COLLECTOR ? thread - COLLECTOR : thread / THREADS_OF_ONE;
}

/* --- calling ------------------------------------------------------------------------------------------------------ */

struct call errands_call_of(unsigned thread, enum function function) {
    struct call call;
    call_clear(&call);
    call.thread = (uint16_t)thread;
    call.function = (uint16_t)function;
    return call;
}

void errands_point(struct call *call, unsigned argument, uint64_t address, uint32_t length) {
    call->arguments[argument] = call->ranges[argument].address = address;
    call->ranges[argument].length = length;
    call->ranges[argument].state = RANGE_GOOD;
}

void errands_point_in(struct call *call, unsigned argument, uint64_t address, const void *bytes, uint32_t length) {
    errands_point(call, argument, address, length);
    call_put_bytes(call, argument, bytes, length);
}

uint64_t errands_make(struct errands *e, const struct call *call, unsigned issuing) {
    model_call(e->world, &e->chooser.chooser, call, &e->result);
    errands_note_if(e, e->result.status != RESULT_RETURNED && e->result.status != RESULT_BLOCKED,
                    "a call has neither returned nor blocked");
    errands_see_result(e, issuing);
    return e->result.value;
}

uint64_t errands_plain(struct errands *e, unsigned thread, enum function function, uint64_t first, uint64_t second,
                       uint64_t third) {
    struct call call = errands_call_of(thread, function);
    const uint64_t arguments[] = { first, second, third };
    memcpy(call.arguments, arguments, sizeof arguments);
    return errands_make(e, &call, OWED_REQUESTS);
}

uint64_t errands_handle_of(struct errands *e, const struct held *held, unsigned thread) {
    return held_one(held, errands_process_of(thread), errands_draw(e, HELD_OF_ONE));
}

struct call errands_control_of(struct errands *e, unsigned thread, unsigned socket, uint32_t code) {
    struct call call = errands_call_of(thread, FUNCTION_WSAIoctl);
    call.arguments[WSAIoctl_s] = errands_handle_of(e, &e->sockets[socket], thread);
    call.arguments[WSAIoctl_code] = code;
    call.ranges[WSAIoctl_in].state = call.ranges[WSAIoctl_out].state = RANGE_NULL;
    call.ranges[WSAIoctl_ov].state = call.ranges[WSAIoctl_routine].state = RANGE_NULL;
    errands_point(&call, WSAIoctl_bytes, BYTES_AT, 4);
    return call;
}

/* --- issuing --- */

bool errands_may_issue(const struct errands *e) {
    return e->owed.pending_count < PENDING_MAX && errands_queued(e) < QUEUED_MAX && e->requests_count < OWED_REQUESTS;
}

struct owed_request errands_new_request(struct errands *e, unsigned thread, unsigned socket) {
    unsigned process = errands_process_of(thread);
    struct owed_request request = { .socket = (uint8_t)socket,
                                    .thread = (uint8_t)thread,
                                    .process = (uint8_t)process,
                                    .event = OWED_NONE,
                                    .without_packet = errands_draw(e, 4) == 0,
                                    .due_ns = e->world->now_ns };
    request.by_routine = errands_draw(e, 3) == 0 && errands_routines_needed(e) < RESULT_ROUTINES_MAX - 1;
    if (errands_draw(e, 3) == 0) request.event = (uint8_t)(process * EVENTS_OF_ONE + errands_draw(e, EVENTS_OF_ONE));
    return request;
}

static void put_overlapped(struct errands *e, struct call *call, const struct errands_places *places,
                           const struct owed_request *request) {
    uint8_t overlapped[OVERLAPPED_SIZE] = { 0 };
    uint64_t event = request->event == OWED_NONE ? 0 : e->events[request->event];
    store_u64(overlapped + OVERLAPPED_EVENT, event | request->without_packet);
    errands_point_in(call, places->overlapped, owed_address(e->requests_count), overlapped, sizeof overlapped);
    if (request->by_routine) errands_point(call, places->routine, ROUTINE_AT, 1);
    else call->ranges[places->routine].state = RANGE_NULL;
}

bool errands_world_has_room(const struct errands *e, bool by_routine) {
    const struct world_limits *limits = &e->world->limits;
    return owed_has_room(&e->owed, by_routine, by_routine ? limits->routines : limits->completions);
}

/* A routine beside a port is refused before the transport learns of the call, in one reading. */
static bool is_refused_before(const struct errands *e, const struct owed_request *request) {
    bool beside_port = request->by_routine && e->owed.sockets[request->socket].had_port;
    bool always = request->kind == OWED_RECEIVE; /* W117 was seen of receives */
    return beside_port && (always || world_remembers(e->world, Q105_ROUTINE_BESIDE_PORT, Q105_INVAL));
}

void errands_issue(struct errands *e, struct call *call, const struct errands_places *places,
                   const struct owed_request *request) {
    unsigned number = e->requests_count;
    put_overlapped(e, call, places, request);
    bool room = errands_world_has_room(e, request->by_routine);
    owed_issue(&e->owed, number, request);
    e->requests_count++;
    uint64_t value = errands_make(e, call, number);
    bool full = value != 0 && e->result.error == WSAENOBUFS;
    errands_note_if(e, full ? room : !room && !is_refused_before(e, request),
                    "a request is refused for want of room that is there, or the reverse");
    bool pends = value != 0 && e->result.error == WSA_IO_PENDING, cut = value != 0 && e->result.error == WSAEMSGSIZE;
    bool ended = e->owed.requests[number].state == OWED_ENDED;
    const uint8_t *internal = errands_written(e, owed_address(number), 8);
    if (value == 0) {
        errands_note_if(e, !ended, "a call has succeeded at once, and its request has not ended");
    } else if (ended) {
        errands_note_if(e, !cut, "a request has ended before its call");
    } else if (!pends) {
        owed_withdraw(&e->owed, number, request->refused && !full && !is_refused_before(e, request));
    } else {
        errands_note_if(e, request->kind == OWED_AT_ONCE, "a call pends that is answered at once");
        errands_note_if(e, internal == NULL || load_u64(internal) != STATUS_PENDING,
                        "a call pends, and its OVERLAPPED does not say so");
    }
    e->tally->requests += value == 0 || pends;
}

/* --- picking: OWED_NONE where there is none --- */

unsigned errands_pick_socket(struct errands *e, unsigned process, bool open) {
    unsigned first = errands_draw(e, OWED_SOCKETS);
    for (unsigned i = 0; i < OWED_SOCKETS; i++) {
        unsigned socket = (first + i) % OWED_SOCKETS;
        const struct held *held = &e->sockets[socket];
        if (open ? held_by(held, process) > 0 : held_by_all(held) == 0) return socket;
    }
    return OWED_NONE;
}

unsigned errands_pick_port(struct errands *e, unsigned process) {
    unsigned first = errands_draw(e, OWED_PORTS);
    for (unsigned i = 0; i < OWED_PORTS; i++) {
        unsigned port = (first + i) % OWED_PORTS;
        if (e->owed.open_ports[port] && held_by(&e->ports[port], process) > 0) return port;
    }
    return OWED_NONE;
}

unsigned errands_pick_thread(struct errands *e) {
    unsigned first = errands_draw(e, THREADS);
    for (unsigned i = 0; i < THREADS; i++)
        if (e->threads[(first + i) % THREADS].doing == RUNS) return (first + i) % THREADS;
    return OWED_NONE;
}

unsigned errands_queued(const struct errands *e) {
    unsigned count = 0;
    for (unsigned i = 0; i < OWED_PORTS; i++) count += e->owed.packets[i].end - e->owed.packets[i].first;
    return count;
}

unsigned errands_routines_needed(const struct errands *e) {
    unsigned count = 0;
    for (unsigned i = 0; i < THREADS; i++) count += e->owed.routines[i].end - e->owed.routines[i].first;
    for (unsigned i = 0; i < e->requests_count; i++)
        count += e->owed.requests[i].state == OWED_PENDING && e->owed.requests[i].by_routine;
    return count;
}
