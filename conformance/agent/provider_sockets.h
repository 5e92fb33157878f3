/* What kernel32 would know of a provider's sockets, were they its own handles: whether they were opened for overlapped
 * use, their completion port (provider_ports.h) with its key, and their notification modes.
 *
 *   S1  A socket has at most one port, and keeps it until it is closed.
 *   S2  A request whose hEvent has its lowest bit set brings no packet; nor does one that succeeds at once on a socket
 *       with FILE_SKIP_COMPLETION_PORT_ON_SUCCESS.
 *   S3  A packet of a request that failed comes as its error, with GetQueuedCompletionStatus returning FALSE. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_PROVIDER_SOCKETS_H
#define RESERVOIR_CONFORMANCE_AGENT_PROVIDER_SOCKETS_H

#include "conformance/agent/functions.h"

/* Puts the functions of completion ports, GetOverlappedResult and SetFileCompletionNotificationModes for these sockets
 * into `table`; `below` (borrowed) has the system's own. Before there are threads. */
void provider_sockets_put(struct windows_functions *table, const struct windows_functions *below);

/* `tell` is called for each socket that gets a port. */
void provider_sockets_tell(void (*tell)(SOCKET s));

/* The calling thread is one of this process; it ends. */
void provider_sockets_enter(unsigned process);
void provider_sockets_process_ends(unsigned process);

/* The calling process got a socket: a new one; one that `listener` accepted, which is as that was opened; one more
 * handle of a socket that WSPDuplicateSocket called `name` (dwProviderReserved). False: no socket is called so. */
void provider_socket_opened(SOCKET s, bool overlapped);
void provider_socket_accepted(SOCKET s, SOCKET listener);
bool provider_socket_shared(SOCKET s, DWORD name);

/* WSPDuplicateSocket has called it so; the calling process has closed it. */
void provider_socket_duplicated(SOCKET s, DWORD name);
void provider_socket_closed(SOCKET s);

/* Around a call with an OVERLAPPED: what completes in between is passed on when the call has returned, `succeeded` or
 * not. Nests not. */
void provider_sockets_hold(LPWSAOVERLAPPED overlapped);
void provider_sockets_release(SOCKET s, bool succeeded);

/* Below every provider's own code: ws2_32's export, as the agent has it. Stores the status where the OVERLAPPED still
 * says that it is pending, sets its event, queues the packet. 0, or SOCKET_ERROR with WSAEINVAL without an
 * OVERLAPPED. */
int WSPAPI provider_complete(SOCKET s, LPWSAOVERLAPPED overlapped, DWORD error, DWORD bytes, LPINT error_out);

#endif
