/* The layered provider: WSPStartup over the host's own sockets (lower.h), with port reservations added (sockets.h). It
 * shares no code with the model. What a vendor starts from who has a stack and no reservations. */
#include "conformance/layered/layered.h"

#include <string.h>

#include "conformance/layered/completions.h"
#include "conformance/layered/connections.h"
#include "conformance/layered/events.h"
#include "conformance/layered/pump.h"
#include "conformance/layered/rounds.h"
#include "conformance/layered/transfers.h"

static unsigned startups; /* that no cleanup has undone */

/* --- sockets ------------------------------------------------------------------------------------------------------ */

static SOCKET WSPAPI layered_socket(int af, int type, int protocol, LPWSAPROTOCOL_INFOW info, GROUP group, DWORD flags,
                                    LPINT error) {
    (void)info, (void)group;
    int wrong = 0;
    if (af != AF_INET && af != AF_INET6) wrong = WSAEAFNOSUPPORT;
    else if (type != SOCK_STREAM && type != SOCK_DGRAM) wrong = WSAESOCKTNOSUPPORT;
    else if (protocol != 0 && protocol != (type == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP)) wrong = WSAEPROTONOSUPPORT;
    int lower = wrong != 0 ? -wrong : lower_socket(af == AF_INET6, type == SOCK_STREAM);
    if (lower < 0) layered_fail(error, -lower);
    struct layered_socket *socket = lower < 0 ? NULL : layered_admit(lower, af == AF_INET6, type == SOCK_STREAM, error);
    if (socket == NULL) return INVALID_SOCKET;
    socket->overlapped = (flags & WSA_FLAG_OVERLAPPED) != 0;
    return (SOCKET)socket->handle;
}

static int WSPAPI layered_close(SOCKET s, LPINT error) {
    struct layered_socket *socket = layered_enter(s, error);
    if (socket == NULL) return SOCKET_ERROR;
    int unknown = 0;
    /* A receive that pends cuts the connection off (W201). */
    if (transfers_end(socket)) (void)lower_set(socket->lower, LOWER_CUT_OFF, true);
    int wrong = layer_close(socket);
    lower_unlock();
    (void)layered_upcalls()->lpWPUCloseSocketHandle(s, &unknown);
    return layered_answer(error, wrong);
}

static int WSPAPI layered_bind(SOCKET s, const struct sockaddr *name, int length, LPINT error) {
    struct lower_address address;
    struct layered_socket *socket = layered_enter(s, error);
    if (socket == NULL) return SOCKET_ERROR;
    int wrong = layered_read_address(socket, name, length, &address);
    return layered_leave(error, wrong != 0 ? wrong : layer_bind(socket, &address));
}

static int name_of(SOCKET s, bool of_peer, struct sockaddr *name, LPINT length, LPINT error) {
    struct lower_address address;
    struct layered_socket seen;
    if (!layered_look_at(s, &seen, error)) return SOCKET_ERROR;
    if (!of_peer && !seen.bound) return layered_fail(error, WSAEINVAL);
    int wrong = lower_name(seen.lower, of_peer, &address);
    const INT passed = lower_readable(length, sizeof *length) ? *length : 0;
    if (wrong == 0) wrong = layered_write_address(&address, name, length);
    if (wrong == 0 && of_peer && faulty(FAULT_peer_as_long_as_asked)) *length = passed;
    return layered_answer(error, wrong);
}

static int WSPAPI layered_sockname(SOCKET s, struct sockaddr *name, LPINT length, LPINT error) {
    return name_of(s, false, name, length, error);
}

static int WSPAPI layered_peername(SOCKET s, struct sockaddr *name, LPINT length, LPINT error) {
    return name_of(s, true, name, length, error);
}

/* --- what is not there -------------------------------------------------------------------------------------------- */

