#define _GNU_SOURCE /* process_vm_readv */

#include "conformance/layered/lower.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "conformance/layered/lower_names.h"

/* What Winsock calls an error of the kernel's. What is not here is no error that a program could act on: WSAEINVAL. */
static int code_of(int error) {
    static const struct {
        int error, code;
    } codes[] = {
        { EACCES, 10013 },        { EPERM, 10013 },        { EFAULT, 10014 },       { EINVAL, 10022 },
        { EMFILE, 10024 },        { ENFILE, 10024 },       { EAGAIN, 10035 },       { EINPROGRESS, 10035 },
        { EALREADY, 10037 },      { ENOTSOCK, 10038 },     { EBADF, 10038 },        { EMSGSIZE, 10040 },
        { ENOPROTOOPT, 10042 },   { EOPNOTSUPP, 10045 },   { EAFNOSUPPORT, 10047 }, { EADDRINUSE, 10048 },
        { EADDRNOTAVAIL, 10049 }, { ENETDOWN, 10050 },     { ENETUNREACH, 10051 },  { ECONNABORTED, 10053 },
        { ECONNRESET, 10054 },    { EPIPE, 10054 },        { ENOBUFS, 10055 },      { ENOMEM, 10055 },
        { EISCONN, 10056 },       { ENOTCONN, 10057 },     { EDESTADDRREQ, 10057 }, { ETIMEDOUT, 10060 },
        { ECONNREFUSED, 10061 },  { EHOSTUNREACH, 10065 },
    };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (codes[i].error == error) return codes[i].code;
    return 10022;
}

static int answer(int result) { return result >= 0 ? 0 : code_of(errno); }

/* The sockets are the kernel's, and there before us. */
int lower_open(const void *upcalls) {
    (void)upcalls;
    return 0;
}

void lower_shut(void) {}

/* Windows' IPv6 sockets take no IPv4 unless an option says so. */
int lower_socket(bool v6, bool stream) {
    int made = socket(v6 ? AF_INET6 : AF_INET, (stream ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, 0);
    if (made < 0) return -code_of(errno);
    if (v6) lower_only_v6(made, true);
    return made;
}

int lower_accept(int socket, struct lower_address *from) {
    struct sockaddr_storage name;
    socklen_t length = sizeof name;
    int made = accept(socket, (struct sockaddr *)&name, &length);
    if (made < 0) return -code_of(errno);
    take(&name, from);
    return made;
}

int lower_close(int socket) { return answer(close(socket)); }

int lower_bind(int socket, const struct lower_address *address) {
    struct sockaddr_storage name;
    socklen_t length = put(address, &name);
    return answer(bind(socket, (struct sockaddr *)&name, length));
}

int lower_name(int socket, bool of_peer, struct lower_address *address) {
    struct sockaddr_storage name;
    socklen_t length = sizeof name;
    int result = of_peer ? getpeername(socket, (struct sockaddr *)&name, &length)
                         : getsockname(socket, (struct sockaddr *)&name, &length);
    if (result == 0) take(&name, address);
    return answer(result);
}

int lower_listen(int socket, int backlog) { return answer(listen(socket, backlog)); }

int lower_connect(int socket, const struct lower_address *address) {
    struct sockaddr_storage name;
    socklen_t length = put(address, &name);
    return answer(connect(socket, (struct sockaddr *)&name, length));
}

int lower_shutdown(int socket, int how) { return answer(shutdown(socket, how)); }

int lower_nonblocking(int socket, bool on) {
    int flags = fcntl(socket, F_GETFL);
    return answer(fcntl(socket, F_SETFL, on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK));
}

int lower_only_v6(int socket, bool on) {
    int value = on;
    return answer(setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &value, sizeof value));
}

int lower_reuse(int socket, bool on) {
    int value = on;
    return answer(setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &value, sizeof value));
}

/* A port is shared only by sockets that both ask for it: a placeholder does not. */
int lower_keep_others_off(int socket) {
    (void)socket;
    return 0;
}

long lower_send(int socket, const void *bytes, size_t length, const struct lower_address *to) {
    struct sockaddr_storage name;
    socklen_t name_length = to != NULL ? put(to, &name) : 0;
    ssize_t sent =
        sendto(socket, bytes, length, MSG_NOSIGNAL, to != NULL ? (struct sockaddr *)&name : NULL, name_length);
    return sent >= 0 ? (long)sent : -code_of(errno);
}

long lower_receive(int socket, void *bytes, size_t length, struct lower_address *from) {
    struct sockaddr_storage name;
    socklen_t name_length = sizeof name;
    memset(&name, 0, sizeof name);
    ssize_t received = recvfrom(socket, bytes, length, 0, (struct sockaddr *)&name, &name_length);
    if (received < 0) return -code_of(errno);
    if (from != NULL && name_length > 0) take(&name, from);
    return (long)received;
}

/* The kernel finds a socket whose connect failed ready for everything; Windows, for that failure only. */
static uint8_t ready_of(const struct lower_watch *watch, short events) {
    uint8_t ready = 0;
    if (watch->connecting && (events & (POLLERR | POLLHUP)) != 0) ready = LOWER_EXCEPT;
    else {
        if ((events & (POLLIN | POLLERR | POLLHUP)) != 0) ready |= LOWER_READ;
        if ((events & POLLOUT) != 0) ready |= LOWER_WRITE;
        if ((events & POLLPRI) != 0) ready |= LOWER_EXCEPT;
    }
    return ready & watch->wanted;
}

int lower_wait(struct lower_watch *watches, unsigned count, uint32_t limit_ms) {
    struct pollfd rows[LOWER_WATCHES_MAX];
    int ready = 0;
    for (unsigned i = 0; i < count; i++) {
        uint8_t wanted = watches[i].wanted;
        short events = (short)((wanted & LOWER_READ ? POLLIN : 0) | (wanted & LOWER_WRITE ? POLLOUT : 0) |
                               (wanted & LOWER_EXCEPT ? POLLPRI : 0));
        rows[i] = (struct pollfd){ .fd = watches[i].idle ? -1 : watches[i].socket, .events = events };
    }
    int found = poll(rows, count, (int)limit_ms);
    if (found < 0 && errno != EINTR) return -code_of(errno);
    for (unsigned i = 0; i < count; i++) {
        watches[i].ready = found > 0 ? ready_of(&watches[i], rows[i].revents) : 0;
        ready += watches[i].ready != 0;
    }
    return ready;
}

/* The kernel gives both sockets the placeholder's port: the caller's descriptor stays what it was. */
int lower_become(int socket, int placeholder) {
    if (dup3(placeholder, socket, O_CLOEXEC) < 0) return -code_of(errno);
    (void)close(placeholder);
    return socket;
}

bool lower_readable(const void *address, size_t length) {
    uint8_t sink[1024];
    struct iovec from, into = { .iov_base = sink, .iov_len = sizeof sink };
    if (length == 0) return true;
    memcpy(&from.iov_base, &address, sizeof address);
    from.iov_len = length < sizeof sink ? length : sizeof sink;
    return process_vm_readv(getpid(), &into, 1, &from, 1, 0) == (ssize_t)from.iov_len;
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void lower_lock(void) { (void)pthread_mutex_lock(&lock); }
void lower_unlock(void) { (void)pthread_mutex_unlock(&lock); }

void lower_sleep_ms(unsigned milliseconds) {
    struct timespec time = { .tv_sec = milliseconds / 1000, .tv_nsec = (long)(milliseconds % 1000) * 1000000 };
    nanosleep(&time, NULL);
}
