#include "stack/io/tests/errands.h"

#include <assert.h>
#include <string.h>

#include "stack/errors.h"
#include "stack/io/tests/errands_machine.h"
#include "stack/model/model.h"
#include "stack/readings.h"
#include "stack/sdk/control_values.h"
#include "stack/sdk/socket_values.h"
#include "stack/sdk/wait_values.h"

/* --- errands: issue ----------------------------------------------------------------------------------------------- */

enum { CODE_OF_NO_ONE = 0x58000fff, INTERFACES = 2, INTERFACE_SIZE = 76 };

static const struct {
    uint32_t code;
    enum owed_kind kind;
    uint32_t input_length, output_length;
    bool refused;   /* for its input */
    uint32_t bytes; /* that it gives */
} codes[] = {
    { SIO_ADDRESS_LIST_CHANGE, OWED_NEVER, 8, 0, false, 0 },
    { SIO_ADDRESS_LIST_CHANGE, OWED_NEVER, 8, 0, false, 0 },
    { SIO_KEEPALIVE_VALS, OWED_AT_ONCE, 12, 0, false, 0 },
    { CODE_OF_NO_ONE, OWED_LATER, 8, 0, false, 0 },
    { SIO_ASSOCIATE_PORT_RESERVATION, OWED_LATER, 8, 0, false, 0 },
    { SIO_ASSOCIATE_PORT_RESERVATION, OWED_LATER, 4, 0, true, 0 },
    { SIO_GET_INTERFACE_LIST, OWED_LATER, 0, INTERFACES *INTERFACE_SIZE, false, INTERFACES *INTERFACE_SIZE },
};

static void issue(struct errands *e, unsigned thread) {
    static const struct errands_places places = { WSAIoctl_ov, WSAIoctl_routine };
    static const uint8_t input[12] = { 1 };
    unsigned socket = errands_pick_socket(e, errands_process_of(thread), true);
    unsigned which = errands_draw(e, sizeof codes / sizeof codes[0]);
    if (socket == OWED_NONE || !errands_may_issue(e)) return;
    if (e->udp[socket] && codes[which].code == SIO_KEEPALIVE_VALS) which = 0; /* that is for streams */
    struct owed_request request = errands_new_request(e, thread, socket);
    request.kind = (uint8_t)codes[which].kind;
    request.refused = codes[which].refused;
    request.bytes = codes[which].bytes;
    if (codes[which].code == SIO_ASSOCIATE_PORT_RESERVATION && !request.refused) request.due_ns += PROVIDER_DELAY_NS;
    struct call call = errands_control_of(e, thread, socket, codes[which].code);
    call.arguments[WSAIoctl_cbIn] = codes[which].input_length;
    call.arguments[WSAIoctl_cbOut] = codes[which].output_length;
    if (codes[which].input_length > 0) errands_point_in(&call, WSAIoctl_in, IN_AT, input, codes[which].input_length);
    if (codes[which].output_length > 0) errands_point(&call, WSAIoctl_out, OUT_AT, codes[which].output_length);
    errands_issue(e, &call, &places, &request);
}

static void block(struct errands *e, unsigned thread) {
    unsigned socket = errands_pick_socket(e, errands_process_of(thread), true);
    if (socket == OWED_NONE || e->selected[socket] || e->owed.pending_count >= PENDING_MAX) return;
    unsigned blocked = 0;
    for (unsigned i = 0; i < THREADS; i++) blocked += e->threads[i].doing == BLOCKS;
    if (blocked > 0) return; /* a request for each: few rows */
    struct call call = errands_control_of(e, thread, socket, SIO_ADDRESS_LIST_CHANGE);
    errands_make(e, &call, OWED_REQUESTS);
    errands_note_if(e, e->result.status != RESULT_BLOCKED, "a call has not blocked");
    e->threads[thread].doing = BLOCKS;
    e->threads[thread].object = socket;
    e->threads[thread].released = NOT_RELEASED;
}

/* --- errands: cancel, close, duplicate ---------------------------------------------------------------------------- */

/* Calls of threads of this process (OWED_NONE: of any) that block on the socket return now. How many there are. */
static unsigned release_blocked(struct errands *e, unsigned socket, unsigned process, enum released how) {
    unsigned met = 0;
    for (unsigned i = 0; i < THREADS; i++) {
        bool meant = process == OWED_NONE || errands_process_of(i) == process;
        if (e->threads[i].doing != BLOCKS || e->threads[i].object != socket || !meant) continue;
        e->threads[i].released = how;
        met++;
    }
    return met;
}

