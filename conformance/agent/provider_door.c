#include "conformance/agent/functions.h"

#include "conformance/agent/provider_door.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "conformance/agent/extensions.h"
#include "conformance/agent/provider_hooks.h"
#include "conformance/agent/provider_ports.h"
#include "conformance/agent/provider_sockets.h"
#include "conformance/agent/provider_threads.h"
#include "conformance/agent/provider_upcalls.h"
#include "conformance/agent/provider_waits.h"
#include "conformance/agent/socket_sets.h"
#include "conformance/agent/system/module.h"
#include "conformance/agent/system/threads.h"
#include "sim/memory/pages.h"
#include "conformance/base/memory.h"
#include "conformance/base/text.h"
#include "conformance/language/printer.h"

enum { DOOR_PROCESSES = AGENT_PROCESS + 1, ERRNO_PRESET = 0x5EADE44, STARTUPS_MAX = 255 };

static struct {
    struct windows_functions *table;
    struct windows_functions below; /* the table as it was */
    LPWSPSTARTUP startup;
    provider_control_function *control; /* NULL: there is none */
    WSPPROC_TABLE provider;
    _Atomic unsigned startups[DOOR_PROCESSES]; /* a process may end while a thread of it is inside a call */
    WORD version[DOOR_PROCESSES];
    WSAPROTOCOL_INFOW entry; /* of the catalogue */
    bool has_entry;
} door;

static __thread unsigned current_process = AGENT_PROCESS;

/* --- what is alike for all calls ---------------------------------------------------------------------------------- */

/* A call on its way: what it is given besides its own arguments. */
struct passage {
    WSATHREADID thread;
    int error;
};

static bool enter_provider(struct passage *passage) {
    provider_thread_open(&passage->thread);
    passage->error = ERRNO_PRESET;
    if (door.startups[current_process] > 0) return true;
    SetLastError(WSANOTINITIALISED);
    return false;
}

/* The call has returned. A failure without a code says 0, which no scenario allows. */
static void leave_provider(struct passage *passage, bool failed) {
    memset(&passage->thread, 0xA5, sizeof passage->thread);
    __asm__ volatile("" : : "r"(&passage->thread) : "memory"); /* a value that is never read would not be written */
    if (failed) SetLastError(passage->error == ERRNO_PRESET ? 0 : (DWORD)passage->error);
}

/* A function whose result says whether it failed. */
#define PASS(type, failure, call) \
    struct passage passage; \
    if (!enter_provider(&passage)) return (type)(failure); \
    type result = door.provider.call; \
    leave_provider(&passage, result == (type)(failure)); \
    return result;

/* An order of the calling thread's, for a provider that takes orders. */
static struct provider_control orders(unsigned process, unsigned thread) {
    struct provider_control control;
    memset(&control, 0, sizeof control);
    control.size = sizeof control;
    control.process = process;
    control.thread = thread;
    return control;
}

/* --- startup ------------------------------------------------------------------------------------------------------ */

/* Every function of the table has to be there. */
static bool table_is_whole(const WSPPROC_TABLE *table) {
    void (*functions[sizeof *table / sizeof(void (*)(void))])(void);
    memcpy(functions, table, sizeof functions);
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        if (functions[i] == NULL) return false;
    return true;
}

static int start_provider(void) {
    WSPDATA data;
    WSAPROTOCOL_INFOW entry;
    WSPPROC_TABLE table;
    memset(&data, 0, sizeof data);
    memset(&entry, 0, sizeof entry);
    memset(&table, 0, sizeof table);
    entry.dwCatalogEntryId = 1;
    entry.ProtocolChain.ChainLen = 1; /* a base provider */
    if (door.has_entry) entry = door.entry;
    int status = door.startup(0x0202, &data, &entry, provider_upcalls(&door.below), &table);
    if (status != 0) return status;
    if (!table_is_whole(&table)) return WSAEINVALIDPROCTABLE;
    if (data.wVersion != 0x0202) return WSAVERNOTSUPPORTED;
    door.provider = table;
    return 0;
}

static void tell_version(WORD wanted) {
    if (door.control == NULL) return;
    struct provider_control control = orders(current_process, 0);
    control.number = wanted;
    door.control(PROVIDER_CONTROL_STARTUP, &control);
}

