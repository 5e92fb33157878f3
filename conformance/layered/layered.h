/* What the functions of the layered provider's table share.
 *
 * One lock guards all tables (lower_lock). Whatever asks the host about a socket does it with the lock, and at once
 * (W4): so no thread ever uses a descriptor that another one has closed. Whoever has to wait lets the lock go, and asks
 * again. */
#ifndef RESERVOIR_CONFORMANCE_LAYERED_LAYERED_H
#define RESERVOIR_CONFORMANCE_LAYERED_LAYERED_H

#include "conformance/layered/windows_headers.h"

#include "conformance/layered/sockets.h"

/* What the program's Windows does for a provider, as WSPStartup was given it last. */
void layered_use(const WSPUPCALLTABLE *given);
const WSPUPCALLTABLE *layered_upcalls(void);

/* The socket of a handle, and the lock is the caller's until it gives it back. NULL, and it is not: WSAENOTSOCK was
 * stored. */
struct layered_socket *layered_enter(SOCKET s, LPINT error);

/* Gives the lock back: 0, or SOCKET_ERROR with the error stored. */
int layered_leave(LPINT error_out, int error);

/* SOCKET_ERROR, with the error stored. */
int layered_fail(LPINT error_out, int error);

/* 0, or SOCKET_ERROR with the error stored. */
int layered_answer(LPINT error_out, int error);

/* How the socket is now, for calls that look at nothing else. False: an error was stored. */
bool layered_look_at(SOCKET s, struct layered_socket *seen, LPINT error_out);

/* One try of a call that may have to wait, with the lock: what it brings, or minus an error; -WSAEWOULDBLOCK: nothing
 * yet. */
typedef long layered_try(struct layered_socket *socket, void *call);

/* Tries again and again until there is something, or the socket does not block, or `limit_ms` are over (0: no limit;
 * WSAETIMEDOUT). Waits for what is `wanted` (LOWER_READ, LOWER_WRITE, LOWER_EXCEPT). A socket that is closed meanwhile
 * is WSAEINTR. */
long layered_repeat(SOCKET s, layered_try *attempt, void *call, uint8_t wanted, uint32_t limit_ms);

/* A row and a handle for a descriptor, which is closed when there is no room. NULL with *error. Without the lock. */
struct layered_socket *layered_admit(int lower, bool v6, bool stream, LPINT error);

/* An address from the program's memory and into it. 0, WSAEFAULT, WSAEAFNOSUPPORT. */
int layered_read_address(const struct layered_socket *socket, const struct sockaddr *name, int length,
                         struct lower_address *out);
int layered_write_address(const struct lower_address *address, struct sockaddr *name, LPINT length);

/* What a connect or a sendto of a socket without a name does: binds it as bind does. 0 or an error. */
int layered_bind_implicitly(struct layered_socket *socket);

/* Looks whether a connect that is under way has ended: its phase says it then. With the lock. */
void layered_settle(struct layered_socket *socket);

/* WSPSelect. Looks at the host's sockets every few milliseconds, so that one that is closed meanwhile is noticed. */
int WSPAPI layered_select(int count, fd_set *reading, fd_set *writing, fd_set *failing, const PTIMEVAL limit,
                          LPINT error);

/* WSPIoctl. */
int WSPAPI layered_ioctl(SOCKET s, DWORD code, LPVOID in, DWORD in_size, LPVOID out, DWORD out_size, LPDWORD bytes,
                         LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread,
                         LPINT error);

/* Options: setsockopt's and getsockopt's. */
int WSPAPI layered_setsockopt(SOCKET s, int level, int name, const char *value, int length, LPINT error);
int WSPAPI layered_getsockopt(SOCKET s, int level, int name, char *value, LPINT length, LPINT error);

#endif
