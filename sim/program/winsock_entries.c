/* ws2_32 and iphlpapi: what the model answers. */
#include "sim/program/include/winsock2.h"

#include "sim/program/include/iphlpapi.h"
#include "sim/program/include/mswsock.h"

#undef ioctlsocket
#undef CreatePersistentTcpPortReservation
#undef CreatePersistentUdpPortReservation
#undef LookupPersistentTcpPortReservation
#undef LookupPersistentUdpPortReservation

#include "sim/memory/pages.h"
#include "sim/program/calls.h"
#include "sim/program/pieces.h"
#include "sim/program/preceded.h"
#include "sim/program/protocols.h"
#include "sim/program/stop.h"
#include "sim/program/threads.h"

#define WORD_OF PROGRAM_WORD
#define POINTER PROGRAM_POINTER

/* --- startup, errors ---------------------------------------------------------------------------------------------- */

int WSAStartup(WORD version, LPWSADATA data) {
    int error = (int)PROGRAM_CALL(WSAStartup, version, POINTER(data));
    if (error != 0 || pages_writable(POINTER(data), sizeof *data) < sizeof *data) return error;
    memset(data->szDescription, 0, sizeof data->szDescription); /* the model stores the versions only */
    memset(data->szSystemStatus, 0, sizeof data->szSystemStatus);
    strcpy(data->szDescription, "Reservoir");
    data->iMaxSockets = data->iMaxUdpDg = 0; /* meaningless since version 2 */
    data->lpVendorInfo = NULL;
    return 0;
}

int WSACleanup(void) { return (int)PROGRAM_CALL(WSACleanup, 0); }

int WSAGetLastError(void) {
    threads_enter();
    return (int)thread_last_error();
}

void WSASetLastError(int error) {
    threads_enter();
    thread_set_last_error((uint32_t)error);
}

static int fail(uint32_t error) {
    threads_enter();
    thread_set_last_error(error);
    return SOCKET_ERROR;
}

/* --- sockets ------------------------------------------------------------------------------------------------------ */

SOCKET socket(int af, int type, int protocol) {
    return (SOCKET)PROGRAM_CALL(socket, WORD_OF(af), WORD_OF(type), WORD_OF(protocol));
}

/* Both structures are one but for the last member, the protocol's name. */
_Static_assert(offsetof(WSAPROTOCOL_INFOA, szProtocol) == offsetof(WSAPROTOCOL_INFOW, szProtocol), "one layout");

/* A structure of the catalogue chooses a provider, of which there is one, and says what FROM_PROTOCOL_INFO leaves to
 * it.
 * One that WSADuplicateSocketW filled has a value in the member that is the provider's own: the model knows it. */
static bool is_of_catalogue(const void *info, int *af, int *type, int *protocol) {
    WSAPROTOCOL_INFOA head;
    const uint32_t bytes = offsetof(WSAPROTOCOL_INFOA, szProtocol);
    if (info == NULL || pages_readable(POINTER(info), bytes) < bytes) return false;
    memcpy(&head, info, bytes);
    if (head.dwProviderReserved != 0) return false;
    if (*af == FROM_PROTOCOL_INFO) *af = head.iAddressFamily;
    if (*type == FROM_PROTOCOL_INFO) *type = head.iSocketType;
    if (*protocol == FROM_PROTOCOL_INFO) *protocol = head.iProtocol;
    return true;
}

SOCKET WSASocketW(int af, int type, int protocol, LPWSAPROTOCOL_INFOW info, GROUP group, DWORD flags) {
    if (is_of_catalogue(info, &af, &type, &protocol)) info = NULL;
    return (SOCKET)PROGRAM_CALL(WSASocketW, WORD_OF(af), WORD_OF(type), WORD_OF(protocol), POINTER(info), group, flags);
}

/* One that WSADuplicateSocketA filled is known by the members that both structures have. */
SOCKET WSASocketA(int af, int type, int protocol, LPWSAPROTOCOL_INFOA info, GROUP group, DWORD flags) {
    if (is_of_catalogue(info, &af, &type, &protocol)) info = NULL;
    return (SOCKET)PROGRAM_CALL(WSASocketA, WORD_OF(af), WORD_OF(type), WORD_OF(protocol), POINTER(info), group, flags);
}