static int WINAPI door_WSAStartup(WORD wanted, LPWSADATA data) {
    unsigned major = wanted & 0xFFu;
    if (major == 0) return WSAVERNOTSUPPORTED;
    if (pages_readable((uint64_t)(uintptr_t)data, 4) < 4) return WSAEFAULT;
    if (door.startups[current_process] == STARTUPS_MAX) return WSAEPROCLIM;
    if (door.startups[current_process] == 0) tell_version(wanted);
    int status = door.startups[current_process] == 0 ? start_provider() : 0;
    if (status != 0) return status;
    door.startups[current_process]++;
    door.version[current_process] = (WORD)(major == 1 ? (wanted >> 8 == 0 ? 0x0001 : 0x0101) : 0x0202);
    data->wVersion = door.version[current_process];
    data->wHighVersion = 0x0202;
    return 0;
}

static int WINAPI door_WSACleanup(void) {
    int error = 0;
    if (door.startups[current_process] == 0) {
        SetLastError(WSANOTINITIALISED);
        return SOCKET_ERROR;
    }
    if (door.startups[current_process] == 1 && door.provider.lpWSPCleanup(&error) != 0) { /* nothing has ended */
        SetLastError((DWORD)error);
        return SOCKET_ERROR;
    }
    door.startups[current_process]--;
    return 0;
}

static int WINAPI door_WSAGetLastError(void) { return (int)GetLastError(); }

/* --- sockets ------------------------------------------------------------------------------------------------------ */

/* The entry of the catalogue that such a socket would be found by. */
static WSAPROTOCOL_INFOW entry_for(int af, int type, int protocol) {
    WSAPROTOCOL_INFOW entry;
    memset(&entry, 0, sizeof entry);
    entry.dwCatalogEntryId = 1;
    entry.ProtocolChain.ChainLen = 1;
    if (door.has_entry) entry = door.entry;
    entry.iVersion = 2;
    entry.iAddressFamily = af;
    entry.iSocketType = type;
    entry.iProtocol = protocol;
    return entry;
}

static SOCKET open_socket(int af, int type, int protocol, LPWSAPROTOCOL_INFOW info, GROUP group, DWORD flags) {
    WSAPROTOCOL_INFOW entry = entry_for(af, type, protocol);
    PASS(SOCKET, INVALID_SOCKET,
         lpWSPSocket(af, type, protocol, info != NULL ? info : &entry, group, flags, &passage.error))
}

static SOCKET WINAPI door_WSASocketW(int af, int type, int protocol, LPWSAPROTOCOL_INFOW info, GROUP group,
                                     DWORD flags) {
    SOCKET s = open_socket(af, type, protocol, info, group, flags);
    if (s == INVALID_SOCKET) return s;
    if (info == NULL || !provider_socket_shared(s, info->dwProviderReserved))
        provider_socket_opened(s, (flags & WSA_FLAG_OVERLAPPED) != 0);
    return s;
}

static SOCKET WINAPI door_WSASocketA(int af, int type, int protocol, LPWSAPROTOCOL_INFOA info, GROUP group,
                                     DWORD flags) {
    if (info != NULL && pages_readable((uint64_t)(uintptr_t)info, sizeof *info) < sizeof *info) {
        SetLastError(WSAEFAULT); /* what is translated from A to W is read above the provider */
        return INVALID_SOCKET;
    }
    return door_WSASocketW(af, type, protocol, NULL, group, flags);
}

static SOCKET WINAPI door_socket(int af, int type, int protocol) {
    return door_WSASocketW(af, type, protocol, NULL, 0, WSA_FLAG_OVERLAPPED);
}

static int duplicate_socket(SOCKET s, DWORD process, LPWSAPROTOCOL_INFOW info) {
    PASS(int, SOCKET_ERROR, lpWSPDuplicateSocket(s, process, info, &passage.error))
}
static int WINAPI door_WSADuplicateSocketW(SOCKET s, DWORD process, LPWSAPROTOCOL_INFOW info) {
    int status = duplicate_socket(s, process, info);
    if (status == 0) provider_socket_duplicated(s, info->dwProviderReserved);
    return status;
}
static int close_socket(SOCKET s) { PASS(int, SOCKET_ERROR, lpWSPCloseSocket(s, &passage.error)) }
static int WINAPI door_closesocket(SOCKET s) {
    int status = close_socket(s);
    if (status == 0) provider_socket_closed(s);
    return status;
}
static int WINAPI door_bind(SOCKET s, const struct sockaddr *name, int length) {
    PASS(int, SOCKET_ERROR, lpWSPBind(s, name, length, &passage.error))
}
static int WINAPI door_getsockname(SOCKET s, struct sockaddr *name, int *length) {
    PASS(int, SOCKET_ERROR, lpWSPGetSockName(s, name, length, &passage.error))
}
static int WINAPI door_getpeername(SOCKET s, struct sockaddr *name, int *length) {
    PASS(int, SOCKET_ERROR, lpWSPGetPeerName(s, name, length, &passage.error))
}
static int WINAPI door_getsockopt(SOCKET s, int level, int name, char *value, int *length) {
    PASS(int, SOCKET_ERROR, lpWSPGetSockOpt(s, level, name, value, length, &passage.error))
}
static int WINAPI door_setsockopt(SOCKET s, int level, int name, const char *value, int length) {
    PASS(int, SOCKET_ERROR, lpWSPSetSockOpt(s, level, name, value, length, &passage.error))
}

