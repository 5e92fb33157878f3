/* The model as a provider: WSPStartup, and for each function of the table the call record that it is.
 *
 * A function that the model does not have answers WSAEOPNOTSUPP; so does a call of one that it has in a way that it
 * does not model (several buffers, overlapped data). */
#include "stack/winsock/headers.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "stack/sdk/control_values.h"
#include "stack/winsock/handles.h"
#include "stack/winsock/hooks.h"
#include "stack/winsock/machine.h"
#include "stack/winsock/requests.h"

/* --- from arguments to an answer ---------------------------------------------------------------------------------- */

/* Stores a failure where lpErrno says. A provider's caller has to give one; NULL is none of our crashes. */
static void store_error(LPINT error_out, uint32_t error) {
    if (error_out != NULL && error != ERROR_UNTOUCHED) *error_out = (int)error;
}

static uint64_t finish_call(struct call *call, LPINT error_out) {
    uint32_t error = ERROR_UNTOUCHED;
    hook_follow();
    uint64_t value = winsock_machine_call(call, &error);
    store_error(error_out, error);
    requests_pass_on();
    return value;
}

static uint64_t ask(enum function function, const uint64_t arguments[CALL_ARGUMENTS_MAX], LPINT error_out) {
    struct call call;
    winsock_machine_record(&call, function, arguments);
    return finish_call(&call, error_out);
}

#define WORD_OF(value) (uint64_t)(int64_t)(value)
#define POINTER(value) (uint64_t)(uintptr_t)(value)
#define ASK(function, error, ...) ask(FUNCTION_##function, (const uint64_t[CALL_ARGUMENTS_MAX]){ __VA_ARGS__ }, error)

/* A provider has to return something: the error stands for no answer, and the machine says so aloud. */
static int not_modelled(const char *what, LPINT error_out) {
    winsock_machine_not_modelled(what);
    store_error(error_out, WSAEOPNOTSUPP);
    return SOCKET_ERROR;
}

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

static int WSPAPI provider_setsockopt(SOCKET s, int level, int name, const char *value, int length, LPINT error) {
    return (int)ASK(setsockopt, error, handle_own(s), WORD_OF(level), WORD_OF(name), POINTER(value), WORD_OF(length));
}

/* --- connections and data ----------------------------------------------------------------------------------------- */

static int WSPAPI provider_listen(SOCKET s, int backlog, LPINT error) {
    return (int)ASK(listen, error, handle_own(s), WORD_OF(backlog));
}

static SOCKET WSPAPI provider_accept(SOCKET s, struct sockaddr *address, LPINT length, LPCONDITIONPROC condition,
                                     DWORD_PTR data, LPINT error) {
    (void)data;
    if (condition != NULL) return (SOCKET)(LONG_PTR)not_modelled("WSPAccept with a condition", error);
    return give(ASK(accept, error, handle_own(s), POINTER(address), POINTER(length)), error);
}

static int WSPAPI provider_connect(SOCKET s, const struct sockaddr *name, int length, LPWSABUF caller, LPWSABUF callee,
                                   LPQOS qos, LPQOS group_qos, LPINT error) {
    if (caller != NULL || callee != NULL || qos != NULL || group_qos != NULL)
        return not_modelled("WSPConnect with connect data or quality of service", error);
    return (int)ASK(connect, error, handle_own(s), POINTER(name), WORD_OF(length));
}

static int WSPAPI provider_shutdown(SOCKET s, int how, LPINT error) {
    return (int)ASK(shutdown, error, handle_own(s), WORD_OF(how));
}

/* Only what send and recv are made of: one buffer, at once. */
static bool is_plain(const WSABUF *buffers, DWORD count, const WSAOVERLAPPED *overlapped) {
    return buffers != NULL && count == 1 && overlapped == NULL;
}

/* From a count or SOCKET_ERROR to a status, with the count stored. */
static int counted(uint64_t value, LPDWORD count_out) {
    if ((int)value == SOCKET_ERROR) return SOCKET_ERROR;
    if (count_out != NULL) *count_out = (DWORD)value;
    return 0;
}

static int WSPAPI provider_recv(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD received, LPDWORD flags,
                                LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine,
                                LPWSATHREADID thread, LPINT error) {
    (void)routine, (void)thread;
    if (!is_plain(buffers, count, overlapped))
        return not_modelled("WSPRecv with several buffers or an OVERLAPPED", error);
    return counted(
        ASK(recv, error, handle_own(s), POINTER(buffers->buf), WORD_OF((int)buffers->len), flags != NULL ? *flags : 0),
        received);
}

static int WSPAPI provider_recvfrom(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD received, LPDWORD flags,
                                    struct sockaddr *from, LPINT from_length, LPWSAOVERLAPPED overlapped,
                                    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT error) {
    (void)routine, (void)thread;
    if (!is_plain(buffers, count, overlapped))
        return not_modelled("WSPRecvFrom with several buffers or an OVERLAPPED", error);
    uint64_t value = ASK(recvfrom, error, handle_own(s), POINTER(buffers->buf), WORD_OF((int)buffers->len),
                         flags != NULL ? *flags : 0, POINTER(from), POINTER(from_length));
    return counted(value, received);
}

static int WSPAPI provider_send(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags,
                                LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine,
                                LPWSATHREADID thread, LPINT error) {
    (void)routine, (void)thread;
    if (!is_plain(buffers, count, overlapped))
        return not_modelled("WSPSend with several buffers or an OVERLAPPED", error);
    return counted(ASK(send, error, handle_own(s), POINTER(buffers->buf), WORD_OF((int)buffers->len), flags), sent);
}