static void cancel_own(struct errands *e, unsigned thread) {
    unsigned socket = errands_pick_socket(e, errands_process_of(thread), true);
    if (socket == OWED_NONE) return;
    owed_cancel(&e->owed, socket, OWED_NONE, thread, OWED_NONE);
    uint64_t value =
        errands_plain(e, thread, FUNCTION_CancelIo, errands_handle_of(e, &e->sockets[socket], thread), 0, 0);
    errands_note_if(e, value == FALSE, "CancelIo has failed");
}

static void cancel_one(struct errands *e, unsigned thread) {
    unsigned process = errands_process_of(thread), socket = errands_pick_socket(e, process, true);
    if (socket == OWED_NONE || e->requests_count == 0) return;
    unsigned number = e->requests_count - 1 - errands_draw(e, e->requests_count < 6 ? e->requests_count : 6);
    if (errands_draw(e, 3) > 0 && e->owed.requests[number].state == OWED_PENDING)
        socket = e->owed.requests[number].socket;
    if (held_by(&e->sockets[socket], process) == 0) return;
    unsigned met = owed_cancel(&e->owed, socket, process, OWED_NONE, number);
    struct call call = errands_call_of(thread, FUNCTION_CancelIoEx);
    call.arguments[CancelIoEx_hFile] = errands_handle_of(e, &e->sockets[socket], thread);
    errands_point(&call, CancelIoEx_lpOverlapped, owed_address(number), OVERLAPPED_SIZE);
    errands_note_if(e, (errands_make(e, &call, OWED_REQUESTS) != FALSE) != (met > 0),
                    "CancelIoEx has found what is not there, or missed it");
}

static void cancel_all(struct errands *e, unsigned thread) {
    unsigned process = errands_process_of(thread), socket = errands_pick_socket(e, process, true);
    if (socket == OWED_NONE) return;
    unsigned met = owed_cancel(&e->owed, socket, process, OWED_NONE, OWED_NONE) +
                   release_blocked(e, socket, process, SOCKET_CANCELLED);
    uint64_t value =
        errands_plain(e, thread, FUNCTION_CancelIoEx, errands_handle_of(e, &e->sockets[socket], thread), 0, 0);
    errands_note_if(e, (value != FALSE) != (met > 0), "CancelIoEx has found what is not there, or missed it");
}

static void flush(struct errands *e, unsigned thread) {
    unsigned socket = errands_pick_socket(e, errands_process_of(thread), true);
    if (socket == OWED_NONE) return;
    struct call call = errands_control_of(e, thread, socket, SIO_FLUSH);
    if (errands_make(e, &call, OWED_REQUESTS) == 0) owed_cancel(&e->owed, socket, OWED_NONE, OWED_NONE, OWED_NONE);
}

/* Has no other process a handle of this socket, and this one has? */
static bool is_alone_with(const struct errands *e, unsigned socket, unsigned process) {
    unsigned own = held_by(&e->sockets[socket], process);
    return own > 0 && own == held_by_all(&e->sockets[socket]);
}

/* The last handle takes the socket with it: what is pending there ends now. */
static void expect_end_of_socket(struct errands *e, unsigned socket) {
    owed_cancel(&e->owed, socket, OWED_NONE, OWED_NONE, OWED_NONE);
    release_blocked(e, socket, OWED_NONE, SOCKET_CLOSED);
}

/* One handle, by closesocket or CloseHandle. */
static void close_one(struct errands *e, unsigned thread, unsigned socket) {
    unsigned process = errands_process_of(thread), own = held_by(&e->sockets[socket], process);
    bool last = own == 1 && is_alone_with(e, socket, process), by_winsock = errands_draw(e, 2) == 0;
    uint64_t handle = errands_handle_of(e, &e->sockets[socket], thread);
    if (last) expect_end_of_socket(e, socket);
    else if (own == 1) owed_leave_socket(&e->owed, socket, process);
    uint64_t value = errands_plain(e, thread, by_winsock ? FUNCTION_closesocket : FUNCTION_CloseHandle, handle, 0, 0);
    errands_note_if(e, by_winsock ? value != 0 : value == FALSE, "a socket's handle cannot be closed");
    if (last) errands_note(e, owed_settled(&e->owed, socket, 0));
    if (last) owed_forget_socket(&e->owed, socket);
    held_drop(&e->sockets[socket], process, handle);
}

