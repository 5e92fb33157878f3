/* TEST BUILD ONLY. The same table with the model behind it: real arguments become a call record, memory is looked at to
 * learn whether it is good, and the machine answers. */
#include "conformance/agent/functions.h"

#include <assert.h>
#include <string.h>

#include "conformance/agent/machine_model.h"

/* --- records from real arguments ---------------------------------------------------------------------------------- */

/* How many bytes can be read from an address on, at most `wanted`. */
static uint32_t bytes_there(uint64_t address, uint32_t wanted) {
    uint64_t end = address;
    while (end - address < wanted) {
        MEMORY_BASIC_INFORMATION region;
        if (VirtualQuery((const void *)(uintptr_t)end, &region, sizeof region) == 0) break;
        bool readable = region.State == MEM_COMMIT && (region.Protect & (PAGE_NOACCESS | PAGE_GUARD)) == 0;
        if (!readable) break;
        end = (uint64_t)(uintptr_t)region.BaseAddress + region.RegionSize;
    }
    return end - address < wanted ? (uint32_t)(end - address) : wanted;
}

static void begin_call(struct call *call, enum function function) {
    call_clear(call);
    call->function = (uint16_t)function;
}

static void put_range(struct call *call, unsigned argument, const void *pointer, uint32_t wanted) {
    assert(argument < CALL_ARGUMENTS_MAX);
    struct range *range = &call->ranges[argument];
    uint64_t address = (uint64_t)(uintptr_t)pointer;
    call->arguments[argument] = address;
    range->address = address;
    if (address == 0) {
        range->state = RANGE_NULL;
        return;
    }
    uint32_t there = bytes_there(address, wanted > 0 ? wanted : 1);
    range->state = there == 0 ? RANGE_BAD : there < wanted ? RANGE_PARTLY_BAD : RANGE_GOOD;
    range->length = there < wanted ? there : wanted;
}

/* A pointer to what the callee reads. */
static void put_input(struct call *call, unsigned argument, const void *pointer, uint32_t wanted) {
    put_range(call, argument, pointer, wanted);
    const struct range *range = &call->ranges[argument];
    if (range->state != RANGE_GOOD && range->state != RANGE_PARTLY_BAD) return;
    uint32_t room = CALL_BYTES_MAX - call->bytes_used;
    call_put_bytes(call, argument, pointer, range->length < room ? range->length : room);
}

static uint32_t size_behind(const int *size) {
    if (size == NULL || bytes_there((uint64_t)(uintptr_t)size, sizeof *size) < sizeof *size) return 0;
    int value;
    memcpy(&value, size, sizeof value);
    return value > 0 ? (uint32_t)value : 0;
}

static uint32_t not_negative(int size) { return size > 0 ? (uint32_t)size : 0; }
static uint64_t signed_number(int number) { return (uint64_t)(int64_t)number; }
static uint64_t handle_number(HANDLE handle) { return (uint64_t)(uintptr_t)handle; }

/* --- Winsock ---------------------------------------------------------------------------------------------------------- */

static int WSAAPI model_WSAStartup(WORD version, LPWSADATA data) {
    struct call call;
    begin_call(&call, FUNCTION_WSAStartup);
    call.arguments[0] = version;
    put_range(&call, 1, data, sizeof *data);
    return (int)machine_model_call(&call);
}

static int WSAAPI model_WSACleanup(void) {
    struct call call;
    begin_call(&call, FUNCTION_WSACleanup);
    return (int)machine_model_call(&call);
}

/* The last error is the real thread's: machine_model_call() keeps it there. */
static int WSAAPI model_WSAGetLastError(void) { return (int)GetLastError(); }

static SOCKET WSAAPI model_socket(int af, int type, int protocol) {
    struct call call;
    begin_call(&call, FUNCTION_socket);
    call.arguments[0] = signed_number(af);
    call.arguments[1] = signed_number(type);
    call.arguments[2] = signed_number(protocol);
    return (SOCKET)machine_model_call(&call);
}

_Static_assert(sizeof(WSAPROTOCOL_INFOW) == PROTOCOL_INFO_SIZE, "records describe the structure of Windows");

/* WSASocketA and WSASocketW. */
static SOCKET make_socket(enum function function, int af, int type, int protocol, const void *info, uint32_t info_size,
                          GROUP group, DWORD flags) {
    struct call call;
    begin_call(&call, function);
    call.arguments[0] = signed_number(af);
    call.arguments[1] = signed_number(type);
    call.arguments[2] = signed_number(protocol);
    put_input(&call, 3, info, info_size);
    call.arguments[4] = group;
    call.arguments[5] = flags;
    return (SOCKET)machine_model_call(&call);
}

