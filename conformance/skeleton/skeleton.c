/* A provider to begin with: everything that ws2_32 asks of one, in one file. It has sockets that can be opened and
 * closed, and refuses all else with WSAEOPNOTSUPP, which is an honest answer (the page of the three codes allows it).
 * Copy this file, and replace one refusal after the other; after each, run the suite again (README.md, beside this
 * file).
 *
 *   - Every function puts its error into *lpErrno and returns what its page says. The thread's last error is ws2_32's.
 *   - A handle is yours. WPUModifyIFSHandle is for handles of the system, WPUCreateSocketHandle for all others.
 *   - lpThreadId is a pointer that is good until the function returns: copy the structure.
 *   - Whatever pointer you are given may be bad: look before you read, and answer WSAEFAULT. */
#include "stack/winsock/headers.h"

#include <stddef.h>
#include <string.h>

enum { SOCKETS_MAX = 256 };

static WSPUPCALLTABLE upcalls;
static SOCKET sockets[SOCKETS_MAX]; /* 0: a free row */

static int fail(LPINT error_out, int error) {
    if (error_out != NULL) *error_out = error;
    return SOCKET_ERROR;
}

static int row_of(SOCKET s) {
    for (int row = 0; row < SOCKETS_MAX; row++)
        if (sockets[row] == s) return row;
    return -1;
}

/* What every function begins with. */
static int refuse(SOCKET s, LPINT error_out) {
    return fail(error_out, s == 0 || row_of(s) < 0 ? WSAENOTSOCK : WSAEOPNOTSUPP);
}

/* --- sockets ------------------------------------------------------------------------------------------------------ */

static SOCKET WSPAPI skeleton_socket(int af, int type, int protocol, LPWSAPROTOCOL_INFOW info, GROUP group, DWORD flags,
                                     LPINT error) {
    int row = row_of(0);
    (void)af, (void)type, (void)protocol, (void)group, (void)flags;
    SOCKET made =
        row < 0 ? INVALID_SOCKET : upcalls.lpWPUCreateSocketHandle(info->dwCatalogEntryId, (DWORD_PTR)row, error);
    if (row < 0) fail(error, WSAEMFILE);
    if (made != INVALID_SOCKET) sockets[row] = made;
    return made;
}

static int WSPAPI skeleton_close(SOCKET s, LPINT error) {
    int row = row_of(s);
    if (s == 0 || row < 0) return fail(error, WSAENOTSOCK);
    sockets[row] = 0;
    return upcalls.lpWPUCloseSocketHandle(s, error);
}

/* This is where SIO_ACQUIRE_, SIO_ASSOCIATE_ and SIO_RELEASE_PORT_RESERVATION arrive. lpcbBytesReturned comes first: a
 * caller that gives none, or a bad one, gets WSAEFAULT before the code is looked at. */
static int WSPAPI skeleton_ioctl(SOCKET s, DWORD code, LPVOID in, DWORD in_size, LPVOID out, DWORD out_size,
                                 LPDWORD bytes, LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine,
                                 LPWSATHREADID thread, LPINT error) {
    (void)code, (void)in, (void)in_size, (void)out, (void)out_size, (void)routine, (void)thread;
    if (s == 0 || row_of(s) < 0) return fail(error, WSAENOTSOCK);
    if (bytes == NULL) return fail(error, WSAEFAULT);
    if (overlapped == NULL) *bytes = 0;
    return fail(error, WSAEOPNOTSUPP);
}

/* --- everything else ---------------------------------------------------------------------------------------------- */

static int WSPAPI skeleton_bind(SOCKET s, const struct sockaddr *a, int b, LPINT error) {
    return (void)a, (void)b, refuse(s, error);
}
static int WSPAPI skeleton_name(SOCKET s, struct sockaddr *a, LPINT b, LPINT error) {
    return (void)a, (void)b, refuse(s, error);
}
static int WSPAPI skeleton_listen(SOCKET s, int a, LPINT error) { return (void)a, refuse(s, error); }
static int WSPAPI skeleton_cancel(LPINT error) { return fail(error, WSAEOPNOTSUPP); }
static int WSPAPI skeleton_disconnect(SOCKET s, LPWSABUF a, LPINT error) { return (void)a, refuse(s, error); }
static BOOL WSPAPI skeleton_qos(SOCKET s, LPWSABUF a, LPQOS b, LPINT error) {
    return (void)a, (void)b, refuse(s, error), FALSE;
}

