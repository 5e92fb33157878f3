#include "stack/winsock/headers.h"

#include "stack/winsock/extensions.h"

#include <string.h>

#include "stack/winsock/asking.h"
#include "stack/winsock/handles.h"

/* ws2_32's, which sets the last error that the client sees. Elsewhere than on Windows it is the program's that loaded
 * the provider, which may have none. */
#ifdef _WIN32
#define SET_LAST_ERROR(error) WSASetLastError(error)
#else
extern void WSAAPI WSASetLastError(int error) __attribute__((weak));
#define SET_LAST_ERROR(error) (WSASetLastError != NULL ? WSASetLastError(error) : SetLastError((DWORD)(error)))
#endif

enum { NO_ERROR_YET = -1 };

static BOOL ask_extension(const struct requesting *asked, const uint64_t arguments[CALL_ARGUMENTS_MAX]) {
    int error = NO_ERROR_YET;
    BOOL answer = asking_request(asked, arguments, &error);
    if (error != NO_ERROR_YET) SET_LAST_ERROR(error);
    return answer;
}

#define REQUESTING(name, of) \
    { \
        .function = FUNCTION_##name, .overlapped = name##_lpOverlapped, .routine = name##_lpOverlapped, \
        .failure = FALSE, .request = { \
            .socket = (of), \
            .overlapped = overlapped \
        } \
    }

static BOOL WINAPI extension_ConnectEx(SOCKET s, const struct sockaddr *name, int length, PVOID data, DWORD data_size,
                                       LPDWORD sent, LPOVERLAPPED overlapped) {
    const struct requesting asked = REQUESTING(ConnectEx, s);
    return ask_extension(&asked, (const uint64_t[CALL_ARGUMENTS_MAX]){ handle_own(s), POINTER(name), WORD_OF(length),
                                                                       POINTER(data), data_size, POINTER(sent),
                                                                       POINTER(overlapped) });
}

static BOOL WINAPI extension_DisconnectEx(SOCKET s, LPOVERLAPPED overlapped, DWORD flags, DWORD reserved) {
    const struct requesting asked = REQUESTING(DisconnectEx, s);
    return ask_extension(&asked,
                         (const uint64_t[CALL_ARGUMENTS_MAX]){ handle_own(s), POINTER(overlapped), flags, reserved });
}

/* The listener is whose completion port gets the packet. */
static BOOL WINAPI extension_AcceptEx(SOCKET listener, SOCKET acceptor, PVOID output, DWORD data_size, DWORD local_size,
                                      DWORD remote_size, LPDWORD received, LPOVERLAPPED overlapped) {
    const struct requesting asked = REQUESTING(AcceptEx, listener);
    return ask_extension(&asked, (const uint64_t[CALL_ARGUMENTS_MAX]){
                                     handle_own(listener), handle_own(acceptor), POINTER(output), data_size, local_size,
                                     remote_size, POINTER(received), POINTER(overlapped) });
}

static void point_at(PVOID part, int found, struct sockaddr **name, LPINT length) {
    *name = found == 0 ? NULL : (struct sockaddr *)(void *)((char *)part + ACCEPT_ADDRESS_OFFSET);
    *length = found;
}

/* The model copies what is found; a client gets pointers into its buffer. */
static VOID WINAPI extension_GetAcceptExSockaddrs(PVOID output, DWORD data_size, DWORD local_size, DWORD remote_size,
                                                  struct sockaddr **local, LPINT local_length, struct sockaddr **remote,
                                                  LPINT remote_length) {
    SOCKADDR_STORAGE near_end, far_end;
    INT near_length = local_size == 0 ? 0 : (INT)sizeof near_end, far_length = sizeof far_end;
    char *parts = (char *)output + data_size;
    (void)ASK(GetAcceptExSockaddrs, NULL, POINTER(output), data_size, local_size, remote_size, POINTER(&near_end),
              POINTER(&near_length), POINTER(&far_end), POINTER(&far_length));
    point_at(parts, near_length, local, local_length);
    point_at(parts + local_size, far_length, remote, remote_length);
}

