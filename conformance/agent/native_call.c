#include "conformance/agent/native_call.h"

#include <assert.h>
#include <string.h>

#include "conformance/agent/faults.h"
#include "conformance/session/executor.h"

#define POINTER(i) ((void *)(uintptr_t)call->arguments[i])
#define HANDLE_(i) ((HANDLE)(uintptr_t)call->arguments[i])
#define SOCKET_(i) ((SOCKET)call->arguments[i])
#define DWORD_(i) ((DWORD)call->arguments[i])
#define INT_(i) ((int)(uint32_t)call->arguments[i])

static uint64_t from_int(int value) { return (uint64_t)(int64_t)value; }
static uint64_t from_handle(HANDLE value) { return (uint64_t)(int64_t)(intptr_t)value; }

static uint64_t call_socket_function(const struct windows_functions *functions, const struct native_call *call) {
    switch (call->function) {
    case FUNCTION_WSAStartup: return from_int(functions->WSAStartup((WORD)DWORD_(0), POINTER(1)));
    case FUNCTION_WSACleanup: return from_int(functions->WSACleanup());
    case FUNCTION_WSAGetLastError: return from_int(functions->WSAGetLastError());
    case FUNCTION_socket: return functions->socket(INT_(0), INT_(1), INT_(2));
    case FUNCTION_WSASocketA:
        return functions->WSASocketA(INT_(0), INT_(1), INT_(2), POINTER(3), DWORD_(4), DWORD_(5));
    case FUNCTION_WSASocketW:
        return functions->WSASocketW(INT_(0), INT_(1), INT_(2), POINTER(3), DWORD_(4), DWORD_(5));
    case FUNCTION_WSADuplicateSocketW:
        return from_int(functions->WSADuplicateSocketW(SOCKET_(0), DWORD_(1), POINTER(2)));
    case FUNCTION_closesocket: return from_int(functions->closesocket(SOCKET_(0)));
    case FUNCTION_bind: return from_int(functions->bind(SOCKET_(0), POINTER(1), INT_(2)));
    case FUNCTION_getsockname: return from_int(functions->getsockname(SOCKET_(0), POINTER(1), POINTER(2)));
    case FUNCTION_listen: return from_int(functions->listen(SOCKET_(0), INT_(1)));
    case FUNCTION_connect: return from_int(functions->connect(SOCKET_(0), POINTER(1), INT_(2)));
    case FUNCTION_sendto:
        return from_int(functions->sendto(SOCKET_(0), POINTER(1), INT_(2), INT_(3), POINTER(4), INT_(5)));
    case FUNCTION_ioctlsocket: return from_int(functions->ioctlsocket(SOCKET_(0), (LONG)DWORD_(1), POINTER(2)));
    case FUNCTION_getsockopt:
        return from_int(functions->getsockopt(SOCKET_(0), INT_(1), INT_(2), POINTER(3), POINTER(4)));
    case FUNCTION_setsockopt:
        return from_int(functions->setsockopt(SOCKET_(0), INT_(1), INT_(2), POINTER(3), INT_(4)));
    case FUNCTION_WSAIoctl:
        return from_int(functions->WSAIoctl(SOCKET_(0), DWORD_(1), POINTER(2), DWORD_(3), POINTER(4), DWORD_(5),
                                            POINTER(6), POINTER(7),
                                            (LPWSAOVERLAPPED_COMPLETION_ROUTINE)(uintptr_t)call->arguments[8]));
    case FUNCTION_WSAGetOverlappedResult:
        return from_int(functions->WSAGetOverlappedResult(SOCKET_(0), POINTER(1), POINTER(2), INT_(3), POINTER(4)));
    default: break;
    }
    assert(!"a function of this half of the table");
    return 0;
}

static uint64_t call_persistent_function(const struct windows_functions *functions, const struct native_call *call) {
    enum { FOR_TCP, FOR_UDP };
    USHORT first = (USHORT)DWORD_(0), count = (USHORT)DWORD_(1);
    switch (call->function) {
    case FUNCTION_CreatePersistentTcpPortReservation: return functions->persistent.create[FOR_TCP](first, count, POINTER(2));
    case FUNCTION_CreatePersistentUdpPortReservation: return functions->persistent.create[FOR_UDP](first, count, POINTER(2));
    case FUNCTION_DeletePersistentTcpPortReservation: return functions->persistent.remove[FOR_TCP](first, count);
    case FUNCTION_DeletePersistentUdpPortReservation: return functions->persistent.remove[FOR_UDP](first, count);
    case FUNCTION_LookupPersistentTcpPortReservation: return functions->persistent.lookup[FOR_TCP](first, count, POINTER(2));
    case FUNCTION_LookupPersistentUdpPortReservation: return functions->persistent.lookup[FOR_UDP](first, count, POINTER(2));
    default: return call_socket_function(functions, call);
    }
}