static SOCKET WSPAPI skeleton_accept(SOCKET s, struct sockaddr *a, LPINT b, LPCONDITIONPROC c, DWORD_PTR d,
                                     LPINT error) {
    (void)a, (void)b, (void)c, (void)d;
    return refuse(s, error), INVALID_SOCKET;
}
static int WSPAPI skeleton_connect(SOCKET s, const struct sockaddr *a, int b, LPWSABUF c, LPWSABUF d, LPQOS e, LPQOS f,
                                   LPINT error) {
    (void)a, (void)b, (void)c, (void)d, (void)e, (void)f;
    return refuse(s, error);
}
static SOCKET WSPAPI skeleton_join(SOCKET s, const struct sockaddr *a, int b, LPWSABUF c, LPWSABUF d, LPQOS e, LPQOS f,
                                   DWORD g, LPINT error) {
    (void)a, (void)b, (void)c, (void)d, (void)e, (void)f, (void)g;
    return refuse(s, error), INVALID_SOCKET;
}
static int WSPAPI skeleton_duplicate(SOCKET s, DWORD a, LPWSAPROTOCOL_INFOW b, LPINT error) {
    (void)a, (void)b;
    return refuse(s, error);
}
static int WSPAPI skeleton_getsockopt(SOCKET s, int a, int b, char *c, LPINT d, LPINT error) {
    (void)a, (void)b, (void)c, (void)d;
    return refuse(s, error);
}
static int WSPAPI skeleton_setsockopt(SOCKET s, int a, int b, const char *c, int d, LPINT error) {
    (void)a, (void)b, (void)c, (void)d;
    return refuse(s, error);
}
static int WSPAPI skeleton_recv(SOCKET s, LPWSABUF a, DWORD b, LPDWORD c, LPDWORD d, LPWSAOVERLAPPED e,
                                LPWSAOVERLAPPED_COMPLETION_ROUTINE f, LPWSATHREADID g, LPINT error) {
    (void)a, (void)b, (void)c, (void)d, (void)e, (void)f, (void)g;
    return refuse(s, error);
}
static int WSPAPI skeleton_recvfrom(SOCKET s, LPWSABUF a, DWORD b, LPDWORD c, LPDWORD d, struct sockaddr *e, LPINT f,
                                    LPWSAOVERLAPPED g, LPWSAOVERLAPPED_COMPLETION_ROUTINE h, LPWSATHREADID i,
                                    LPINT error) {
    (void)a, (void)b, (void)c, (void)d, (void)e, (void)f, (void)g, (void)h, (void)i;
    return refuse(s, error);
}
static int WSPAPI skeleton_send(SOCKET s, LPWSABUF a, DWORD b, LPDWORD c, DWORD d, LPWSAOVERLAPPED e,
                                LPWSAOVERLAPPED_COMPLETION_ROUTINE f, LPWSATHREADID g, LPINT error) {
    (void)a, (void)b, (void)c, (void)d, (void)e, (void)f, (void)g;
    return refuse(s, error);
}
static int WSPAPI skeleton_sendto(SOCKET s, LPWSABUF a, DWORD b, LPDWORD c, DWORD d, const struct sockaddr *e, int f,
                                  LPWSAOVERLAPPED g, LPWSAOVERLAPPED_COMPLETION_ROUTINE h, LPWSATHREADID i,
                                  LPINT error) {
    (void)a, (void)b, (void)c, (void)d, (void)e, (void)f, (void)g, (void)h, (void)i;
    return refuse(s, error);
}
static int WSPAPI skeleton_select(int a, fd_set *b, fd_set *c, fd_set *d, const PTIMEVAL e, LPINT error) {
    (void)a, (void)b, (void)c, (void)d, (void)e;
    return fail(error, WSAEOPNOTSUPP);
}
static int WSPAPI skeleton_async_select(SOCKET s, HWND a, unsigned int b, LONG_OF_EVENTS c, LPINT error) {
    (void)a, (void)b, (void)c;
    return refuse(s, error);
}
static int WSPAPI skeleton_event_select(SOCKET s, WSAEVENT a, LONG_OF_EVENTS b, LPINT error) {
    (void)a, (void)b;
    return refuse(s, error);
}
static int WSPAPI skeleton_enum_events(SOCKET s, WSAEVENT a, LPWSANETWORKEVENTS b, LPINT error) {
    (void)a, (void)b;
    return refuse(s, error);
}
static BOOL WSPAPI skeleton_result(SOCKET s, LPWSAOVERLAPPED a, LPDWORD b, BOOL c, LPDWORD d, LPINT error) {
    (void)a, (void)b, (void)c, (void)d;
    return refuse(s, error), FALSE;
}
static INT WSPAPI skeleton_to_string(LPSOCKADDR a, DWORD b, LPWSAPROTOCOL_INFOW c, LPWSTR d, LPDWORD e, LPINT error) {
    (void)a, (void)b, (void)c, (void)d, (void)e;
    return fail(error, WSAEOPNOTSUPP);
}
static INT WSPAPI skeleton_to_address(LPWSTR a, INT b, LPWSAPROTOCOL_INFOW c, LPSOCKADDR d, LPINT e, LPINT error) {
    (void)a, (void)b, (void)c, (void)d, (void)e;
    return fail(error, WSAEOPNOTSUPP);
}

