#include "conformance/agent/functions.h"

#include "conformance/agent/extensions.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/agent/provider_sockets.h"
#include "stack/sdk/control_values.h"

static const struct windows_functions *asked;

/* Of the calling thread's last call; NULL: nothing was lacking. */
static __thread const char *lacked;

void extensions_use(const struct windows_functions *table) { asked = table; }

bool extensions_lacked(struct reason *what) {
    const char *name = lacked;
    lacked = NULL;
    if (name != NULL) reason_set(what, "%s, an extension that the provider does not have", name);
    return name != NULL;
}

#ifndef _WIN32
SEEN_BY_PROVIDERS void WSAAPI WSASetLastError(int error) { SetLastError((DWORD)error); }
#endif

/* One that says it has a function and gives no address has none. */
static bool ask(SOCKET s, GUID guid, void *pointer, DWORD size) {
    static const char nothing[sizeof(void (*)(void))];
    DWORD bytes = 0;
    return asked->WSAIoctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &guid, sizeof guid, pointer, size, &bytes, NULL,
                           NULL) == 0 &&
           memcmp(pointer, nothing, sizeof nothing) != 0;
}

/* The last error stays as it was before the search, which a call that is not made does not. */
static bool find(SOCKET s, GUID guid, const char *name, void *pointer, DWORD size) {
    DWORD before = GetLastError();
    lacked = NULL;
    bool found = ask(s, guid, pointer, size);
    SOCKET other =
        found ? INVALID_SOCKET : asked->WSASocketW(AF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, 0, WSA_FLAG_OVERLAPPED);
    if (other != INVALID_SOCKET) {
        found = ask(other, guid, pointer, size);
        DWORD error = GetLastError();
        asked->closesocket(other);
        SetLastError(error);
        if (!found) lacked = name;
    }
    if (found) SetLastError(before);
    return found;
}

/* The end of a function: `call` of the extension that was found, which `fails` with that. What a provider says of its
 * end waits until it has returned. */
#define CALL_EXTENSION(socket, fails, call) \
    provider_sockets_hold((LPWSAOVERLAPPED)overlapped); \
    int done = call; \
    DWORD error = GetLastError(); \
    provider_sockets_release(socket, done != (fails)); \
    SetLastError(error); \
    return done;

BOOL WINAPI agent_ConnectEx(SOCKET s, const struct sockaddr *name, int length, PVOID data, DWORD data_size,
                            LPDWORD sent, LPOVERLAPPED overlapped) {
    LPFN_CONNECTEX connect_ex = NULL;
    if (!find(s, (GUID)WSAID_CONNECTEX, "ConnectEx", &connect_ex, sizeof connect_ex)) return FALSE;
    CALL_EXTENSION(s, FALSE, connect_ex(s, name, length, data, data_size, sent, overlapped))
}

BOOL WINAPI agent_DisconnectEx(SOCKET s, LPOVERLAPPED overlapped, DWORD flags, DWORD reserved) {
    LPFN_DISCONNECTEX disconnect_ex = NULL;
    if (!find(s, (GUID)WSAID_DISCONNECTEX, "DisconnectEx", &disconnect_ex, sizeof disconnect_ex)) return FALSE;
    CALL_EXTENSION(s, FALSE, disconnect_ex(s, overlapped, flags, reserved))
}

BOOL WINAPI agent_AcceptEx(SOCKET listener, SOCKET acceptor, PVOID buffer, DWORD data_size, DWORD local_size,
                           DWORD remote_size, LPDWORD received, LPOVERLAPPED overlapped) {
    LPFN_ACCEPTEX accept_ex = NULL;
    if (!find(listener, (GUID)WSAID_ACCEPTEX, "AcceptEx", &accept_ex, sizeof accept_ex)) return FALSE;
    CALL_EXTENSION(listener, FALSE,
                   accept_ex(listener, acceptor, buffer, data_size, local_size, remote_size, received, overlapped))
}

/* --- messages ----------------------------------------------------------------------------------------------------- */

/* The WSAMSG of a request that may pend: it is there until its OVERLAPPED is used for another one. Rows are never
 * freed; there are as many as OVERLAPPEDs. */
struct kept_message {
    LPWSAOVERLAPPED overlapped;
    struct kept_message *next;
    WSAMSG message;
};

static _Atomic(struct kept_message *) kept_messages;

