/* The model as a provider: WSPStartup, and for each function of the table the call record that it is.
 *
 * A function that the model does not have answers WSAEOPNOTSUPP; so does a call of one that it has in a way that it
 * does not model (quality of service, some functions of SIO_GET_EXTENSION_FUNCTION_POINTER). */
#include "stack/winsock/headers.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "stack/sdk/control_values.h"
#include "stack/sdk/option_values.h"
#include "stack/winsock/asking.h"
#include "stack/winsock/extensions.h"
#include "stack/winsock/handles.h"
#include "stack/winsock/hooks.h"
#include "stack/winsock/machine.h"
#include "stack/winsock/requests.h"
#include "stack/winsock/selections.h"

static WSPUPCALLTABLE upcalls; /* of the provider's client */

enum { SOCKADDR_PLACE = SOCKADDR_IN6_SIZE / sizeof(uint64_t) + 1 };

/* --- sockets ------------------------------------------------------------------------------------------------------ */

/* The handle that its caller gets for a socket that the model made. */
static SOCKET give(uint64_t own, LPINT error) {
    if (own == INVALID_SOCKET) return INVALID_SOCKET;
    SOCKET s = handle_for(own, error);
    if (s == INVALID_SOCKET) (void)ASK(closesocket, NULL, own);
    return s;
}

/* A structure of ours, from WSPDuplicateSocket, says so in dwProviderReserved; one from the catalogue has 0 there. */
static SOCKET WSPAPI provider_socket(int af, int type, int protocol, LPWSAPROTOCOL_INFOW info, GROUP group, DWORD flags,
                                     LPINT error) {
    bool from_catalogue = info != NULL && info->dwProviderReserved == 0;
    return give(ASK(WSASocketW, error, WORD_OF(af), WORD_OF(type), WORD_OF(protocol),
                    from_catalogue ? 0 : POINTER(info), group, flags),
                error);
}

static int WSPAPI provider_duplicate(SOCKET s, DWORD process, LPWSAPROTOCOL_INFOW info, LPINT error) {
    return (int)ASK(WSADuplicateSocketW, error, handle_own(s), process, POINTER(info));
}

static int WSPAPI provider_close(SOCKET s, LPINT error) {
    int status = (int)ASK(closesocket, error, handle_own(s));
    if (status == 0) handle_gone(s);
    return status;
}

static int WSPAPI provider_bind(SOCKET s, const struct sockaddr *name, int length, LPINT error) {
    return (int)ASK(bind, error, handle_own(s), POINTER(name), WORD_OF(length));
}

static int WSPAPI provider_sockname(SOCKET s, struct sockaddr *name, LPINT length, LPINT error) {
    return (int)ASK(getsockname, error, handle_own(s), POINTER(name), POINTER(length));
}

static int WSPAPI provider_peername(SOCKET s, struct sockaddr *name, LPINT length, LPINT error) {
    return (int)ASK(getpeername, error, handle_own(s), POINTER(name), POINTER(length));
}

static int WSPAPI provider_getsockopt(SOCKET s, int level, int name, char *value, LPINT length, LPINT error) {
    return (int)ASK(getsockopt, error, handle_own(s), WORD_OF(level), WORD_OF(name), POINTER(value), POINTER(length));
}

/* Some options have a socket for a value. */
static bool names_a_socket(int level, int name) { return level == SOL_SOCKET && name == SO_UPDATE_ACCEPT_CONTEXT; }

static int WSPAPI provider_setsockopt(SOCKET s, int level, int name, const char *value, int length, LPINT error) {
    uint64_t own = 0;
    if (names_a_socket(level, name) && length == (int)sizeof(SOCKET) && asking_is_memory(value, sizeof(SOCKET))) {
        SOCKET named = 0;
        memcpy(&named, value, sizeof named);
        own = handle_own(named);
        value = (const char *)&own;
    }
    return (int)ASK(setsockopt, error, handle_own(s), WORD_OF(level), WORD_OF(name), POINTER(value), WORD_OF(length));
}

/* --- connections and data ----------------------------------------------------------------------------------------- */

static int WSPAPI provider_listen(SOCKET s, int backlog, LPINT error) {
    return (int)ASK(listen, error, handle_own(s), WORD_OF(backlog));
}