static void close_socket(struct errands *e, unsigned thread) {
    unsigned socket = errands_pick_socket(e, errands_process_of(thread), true);
    if (socket != OWED_NONE) close_one(e, thread, socket);
}

static void open_socket(struct errands *e, unsigned thread) {
    unsigned socket = errands_pick_socket(e, errands_process_of(thread), false);
    if (socket == OWED_NONE) return;
    bool udp = errands_draw(e, 2) == 0;
    uint64_t handle = errands_plain(e, thread, FUNCTION_socket, AF_INET, udp ? SOCK_DGRAM : SOCK_STREAM,
                                    udp ? IPPROTO_UDP : IPPROTO_TCP);
    errands_note_if(e, handle == UINT64_MAX, "socket has failed");
    held_add(&e->sockets[socket], errands_process_of(thread), handle);
    e->udp[socket] = udp;
    e->selected[socket] = false;
    if (udp) errands_bind(e, thread, socket);
}

/* The other process gets a handle of the same socket. */
static void duplicate(struct errands *e, unsigned thread) {
    unsigned process = errands_process_of(thread), socket = errands_pick_socket(e, process, true);
    unsigned other = (1 - process) * THREADS_OF_ONE;
    if (socket == OWED_NONE || held_by(&e->sockets[socket], 1 - process) > 0 || e->threads[other].doing != RUNS) return;
    struct call call = errands_call_of(thread, FUNCTION_WSADuplicateSocketW);
    call.arguments[WSADuplicateSocketW_s] = errands_handle_of(e, &e->sockets[socket], thread);
    call.arguments[WSADuplicateSocketW_dwProcessId] = PROCESS_ID_FIRST + 1 - process;
    errands_point(&call, WSADuplicateSocketW_lpProtocolInfo, INFO_AT, PROTOCOL_INFO_SIZE);
    uint8_t info[PROTOCOL_INFO_SIZE] = { 0 };
    if (errands_make(e, &call, OWED_REQUESTS) != 0) errands_note(e, "WSADuplicateSocketW has failed");
    else memcpy(info, errands_written(e, INFO_AT, PROTOCOL_INFO_SIZE), sizeof info);
    struct call opens = errands_call_of(other, FUNCTION_WSASocketW);
    opens.arguments[WSASocketW_af] = opens.arguments[WSASocketW_type] = opens.arguments[WSASocketW_protocol] =
        UINT64_MAX;
    errands_point_in(&opens, WSASocketW_lpProtocolInfo, INFO_AT, info, sizeof info);
    held_add(&e->sockets[socket], 1 - process, errands_make(e, &opens, OWED_REQUESTS));
    errands_note_if(e, e->result.value == UINT64_MAX, "WSASocketW has failed");
}

/* A new handle in a process, by DuplicateHandle; 0 after a failure, which is wrong. */
static uint64_t duplicate_handle(struct errands *e, unsigned thread, uint64_t handle, unsigned target,
                                 uint32_t options) {
    struct call call = errands_call_of(thread, FUNCTION_DuplicateHandle);
    call.arguments[DuplicateHandle_hSourceProcessHandle] = PROCESS_ID_FIRST + errands_process_of(thread);
    call.arguments[DuplicateHandle_hSourceHandle] = handle;
    call.arguments[DuplicateHandle_hTargetProcessHandle] = PROCESS_ID_FIRST + target;
    call.arguments[DuplicateHandle_dwOptions] = options | DUPLICATE_SAME_ACCESS;
    uint64_t made = errands_make(e, &call, OWED_REQUESTS);
    errands_note_if(e, made == 0, "DuplicateHandle has failed");
    e->tally->duplicates++;
    return made;
}

/* One more handle of an object, in this process or in the other one. */
static void duplicate_one(struct errands *e, unsigned thread, struct held *held) {
    unsigned target = errands_draw(e, PROCESSES);
    if (held_by(held, target) == HELD_OF_ONE) return;
    uint64_t made = duplicate_handle(e, thread, errands_handle_of(e, held, thread), target, 0);
    if (made != 0) held_add(held, target, made);
}

static void duplicate_socket(struct errands *e, unsigned thread) {
    unsigned socket = errands_pick_socket(e, errands_process_of(thread), true);
    if (socket != OWED_NONE) duplicate_one(e, thread, &e->sockets[socket]);
}