static WSAMSG *keep_message(LPWSAOVERLAPPED overlapped) {
    struct kept_message *row = atomic_load(&kept_messages);
    while (row != NULL && row->overlapped != overlapped) row = row->next;
    if (row != NULL) return &row->message;
    row = calloc(1, sizeof *row);
    if (row == NULL) abort();
    row->overlapped = overlapped;
    row->next = atomic_load(&kept_messages);
    while (!atomic_compare_exchange_weak(&kept_messages, &row->next, row)) continue;
    return &row->message;
}

static int receive_message(SOCKET s, WSAMSG *message, LPDWORD received, LPWSAOVERLAPPED overlapped,
                           LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) {
    LPFN_WSARECVMSG receive = NULL;
    if (!find(s, (GUID)WSAID_WSARECVMSG, "WSARecvMsg", &receive, sizeof receive)) return SOCKET_ERROR;
    CALL_EXTENSION(s, SOCKET_ERROR, receive(s, message, received, overlapped, routine))
}

static int send_message(SOCKET s, WSAMSG *message, DWORD flags, LPDWORD sent, LPWSAOVERLAPPED overlapped,
                        LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) {
    LPFN_WSASENDMSG send_msg = NULL;
    if (!find(s, (GUID)WSAID_WSASENDMSG, "WSASendMsg", &send_msg, sizeof send_msg)) return SOCKET_ERROR;
    CALL_EXTENSION(s, SOCKET_ERROR, send_msg(s, message, flags, sent, overlapped, routine))
}

int WINAPI agent_WSARecvMsg(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD received, LPDWORD flags,
                            struct sockaddr *name, LPINT name_length, char *control, LPINT control_length,
                            LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) {
    WSAMSG own;
    WSAMSG *message = overlapped == NULL ? &own : keep_message(overlapped);
    *message = (WSAMSG){ .name = name,
                         .namelen = *name_length,
                         .lpBuffers = buffers,
                         .dwBufferCount = count,
                         .Control = { .len = (ULONG)*control_length, .buf = control },
                         .dwFlags = *flags };
    int status = receive_message(s, message, received, overlapped, routine);
    if (status != 0 && GetLastError() == WSA_IO_PENDING) return status;
    *name_length = message->namelen;
    *control_length = (INT)message->Control.len;
    *flags = message->dwFlags;
    return status;
}

int WINAPI agent_WSASendMsg(SOCKET s, LPWSABUF buffers, DWORD count, DWORD flags, LPDWORD sent,
                            const struct sockaddr *name, int name_length, char *control, DWORD control_length,
                            LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) {
    WSAMSG own;
    WSAMSG *message = overlapped == NULL ? &own : keep_message(overlapped);
    *message = (WSAMSG){ .namelen = name_length,
                         .lpBuffers = buffers,
                         .dwBufferCount = count,
                         .Control = { .len = control_length, .buf = control } };
    memcpy(&message->name, &name, sizeof name);
    return send_message(s, message, flags, sent, overlapped, routine);
}

/* --- addresses ---------------------------------------------------------------------------------------------------- */

/* Stores an address that was found, where it is wanted and fits. */
static void give_address(const struct sockaddr *found, int found_length, struct sockaddr *wanted, int *length) {
    if (wanted == NULL || length == NULL || found == NULL || found_length <= 0 || *length < found_length) return;
    memcpy(wanted, found, (size_t)found_length);
    *length = found_length;
}

ULONG WINAPI agent_GetAcceptExSockaddrs(PVOID buffer, DWORD data_size, DWORD local_size, DWORD remote_size,
                                        struct sockaddr *local, int *local_length, struct sockaddr *remote,
                                        int *remote_length) {
    LPFN_GETACCEPTEXSOCKADDRS get_sockaddrs = NULL;
    struct sockaddr *found_local = NULL, *found_remote = NULL;
    int found_local_length = 0, found_remote_length = 0;
    if (!find(INVALID_SOCKET, (GUID)WSAID_GETACCEPTEXSOCKADDRS, "GetAcceptExSockaddrs", &get_sockaddrs,
              sizeof get_sockaddrs))
        return 0;
    get_sockaddrs(buffer, data_size, local_size, remote_size, &found_local, &found_local_length, &found_remote,
                  &found_remote_length);
    give_address(found_local, found_local_length, local, local_length);
    give_address(found_remote, found_remote_length, remote, remote_length);
    return 0;
}