int WSADuplicateSocketW(SOCKET s, DWORD process, LPWSAPROTOCOL_INFOW info) {
    DWORD own = process == GetCurrentProcessId() ? PROCESS_ID_FIRST : process;
    return (int)PROGRAM_CALL(WSADuplicateSocketW, s, own, POINTER(info));
}

int WSADuplicateSocketA(SOCKET s, DWORD process, LPWSAPROTOCOL_INFOA info) {
    WSAPROTOCOL_INFOW wide;
    if (pages_writable(POINTER(info), sizeof *info) < sizeof *info) return fail(WSAEFAULT);
    if (WSADuplicateSocketW(s, process, &wide) != 0) return SOCKET_ERROR;
    memcpy(info, &wide, offsetof(WSAPROTOCOL_INFOA, szProtocol));
    WideCharToMultiByte(CP_ACP, 0, wide.szProtocol, -1, info->szProtocol, sizeof info->szProtocol, NULL, NULL);
    return 0;
}

int closesocket(SOCKET s) { return (int)PROGRAM_CALL(closesocket, s); }

int bind(SOCKET s, const struct sockaddr *name, int length) {
    return (int)PROGRAM_CALL(bind, s, POINTER(name), WORD_OF(length));
}

int getsockname(SOCKET s, struct sockaddr *name, int *length) {
    return (int)PROGRAM_CALL(getsockname, s, POINTER(name), POINTER(length));
}

int getpeername(SOCKET s, struct sockaddr *name, int *length) {
    return (int)PROGRAM_CALL(getpeername, s, POINTER(name), POINTER(length));
}

int listen(SOCKET s, int backlog) { return (int)PROGRAM_CALL(listen, s, WORD_OF(backlog)); }

SOCKET accept(SOCKET s, struct sockaddr *name, int *length) {
    return (SOCKET)PROGRAM_CALL(accept, s, POINTER(name), POINTER(length));
}

/* The model looks who comes, the program's own condition answers, and the model acts on it. Between the two no other
 * thread of the program runs. */
SOCKET WSAAccept(SOCKET s, struct sockaddr *name, LPINT length, LPCONDITIONPROC condition, DWORD_PTR data) {
    SOCKADDR_STORAGE far_end, near_end;
    INT far_length = sizeof far_end, near_length = sizeof near_end;
    if (condition == NULL) return accept(s, name, length);
    SOCKET none = (SOCKET)PROGRAM_CALL(WSAAccept, s, POINTER(&far_end), POINTER(&far_length), CONDITION_LOOK);
    if (none != INVALID_SOCKET || WSAGetLastError() != WSATRY_AGAIN) return none;
    if (getsockname(s, (struct sockaddr *)&near_end, &near_length) != 0) return INVALID_SOCKET;
    WSABUF caller = { (ULONG)far_length, (char *)&far_end }, callee = { (ULONG)near_length, (char *)&near_end };
    int answer = condition(&caller, NULL, NULL, NULL, &callee, NULL, NULL, data);
    if (answer != CF_ACCEPT && answer != CF_REJECT && answer != CF_DEFER)
        stop_not_modelled("WSAAccept", "what the condition answered");
    return (SOCKET)PROGRAM_CALL(WSAAccept, s, POINTER(name), POINTER(length), (uint32_t)answer + CONDITION_ACCEPT);
}

int connect(SOCKET s, const struct sockaddr *name, int length) {
    return (int)PROGRAM_CALL(connect, s, POINTER(name), WORD_OF(length));
}

int WSAConnect(SOCKET s, const struct sockaddr *name, int length, LPWSABUF caller, LPWSABUF callee, LPQOS qos,
               LPQOS group_qos) {
    return (int)PROGRAM_CALL(WSAConnect, s, POINTER(name), WORD_OF(length), POINTER(caller), POINTER(callee),
                             POINTER(qos), POINTER(group_qos));
}

int shutdown(SOCKET s, int how) { return (int)PROGRAM_CALL(shutdown, s, WORD_OF(how)); }

/* TCP carries no data of a disconnect: without them, both are a shutdown of one direction. */
int WSASendDisconnect(SOCKET s, LPWSABUF data) {
    if (data != NULL) stop_not_modelled("WSASendDisconnect", "data of a disconnect");
    return shutdown(s, SD_SEND);
}

