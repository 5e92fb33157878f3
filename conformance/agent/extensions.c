#include "conformance/agent/functions.h"

#include "conformance/agent/extensions.h"

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
void WSAAPI WSASetLastError(int error) { SetLastError((DWORD)error); }
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

/* `call` of the extension at `pointer`. What a provider says of its end waits until it has returned. */
#define CALL_EXTENSION(socket, name, guid, pointer, call) \
    if (!find(socket, (GUID)guid, name, &(pointer), sizeof(pointer))) return FALSE; \
    provider_sockets_hold((LPWSAOVERLAPPED)overlapped); \
    BOOL done = call; \
    DWORD error = GetLastError(); \
    provider_sockets_release(socket, done != FALSE); \
    SetLastError(error); \
    return done;

BOOL WINAPI agent_ConnectEx(SOCKET s, const struct sockaddr *name, int length, PVOID data, DWORD data_size,
                            LPDWORD sent, LPOVERLAPPED overlapped) {
    LPFN_CONNECTEX connect_ex = NULL;
    CALL_EXTENSION(s, "ConnectEx", WSAID_CONNECTEX, connect_ex,
                   connect_ex(s, name, length, data, data_size, sent, overlapped))
}

BOOL WINAPI agent_DisconnectEx(SOCKET s, LPOVERLAPPED overlapped, DWORD flags, DWORD reserved) {
    LPFN_DISCONNECTEX disconnect_ex = NULL;
    CALL_EXTENSION(s, "DisconnectEx", WSAID_DISCONNECTEX, disconnect_ex, disconnect_ex(s, overlapped, flags, reserved))
}

BOOL WINAPI agent_AcceptEx(SOCKET listener, SOCKET acceptor, PVOID buffer, DWORD data_size, DWORD local_size,
                           DWORD remote_size, LPDWORD received, LPOVERLAPPED overlapped) {
    LPFN_ACCEPTEX accept_ex = NULL;
    CALL_EXTENSION(listener, "AcceptEx", WSAID_ACCEPTEX, accept_ex,
                   accept_ex(listener, acceptor, buffer, data_size, local_size, remote_size, received, overlapped))
}

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