/* The model looks who comes; the answer of the caller's condition, from 1, or -1: there is none, and *error says why.
 * The condition is called without the lock, as any function of a client: where another thread accepts meanwhile, its
 * answer is for the connection that is first then. */
static int answer_of(SOCKET s, LPCONDITIONPROC condition, DWORD_PTR data, LPINT error) {
    uint64_t far_end[SOCKADDR_PLACE], near_end[SOCKADDR_PLACE];
    INT far_length = sizeof far_end, near_length = sizeof near_end;
    int failed = 0;
    (void)ASK(WSAAccept, &failed, handle_own(s), POINTER(far_end), POINTER(&far_length), CONDITION_LOOK);
    if (failed == WSATRY_AGAIN && provider_sockname(s, (struct sockaddr *)near_end, &near_length, &failed) == 0) {
        WSABUF caller = { (u_long)far_length, (char *)far_end }, callee = { (u_long)near_length, (char *)near_end };
        int answer = condition(&caller, NULL, NULL, NULL, &callee, NULL, NULL, data);
        if (answer == CF_ACCEPT || answer == CF_REJECT || answer == CF_DEFER) return answer + CONDITION_ACCEPT;
        (void)asking_not_modelled("what a condition of WSPAccept answered", &failed);
    }
    asking_store_error(error, (uint32_t)failed);
    return -1;
}

static SOCKET WSPAPI provider_accept(SOCKET s, struct sockaddr *address, LPINT length, LPCONDITIONPROC condition,
                                     DWORD_PTR data, LPINT error) {
    if (condition == NULL) return give(ASK(accept, error, handle_own(s), POINTER(address), POINTER(length)), error);
    int answer = answer_of(s, condition, data, error);
    if (answer < 0) return INVALID_SOCKET;
    return give(ASK(WSAAccept, error, handle_own(s), POINTER(address), POINTER(length), WORD_OF(answer)), error);
}

static int WSPAPI provider_connect(SOCKET s, const struct sockaddr *name, int length, LPWSABUF caller, LPWSABUF callee,
                                   LPQOS qos, LPQOS group_qos, LPINT error) {
    return (int)ASK(WSAConnect, error, handle_own(s), POINTER(name), WORD_OF(length), POINTER(caller), POINTER(callee),
                    POINTER(qos), POINTER(group_qos));
}

static int WSPAPI provider_shutdown(SOCKET s, int how, LPINT error) {
    return (int)ASK(shutdown, error, handle_own(s), WORD_OF(how));
}

#define REQUESTING(name) \
    { \
        .function = FUNCTION_##name, .overlapped = name##_lpOverlapped, .routine = name##_lpCompletionRoutine, \
        .failure = SOCKET_ERROR, .request = { \
            .socket = s, \
            .overlapped = overlapped, \
            .routine = routine, \
            .thread = thread \
        } \
    }

static int WSPAPI provider_recv(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD received, LPDWORD flags,
                                LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine,
                                LPWSATHREADID thread, LPINT error) {
    const struct requesting asked = REQUESTING(WSARecv);
    return (int)asking_request(&asked,
                               (const uint64_t[CALL_ARGUMENTS_MAX]){ handle_own(s), POINTER(buffers), count,
                                                                     POINTER(received), POINTER(flags),
                                                                     POINTER(overlapped), POINTER(routine) },
                               error);
}

static int WSPAPI provider_recvfrom(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD received, LPDWORD flags,
                                    struct sockaddr *from, LPINT from_length, LPWSAOVERLAPPED overlapped,
                                    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT error) {
    const struct requesting asked = REQUESTING(WSARecvFrom);
    return (int)asking_request(&asked,
                               (const uint64_t[CALL_ARGUMENTS_MAX]){
                                   handle_own(s), POINTER(buffers), count, POINTER(received), POINTER(flags),
                                   POINTER(from), POINTER(from_length), POINTER(overlapped), POINTER(routine) },
                               error);
}

static int WSPAPI provider_send(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags,
                                LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine,
                                LPWSATHREADID thread, LPINT error) {
    const struct requesting asked = REQUESTING(WSASend);
    return (int)asking_request(&asked,
                               (const uint64_t[CALL_ARGUMENTS_MAX]){ handle_own(s), POINTER(buffers), count,
                                                                     POINTER(sent), flags, POINTER(overlapped),
                                                                     POINTER(routine) },
                               error);
}