int WSARecvDisconnect(SOCKET s, LPWSABUF data) {
    if (data != NULL) stop_not_modelled("WSARecvDisconnect", "data of a disconnect");
    return shutdown(s, SD_RECEIVE);
}

/* --- network events ----------------------------------------------------------------------------------------------- */

int WSAEventSelect(SOCKET s, WSAEVENT event, LONG events) {
    return (int)PROGRAM_CALL(WSAEventSelect, s, POINTER(event), WORD_OF(events));
}

int WSAEnumNetworkEvents(SOCKET s, WSAEVENT event, LPWSANETWORKEVENTS events) {
    return (int)PROGRAM_CALL(WSAEnumNetworkEvents, s, POINTER(event), POINTER(events));
}

/* --- of Winsock 1.1 ----------------------------------------------------------------------------------------------- */

BOOL WSAIsBlocking(void) { return (BOOL)PROGRAM_CALL(WSAIsBlocking, 0); }
int WSACancelBlockingCall(void) { return (int)PROGRAM_CALL(WSACancelBlockingCall, 0); }
int WSAUnhookBlockingHook(void) { return (int)PROGRAM_CALL(WSAUnhookBlockingHook, 0); }

/* --- data --------------------------------------------------------------------------------------------------------- */

/* A stream is cut into pieces of PIECE_BYTES, which no reader can notice; a datagram is one call, whatever its
 * length. */
static bool is_stream(SOCKET s) {
    int type = 0;
    const uint32_t error = thread_last_error();
    uint32_t size = sizeof type;
    bool known =
        (int)PROGRAM_CALL(getsockopt, s, WORD_OF(SOL_SOCKET), WORD_OF(SO_TYPE), POINTER(&type), POINTER(&size)) == 0;
    thread_set_last_error(error);
    return known && type == SOCK_STREAM;
}

int send(SOCKET s, const char *data, int length, int flags) {
    int sent = 0;
    if (length > PIECE_BYTES && !is_stream(s))
        return (int)PROGRAM_SEND(true, send, s, POINTER(data), WORD_OF(length), WORD_OF(flags));
    do {
        int piece = length - sent < PIECE_BYTES ? length - sent : PIECE_BYTES;
        int count =
            (int)PROGRAM_CALL(send, s, POINTER(data == NULL ? NULL : data + sent), WORD_OF(piece), WORD_OF(flags));
        if (count < 0) return sent > 0 ? sent : count;
        sent += count;
    } while (sent < length);
    return sent;
}

int sendto(SOCKET s, const char *data, int length, int flags, const struct sockaddr *to, int to_length) {
    if (length > PIECE_BYTES && is_stream(s)) return send(s, data, length, flags); /* `to` is not looked at */
    return (int)PROGRAM_SEND(length > PIECE_BYTES, sendto, s, POINTER(data), WORD_OF(length), WORD_OF(flags),
                             POINTER(to), WORD_OF(to_length));
}

/* What a record can hold of what MSG_WAITALL waits for. */
enum { AWAITED_BYTES = 1024 };

/* All that is asked for, in pieces: who waits for it cannot notice. */
static int recv_all(SOCKET s, char *data, int length, int flags) {
    int received = 0;
    while (received < length) {
        int piece = length - received < AWAITED_BYTES ? length - received : AWAITED_BYTES;
        int count = (int)PROGRAM_CALL(recv, s, POINTER(data + received), WORD_OF(piece), WORD_OF(flags));
        if (count < 0) return received > 0 ? received : count;
        received += count;
        if (count < piece) break;
    }
    return received;
}

int recv(SOCKET s, char *data, int length, int flags) {
    if (flags == MSG_WAITALL && length > AWAITED_BYTES && data != NULL && is_stream(s))
        return recv_all(s, data, length, flags);
    return (int)PROGRAM_CALL(recv, s, POINTER(data), WORD_OF(length), WORD_OF(flags));
}

int recvfrom(SOCKET s, char *data, int length, int flags, struct sockaddr *from, int *from_length) {
    return (int)PROGRAM_CALL(recvfrom, s, POINTER(data), WORD_OF(length), WORD_OF(flags), POINTER(from),
                             POINTER(from_length));
}