/* --- beginning and end -------------------------------------------------------------------------------------------- */

static int WSPAPI skeleton_cleanup(LPINT error) {
    for (int row = 0; row < SOCKETS_MAX; row++)
        if (sockets[row] != 0) skeleton_close(sockets[row], error);
    return 0;
}

static const WSPPROC_TABLE table = {
    .lpWSPAccept = skeleton_accept,
    .lpWSPAddressToString = skeleton_to_string,
    .lpWSPAsyncSelect = skeleton_async_select,
    .lpWSPBind = skeleton_bind,
    .lpWSPCancelBlockingCall = skeleton_cancel,
    .lpWSPCleanup = skeleton_cleanup,
    .lpWSPCloseSocket = skeleton_close,
    .lpWSPConnect = skeleton_connect,
    .lpWSPDuplicateSocket = skeleton_duplicate,
    .lpWSPEnumNetworkEvents = skeleton_enum_events,
    .lpWSPEventSelect = skeleton_event_select,
    .lpWSPGetOverlappedResult = skeleton_result,
    .lpWSPGetPeerName = skeleton_name,
    .lpWSPGetSockName = skeleton_name,
    .lpWSPGetSockOpt = skeleton_getsockopt,
    .lpWSPGetQOSByName = skeleton_qos,
    .lpWSPIoctl = skeleton_ioctl,
    .lpWSPJoinLeaf = skeleton_join,
    .lpWSPListen = skeleton_listen,
    .lpWSPRecv = skeleton_recv,
    .lpWSPRecvDisconnect = skeleton_disconnect,
    .lpWSPRecvFrom = skeleton_recvfrom,
    .lpWSPSelect = skeleton_select,
    .lpWSPSend = skeleton_send,
    .lpWSPSendDisconnect = skeleton_disconnect,
    .lpWSPSendTo = skeleton_sendto,
    .lpWSPSetSockOpt = skeleton_setsockopt,
    .lpWSPShutdown = skeleton_listen,
    .lpWSPSocket = skeleton_socket,
    .lpWSPStringToAddress = skeleton_to_address,
};

/* The layered provider (conformance/layered/) ends with the same lines: this file is copied whole by whoever begins a
 * provider, so that nothing of it may lie elsewhere. */
PROVIDER_EXPORT int WSPAPI WSPStartup(WORD wanted, LPWSPDATA data, LPWSAPROTOCOL_INFOW info, WSPUPCALLTABLE given,
                                      LPWSPPROC_TABLE functions) {
    (void)info;
    memset(data, 0, sizeof *data);
    data->wVersion = data->wHighVersion = 0x0202;
    if ((wanted & 0xFF) < 2) return WSAVERNOTSUPPORTED;
    upcalls = given;
    *functions = table;
    return 0;
}
