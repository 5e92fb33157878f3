#include "conformance/layered/connections.h"

#include <string.h>

#include "conformance/layered/events.h"
#include "conformance/layered/layered.h"

int connection_is_there(struct layered_socket *socket) {
    layered_settle(socket);
    if (socket->phase != PHASE_CONNECTED) return WSAENOTCONN;
    return socket->error;
}

int WSPAPI layered_listen(SOCKET s, int backlog, LPINT error) {
    struct layered_socket *socket = layered_enter(s, error);
    if (socket == NULL) return SOCKET_ERROR;
    int wrong = socket->bound ? lower_listen(socket->lower, backlog) : WSAEINVAL;
    if (wrong == 0) socket->phase = PHASE_LISTENING;
    return layered_leave(error, wrong);
}

/* --- accept ------------------------------------------------------------------------------------------------------- */

struct accepting {
    struct lower_address from;
    struct layered_socket listener; /* as it was then */
};

/* A descriptor. */
static long try_to_accept(struct layered_socket *socket, void *call) {
    struct accepting *accepting = call;
    long made = lower_accept(socket->lower, &accepting->from);
    events_enable(socket, FD_ACCEPT);
    accepting->listener = *socket;
    return made;
}

/* It is as its listener is, and what is selected for that is selected for it, too (W143). */
static void inherit(struct layered_socket *accepted, const struct layered_socket *listener) {
    lower_lock();
    accepted->bound = true;
    accepted->overlapped = listener->overlapped;
    accepted->nonblocking = listener->nonblocking;
    accepted->receive_limit_ms = listener->receive_limit_ms;
    accepted->send_limit_ms = listener->send_limit_ms;
    memcpy(accepted->options, listener->options, sizeof accepted->options); /* the host has them, too */
    accepted->phase = PHASE_CONNECTED;
    if (!faulty(FAULT_selection_not_inherited))
        events_select(accepted, listener->events.object, listener->events.selected);
    lower_unlock();
}

SOCKET WSPAPI layered_accept(SOCKET s, struct sockaddr *name, LPINT length, LPCONDITIONPROC condition, DWORD_PTR data,
                             LPINT error) {
    struct accepting accepting;
    (void)data;
    if (name != NULL && lower_readable(length, sizeof *length) && *length < (INT)sizeof(struct sockaddr_in))
        return layered_fail(error, WSAEFAULT), INVALID_SOCKET; /* and no one is accepted (W139) */
    if (condition != NULL) {                                   /* sockets of POSIX ask no one before they accept */
        *error = WSAEOPNOTSUPP;
        return INVALID_SOCKET;
    }
    long made = layered_repeat(s, try_to_accept, &accepting, LOWER_READ, 0);
    if (made < 0) layered_fail(error, (int)-made);
    struct layered_socket *accepted = made < 0 ? NULL : layered_admit((int)made, accepting.listener.v6, true, error);
    if (accepted == NULL) return INVALID_SOCKET;
    inherit(accepted, &accepting.listener); /* no other thread knows the handle yet */
    if (name != NULL) (void)layered_write_address(&accepting.from, name, length);
    return (SOCKET)accepted->handle;
}

/* --- connect ------------------------------------------------------------------------------------------------------ */

struct connecting {
    const struct sockaddr *name;
    int length;
    bool begun;
};

/* What has a connection, or is about to, gets no other one (W144). */
static int already(struct layered_socket *socket) {
    layered_settle(socket);
    if (!socket->stream) return 0;
    switch (socket->phase) {
    case PHASE_LISTENING: return WSAEINVAL;
    case PHASE_CONNECTED: return WSAEISCONN;
    case PHASE_CONNECTING: return WSAEALREADY;
    default: return 0;
    }
}

static long begin_to_connect(struct layered_socket *socket, struct connecting *connecting) {
    struct lower_address address;
    int wrong = layered_read_address(socket, connecting->name, connecting->length, &address);
    if (wrong == 0) wrong = already(socket);
    if (wrong == 0) wrong = layered_bind_implicitly(socket);
    if (wrong != 0) return -wrong;
    wrong = lower_connect(socket->lower, &address);
    if (wrong != 0 && wrong != WSAEWOULDBLOCK) return -wrong;
    connecting->begun = true;
    socket->called = true;
    socket->error = 0;
    socket->phase = wrong == 0 ? PHASE_CONNECTED : PHASE_CONNECTING;
    events_enable(socket, FD_CONNECT | FD_WRITE);
    return -wrong;
}

static long try_to_connect(struct layered_socket *socket, void *call) {
    struct connecting *connecting = call;
    if (!connecting->begun) return begin_to_connect(socket, connecting);
    layered_settle(socket);
    int failed = socket->error;
    if (socket->phase == PHASE_FAILED) socket->error = 0; /* it was said: SO_ERROR has none (W151) */
    return socket->phase == PHASE_CONNECTING ? -WSAEWOULDBLOCK : -failed;
}

int WSPAPI layered_connect(SOCKET s, const struct sockaddr *name, int length, LPWSABUF caller, LPWSABUF callee,
                           LPQOS qos, LPQOS group_qos, LPINT error) {
    struct connecting connecting = { .name = name, .length = length };
    (void)callee, (void)qos, (void)group_qos; /* no protocol here sends data with a connect */
    if (caller != NULL && !lower_readable(caller, sizeof *caller)) return layered_fail(error, WSAEFAULT);
    return layered_answer(error, (int)-layered_repeat(s, try_to_connect, &connecting, LOWER_WRITE | LOWER_EXCEPT, 0));
}

/* --- shutdown ----------------------------------------------------------------------------------------------------- */

/* What no longer receives is noted here: what pends is still to get what comes (W160), and a host would end it. */
static int shut(struct layered_socket *socket, int how) {
    if (how != SD_RECEIVE && how != SD_SEND && how != SD_BOTH) return WSAEINVAL;
    int wrong = socket->stream ? connection_is_there(socket) : 0;
    if (wrong == 0 && socket->stream && how != SD_RECEIVE) wrong = lower_shutdown(socket->lower, SD_SEND);
    if (wrong != 0) return wrong;
    socket->no_more_receives = socket->no_more_receives || how != SD_SEND;
    socket->no_more_sends = socket->no_more_sends || how != SD_RECEIVE;
    return 0;
}

int WSPAPI layered_shutdown(SOCKET s, int how, LPINT error) {
    struct layered_socket *socket = layered_enter(s, error);
    return socket == NULL ? SOCKET_ERROR : layered_leave(error, shut(socket, how));
}
