#include "conformance/layered/below.h"

#include <string.h>

/* ws2_32's functions in a provider's shape. Only what lower_windows.c calls is here. */

/* The error goes to *error only: the thread's last error is the program's. */
#define HAND_DOWN(type, failure, call) \
    DWORD kept = GetLastError(); \
    type result = call; \
    if (result == (failure)) *error = WSAGetLastError(); \
    SetLastError(kept); \
    return result;

static SOCKET WSPAPI winsock_socket(int af, int type, int protocol, LPWSAPROTOCOL_INFOW info, GROUP group, DWORD flags,
                                    LPINT error) {
    (void)info;
    HAND_DOWN(SOCKET, INVALID_SOCKET, WSASocketW(af, type, protocol, NULL, group, flags))
}
static SOCKET WSPAPI winsock_accept(SOCKET s, struct sockaddr *name, LPINT length, LPCONDITIONPROC condition,
                                    DWORD_PTR data, LPINT error) {
    (void)condition, (void)data;
    HAND_DOWN(SOCKET, INVALID_SOCKET, accept(s, name, length))
}
static int WSPAPI winsock_close(SOCKET s, LPINT error) { HAND_DOWN(int, SOCKET_ERROR, closesocket(s)) }
static int WSPAPI winsock_bind(SOCKET s, const struct sockaddr *name, int length, LPINT error) {
    HAND_DOWN(int, SOCKET_ERROR, bind(s, name, length))
}
static int WSPAPI winsock_sockname(SOCKET s, struct sockaddr *name, LPINT length, LPINT error) {
    HAND_DOWN(int, SOCKET_ERROR, getsockname(s, name, length))
}
static int WSPAPI winsock_peername(SOCKET s, struct sockaddr *name, LPINT length, LPINT error) {
    HAND_DOWN(int, SOCKET_ERROR, getpeername(s, name, length))
}
static int WSPAPI winsock_listen(SOCKET s, int backlog, LPINT error) {
    HAND_DOWN(int, SOCKET_ERROR, listen(s, backlog))
}
static int WSPAPI winsock_connect(SOCKET s, const struct sockaddr *name, int length, LPWSABUF caller, LPWSABUF callee,
                                  LPQOS qos, LPQOS group_qos, LPINT error) {
    (void)caller, (void)callee, (void)qos, (void)group_qos;
    HAND_DOWN(int, SOCKET_ERROR, connect(s, name, length))
}
static int WSPAPI winsock_shutdown(SOCKET s, int how, LPINT error) { HAND_DOWN(int, SOCKET_ERROR, shutdown(s, how)) }
static int WSPAPI winsock_set_option(SOCKET s, int level, int name, const char *value, int length, LPINT error) {
    HAND_DOWN(int, SOCKET_ERROR, setsockopt(s, level, name, value, length))
}
static int WSPAPI winsock_get_option(SOCKET s, int level, int name, char *value, LPINT length, LPINT error) {
    HAND_DOWN(int, SOCKET_ERROR, getsockopt(s, level, name, value, length))
}
static int WSPAPI winsock_ioctl(SOCKET s, DWORD code, LPVOID in, DWORD in_size, LPVOID out, DWORD out_size,
                                LPDWORD bytes, LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine,
                                LPWSATHREADID thread, LPINT error) {
    (void)thread;
    HAND_DOWN(int, SOCKET_ERROR, WSAIoctl(s, code, in, in_size, out, out_size, bytes, overlapped, routine))
}
static int WSPAPI winsock_send(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags,
                               LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine,
                               LPWSATHREADID thread, LPINT error) {
    (void)thread;
    HAND_DOWN(int, SOCKET_ERROR, WSASend(s, buffers, count, sent, flags, overlapped, routine))
}
static int WSPAPI winsock_send_to(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags,
                                  const struct sockaddr *to, int to_length, LPWSAOVERLAPPED overlapped,
                                  LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT error) {
    (void)thread;
    HAND_DOWN(int, SOCKET_ERROR, WSASendTo(s, buffers, count, sent, flags, to, to_length, overlapped, routine))
}
static int WSPAPI winsock_receive_from(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD received, LPDWORD flags,
                                       struct sockaddr *from, LPINT from_length, LPWSAOVERLAPPED overlapped,
                                       LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT error) {
    (void)thread;
    HAND_DOWN(int, SOCKET_ERROR,
              WSARecvFrom(s, buffers, count, received, flags, from, from_length, overlapped, routine))
}
static int WSPAPI winsock_select(int count, fd_set *reading, fd_set *writing, fd_set *failing, const PTIMEVAL limit,
                                 LPINT error) {
    HAND_DOWN(int, SOCKET_ERROR, select(count, reading, writing, failing, limit))
}
static int WSPAPI winsock_cleanup(LPINT error) { HAND_DOWN(int, SOCKET_ERROR, WSACleanup()) }

int below_open_winsock(struct below *below) {
    WSADATA data;
    int error = WSAStartup(MAKEWORD(2, 2), &data);
    if (error != 0) return error;
    memset(below, 0, sizeof *below);
    below->table.lpWSPAccept = winsock_accept;
    below->table.lpWSPBind = winsock_bind;
    below->table.lpWSPCleanup = winsock_cleanup;
    below->table.lpWSPCloseSocket = winsock_close;
    below->table.lpWSPConnect = winsock_connect;
    below->table.lpWSPGetPeerName = winsock_peername;
    below->table.lpWSPGetSockName = winsock_sockname;
    below->table.lpWSPGetSockOpt = winsock_get_option;
    below->table.lpWSPIoctl = winsock_ioctl;
    below->table.lpWSPListen = winsock_listen;
    below->table.lpWSPRecvFrom = winsock_receive_from;
    below->table.lpWSPSelect = winsock_select;
    below->table.lpWSPSend = winsock_send;
    below->table.lpWSPSendTo = winsock_send_to;
    below->table.lpWSPSetSockOpt = winsock_set_option;
    below->table.lpWSPShutdown = winsock_shutdown;
    below->table.lpWSPSocket = winsock_socket;
    return 0;
}
