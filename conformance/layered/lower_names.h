/* Addresses and options as the system names them. Both systems spell them alike, with values of their own, in headers
 * of their own: these come first. */
#ifndef RESERVOIR_CONFORMANCE_LAYERED_LOWER_NAMES_H
#define RESERVOIR_CONFORMANCE_LAYERED_LOWER_NAMES_H

#include "conformance/layered/lower.h"

#include <string.h>

/* Returns the name's length. */
static inline socklen_t put(const struct lower_address *address, struct sockaddr_storage *out) {
    memset(out, 0, sizeof *out);
    if (address->v6) {
        struct sockaddr_in6 *six = (struct sockaddr_in6 *)out;
        six->sin6_family = AF_INET6;
        six->sin6_port = htons(address->port);
        six->sin6_scope_id = address->scope;
        memcpy(&six->sin6_addr, address->bytes, sizeof six->sin6_addr);
        return sizeof *six;
    }
    struct sockaddr_in *four = (struct sockaddr_in *)out;
    four->sin_family = AF_INET;
    four->sin_port = htons(address->port);
    memcpy(&four->sin_addr, address->bytes, sizeof four->sin_addr);
    return sizeof *four;
}

static inline void take(const struct sockaddr_storage *from, struct lower_address *address) {
    memset(address, 0, sizeof *address);
    address->v6 = from->ss_family == AF_INET6;
    if (address->v6) {
        const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)from;
        address->port = ntohs(six->sin6_port);
        address->scope = six->sin6_scope_id;
        memcpy(address->bytes, &six->sin6_addr, sizeof six->sin6_addr);
    } else {
        const struct sockaddr_in *four = (const struct sockaddr_in *)from;
        address->port = ntohs(four->sin_port);
        memcpy(address->bytes, &four->sin_addr, sizeof four->sin_addr);
    }
}

static const struct {
    int level, name;
} options[LOWER_OPTIONS] = {
    [LOWER_REUSE] = { SOL_SOCKET, SO_REUSEADDR },     [LOWER_V6_ONLY] = { IPPROTO_IPV6, IPV6_V6ONLY },
    [LOWER_CUT_OFF] = { SOL_SOCKET, SO_LINGER },      [LOWER_KEEPALIVE] = { SOL_SOCKET, SO_KEEPALIVE },
    [LOWER_BROADCAST] = { SOL_SOCKET, SO_BROADCAST }, [LOWER_URGENT_IN_LINE] = { SOL_SOCKET, SO_OOBINLINE },
    [LOWER_SEND_BUFFER] = { SOL_SOCKET, SO_SNDBUF },  [LOWER_RECEIVE_BUFFER] = { SOL_SOCKET, SO_RCVBUF },
    [LOWER_NO_DELAY] = { IPPROTO_TCP, TCP_NODELAY },
};

#endif