/* --- connections and data ----------------------------------------------------------------------------------------- */

static int WINAPI door_listen(SOCKET s, int backlog) {
    PASS(int, SOCKET_ERROR, lpWSPListen(s, backlog, &passage.error))
}
static int WINAPI door_shutdown(SOCKET s, int how) { PASS(int, SOCKET_ERROR, lpWSPShutdown(s, how, &passage.error)) }
static int CALLBACK answer_condition(LPWSABUF caller, LPWSABUF caller_data, LPQOS qos, LPQOS group_qos, LPWSABUF callee,
                                     LPWSABUF callee_data, GROUP *group, DWORD_PTR data) {
    (void)caller, (void)caller_data, (void)qos, (void)group_qos, (void)callee, (void)callee_data, (void)group;
    return (int)data; /* what WSAAccept was given for it */
}
static SOCKET accept_on(SOCKET s, struct sockaddr *address, int *length, LPCONDITIONPROC condition, DWORD_PTR data) {
    PASS(SOCKET, INVALID_SOCKET, lpWSPAccept(s, address, length, condition, data, &passage.error))
}
static SOCKET WINAPI door_WSAAccept(SOCKET s, struct sockaddr *address, int *length, uint32_t condition) {
    bool asked = condition != CONDITION_NONE;
    SOCKET accepted = accept_on(s, address, length, asked ? answer_condition : NULL, condition - CONDITION_ACCEPT);
    if (accepted != INVALID_SOCKET) provider_socket_accepted(accepted, s);
    return accepted;
}
static SOCKET WINAPI door_accept(SOCKET s, struct sockaddr *address, int *length) {
    return door_WSAAccept(s, address, length, CONDITION_NONE);
}
static int WINAPI door_WSAConnect(SOCKET s, const struct sockaddr *name, int length, LPWSABUF caller, LPWSABUF callee,
                                  LPQOS qos, LPQOS group_qos) {
    PASS(int, SOCKET_ERROR, lpWSPConnect(s, name, length, caller, callee, qos, group_qos, &passage.error))
}
static int WINAPI door_connect(SOCKET s, const struct sockaddr *name, int length) {
    return door_WSAConnect(s, name, length, NULL, NULL, NULL, NULL);
}

/* From a status and the count beside it to what send and recv return. */
static int count_of(int status, DWORD count) { return status == SOCKET_ERROR ? SOCKET_ERROR : (int)count; }

static WSABUF buffer_of(const char *bytes, int length) {
    WSABUF buffer = { .len = (u_long)length, .buf = NULL };
    memcpy(&buffer.buf, &bytes, sizeof buffer.buf);
    return buffer;
}

static int send_on(SOCKET s, LPWSABUF buffer, DWORD *count, int flags) {
    PASS(int, SOCKET_ERROR, lpWSPSend(s, buffer, 1, count, (DWORD)flags, NULL, NULL, &passage.thread, &passage.error))
}
static int WINAPI door_send(SOCKET s, const char *bytes, int length, int flags) {
    WSABUF buffer = buffer_of(bytes, length);
    DWORD count = 0;
    int status = send_on(s, &buffer, &count, flags);
    return count_of(status, count);
}

static int sendto_on(SOCKET s, LPWSABUF buffer, DWORD *count, int flags, const struct sockaddr *to, int to_length) {
    PASS(int, SOCKET_ERROR,
         lpWSPSendTo(s, buffer, 1, count, (DWORD)flags, to, to_length, NULL, NULL, &passage.thread, &passage.error))
}
static int WINAPI door_sendto(SOCKET s, const char *bytes, int length, int flags, const struct sockaddr *to,
                              int to_length) {
    WSABUF buffer = buffer_of(bytes, length);
    DWORD count = 0;
    int status = sendto_on(s, &buffer, &count, flags, to, to_length);
    return count_of(status, count);
}

