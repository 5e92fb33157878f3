#include "stack/call/signature.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#define REQUIRED(name, kind) { name, kind, 0, false, 0 }
#define ORDINARY(name, kind, value) { name, kind, 0, true, value }
#define PAIRED(name, kind, pair, optional) { name, kind, pair, optional, 0 }

static const struct signature signatures[FUNCTION_COUNT] = {
    [FUNCTION_WSAStartup] = { "WSAStartup", FUNCTION_WSAStartup, RETURNS_ERROR, PRODUCT_NONE, 2,
        { ORDINARY("wVersionRequested", PARAMETER_U32, 0x0202), PAIRED("lpWSAData", PARAMETER_OUT, 1, true) } },
    [FUNCTION_WSACleanup] = { "WSACleanup", FUNCTION_WSACleanup, RETURNS_STATUS, PRODUCT_NONE, 0, { { 0 } } },
    [FUNCTION_WSAGetLastError] = { "WSAGetLastError", FUNCTION_WSAGetLastError, RETURNS_NUMBER, PRODUCT_NONE, 0, { { 0 } } },
    [FUNCTION_socket] = { "socket", FUNCTION_socket, RETURNS_SOCKET, PRODUCT_SOCKET, 3,
        { REQUIRED("af", PARAMETER_I32), REQUIRED("type", PARAMETER_I32), REQUIRED("protocol", PARAMETER_I32) } },
    [FUNCTION_WSASocketA] = { "WSASocketA", FUNCTION_WSASocketA, RETURNS_SOCKET, PRODUCT_SOCKET, 6,
        { REQUIRED("af", PARAMETER_I32), REQUIRED("type", PARAMETER_I32), REQUIRED("protocol", PARAMETER_I32),
          ORDINARY("lpProtocolInfo", PARAMETER_NULL, 0), ORDINARY("g", PARAMETER_U32, 0),
          ORDINARY("dwFlags", PARAMETER_U32, 0) } },
    [FUNCTION_WSASocketW] = { "WSASocketW", FUNCTION_WSASocketW, RETURNS_SOCKET, PRODUCT_SOCKET, 6,
        { REQUIRED("af", PARAMETER_I32), REQUIRED("type", PARAMETER_I32), REQUIRED("protocol", PARAMETER_I32),
          ORDINARY("lpProtocolInfo", PARAMETER_PROTOCOL_INFO, 0), ORDINARY("g", PARAMETER_U32, 0),
          ORDINARY("dwFlags", PARAMETER_U32, 0) } },
    [FUNCTION_WSADuplicateSocketW] = { "WSADuplicateSocketW", FUNCTION_WSADuplicateSocketW, RETURNS_STATUS,
        PRODUCT_PROTOCOL_INFO, 3,
        { REQUIRED("s", PARAMETER_HANDLE), REQUIRED("dwProcessId", PARAMETER_PROCESS),
          PAIRED("lpProtocolInfo", PARAMETER_OUT, 2, true) } },
    [FUNCTION_closesocket] = { "closesocket", FUNCTION_closesocket, RETURNS_STATUS, PRODUCT_NONE, 1,
        { REQUIRED("s", PARAMETER_HANDLE) } },
    [FUNCTION_bind] = { "bind", FUNCTION_bind, RETURNS_STATUS, PRODUCT_NONE, 3,
        { REQUIRED("s", PARAMETER_HANDLE), PAIRED("name", PARAMETER_ADDRESS, 2, false),
          PAIRED("namelen", PARAMETER_SIZE, 1, true) } },
    [FUNCTION_getsockname] = { "getsockname", FUNCTION_getsockname, RETURNS_STATUS, PRODUCT_ADDRESS, 3,
        { REQUIRED("s", PARAMETER_HANDLE), PAIRED("name", PARAMETER_ADDRESS_OUT, 2, true),
          PAIRED("namelen", PARAMETER_SIZE_POINTER, 1, true) } },
    [FUNCTION_listen] = { "listen", FUNCTION_listen, RETURNS_STATUS, PRODUCT_NONE, 2,
        { REQUIRED("s", PARAMETER_HANDLE), ORDINARY("backlog", PARAMETER_I32, 5) } },
    [FUNCTION_connect] = { "connect", FUNCTION_connect, RETURNS_STATUS, PRODUCT_NONE, 3,
        { REQUIRED("s", PARAMETER_HANDLE), PAIRED("name", PARAMETER_ADDRESS, 2, false),
          PAIRED("namelen", PARAMETER_SIZE, 1, true) } },
    [FUNCTION_sendto] = { "sendto", FUNCTION_sendto, RETURNS_COUNT, PRODUCT_NONE, 6,
        { REQUIRED("s", PARAMETER_HANDLE), PAIRED("buf", PARAMETER_IN, 2, false), PAIRED("len", PARAMETER_SIZE, 1, true),
          ORDINARY("flags", PARAMETER_I32, 0), PAIRED("to", PARAMETER_ADDRESS, 5, false),
          PAIRED("tolen", PARAMETER_SIZE, 4, true) } },
    [FUNCTION_ioctlsocket] = { "ioctlsocket", FUNCTION_ioctlsocket, RETURNS_STATUS, PRODUCT_VALUE, 3,
        { REQUIRED("s", PARAMETER_HANDLE), REQUIRED("cmd", PARAMETER_CODE), REQUIRED("argp", PARAMETER_FLAG_OUT) } },
    [FUNCTION_getsockopt] = { "getsockopt", FUNCTION_getsockopt, RETURNS_STATUS, PRODUCT_VALUE, 5,
        { REQUIRED("s", PARAMETER_HANDLE), REQUIRED("level", PARAMETER_I32), REQUIRED("optname", PARAMETER_I32),
          PAIRED("optval", PARAMETER_OUT, 4, true), PAIRED("optlen", PARAMETER_SIZE_POINTER, 3, true) } },
    [FUNCTION_setsockopt] = { "setsockopt", FUNCTION_setsockopt, RETURNS_STATUS, PRODUCT_NONE, 5,
        { REQUIRED("s", PARAMETER_HANDLE), REQUIRED("level", PARAMETER_I32), REQUIRED("optname", PARAMETER_I32),
          PAIRED("optval", PARAMETER_IN, 4, false), PAIRED("optlen", PARAMETER_SIZE, 3, true) } },
    [FUNCTION_WSAIoctl] = { "WSAIoctl", FUNCTION_WSAIoctl, RETURNS_STATUS, PRODUCT_OUTPUT, 9,
        { REQUIRED("s", PARAMETER_HANDLE), REQUIRED("code", PARAMETER_CODE),
          PAIRED("in", PARAMETER_IN, 3, true), PAIRED("cbIn", PARAMETER_SIZE, 2, true),
          PAIRED("out", PARAMETER_OUT, 5, true), PAIRED("cbOut", PARAMETER_SIZE, 4, true),
          ORDINARY("bytes", PARAMETER_COUNT_OUT, 1), ORDINARY("ov", PARAMETER_OVERLAPPED, 0),
          ORDINARY("routine", PARAMETER_ROUTINE, 0) } },
    [FUNCTION_WSAGetOverlappedResult] = { "WSAGetOverlappedResult", FUNCTION_WSAGetOverlappedResult, RETURNS_BOOL,
        PRODUCT_NONE, 5,
        { REQUIRED("s", PARAMETER_HANDLE), REQUIRED("ov", PARAMETER_OVERLAPPED),
          ORDINARY("bytes", PARAMETER_COUNT_OUT, 1), ORDINARY("wait", PARAMETER_BOOL, 0),
          ORDINARY("flags", PARAMETER_COUNT_OUT, 1) } },
    [FUNCTION_CreateEventW] = { "CreateEventW", FUNCTION_CreateEventW, RETURNS_HANDLE, PRODUCT_EVENT, 4,
        { ORDINARY("lpEventAttributes", PARAMETER_NULL, 0), ORDINARY("bManualReset", PARAMETER_BOOL, 1),
          ORDINARY("bInitialState", PARAMETER_BOOL, 0), ORDINARY("lpName", PARAMETER_NULL, 0) } },
    [FUNCTION_SetEvent] = { "SetEvent", FUNCTION_SetEvent, RETURNS_BOOL, PRODUCT_NONE, 1,
        { REQUIRED("hEvent", PARAMETER_HANDLE) } },
    [FUNCTION_ResetEvent] = { "ResetEvent", FUNCTION_ResetEvent, RETURNS_BOOL, PRODUCT_NONE, 1,
        { REQUIRED("hEvent", PARAMETER_HANDLE) } },
    [FUNCTION_WaitForSingleObject] = { "WaitForSingleObject", FUNCTION_WaitForSingleObject, RETURNS_WAIT, PRODUCT_NONE, 2,
        { REQUIRED("hHandle", PARAMETER_HANDLE), REQUIRED("dwMilliseconds", PARAMETER_MILLISECONDS) } },
    [FUNCTION_SleepEx] = { "SleepEx", FUNCTION_SleepEx, RETURNS_WAIT, PRODUCT_NONE, 2,
        { REQUIRED("dwMilliseconds", PARAMETER_MILLISECONDS), ORDINARY("bAlertable", PARAMETER_BOOL, 1) } },
    [FUNCTION_CreateFileW] = { "CreateFileW", FUNCTION_CreateFileW, RETURNS_HANDLE, PRODUCT_FILE, 1,
        { REQUIRED("lpFileName", PARAMETER_TEXT) } },
    [FUNCTION_CloseHandle] = { "CloseHandle", FUNCTION_CloseHandle, RETURNS_BOOL, PRODUCT_NONE, 1,
        { REQUIRED("hObject", PARAMETER_HANDLE) } },
    [FUNCTION_CreateProcess] = { "CreateProcess", FUNCTION_CreateProcess, RETURNS_BOOL, PRODUCT_NONE, 3,
        { ORDINARY("lpApplicationName", PARAMETER_CHILD, 0), ORDINARY("bInheritHandles", PARAMETER_BOOL, 0),
          ORDINARY("manifest", PARAMETER_MANIFEST, 0) } },
    [FUNCTION_ImpersonateLoggedOnUser] = { "ImpersonateLoggedOnUser", FUNCTION_ImpersonateLoggedOnUser, RETURNS_BOOL,
        PRODUCT_NONE, 1, { REQUIRED("hToken", PARAMETER_ACCOUNT) } },
    [FUNCTION_RevertToSelf] = { "RevertToSelf", FUNCTION_RevertToSelf, RETURNS_BOOL, PRODUCT_NONE, 0, { { 0 } } },
#define BLOCK_PARAMETERS REQUIRED("StartPort", PARAMETER_PORT), REQUIRED("NumberOfPorts", PARAMETER_U16)
#define TELLS_TOKEN(name) [FUNCTION_##name] = { #name, FUNCTION_##name, RETURNS_ERROR, PRODUCT_TOKEN, 3, \
        { BLOCK_PARAMETERS, ORDINARY("Token", PARAMETER_TOKEN_OUT, 1) } }