static int WSPAPI no_duplicate(SOCKET s, DWORD process, LPWSAPROTOCOL_INFOW info, LPINT error) {
    (void)s, (void)process, (void)info;
    return layered_fail(error, WSAEOPNOTSUPP);
}
static INT WSPAPI no_string(LPSOCKADDR a, DWORD b, LPWSAPROTOCOL_INFOW c, LPWSTR d, LPDWORD e, LPINT error) {
    (void)a, (void)b, (void)c, (void)d, (void)e;
    return layered_fail(error, WSAEOPNOTSUPP);
}
static INT WSPAPI no_address(LPWSTR a, INT b, LPWSAPROTOCOL_INFOW c, LPSOCKADDR d, LPINT e, LPINT error) {
    (void)a, (void)b, (void)c, (void)d, (void)e;
    return layered_fail(error, WSAEOPNOTSUPP);
}
static int WSPAPI no_messages(SOCKET s, HWND a, unsigned int b, LONG_OF_EVENTS c, LPINT error) {
    (void)s, (void)a, (void)b, (void)c;
    return layered_fail(error, WSAEOPNOTSUPP);
}
static int WSPAPI no_cancel(LPINT error) { return layered_fail(error, WSAEOPNOTSUPP); }
static BOOL WSPAPI no_qos(SOCKET s, LPWSABUF a, LPQOS b, LPINT error) {
    (void)s, (void)a, (void)b;
    layered_fail(error, WSAEOPNOTSUPP);
    return FALSE;
}
static SOCKET WSPAPI no_leaf(SOCKET s, const struct sockaddr *a, int b, LPWSABUF c, LPWSABUF d, LPQOS e, LPQOS f,
                             DWORD g, LPINT error) {
    (void)s, (void)a, (void)b, (void)c, (void)d, (void)e, (void)f, (void)g;
    layered_fail(error, WSAEOPNOTSUPP);
    return INVALID_SOCKET;
}
static int WSPAPI no_disconnect(SOCKET s, LPWSABUF a, LPINT error) {
    (void)s, (void)a;
    return layered_fail(error, WSAEOPNOTSUPP);
}

static void close_handle(uint64_t handle) {
    int unknown = 0;
    (void)layered_upcalls()->lpWPUCloseSocketHandle((SOCKET)handle, &unknown);
}

static int WSPAPI layered_cleanup(LPINT error) {
    lower_lock();
    if (startups == 0) return layered_leave(error, WSANOTINITIALISED);
    bool ends = --startups == 0;
    for (unsigned row = 0; ends && row < LAYERED_SOCKETS_MAX; row++)
        if (socket_in_row(row) != NULL) (void)transfers_end(socket_in_row(row));
    if (ends) sockets_close_all(close_handle);
    lower_unlock();
    if (!ends) return 0;
    pump_end();
    lower_shut();
    return 0;
}

static const WSPPROC_TABLE table = {
    .lpWSPAccept = layered_accept,
    .lpWSPAddressToString = no_string,
    .lpWSPAsyncSelect = no_messages,
    .lpWSPBind = layered_bind,
    .lpWSPCancelBlockingCall = no_cancel,
    .lpWSPCleanup = layered_cleanup,
    .lpWSPCloseSocket = layered_close,
    .lpWSPConnect = layered_connect,
    .lpWSPDuplicateSocket = no_duplicate,
    .lpWSPEnumNetworkEvents = layered_event_list,
    .lpWSPEventSelect = layered_event_select,
    .lpWSPGetOverlappedResult = layered_result,
    .lpWSPGetPeerName = layered_peername,
    .lpWSPGetSockName = layered_sockname,
    .lpWSPGetSockOpt = layered_getsockopt,
    .lpWSPGetQOSByName = no_qos,
    .lpWSPIoctl = layered_ioctl,
    .lpWSPJoinLeaf = no_leaf,
    .lpWSPListen = layered_listen,
    .lpWSPRecv = layered_recv,
    .lpWSPRecvDisconnect = no_disconnect,
    .lpWSPRecvFrom = layered_recvfrom,
    .lpWSPSelect = layered_select,
    .lpWSPSend = layered_send,
    .lpWSPSendDisconnect = no_disconnect,
    .lpWSPSendTo = layered_sendto,
    .lpWSPSetSockOpt = layered_setsockopt,
    .lpWSPShutdown = layered_shutdown,
    .lpWSPSocket = layered_socket,
    .lpWSPStringToAddress = no_address,
};

PROVIDER_EXPORT int WSPAPI WSPStartup(WORD wanted, LPWSPDATA data, LPWSAPROTOCOL_INFOW info, WSPUPCALLTABLE given,
                                      LPWSPPROC_TABLE functions) {
    (void)info;
    memset(data, 0, sizeof *data);
    data->wVersion = data->wHighVersion = 0x0202;
    if ((wanted & 0xFF) < 2) return WSAVERNOTSUPPORTED;
    lower_lock();
    rounds_use();
    layered_use(&given);
    int wrong = startups == 0 ? lower_open(layered_upcalls()) : 0;
    if (wrong == 0) startups++;
    lower_unlock();
    if (wrong != 0) return wrong;
    *functions = table;
    return 0;
}
