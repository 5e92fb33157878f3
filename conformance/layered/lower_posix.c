#define _GNU_SOURCE /* process_vm_readv */

#include "conformance/layered/lower.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
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
    int type = (stream ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC | SOCK_NONBLOCK;
    int made = socket(v6 ? AF_INET6 : AF_INET, type, 0);
    if (made < 0) return -code_of(errno);
    if (v6) lower_set(made, LOWER_V6_ONLY, true);
    return made;
}

int lower_accept(int socket, struct lower_address *from) {
    struct sockaddr_storage name;
    socklen_t length = sizeof name;
    int made = accept4(socket, (struct sockaddr *)&name, &length, SOCK_CLOEXEC | SOCK_NONBLOCK);
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

int lower_error(int socket) {
    int error = 0;
    socklen_t length = sizeof error;
    int result = getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length);
    return result != 0 ? code_of(errno) : error == 0 ? 0 : code_of(error);
}

/* --- options ------------------------------------------------------------------------------------------------------ */

int lower_set(int socket, enum lower_option option, int value) {
    const struct linger linger = { .l_onoff = value };
    bool lingers = option == LOWER_CUT_OFF;
    return answer(setsockopt(socket, options[option].level, options[option].name,
                             lingers ? (const void *)&linger : (const void *)&value,
                             lingers ? sizeof linger : sizeof value));
}

/* Of buffers the kernel says twice what it was asked for. */
int lower_get(int socket, enum lower_option option, int *value) {
    struct linger linger = { .l_onoff = 0 };
    bool lingers = option == LOWER_CUT_OFF;
    socklen_t length = lingers ? sizeof linger : sizeof *value;
    int result = getsockopt(socket, options[option].level, options[option].name,
                            lingers ? (void *)&linger : (void *)value, &length);
    if (lingers) *value = linger.l_onoff;
    if (option == LOWER_SEND_BUFFER || option == LOWER_RECEIVE_BUFFER) *value /= 2;
    return answer(result);
}

/* A port is shared only by sockets that both ask for it: a placeholder does not. */
int lower_keep_others_off(int socket) {
    (void)socket;
    return 0;
}

/* --- data --------------------------------------------------------------------------------------------------------- */

static int message_flags(unsigned flags) {
    return (flags & LOWER_URGENT ? MSG_OOB : 0) | (flags & LOWER_PEEK ? MSG_PEEK : 0);
}

long lower_send(int socket, const void *bytes, size_t length, unsigned flags, const struct lower_address *to) {
    struct sockaddr_storage name;
    socklen_t name_length = to != NULL ? put(to, &name) : 0;
    ssize_t sent = sendto(socket, bytes, length, message_flags(flags) | MSG_NOSIGNAL,
                          to != NULL ? (struct sockaddr *)&name : NULL, name_length);
    return sent >= 0 ? (long)sent : -code_of(errno);
}

long lower_receive(int socket, void *bytes, size_t length, unsigned flags, struct lower_address *from) {
    struct sockaddr_storage name;
    struct iovec into = { .iov_base = bytes, .iov_len = length };
    struct msghdr message = { .msg_name = &name, .msg_namelen = sizeof name, .msg_iov = &into, .msg_iovlen = 1 };
    memset(&name, 0, sizeof name);
    ssize_t received = recvmsg(socket, &message, message_flags(flags));
    if (received < 0) return -code_of(errno);
    if (from != NULL && message.msg_namelen > 0) take(&name, from);
    return (message.msg_flags & MSG_TRUNC) != 0 ? -10040 : (long)received;
}

/* --- readiness ---------------------------------------------------------------------------------------------------- */

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

/* --- threads ------------------------------------------------------------------------------------------------------ */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void lower_lock(void) { (void)pthread_mutex_lock(&lock); }
void lower_unlock(void) { (void)pthread_mutex_unlock(&lock); }

void lower_sleep_ms(unsigned milliseconds) {
    struct timespec time = { .tv_sec = milliseconds / 1000, .tv_nsec = (long)(milliseconds % 1000) * 1000000 };
    nanosleep(&time, NULL);
}

uint64_t lower_clock_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static pthread_t thread;
static bool begun;

static void *run_thread(void *argument) {
    void (*run)(void);
    memcpy(&run, &argument, sizeof run);
    run();
    return NULL;
}

bool lower_begin(void (*run)(void)) {
    void *argument;
    lower_join();
    memcpy(&argument, &run, sizeof argument);
    begun = pthread_create(&thread, NULL, run_thread, argument) == 0;
    return begun;
}

void lower_join(void) {
    if (begun) (void)pthread_join(thread, NULL);
    begun = false;
}