static int recv_on(SOCKET s, LPWSABUF buffer, DWORD *count, DWORD *flags) {
    PASS(int, SOCKET_ERROR, lpWSPRecv(s, buffer, 1, count, flags, NULL, NULL, &passage.thread, &passage.error))
}
static int WINAPI door_recv(SOCKET s, char *bytes, int length, int flags) {
    WSABUF buffer = buffer_of(bytes, length);
    DWORD count = 0, in_and_out = (DWORD)flags;
    int status = recv_on(s, &buffer, &count, &in_and_out);
    return count_of(status, count);
}

static int recvfrom_on(SOCKET s, LPWSABUF buffer, DWORD *count, DWORD *flags, struct sockaddr *from, int *from_length) {
    PASS(int, SOCKET_ERROR,
         lpWSPRecvFrom(s, buffer, 1, count, flags, from, from_length, NULL, NULL, &passage.thread, &passage.error))
}
static int WINAPI door_recvfrom(SOCKET s, char *bytes, int length, int flags, struct sockaddr *from, int *from_length) {
    WSABUF buffer = buffer_of(bytes, length);
    DWORD count = 0, in_and_out = (DWORD)flags;
    int status = recvfrom_on(s, &buffer, &count, &in_and_out, from, from_length);
    return count_of(status, count);
}

/* --- several buffers, and overlapped ------------------------------------------------------------------------------ */

/* Packets of a request's end wait until its call has returned. */
#define HOLD_AND_PASS(socket, overlapped, call) \
    provider_sockets_hold(overlapped); \
    int status = call; \
    DWORD error = GetLastError(); \
    provider_sockets_release(socket, status == 0); \
    SetLastError(error); \
    return status;

static int send_buffers(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags, LPWSAOVERLAPPED overlapped,
                        LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) {
    PASS(int, SOCKET_ERROR,
         lpWSPSend(s, buffers, count, sent, flags, overlapped, routine, &passage.thread, &passage.error))
}
static int WINAPI door_WSASend(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags,
                               LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) {
    HOLD_AND_PASS(s, overlapped, send_buffers(s, buffers, count, sent, flags, overlapped, routine))
}

static int sendto_buffers(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags, const struct sockaddr *to,
                          int to_length, LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) {
    PASS(int, SOCKET_ERROR,
         lpWSPSendTo(s, buffers, count, sent, flags, to, to_length, overlapped, routine, &passage.thread,
                     &passage.error))
}
static int WINAPI door_WSASendTo(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags,
                                 const struct sockaddr *to, int to_length, LPWSAOVERLAPPED overlapped,
                                 LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) {
    HOLD_AND_PASS(s, overlapped, sendto_buffers(s, buffers, count, sent, flags, to, to_length, overlapped, routine))
}

static int recv_buffers(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD received, LPDWORD flags,
                        LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) {
    PASS(int, SOCKET_ERROR,
         lpWSPRecv(s, buffers, count, received, flags, overlapped, routine, &passage.thread, &passage.error))
}
static int WINAPI door_WSARecv(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD received, LPDWORD flags,
                               LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) {
    HOLD_AND_PASS(s, overlapped, recv_buffers(s, buffers, count, received, flags, overlapped, routine))
}

static int recvfrom_buffers(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD received, LPDWORD flags,
                            struct sockaddr *from, LPINT from_length, LPWSAOVERLAPPED overlapped,
                            LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) {
    PASS(int, SOCKET_ERROR,
         lpWSPRecvFrom(s, buffers, count, received, flags, from, from_length, overlapped, routine, &passage.thread,
                       &passage.error))
}
static int WINAPI door_WSARecvFrom(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD received, LPDWORD flags,
                                   struct sockaddr *from, LPINT from_length, LPWSAOVERLAPPED overlapped,
                                   LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) {
    HOLD_AND_PASS(s, overlapped,
                  recvfrom_buffers(s, buffers, count, received, flags, from, from_length, overlapped, routine))
}

/* --- select ------------------------------------------------------------------------------------------------------- */

static int select_on(fd_set *reading, fd_set *writing, fd_set *failing, struct timeval *limit) {
    PASS(int, SOCKET_ERROR, lpWSPSelect(0, reading, writing, failing, limit, &passage.error))
}
static int WINAPI door_select(uint64_t *reading, uint64_t *writing, uint64_t *failing, DWORD timeout_ms) {
    return socket_sets_select(select_on, (uint64_t *const[]){ reading, writing, failing }, timeout_ms);
}

/* --- network events ----------------------------------------------------------------------------------------------- */

static int WINAPI door_WSAEventSelect(SOCKET s, WSAEVENT event, long events) {
    PASS(int, SOCKET_ERROR, lpWSPEventSelect(s, event, (int)events, &passage.error))
}
static int WINAPI door_WSAEnumNetworkEvents(SOCKET s, WSAEVENT event, LPWSANETWORKEVENTS events) {
    PASS(int, SOCKET_ERROR, lpWSPEnumNetworkEvents(s, event, events, &passage.error))
}

