#include <string.h>

#include "stack/errors.h"
#include "stack/io/tests/errands_machine.h"
#include "stack/sdk/network_event_values.h"
#include "stack/sdk/socket_values.h"

enum { LENGTH_MAX = 8, FIRST_NAME = 20000, LOOPBACK = 127 };

static unsigned pick_udp(struct errands *e, unsigned process) {
    unsigned socket = errands_pick_socket(e, process, true);
    return socket != OWED_NONE && e->udp[socket] ? socket : (unsigned)OWED_NONE;
}

static void put_name(struct call *call, unsigned argument, uint16_t port) {
    uint8_t name[SOCKADDR_IN_SIZE] = { AF_INET };
    store_u16_network(name + 2, port);
    name[4] = LOOPBACK;
    name[7] = 1;
    errands_point_in(call, argument, NAME_AT, name, sizeof name);
    call->arguments[argument + 1] = sizeof name; /* its length comes next, of bind and of sendto */
}

void errands_bind(struct errands *e, unsigned thread, unsigned socket) {
    struct call call = errands_call_of(thread, FUNCTION_bind);
    e->names[socket] = (uint16_t)(FIRST_NAME + e->names_count++); /* a new one each time: what is under way is lost */
    call.arguments[bind_s] = errands_handle_of(e, &e->sockets[socket], thread);
    put_name(&call, bind_name, e->names[socket]);
    errands_note_if(e, errands_make(e, &call, OWED_REQUESTS) != 0, "bind has failed");
}

/* Does a receive wait on this socket that no one has cancelled? */
static bool is_in_line(const struct errands *e, unsigned socket) {
    for (unsigned i = 0; i < e->requests_count; i++) {
        const struct owed_request *request = &e->owed.requests[i];
        bool waits = request->state == OWED_PENDING && request->kind == OWED_RECEIVE && !request->cancelled;
        if (waits && request->socket == socket) return true;
    }
    return false;
}

void errands_receive(struct errands *e, unsigned thread) {
    static const struct errands_places places = { WSARecv_lpOverlapped, WSARecv_lpCompletionRoutine };
    static const uint8_t no_flags[4];
    unsigned socket = pick_udp(e, errands_process_of(thread));
    if (socket == OWED_NONE || !errands_may_issue(e)) return;
    struct owed_request request = errands_new_request(e, thread, socket);
    request.kind = OWED_RECEIVE;
    request.bytes = 1 + errands_draw(e, LENGTH_MAX);
    uint64_t buffer = BUFFERS_AT + (uint64_t)e->requests_count * BUFFER_STRIDE;
    struct call call = errands_call_of(thread, FUNCTION_WSARecv);
    call.arguments[WSARecv_s] = errands_handle_of(e, &e->sockets[socket], thread);
    call.buffers[0].range = (struct range){ .state = RANGE_GOOD, .address = buffer, .length = request.bytes };
    call.buffers[0].length = request.bytes;
    call.buffers_count = 1;
    errands_point(&call, WSARecv_lpBuffers, IN_AT, WSABUF_SIZE);
    call.arguments[WSARecv_dwBufferCount] = 1;
    errands_point(&call, WSARecv_lpNumberOfBytesRecvd, BYTES_AT, 4);
    errands_point_in(&call, WSARecv_lpFlags, OUT_AT, no_flags, sizeof no_flags);
    unsigned number = e->requests_count;
    bool served = !is_in_line(e, socket) && owed_datagrams(&e->owed, socket) > 0;
    errands_issue(e, &call, &places, &request);
    errands_note_if(e, served && e->owed.requests[number].state == OWED_PENDING,
                    "a receive pends though a datagram is there that no other one waits for");
}

/* To any socket that is open, of either program. It arrives before anything else is done. */
void errands_send_datagram(struct errands *e, unsigned thread) {
    unsigned from = pick_udp(e, errands_process_of(thread)), to = pick_udp(e, errands_draw(e, PROCESSES));
    unsigned waiting = 0;
    for (unsigned i = 0; i < OWED_SOCKETS; i++) waiting += owed_datagrams(&e->owed, i);
    if (from == OWED_NONE || to == OWED_NONE || waiting >= DATAGRAMS_MAX) return;
    uint8_t data[LENGTH_MAX], serial = (uint8_t)(1 + e->datagrams_count++ % UINT8_MAX);
    uint32_t length = 1 + errands_draw(e, LENGTH_MAX);
    memset(data, serial, sizeof data);
    struct call call = errands_call_of(thread, FUNCTION_sendto);
    call.arguments[sendto_s] = errands_handle_of(e, &e->sockets[from], thread);
    errands_point_in(&call, sendto_buf, OUT_AT, data, length);
    call.arguments[sendto_len] = length;
    put_name(&call, sendto_to, e->names[to]);
    owed_send(&e->owed, to, serial, length);
    errands_note_if(e, errands_make(e, &call, OWED_REQUESTS) != length, "sendto has failed");
    e->tally->datagrams++;
    errands_settle(e);
}

/* An event of the process is to be set by what never happens to a socket for datagrams: the selection names it,
 * whatever becomes of its handle. The socket blocks no one from now on. */
void errands_select_event(struct errands *e, unsigned thread) {
    unsigned process = errands_process_of(thread), socket = pick_udp(e, process);
    unsigned event = process * EVENTS_OF_ONE + errands_draw(e, EVENTS_OF_ONE);
    if (socket == OWED_NONE) return;
    for (unsigned i = 0; i < THREADS; i++)
        if (e->threads[i].doing == BLOCKS && e->threads[i].object == socket) return;
    uint64_t handle = errands_handle_of(e, &e->sockets[socket], thread);
    errands_note_if(e, errands_plain(e, thread, FUNCTION_WSAEventSelect, handle, e->events[event], FD_CLOSE) != 0,
                    "WSAEventSelect has failed");
    e->selected[socket] = true;
}