static SOCKET WSAAPI model_WSASocketA(int af, int type, int protocol, LPWSAPROTOCOL_INFOA info, GROUP group, DWORD flags) {
    return make_socket(FUNCTION_WSASocketA, af, type, protocol, info, sizeof *info, group, flags);
}

static SOCKET WSAAPI model_WSASocketW(int af, int type, int protocol, LPWSAPROTOCOL_INFOW info, GROUP group, DWORD flags) {
    return make_socket(FUNCTION_WSASocketW, af, type, protocol, info, sizeof *info, group, flags);
}

static int WSAAPI model_WSADuplicateSocketW(SOCKET socket, DWORD process, LPWSAPROTOCOL_INFOW info) {
    struct call call;
    begin_call(&call, FUNCTION_WSADuplicateSocketW);
    call.arguments[0] = socket;
    call.arguments[1] = process;
    put_range(&call, 2, info, sizeof *info);
    return (int)machine_model_call(&call);
}

static int WSAAPI model_closesocket(SOCKET socket) {
    struct call call;
    begin_call(&call, FUNCTION_closesocket);
    call.arguments[0] = socket;
    return (int)machine_model_call(&call);
}

/* bind and connect. */
static int call_with_address(enum function function, SOCKET socket, const struct sockaddr *name, int length) {
    struct call call;
    begin_call(&call, function);
    call.arguments[0] = socket;
    put_input(&call, 1, name, not_negative(length));
    call.arguments[2] = signed_number(length);
    return (int)machine_model_call(&call);
}

static int WSAAPI model_bind(SOCKET socket, const struct sockaddr *name, int length) {
    return call_with_address(FUNCTION_bind, socket, name, length);
}

static int WSAAPI model_connect(SOCKET socket, const struct sockaddr *name, int length) {
    return call_with_address(FUNCTION_connect, socket, name, length);
}

static int WSAAPI model_sendto(SOCKET socket, const char *buffer, int length, int flags, const struct sockaddr *to,
                               int to_length) {
    struct call call;
    begin_call(&call, FUNCTION_sendto);
    call.arguments[0] = socket;
    put_input(&call, 4, to, not_negative(to_length)); /* first: a long buffer must not take its room in the record */
    put_input(&call, 1, buffer, not_negative(length));
    call.arguments[2] = signed_number(length);
    call.arguments[3] = signed_number(flags);
    call.arguments[5] = signed_number(to_length);
    return (int)machine_model_call(&call);
}

static int WSAAPI model_getsockname(SOCKET socket, struct sockaddr *name, int *length) {
    struct call call;
    begin_call(&call, FUNCTION_getsockname);
    call.arguments[0] = socket;
    put_range(&call, 1, name, size_behind(length));
    put_input(&call, 2, length, sizeof *length);
    return (int)machine_model_call(&call);
}

static int WSAAPI model_listen(SOCKET socket, int backlog) {
    struct call call;
    begin_call(&call, FUNCTION_listen);
    call.arguments[0] = socket;
    call.arguments[1] = signed_number(backlog);
    return (int)machine_model_call(&call);
}

static int WSAAPI model_ioctlsocket(SOCKET socket, LONG command, u_long *value) {
    struct call call;
    begin_call(&call, FUNCTION_ioctlsocket);
    call.arguments[0] = socket;
    call.arguments[1] = (uint32_t)command;
    put_input(&call, 2, value, sizeof *value);
    return (int)machine_model_call(&call);
}

static int WSAAPI model_getsockopt(SOCKET socket, int level, int name, char *value, int *length) {
    struct call call;
    begin_call(&call, FUNCTION_getsockopt);
    call.arguments[0] = socket;
    call.arguments[1] = signed_number(level);
    call.arguments[2] = signed_number(name);
    put_range(&call, 3, value, size_behind(length));
    put_input(&call, 4, length, sizeof *length);
    return (int)machine_model_call(&call);
}

static int WSAAPI model_setsockopt(SOCKET socket, int level, int name, const char *value, int length) {
    struct call call;
    begin_call(&call, FUNCTION_setsockopt);
    call.arguments[0] = socket;
    call.arguments[1] = signed_number(level);
    call.arguments[2] = signed_number(name);
    put_input(&call, 3, value, not_negative(length));
    call.arguments[4] = signed_number(length);
    return (int)machine_model_call(&call);
}

static int WSAAPI model_WSAIoctl(SOCKET socket, DWORD code, LPVOID in, DWORD in_length, LPVOID out, DWORD out_length,
                                 LPDWORD bytes, LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) {
    struct call call;
    begin_call(&call, FUNCTION_WSAIoctl);
    call.arguments[0] = socket;
    call.arguments[1] = code;
    put_input(&call, 2, in, in_length);
    call.arguments[3] = in_length;
    put_range(&call, 4, out, out_length);
    call.arguments[5] = out_length;
    put_range(&call, 6, bytes, sizeof *bytes);
    put_input(&call, 7, overlapped, OVERLAPPED_SIZE);
    put_range(&call, 8, (const void *)(uintptr_t)routine, 1);
    return (int)machine_model_call(&call);
}

