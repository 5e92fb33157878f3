/* What the functions of the layered provider's table share. */
#ifndef RESERVOIR_CONFORMANCE_LAYERED_LAYERED_H
#define RESERVOIR_CONFORMANCE_LAYERED_LAYERED_H

#include "conformance/layered/windows_headers.h"

#include "conformance/layered/sockets.h"

/* The socket of a handle, and the lock is the caller's until it gives it back. NULL, and it is not: WSAENOTSOCK was
 * stored. */
struct layered_socket *layered_enter(SOCKET s, LPINT error);

/* SOCKET_ERROR, with the error stored. */
int layered_fail(LPINT error_out, int error);

/* WSPSelect. Looks at the host's sockets every few milliseconds, so that one that is closed meanwhile is noticed. */
int WSPAPI layered_select(int count, fd_set *reading, fd_set *writing, fd_set *failing, const PTIMEVAL limit,
                          LPINT error);

#endif