static void duplicate_port(struct errands *e, unsigned thread) {
    unsigned port = errands_pick_port(e, errands_process_of(thread));
    if (port != OWED_NONE) duplicate_one(e, thread, &e->ports[port]);
}

/* An event gets another handle, and loses the one that it had, whatever is pending with that. */
static void move_event(struct errands *e, unsigned thread) {
    unsigned process = errands_process_of(thread), event = process * EVENTS_OF_ONE + errands_draw(e, EVENTS_OF_ONE);
    uint64_t source = e->events[event];
    e->events[event] = duplicate_handle(e, thread, source, process, DUPLICATE_CLOSE_SOURCE);
    errands_note_if(e, model_event_state(e->world, process, source) >= 0,
                    "the source of a handle that moves stays open");
}

/* --- errands: ports and waits ------------------------------------------------------------------------------------- */

static void open_port(struct errands *e, unsigned thread) {
    unsigned port = 0;
    while (port < OWED_PORTS && (e->owed.open_ports[port] || e->owed.line_count[port] > 0)) port++;
    if (port == OWED_PORTS) return;
    uint64_t handle = errands_plain(e, thread, FUNCTION_CreateIoCompletionPort, UINT64_MAX, 0, 0);
    errands_note_if(e, handle == 0, "CreateIoCompletionPort has failed");
    held_add(&e->ports[port], errands_process_of(thread), handle);
    owed_open_port(&e->owed, port);
}

static void associate(struct errands *e, unsigned thread) {
    unsigned process = errands_process_of(thread), socket = errands_pick_socket(e, process, true),
             port = errands_pick_port(e, process);
    if (socket == OWED_NONE || port == OWED_NONE) return;
    uint64_t key = 0x100 + socket + errands_draw(e, 8) * 0x10;
    uint64_t value =
        errands_plain(e, thread, FUNCTION_CreateIoCompletionPort, errands_handle_of(e, &e->sockets[socket], thread),
                      errands_handle_of(e, &e->ports[port], thread), key);
    errands_note_if(e, (value == 0) != e->owed.sockets[socket].had_port,
                    "a socket has two completion ports, or gets none");
    if (value != 0 && e->wrong == NULL) owed_associate(&e->owed, socket, port, key);
}

static void skip_success(struct errands *e, unsigned thread) {
    unsigned socket = errands_pick_socket(e, errands_process_of(thread), true);
    if (socket == OWED_NONE) return;
    uint64_t handle = errands_handle_of(e, &e->sockets[socket], thread);
    uint64_t value = errands_plain(e, thread, FUNCTION_SetFileCompletionNotificationModes, handle,
                                   FILE_SKIP_COMPLETION_PORT_ON_SUCCESS, 0);
    errands_note_if(e, value == FALSE, "SetFileCompletionNotificationModes has failed");
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
    uint64_t handle = errands_handle_of(e, &e->ports[port], thread);
    if (held_by_all(&e->ports[port]) == 1) close_port_of(e, port);
    errands_note_if(e, errands_plain(e, thread, FUNCTION_CloseHandle, handle, 0, 0) == FALSE, "CloseHandle has failed");
    held_drop(&e->ports[port], errands_process_of(thread), handle);
}

static void close_port(struct errands *e, unsigned thread) {
    unsigned port = errands_pick_port(e, errands_process_of(thread));
    if (port != OWED_NONE) close_handle_of_port(e, thread, port);
}

static void post(struct errands *e, unsigned thread) {
    unsigned port = errands_pick_port(e, errands_process_of(thread));
    if (port == OWED_NONE || errands_queued(e) + e->owed.pending_count >= QUEUED_MAX) return;
    struct call call = errands_call_of(thread, FUNCTION_PostQueuedCompletionStatus);
    const struct owed_notice packet = { .overlapped = 0x900000 + errands_draw(e, 1000) * 8,
                                        .key = 0x1000 + errands_draw(e, 1000),
                                        .bytes = errands_draw(e, 1000) };
    call.arguments[PostQueuedCompletionStatus_CompletionPort] = errands_handle_of(e, &e->ports[port], thread);
    call.arguments[PostQueuedCompletionStatus_dwCompletionKey] = packet.key;
    call.arguments[PostQueuedCompletionStatus_dwNumberOfBytesTransferred] = packet.bytes;
    errands_point(&call, PostQueuedCompletionStatus_lpOverlapped, packet.overlapped, OVERLAPPED_SIZE);
    bool room = errands_world_has_room(e, false);
    errands_note_if(e, (errands_make(e, &call, OWED_REQUESTS) != FALSE) != room,
                    "PostQueuedCompletionStatus has failed, or found room where there is none");
    if (room) owed_post(&e->owed, port, &packet);
}