static BOOL WSAAPI model_WSAGetOverlappedResult(SOCKET socket, LPWSAOVERLAPPED overlapped, LPDWORD bytes, BOOL wait,
                                                LPDWORD flags) {
    struct call call;
    begin_call(&call, FUNCTION_WSAGetOverlappedResult);
    call.arguments[0] = socket;
    put_input(&call, 1, overlapped, OVERLAPPED_SIZE);
    put_range(&call, 2, bytes, sizeof *bytes);
    call.arguments[3] = signed_number(wait);
    put_range(&call, 4, flags, sizeof *flags);
    return (BOOL)machine_model_call(&call);
}

/* --- Win32 -------------------------------------------------------------------------------------------------------------- */

static HANDLE WINAPI model_CreateEventW(LPSECURITY_ATTRIBUTES attributes, BOOL manual_reset, BOOL initial_state, LPCWSTR name) {
    struct call call;
    begin_call(&call, FUNCTION_CreateEventW);
    put_input(&call, 0, attributes, 1);
    call.arguments[1] = signed_number(manual_reset);
    call.arguments[2] = signed_number(initial_state);
    put_input(&call, 3, name, 1);
    return (HANDLE)(uintptr_t)machine_model_call(&call);
}

/* The functions whose one argument is a handle. */
static BOOL call_with_handle(enum function function, HANDLE handle) {
    struct call call;
    begin_call(&call, function);
    call.arguments[0] = handle_number(handle);
    return (BOOL)machine_model_call(&call);
}

static BOOL WINAPI model_SetEvent(HANDLE event) { return call_with_handle(FUNCTION_SetEvent, event); }
static BOOL WINAPI model_ResetEvent(HANDLE event) { return call_with_handle(FUNCTION_ResetEvent, event); }
static BOOL WINAPI model_CloseHandle(HANDLE handle) { return call_with_handle(FUNCTION_CloseHandle, handle); }

static DWORD WINAPI model_WaitForSingleObject(HANDLE handle, DWORD milliseconds) {
    struct call call;
    begin_call(&call, FUNCTION_WaitForSingleObject);
    call.arguments[0] = handle_number(handle);
    call.arguments[1] = milliseconds;
    return (DWORD)machine_model_call(&call);
}

static DWORD WINAPI model_SleepEx(DWORD milliseconds, BOOL alertable) {
    struct call call;
    begin_call(&call, FUNCTION_SleepEx);
    call.arguments[0] = milliseconds;
    call.arguments[1] = signed_number(alertable);
    return (DWORD)machine_model_call(&call);
}

/* The record holds the name as UTF-8 without a terminator, under the address of the wide one. */
static HANDLE WINAPI model_CreateFileW(LPCWSTR name, DWORD access, DWORD share, LPSECURITY_ATTRIBUTES attributes,
                                       DWORD disposition, DWORD flags, HANDLE template_file) {
    (void)access, (void)share, (void)attributes, (void)disposition, (void)flags, (void)template_file;
    struct call call;
    begin_call(&call, FUNCTION_CreateFileW);
    put_range(&call, 0, name, sizeof *name);
    if (call.ranges[0].state == RANGE_GOOD) {
        char text[CALL_BYTES_MAX + 1];
        int length = WideCharToMultiByte(CP_UTF8, 0, name, -1, text, sizeof text, NULL, NULL);
        call.ranges[0].length = length > 0 ? (uint32_t)length - 1 : 0;
        call_put_bytes(&call, 0, text, call.ranges[0].length);
    }
    return (HANDLE)(uintptr_t)machine_model_call(&call);
}

static BOOL WINAPI model_start_program(uint64_t child, BOOL inherits, uint32_t manifest) {
    struct call call;
    begin_call(&call, FUNCTION_CreateProcess);
    call.arguments[0] = child;
    call.arguments[1] = signed_number(inherits);
    call.arguments[2] = manifest;
    return (BOOL)machine_model_call(&call);
}

static BOOL WINAPI model_ImpersonateLoggedOnUser(uint64_t account) {
    struct call call;
    begin_call(&call, FUNCTION_ImpersonateLoggedOnUser);
    call.arguments[0] = account;
    return (BOOL)machine_model_call(&call);
}

static BOOL WINAPI model_RevertToSelf(void) {
    struct call call;
    begin_call(&call, FUNCTION_RevertToSelf);
    return (BOOL)machine_model_call(&call);
}

