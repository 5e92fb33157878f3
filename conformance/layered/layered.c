/* The layered provider: WSPStartup over the host's own sockets (lower.h), with port reservations added (sockets.h). It
 * shares no code with the model. What a vendor starts from who has a stack and no reservations. */
#include "conformance/layered/layered.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { CATALOGUE_ENTRY = 1 };

static WSPUPCALLTABLE upcalls;
static unsigned startups; /* that no cleanup has undone */

/* An export of ws2_32; elsewhere than on Windows of the program that loaded the provider, NULL where that has none. */
#ifdef _WIN32
#define CLIENT_COMPLETES true
#else
extern int WSPAPI WPUCompleteOverlappedRequest(SOCKET, LPWSAOVERLAPPED, DWORD, DWORD, LPINT) __attribute__((weak));
#define CLIENT_COMPLETES (WPUCompleteOverlappedRequest != NULL)
#endif

int layered_fail(LPINT error_out, int error) {
    if (error_out != NULL && !faulty(FAULT_no_error_code)) *error_out = error;
    return faulty(FAULT_failure_returns_zero) ? 0 : SOCKET_ERROR;
}

static int answer(LPINT error_out, int error) { return error == 0 ? 0 : layered_fail(error_out, error); }

/* The socket of a handle, and the lock is the caller's until leave(). NULL, and it is not: an error was stored. */
struct layered_socket *layered_enter(SOCKET s, LPINT error_out) {
    DWORD_PTR context = 0;
    int unknown = 0;
    bool known = s != 0 && s != INVALID_SOCKET && upcalls.lpWPUQuerySocketHandleContext(s, &context, &unknown) == 0;
    lower_lock();
    struct layered_socket *socket = known ? socket_at(context) : NULL;
    if (socket != NULL) return socket;
    lower_unlock();
    layered_fail(error_out, faulty(FAULT_not_socket_is_invalid) ? WSAEINVAL : WSAENOTSOCK);
    return NULL;
}

static int leave(LPINT error_out, int error) {
    lower_unlock();
    return answer(error_out, error);
}

/* How it is now, for calls that may wait: no one has the lock meanwhile. A thread may close the socket then; the host
 * says what comes of that. False: an error was stored. */
static bool look_at(SOCKET s, struct layered_socket *seen, LPINT error_out) {
    const struct layered_socket *socket = layered_enter(s, error_out);
    if (socket == NULL) return false;
    *seen = *socket;
    lower_unlock();
    return true;
}

/* --- addresses ---------------------------------------------------------------------------------------------------- */