static bool buffers_are_there(LPWSABUF buffers, DWORD count) {
    return pages_readable(POINTER(buffers), count * (DWORD)sizeof *buffers) == count * (DWORD)sizeof *buffers;
}

/* All buffers in one, to be freed; NULL: one of them cannot be read. */
static char *gathered(LPWSABUF buffers, DWORD count, int *length) {
    size_t total = 0, used = 0;
    if (!buffers_are_there(buffers, count)) return NULL;
    for (DWORD i = 0; i < count; i++) total += buffers[i].len;
    char *all = malloc(total + 1);
    for (DWORD i = 0; i < count && all != NULL; used += buffers[i++].len) {
        if (pages_readable(POINTER(buffers[i].buf), buffers[i].len) == buffers[i].len) {
            memcpy(all + used, buffers[i].buf, buffers[i].len);
            continue;
        }
        free(all);
        return NULL;
    }
    *length = (int)total;
    return all;
}

/* A receive is not cut into pieces. */
static void must_fit_a_record(const char *function, DWORD count) {
    if (count > CALL_BUFFERS_MAX) stop_not_modelled(function, "more than 4 buffers at once");
}

static int counted(int count, LPDWORD stored) {
    if (count < 0) return SOCKET_ERROR;
    if (stored != NULL) *stored = (DWORD)count;
    return 0;
}

static size_t bytes_of(LPWSABUF buffers, DWORD count) {
    size_t total = 0;
    if (!buffers_are_there(buffers, count)) return 0;
    for (DWORD i = 0; i < count; i++) total += buffers[i].len;
    return total;
}

/* More than a record holds. */
static bool is_long(LPWSABUF buffers, DWORD count) {
    return count > CALL_BUFFERS_MAX || bytes_of(buffers, count) > PIECE_BYTES;
}

/* A datagram is copied when it is sent, so that its bytes may be gone when the call returns: those of several buffers
 * that a record cannot hold are put together, in `whole`, to be freed. What is not there stays as it is. */
static LPWSABUF in_one_buffer(LPWSABUF buffers, DWORD *count, WSABUF *whole) {
    int length = 0;
    whole->buf = NULL;
    if (*count <= 1 || !is_long(buffers, *count)) return buffers;
    whole->buf = gathered(buffers, *count, &length);
    if (whole->buf == NULL) return buffers;
    whole->len = (ULONG)length;
    *count = 1;
    return whole;
}

/* All but the last piece, then that one as the request (pieces.h). */
static int send_in_pieces(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags,
                          LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) {
    int length = 0;
    char *all = gathered(buffers, count, &length);
    if (all == NULL) return fail(WSAEFAULT);
    int64_t before = pieces_send(s, all, (size_t)length);
    WSABUF last = { (ULONG)(length - before), all + before };
    int status = SOCKET_ERROR;
    if (before >= 0) {
        preceded_by(POINTER(overlapped), (uint32_t)before);
        status = (int)PROGRAM_CALL(WSASend, s, POINTER(&last), 1, POINTER(sent), flags, POINTER(overlapped),
                                   POINTER(routine));
        if (status == 0 && sent != NULL) *sent += (DWORD)before;
    }
    free(all);
    return status;
}

int WSASend(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags, LPWSAOVERLAPPED overlapped,
            LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) {
    if (overlapped == NULL && sent != NULL)
        return WSASendTo(s, buffers, count, sent, flags, NULL, 0, overlapped, routine);
    bool whole_is_long = is_long(buffers, count);
    if (whole_is_long && overlapped != NULL && is_stream(s))
        return send_in_pieces(s, buffers, count, sent, flags, overlapped, routine);
    WSABUF whole;
    buffers = in_one_buffer(buffers, &count, &whole);
    int status = (int)PROGRAM_SEND(whole_is_long, WSASend, s, POINTER(buffers), count, POINTER(sent), flags,
                                   POINTER(overlapped), POINTER(routine));
    free(whole.buf);
    return status;
}