/* As long as the provider takes, or half of it; or until the next thing is due, or just before that. */
static void tick(struct errands *e, unsigned thread) {
    uint64_t next_ns = model_next_timeout(e->world), ns = PROVIDER_DELAY_NS / (1 + errands_draw(e, 2));
    (void)thread;
    if (next_ns > 0 && next_ns < UINT64_MAX && errands_draw(e, 2) == 0) ns = next_ns - errands_draw(e, 2);
    model_tick(e->world, ns);
}

/* --- errands: threads and processes end --------------------------------------------------------------------------- */

static void end_thread(struct errands *e, unsigned thread) {
    owed_cancel_of_thread(&e->owed, thread, false);
    result_clear(&e->result);
    model_thread_end(e->world, thread, &e->result);
    errands_see_result(e, OWED_REQUESTS);
    for (unsigned i = 0; i < e->requests_count; i++)
        errands_note_if(e, e->owed.requests[i].state == OWED_PENDING && e->owed.requests[i].thread == thread,
                        "a request has outlived its thread");
    owed_forget_thread(&e->owed, thread);
    e->threads[thread].served = 0;
    model_thread_start(e->world, thread, errands_process_of(thread));
}

static void begin_process(struct errands *e, unsigned process) {
    unsigned main_thread = process * THREADS_OF_ONE;
    model_process_start(e->world, process, main_thread, 0, 0x0202);
    for (unsigned i = 1; i < THREADS_OF_ONE; i++) model_thread_start(e->world, main_thread + i, process);
    for (unsigned i = 0; i < EVENTS_OF_ONE; i++) {
        unsigned event = process * EVENTS_OF_ONE + i;
        e->events[event] = errands_plain(e, main_thread, FUNCTION_CreateEventW, 0, i == 0, 0);
        e->owed.set_events[event] = false;
        e->auto_reset[event] = i != 0;
    }
}

