/* Connections: WSPListen, WSPAccept, WSPConnect, WSPShutdown. */
#ifndef RESERVOIR_CONFORMANCE_LAYERED_CONNECTIONS_H
#define RESERVOIR_CONFORMANCE_LAYERED_CONNECTIONS_H

#include "conformance/layered/windows_headers.h"

#include "conformance/layered/sockets.h"

/* May data move on this stream? 0, WSAENOTCONN, or what its connection has died of. With the lock. */
int connection_is_there(struct layered_socket *socket);

int WSPAPI layered_listen(SOCKET s, int backlog, LPINT error);
SOCKET WSPAPI layered_accept(SOCKET s, struct sockaddr *name, LPINT length, LPCONDITIONPROC condition, DWORD_PTR data,
                             LPINT error);
int WSPAPI layered_connect(SOCKET s, const struct sockaddr *name, int length, LPWSABUF caller, LPWSABUF callee,
                           LPQOS qos, LPQOS group_qos, LPINT error);
int WSPAPI layered_shutdown(SOCKET s, int how, LPINT error);

#endif