/* As WSASendTo with an OVERLAPPED, or without a place for the count. */
static int send_to_overlapped(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags,
                              const struct sockaddr *to, int to_length, LPWSAOVERLAPPED overlapped,
                              LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) {
    bool whole_is_long = is_long(buffers, count);
    if (whole_is_long && overlapped != NULL && is_stream(s)) /* `to` is not looked at */
        return send_in_pieces(s, buffers, count, sent, flags, overlapped, routine);
    WSABUF whole;
    buffers = in_one_buffer(buffers, &count, &whole);
    int status = (int)PROGRAM_SEND(whole_is_long, WSASendTo, s, POINTER(buffers), count, POINTER(sent), flags,
                                   POINTER(to), WORD_OF(to_length), POINTER(overlapped), POINTER(routine));
    free(whole.buf);
    return status;
}

int WSASendTo(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags, const struct sockaddr *to,
              int to_length, LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) {
    int length = 0;
    if (overlapped != NULL || sent == NULL)
        return send_to_overlapped(s, buffers, count, sent, flags, to, to_length, overlapped, routine);
    char *all = gathered(buffers, count, &length);
    if (all == NULL) return fail(WSAEFAULT);
    int done = to == NULL ? send(s, all, length, (int)flags) : sendto(s, all, length, (int)flags, to, to_length);
    free(all);
    return counted(done, sent);
}

int WSARecv(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD received, LPDWORD flags, LPWSAOVERLAPPED overlapped,
            LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) {
    must_fit_a_record("WSARecv", count);
    return (int)PROGRAM_CALL(WSARecv, s, POINTER(buffers), count, POINTER(received), POINTER(flags),
                             POINTER(overlapped), POINTER(routine));
}

int WSARecvFrom(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD received, LPDWORD flags, struct sockaddr *from,
                LPINT from_length, LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) {
    must_fit_a_record("WSARecvFrom", count);
    return (int)PROGRAM_CALL(WSARecvFrom, s, POINTER(buffers), count, POINTER(received), POINTER(flags), POINTER(from),
                             POINTER(from_length), POINTER(overlapped), POINTER(routine));
}

/* --- options, control codes, requests ----------------------------------------------------------------------------- */

int getsockopt(SOCKET s, int level, int option, char *value, int *length) {
    threads_enter();
    if (protocol_option_is_known(s, level, option)) return protocol_option(s, option, value, length);
    return (int)PROGRAM_CALL(getsockopt, s, WORD_OF(level), WORD_OF(option), POINTER(value), POINTER(length));
}

int setsockopt(SOCKET s, int level, int option, const char *value, int length) {
    return (int)PROGRAM_CALL(setsockopt, s, WORD_OF(level), WORD_OF(option), POINTER(value), WORD_OF(length));
}

int ioctlsocket(SOCKET s, LONG command, u_long *argument) {
    return (int)PROGRAM_CALL(ioctlsocket, s, (uint32_t)command, POINTER(argument));
}

int reservoir_ioctlsocket_long(SOCKET s, LONG command, unsigned long *argument) {
    int status = ioctlsocket(s, command, (u_long *)(void *)argument);
    if (status == 0) *argument = *(u_long *)(void *)argument;
    return status;
}

static bool message_is_there(LPWSAMSG message) {
    return pages_writable(POINTER(message), sizeof *message) == sizeof *message;
}

static INT WINAPI reservoir_recvmsg(SOCKET s, LPWSAMSG message, LPDWORD received, LPWSAOVERLAPPED overlapped,
                                    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) {
    if (!message_is_there(message)) return fail(WSAEFAULT);
    must_fit_a_record("WSARecvMsg", message->dwBufferCount);
    return (INT)PROGRAM_CALL(WSARecvMsg, s, POINTER(message->lpBuffers), message->dwBufferCount, POINTER(received),
                             POINTER(&message->dwFlags), POINTER(message->name), POINTER(&message->namelen),
                             POINTER(message->Control.buf), POINTER(&message->Control.len), POINTER(overlapped),
                             POINTER(routine));
}