/* --- control codes ------------------------------------------------------------------------------------------------ */

static int control(SOCKET s, DWORD code, LPVOID in, DWORD in_size, LPVOID out, DWORD out_size, LPDWORD bytes,
                   LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) {
    PASS(int, SOCKET_ERROR,
         lpWSPIoctl(s, code, in, in_size, out, out_size, bytes, overlapped, routine, &passage.thread, &passage.error))
}
static int WINAPI door_WSAIoctl(SOCKET s, DWORD code, LPVOID in, DWORD in_size, LPVOID out, DWORD out_size,
                                LPDWORD bytes, LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) {
    provider_sockets_hold(overlapped);
    int status = control(s, code, in, in_size, out, out_size, bytes, overlapped, routine);
    DWORD error = GetLastError();
    provider_sockets_release(s, status == 0);
    SetLastError(error);
    return status;
}

/* The provider's own function, with everything as the scenario says. */
static int WINAPI door_WSPIoctl(SOCKET s, DWORD code, LPVOID in, DWORD in_size, LPVOID out, DWORD out_size,
                                LPDWORD bytes, LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine,
                                LPWSATHREADID thread, LPINT error) {
    if (door.startups[current_process] > 0) {
        provider_sockets_hold(overlapped);
        int status =
            door.provider.lpWSPIoctl(s, code, in, in_size, out, out_size, bytes, overlapped, routine, thread, error);
        provider_sockets_release(s, status == 0);
        return status;
    }
    if (pages_readable((uint64_t)(uintptr_t)error, sizeof *error) == sizeof *error) *error = WSANOTINITIALISED;
    return SOCKET_ERROR;
}

static int WINAPI door_ioctlsocket(SOCKET s, LONG code, u_long *argument) {
    bool reads = (code & (LONG)IOC_OUT) != 0;
    DWORD bytes = 0;
    return door_WSAIoctl(s, (DWORD)code, reads ? NULL : argument, reads ? 0 : sizeof *argument, reads ? argument : NULL,
                         reads ? sizeof *argument : 0, &bytes, NULL, NULL);
}

static BOOL WINAPI door_WSAGetOverlappedResult(SOCKET s, LPWSAOVERLAPPED overlapped, LPDWORD bytes, BOOL wait,
                                               LPDWORD flags) {
    PASS(BOOL, FALSE, lpWSPGetOverlappedResult(s, overlapped, bytes, wait, flags, &passage.error))
}

/* A handle of the provider's, which only it can close: one that it was given, or one that the system does not know. */
static BOOL WINAPI door_CloseHandle(HANDLE handle) {
    DWORD before = GetLastError();
    if (provider_port_close(handle)) return TRUE;
    if (!provider_upcalls_made(handle) && door.below.CloseHandle(handle)) return TRUE;
    if (door.startups[current_process] > 0 && door_closesocket((SOCKET)(uintptr_t)handle) == 0) {
        SetLastError(before);
        return TRUE;
    }
    SetLastError(ERROR_INVALID_HANDLE);
    return FALSE;
}

/* --- cancelling, which a provider that takes orders does ---------------------------------------------------------- */

/* 0, or the error: ERROR_INVALID_HANDLE for what is no socket of the provider's. */
static DWORD cancel(uint32_t order, HANDLE file, LPOVERLAPPED overlapped) {
    struct provider_control control = orders(current_process, 0);
    control.number = (uint64_t)(uintptr_t)file;
    control.overlapped = (uint64_t)(uintptr_t)overlapped;
    return door.control(order, &control) == 1 ? (DWORD)control.number : ERROR_INVALID_HANDLE;
}

static BOOL WINAPI door_CancelIo(HANDLE file) {
    DWORD error = cancel(PROVIDER_CONTROL_CANCEL_OWN, file, NULL);
    if (error == ERROR_INVALID_HANDLE) return door.below.CancelIo(file);
    if (error != 0) SetLastError(error);
    return error == 0;
}

static BOOL WINAPI door_CancelIoEx(HANDLE file, LPOVERLAPPED overlapped) {
    DWORD error = cancel(PROVIDER_CONTROL_CANCEL, file, overlapped);
    if (error == ERROR_INVALID_HANDLE) return door.below.CancelIoEx(file, overlapped);
    if (error != 0) SetLastError(error);
    return error == 0;
}

