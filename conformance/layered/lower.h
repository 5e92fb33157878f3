/* The host's own stack, below the layered provider: sockets by descriptor, errors as Winsock's codes, no pointer of a
 * Windows type. lower_posix.c is the one there is; on Windows the base provider would stand here. */
#ifndef RESERVOIR_CONFORMANCE_LAYERED_LOWER_H
#define RESERVOIR_CONFORMANCE_LAYERED_LOWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lower_address {
    bool v6;
    uint8_t bytes[16]; /* of IPv4 the first four */
    uint16_t port;     /* host order */
    uint32_t scope;
};

/* A descriptor from 0 up, or minus an error code. */
int lower_socket(bool v6, bool stream);
int lower_accept(int socket, struct lower_address *from);

/* 0 or an error code. */
int lower_close(int socket);
int lower_bind(int socket, const struct lower_address *address);
int lower_name(int socket, bool of_peer, struct lower_address *address);
int lower_listen(int socket, int backlog);
int lower_connect(int socket, const struct lower_address *address);
int lower_shutdown(int socket, int how);
int lower_nonblocking(int socket, bool on);
int lower_only_v6(int socket, bool on);
int lower_reuse(int socket, bool on);

/* Bytes moved, or minus an error code. `to` and `from` may be NULL. */
long lower_send(int socket, const void *bytes, size_t length, const struct lower_address *to);
long lower_receive(int socket, void *bytes, size_t length, struct lower_address *from);

/* From now on `socket` is what `placeholder` is, port and all, and no other program could come between. 0 or an error
 * code. */
int lower_become(int socket, int placeholder);

/* Can all of these bytes of the process be read? */
bool lower_readable(const void *address, size_t length);

void lower_sleep_ms(unsigned milliseconds);

#endif