int WSASendMsg(SOCKET s, LPWSAMSG message, DWORD flags, LPDWORD sent, LPWSAOVERLAPPED overlapped,
               LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) {
    if (!message_is_there(message)) return fail(WSAEFAULT);
    WSABUF whole;
    DWORD count = message->dwBufferCount;
    bool whole_is_long = is_long(message->lpBuffers, count);
    if (whole_is_long && is_stream(s)) stop_not_modelled("WSASendMsg", "more than 768 bytes of a stream");
    LPWSABUF buffers = in_one_buffer(message->lpBuffers, &count, &whole);
    int status = (int)PROGRAM_SEND(whole_is_long, WSASendMsg, s, POINTER(buffers), count, flags, POINTER(sent),
                                   POINTER(message->name), WORD_OF(message->namelen), POINTER(message->Control.buf),
                                   message->Control.len, POINTER(overlapped), POINTER(routine));
    free(whole.buf);
    return status;
}

static BOOL WINAPI reservoir_connect_ex(SOCKET s, const struct sockaddr *name, int length, PVOID data, DWORD data_size,
                                        LPDWORD sent, LPOVERLAPPED overlapped) {
    return (BOOL)PROGRAM_CALL(ConnectEx, s, POINTER(name), WORD_OF(length), POINTER(data), data_size, POINTER(sent),
                              POINTER(overlapped));
}

static BOOL WINAPI reservoir_disconnect_ex(SOCKET s, LPOVERLAPPED overlapped, DWORD flags, DWORD reserved) {
    return (BOOL)PROGRAM_CALL(DisconnectEx, s, POINTER(overlapped), flags, reserved);
}

BOOL AcceptEx(SOCKET listener, SOCKET accepted, PVOID output, DWORD data_size, DWORD local_size, DWORD remote_size,
              LPDWORD received, LPOVERLAPPED overlapped) {
    return (BOOL)PROGRAM_CALL(AcceptEx, listener, accepted, POINTER(output), data_size, local_size, remote_size,
                              POINTER(received), POINTER(overlapped));
}

static void point_at(PVOID part, int found, struct sockaddr **name, LPINT length) {
    *name = found == 0 ? NULL : (struct sockaddr *)(void *)((char *)part + ACCEPT_ADDRESS_OFFSET);
    *length = found;
}

/* The model copies what is found; a program gets pointers into its buffer. */
VOID GetAcceptExSockaddrs(PVOID output, DWORD data_size, DWORD local_size, DWORD remote_size, struct sockaddr **local,
                          LPINT local_length, struct sockaddr **remote, LPINT remote_length) {
    SOCKADDR_STORAGE near_end, far_end;
    INT near_length = local_size == 0 ? 0 : (INT)sizeof near_end, far_length = sizeof far_end;
    char *parts = (char *)output + data_size;
    (void)PROGRAM_CALL(GetAcceptExSockaddrs, POINTER(output), data_size, local_size, remote_size, POINTER(&near_end),
                       POINTER(&near_length), POINTER(&far_end), POINTER(&far_length));
    point_at(parts, near_length, local, local_length);
    point_at(parts + local_size, far_length, remote, remote_length);
}

static void reservoir_extension(void) { stop_not_modelled("an extension of mswsock.h", ""); }

static bool is_guid(LPVOID given, GUID wanted) { return memcmp(given, &wanted, sizeof wanted) == 0; }

/* The pointer that the model gives is one of its numbers: a program gets a function, which for some extensions says
 * that it has no answer. */
static void give_extension(LPVOID in, LPVOID out) {
    LPFN_WSARECVMSG receive = reservoir_recvmsg;
    LPFN_WSASENDMSG send_message = WSASendMsg;
    LPFN_CONNECTEX connect_ex = reservoir_connect_ex;
    LPFN_DISCONNECTEX disconnect_ex = reservoir_disconnect_ex;
    LPFN_ACCEPTEX accept_ex = AcceptEx;
    LPFN_GETACCEPTEXSOCKADDRS sockaddrs = GetAcceptExSockaddrs;
    LPFN_TRANSMITFILE transmit_file = TransmitFile;
    void (*other)(void) = reservoir_extension;
    if (is_guid(in, (GUID)WSAID_WSARECVMSG)) memcpy(out, &receive, sizeof receive);
    else if (is_guid(in, (GUID)WSAID_WSASENDMSG)) memcpy(out, &send_message, sizeof send_message);
    else if (is_guid(in, (GUID)WSAID_CONNECTEX)) memcpy(out, &connect_ex, sizeof connect_ex);
    else if (is_guid(in, (GUID)WSAID_DISCONNECTEX)) memcpy(out, &disconnect_ex, sizeof disconnect_ex);
    else if (is_guid(in, (GUID)WSAID_ACCEPTEX)) memcpy(out, &accept_ex, sizeof accept_ex);
    else if (is_guid(in, (GUID)WSAID_GETACCEPTEXSOCKADDRS)) memcpy(out, &sockaddrs, sizeof sockaddrs);
    else if (is_guid(in, (GUID)WSAID_TRANSMITFILE)) memcpy(out, &transmit_file, sizeof transmit_file);
    else memcpy(out, &other, sizeof other);
}

