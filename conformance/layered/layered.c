#include "conformance/layered/layered.h"

#include <string.h>

enum { CATALOGUE_ENTRY = 1, LOOK_MS = 10 };

static WSPUPCALLTABLE upcalls;

void layered_use(const WSPUPCALLTABLE *given) { upcalls = *given; }

const WSPUPCALLTABLE *layered_upcalls(void) { return &upcalls; }

/* --- what is alike for all calls ---------------------------------------------------------------------------------- */

int layered_fail(LPINT error_out, int error) {
    if (error_out != NULL && !faulty(FAULT_no_error_code)) *error_out = error;
    return faulty(FAULT_failure_returns_zero) ? 0 : SOCKET_ERROR;
}

int layered_answer(LPINT error_out, int error) { return error == 0 ? 0 : layered_fail(error_out, error); }

/* The socket of a handle, and the lock is the caller's then. */
static struct layered_socket *find(SOCKET s) {
    DWORD_PTR context = 0;
    int unknown = 0;
    bool known = s != 0 && s != INVALID_SOCKET && upcalls.lpWPUQuerySocketHandleContext(s, &context, &unknown) == 0;
    lower_lock();
    struct layered_socket *socket = known ? socket_at(context) : NULL;
    if (socket == NULL) lower_unlock();
    return socket;
}

struct layered_socket *layered_enter(SOCKET s, LPINT error_out) {
    struct layered_socket *socket = find(s);
    if (socket == NULL) layered_fail(error_out, faulty(FAULT_not_socket_is_invalid) ? WSAEINVAL : WSAENOTSOCK);
    return socket;
}

int layered_leave(LPINT error_out, int error) {
    lower_unlock();
    return layered_answer(error_out, error);
}

bool layered_look_at(SOCKET s, struct layered_socket *seen, LPINT error_out) {
    const struct layered_socket *socket = layered_enter(s, error_out);
    if (socket == NULL) return false;
    *seen = *socket;
    lower_unlock();
    return true;
}

long layered_repeat(SOCKET s, layered_try *attempt, void *call, uint8_t wanted, uint32_t limit_ms) {
    const uint64_t begun_ms = lower_clock_ms();
    for (bool again = false;; again = true) {
        struct layered_socket *socket = find(s);
        if (socket == NULL) return again ? -WSAEINTR : faulty(FAULT_not_socket_is_invalid) ? -WSAEINVAL : -WSAENOTSOCK;
        long brought = attempt(socket, call);
        struct lower_watch watch = { .socket = socket->lower, .wanted = wanted };
        watch.connecting = socket->phase == PHASE_CONNECTING;
        bool waits = brought == -WSAEWOULDBLOCK && !socket->nonblocking;
        lower_unlock();
        if (!waits) return brought;
        if (limit_ms != 0 && lower_clock_ms() - begun_ms >= limit_ms) return -WSAETIMEDOUT;
        (void)lower_wait(&watch, 1, LOOK_MS);
    }
}

/* --- addresses ---------------------------------------------------------------------------------------------------- */

int layered_read_address(const struct layered_socket *socket, const struct sockaddr *name, int length,
                         struct lower_address *out) {
    struct sockaddr_in6 six;
    int needed = socket->v6 ? (int)sizeof(struct sockaddr_in6) : (int)sizeof(struct sockaddr_in);
    if (name == NULL || length < needed || !lower_readable(name, (size_t)needed)) return WSAEFAULT;
    memcpy(&six, name, (size_t)needed);
    if (six.sin6_family != (socket->v6 ? AF_INET6 : AF_INET)) return WSAEAFNOSUPPORT;
    memset(out, 0, sizeof *out);
    out->v6 = socket->v6;
    const uint8_t *bytes = (const uint8_t *)&six;
    out->port = (uint16_t)(bytes[2] << 8 | bytes[3]);
    memcpy(out->bytes, bytes + (socket->v6 ? 8 : 4), socket->v6 ? 16 : 4);
    return 0;
}

int layered_write_address(const struct lower_address *address, struct sockaddr *name, LPINT length) {
    uint8_t bytes[sizeof(struct sockaddr_in6)] = { 0 };
    int needed = address->v6 ? (int)sizeof(struct sockaddr_in6) : (int)sizeof(struct sockaddr_in);
    if (!lower_readable(length, sizeof *length) || *length < needed || !lower_readable(name, (size_t)needed))
        return WSAEFAULT;
    bytes[0] = address->v6 ? AF_INET6 : AF_INET;
    bytes[2] = (uint8_t)(address->port >> 8);
    bytes[3] = (uint8_t)address->port;
    memcpy(bytes + (address->v6 ? 8 : 4), address->bytes, address->v6 ? 16 : 4);
    memcpy(name, bytes, (size_t)needed);
    *length = needed;
    return 0;
}

/* --- sockets ------------------------------------------------------------------------------------------------------ */

struct layered_socket *layered_admit(int lower, bool v6, bool stream, LPINT error) {
    lower_lock();
    struct layered_socket *socket = socket_add(lower, v6, stream);
    lower_unlock();
    SOCKET made = INVALID_SOCKET;
    if (socket == NULL) layered_fail(error, WSAEMFILE);
    else made = upcalls.lpWPUCreateSocketHandle(CATALOGUE_ENTRY, (DWORD_PTR)socket_context(socket), error);
    if (made != INVALID_SOCKET) return socket->handle = made, socket;
    lower_lock();
    if (socket != NULL) (void)layer_close(socket);
    else (void)lower_close(lower);
    lower_unlock();
    return NULL;
}

int layered_bind_implicitly(struct layered_socket *socket) {
    const struct lower_address any = { .v6 = socket->v6 };
    return socket->bound ? 0 : layer_bind(socket, &any);
}

void layered_settle(struct layered_socket *socket) {
    if (socket->phase != PHASE_CONNECTING) return;
    struct lower_watch watch = { .socket = socket->lower, .connecting = true, .wanted = LOWER_WRITE | LOWER_EXCEPT };
    if (lower_wait(&watch, 1, 0) <= 0) return;
    socket->error = (watch.ready & LOWER_EXCEPT) != 0 ? lower_error(socket->lower) : 0;
    socket->phase = socket->error == 0 ? PHASE_CONNECTED : PHASE_FAILED;
}