static int WSPAPI provider_sendto(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags,
                                  const struct sockaddr *to, int to_length, LPWSAOVERLAPPED overlapped,
                                  LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT error) {
    const struct requesting asked = REQUESTING(WSASendTo);
    return (int)asking_request(
        &asked,
        (const uint64_t[CALL_ARGUMENTS_MAX]){ handle_own(s), POINTER(buffers), count, POINTER(sent), flags, POINTER(to),
                                              WORD_OF(to_length), POINTER(overlapped), POINTER(routine) },
        error);
}

/* --- select ------------------------------------------------------------------------------------------------------- */

/* A set in the form of a record (call.h), with the model's sockets. */
struct own_set {
    uint64_t count, sockets[SET_SOCKETS_MAX];
};

/* Is the set there, with all its sockets? */
static bool is_there(const fd_set *set) {
    return set != NULL && asking_is_memory(set, offsetof(fd_set, fd_array)) &&
           asking_is_memory(set, offsetof(fd_set, fd_array) + (size_t)set->fd_count * sizeof set->fd_array[0]);
}

/* A set that is not there is handed over as it is. */
static uint64_t own_set_of(const fd_set *set, struct own_set *own) {
    own->count = 0;
    if (!is_there(set)) return POINTER(set);
    own->count = set->fd_count;
    for (unsigned i = 0; i < set->fd_count; i++) own->sockets[i] = handle_own(set->fd_array[i]);
    return POINTER(own);
}

/* Leaves in the caller's set those of its sockets that are left in the model's. `before`: what that had. A socket that
 * was closed meanwhile has no other name any more. */
static void leave(fd_set *set, const struct own_set *before, const struct own_set *own) {
    unsigned left = 0;
    for (unsigned i = 0; i < own->count; i++)
        for (unsigned k = left; k < before->count; k++) {
            if (before->sockets[k] != own->sockets[i]) continue;
            set->fd_array[left++] = set->fd_array[k];
            break;
        }
    set->fd_count = left;
}

static bool is_too_long(const fd_set *set) { return is_there(set) && set->fd_count > SET_SOCKETS_MAX; }

/* Rounded up, so that no wait is shorter than it was meant. */
static uint64_t milliseconds_of(const struct timeval *limit) {
    if (limit == NULL) return INFINITE;
    uint64_t ms = (uint64_t)limit->tv_sec * 1000 + ((uint64_t)limit->tv_usec + 999) / 1000;
    return ms < INFINITE ? ms : INFINITE - 1;
}

static int WSPAPI provider_select(int count, fd_set *reading, fd_set *writing, fd_set *failing, const PTIMEVAL timeout,
                                  LPINT error) {
    fd_set *const sets[] = { reading, writing, failing };
    struct own_set own[3], before[3];
    (void)count;
    if (is_too_long(reading) || is_too_long(writing) || is_too_long(failing))
        return asking_not_modelled("WSPSelect with more than 32 sockets in a set", error);
    if (timeout != NULL && (timeout->tv_sec < 0 || timeout->tv_usec < 0)) {
        asking_store_error(error, WSAEINVAL);
        return SOCKET_ERROR;
    }
    uint64_t passed[3];
    for (unsigned i = 0; i < 3; i++) {
        passed[i] = own_set_of(sets[i], &own[i]);
        before[i] = own[i];
    }
    int left = (int)ASK(select, error, passed[0], passed[1], passed[2], milliseconds_of(timeout));
    for (unsigned i = 0; i < 3; i++)
        if (is_there(sets[i])) leave(sets[i], &before[i], &own[i]);
    return left;
}

/* --- network events ----------------------------------------------------------------------------------------------- */

static uint64_t own_event_of(HANDLE event) {
    winsock_machine_lock();
    uint64_t own = selections_event(event);
    winsock_machine_unlock();
    return own;
}

/* Whether a handle names an event no upcall tells: one that names none is never signalled. */
static int WSPAPI provider_event_select(SOCKET s, WSAEVENT event, LONG_OF_EVENTS events, LPINT error) {
    return (int)ASK(WSAEventSelect, error, handle_own(s), events == 0 ? 0 : own_event_of(event), WORD_OF(events));
}

