#include "conformance/layered/events.h"

#include <string.h>

#include "conformance/layered/layered.h"
#include "conformance/layered/pump.h"

/* The place of an event's error; FD_... are powers of two. */
static unsigned place_of(uint32_t event) {
    unsigned place = 0;
    while (event >> place != 1) place++;
    return place;
}

/* --- what holds --------------------------------------------------------------------------------------------------- */

static uint8_t ready_for(const struct layered_socket *socket, uint8_t wanted) {
    struct lower_watch watch = { .socket = socket->lower, .wanted = wanted };
    return wanted != 0 && lower_wait(&watch, 1, 0) > 0 ? watch.ready : 0;
}

/* A connection that can be read from: is there a byte, or is this its end, and which? */
static uint32_t look_into(struct layered_socket *socket) {
    uint8_t byte = 0;
    long found = socket->error != 0 ? -socket->error : lower_receive(socket->lower, &byte, 1, LOWER_PEEK, NULL);
    if (found > 0) return socket->receives_pending != 0 ? 0 : FD_READ; /* the receive takes the data (W185) */
    if (found == -WSAEWOULDBLOCK) return 0;
    if (found < 0) socket->error = (int)-found;
    socket->events.errors[place_of(FD_CLOSE)] = socket->error;
    return FD_CLOSE;
}

static uint32_t of_connection(struct layered_socket *socket) {
    uint8_t ready = ready_for(socket, events_wanted(socket));
    uint32_t holds = socket->called ? FD_CONNECT : 0;
    if ((ready & LOWER_READ) != 0) holds |= look_into(socket);
    if ((ready & LOWER_WRITE) != 0) holds |= FD_WRITE;
    if ((ready & LOWER_EXCEPT) != 0) holds |= FD_OOB;
    return holds;
}

static uint32_t what_holds(struct layered_socket *socket) {
    if (!socket->stream) {
        uint8_t ready = ready_for(socket, LOWER_READ);
        return FD_WRITE | ((ready & LOWER_READ) != 0 ? FD_READ : 0);
    }
    layered_settle(socket);
    switch (socket->phase) {
    case PHASE_LISTENING: return (ready_for(socket, LOWER_READ) & LOWER_READ) != 0 ? FD_ACCEPT : 0;
    case PHASE_FAILED: socket->events.errors[place_of(FD_CONNECT)] = socket->error; return FD_CONNECT;
    case PHASE_CONNECTED: return of_connection(socket);
    default: return 0;
    }
}

/* --- the record --------------------------------------------------------------------------------------------------- */

void events_look(struct layered_socket *socket) {
    int error = 0;
    if (socket->events.selected == 0) return;
    uint32_t fresh = what_holds(socket) & ~socket->events.waiting;
    socket->events.recorded |= fresh;
    socket->events.waiting |= fresh;
    if ((fresh & socket->events.selected) != 0) layered_upcalls()->lpWPUSetEvent(socket->events.object, &error);
}

void events_enable(struct layered_socket *socket, uint32_t events) {
    if (faulty(FAULT_read_reported_once)) events &= ~(uint32_t)FD_READ;
    socket->events.waiting &= ~events;
    events_look(socket);
}

void events_select(struct layered_socket *socket, void *object, uint32_t selected) {
    memset(&socket->events, 0, sizeof socket->events);
    socket->events.object = object;
    socket->events.selected = selected;
    if (selected == 0) return;
    events_look(socket);
    pump_begin();
}

uint8_t events_wanted(const struct layered_socket *socket) {
    uint32_t open = socket->events.selected & ~socket->events.waiting;
    if (socket->phase == PHASE_CONNECTING) return LOWER_WRITE | LOWER_EXCEPT;
    if (socket->stream && (socket->phase == PHASE_NEW || socket->phase == PHASE_FAILED)) return 0;
    uint8_t wanted = (open & (FD_READ | FD_ACCEPT)) != 0 ? LOWER_READ : 0;
    /* The end of a connection is behind its data: while that is reported and not read, it cannot be seen. */
    if ((open & FD_CLOSE) != 0 && (socket->events.waiting & FD_READ) == 0) wanted |= LOWER_READ;
    if (socket->stream && (open & FD_WRITE) != 0) wanted |= LOWER_WRITE;
    bool apart = socket->stream && socket->options[LOWER_URGENT_IN_LINE] == 0; /* what is in line is read (T14.5) */
    return wanted | (apart && (open & FD_OOB) != 0 ? LOWER_EXCEPT : 0);
}

/* --- the calls ---------------------------------------------------------------------------------------------------- */

int WSPAPI layered_event_select(SOCKET s, WSAEVENT event, LONG_OF_EVENTS events, LPINT error) {
    struct layered_socket *socket = layered_enter(s, error);
    if (socket == NULL) return SOCKET_ERROR;
    if (events != 0 && event == NULL) return layered_leave(error, WSAEINVAL);
    socket->nonblocking = true; /* whatever is selected (N1.10.1) */
    events_select(socket, event, (uint32_t)events);
    return layered_leave(error, 0);
}

/* Takes what is selected; the errors of all else stay as the program has them. */
static void take(struct layered_socket *socket, LPWSANETWORKEVENTS events) {
    uint32_t taken = socket->events.recorded & socket->events.selected;
    if (!faulty(FAULT_events_not_taken)) socket->events.recorded &= ~taken;
    events->lNetworkEvents = (LONG_OF_EVENTS)taken;
    for (unsigned place = 0; place < EVENT_ERRORS; place++)
        if ((taken >> place & 1u) != 0) events->iErrorCode[place] = socket->events.errors[place];
}

int WSPAPI layered_event_list(SOCKET s, WSAEVENT event, LPWSANETWORKEVENTS events, LPINT error) {
    int wrong = 0;
    struct layered_socket *socket = layered_enter(s, error);
    if (socket == NULL) return SOCKET_ERROR;
    if (!lower_readable(events, sizeof *events)) return layered_leave(error, WSAEFAULT);
    events_look(socket);
    if (event != NULL && !layered_upcalls()->lpWPUResetEvent(event, &wrong)) return layered_leave(error, WSAEINVAL);
    take(socket, events);
    return layered_leave(error, 0);
}