static int read_address(const struct layered_socket *socket, const struct sockaddr *name, int length,
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

static int write_address(const struct lower_address *address, struct sockaddr *name, LPINT length) {
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

/* A row and a handle for a descriptor, which is closed when there is no room. NULL with *error. */
static struct layered_socket *admit(int lower, bool v6, bool stream, LPINT error) {
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

static SOCKET WSPAPI layered_socket(int af, int type, int protocol, LPWSAPROTOCOL_INFOW info, GROUP group, DWORD flags,
                                    LPINT error) {
    (void)info, (void)group;
    int wrong = 0;
    if (af != AF_INET && af != AF_INET6) wrong = WSAEAFNOSUPPORT;
    else if (type != SOCK_STREAM && type != SOCK_DGRAM) wrong = WSAESOCKTNOSUPPORT;
    else if (protocol != 0 && protocol != (type == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP)) wrong = WSAEPROTONOSUPPORT;
    int lower = wrong != 0 ? -wrong : lower_socket(af == AF_INET6, type == SOCK_STREAM);
    if (lower < 0) layered_fail(error, -lower);
    struct layered_socket *socket = lower < 0 ? NULL : admit(lower, af == AF_INET6, type == SOCK_STREAM, error);
    if (socket == NULL) return INVALID_SOCKET;
    socket->overlapped = (flags & WSA_FLAG_OVERLAPPED) != 0;
    return (SOCKET)socket->handle;
}

static int WSPAPI layered_close(SOCKET s, LPINT error) {
    struct layered_socket *socket = layered_enter(s, error);
    if (socket == NULL) return SOCKET_ERROR;
    int wrong = layer_close(socket), unknown = 0;
    lower_unlock();
    (void)upcalls.lpWPUCloseSocketHandle(s, &unknown);
    return answer(error, wrong);
}

static int WSPAPI layered_bind(SOCKET s, const struct sockaddr *name, int length, LPINT error) {
    struct lower_address address;
    struct layered_socket *socket = layered_enter(s, error);
    if (socket == NULL) return SOCKET_ERROR;
    int wrong = read_address(socket, name, length, &address);
    return leave(error, wrong != 0 ? wrong : layer_bind(socket, &address));
}

/* A connect or a sendto binds as bind does, whatever came of it before; `seen` is how the socket is then. */
static int bind_implicitly(SOCKET s, struct layered_socket *seen) {
    int wrong = 0;
    struct layered_socket *socket = layered_enter(s, &wrong);
    if (socket == NULL) return wrong;
    const struct lower_address any = { .v6 = socket->v6 };
    if (!socket->bound) wrong = layer_bind(socket, &any);
    *seen = *socket;
    lower_unlock();
    return wrong;
}

static void is_bound_now(SOCKET s) {
    int unknown = 0;
    struct layered_socket *socket = layered_enter(s, &unknown);
    if (socket == NULL) return;
    socket->bound = true;
    lower_unlock();
}

static int name_of(SOCKET s, bool of_peer, struct sockaddr *name, LPINT length, LPINT error) {
    struct lower_address address;
    struct layered_socket seen;
    if (!look_at(s, &seen, error)) return SOCKET_ERROR;
    if (!of_peer && !seen.bound) return layered_fail(error, WSAEINVAL);
    int wrong = lower_name(seen.lower, of_peer, &address);
    return answer(error, wrong != 0 ? wrong : write_address(&address, name, length));
}

static int WSPAPI layered_sockname(SOCKET s, struct sockaddr *name, LPINT length, LPINT error) {
    return name_of(s, false, name, length, error);
}

static int WSPAPI layered_peername(SOCKET s, struct sockaddr *name, LPINT length, LPINT error) {
    return name_of(s, true, name, length, error);
}

static int set_option(struct layered_socket *socket, int level, int name, int number) {
    if (level == SOL_SOCKET && name == SO_REUSEADDR) return lower_reuse(socket->lower, number != 0);
    if (level == SOL_SOCKET && name == SO_RANDOMIZE_PORT) return socket->randomized = number != 0, 0;
    if (level != IPPROTO_IPV6 || name != IPV6_V6ONLY || !socket->v6) return WSAENOPROTOOPT;
    socket->both_families = number == 0;
    return lower_only_v6(socket->lower, number != 0);
}

static int WSPAPI layered_setsockopt(SOCKET s, int level, int name, const char *value, int length, LPINT error) {
    struct layered_socket *socket = layered_enter(s, error);
    int number = 0;
    if (socket == NULL) return SOCKET_ERROR;
    if (length < (int)sizeof number || !lower_readable(value, sizeof number)) return leave(error, WSAEFAULT);
    memcpy(&number, value, sizeof number);
    return leave(error, set_option(socket, level, name, number));
}

static int WSPAPI layered_getsockopt(SOCKET s, int level, int name, char *value, LPINT length, LPINT error) {
    struct layered_socket seen;
    int number = 0;
    if (!look_at(s, &seen, error)) return SOCKET_ERROR;
    if (!lower_readable(length, sizeof *length) || *length < (int)sizeof number ||
        !lower_readable(value, sizeof number))
        return layered_fail(error, WSAEFAULT);
    if (level == SOL_SOCKET && name == SO_TYPE) number = seen.stream ? SOCK_STREAM : SOCK_DGRAM;
    else if (level == SOL_SOCKET && name == SO_RANDOMIZE_PORT) number = seen.randomized;
    else if (level == IPPROTO_IPV6 && name == IPV6_V6ONLY && seen.v6) number = !seen.both_families;
    else return layered_fail(error, WSAENOPROTOOPT);
    memcpy(value, &number, sizeof number);
    *length = sizeof number;
    return 0;
}

/* --- connections and data ----------------------------------------------------------------------------------------- */

static int WSPAPI layered_listen(SOCKET s, int backlog, LPINT error) {
    struct layered_socket *socket = layered_enter(s, error);
    if (socket == NULL) return SOCKET_ERROR;
    int wrong = socket->bound ? lower_listen(socket->lower, backlog) : WSAEINVAL;
    if (wrong == 0) socket->phase = PHASE_LISTENING;
    return leave(error, wrong);
}

static SOCKET WSPAPI layered_accept(SOCKET s, struct sockaddr *name, LPINT length, LPCONDITIONPROC condition,
                                    DWORD_PTR data, LPINT error) {
    struct lower_address from;
    struct layered_socket seen;
    (void)data;
    if (condition != NULL) { /* sockets of POSIX ask no one before they accept */
        *error = WSAEOPNOTSUPP;
        return INVALID_SOCKET;
    }
    if (!look_at(s, &seen, error)) return INVALID_SOCKET;
    int made = lower_accept(seen.lower, &from);
    if (made < 0) layered_fail(error, -made);
    struct layered_socket *accepted = made < 0 ? NULL : admit(made, seen.v6, true, error);
    if (accepted == NULL) return INVALID_SOCKET;
    accepted->bound = true; /* no other thread knows the handle yet */
    accepted->overlapped = seen.overlapped;
    accepted->phase = PHASE_CONNECTED;
    if (name != NULL) (void)write_address(&from, name, length);
    return (SOCKET)accepted->handle;
}

/* A socket that was closed meanwhile has none. */
static void set_phase(SOCKET s, enum phase phase) {
    int ignored = 0;
    struct layered_socket *socket = layered_enter(s, &ignored);
    if (socket == NULL) return;
    socket->phase = phase;
    lower_unlock();
}

static int WSPAPI layered_connect(SOCKET s, const struct sockaddr *name, int length, LPWSABUF caller, LPWSABUF callee,
                                  LPQOS qos, LPQOS group_qos, LPINT error) {
    struct lower_address address;
    struct layered_socket seen;
    (void)caller, (void)callee, (void)qos, (void)group_qos;
    if (!look_at(s, &seen, error)) return SOCKET_ERROR;
    int wrong = read_address(&seen, name, length, &address);
    if (wrong == 0) wrong = bind_implicitly(s, &seen);
    if (wrong == 0) wrong = lower_connect(seen.lower, &address);
    if (wrong == 0 || wrong == WSAEWOULDBLOCK) set_phase(s, wrong == 0 ? PHASE_CONNECTED : PHASE_CONNECTING);
    return answer(error, wrong);
}

static int WSPAPI layered_shutdown(SOCKET s, int how, LPINT error) {
    struct layered_socket seen;
    return look_at(s, &seen, error) ? answer(error, lower_shutdown(seen.lower, how)) : SOCKET_ERROR;
}

/* From a count or minus an error to what a provider returns. */
static int counted(long moved, LPDWORD count, LPINT error) {
    if (moved < 0) return layered_fail(error, (int)-moved);
    if (count != NULL) *count = (DWORD)moved + (faulty(FAULT_counts_more) ? 100000 : 0);
    return 0;
}

static int WSPAPI layered_sendto(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags,
                                 const struct sockaddr *to, int to_length, LPWSAOVERLAPPED overlapped,
                                 LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT error) {
    struct lower_address address;
    struct layered_socket seen;
    (void)flags, (void)routine, (void)thread;
    if (!look_at(s, &seen, error)) return SOCKET_ERROR;
    if (count != 1 || overlapped != NULL) return layered_fail(error, WSAEOPNOTSUPP);
    if (!lower_readable(buffers->buf, buffers->len)) return layered_fail(error, WSAEFAULT);
    int wrong = to == NULL ? 0 : read_address(&seen, to, to_length, &address);
    if (wrong == 0 && to != NULL) wrong = bind_implicitly(s, &seen);
    if (wrong != 0) return layered_fail(error, wrong);
    long moved = lower_send(seen.lower, buffers->buf, buffers->len, to == NULL ? NULL : &address);
    if (!seen.bound) is_bound_now(s);
    return counted(moved, sent, error);
}

static int WSPAPI layered_send(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags,
                               LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine,
                               LPWSATHREADID thread, LPINT error) {
    return layered_sendto(s, buffers, count, sent, flags, NULL, 0, overlapped, routine, thread, error);
}

static int WSPAPI layered_recvfrom(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD received, LPDWORD flags,
                                   struct sockaddr *from, LPINT from_length, LPWSAOVERLAPPED overlapped,
                                   LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT error) {
    struct lower_address address = { .port = 0 };
    struct layered_socket seen;
    (void)flags, (void)routine, (void)thread;
    if (!look_at(s, &seen, error)) return SOCKET_ERROR;
    if (count != 1 || overlapped != NULL) return layered_fail(error, WSAEOPNOTSUPP);
    if (!lower_readable(buffers->buf, buffers->len)) return layered_fail(error, WSAEFAULT);
    long moved = lower_receive(seen.lower, buffers->buf, buffers->len, &address);
    if (moved >= 0 && from != NULL) (void)write_address(&address, from, from_length);
    return counted(moved, received, error);
}

static int WSPAPI layered_recv(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD received, LPDWORD flags,
                               LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine,
                               LPWSATHREADID thread, LPINT error) {
    return layered_recvfrom(s, buffers, count, received, flags, NULL, NULL, overlapped, routine, thread, error);
}

/* --- control codes ------------------------------------------------------------------------------------------------ */

/* One WSPIoctl, with what it was given. */
struct control {
    struct layered_socket *socket;
    DWORD code;
    const void *in;
    DWORD in_size;
    void *out;
    DWORD out_size;
    DWORD stored;
};

static int read_token(const struct control *control, ULONG64 *token) {
    static ULONG64 last;
    if (control->in == NULL && faulty(FAULT_null_input_accepted)) return *token = last, 0;
    DWORD least = faulty(FAULT_short_input_accepted) ? 7 : sizeof *token;
    if (control->in_size < least) return WSAEFAULT;
    if (!lower_readable(control->in, least)) return faulty(FAULT_bad_input_is_invalid) ? WSAEINVAL : WSAEFAULT;
    *token = 0;
    memcpy(token, control->in, least);
    last = *token;
    return control->out_size != 0 ? WSAEINVAL : 0; /* "must be set to zero" (PAR-06) */
}

static int acquire(struct control *control) {
    INET_PORT_RANGE range;
    uint64_t token = 0;
    if (control->in_size < sizeof range || !lower_readable(control->in, sizeof range)) return WSAEFAULT;
    if (control->out_size < sizeof(INET_PORT_RESERVATION_INSTANCE) && !faulty(FAULT_small_output_accepted))
        return WSAEINVAL;
    if (!lower_readable(control->out, sizeof(INET_PORT_RESERVATION_INSTANCE))) return WSAEFAULT;
    memcpy(&range, control->in, sizeof range);
    const uint8_t *network = (const uint8_t *)&range;
    uint16_t first = (uint16_t)(network[0] << 8 | network[1]);
    uint16_t count = range.NumberOfPorts;
    if (faulty(FAULT_one_port_less) && count > 1) count--;
    int error = block_acquire(control->socket, &first, count, &token);
    if (error != 0) return error;
    uint8_t instance[16] = { 0 };
    instance[0] = (uint8_t)(first >> 8);
    instance[1] = (uint8_t)first;
    memcpy(instance + 2, &count, sizeof count);
    memcpy(instance + 8, &token, sizeof token);
    if (faulty(FAULT_port_in_host_order)) memcpy(instance, &first, sizeof first);
    if (faulty(FAULT_output_garbled)) memset(instance + 2, 0xEE, sizeof count);
    memcpy(control->out, instance, control->out_size < sizeof instance ? control->out_size : sizeof instance);
    control->stored = faulty(FAULT_output_short) ? 3 : sizeof instance;
    return 0;
}

static int associate(struct control *control) {
    ULONG64 token = 0;
    int error = read_token(control, &token);
    if (faulty(FAULT_codes_denied)) return WSAEOPNOTSUPP;
    if (faulty(FAULT_dies)) abort();
    volatile uintptr_t nowhere = 16;
    if (faulty(FAULT_crashes)) return *(volatile int *)nowhere;
    if (faulty(FAULT_dawdles)) lower_sleep_ms(60000);
    if (faulty(FAULT_wouldblock) && control->socket->nonblocking) return WSAEWOULDBLOCK;
    if (error == 0) error = block_associate(control->socket, token);
    if (error == 0 && faulty(FAULT_bytes_eight)) control->stored = 77;
    return error;
}

static int nonblocking(struct control *control) {
    uint32_t on = 0;
    if (control->in_size < sizeof on || !lower_readable(control->in, sizeof on)) return WSAEFAULT;
    memcpy(&on, control->in, sizeof on);
    control->socket->nonblocking = on != 0;
    return lower_nonblocking(control->socket->lower, on != 0);
}

static int execute(struct control *control) {
    ULONG64 token = 0;
    int error = 0;
    switch (control->code) {
    case SIO_ACQUIRE_PORT_RESERVATION: return acquire(control);
    case SIO_ASSOCIATE_PORT_RESERVATION: return associate(control);
    case SIO_RELEASE_PORT_RESERVATION:
        error = read_token(control, &token);
        return error != 0 ? error : block_release(control->socket, token);
    case FIONBIO: return nonblocking(control);
    default: return WSAEOPNOTSUPP;
    }
}

/* A routine on its way to the caller's thread. */
struct completion {
    LPWSAOVERLAPPED overlapped;
    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine;
    DWORD bytes;
};

static VOID CALLBACK run_routine(DWORD_PTR context) {
    struct completion *completion = (struct completion *)context;
    const struct completion done = *completion;
    free(completion);
    done.routine(faulty(FAULT_routine_says_failed) ? WSAENOTCONN : 0, done.bytes,
                 faulty(FAULT_routine_of_no_request) ? NULL : done.overlapped, 0);
}

/* A request without a routine is done: its event is set, and its completion port gets a packet, which only ws2_32
 * can reach. */
static void inform(SOCKET s, LPWSAOVERLAPPED overlapped, DWORD bytes) {
    int error = 0;
    overlapped->InternalHigh = bytes;
    overlapped->Internal = faulty(FAULT_event_not_set) ? 0 : STATUS_PENDING;
    if (faulty(FAULT_event_not_set)) return;
    if (CLIENT_COMPLETES && !faulty(FAULT_status_left_pending)) {
        (void)WPUCompleteOverlappedRequest(s, overlapped, 0, bytes, &error);
        return;
    }
    if (!faulty(FAULT_status_left_pending)) overlapped->Internal = 0;
    if (overlapped->hEvent != NULL) upcalls.lpWPUSetEvent(overlapped->hEvent, &error);
}

/* The routine is queued. The thread is named by a copy: a provider that completes later must not look at the
 * caller's. */
static void queue_routine(LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread,
                          DWORD bytes) {
    static LPWSATHREADID kept;
    int error = 0;
    overlapped->InternalHigh = bytes;
    overlapped->Internal = faulty(FAULT_status_left_pending) ? STATUS_PENDING : 0;
    WSATHREADID copy = *thread;
    if (faulty(FAULT_thread_id_by_pointer)) {
        if (kept != NULL && lower_readable(kept, sizeof copy)) copy = *kept;
        else memset(&copy, 0, sizeof copy);
        kept = thread;
    }
    for (unsigned times = faulty(FAULT_routine_lost) ? 0 : faulty(FAULT_routine_twice) ? 2 : 1; times > 0; times--) {
        struct completion *completion = malloc(sizeof *completion);
        if (completion == NULL) return;
        *completion = (struct completion){ .overlapped = overlapped, .routine = routine, .bytes = bytes };
        if (upcalls.lpWPUQueueApc(&copy, run_routine, (DWORD_PTR)completion, &error) != 0) free(completion);
    }
}

static int WSPAPI layered_ioctl(SOCKET s, DWORD code, LPVOID in, DWORD in_size, LPVOID out, DWORD out_size,
                                LPDWORD bytes, LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine,
                                LPWSATHREADID thread, LPINT error) {
    struct layered_socket seen;
    if (!look_at(s, &seen, error)) return SOCKET_ERROR;
    bool counts = overlapped != NULL && seen.overlapped;
    bool bytes_there = lower_readable(bytes, sizeof *bytes);
    if (!bytes_there && !(bytes == NULL && faulty(FAULT_null_bytes_accepted)))
        return layered_fail(error, faulty(FAULT_bad_bytes_reported_late) ? WSAEINVAL : WSAEFAULT);
    if (counts && !lower_readable(overlapped, sizeof *overlapped)) {
        if (!faulty(FAULT_bad_overlapped_ignored)) return layered_fail(error, WSAEFAULT);
        counts = false;
    }
    if (counts && routine != NULL && !lower_readable((const void *)(uintptr_t)routine, 1))
        return layered_fail(error, WSAEFAULT);
    struct control control = { .code = code, .in = in, .in_size = in_size, .out = out, .out_size = out_size };
    int error_event = 0;
    if (counts && routine == NULL && overlapped->hEvent != NULL)
        upcalls.lpWPUResetEvent(overlapped->hEvent, &error_event);
    control.socket = layered_enter(s, error);
    if (control.socket == NULL) return SOCKET_ERROR;
    int failed = execute(&control);
    lower_unlock();
    bool stores = !counts && bytes_there && failed != WSAEFAULT && !faulty(FAULT_bytes_left_alone);
    if (stores) *bytes = failed == 0 ? control.stored : 0;
    if (failed != 0) return layered_fail(error, failed);
    if (counts && routine == NULL) inform(s, overlapped, control.stored);
    else if (counts) queue_routine(overlapped, routine, thread, control.stored);
    else if (overlapped != NULL && faulty(FAULT_event_without_overlapped))
        upcalls.lpWPUSetEvent(overlapped->hEvent, &error_event);
    return code == SIO_ASSOCIATE_PORT_RESERVATION && faulty(FAULT_success_returns_one);
}

/* All is done at once here: there is nothing to wait for. */
static BOOL WSPAPI layered_result(SOCKET s, LPWSAOVERLAPPED overlapped, LPDWORD bytes, BOOL wait, LPDWORD flags,
                                  LPINT error) {
    struct layered_socket seen;
    (void)wait;
    if (!look_at(s, &seen, error)) return FALSE;
    bool there = lower_readable(overlapped, sizeof *overlapped) && lower_readable(bytes, sizeof *bytes) &&
                 lower_readable(flags, sizeof *flags);
    if (!there || overlapped->Internal != 0) {
        layered_fail(error, !there                                   ? WSAEFAULT
                            : overlapped->Internal == STATUS_PENDING ? WSA_IO_INCOMPLETE
                                                                     : WSAEINVAL);
        return FALSE;
    }
    *bytes = (DWORD)overlapped->InternalHigh;
    *flags = 0;
    return TRUE;
}

/* --- what is not there -------------------------------------------------------------------------------------------- */

static int WSPAPI no_duplicate(SOCKET s, DWORD process, LPWSAPROTOCOL_INFOW info, LPINT error) {
    (void)s, (void)process, (void)info;
    return layered_fail(error, WSAEOPNOTSUPP);
}
static INT WSPAPI no_string(LPSOCKADDR a, DWORD b, LPWSAPROTOCOL_INFOW c, LPWSTR d, LPDWORD e, LPINT error) {
    (void)a, (void)b, (void)c, (void)d, (void)e;
    return layered_fail(error, WSAEOPNOTSUPP);
}
static INT WSPAPI no_address(LPWSTR a, INT b, LPWSAPROTOCOL_INFOW c, LPSOCKADDR d, LPINT e, LPINT error) {
    (void)a, (void)b, (void)c, (void)d, (void)e;
    return layered_fail(error, WSAEOPNOTSUPP);
}
static int WSPAPI no_messages(SOCKET s, HWND a, unsigned int b, LONG_OF_EVENTS c, LPINT error) {
    (void)s, (void)a, (void)b, (void)c;
    return layered_fail(error, WSAEOPNOTSUPP);
}
static int WSPAPI no_events(SOCKET s, WSAEVENT a, LONG_OF_EVENTS b, LPINT error) {
    (void)s, (void)a, (void)b;
    return layered_fail(error, WSAEOPNOTSUPP);
}
static int WSPAPI no_event_list(SOCKET s, WSAEVENT a, LPWSANETWORKEVENTS b, LPINT error) {
    (void)s, (void)a, (void)b;
    return layered_fail(error, WSAEOPNOTSUPP);
}
static int WSPAPI no_cancel(LPINT error) { return layered_fail(error, WSAEOPNOTSUPP); }
static BOOL WSPAPI no_qos(SOCKET s, LPWSABUF a, LPQOS b, LPINT error) {
    (void)s, (void)a, (void)b;
    layered_fail(error, WSAEOPNOTSUPP);
    return FALSE;
}
static SOCKET WSPAPI no_leaf(SOCKET s, const struct sockaddr *a, int b, LPWSABUF c, LPWSABUF d, LPQOS e, LPQOS f,
                             DWORD g, LPINT error) {
    (void)s, (void)a, (void)b, (void)c, (void)d, (void)e, (void)f, (void)g;
    layered_fail(error, WSAEOPNOTSUPP);
    return INVALID_SOCKET;
}
static int WSPAPI no_disconnect(SOCKET s, LPWSABUF a, LPINT error) {
    (void)s, (void)a;
    return layered_fail(error, WSAEOPNOTSUPP);
}

static void close_handle(uint64_t handle) {
    int unknown = 0;
    (void)upcalls.lpWPUCloseSocketHandle((SOCKET)handle, &unknown);
}

static int WSPAPI layered_cleanup(LPINT error) {
    lower_lock();
    if (startups == 0) return leave(error, WSANOTINITIALISED);
    if (--startups == 0) {
        sockets_close_all(close_handle);
        lower_shut();
    }
    return leave(error, 0);
}

static const WSPPROC_TABLE table = {
    .lpWSPAccept = layered_accept,
    .lpWSPAddressToString = no_string,
    .lpWSPAsyncSelect = no_messages,
    .lpWSPBind = layered_bind,
    .lpWSPCancelBlockingCall = no_cancel,
    .lpWSPCleanup = layered_cleanup,
    .lpWSPCloseSocket = layered_close,
    .lpWSPConnect = layered_connect,
    .lpWSPDuplicateSocket = no_duplicate,
    .lpWSPEnumNetworkEvents = no_event_list,
    .lpWSPEventSelect = no_events,
    .lpWSPGetOverlappedResult = layered_result,
    .lpWSPGetPeerName = layered_peername,
    .lpWSPGetSockName = layered_sockname,
    .lpWSPGetSockOpt = layered_getsockopt,
    .lpWSPGetQOSByName = no_qos,
    .lpWSPIoctl = layered_ioctl,
    .lpWSPJoinLeaf = no_leaf,
    .lpWSPListen = layered_listen,
    .lpWSPRecv = layered_recv,
    .lpWSPRecvDisconnect = no_disconnect,
    .lpWSPRecvFrom = layered_recvfrom,
    .lpWSPSelect = layered_select,
    .lpWSPSend = layered_send,
    .lpWSPSendDisconnect = no_disconnect,
    .lpWSPSendTo = layered_sendto,
    .lpWSPSetSockOpt = layered_setsockopt,
    .lpWSPShutdown = layered_shutdown,
    .lpWSPSocket = layered_socket,
    .lpWSPStringToAddress = no_address,
};

PROVIDER_EXPORT int WSPAPI WSPStartup(WORD wanted, LPWSPDATA data, LPWSAPROTOCOL_INFOW info, WSPUPCALLTABLE given,
                                      LPWSPPROC_TABLE functions) {
    (void)info;
    memset(data, 0, sizeof *data);
    data->wVersion = data->wHighVersion = 0x0202;
    if ((wanted & 0xFF) < 2) return WSAVERNOTSUPPORTED;
    lower_lock();
    upcalls = given;
    int wrong = startups == 0 ? lower_open(&upcalls) : 0;
    if (wrong == 0) startups++;
    lower_unlock();
    if (wrong != 0) return wrong;
    *functions = table;
    return 0;
}