/* The object is reset where the call succeeds (N1.10.4). */
static int WSPAPI provider_enum_events(SOCKET s, WSAEVENT event, LPWSANETWORKEVENTS events, LPINT error) {
    int ignored = 0;
    int status =
        (int)ASK(WSAEnumNetworkEvents, error, handle_own(s), event == NULL ? 0 : own_event_of(event), POINTER(events));
    if (status == 0 && event != NULL) (void)upcalls.lpWPUResetEvent(event, &ignored);
    return status;
}

/* --- control codes ------------------------------------------------------------------------------------------------ */

/* A handle of the model's in an output is the caller's own. */
static void name_by_caller(void *out, uint64_t own, SOCKET s) {
    uint64_t handle = 0;
    memcpy(&handle, out, sizeof handle);
    if (handle == own) memcpy(out, &s, sizeof s);
}

/* The model knows where all of them are; some stand here as functions that can be called (extensions.h). */
static int give_extension(const void *guid, void *out, LPINT error) {
    if (extension_give(guid, out)) return 0;
    memset(out, 0, sizeof(uint64_t));
    return asking_not_modelled("TransmitFile and TransmitPackets of a provider", error);
}

static int WSPAPI provider_ioctl(SOCKET s, DWORD code, LPVOID in, DWORD in_size, LPVOID out, DWORD out_size,
                                 LPDWORD bytes, LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine,
                                 LPWSATHREADID thread, LPINT error) {
    const uint64_t own = handle_own(s);
    const uint64_t arguments[CALL_ARGUMENTS_MAX] = {
        own, code, POINTER(in), in_size, POINTER(out), out_size, POINTER(bytes), POINTER(overlapped), POINTER(routine),
        0,   0,
    };
    struct call call;
    winsock_machine_record(&call, FUNCTION_WSAIoctl, arguments);
    const struct edge_request request = { .socket = s, .overlapped = overlapped, .routine = routine, .thread = thread };
    int number = request_begin(&call, WSAIoctl_ov, WSAIoctl_routine, &request);
    if (number < 0) {
        asking_store_error(error, WSAENOBUFS);
        return SOCKET_ERROR;
    }
    uint32_t failed = ERROR_UNTOUCHED;
    hook_follow();
    int status = (int)winsock_machine_call(&call, &failed);
    asking_store_error(error, failed);
    if (status == 0 && code == SIO_BASE_HANDLE) name_by_caller(out, own, s);
    if (status == 0 && code == SIO_GET_EXTENSION_FUNCTION_POINTER) status = give_extension(in, out, error);
    request_end(number, status == 0, failed == WSA_IO_PENDING);
    return status;
}

static BOOL WSPAPI provider_overlapped_result(SOCKET s, LPWSAOVERLAPPED overlapped, LPDWORD bytes, BOOL wait,
                                              LPDWORD flags, LPINT error) {
    const uint64_t arguments[CALL_ARGUMENTS_MAX] = {
        handle_own(s), POINTER(overlapped), POINTER(bytes), WORD_OF(wait), POINTER(flags), 0, 0, 0, 0, 0, 0,
    };
    struct call call;
    winsock_machine_record(&call, FUNCTION_WSAGetOverlappedResult, arguments);
    request_translate(&call, WSAGetOverlappedResult_ov);
    return (BOOL)asking_finish_call(&call, error);
}

static int WSPAPI provider_cancel_blocking(LPINT error) { return (int)ASK(WSACancelBlockingCall, error, 0); }

/* --- what the model does not have --------------------------------------------------------------------------------- */

static INT WSPAPI provider_to_string(LPSOCKADDR address, DWORD length, LPWSAPROTOCOL_INFOW info, LPWSTR text,
                                     LPDWORD text_length, LPINT error) {
    (void)address, (void)length, (void)info, (void)text, (void)text_length;
    return asking_not_modelled("WSPAddressToString", error);
}

static INT WSPAPI provider_to_address(LPWSTR text, INT family, LPWSAPROTOCOL_INFOW info, LPSOCKADDR address,
                                      LPINT address_length, LPINT error) {
    (void)text, (void)family, (void)info, (void)address, (void)address_length;
    return asking_not_modelled("WSPStringToAddress", error);
}

static int WSPAPI provider_async_select(SOCKET s, HWND window, unsigned int message, LONG_OF_EVENTS events,
                                        LPINT error) {
    (void)s, (void)window, (void)message, (void)events;
    return asking_not_modelled("WSPAsyncSelect", error);
}

