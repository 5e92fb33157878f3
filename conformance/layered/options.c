/* setsockopt and getsockopt: options that the host has, under Winsock's names, and those that are this provider's
 * own. All are numbers, but for SO_LINGER. */
#include "conformance/layered/layered.h"

#include <string.h>

static const struct {
    int level, name;
    enum lower_option lower;
} handed_down[] = {
    { SOL_SOCKET, SO_REUSEADDR, LOWER_REUSE },     { SOL_SOCKET, SO_KEEPALIVE, LOWER_KEEPALIVE },
    { SOL_SOCKET, SO_BROADCAST, LOWER_BROADCAST }, { SOL_SOCKET, SO_OOBINLINE, LOWER_URGENT_IN_LINE },
    { SOL_SOCKET, SO_SNDBUF, LOWER_SEND_BUFFER },  { SOL_SOCKET, SO_RCVBUF, LOWER_RECEIVE_BUFFER },
    { IPPROTO_TCP, TCP_NODELAY, LOWER_NO_DELAY },
};

/* LOWER_OPTIONS: it is none of those. What is of streams only a datagram socket does not have. */
static enum lower_option lower_of(const struct layered_socket *socket, int level, int name) {
    for (size_t i = 0; i < sizeof handed_down / sizeof handed_down[0]; i++)
        if (handed_down[i].level == level && handed_down[i].name == name)
            return level == IPPROTO_TCP && !socket->stream ? LOWER_OPTIONS : handed_down[i].lower;
    return LOWER_OPTIONS;
}

/* The connection is cut off by a close, or not; a close that waits is not to be had here. */
static int set_linger(struct layered_socket *socket, const char *value, int length) {
    uint16_t on_and_seconds[2]; /* a struct linger */
    if (length < (int)sizeof on_and_seconds || !lower_readable(value, sizeof on_and_seconds)) return WSAEFAULT;
    memcpy(on_and_seconds, value, sizeof on_and_seconds);
    if (on_and_seconds[0] != 0 && on_and_seconds[1] != 0) return WSAENOPROTOOPT;
    return socket->stream ? layer_set(socket, LOWER_CUT_OFF, on_and_seconds[0] != 0) : WSAENOPROTOOPT;
}

static int set_option(struct layered_socket *socket, int level, int name, int number) {
    enum lower_option lower = lower_of(socket, level, name);
    if (lower != LOWER_OPTIONS) return layer_set(socket, lower, number);
    if (level == SOL_SOCKET && name == SO_RANDOMIZE_PORT) return socket->randomized = number != 0, 0;
    if (level == SOL_SOCKET && name == SO_RCVTIMEO) return socket->receive_limit_ms = (uint32_t)number, 0;
    if (level == SOL_SOCKET && name == SO_SNDTIMEO) return socket->send_limit_ms = (uint32_t)number, 0;
    if (level != IPPROTO_IPV6 || name != IPV6_V6ONLY || !socket->v6) return WSAENOPROTOOPT;
    socket->both_families = number == 0;
    return lower_set(socket->lower, LOWER_V6_ONLY, number != 0);
}

int WSPAPI layered_setsockopt(SOCKET s, int level, int name, const char *value, int length, LPINT error) {
    struct layered_socket *socket = layered_enter(s, error);
    int number = 0;
    if (socket == NULL) return SOCKET_ERROR;
    if (level == SOL_SOCKET && name == SO_LINGER) return layered_leave(error, set_linger(socket, value, length));
    if (length < (int)sizeof number || !lower_readable(value, sizeof number)) return layered_leave(error, WSAEFAULT);
    memcpy(&number, value, sizeof number);
    return layered_leave(error, set_option(socket, level, name, number));
}

/* SO_ERROR: how its last connect has ended; what a connection has died of its calls say (W165). */
static int error_of(struct layered_socket *socket) {
    layered_settle(socket);
    return socket->phase == PHASE_FAILED ? socket->error : 0;
}

static int get_option(struct layered_socket *socket, int level, int name, int *number) {
    enum lower_option lower = lower_of(socket, level, name);
    if (lower != LOWER_OPTIONS) return lower_get(socket->lower, lower, number);
    if (level == SOL_SOCKET && name == SO_TYPE) return *number = socket->stream ? SOCK_STREAM : SOCK_DGRAM, 0;
    if (level == SOL_SOCKET && name == SO_ERROR) return *number = error_of(socket), 0;
    if (level == SOL_SOCKET && name == SO_RANDOMIZE_PORT) return *number = socket->randomized, 0;
    if (level == SOL_SOCKET && name == SO_RCVTIMEO) return *number = (int)socket->receive_limit_ms, 0;
    if (level == SOL_SOCKET && name == SO_SNDTIMEO) return *number = (int)socket->send_limit_ms, 0;
    /* A struct linger without seconds is its first number. */
    if (level == SOL_SOCKET && name == SO_LINGER && socket->stream)
        return lower_get(socket->lower, LOWER_CUT_OFF, number);
    if (level != IPPROTO_IPV6 || name != IPV6_V6ONLY || !socket->v6) return WSAENOPROTOOPT;
    return *number = !socket->both_families, 0;
}

int WSPAPI layered_getsockopt(SOCKET s, int level, int name, char *value, LPINT length, LPINT error) {
    int number = 0;
    struct layered_socket *socket = layered_enter(s, error);
    if (socket == NULL) return SOCKET_ERROR;
    bool there =
        lower_readable(length, sizeof *length) && *length >= (int)sizeof number && lower_readable(value, sizeof number);
    int wrong = there ? get_option(socket, level, name, &number) : WSAEFAULT;
    if (wrong != 0) return layered_leave(error, wrong);
    memcpy(value, &number, sizeof number);
    *length = sizeof number;
    return layered_leave(error, 0);
}