static void end_process(struct errands *e, unsigned thread) {
    unsigned process = errands_process_of(thread);
    if (errands_draw(e, 3) > 0) return; /* now and then is enough */
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
    errands_see_result(e, OWED_REQUESTS);
    for (unsigned i = 0; i < e->requests_count; i++)
        errands_note_if(e, e->owed.requests[i].state == OWED_PENDING && e->owed.requests[i].process == process,
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
    errands_take_several,
    errands_take_packet,
    errands_take_packet,
    errands_take_several,
    errands_take_several,
    errands_sleep_a_while,
    errands_sleep_a_while,
    errands_sleep_a_while,
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
    errands_queue_apc,
    errands_queue_apc,
    errands_queue_apc,
    errands_cancel_synchronous,
    errands_wait_for_events,
    errands_wait_for_events,
    errands_wait_for_events,
    errands_set_some_event,
    errands_reset_some_event,
    errands_replace_event,
    errands_replace_event,
    errands_ask_beside_other,
    errands_select_event,
    errands_wait_for_result,
    errands_wait_for_result,
    errands_wait_for_result,
    errands_receive,
    errands_receive,
    errands_receive,
    errands_receive,
    errands_send_datagram,
    errands_send_datagram,
    errands_send_datagram,
};

static void begin(struct errands *e, uint64_t seed) {
    struct world_limits limits = world_limits_small();
    limits.completion_ports = OWED_PORTS + THREADS; /* closed ones stay while threads wait there */
    limits.associations = OWED_SOCKETS;
    limits.handles = PROCESSES * HELD_OF_ONE * (OWED_SOCKETS + OWED_PORTS) + OWED_EVENTS + 1;
    world_limits_add_wire(&limits);
    limits.packet_bytes = 128;
    limits.stream_bytes = 256;
    limits.connections = 1;
    limits.event_waits = THREADS * EVENTS_OF_ONE;
    limits.completions = QUEUED_MAX + PENDING_MAX + 4;
    limits.events = OWED_EVENTS_ALL + OWED_SOCKETS;
    limits.selections = OWED_SOCKETS;
    e->random = seed;
    e->tight = errands_draw(e, 8) == 0;
    if (e->tight) limits.routines = 3;
    if (e->tight) limits.completions = 6;
    assert(world_bytes(&limits) <= sizeof e->memory);
    e->world = world_create(e->memory, &limits);
    e->world->provider_delay_ns = PROVIDER_DELAY_NS;
    e->world->interfaces = INTERFACES;
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
    for (unsigned i = 0; i < EVENTS_OF_ONE; i++) errands_set_event(e, COLLECTOR + process, process * EVENTS_OF_ONE + i);
    errands_settle(e);
}

/* An event that no one can set any more is among those that the thread waits for. */
static bool waits_for_gone_event(const struct errands *e, unsigned thread) {
    const struct errands_thread *row = &e->threads[thread];
    bool gone = row->waited[0] >= OWED_EVENTS || (row->count > 1 && row->waited[1] >= OWED_EVENTS);
    return row->doing == WAITS_FOR_EVENTS && gone;
}

/* Every wait that has a limit is over. */
static void let_time_pass(struct errands *e) {
    enum { LONG_NS = 1000000000 };
    model_tick(e->world, LONG_NS);
    errands_settle(e);
}

/* Takes all that is left: sockets are closed, packets are taken, ports are closed, routines run. */
static void collect(struct errands *e) {
    for (unsigned process = 0; process < PROCESSES && e->wrong == NULL; process++) {
        unsigned thread = COLLECTOR + process;
        model_thread_start(e->world, thread, process);
        for (unsigned i = 0; i < OWED_SOCKETS; i++)
            while (e->wrong == NULL && held_by(&e->sockets[i], process) > 0) close_one(e, thread, i);
    }
    if (e->wrong == NULL) let_time_pass(e);
    for (unsigned i = 0; i < OWED_PORTS && e->wrong == NULL; i++) {
        if (!e->owed.open_ports[i]) continue;
        unsigned thread = COLLECTOR + (held_by(&e->ports[i], 0) > 0 ? 0 : 1);
        while (e->wrong == NULL && errands_take(e, thread, i, 0)) continue;
        errands_note(e, owed_settled(&e->owed, OWED_NONE, e->world->now_ns));
        if (e->wrong != NULL) return;
        errands_note_if(e, e->owed.packets[i].first != e->owed.packets[i].end, "a packet was lost");
        for (unsigned process = 0; process < PROCESSES; process++)
            while (e->wrong == NULL && held_by(&e->ports[i], process) > 0)
                close_handle_of_port(e, COLLECTOR + process, i);
        errands_settle(e);
    }
    for (unsigned i = 0; i < THREADS && e->wrong == NULL; i++) end_event_waits(e, errands_process_of(i));
    for (unsigned i = 0; i < THREADS && e->wrong == NULL; i++) {
        bool for_ever = waits_for_gone_event(e, i), rests = e->threads[i].doing == WAITS_FOR_ROUTINES;
        errands_note_if(e, e->threads[i].doing != RUNS && !rests && !for_ever, "a thread waits for what is gone");
        if (for_ever) owed_forget_thread(&e->owed, i);
        if (e->threads[i].doing == RUNS) errands_sleep(e, i, 0, true);
    }
    if (e->wrong == NULL) errands_note(e, owed_nothing(&e->owed));
    if (e->wrong == NULL) errands_note(e, model_check(e->world));
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
    unsigned events = ERRANDS_MIN + errands_draw(&e, ERRANDS_MAX - ERRANDS_MIN + 1);
    bool pended = false;
    for (*event = 0; *event < events && e.wrong == NULL;) {
        unsigned thread = errands_pick_thread(&e);
        if (thread == OWED_NONE) end_process(&e, 0);
        else errands[errands_draw(&e, sizeof errands / sizeof errands[0])](&e, thread);
        ++*event;
        if (e.wrong == NULL && errands_draw(&e, 4) > 0) errands_settle(&e);
        pended = pended || something_pends(&e);
        errands_note_if(&e, !e.tight && e.world->full != 0, "the world was full: the sequence is too large for it");
    }
    if (e.wrong == NULL) errands_settle(&e);
    if (e.wrong == NULL) collect(&e);
    tally->sequences++;
    tally->events += *event;
    tally->pending += pended;
    return e.wrong;
}