#define TELLS_NOTHING(name) [FUNCTION_##name] = { #name, FUNCTION_##name, RETURNS_ERROR, PRODUCT_NONE, 2, { BLOCK_PARAMETERS } }
    TELLS_TOKEN(CreatePersistentTcpPortReservation),
    TELLS_TOKEN(CreatePersistentUdpPortReservation),
    TELLS_NOTHING(DeletePersistentTcpPortReservation),
    TELLS_NOTHING(DeletePersistentUdpPortReservation),
    TELLS_TOKEN(LookupPersistentTcpPortReservation),
    TELLS_TOKEN(LookupPersistentUdpPortReservation),
#define CHANGES_EXCLUSIONS(name) [FUNCTION_##name] = { #name, FUNCTION_##name, RETURNS_ERROR, PRODUCT_NONE, 4, \
        { REQUIRED("protocol", PARAMETER_TRANSPORT), REQUIRED("startport", PARAMETER_PORT_NUMBER), \
          REQUIRED("numberofports", PARAMETER_U16), ORDINARY("store", PARAMETER_STORE, NETSH_PERSISTENT) } }
    CHANGES_EXCLUSIONS(netsh_add_excludedportrange),
    CHANGES_EXCLUSIONS(netsh_delete_excludedportrange),
    [FUNCTION_netsh_show_excludedportrange] = { "netsh_show_excludedportrange", FUNCTION_netsh_show_excludedportrange,
        RETURNS_ERROR, PRODUCT_NONE, 4,
        { REQUIRED("protocol", PARAMETER_TRANSPORT), REQUIRED("port", PARAMETER_PORT_NUMBER),
          ORDINARY("store", PARAMETER_STORE, NETSH_ACTIVE), ORDINARY("row", PARAMETER_ROW_OUT, 1) } },
};

const struct signature *signature_of(enum function function) {
    assert(function > FUNCTION_NONE);
    assert(function < FUNCTION_COUNT);
    return &signatures[function];
}

/* The first byte tells most names apart, before they are measured. */
static bool is_named(const char *candidate, const char *name, unsigned length) {
    return length > 0 && candidate[0] == name[0] && strlen(candidate) == length && memcmp(candidate, name, length) == 0;
}

const struct signature *signature_named(const char *name, unsigned length) {
    assert(name != NULL);
    for (unsigned i = 1; i < FUNCTION_COUNT; i++) {
        assert(signatures[i].function == i);
        if (is_named(signatures[i].name, name, length)) return &signatures[i];
    }
    return NULL;
}

int signature_parameter(const struct signature *signature, const char *name, unsigned length) {
    assert(signature != NULL);
    for (unsigned i = 0; i < signature->parameters_count; i++)
        if (is_named(signature->parameters[i].name, name, length)) return (int)i;
    return -1;
}