int WSAIoctl(SOCKET s, DWORD code, LPVOID in, DWORD in_size, LPVOID out, DWORD out_size, LPDWORD bytes,
             LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) {
    int status = (int)PROGRAM_CALL(WSAIoctl, s, code, POINTER(in), in_size, POINTER(out), out_size, POINTER(bytes),
                                   POINTER(overlapped), POINTER(routine));
    if (status == 0 && code == SIO_GET_EXTENSION_FUNCTION_POINTER) give_extension(in, out);
    return status;
}

BOOL WSAGetOverlappedResult(SOCKET s, LPWSAOVERLAPPED overlapped, LPDWORD bytes, BOOL wait, LPDWORD flags) {
    BOOL ended = (BOOL)PROGRAM_CALL(WSAGetOverlappedResult, s, POINTER(overlapped), POINTER(bytes), WORD_OF(wait),
                                    POINTER(flags));
    if (ended && preceded_bytes(POINTER(overlapped)) > 0) *bytes = (DWORD)overlapped->InternalHigh;
    return ended;
}

/* --- sets of sockets ---------------------------------------------------------------------------------------------- */

/* A program's sets may be longer than they are here: it has an FD_SETSIZE of its own. */
int reservoir_fd_is_set(SOCKET s, fd_set *set) {
    const SOCKET *sockets = set->fd_array;
    for (u_int i = 0; i < set->fd_count; i++)
        if (sockets[i] == s) return 1;
    return 0;
}

void reservoir_fd_set(SOCKET s, fd_set *set, u_int most) {
    SOCKET *sockets = set->fd_array;
    if (!reservoir_fd_is_set(s, set) && set->fd_count < most) sockets[set->fd_count++] = s;
}

void reservoir_fd_clr(SOCKET s, fd_set *set) {
    SOCKET *sockets = set->fd_array;
    for (u_int i = 0; i < set->fd_count; i++) {
        if (sockets[i] != s) continue;
        memmove(&sockets[i], &sockets[i + 1], (set->fd_count - i - 1) * sizeof sockets[0]);
        set->fd_count--;
        return;
    }
}

/* --- iphlpapi ----------------------------------------------------------------------------------------------------- */

ULONG CreatePersistentTcpPortReservation(USHORT first, USHORT count, PULONG64 token) {
    return (ULONG)PROGRAM_CALL(CreatePersistentTcpPortReservation, first, count, POINTER(token));
}

ULONG CreatePersistentUdpPortReservation(USHORT first, USHORT count, PULONG64 token) {
    return (ULONG)PROGRAM_CALL(CreatePersistentUdpPortReservation, first, count, POINTER(token));
}

ULONG DeletePersistentTcpPortReservation(USHORT first, USHORT count) {
    return (ULONG)PROGRAM_CALL(DeletePersistentTcpPortReservation, first, count);
}

ULONG DeletePersistentUdpPortReservation(USHORT first, USHORT count) {
    return (ULONG)PROGRAM_CALL(DeletePersistentUdpPortReservation, first, count);
}

ULONG LookupPersistentTcpPortReservation(USHORT first, USHORT count, PULONG64 token) {
    return (ULONG)PROGRAM_CALL(LookupPersistentTcpPortReservation, first, count, POINTER(token));
}

ULONG LookupPersistentUdpPortReservation(USHORT first, USHORT count, PULONG64 token) {
    return (ULONG)PROGRAM_CALL(LookupPersistentUdpPortReservation, first, count, POINTER(token));
}