/* --- events, and blocking hooks of Winsock 1.1 -------------------------------------------------------------------- */

static bool is_started(void) {
    if (door.startups[current_process] > 0) return true;
    SetLastError(WSANOTINITIALISED);
    return false;
}

static WSAEVENT WINAPI door_WSACreateEvent(void) {
    return is_started() ? door.below.CreateEventW(NULL, TRUE, FALSE, NULL) : NULL;
}

/* Winsock's events are the system's, and what is no event has a name of its own. */
static BOOL of_event(BOOL done) {
    if (!done) SetLastError(WSA_INVALID_HANDLE);
    return done;
}
static BOOL WINAPI door_WSASetEvent(WSAEVENT event) { return is_started() && of_event(door.below.SetEvent(event)); }
static BOOL WINAPI door_WSAResetEvent(WSAEVENT event) { return is_started() && of_event(door.below.ResetEvent(event)); }
static BOOL WINAPI door_WSACloseEvent(WSAEVENT event) {
    if (!is_started()) return FALSE;
    return of_event(door.below.event_state(event) >= 0 && door.below.CloseHandle(event));
}

static DWORD WINAPI door_WSAWaitForMultipleEvents(DWORD count, const WSAEVENT *events, BOOL all, DWORD limit_ms,
                                                  BOOL alertable) {
    return is_started() ? door.table->WaitForMultipleObjectsEx(count, events, all, limit_ms, alertable) : WAIT_FAILED;
}

/* WSANOTINITIALISED; WSAEOPNOTSUPP for a program that negotiated 2.0 or later (T10.3). */
static bool has_hooks(void) {
    if (!is_started()) return false;
    if ((door.version[current_process] & 0xFF) == 1) return true;
    SetLastError(WSAEOPNOTSUPP);
    return false;
}

static FARPROC WINAPI door_WSASetBlockingHook(FARPROC hook) {
    if (!has_hooks()) return NULL;
    if (pages_readable((uint64_t)(uintptr_t)hook, 1) == 1) return provider_hook_set(hook);
    SetLastError(WSAEFAULT);
    return NULL;
}

static int WINAPI door_WSAUnhookBlockingHook(void) {
    if (!has_hooks()) return SOCKET_ERROR;
    provider_hook_unset();
    return 0;
}

static int cancel_blocking_call(void) { PASS(int, SOCKET_ERROR, lpWSPCancelBlockingCall(&passage.error)) }

static int WINAPI door_WSACancelBlockingCall(void) {
    int status = has_hooks() ? cancel_blocking_call() : SOCKET_ERROR;
    if (status == 0) provider_hook_cancelled();
    return status;
}

static BOOL WINAPI door_WSAIsBlocking(void) { return provider_hook_runs(); }

/* --- orders for a provider that takes them ------------------------------------------------------------------------ */

static void door_enter(unsigned process, unsigned thread) {
    WSATHREADID unused;
    current_process = process;
    provider_upcalls_enter(process);
    provider_sockets_enter(process);
    provider_ports_enter(process);
    provider_waits_enter(process);
    if (door.control != NULL) {
        struct provider_control control = orders(process, thread);
        door.control(PROVIDER_CONTROL_ATTACH, &control);
    }
    door.below.enter(process, thread);
    /* Its handle is made before the scenario's: else the first call could take a number that the scenario has
     * closed. */
    provider_thread_open(&unused);
}

static void door_process_starts(unsigned process, unsigned main_thread) {
    door.startups[process] = 0;
    provider_waits_process(process, true);
    if (door.control != NULL) {
        struct provider_control control = orders(process, main_thread);
        door.control(PROVIDER_CONTROL_START, &control);
    }
    door.below.process_starts(process, main_thread);
}

static void door_process_ends(unsigned process) {
    if (door.control != NULL) {
        struct provider_control control = orders(process, 0);
        door.control(PROVIDER_CONTROL_STOP, &control);
    }
    provider_waits_process(process, false);
    door.below.process_ends(process);
    provider_sockets_process_ends(process);
    provider_ports_process_ends(process);
    provider_upcalls_process_ends(process);
    door.startups[process] = 0;
}

static void door_thread_ends(unsigned thread) {
    if (door.control != NULL) {
        struct provider_control control = orders(0, thread);
        door.control(PROVIDER_CONTROL_THREAD_ENDS, &control);
    }
    door.below.thread_ends(thread);
}

/* A provider that does not know the order answers to everything. */
static bool door_not_modelled(struct reason *what) {
    struct provider_control control = orders(current_process, 0);
    bool lacks = extensions_lacked(what);
    if (door.control(PROVIDER_CONTROL_NOT_MODELLED, &control) != 1 || control.number != 1) return lacks;
    control.reason[PROVIDER_CONTROL_REASON_BYTES - 1] = '\0';
    reason_set(what, "%.200s", control.reason);
    return true;
}