static BOOL WSPAPI provider_qos_by_name(SOCKET s, LPWSABUF name, LPQOS qos, LPINT error) {
    (void)s, (void)name, (void)qos;
    asking_not_modelled("WSPGetQOSByName", error);
    return FALSE;
}

static SOCKET WSPAPI provider_join_leaf(SOCKET s, const struct sockaddr *name, int length, LPWSABUF caller,
                                        LPWSABUF callee, LPQOS qos, LPQOS group_qos, DWORD flags, LPINT error) {
    (void)s, (void)name, (void)length, (void)caller, (void)callee, (void)qos, (void)group_qos, (void)flags;
    return (SOCKET)(LONG_PTR)asking_not_modelled("WSPJoinLeaf", error);
}

static int WSPAPI provider_disconnect(SOCKET s, LPWSABUF data, LPINT error) {
    (void)s, (void)data;
    return asking_not_modelled("WSPSendDisconnect or WSPRecvDisconnect", error);
}

/* --- beginning and end -------------------------------------------------------------------------------------------- */

static int WSPAPI provider_cleanup(LPINT error) {
    int status = (int)ASK(WSACleanup, error, 0);
    requests_pause();
    if (status == 0) requests_give_back();
    requests_resume();
    return status;
}

static const WSPPROC_TABLE table = {
    .lpWSPAccept = provider_accept,
    .lpWSPAddressToString = provider_to_string,
    .lpWSPAsyncSelect = provider_async_select,
    .lpWSPBind = provider_bind,
    .lpWSPCancelBlockingCall = provider_cancel_blocking,
    .lpWSPCleanup = provider_cleanup,
    .lpWSPCloseSocket = provider_close,
    .lpWSPConnect = provider_connect,
    .lpWSPDuplicateSocket = provider_duplicate,
    .lpWSPEnumNetworkEvents = provider_enum_events,
    .lpWSPEventSelect = provider_event_select,
    .lpWSPGetOverlappedResult = provider_overlapped_result,
    .lpWSPGetPeerName = provider_peername,
    .lpWSPGetSockName = provider_sockname,
    .lpWSPGetSockOpt = provider_getsockopt,
    .lpWSPGetQOSByName = provider_qos_by_name,
    .lpWSPIoctl = provider_ioctl,
    .lpWSPJoinLeaf = provider_join_leaf,
    .lpWSPListen = provider_listen,
    .lpWSPRecv = provider_recv,
    .lpWSPRecvDisconnect = provider_disconnect,
    .lpWSPRecvFrom = provider_recvfrom,
    .lpWSPSelect = provider_select,
    .lpWSPSend = provider_send,
    .lpWSPSendDisconnect = provider_disconnect,
    .lpWSPSendTo = provider_sendto,
    .lpWSPSetSockOpt = provider_setsockopt,
    .lpWSPShutdown = provider_shutdown,
    .lpWSPSocket = provider_socket,
    .lpWSPStringToAddress = provider_to_address,
};

/* The model starts up for the calling process as WSAStartup does with the version that the process asked for; 2.2 where
 * no one said which. Errors, in this order:
 *   WSAVERNOTSUPPORTED  less than version 2 is asked for; *data says 2.2 all the same
 *   WSAEFAULT           no place for the table */
PROVIDER_EXPORT int WSPAPI WSPStartup(WORD wanted, LPWSPDATA data, LPWSAPROTOCOL_INFOW info,
                                      WSPUPCALLTABLE table_of_client, LPWSPPROC_TABLE functions) {
    static const char description[] = "Reservoir";
    (void)info;
    if (data == NULL || functions == NULL) return WSAEFAULT;
    memset(data, 0, sizeof *data);
    data->wVersion = data->wHighVersion = 0x0202;
    for (unsigned i = 0; i < sizeof description; i++) data->szDescription[i] = (WCHAR)description[i];
    if ((wanted & 0xFF) < 2) return WSAVERNOTSUPPORTED;
    upcalls = table_of_client;
    requests_use(&upcalls);
    handles_use(&upcalls);
    hooks_use(&upcalls);
    uint64_t wsadata[WSADATA_SIZE / sizeof(uint64_t)];
    int status = (int)ASK(WSAStartup, NULL, winsock_machine_version(), POINTER(wsadata));
    if (status == 0) *functions = table;
    return status;
}