static int WSPAPI provider_sendto(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags,
                                  const struct sockaddr *to, int to_length, LPWSAOVERLAPPED overlapped,
                                  LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT error) {
    (void)routine, (void)thread;
    if (!is_plain(buffers, count, overlapped))
        return not_modelled("WSPSendTo with several buffers or an OVERLAPPED", error);
    uint64_t value = ASK(sendto, error, handle_own(s), POINTER(buffers->buf), WORD_OF((int)buffers->len), flags,
                         POINTER(to), WORD_OF(to_length));
    return counted(value, sent);
}

/* --- control codes ------------------------------------------------------------------------------------------------ */

/* A handle of the model's in an output is the caller's own. */
static void name_by_caller(void *out, uint64_t own, SOCKET s) {
    uint64_t handle = 0;
    memcpy(&handle, out, sizeof handle);
    if (handle == own) memcpy(out, &s, sizeof s);
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
        store_error(error, WSAENOBUFS);
        return SOCKET_ERROR;
    }
    uint32_t failed = ERROR_UNTOUCHED;
    hook_follow();
    int status = (int)winsock_machine_call(&call, &failed);
    store_error(error, failed);
    if (status == 0 && code == SIO_BASE_HANDLE) name_by_caller(out, own, s);
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
    return (BOOL)finish_call(&call, error);
}

static int WSPAPI provider_cancel_blocking(LPINT error) { return (int)ASK(WSACancelBlockingCall, error, 0); }

/* --- what the model does not have --------------------------------------------------------------------------------- */

static INT WSPAPI provider_to_string(LPSOCKADDR address, DWORD length, LPWSAPROTOCOL_INFOW info, LPWSTR text,
                                     LPDWORD text_length, LPINT error) {
    (void)address, (void)length, (void)info, (void)text, (void)text_length;
    return not_modelled("WSPAddressToString", error);
}

static INT WSPAPI provider_to_address(LPWSTR text, INT family, LPWSAPROTOCOL_INFOW info, LPSOCKADDR address,
                                      LPINT address_length, LPINT error) {
    (void)text, (void)family, (void)info, (void)address, (void)address_length;
    return not_modelled("WSPStringToAddress", error);
}

static int WSPAPI provider_async_select(SOCKET s, HWND window, unsigned int message, LONG_OF_EVENTS events,
                                        LPINT error) {
    (void)s, (void)window, (void)message, (void)events;
    return not_modelled("WSPAsyncSelect", error);
}

static int WSPAPI provider_event_select(SOCKET s, WSAEVENT event, LONG_OF_EVENTS events, LPINT error) {
    (void)s, (void)event, (void)events;
    return not_modelled("WSPEventSelect", error);
}

static int WSPAPI provider_enum_events(SOCKET s, WSAEVENT event, LPWSANETWORKEVENTS events, LPINT error) {
    (void)s, (void)event, (void)events;
    return not_modelled("WSPEnumNetworkEvents", error);
}

static int WSPAPI provider_select(int count, fd_set *reading, fd_set *writing, fd_set *failing, const PTIMEVAL timeout,
                                  LPINT error) {
    (void)count, (void)reading, (void)writing, (void)failing, (void)timeout;
    return not_modelled("WSPSelect", error);
}

static BOOL WSPAPI provider_qos_by_name(SOCKET s, LPWSABUF name, LPQOS qos, LPINT error) {
    (void)s, (void)name, (void)qos;
    not_modelled("WSPGetQOSByName", error);
    return FALSE;
}

static SOCKET WSPAPI provider_join_leaf(SOCKET s, const struct sockaddr *name, int length, LPWSABUF caller,
                                        LPWSABUF callee, LPQOS qos, LPQOS group_qos, DWORD flags, LPINT error) {
    (void)s, (void)name, (void)length, (void)caller, (void)callee, (void)qos, (void)group_qos, (void)flags;
    return (SOCKET)(LONG_PTR)not_modelled("WSPJoinLeaf", error);
}

static int WSPAPI provider_disconnect(SOCKET s, LPWSABUF data, LPINT error) {
    (void)s, (void)data;
    return not_modelled("WSPSendDisconnect or WSPRecvDisconnect", error);
}

/* --- beginning and end -------------------------------------------------------------------------------------------- */

static int WSPAPI provider_cleanup(LPINT error) {
    int status = (int)ASK(WSACleanup, error, 0);
    requests_pause();
    if (status == 0) requests_forget(winsock_machine_who().process);
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
PROVIDER_EXPORT int WSPAPI WSPStartup(WORD wanted, LPWSPDATA data, LPWSAPROTOCOL_INFOW info, WSPUPCALLTABLE upcalls,
                                      LPWSPPROC_TABLE functions) {
    static const char description[] = "Reservoir";
    (void)info;
    if (data == NULL || functions == NULL) return WSAEFAULT;
    memset(data, 0, sizeof *data);
    data->wVersion = data->wHighVersion = 0x0202;
    for (unsigned i = 0; i < sizeof description; i++) data->szDescription[i] = (WCHAR)description[i];
    if ((wanted & 0xFF) < 2) return WSAVERNOTSUPPORTED;
    requests_use(&upcalls);
    handles_use(&upcalls);
    hooks_use(&upcalls);
    uint64_t wsadata[WSADATA_SIZE / sizeof(uint64_t)];
    int status = (int)ASK(WSAStartup, NULL, winsock_machine_version(), POINTER(wsadata));
    if (status == 0) *functions = table;
    return status;
}