static void door_advance(uint64_t nanoseconds) {
    if (door.control == NULL) {
        door.below.advance(nanoseconds);
        return;
    }
    struct provider_control control = orders(0, 0);
    control.number = nanoseconds;
    door.control(PROVIDER_CONTROL_ADVANCE, &control);
}

/* --- between calls ------------------------------------------------------------------------------------------------ */

enum { TICK_MS = 5 };

static struct {
    struct monitor *lock; /* held during a tick */
    bool on;
} clockwork;

/* Time passes for a provider that completes requests later, while all threads of the scenario wait: every TICK_MS it
 * may pass on what has happened. */
static void tick(void *argument) {
    (void)argument;
    for (;;) {
        sleep_ms(TICK_MS);
        monitor_enter(clockwork.lock);
        if (clockwork.on) {
            struct provider_control control = orders(AGENT_PROCESS, AGENT_THREAD);
            door.control(PROVIDER_CONTROL_ATTACH, &control);
            control.number = 0;
            door.control(PROVIDER_CONTROL_ADVANCE, &control);
        }
        monitor_leave(clockwork.lock);
    }
}

static void set_clockwork(bool on) {
    if (clockwork.lock == NULL) {
        clockwork.lock = monitor_create();
        (void)thread_begin(tick, NULL); /* as long as the agent lives */
    }
    monitor_enter(clockwork.lock);
    clockwork.on = on;
    monitor_leave(clockwork.lock);
}

/* --- scenarios ---------------------------------------------------------------------------------------------------- */

static bool door_begin(const struct scenario *scenario, bool resumed, struct reason *reason) {
    if (door.control == NULL) return door.below.begin(scenario, resumed, reason);
    struct text text = { 0 };
    scenario_print(scenario, &text);
    struct provider_control control = orders(0, 0);
    control.text = text.bytes;
    control.text_bytes = (uint32_t)text.length;
    bool begun = door.control(PROVIDER_CONTROL_BEGIN, &control) == 1;
    text_free(&text);
    control.reason[PROVIDER_CONTROL_REASON_BYTES - 1] = '\0';
    set_clockwork(begun);
    if (!begun)
        reason_set(reason, "%.200s", control.reason[0] != '\0' ? control.reason : "the provider refuses this scenario");
    return begun;
}

static void door_end(void) {
    if (door.control != NULL) {
        set_clockwork(false);
        struct provider_control control = orders(0, 0);
        door.control(PROVIDER_CONTROL_END, &control);
    }
    door.below.end();
}

/* Requests on a socket with a port outlive the thread that made them (W110): the provider has to know. */
static void tell_associated(SOCKET s) {
    struct provider_control control = orders(current_process, 0);
    control.number = s;
    door.control(PROVIDER_CONTROL_ASSOCIATED, &control);
}

static bool door_fault(const char *name) {
    struct provider_control control = orders(0, 0);
    control.text = name;
    control.text_bytes = (uint32_t)strlen(name);
    return door.control(PROVIDER_CONTROL_FAULT, &control) == 1;
}

static bool door_reboot(void) {
    struct provider_control control = orders(0, 0);
    return door.control(PROVIDER_CONTROL_REBOOT, &control) == 1;
}

static bool keeps_no_store(const char *path) {
    (void)path;
    fprintf(stderr, "agent: a provider's machine keeps no store in a file\n");
    return false;
}

/* --- opening ------------------------------------------------------------------------------------------------------ */

#define DOORS_OF_ws2_32(name) table->name = NULL; /* what has no door below is not there */
#define DOORS_OF_provider(name) table->name = door_##name;
#define DOORS_OF_kernel32(name)
#define DOORS_OF_advapi32(name)
#define DOORS_OF_iphlpapi(name)
#define DOORS_OF_agent(name)
#define DOORS_OF_model(name) table->name = NULL;
#define DOORS_OF_netsh(name) table->name = NULL;