static uint64_t call_netsh(const struct windows_functions *functions, const struct native_call *call) {
    switch (call->function) {
    case FUNCTION_netsh_add_excludedportrange: return functions->netsh.add(DWORD_(0), DWORD_(1), DWORD_(2), DWORD_(3));
    case FUNCTION_netsh_delete_excludedportrange: return functions->netsh.remove(DWORD_(0), DWORD_(1), DWORD_(2), DWORD_(3));
    case FUNCTION_netsh_show_excludedportrange: return functions->netsh.show(DWORD_(0), DWORD_(1), DWORD_(2), POINTER(3));
    default: return call_persistent_function(functions, call);
    }
}

static uint64_t call_function(const struct windows_functions *functions, const struct native_call *call) {
    switch (call->function) {
    case FUNCTION_CreateEventW:
        return from_handle(functions->CreateEventW(POINTER(0), INT_(1), INT_(2), POINTER(3)));
    case FUNCTION_SetEvent: return from_int(functions->SetEvent(HANDLE_(0)));
    case FUNCTION_ResetEvent: return from_int(functions->ResetEvent(HANDLE_(0)));
    case FUNCTION_WaitForSingleObject: return functions->WaitForSingleObject(HANDLE_(0), DWORD_(1));
    case FUNCTION_SleepEx: return functions->SleepEx(DWORD_(0), INT_(1));
    case FUNCTION_CreateFileW: /* scenarios say the name alone; the rest can change nothing on the machine */
        return from_handle(functions->CreateFileW(POINTER(0), GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                                                  OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL));
    case FUNCTION_CloseHandle: return from_int(functions->CloseHandle(HANDLE_(0)));
    case FUNCTION_CreateProcess: return from_int(functions->start_program(call->arguments[0], INT_(1), DWORD_(2)));
    case FUNCTION_ImpersonateLoggedOnUser: return from_int(functions->ImpersonateLoggedOnUser(call->arguments[0]));
    case FUNCTION_RevertToSelf: return from_int(functions->RevertToSelf());
    default: return call_netsh(functions, call);
    }
}

bool native_call_succeeded(enum function function, uint64_t value) {
    switch (signature_of(function)->returns) {
    case RETURNS_STATUS:
    case RETURNS_ERROR: return value == 0;
    case RETURNS_SOCKET: return value != (uint64_t)INVALID_SOCKET;
    case RETURNS_COUNT: return value != UINT64_MAX;
    case RETURNS_HANDLE: return value != 0 && value != UINT64_MAX;
    case RETURNS_BOOL: return value != 0;
    case RETURNS_WAIT: return (uint32_t)value != WAIT_FAILED;
    case RETURNS_NUMBER: return true;
    default: break;
    }
    assert(!"a way of returning that signature.h lists");
    return false;
}

/* The local port of a socket, asked through the same stack. 0 when it has none to show. */
static uint16_t local_port(const struct windows_functions *functions, SOCKET socket) {
    SOCKADDR_STORAGE address;
    int length = sizeof address;
    memset(&address, 0, sizeof address);
    if (functions->getsockname(socket, (struct sockaddr *)&address, &length) != 0) return 0;
    /* The port stands at the same place in both families. */
    return load_u16_network((const uint8_t *)&address + 2);
}

void native_call(const struct windows_functions *functions, const struct native_call *call, struct native_answer *answer) {
    assert(functions != NULL);
    assert(call->function > FUNCTION_NONE && call->function < FUNCTION_COUNT);
    static __thread struct fault_guard guard;
    uint32_t before = call->function == FUNCTION_WSAGetLastError ? call->last_error : (uint32_t)POISON_LAST_ERROR;
    memset(answer, 0, sizeof *answer);
    if (FAULTS_GUARDED(&guard)) {
        SetLastError(before);
        answer->value = call_function(functions, call);
        answer->last_error = GetLastError();
        faults_disarm(&guard);
        if (answer->last_error == before) answer->last_error = ERROR_UNTOUCHED;
    } else {
        answer->fault = guard.code;
        answer->last_error = ERROR_UNTOUCHED;
        return;
    }
    /* A connect or a send that fails has bound the socket all the same, as a rule. */
    bool binds_anyway = call->function == FUNCTION_connect || call->function == FUNCTION_sendto;
    bool bound = call->function == FUNCTION_bind && native_call_succeeded(call->function, answer->value);
    if (binds_anyway || bound) answer->port = local_port(functions, SOCKET_(0));
}
