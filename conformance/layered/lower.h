/* The host's own stack, below the layered provider: sockets by descriptor, errors as Winsock's codes, no pointer of a
 * Windows type. lower_posix.c stands on this system's sockets; lower_windows.c on a provider's table: the base
 * provider's on Windows, on Wine one made of ws2_32's functions (below.h).
 *
 *   W1  Nothing but lower_open may be called before it, and nothing after lower_shut until it is opened again.
 *   W2  A descriptor is the caller's until lower_close, or until lower_become gives another for it.
 *   W3  No function here keeps a pointer.
 *   W4  No socket blocks: what cannot be done at once is WSAEWOULDBLOCK, and lower_wait is how to wait. */
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

/* 0 or an error code. `upcalls`: the WSPUPCALLTABLE that the layered provider was given, borrowed until lower_shut; a
 * provider that stands below gets the same. */
int lower_open(const void *upcalls);
void lower_shut(void);

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

/* How the last connect has ended: 0 or its error code. The host forgets it with that. */
int lower_error(int socket);

/* Options, all of them numbers: a truth value, bytes of a buffer. LOWER_CUT_OFF: closing the socket resets its
 * connection. LOWER_REUSE and LOWER_V6_ONLY are set before it is bound, or not at all. 0 or an error code. */
enum lower_option {
    LOWER_REUSE,
    LOWER_V6_ONLY,
    LOWER_CUT_OFF,
    LOWER_KEEPALIVE,
    LOWER_BROADCAST,
    LOWER_URGENT_IN_LINE,
    LOWER_SEND_BUFFER,
    LOWER_RECEIVE_BUFFER,
    LOWER_NO_DELAY,
    LOWER_OPTIONS
};
int lower_set(int socket, enum lower_option option, int value);
int lower_get(int socket, enum lower_option option, int *value);

/* Before it is bound: no other program gets the port of this socket, whatever options it sets. 0 or an error code. */
int lower_keep_others_off(int socket);

/* Bytes moved, or minus an error code. `to` and `from` may be NULL. A datagram that is longer than `length` is
 * WSAEMSGSIZE; what fits is stored. */
enum { LOWER_URGENT = 1, LOWER_PEEK = 2 };
long lower_send(int socket, const void *bytes, size_t length, unsigned flags, const struct lower_address *to);
long lower_receive(int socket, void *bytes, size_t length, unsigned flags, struct lower_address *from);

/* What a socket can be ready for, and a look at several. `idle`: it has done nothing yet, and is ready for nothing.
 * `connecting`: how its connect has ended is not known yet; a failure makes it ready for LOWER_EXCEPT only. */
enum { LOWER_READ = 1, LOWER_WRITE = 2, LOWER_EXCEPT = 4, LOWER_WATCHES_MAX = 512 };
struct lower_watch {
    int socket;
    bool idle, connecting;
    uint8_t wanted, ready;
};

/* Until one is ready for what is wanted of it, or the time is over. How many are, or minus an error code. At most
 * LOWER_WATCHES_MAX. */
int lower_wait(struct lower_watch *watches, unsigned count, uint32_t limit_ms);

/* `socket` gives way to `placeholder`, which is bound: no other program could come between. The descriptor to use from
 * now on, of which one of the two is left and the other closed, or minus an error code, and both are as they were.
 * What was set on `socket` is not on the new one. */
int lower_become(int socket, int placeholder);

/* Can all of these bytes of the process be read? Of many bytes the first 1024 are looked at. */
bool lower_readable(const void *address, size_t length);

/* One lock for all threads of the process; a thread takes it once at a time. */
void lower_lock(void);
void lower_unlock(void);

void lower_sleep_ms(unsigned milliseconds);
uint64_t lower_clock_ms(void); /* of a clock that only goes forwards */

/* One thread of our own beside the program's, at most: it runs `run` to its end. lower_join() waits for that; every
 * thread that was begun is joined before the next one. False: the system has none to give. */
bool lower_begin(void (*run)(void));
void lower_join(void);

#endif