static void put_doors(struct windows_functions *table) {
/* clang-format off */
#define DOOR(name) table->name = door_##name;
    DOOR(WSAStartup) DOOR(WSACleanup) DOOR(WSAGetLastError) DOOR(socket) DOOR(WSASocketA) DOOR(WSASocketW)
    DOOR(WSADuplicateSocketW) DOOR(closesocket) DOOR(bind) DOOR(getsockname) DOOR(getpeername) DOOR(listen)
    DOOR(connect) DOOR(accept) DOOR(WSAAccept) DOOR(WSAConnect) DOOR(shutdown) DOOR(recv) DOOR(recvfrom) DOOR(send)
    DOOR(sendto) DOOR(ioctlsocket) DOOR(getsockopt) DOOR(setsockopt) DOOR(WSAIoctl) DOOR(WSAGetOverlappedResult)
    DOOR(WSACreateEvent) DOOR(WSASetEvent) DOOR(WSAResetEvent) DOOR(WSACloseEvent) DOOR(WSAWaitForMultipleEvents)
    DOOR(WSASetBlockingHook) DOOR(WSAUnhookBlockingHook) DOOR(WSACancelBlockingCall) DOOR(WSAIsBlocking)
    DOOR(WSASend) DOOR(WSASendTo) DOOR(WSARecv) DOOR(WSARecvFrom) DOOR(select) DOOR(WSAEventSelect)
    DOOR(WSAEnumNetworkEvents)
#undef DOOR
        /* clang-format on */
        table->WSAPoll = NULL; /* asks the base provider's handle (SIO_BSP_HANDLE_POLL), and such a socket has none */
    extensions_use(table);     /* found by such a socket, they are the provider's own */
    table->ConnectEx = agent_ConnectEx;
    table->DisconnectEx = agent_DisconnectEx;
    table->AcceptEx = agent_AcceptEx;
    table->GetAcceptExSockaddrs = agent_GetAcceptExSockaddrs;
    table->WSARecvMsg = agent_WSARecvMsg;
    table->WSASendMsg = agent_WSASendMsg;
    table->not_modelled = extensions_lacked;
}

static void take_orders(struct windows_functions *table) {
    table->processes_share_host = true;
    table->has_own_machine = true;
    table->begin = door_begin;
    table->end = door_end;
    table->advance = door_advance;
    table->reboot = door_reboot;
    table->fault = door_fault;
    table->not_modelled = door_not_modelled;
    table->CancelIo = door_CancelIo;
    table->CancelIoEx = door_CancelIoEx;
    provider_sockets_tell(tell_associated);
    table->keep_store = keeps_no_store;
    table->CreateProcess = NULL; /* a provider is not who starts processes and impersonates */
    table->ImpersonateLoggedOnUser = NULL;
    table->RevertToSelf = NULL;
}

void provider_door_entry(const WSAPROTOCOL_INFOW *entry) {
    door.entry = *entry;
    door.has_entry = true;
}

void provider_door_put(struct windows_functions *table, LPWSPSTARTUP startup,
                       provider_control_function *orders_function) {
    door.startup = startup;
    door.control = orders_function;
    door.table = table;
    door.below = *table;
    table->kind = "provider";
#define FUNCTION(result, name, module_name, ...) DOORS_OF_##module_name(name)
#include "stack/call/functions.def"
    put_doors(table);
    table->CloseHandle = door_CloseHandle;
    table->CancelIo = NULL; /* what is pending is the provider's */
    table->CancelIoEx = NULL;
    provider_sockets_put(table, &door.below);
    table->DuplicateHandle = NULL; /* the system's own makes no socket of a provider's file */
    table->name_thread = provider_thread_open;
    table->enter = door_enter;
    table->process_starts = door_process_starts;
    table->process_ends = door_process_ends;
    table->thread_ends = door_thread_ends;
    if (door.control != NULL) take_orders(table);
}

bool provider_door_open(struct windows_functions *table, const char *path, struct reason *reason) {
    LPWSPSTARTUP startup = NULL;
    provider_control_function *orders_function = NULL;
    struct module *module = module_load(path, reason);
    if (module == NULL) return false;
    module_find(module, "WSPStartup", &startup, sizeof startup);
    module_find(module, PROVIDER_CONTROL_NAME, &orders_function, sizeof orders_function);
    if (startup == NULL) {
        reason_set(reason, "%.180s: it exports no WSPStartup", path);
        return false;
    }
    provider_door_put(table, startup, orders_function);
#define FROM_ws2_32(name)
#define FROM_provider(name)
#define FROM_kernel32(name)
#define FROM_advapi32(name)
#define FROM_iphlpapi(name) module_find(module, #name, &table->name, sizeof table->name);
#define FROM_agent(name)
#define FROM_model(name)
#define FROM_netsh(name)
#define FUNCTION(result, name, module_name, ...) FROM_##module_name(name)
#include "stack/call/functions.def"
    module_redirect(module, "ws2_32.dll", "WPUCompleteOverlappedRequest", (void (*)(void))provider_complete);
    return true;
}
