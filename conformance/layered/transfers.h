/* Data: WSPSend, WSPSendTo, WSPRecv, WSPRecvFrom. Each call is a transfer: buffers, and what was moved of them so far.
 * A call that is not overlapped is tried until its data has moved; one that is pends, and is tried by pump.c.
 *
 *   D1  Transfers of one direction on one socket move in the order in which they were issued: one that is not
 *       overlapped waits for those that pend.
 *   D2  A stream's overlapped send is done when all its bytes are the host's; a receive when there is one byte, or with
 *       MSG_WAITALL when its buffers are full or no more can come.
 *   D3  A transfer that pends is ended by its completion, or by the end of its socket.
 *
 *   free --transfers_begin--> pending --transfers_serve, transfers_end--> free */
#ifndef RESERVOIR_CONFORMANCE_LAYERED_TRANSFERS_H
#define RESERVOIR_CONFORMANCE_LAYERED_TRANSFERS_H

#include "conformance/layered/windows_headers.h"

#include "conformance/layered/sockets.h"

/* What of the host's transfers of a socket pend for: a set of LOWER_... With the lock, as the next two. */
uint8_t transfers_wanted(const struct layered_socket *socket);

/* Tries those that pend. Has one ended? */
bool transfers_serve(struct layered_socket *socket);

/* The socket closes: whatever pends ends as aborted. Was a receive of a stream among it? */
bool transfers_end(struct layered_socket *socket);

int WSPAPI layered_send(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags, LPWSAOVERLAPPED overlapped,
                        LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT error);
int WSPAPI layered_sendto(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags, const struct sockaddr *to,
                          int to_length, LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine,
                          LPWSATHREADID thread, LPINT error);
int WSPAPI layered_recv(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD received, LPDWORD flags,
                        LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread,
                        LPINT error);
int WSPAPI layered_recvfrom(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD received, LPDWORD flags,
                            struct sockaddr *from, LPINT from_length, LPWSAOVERLAPPED overlapped,
                            LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT error);

#endif