/* --- iphlpapi ---------------------------------------------------------------------------------------------------------- */

static ULONG model_block(enum function function, USHORT first, USHORT count, PULONG64 token, bool tells) {
    struct call call;
    begin_call(&call, function);
    call.arguments[0] = first;
    call.arguments[1] = count;
    if (tells) put_range(&call, 2, token, sizeof *token);
    return (ULONG)machine_model_call(&call);
}

#define BLOCK_FUNCTIONS(protocol) \
    static ULONG WINAPI model_create_##protocol(USHORT first, USHORT count, PULONG64 token) { \
        return model_block(FUNCTION_CreatePersistent##protocol##PortReservation, first, count, token, true); \
    } \
    static ULONG WINAPI model_remove_##protocol(USHORT first, USHORT count) { \
        return model_block(FUNCTION_DeletePersistent##protocol##PortReservation, first, count, NULL, false); \
    } \
    static ULONG WINAPI model_lookup_##protocol(USHORT first, USHORT count, PULONG64 token) { \
        return model_block(FUNCTION_LookupPersistent##protocol##PortReservation, first, count, token, true); \
    }
BLOCK_FUNCTIONS(Tcp)
BLOCK_FUNCTIONS(Udp)

/* --- netsh ------------------------------------------------------------------------------------------------------------- */

static ULONG change_exclusions(enum function function, uint32_t protocol, unsigned first, unsigned count, unsigned store) {
    struct call call;
    begin_call(&call, function);
    call.arguments[0] = protocol;
    call.arguments[1] = first;
    call.arguments[2] = count;
    call.arguments[3] = store;
    return (ULONG)machine_model_call(&call);
}

static ULONG model_netsh_add(uint32_t protocol, unsigned first, unsigned count, unsigned store) {
    return change_exclusions(FUNCTION_netsh_add_excludedportrange, protocol, first, count, store);
}

static ULONG model_netsh_remove(uint32_t protocol, unsigned first, unsigned count, unsigned store) {
    return change_exclusions(FUNCTION_netsh_delete_excludedportrange, protocol, first, count, store);
}

static ULONG model_netsh_show(uint32_t protocol, unsigned port, unsigned store, uint8_t *row) {
    struct call call;
    begin_call(&call, FUNCTION_netsh_show_excludedportrange);
    call.arguments[0] = protocol;
    call.arguments[1] = port;
    call.arguments[2] = store;
    put_range(&call, 3, row, NETSH_ROW_SIZE);
    return (ULONG)machine_model_call(&call);
}

static int event_state(HANDLE event) { return machine_model_event_state(handle_number(event)); }

static const struct windows_functions table = {
    .kind = "model",
    .processes_share_host = true,
    .WSAStartup = model_WSAStartup,
    .WSACleanup = model_WSACleanup,
    .WSAGetLastError = model_WSAGetLastError,
    .socket = model_socket,
    .WSASocketA = model_WSASocketA,
    .WSASocketW = model_WSASocketW,
    .WSADuplicateSocketW = model_WSADuplicateSocketW,
    .closesocket = model_closesocket,
    .bind = model_bind,
    .getsockname = model_getsockname,
    .listen = model_listen,
    .connect = model_connect,
    .sendto = model_sendto,
    .ioctlsocket = model_ioctlsocket,
    .getsockopt = model_getsockopt,
    .setsockopt = model_setsockopt,
    .WSAIoctl = model_WSAIoctl,
    .WSAGetOverlappedResult = model_WSAGetOverlappedResult,
    .CreateEventW = model_CreateEventW,
    .SetEvent = model_SetEvent,
    .ResetEvent = model_ResetEvent,
    .WaitForSingleObject = model_WaitForSingleObject,
    .SleepEx = model_SleepEx,
    .CreateFileW = model_CreateFileW,
    .CloseHandle = model_CloseHandle,
    .start_program = model_start_program,
    .ImpersonateLoggedOnUser = model_ImpersonateLoggedOnUser,
    .RevertToSelf = model_RevertToSelf,
    .persistent = { .create = { model_create_Tcp, model_create_Udp }, .remove = { model_remove_Tcp, model_remove_Udp },
                    .lookup = { model_lookup_Tcp, model_lookup_Udp } },
    .netsh = { .add = model_netsh_add, .remove = model_netsh_remove, .show = model_netsh_show },
    .begin = machine_model_begin,
    .end = machine_model_end,
    .process_starts = machine_model_process_starts,
    .process_ends = machine_model_process_ends,
    .enter = machine_model_enter,
    .event_state = event_state,
    .advance = machine_model_advance,
    .boot = machine_model_boot,
    .keep_store = machine_model_keep_store,
};

const struct windows_functions *windows_functions(void) { return &table; }