/* --- messages ----------------------------------------------------------------------------------------------------- */

#define REQUESTING_BY_ROUTINE(name) \
    { \
        .function = FUNCTION_##name, .overlapped = name##_lpOverlapped, .routine = name##_lpCompletionRoutine, \
        .failure = SOCKET_ERROR, .request = { \
            .socket = s, \
            .overlapped = overlapped, \
            .routine = routine \
        } \
    }

/* The members of a WSAMSG are arguments, so it has to be there itself. */
static INT WINAPI extension_WSARecvMsg(SOCKET s, LPWSAMSG message, LPDWORD received, LPWSAOVERLAPPED overlapped,
                                       LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) {
    const struct requesting asked = REQUESTING_BY_ROUTINE(WSARecvMsg);
    if (!asking_is_memory(message, sizeof *message)) return SET_LAST_ERROR(WSAEFAULT), SOCKET_ERROR;
    return ask_extension(&asked, (const uint64_t[CALL_ARGUMENTS_MAX]){
                                     handle_own(s), POINTER(message->lpBuffers), message->dwBufferCount,
                                     POINTER(received), POINTER(&message->dwFlags), POINTER(message->name),
                                     POINTER(&message->namelen), POINTER(message->Control.buf),
                                     POINTER(&message->Control.len), POINTER(overlapped), POINTER(routine) });
}

static INT WINAPI extension_WSASendMsg(SOCKET s, LPWSAMSG message, DWORD flags, LPDWORD sent,
                                       LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) {
    const struct requesting asked = REQUESTING_BY_ROUTINE(WSASendMsg);
    if (!asking_is_memory(message, sizeof *message)) return SET_LAST_ERROR(WSAEFAULT), SOCKET_ERROR;
    return ask_extension(&asked,
                         (const uint64_t[CALL_ARGUMENTS_MAX]){
                             handle_own(s), POINTER(message->lpBuffers), message->dwBufferCount, flags, POINTER(sent),
                             POINTER(message->name), WORD_OF(message->namelen), POINTER(message->Control.buf),
                             message->Control.len, POINTER(overlapped), POINTER(routine) });
}

static bool is_guid(const void *given, GUID wanted) { return memcmp(given, &wanted, sizeof wanted) == 0; }

bool extension_give(const void *guid, void *out) {
    LPFN_CONNECTEX connect_ex = extension_ConnectEx;
    LPFN_DISCONNECTEX disconnect_ex = extension_DisconnectEx;
    LPFN_ACCEPTEX accept_ex = extension_AcceptEx;
    LPFN_GETACCEPTEXSOCKADDRS sockaddrs = extension_GetAcceptExSockaddrs;
    LPFN_WSARECVMSG receive = extension_WSARecvMsg;
    LPFN_WSASENDMSG send_message = extension_WSASendMsg;
    if (is_guid(guid, (GUID)WSAID_CONNECTEX)) memcpy(out, &connect_ex, sizeof connect_ex);
    else if (is_guid(guid, (GUID)WSAID_DISCONNECTEX)) memcpy(out, &disconnect_ex, sizeof disconnect_ex);
    else if (is_guid(guid, (GUID)WSAID_ACCEPTEX)) memcpy(out, &accept_ex, sizeof accept_ex);
    else if (is_guid(guid, (GUID)WSAID_GETACCEPTEXSOCKADDRS)) memcpy(out, &sockaddrs, sizeof sockaddrs);
    else if (is_guid(guid, (GUID)WSAID_WSARECVMSG)) memcpy(out, &receive, sizeof receive);
    else if (is_guid(guid, (GUID)WSAID_WSASENDMSG)) memcpy(out, &send_message, sizeof send_message);
    else return false;
    return true;
}
